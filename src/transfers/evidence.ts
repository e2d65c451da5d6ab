import { add, compare, subtract, type Decimal } from '../kucoin/decimal';
import type { Sentence } from '../kucoin/explain';
import type { LedgerRow } from './ledgers';
import { evidenceTexts } from './messages';
import type { Evidence, EvidenceRow, Finding } from './records';
import { say } from './sentence';

/** What became of a transfer, concluded from ledgers and balances (kucoin-api 10.3). Pure. */

/** Clocks differ a little, and the exchange may take its time. */
export const earlierMs = 2_000;
export const laterMs = 60_000;

/** A transfer that may have made a row: the one in question, or another one of this journal. */
export interface Claimant {
  readonly isAsked: boolean;
  /** It certainly happened, so that a row belongs to it. */
  readonly certain: boolean;
  /** When its row may stand in the ledger. */
  readonly from: number;
  readonly until: number;
}

/**
 * `yes`, `no`: in every way in which the rows can belong to the transfers. `either`: in some. `late`: a row of a
 * transfer that certainly happened is not there yet. `foreign`: more rows than transfers.
 */
export type SideAnswer =
  { readonly is: 'yes'; readonly row: EvidenceRow } | { readonly is: 'no' | 'either' | 'late' | 'foreign' };

/** Beyond it a table of possibilities explains nothing to anybody. */
const mostRows = 12;

/** Whether the transfer in question has left one of these rows. */
export function attribute(rows: readonly LedgerRow[], claimants: readonly Claimant[]): SideAnswer {
  const fits = (row: LedgerRow, { from, until }: Claimant): boolean => row.time >= from && row.time <= until;
  const sorted = rows
    .filter((row) => claimants.some((claimant) => fits(row, claimant)))
    .sort((a, b) => a.time - b.time || a.id.localeCompare(b.id));
  const order = [...claimants].sort((a, b) => a.from - b.from);
  const asked = order.findIndex(({ isAsked }) => isAsked);
  if (!sorted.some((row) => order[asked] && fits(row, order[asked]))) return { is: 'no' };
  if (sorted.length > mostRows || order.length > mostRows) return { is: 'either' };

  const ways: { with?: EvidenceRow; without: boolean } = { without: false };
  const used = new Set<number>();
  /** Gives each row to a transfer, in every possible way. */
  const give = (index: number, own: LedgerRow | undefined): void => {
    if (ways.with && ways.without) return;
    const row = sorted[index];
    if (!row) {
      if (order.some(({ certain }, n) => certain && !used.has(n))) return;
      if (own) ways.with ??= evidenceOf(own);
      else ways.without = true;
      return;
    }
    for (const [n, claimant] of order.entries()) {
      if (used.has(n) || !fits(row, claimant)) continue;
      used.add(n);
      give(index + 1, n === asked ? row : own);
      used.delete(n);
    }
  };
  give(0, undefined);
  if (ways.with) return ways.without ? { is: 'either' } : { is: 'yes', row: ways.with };
  if (ways.without) return { is: 'no' };
  return { is: sorted.length > order.length ? 'foreign' : 'late' };
}

function evidenceOf({ source, id, direction, account, amount, time }: LedgerRow): EvidenceRow {
  return { source, id, direction, account, amount, time };
}

/** What one side of a transfer shows. */
export interface SideEvidence {
  /** Absent where no ledger of this key shows the account. */
  readonly ledger?: SideAnswer | undefined;
  /** Whether the ledger explains every change of the balance since it was read before sending. */
  readonly balance: 'explained' | 'notExplained' | 'notKnown';
}

export interface Conclusion {
  readonly finding: Finding;
  readonly rows: readonly EvidenceRow[];
  readonly reasons: readonly EvidenceReason[];
  /** Enough to write it down as the outcome; otherwise it is for a person to decide. */
  readonly conclusive: boolean;
}

export type EvidenceReason = keyof typeof evidenceTexts;

/** @param age milliseconds since the transfer was sent */
export function conclude(from: SideEvidence, to: SideEvidence, age: number): Conclusion {
  const sides = [from, to].filter(({ ledger }) => ledger !== undefined);
  const rows = sides.flatMap(({ ledger }) => (ledger?.is === 'yes' ? [ledger.row] : []));
  const count = (is: SideAnswer['is']): number => sides.filter(({ ledger }) => ledger?.is === is).length;
  const open = { rows, conclusive: false };
  if (sides.length === 0) return { finding: 'nothingYet', ...open, reasons: ['ledgersClosed'] };
  if (rows.length > 0) {
    if (rows.length === sides.length) {
      const reason = sides.length === 2 ? 'bothSides' : 'oneSideVisible';
      return { finding: 'happened', rows, conclusive: true, reasons: [reason] };
    }
    if (count('no') + count('late') > 0) return { finding: 'inProgress', ...open, reasons: ['oneSideOnly'] };
    return { finding: 'happened', rows, conclusive: true, reasons: ['oneSideDecides'] };
  }
  if (age < laterMs) return { finding: 'nothingYet', ...open, reasons: ['tooEarly'] };
  if (count('no') === 0) {
    const reason = count('foreign') > 0 ? 'moreRows' : 'sharedRows';
    return { finding: 'ambiguous', ...open, reasons: [reason] };
  }
  const silent = sides.filter(({ ledger }) => ledger?.is === 'no');
  const explained = silent.some(({ balance }) => balance === 'explained');
  const unexplained = silent.some(({ balance }) => balance === 'notExplained');
  const conclusive = explained && !unexplained;
  const reason = conclusive ? 'balancesUnchanged' : unexplained ? 'balancesChanged' : 'balancesNotKnown';
  return { finding: 'veryLikelyNotExecuted', rows, conclusive, reasons: ['noTrace', reason] };
}

/** Whether the movements of a ledger make the balance of then into the balance of now. */
export function explains(rows: readonly LedgerRow[], before: Decimal, now: Decimal): boolean {
  const moved = rows.reduce(
    (sum, { direction, amount }) => (direction === 'in' ? add(sum, amount) : subtract(sum, amount)),
    before,
  );
  return compare(moved, now) === 0;
}

/** Evidence in sentences. */
export function evidenceLines({ finding, reasons, rows }: Evidence): Sentence[] {
  return [
    say(evidenceTexts[finding]),
    ...reasons.flatMap((reason) =>
      Object.hasOwn(evidenceTexts, reason) ? [say<string>(evidenceTexts[reason as EvidenceReason])] : [],
    ),
    ...rows.map(({ source, id, direction, account, amount, time }) =>
      say(direction === 'in' ? evidenceRowTexts.in : evidenceRowTexts.out, {
        source,
        id,
        account,
        amount,
        time: new Date(time).toISOString(),
      }),
    ),
  ];
}

const evidenceRowTexts = {
  in: '{time}: {amount} into {account} (ledger {source}, row {id})',
  out: '{time}: {amount} out of {account} (ledger {source}, row {id})',
} as const;
