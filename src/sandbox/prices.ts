import { decimal, isZero, multiply, truncate, type Decimal } from '../kucoin/decimal';

/** Invented prices in US dollars. PLAY has none, as happens to new and delisted coins. */
const dollars: Readonly<Record<string, string>> = {
  USDT: '0.9998',
  USDC: '1.0001',
  EURC: '1.0852',
  BTC: '64250.1234',
  ETH: '3120.45',
  KCS: '10.05',
  SOL: '148.72',
  XRP: '0.5231',
  TRX: '0.1187',
  ADA: '0.4415',
  DOGE: '0.1325',
  DOT: '6.215',
  NEO: '14.33',
  VET: '0.0298',
  SHIB: '0.00001842',
  PEPE: '0.0000011325',
  LUNA: '0.00009871',
  BCHSV: '51.4',
};

/** Invented: units of a fiat currency per US dollar. */
const fiats: Readonly<Record<string, string>> = {
  USD: '1',
  EUR: '0.9215',
  GBP: '0.7862',
  CHF: '0.8841',
  JPY: '156.42',
  CNY: '7.2451',
  HKD: '7.8094',
  TWD: '32.41',
  KRW: '1378.6',
  INR: '83.51',
  IDR: '16245',
  VND: '25440',
  THB: '36.62',
  PHP: '58.41',
  MYR: '4.709',
  SGD: '1.3512',
  AUD: '1.5038',
  NZD: '1.6312',
  CAD: '1.3687',
  BRL: '5.4312',
  MXN: '18.12',
  ARS: '903.5',
  TRY: '32.28',
  RUB: '89.15',
  UAH: '40.52',
  PLN: '3.9712',
  CZK: '22.81',
  SEK: '10.48',
  NOK: '10.61',
  DKK: '6.8741',
  AED: '3.6725',
  ZAR: '18.21',
  NGN: '1485.2',
};

/** Decimals of a price as the exchange writes it (kucoin-api 6.2). */
const priceDigits = 16;

/**
 * Prices of the currencies that have one, in a fiat currency; `undefined` when the fiat currency is unknown.
 *
 * @param inDollars price of a currency now
 */
export function fiatPrices(
  base: string,
  wanted: readonly string[] | undefined,
  inDollars: (currency: string) => Decimal,
): Record<string, Decimal> | undefined {
  const rate = Object.hasOwn(fiats, base) ? fiats[base] : undefined;
  if (rate === undefined) return undefined;
  const priced = Object.keys(dollars)
    .filter((code) => wanted?.includes(code) ?? true)
    .map((code) => [code, inDollars(code)] as const)
    .filter(([, value]) => !isZero(value));
  return Object.fromEntries(priced.map(([code, value]) => [code, price(value, rate)]));
}

/** Price in US dollars before anything has moved; zero where there is none. */
export function dollarsOf(currency: string): Decimal {
  return decimal(dollars[currency] ?? '0');
}

function price(inDollars: Decimal, rate: string): Decimal {
  return padded(truncate(multiply(inDollars, decimal(rate)), priceDigits));
}

/** With all sixteen decimals, needless zeros included. */
function padded(value: Decimal): Decimal {
  const [whole = '0', fraction = ''] = value.split('.');
  return `${whole}.${fraction.padEnd(priceDigits, '0')}` as Decimal;
}
