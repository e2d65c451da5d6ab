import { sum, type Decimal } from '../kucoin/decimal';
import { execute, type GateOptions, type GateResult } from './gate';
import { findIdenticalUndecided, historyPage, type HistoryOptions, type TransferRecord } from './history';
import type { Intent } from './intent';
import { JournalError, type TransferJournal } from './journal';
import { plan, type Plan, type PlanFacts, type PlanProfile, type Statement } from './plan';
import type { BatchKind, BatchRecordRow, BatchMark } from './records';
import { refuse, type Refusal } from './refusal';

/** One row of a batch: a transfer with its plan, or with the reason why there is none. */
export type BatchRow = {
  readonly row: number;
  readonly intent: Intent;
} & ({ readonly plan: Plan } | { readonly refused: Refusal });

/** Many transfers that are confirmed once. Deeply frozen: what is confirmed is what is sent. */
export interface BatchPlan {
  readonly id: string;
  readonly kind: BatchKind;
  readonly profile: PlanProfile;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly rows: readonly BatchRow[];
  /** Units of the quota that all rows take. */
  readonly weight: number;
  /** What all rows with a plan move, by currency. */
  readonly totals: Readonly<Record<string, Decimal>>;
  /** Goes on with a batch that the journal has already. */
  readonly resumes: boolean;
}

export interface BatchWishes {
  readonly kind: BatchKind;
  /** A row of an earlier start keeps its number. */
  readonly rows: readonly { readonly intent: Intent; readonly row?: number | undefined }[];
  /** Of the batch that this one goes on with. */
  readonly resume?: string | undefined;
}

/** Plans each row by itself. Rows that cannot be done keep their reason and are left out of the execution. */
export function planBatch(
  { kind, rows, resume }: BatchWishes,
  factsOf: (intent: Intent, batch: BatchMark) => PlanFacts,
  {
    id: newBatchId,
    now,
    profile,
  }: { readonly id: string; readonly now: number; readonly profile: PlanProfile },
): BatchPlan {
  const id = resume ?? newBatchId;
  const planned = rows.map(({ intent, row = -1 }, index): BatchRow => {
    const mark = { id, row: row < 0 ? index : row };
    const made = plan(intent, { ...factsOf(intent, mark), batch: mark });
    const about = { row: mark.row, intent: 'plan' in made ? made.plan.intent : Object.freeze({ ...intent }) };
    return Object.freeze({ ...about, ...made });
  });
  const plans = planned.flatMap((row) => ('plan' in row ? [row.plan] : []));
  const currencies = [...new Set(plans.map(({ intent }) => intent.currency))];
  const totals = currencies.map((currency) => [
    currency,
    sum(plans.flatMap(({ intent }) => (intent.currency === currency ? [intent.amount] : []))),
  ]);
  const { name, environment, world, generation } = profile;
  return Object.freeze({
    id,
    kind,
    profile: Object.freeze({ id: profile.id, name, environment, world, generation }),
    createdAt: now,
    rows: Object.freeze(planned),
    weight: plans.flatMap(({ legs }) => legs).reduce((all, { weight }) => all + weight, 0),
    totals: Object.freeze(Object.fromEntries(totals) as Record<string, Decimal>),
    resumes: resume !== undefined,
  });
}

/** What somebody has to agree to, once for all rows. */
export interface BatchConfirmation {
  readonly batch: BatchPlan;
  /** Rows whose like has an unknown outcome, or is under way: agreeing is agreeing knowing these. */
  readonly identical: readonly { readonly row: number; readonly records: readonly TransferRecord[] }[];
  readonly warnings: readonly Statement[];
}

export interface BatchRowResult {
  readonly row: number;
  readonly intent: Intent;
  /** `left`: not begun, as the batch was cancelled before. */
  readonly result: GateResult | { readonly kind: 'left' };
}

export interface BatchOptions extends Omit<GateOptions, 'plan' | 'confirm' | 'maxAgeMs'> {
  readonly batch: BatchPlan;
  /** Asks a person, once. */
  readonly confirm: (confirmation: BatchConfirmation) => Promise<boolean>;
  /** Cancels between rows; a row that has begun is finished. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, all: number, result: BatchRowResult) => void) | undefined;
  /** Whether the rows after a failed one are still tried. They are where left out. */
  readonly stopAtFailure?: boolean;
  readonly maxAgeMs?: number;
}

export type BatchResult =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'done'; readonly rows: readonly BatchRowResult[] };

const defaultMaxAgeMs = 10 * 60_000;

/**
 * Executes the rows one after the other through the gate, after one confirmation for all. The journal has all rows
 * before the first one begins, so that a batch that ends early can be gone on with.
 */
