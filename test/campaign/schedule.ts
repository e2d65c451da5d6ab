import { KucoinClient } from '../../src/kucoin/client';
import { decimal } from '../../src/kucoin/decimal';
import { KucoinError } from '../../src/kucoin/errors';
import type { Transport, TransportReply } from '../../src/kucoin/transport';
import type { World } from '../../src/kucoin/vocabulary';
import type { FaultSpec } from '../../src/sandbox/faults';
import { totalIn } from '../../src/transfers/balances';
import { chainOffers } from '../../src/transfers/chain';
import { execute } from '../../src/transfers/gate';
import { history, type LegRecord, type TransferRecord } from '../../src/transfers/history';
import { ofSub, own, type AccountRef, type Intent } from '../../src/transfers/intent';
import { TransferJournal } from '../../src/transfers/journal';
import { plan, type Plan, type PlanFacts } from '../../src/transfers/plan';
import { Reconciler } from '../../src/transfers/reconcile';
import type { LegState, Origin } from '../../src/transfers/records';
import { FakeTime, settled } from '../unit/support/fakeTime';
import { Disk, never, SharedLease, WindowFile, type DiskMood, type Mortal } from './memory';
import { Chance } from './random';
import { CampaignExchange, demoCredentials, otherSubUserId, site, subUserId, type Deed } from './world';

/** What one schedule did and found. */
export interface ScheduleResult {
  readonly seed: number;
  /** How often each fault was put in the way. */
  readonly faults: ReadonlyMap<string, number>;
  /** How often each leg ended in each state. */
  readonly verdicts: ReadonlyMap<string, number>;
  readonly transfers: number;
  /** Legs whose outcome was unknown at some time, and what evidence made of them. */
  readonly unknown: { readonly all: number; readonly decided: number; readonly undecidable: number };
  /** Empty when all is as it must be. */
  readonly problems: readonly string[];
}

type Trouble =
  | 'none'
  | 'refused connection'
  | 'reset before'
  | 'reset after'
  | 'timeout before'
  | 'timeout after'
  | 'late execution'
  | '5xx before'
  | '5xx after'
  | 'page of the gateway'
  | '429'
  | 'truncated JSON'
  | 'truncated connection'
  | 'answer without data'
  | 'skewed clock'
  | 'success that is none'
  | 'reads fail'
  | 'kill before sending'
  | 'kill after execution'
  | 'kill before a write'
  | 'kill within a write'
  | 'kill after a write'
  | 'disk full'
  | 'disk full within a write'
  | 'clock jump';

const troubles: readonly [Trouble, ...Trouble[]] = [
  'none',
  'refused connection',
  'reset before',
  'reset after',
  'timeout before',
  'timeout after',
  'late execution',
  '5xx before',
  '5xx after',
  'page of the gateway',
  '429',
  'truncated JSON',
  'truncated connection',
  'answer without data',
  'skewed clock',
  'success that is none',
  'reads fail',
  'kill before sending',
  'kill after execution',
  'kill before a write',
  'kill within a write',
  'kill after a write',
  'disk full',
  'disk full within a write',
  'clock jump',
];

/** Faults that the exchange itself plays, for the next call that moves money. */
const played: Partial<Record<Trouble, FaultSpec>> = {
  'reset before': { kind: 'reset', when: 'before' },
  'reset after': { kind: 'reset', when: 'after' },
  'timeout before': { kind: 'hang', when: 'before' },
  'timeout after': { kind: 'hang', when: 'after' },
  'late execution': { kind: 'delay', ms: 25_000, when: 'before' },
  '5xx before': { kind: 'serverError', when: 'before' },
  '5xx after': { kind: 'serverError', http: 503, code: '503000', when: 'after' },
  'page of the gateway': { kind: 'envelope', http: 502, body: '<html>Bad Gateway</html>' },
  '429': { kind: 'rateLimit' },
  'truncated JSON': { kind: 'truncate', how: 'json' },
  'truncated connection': { kind: 'truncate', how: 'connection' },
  'answer without data': { kind: 'dropField', field: 'data' },
  'skewed clock': { kind: 'skew', ms: 3_600_000 },
  'success that is none': { kind: 'successTrap' },
};

