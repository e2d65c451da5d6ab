import assert from 'node:assert/strict';
import { accountTypeIds, accountTypes, type AccountTypeId } from '../../../src/kucoin/accountTypes';
import { english } from '../../../src/kucoin/explain';
import type { World } from '../../../src/kucoin/vocabulary';
import { accountKey, ofSub, own, type AccountRef } from '../../../src/transfers/intent';
import { executableEndpoints, type ExecutableEndpoint } from '../../../src/transfers/requests';
import { choices, route, sources, type RouteFacts } from '../../../src/transfers/route';

/**
 * The matrices of kucoin-api 9.1 to 9.3, written out a second time as they stand in the document: `U` Flex Transfer,
 * `I` Internal Transfer, `TO`, `TI`, `S` SubAccount Transfer; `?`: not excluded and not promised. Today's abandoned
 * endpoints, in parentheses there, are written plainly; `one` and `none`: the account does not exist by itself, or
 * not at all, in this world.
 */
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

type Table = Record<AccountTypeId, string>;

const ownAccounts: Record<World, Table> = {
  seed: {
    main: '       -   | U I | U I | U I | U I   | -   | -    | U I TI | none',
    trade: '      U I | -   | U I | U I | U I   | -   | -    | U I TI | none',
    trade_hf: '   U I | U I | -   | U I | U I   | -   | -    | U I    | none',
    margin: '     U I | U I | U I | -   | U I   | U I | -    | U I    | none',
    isolated: '   U I | U I | U I | U I | U? I? | -   | U I? | U I    | none',
    margin_v2: '  -   | -   | -   | U I | -     | -   | -    | -      | none',
    isolated_v2: '-   | -   | -   | -   | U I?  | -   | -    | -      | none',
    contract: '   U TO| U TO| U?  | U?  | U?    | -   | -    | -      | none',
    option: '     none| none| none| none| none  | none| none | none   | none',
  },
  today: {
    main: '       -   | U I | I | U I   | U I   | one | one | U I TI | U I',
    trade: '      U I | -   | I | U I   | U I   | one | one | U I TI | U I',
    trade_hf: '   I   | I   | - | I     | I     | one | one | I?     | -',
    margin: '     U I | U I | I | -     | U I   | one | one | U I    | U? I?',
    isolated: '   U I | U I | I | U I   | U?    | one | one | U I    | U? I?',
    margin_v2: '  one | one |one| one   | one   | one | one | one    | one',
    isolated_v2: 'one | one |one| one   | one   | one | one | one    | one',
    contract: '   U TO| U TO| - | U?    | U?    | one | one | -      | U?',
    option: '     U I | U I | - | U? I? | U? I? | one | one | U? I?  | -',
  },
};

/** Rows: the sending side; columns: the receiving side; `sub`: what 9.3 says of the one between the two parties. */
const toSub: Record<World, Table> = {
  seed: {
    main: '       U S | U S | U S | U S | U  | v2 | v2 | U S | none',
    trade: '      U S | U S | U S | U S | U  | v2 | v2 | U S | none',
    trade_hf: '   U S | U S | U S | U S | U  | v2 | v2 | U S | none',
    margin: '     U S | U S | U S | U S | U  | v2 | v2 | U S | none',
    isolated: '   U   | U   | U   | U   | U  | v2 | v2 | U   | none',
    margin_v2: '  -   | -   | -   | -   | -  | v2 | v2 | -   | none',
    isolated_v2: '-   | -   | -   | -   | -  | v2 | v2 | -   | none',
    contract: '   U?  | U?  | U?  | U?  | U? | v2 | v2 | U?  | none',
    option: '     none| none| none| none|none|none|none| none| none',
  },
  today: {
    main: '       U S | U S | v2 | U S | U S | one | one | U S | U S?',
    trade: '      U S | U S | v2 | U S | U S | one | one | U S | U S?',
    trade_hf: '   -   | -   | v2 | -   | -   | one | one | -   | -',
    margin: '     U S | U S | v2 | U S | U S | one | one | U S | U S?',
    isolated: '   U S | U S | v2 | U S | U S | one | one | U S | U S?',
    margin_v2: '  one | one | one| one | one | one | one | one | one',
    isolated_v2: 'one | one | one| one | one | one | one | one | one',
    contract: '   U   | U   | v2 | U   | U   | one | one | U   | U',
    option: '     U S | U S | v2 | U S | U S | one | one | U S | U S?',
  },
};

