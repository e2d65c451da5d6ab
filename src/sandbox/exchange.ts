import { accountTypes, type AccountTypeId } from '../kucoin/accountTypes';
import { add, compare, isZero, subtract, sum, zero, type Decimal } from '../kucoin/decimal';
import type { Host, World } from '../kucoin/vocabulary';
import { demoHistory, demoKeys, demoUsers, openingAgeMs, openingBalances } from './demo';
import { available, Ledger, outside, type AccountRef, type LedgerSnapshot, type Movement } from './ledger';
import { Market, unitsText, type Step } from './market/market';
import { Orders, type SpotOrder } from './orders';
import type { ApiKey, User } from './people';
import { Quota } from './quota';
import type { Token } from './sockets/tokens';
import type { Switches } from './switches';
import type { ExchangeClock } from './time';

/** A transfer out of the futures account, which is done in the background (kucoin-api 8.19). */
export interface Withdrawal {
  readonly applyId: string;
  /** Counts from 1. */
  readonly number: number;
  readonly uid: number;
  /** As the spot host names it. */
  readonly currency: string;
  readonly amount: Decimal;
  readonly to: 'main' | 'trade';
  readonly status: 'PROCESSING' | 'SUCCESS' | 'FAILURE';
  /** Why it failed; empty otherwise. */
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** When it ends; `null`: never. */
  readonly dueAt: number | null;
}

/** The feed of a host. */
export interface Feed {
  /** `ws://127.0.0.1:port/` */
  readonly endpoint: string;
  readonly issue: (token: Token) => string;
}

export interface ExchangeSnapshot {
  readonly world: World;
  readonly users: readonly User[];
  readonly keys: readonly ApiKey[];
  readonly ledger: LedgerSnapshot;
  /** [uid/clientOid, orderId] of every executed transfer. */
  readonly transfers: readonly (readonly [string, string])[];
  readonly orders: number;
  readonly withdrawals: readonly Withdrawal[];
  readonly spotOrders: readonly SpotOrder[];
}

/** What one local KuCoin knows: users, keys, ledger, quotas, time. Rules read and change it; HTTP is elsewhere. */
export class Exchange {
  readonly ledger: Ledger;
  readonly quota = new Quota();
  readonly market: Market;
  readonly spotOrders = new Orders(this);
  /** Hears of every step of the market. */
  onStep: (step: Step) => void = () => undefined;
  /** Where each host hands out tokens; absent while it does not listen. */
  readonly feeds: Partial<Record<Host, Feed>> = {};
  readonly users = new Map<number, User>();
  readonly keys = new Map<string, ApiKey>();
  /** orderId by uid and clientOid. */
  private readonly transfers = new Map<string, string>();
  private orderCount = 0;
  /** Transfers out of futures accounts, by applyId, oldest first. */
  private readonly withdrawals = new Map<string, Withdrawal>();

  constructor(
    readonly world: World,
    public switches: Switches,
    readonly clock: ExchangeClock,
    /** At least 0, below 1. */
    readonly random: () => number,
  ) {
    this.ledger = new Ledger((type, count) => this.rowId(type, count));
    this.market = new Market({
      seed: switches.marketSeed,
      changes: () => this.switches.marketChanges,
      onStep: (step) => this.onStep(step),
    });
  }

  /** A new exchange with the demo data of a world. */
  static demo(world: World, switches: Switches, clock: ExchangeClock, random: () => number): Exchange {
    const exchange = new Exchange(world, switches, clock, random);
    for (const user of demoUsers) exchange.users.set(user.uid, user);
    for (const key of Object.values<ApiKey>(demoKeys)) exchange.keys.set(key.key, key);
    const now = clock.now();
    const time = now - openingAgeMs;
    for (const { total, currency, held, locked, debt, ...to } of openingBalances(world, switches.hfOpened)) {
      const movement = { from: outside, to, currency, amount: total, bizType: 'DEPOSIT', time } as const;
      if (isZero(total)) exchange.ledger.open(to, currency);
      else exchange.ledger.move({ ...movement, reference: 'opening balance' });
      exchange.ledger.mark(to, currency, { held, locked, debt });
    }
    for (const { agoMs, ...movement } of demoHistory)
      exchange.ledger.move({ ...movement, time: now - agoMs });
    return exchange;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.clock.now();
  }