const diskMoods: Partial<Record<Trouble, DiskMood>> = {
  'kill before a write': 'killedBefore',
  'kill within a write': 'killedTorn',
  'kill after a write': 'killedAfter',
  'disk full': 'full',
  'disk full within a write': 'fullTorn',
};

const startOfTime = 1_766_000_000_000;
const profile = { id: 'p1', name: 'Campaign', environment: 'DEMO', generation: 1, readOnly: false } as const;

/** One window of the editor: its own journal and client over the shared disk and exchange. */
class Window implements Mortal {
  isDead = false;
  readonly client: KucoinClient;
  readonly reconciler: Reconciler;
  /** Executed by request of which leg: what really happened. */
  private current: { readonly plan: Plan } | undefined;

  private constructor(
    readonly schedule: Schedule,
    readonly name: string,
    readonly journal: TransferJournal,
  ) {
    const { time, exchange, lease } = schedule;
    this.client = new KucoinClient({
      site,
      credentials: () => Promise.resolve(demoCredentials),
      transport: this.transport,
      time,
    });
    this.reconciler = new Reconciler({
      journal,
      lease: lease.for(this),
      time,
      isAlive: schedule.isAlive,
      now: () => time.now(),
      sourceOf: () => ({
        world: exchange.world,
        client: this.client,
        exchangeNow: () => this.client.clock.now(),
      }),
      onTrouble: (error) => {
        // The exchange and the disk may refuse; anything else is a fault of the program.
        if (!KucoinError.is(error) && !(error instanceof Error && error.name === 'JournalError')) {
          schedule.problems.push(`the reconciler threw ${String(error)}`);
        }
      },
    });
  }

  static async open(schedule: Schedule, name: string): Promise<Window> {
    const mortal: Mortal & { window?: Window } = {
      get isDead(): boolean {
        return this.window?.isDead ?? false;
      },
      die(): void {
        this.window?.die();
      },
    };
    const file = new WindowFile(schedule.disk, mortal, () => schedule.takeMood(name));
    const journal = await TransferJournal.open(file, { writer: name, now: () => schedule.time.now() });
    const window = new Window(schedule, name, journal);
    mortal.window = window;
    return window;
  }

  die(): void {
    this.isDead = true;
  }

  /** Plans and executes like a person who confirms; answers the record, if one came to be. */
  async transfer(intent: Intent, origin?: Origin): Promise<void> {
    const { schedule, client, journal } = this;
    const { time, chance } = schedule;
    const planned = plan(intent, { ...schedule.facts(), origin });
    if ('refused' in planned) {
      schedule.count(schedule.verdicts, 'refused before sending');
      return;
    }
    this.current = { plan: planned.plan };
    schedule.transfers += 1;
    const result = await execute({
      plan: planned.plan,
      client,
      journal,
      confirm: ({ identical }) => Promise.resolve(identical.length === 0 || chance.is(0.5)),
      now: () => time.now(),
      profileNow: () => profile,
      isAlive: schedule.isAlive,
      readTotals: async (leg) => ({
        from: await totalIn(client, leg.from, 'USDT'),
        to: await totalIn(client, leg.to, 'USDT'),
      }),
      awaitAccepted: (id) => this.reconciler.settle(id, 15_000),
      delay: (ms) => time.delay(ms),
      monotonic: () => time.monotonic(),
      maxAgeMs: Infinity,
    });
    if (result.kind !== 'done') return;
    const offers = chainOffers(journal, result.record.id, schedule);
    if (!offers || origin) return;
    const { intent: rest, origin: bound } = chance.is(0.5) ? offers.goOn : offers.bringBack;
    schedule.count(schedule.verdicts, `chain: ${bound.kind}`);
    await this.transfer(rest, bound);
  }