const toMaster: Record<World, Table> = {
  seed: {
    ...toSub.seed,
    main: '       U S | U S | U S | U S | U  | -  | -  | U S | none',
    trade: '      U S | U S | U S | U S | U  | -  | -  | U S | none',
    trade_hf: '   U S | U S | U S | U S | U  | -  | -  | U S | none',
    margin: '     U S | U S | U S | U S | U  | -  | -  | U S | none',
    isolated: '   U   | U   | U   | U   | U  | -  | -  | U   | none',
    margin_v2: '  v2  | v2  | v2  | v2  | v2 | v2 | v2 | v2  | v2',
    isolated_v2: 'v2  | v2  | v2  | v2  | v2 | v2 | v2 | v2  | v2',
    contract: '   U?  | U?  | U?  | U?  | U? | -  | -  | U?  | none',
  },
  today: {
    main: '       U S | U S | -  | U S | U S | one | one | U S | U S',
    trade: '      U S | U S | -  | U S | U S | one | one | U S | U S',
    trade_hf: '   v2  | v2  | v2 | v2  | v2  | v2  | v2  | v2  | v2',
    margin: '     U S | U S | -  | U S | U S | one | one | U S | U S',
    isolated: '   U S | U S | -  | U S | U S | one | one | U S | U S',
    margin_v2: '  one | one | one| one | one | one | one | one | one',
    isolated_v2: 'one | one | one| one | one | one | one | one | one',
    contract: '   U   | U   | -  | U   | U   | one | one | U   | U',
    option: '     U S?| U S?| -  | U S?| U S?| one | one | U S?| U S?',
  },
};

const letters: Record<ExecutableEndpoint, string> = {
  flexTransfer: 'U',
  innerTransfer: 'I',
  subTransfer: 'S',
  futuresTransferOut: 'TO',
  futuresTransferIn: 'TI',
};

const everything = ['General', 'Spot', 'Futures', 'InnerTransfer'];
const subId = '65aa0000000000000000b001';
const otherSubId = '65aa0000000000000000b002';

function account(type: AccountTypeId, tag: string, subUserId?: string): AccountRef {
  const pair = 'tagged' in accountTypes[type] ? tag : undefined;
  return subUserId === undefined ? own(type, pair) : ofSub(subUserId, type, pair);
}

function facts(world: World, permissions = everything, more: Partial<RouteFacts> = {}): RouteFacts {
  return { world, permissions: new Set(permissions), hasTradeHf: true, ipRestricted: true, ...more };
}

/** The chain as text, `U main>trade`, with `?` where it is not promised; or the code of the refusal. */
function verdict(from: AccountRef, to: AccountRef, given: RouteFacts): string {
  const found = route(from, to, given);
  if ('refused' in found) return found.refused.code;
  const { legs } = found;
  assert.equal(accountKey(legs[0]!.from), accountKey(from));
  assert.equal(accountKey(legs.at(-1)!.to), accountKey(to));
  legs.slice(1).forEach((leg, index) => assert.equal(accountKey(leg.from), accountKey(legs[index]!.to)));
  return legs
    .map((leg) => {
      const side = ({ owner, type }: AccountRef): string => (owner === 'self' ? type : `sub.${type}`);
      return `${letters[leg.endpoint]}${leg.documented ? '' : '?'} ${side(leg.from)}>${side(leg.to)}`;
    })
    .join(', ');
}

const refusedByAccount: Record<string, string> = {
  none: 'notInThisWorld',
  one: 'mergedAccount',
  v2: 'ownKeyOnly',
};

