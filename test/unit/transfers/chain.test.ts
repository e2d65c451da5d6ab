import assert from 'node:assert/strict';
import { english } from '../../../src/kucoin/explain';
import { chainOffers } from '../../../src/transfers/chain';
import { execute, type GateOptions } from '../../../src/transfers/gate';
import { exportWriter, type ExportFormat } from '../../../src/transfers/export';
import { history, historyPage, type TransferRecord } from '../../../src/transfers/history';
import { accountKey, own } from '../../../src/transfers/intent';
import type { TransferJournal } from '../../../src/transfers/journal';
import type { Plan, PlanFacts } from '../../../src/transfers/plan';
import { markHappened } from '../../../src/transfers/settle';
import {
  failed,
  FakeExchange,
  idSource,
  intent,
  madePlan,
  ok,
  openJournal,
  planFacts,
  reply,
  startOfTime,
  TempFolder,
} from './support';

const folder = new TempFolder();
const dead = { isAlive: () => false };
let newId: () => string;
let exchange: FakeExchange;
let journal: TransferJournal;

const seed: Partial<PlanFacts> = { profile: { ...planFacts().profile, world: 'seed' } };
const twoLegs = intent({ from: own('main'), to: own('margin_v2') });

function chain(more: Partial<PlanFacts> = {}): Plan {
  return madePlan({ newId, ...seed, ...more }, twoLegs);
}

async function run(plan: Plan, more: Partial<GateOptions> = {}): Promise<TransferRecord> {
  const result = await execute({
    plan,
    client: exchange.client,
    journal,
    confirm: () => Promise.resolve(true),
    now: () => startOfTime,
    profileNow: () => ({ generation: 1, readOnly: false }),
    ...dead,
    ...more,
  });
  assert.equal(result.kind, 'done');
  return result.record;
}

/** Lets nobody pass before so many have come. */
function barrier(count: number): () => Promise<void> {
  let open = (): void => undefined;
  const all = new Promise<void>((resolve) => (open = resolve));
  return () => {
    count -= 1;
    if (count === 0) open();
    return all;
  };
}

const refusal = () => reply(200, { code: '126001', msg: 'not on the list' });

