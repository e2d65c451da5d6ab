import '../support/fakeVscode';
import assert from 'node:assert/strict';
import type { AmountFacts } from '../../../src/transfers/amount';
import { amountProblem } from '../../../src/ui/transferWizard';
import { d } from '../portfolio/support';

const facts: AmountFacts = {
  currency: 'USDT',
  precision: 4,
  transferable: d('100.00005'),
  price: { unit: 'USD', perOne: d('2') },
};

describe('what the amount box says', () => {
  const judge = (text: string, more: Partial<AmountFacts> = {}): ReturnType<typeof amountProblem> =>
    amountProblem(text, { ...facts, ...more });
  const isRefused = (text: string, ...parts: RegExp[]): void => {
    const problem = judge(text);
    assert.equal(problem?.severity, 'error', text);
    for (const part of parts) assert.match(problem.message, part);
    assert.doesNotMatch(problem.message, /[{}]|undefined/);
  };

  it('is nothing about an amount that will do', () => {
    assert.equal(judge('12.5'), undefined);
    assert.equal(judge('12.5 USDT'), undefined);
    assert.equal(judge(' 12.5 '), undefined);
    assert.equal(judge('12.5000000'), undefined);
  });

  it('is what max and half come to', () => {
    for (const [text, amount] of [
      ['max', '100 USDT'],
      ['HALF', '50 USDT'],
    ] as const) {
      const note = judge(text);
      assert.equal(note?.severity, 'info');
      assert.ok(note.message.startsWith(amount), note.message);
    }
  });

  it('is how a value in money was understood', () => {
    const note = judge('25 USD');
    assert.equal(note?.severity, 'info');
    assert.match(note.message, /12\.5 USDT/);
  });

  it('is why it will not do, and the nearest amounts that will', () => {
    isRefused('1.23456', /4/, /1\.2345 or 1\.2346/);
    isRefused('101', /100\.00005/, /Possible: 100$/);
    isRefused('.5', /0\.5/);
  });

  for (const text of ['', '1,5', '1e3', '+1', '-1', '1 2', '0', 'abc', '25 EUR', '9'.repeat(40)]) {
    it(`is an error with a sentence: "${text.slice(0, 12)}"`, () => isRefused(text));
  }

  it('is a note about limits that nobody knows', () => {
    const note = amountProblem('5', { currency: 'USDT', precision: undefined, transferable: undefined });
    assert.equal(note?.severity, 'info');
    assert.doesNotMatch(note.message, /[{}]|undefined/);
  });
});