const sides = {
  'own accounts': { tables: ownAccounts, from: undefined, to: undefined },
  'master to sub': { tables: toSub, from: undefined, to: subId },
  'sub to master': { tables: toMaster, from: subId, to: undefined },
};

let cellCount = 0;
for (const [name, { tables, from: fromSub, to: toSubId }] of Object.entries(sides)) {
  describe(`route: the matrix, cell by cell: ${name}`, () => {
    for (const world of ['seed', 'today'] as const) {
      for (const fromType of columns) {
        const cells = tables[world][fromType].split('|').map((cell) => cell.trim());
        columns.forEach((toType, index) => {
          const cell = cells[index] ?? 'unlisted';
          const otherTag = fromType === toType && fromSub === toSubId ? 'ETH-USDT' : 'BTC-USDT';
          const from = account(fromType, 'BTC-USDT', fromSub);
          const to = account(toType, otherTag, toSubId);
          for (const endpoint of executableEndpoints) {
            cellCount += 1;
            const letter = cell.split(' ').find((word) => word.replace('?', '') === letters[endpoint]);
            const want =
              letter === undefined ? 'refused' : letter.endsWith('?') ? 'not promised' : 'documented';
            it(`${world}: ${fromType} -> ${toType} by ${endpoint}: ${want}`, () => {
              const found = route(from, to, facts(world, everything, { only: endpoint }));
              const is =
                'refused' in found ? 'refused' : found.legs[0]!.documented ? 'documented' : 'not promised';
              assert.equal(is, want);
              if (!('refused' in found)) assert.equal(found.legs[0]!.endpoint, endpoint);
              else if (refusedByAccount[cell]) assert.equal(found.refused.code, refusedByAccount[cell]);
            });
          }
          it(`${world}: ${fromType} -> ${toType} with every permission: ${cell}`, () => {
            const is = verdict(from, to, facts(world));
            const refused = refusedByAccount[cell];
            if (refused) assert.equal(is, refused);
            else if (cell === '-' && accountKey(from) === accountKey(to)) assert.equal(is, 'sameAccount');
            else if (cell === '-') assert.match(is, /,/, 'a chain of several calls');
            else {
              // 9.4: the separate HF account by Internal Transfer, everything else by Flex Transfer.
              const hf =
                [fromType, toType].includes('trade_hf') && name === 'own accounts' && cell.includes('I');
              const first = hf ? 'I' : cell.split(' ')[0]!.replace('?', '');
              assert.equal(is.split(/[ ?]/)[0], first);
              assert.ok(!is.includes(','), is);
            }
          });
        });
      }
    }
  });
}

describe('route: the matrix as a whole', () => {
  it('has every cell of both worlds, three relations and five endpoints', () => {
    assert.deepEqual([...columns].sort(), [...accountTypeIds].sort());
    assert.equal(cellCount, 2 * 3 * 9 * 9 * 5);
  });
});

