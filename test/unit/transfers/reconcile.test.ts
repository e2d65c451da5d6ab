import assert from 'node:assert/strict';
import { decimal, type Decimal } from '../../../src/kucoin/decimal';
import { KucoinError } from '../../../src/kucoin/errors';
import { transferRecord, type TransferRecord } from '../../../src/transfers/history';
import { own } from '../../../src/transfers/intent';
import { TransferJournal } from '../../../src/transfers/journal';
import type { JournalFile } from '../../../src/transfers/journalFile';
import type { BalancePush, BalancePushes } from '../../../src/transfers/pushes';
import { Reconciler, type EvidenceSource } from '../../../src/transfers/reconcile';
import type { JournalEntry } from '../../../src/transfers/records';
import { FakeTime, settled } from '../support/fakeTime';

const startOfTime = 1_766_000_000_000;
const nobody = { isAlive: () => false };

function memoryFile(): JournalFile {
  let bytes = Buffer.alloc(0);
  return {
    size: () => Promise.resolve(bytes.length),
    read: (offset) => Promise.resolve(bytes.subarray(offset)),
    append: (more) => Promise.resolve((bytes = Buffer.concat([bytes, more])).length),
    setAside: () => Promise.resolve('damaged'),
  };
}

interface LedgerItem {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly accountType: 'MAIN' | 'TRADE';
  readonly amount: Decimal;
}

/** An exchange of which only ledgers and balances are asked, and a window that asks it. */
class Bench {
  readonly time = new FakeTime(startOfTime);
  journal!: TransferJournal;
  /** When each leg was looked at, ms since the start. */
  readonly looks: number[] = [];
  readonly troubles: unknown[] = [];
  readonly findings: string[] = [];
  readonly lease = { mine: true, asked: 0, released: 0 };
  failing: unknown;
  /** What each look waits for. */
  resting: Promise<void> = Promise.resolve();
  ledger: LedgerItem[] = [];
  hasSource = true;
  pushes: FakePushes | undefined;
  private readonly start = this.time.monotonic();
  reconciler!: Reconciler;

  async open(): Promise<this> {
    const { time, lease } = this;
    this.journal = await TransferJournal.open(memoryFile(), { writer: 'w', now: () => time.now() });
    this.reconciler = new Reconciler({
      journal: this.journal,
      time,
      ...nobody,
      lease: {
        tryTake: () => {
          lease.asked += 1;
          return Promise.resolve(lease.mine);
        },
        release: () => {
          lease.released += 1;
          return Promise.resolve();
        },
      },
      sourceOf: () => (this.hasSource ? this.source : undefined),
      onFinding: (record, _leg, { finding }) => this.findings.push(`${record.id} ${finding}`),
      onTrouble: (error) => this.troubles.push(error),
    });
    return this;
  }

  private readonly exchangeNow = (): number => startOfTime + this.time.monotonic() - this.start;

  private get source(): EvidenceSource {
    const call = ({ path }: { readonly path: string }): Promise<unknown> => {
      if (!path.includes('ledgers')) return Promise.resolve([]);
      const items = path.startsWith('/api/v1/accounts/ledgers')
        ? this.ledger.map((item) => ({
            ...item,
            currency: 'USDT',
            createdAt: startOfTime + 100,
            bizType: 'TRANSFER',
            fee: decimal('0'),
            balance: decimal('0'),
          }))
        : [];
      const page = { currentPage: 1, pageSize: 500, totalNum: items.length, totalPage: 1, items };
      return Promise.resolve(path.includes('/hf/') ? [] : page);
    };
    return {
      world: 'today',
      client: { call },
      exchangeNow: async () => {
        this.looks.push(this.time.monotonic() - this.start);
        await this.resting;
        if (this.failing) throw this.failing as Error;
        return this.exchangeNow();
      },
      pushes: this.pushes,
    };
  }

  async unknown(id: string, amount = '5'): Promise<void> {
    const [from, to] = [own('main'), own('trade')];
    const about = { transfer: id, leg: 0 } as const;
    const entries: JournalEntry[] = [
      {
        ...about,
        state: 'planned',
        profile: { id: 'p1', name: 'Main', environment: 'DEMO', world: 'today' },
        currency: 'USDT',
        amount: decimal(amount),
        from,
        to,
        legs: [{ endpoint: 'innerTransfer', from, to, body: '{}' }],
        available: {},
      },
      { ...about, state: 'sent', exchangeTime: this.exchangeNow(), attempt: 1, available: {} },
      { ...about, state: 'unknown', error: { kind: 'network' } },
    ];
    for (const entry of entries) await this.journal.append(entry);
  }

  record(id: string): TransferRecord {
    const found = transferRecord(this.journal, id, nobody);
    assert.ok(found);
    return found;
  }
}

class FakePushes implements BalancePushes {
  kept: BalancePush[] = [];
  readonly listeners = new Set<(push: BalancePush) => void>();

  since(ms: number): readonly BalancePush[] {
    return this.kept.filter(({ time }) => time >= ms);
  }

