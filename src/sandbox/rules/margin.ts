import type { AccountTypeId } from '../../kucoin/accountTypes';
import { add, compare, divideDown, isZero, subtract, sum, zero, type Decimal } from '../../kucoin/decimal';
import type * as marginAndFutures from '../../kucoin/endpoints/marginAndFutures';
import { currencies, isolatedPairs, type Currency } from '../currencies';
import type { Exchange } from '../exchange';
import { available, type Balance } from '../ledger';
import { Refusal } from '../refusals';
import { callerOf, oldEnvelope, type Rule } from './rule';

/** kucoin-api 8.7. Every margin currency is listed, also those never held. */
export const getCrossMarginAccount: Rule<typeof marginAndFutures.getCrossMarginAccount> = (call) => {
  const { exchange, params } = call;
  const { uid } = callerOf(call).user;
  const types = typesOf(exchange, params.queryType ?? 'MARGIN', 'MARGIN', 'margin', 'margin_v2');
  const quote = quoteOf(params.quoteCurrency);
  refuseUnified(exchange);
  const { rows, asset, liability, debtRatio } = crossMarginOf(exchange, uid, types, quote);
  const data = {
    totalAssetOfQuoteCurrency: asset,
    totalLiabilityOfQuoteCurrency: liability,
    debtRatio,
    status: statusOf(exchange, debtRatio),
    accounts: rows,
  };
  return exchange.switches.oldEnvelope === 'always' ? oldEnvelope(data) : data;
};

/** The cross margin account, with its totals in a currency; empty in unified mode. */
export function crossMarginOf(
  exchange: Exchange,
  uid: number,
  types: readonly AccountTypeId[],
  quote: string,
): Totals & { readonly rows: readonly MarginRow[] } {
  const rows = exchange.switches.unifiedMode
    ? []
    : [...currencies.values()]
        .filter(({ margin }) => margin)
        .map((currency) => rowOf(exchange, uid, types, '', currency));
  return { rows, ...totalsOf(exchange, rows, quote) };
}

/** Unified mode shows nothing or refuses (kucoin-api 7.4). */
function refuseUnified({ switches }: Exchange): void {
  if (switches.unifiedMode && switches.unifiedMargin === 'refused') throw new Refusal('unified');
}

/** kucoin-api 8.7. The bounds are invented. */
function statusOf({ switches }: Exchange, debtRatio: Decimal): string {
  if (switches.marginStatus !== 'byRatio') return switches.marginStatus;
  if (compare(debtRatio, '1' as Decimal) > 0) return 'BANKRUPTCY';
  return compare(debtRatio, '0.97' as Decimal) > 0 ? 'LIQUIDATION' : 'EFFECTIVE';
}

/** kucoin-api 8.8 */
export const getIsolatedMarginAccount: Rule<typeof marginAndFutures.getIsolatedMarginAccount> = (call) => {
  const { exchange, params, now } = call;
  const { uid } = callerOf(call).user;
  refuseUnified(exchange);
  const types = typesOf(exchange, params.queryType ?? 'ISOLATED', 'ISOLATED', 'isolated', 'isolated_v2');
  const quote = quoteOf(params.quoteCurrency);
  if (params.symbol !== undefined && !isolatedPairs.has(params.symbol)) throw new Refusal('unknownSymbol');
  const symbols = [...isolatedPairs].filter((symbol) => (params.symbol ?? symbol) === symbol);
  const assets = symbols.map((symbol) => {
    const [base = '', counter = ''] = symbol.split('-');
    const baseAsset = rowOf(exchange, uid, types, symbol, knownCurrency(base));
    const quoteAsset = rowOf(exchange, uid, types, symbol, knownCurrency(counter));
    const { debtRatio } = totalsOf(exchange, [baseAsset, quoteAsset], quote);
    return { symbol, status: statusOf(exchange, debtRatio), debtRatio, baseAsset, quoteAsset };
  });
  const shown = exchange.switches.unifiedMode ? [] : assets;
  const { asset, liability } = totalsOf(
    exchange,
    shown.flatMap(({ baseAsset, quoteAsset }) => [baseAsset, quoteAsset]),
    quote,
  );
  const data = {
    totalAssetOfQuoteCurrency: asset,
    totalLiabilityOfQuoteCurrency: liability,
    timestamp: now,
    assets: shown,
  };
  return exchange.switches.oldEnvelope === 'always' ? oldEnvelope(data) : data;
};

