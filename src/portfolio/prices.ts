import type { KucoinClient } from '../kucoin/client';
import { divideDown, isZero, type Decimal } from '../kucoin/decimal';
import { getFiatPrice } from '../kucoin/endpoints/market';
import { KucoinError } from '../kucoin/errors';
import type { Priority } from '../kucoin/quota';
import type { Prices } from './valuation';

/** The fiat currency that thresholds are counted in while values are shown in a coin. */
const thresholdFiat = 'USD';
/** Decimals of a price in a coin: enough for eight digits of what a trillion of makes one. */
const quotientDigits = 30;

const fiatCodes = new Set(Intl.supportedValuesOf('currency'));

/** Whether a code is that of a fiat currency (ISO 4217); any other is taken for a coin. */
export function isFiat(code: string): boolean {
  return fiatCodes.has(code);
}

/**
 * Prices in a fiat currency, as the exchange tells them, or in a coin, derived through US dollars.
 *
 * @throws KucoinError, also where the coin has no price itself
 */
export async function readPrices(client: KucoinClient, base: string, priority: Priority): Promise<Prices> {
  const fiat = isFiat(base) ? base : thresholdFiat;
  const told = await client.call(getFiatPrice, { base: fiat }, { priority });
  const inFiat: Prices = { base: fiat, of: new Map(Object.entries(told)) };
  return fiat === base ? inFiat : { ...inCoin(inFiat, base), fiat: inFiat };
}

function inCoin({ of }: Prices, coin: string): Prices {
  const unit = of.get(coin);
  if (unit === undefined || isZero(unit)) {
    throw new KucoinError({
      kind: 'invalidArgument',
      outcome: 'notExecuted',
      detail: `${coin} has no price, so nothing can be valued in it`,
    });
  }
  const quotients = [...of].map(([code, price]): [string, Decimal] => [
    code,
    divideDown(price, unit, quotientDigits),
  ]);
  return { base: coin, of: new Map(quotients) };
}
