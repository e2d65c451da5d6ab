import type { CallOptions } from '../kucoin/client';
import { add, compare, subtract, type Decimal } from '../kucoin/decimal';
import { KucoinError } from '../kucoin/errors';
import { futuresTransfersOut, type FuturesTransferOutRow } from '../kucoin/paging';
import type { Time } from '../kucoin/time';
import { futuresCurrency, type World } from '../kucoin/vocabulary';
import { totalIn, type ReadClient } from './balances';
import {
  attribute,
  conclude,
  earlierMs,
  explains,
  laterMs,
  type Claimant,
  type Conclusion,
  type EvidenceReason,
  type SideAnswer,
  type SideEvidence,
} from './evidence';
import { transferRecord, type HistoryOptions, type LegRecord, type TransferRecord } from './history';
import { accountKey, type AccountRef } from './intent';
import { JournalError, type TransferJournal } from './journal';
import type { Lease } from './lease';
import { LedgerLook, type AccountRows, type LedgerRow } from './ledgers';
import { pushedAmount, pushedRows, pushSource, type BalancePush, type BalancePushes } from './pushes';
import type { Available, Evidence, EvidenceRow } from './records';

/** The exchange of one profile, as far as evidence is read from it. */
export interface EvidenceSource {
  readonly world: World;
  readonly client: ReadClient;
  /** Time of the exchange, milliseconds since the epoch; that of `client.clock`. */
  readonly exchangeNow: () => Promise<number>;
  /** Ids of the profiles of the same user, whose transfers stand in the same ledgers. Its own alone where left out. */
  readonly sameUser?: readonly string[] | undefined;
  /** What a feed tells of the balances of this profile, while one runs. */
  readonly pushes?: BalancePushes | undefined;
}

export interface ReconcilerOptions extends HistoryOptions {
  readonly journal: TransferJournal;
  readonly lease: Lease;
  readonly time: Time;
  /** `undefined` while a profile cannot be asked: gone, without its secret, or without a session. */
  readonly sourceOf: (profileId: string) => EvidenceSource | undefined;
  /** A leg was looked at, and something new was found. */
  readonly onFinding?: ((record: TransferRecord, leg: number, evidence: Evidence) => void) | undefined;
  /** Something went wrong that the next round may not meet; for logs. */
  readonly onTrouble?: ((error: unknown) => void) | undefined;
}

/** Pauses between two looks at the same leg, ms; the last one repeats. */
const pausesMs = [2_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000];
/** Looks after which a leg is left alone until somebody asks or the next start. */
const mostLooks = 20;
/** How long a window that lost the lease waits before it asks for it again, ms. */
const leaseMs = 10_000;

const leaseId = 'reconcile';

/**
 * Finds out what became of transfers whose outcome is unknown, from evidence, in one window at a time. It reads and
 * writes down what it finds; it never sends a transfer.
 */
export class Reconciler {
  private readonly looks = new Map<string, { count: number; nextAt: number }>();
  private stopped: AbortController | undefined;
  private wake: (() => void) | undefined;
  /** Feeds that are listened to, and what they told that was acted on: the same push may come again. */
  private readonly feeds = new Map<BalancePushes, { dispose(): void }>();
  private readonly heard = new Set<string>();

  constructor(private readonly options: ReconcilerOptions) {}

  /** Works until `stop`. */
  start(): void {
    if (this.stopped) return;
    this.stopped = new AbortController();
    void this.run(this.stopped.signal);
  }

  /** Ends the work and gives the lease to others. */
  async stop(): Promise<void> {
    if (!this.stopped) return;
    this.stopped.abort();
    this.stopped = undefined;
    this.listenTo(new Set());
    await this.options.lease.release(leaseId);
  }

  /** Something happened: the journal was written, or a feed tells of a transfer. Looks again soon. */
  kick(): void {
    for (const look of this.looks.values()) look.nextAt = 0;
    this.wake?.();
  }

  /**
   * Looks at a transfer now, whatever the schedule, for somebody who waits. `undefined` when there is nothing to find
   * out. @throws JournalError, KucoinError
   */
  async check(id: string): Promise<Evidence | undefined> {
    const { journal } = this.options;
    await journal.refresh();
    const open = openLegOf(transferRecord(journal, id, this.options));
    return open && this.look(open, { priority: 'interactive' });
  }

