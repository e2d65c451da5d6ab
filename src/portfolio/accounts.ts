import { accountType, accountTypeIds, isAccountTypeId } from '../kucoin/accountTypes';
import { add, type Decimal } from '../kucoin/decimal';
import type { getAccountList } from '../kucoin/endpoints/account';
import type { ReplyOf } from '../kucoin/endpoint';

/** The figures of one currency in one account: total = available + held. */
export interface Balance {
  readonly currency: string;
  readonly total: Decimal;
  readonly available: Decimal;
  readonly held: Decimal;
}

/** One account of the key's owner. */
export interface Account {
  /** Spelling of the account list: `main`, `trade`, …; a type that nobody has documented yet is kept as it came. */
  readonly type: string;
  /** When the exchange said so, in its own time: milliseconds since the epoch. */
  readonly readAt: number;
  readonly balances: readonly Balance[];
}

/** Accounts that everybody has: shown even when the exchange lists no row for them. */
const always = ['main', 'trade'];

/** Name on screen; an unknown type shows its own. */
export function accountTitle(type: string): string {
  return isAccountTypeId(type) ? accountType(type).title : type;
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

/** The accounts with one of them read anew. */
export function replaceAccount(accounts: readonly Account[], fresh: Account): Account[] {
  return [...accounts.filter(({ type }) => type !== fresh.type), fresh].sort(inOrder);
}

function inOrder(a: Account, b: Account): number {
  return rank(a.type) - rank(b.type) || a.type.localeCompare(b.type);
}

function rank(type: string): number {
  return isAccountTypeId(type) ? accountTypeIds.indexOf(type) : accountTypeIds.length;
}
