import { add, compare, isNegative, isZero, subtract, sum, zero, type Decimal } from '../kucoin/decimal';
import { accountKey, type Account, type SubAccount } from './accounts';
import { byAmount, totalValue, valueOf, type Prices, type Value } from './valuation';

/** How the value of a family is spread. Every amount is exact; what has no price is named and never counted. */

/** What of one currency there is, over any number of accounts. */
export interface CurrencyShare {
  readonly currency: string;
  /** What is owed is taken off. */
  readonly amount: Decimal;
  /** In the valuation currency; absent where the currency has no price. */
  readonly value: Decimal | undefined;
}

/** One account, or one type of account, and what it is worth. */
export interface AccountShare {
  /** `main`, `isolated/BTC-USDT`. */
  readonly key: string;
  readonly type: string;
  readonly tag?: string | undefined;
  readonly value: Value;
}

/** One owner beside others, with the accounts that hold something. */
export interface OwnerShare {
  /** `undefined`: the key's own user. */
  readonly subUserId: string | undefined;
  readonly name: string | undefined;
  readonly value: Value;
  readonly parts: readonly AccountShare[];
}

/** Exact amounts by currency, debts taken off. */
export type Amounts = ReadonlyMap<string, Decimal>;

/** The amounts of several accounts together. */
export function amountsOf(accounts: Iterable<Account>): Amounts {
  const rows = new Map<string, Decimal[]>();
  for (const { balances } of accounts) {
    for (const { currency, total, liability } of balances) {
      const amount = liability === undefined || isZero(liability) ? total : subtract(total, liability);
      if (isZero(amount)) continue;
      const known = rows.get(currency);
      if (known) known.push(amount);
      else rows.set(currency, [amount]);
    }
  }
  return new Map([...rows].map(([currency, amounts]) => [currency, sum(amounts)]));
}

/** Amounts of several holders together. */
export function together(a: Amounts, b: Amounts): Amounts {
  const all = new Map(a);
  for (const [currency, amount] of b) all.set(currency, add(all.get(currency) ?? zero, amount));
  return all;
}

/** Highest value first, then those without a price by name; what comes to nothing is left out. */
export function currencyShares(amounts: Amounts, prices: Prices | undefined): CurrencyShare[] {
  const shares = [...amounts]
    .filter(([, amount]) => !isZero(amount))
    .map(([currency, amount]) => ({ currency, amount, value: valueOf(prices, currency, amount) }))
    .sort((a, b) => a.currency.localeCompare(b.currency));
  return byAmount(shares, ({ value }) => value);
}

/** Highest value first; accounts without any balance or debt are left out. */
export function accountShares(accounts: readonly Account[], prices: Prices | undefined): AccountShare[] {
  const shares = accounts.flatMap((account): AccountShare[] => {
    const value = totalValue(prices, [account]);
    if (!value || isNothing(account)) return [];
    const { type, tag } = account;
    return [{ key: accountKey(account), type, ...(tag !== undefined && { tag }), value }];
  });
  return byAmount(shares, ({ value }) => value.amount);
}

function isNothing({ balances }: Account): boolean {
  return balances.every(
    ({ total, liability }) => isZero(total) && (liability === undefined || isZero(liability)),
  );
}

/** The sub-accounts of the highest value, and all others together. */
export function topSubs(
  subs: readonly SubAccount[],
  valueOfSub: (sub: SubAccount) => Value | undefined,
  limit: number,
): {
  readonly top: readonly { readonly sub: SubAccount; readonly value: Value }[];
  readonly others: { readonly count: number; readonly value: Decimal; readonly unpriced: readonly string[] };
} {
  const known = subs.flatMap((sub) => {
    const value = valueOfSub(sub);
    return value ? [{ sub, value }] : [];
  });
  const sorted = byAmount(known, ({ value }) => value.amount);
  const rest = sorted.slice(limit);
  return {
    top: sorted.slice(0, limit),
    others: {
      count: rest.length,
      value: sum(rest.map(({ value }) => value.amount)),
      unpriced: [...new Set(rest.flatMap(({ value }) => value.unpriced))].sort(),
    },
  };
}

/**
 * Parts a picture of shares can show: what is worth more than nothing, the smaller ones together behind `limit`.
 * What is worth less than nothing, or has no price, is told apart.
 */
export function picture<T extends { readonly value: Decimal | undefined }>(
  shares: readonly T[],
  limit: number,
): {
  readonly shown: readonly (T & { readonly value: Decimal })[];
  readonly others: { readonly count: number; readonly value: Decimal };
  readonly negative: readonly T[];
  readonly unpriced: readonly T[];
} {
  const positive: (T & { readonly value: Decimal })[] = [];
  const negative: T[] = [];
  const unpriced: T[] = [];
  for (const share of shares) {
    if (share.value === undefined) unpriced.push(share);
    else if (isNegative(share.value)) negative.push(share);
    else if (compare(share.value, zero) > 0) positive.push({ ...share, value: share.value });
  }
  const rest = positive.slice(limit);
  return {
    shown: positive.slice(0, limit),
    others: { count: rest.length, value: sum(rest.map(({ value }) => value)) },
    negative,
    unpriced,
  };
}
