import assert from 'node:assert/strict';
import fc from 'fast-check';
import { accountType, accountTypeIds } from '../../../src/kucoin/accountTypes';
import { add, compare, isNegative, isZero, zero } from '../../../src/kucoin/decimal';
import { JsonNumber } from '../../../src/kucoin/jsonNumber';
import type { World } from '../../../src/kucoin/vocabulary';
import { currencies } from '../../../src/sandbox/currencies';
import { demoKeys } from '../../../src/sandbox/demo';
import { Exchange } from '../../../src/sandbox/exchange';
import type { ApiKey } from '../../../src/sandbox/people';
import { Refusal } from '../../../src/sandbox/refusals';
import { futuresTransferIn, futuresTransferOut } from '../../../src/sandbox/rules/futures';
import type { Call } from '../../../src/sandbox/rules/rule';
import { flexTransfer, innerTransfer, subTransfer } from '../../../src/sandbox/rules/transfer';
import { initialSwitches, type Switches } from '../../../src/sandbox/switches';
import { ExchangeClock } from '../../../src/sandbox/time';

const types = fc.constantFrom(...accountTypeIds);
const upper = types.map((type) => accountType(type).upper);
const tag = fc.constantFrom(undefined, 'ETH-USDT', 'BTC-USDT', 'XRP-USDT');
const amount = fc.oneof(
  fc.constantFrom('0.00000001', '1', '12.5', '40', '0.000000000000000001', '0', '1000000'),
  fc
    .tuple(fc.nat(3000), fc.nat(99_999_999))
    .map(([whole, part]) => `${whole}.${String(part).padStart(8, '0')}`),
);
const clientOid = fc.string({ minLength: 1, maxLength: 2 });
const currency = fc.oneof(fc.constant('USDT'), fc.constantFrom(...currencies.keys(), 'NOPE', 'XBT'));
const userId = fc.constantFrom(
  '65aa0000000000000000a001',
  '65aa0000000000000000b001',
  '65aa0000000000000000b003',
  '65aa0000000000000000b004',
  '65aa0000000000000000c002',
  undefined,
);
const subUserId = userId.map((id) => id ?? 'nobody');

/** Something that may happen to an exchange. */
type Step = (exchange: Exchange, clock: ExchangeClock) => void;

const keys = fc.constantFrom<ApiKey>(demoKeys.demo, demoKeys.subAccount);

function step<P>(
  params: fc.Arbitrary<P>,
  rule: (call: Omit<Call, 'params'> & { params: P }) => unknown,
): fc.Arbitrary<Step> {
  return fc.tuple(keys, params).map(([key, given]) => (exchange) => {
    const caller = { key, user: exchange.user(key.uid) };
    rule({ exchange, caller, params: given, now: exchange.now() });
  });
}

const number = amount.map((text) => new JsonNumber(text));
const upperFamily = fc.oneof(fc.constantFrom('MAIN', 'TRADE', 'CONTRACT'), upper);

const steps: Record<string, fc.Arbitrary<Step>> = {
  inner: step(
    fc.record({ clientOid, currency, from: types, to: types, fromTag: tag, toTag: tag, amount }),
    innerTransfer,
  ),
  flex: step(
    fc.record({
      clientOid,
      currency,
      amount,
      type: fc.constantFrom('INTERNAL', 'PARENT_TO_SUB', 'SUB_TO_PARENT', 'NOPE'),
      fromAccountType: upperFamily,
      toAccountType: upperFamily,
      fromAccountTag: tag,
      toAccountTag: tag,
      fromUserId: userId,
      toUserId: userId,
    }),
    flexTransfer,
  ),
  sub: step(
    fc.record({
      clientOid,
      currency,
      amount,
      direction: fc.constantFrom('IN', 'OUT', 'in'),
      accountType: fc.option(upperFamily, { nil: undefined }),
      subAccountType: fc.option(upperFamily, { nil: undefined }),
      subUserId,
      tag,
      subTag: tag,
    }),
    subTransfer,
  ),
  out: step(
    fc.record({ currency, amount: number, recAccountType: fc.constantFrom('MAIN', 'TRADE', 'MARGIN') }),
    futuresTransferOut,
  ),
  into: step(
    fc.record({ currency, amount: number, payAccountType: fc.constantFrom('MAIN', 'TRADE', 'MARGIN') }),
    futuresTransferIn,
  ),
  time: fc.nat(1500).map((advanceMs) => (exchange, clock) => {
    clock.change({ advanceMs });
    exchange.catchUp();
  }),
};

