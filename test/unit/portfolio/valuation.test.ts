import assert from 'node:assert/strict';
import type { Balance } from '../../../src/portfolio/accounts';
import {
  chooseRows,
  totalValue,
  valueOf,
  type Prices,
  type RowChoice,
} from '../../../src/portfolio/valuation';
import { d } from './support';

const prices: Prices = {
  base: 'USD',
  of: new Map([
    ['BTC', d('86012.34')],
    ['USDT', d('0.9998')],
    ['DUST', d('0.0001')],
    ['BASE', d('0')],
  ]),
};

function balance(currency: string, total: string): Balance {
  return { currency, total: d(total), available: d(total), held: d('0') };
}

const choice: RowChoice = { sortBy: 'value', hideSmall: false, dustBelow: d('1'), filter: '' };

describe('the value of an amount', () => {
  it('is exact to the last digit', () => {
    assert.equal(valueOf(prices, 'BTC', d('0.000000000000000001')), '0.00000000000008601234');
    assert.equal(valueOf(prices, 'BTC', d('12345678901234567890')), '1061880731183814073107762.6');
  });

  it('is not known without a price, and never zero', () => {
    assert.equal(valueOf(prices, 'NEW', d('5')), undefined);
    assert.equal(valueOf(undefined, 'BTC', d('5')), undefined);
  });

  it('is the amount itself in its own currency', () => {
    assert.equal(valueOf(prices, 'USD', d('12.5')), '12.5');
  });

  it('takes no price from the members of an object', () => {
    assert.equal(valueOf(prices, 'constructor', d('5')), undefined);
  });
});

describe('the value of accounts together', () => {
  const accounts = [
    { type: 'main', readAt: 0, balances: [balance('USDT', '0.1'), balance('NEW', '3'), balance('ZED', '0')] },
    {
      type: 'trade',
      readAt: 0,
      balances: [balance('USDT', '0.2'), balance('NEW', '1'), balance('ABC', '1')],
    },
  ];

  it('is an exact sum that names what it could not count, once and in order', () => {
    assert.deepEqual(totalValue(prices, accounts), {
      amount: '0.29994',
      owed: '0',
      unpriced: ['ABC', 'NEW'],
    });
  });

  it('is not known without prices', () => {
    assert.equal(totalValue(undefined, accounts), undefined);
  });

  it('is zero for accounts without balances', () => {
    assert.deepEqual(totalValue(prices, []), { amount: '0', owed: '0', unpriced: [] });
  });
});

describe('the rows of an account', () => {
  const balances = [
    balance('ZERO', '0.000'),
    balance('DUST', '9999'),
    balance('NEW', '0.00000001'),
    balance('USDT', '5'),
    balance('BTC', '0.0001'),
    balance('ABC', '7'),
    balance('BASE', '7'),
  ];
  const shown = (more: Partial<RowChoice>, use: Prices | 'none' = prices): string[] =>
    chooseRows(balances, use === 'none' ? undefined : use, { ...choice, ...more }).rows.map(
      (row) => row.balance.currency,
    );

  it('are sorted by value: the highest first, then those without a price, then zeros', () => {
    assert.deepEqual(shown({}), ['BTC', 'USDT', 'DUST', 'BASE', 'ABC', 'NEW', 'ZERO']);
  });

  it('are sorted by name', () => {
    assert.deepEqual(shown({ sortBy: 'name' }), ['ABC', 'BASE', 'BTC', 'DUST', 'NEW', 'USDT', 'ZERO']);
  });

  it('are sorted by name where no prices are known, zeros last', () => {
    assert.deepEqual(shown({}, 'none').at(-1), 'ZERO');
    assert.deepEqual(shown({}, 'none').slice(0, 3), ['ABC', 'BASE', 'BTC']);
  });

  it('leave out zeros and dust, and count them; what has no price is never dust', () => {
    const { rows, hidden } = chooseRows(balances, prices, { ...choice, hideSmall: true });
    assert.deepEqual(
      rows.map((row) => row.balance.currency),
      ['BTC', 'USDT', 'ABC', 'NEW'],
    );
    assert.equal(hidden, 3);
  });

  it('leave out only zeros where no prices are known', () => {
    const { rows, hidden } = chooseRows(balances, undefined, { ...choice, hideSmall: true });
    assert.equal(rows.length, 6);
    assert.equal(hidden, 1);
  });

  it('keep a balance that is worth exactly the threshold', () => {
    const one = [balance('USD', '1'), balance('USD2', '1')];
    const { hidden } = chooseRows(one, prices, { ...choice, hideSmall: true });
    assert.equal(hidden, 0);
    assert.equal(chooseRows([balance('USD', '0.99999')], prices, { ...choice, hideSmall: true }).hidden, 1);
  });

  it('never leave out a debt', () => {
    const debt = [balance('USDT', '-0.5')];
    assert.equal(chooseRows(debt, prices, { ...choice, hideSmall: true }).hidden, 0);
  });

  it('hold the text of the filter, whatever its case', () => {
    assert.deepEqual(shown({ filter: ' us ' }), ['USDT', 'DUST']);
    assert.deepEqual(shown({ filter: 'nothing' }), []);
  });

  it('count as hidden only what the filter would show', () => {
    const { rows, hidden } = chooseRows(balances, prices, { ...choice, hideSmall: true, filter: 'us' });
    assert.deepEqual([rows.length, hidden], [1, 1]);
  });

  it('leave the balances in their order', () => {
    const before = balances.map(({ currency }) => currency);
    shown({});
    assert.deepEqual(
      balances.map(({ currency }) => currency),
      before,
    );
  });
});
