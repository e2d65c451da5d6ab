import assert from 'node:assert/strict';
import type { Account, SubAccount } from '../../../src/portfolio/accounts';
import {
  accountShares,
  amountsOf,
  currencyShares,
  picture,
  together,
  topSubs,
} from '../../../src/portfolio/allocation';
import { totalValue, type Prices } from '../../../src/portfolio/valuation';
import { d } from './support';

const prices: Prices = {
  base: 'USD',
  of: new Map([
    ['BTC', d('60000.1')],
    ['USDT', d('1')],
    ['PEPE', d('0.0000000001')],
  ]),
};

function account(type: string, ...rows: [currency: string, total: string, liability?: string][]): Account {
  return {
    type,
    readAt: 1,
    balances: rows.map(([currency, total, liability]) => ({
      currency,
      total: d(total),
      available: d(total),
      held: d('0'),
      ...(liability !== undefined && { liability: d(liability) }),
    })),
  };
}

describe('the allocation of a portfolio', () => {
  it('adds exactly, takes debts off, and leaves out what comes to nothing', () => {
    const amounts = amountsOf([
      account('main', ['BTC', '0.1'], ['USDT', '5']),
      account('trade', ['BTC', '0.2'], ['XRP', '0']),
      account('margin', ['USDT', '1', '6'], ['BTC', '0.000000000000000001', '0']),
    ]);
    assert.equal(amounts.get('BTC'), '0.300000000000000001');
    assert.equal(amounts.get('USDT'), '0');
    assert.deepEqual(currencyShares(amounts, prices), [
      { currency: 'BTC', amount: '0.300000000000000001', value: '18000.0300000000000600001' },
    ]);
  });

  it('puts the highest value first and what has no price last, by name, never as zero', () => {
    const amounts = amountsOf([
      account('main', ['ZZZ', '7'], ['PEPE', '3'], ['BTC', '1'], ['AAA', '9'], ['USDT', '-2']),
    ]);
    const shares = currencyShares(amounts, prices);
    assert.deepEqual(
      shares.map(({ currency }) => currency),
      ['BTC', 'PEPE', 'USDT', 'AAA', 'ZZZ'],
    );
    assert.equal(shares[0]?.value, '60000.1');
    assert.equal(shares[3]?.value, undefined);
    const { shown, negative, unpriced } = picture(shares, 5);
    assert.deepEqual(
      [shown, negative, unpriced].map((list) => list.map(({ currency }) => currency)),
      [['BTC', 'PEPE'], ['USDT'], ['AAA', 'ZZZ']],
    );
  });

  it('has no value at all without prices', () => {
    const shares = currencyShares(amountsOf([account('main', ['USDT', '7'])]), undefined);
    assert.equal(shares[0]?.value, undefined);
    assert.deepEqual(accountShares([account('main', ['USDT', '7'])], undefined), []);
  });

  it('sums up what a picture has no room for', () => {
    const shares = ['5', '4', '3', '2.5', '0'].map((value) => ({ value: d(value) }));
    const { shown, others } = picture(shares, 2);
    assert.equal(shown.length, 2);
    assert.deepEqual(others, { count: 2, value: '5.5' });
  });

  it('joins the amounts of several holders without changing either', () => {
    const a = new Map([['BTC', d('1')]]);
    const b = new Map([
      ['BTC', d('0.5')],
      ['XRP', d('2')],
    ]);
    assert.deepEqual(
      [...together(a, b)],
      [
        ['BTC', '1.5'],
        ['XRP', '2'],
      ],
    );
    assert.equal(a.get('BTC'), '1');
  });

  it('tells accounts apart by pair and leaves out the empty ones; a debt alone is not empty', () => {
    const shares = accountShares(
      [
        account('main', ['XRP', '0']),
        { ...account('isolated', ['USDT', '4']), tag: 'BTC-USDT' },
        account('margin', ['USDT', '0', '3']),
      ],
      prices,
    );
    assert.deepEqual(
      shares.map(({ key, value }) => [key, value.amount, value.owed]),
      [
        ['isolated/BTC-USDT', '4', '0'],
        ['margin', '-3', '3'],
      ],
    );
  });

  it('ranks sub-accounts and counts those behind, with what has no price among them', () => {
    const sub = (userId: string, ...rows: [string, string][]): SubAccount => ({
      userId,
      name: userId,
      frozen: false,
      remarks: '',
      accounts: [account('main', ...rows)],
    });
    const subs = [
      sub('a', ['USDT', '1']),
      sub('b', ['USDT', '9']),
      sub('c', ['ODD', '5']),
      sub('d', ['USDT', '3']),
    ];
    const { top, others } = topSubs(subs, ({ accounts }) => totalValue(prices, accounts), 2);
    assert.deepEqual(
      top.map((each) => each.sub.name),
      ['b', 'd'],
    );
    assert.deepEqual(others, { count: 2, value: '1', unpriced: ['ODD'] });
    assert.deepEqual(topSubs(subs, () => undefined, 2).top, []);
  });
});
