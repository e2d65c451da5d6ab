import assert from 'node:assert/strict';
import fc from 'fast-check';
import { accountTypeIds } from '../../../src/kucoin/accountTypes';
import { add, compare, isNegative, isZero, zero } from '../../../src/kucoin/decimal';
import { currencies } from '../../../src/sandbox/currencies';
import { demoKeys } from '../../../src/sandbox/demo';
import { Exchange } from '../../../src/sandbox/exchange';
import { Refusal } from '../../../src/sandbox/refusals';
import { innerTransfer } from '../../../src/sandbox/rules/transfer';
import { initialSwitches } from '../../../src/sandbox/switches';
import { ExchangeClock } from '../../../src/sandbox/time';

const types = fc.constantFrom(...accountTypeIds);
const tag = fc.constantFrom(undefined, 'ETH-USDT', 'BTC-USDT', 'XRP-USDT');
const amount = fc.oneof(
  fc.constantFrom('0.00000001', '1', '12.5', '40', '0.000000000000000001', '0', '1000000'),
  fc
    .tuple(fc.nat(3000), fc.nat(99_999_999))
    .map(([whole, part]) => `${whole}.${String(part).padStart(8, '0')}`),
);
const request = fc.record({
  key: fc.constantFrom(demoKeys.demo, demoKeys.subAccount),
  clientOid: fc.string({ minLength: 1, maxLength: 2 }),
  currency: fc.constantFrom(...currencies.keys(), 'NOPE'),
  from: types,
  to: types,
  fromTag: tag,
  toTag: tag,
  amount,
});

describe('sandbox ledger', function () {
  // Some of these make a hundred calls, on machines that have other work to do.
  this.timeout(20_000);

  for (const world of ['seed', 'today'] as const) {
    it(`never makes or loses money by transfers in ${world}, whatever is asked of it`, () => {
      let moves = 0;
      fc.assert(
        fc.property(
          fc.array(request, { minLength: 1, maxLength: 60 }),
          fc.constantFrom('refuse', 'sameOrder', 'executeAgain'),
          fc.boolean(),
          (requests, duplicateClientOid, hfOpened) => {
            const switches = { ...initialSwitches, duplicateClientOid, hfOpened };
            const clock = new ExchangeClock(() => 1_700_000_000_000);
            const exchange = Exchange.demo(world, switches, clock, () => 0.5);
            const before = exchange.ledger.totals();
            for (const { key, ...params } of requests) {
              const entries = exchange.ledger.entries().length;
              const caller = { key, user: exchange.user(key.uid) };
              try {
                innerTransfer({ exchange, caller, params, now: clock.now() });
              } catch (error) {
                assert.ok(error instanceof Refusal, String(error));
                assert.equal(exchange.ledger.entries().length, entries, 'a refusal moves nothing');
              }
            }
            moves += exchange.ledger.entries().length;
            const after = exchange.ledger.totals();
            for (const [currency, { users, outside }] of Object.entries(after)) {
              assert.equal(compare(users, before[currency]?.users ?? zero), 0, currency);
              assert.ok(isZero(add(users, outside)), currency);
            }
            for (const row of exchange.ledger.balances()) {
              assert.ok(!isNegative(row.total) && compare(row.held, row.total) <= 0);
            }
          },
        ),
        { numRuns: 150 },
      );
      assert.ok(moves > 0);
    });
  }
});
