import assert from 'node:assert/strict';
import { decimal } from '../../../src/kucoin/decimal';
import {
  batchState,
  executeBatch,
  planBatch,
  resumeBatch,
  type BatchOptions,
  type BatchPlan,
  type BatchWishes,
} from '../../../src/transfers/batch';
import { ofSub, own, type Intent } from '../../../src/transfers/intent';
import type { TransferJournal } from '../../../src/transfers/journal';
import {
  FakeExchange,
  failed,
  idSource,
  intent,
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
});
