import type { KucoinClient } from '../kucoin/client';
import type { Decimal } from '../kucoin/decimal';
import { getAllSymbols } from '../kucoin/endpoints/market';
import type { Time } from '../kucoin/time';

/** A trading pair of the spot market. */
export interface TradingPair {
  /** Permanent code, e.g. `BTC-USDT`; every request uses it. */
  readonly symbol: string;
  /** Changes on a renaming. */
  readonly name: string;
  readonly base: string;
  readonly quote: string;
  readonly priceIncrement: Decimal;
  readonly baseIncrement: Decimal;
  readonly isTrading: boolean;
}

/** The list is megabytes and changes rarely. */
const lifeMs = 60 * 60_000;

/** The trading pairs of one exchange, read once an hour at most. */
export class TradingPairs {
  private read: { readonly at: number; readonly pairs: Promise<readonly TradingPair[]> } | undefined;

  constructor(
    private readonly client: Pick<KucoinClient, 'call'>,
    private readonly time: Pick<Time, 'monotonic'>,
  ) {}

  /** @throws KucoinError when the list cannot be read; the next call asks again */
  all(): Promise<readonly TradingPair[]> {
    const now = this.time.monotonic();
    if (this.read && now - this.read.at < lifeMs) return this.read.pairs;
    const pairs = this.client.call(getAllSymbols, {}).then((list) =>
      list.map(
        ({ symbol, name, baseCurrency, quoteCurrency, priceIncrement, baseIncrement, enableTrading }) => ({
          symbol,
          name,
          base: baseCurrency,
          quote: quoteCurrency,
          priceIncrement,
          baseIncrement,
          isTrading: enableTrading,
        }),
      ),
    );
    const read = (this.read = { at: now, pairs });
    pairs.catch(() => {
      if (this.read === read) this.read = undefined;
    });
    return pairs;
  }

  /** `undefined` for a symbol that the exchange does not have. */
  async find(symbol: string): Promise<TradingPair | undefined> {
    return (await this.all()).find((pair) => pair.symbol === symbol);
  }
}
