import assert from 'node:assert/strict';
import { appendFile, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { decimal } from '../../../src/kucoin/decimal';
import { history } from '../../../src/transfers/history';
import { own } from '../../../src/transfers/intent';
import type { TransferJournal } from '../../../src/transfers/journal';
import { JournalError } from '../../../src/transfers/journal';
import type { JournalFile } from '../../../src/transfers/journalFile';
import { nodeJournalFile } from '../../../src/transfers/nodeJournalFile';
import { followers, type JournalEntry, type LegState } from '../../../src/transfers/records';
import { diskFull, MoodyFile, openJournal, startOfTime, TempFolder } from './support';

const folder = new TempFolder();
let file = '';

const nobody = { isAlive: () => false };

function entry(transfer: string, state: LegState): JournalEntry {
  const about = { transfer, leg: 0 } as const;
  const [from, to] = [own('main'), own('trade')];
  switch (state) {
    case 'planned':
      return {
        ...about,
        state,
        profile: { id: 'p1', name: 'Main "Ünïcode" \n line', environment: 'DEMO', world: 'today' },
        currency: 'USDT',
        amount: decimal('1.5'),
        from,
        to,
        legs: [{ endpoint: 'innerTransfer', clientOid: `oid-${transfer}`, from, to, body: '{}' }],
        available: {},
      };
    case 'sent':
      return { ...about, state, exchangeTime: startOfTime, attempt: 1, available: { from: decimal('9') } };
    case 'accepted':
      return { ...about, state, applyId: `apply-${transfer}`, status: 'PROCESSING' };
    case 'settled':
      return { ...about, state, by: 'reply', orderId: `order-${transfer}` };
    case 'rejected':
    case 'unknown':
      return { ...about, state, error: { kind: 'network', detail: 'ECONNRESET' } };
    case 'notExecuted':
      return { ...about, state, by: 'evidence' };
    case 'leftToUser':
      return { ...about, state, verdict: 'happened', note: 'seen' };
  }
}

async function write(journal: TransferJournal, transfer: string, ...states: LegState[]): Promise<void> {
  for (const state of states) await journal.append(entry(transfer, state));
}

function statesIn(journal: TransferJournal): Record<string, LegState | undefined> {
  return Object.fromEntries(journal.ids().map((id) => [id, journal.transfer(id)?.states[0]]));
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** Hooks of one group of tests; at the root they would run for the tests of other files too. */
function fresh(): void {
  beforeEach(async () => {
    await folder.make();
    file = folder.path('journal');
  });
  afterEach(() => folder.remove());
}

describe('journal: the file', () => {
  fresh();
  it('is not made before something is written', async () => {
    await openJournal(file);
    assert.deepEqual(await folder.files(), []);
  });

  it('begins with its format and version and has one JSON record per line', async () => {
    await write(await openJournal(file), 't1', 'planned', 'sent', 'settled');
    const parsed = lines(await readFile(file, 'utf8')).map(
      (line) => JSON.parse(line) as Record<string, unknown>,
    );
    assert.deepEqual(
      parsed.map(({ format, version, transfer, state }) => [format ?? transfer, version ?? state]),
      [
        ['kucoin-accounts transfers', 1],
        ['t1', 'planned'],
        ['t1', 'sent'],
        ['t1', 'settled'],
      ],
    );
    for (const { sum } of parsed) assert.match(String(sum), /^[0-9a-f]{8}$/);
  });

  it('is readable by its owner only', async function () {
    if (process.platform === 'win32') return this.skip();
    await write(await openJournal(file), 't1', 'planned');
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it('makes missing folders', async () => {
    const deep = folder.path('a/b/journal');
    await write(await openJournal(deep), 't1', 'planned');
    assert.deepEqual(statesIn(await openJournal(deep)), { t1: 'planned' });
  });

  it('is made once per record by one write that is flushed', async () => {
    const disk = new MoodyFile(nodeJournalFile(file));
    await write(await openJournal(disk), 't1', 'planned', 'sent', 'settled');
    assert.equal(disk.appends, 3);
  });

  it('of a newer version is not touched', async () => {
    const journal = await openJournal(file);
    await write(journal, 't1', 'planned');
    const { encodeHeader } = await import('../../../src/transfers/journalFormat');
    const { crc32 } = await import('node:zlib');
    const body = encodeHeader().slice(17).replace('"version":1', '"version":2');
    const text = `{"sum":"${crc32(body).toString(16).padStart(8, '0')}"${body}`;
    await writeFile(file, text);
    await assert.rejects(openJournal(file), (error) => JournalError.is(error, 'newerVersion'));
    assert.equal(await readFile(file, 'utf8'), text);
  });

  it('that is taken away while a window runs is begun anew, and the window forgets nothing', async () => {
    const journal = await openJournal(file);
    await write(journal, 't1', 'planned', 'sent', 'unknown');
    await rm(file);
    await write(journal, 't2', 'planned');
    assert.deepEqual(statesIn(journal), { t1: 'unknown', t2: 'planned' });
    assert.match(lines(await readFile(file, 'utf8'))[0]!, /"version":1/);
    assert.deepEqual(statesIn(await openJournal(file)), { t2: 'planned' });
  });
});

describe('journal: states', () => {
  fresh();
  const all = Object.keys(followers) as LegState[];
  const paths: Partial<Record<LegState, LegState[]>> = {
    planned: ['planned'],
    sent: ['planned', 'sent'],
    accepted: ['planned', 'sent', 'accepted'],
    settled: ['planned', 'sent', 'settled'],
    rejected: ['planned', 'rejected'],
    unknown: ['planned', 'sent', 'unknown'],
    notExecuted: ['planned', 'sent', 'unknown', 'notExecuted'],
    leftToUser: ['planned', 'sent', 'unknown', 'leftToUser'],
  };
  const legal = new Set(
    'planned>sent planned>rejected sent>sent sent>accepted accepted>settled accepted>notExecuted accepted>leftToUser unknown>accepted notExecuted>settled sent>settled sent>rejected sent>unknown unknown>settled unknown>notExecuted unknown>leftToUser leftToUser>leftToUser leftToUser>settled leftToUser>notExecuted'.split(
      ' ',
    ),
  );
  for (const from of all) {
    for (const to of all) {
      const allowed = legal.has(`${from}>${to}`);
      it(`${from} -> ${to} is ${allowed ? 'taken' : 'refused'}`, async () => {
        const journal = await openJournal(file);
        await write(journal, 't1', ...paths[from]!);
        const before = await readFile(file, 'utf8');
        if (allowed) {
          await journal.append(entry('t1', to));
          assert.equal(journal.transfer('t1')?.states[0], to);
        } else {
          await assert.rejects(journal.append(entry('t1', to)), (error) => JournalError.is(error, 'illegal'));
          await assert.rejects(journal.appendResult(entry('t1', to)), (error) =>
            JournalError.is(error, 'illegal'),
          );
          assert.equal(await readFile(file, 'utf8'), before);
        }
      });
    }
  }

  it('begins with planned only', async () => {
    const journal = await openJournal(file);
    for (const state of all.filter((name) => name !== 'planned')) {
      await assert.rejects(journal.append(entry('t1', state)), (error) => JournalError.is(error, 'illegal'));
    }
  });

  it('never leaves the legal ones, whatever is tried, in two windows', async () => {
    const attempt = fc.record({
      window: fc.nat({ max: 1 }),
      transfer: fc.constantFrom('a', 'b', 'c'),
      state: fc.constantFrom(...all),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(attempt, { maxLength: 30 }), async (attempts) => {
        const shared = folder.path(`journal-${++run}`);
        const windows = [await openJournal(shared, 'w0'), await openJournal(shared, 'w1')];
        const model = new Map<string, LegState>();
        for (const { window, transfer, state } of attempts) {
          const before = model.get(transfer);
          const expected = before === undefined ? state === 'planned' : legal.has(`${before}>${state}`);
          const taken = await windows[window]!.append(entry(transfer, state)).then(
            () => true,
            () => false,
          );
          assert.equal(taken, expected, `${before ?? 'nothing'} -> ${state}`);
          if (taken) model.set(transfer, state);
        }
        assert.deepEqual(statesIn(await openJournal(shared, 'w2')), Object.fromEntries(model));
      }),
      { numRuns: 40 },
    );
  });
});

describe('journal: killed at any byte', () => {
  fresh();
  it('keeps every whole record, sets the torn one aside, and goes on behind it', async () => {
    const journal = await openJournal(file);
    await write(journal, 't1', 'planned', 'sent', 'settled');
    const whole = await readFile(file);
    const all = new Set(lines(whole.toString('utf8')));

    async function tryCut(cut: number): Promise<void> {
      const torn = folder.path(`torn-${cut}`);
      const left = whole.subarray(0, cut);
      await writeFile(torn, left);
      const found = lines(left.toString('utf8'));
      const rest = found.filter((line) => !all.has(line));

      const reopened = await openJournal(torn, 'window-2');
      const held = reopened.ids().flatMap((id) => reopened.transfer(id)!.records);
      const kept = found.filter((line) => all.has(line) && line.includes('"state"'));
      assert.equal(held.length, kept.length, `cut at ${cut}`);
      assert.equal(reopened.damage.length, rest.length, `cut at ${cut}`);
      for (const { file: name } of reopened.damage) assert.equal(await folder.read(name!), rest[0]);

      await write(reopened, 't3', 'planned');
      const again = await openJournal(torn, 'window-3');
      assert.equal(statesIn(again)['t3'], 'planned', `cut at ${cut}`);
      assert.equal(again.damage.length, 0, `cut at ${cut}: reported once`);
    }

    const cuts = Array.from({ length: whole.length + 1 }, (_, cut) => cut);
    while (cuts.length > 0) await Promise.all(cuts.splice(0, 32).map(tryCut));
  });

  it('does not glue the next record to a tail that tears while the window is open', async () => {
    const journal = await openJournal(file);
    await write(journal, 't1', 'planned');
    await appendFile(file, '\n{"sum":"12345678","transfer":"t9","le');
    await write(journal, 't1', 'sent');
    const again = await openJournal(file, 'window-2');
    assert.deepEqual(statesIn(again), { t1: 'sent' });
  });

  it('reports a tail that another process tore as soon as something stands behind it', async () => {
    const journal = await openJournal(file);
    await write(journal, 't1', 'planned');
    await appendFile(file, '\n{"sum":"12345678","transfer":"t9","le');
    await journal.refresh();
    assert.equal(journal.damage.length, 0, 'it may still be under way');
    await write(journal, 't1', 'sent');
    await journal.refresh();
    assert.equal(journal.damage.length, 1);
  });

  it('never takes the unfinished write of a living window for damage', async () => {
    const journal = await openJournal(file);
    await write(journal, 't1', 'planned');
    const start = (await stat(file)).size;
    await write(journal, 't1', 'sent');
    const whole = await readFile(file);
    await truncate(file, start + 20);
    const other = nodeJournalFile(file);
    let finished = false;
    const racing: JournalFile = {
      ...other,
      append: async (bytes) => {
        // The write under way ends before any other write to the same file begins.
        if (!finished) await appendFile(file, whole.subarray(start + 20));
        finished = true;
        return other.append(bytes);
      },
    };
    const reader = await openJournal(racing, 'window-2');
    assert.deepEqual(statesIn(reader), { t1: 'sent' });
    assert.equal(reader.damage.length, 0);
  });
});

describe('journal: damage anywhere', () => {
  fresh();
  it('loses at most the touched lines, keeps a copy of them, and reports them once', async () => {
    const journal = await openJournal(file);
    for (const id of ['t1', 't2', 't3']) await write(journal, id, 'planned', 'sent', 'settled');
    const whole = await readFile(file);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        async (flips) => {
          const bytes = Buffer.from(whole);
          for (const [at, mask] of flips) bytes[at]! ^= mask;
          const damaged = folder.path(`damaged-${++run}`);
          await writeFile(damaged, bytes);
          const intact = new Set(whole.toString('latin1').split('\n'));
          const found = bytes.toString('latin1').split('\n');
          const reopened = await openJournal(damaged, 'window-2');
          const held = reopened.ids().flatMap((id) => reopened.transfer(id)!.records);
          assert.equal(
            held.length,
            found.filter((line) => line.includes('"state"') && intact.has(line)).length,
          );
          assert.equal(reopened.damage.length, found.filter((line) => !intact.has(line)).length);
          assert.equal((await openJournal(damaged, 'window-3')).damage.length, 0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('that is no text at all is set aside and does not stop the next transfer', async () => {
    await writeFile(file, Buffer.from([0, 255, 10, 10, 13, 0xc3, 0x28, 123]));
    const journal = await openJournal(file);
    assert.ok(journal.damage.length > 0);
    await write(journal, 't1', 'planned');
    assert.deepEqual(statesIn(await openJournal(file, 'window-2')), { t1: 'planned' });
  });

  it('is reported even when no copy can be written', async () => {
    await writeFile(file, 'garbage\n');
    const inner = nodeJournalFile(file);
    const journal = await openJournal({ ...inner, setAside: () => Promise.reject(diskFull()) });
    assert.deepEqual(journal.damage, [{ offset: 0, length: 7 }]);
  });
});

describe('journal: several windows', () => {
  fresh();
  it('holds every record of both, whatever the order of their appends', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat({ max: 1 }), { minLength: 2, maxLength: 16 }),
        async (scheduler, plan) => {
          const shared = folder.path(`shared-${++run}`);
          const real = nodeJournalFile(shared);
          const slow: JournalFile = {
            size: scheduler.scheduleFunction(() => real.size()),
            read: scheduler.scheduleFunction((offset: number) => real.read(offset)),
            append: scheduler.scheduleFunction((bytes: Buffer) => real.append(bytes)),
            setAside: (bytes) => real.setAside(bytes),
          };
          const opened = Promise.all([openJournal(slow, 'w0'), openJournal(slow, 'w1')]);
          const work = opened.then((windows) =>
            Promise.all(
              plan.map((window, index) => write(windows[window]!, `t${index}`, 'planned', 'sent', 'settled')),
            ),
          );
          await scheduler.waitFor(work);
          const windows = await opened;
          const all = Object.fromEntries(plan.map((_window, index) => [`t${index}`, 'settled']));
          const sorted = (journal: TransferJournal): [string, LegState | undefined][] =>
            Object.entries(statesIn(journal)).sort();
          for (const journal of windows) {
            await scheduler.waitFor(journal.refresh());
            assert.deepEqual(sorted(journal), Object.entries(all).sort());
          }
          const fresh = await openJournal(shared, 'w2');
          assert.deepEqual(sorted(fresh), Object.entries(all).sort());
          assert.equal(fresh.damage.length, 0);
          for (const id of fresh.ids()) assert.equal(fresh.transfer(id)?.records.length, 3);
          const ids = fresh.ids().flatMap((id) => fresh.transfer(id)!.records.map((record) => record.id));
          assert.equal(new Set(ids).size, ids.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('agree on the further state when both write at the same moment', async () => {
    await write(await openJournal(file, 'w0'), 't1', 'planned', 'sent', 'unknown');
    const first = await openJournal(file, 'w1');
    const late: MoodyFile = new MoodyFile(nodeJournalFile(file));
    const second = await openJournal(late, 'w2');
    let race: Promise<void> | undefined;
    late.onAppend = () => {
      race ??= first.append(entry('t1', 'settled'));
    };
    await Promise.allSettled([second.append(entry('t1', 'leftToUser'))]);
    await race;
    assert.equal(statesIn(await openJournal(file, 'w3'))['t1'], 'settled');
  });
});

describe('journal: a disk that refuses', () => {
  fresh();
  it('a record that is not written does not count', async () => {
    const disk = new MoodyFile(nodeJournalFile(file));
    const journal = await openJournal(disk);
    disk.onAppend = () => {
      throw diskFull();
    };
    await assert.rejects(journal.append(entry('t1', 'planned')), (error) =>
      JournalError.is(error, 'diskFull'),
    );
    assert.deepEqual(journal.ids(), []);
    disk.onAppend = () => undefined;
    await write(journal, 't1', 'planned');
  });

  it('says which code the system gave', async () => {
    await writeFile(folder.path('plain'), '');
    const journal = await openJournal(folder.path('plain/journal'));
    await assert.rejects(
      journal.append(entry('t1', 'planned')),
      (error) => JournalError.is(error, 'io') && error.message === 'ENOTDIR',
    );
  });

  it('a result counts all the same, in its order', async () => {
    const disk = new MoodyFile(nodeJournalFile(file));
    const journal = await openJournal(disk);
    for (const id of ['t1', 't2']) await write(journal, id, 'planned', 'sent');
    disk.onAppend = () => {
      throw diskFull();
    };
    assert.equal((await journal.appendResult(entry('t1', 'settled')))?.code, 'diskFull');
    assert.equal((await journal.appendResult(entry('t2', 'unknown')))?.code, 'diskFull');
    assert.equal(journal.unwritten, 2);
    assert.deepEqual(
      history(journal, nobody).map(({ state }) => state),
      ['unknown', 'settled'],
    );
    disk.onAppend = () => undefined;
    await write(journal, 't3', 'planned');
    assert.deepEqual(statesIn(await openJournal(file, 'w2')), {
      t1: 'settled',
      t2: 'unknown',
      t3: 'planned',
    });
  });

  it('that takes a part of a line only leaves a torn line and a clean next one', async () => {
    const journal = await openJournal(file);
    await write(journal, 't1', 'planned');
    const real = nodeJournalFile(file);
    let full = true;
    const partly: JournalFile = {
      ...real,
      append: async (bytes) => {
        if (!full) return real.append(bytes);
        await appendFile(file, bytes.subarray(0, 40));
        throw diskFull();
      },
    };
    const second = await openJournal(partly, 'w2');
    await assert.rejects(second.append(entry('t1', 'sent')));
    full = false;
    await write(second, 't1', 'sent', 'settled');
    const again = await openJournal(file, 'w3');
    assert.deepEqual(statesIn(again), { t1: 'settled' });
  });
});
