import { currencies } from '../currencies';

/** A trading pair of the sandbox. */
export interface TradingPair {
  readonly symbol: string;
  /** Differs from the symbol after a renaming. */
  readonly name: string;
  readonly base: string;
  readonly quote: string;
  /** Group on the website. */
  readonly market: string;
  readonly isMargin: boolean;
}

/** Every priced currency trades against USDT; PLAY has no market at all, as happens to new and delisted coins. */
const bases = [...currencies.keys()].filter((code) => code !== 'USDT' && code !== 'PLAY');

const others: readonly (readonly [string, string])[] = [
  ['ETH', 'BTC'],
  ['KCS', 'BTC'],
  ['BTC', 'USDC'],
  ['ETH', 'USDC'],
];

function pair(base: string, quote: string): TradingPair {
  const nameOf = (code: string): string => currencies.get(code)?.name ?? code;
  return {
    symbol: `${base}-${quote}`,
    name: `${nameOf(base)}-${nameOf(quote)}`,
    base,
    quote,
    market: quote === 'BTC' ? 'BTC' : 'USDS',
    isMargin: (currencies.get(base)?.margin ?? false) && (currencies.get(quote)?.margin ?? false),
  };
}

export const tradingPairs: ReadonlyMap<string, TradingPair> = new Map(
  [...bases.map((base) => pair(base, 'USDT')), ...others.map(([base, quote]) => pair(base, quote))].map(
    (one) => [one.symbol, one],
  ),
);
