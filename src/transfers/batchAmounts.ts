import {
  add,
  canonical,
  compare,
  decimal,
  divideDown,
  fractionDigits,
  isZero,
  multiply,
  smallestUnit,
  subtract,
  truncate,
  zero,
  type Decimal,
} from '../kucoin/decimal';
import type { Sentence } from '../kucoin/explain';
import { accountTitle, type AccountRef } from './intent';
import { batchNotes } from './messages';
import { refuse, type Refusal } from './refusal';
import { say } from './sentence';

/**
 * How much each row of a batch moves. `all`: what is available; `each`: the same amount; `keep`: all but an amount;
 * `split`: an amount in equal parts; `topUp`: what is missing to an amount.
 */
export type AmountRule =
  { readonly mode: 'all' } | { readonly mode: 'each' | 'keep' | 'split' | 'topUp'; readonly amount: Decimal };

export type AmountMode = AmountRule['mode'];

/** The sub-account's side of a row. `available`: as far as known. */
export interface RowFunds {
  readonly account: AccountRef;
  readonly available: Decimal | undefined;
}

export type RowAmount = { readonly amount: Decimal } | { readonly refused: Refusal };

export interface BatchAmounts {
  /** One for each row, in its order. */
  readonly amounts: readonly RowAmount[];
  /** What a person should know: parts that are not quite equal, rests that stay. */
  readonly notes: readonly Sentence[];
}

/** @param precision decimals that an amount of the currency may have; `undefined`: not known */
export function batchAmounts(
  rule: AmountRule,
  rows: readonly RowFunds[],
  { currency, precision }: { readonly currency: string; readonly precision: number | undefined },
): BatchAmounts {
  switch (rule.mode) {
    case 'split':
      return splitEqually(rule.amount, rows, { currency, precision });
    case 'each':
      return { amounts: rows.map(() => ({ amount: canonical(rule.amount) })), notes: [] };
    case 'all':
    case 'keep':
    case 'topUp':
      return byBalance(rule, rows, { currency, precision });
  }
}

function byBalance(
  rule: Exclude<AmountRule, { readonly mode: 'each' | 'split' }>,
  rows: readonly RowFunds[],
  { currency, precision }: { readonly currency: string; readonly precision: number | undefined },
): BatchAmounts {
  let rests = 0;
  const amounts = rows.map(({ account, available }): RowAmount => {
    const title = accountTitle(account);
    if (available === undefined) return { refused: refuse('rowNotKnown', { currency, account: title }) };
    if (rule.mode === 'all' && isZero(available)) {
      return { refused: refuse('rowEmpty', { currency, account: title }) };
    }
    const exact = exactAmount(rule, available);
    if (compare(exact, zero) <= 0) {
      const known = { account: title, currency, available: canonical(available) };
      if (rule.mode === 'keep') {
        return { refused: refuse('rowBelowKept', { ...known, kept: canonical(rule.amount) }) };
      }
      return { refused: refuse('rowToppedUp', known) };
    }
    const amount = precision === undefined ? exact : truncate(exact, precision);
    if (isZero(amount)) return { refused: refuse('rowTooSmall', { currency, account: title }) };
    if (compare(amount, exact) !== 0) rests += 1;
    return { amount: canonical(amount) };
  });
  const notes = rests > 0 ? [say(batchNotes.cut, { count: rests, precision: precision ?? 0, currency })] : [];
  return { amounts, notes };
}

function exactAmount(
  rule: Exclude<AmountRule, { readonly mode: 'each' | 'split' }>,
  available: Decimal,
): Decimal {
  if (rule.mode === 'all') return available;
  return rule.mode === 'keep' ? subtract(available, rule.amount) : subtract(rule.amount, available);
}

/** Parts whose sum is the total to the last digit: what does not divide goes to the first rows, one unit each. */
function splitEqually(
  total: Decimal,
  rows: readonly RowFunds[],
  { currency, precision }: { readonly currency: string; readonly precision: number | undefined },
): BatchAmounts {
  if (rows.length === 0) return { amounts: [], notes: [] };
  const digits = precision ?? fractionDigits(total);
  const unit = smallestUnit(digits);
  const count = decimal(String(rows.length));
  const part = divideDown(total, count, digits);
  const rest = subtract(total, multiply(part, count));
  const extra = Number(divideDown(rest, unit, 0));
  const amounts = rows.map(({ account }, index): RowAmount => {
    const amount = index < extra ? add(part, unit) : part;
    return isZero(amount)
      ? { refused: refuse('rowTooSmall', { currency, account: accountTitle(account) }) }
      : { amount: canonical(amount) };
  });
  const notes = extra > 0 ? [say(batchNotes.remainder, { count: extra, unit, currency })] : [];
  return { amounts, notes };
}
