import { add, compare, subtract, zero, type Decimal } from '../kucoin/decimal';
import { relationOf } from '../kucoin/feed/events';
import { spotCurrency, type World } from '../kucoin/vocabulary';
import { accountKey, inOrder, type Account, type Balance, type MarginState, type Place } from './accounts';
import { type Applied, type BalanceEvent, type MarginEvent, type WalletEvent } from './events';

/** Readings that own accounts come from. */
export type BookFamily = 'list' | 'margin' | 'isolated' | 'futures' | 'unified';

/** When a snapshot was asked for, in the exchange's time, and how many gaps the feed had had by then. */
export interface Moment {
  readonly askedAt: number;
  readonly gaps: number;
}

export interface Snapshot extends Moment {
  readonly accounts: readonly Account[];
  /** Which account a row's id names, for events. */
  readonly ids?: ReadonlyMap<string, Place> | undefined;
}

/** Told of every figure that has changed. `before` is missing for a balance that is new. */
export type OnChange = (place: Place, before: Balance | undefined, now: Balance | undefined) => void;

/**
 * How much earlier than the question an event may be and still win over the answer: the clocks are known to half a
 * round trip. Safe, as events tell whole figures and none is missing between two gaps: an event that the snapshot
 * has in it already is followed by those that came after it.
 */
const toleranceMs = 1_000;

/** The event that a balance's figures are from. */
interface Claim {
  readonly time: number;
  readonly gaps: number;
  readonly version?: bigint | undefined;
  /** Events of the same millisecond that do not follow from the figures yet. */
  readonly waiting?: readonly BalanceEvent[] | undefined;
}

interface Slot {
  readonly position: number;
  claim: Claim | undefined;
}

interface Entry {
  readonly account: {
    readonly balances: Balance[];
    readAt: number;
    margin?: MarginState | undefined;
  } & Account;
  readonly slots: Map<string, Slot>;
  marginAt?: number;
}

const familyOf: Readonly<Record<string, BookFamily>> = {
  margin: 'margin',
  margin_v2: 'margin',
  isolated: 'isolated',
  isolated_v2: 'isolated',
  contract: 'futures',
  unified: 'unified',
};

/**
 * The accounts of the key's own user, from snapshots and events in any order. Events are kept from the first moment
 * on, also those of a family that has not been read yet: its first snapshot finds them.
 *
 * A snapshot counts as of the moment when it was asked for. An event wins over it when it is newer, and over another
 * event when it is newer; among those of one millisecond the signed changes tell the order.
 */
export class Book {
  /** When each family was asked for last; only families that were read are shown. */
  private readonly read = new Map<BookFamily, number>();
  private readonly entries = new Map<string, Entry>();
  private readonly ids = new Map<string, Place>();
  private sorted: readonly Account[] = [];
  private isSorted = false;
  private gapCount = 0;

  constructor(
    private readonly world: World,
    private readonly onChange: OnChange = () => undefined,
  ) {}

  /** The accounts of all families that were read, in order. The same array until there are others. */
  get accounts(): readonly Account[] {
    if (this.isSorted) return this.sorted;
    this.isSorted = true;
    const now = [...this.entries.values()]
      .map(({ account }) => account)
      .filter((account) => this.isRead(account))
      .sort(inOrder);
    const isSame =
      now.length === this.sorted.length && now.every((account, at) => account === this.sorted[at]);
    if (!isSame) this.sorted = now;
    return this.sorted;
  }

  get gaps(): number {
    return this.gapCount;
  }

  find(place: Place): Account | undefined {
    const account = this.entries.get(accountKey(place))?.account;
    return account && this.isRead(account) ? account : undefined;
  }

  balance(place: Place, currency: string): Balance | undefined {
    const entry = this.entries.get(accountKey(place));
    const slot = entry?.slots.get(currency);
    return slot && entry?.account.balances[slot.position];
  }

  /** Events were missed: what was told before holds only until the next snapshot that is asked for from now on. */
  markGap(): void {
    this.gapCount++;
  }