  /** Price of a currency in US dollars now; zero where it has none. */
  readonly dollarsOf = (currency: string): Decimal =>
    this.switches.missingPrices.includes(currency) ? zero : this.market.dollarsOf(currency);

  /** An amount of one currency in another; zero where a price is missing. */
  inCurrency(amount: Decimal, currency: string, other: string): Decimal {
    return converted(amount, this.dollarsOf(currency), this.dollarsOf(other));
  }

  user(uid: number): User {
    const user = this.users.get(uid);
    if (!user) throw new Error(`no such user: ${uid}`);
    return user;
  }

  subsOf(uid: number): User[] {
    return [...this.users.values()].filter((user) => user.parentUid === uid);
  }

  /** Whether an HF account type is open to the user, by an earlier transfer or by the switch `hfOpened`. */
  hasHf(uid: number, type: AccountTypeId): boolean {
    return (type === 'trade_hf' && this.switches.hfOpened) || this.user(uid).openedHf.includes(type);
  }

  openHf(uid: number, type: AccountTypeId): void {
    const user = this.user(uid);
    if (!user.openedHf.includes(type)) this.users.set(uid, { ...user, openedHf: [...user.openedHf, type] });
  }

  /** A movement whose rows appear in the ledgers of their users with the usual delay. */
  move(movement: Movement): void {
    this.ledger.move(movement, () => {
      const { ledgerDelayMs, ledgerJitterMs } = this.switches;
      return movement.time + ledgerDelayMs + (ledgerJitterMs > 0 ? this.random() * ledgerJitterMs : 0);
    });
  }

  /** Freezes the amount in the futures account and starts the transfer; it ends when its time has come. */
  withdraw(account: AccountRef, currency: string, amount: Decimal, to: Withdrawal['to']): Withdrawal {
    const { transferOutEnd, transferOutMs } = this.switches;
    const now = this.now();
    const withdrawal: Withdrawal = {
      applyId: this.nextOrderId(),
      number: this.withdrawals.size + 1,
      uid: account.uid,
      currency,
      amount,
      to,
      status: 'PROCESSING',
      reason: '',
      createdAt: now,
      dueAt: transferOutEnd === 'never' ? null : now + transferOutMs,
    };
    // Noted first: who hears of the mark can tell what is on its way out.
    this.withdrawals.set(withdrawal.applyId, withdrawal);
    const row = this.ledger.open(account, currency);
    this.ledger.mark(account, currency, { held: add(row.held, amount) });
    return withdrawal;
  }

  /** Of a user, newest first. */
  withdrawalsOf(uid: number): Withdrawal[] {
    return [...this.withdrawals.values()].filter((one) => one.uid === uid).reverse();
  }

  /** What of a futures account is on its way out. */
  frozen(uid: number, currency: string): Decimal {
    const running = this.withdrawalsOf(uid).filter(
      (one) => one.status === 'PROCESSING' && one.currency === currency,
    );
    return sum(running.map(({ amount }) => amount));
  }