  /** Looks at a transfer by the schedule until its outcome is known or the time is over. For chains that wait. */
  async settle(id: string, forMs: number): Promise<void> {
    const { time } = this.options;
    const end = time.monotonic() + forMs;
    for (let look = 0; ; look++) {
      const pause = look === 0 ? 1_000 : pauseAfter(look - 1);
      if (time.monotonic() + pause > end) return;
      await time.delay(pause);
      try {
        await this.check(id);
      } catch (error) {
        this.options.onTrouble?.(error);
      }
      if (!openLegOf(transferRecord(this.options.journal, id, this.options))) return;
    }
  }

  private listenTo(feeds: ReadonlySet<BalancePushes>): void {
    for (const [feed, listening] of this.feeds) {
      if (feeds.has(feed)) continue;
      listening.dispose();
      this.feeds.delete(feed);
    }
    for (const feed of feeds) {
      if (!this.feeds.has(feed))
        this.feeds.set(
          feed,
          feed.onPush((push) => this.hear(feed, push)),
        );
    }
    if (feeds.size === 0) this.heard.clear();
  }

  /** A push that may be of a leg that is due later: it is looked at now. */
  private hear(feed: BalancePushes, push: BalancePush): void {
    if (!push.relationEvent.endsWith('.transfer')) return;
    const key = `${push.relationEventId}/${push.accountId}`;
    for (const leg of this.openLegs()) {
      const { intent, profile } = leg.record;
      if (intent.currency !== push.currency || compare(intent.amount, pushedAmount(push)) !== 0) continue;
      if (this.heard.has(key) || this.options.sourceOf(profile.id)?.pushes !== feed) continue;
      this.heard.add(key);
      const look = this.looks.get(keyOf(leg));
      if (look) look.nextAt = 0;
      this.wake?.();
    }
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { time, lease, onTrouble } = this.options;
    while (!signal.aborted) {
      let pause = leaseMs;
      try {
        if (await lease.tryTake(leaseId)) pause = await this.round(signal);
      } catch (error) {
        onTrouble?.(error);
      }
      const nap = new AbortController();
      // One that was stopped meanwhile must not take the place of one that has begun since.
      if (this.stopped?.signal === signal) this.wake = () => nap.abort();
      await time.delay(pause, AbortSignal.any([signal, nap.signal])).catch(() => undefined); // woken, or stopped
    }
  }

  /** One look at every leg that is due. Answers the pause until the next one is. */
  private async round(signal: AbortSignal): Promise<number> {
    const { journal, time, lease, onTrouble } = this.options;
    await journal.refresh();
    const open = this.openLegs();
    const { sourceOf } = this.options;
    this.listenTo(new Set(open.flatMap(({ record }) => sourceOf(record.profile.id)?.pushes ?? [])));
    for (const key of this.looks.keys()) {
      if (!open.some((leg) => keyOf(leg) === key)) this.looks.delete(key);
    }
    for (const leg of open) {
      const key = keyOf(leg);
      const now = time.monotonic();
      const due = this.looks.get(key) ?? { count: 0, nextAt: now + pauseAfter(0) };
      this.looks.set(key, due);
      if (due.nextAt > now || due.count >= mostLooks) continue;
      // Long work must not outlive the lease.
      if (signal.aborted || !(await lease.tryTake(leaseId))) break;
      due.count += 1;
      due.nextAt = Infinity;
      try {
        await this.look(leg, { priority: 'background', signal });
      } catch (error) {
        onTrouble?.(error);
      }
      if (due.nextAt === Infinity) due.nextAt = time.monotonic() + pauseAfter(due.count);
    }
    const waiting = [...this.looks.values()].filter(({ count }) => count < mostLooks);
    const next = Math.min(...waiting.map(({ nextAt }) => nextAt)) - time.monotonic();
    return Math.max(Math.min(next, leaseMs), 0);
  }

  private openLegs(): OpenLeg[] {
    const { journal } = this.options;
    return journal.undecidedIds().flatMap((id) => openLegOf(transferRecord(journal, id, this.options)) ?? []);
  }

  /** Reads the evidence for one leg and writes down what it says. */
  private async look(open: OpenLeg, options: CallOptions): Promise<Evidence | undefined> {
    const { record } = open;
    const source = this.options.sourceOf(record.profile.id);
    if (!source) return undefined;
    const now = await source.exchangeNow();
    const { conclusion, applied, totals } =
      open.leg.endpoint === 'futuresTransferOut'
        ? await this.lookAtList(open, source, now, options)
        : await this.lookAtLedgers(open, source, now, options);
    const { finding, rows, reasons } = conclusion;
    const evidence: Evidence = { finding, seenAt: now, rows, totals, reasons };
    await this.write(open, evidence, conclusion.conclusive, applied);
    return evidence;
  }

