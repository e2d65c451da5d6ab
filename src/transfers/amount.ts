import {
  canonical,
  compare,
  decimal,
  divideDown,
  fractionDigits,
  isZero,
  neighbours,
  smallestUnit,
  subtract,
  truncate,
  type Decimal,
} from '../kucoin/decimal';
import type { Sentence } from '../kucoin/explain';
import { amountNotes, amountProblems } from './messages';
import { say, type ValuesOf } from './sentence';

/** What an amount is read against. `undefined` means: not known. */
export interface AmountFacts {
  readonly currency: string;
  /** Decimals that an amount of the currency may have. */
  readonly precision: number | undefined;
  /** How much of it can leave the source account. */
  readonly transferable: Decimal | undefined;
  /** Price of one unit of the currency, so that `25 USD` can be understood. */
  readonly price?: { readonly unit: string; readonly perOne: Decimal | undefined } | undefined;
}

/** What somebody typed, understood or not. Never rounded without a note that says so. */
export type AmountReading =
  | {
      readonly amount: Decimal;
      /** What the person should see beside the amount: a conversion, or what could not be checked. */
      readonly notes: readonly Sentence[];
    }
  | {
      readonly problem: AmountProblem;
      /** The nearest amounts that are allowed, smaller first; none where there is no telling what was meant. */
      readonly suggestions: readonly Suggestion[];
    };

export interface AmountProblem {
  readonly code: AmountProblemCode;
  readonly sentence: Sentence;
}

export type AmountProblemCode = keyof typeof amountProblems;

export interface Suggestion {
  readonly amount: Decimal;
  /** Beside what was typed: the next allowed one below or above, the most that can be had, or what was likely meant. */
  readonly relation: 'below' | 'above' | 'most' | 'meant';
}

/** Digits of the longest amount taken: more than any currency needs, and short enough to be read. */
export const digitLimit = 36;

/** Signs that are put before or behind an amount for one currency each. */
const signs: Readonly<Record<string, string>> = { $: 'USD', '€': 'EUR', '£': 'GBP', '₺': 'TRY' };

const plain = /^\d+(?:\.\d+)?$/;

/** How a text that is no plain number fails, most telling first. */
const shapes: readonly { readonly shape: RegExp; readonly code: PlainProblem }[] = [
  { shape: /^[\d.]+\s[\d.\s]+$/, code: 'blanksInside' },
  { shape: /^[+-]?(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+$/, code: 'exponent' },
  { shape: /^[-−]\s*(?:\d|\.\d)[\d.,]*$/, code: 'negative' },
  { shape: /^\+\s*(?:\d|\.\d)[\d.,]*$/, code: 'sign' },
  { shape: /^[\d.]*\d,[\d.,]*$|^,\d+$/, code: 'comma' },
  { shape: /^(?:\.\d+|\d+\.)$/, code: 'bareDot' },
];
type PlainProblem = 'blanksInside' | 'exponent' | 'negative' | 'sign' | 'comma' | 'bareDot';

/** Reads what a person types as the amount of a transfer. Pure. */
export function readAmount(typed: string, facts: AmountFacts): AmountReading {
  const text = typed.trim();
  if (text === '') return fault('empty');
  const word = text.toLowerCase();
  if (word === 'max' || word === 'half') return share(word, facts);
  const currency = facts.currency.toUpperCase();
  const { digits, unit } = splitUnit(text, currency);
  if (unit === undefined || unit === currency) {
    const read = readDigits(digits);
    return typeof read === 'string' ? checked(read, facts, []) : read;
  }
  const read = readDigits(digits);
  if (typeof read !== 'string') return read;
  return convert(read, unit, facts);
}

/** Whether an amount may be transferred; its problem and the nearest allowed amounts otherwise. */
export function checkAmount(amount: Decimal, facts: AmountFacts): AmountReading {
  return checked(amount, facts, []);
}

function splitUnit(
  text: string,
  currency: string,
): { readonly digits: string; readonly unit: string | undefined } {
  const sign = Object.keys(signs).find((mark) => text.startsWith(mark) || text.endsWith(mark));
  if (sign !== undefined) return { digits: text.replace(sign, '').trim(), unit: signs[sign] };
  // A currency may begin with a digit, as 1INCH does: behind a blank it is still the currency.
  const [, before, last] = /^(.*\S)\s+(\S*[A-Za-z]\S*)$/.exec(text) ?? [];
  if (before !== undefined && last?.toUpperCase() === currency) return { digits: before, unit: currency };
  const [, digits, unit] = /^([-+.,\d\s]*\d[.,]?)\s*([A-Za-z][A-Za-z0-9._-]*)$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined || exponentTail.test(unit))
    return { digits: text, unit: undefined };
  return { digits, unit: unit.toUpperCase() };
}