  /** A whole family as it was read. */
  replace(family: BookFamily, snapshot: Snapshot): void {
    const first = !this.read.has(family);
    this.read.set(family, snapshot.askedAt);
    const replaces = (type: string): boolean => {
      const own = familyOf[type] ?? 'list';
      // An older exchange lists margin accounts too: good until their own family was read.
      return own === family || (family === 'list' && !this.read.has(own));
    };
    const kept = new Set<string>();
    for (const account of snapshot.accounts) {
      if (!replaces(account.type)) continue;
      kept.add(accountKey(account));
      this.replaceAccount(account, snapshot, first);
    }
    for (const [key, entry] of this.entries) {
      if (replaces(entry.account.type) && !kept.has(key)) this.empty(key, entry, snapshot, first);
    }
    for (const [id, place] of snapshot.ids ?? []) this.ids.set(id, place);
    this.isSorted = false;
  }

  /** One account as it was read; the others of its family stay as they are. */
  replaceOne(account: Account, snapshot: Moment & Pick<Snapshot, 'ids'>): void {
    this.replaceAccount(account, snapshot, false);
    for (const [id, place] of snapshot.ids ?? []) this.ids.set(id, place);
    this.isSorted = false;
  }

  applyBalance(event: BalanceEvent): Applied {
    const place = this.ids.get(event.accountId) ?? this.named(event.relationEvent);
    if (!place) return 'unplaced';
    const entry = this.entryOf(place);
    const { currency, time } = event;
    const { claim, balance } = this.stateOf(entry, currency);
    if (this.isLate(entry, claim, time)) return 'ignored';
    if (claim?.gaps === this.gapCount && claim.time === time && !follows(balance, event)) {
      const waiting = [...(claim.waiting ?? []), event];
      if (waiting.length <= mostWaiting) this.setClaim(entry, currency, { ...claim, waiting });
      return 'ignored';
    }
    this.put(entry, place, asBalance(event, balance), { time, gaps: this.gapCount, waiting: claim?.waiting });
    this.ids.set(event.accountId, place);
    this.retry(entry, place, currency, time);
    return 'applied';
  }

  applyWallet(event: WalletEvent): Applied {
    const place = { type: 'contract' };
    const entry = this.entryOf(place);
    const currency = spotCurrency(event.currency);
    const version = BigInt(event.version);
    const { claim, balance } = this.stateOf(entry, currency);
    if (this.isLate(entry, claim, event.timestamp)) return 'ignored';
    if (claim?.gaps === this.gapCount && claim.version !== undefined && version <= claim.version)
      return 'ignored';
    const next = asFutures(event, currency, balance);
    this.put(entry, place, next, { time: event.timestamp, gaps: this.gapCount, version });
    return 'applied';
  }

  applyMargin(event: MarginEvent): Applied {
    const place = event.kind === 'pair' ? { type: 'isolated', tag: event.symbol } : { type: 'margin' };
    const entry = this.entries.get(accountKey(place));
    // Without the balances nobody has anything from a ratio: the first snapshot has it.
    if (!entry || !this.isRead(entry.account)) return 'unplaced';
    const at = event.timestamp;
    if (at < entry.account.readAt - toleranceMs || at < (entry.marginAt ?? 0)) return 'ignored';
    const before = entry.account.margin ?? { debtRatio: zero, status: '' };
    entry.marginAt = at;
    if (event.kind === 'status') {
      entry.account.margin = { ...before, status: event.status };
    } else if (event.kind === 'debtRatio') {
      entry.account.margin = { ...before, debtRatio: event.debtRatio };
      for (const balance of [...entry.account.balances]) {
        const liability = event.debts[balance.currency] ?? zero;
        this.owe(entry, place, balance, { liability }, at);
      }
    } else {
      entry.account.margin = { ...before, status: event.status };
      for (const [currency, asset] of Object.entries(event.assets)) {
        const { claim, balance = emptyBalance(currency) } = this.stateOf(entry, currency);
        const liability = add(asset.liabilityPrincipal, asset.liabilityInterest);
        const isNewer = (claim?.time ?? 0) < at;
        const figures = isNewer
          ? { total: asset.total, held: asset.hold, available: subtract(asset.total, asset.hold), liability }
          : { liability };
        this.owe(entry, place, balance, figures, at);
      }
    }
    this.onChange(place, undefined, undefined);
    return 'applied';
  }

