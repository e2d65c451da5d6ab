import * as v from 'valibot';
import { endpoint } from '../endpoint';
import { currencyCode, decimalText } from '../schema';

/** Public facts about currencies. */

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