describe('chains', () => {
  beforeEach(async () => {
    await folder.make();
    newId = idSource();
    exchange = new FakeExchange();
    journal = await openJournal(folder.path('journal'));
  });
  afterEach(() => folder.remove());

  it('have a clientOid, a body and balances for each leg', () => {
    const { legs, balances } = chain({ balanceOf: () => '1' as never });
    assert.deepEqual(
      legs.map(({ from, to, balances: { from: out, to: into } }) => [
        `${accountKey(from)}>${accountKey(to)}`,
        [out.before, out.after],
        [into.before, into.after],
      ]),
      [
        ['self/main>self/margin', ['100', '87.5'], ['1', '13.5']],
        ['self/margin>self/margin_v2', ['13.5', '1'], ['7.5', '20']],
      ],
    );
    assert.equal(new Set(legs.map(({ clientOid }) => clientOid)).size, 2);
    assert.deepEqual([balances.from.after, balances.to.after], ['87.5', '20']);
  });

  it('send leg after leg', async () => {
    const plan = chain();
    const record = await run(plan);
    assert.equal(record.state, 'settled');
    assert.deepEqual(
      exchange.arrived.map(({ body }) => body),
      plan.legs.map(({ body }) => body),
    );
    assert.equal(record.halfWay, undefined);
  });

  it('stop when a leg is refused, and say where the money is', async () => {
    exchange.answers = [() => ok({ orderId: 'one' }), refusal];
    const record = await run(chain());
    assert.equal(record.state, 'rejected');
    assert.equal(record.moved, 'moved');
    assert.deepEqual(record.halfWay, { account: own('margin'), legsDone: 1 });
    assert.equal(english(record.report.money), 'The money is in Cross Margin: 12.5 USDT.');
    assert.equal(english(record.stateText), 'Stopped half-way');
    const offers = chainOffers(journal, record.id, dead);
    assert.deepEqual(offers?.goOn.intent, { ...twoLegs, from: own('margin') });
    assert.deepEqual(offers.bringBack.intent, { ...twoLegs, from: own('margin'), to: own('main') });
  });

  it('are moved on once only', async () => {
    exchange.answers = [() => ok({ orderId: 'one' }), refusal];
    const { id } = await run(chain());
    const offers = chainOffers(journal, id, dead)!;
    const onwards = (): Plan => madePlan({ newId, ...seed, origin: offers.goOn.origin }, offers.goOn.intent);
    const [first, second] = [onwards(), onwards()];
    const done = await run(first);
    assert.deepEqual(done.origin, { kind: 'continue', of: id });
    assert.equal(chainOffers(journal, id, dead), undefined);
    const again = await execute({
      plan: second,
      client: exchange.client,
      journal,
      confirm: () => Promise.resolve(true),
      now: () => startOfTime,
      profileNow: () => ({ generation: 1, readOnly: false }),
      ...dead,
    });
    assert.ok(again.kind === 'refused' && again.refusal.code === 'followUpExists');
  });

  it('can be moved on after a try that certainly failed', async () => {
    exchange.answers = [() => ok({ orderId: 'one' }), refusal, refusal];
    const { id } = await run(chain());
    const offers = chainOffers(journal, id, dead)!;
    await run(madePlan({ newId, ...seed, origin: offers.goOn.origin }, offers.goOn.intent));
    assert.ok(chainOffers(journal, id, dead));
  });

  it('offer nothing while a leg is unknown, and again when a person has said that it did not happen', async () => {
    exchange.answers = [() => ok({ orderId: 'one' }), () => failed('network', false, 'ECONNRESET')];
    const { id, moved } = await run(chain());
    assert.equal(moved, 'unknown');
    assert.equal(chainOffers(journal, id, dead), undefined);
    await markHappened({ journal, id, note: '' }, dead);
    assert.equal(history(journal, dead)[0]!.moved, 'moved');
  });

  it('that stopped at an unknown leg offer to move the funds once it is known, in the same window', async () => {
    exchange.answers = [() => failed('network', false, 'ECONNRESET')];
    const { id } = await run(chain());
    await markHappened({ journal, id, note: '' }, dead);
    const [record] = history(journal, { isAlive: () => true });
    assert.equal(record!.moved, 'moved');
    assert.deepEqual(record!.halfWay, { account: own('margin'), legsDone: 1 });
    assert.ok(chainOffers(journal, id, dead));
  });

  it('are moved on by one window alone when two are told yes at the same moment', async () => {
    exchange.answers = [() => ok({ orderId: 'one' }), refusal];
    const { id } = await run(chain());
    const { goOn, bringBack } = chainOffers(journal, id, dead)!;
    const other = await openJournal(folder.path('journal'), 'window-2');
    const before = exchange.arrived.length;
    const both = barrier(2);
    const results = await Promise.all(
      [
        { offer: goOn, journal },
        { offer: bringBack, journal: other },
      ].map(({ offer, journal: own }) =>
        execute({
          plan: madePlan({ newId, ...seed, origin: offer.origin }, offer.intent),
          client: exchange.client,
          journal: own,
          confirm: async () => (await both(), true),
          now: () => startOfTime,
          profileNow: () => ({ generation: 1, readOnly: false }),
          isAlive: () => true,
        }),
      ),
    );
    const sent = exchange.arrived.length - before;
    assert.ok(sent <= 1, `${sent} were sent`);
    assert.equal(results.filter(({ kind }) => kind === 'done').length, sent);
  });

  it('try a later leg again whose funds are not there yet', async () => {
    const empty = () => reply(200, { code: '230003', msg: 'Balance insufficient!' });
    exchange.answers = [() => ok({ orderId: 'one' }), empty, empty];
    const pauses: number[] = [];
    const record = await run(chain(), { delay: (ms) => Promise.resolve(void pauses.push(ms)) });
    assert.equal(record.state, 'settled');
    assert.deepEqual(pauses, [500, 1_000]);
    assert.equal(record.legs[1]!.attempts, 3);
  });

  it('that lost their window between two legs say where the money is', async () => {
    exchange.answers = [() => ok({ orderId: 'one' }), () => new Promise(() => undefined)];
    void run(chain());
    while (exchange.arrived.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const later = await openJournal(folder.path('journal'), 'window-2');
    const [record] = history(later, dead);
    assert.equal(record!.state, 'unknown');
    assert.equal(record!.legs[0]!.state, 'settled');
  });
});

describe('history: pages and exports', () => {
  const exported = (format: ExportFormat): string => {
    const writer = exportWriter(format);
    const pieces = history(journal, dead).map((record) => writer.piece([record]));
    return [writer.head, ...pieces, writer.tail].join('');
  };

  beforeEach(async () => {
    await folder.make();
    newId = idSource();
    exchange = new FakeExchange();
    journal = await openJournal(folder.path('journal'));
  });
  afterEach(() => folder.remove());

  it('comes page by page, filtered', async () => {
    for (const currency of ['USDT', 'KCS', 'USDT', 'KCS', 'USDT']) {
      await run(madePlan({ newId }, intent({ currency })));
    }
    const filter = { currency: 'USDT' };
    const first = historyPage(journal, dead, { limit: 2, filter });
    const second = historyPage(journal, dead, { limit: 2, filter, offset: first.next! });
    const ids = history(journal, dead)
      .filter(({ intent: { currency } }) => currency === 'USDT')
      .map(({ id }) => id);
    assert.deepEqual(
      [...first.records, ...second.records].map(({ id }) => id),
      ids,
    );
    assert.equal(second.next, undefined);
  });

  it('exports what no spreadsheet runs and every reader of RFC 4180 reads', async () => {
    exchange.answers = [() => reply(200, { code: '400100', msg: '=HYPERLINK("http://evil","x")' })];
    await run(madePlan({ newId, profile: { ...planFacts().profile, name: '@SUM(1,2)\n"quoted"' } }));
    const csv = exported('csv');
    assert.ok(csv.endsWith('\r\n'));
    assert.match(csv, /"'@SUM\(1,2\)\n""quoted"""/);
    assert.doesNotMatch(csv, /(^|,)"?[=+@-]/m);
    const parsed = JSON.parse(exported('json')) as {
      version: number;
      transfers: unknown[];
    };
    assert.deepEqual([parsed.version, parsed.transfers.length], [1, 1]);
  });
});