  private async lookAtLedgers(
    { record, leg, index }: OpenLeg,
    source: EvidenceSource,
    now: number,
    options: CallOptions,
  ): Promise<Look> {
    const { client, world, pushes } = source;
    const { currency, amount } = record.intent;
    const sentAt = leg.sentAt ?? now;
    // Balances first: what moves between the two readings then shows in the ledger only, and explains nothing.
    const totals = await totalsNow(client, leg, currency, options);
    const others = this.claimants(record, index, this.usersOf(record, source), sentAt);
    // From the first moment to which a row of another transfer may belong: it must not look like one of this.
    const startAt = Math.min(
      sentAt - earlierMs,
      (leg.totalsBefore?.at ?? sentAt) - readingMs,
      ...others.map(({ claimant }) => claimant.from),
    );
    const span = { startAt, endAt: Math.max(Math.min(now, startAt + longestSpanMs), startAt + 1) };
    const asked: Claimant = {
      isAsked: true,
      certain: false,
      from: sentAt - earlierMs,
      until: sentAt + laterMs,
    };
    const look = new LedgerLook(client, { ...span, world, currency }, options);
    const sideOf = async (side: 'from' | 'to'): Promise<SideEvidence> => {
      const account = leg[side];
      const lists = await look.rowsOf(account);
      if (!lists) return { balance: 'notKnown' };
      const direction = side === 'from' ? 'out' : 'in';
      const kind = kindOf(leg);
      const taken = new Set(others.flatMap(({ rows }) => rows.map(rowKey)));
      const fitting = lists.map(({ rows }) =>
        rows.filter(
          (row) =>
            row.direction === direction &&
            compare(row.amount, amount) === 0 &&
            (row.kind === kind || row.kind === 'any') &&
            !taken.has(rowKey(row)),
        ),
      );
      // Where an account stands in two ledgers, the first that knows of such a movement speaks for it.
      const rows = fitting.find((found) => found.length > 0) ?? [];
      const rivals = others.filter(
        (other) =>
          touches(other, side, account) &&
          // Only the futures ledger does not tell transfers within one holder from others.
          (kindOf(other.leg) === kind || account.type === 'contract') &&
          !other.rows.some((row) => row.direction === direction && isOfLedger(row)),
      );
      const ledger = attribute(rows, [asked, ...rivals.map(({ claimant }) => claimant)]);
      return {
        ledger,
        balance: balanceOf(side, lists, {
          leg,
          amount,
          totals,
          whole: span.endAt === now,
          isLater: index > 0,
        }),
      };
    };
    const [from, to] = [await sideOf('from'), await sideOf('to')];
    const conclusion = conclude(from, to, now - sentAt);
    if (conclusion.conclusive || !pushes) return { conclusion, totals };
    const told = pushes.since(startAt);
    const [pushedFrom, pushedTo] = (['from', 'to'] as const).map((side) =>
      withPush(
        side === 'from' ? from : to,
        pushedSide(side, { leg, amount, currency, world, told, asked, others }),
      ),
    );
    // A feed may have missed anything, so pushes settle a transfer and say nothing against one. Where the exchange
    // shows one side only, a push of it may as well be of another transfer than this kind.
    if (pushedFrom?.ledger?.is === 'yes' && pushedTo?.ledger?.is === 'yes') {
      const proved = conclude(pushedFrom, pushedTo, now - sentAt);
      return { conclusion: { ...proved, reasons: ['pushed'] }, totals };
    }
    return { conclusion, totals };
  }

  private usersOf({ profile }: TransferRecord, { sameUser }: EvidenceSource): readonly string[] {
    return sameUser ?? this.options.sameUser?.(profile.id) ?? [profile.id];
  }

