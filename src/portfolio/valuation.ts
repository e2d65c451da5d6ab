import { add, compare, multiply, zero, type Decimal } from '../kucoin/decimal';
import type { Account, Balance } from './accounts';

/** Prices of currencies in one valuation currency, from `GET /api/v1/prices`. */
export interface Prices {
  /** Fiat code, e.g. `USD`. */
  readonly base: string;
  readonly of: ReadonlyMap<string, Decimal>;
}

/** A sum that does not hide what it could not count. */
export interface Value {
  readonly amount: Decimal;
  /** Currencies with a balance but without a price. */
  readonly unpriced: readonly string[];
}

/** Value of an amount; `undefined` where there is no price, never zero. */
export function valueOf(prices: Prices | undefined, currency: string, amount: Decimal): Decimal | undefined {
  if (!prices) return undefined;
  if (currency === prices.base) return amount;
  const price = prices.of.get(currency);
  return price === undefined ? undefined : multiply(amount, price);
}

/** Value of several accounts together; `undefined` without any prices. */
export function totalValue(prices: Prices | undefined, accounts: readonly Account[]): Value | undefined {
  if (!prices) return undefined;
  let amount = zero;
  const unpriced = new Set<string>();
  for (const balance of accounts.flatMap((account) => account.balances)) {
    if (compare(balance.total, zero) === 0) continue;
    const value = valueOf(prices, balance.currency, balance.total);
    if (value === undefined) unpriced.add(balance.currency);
    else amount = add(amount, value);
  }
  return { amount, unpriced: [...unpriced].sort() };
}

export interface RowChoice {
  readonly sortBy: 'value' | 'name';
  readonly hideSmall: boolean;
  /** A balance worth less than this, in the valuation currency, is dust. */
  readonly dustBelow: Decimal;
  /** Only currencies whose code holds this text; empty for all. */
  readonly filter: string;
}

export interface Row {
  readonly balance: Balance;
  readonly value: Decimal | undefined;
}

/**
 * The rows of an account as they are shown. A balance without a price is never dust: nobody knows what it is worth.
 */
export function chooseRows(
  balances: readonly Balance[],
  prices: Prices | undefined,
  choice: RowChoice,
): { readonly rows: readonly Row[]; readonly hidden: number } {
  const filter = choice.filter.trim().toUpperCase();
  const matching = balances.filter(({ currency }) => currency.toUpperCase().includes(filter));
  const all = matching.map((balance) => ({
    balance,
    value: valueOf(prices, balance.currency, balance.total),
  }));
  const rows = choice.hideSmall ? all.filter((row) => !isSmall(row, choice.dustBelow)) : all;
  return { rows: rows.sort(choice.sortBy === 'value' ? byValue : byName), hidden: all.length - rows.length };
}

function isSmall({ balance, value }: Row, dustBelow: Decimal): boolean {
  if (compare(balance.total, zero) === 0) return true;
  return value !== undefined && compare(value, dustBelow) < 0 && compare(value, zero) >= 0;
}

function byName(a: Row, b: Row): number {
  return a.balance.currency.localeCompare(b.balance.currency);
}

/** Highest value first, then those without a price, then zeros; by name among equals. */
function byValue(a: Row, b: Row): number {
  const group = (row: Row): number =>
    compare(row.balance.total, zero) === 0 ? 2 : row.value === undefined ? 1 : 0;
  const difference = group(a) - group(b);
  if (difference !== 0) return difference;
  return (a.value !== undefined && b.value !== undefined && compare(b.value, a.value)) || byName(a, b);
}
