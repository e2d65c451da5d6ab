import * as v from 'valibot';
import { endpoint } from '../endpoint';
import { currencyCode, decimalText, milliseconds } from '../schema';
import { levels, tradingPair } from '../schemaParts';

/** Currencies, trading pairs, prices and order books. */

const currency = v.object({
  /** Permanent code; every request uses it. */
  currency: v.string(),
  name: v.string(),
  fullName: v.string(),
  /** Decimals that an amount of a transfer may have. */
  precision: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(30)),
  isMarginEnabled: v.optional(v.boolean(), false),
  isDebitEnabled: v.optional(v.boolean(), false),
});

export const getAllCurrencies = endpoint({
  title: 'Get All Currencies',
  summary: 'Every currency with its precision. Large: over a thousand entries.',
  docs: 'https://www.kucoin.com/docs-new/rest/spot-trading/market-data/get-all-currencies',
  method: 'GET',
  host: 'spot',
  path: '/api/v3/currencies',
  permission: 'Public',
  pool: 'Public',
  weight: 3,
  params: v.object({}),
  reply: v.array(currency),
  repeat: 'safe',
});

export const getCurrency = endpoint({
  ...getAllCurrencies,
  title: 'Get Currency',
  summary: 'One currency with its precision.',
  docs: 'https://www.kucoin.com/docs-new/rest/spot-trading/market-data/get-currency',
  path: '/api/v3/currencies/{currency}',
  params: v.object({ currency: currencyCode, chain: v.optional(v.string()) }),
  reply: currency,
});

export const getFiatPrice = endpoint({
  title: 'Get Fiat Price',
  summary: 'Prices of currencies in a fiat currency. Currencies without a price are left out.',
  docs: 'https://www.kucoin.com/docs-new/rest/spot-trading/market-data/get-fiat-price',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/prices',
  permission: 'Public',
  pool: 'Public',
  weight: 3,
  params: v.object({
    /** Fiat currency, `USD` when left out. */
    base: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{3,10}$/, 'fiat code'))),
    currencies: v.optional(v.array(currencyCode)),
  }),
  reply: v.record(v.string(), decimalText),
  repeat: 'safe',
});

export const getAllSymbols = endpoint({
  title: 'Get All Symbols',
  summary: 'Every trading pair with its increments and limits. Large: over a thousand entries.',
  docs: 'https://www.kucoin.com/docs-new/rest/spot-trading/market-data/get-all-symbols',
  method: 'GET',
  host: 'spot',
  path: '/api/v2/symbols',
  permission: 'Public',
  pool: 'Public',
  weight: 4,
  params: v.object({
    /** A market such as `USDS`, `BTC` or `ALTS`; all where left out. */
    market: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,30}$/, 'market'))),
  }),
  reply: v.array(
    v.object({
      /** Permanent code; every request uses it. */
      symbol: v.string(),
      /** Changes on a renaming. */
      name: v.string(),
      baseCurrency: v.string(),
      quoteCurrency: v.string(),
      feeCurrency: v.string(),
      market: v.string(),
      baseMinSize: decimalText,
      quoteMinSize: decimalText,
      baseMaxSize: decimalText,
      quoteMaxSize: decimalText,
      baseIncrement: decimalText,
      quoteIncrement: decimalText,
      priceIncrement: decimalText,
      priceLimitRate: v.nullish(decimalText),
      minFunds: v.nullish(decimalText),
      isMarginEnabled: v.boolean(),
      enableTrading: v.boolean(),
    }),
  ),
  repeat: 'safe',
});

const symbol = v.object({ symbol: tradingPair });