  onPush(listener: (push: BalancePush) => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  async tell(more: Partial<BalancePush>): Promise<void> {
    const push: BalancePush = {
      accountId: more.relationEvent ?? 'main.transfer',
      currency: 'USDT',
      relationEvent: 'main.transfer',
      relationEventId: 'e1',
      availableChange: decimal('-5'),
      time: startOfTime + 100,
      ...more,
    };
    this.kept.push(push);
    for (const listener of this.listeners) listener(push);
    await settled();
    await settled();
  }
}

const intoTrade = { relationEvent: 'trade.transfer', availableChange: decimal('5') } as const;

let bench: Bench;

describe('reconciler: its schedule', () => {
  beforeEach(async () => {
    bench = await new Bench().open();
  });
  afterEach(() => bench.reconciler.stop());

  it('looks at growing distances, and leaves a leg alone after twenty looks', async () => {
    await bench.unknown('t1');
    bench.reconciler.start();
    await bench.time.advance(121_000);
    assert.deepEqual(bench.looks, [2_000, 4_000, 8_000, 16_000, 31_000, 61_000, 121_000]);
    await bench.time.advance(60 * 60_000);
    assert.equal(bench.looks.length, 20);
    assert.deepEqual(bench.troubles, []);
  });

  it('started twice works once; stopped it gives the lease back and looks no more', async () => {
    await bench.unknown('t1');
    bench.reconciler.start();
    bench.reconciler.start();
    await bench.time.advance(4_000);
    assert.deepEqual(bench.looks, [2_000, 4_000]);
    await bench.reconciler.stop();
    assert.equal(bench.lease.released, 1);
    await bench.time.advance(600_000);
    assert.equal(bench.looks.length, 2);
    assert.equal(bench.time.sleeping, 0);
    await bench.reconciler.stop();
    assert.equal(bench.lease.released, 1);
    bench.reconciler.start();
    await bench.time.advance(4_000);
    assert.equal(bench.looks.length, 3);
  });

  it('begun anew while a look of the run before is under way, it is still woken', async () => {
    await bench.unknown('t1');
    let goOn = (): void => undefined;
    bench.resting = new Promise((resolve) => (goOn = resolve));
    bench.reconciler.start();
    await bench.time.advance(2_000);
    const stopped = bench.reconciler.stop();
    bench.reconciler.start();
    await bench.time.advance(500);
    goOn();
    await stopped;
    await settled();
    const before = bench.looks.length;
    bench.reconciler.kick();
    await settled();
    assert.equal(bench.looks.length, before + 1);
    await bench.reconciler.stop();
    assert.equal(bench.time.sleeping, 0);
  });

  it('looks only while it has the lease, and goes on when it gets it back', async () => {
    await bench.unknown('t1');
    bench.lease.mine = false;
    bench.reconciler.start();
    await bench.time.advance(60_000);
    assert.deepEqual([bench.looks, bench.lease.asked], [[], 7]);
    bench.lease.mine = true;
    await bench.time.advance(12_000);
    assert.equal(bench.looks.length, 1);
    bench.lease.mine = false;
    await bench.time.advance(60_000);
    assert.equal(bench.looks.length, 1);
    bench.lease.mine = true;
    await bench.time.advance(10_000);
    assert.notDeepEqual(bench.looks.slice(1), []);
  });

  it('takes several transfers at their own times, new ones too', async () => {
    await bench.unknown('t1', '5');
    bench.reconciler.start();
    await bench.time.advance(3_000);
    await bench.unknown('t2', '7');
    bench.reconciler.kick();
    await bench.time.advance(2_000);
    // The first at 2,000, again when it was kicked, and both two seconds later.
    assert.deepEqual(bench.looks, [2_000, 3_000, 5_000]);
    await bench.time.advance(60_000);
    assert.ok(bench.findings.includes('t1 nothingYet') && bench.findings.includes('t2 nothingYet'));
  });

  it('goes by a clock that nobody sets', async () => {
    await bench.unknown('t1');
    bench.reconciler.start();
    await bench.time.advance(2_000);
    bench.time.shiftWall(-7_200_000);
    await bench.time.advance(2_000);
    bench.time.shiftWall(14_400_000);
    await bench.time.advance(4_000);
    assert.deepEqual(bench.looks, [2_000, 4_000, 8_000]);
  });

  it('reports what the exchange refuses, and tries again later', async () => {
    await bench.unknown('t1');
    bench.failing = new KucoinError({ kind: 'network', outcome: 'notExecuted' });
    bench.reconciler.start();
    await bench.time.advance(4_000);
    assert.equal(bench.troubles.length, 2);
    bench.failing = undefined;
    bench.ledger = [
      { id: 'r1', direction: 'out', accountType: 'MAIN', amount: decimal('5') },
      { id: 'r2', direction: 'in', accountType: 'TRADE', amount: decimal('5') },
    ];
    await bench.time.advance(4_000);
    assert.equal(bench.record('t1').state, 'settled');
    await bench.time.advance(600_000);
    assert.deepEqual([bench.looks, bench.findings], [[2_000, 4_000, 8_000], ['t1 happened']]);
  });

  it('waits for a profile that cannot be asked', async () => {
    await bench.unknown('t1');
    bench.hasSource = false;
    bench.reconciler.start();
    await bench.time.advance(4_000);
    assert.deepEqual(bench.looks, []);
    bench.hasSource = true;
    await bench.time.advance(4_000);
    assert.equal(bench.looks.length, 1);
  });
});

describe('reconciler: pushes as evidence', () => {
  let pushes: FakePushes;
  beforeEach(async () => {
    bench = await new Bench().open();
    pushes = bench.pushes = new FakePushes();
    await bench.unknown('t1');
    bench.reconciler.start();
    await bench.time.advance(2_000);
    assert.equal(bench.looks.length, 1);
  });
  afterEach(() => bench.reconciler.stop());

  it('of both sides settle a transfer at once, though the ledgers are late', async () => {
    await pushes.tell({});
    assert.equal(bench.record('t1').state, 'unknown');
    await pushes.tell(intoTrade);
    const { state, legs } = bench.record('t1');
    const evidence = legs[0]?.evidence;
    assert.equal(state, 'settled');
    assert.deepEqual(
      evidence?.rows.map(({ source, account, direction }) => [source, account, direction]),
      [
        ['push', 'main', 'out'],
        ['push', 'trade', 'in'],
      ],
    );
    assert.deepEqual(evidence.reasons, ['pushed']);
    assert.equal(bench.looks.at(-1), 2_000);
  });

  it('settle together with the row of a ledger that shows one side', async () => {
    bench.ledger = [{ id: 'r1', direction: 'out', accountType: 'MAIN', amount: decimal('5') }];
    await pushes.tell(intoTrade);
    assert.equal(bench.record('t1').state, 'settled');
  });

  it('repeated ones are one, and late ones change nothing', async () => {
    for (let n = 0; n < 30; n++) await pushes.tell({});
    assert.equal(bench.record('t1').state, 'unknown');
    assert.equal(bench.looks.length, 2);
    await pushes.tell(intoTrade);
    const before = bench.record('t1');
    for (let n = 0; n < 5; n++) await pushes.tell(intoTrade);
    await bench.time.advance(600_000);
    assert.deepEqual(bench.record('t1'), before);
    assert.equal(bench.looks.length, 3);
  });

  const foreign: [string, Partial<BalancePush>][] = [
    ['of another amount', { availableChange: decimal('5.1') }],
    ['of another currency', { currency: 'BTC' }],
    ['of another direction', { availableChange: decimal('-5') }],
    ['of another account', { relationEvent: 'margin.transfer' }],
    ['of another event', { relationEvent: 'trade.setted' }],
    ['of an unknown event', { relationEvent: 'transfer' }],
    ['of long before', { time: startOfTime - 60_000 }],
    ['of long after', { time: startOfTime + 120_000 }],
  ];
  for (const [name, more] of foreign) {
    it(`${name} settle nothing`, async () => {
      await pushes.tell({});
      await pushes.tell({ ...intoTrade, relationEventId: 'e2', ...more });
      bench.reconciler.kick();
      await bench.time.advance(10_000);
      assert.equal(bench.record('t1').state, 'unknown');
    });
  }

  it('that two equal transfers may have made settle neither', async () => {
    await bench.unknown('t2');
    await pushes.tell({});
    await pushes.tell(intoTrade);
    await bench.time.advance(20_000);
    assert.deepEqual([bench.record('t1').state, bench.record('t2').state], ['unknown', 'unknown']);
  });

  it('more of them than transfers settle nothing', async () => {
    for (const relationEventId of ['e1', 'e2']) await pushes.tell({ relationEventId });
    for (const relationEventId of ['e1', 'e2']) await pushes.tell({ ...intoTrade, relationEventId });
    await bench.time.advance(20_000);
    assert.equal(bench.record('t1').state, 'unknown');
  });

  it('that settled one transfer leave its rows in the ledgers to it', async () => {
    await pushes.tell({});
    await pushes.tell(intoTrade);
    assert.equal(bench.record('t1').state, 'settled');
    await bench.unknown('t2');
    bench.ledger = [
      { id: 'r1', direction: 'out', accountType: 'MAIN', amount: decimal('5') },
      { id: 'r2', direction: 'in', accountType: 'TRADE', amount: decimal('5') },
    ];
    await bench.time.advance(30_000);
    assert.equal(bench.record('t2').state, 'unknown');
  });

  it('are listened to only while a transfer is open', async () => {
    assert.equal(pushes.listeners.size, 1);
    await pushes.tell({});
    await pushes.tell(intoTrade);
    await bench.time.advance(20_000);
    assert.equal(pushes.listeners.size, 0);
    await bench.unknown('t2');
    await bench.time.advance(20_000);
    assert.equal(pushes.listeners.size, 1);
    await bench.reconciler.stop();
    assert.equal(pushes.listeners.size, 0);
  });
});
