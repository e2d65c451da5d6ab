import '../support/fakeVscode';
import assert from 'node:assert/strict';
import { decimal } from '../../../src/kucoin/decimal';
import { mustBeTyped } from '../../../src/ui/typedConfirmation';

describe('a transfer', () => {
  const threshold = decimal('1000');

  it('of real money has to be typed from the threshold on', () => {
    assert.equal(mustBeTyped('LIVE', decimal('999.99999999'), threshold), false);
    assert.equal(mustBeTyped('LIVE', decimal('1000.00'), threshold), true);
  });

  it('whose value nobody knows has to be typed too', () => {
    assert.equal(mustBeTyped('LIVE', undefined, threshold), true);
  });

  it('of play money, or without a threshold, never has to be typed', () => {
    assert.equal(mustBeTyped('DEMO', decimal('5000'), threshold), false);
    assert.equal(mustBeTyped('LIVE', decimal('5000'), undefined), false);
  });
});
