/** A currency of the sandbox. Precisions are invented where KuCoin's own would leave a case untested. */
export interface Currency {
  /** Permanent code. */
  readonly currency: string;
  /** For display; differs from the code after a renaming. */
  readonly name: string;
  readonly fullName: string;
  /** Decimals of a transfer amount (kucoin-api 6.3). */
  readonly precision: number;
  /** May enter margin accounts. */
  readonly margin: boolean;
  /** The futures account settles in it. */
  readonly futures?: true;
}

const list: readonly Currency[] = [
  { currency: 'USDT', name: 'USDT', fullName: 'Tether', precision: 8, margin: true, futures: true },
  { currency: 'BTC', name: 'BTC', fullName: 'Bitcoin', precision: 8, margin: true, futures: true },
  { currency: 'ETH', name: 'ETH', fullName: 'Ethereum', precision: 8, margin: true, futures: true },
  { currency: 'KCS', name: 'KCS', fullName: 'KuCoin Token', precision: 8, margin: true },
  { currency: 'USDC', name: 'USDC', fullName: 'USD Coin', precision: 8, margin: true, futures: true },
  { currency: 'SOL', name: 'SOL', fullName: 'Solana', precision: 8, margin: true },
  { currency: 'XRP', name: 'XRP', fullName: 'Ripple', precision: 6, margin: true },
  { currency: 'TRX', name: 'TRX', fullName: 'TRON', precision: 6, margin: true },
  { currency: 'ADA', name: 'ADA', fullName: 'Cardano', precision: 6, margin: true },
  { currency: 'DOGE', name: 'DOGE', fullName: 'Dogecoin', precision: 8, margin: true },
  { currency: 'DOT', name: 'DOT', fullName: 'Polkadot', precision: 10, margin: false },
  { currency: 'NEO', name: 'NEO', fullName: 'Neo', precision: 0, margin: false },
  { currency: 'VET', name: 'VET', fullName: 'VeChain', precision: 4, margin: false },
  { currency: 'SHIB', name: 'SHIB', fullName: 'Shiba Inu', precision: 18, margin: true },
  { currency: 'PEPE', name: 'PEPE', fullName: 'Pepe', precision: 18, margin: false },
  { currency: 'LUNA', name: 'LUNC', fullName: 'Terra Classic', precision: 6, margin: false },
  { currency: 'BCHSV', name: 'BSV', fullName: 'Bitcoin SV', precision: 8, margin: false },
  { currency: 'EURC', name: 'EURC', fullName: 'Euro Coin', precision: 6, margin: false },
  { currency: 'PLAY', name: 'PLAY', fullName: 'Sandbox Play Coin', precision: 2, margin: false },
];

export const currencies: ReadonlyMap<string, Currency> = new Map(
  list.map((entry) => [entry.currency, entry]),
);

/** Pairs that have an isolated margin account. */
export const isolatedPairs: ReadonlySet<string> = new Set([
  'BTC-USDT',
  'ETH-USDT',
  'KCS-USDT',
  'SOL-USDT',
  'XRP-USDT',
  'DOGE-USDT',
  'ETH-BTC',
  'BTC-USDC',
]);
