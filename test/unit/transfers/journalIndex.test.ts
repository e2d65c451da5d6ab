import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import fc from 'fast-check';
import { decimal } from '../../../src/kucoin/decimal';
import { own } from '../../../src/transfers/intent';
import { TransferJournal } from '../../../src/transfers/journal';
import type { JournalFile } from '../../../src/transfers/journalFile';
import { decodeIndex, encodeIndex } from '../../../src/transfers/journalIndex';
import { nodeJournalFile } from '../../../src/transfers/nodeJournalFile';
import type { JournalEntry } from '../../../src/transfers/records';
import { MemoryFile, openJournal, startOfTime, TempFolder } from './support';

const [main, trade] = [own('main'), own('trade')];

function entry(transfer: string, state: 'planned' | 'sent' | 'settled' | 'unknown', leg = 0): JournalEntry {
  const about = { transfer, leg } as const;
  switch (state) {
    case 'planned':
      return {
        ...about,
        state,
        profile: { id: 'p1', name: 'Haupt \u00fc \n', environment: 'DEMO', world: 'today' },
        currency: 'USDT',
        amount: decimal('1.5'),
        from: main,
        to: trade,
        legs: [0, 1].map(() => ({ endpoint: 'innerTransfer', from: main, to: trade, body: '{}' }) as const),
        available: {},
      };
    case 'sent':
      return { ...about, state, exchangeTime: startOfTime, attempt: 1, available: {} };
    case 'settled':
      return { ...about, state, by: 'reply', orderId: `order-${transfer}` };
    case 'unknown':
      return { ...about, state, error: { kind: 'network' } };
  }
}

function batch(id: string): JournalEntry {
  const rows = [{ currency: 'USDT', amount: decimal('1'), from: main, to: trade }];
  return { transfer: id, leg: 0, state: 'batch', kind: 'collect', profileId: 'p1', rows };
}

function open(file: JournalFile, indexStep = 1): Promise<TransferJournal> {
  return TransferJournal.open(file, { writer: 'window', now: () => startOfTime, indexStep });
}

/** Opened, and its index saved. */
async function openAndSave(file: JournalFile, indexStep?: number): Promise<TransferJournal> {
  const journal = await open(file, indexStep);
  await journal.refresh();
  return journal;
}

/** Everything that a journal says. */
function sayings(journal: TransferJournal): unknown {
  return {
    ids: journal.ids(),
    undecided: journal.undecidedIds().sort(),
    transfers: journal.ids().map((id) => {
      const { states, records } = journal.transfer(id) ?? {};
      return { states: [...(states ?? [])], records };
    }),
    batches: journal.batchIds().map((id) => journal.batch(id)),
    damage: journal.damage.map(({ offset, length }) => ({ offset, length })),
  };
}

async function write(journal: TransferJournal, ...entries: JournalEntry[]): Promise<void> {
  for (const one of entries) await journal.append(one);
}

/** A journal in which all kinds of ends occur, with the index of its first part. */
async function sample(): Promise<MemoryFile> {
  const file = new MemoryFile();
  const first = await open(file);
  await write(first, entry('t1', 'planned'), entry('t1', 'sent'), entry('t1', 'settled'));
  await write(first, batch('b1'), entry('t2', 'planned'), entry('t2', 'sent'), entry('t2', 'unknown'));
  await write(first, entry('t3', 'planned'), entry('t3', 'sent'));
  await openAndSave(file);
  await write(first, entry('t3', 'settled'), entry('t3', 'sent', 1), entry('t4', 'planned'), batch('b2'));
  return file;
}

/** Opened without the help of an index. */
async function plainly(bytes: Buffer): Promise<unknown> {
  const file = new MemoryFile({ bytes });
  file.refuses = true;
  return sayings(await open(file));
}

