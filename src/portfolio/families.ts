import { add, isNegative, isZero, zero, type Decimal } from '../kucoin/decimal';
import type { ReplyOf } from '../kucoin/endpoint';
import type { getUnifiedAccountBalance } from '../kucoin/endpoints/account';
import type {
  getCrossMarginAccount,
  getFuturesAccount,
  getIsolatedMarginAccount,
} from '../kucoin/endpoints/marginAndFutures';
import type { getFuturesAccountAll } from '../kucoin/endpoints/subAccount';
import type { SubAccountBalancesRow } from '../kucoin/paging';
import { spotCurrency } from '../kucoin/vocabulary';
import type { Account, Balance } from './accounts';

/** What each family of the exchange calls its figures, made into accounts. */

/** Currencies that futures settle in, as the futures host spells them (kucoin-api 6.2, 6.3). */
export const settlementCurrencies = ['USDT', 'USDC', 'XBT'] as const;

/** The type of the unified account: no call for classic accounts knows it (kucoin-api 7.1). */
export const unifiedType = 'unified';

type MarginRow = ReplyOf<typeof getCrossMarginAccount>['accounts'][number];

/** The exchange lists every margin currency: those that hold and owe nothing are left out. */
export function crossMargin(
  { accounts, debtRatio, status }: ReplyOf<typeof getCrossMarginAccount>,
  type: 'margin' | 'margin_v2',
  readAt: number,
): Account[] {
  const balances = accounts.filter(isUsed).map(marginBalance);
  return balances.length === 0 ? [] : [{ type, readAt, balances, margin: { debtRatio, status } }];
}

/** One account a pair, of those that hold or owe something. */
export function isolatedMargin(
  { assets }: ReplyOf<typeof getIsolatedMarginAccount>,
  type: 'isolated' | 'isolated_v2',
  readAt: number,
): Account[] {
  return assets.flatMap(({ symbol, status, debtRatio, baseAsset, quoteAsset }) => {
    const rows = [baseAsset, quoteAsset];
    if (!rows.some(isUsed)) return [];
    return [{ type, tag: symbol, readAt, balances: rows.map(marginBalance), margin: { debtRatio, status } }];
  });
}

function isUsed({ total, liability }: MarginRow): boolean {
  return !isZero(total) || !isZero(liability);
}

function marginBalance({ currency, total, available, hold, liability }: MarginRow): Balance {
  return { currency, total, available, held: hold, liability };
}

/**
 * The one account of spot, margin and futures in unified mode. What its `equity` counts is not documented, so the
 * balance is the total, and what is owed is told beside it, as of a margin account.
 */
export function unifiedAccount(
  { accounts }: ReplyOf<typeof getUnifiedAccountBalance>,
  readAt: number,
): Account {
  const rows = accounts.flatMap(({ currencies }) =>
    currencies.map(({ currency, balance, available, hold, liability }) => ({
      currency: spotCurrency(currency),
      total: balance,
      available,
      held: hold,
      ...(liability && !isZero(liability) && { liability }),
    })),
  );
  const used = rows.filter(({ total, liability }) => !isZero(total) || liability !== undefined);
  return { type: unifiedType, readAt, balances: unique(used) };
}

type Overview = ReplyOf<typeof getFuturesAccount>;
type SharedOverview = ReplyOf<typeof getFuturesAccountAll>['accounts'][number];

/** The overview of all leaves out what can leave the account; `details` are of the overview of one. */
export function futuresBalance(overview: Overview | SharedOverview, details?: Balance): Balance {
  const one: Partial<Overview> = overview;
  const maxWithdraw = one.maxWithdrawAmount ?? details?.futures?.maxWithdraw;
  const riskRatio = one.riskRatio ?? details?.futures?.riskRatio;
  return {
    currency: spotCurrency(overview.currency),
    total: overview.accountEquity,
    available: overview.availableBalance,
    held: overview.frozenFunds,
    futures: {
      unrealisedPnl: overview.unrealisedPNL,
      marginBalance: overview.marginBalance,
      positionMargin: overview.positionMargin,
      orderMargin: overview.orderMargin,
      ...(maxWithdraw !== undefined && { maxWithdraw }),
      ...(riskRatio !== undefined && { riskRatio }),
    },
  };
}

/** What of a futures balance can be moved away: what the exchange says, else what is available. */
export function withdrawable({ available, futures }: Balance): Decimal {
  return futures?.maxWithdraw ?? available;
}

/** Equal texts become one object: ten thousand sub-accounts repeat a few currencies and many zeros. */
export class Interned {
  private readonly texts = new Map<string, string>();

  text(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    this.texts.set(text, text);
    return text;
  }
}

const subFamilies = {
  main: 'mainAccounts',
  trade: 'tradeAccounts',
  trade_hf: 'tradeHFAccounts',
  margin: 'marginAccounts',
} as const;

/** The accounts of a sub-account that hold something: the exchange sends empty lists for the others. */
export function subAccountAccounts(
  row: SubAccountBalancesRow,
  readAt: number,
  interned: Interned,
): Account[] {
  return Object.entries(subFamilies).flatMap(([type, name]) => {
    const rows = row[name] ?? [];
    if (rows.length === 0) return [];
    const balances = rows.map(({ currency, balance, available, holds }) => ({
      currency: interned.text(currency),
      total: balance,
      available: available === balance ? balance : available,
      held: isZero(holds) ? zero : holds,
    }));
    return [{ type, readAt, balances: unique(balances) }];
  });
}

/** A list that names a currency twice means both. */
function unique(balances: Balance[]): Balance[] {
  const byCurrency = new Map<string, Balance>();
  for (const row of balances) {
    const before = byCurrency.get(row.currency);
    byCurrency.set(row.currency, before ? sumOf(before, row) : row);
  }
  return byCurrency.size === balances.length ? balances : [...byCurrency.values()];
}

function sumOf(a: Balance, b: Balance): Balance {
  const liability = add(a.liability ?? zero, b.liability ?? zero);
  return {
    currency: a.currency,
    total: add(a.total, b.total),
    available: add(a.available, b.available),
    held: add(a.held, b.held),
    ...(!isZero(liability) && { liability }),
  };
}

/** Whether a futures account says anything at all. */
export function isEmptyFutures({ accountEquity, availableBalance, marginBalance }: SharedOverview): boolean {
  return [accountEquity, availableBalance, marginBalance].every(
    (figure) => isZero(figure) && !isNegative(figure),
  );
}
