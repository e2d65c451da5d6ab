import assert from 'node:assert/strict';
import { accountTypeIds, accountTypes, type AccountTypeId } from '../../../src/kucoin/accountTypes';
import { english } from '../../../src/kucoin/explain';
import type { World } from '../../../src/kucoin/vocabulary';
import { own, type AccountRef } from '../../../src/transfers/intent';
import { choices, route, sources, type RouteFacts } from '../../../src/transfers/route';

/**
 * The matrix of kucoin-api 9.1 and 9.2 as seen by a key with Spot permission and this version's one endpoint,
 * written out by hand a second time: `yes`, `maybe` (not clearly documented), or the code of the refusal.
 */
const short: Record<string, string> = {
  yes: 'yes',
  maybe: 'maybe',
  same: 'sameAccount',
  pair: 'pairedOnly',
  fut: 'contractNotSource',
  other: 'endpointMissing',
  no: 'noWay',
  none: 'notInThisWorld',
  one: 'mergedAccount',
};

const columns: AccountTypeId[] = [
  'main',
  'trade',
  'trade_hf',
  'margin',
  'isolated',
  'margin_v2',
  'isolated_v2',
  'contract',
  'option',
];

const expected: Record<World, Record<AccountTypeId, string>> = {
  seed: {
    main: '        same yes  yes  yes  yes   pair pair yes  none',
    trade: '       yes  same yes  yes  yes   pair pair yes  none',
    trade_hf: '    yes  yes  same yes  yes   pair pair yes  none',
    margin: '      yes  yes  yes  same yes   yes  pair yes  none',
    isolated: '    yes  yes  yes  yes  maybe pair maybe yes none',
    margin_v2: '   pair pair pair yes  pair  same pair pair none',
    isolated_v2: ' pair pair pair pair maybe pair same pair none',
    contract: '    fut  fut  fut  fut  fut   fut  fut  same none',
    option: '      none none none none none  none none none none',
  },
  today: {
    main: '        same yes  yes  yes  yes   one  one  yes  yes',
    trade: '       yes  same yes  yes  yes   one  one  yes  yes',
    trade_hf: '    yes  yes  same yes  yes   one  one  maybe no',
    margin: '      yes  yes  yes  same yes   one  one  yes  maybe',
    isolated: '    yes  yes  yes  yes  other one  one  yes  maybe',
    margin_v2: '   one  one  one  one  one   one  one  one  one',
    isolated_v2: ' one  one  one  one  one   one  one  one  one',
    contract: '    fut  fut  fut  fut  fut   one  one  same fut',
    option: '      yes  yes  no   maybe maybe one one  maybe same',
  },
};

function account(type: AccountTypeId, tag: string): AccountRef {
  return 'tagged' in accountTypes[type] ? own(type, tag) : own(type);
}

function facts(world: World, more: Partial<RouteFacts> = {}): RouteFacts {
  return { world, permissions: new Set(['General', 'Spot']), hasTradeHf: true, ...more };
}

function verdict(from: AccountRef, to: AccountRef, given: RouteFacts): string {
  const found = route(from, to, given);
  if ('refused' in found) return found.refused.code;
  assert.equal(found.legs.length, 1);
  const [leg] = found.legs;
  assert.deepEqual({ from: leg?.from, to: leg?.to, by: leg?.endpoint }, { from, to, by: 'innerTransfer' });
  return leg?.documented ? 'yes' : 'maybe';
}

describe('route: the matrix of own accounts', () => {
  for (const world of ['seed', 'today'] as const) {
    for (const from of columns) {
      const cells = expected[world][from].trim().split(/\s+/);
      columns.forEach((to, index) => {
        const want = short[cells[index] ?? ''] ?? 'unlisted';
        it(`${world}: ${from} -> ${to}: ${want}`, () => {
          // Isolated to its own type can only mean another pair; between the two isolated types the pair must agree.
          const otherTag = from === to && from === 'isolated' ? 'ETH-USDT' : 'BTC-USDT';
          assert.equal(verdict(account(from, 'BTC-USDT'), account(to, otherTag), facts(world)), want);
        });
      });
    }
  }

  it('covers every account type of the catalogue', () => {
    assert.deepEqual([...columns].sort(), [...accountTypeIds].sort());
  });
});

describe('route: what the key may do', () => {
  it('names the missing permission, the endpoint and the remedy', () => {
    const found = route(own('main'), own('trade'), facts('today', { permissions: new Set(['General']) }));
    assert.ok('refused' in found);
    assert.equal(found.refused.code, 'permissionMissing');
    assert.equal(
      english(found.refused.sentence),
      'This API key lacks the permission Spot, which Internal Transfer needs. Give it to the key on the KuCoin website, then check the profile again.',
    );
  });

  it('does not mistake the right to withdraw for the right to transfer', () => {
    const permissions = new Set(['General', 'Transfer']);
    assert.equal(verdict(own('main'), own('trade'), facts('today', { permissions })), 'permissionMissing');
  });

  it('plans with a key whose permissions have not been read', () => {
    assert.equal(verdict(own('main'), own('trade'), facts('today', { permissions: undefined })), 'yes');
  });
});