  /** A transfer-out is looked up in its own list (kucoin-api 8.21); the ledgers speak where the list is gone. */
  private async lookAtList(
    open: OpenLeg,
    source: EvidenceSource,
    now: number,
    options: CallOptions,
  ): Promise<Look> {
    const { record, leg, index } = open;
    const { currency, amount } = record.intent;
    const sentAt = leg.sentAt ?? now;
    const found: FuturesTransferOutRow[] = [];
    try {
      const filter = {
        currency: futuresCurrency(currency),
        startAt: sentAt - earlierMs,
        endAt: Math.max(Math.min(now, sentAt + laterMs), sentAt),
      };
      const call = source.client.call.bind(source.client);
      const { priority = 'background', signal } = options;
      for await (const row of futuresTransfersOut(call, filter, { priority, signal, maxPages: 20 }))
        found.push(row);
    } catch (error) {
      if (!KucoinError.is(error) || !['removed', 'notFound', 'permission'].includes(error.kind)) throw error;
      return this.lookAtLedgers(open, source, now, options);
    }
    const own = leg.applyId;
    if (own !== undefined) {
      const row = found.find(({ applyId }) => applyId === own);
      if (row) return { conclusion: conclusionOf(row) };
      return { conclusion: { finding: 'inProgress', rows: [], reasons: ['listMissing'], conclusive: false } };
    }
    const others = this.claimants(record, index, this.usersOf(record, source), sentAt).filter(
      ({ leg: other }) => other.endpoint === 'futuresTransferOut',
    );
    const taken = new Set(
      others.flatMap(({ leg: other, rows }) => [other.applyId, ...rows.map(({ id }) => id)]),
    );
    const rows = found.filter((row) => compare(row.amount, amount) === 0 && !taken.has(row.applyId));
    const asked: Claimant = {
      isAsked: true,
      certain: false,
      from: sentAt - earlierMs,
      until: sentAt + laterMs,
    };
    const rivals = others.filter((other) => other.leg.applyId === undefined && other.rows.length === 0);
    const answer = attribute(rows.map(listRow), [asked, ...rivals.map(({ claimant }) => claimant)]);
    if (answer.is === 'yes') {
      const row = rows.find(({ applyId }) => applyId === answer.row.id);
      if (row) return { conclusion: conclusionOf(row), applied: row };
    }
    const age = now - sentAt;
    const silent = {
      ledger: { is: answer.is === 'yes' ? 'either' : answer.is },
      balance: 'explained',
    } as const;
    // The list is kept at once and knows every transfer-out: it needs no balances beside it.
    return { conclusion: conclude(silent, { balance: 'notKnown' }, age) };
  }

  /** The other legs of this journal that may have made a row like those of the leg in question. */
  private claimants(
    { id, intent, profile }: TransferRecord,
    index: number,
    sameUser: readonly string[],
    sentAt: number,
  ): Rival[] {
    const { journal } = this.options;
    const found: Rival[] = [];
    let older = 0;
    for (const other of journal.ids().reverse()) {
      // Ids come in the order of the file; clocks may jump, so a few old ones are no end yet.
      if (older > farAway) break;
      const record = transferRecord(journal, other, this.options);
      if (!record) continue;
      if (record.profile.id !== profile.id && !sameUser.includes(record.profile.id)) continue;
      if (record.intent.currency !== intent.currency) continue;
      for (const [n, leg] of record.legs.entries()) {
        if (leg.sentAt === undefined || (other === id && n === index)) continue;
        if (leg.sentAt < sentAt - nearbyMs) older += 1;
        if (Math.abs(leg.sentAt - sentAt) > nearbyMs) continue;
        if (compare(record.intent.amount, intent.amount) !== 0 || !mayHaveMoved(leg)) continue;
        const slow = leg.endpoint === 'futuresTransferOut' ? nearbyMs : laterMs;
        found.push({
          leg,
          rows: leg.evidence?.finding === 'happened' ? leg.evidence.rows : [],
          claimant: {
            isAsked: false,
            certain: leg.moved === 'moved',
            from: leg.sentAt - earlierMs,
            until: leg.sentAt + slow,
          },
        });
      }
    }
    return found;
  }

  private async write(
    { record, leg, index }: OpenLeg,
    evidence: Evidence,
    conclusive: boolean,
    applied: FuturesTransferOutRow | undefined,
  ): Promise<void> {
    const { journal, onFinding } = this.options;
    const about = { transfer: record.id, leg: index } as const;
    const before = leg.evidence;
    const isNews = before?.finding !== evidence.finding || before.reasons.join() !== evidence.reasons.join();
    if (!conclusive && !isNews) return;
    try {
      if (journal.transfer(record.id)?.states[index] === 'sent') {
        // Its window is gone without an answer: the journal says so before it says more.
        await journal.append({ ...about, state: 'unknown', error: { kind: 'crash' } });
      }
      if (applied && evidence.finding === 'inProgress') {
        await journal.append({
          ...about,
          state: 'accepted',
          applyId: applied.applyId,
          status: applied.status,
        });
      }
      if (!conclusive) await journal.append({ ...about, state: 'evidence', evidence });
      else if (evidence.finding === 'happened') {
        const applyId = applied?.applyId ?? leg.applyId;
        await journal.append({ ...about, state: 'settled', by: 'evidence', applyId, evidence });
      } else await journal.append({ ...about, state: 'notExecuted', by: 'evidence', evidence });
    } catch (error) {
      // Somebody has settled it meanwhile: another window, or the answer that came after all.
      if (!JournalError.is(error, 'illegal')) throw error;
      return;
    }
    const now = transferRecord(journal, record.id, this.options);
    if (now) onFinding?.(now, index, evidence);
  }
}

