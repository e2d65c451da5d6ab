import assert from 'node:assert/strict';
import { KucoinError } from '../../../src/kucoin/errors';
import { isFiat, readPrices } from '../../../src/portfolio/prices';
import { thresholdPrices, totalValue, valueOf } from '../../../src/portfolio/valuation';
import { d, FakeExchange, pricesPath } from './support';

describe('prices', () => {
  const told = { USDT: '1', BTC: '80000', KCS: '10', ZERO: '0' };
  const read = (base: string): ReturnType<typeof readPrices> =>
    readPrices(new FakeExchange({ [pricesPath]: told }).client, base, 'interactive');

  it('in a fiat currency are those that the exchange tells', async () => {
    const exchange = new FakeExchange({ [pricesPath]: told });
    const prices = await readPrices(exchange.client, 'EUR', 'interactive');
    assert.equal(prices.of.get('BTC'), '80000');
    assert.equal(thresholdPrices(prices), prices);
    assert.match(exchange.asked.join(), /base=EUR/);
  });

  it('in a coin are derived through US dollars, exactly', async () => {
    const prices = await read('BTC');
    assert.equal(valueOf(prices, 'KCS', d('8000')), '1');
    assert.equal(valueOf(prices, 'BTC', d('0.000000000000000001')), '0.000000000000000001');
    assert.equal(valueOf(prices, 'NEW', d('1')), undefined, 'an unknown price is no zero');
  });

  it('count thresholds in US dollars where values are shown in a coin', async () => {
    const prices = thresholdPrices(await read('BTC'));
    assert.equal(prices?.base, 'USD');
    assert.equal(valueOf(prices, 'BTC', d('2')), '160000');
  });

  for (const coin of ['NEW', 'ZERO']) {
    it(`are none in a coin whose own price is not known or zero: ${coin}`, async () => {
      await assert.rejects(read(coin), (error) => KucoinError.is(error) && error.kind === 'invalidArgument');
    });
  }

  it('tell fiat currencies from coins', () => {
    assert.deepEqual(['USD', 'EUR', 'BTC', 'USDT'].map(isFiat), [true, true, false, false]);
  });

  it('value what is owed as a debt, with a negative equity where it is more', async () => {
    const balance = { currency: 'USDT', total: d('10'), available: d('10'), held: d('0') };
    const account = {
      type: 'margin',
      readAt: 1,
      balances: [
        { ...balance, liability: d('25') },
        { ...balance, currency: 'NEW', total: d('0'), liability: d('1') },
      ],
    };
    const value = totalValue(await read('USD'), [account]);
    assert.deepEqual(value, { amount: '-15', owed: '25', unpriced: ['NEW'] });
  });
});
