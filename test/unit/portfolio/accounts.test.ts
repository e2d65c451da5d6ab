import assert from 'node:assert/strict';
import { accountTitle, groupAccounts } from '../../../src/portfolio/accounts';
import { row } from './support';

const types = (all: readonly { readonly type: string }[]): string[] => all.map(({ type }) => type);

describe('grouping the account list', () => {
  it('shows funding and spot to everybody, even without a row', () => {
    assert.deepEqual(groupAccounts([], 7), [
      { type: 'main', readAt: 7, balances: [] },
      { type: 'trade', readAt: 7, balances: [] },
    ]);
  });

  it('puts known types in their order and unknown ones last, as they came', () => {
    const rows = ['zebra', 'margin', 'quantum', 'trade_hf', 'main'].map((type) => row(type, 'BTC', '1'));
    const grouped = groupAccounts(rows, 0);
    assert.deepEqual(types(grouped), ['main', 'trade', 'trade_hf', 'margin', 'quantum', 'zebra']);
  });

  it('keeps every figure of a row as it came', () => {
    const [main] = groupAccounts(
      [row('main', 'XRP', '0.1234567890123456789', '2.50', '2.6234567890123456789')],
      0,
    );
    assert.deepEqual(main?.balances, [
      { currency: 'XRP', total: '2.6234567890123456789', available: '0.1234567890123456789', held: '2.50' },
    ]);
  });

  it('adds up a currency that is listed twice in one type', () => {
    const rows = [
      row('isolated', 'USDT', '1.5', '0.5', '2'),
      row('isolated', 'BTC', '1'),
      row('isolated', 'USDT', '0.25'),
    ];
    const isolated = groupAccounts(rows, 0).find(({ type }) => type === 'isolated');
    assert.deepEqual(isolated?.balances, [
      { currency: 'USDT', total: '2.25', available: '1.75', held: '0.5' },
      { currency: 'BTC', total: '1', available: '1', held: '0' },
    ]);
  });

  it('names known types for people and unknown ones by themselves', () => {
    assert.equal(accountTitle('main'), 'Funding');
    assert.equal(accountTitle('quantum'), 'quantum');
    assert.equal(accountTitle('toString'), 'toString');
  });
});
