import {
  canonical,
  divideDown,
  fractionDigits,
  isZero,
  multiply,
  subtract,
  add,
  type Decimal,
} from '../kucoin/decimal';
import type { Level } from '../kucoin/feed/orderBook';

/** A row of the ladder: one price, or all prices of one step. */
export interface Rung {
  readonly price: Decimal;
  readonly size: Decimal;
  /** Sizes from the best price to this one. */
  readonly total: Decimal;
}

/** What is to be seen of an order book; both sides best price first. */
export interface BookPicture {
  readonly bids: readonly Rung[];
  readonly asks: readonly Rung[];
  /** Best ask less best bid: negative when the book is crossed. Absent when a side is empty. */
  readonly spread?: Decimal;
  /** The spread in percent of the middle, at most four decimals. */
  readonly spreadPercent?: Decimal;
  /** A bid as high as an ask: no true book of an exchange is like this for long. */
  readonly isCrossed: boolean;
}

export interface PictureOptions {
  /** Prices are put together to multiples of it, bids down and asks up; every price alone where left out. */
  readonly step?: Decimal | undefined;
  /** Most rungs of each side. */
  readonly rungs: number;
}

const hundred = '100' as Decimal;
const half = '0.5' as Decimal;

export function pictureOf(
  bids: readonly Level[],
  asks: readonly Level[],
  options: PictureOptions,
): BookPicture {
  const bid = bids[0]?.[0];
  const ask = asks[0]?.[0];
  const sides = { bids: rungsOf(bids, 'down', options), asks: rungsOf(asks, 'up', options) };
  if (bid === undefined || ask === undefined) return { ...sides, isCrossed: false };
  const spread = subtract(ask, bid);
  const middle = multiply(add(ask, bid), half);
  return {
    ...sides,
    spread,
    ...(!isZero(middle) && { spreadPercent: divideDown(multiply(spread, hundred), middle, 4) }),
    isCrossed: spread.startsWith('-') || isZero(spread),
  };
}

/** What a step may be: multiples of the price increment. */
export function stepsOf(increment: Decimal): Decimal[] {
  if (isZero(increment)) return [];
  return ['1', '5', '10', '50', '100', '500', '1000'].map((times) =>
    canonical(multiply(increment, times as Decimal)),
  );
}

/**
 * The levels put together, until there are enough rungs. Whole numbers of the smallest unit that occurs: as exact as
 * decimals and quick enough for thousands of levels ten times a second.
 */
function rungsOf(levels: readonly Level[], towards: 'down' | 'up', { step, rungs }: PictureOptions): Rung[] {
  const sizeDigits = mostDigits(levels, 1);
  const grouping =
    step === undefined || isZero(step) ? undefined : groupingBy(step, mostDigits(levels, 0), towards);
  const found: { price: Decimal; size: bigint; total: bigint }[] = [];
  let last: { price: Decimal; size: bigint; total: bigint } | undefined;
  let total = 0n;
  for (const [written, amount] of levels) {
    const price = grouping ? grouping(written) : written;
    const size = unitsOf(amount, sizeDigits);
    if (last?.price !== price) {
      if (found.length === rungs) break;
      last = { price, size: 0n, total };
      found.push(last);
    }
    total += size;
    last.size += size;
    last.total = total;
  }
  return found.map((rung) => ({
    price: rung.price,
    size: textOf(rung.size, sizeDigits),
    total: textOf(rung.total, sizeDigits),
  }));
}

/** To which multiple of a step a price belongs. */
function groupingBy(step: Decimal, priceDigits: number, towards: 'down' | 'up'): (price: Decimal) => Decimal {
  const digits = Math.max(priceDigits, fractionDigits(step));
  const width = unitsOf(step, digits);
  return (price) => {
    const units = unitsOf(price, digits);
    const count = (towards === 'up' ? units + width - 1n : units) / width;
    return textOf(count * width, digits);
  };
}

function mostDigits(levels: readonly Level[], column: 0 | 1): number {
  let most = 0;
  for (const level of levels) {
    const text = level[column];
    const dot = text.indexOf('.');
    if (dot >= 0) most = Math.max(most, text.length - dot - 1);
  }
  return most;
}

/** A decimal that is not negative as a count of 10^-digits; `digits` has to hold all of its decimals. */
function unitsOf(text: Decimal, digits: number): bigint {
  const dot = text.indexOf('.');
  if (dot < 0) return BigInt(text) * 10n ** BigInt(digits);
  return BigInt((text.slice(0, dot) + text.slice(dot + 1)).padEnd(dot + digits, '0'));
}

function textOf(units: bigint, digits: number): Decimal {
  if (digits === 0) return units.toString() as Decimal;
  const text = units.toString().padStart(digits + 1, '0');
  const fraction = text.slice(-digits).replace(/0+$/, '');
  return `${text.slice(0, -digits)}${fraction === '' ? '' : `.${fraction}`}` as Decimal;
}