describe('route: chains of several calls', () => {
  const spot = ['General', 'Spot'];
  const spotAndFutures = [...spot, 'Futures'];
  const futures = ['General', 'Futures'];
  const cases: [string, World, AccountRef, AccountRef, string[], string][] = [
    [
      'main to margin_v2',
      'seed',
      own('main'),
      own('margin_v2'),
      everything,
      'U main>margin, U margin>margin_v2',
    ],
    ['main to margin_v2', 'seed', own('main'), own('margin_v2'), spot, 'I main>margin, I margin>margin_v2'],
    [
      'main to isolated_v2',
      'seed',
      own('main'),
      own('isolated_v2', 'BTC-USDT'),
      everything,
      'U main>isolated, U isolated>isolated_v2',
    ],
    [
      'margin_v2 to a sub',
      'seed',
      own('margin_v2'),
      ofSub(subId, 'main'),
      everything,
      'U margin_v2>margin, U margin>sub.main',
    ],
    [
      'a sub to margin_v2 of the master',
      'seed',
      ofSub(subId, 'trade'),
      own('margin_v2'),
      spot,
      'S sub.trade>margin, I margin>margin_v2',
    ],
    [
      'futures to a sub without Flex Transfer',
      'today',
      own('contract'),
      ofSub(subId, 'trade'),
      spotAndFutures,
      'TO contract>main, S main>sub.trade',
    ],
    [
      'futures to margin without Flex Transfer',
      'today',
      own('contract'),
      own('margin'),
      spotAndFutures,
      'TO contract>main, I main>margin',
    ],
    [
      'futures to trade_hf',
      'today',
      own('contract'),
      own('trade_hf'),
      everything,
      'U contract>main, I main>trade_hf',
    ],
    [
      'trade_hf to a sub',
      'today',
      own('trade_hf'),
      ofSub(subId, 'main'),
      everything,
      'I trade_hf>main, U main>sub.main',
    ],
    [
      'trade_hf to options',
      'today',
      own('trade_hf'),
      own('option'),
      everything,
      'I trade_hf>main, U main>option',
    ],
    [
      'sub to sub',
      'today',
      ofSub(subId, 'main'),
      ofSub(otherSubId, 'trade'),
      everything,
      'U sub.main>main, U main>sub.trade',
    ],
    [
      'sub to sub without Flex Transfer',
      'seed',
      ofSub(subId, 'trade_hf'),
      ofSub(otherSubId, 'main'),
      spot,
      'S sub.trade_hf>main, S main>sub.main',
    ],
    [
      'within one sub with the key of the master',
      'today',
      ofSub(subId, 'main'),
      ofSub(subId, 'trade'),
      everything,
      'U sub.main>main, U main>sub.trade',
    ],
    [
      'isolated to the V2 account of another pair',
      'seed',
      own('isolated', 'BTC-USDT'),
      own('isolated_v2', 'ETH-USDT'),
      everything,
      'U? isolated>isolated, U isolated>isolated_v2',
    ],
    [
      'futures with a key that may trade futures only',
      'today',
      own('contract'),
      own('trade'),
      futures,
      'TO contract>trade',
    ],
    [
      'into futures with a key that may trade futures only',
      'today',
      own('trade'),
      own('contract'),
      futures,
      'TI trade>contract',
    ],
    [
      'into futures from margin without Flex Transfer',
      'today',
      own('margin'),
      own('contract'),
      spot,
      'I margin>contract',
    ],
    [
      'between isolated pairs without Flex Transfer',
      'today',
      own('isolated', 'BTC-USDT'),
      own('isolated', 'ETH-USDT'),
      spot,
      'I isolated>main, I main>isolated',
    ],
  ];
  for (const [name, world, from, to, permissions, want] of cases) {
    it(`${world}: ${name}: ${want}`, () => {
      assert.equal(verdict(from, to, facts(world, permissions)), want);
    });
  }
});