  private readonly transport: Transport = async (request): Promise<TransportReply> => {
    if (this.isDead) return never();
    const { schedule } = this;
    const isMoney = request.method === 'POST';
    const deed = isMoney ? this.deedOf(request.url, request.body) : undefined;
    const wire = isMoney ? schedule.takeWire(this.name) : undefined;
    if (wire === 'refused connection') {
      return { ok: false, failure: 'network', unsent: true, code: 'ECONNREFUSED' };
    }
    if (wire === 'kill before sending') {
      this.die();
      return never();
    }
    if (!isMoney && schedule.readsFail()) {
      return { ok: true, status: 500, headers: {}, text: '{"code":"500000","msg":"busy"}' };
    }
    const reply = await schedule.exchange.handle(request, deed);
    if (wire === 'kill after execution') this.die();
    // It may have died meanwhile: then nobody hears the answer.
    return schedule.isAlive(this.name) ? reply : never();
  };

  private deedOf(url: string, body: string): Deed | undefined {
    const found = this.current?.plan;
    const leg = found?.legs.findIndex((one) => one.body === body && url.endsWith(one.path)) ?? -1;
    return found && this.schedule.deed(found.id, leg);
  }
}

export class Schedule {
  readonly time = new FakeTime(startOfTime);
  readonly disk = new Disk();
  readonly lease = new SharedLease();
  readonly chance: Chance;
  readonly exchange: CampaignExchange;
  readonly problems: string[] = [];
  readonly verdicts = new Map<string, number>();
  private readonly faults = new Map<string, number>();
  private readonly deeds = new Map<string, Deed>();
  private readonly windows: Window[] = [];
  private readonly moods = new Map<string, { after: number; mood: DiskMood }>();
  private readonly wires = new Map<string, Trouble>();
  private failingReads = 0;
  private latest: Intent | undefined;
  private nextId = 0;
  transfers = 0;

  constructor(private readonly seed: number) {
    this.chance = new Chance(seed);
    const world: World = this.chance.pick(['today', 'seed']);
    const slow = this.chance.is(0.15);
    if (slow) this.count(this.faults, 'slow ledger');
    this.exchange = new CampaignExchange(world, this.time, this.chance, {
      ...(slow && { ledgerDelayMs: this.chance.between(5_000, 45_000) }),
      latencyMs: this.chance.between(5, 90),
      transferOutMs: this.chance.pick([0, 1_000, 5_000, 40_000]),
      transferOutEnd: this.chance.is(0.9) ? 'SUCCESS' : 'FAILURE',
    });
  }

  readonly now = (): number => this.time.now();
  readonly isAlive = (writer: string): boolean =>
    this.windows.some(({ name, isDead }) => name === writer && !isDead);

