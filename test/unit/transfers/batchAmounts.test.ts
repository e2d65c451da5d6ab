import assert from 'node:assert/strict';
import { compare, decimal, fractionDigits, isZero, sum } from '../../../src/kucoin/decimal';
import { english } from '../../../src/kucoin/explain';
import {
  batchAmounts,
  type AmountRule,
  type BatchAmounts,
  type RowFunds,
} from '../../../src/transfers/batchAmounts';
import { ofSub } from '../../../src/transfers/intent';

const rows = (...available: (string | undefined)[]): RowFunds[] =>
  available.map((text, n) => ({
    account: ofSub(`65aa0000000000000000b${String(n).padStart(3, '0')}`, 'main'),
    available: text === undefined ? undefined : decimal(text),
  }));
const facts = { currency: 'USDT', precision: 6 };
const told = ({ amounts }: BatchAmounts): string[] =>
  amounts.map((row) => ('amount' in row ? row.amount : row.refused.code));

describe('the amounts of a batch', () => {
  it('are all that is available, cut to the decimals that may be moved', () => {
    const found = batchAmounts(
      { mode: 'all' },
      rows('12.50', '0', undefined, '1.1234567', '0.0000004'),
      facts,
    );
    assert.deepEqual(told(found), ['12.5', 'rowEmpty', 'rowNotKnown', '1.123456', 'rowTooSmall']);
    assert.deepEqual(found.notes.map(english), [
      'Amounts were rounded down to 6 decimals, so a rest of USDT stays. Rows: 1',
    ]);
  });

  it('are uncut while the decimals are not known', () => {
    const found = batchAmounts({ mode: 'all' }, rows('1.1234567'), { ...facts, precision: undefined });
    assert.deepEqual(told(found), ['1.1234567']);
  });

  it('are the same for each row, whatever it has', () => {
    const found = batchAmounts({ mode: 'each', amount: decimal('5.0') }, rows('7', '0', undefined), facts);
    assert.deepEqual(told(found), ['5', '5', '5']);
  });

  it('are what is more than an amount to keep', () => {
    const found = batchAmounts({ mode: 'keep', amount: decimal('10') }, rows('12.5', '10', '3'), facts);
    assert.deepEqual(told(found), ['2.5', 'rowBelowKept', 'rowBelowKept']);
  });

  it('are what is missing to an amount', () => {
    const found = batchAmounts({ mode: 'topUp', amount: decimal('10') }, rows('2.5', '10', '11', '0'), facts);
    assert.deepEqual(told(found), ['7.5', 'rowToppedUp', 'rowToppedUp', '10']);
  });

  it('are equal parts of a total, the first ones a unit larger where it does not divide', () => {
    const found = batchAmounts({ mode: 'split', amount: decimal('10') }, rows('0', '0', '0'), facts);
    assert.deepEqual(told(found), ['3.333334', '3.333333', '3.333333']);
    assert.deepEqual(found.notes.map(english), [
      'So that the sum is exact, the first rows move 0.000001 USDT more. Rows: 1',
    ]);
  });

  it('leave rows out when the total has fewer units than there are rows', () => {
    const found = batchAmounts({ mode: 'split', amount: decimal('0.000002') }, rows('0', '0', '0'), facts);
    assert.deepEqual(told(found), ['0.000001', '0.000001', 'rowTooSmall']);
  });

  it('sum up exactly to what was split, for any total, number of rows and decimals', () => {
    const seed = Date.now();
    let state = seed >>> 0;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state % below;
    };
    for (let round = 0; round < 500; round++) {
      const precision = random(19);
      const digits = Array.from({ length: precision }, () => random(10)).join('');
      const total = decimal(precision === 0 ? `${random(1e6)}` : `${random(1e6)}.${digits}`);
      if (isZero(total)) continue;
      const count = 1 + random(300);
      const given: AmountRule = { mode: 'split', amount: total };
      const { amounts } = batchAmounts(given, rows(...Array.from({ length: count }, () => '0')), {
        currency: 'X',
        precision: precision + random(3),
      });
      const parts = amounts.flatMap((row) => ('amount' in row ? [row.amount] : []));
      assert.equal(compare(sum(parts), total), 0, `seed ${seed}: ${total} in ${count}`);
      assert.ok(parts.every((part) => fractionDigits(part) <= precision + 2));
    }
  });

  it('of no rows are none', () => {
    assert.deepEqual(batchAmounts({ mode: 'split', amount: decimal('1') }, [], facts), {
      amounts: [],
      notes: [],
    });
  });
});
