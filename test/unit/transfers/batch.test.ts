import assert from 'node:assert/strict';
import { decimal } from '../../../src/kucoin/decimal';
import {
  batchState,
  executeBatch,
  giveUpBatch,
  planBatch,
  resumeBatch,
  unfinishedBatches,
  type BatchOptions,
  type BatchPlan,
  type BatchWishes,
} from '../../../src/transfers/batch';
import type { JournalFile } from '../../../src/transfers/journalFile';
import { nodeJournalFile } from '../../../src/transfers/nodeJournalFile';
import { ofSub, own, type Intent } from '../../../src/transfers/intent';
import type { TransferJournal } from '../../../src/transfers/journal';
import {
  diskFull,
  FakeExchange,
  failed,
  idSource,
  intent,
  MoodyFile,
  openJournal,
  planFacts,
  reply,
  startOfTime,
  TempFolder,
} from './support';

const folder = new TempFolder();
let newId: () => string;
let exchange: FakeExchange;
let journal: TransferJournal;
const dead = { isAlive: () => false };

function subId(n: number): string {
  return `65aa0000000000000000b${String(n).padStart(3, '0')}`;
}

function collect(n: number): Intent {
  return intent({ from: ofSub(subId(n), 'main'), to: own('main'), amount: decimal(`${n}.5`) });
}

function wishes(count: number): BatchWishes {
  return { kind: 'collect', rows: Array.from({ length: count }, (_, n) => ({ intent: collect(n + 1) })) };
}

function batchOf(wanted: BatchWishes): BatchPlan {
  const { profile } = planFacts();
  return planBatch(wanted, () => planFacts({ newId, transferable: undefined }), {
    id: newId(),
    now: startOfTime,
    profile,
  });
}

function run(batch: BatchPlan, more: Partial<BatchOptions> = {}): ReturnType<typeof executeBatch> {
  return executeBatch({
    batch,
    client: exchange.client,
    journal,
    confirm: () => Promise.resolve(true),
    now: () => startOfTime,
    profileNow: () => ({ generation: 1, readOnly: false }),
    ...dead,
    ...more,
  });
}

/** A disk that takes no time: three flushes a row would be all that is measured. */
function inMemory(): JournalFile {
  const bytes = Buffer.alloc(16_000_000);
  let size = 0;
  return {
    size: () => Promise.resolve(size),
    read: (offset) => Promise.resolve(Buffer.from(bytes.subarray(offset, size))),
    append: (more) => {
      size += more.copy(bytes, size);
      return Promise.resolve(size);
    },
    setAside: () => Promise.reject(new Error('nothing is damaged here')),
  };
}