  /** When the next of what runs in the background ends, in milliseconds; `undefined` when nothing will. */
  nextEnd(): number | undefined {
    const ends = [...this.withdrawals.values()].flatMap((one) =>
      one.status === 'PROCESSING' && one.dueAt !== null ? [one.dueAt] : [],
    );
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  /** Ends what was to end by now. Everything that looks at the exchange does this first. */
  catchUp(): void {
    const now = this.now();
    this.spotOrders.match();
    for (const one of this.withdrawals.values()) {
      if (one.status === 'PROCESSING' && one.dueAt !== null && one.dueAt <= now) this.end(one, one.dueAt);
    }
  }

  private end(withdrawal: Withdrawal, time: number): void {
    const { applyId, uid, currency, amount } = withdrawal;
    const from: AccountRef = { uid, type: 'contract', tag: '' };
    const row = this.ledger.open(from, currency);
    const held = compare(row.held, amount) < 0 ? zero : subtract(row.held, amount);
    const fails =
      this.switches.transferOutEnd === 'FAILURE' || compare(available({ ...row, held }), amount) < 0;
    const end = fails
      ? ({ status: 'FAILURE', reason: 'Transfer failed' } as const)
      : { status: 'SUCCESS' as const };
    this.withdrawals.set(applyId, { ...withdrawal, ...end });
    this.ledger.mark(from, currency, { held });
    if (fails) return;
    const to: AccountRef = { uid, type: withdrawal.to, tag: '' };
    this.move({ from, to, currency, amount, bizType: 'TRANSFER', reference: applyId, time });
  }

  /** The orderId of an executed transfer with this clientOid. */
  transferOf(uid: number, clientOid: string): string | undefined {
    return this.transfers.get(`${uid}/${clientOid}`);
  }

  rememberTransfer(uid: number, clientOid: string, orderId: string): void {
    this.transfers.set(`${uid}/${clientOid}`, orderId);
  }

  /** 24 hex digits: seconds, chance, count. */
  nextOrderId(): string {
    const seconds = Math.floor(this.now() / 1000);
    const chance = Math.floor(this.random() * 0x1_0000_0000);
    return [seconds, chance, ++this.orderCount]
      .map((part) => part.toString(16).padStart(8, '0').slice(-8))
      .join('');
  }

  snapshot(): ExchangeSnapshot {
    return {
      world: this.world,
      users: [...this.users.values()],
      keys: [...this.keys.values()],
      ledger: this.ledger.snapshot(),
      transfers: [...this.transfers],
      orders: this.orderCount,
      withdrawals: [...this.withdrawals.values()],
      spotOrders: this.spotOrders.all(),
    };
  }

  restore(snapshot: ExchangeSnapshot): void {
    this.users.clear();
    for (const user of snapshot.users) this.users.set(user.uid, user);
    this.keys.clear();
    for (const key of snapshot.keys) this.keys.set(key.key, key);
    this.ledger.restore(snapshot.ledger);
    this.transfers.clear();
    for (const [name, orderId] of snapshot.transfers) this.transfers.set(name, orderId);
    this.orderCount = snapshot.orders;
    this.withdrawals.clear();
    for (const one of snapshot.withdrawals) this.withdrawals.set(one.applyId, one);
    this.spotOrders.restore(snapshot.spotOrders);
  }

  /** HF-backed accounts have ids of decimal digits (trade since the merge), others 24 hex digits (kucoin-api 7.1). */
  private rowId(type: AccountTypeId, count: number): string {
    const hfBacked = type === 'trade_hf' || (type === 'trade' && this.world === 'today');
    return hfBacked
      ? String(900_100_000_000 + count)
      : `65aa${(0x1000 + count).toString(16).padStart(20, '0')}`;
  }
}

/** In `today` the HF margin types are other names of the margin types (kucoin-api 9.2). */
export function logicalType(world: World, type: AccountTypeId): AccountTypeId {
  if (world === 'seed') return type;
  if (type === 'margin_v2') return 'margin';
  return type === 'isolated_v2' ? 'isolated' : type;
}

export function isTagged(type: AccountTypeId): boolean {
  return 'tagged' in accountTypes[type];
}

/** Decimals of an amount in another currency. */
const convertedDigits = 12;

/** amount * from / to, rounded down; zero without a price. Whole numbers, as a page of sub-accounts needs thousands. */
function converted(amount: Decimal, from: Decimal, to: Decimal): Decimal {
  const [a, f, t] = [unitsOf(amount), unitsOf(from), unitsOf(to)];
  if (t.units === 0n) return zero;
  const digits = convertedDigits + t.digits - a.digits - f.digits;
  const product = a.units * f.units;
  const scale = 10n ** BigInt(Math.abs(digits));
  const units = digits < 0 ? product / (t.units * scale) : (product * scale) / t.units;
  return unitsText(units, convertedDigits);
}

function unitsOf(value: Decimal): { readonly units: bigint; readonly digits: number } {
  const dot = value.indexOf('.');
  if (dot < 0) return { units: BigInt(value), digits: 0 };
  return { units: BigInt(value.slice(0, dot) + value.slice(dot + 1)), digits: value.length - dot - 1 };
}