describe('route: the separate HF account', () => {
  const cases: [World, boolean | undefined, 'from' | 'to', string][] = [
    ['today', false, 'from', 'noSeparateHf'],
    ['today', false, 'to', 'noSeparateHf'],
    ['today', undefined, 'from', 'hfNotKnown'],
    ['today', undefined, 'to', 'hfNotKnown'],
    ['today', true, 'to', 'yes'],
    ['seed', false, 'from', 'hfNotOpened'],
    ['seed', false, 'to', 'yes'],
    ['seed', undefined, 'from', 'yes'],
    ['seed', undefined, 'to', 'yes'],
  ];
  for (const [world, hasTradeHf, side, want] of cases) {
    it(`${world}: trade_hf as ${side}, opened ${String(hasTradeHf)}: ${want}`, () => {
      const [from, to] = side === 'from' ? [own('trade_hf'), own('main')] : [own('main'), own('trade_hf')];
      assert.equal(verdict(from, to, facts(world, { hasTradeHf })), want);
    });
  }
});

describe('route: trading pairs', () => {
  const main = own('main');
  const cases: [string, AccountRef, AccountRef, string][] = [
    ['missing on the target', main, own('isolated'), 'tagMissing'],
    ['missing on the source', own('isolated'), main, 'tagMissing'],
    ['empty', main, own('isolated', ''), 'tagMissing'],
    ['lower case', main, own('isolated', 'btc-usdt'), 'tagMalformed'],
    ['without a dash', main, own('isolated', 'BTCUSDT'), 'tagMalformed'],
    ['on an account without pairs', own('main', 'BTC-USDT'), own('trade'), 'tagNotWanted'],
    ['that does not hold the currency', main, own('isolated', 'BTC-USDT'), 'tagCurrency'],
    ['that holds the currency as base', main, own('isolated', 'KCS-USDT'), 'yes'],
    ['that holds the currency as quote', main, own('isolated', 'BTC-KCS'), 'yes'],
    ['the same on both sides', own('isolated', 'KCS-USDT'), own('isolated', 'KCS-USDT'), 'sameAccount'],
    ['differing within one type', own('isolated', 'KCS-USDT'), own('isolated', 'KCS-BTC'), 'maybe'],
    [
      'differing between V1 and V2',
      own('isolated', 'KCS-USDT'),
      own('isolated_v2', 'KCS-BTC'),
      'tagsMustMatch',
    ],
  ];
  for (const [name, from, to, want] of cases) {
    it(`${name}: ${want}`, () => {
      assert.equal(verdict(from, to, facts('seed', { currency: 'KCS' })), want);
    });
  }
});

describe('route: whose accounts', () => {
  const sub: AccountRef = { owner: { subUserId: '65aa0000000000000000b001' }, type: 'main' };

  it('refuses a sub-account on either side in this version', () => {
    assert.equal(verdict(sub, own('main'), facts('today')), 'subAccountsNotYet');
    assert.equal(verdict(own('main'), sub, facts('today')), 'subAccountsNotYet');
  });

  it('refuses futures where the site has none', () => {
    assert.equal(verdict(own('main'), own('contract'), facts('today', { hasFutures: false })), 'noFutures');
  });
});

describe('choices', () => {
  it('lists every account type, each allowed or with its reason', () => {
    for (const world of ['seed', 'today'] as const) {
      for (const type of accountTypeIds) {
        const all = choices(own(type), facts(world));
        assert.deepEqual(
          all.map((choice) => choice.type),
          accountTypeIds,
        );
        for (const choice of all) assert.equal(choice.allowed, choice.refusal === undefined);
      }
    }
  });

  it('agrees with the route for every pair', () => {
    for (const world of ['seed', 'today'] as const) {
      for (const from of accountTypeIds) {
        for (const choice of choices(own(from), facts(world))) {
          const tag = from === choice.type ? 'ETH-USDT' : 'BTC-USDT';
          const found = route(account(from, 'BTC-USDT'), account(choice.type, tag), facts(world));
          const code = 'refused' in found ? found.refused.code : undefined;
          assert.equal(choice.refusal?.code, code, `${world}: ${from} -> ${choice.type}`);
        }
      }
    }
  });

  it('asks for the pair of isolated margin only', () => {
    const tagged = choices(own('main'), facts('seed')).filter(({ needsTag }) => needsTag);
    assert.deepEqual(
      tagged.map(({ type }) => type),
      ['isolated', 'isolated_v2'],
    );
  });

  it('offers another pair of isolated margin where a transfer between pairs is not excluded', () => {
    const isolated = (world: World) =>
      choices(own('isolated', 'BTC-USDT'), facts(world)).find(({ type }) => type === 'isolated');
    assert.equal(isolated('seed')?.allowed, true);
    assert.equal(isolated('today')?.refusal?.code, 'endpointMissing');
  });
});

describe('sources', () => {
  const allowed = (given: RouteFacts): string[] =>
    sources(given)
      .filter((choice) => choice.allowed)
      .map(({ type }) => type);

  it('are all accounts that funds can leave', () => {
    assert.deepEqual(allowed(facts('today', { hasTradeHf: false })), [
      'main',
      'trade',
      'margin',
      'isolated',
      'option',
    ]);
    assert.deepEqual(allowed(facts('seed')), [
      'main',
      'trade',
      'trade_hf',
      'margin',
      'isolated',
      'margin_v2',
      'isolated_v2',
    ]);
  });

  it('are none without the permission, which is the reason given', () => {
    const all = sources(facts('today', { permissions: new Set(['General']), hasTradeHf: false }));
    assert.ok(all.every((choice) => !choice.allowed));
    assert.equal(all.find(({ type }) => type === 'main')?.refusal?.code, 'permissionMissing');
    assert.equal(all.find(({ type }) => type === 'contract')?.refusal?.code, 'contractNotSource');
  });
});
