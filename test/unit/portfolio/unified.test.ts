import assert from 'node:assert/strict';
import { Portfolio } from '../../../src/portfolio/portfolio';
import { crossMargin, isolated, overviewAll } from './family';
import {
  accountsPath,
  FakeExchange,
  isolatedPath,
  marginPath,
  openedPath,
  pricesPath,
  refusal,
  reply,
  row,
  type Answers,
} from './support';

const modePath = '/api/ua/v1/account/mode';
const unifiedPath = '/api/ua/v1/unified/account/balance';
const futuresPath = '/api/v1/account-overview-all';
const notFound = reply({ code: '404', msg: 'Not Found', retry: false, success: false }, 404);
const unifiedRows = [
  { currency: 'USDT', balance: '100.5', available: '90.5', hold: '10', equity: '98.25', liability: '2.25' },
  { currency: 'XBT', balance: 1e-9, available: 1e-9, hold: 0 },
  { currency: 'DOGE', balance: '0', available: '0', hold: '0', liability: '0' },
];

/** As a classic account answers, then as the same one answers in unified mode. */
const classic: Answers = {
  [accountsPath]: [row('main', 'USDT', '10'), row('trade', 'USDT', '5')],
  [pricesPath]: { USDT: '1', BTC: '1000000000' },
  [openedPath]: false,
  [marginPath]: crossMargin(),
  [isolatedPath]: isolated(),
  [futuresPath]: (query: string) =>
    overviewAll({ subs: 0, currencies: 0 }, new URLSearchParams(query).get('currency') ?? ''),
  '/api/v1/account-overview': () => ({
    ...overviewAll({ subs: 0, currencies: 0 }, 'USDT').accounts[0],
    maxWithdrawAmount: 1,
  }),
};
const unified: Answers = {
  ...classic,
  [accountsPath]: [row('main', 'USDT', '10')],
  [marginPath]: reply({ code: '400100', msg: 'no' }),
  [isolatedPath]: reply({ code: '400100', msg: 'no' }),
  [futuresPath]: notFound,
  [modePath]: { selfAccountMode: 'UNIFIED', unifiedSubAccount: [1], classicSubAccount: [] },
  [unifiedPath]: { accountType: 'UNIFIED', accounts: [{ currencies: unifiedRows }] },
};

describe('an account in unified mode', () => {
  const of = (answers: Answers): { exchange: FakeExchange; portfolio: Portfolio } => {
    const exchange = new FakeExchange(answers, 'https://futures');
    const { client, time } = exchange;
    const portfolio = new Portfolio({ client, world: 'today', valuationCurrency: () => 'USD', time });
    return { exchange, portfolio };
  };
  const types = ({ own }: Portfolio): string[] =>
    own.filter(({ balances }) => balances.length > 0).map(({ type }) => type);

  it('is found out by the futures host, and read with the call for it', async () => {
    const { portfolio } = of(unified);
    await portfolio.refresh();
    assert.equal(portfolio.mode, 'unified');
    assert.equal(portfolio.unified.state, 'ready');
    assert.deepEqual(types(portfolio), ['main', 'unified']);
    assert.deepEqual(portfolio.account({ type: 'unified' })?.balances, [
      { currency: 'USDT', total: '100.5', available: '90.5', held: '10', liability: '2.25' },
      { currency: 'BTC', total: '0.000000001', available: '0.000000001', held: '0' },
    ]);
    // 10 in funding, 100.5 less 2.25 owed, and one nano of bitcoin at a thousand millions.
    assert.equal(portfolio.totalValue()?.amount, '109.25');
    assert.equal(portfolio.totalValue()?.owed, '2.25');
  });

  it('is never counted beside what it was before, in neither direction', async () => {
    const { exchange, portfolio } = of(classic);
    await portfolio.refresh();
    assert.deepEqual(types(portfolio), ['main', 'trade', 'margin', 'isolated', 'contract']);
    assert.equal(portfolio.mode, undefined);
    const before = portfolio.totalValue()?.amount;
    Object.assign(exchange.answers, unified);
    await portfolio.refresh();
    assert.deepEqual(types(portfolio), ['main', 'unified']);
    Object.assign(exchange.answers, classic);
    await portfolio.refresh();
    assert.deepEqual(types(portfolio), ['main', 'trade', 'margin', 'isolated', 'contract']);
    assert.equal(portfolio.mode, undefined);
    assert.equal(portfolio.totalValue()?.amount, before);
  });

  it('says why it could not be read, and keeps what it knew', async () => {
    const { exchange, portfolio } = of({ ...unified, [unifiedPath]: refusal });
    await portfolio.refresh();
    assert.equal(portfolio.mode, 'unified');
    assert.equal(portfolio.unified.error?.kind, 'permission');
    assert.deepEqual(types(portfolio), ['main']);
    exchange.answers[unifiedPath] = unified[unifiedPath];
    await portfolio.refreshAccount('unified');
    assert.equal(portfolio.unified.state, 'ready');
    exchange.answers[unifiedPath] = reply({ code: '500000', msg: 'busy' }, 500);
    await portfolio.refresh();
    assert.equal(portfolio.unified.state, 'failed');
    assert.deepEqual(types(portfolio), ['main', 'unified']);
  });

  it('is asked for by nobody else: classic accounts and keys without futures cost no such call', async () => {
    const { exchange, portfolio } = of({
      ...unified,
      [modePath]: { selfAccountMode: 'CLASSIC', unifiedSubAccount: [], classicSubAccount: [] },
    });
    await portfolio.refresh();
    assert.equal(portfolio.mode, 'classic');
    assert.equal(exchange.askedFor(unifiedPath), 0);
    const without = of({ ...classic, [futuresPath]: refusal });
    await without.portfolio.refresh();
    assert.equal(without.exchange.askedFor(modePath), 0);
  });

  for (const [what, answer] of [
    ['no list of accounts', { accountType: 'UNIFIED' }],
    [
      'an amount that is none',
      { accountType: 'UNIFIED', accounts: [{ currencies: [{ ...unifiedRows[0], balance: 'x' }] }] },
    ],
    ['nothing', null],
  ] as const) {
    it(`survives ${what} in place of its balances`, async () => {
      const { portfolio } = of({ ...unified, [unifiedPath]: answer });
      await portfolio.refresh();
      assert.equal(portfolio.unified.error?.kind, 'malformedReply');
      assert.deepEqual(types(portfolio), ['main']);
    });
  }
});
