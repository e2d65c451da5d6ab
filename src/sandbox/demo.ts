import type { AccountTypeId } from '../kucoin/accountTypes';
import { decimal, type Decimal } from '../kucoin/decimal';
import type { World } from '../kucoin/vocabulary';
import { outside, type AccountRef, type Movement, type Outside } from './ledger';
import type { ApiKey, User } from './people';

/**
 * The people, keys and balances that a new sandbox starts with. All of it is invented, published, and the same for
 * everyone: the secrets below guard nothing but play money.
 */

export const masterUid = 700100200;
export const subUid = 700100201;
export const robotUid = 700100202;
export const frozenUid = 700100203;
export const marginSubUid = 700100204;

const passphrase = 'demo-passphrase';
const createdAt = 1_690_000_000_000;
const daily = ['General', 'Spot', 'Margin', 'Futures', 'InnerTransfer', 'Earn'] as const;

function key(
  id: string,
  word: string,
  more: Partial<ApiKey> & Pick<ApiKey, 'remark' | 'permissions'>,
): ApiKey {
  return {
    key: `de3000000000000000000${id}`,
    secret: `00000000-${word}-demo-demo-000000000000`,
    passphrase,
    version: 3,
    uid: masterUid,
    ips: [],
    createdAt,
    ...more,
  };
}

/** Keys of the sandbox, by what they show. */
export const demoKeys = {
  /** All permissions but withdrawal, no IP list: the key of the demo profile. */
  demo: {
    ...key('e30', 'demo', { remark: 'demo', permissions: daily }),
    key: 'de300000000000000000de30',
    secret: '00000000-demo-demo-demo-000000000000',
  },
  readOnly: key('ead', 'read', { remark: 'read-only', permissions: ['General'] }),
  subAccount: key('5ab', 'suba', {
    remark: 'bot',
    uid: subUid,
    permissions: ['General', 'Spot', 'Futures', 'InnerTransfer'],
  }),
  version1: key('001', 'ver1', { remark: 'old bot', version: 1, permissions: ['General', 'Spot'] }),
  version2: key('002', 'ver2', { remark: 'older bot', version: 2, permissions: ['General', 'Spot'] }),
  /** Holds the permission that no tool should have. */
  withdrawal: key('f1d', 'with', { remark: 'treasury', permissions: ['General', 'Spot', 'Transfer'] }),
  expired: key('dea', 'gone', {
    remark: 'last year',
    permissions: ['General', 'Spot'],
    expiresAt: createdAt + 1,
  }),
  ipLimited: key('1b1', 'ipip', {
    remark: 'server',
    permissions: ['General', 'Spot', 'InnerTransfer'],
    ips: ['198.51.100.7'],
  }),
} as const satisfies Record<string, ApiKey>;

/** Looks like the others but was deleted: the sandbox does not know it. */
export const deletedKey: ApiKey = key('dde', 'dele', { remark: 'deleted', permissions: ['General'] });

export const demoUsers: readonly User[] = [
  {
    uid: masterUid,
    userId: '65aa0000000000000000a001',
    name: '',
    kind: 0,
    status: 2,
    remarks: '',
    createdAt,
    tradeTypes: ['Spot', 'Margin', 'Futures', 'Option'],
    openedTradeTypes: ['Spot', 'Margin', 'Futures', 'Option'],
    openedHf: [],
  },
  {
    uid: subUid,
    userId: '65aa0000000000000000b001',
    name: 'demoSub01',
    parentUid: masterUid,
    kind: 0,
    status: 2,
    remarks: 'bots',
    createdAt: createdAt + 86_400_000,
    tradeTypes: ['Spot', 'Futures'],
    openedTradeTypes: ['Spot', 'Futures'],
    openedHf: [],
  },
  {
    uid: robotUid,
    userId: '65aa0000000000000000b002',
    name: 'gridRobot7',
    parentUid: masterUid,
    kind: 1,
    status: 2,
    remarks: 'grid robot',
    createdAt: createdAt + 2 * 86_400_000,
    tradeTypes: ['Spot'],
    openedTradeTypes: ['Spot'],
    openedHf: [],
  },
  {
    uid: frozenUid,
    userId: '65aa0000000000000000b003',
    name: 'frozenSub03',
    parentUid: masterUid,
    kind: 0,
    status: 3,
    remarks: '',
    createdAt: createdAt + 3 * 86_400_000,
    tradeTypes: ['Spot'],
    openedTradeTypes: ['Spot'],
    openedHf: [],
  },
  {
    // May trade futures, but has not opened them.
    uid: marginSubUid,
    userId: '65aa0000000000000000b004',
    name: 'marginSub04',
    parentUid: masterUid,
    kind: 0,
    status: 2,
    remarks: 'margin desk',
    createdAt: createdAt + 4 * 86_400_000,
    tradeTypes: ['Spot', 'Futures', 'Margin'],
    openedTradeTypes: ['Spot', 'Margin'],
    openedHf: [],
  },
  // Another family: what it owns is none of the master's business.
  {
    uid: 700900300,
    userId: '65aa0000000000000000c001',
    name: '',
    kind: 0,
    status: 2,
    remarks: '',
    createdAt,
    tradeTypes: ['Spot'],
    openedTradeTypes: ['Spot'],
    openedHf: [],
  },
  {
    uid: 700900301,
    userId: '65aa0000000000000000c002',
    name: 'strangerSub',
    parentUid: 700900300,
    kind: 0,
    status: 2,
    remarks: '',
    createdAt,
    tradeTypes: ['Spot'],
    openedTradeTypes: ['Spot'],
    openedHf: [],
  },
];