  async run(): Promise<ScheduleResult> {
    try {
      const work = this.play();
      await this.pump(work);
      const [last, records] = await this.pump(this.restart());
      this.judge(records);
      await this.pump(last.reconciler.stop());
      return this.result(records);
    } catch (error) {
      this.problems.push(`an exception: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
      return this.result([]);
    }
  }

  count(counts: Map<string, number>, name: string): void {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }

  takeMood(window: string): DiskMood {
    const armed = this.moods.get(window);
    if (!armed || armed.after-- > 0) return 'works';
    // A full disk stays full for some writes.
    if (!armed.mood.startsWith('full') || this.chance.is(0.4)) this.moods.delete(window);
    return armed.mood;
  }

  takeWire(window: string): Trouble | undefined {
    const trouble = this.wires.get(window);
    this.wires.delete(window);
    return trouble;
  }

  readsFail(): boolean {
    if (this.failingReads === 0) return false;
    this.failingReads -= 1;
    return true;
  }

  deed(transfer: string, leg: number): Deed {
    const key = `${transfer}/${leg}`;
    const deed = this.deeds.get(key) ?? { executed: 0 };
    this.deeds.set(key, deed);
    return deed;
  }

  facts(): PlanFacts {
    const { chance, time } = this;
    const everything = ['General', 'Spot', 'Futures', 'InnerTransfer'];
    const without = chance.is(0.5) ? '' : 'InnerTransfer';
    return {
      profile: { ...profile, world: this.exchange.world },
      permissions: new Set(everything.filter((name) => name !== without)),
      hasTradeHf: true,
      hasFutures: true,
      ipRestricted: true,
      isMaster: true,
      precision: 6,
      transferable: undefined,
      balances: { from: undefined, to: undefined },
      now: time.now(),
      newId: () =>
        `${String(this.seed).padStart(8, '0')}-0000-4000-8000-${String(++this.nextId).padStart(12, '0')}`,
    };
  }

  private async play(): Promise<void> {
    const windows = [await Window.open(this, 'A'), await Window.open(this, 'B')];
    this.windows.push(...windows);
    for (const { reconciler } of windows) reconciler.start();
    await Promise.all(windows.map((window) => Promise.race([this.session(window), this.deathOf(window)])));
  }

  /** A dead window does nothing any more, so nobody waits for it. */
  private async deathOf(window: Window): Promise<void> {
    while (!window.isDead) await this.time.delay(1_000);
  }

  private async session(window: Window): Promise<void> {
    for (let n = this.chance.between(1, 3); n > 0; n--) {
      await this.time.delay(this.chance.pick([0, 100, 3_000, 20_000, 90_000]));
      this.arm(window);
      await window.transfer(this.intent());
    }
  }

  /** Puts one thing in the way of the next transfer of a window. */
  private arm(window: Window): void {
    const trouble = this.chance.pick(troubles);
    this.count(this.faults, trouble);
    const fault = played[trouble];
    const mood = diskMoods[trouble];
    if (fault) {
      this.exchange.faults.add({ ...fault, match: { method: 'POST' }, skip: this.chance.is(0.2) ? 1 : 0 });
    } else if (mood) {
      this.moods.set(window.name, { mood, after: this.chance.below(5) });
    } else if (trouble === 'clock jump') {
      this.time.shiftWall(this.chance.pick([-7_200_000, -60_000, 60_000, 7_200_000]));
    } else if (trouble === 'reads fail') {
      this.failingReads = this.chance.between(1, 12);
    } else if (trouble !== 'none') {
      this.wires.set(window.name, trouble);
    }
  }

  /** Now and then the same as before: equal traces close to each other. */
  private intent(): Intent {
    if (!this.latest || !this.chance.is(0.12)) this.latest = this.newIntent();
    return this.latest;
  }

  private newIntent(): Intent {
    const { chance, exchange } = this;
    const isSeed = exchange.world === 'seed';
    const accounts: [AccountRef, ...AccountRef[]] = [
      own('main'),
      own('trade'),
      own('main'),
      own('trade'),
      own('margin'),
      own('isolated', 'BTC-USDT'),
      own('contract'),
      own('contract'),
      own('trade_hf'),
      own(isSeed ? 'margin_v2' : 'option'),
      ofSub(subUserId, 'main'),
      ofSub(subUserId, 'trade'),
      ofSub(subUserId, 'contract'),
      ofSub(otherSubUserId, 'main'),
    ];
    const from = chance.pick(accounts);
    const to = chance.pick(accounts);
    const amount = chance.is(0.02)
      ? '900000'
      : chance.is(0.2)
        ? chance.pick(['1', '2.5'])
        : `${chance.between(1, 400)}.${chance.between(1, 9)}`;
    return { profileId: profile.id, currency: 'USDT', amount: decimal(amount), from, to };
  }

  /** Every window is gone; a new one opens, and finds out what became of everything. */
  private async restart(): Promise<[Window, TransferRecord[]]> {
    for (const window of this.windows) window.die();
    this.moods.clear();
    this.wires.clear();
    this.failingReads = 0;
    this.exchange.faults.clear();
    const last = await Window.open(this, 'C');
    this.windows.push(last);
    last.reconciler.start();
    const { journal } = last;
    for (let minutes = 0; minutes < 12; minutes++) {
      await this.time.delay(60_000);
      await journal.refresh();
      const open = history(journal, this).some(({ state }) => state === 'unknown' || state === 'accepted');
      if (!open) break;
    }
    return [last, history(journal, this)];
  }

  /** Compares what the journal says with what the exchange did. */
  private judge(records: readonly TransferRecord[]): void {
    this.exchange.exchange.catchUp();
    if (!this.exchange.isConserved) this.problems.push('money was created or lost');
    const known = new Set(records.map(({ id }) => id));
    for (const [key, { executed }] of this.deeds) {
      if (executed > 0 && !known.has(key.split('/')[0] ?? '')) this.problems.push(`${key} is in no journal`);
    }
    for (const { id, legs } of records) {
      for (const [index, leg] of legs.entries()) {
        const deed = this.deeds.get(`${id}/${index}`);
        const moved = this.timesMoved(deed);
        this.count(this.verdicts, leg.state);
        const where = `${id} leg ${index} (${leg.endpoint})`;
        if ((deed?.executed ?? 0) > 1)
          this.problems.push(`${where} was executed ${deed?.executed ?? 0} times`);
        if (leg.moved === 'moved' && moved !== 1)
          this.problems.push(`${where} is ${leg.state}, moved ${moved}`);
        if (leg.moved === 'notMoved' && moved !== 0) {
          this.problems.push(`${where} is ${leg.state}, moved ${moved}`);
        }
        if (index > 0 && moved > 0 && legs[index - 1]?.moved !== 'moved') {
          this.problems.push(`${where} moved before the leg in front of it`);
        }
      }
    }
  }

  private timesMoved(deed: Deed | undefined): number {
    if (!deed) return 0;
    if (deed.applyId === undefined) return deed.executed;
    return this.exchange.withdrawal(deed.applyId)?.status === 'SUCCESS' ? deed.executed : 0;
  }

  private result(records: readonly TransferRecord[]): ScheduleResult {
    const unknown = { all: 0, decided: 0, undecidable: 0 };
    for (const { legs } of records) {
      for (const leg of legs) {
        if (!leg.evidence && leg.state !== 'unknown' && leg.state !== 'accepted') continue;
        unknown.all += 1;
        if (finalStates.has(leg.state)) unknown.decided += 1;
        else if (isUndecidable(leg)) unknown.undecidable += 1;
        if (!finalStates.has(leg.state))
          this.count(this.verdicts, `left: ${leg.evidence?.reasons.join(' ') ?? 'no evidence'}`);
      }
    }
    const { seed, faults, verdicts, transfers, problems } = this;
    return { seed, faults, verdicts, transfers, unknown, problems };
  }

  /** Lets time pass until the work is done. */
  private async pump<T>(work: Promise<T>): Promise<T> {
    const state = { isDone: false };
    const finished = work.finally(() => (state.isDone = true));
    finished.catch(() => undefined); // awaited below
    await settled();
    for (let idle = 0; !state.isDone;) {
      if (await this.time.advanceToNext()) idle = 0;
      else if (++idle > 100) throw new Error('nothing moves any more');
    }
    return finished;
  }
}

const finalStates: ReadonlySet<LegState> = new Set(['settled', 'notExecuted', 'rejected']);

/** Equal transfers close to each other leave equal traces, and without a balance before there is none to compare. */
function isUndecidable({ evidence }: LegRecord): boolean {
  return evidence?.finding === 'ambiguous' || (evidence?.reasons.includes('balancesNotKnown') ?? false);
}
