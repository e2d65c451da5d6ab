import assert from 'node:assert/strict';
import { decimal } from '../../../src/kucoin/decimal';
import { english } from '../../../src/kucoin/explain';
import {
  draftProblem,
  figureProblem,
  needOf,
  paramsOf,
  probe,
  type Figure,
  type OrderDraft,
  type SymbolRules,
} from '../../../src/orders/order';

const rules: SymbolRules = {
  symbol: 'KCS-USDT',
  name: 'KCS-USDT',
  baseCurrency: 'KCS',
  quoteCurrency: 'USDT',
  feeCurrency: 'USDT',
  market: 'USDS',
  baseMinSize: decimal('0.01'),
  quoteMinSize: decimal('0.1'),
  baseMaxSize: decimal('1000000'),
  quoteMaxSize: decimal('9999999'),
  baseIncrement: decimal('0.0001'),
  quoteIncrement: decimal('0.0001'),
  priceIncrement: decimal('0.005'),
  minFunds: decimal('0.1'),
  isMarginEnabled: true,
  enableTrading: true,
};
const limit: OrderDraft = {
  symbol: 'KCS-USDT',
  side: 'buy',
  type: 'limit',
  price: decimal('9.5'),
  size: decimal('2'),
};

describe('the figures of an HF order', () => {
  const rows: readonly (readonly [Figure, string, string | undefined])[] = [
    ['price', '9.505', undefined],
    ['price', '9.503', 'KuCoin takes multiples of 0.005 only. The nearest are 9.5 and 9.505.'],
    ['price', '0.001', 'KuCoin takes multiples of 0.005 only. The nearest are 0 and 0.005.'],
    ['price', '0', 'Enter a positive number such as 0.5.'],
    ['price', '-1', 'Enter a positive number such as 0.5.'],
    ['price', '1e3', 'Enter a positive number such as 0.5.'],
    ['price', '1,5', 'Enter a positive number such as 0.5.'],
    ['price', '', 'Enter a positive number such as 0.5.'],
    ['size', '0.01', undefined],
    ['size', '0.0100', undefined],
    ['size', '0.0099', 'The smallest is 0.01.'],
    ['size', '0.01001', 'KuCoin takes multiples of 0.0001 only. The nearest are 0.01 and 0.0101.'],
    ['size', '1000000.0001', 'The largest is 1000000.'],
    ['funds', '0.1', undefined],
    ['funds', '0.0999', 'The smallest is 0.1.'],
  ];
  for (const [figure, text, problem] of rows) {
    it(`${figure} ${text || 'of nothing'}: ${problem ?? 'fits'}`, () => {
      const found = figureProblem(figure, text, rules);
      assert.equal(found && english(found), problem);
    });
  }

  it('are wanted by the kind of the order', () => {
    assert.equal(draftProblem(limit, rules), undefined);
    assert.ok(draftProblem({ ...limit, price: undefined }, rules));
    assert.ok(draftProblem({ ...limit, size: undefined }, rules));
    assert.equal(draftProblem({ ...limit, type: 'market', price: undefined }, rules), undefined);
    const byFunds = { ...limit, type: 'market', price: undefined, size: undefined } as const;
    assert.equal(draftProblem({ ...byFunds, funds: decimal('5') }, rules), undefined);
    assert.ok(draftProblem(byFunds, rules));
  });

  it('come to a smallest worth', () => {
    const problem = draftProblem({ ...limit, price: decimal('0.005'), size: decimal('1') }, rules);
    assert.equal(problem && english(problem), 'The order is worth 0.005 USDT; the smallest is 0.1 USDT.');
  });

  it('tell what the order pays with', () => {
    assert.deepEqual(needOf(limit, rules), { currency: 'USDT', amount: '19' });
    assert.deepEqual(needOf({ ...limit, side: 'sell' }, rules), { currency: 'KCS', amount: '2' });
    const byMarket = { ...limit, type: 'market', price: undefined } as const;
    assert.deepEqual(needOf(byMarket, rules), { currency: 'USDT', amount: undefined });
  });

  it('go into the call as they are', () => {
    assert.deepEqual(paramsOf(limit, 'id'), { clientOid: 'id', ...limit });
  });
});

describe('the smallest order for the order test', () => {
  for (const [bid, minFunds] of [
    ['10.04', '0.1'],
    ['0.01', '0.1'],
    ['64250.1', '5'],
    ['10.04', null],
  ] as const) {
    it(`fits the rules and stays far below the bid of ${bid} with minFunds ${minFunds}`, () => {
      const own = { ...rules, minFunds: minFunds === null ? null : decimal(minFunds) };
      const draft = probe(own, decimal(bid));
      assert.equal(draftProblem(draft, own), undefined);
      assert.ok(Number(draft.price) <= Number(bid) / 2);
    });
  }
});