/** A row to start with; `total` zero opens an empty row. */
export interface OpeningBalance {
  readonly uid: number;
  readonly type: AccountTypeId;
  readonly tag: string;
  readonly currency: string;
  readonly total: Decimal;
  readonly held: Decimal;
  readonly locked: Decimal;
  readonly debt: Decimal;
}

type Row = readonly [
  currency: string,
  total: string,
  marks?: { held?: string; locked?: string; debt?: string },
];

function rows(uid: number, type: AccountTypeId, list: readonly Row[], tag = ''): OpeningBalance[] {
  return list.map(([currency, total, marks]) => ({
    uid,
    type,
    tag,
    currency,
    total: decimal(total),
    held: decimal(marks?.held ?? '0'),
    locked: decimal(marks?.locked ?? '0'),
    debt: decimal(marks?.debt ?? '0'),
  }));
}

const everywhere: readonly OpeningBalance[] = [
  ...rows(masterUid, 'main', [
    ['USDT', '2480.75'],
    ['BTC', '0.18342719', { held: '0.01' }],
    ['ETH', '2.5'],
    // Ten of it came as a bonus, good for trading only.
    ['KCS', '125.00000001', { locked: '10' }],
    ['USDC', '300'],
    ['XRP', '0'],
    ['TRX', '4210.123456'],
    ['ADA', '0.000001'],
    ['NEO', '42'],
    ['VET', '18250.1234'],
    ['SHIB', '1250000.000000000000000001'],
    ['PEPE', '0.000000000000000042'],
    ['LUNA', '98765.4321'],
    ['PLAY', '1000.25'],
  ]),
  ...rows(masterUid, 'trade', [
    ['USDT', '120.5', { held: '20.25' }],
    ['KCS', '3.00000001'],
    // More decimals than a transfer may have (kucoin-api 6.2).
    ['BTC', '0.012345678912'],
    ['ETH', '0.00000001'],
    ['USDC', '15.123456789012'],
    ['SOL', '8.75', { held: '2.5' }],
    ['XRP', '750.5'],
    ['DOGE', '0'],
    ['DOT', '12.3456789012'],
    ['EURC', '49.99'],
    ['BCHSV', '0.00031415'],
  ]),
  ...rows(masterUid, 'margin', [
    ['USDT', '310.4', { held: '20', debt: '25' }],
    ['BTC', '0.005'],
    ['KCS', '0'],
  ]),
  ...rows(
    masterUid,
    'isolated',
    [
      ['ETH', '0'],
      ['USDT', '80'],
    ],
    'ETH-USDT',
  ),
  ...rows(
    masterUid,
    'isolated',
    [
      ['BTC', '0.002'],
      ['USDT', '150', { debt: '10' }],
    ],
    'BTC-USDT',
  ),
  ...rows(masterUid, 'contract', [
    // Locked: profit that is not realised yet. It can margin positions, but not leave.
    ['USDT', '500', { held: '97.5', locked: '12.5' }],
    ['BTC', '0.05'],
  ]),
  ...rows(subUid, 'main', [
    ['USDT', '7'],
    ['BTC', '0.00000042'],
  ]),
  ...rows(subUid, 'trade', [
    ['KCS', '1.5'],
    ['USDT', '33.333333'],
  ]),
  ...rows(subUid, 'contract', [['USDT', '40']]),
  ...rows(robotUid, 'trade', [
    ['USDT', '212.07', { held: '180' }],
    ['SOL', '1.25'],
  ]),
  ...rows(frozenUid, 'main', [['USDT', '11.5']]),
  ...rows(marginSubUid, 'main', [['USDT', '60']]),
  ...rows(marginSubUid, 'trade', [['ETH', '0.4']]),
  ...rows(marginSubUid, 'margin', [
    ['USDT', '120', { debt: '15' }],
    ['BTC', '0.003'],
  ]),
  ...rows(marginSubUid, 'isolated', [['USDT', '45']], 'ETH-USDT'),
];

