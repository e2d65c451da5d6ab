import assert from 'node:assert/strict';
import { snapshotOf } from '../../../src/host/snapshotKeeper';
import { KucoinError, type ErrorKind } from '../../../src/kucoin/errors';
import type { FamilyId, Portfolio, Reading } from '../../../src/portfolio/portfolio';
import { d } from '../portfolio/support';

type State = 'ready' | 'loading' | 'empty' | ErrorKind;

function portfolio(states: Partial<Record<FamilyId | 'prices', State>> = {}, isMaster = true): Portfolio {
  const reading = (state: State = 'ready'): Reading<undefined> =>
    state === 'ready' || state === 'loading' || state === 'empty'
      ? { state, readAt: 5 }
      : { state: 'failed', readAt: 5, error: new KucoinError({ kind: state, outcome: 'notExecuted' }) };
  return {
    isMaster,
    prices: reading(states.prices),
    usablePrices: { base: 'USD', of: new Map() },
    totalValue: () => ({ amount: d('7.000000000000000001'), owed: d('0'), unpriced: ['ODD'] }),
    family: (id: FamilyId) => reading(states[id]),
  } as unknown as Portfolio;
}

describe('what is kept of a portfolio', () => {
  it('is its whole value, with what has no price', () => {
    assert.deepEqual(snapshotOf(portfolio()), {
      at: 5,
      value: '7.000000000000000001',
      base: 'USD',
      missing: ['ODD'],
    });
  });

  for (const states of [
    { list: 'loading' },
    { subBalances: 'loading' },
    { subs: 'empty' },
    { margin: 'network' },
    { futures: 'timeout' },
    { list: 'permission' },
    { prices: 'network' },
    { prices: 'loading' },
  ] as const) {
    it(`is nothing while a part is only missing for now: ${JSON.stringify(states)}`, () => {
      assert.equal(snapshotOf(portfolio(states)), undefined);
    });
  }

  it('names what the key never sees', () => {
    assert.deepEqual(snapshotOf(portfolio({ margin: 'permission', futures: 'notOpened' }))?.missing, [
      'margin',
      'futures',
      'ODD',
    ]);
  });

  it('asks no sub-accounts of a sub-account', () => {
    assert.ok(snapshotOf(portfolio({ subs: 'empty', subBalances: 'empty' }, false)));
  });
});