  private owe(entry: Entry, place: Place, balance: Balance, figures: Partial<Balance>, at: number): void {
    const next = { ...balance, ...figures };
    if (isSame(next, balance)) return;
    const { claim } = this.stateOf(entry, balance.currency);
    const claimed = figures.total === undefined ? claim : { time: at, gaps: this.gapCount };
    this.put(entry, place, figures.total === undefined ? next : { ...next, pushedAt: at }, claimed);
  }

  /** Margin accounts that an older exchange lists are shown while their own family cannot be read. */
  private isRead({ type, readAt }: Account): boolean {
    return readAt > 0 || this.read.has(familyOf[type] ?? 'list');
  }

  /** The account that an event names. Since the merge of margin the names of HF accounts are other names of the same. */
  private named(relationEvent: string): Place | undefined {
    const { account, symbol: tag } = relationOf(relationEvent);
    if (account === undefined) return undefined;
    const type = this.world === 'seed' ? account : account.replace(/^(margin|isolated)_v2$/, '$1');
    return { type, ...(tag !== undefined && { tag }) };
  }

  private isLate(entry: Entry, claim: Claim | undefined, time: number): boolean {
    if (claim && time < claim.time) return true;
    const { type, readAt } = entry.account;
    return time < Math.max(readAt, this.read.get(familyOf[type] ?? 'list') ?? 0) - toleranceMs;
  }

  /** Events of one millisecond that came in the wrong order, as soon as they follow from the figures. */
  private retry(entry: Entry, place: Place, currency: string, time: number): void {
    for (;;) {
      const { claim, balance } = this.stateOf(entry, currency);
      const waiting = claim?.waiting?.filter((event) => event.time === time) ?? [];
      const next = waiting.find((event) => follows(balance, event));
      const rest = waiting.filter((event) => event !== next);
      if (claim?.waiting)
        this.setClaim(entry, currency, { ...claim, waiting: rest.length > 0 ? rest : undefined });
      if (!next) return;
      const claimed = { time, gaps: this.gapCount, waiting: rest };
      this.put(entry, place, asBalance(next, balance), claimed);
    }
  }

  private replaceAccount(account: Account, moment: Moment, first: boolean): void {
    const entry = this.entryOf(account);
    const before = new Map(entry.account.balances.map((balance) => [balance.currency, balance]));
    const claims = this.claimsAfter(entry, moment);
    entry.slots.clear();
    entry.account.balances.length = 0;
    entry.account.readAt = account.readAt;
    if ((entry.marginAt ?? 0) < moment.askedAt) entry.account.margin = account.margin;
    const place: Place = account;
    const rows = new Map(account.balances.map((balance) => [balance.currency, balance]));
    for (const currency of claims.keys()) if (!rows.has(currency)) rows.set(currency, emptyBalance(currency));
    for (const [currency, row] of rows) {
      const old = before.get(currency);
      before.delete(currency);
      const claim = claims.get(currency);
      const fresh = claim && old ? { ...old, liability: row.liability } : row;
      // The same object for the same figures: what was drawn of it still holds.
      const next = old && isSame(old, fresh) ? old : fresh;
      entry.slots.set(currency, { position: entry.account.balances.length, claim });
      entry.account.balances.push(next);
      if (next !== old && !first) this.onChange(place, old, next);
    }
    for (const old of before.values()) if (!first) this.onChange(place, old, undefined);
  }

  /** An account that a snapshot does not have: gone, unless events tell of it later than that. */
  private empty(key: string, entry: Entry, moment: Moment, first: boolean): void {
    if (this.claimsAfter(entry, moment).size === 0) {
      this.entries.delete(key);
      if (!first) for (const old of entry.account.balances) this.onChange(entry.account, old, undefined);
      return;
    }
    this.replaceAccount({ ...entry.account, readAt: moment.askedAt, balances: [] }, moment, first);
  }