/** Other transfers within this distance may have made the same rows, ms. */
const nearbyMs = 10 * 60_000;
/** How far the two clocks may disagree about when balances were read, ms. */
const readingMs = 1_000;
/** Transfers before the search for others ends. */
const farAway = 50;
/** One call to a ledger may ask for a day; an hour is more than any row needs. */
const longestSpanMs = 60 * 60_000;

/** Rows of the list of transfers out, which are in no ledger. */
const listSource = 'transfersOut';

/** Rows of other sources stand for the same movement once more: its row in the ledger is still to be given away. */
function isOfLedger({ source }: Pick<EvidenceRow, 'source'>): boolean {
  return source !== listSource && source !== pushSource;
}

interface PushFacts {
  readonly leg: LegRecord;
  readonly amount: Decimal;
  readonly currency: string;
  readonly world: World;
  readonly told: readonly BalancePush[];
  readonly asked: Claimant;
  readonly others: readonly Rival[];
}

/** What pushes say of one side. Any other transfer of the amount may have made them: they tell less than ledgers do. */
function pushedSide(
  side: 'from' | 'to',
  { leg, amount, currency, world, told, asked, others }: PushFacts,
): SideAnswer | undefined {
  const direction = side === 'from' ? 'out' : 'in';
  const taken = new Set(others.flatMap(({ rows }) => rows.map(rowKey)));
  const rows = pushedRows(told, world, leg[side], currency)?.filter(
    (row) => row.direction === direction && compare(row.amount, amount) === 0 && !taken.has(rowKey(row)),
  );
  const rivals = others.filter(
    ({ rows: own }) => !own.some((row) => row.source === pushSource && row.direction === direction),
  );
  // Its push may have been missed, so nobody certainly has one.
  return rows && attribute(rows, [asked, ...rivals.map(({ claimant }) => ({ ...claimant, certain: false }))]);
}

/** A push fills in for a row that is not there yet; what the ledger leaves open stays open. */
function withPush(side: SideEvidence, pushed: SideAnswer | undefined): SideEvidence {
  const isSilent = side.ledger?.is === 'no' || side.ledger?.is === 'late';
  return isSilent && pushed?.is === 'yes' ? { ...side, ledger: pushed } : side;
}

interface OpenLeg {
  readonly record: TransferRecord;
  readonly leg: LegRecord;
  readonly index: number;
}

interface Rival {
  readonly leg: LegRecord;
  readonly claimant: Claimant;
  /** Rows that evidence has given to it. */
  readonly rows: readonly EvidenceRow[];
}

interface Look {
  readonly conclusion: Conclusion;
  readonly applied?: FuturesTransferOutRow | undefined;
  readonly totals?: Available | undefined;
}

/** The leg of a transfer whose outcome is to be found out. */
function openLegOf(record: TransferRecord | undefined): OpenLeg | undefined {
  const index = record?.legs.findIndex(({ state }) => state === 'unknown' || state === 'accepted') ?? -1;
  const leg = record?.legs[index];
  return record && leg && { record, leg, index };
}

function keyOf({ record, index }: OpenLeg): string {
  return `${record.id}/${index}`;
}

function pauseAfter(looks: number): number {
  return pausesMs[Math.min(looks, pausesMs.length - 1)] ?? leaseMs;
}

function mayHaveMoved({ moved, state }: LegRecord): boolean {
  return moved !== 'notMoved' && state !== 'planned';
}

function kindOf({ from, to }: Pick<LegRecord, 'from' | 'to'>): LedgerRow['kind'] {
  return from.owner === 'self' && to.owner === 'self' ? 'own' : 'sub';
}

