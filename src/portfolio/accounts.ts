import { accountType, accountTypeIds, isAccountTypeId } from '../kucoin/accountTypes';
import { add, type Decimal } from '../kucoin/decimal';
import type { getAccountList } from '../kucoin/endpoints/account';
import type { ReplyOf } from '../kucoin/endpoint';

/** The figures of one currency in one account: total = available + held, but for futures. */
export interface Balance {
  /** As the spot side spells it: `BTC`, also for futures. */
  readonly currency: string;
  /** Futures: the equity, profit and loss of open positions included, counted once. */
  readonly total: Decimal;
  readonly available: Decimal;
  /** Futures: on its way out. */
  readonly held: Decimal;
  /** Margin: what is owed, interest included. */
  readonly liability?: Decimal | undefined;
  readonly futures?: FuturesFigures | undefined;
  /** When the exchange pushed these figures, in its own time, ms; absent where a reading told them. */
  readonly pushedAt?: number | undefined;
}

/** What only futures have (kucoin-api 8.9). */
export interface FuturesFigures {
  readonly unrealisedPnl: Decimal;
  /** Equity without `unrealisedPnl`. */
  readonly marginBalance: Decimal;
  readonly positionMargin: Decimal;
  readonly orderMargin: Decimal;
  /** What can leave the account; not known where the exchange did not say. */
  readonly maxWithdraw?: Decimal | undefined;
  readonly riskRatio?: Decimal | undefined;
}

/** The state of a margin account (kucoin-api 8.7). */
export interface MarginState {
  /** Debt divided by assets. */
  readonly debtRatio: Decimal;
  /** `EFFECTIVE`, `BANKRUPTCY`, `LIQUIDATION`, `REPAY`, `BORROW`, or what the exchange adds to them. */
  readonly status: string;
}

/** One account of one owner. */
export interface Account {
  /**
   * Spelling of the account list and of inner transfer: `main`, `trade`, `contract`, …; a type that nobody has
   * documented yet is kept as it came.
   */
  readonly type: string;
  /** Trading pair of isolated margin. */
  readonly tag?: string | undefined;
  /** When the exchange was asked for it, in its own time: milliseconds since the epoch. */
  readonly readAt: number;
  readonly balances: readonly Balance[];
  readonly margin?: MarginState | undefined;
}

/** A sub-account of the master, with the accounts that hold something. */
export interface SubAccount {
  /** Names it in transfers and balances. */
  readonly userId: string;
  /** Not told by the list of balances. */
  readonly uid?: number | undefined;
  readonly name: string;
  readonly frozen: boolean;
  readonly remarks: string;
  /** As `openedTradeTypes` lists them; `undefined` where the exchange does not say. */
  readonly opened?: ReadonlySet<string> | undefined;
  readonly accounts: readonly Account[];
}

/** Which account of the family: of the own user where there is no `subUserId`. */
export interface Place {
  readonly type: string;
  readonly tag?: string | undefined;
  readonly subUserId?: string | undefined;
}

/** Accounts that everybody has: shown even when the exchange lists no row for them. */
const always = ['main', 'trade'];

/** Name on screen; an unknown type shows its own. */
export function accountTitle(type: string): string {
  if (type === 'unified') return 'Unified';
  return isAccountTypeId(type) ? accountType(type).title : type;
}

/** Names an account among those of one owner. */
export function accountKey({ type, tag }: Place): string {
  return tag === undefined ? type : `${type}/${tag}`;
}

/** Names a balance in the whole family. */
export function balanceKey(place: Place, currency: string): string {
  return `${place.subUserId ?? ''}:${accountKey(place)}:${currency}`;
}

/** Groups the rows of the account list by type, in the order of the table of account types, unknown types last. */
export function groupAccounts(rows: ReplyOf<typeof getAccountList>, readAt: number): Account[] {
  const byType = new Map<string, Map<string, Balance>>(always.map((type) => [type, new Map()]));
  for (const { type, currency, balance, available, holds } of rows) {
    const balances = byType.get(type) ?? new Map<string, Balance>();
    byType.set(type, balances);
    const row = { currency, total: balance, available, held: holds };
    const before = balances.get(currency);
    balances.set(currency, before ? together(before, row) : row);
  }
  return [...byType]
    .map(([type, balances]) => ({ type, readAt, balances: [...balances.values()] }))
    .sort(inOrder);
}

/** The list may hold a currency twice in one type, as with isolated margin, where every pair is an account. */
function together(a: Balance, b: Balance): Balance {
  return {
    currency: a.currency,
    total: add(a.total, b.total),
    available: add(a.available, b.available),
    held: add(a.held, b.held),
  };
}

/** The order of the table of account types, unknown types last, pairs by name. */
export function inOrder(a: Account, b: Account): number {
  return rank(a.type) - rank(b.type) || accountKey(a).localeCompare(accountKey(b));
}

function rank(type: string): number {
  return isAccountTypeId(type) ? accountTypeIds.indexOf(type) : accountTypeIds.length;
}