/** The accounts behind a `queryType`. today the HF ones are other names of the same. */
function typesOf(
  exchange: Exchange,
  queryType: string,
  word: 'MARGIN' | 'ISOLATED',
  plain: AccountTypeId,
  hf: AccountTypeId,
): AccountTypeId[] {
  if (![word, `${word}_V2`, 'ALL'].includes(queryType)) throw new Refusal('range', { field: 'queryType' });
  if (exchange.world === 'today' || queryType === word) return [plain];
  return queryType === 'ALL' ? [plain, hf] : [hf];
}

function quoteOf(asked = 'USDT'): string {
  if (!['USDT', 'KCS', 'BTC'].includes(asked)) throw new Refusal('range', { field: 'quoteCurrency' });
  return asked;
}

function knownCurrency(code: string): Currency {
  const currency = currencies.get(code);
  if (!currency) throw new Error(`a pair of an unknown currency: ${code}`);
  return currency;
}

export interface MarginRow {
  readonly currency: string;
  readonly borrowEnabled: boolean;
  readonly transferInEnabled: boolean;
  readonly liability: Decimal;
  readonly liabilityPrincipal?: Decimal;
  readonly liabilityInterest?: Decimal;
  readonly total: Decimal;
  readonly available: Decimal;
  readonly hold: Decimal;
  readonly maxBorrowSize: Decimal;
}

/** Of all debts one part in 250 is interest, as in the example of kucoin-api 8.7. */
export function interestOf(debt: Decimal): Decimal {
  return divideDown(debt, '250' as Decimal, 8);
}

function rowOf(
  exchange: Exchange,
  uid: number,
  types: readonly AccountTypeId[],
  tag: string,
  { currency, margin }: Currency,
): MarginRow {
  const rows = types.flatMap((type) => exchange.ledger.find({ uid, type, tag }, currency) ?? []);
  const total = (value: (row: Balance) => Decimal): Decimal => sum(rows.map(value));
  const liability = total(({ debt }) => debt);
  const interest = interestOf(liability);
  return {
    currency,
    borrowEnabled: margin,
    transferInEnabled: margin,
    liability,
    ...(exchange.world === 'today' && {
      liabilityPrincipal: subtract(liability, interest),
      liabilityInterest: interest,
    }),
    total: total((row) => row.total),
    available: total(available),
    hold: total(({ held }) => held),
    maxBorrowSize: (margin ? '900' : '0') as Decimal,
  };
}

interface Totals {
  readonly asset: Decimal;
  readonly liability: Decimal;
  readonly debtRatio: Decimal;
}

function totalsOf(
  exchange: Exchange,
  rows: readonly Pick<MarginRow, 'currency' | 'total' | 'liability'>[],
  quote: string,
): Totals {
  let [asset, liability] = [zero, zero];
  for (const row of rows) {
    asset = add(asset, exchange.inCurrency(row.total, row.currency, quote));
    liability = add(liability, exchange.inCurrency(row.liability, row.currency, quote));
  }
  return { asset, liability, debtRatio: ratioOf(asset, liability) };
}

/** Debts without any assets count as whole. */
function ratioOf(asset: Decimal, liability: Decimal): Decimal {
  if (isZero(asset)) return isZero(liability) ? zero : ('1' as Decimal);
  return divideDown(liability, asset, 4);
}