  private claimsAfter(entry: Entry, { askedAt, gaps }: Moment): Map<string, Claim> {
    const claims = new Map<string, Claim>();
    for (const [currency, { claim }] of entry.slots) {
      if (claim && claim.gaps >= gaps && claim.time >= askedAt - toleranceMs) claims.set(currency, claim);
    }
    return claims;
  }

  private entryOf({ type, tag }: Place): Entry {
    const key = accountKey({ type, tag });
    const known = this.entries.get(key);
    if (known) return known;
    const account = { type, ...(tag !== undefined && { tag }), readAt: 0, balances: [] };
    const entry: Entry = { account, slots: new Map() };
    this.entries.set(key, entry);
    this.isSorted = false;
    return entry;
  }

  private stateOf(
    entry: Entry,
    currency: string,
  ): { claim?: Claim | undefined; balance?: Balance | undefined } {
    const slot = entry.slots.get(currency);
    return { claim: slot?.claim, balance: slot && entry.account.balances[slot.position] };
  }

  private setClaim(entry: Entry, currency: string, claim: Claim): void {
    const slot = entry.slots.get(currency);
    if (slot) slot.claim = claim;
  }

  private put(entry: Entry, place: Place, next: Balance, claim: Claim | undefined): void {
    const { balances } = entry.account;
    const slot = entry.slots.get(next.currency);
    const before = slot && balances[slot.position];
    if (slot) {
      slot.claim = claim;
      balances[slot.position] = next;
    } else {
      entry.slots.set(next.currency, { position: balances.length, claim });
      balances.push(next);
      // An account that only events know is shown from its first figures on.
      if (entry.account.readAt === 0) this.isSorted = false;
    }
    if (this.isRead(entry.account)) this.onChange(place, before, next);
  }
}

/** More events of one millisecond than this have never been meant to be sorted. */
const mostWaiting = 100;

function emptyBalance(currency: string): Balance {
  return { currency, total: zero, available: zero, held: zero };
}

function asBalance(
  { currency, total, available, hold, time }: BalanceEvent,
  before: Balance | undefined,
): Balance {
  return {
    currency,
    total,
    available,
    held: hold,
    ...(before?.liability !== undefined && { liability: before.liability }),
    pushedAt: time,
  };
}

function asFutures(event: WalletEvent, currency: string, before: Balance | undefined): Balance {
  const unrealisedPnl = add(event.crossUnPnl, event.isolatedUnPnl);
  return {
    currency,
    total: event.equity,
    available: event.availableBalance,
    held: event.holdBalance,
    futures: {
      unrealisedPnl,
      marginBalance: subtract(event.equity, unrealisedPnl),
      positionMargin: add(event.crossPosMargin, event.isolatedPosMargin),
      orderMargin: add(event.crossOrderMargin, event.isolatedOrderMargin),
      // What was known of it does not hold any more; what is not told is not known.
      ...(event.maxWithdrawAmount != null && { maxWithdraw: event.maxWithdrawAmount }),
      ...(before?.futures?.riskRatio !== undefined && { riskRatio: before.futures.riskRatio }),
    },
    pushedAt: event.timestamp,
  };
}

/** Whether an event starts where the figures are. */
function follows(balance: Balance | undefined, event: BalanceEvent): boolean {
  if (!balance) return true;
  const start = (now: Decimal, change: Decimal): Decimal => subtract(now, change);
  return (
    compare(start(event.available, event.availableChange), balance.available) === 0 &&
    compare(start(event.hold, event.holdChange), balance.held) === 0
  );
}

const figures = ['total', 'available', 'held', 'liability'] as const;
const futuresFigures = [
  'unrealisedPnl',
  'marginBalance',
  'positionMargin',
  'orderMargin',
  'maxWithdraw',
  'riskRatio',
] as const;

/** Whether two balances say the same, but for when it was said. */
export function isSame(a: Balance, b: Balance): boolean {
  return (
    figures.every((name) => a[name] === b[name]) &&
    a.pushedAt === b.pushedAt &&
    futuresFigures.every((name) => a.futures?.[name] === b.futures?.[name])
  );
}