describe('route: what is missing', () => {
  const mainToTrade = (permissions: string[], more: Partial<RouteFacts> = {}): string =>
    verdict(own('main'), own('trade'), facts('today', permissions, more));

  it('names the missing permission, the endpoint and the remedy', () => {
    const found = route(own('main'), own('trade'), facts('today', ['General']));
    assert.ok('refused' in found);
    assert.equal(found.refused.code, 'permissionMissing');
    assert.equal(
      english(found.refused.sentence),
      'This API key lacks the permission Spot, which Internal Transfer needs. Give it to the key on the KuCoin website, then check the profile again.',
    );
  });

  it('asks for Flex Transfer where nothing less will do', () => {
    const found = route(
      own('contract'),
      own('margin'),
      facts('today', ['General', 'Spot'], { only: 'flexTransfer' }),
    );
    assert.ok('refused' in found);
    assert.match(english(found.refused.sentence), /FlexTransfers, which Flex Transfer needs/);
  });

  it('asks for two permissions where one alone does not help', () => {
    const found = route(
      own('contract'),
      ofSub(subId, 'main'),
      facts('seed', ['General'], { ipRestricted: undefined }),
    );
    assert.ok('refused' in found);
    assert.equal(found.refused.code, 'permissionMissing');
  });

  it('does not mistake the right to withdraw for the right to transfer', () => {
    assert.equal(mainToTrade(['General', 'Transfer']), 'withdrawalOnly');
    assert.equal(mainToTrade(['General', 'Transfer', 'Spot']), 'I main>trade');
  });

  it('says that the IP list is missing, and goes another way where there is one', () => {
    assert.equal(mainToTrade(['General', 'InnerTransfer'], { ipRestricted: false }), 'ipListMissing');
    assert.equal(mainToTrade(everything, { ipRestricted: false }), 'I main>trade');
    assert.equal(mainToTrade(everything, { ipRestricted: false, only: 'flexTransfer' }), 'ipListMissing');
    assert.equal(mainToTrade(everything, { ipRestricted: undefined }), 'U main>trade');
  });

  it('plans with a key whose permissions have not been read', () => {
    assert.equal(
      verdict(own('main'), own('trade'), facts('today', [], { permissions: undefined })),
      'U main>trade',
    );
  });

  const only: [string, ExecutableEndpoint, AccountRef, AccountRef, World, string][] = [
    [
      'Internal Transfer for a sub',
      'innerTransfer',
      own('main'),
      ofSub(subId, 'main'),
      'today',
      'innerOwnOnly',
    ],
    [
      'Internal Transfer out of futures',
      'innerTransfer',
      own('contract'),
      own('main'),
      'today',
      'contractNotSource',
    ],
    [
      'Flex Transfer for trade_hf today',
      'flexTransfer',
      own('trade_hf'),
      own('main'),
      'today',
      'flexNoTradeHf',
    ],
    [
      'Flex Transfer between subs',
      'flexTransfer',
      ofSub(subId, 'main'),
      ofSub(otherSubId, 'main'),
      'today',
      'subToSub',
    ],
    ['Flex Transfer for a pair of V2', 'flexTransfer', own('main'), own('margin_v2'), 'seed', 'pairedOnly'],
    [
      'SubAccount Transfer of own accounts',
      'subTransfer',
      own('main'),
      own('trade'),
      'today',
      'subTransferParties',
    ],
    [
      'SubAccount Transfer out of futures',
      'subTransfer',
      own('contract'),
      ofSub(subId, 'main'),
      'seed',
      'subTransferFromFutures',
    ],
    [
      'SubAccount Transfer with isolated, seed',
      'subTransfer',
      own('isolated', 'BTC-USDT'),
      ofSub(subId, 'main'),
      'seed',
      'endpointCannot',
    ],
    [
      'transfer-out to margin',
      'futuresTransferOut',
      own('contract'),
      own('margin'),
      'today',
      'transferOutAccounts',
    ],
    [
      'transfer-out from main',
      'futuresTransferOut',
      own('main'),
      own('trade'),
      'today',
      'transferOutAccounts',
    ],
    [
      'transfer-in from margin',
      'futuresTransferIn',
      own('margin'),
      own('contract'),
      'today',
      'transferInAccounts',
    ],
    [
      'pairs that differ',
      'flexTransfer',
      own('isolated', 'BTC-USDT'),
      own('isolated_v2', 'ETH-USDT'),
      'seed',
      'tagsMustMatch',
    ],
  ];
  for (const [name, endpoint, from, to, world, want] of only) {
    it(`one endpoint: ${name}: ${want}`, () => {
      assert.equal(verdict(from, to, facts(world, everything, { only: endpoint })), want);
    });
  }
});

