import type { AccountTypeId } from '../kucoin/accountTypes';
import {
  add,
  canonical,
  compare,
  isNegative,
  isZero,
  multiply,
  subtract,
  sum,
  zero,
  type Decimal,
} from '../kucoin/decimal';

/** One account of a user. `tag` is the trading pair of isolated margin, empty elsewhere. */
export interface AccountRef {
  readonly uid: number;
  readonly type: AccountTypeId;
  readonly tag: string;
}

/** The rest of the world: the other side of deposits and withdrawals. May be negative; every currency sums to zero. */
export const outside = { uid: 0, type: 'outside', tag: '' } as const;
export type Outside = typeof outside;

/** One row: a currency in an account. All amounts are decimal text. */
export interface Balance {
  /** As `id` of the account list shows it. */
  readonly id: string;
  readonly uid: number;
  readonly type: AccountTypeId | 'outside';
  readonly tag: string;
  readonly currency: string;
  /** available + held */
  readonly total: Decimal;
  /** Frozen by orders or withdrawals. */
  readonly held: Decimal;
  /** Available for trading but not for transfers: bonus, fresh deposits, risk locks (kucoin-api 8.15). */
  readonly locked: Decimal;
  /** Owed to the exchange, principal and interest. */
  readonly debt: Decimal;
}

export type BizType =
  | 'DEPOSIT'
  | 'WITHDRAW'
  | 'TRANSFER'
  | 'SUB_TRANSFER'
  | 'KUCOIN_BONUS'
  | 'TRADE_EXCHANGE'
  | 'MARGIN_EXCHANGE'
  /** Of a futures position. */
  | 'REALISED_PNL';

/** One line of the journal: one side of a movement. */
export interface Entry {
  /** Decimal digits, growing. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly uid: number;
  readonly type: AccountTypeId | 'outside';
  readonly tag: string;
  readonly currency: string;
  /** Positive; the sign is in `direction`. */
  readonly amount: Decimal;
  readonly direction: 'in' | 'out';
  readonly bizType: BizType;
  /** Total of the row after the change. */
  readonly balance: Decimal;
  /** What the two sides of a movement share: an orderId, or the reason of a deposit. */
  readonly reference: string;
}

export interface Movement {
  readonly from: AccountRef | Outside;
  readonly to: AccountRef | Outside;
  readonly currency: string;
  /** Positive. */
  readonly amount: Decimal;
  readonly bizType: BizType;
  readonly reference: string;
  readonly time: number;
}

export interface LedgerSnapshot {
  readonly balances: readonly Balance[];
  readonly journal: readonly Entry[];
  readonly entries: number;
  readonly rows: number;
  /** [id, milliseconds since the epoch] of entries that the ledgers do not show yet. */
  readonly delayed: readonly (readonly [string, number])[];
}

/** A row has changed. */
export interface BalanceChange {
  readonly before: Balance;
  readonly after: Balance;
  /** The line of the journal; absent when only marks were set. */
  readonly entry?: Entry;
}

/** Older entries are forgotten; the balances keep their effect. */
const journalLimit = 20_000;

/** Twice the debt stays behind as collateral, as in the example of kucoin-api 8.15. */
const collateralFactor = '2' as Decimal;

/**
 * Double entry: each movement takes from one row what it gives to another, so that the sum of a currency over all
 * rows, the outside included, is zero for ever.
 */
export class Ledger {
  /** Hears of every change of a row, that of the outside left out. */
  onChange: (change: BalanceChange) => void = () => undefined;
  /** By uid, then by the rest of the key. */
  private readonly rows = new Map<number, Map<string, Balance>>();
  private journal: Entry[] = [];
  /** When an entry appears to its user, by id; at once where it is missing. */
  private readonly delayed = new Map<string, number>();
  private entryCount = 0;
  private rowCount = 0;

  /** @param rowId makes the id of a new row, from its type and a number that counts the rows from 1 */
  constructor(private readonly rowId: (type: AccountTypeId, count: number) => string) {}

  find(account: AccountRef, currency: string): Balance | undefined {
    return this.rows.get(account.uid)?.get(rowKey(account, currency));
  }

  /** Rows of a user in the order in which they came to be. */
  rowsOf(uid: number): Balance[] {
    return [...(this.rows.get(uid)?.values() ?? [])];
  }

  /** Every row but those of the outside, user by user. */
  balances(): Balance[] {
    return this.all().filter((row) => row.type !== 'outside');
  }

  entries(): readonly Entry[] {
    return this.journal;
  }

  /** What the user's ledgers show at a time, oldest first. */
  entriesOf(uid: number, now: number): Entry[] {
    return this.journal.filter((entry) => entry.uid === uid && (this.delayed.get(entry.id) ?? 0) <= now);
  }

  /** Creates a zero row where the user has none: a currency once held keeps its row. */
  open(account: AccountRef, currency: string): Balance {
    return this.row(account, currency);
  }

  /**
   * Moves an amount. Throws a RangeError when the amount is not positive or the source cannot pay; nothing has moved then.
   *
   * @param appears when the next entry is shown to its user, milliseconds since the epoch; at once where left out
   */
  move(movement: Movement, appears?: () => number): void {
    const { from, to, currency } = movement;
    const amount = canonical(movement.amount);
    if (isZero(amount) || isNegative(amount)) throw new RangeError('a movement needs a positive amount');
    if (from.uid === to.uid && rowKey(from, currency) === rowKey(to, currency))
      throw new RangeError('a movement needs two accounts');
    const source = this.row(from, currency);
    if (from.type !== 'outside' && compare(available(source), amount) < 0) {
      throw new RangeError('the source does not hold the amount');
    }
    const target = this.row(to, currency);
    this.write(source, 'out', subtract(source.total, amount), { ...movement, amount }, appears?.());
    this.write(target, 'in', add(target.total, amount), { ...movement, amount }, appears?.());
  }

