import assert from 'node:assert/strict';
import { english } from '../../../src/kucoin/explain';
import { hfStatus, type HfFacts, type HfNext, type HfState } from '../../../src/portfolio/hf';

const hex = { type: 'trade', id: '65aa00000000000000001002' };
const digits = { type: 'trade', id: '900100000001' };
const tradeHf = { type: 'trade_hf', id: '900100000002' };
const main = { type: 'main', id: '65aa00000000000000001001' };
const said = (code: string): { code: string } => ({ code });

type Row = [
  what: string,
  facts: Omit<HfFacts, 'kind' | 'world'>,
  state: HfState,
  drawsOn: string | undefined,
  next: HfNext,
];

const spotToday: Row[] = [
  ['opened is true', { opened: true }, 'separate', 'trade_hf', 'orderTest'],
  [
    'opened is true, and the order test passed',
    { opened: true, orderTest: 'accepted' },
    'separate',
    'trade_hf',
    'nothing',
  ],
  [
    'opened is true, while a migration runs',
    { opened: true, migration: 1 },
    'separate',
    'trade_hf',
    'readAgain',
  ],
  [
    'opened is true against a digit id',
    { opened: true, accounts: [digits] },
    'separate',
    'trade_hf',
    'orderTest',
  ],
  ['opened is false, migrated', { opened: false, migration: 2 }, 'merged', 'trade', 'orderTest'],
  [
    'opened is false, a trade account with an id of digits',
    { opened: false, accounts: [main, digits] },
    'merged',
    'trade',
    'orderTest',
  ],
  [
    'opened is false, rows in the HF ledger',
    { opened: false, ledgerRows: 3 },
    'merged',
    'trade',
    'orderTest',
  ],
  [
    'opened is false, the order test passed',
    { opened: false, orderTest: 'accepted' },
    'merged',
    'trade',
    'nothing',
  ],
  ['opened is false, and nothing else', { opened: false }, 'undecided', 'trade', 'orderTest'],
  [
    'opened is false, everything empty',
    { opened: false, migration: 0, accounts: [main, hex], ledgerRows: 0 },
    'undecided',
    'trade',
    'orderTest',
  ],
  [
    'opened is false, but a trade_hf row',
    { opened: false, accounts: [tradeHf] },
    'separate',
    'trade_hf',
    'orderTest',
  ],
  [
    'not read, but a trade_hf row',
    { opened: said('404000'), accounts: [tradeHf] },
    'separate',
    'trade_hf',
    'orderTest',
  ],
  ['404000', { opened: said('404000') }, 'unknown', undefined, 'orderTest'],
  ['401000', { opened: said('401000') }, 'unknown', undefined, 'orderTest'],
  ['400007', { opened: said('400007') }, 'unknown', undefined, 'fixKey'],
  ['offline', { opened: said('offline') }, 'unknown', undefined, 'readAgain'],
  ['nothing was read', {}, 'unknown', undefined, 'readAgain'],
  ['sub-account: trade_hf among its balances', { tradeHfRows: 1 }, 'separate', 'trade_hf', 'orderTest'],
  ['sub-account: none among its balances', { tradeHfRows: 0 }, 'unknown', undefined, 'readAgain'],
  [
    'the order test says that the place is not served',
    { opened: false, orderTest: said('400302') },
    'refused',
    undefined,
    'seeWebsite',
  ],
  [
    'the order test lacks balance only',
    { opened: false, orderTest: said('200004') },
    'undecided',
    'trade',
    'orderTest',
  ],
];

const spotSeed: Row[] = [
  [
    'no call, a trade_hf row',
    { opened: said('404000'), accounts: [main, tradeHf] },
    'separate',
    'trade_hf',
    'orderTest',
  ],
  [
    'no call, no trade_hf row',
    { opened: said('404000'), accounts: [main, hex] },
    'notActivated',
    undefined,
    'activate',
  ],
  [
    'the later call says false, nothing listed',
    { opened: false, accounts: [main] },
    'notActivated',
    undefined,
    'activate',
  ],
  ['the later call says false, and nothing else', { opened: false }, 'unknown', undefined, 'readAgain'],
  ['the later call says true', { opened: true }, 'separate', 'trade_hf', 'orderTest'],
  ['the order test passed', { accounts: [main], orderTest: 'accepted' }, 'separate', 'trade_hf', 'nothing'],
  ['whitelist', { accounts: [main], transferRefused: '126001' }, 'refused', undefined, 'seeWebsite'],
  ['identity', { accounts: [main], transferRefused: '400303' }, 'refused', undefined, 'seeWebsite'],
  [
    'a transfer that only lacked funds',
    { accounts: [main], transferRefused: '230003' },
    'notActivated',
    undefined,
    'activate',
  ],
  [
    'the list may not be read',
    { opened: said('404000'), accounts: said('400007') },
    'unknown',
    undefined,
    'orderTest',
  ],
];

