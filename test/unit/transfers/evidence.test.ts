import assert from 'node:assert/strict';
import { decimal } from '../../../src/kucoin/decimal';
import { english } from '../../../src/kucoin/explain';
import { attribute, conclude, evidenceLines, explains, type Claimant } from '../../../src/transfers/evidence';
import type { LedgerRow } from '../../../src/transfers/ledgers';

function row(id: string, time: number, direction: 'in' | 'out' = 'out', amount = '5'): LedgerRow {
  return { source: 'account', id, time, direction, account: 'MAIN', amount: decimal(amount), kind: 'own' };
}

function claimant(from: number, more: Partial<Claimant> = {}): Claimant {
  return { isAsked: false, certain: false, from, until: from + 62_000, ...more };
}

const asked = (from: number): Claimant => claimant(from, { isAsked: true });

describe('evidence: whose row it is', () => {
  const cases: [string, LedgerRow[], Claimant[], string][] = [
    ['no row', [], [asked(0)], 'no'],
    ['one row', [row('a', 100)], [asked(0)], 'yes'],
    ['a row of before', [row('a', -1)], [asked(0)], 'no'],
    ['a row of long after', [row('a', 62_001)], [asked(0)], 'no'],
    ['a row more than transfers', [row('a', 1), row('b', 2)], [asked(0)], 'foreign'],
    [
      'one row, and another transfer that happened',
      [row('a', 1)],
      [asked(0), claimant(0, { certain: true })],
      'no',
    ],
    [
      'two rows, and another that happened',
      [row('a', 1), row('b', 2)],
      [asked(0), claimant(0, { certain: true })],
      'yes',
    ],
    ['one row, and another that is unknown too', [row('a', 1)], [asked(0), claimant(0)], 'either'],
    ['two rows, and another that is unknown too', [row('a', 1), row('b', 2)], [asked(0), claimant(0)], 'yes'],
    ['one row that is too early for the other', [row('a', 1)], [asked(0), claimant(10)], 'yes'],
    ['one row that is too early for this one', [row('a', 1)], [asked(10), claimant(0)], 'no'],
    [
      'the row of a transfer that happened is late',
      [row('a', 20)],
      [asked(0), claimant(10, { certain: true }), claimant(15, { certain: true })],
      'late',
    ],
    ['too many to say', Array.from({ length: 20 }, (_, n) => row(`${n}`, n)), [asked(0)], 'either'],
  ];
  for (const [name, rows, claimants, is] of cases) {
    it(`${name}: ${is}`, () => assert.equal(attribute(rows, claimants).is, is));
  }
});

describe('evidence: what it says', () => {
  const yes = { ledger: { is: 'yes', row: row('a', 1) }, balance: 'notKnown' } as const;
  const no = { ledger: { is: 'no' }, balance: 'explained' } as const;
  const changed = { ledger: { is: 'no' }, balance: 'notExplained' } as const;
  const silent = { ledger: { is: 'no' }, balance: 'notKnown' } as const;
  const either = { ledger: { is: 'either' }, balance: 'notKnown' } as const;
  const closed = { balance: 'notKnown' } as const;
  const minute = 60_000;
  const cases: [string, Parameters<typeof conclude>, string, boolean][] = [
    ['both sides show it', [yes, yes, 3_000], 'happened', true],
    ['the only side that can be read shows it', [yes, closed, 3_000], 'happened', true],
    ['one side shows it', [yes, no, 3_000], 'inProgress', false],
    ['one side shows it, the other is shared', [yes, either, 3_000], 'happened', true],
    ['nothing, at once', [no, no, 3_000], 'nothingYet', false],
    ['nothing after a minute, balances unchanged', [no, no, minute], 'veryLikelyNotExecuted', true],
    ['nothing after a minute, one balance changed', [no, changed, minute], 'veryLikelyNotExecuted', false],
    ['nothing after a minute, balances not known', [silent, silent, minute], 'veryLikelyNotExecuted', false],
    ['equal rows after a minute', [either, either, minute], 'ambiguous', false],
    ['no ledger at all', [closed, closed, minute], 'nothingYet', false],
  ];
  for (const [name, given, finding, conclusive] of cases) {
    it(`${name}: ${finding}${conclusive ? '' : ', for a person to decide'}`, () => {
      const made = conclude(...given);
      assert.deepEqual([made.finding, made.conclusive], [finding, conclusive]);
      const lines = evidenceLines({ ...made, seenAt: 0 }).map(english);
      assert.ok(lines.length > made.reasons.length);
      for (const line of lines) assert.doesNotMatch(line, /[{}]/);
    });
  }

  it('explains a balance by the movements of a ledger', () => {
    const rows = [row('a', 1, 'in', '0.10'), row('b', 2, 'out', '3')];
    assert.ok(explains(rows, decimal('10'), decimal('7.1')));
    assert.ok(!explains(rows, decimal('10'), decimal('10')));
  });
});