describe('journal: its index', () => {
  it('says the same as the lines, whoever wrote them and whenever it was saved', async () => {
    const step = fc.record({
      window: fc.nat(1),
      kind: fc.constantFrom('plan', 'sent', 'settled', 'unknown', 'second leg', 'batch', 'tear', 'reopen'),
      which: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const file = new MemoryFile();
        const windows = [await open(file), await open(file)];
        for (const { window, kind, which } of steps) {
          const id = `t${which}`;
          const made =
            kind === 'plan'
              ? entry(id, 'planned')
              : kind === 'second leg'
                ? entry(id, 'sent', 1)
                : kind === 'batch'
                  ? batch(`b${which}`)
                  : kind === 'tear' || kind === 'reopen'
                    ? undefined
                    : entry(id, kind);
          if (made) await windows[window]?.append(made).catch(() => undefined);
          else if (kind === 'tear') await file.append(Buffer.from('\n{"sum":"torn'));
          else windows[window] = await openAndSave(file);
          const expected = await plainly(file.bytes);
          const copy = new MemoryFile({ bytes: file.bytes, saved: file.saved });
          assert.deepEqual(sayings(await open(copy)), expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('torn or flipped at any byte counts for nothing', async () => {
    const { bytes, saved } = await sample();
    assert.ok(saved);
    const expected = await plainly(bytes);
    for (let at = 0; at < saved.length; at++) {
      const flipped = flippedAt(saved, at);
      for (const harmed of [saved.subarray(0, at), flipped]) {
        assert.equal(await decodedOrNot(harmed, bytes), undefined, `byte ${at}`);
        assert.deepEqual(sayings(await open(new MemoryFile({ bytes, saved: harmed }))), expected);
      }
    }
  });

  it('hides no damage of the journal, at whichever byte', async () => {
    const { bytes, saved } = await sample();
    for (let at = 0; at < bytes.length; at++) {
      const flipped = flippedAt(bytes, at);
      for (const harmed of [bytes.subarray(0, at), flipped]) {
        const file = new MemoryFile({ bytes: harmed, saved });
        const bare = new MemoryFile({ bytes: harmed });
        bare.refuses = true;
        const [journal, expected] = [await open(file), await open(bare)];
        assert.deepEqual(sayings(journal), sayings(expected), `byte ${at}`);
        assert.deepEqual(file.asides, bare.asides, `byte ${at}`);
      }
    }
  });

  it('is not saved while no line of the journal tells of damage, and leaves it out afterwards', async () => {
    const file = await sample();
    const { saved } = file;
    file.bytes = Buffer.concat([Buffer.from('\nwhat is this'), file.bytes]);
    const finder = await openAndSave(file);
    assert.deepEqual(
      finder.damage.map(({ offset, length }) => [offset, length]),
      [[1, 12]],
    );
    assert.equal(file.saved, saved);
    await openAndSave(file);
    assert.notEqual(file.saved, saved);
    const later = await open(file);
    assert.deepEqual(later.damage, []);
    assert.deepEqual(later.ids(), finder.ids());
  });

  it('takes in what an older version, which knows of none, has written since', async () => {
    const file = await sample();
    const old = new MemoryFile({ bytes: file.bytes });
    const oldWindow = await TransferJournal.open(
      {
        size: () => old.size(),
        read: (n) => old.read(n),
        append: (b) => old.append(b),
        setAside: () => Promise.resolve(''),
      },
      { writer: 'old', now: () => startOfTime },
    );
    await write(oldWindow, entry('t2', 'settled'), entry('t5', 'planned'));
    const journal = await open(new MemoryFile({ bytes: old.bytes, saved: file.saved }));
    assert.deepEqual(journal.transfer('t2')?.states, ['settled']);
    assert.deepEqual(journal.undecidedIds().sort(), ['t3', 't4', 't5']);
    await assert.rejects(journal.append(entry('t5', 'planned')), { code: 'illegal' });
    await assert.rejects(journal.append(entry('t1', 'sent')), { code: 'illegal' });
  });

  it('of another journal of the same length counts for nothing', async () => {
    const [one, other] = [new MemoryFile(), new MemoryFile()];
    await write(await open(one), entry('t1', 'planned'), entry('t1', 'sent'));
    await write(await open(other), entry('t2', 'planned'), entry('t2', 'sent'));
    await openAndSave(one);
    assert.equal(one.bytes.length, other.bytes.length);
    const journal = await open(new MemoryFile({ bytes: other.bytes, saved: one.saved }));
    assert.deepEqual(journal.ids(), ['t2']);
  });

  it('is what an opening goes by, and no transfer of it is read before somebody asks', async () => {
    const file = await sample();
    assert.ok(file.saved);
    const index = decodeIndex(file.saved, file.bytes);
    assert.ok(index);
    // An index that no journal ever saves: without the first transfer.
    const ids = ['nobody', ...index.ids.slice(1)];
    const journal = await open(
      new MemoryFile({ bytes: file.bytes, saved: encodeIndex({ ...index, ids }, file.bytes) }),
    );
    assert.deepEqual(journal.ids(), ['nobody', 't2', 't3', 't4']);
    assert.deepEqual(journal.transfer('t2')?.states, ['unknown']);
    // What is wrong about it is found, never believed.
    assert.throws(() => journal.transfer('nobody'), { code: 'io' });
  });

  it('is saved only when much has to be checked', async () => {
    const file = new MemoryFile();
    const journal = await open(file);
    for (let n = 0; n < 20; n++) await write(journal, entry(`t${n}`, 'planned'));
    const half = file.bytes.length;
    await openAndSave(file, half + 1);
    assert.equal(file.saved, undefined);
    await openAndSave(file, half);
    const { saved } = file;
    assert.ok(saved);
    for (let n = 20; n < 30; n++) await write(journal, entry(`t${n}`, 'planned'));
    await openAndSave(file, half);
    assert.equal(file.saved, saved);
    for (let n = 30; n < 41; n++) await write(journal, entry(`t${n}`, 'planned'));
    await openAndSave(file, half);
    assert.notEqual(file.saved, saved);
  });

  it('that cannot be saved or read disturbs nobody', async () => {
    const file = await sample();
    file.refuses = true;
    file.index.read = () => Promise.reject(new Error('no'));
    const journal = await openAndSave(file);
    assert.deepEqual(sayings(journal), await plainly(file.bytes));
    await write(journal, entry('t6', 'planned'));
  });

  it('survives a journal that is taken away while the window runs', async () => {
    const file = await sample();
    const journal = await open(file);
    const before = sayings(journal);
    file.bytes = Buffer.alloc(0);
    await journal.refresh();
    assert.deepEqual(sayings(journal), before);
  });
});

function flippedAt(bytes: Buffer, at: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped.writeUInt8(flipped.readUInt8(at) ^ 0x10, at);
  return flipped;
}

async function decodedOrNot(saved: Buffer, journal: Buffer): Promise<unknown> {
  return Promise.resolve()
    .then(() => decodeIndex(saved, journal))
    .catch(() => undefined);
}

describe('journal: its index on a disk', () => {
  const folder = new TempFolder();
  beforeEach(() => folder.make());
  afterEach(() => folder.remove());

  it('stands beside the journal, for its owner only, and is used by the next window', async function () {
    const path = folder.path('journal');
    await write(await openJournal(path), entry('t1', 'planned'), entry('t1', 'sent'), entry('t1', 'settled'));
    await openAndSave(nodeJournalFile(path));
    assert.deepEqual(await folder.files(), ['journal', 'journal.index']);
    const index = decodeIndex(await readFile(`${path}.index`), await readFile(path));
    assert.deepEqual(index?.ids, ['t1']);
    assert.deepEqual((await open(nodeJournalFile(path))).transfer('t1')?.states, ['settled']);
    if (process.platform !== 'win32') assert.equal((await stat(`${path}.index`)).mode & 0o777, 0o600);
  });
});
