import { accountTypes, type AccountTypeId } from '../kucoin/accountTypes';
import { isZero } from '../kucoin/decimal';
import type { World } from '../kucoin/vocabulary';
import { demoKeys, demoUsers, openingBalances } from './demo';
import { Ledger, outside, type LedgerSnapshot } from './ledger';
import type { ApiKey, User } from './people';
import { Quota } from './quota';
import type { Switches } from './switches';
import type { ExchangeClock } from './time';

export interface ExchangeSnapshot {
  readonly world: World;
  readonly users: readonly User[];
  readonly keys: readonly ApiKey[];
  readonly ledger: LedgerSnapshot;
  /** [uid/clientOid, orderId] of every executed transfer. */
  readonly transfers: readonly (readonly [string, string])[];
  readonly orders: number;
}

/** What one local KuCoin knows: users, keys, ledger, quotas, time. Rules read and change it; HTTP is elsewhere. */
export class Exchange {
  readonly ledger: Ledger;
  readonly quota = new Quota();
  readonly users = new Map<number, User>();
  readonly keys = new Map<string, ApiKey>();
  /** orderId by uid and clientOid. */
  private readonly transfers = new Map<string, string>();
  private orderCount = 0;

  constructor(
    readonly world: World,
    public switches: Switches,
    readonly clock: ExchangeClock,
    /** At least 0, below 1. */
    readonly random: () => number,
  ) {
    this.ledger = new Ledger((type, count) => this.rowId(type, count));
  }

  /** A new exchange with the demo data of a world. */
  static demo(world: World, switches: Switches, clock: ExchangeClock, random: () => number): Exchange {
    const exchange = new Exchange(world, switches, clock, random);
    for (const user of demoUsers) exchange.users.set(user.uid, user);
    for (const key of Object.values<ApiKey>(demoKeys)) exchange.keys.set(key.key, key);
    const time = clock.now();
    for (const { total, currency, held, locked, debt, ...to } of openingBalances(world, switches.hfOpened)) {
      const movement = { from: outside, to, currency, amount: total, bizType: 'DEPOSIT', time } as const;
      if (isZero(total)) exchange.ledger.open(to, currency);
      else exchange.ledger.move({ ...movement, reference: 'opening balance' });
      exchange.ledger.mark(to, currency, { held, locked, debt });
    }
    return exchange;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.clock.now();
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