export async function executeBatch(options: BatchOptions): Promise<BatchResult> {
  const { batch, journal, now, confirm, signal, maxAgeMs = defaultMaxAgeMs } = options;
  try {
    await journal.refresh();
  } catch (error) {
    return { kind: 'refused', refusal: journalRefusal(error) };
  }
  const rows = batch.rows.flatMap((row) => ('plan' in row ? [row] : []));
  const identical = rows.flatMap(({ row, plan: { intent } }) => {
    const records = findIdenticalUndecided(journal, intent, options);
    return records.length > 0 ? [{ row, records }] : [];
  });
  if (!(await confirm({ batch, identical, warnings: [] })) || signal?.aborted) return { kind: 'cancelled' };
  if (Math.abs(now() - batch.createdAt) > maxAgeMs) {
    return { kind: 'refused', refusal: refuse('planStale', { minutes: Math.round(maxAgeMs / 60_000) }) };
  }
  if (!batch.resumes) {
    try {
      await journal.append(batchEntry(batch));
    } catch (error) {
      const used = JournalError.is(error, 'illegal');
      return { kind: 'refused', refusal: used ? refuse('planUsed') : journalRefusal(error) };
    }
  }
  const told = new Map(identical.map(({ row, records }) => [row, new Set(records.map(({ id }) => id))]));
  return { kind: 'done', rows: await runRows(options, rows, told) };
}

type PlannedRow = Extract<BatchRow, { readonly plan: Plan }>;

async function runRows(
  options: BatchOptions,
  rows: readonly PlannedRow[],
  told: ReadonlyMap<number, ReadonlySet<string>>,
): Promise<BatchRowResult[]> {
  const { signal, onProgress, stopAtFailure = false } = options;
  const results: BatchRowResult[] = [];
  let stopped = false;
  for (const { row, intent, plan: made } of rows) {
    const skip = stopped || (signal?.aborted ?? false);
    const result = skip
      ? ({ kind: 'left' } as const)
      : await runRow(options, made, told.get(row) ?? new Set());
    const done = { row, intent, result };
    results.push(done);
    if (result.kind === 'left') continue;
    if (stopAtFailure && !(result.kind === 'done' && result.record.state === 'settled')) stopped = true;
    onProgress?.(results.length, rows.length, done);
  }
  return results;
}

/** One row through the gate. What the person agreed to knowing is no news; anything newer holds the row back. */
async function runRow(options: BatchOptions, made: Plan, told: ReadonlySet<string>): Promise<GateResult> {
  const seen = { news: false };
  const result = await execute({
    ...options,
    plan: made,
    // Cancelling acts between rows.
    signal: undefined,
    // The batch was confirmed as a whole and its rows may have to wait for the quota.
    maxAgeMs: Infinity,
    confirm: ({ identical }) => {
      seen.news = identical.some(({ id }) => !told.has(id));
      return Promise.resolve(!seen.news);
    },
  });
  return seen.news ? { kind: 'refused', refusal: refuse('identicalAppeared') } : result;
}

function batchEntry({ id, kind, profile, rows }: BatchPlan): Parameters<TransferJournal['append']>[0] {
  return {
    transfer: id,
    leg: 0,
    state: 'batch',
    kind,
    profileId: profile.id,
    rows: rows.map(({ intent: { currency, amount, from, to } }) => ({ currency, amount, from, to })),
  };
}

/** A batch as the journal has it. */
export interface BatchState {
  readonly id: string;
  readonly kind: BatchKind;
  readonly profileId: string;
  readonly createdAt: number;
  readonly rows: readonly BatchRowState[];
  /** Rows to go on with: not begun, or certain not to have moved anything. Unknown ones are not among them. */
  readonly open: readonly BatchRowState[];
}

export interface BatchRowState {
  readonly row: number;
  readonly intent: Intent;
  /** The newest transfer for the row; absent when it was not begun. */
  readonly record?: TransferRecord | undefined;
}

/** What became of a batch; `undefined` when the journal does not know it. */
export function batchState(
  journal: TransferJournal,
  id: string,
  options: HistoryOptions,
): BatchState | undefined {
  const record = journal.batch(id);
  if (!record) return undefined;
  const newest = new Map<number, TransferRecord>();
  const all = journal.ids().length;
  for (const transfer of historyPage(journal, options, { limit: all + 1, filter: { batchId: id } }).records) {
    if (transfer.batch && !newest.has(transfer.batch.row)) newest.set(transfer.batch.row, transfer);
  }
  const { kind, profileId, at } = record;
  const rows = record.rows.map((row, index) => rowState(row, index, profileId, newest.get(index)));
  const open = rows.filter(
    ({ record: found }) => !found || (found.moved === 'notMoved' && found.state !== 'planned'),
  );
  return { id, kind, profileId, createdAt: at, rows, open };
}

function rowState(
  { currency, amount, from, to }: BatchRecordRow,
  row: number,
  profileId: string,
  record: TransferRecord | undefined,
): BatchRowState {
  return { row, intent: { profileId, currency, amount, from, to }, ...(record && { record }) };
}

/** The wishes for the rest of a batch, to be planned anew; `undefined` when nothing is left to do. */
export function resumeBatch(
  journal: TransferJournal,
  id: string,
  options: HistoryOptions,
): BatchWishes | undefined {
  const state = batchState(journal, id, options);
  if (!state || state.open.length === 0) return undefined;
  return { kind: state.kind, resume: id, rows: state.open.map(({ intent, row }) => ({ intent, row })) };
}

function journalRefusal(error: unknown): Refusal {
  return refuse('journalFailed', { reason: error instanceof Error ? error.message : 'unknown error' });
}
