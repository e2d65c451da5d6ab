import type * as v from 'valibot';
import type * as market from '../../kucoin/endpoints/market';
import { currencies, type Currency } from '../currencies';
import { fiatPrices } from '../prices';
import { Refusal } from '../refusals';
import type { Rule } from './rule';

/** kucoin-api 8.26. Chains are not modelled: nothing enters or leaves the sandbox. */
export const getAllCurrencies: Rule<typeof market.getAllCurrencies> = () =>
  [...currencies.values()].map(asSent);

export const getCurrency: Rule<typeof market.getCurrency> = ({ params }) => {
  const found = currencies.get(params.currency);
  if (!found) throw new Refusal('unknownCurrency');
  return asSent(found);
};

/** kucoin-api 8.27: codes that are unknown or have no price are left out. */
export const getFiatPrice: Rule<typeof market.getFiatPrice> = ({ params }) => {
  const prices = fiatPrices(params.base ?? 'USD', params.currencies);
  if (!prices) throw new Refusal('unknownFiat');
  return prices;
};

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
