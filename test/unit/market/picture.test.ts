import assert from 'node:assert/strict';
import Big from 'big.js';
import fc from 'fast-check';
import { canonical, decimal, type Decimal } from '../../../src/kucoin/decimal';
import type { Level } from '../../../src/kucoin/feed/orderBook';
import { pictureOf, stepsOf } from '../../../src/market/picture';

const levels = (...rows: readonly (readonly [string, string])[]): Level[] =>
  rows.map(([price, size]) => [decimal(price), decimal(size)]);

const bids = levels(['99.9', '1'], ['99.5', '0.25'], ['98', '3']);
const asks = levels(['100.1', '2'], ['100.4', '0.5'], ['102', '1']);

describe('picture of an order book', () => {
  it('adds the sizes up from the best price', () => {
    const picture = pictureOf(bids, asks, { rungs: 10 });
    assert.deepEqual(picture.bids, [
      { price: '99.9', size: '1', total: '1' },
      { price: '99.5', size: '0.25', total: '1.25' },
      { price: '98', size: '3', total: '4.25' },
    ]);
    assert.equal(picture.spread, '0.2');
    assert.equal(picture.spreadPercent, '0.2');
    assert.equal(picture.isCrossed, false);
  });

  it('puts bids down and asks up to the step, so that neither looks better than it is', () => {
    const picture = pictureOf(bids, asks, { rungs: 10, step: decimal('1') });
    assert.deepEqual(picture.bids, [
      { price: '99', size: '1.25', total: '1.25' },
      { price: '98', size: '3', total: '4.25' },
    ]);
    assert.deepEqual(picture.asks, [
      { price: '101', size: '2.5', total: '2.5' },
      { price: '102', size: '1', total: '3.5' },
    ]);
    assert.equal(picture.spread, '0.2'); // of the true prices
  });

  it('counts all of a rung that is shown, and nothing beyond', () => {
    const picture = pictureOf(bids, asks, { rungs: 1, step: decimal('1') });
    assert.deepEqual(picture.bids, [{ price: '99', size: '1.25', total: '1.25' }]);
  });

  it('says when bids and asks overlap', () => {
    const picture = pictureOf(levels(['101', '1']), levels(['100', '1']), { rungs: 5 });
    assert.equal(picture.isCrossed, true);
    assert.equal(picture.spread, '-1');
    assert.equal(pictureOf(levels(['100', '1']), levels(['100', '1']), { rungs: 5 }).isCrossed, true);
  });

  it('has no spread where a side is empty', () => {
    const picture = pictureOf([], asks, { rungs: 5 });
    assert.deepEqual([picture.bids, picture.spread, picture.isCrossed], [[], undefined, false]);
    assert.deepEqual(pictureOf([], [], { rungs: 5 }).asks, []);
  });

  it('is exact, whatever the digits', () => {
    const figure = fc
      .tuple(fc.bigInt({ min: 1n, max: 10n ** 18n }), fc.integer({ min: 0, max: 14 }))
      .map(([units, digits]) =>
        canonical(new Big(units.toString()).div(new Big(10).pow(digits)).toFixed() as Decimal),
      );
    const side = fc
      .array(fc.tuple(figure, figure), { maxLength: 30 })
      .map((rows) => rows.sort(([a], [b]) => new Big(a).cmp(b)));
    const step = fc.constantFrom('0.001', '0.5', '1', '250').map(decimal);
    fc.assert(
      fc.property(side, step, (rows, by) => {
        const { asks: rungs } = pictureOf([], rows, { rungs: Infinity, step: by });
        const oracle = new Map<string, Big>();
        for (const [price, size] of rows) {
          const up = new Big(price).div(by).round(0, Big.roundUp).times(by).toFixed();
          oracle.set(up, (oracle.get(up) ?? new Big(0)).plus(size));
        }
        let total = new Big(0);
        const wanted = [...oracle].map(([price, size]) => {
          total = total.plus(size);
          return { price, size: size.toFixed(), total: total.toFixed() };
        });
        assert.deepEqual(rungs, wanted);
      }),
    );
  });

  it('offers steps that are multiples of the price increment', () => {
    assert.deepEqual(stepsOf(decimal('0.10')), ['0.1', '0.5', '1', '5', '10', '50', '100']);
    assert.deepEqual(stepsOf(decimal('0')), []);
  });
});
