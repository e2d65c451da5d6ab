/** How long it takes to find a route and lay out its plan: every pair of accounts, both worlds, three kinds of keys. */
import { accountType, accountTypeIds } from '../../src/kucoin/accountTypes';
import { decimal } from '../../src/kucoin/decimal';
import { ofSub, own, type AccountRef } from '../../src/transfers/intent';
import { plan } from '../../src/transfers/plan';
import { at, median, report } from './bench';

const keys = [['General', 'Spot', 'Futures', 'InnerTransfer'], ['General', 'Spot', 'Futures'], ['General']];

const accounts = accountTypeIds.flatMap((type): AccountRef[] => {
  const tag = accountType(type).tagged ? 'BTC-USDT' : undefined;
  return [own(type, tag), ofSub('65aa0000000000000000b001', type, tag)];
});

let made = 0;
function planOne(world: 'seed' | 'today', from: AccountRef, to: AccountRef, key: readonly string[]): void {
  const planned = plan(
    { profileId: 'p1', currency: 'USDT', amount: decimal('12.5'), from, to },
    {
      profile: { id: 'p1', name: 'Main', environment: 'LIVE', world, generation: 1, readOnly: false },
      permissions: new Set(key),
      hasTradeHf: true,
      isMaster: true,
      precision: 6,
      transferable: decimal('100'),
      balances: { from: decimal('100'), to: decimal('7.5') },
      now: 0,
      newId: () => `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}`,
    },
  );
  if ('plan' in planned && planned.plan.legs.length === 0) throw new Error('a plan without a call');
}

const times: number[] = [];
for (let round = 0; round < 12; round++) {
  for (const world of ['seed', 'today'] as const)
    for (const key of keys)
      for (const from of accounts)
        for (const to of accounts) {
          const start = process.hrtime.bigint();
          planOne(world, from, to, key);
          if (round > 1) times.push(Number(process.hrtime.bigint() - start) / 1e6);
        }
}
report({
  name: `route and plan, ${times.length.toLocaleString('en')} of them`,
  figure: `${median(times).toFixed(3)} ms at the median, 99 % within ${at(times, 0.99).toFixed(3)} ms`,
  goal: 'median < 1 ms',
  reached: median(times) < 1,
});