const onlyIn: Readonly<Record<World, readonly OpeningBalance[]>> = {
  seed: [],
  today: rows(masterUid, 'option', [['USDT', '60']]),
};

/** What an old HF user holds there. */
const separateHf = rows(masterUid, 'trade_hf', [
  ['USDT', '64.2', { held: '4.2' }],
  ['KCS', '3.00000001'],
]);

/** Opening balances of a world; with `hfOpened` the master has a separate trade_hf account from the start. */
export function openingBalances(world: World, hfOpened: boolean): readonly OpeningBalance[] {
  return [...everywhere, ...onlyIn[world], ...(hfOpened ? separateHf : [])];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How long ago the opening balances came in. */
export const openingAgeMs = 9 * dayMs;

export interface PastMovement extends Omit<Movement, 'time'> {
  /** Milliseconds before the sandbox starts. */
  readonly agoMs: number;
}

function account(uid: number, type: AccountTypeId, tag = ''): AccountRef {
  return { uid, type, tag };
}

/** There and back again: the opening balances stay what they are. */
function roundTrip(
  from: AccountRef,
  to: AccountRef | Outside,
  [currency, amount]: readonly [string, string],
  [there, back]: readonly [number, number],
  [bizType, reference]: readonly [Movement['bizType'], string],
): PastMovement[] {
  const common = { currency, amount: decimal(amount), bizType, reference };
  return [
    { ...common, from, to, agoMs: there },
    { ...common, from: to, to: from, agoMs: back },
  ];
}

const main = account(masterUid, 'main');
const trade = account(masterUid, 'trade');
const contract = account(masterUid, 'contract');

/** What happened in the last days, oldest first, so that the ledgers are not empty. */
export const demoHistory: readonly PastMovement[] = [
  ...roundTrip(main, trade, ['USDT', '50'], [8 * dayMs, 5 * hourMs], ['TRANSFER', 'history']),
  ...roundTrip(trade, main, ['KCS', '1.5'], [60 * hourMs, 26 * hourMs], ['TRANSFER', 'history']),
  // A purchase and a sale.
  ...roundTrip(trade, outside, ['USDT', '5.025'], [30 * hourMs, 3 * hourMs], ['TRADE_EXCHANGE', 'KCS-USDT']),
  ...roundTrip(trade, outside, ['KCS', '0.5'], [3 * hourMs, 2 * hourMs], ['TRADE_EXCHANGE', 'KCS-USDT']),
  ...roundTrip(main, contract, ['USDT', '15'], [28 * hourMs, 4 * hourMs], ['TRANSFER', 'history']),
  // A loss and a profit of futures positions.
  ...roundTrip(contract, outside, ['USDT', '0.25'], [16 * hourMs, 8 * hourMs], ['REALISED_PNL', 'XBTUSDTM']),
  ...roundTrip(
    main,
    account(masterUid, 'margin'),
    ['USDT', '30'],
    [20 * hourMs, 6 * hourMs],
    ['TRANSFER', 'history'],
  ),
  ...roundTrip(
    main,
    account(masterUid, 'isolated', 'ETH-USDT'),
    ['USDT', '20'],
    [18 * hourMs, 7 * hourMs],
    ['TRANSFER', 'history'],
  ),
  ...roundTrip(
    main,
    account(subUid, 'main'),
    ['USDT', '20'],
    [22 * hourMs, 10 * hourMs],
    ['SUB_TRANSFER', 'history'],
  ),
].sort((a, b) => b.agoMs - a.agoMs);
