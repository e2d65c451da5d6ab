import assert from 'node:assert/strict';
import type { ErrorKind } from '../../../src/kucoin/errors';
import { english } from '../../../src/kucoin/explain';
import * as messages from '../../../src/transfers/messages';
import { reportFailure, type Moved } from '../../../src/transfers/outcome';
import type { OwnErrorKind } from '../../../src/transfers/records';

/** Every kind that an error can have; the compiler misses a forgotten one. */
const kinds: Record<ErrorKind | OwnErrorKind, true> = {
  keyUnknown: true,
  secretNotKept: true,
  otherSite: true,
  passphrase: true,
  signature: true,
  keyVersion: true,
  ip: true,
  permission: true,
  secretMissing: true,
  kyc: true,
  region: true,
  frozen: true,
  notOpened: true,
  hfNotAllowed: true,
  unifiedMode: true,
  clock: true,
  headers: true,
  parameter: true,
  insufficientBalance: true,
  duplicate: true,
  refused: true,
  notFound: true,
  removed: true,
  hostMissing: true,
  rateLimit: true,
  unavailable: true,
  network: true,
  certificate: true,
  proxy: true,
  proxyLogin: true,
  timeout: true,
  malformedReply: true,
  invalidArgument: true,
  readOnly: true,
  cancelled: true,
  stale: true,
  crash: true,
  neverSent: true,
  journal: true,
  internal: true,
  notBegun: true,
  overtaken: true,
};
const all = Object.keys(kinds) as (ErrorKind | OwnErrorKind)[];

function lines(kind: ErrorKind | OwnErrorKind, moved: Moved): string[] {
  const note = { kind, code: '230003', detail: 'said', endpoint: 'Internal Transfer' };
  const { what, money, todo } = reportFailure(note, { moved, permission: 'Spot' });
  return [what, money, todo].map(english);
}

describe('reports about failures', () => {
  for (const kind of all) {
    it(`${kind}: three whole sentences, whatever the money did`, () => {
      for (const moved of ['moved', 'notMoved', 'unknown'] as const) {
        for (const line of lines(kind, moved)) {
          assert.doesNotMatch(line, /[{}]|undefined/);
          assert.match(line, /^[A-Z].{6,}/);
        }
      }
    });

    it(`${kind}: never advises to repeat what may have happened`, () => {
      for (const moved of ['moved', 'unknown'] as const) {
        const [, , todo] = lines(kind, moved);
        assert.match(todo!, /Do not repeat/);
        assert.doesNotMatch(todo!, /try again/i);
      }
    });
  }

  const golden: [ErrorKind | OwnErrorKind, Moved, string[]][] = [
    [
      'insufficientBalance',
      'notMoved',
      [
        'The available balance is not enough.',
        'No money moved.',
        'Refresh the balances, then prepare the transfer again with a smaller amount.',
      ],
    ],
    [
      'timeout',
      'unknown',
      [
        'The exchange did not answer in time.',
        'It is not known whether the money moved.',
        'Do not repeat the transfer yet. Ledgers and balances are read by themselves while its profile is active, and a message says what they show. If they cannot tell, compare both accounts on the KuCoin website, then record here whether it happened.',
      ],
    ],
    [
      'malformedReply',
      'moved',
      [
        'The answer of the exchange could not be read: said (230003)',
        'The money moved.',
        'Refresh the balances to see it. Do not repeat the transfer.',
      ],
    ],
    [
      'crash',
      'unknown',
      [
        'The editor ended before the answer of the exchange arrived.',
        'It is not known whether the money moved.',
        'Do not repeat the transfer yet. Ledgers and balances are read by themselves while its profile is active, and a message says what they show. If they cannot tell, compare both accounts on the KuCoin website, then record here whether it happened.',
      ],
    ],
    [
      'neverSent',
      'notMoved',
      ['The editor ended before the transfer was sent.', 'No money moved.', 'Prepare the transfer again.'],
    ],
    [
      'journal',
      'notMoved',
      [
        'The transfer could not be written to the journal on disk: said',
        'No money moved.',
        'Free some space or check the folder of the journal, then prepare the transfer again.',
      ],
    ],
    [
      'permission',
      'notMoved',
      [
        'The key lacks a permission for this: Internal Transfer',
        'No money moved.',
        'Give the key the permission Spot on the KuCoin website, or use another key.',
      ],
    ],
    ['cancelled', 'notMoved', ['Cancelled.', 'No money moved.', 'Nothing needs to be done.']],
    [
      'stale',
      'notMoved',
      ['The profile was changed meanwhile.', 'No money moved.', 'Prepare the transfer again.'],
    ],
  ];
  for (const [kind, moved, expected] of golden) {
    it(`${kind}, ${moved}: reads as agreed`, () => assert.deepEqual(lines(kind, moved), expected));
  }
});

describe('messages', () => {
  const tables = Object.entries(messages as Record<string, Record<string, string>>);

  it('are whole sentences that end, or end with the variable part', () => {
    for (const [table, templates] of tables) {
      if (table === 'stateTexts' || table === 'planTexts') continue;
      for (const [code, template] of Object.entries(templates)) {
        assert.match(template, /^([A-Z]|\{\w+\})/, `${table}.${code}`);
        assert.match(template, /[.!]$|: \{\w+\}$|for example [\d.]+$/, `${table}.${code}`);
      }
    }
  });

  it('are said once: each template is a key of its own for translation', () => {
    const templates = tables.flatMap(([, table]) => Object.values(table));
    const twice = templates.filter((template, index) => templates.indexOf(template) !== index);
    assert.deepEqual(twice, []);
  });
});