/** `1e3` and `1E-3` are exponents and no units. */
const exponentTail = /^e[+-]?\d+$/i;

function readDigits(text: string): Decimal | AmountReading {
  if (plain.test(text)) {
    const count = text.replace('.', '').length;
    if (count > digitLimit) return fault('tooLong', [{ digits: count, limit: digitLimit }]);
    return canonical(decimal(text));
  }
  const code = shapes.find(({ shape }) => shape.test(text))?.code ?? 'notANumber';
  if (code !== 'bareDot') return fault(code);
  const meant = text.startsWith('.') ? `0${text}` : text.slice(0, -1);
  return fault('bareDot', [], [{ amount: canonical(decimal(meant)), relation: 'meant' }]);
}

function share(word: 'max' | 'half', facts: AmountFacts): AmountReading {
  const { currency, transferable } = facts;
  if (transferable === undefined) return fault('transferableUnknown');
  if (isZero(transferable)) return fault('nothingThere', [{ currency }]);
  // Without a known precision the balance itself shows a number of decimals that is certainly allowed.
  const precision = facts.precision ?? fractionDigits(transferable);
  const exact = word === 'max' ? canonical(transferable) : divideDown(transferable, two, digitLimit);
  const amount = truncate(exact, precision);
  if (isZero(amount)) return fault('tooSmall', [{ currency, smallest: smallestUnit(precision) }]);
  const notes: Sentence[] = [];
  if (amount !== exact && word === 'half') {
    notes.push(say(amountNotes.halved, { transferable: canonical(transferable), currency, precision }));
  }
  if (amount !== exact && word === 'max') {
    notes.push(say(amountNotes.maximum, { precision, rest: subtract(exact, amount), currency }));
  }
  return checked(amount, facts, notes);
}

const two = decimal('2');

function convert(value: Decimal, unit: string, facts: AmountFacts): AmountReading {
  const { currency, precision, price } = facts;
  if (price?.unit.toUpperCase() !== unit) return fault('unitUnknown', [{ currency, unit }]);
  const { perOne } = price;
  if (perOne === undefined || isZero(perOne)) return fault('priceUnknown', [{ currency, unit }]);
  if (precision === undefined) return fault('precisionUnknown', [{ currency }]);
  if (isZero(value)) return fault('zero');
  const amount = divideDown(value, perOne, precision);
  const smallest = smallestUnit(precision);
  if (isZero(amount)) return fault('tooSmall', [{ currency, smallest }]);
  return checked(amount, facts, [
    say(amountNotes.converted, { value, unit, price: perOne, currency, amount }),
  ]);
}

function checked(amount: Decimal, facts: AmountFacts, notes: readonly Sentence[]): AmountReading {
  const { currency, precision, transferable } = facts;
  if (isZero(amount)) return fault('zero');
  if (amount.startsWith('-')) return fault('negative');
  if (transferable !== undefined) {
    if (isZero(transferable)) return fault('nothingThere', [{ currency }]);
    if (compare(amount, transferable) > 0) {
      const most = precision === undefined ? canonical(transferable) : truncate(transferable, precision);
      return fault(
        'tooMuch',
        [{ transferable: canonical(transferable), currency }],
        isZero(most) ? [] : [{ amount: most, relation: 'most' }],
      );
    }
  }
  if (precision !== undefined && fractionDigits(amount) > precision) {
    const { below, above } = neighbours(amount, precision);
    const suggestions: Suggestion[] = [];
    if (!isZero(below)) suggestions.push({ amount: below, relation: 'below' });
    if (transferable === undefined || compare(above, transferable) <= 0) {
      suggestions.push({ amount: above, relation: 'above' });
    }
    return fault('precision', [{ currency, precision, digits: fractionDigits(amount) }], suggestions);
  }
  const unchecked: Sentence[] = [];
  if (precision === undefined) unchecked.push(say(amountNotes.precisionUnknown, { currency }));
  if (transferable === undefined) unchecked.push(say(amountNotes.transferableUnknown, { currency }));
  return { amount: canonical(amount), notes: [...notes, ...unchecked] };
}

function fault<C extends AmountProblemCode>(
  code: C,
  values?: ValuesOf<(typeof amountProblems)[C]>,
  suggestions: readonly Suggestion[] = [],
): AmountReading {
  const sentence = say<string>(amountProblems[code], ...((values ?? []) as []));
  return { problem: { code, sentence }, suggestions };
}
