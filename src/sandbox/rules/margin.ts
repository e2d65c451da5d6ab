import type { AccountTypeId } from '../../kucoin/accountTypes';
import { add, divideDown, isZero, subtract, sum, zero, type Decimal } from '../../kucoin/decimal';
import type * as marginAndFutures from '../../kucoin/endpoints/marginAndFutures';
import { currencies, isolatedPairs, type Currency } from '../currencies';
import type { Exchange } from '../exchange';
import { available, type Balance } from '../ledger';
import { inCurrency } from '../prices';
import { Refusal } from '../refusals';
import { callerOf, oldEnvelope, type Rule } from './rule';

/** kucoin-api 8.7. Every margin currency is listed, also those never held. */
export const getCrossMarginAccount: Rule<typeof marginAndFutures.getCrossMarginAccount> = (call) => {
  const { exchange, params } = call;
  const { uid } = callerOf(call).user;
  const types = typesOf(exchange, params.queryType ?? 'MARGIN', 'MARGIN', 'margin', 'margin_v2');
  const quote = quoteOf(params.quoteCurrency);
  const rows = [...currencies.values()]
    .filter(({ margin }) => margin)
    .map((currency) => rowOf(exchange, uid, types, '', currency));
  const { asset, liability, debtRatio } = totalsOf(rows, quote);
  const data = {
    totalAssetOfQuoteCurrency: asset,
    totalLiabilityOfQuoteCurrency: liability,
    debtRatio,
    status: 'EFFECTIVE',
    accounts: exchange.switches.unifiedMode ? [] : rows,
  };
  return exchange.switches.oldEnvelope === 'always' ? oldEnvelope(data) : data;
};

/** kucoin-api 8.8 */
export const getIsolatedMarginAccount: Rule<typeof marginAndFutures.getIsolatedMarginAccount> = (call) => {
  const { exchange, params, now } = call;
  const { uid } = callerOf(call).user;
  const types = typesOf(exchange, params.queryType ?? 'ISOLATED', 'ISOLATED', 'isolated', 'isolated_v2');
  const quote = quoteOf(params.quoteCurrency);
  if (params.symbol !== undefined && !isolatedPairs.has(params.symbol)) throw new Refusal('unknownSymbol');
  const symbols = [...isolatedPairs].filter((symbol) => (params.symbol ?? symbol) === symbol);
  const assets = symbols.map((symbol) => {
    const [base = '', counter = ''] = symbol.split('-');
    const baseAsset = rowOf(exchange, uid, types, symbol, knownCurrency(base));
    const quoteAsset = rowOf(exchange, uid, types, symbol, knownCurrency(counter));
    const { debtRatio } = totalsOf([baseAsset, quoteAsset], quote);
    return { symbol, status: 'EFFECTIVE', debtRatio, baseAsset, quoteAsset };
  });
  const shown = exchange.switches.unifiedMode ? [] : assets;
  const { asset, liability } = totalsOf(
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

interface MarginRow {
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
const interestParts = '250' as Decimal;

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
  const interest = divideDown(liability, interestParts, 8);
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

function totalsOf(
  rows: readonly Pick<MarginRow, 'currency' | 'total' | 'liability'>[],
  quote: string,
): { asset: Decimal; liability: Decimal; debtRatio: Decimal } {
  let [asset, liability] = [zero, zero];
  for (const row of rows) {
    asset = add(asset, inCurrency(row.total, row.currency, quote));
    liability = add(liability, inCurrency(row.liability, row.currency, quote));
  }
  return { asset, liability, debtRatio: isZero(asset) ? zero : divideDown(liability, asset, 4) };
}
