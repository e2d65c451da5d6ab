import type * as v from 'valibot';
import { decimal, type Decimal } from '../../kucoin/decimal';
import type * as market from '../../kucoin/endpoints/market';
import { currencies, type Currency } from '../currencies';
import type { Exchange } from '../exchange';
import { unitsText, type Quote } from '../market/market';
import { tradingPairs } from '../market/symbols';
import { dayOf, fees, levelsOf, tickerOf } from '../market/views';
import { fiatPrices } from '../prices';
import { Refusal } from '../refusals';
import type { Call, Rule } from './rule';

/** kucoin-api 8.26. Chains are not modelled: nothing enters or leaves the sandbox. */
export const getAllCurrencies: Rule<typeof market.getAllCurrencies> = () =>
  [...currencies.values()].map(asSent);

export const getCurrency: Rule<typeof market.getCurrency> = ({ params }) => {
  const found = currencies.get(params.currency);
  if (!found) throw new Refusal('unknownCurrency');
  return asSent(found);
};

/** kucoin-api 8.27: codes that are unknown or have no price are left out. */
export const getFiatPrice: Rule<typeof market.getFiatPrice> = ({ exchange, params }) => {
  const prices = fiatPrices(params.base ?? 'USD', params.currencies, exchange.dollarsOf);
  if (!prices) throw new Refusal('unknownFiat');
  return prices;
};

/** kucoin-api 8.28. Limits are invented. */
export const getAllSymbols: Rule<typeof market.getAllSymbols> = ({ exchange, params, now }) =>
  [...tradingPairs.values()]
    .filter((pair) => params.market === undefined || pair.market === params.market)
    .map((pair) => {
      const limits = limitsOf(quoteOf(exchange, pair.symbol, now));
      return {
        symbol: pair.symbol,
        name: pair.name,
        baseCurrency: pair.base,
        quoteCurrency: pair.quote,
        feeCurrency: pair.quote,
        market: pair.market,
        ...limits,
        priceLimitRate: decimal('0.1'),
        minFunds: decimal('0.1'),
        isMarginEnabled: pair.isMargin,
        enableTrading: true,
        ...notModelledPair,
      };
    });

/** What the figures of an order have to fit (kucoin-api 8.28, 8.34). Invented. */
export function limitsOf({
  priceDigits,
  sizeDigits,
}: Quote): Record<
  | 'baseMinSize'
  | 'quoteMinSize'
  | 'baseMaxSize'
  | 'quoteMaxSize'
  | 'baseIncrement'
  | 'quoteIncrement'
  | 'priceIncrement',
  Decimal
> {
  return {
    baseMinSize: unitsText(10, sizeDigits),
    quoteMinSize: decimal('0.1'),
    baseMaxSize: decimal('10000000000'),
    quoteMaxSize: decimal('99999999'),
    baseIncrement: unitsText(1, sizeDigits),
    quoteIncrement: unitsText(1, priceDigits),
    priceIncrement: unitsText(1, priceDigits),
  };
}

const notModelledPair = {
  feeCategory: 1,
  makerFeeCoefficient: '1.00',
  takerFeeCoefficient: '1.00',
  st: false,
};

/** kucoin-api 8.29. What an unknown symbol gives is a switch. */
export const getTicker: Rule<typeof market.getTicker> = ({ exchange, params, now }) => {
  if (exchange.switches.unknownTicker === 'null' && !tradingPairs.has(params.symbol)) return null;
  const quote = quoteOf(exchange, params.symbol, now);
  return { time: quote.time, ...tickerOf(quote) };
};

/** kucoin-api 8.30 */
export const getAllTickers: Rule<typeof market.getAllTickers> = ({ exchange, now }) => ({
  time: now,
  ticker: [...tradingPairs.values()].map(({ symbol, name }) => {
    const quote = quoteOf(exchange, symbol, now);
    const { bestBidSize, bestAskSize } = tickerOf(quote);
    return { symbol, symbolName: name, ...dayOf(quote), bestBidSize, bestAskSize, ...fees };
  }),
});

/** kucoin-api 8.31 */
export const get24hrStats: Rule<typeof market.get24hrStats> = ({ exchange, params, now }) => {
  const quote = quoteOf(exchange, params.symbol, now);
  return { time: quote.time, symbol: params.symbol, ...dayOf(quote), ...fees };
};

/** kucoin-api 8.32 */
export const getPartOrderBook20: Rule<typeof market.getPartOrderBook20> = (call) => bookOf(call, 20);
export const getPartOrderBook100: Rule<typeof market.getPartOrderBook100> = (call) => bookOf(call, 100);

/** kucoin-api 8.33 */
export const getFullOrderBook: Rule<typeof market.getFullOrderBook> = (call) => bookOf(call, Infinity);

type Looked = Pick<Call, 'exchange' | 'now'>;

function bookOf(
  { exchange, params, now }: Looked & { readonly params: { readonly symbol: string } },
  most: number,
): ReturnType<typeof getFullOrderBook> {
  const quote = quoteOf(exchange, params.symbol, now);
  return {
    time: quote.time,
    sequence: String(quote.book.sequence),
    bids: levelsOf(quote, 'bids', most),
    asks: levelsOf(quote, 'asks', most),
  };
}

function quoteOf(exchange: Exchange, symbol: string, now: number): Quote {
  const quote = exchange.market.at(symbol, now);
  if (!quote) throw new Refusal('unknownSymbol');
  return quote;
}

type SentCurrency = v.InferInput<typeof market.getCurrency.reply>;

function asSent({ currency, name, fullName, precision, margin }: Currency): SentCurrency {
  const notModelled = { confirms: null, contractAddress: null, chains: [] };
  return {
    currency,
    name,
    fullName,
    precision,
    isMarginEnabled: margin,
    isDebitEnabled: margin,
    ...notModelled,
  };
}
