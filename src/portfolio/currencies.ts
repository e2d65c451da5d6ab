import type { KucoinClient } from '../kucoin/client';
import { getCurrency } from '../kucoin/endpoints/market';

/**
 * How many decimals an amount of a currency may have. Asked once per currency: the list of all currencies is
 * megabytes, and a wizard needs one.
 */
export class Currencies {
  private readonly precisions = new Map<string, Promise<number>>();

  constructor(private readonly client: KucoinClient) {}

  /** @throws KucoinError when the exchange does not say; the next call asks again */
  precision(currency: string): Promise<number> {
    const known = this.precisions.get(currency);
    if (known) return known;
    const asked = this.client.call(getCurrency, { currency }).then((entry) => entry.precision);
    this.precisions.set(currency, asked);
    asked.catch(() => this.precisions.delete(currency));
    return asked;
  }
}