describe('route: master and sub-accounts', () => {
  const sub = ofSub(subId, 'main');
  const known = (more = {}): Partial<RouteFacts> => ({
    isMaster: true,
    subAccounts: new Map([[subId, { name: 'bots', frozen: false, ...more }]]),
  });

  it('refuses the key of a sub-account, whatever the endpoint', () => {
    for (const endpoint of [undefined, ...executableEndpoints]) {
      const given = facts('today', everything, { isMaster: false, only: endpoint });
      assert.equal(verdict(own('main'), sub, given), 'masterKeyNeeded');
      assert.equal(verdict(sub, own('main'), given), 'masterKeyNeeded');
    }
  });

  it('lets a sub-account move funds between its own accounts', () => {
    const given = facts('today', ['General', 'Spot'], { isMaster: false });
    assert.equal(verdict(own('main'), own('trade'), given), 'I main>trade');
  });

  const cases: [string, AccountRef, Partial<RouteFacts>, string][] = [
    ['a uid in place of the user id', ofSub('700100201', 'main'), {}, 'subUserIdMalformed'],
    ['an empty user id', ofSub('', 'main'), {}, 'subUserIdMalformed'],
    ['a foreign sub-account', ofSub('65aa0000000000000000ffff', 'main'), known(), 'subUnknown'],
    ['a frozen one', sub, known({ frozen: true }), 'subFrozen'],
    [
      'futures that is not opened',
      ofSub(subId, 'contract'),
      known({ opened: new Set(['Spot']) }),
      'subNotOpened',
    ],
    [
      'margin that is not opened',
      ofSub(subId, 'margin'),
      known({ opened: new Set(['Spot']) }),
      'subNotOpened',
    ],
    [
      'futures that is opened',
      ofSub(subId, 'contract'),
      known({ opened: new Set(['Futures']) }),
      'U main>sub.contract',
    ],
    ['one of which no more is known', ofSub(subId, 'contract'), known(), 'U main>sub.contract'],
    ['the list not read', sub, {}, 'U main>sub.main'],
  ];
  for (const [name, to, more, want] of cases) {
    it(`${name}: ${want}`, () => {
      assert.equal(verdict(own('main'), to, facts('today', everything, more)), want);
    });
  }

  it('takes funds out of an account that could not receive', () => {
    const given = facts('today', everything, known({ opened: new Set(['Spot']) }));
    assert.equal(verdict(ofSub(subId, 'margin'), own('main'), given), 'U sub.margin>main');
  });

  it('refuses in unified mode what that mode has made one account', () => {
    const given = facts('today', everything, { mode: 'unified' });
    assert.equal(verdict(own('main'), own('trade'), given), 'unifiedMode');
    assert.equal(verdict(own('main'), ofSub(subId, 'main'), given), 'U main>sub.main');
  });
});