const marginToday = (plain: string): Row[] => [
  ['nothing was read', {}, 'merged', plain, 'nothing'],
  ['no funds', { marginRows: 0 }, 'merged', plain, 'nothing'],
  ['funds', { marginRows: 2, marginLedgerRows: 1 }, 'merged', plain, 'nothing'],
  ['the reading failed', { marginRows: said('offline') }, 'merged', plain, 'nothing'],
  ['margin was never opened', { marginRows: said('130306') }, 'refused', undefined, 'seeWebsite'],
];

const marginSeed = (hf: string): Row[] => [
  ['funds', { marginRows: 1 }, 'separate', hf, 'nothing'],
  ['movements', { marginRows: 0, marginLedgerRows: 1 }, 'separate', hf, 'nothing'],
  ['nothing there', { marginRows: 0 }, 'notActivated', undefined, 'activate'],
  ['whitelist', { marginRows: 0, transferRefused: '126001' }, 'refused', undefined, 'seeWebsite'],
  [
    'the master has not been verified',
    { marginRows: 0, orderTest: said('126048') },
    'refused',
    undefined,
    'seeWebsite',
  ],
  ['permission', { marginRows: said('400007') }, 'unknown', undefined, 'fixKey'],
  ['the call is gone', { marginRows: said('404000') }, 'unknown', undefined, 'readAgain'],
  ['nothing was read', {}, 'unknown', undefined, 'readAgain'],
];

const tables = [
  { kind: 'spot', world: 'today', rows: spotToday },
  { kind: 'spot', world: 'seed', rows: spotSeed },
  { kind: 'cross', world: 'today', rows: marginToday('margin') },
  { kind: 'cross', world: 'seed', rows: marginSeed('margin_v2') },
  { kind: 'isolated', world: 'today', rows: marginToday('isolated') },
  { kind: 'isolated', world: 'seed', rows: marginSeed('isolated_v2') },
] as const;

for (const { kind, world, rows } of tables)
  describe(`HF status: ${kind}, ${world}`, () => {
    for (const [what, facts, state, drawsOn, next] of rows)
      it(`${what}: ${state}`, () => {
        const status = hfStatus({ kind, world, ...facts });
        assert.deepEqual([status.state, status.drawsOn, status.next.action], [state, drawsOn, next]);
        for (const sentence of [...status.evidence, status.meaning, status.next.sentence])
          assert.doesNotMatch(english(sentence), /[{}]/, 'every placeholder has its value');
      });
  });

describe('HF status', () => {
  it('never says "not activated" for today, whatever was read', () => {
    for (const opened of [true, false, said('404000'), undefined])
      for (const migration of [0, 1, 2, undefined])
        for (const accounts of [[main], [hex], [digits], [], undefined])
          for (const ledgerRows of [0, 1, undefined]) {
            const facts = { opened, migration, accounts, ledgerRows };
            const given = Object.fromEntries(
              Object.entries(facts).filter(([, value]) => value !== undefined),
            );
            const { state } = hfStatus({ kind: 'spot', world: 'today', ...given });
            assert.notEqual(state, 'notActivated', JSON.stringify(facts));
          }
  });

  it('shows what spoke for and against, with the id that proves the merge', () => {
    const { evidence } = hfStatus({
      kind: 'spot',
      world: 'today',
      opened: false,
      migration: 0,
      accounts: [digits],
      ledgerRows: 0,
    });
    const lines = evidence.map(english).join('\n');
    assert.match(lines, /opened is false/);
    assert.match(lines, /900100000001/);
    assert.match(lines, /HF ledger of the last days is empty/);
    assert.match(lines, /nothing has been migrated/);
  });

  it('does not take the missing call of 2023 for a failure', () => {
    const { evidence } = hfStatus({ kind: 'spot', world: 'seed', opened: said('404000'), accounts: [main] });
    assert.doesNotMatch(evidence.map(english).join('\n'), /could not be read/);
  });
});