  /** Deposits for many at once, without lines in the journal. A row that exists already is left alone. */
  fill(deposits: Iterable<{ account: AccountRef; currency: string; total: Decimal }>): void {
    const given = new Map<string, Decimal[]>();
    for (const { account, currency, total } of deposits) {
      const rows = this.rowsBy(account.uid);
      const key = rowKey(account, currency);
      if (rows.has(key)) continue;
      const { uid, type, tag } = account;
      const id = this.rowId(type, ++this.rowCount);
      rows.set(key, { id, uid, type, tag, currency, total, held: zero, locked: zero, debt: zero });
      const amounts = given.get(currency);
      if (amounts) amounts.push(total);
      else given.set(currency, [total]);
    }
    for (const [currency, amounts] of given) {
      const row = this.row(outside, currency);
      this.put({ ...row, total: subtract(row.total, sum(amounts)) });
    }
  }

  /** Sets what is held, locked or owed in a row. Throws a RangeError when it does not fit the total. */
  mark(
    account: AccountRef,
    currency: string,
    marks: Partial<Pick<Balance, 'held' | 'locked' | 'debt'>>,
  ): Balance {
    const row = this.row(account, currency);
    const next: Balance = { ...row, ...marks };
    // What is locked in a futures account stands for profit that is not realised, or for a loss.
    const unsigned = row.type === 'contract' ? [next.held, next.debt] : [next.held, next.locked, next.debt];
    if (unsigned.some(isNegative)) throw new RangeError('marks are not negative');
    if (compare(next.held, next.total) > 0) throw new RangeError('more held than there is');
    this.put(next);
    this.onChange({ before: row, after: next });
    return next;
  }

  /** Sum of a currency over all users, and what the outside owes for it: the negative of it. */
  totals(): Record<string, { users: Decimal; outside: Decimal }> {
    const held = new Map<string, Decimal[]>();
    for (const { type, currency, total } of this.all()) {
      const totals = held.get(currency) ?? [];
      if (type !== 'outside') totals.push(total);
      held.set(currency, totals);
    }
    return Object.fromEntries(
      [...held].map(([currency, totals]) => [
        currency,
        {
          users: sum(totals),
          outside: this.rows.get(outside.uid)?.get(rowKey(outside, currency))?.total ?? zero,
        },
      ]),
    );
  }

  snapshot(): LedgerSnapshot {
    return {
      balances: this.all(),
      journal: [...this.journal],
      entries: this.entryCount,
      rows: this.rowCount,
      delayed: [...this.delayed],
    };
  }

  restore(snapshot: LedgerSnapshot): void {
    this.rows.clear();
    for (const row of snapshot.balances) this.put(row);
    this.journal = [...snapshot.journal];
    this.entryCount = snapshot.entries;
    this.rowCount = snapshot.rows;
    this.delayed.clear();
    for (const [id, at] of snapshot.delayed) this.delayed.set(id, at);
  }

  /** Notes the few delays that matter: far more entries than can be delayed at a time have come since the oldest. */
  private delay(id: string, appears: number): void {
    this.delayed.set(id, appears);
    const [oldest] = this.delayed.keys();
    if (this.delayed.size > journalLimit && oldest !== undefined) this.delayed.delete(oldest);
  }

  private row(account: AccountRef | Outside, currency: string): Balance {
    const known = this.rows.get(account.uid)?.get(rowKey(account, currency));
    if (known) return known;
    const id = account.type === 'outside' ? '' : this.rowId(account.type, ++this.rowCount);
    const { uid, type, tag } = account;
    const row: Balance = { id, uid, type, tag, currency, total: zero, held: zero, locked: zero, debt: zero };
    this.put(row);
    return row;
  }

  private all(): Balance[] {
    return [...this.rows.values()].flatMap((rows) => [...rows.values()]);
  }

  private put(row: Balance): void {
    this.rowsBy(row.uid).set(rowKey(row, row.currency), row);
  }

  private rowsBy(uid: number): Map<string, Balance> {
    let rows = this.rows.get(uid);
    if (!rows) this.rows.set(uid, (rows = new Map<string, Balance>()));
    return rows;
  }

  private write(
    row: Balance,
    direction: Entry['direction'],
    total: Decimal,
    movement: Movement,
    appears: number | undefined,
  ): void {
    const { uid, type, tag, currency } = row;
    const { amount, bizType, reference, time } = movement;
    const after = { ...row, total };
    this.put(after);
    const id = String(770_000_000_000_100 + ++this.entryCount);
    if (appears !== undefined) this.delay(id, appears);
    const entry: Entry = {
      id,
      time,
      uid,
      type,
      tag,
      currency,
      amount,
      direction,
      bizType,
      balance: total,
      reference,
    };
    this.journal.push(entry);
    // Trimmed by the thousand, so that it costs nothing per entry.
    if (this.journal.length > journalLimit + 1000) this.journal = this.journal.slice(-journalLimit);
    if (type !== 'outside') this.onChange({ before: row, after, entry });
  }
}

export function available(row: Balance): Decimal {
  return subtract(row.total, row.held);
}

/** What may leave a row: available, less locked funds, losses and the collateral of debts; never below zero. */
export function transferable(row: Balance): Decimal {
  const locked = isNegative(row.locked) ? subtract(zero, row.locked) : row.locked;
  const left = subtract(subtract(available(row), locked), multiply(row.debt, collateralFactor));
  return isNegative(left) ? zero : left;
}

/** Within the rows of a user. */
function rowKey(account: Pick<Balance, 'type' | 'tag'>, currency: string): string {
  return `${account.type}/${account.tag}/${currency}`;
}