export const getTicker = endpoint({
  title: 'Get Ticker',
  summary: 'Last price and best bid and ask of a trading pair.',
  docs: 'https://www.kucoin.com/docs-new/rest/spot-trading/market-data/get-ticker',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/market/orderbook/level1',
  permission: 'Public',
  pool: 'Public',
  weight: 2,
  params: symbol,
  /** `null` may stand for a pair that is not known. */
  reply: v.nullable(
    v.object({
      time: milliseconds,
      sequence: v.string(),
      price: v.nullish(decimalText),
      size: v.nullish(decimalText),
      bestBid: v.nullish(decimalText),
      bestBidSize: v.nullish(decimalText),
      bestAsk: v.nullish(decimalText),
      bestAskSize: v.nullish(decimalText),
    }),
  ),
  repeat: 'safe',
});

/** Some are null for idle pairs. */
const statistics = {
  symbol: v.string(),
  /** Best bid. */
  buy: v.nullish(decimalText),
  /** Best ask. */
  sell: v.nullish(decimalText),
  /** A fraction: -0.0123 is -1.23 %. */
  changeRate: v.nullish(decimalText),
  changePrice: v.nullish(decimalText),
  high: v.nullish(decimalText),
  low: v.nullish(decimalText),
  /** In the base currency. */
  vol: v.nullish(decimalText),
  /** In the quote currency. */
  volValue: v.nullish(decimalText),
  last: v.nullish(decimalText),
  averagePrice: v.nullish(decimalText),
  takerFeeRate: v.nullish(decimalText),
  makerFeeRate: v.nullish(decimalText),
  takerCoefficient: v.nullish(decimalText),
  makerCoefficient: v.nullish(decimalText),
};

export const getAllTickers = endpoint({
  title: 'Get All Tickers',
  summary: 'Prices of the last 24 hours of every trading pair, renewed every two seconds. Large.',
  docs: 'https://www.kucoin.com/docs-new/rest/spot-trading/market-data/get-all-tickers',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/market/allTickers',
  permission: 'Public',
  pool: 'Public',
  weight: 15,
  params: v.object({}),
  reply: v.object({
    time: milliseconds,
    ticker: v.array(
      v.object({
        ...statistics,
        /** Changes on a renaming. */
        symbolName: v.string(),
        bestBidSize: v.nullish(decimalText),
        bestAskSize: v.nullish(decimalText),
      }),
    ),
  }),
  repeat: 'safe',
});

export const get24hrStats = endpoint({
  title: 'Get 24hr Stats',
  summary: 'Prices of the last 24 hours of one trading pair.',
  docs: 'https://www.kucoin.com/docs-new/rest/spot-trading/market-data/get-24hr-stats',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/market/stats',
  permission: 'Public',
  pool: 'Public',
  weight: 15,
  params: symbol,
  reply: v.object({ time: milliseconds, ...statistics }),
  repeat: 'safe',
});

const orderBook = v.object({
  time: milliseconds,
  /** Digits. */
  sequence: v.string(),
  /** From high to low. */
  bids: levels,
  /** From low to high. */
  asks: levels,
});

export const getPartOrderBook20 = endpoint({
  title: 'Get Part OrderBook',
  summary: 'The twenty best levels of each side of an order book.',
  docs: 'https://www.kucoin.com/docs-new/rest/spot-trading/market-data/get-part-orderbook',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/market/orderbook/level2_20',
  permission: 'Public',
  pool: 'Public',
  weight: 2,
  params: symbol,
  reply: orderBook,
  repeat: 'safe',
});

export const getPartOrderBook100 = endpoint({
  ...getPartOrderBook20,
  summary: 'The hundred best levels of each side of an order book.',
  path: '/api/v1/market/orderbook/level2_100',
  weight: 4,
});

export const getFullOrderBook = endpoint({
  title: 'Get Full OrderBook',
  summary: 'Every level of an order book. Not public: a local book of all levels needs a key.',
  docs: 'https://www.kucoin.com/docs-new/rest/spot-trading/market-data/get-full-orderbook',
  method: 'GET',
  host: 'spot',
  path: '/api/v3/market/orderbook/level2',
  permission: 'General',
  pool: 'Spot',
  weight: 3,
  params: symbol,
  reply: orderBook,
  repeat: 'safe',
});
