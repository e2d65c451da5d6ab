import { compare, isZero, multiply, subtract, sum, zero, type Decimal } from '../kucoin/decimal';
import type { Account, Balance } from './accounts';

/** Prices of currencies in one valuation currency, from `GET /api/v1/prices`. */
export interface Prices {
  /** Fiat code, e.g. `USD`, or a coin. */
  readonly base: string;
  readonly of: ReadonlyMap<string, Decimal>;
  /** Where `base` is a coin: the fiat prices that these were derived from. */
  readonly fiat?: Prices | undefined;
}

/** A sum that does not hide what it could not count. */
export interface Value {
  /** What is owed is taken off. */
  readonly amount: Decimal;
  /** What is owed, as far as it has a price. */
  readonly owed: Decimal;
  /** Currencies with a balance or a debt but without a price. */
  readonly unpriced: readonly string[];
}

/** Value of an amount; `undefined` where there is no price, never zero. */
export function valueOf(prices: Prices | undefined, currency: string, amount: Decimal): Decimal | undefined {
  if (!prices) return undefined;
  if (currency === prices.base) return amount;
  const price = prices.of.get(currency);
  return price === undefined ? undefined : multiply(amount, price);
}

/** Thresholds are amounts of money: where values are shown in a coin, they are counted in US dollars. */
export function thresholdPrices(prices: Prices | undefined): Prices | undefined {
  return prices?.fiat ?? prices;
}

/** Value of several accounts together, debts taken off; `undefined` without any prices. */
export function totalValue(prices: Prices | undefined, accounts: readonly Account[]): Value | undefined {
  if (!prices) return undefined;
  const assets: Decimal[] = [];
  const debts: Decimal[] = [];
  const unpriced = new Set<string>();
  const count = (currency: string, amount: Decimal | undefined, into: Decimal[]): void => {
    if (amount === undefined || isZero(amount)) return;
    const value = valueOf(prices, currency, amount);
    if (value === undefined) unpriced.add(currency);
    else into.push(value);
  };
  for (const { balances } of accounts) {
    for (const { currency, total, liability } of balances) {
      count(currency, total, assets);
      count(currency, liability, debts);
    }
  }
  const owed = sum(debts);
  const amount = isZero(owed) ? sum(assets) : subtract(sum(assets), owed);
  return { amount, owed, unpriced: [...unpriced].sort() };
}

/** Values of several owners or accounts together; `undefined` where there are none, for want of prices. */
export function sumValues(values: readonly (Value | undefined)[]): Value | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  return {
    amount: sum(known.map(({ amount }) => amount)),
    owed: sum(known.map(({ owed }) => owed)),
    unpriced: [...new Set(known.flatMap(({ unpriced }) => unpriced))].sort(),
  };
}

/**
 * Orders by value, highest first; what has no value last. Floats decide where they differ, which is right as they
 * are rounded alike, and the exact amounts where they do not.
 */
export function byAmount<T>(items: readonly T[], amountOf: (item: T) => Decimal | undefined): T[] {
  const keyed = items.map((item) => {
    const amount = amountOf(item);
    return { item, amount, about: amount === undefined ? -Infinity : Number(amount) };
  });
  keyed.sort((a, b) => b.about - a.about || (a.amount && b.amount ? compare(b.amount, a.amount) : 0));
  return keyed.map(({ item }) => item);
}

export interface RowChoice {
  readonly sortBy: 'value' | 'name';
  readonly hideSmall: boolean;
  /** A balance worth less than this is dust: in the valuation currency, in US dollars where that is a coin. */
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
  const inFiat = thresholdPrices(prices);
  const rows = choice.hideSmall ? all.filter((row) => !isSmall(row, inFiat, choice.dustBelow)) : all;
  return { rows: rows.sort(choice.sortBy === 'value' ? byValue : byName), hidden: all.length - rows.length };
}

function isSmall({ balance }: Row, prices: Prices | undefined, dustBelow: Decimal): boolean {
  // A debt is never too small to be seen.
  if (balance.liability !== undefined && !isZero(balance.liability)) return false;
  if (isZero(balance.total)) return true;
  const value = valueOf(prices, balance.currency, balance.total);
  return value !== undefined && compare(value, dustBelow) < 0 && compare(value, zero) >= 0;
}

function byName(a: Row, b: Row): number {
  return a.balance.currency.localeCompare(b.balance.currency);
}

/** Highest value first, then those without a price, then zeros; by name among equals. */
function byValue(a: Row, b: Row): number {
  const group = (row: Row): number => (isZero(row.balance.total) ? 2 : row.value === undefined ? 1 : 0);
  const difference = group(a) - group(b);
  if (difference !== 0) return difference;
  return (a.value !== undefined && b.value !== undefined && compare(b.value, a.value)) || byName(a, b);
}