describe('route: the separate HF account', () => {
  const cases: [World, boolean | undefined, 'from' | 'to', string][] = [
    ['today', false, 'from', 'noSeparateHf'],
    ['today', false, 'to', 'noSeparateHf'],
    ['today', undefined, 'from', 'hfNotKnown'],
    ['today', undefined, 'to', 'hfNotKnown'],
    ['today', true, 'to', 'I main>trade_hf'],
    ['seed', false, 'from', 'hfNotOpened'],
    ['seed', false, 'to', 'I main>trade_hf'],
    ['seed', undefined, 'from', 'I trade_hf>main'],
    ['seed', undefined, 'to', 'I main>trade_hf'],
  ];
  for (const [world, hasTradeHf, side, want] of cases) {
    it(`${world}: trade_hf as ${side}, opened ${String(hasTradeHf)}: ${want}`, () => {
      const [from, to] = side === 'from' ? [own('trade_hf'), own('main')] : [own('main'), own('trade_hf')];
      assert.equal(verdict(from, to, facts(world, everything, { hasTradeHf })), want);
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
    ['that holds the currency as base', main, own('isolated', 'KCS-USDT'), 'U main>isolated'],
    ['that holds the currency as quote', main, own('isolated', 'BTC-KCS'), 'U main>isolated'],
    ['the same on both sides', own('isolated', 'KCS-USDT'), own('isolated', 'KCS-USDT'), 'sameAccount'],
    [
      'differing within one type',
      own('isolated', 'KCS-USDT'),
      own('isolated', 'KCS-BTC'),
      'U? isolated>isolated',
    ],
    ['of a sub-account missing', main, ofSub(subId, 'isolated'), 'tagMissing'],
  ];
  for (const [name, from, to, want] of cases) {
    it(`${name}: ${want}`, () => {
      assert.equal(verdict(from, to, facts('seed', everything, { currency: 'KCS' })), want);
    });
  }

  it('refuses futures where the site has none', () => {
    assert.equal(
      verdict(main, own('contract'), facts('today', everything, { hasFutures: false })),
      'noFutures',
    );
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

  for (const [name, permissions] of [
    ['every permission', everything],
    ['Spot', ['General', 'Spot']],
    ['General', ['General']],
  ] as const) {
    it(`agrees with the route for every pair, own and between master and sub: ${name}`, () => {
      for (const world of ['seed', 'today'] as const) {
        for (const [fromSub, to] of [
          [undefined, undefined],
          [undefined, subId],
          [subId, undefined],
        ] as const) {
          for (const from of accountTypeIds) {
            const source = account(from, 'BTC-USDT', fromSub);
            const owner = to === undefined ? 'self' : { subUserId: to };
            for (const choice of choices(source, facts(world, [...permissions]), owner)) {
              const tag = from === choice.type && fromSub === to ? 'ETH-USDT' : 'BTC-USDT';
              const found = route(source, account(choice.type, tag, to), facts(world, [...permissions]));
              const where = `${world}: ${from} -> ${choice.type}`;
              assert.equal(choice.refusal?.code, 'refused' in found ? found.refused.code : undefined, where);
              assert.equal(choice.legs, 'legs' in found ? found.legs.length : undefined, where);
            }
          }
        }
      }
    });
  }

  it('asks for the pair of isolated margin only', () => {
    const tagged = choices(own('main'), facts('seed')).filter(({ needsTag }) => needsTag);
    assert.deepEqual(
      tagged.map(({ type }) => type),
      ['isolated', 'isolated_v2'],
    );
  });
});

describe('sources', () => {
  const allowed = (given: RouteFacts): string[] =>
    sources(given)
      .filter((choice) => choice.allowed)
      .map(({ type }) => type);

  it('are all accounts that funds can leave', () => {
    assert.deepEqual(allowed(facts('today', ['General', 'Spot'], { hasTradeHf: false })), [
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
      'contract',
    ]);
  });

  it('are none without the permission, which is the reason given', () => {
    const all = sources(facts('today', ['General'], { hasTradeHf: false }));
    assert.ok(all.every((choice) => !choice.allowed));
    assert.equal(all.find(({ type }) => type === 'main')?.refusal?.code, 'permissionMissing');
    assert.equal(all.find(({ type }) => type === 'contract')?.refusal?.code, 'permissionMissing');
  });

  it('of a sub-account are those that the master can reach', () => {
    const types = sources(facts('seed'), { subUserId: subId }).filter((choice) => choice.allowed);
    assert.deepEqual(
      types.map(({ type }) => type),
      ['main', 'trade', 'trade_hf', 'margin', 'isolated', 'contract'],
    );
  });

  it('of an endpoint that only knows sub-accounts are those of which some sub-account can take', () => {
    const given = facts('today', ['General', 'Spot'], { only: 'subTransfer', isMaster: true });
    const withSubs = {
      ...given,
      subAccounts: new Map([[subId, { name: 'bots', frozen: true }]]),
    };
    assert.deepEqual(allowed(withSubs), ['main', 'trade', 'margin', 'isolated', 'option']);
    const reasons = (one: RouteFacts): (string | undefined)[] => [
      ...new Set(sources(one).map(({ refusal }) => refusal?.code)),
    ];
    assert.ok(reasons({ ...given, subAccounts: undefined }).includes('subTransferParties'));
    assert.ok(reasons({ ...given, isMaster: false }).includes('masterKeyNeeded'));
  });
});