/** Whether a row of this account and side could be the other transfer's. Ledgers do not tell the pair of a row. */
function touches({ leg }: Rival, side: 'from' | 'to', account: AccountRef): boolean {
  const { owner, type } = leg[side];
  return accountKey({ owner, type }) === accountKey({ owner: account.owner, type: account.type });
}

function rowKey({ source, id }: Pick<EvidenceRow, 'source' | 'id'>): string {
  return `${source}/${id}`;
}

async function totalsNow(
  client: ReadClient,
  { from, to }: LegRecord,
  currency: string,
  options: CallOptions,
): Promise<Available> {
  const read = async (account: AccountRef): Promise<Decimal | undefined> => {
    try {
      return await totalIn(client, account, currency, options);
    } catch (error) {
      // A balance that this key may not read is not known; the ledgers speak for themselves.
      if (KucoinError.is(error) && error.kind !== 'stale' && error.kind !== 'cancelled') return undefined;
      throw error;
    }
  };
  return { from: await read(from), to: await read(to) };
}

interface BalanceFacts {
  readonly leg: LegRecord;
  readonly amount: Decimal;
  readonly totals: Available;
  /** Whether the ledgers were read up to now. */
  readonly whole: boolean;
  /** A leg of a chain whose funds the leg before has brought, and was seen to, before the balance was read. */
  readonly isLater: boolean;
}

/** Whether the balance says that the transfer did not happen, given all movements that the ledgers show. */
function balanceOf(
  side: 'from' | 'to',
  lists: readonly AccountRows[],
  { leg, amount, totals, whole, isLater }: BalanceFacts,
): SideEvidence['balance'] {
  const before = leg.totalsBefore?.[side];
  const now = totals[side];
  if (before === undefined || now === undefined || !whole) return 'notKnown';
  const until = leg.sentAt ?? 0;
  const from = Math.min(leg.totalsBefore?.at ?? until, until) - readingMs;
  // Whether a movement between reading and sending is in the balance that was read, nobody can tell: any cut may do.
  const fits = (start: Decimal): boolean =>
    lists.some(({ rows: all }) => {
      const rows = side === 'from' && isLater ? withoutArrival(all, amount, until) : all;
      const inDoubt = rows.flatMap(({ time }) => (time >= from && time <= until ? [time + 1] : []));
      return [from, ...inDoubt].some((cut) =>
        explains(
          rows.filter(({ time }) => time >= cut),
          start,
          now,
        ),
      );
    });
  const after = side === 'from' ? subtract(before, amount) : add(before, amount);
  // An execution whose row is late would explain it as well: the balance says nothing then.
  if (fits(before)) return fits(after) ? 'notKnown' : 'explained';
  return lists.every(({ shared }) => shared) ? 'notKnown' : 'notExplained';
}

/** Without the movement that brought the funds of a later leg: the newest such one before it was sent. */
function withoutArrival(rows: readonly LedgerRow[], amount: Decimal, sentAt: number): readonly LedgerRow[] {
  const arrivals = rows.filter(
    (row) => row.direction === 'in' && compare(row.amount, amount) === 0 && row.time <= sentAt,
  );
  const arrival = arrivals.reduce<LedgerRow | undefined>(
    (newest, row) => (newest === undefined || row.time > newest.time ? row : newest),
    undefined,
  );
  return rows.filter((row) => row !== arrival);
}

function listRow({ applyId, amount, createdAt }: FuturesTransferOutRow): LedgerRow {
  return {
    source: listSource,
    id: applyId,
    direction: 'out',
    account: 'CONTRACT',
    amount,
    time: createdAt,
    kind: 'any',
  };
}

const listFindings: Readonly<
  Record<string, { readonly finding: Conclusion['finding']; readonly reason: EvidenceReason }>
> = {
  SUCCESS: { finding: 'happened', reason: 'listSuccess' },
  FAILURE: { finding: 'veryLikelyNotExecuted', reason: 'listFailure' },
};

function conclusionOf(row: FuturesTransferOutRow): Conclusion {
  const told = listFindings[row.status];
  if (!told) return { finding: 'inProgress', rows: [], reasons: ['listProcessing'], conclusive: false };
  const { finding, reason } = told;
  const rows: EvidenceRow[] =
    finding === 'happened'
      ? [
          {
            source: listSource,
            id: row.applyId,
            direction: 'out',
            account: 'CONTRACT',
            amount: row.amount,
            time: row.createdAt,
          },
        ]
      : [];
  return { finding, rows, reasons: [reason], conclusive: true };
}