const switches: fc.Arbitrary<Partial<Switches>> = fc.record({
  duplicateClientOid: fc.constantFrom('refuse', 'sameOrder', 'executeAgain'),
  hfOpened: fc.boolean(),
  unconfirmedPairs: fc.constantFrom('work', 'refused'),
  internalUserIds: fc.constantFrom('refused', 'ignored', 'applied'),
  bitcoinNames: fc.constantFrom('strict', 'either'),
  transferOutEnd: fc.constantFrom('SUCCESS', 'FAILURE', 'never'),
  transferOutRefusal: fc.constantFrom('upperLimit', 'maxFunds', 'insufficientBalance'),
});

function run(
  world: World,
  patch: Partial<Switches>,
  work: readonly Step[],
): { moved: number; refused: number } {
  const clock = new ExchangeClock(() => 1_700_000_000_000);
  const exchange = Exchange.demo(world, { ...initialSwitches, ...patch }, clock, () => 0.5);
  const before = exchange.ledger.totals();
  const entries = exchange.ledger.entries().length;
  let refused = 0;
  for (const one of work) {
    exchange.catchUp();
    const sizes = exchange.ledger.entries().length;
    const rows = exchange.ledger.balances();
    try {
      one(exchange, clock);
    } catch (error) {
      assert.ok(error instanceof Refusal, String(error));
      refused++;
      assert.equal(exchange.ledger.entries().length, sizes, 'a refusal moves nothing');
      const now = exchange.ledger.balances();
      assert.ok(now.length === rows.length && now.every((row, n) => row === rows[n]), 'nor changes a row');
    }
  }
  clock.change({ advanceMs: 10_000 });
  exchange.catchUp();
  const after = exchange.ledger.totals();
  for (const [code, { users, outside }] of Object.entries(after)) {
    assert.equal(compare(users, before[code]?.users ?? zero), 0, code);
    assert.ok(isZero(add(users, outside)), code);
  }
  for (const row of exchange.ledger.balances()) {
    assert.ok(!isNegative(row.total) && !isNegative(row.held) && compare(row.held, row.total) <= 0);
  }
  for (const uid of exchange.users.keys()) {
    const frozen = exchange.withdrawalsOf(uid).filter(({ status }) => status === 'PROCESSING');
    assert.ok(frozen.length === 0 || patch.transferOutEnd === 'never', 'every transfer out ends');
  }
  return { moved: exchange.ledger.entries().length - entries, refused };
}

describe('sandbox ledger', () => {
  for (const world of ['seed', 'today'] as const) {
    it(`never makes or loses money by transfers in ${world}, whatever is asked of it`, () => {
      let [moved, refused] = [0, 0];
      const mix = fc.array(fc.oneof(...Object.values(steps)), { minLength: 1, maxLength: 60 });
      fc.assert(
        fc.property(mix, switches, (work, patch) => {
          const result = run(world, patch, work);
          moved += result.moved;
          refused += result.refused;
        }),
        { numRuns: 300 },
      );
      assert.ok(moved > 0 && refused > 0);
    });

    for (const [kind, arbitrary] of Object.entries(steps)) {
      if (kind === 'time') continue;
      it(`moves money by ${kind} in ${world}, and keeps the sum`, () => {
        let moved = 0;
        fc.assert(
          fc.property(fc.array(arbitrary, { minLength: 40, maxLength: 60 }), (work) => {
            moved += run(world, {}, work).moved;
          }),
          { numRuns: 25 },
        );
        assert.ok(moved > 0);
      });
    }
  }
});