describe('batch', () => {
  beforeEach(async () => {
    await folder.make();
    newId = idSource();
    exchange = new FakeExchange();
    journal = await openJournal(folder.path('journal'));
  });
  afterEach(() => folder.remove());

  it('is asked about once, and sends each row once, in order', async () => {
    let asked = 0;
    const progress: string[] = [];
    const batch = batchOf(wishes(50));
    const result = await run(batch, {
      confirm: ({ batch: shown }) => {
        asked += 1;
        assert.equal(shown, batch);
        return Promise.resolve(true);
      },
      onProgress: (done, all) => progress.push(`${done}/${all}`),
    });
    assert.ok(result.kind === 'done');
    assert.equal(asked, 1);
    assert.equal(exchange.arrived.length, 50);
    assert.deepEqual(
      exchange.arrived.map(({ body }) => body),
      batch.rows.map((row) => ('plan' in row ? row.plan.legs[0]!.body : '')),
    );
    assert.equal(progress.at(-1), '50/50');
    assert.ok(result.rows.every(({ result: { kind } }) => kind === 'done'));
    assert.equal(resumeBatch(journal, batch.id, dead), undefined);
  });

  it('knows what all rows move and weigh', () => {
    const batch = batchOf(wishes(3));
    assert.deepEqual(batch.totals, { USDT: '7.5' });
    assert.equal(batch.weight, 90);
    assert.ok(Object.isFrozen(batch) && Object.isFrozen(batch.rows) && batch.rows.every(Object.isFrozen));
  });

  it('keeps rows that cannot be done with their reason, and sends the others', async () => {
    const rows = [{ intent: collect(1) }, { intent: intent({ to: own('main') }) }, { intent: collect(2) }];
    const batch = batchOf({ kind: 'list', rows });
    assert.deepEqual(
      batch.rows.map((row) => ('refused' in row ? row.refused.code : 'planned')),
      ['planned', 'sameAccount', 'planned'],
    );
    await run(batch);
    assert.equal(exchange.arrived.length, 2);
  });

  it('sends nothing and writes nothing when the person says no', async () => {
    const batch = batchOf(wishes(3));
    assert.equal((await run(batch, { confirm: () => Promise.resolve(false) })).kind, 'cancelled');
    assert.equal(exchange.arrived.length, 0);
    assert.equal(batchState(journal, batch.id, dead), undefined);
  });

  it('is cancelled between rows, and gone on with after a restart without repeating any', async () => {
    const stop = new AbortController();
    const batch = batchOf(wishes(50));
    const result = await run(batch, {
      signal: stop.signal,
      onProgress: (done) => {
        if (done === 25) stop.abort();
      },
    });
    assert.ok(result.kind === 'done');
    assert.equal(result.rows.filter(({ result: { kind } }) => kind === 'left').length, 25);
    journal = await openJournal(folder.path('journal'), 'window-2');
    const rest = resumeBatch(journal, batch.id, dead);
    assert.deepEqual(
      rest?.rows.map(({ row }) => row),
      Array.from({ length: 25 }, (_, n) => n + 25),
    );
    const again = batchOf(rest);
    assert.equal(again.id, batch.id);
    await run(again);
    assert.equal(exchange.arrived.length, 50);
    const amounts = exchange.arrived.map(({ body }) => (JSON.parse(body) as { amount: string }).amount);
    assert.equal(new Set(amounts).size, 50);
    assert.equal(resumeBatch(journal, batch.id, dead), undefined);
    assert.equal(batchState(journal, batch.id, dead)?.rows.length, 50);
  });

  it('is given up: what was sent stays, the rest is recorded as not sent and never can be', async () => {
    exchange.answers = [
      () => failed('network', false, 'ECONNRESET'),
      () => reply(200, { code: '230003', msg: 'Balance insufficient!' }),
    ];
    const stop = new AbortController();
    const batch = batchOf(wishes(5));
    await run(batch, {
      signal: stop.signal,
      onProgress: (done) => {
        if (done === 3) stop.abort();
      },
    });
    const rest = batchOf(resumeBatch(journal, batch.id, dead)!);
    assert.equal(exchange.arrived.length, 3);
    const ended = await giveUpBatch(journal, batch.id, dead);
    assert.ok('state' in ended);
    for (const each of [journal, await openJournal(folder.path('journal'), 'window-2')]) {
      const state = batchState(each, batch.id, dead);
      assert.deepEqual(
        state?.rows.map(({ record, isGivenUp }) => [record?.state, isGivenUp ?? false]),
        [
          ['unknown', false],
          ['rejected', true],
          ['settled', false],
          [undefined, true],
          [undefined, true],
        ],
      );
      assert.deepEqual([state.open, state.givenUpAt], [[], startOfTime]);
      assert.equal(resumeBatch(each, batch.id, dead), undefined);
      assert.deepEqual(unfinishedBatches(each, 'p1', dead), []);
      const again = await giveUpBatch(each, batch.id, dead);
      assert.equal('refused' in again && again.refused.code, 'batchOver');
    }
    // A plan that was made before has nothing to carry out any more.
    const late = await run(rest);
    assert.ok(late.kind === 'refused' && late.refusal.code === 'batchOver');
    assert.equal(exchange.arrived.length, 3);
  });

  it('is not given up where there is nothing left of it, or where it is not known', async () => {
    const batch = batchOf(wishes(2));
    await run(batch);
    for (const id of [batch.id, 'nothing']) {
      const refused = await giveUpBatch(journal, id, dead);
      assert.equal('refused' in refused && refused.refused.code, 'batchOver');
    }
    await assert.rejects(
      journal.append({ transfer: 'nothing', leg: 0, state: 'batchEnd', rows: [] }),
      /has ended already, or never was/,
    );
    assert.equal(batchState(journal, batch.id, dead)?.givenUpAt, undefined);
  });

  it('leaves an unknown row alone when it is gone on with, and tries a refused one again', async () => {
    exchange.answers = [
      () => failed('network', false, 'ECONNRESET'),
      () => reply(200, { code: '230003', msg: 'Balance insufficient!' }),
    ];
    const batch = batchOf(wishes(3));
    await run(batch);
    assert.deepEqual(
      batchState(journal, batch.id, dead)?.rows.map(({ record }) => record?.state),
      ['unknown', 'rejected', 'settled'],
    );
    assert.deepEqual(
      resumeBatch(journal, batch.id, dead)?.rows.map(({ row }) => row),
      [1],
    );
  });

  it('holds back a row whose like became unknown within the batch', async () => {
    exchange.answers = [() => failed('network', false, 'ECONNRESET')];
    const result = await run(
      batchOf({ kind: 'list', rows: [{ intent: collect(1) }, { intent: collect(1) }] }),
    );
    assert.ok(result.kind === 'done');
    const [, second] = result.rows;
    assert.ok(second!.result.kind === 'refused' && second!.result.refusal.code === 'identicalAppeared');
    assert.equal(exchange.arrived.length, 1);
  });

  it('is not executed twice', async () => {
    const batch = batchOf(wishes(2));
    await run(batch);
    const again = await run(batch);
    assert.ok(again.kind === 'refused' && again.refusal.code === 'planUsed');
    assert.equal(exchange.arrived.length, 2);
  });

  it('is refused when it has waited too long for its confirmation', async () => {
    const result = await run(batchOf(wishes(2)), { now: () => startOfTime + 3_600_000 });
    assert.ok(result.kind === 'refused' && result.refusal.code === 'planStale');
    assert.equal(exchange.arrived.length, 0);
  });

  it('counts rows that cannot be done as no part of it', async () => {
    const rows = [{ intent: intent({ to: own('main') }) }, { intent: collect(1) }, { intent: collect(2) }];
    const batch = batchOf({ kind: 'list', rows });
    assert.deepEqual(
      batch.rows.map(({ row }) => row),
      [undefined, 0, 1],
    );
    await run(batch);
    assert.equal(batchState(journal, batch.id, dead)?.rows.length, 2);
    assert.deepEqual(unfinishedBatches(journal, 'p1', dead), []);
  });

  it('plans each row knowing what the rows before it take and bring', () => {
    const give = (n: number, amount: string): Intent =>
      intent({ from: own('main'), to: ofSub(subId(n), 'main'), amount: decimal(amount) });
    const { profile } = planFacts();
    const batch = planBatch(
      {
        kind: 'distribute',
        rows: ['60', '50', '30'].map((amount, n) => ({ intent: give(n, amount) })),
      },
      () => planFacts({ newId }),
      { id: newId(), now: startOfTime, profile },
    );
    const [first, second, third] = batch.rows;
    assert.ok('plan' in first! && 'refused' in second! && 'plan' in third!);
    assert.equal(second.refused.code, 'amountTooMuch');
    assert.equal(second.refused.sentence.values['transferable'], '40');
    assert.equal(third.plan.balances.from.before, '40');
    assert.equal(third.plan.balances.from.after, '10');
  });

  it('begins no further row when the profile is made read-only in the middle', async () => {
    let readOnly = false;
    const batch = batchOf(wishes(5));
    const result = await run(batch, {
      profileNow: () => ({ generation: 1, readOnly }),
      onProgress: (done) => (readOnly = done === 2),
    });
    assert.ok(result.kind === 'done');
    assert.equal(exchange.arrived.length, 2);
    assert.equal(result.stopped?.template.includes('read-only'), true);
    assert.deepEqual(
      result.rows.map((row) => row.result.kind),
      ['done', 'done', 'refused', 'left', 'left'],
    );
    assert.equal(unfinishedBatches(journal, 'p1', dead)[0]?.open.length, 3);
  });

  it('begins no further row when the key is refused, for the next one would be too', async () => {
    exchange.answers = [() => reply(401, { code: '400003', msg: 'KC-API-KEY not exists' })];
    const result = await run(batchOf(wishes(4)));
    assert.ok(result.kind === 'done' && result.stopped);
    assert.equal(exchange.arrived.length, 1);
    assert.equal(result.rows.filter((row) => row.result.kind === 'left').length, 3);
  });

  it('goes on after one unknown outcome, not after two in a row', async () => {
    const lost = (): ReturnType<typeof failed> => failed('network', false, 'ECONNRESET');
    const good = (): ReturnType<typeof reply> => reply(200, { code: '200000', data: { orderId: 'o' } });
    exchange.answers = [lost, good, lost, lost];
    const result = await run(batchOf(wishes(6)));
    assert.ok(result.kind === 'done');
    assert.match(result.stopped?.template ?? '', /two transfers in a row is not known/);
    assert.equal(exchange.arrived.length, 4);
  });

  it('begins no further row when the disk refuses the journal', async () => {
    const file = new MoodyFile(nodeJournalFile(folder.path('journal')));
    journal = await openJournal(file);
    const result = await run(batchOf(wishes(4)), {
      onProgress: (done) => {
        if (done === 2) {
          file.onAppend = () => {
            throw diskFull();
          };
        }
      },
    });
    assert.ok(result.kind === 'done' && result.stopped);
    assert.equal(exchange.arrived.length, 2);
    assert.deepEqual(
      result.rows.map((row) => row.result.kind),
      ['done', 'done', 'refused', 'left'],
    );
  });

  it('sends no row again that somebody went on with while the question was open', async () => {
    const stop = new AbortController();
    const batch = batchOf(wishes(3));
    await run(batch, { signal: stop.signal, onProgress: () => stop.abort() });
    const first = batchOf(resumeBatch(journal, batch.id, dead)!);
    const second = batchOf(resumeBatch(journal, batch.id, dead)!);
    const result = await run(first, {
      confirm: async () => {
        await run(second);
        return true;
      },
    });
    assert.ok(result.kind === 'done');
    assert.deepEqual(
      result.rows.map((row) => row.result.kind === 'refused' && row.result.refusal.code),
      ['rowDone', 'rowDone'],
    );
    assert.equal(exchange.arrived.length, 3);
  });

  it('sends no row again that another window carried out while this one slept', async () => {
    const batch = batchOf(wishes(3));
    const other = await openJournal(folder.path('journal'), 'window-2');
    let asleep = true;
    const result = await run(batch, {
      // The lease has ended and was taken, used and given back by another window.
      mayGoOn: async () => {
        if (asleep && exchange.arrived.length === 1) {
          asleep = false;
          await other.refresh();
          await run(batchOf(resumeBatch(other, batch.id, dead)!), { journal: other });
        }
        return true;
      },
    });
    assert.ok(result.kind === 'done');
    assert.equal(exchange.arrived.length, 3, 'each row once');
    assert.deepEqual(
      result.rows.map((row) => (row.result.kind === 'refused' ? row.result.refusal.code : row.result.kind)),
      ['done', 'rowDone', 'rowDone'],
    );
  });

  it('begins no further row when the key is changed in the middle', async () => {
    const batch = batchOf(wishes(4));
    const result = await run(batch, {
      profileNow: () => ({ generation: exchange.arrived.length < 2 ? 1 : 2, readOnly: false }),
    });
    assert.ok(result.kind === 'done');
    assert.equal(exchange.arrived.length, 2);
    assert.match(result.stopped?.template ?? '', /profile/);
    assert.deepEqual(
      result.rows.map((row) => row.result.kind),
      ['done', 'done', 'refused', 'left'],
    );
    assert.equal(batchState(journal, batch.id, dead)?.open.length, 2);
  });

  it('looks at each transfer a bounded number of times, however many rows there are', async function () {
    this.timeout(60_000);
    const looksFor = async (count: number): Promise<number> => {
      exchange = new FakeExchange();
      journal = await openJournal(inMemory());
      const look = journal.transfer.bind(journal);
      let looks = 0;
      journal.transfer = (id) => {
        looks += 1;
        return look(id);
      };
      const batch = batchOf(wishes(count));
      const result = await run(batch);
      assert.ok(result.kind === 'done' && result.rows.every((row) => row.result.kind === 'done'));
      assert.equal(exchange.arrived.length, count);
      assert.equal(batchState(journal, batch.id, dead)?.open.length, 0);
      return looks;
    };
    const [few, many] = [await looksFor(100), await looksFor(1_200)];
    assert.ok(many <= few * 12 * 1.2, `${few} looks for 100 rows, ${many} for 1,200`);
  });

  it('leaves the rest to the window that has taken it over', async () => {
    let asked = 0;
    const result = await run(batchOf(wishes(3)), { mayGoOn: () => Promise.resolve(++asked < 2) });
    assert.ok(result.kind === 'done' && result.stopped);
    assert.equal(exchange.arrived.length, 1);
  });

  it('lists what is unfinished, newest first, of one profile', async () => {
    const cut = async (): Promise<string> => {
      const stop = new AbortController();
      const batch = batchOf(wishes(2));
      await run(batch, { signal: stop.signal, onProgress: () => stop.abort() });
      return batch.id;
    };
    const [first, second] = [await cut(), await cut()];
    assert.deepEqual(
      unfinishedBatches(journal, 'p1', dead).map(({ id }) => id),
      [second, first],
    );
    assert.deepEqual(unfinishedBatches(journal, 'other', dead), []);
  });

  it('says which row begins', async () => {
    const begun: string[] = [];
    await run(batchOf(wishes(2)), {
      onBegin: (count, all, { amount }) => begun.push(`${count} of ${all}: ${amount}`),
    });
    assert.deepEqual(begun, ['1 of 2: 1.5', '2 of 2: 2.5']);
  });
});
