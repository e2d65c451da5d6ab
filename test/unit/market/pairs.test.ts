import assert from 'node:assert/strict';
import { TradingPairs } from '../../../src/market/pairs';
import { FakeExchange, reply } from '../portfolio/support';

const path = '/api/v2/symbols';
const entry = (symbol: string, enableTrading = true): object => ({
  symbol,
  name: symbol,
  baseCurrency: symbol.split('-')[0],
  quoteCurrency: 'USDT',
  feeCurrency: 'USDT',
  market: 'USDS',
  baseMinSize: '0.01',
  quoteMinSize: '0.1',
  baseMaxSize: '1000000',
  quoteMaxSize: '9999999',
  baseIncrement: '0.0001',
  quoteIncrement: '0.0001',
  priceIncrement: '0.001',
  priceLimitRate: '0.1',
  minFunds: null,
  isMarginEnabled: true,
  enableTrading,
});

describe('list of trading pairs', () => {
  it('is read once an hour at most', async () => {
    const { client, time, asked } = new FakeExchange({
      [path]: [entry('KCS-USDT'), entry('OLD-USDT', false)],
    });
    const pairs = new TradingPairs(client, time);
    await Promise.all([pairs.all(), pairs.find('KCS-USDT')]);
    assert.equal((await pairs.find('OLD-USDT'))?.isTrading, false);
    assert.equal(await pairs.find('NONE-USDT'), undefined);
    assert.deepEqual(asked, [path]);
    await time.advance(60 * 60_000);
    await pairs.all();
    assert.equal(asked.length, 2);
  });

  it('is asked for again after it could not be read', async () => {
    const { client, time, asked, answers } = new FakeExchange({
      [path]: reply({ code: '400100', msg: 'no' }),
    });
    const pairs = new TradingPairs(client, time);
    await assert.rejects(pairs.all());
    answers[path] = [entry('KCS-USDT')];
    assert.equal((await pairs.all()).length, 1);
    assert.equal(asked.length, 2);
  });
});
