import Big from 'big.js';

/**
 * An amount or a price as plain decimal text: optional minus, digits, optional fraction, never an exponent.
 *
 * It is text from the wire to the screen. A branded string costs nothing to carry, is immutable, goes into
 * JSON unchanged and cannot slip into JavaScript arithmetic; the functions below calculate with `big.js`.
 */
export type Decimal = string & { readonly __decimal: unique symbol };

const plain = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const wire = /^-?\d+(?:\.\d+)?$/;
/** Three digits of exponent at most: `1e999999999` written out would fill the memory. */
const exponent = /^-?\d+(?:\.\d+)?[eE][+-]?\d{1,3}$/;

export const zero = '0' as Decimal;

/** Whether a text is a decimal as the exchange writes it: digits with an optional fraction, no exponent. */
export function isDecimal(text: string): text is Decimal {
  return wire.test(text);
}

/** Takes the source text of a number (`1e-9` included); `undefined` when it is none. */
export function fromNumberText(text: string): Decimal | undefined {
  if (wire.test(text)) return text as Decimal;
  return exponent.test(text) ? plainText(new Big(text)) : undefined;
}

/** Plain notation, without the minus that Big keeps before a zero. */
function plainText(value: Big): Decimal {
  const text = value.toFixed();
  return (text === '-0' ? '0' : text) as Decimal;
}

/** For literals in code. Throws a TypeError when the text is not a decimal. */
export function decimal(text: string): Decimal {
  if (!isDecimal(text)) throw new TypeError('not a decimal');
  return text;
}

export function add(a: Decimal, b: Decimal): Decimal {
  return plainText(new Big(a).plus(b));
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return plainText(new Big(a).minus(b));
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return plainText(new Big(a).times(b));
}

export function sum(amounts: Iterable<Decimal>): Decimal {
  let total = new Big(0);
  for (const amount of amounts) total = total.plus(amount);
  return plainText(total);
}

/** The quotient rounded down to `digits` decimals. Throws a RangeError when the divisor is zero. */
export function divideDown(a: Decimal, b: Decimal, digits: number): Decimal {
  if (isZero(b)) throw new RangeError('division by zero');
  const DownTo = Big();
  // Ten digits more than wanted: cutting the quotient once at DP would round its last digit already.
  DownTo.DP = digits + 10;
  DownTo.RM = Big.roundDown;
  return plainText(new DownTo(a).div(b).round(digits, Big.roundDown));
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. */
export function compare(a: Decimal, b: Decimal): number {
  return new Big(a).cmp(b);
}

export function isZero(a: Decimal): boolean {
  return !/[1-9]/.test(a);
}

export function isNegative(a: Decimal): boolean {
  return a.startsWith('-') && !isZero(a);
}

/** Decimals that are really used: `1.500` has one. */
export function fractionDigits(a: Decimal): number {
  const dot = a.indexOf('.');
  return dot < 0 ? 0 : a.slice(dot + 1).replace(/0+$/, '').length;
}

/** The nearest multiples of 10^-precision at or below, and at or above, a decimal that is not negative. */
export function neighbours(a: Decimal, precision: number): { below: Decimal; above: Decimal } {
  const value = new Big(a);
  return {
    below: plainText(value.round(precision, Big.roundDown)),
    above: plainText(value.round(precision, Big.roundUp)),
  };
}

/** The smallest amount above zero that the precision allows. */
export function smallestUnit(precision: number): Decimal {
  return (precision === 0 ? '1' : `0.${'0'.repeat(precision - 1)}1`) as Decimal;
}

/** Without needless zeros, without exponent, without minus zero: the form that is sent and compared as text. */
export function canonical(a: Decimal): Decimal {
  if (plain.test(a) && !a.endsWith('0') && !a.startsWith('-')) return a;
  return plainText(new Big(a));
}

/** Cut (never rounded up) to `digits` decimals, for display only. */
export function truncate(a: Decimal, digits: number): Decimal {
  return plainText(new Big(a).round(digits, Big.roundDown));
}
