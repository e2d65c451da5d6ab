import { add, isNegative, subtract, sum, zero, type Decimal } from '../kucoin/decimal';
import type { ErrorKind } from '../kucoin/errors';
import type { Sentence } from '../kucoin/explain';
import { execute, type GateOptions, type GateResult } from './gate';
import {
  findIdenticalUndecided,
  mayHaveMoved,
  transferRecord,
  type HistoryOptions,
  type TransferRecord,
} from './history';
import { accountKey, type AccountRef, type Intent } from './intent';
import { JournalError, type TransferJournal } from './journal';
import { plan, type Plan, type PlanFacts, type PlanProfile } from './plan';
import type { BatchKind, BatchRecordRow, BatchMark, OwnErrorKind } from './records';
import { refuse, type Refusal } from './refusal';

/**
 * One row of a batch: a transfer with its plan, or with the reason why there is none. Rows without a plan are no part
 * of a new batch and have no number in it.
 */
export type BatchRow =
  | { readonly row: number; readonly intent: Intent; readonly plan: Plan }
  | { readonly row?: number | undefined; readonly intent: Intent; readonly refused: Refusal };

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

/**
 * Plans each row, knowing what the rows before it take and bring. Rows that cannot be done keep their reason and are
 * left out of the execution.
 */
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
  const moved = new Movements();
  let next = 0;
  const planned = rows.map(({ intent, row }): BatchRow => {
    const mark = { id, row: row ?? next };
    const made = plan(intent, { ...moved.applied(factsOf(intent, mark), intent), batch: mark });
    if ('refused' in made) {
      const about = { ...(row !== undefined && { row }), intent: Object.freeze({ ...intent }) };
      return Object.freeze({ ...about, refused: made.refused });
    }
    if (row === undefined) next += 1;
    moved.note(made.plan.intent);
    return Object.freeze({ row: mark.row, intent: made.plan.intent, plan: made.plan });
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

/** What the rows so far bring to each account, or take from it. */
class Movements {
  private readonly changes = new Map<string, Decimal>();

  note({ currency, amount, from, to }: Intent): void {
    this.changes.set(keyOf(currency, from), subtract(this.changeOf(currency, from), amount));
    this.changes.set(keyOf(currency, to), add(this.changeOf(currency, to), amount));
  }

  /** The facts as they will be when the turn of this transfer comes. */
  applied(facts: PlanFacts, { currency, from, to }: Intent): PlanFacts {
    if (this.changes.size === 0) return facts;
    const { balances, transferable, balanceOf } = facts;
    const changed = (account: AccountRef, before: Decimal | undefined): Decimal | undefined =>
      before === undefined ? undefined : notNegative(add(before, this.changeOf(currency, account)));
    return {
      ...facts,
      balances: { from: changed(from, balances.from), to: changed(to, balances.to) },
      transferable: changed(from, transferable),
      ...(balanceOf && { balanceOf: (account: AccountRef) => changed(account, balanceOf(account)) }),
    };
  }

  private changeOf(currency: string, account: AccountRef): Decimal {
    return this.changes.get(keyOf(currency, account)) ?? zero;
  }
}

function keyOf(currency: string, account: AccountRef): string {
  return `${currency} ${accountKey(account)}`;
}

function notNegative(amount: Decimal): Decimal {
  return isNegative(amount) ? zero : amount;
}

/** What somebody has to agree to, once for all rows. */
export interface BatchConfirmation {
  readonly batch: BatchPlan;
  /** Rows whose like has an unknown outcome, or is under way: agreeing is agreeing knowing these. */
  readonly identical: readonly { readonly row: number; readonly records: readonly TransferRecord[] }[];
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
  /** A row begins, counted from 1. */
  readonly onBegin?: ((count: number, all: number, intent: Intent) => void) | undefined;
  readonly onProgress?: ((done: number, all: number, result: BatchRowResult) => void) | undefined;
  /** Asked before each row: whether this window still is the one that carries the batch out. Yes where left out. */
  readonly mayGoOn?: (() => Promise<boolean>) | undefined;
  readonly maxAgeMs?: number;
}

export type BatchResult =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'done';
      readonly rows: readonly BatchRowResult[];
      /** Why the rows after some row were not begun, when nobody has cancelled. */
      readonly stopped?: Sentence | undefined;
    };

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
  if (!(await confirm({ batch, identical })) || signal?.aborted) return { kind: 'cancelled' };
  if (Math.abs(now() - batch.createdAt) > maxAgeMs) {
    return { kind: 'refused', refusal: refuse('planStale', { minutes: Math.round(maxAgeMs / 60_000) }) };
  }
  if (batch.resumes) {
    if (journal.batchEnd(batch.id)) return { kind: 'refused', refusal: refuse('batchOver') };
  } else {
    try {
      await journal.append(batchEntry(batch));
    } catch (error) {
      const used = JournalError.is(error, 'illegal');
      return { kind: 'refused', refusal: used ? refuse('planUsed') : journalRefusal(error) };
    }
  }
  const told = new Map(identical.map(({ row, records }) => [row, new Set(records.map(({ id }) => id))]));
  return { kind: 'done', ...(await runRows(options, rows, told)) };
}

type PlannedRow = Extract<BatchRow, { readonly plan: Plan }>;

/** @param told identical transfers that the person agreed to knowing, by row */
async function runRows(
  options: BatchOptions,
  rows: readonly PlannedRow[],
  told: ReadonlyMap<number, ReadonlySet<string>>,
): Promise<{ readonly rows: BatchRowResult[]; readonly stopped?: Sentence | undefined }> {
  const { signal, onBegin, onProgress, mayGoOn } = options;
  const results: BatchRowResult[] = [];
  let stopped: Sentence | undefined;
  let unknowns = 0;
  for (const { row, intent, plan: made } of rows) {
    if (!stopped && !signal?.aborted && (await mayGoOn?.()) === false) {
      stopped = refuse('batchElsewhere').sentence;
    }
    if (stopped || signal?.aborted) {
      results.push({ row, intent, result: { kind: 'left' } });
      continue;
    }
    onBegin?.(results.length + 1, rows.length, intent);
    const result = await runRow(options, made, told.get(row) ?? new Set());
    if (wasLeft(result)) {
      results.push({ row, intent, result: { kind: 'left' } });
      continue;
    }
    results.push({ row, intent, result });
    unknowns = isUnknown(result) ? unknowns + 1 : 0;
    stopped = unknowns === unknownsLimit ? refuse('batchUnknowns').sentence : concernsAll(result);
    onProgress?.(results.length, rows.length, { row, intent, result });
  }
  return { rows: results, stopped };
}

/** After so many unknown outcomes in a row the next one would only be another. */
const unknownsLimit = 2;

function isUnknown(result: GateResult): boolean {
  return result.kind === 'done' && result.record.state === 'unknown';
}

/** Failures that the next row would meet again: key, profile, network, this disk. */
const kindsForAll: ReadonlySet<ErrorKind | OwnErrorKind> = new Set<ErrorKind | OwnErrorKind>([
  'keyUnknown',
  'passphrase',
  'signature',
  'keyVersion',
  'secretMissing',
  'permission',
  'ip',
  'secretNotKept',
  'otherSite',
  'certificate',
  'proxyLogin',
  'readOnly',
  'stale',
  'journal',
  'internal',
]);

/** Cancelled while it waited for its turn: nothing was sent. */
function wasLeft(result: GateResult): boolean {
  if (result.kind !== 'done') return result.kind === 'cancelled';
  const { state, legs } = result.record;
  return state === 'rejected' && legs.some(({ error }) => error?.kind === 'cancelled');
}

function concernsAll(result: GateResult): Sentence | undefined {
  if (result.kind === 'refused') {
    const { code, sentence } = result.refusal;
    return code === 'rowDone' || code === 'identicalAppeared' ? undefined : sentence;
  }
  if (result.kind === 'cancelled') return undefined;
  const { state, legs, report } = result.record;
  const failed = legs.find(({ error }) => error)?.error;
  return state === 'rejected' && failed && kindsForAll.has(failed.kind) ? report.what : undefined;
}

/** One row through the gate. What the person agreed to knowing is no news; anything newer holds the row back. */
async function runRow(options: BatchOptions, made: Plan, told: ReadonlySet<string>): Promise<GateResult> {
  const seen = { news: false };
  const result = await execute({
    ...options,
    plan: made,
    // A row that waits for the quota can be left; a chain that has begun is finished.
    signal: made.legs.length === 1 ? options.signal : undefined,
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
    rows: rows.flatMap((row) => {
      if (!('plan' in row)) return [];
      const { currency, amount, from, to } = row.intent;
      return [{ currency, amount, from, to }];
    }),
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
  /** When a person gave up what was left of it, milliseconds since the epoch. */
  readonly givenUpAt?: number | undefined;
}

export interface BatchRowState {
  readonly row: number;
  readonly intent: Intent;
  /** The newest transfer for the row; absent when it was not begun. */
  readonly record?: TransferRecord | undefined;
  /** It was given up: it has moved nothing and never will. */
  readonly isGivenUp?: boolean;
}

/** What became of a batch; `undefined` when the journal does not know it. */
export function batchState(
  journal: TransferJournal,
  id: string,
  options: HistoryOptions,
): BatchState | undefined {
  return statesOf(journal, [id], options)[0];
}

/** The batches of a profile that have rows to go on with, newest first. */
export function unfinishedBatches(
  journal: TransferJournal,
  profileId: string,
  options: HistoryOptions,
): BatchState[] {
  const ids = journal.batchIds().filter((id) => journal.batch(id)?.profileId === profileId);
  return statesOf(journal, ids.reverse(), options).filter(({ open }) => open.length > 0);
}

function statesOf(journal: TransferJournal, ids: readonly string[], options: HistoryOptions): BatchState[] {
  return ids.flatMap((id) => {
    const record = journal.batch(id);
    if (!record) return [];
    const { kind, profileId, at } = record;
    const newest = new Map<number, TransferRecord>();
    for (const made of journal.idsOfBatch(id)) {
      const transfer = transferRecord(journal, made, options);
      if (transfer?.batch) newest.set(transfer.batch.row, transfer);
    }
    const end = journal.batchEnd(id);
    const rows = record.rows.map((row, index): BatchRowState => {
      const state = rowState(row, index, profileId, newest.get(index));
      return end?.rows.includes(index) ? { ...state, isGivenUp: true } : state;
    });
    const open = end ? [] : rows.filter(({ record: found }) => !found || !mayHaveMoved(found));
    return [{ id, kind, profileId, createdAt: at, rows, open, ...(end && { givenUpAt: end.at }) }];
  });
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

/**
 * Ends a batch: what was sent stays as it is, and the journal says of the other rows that they never will be. To be
 * called while no window carries it out.
 *
 * @throws JournalError when it cannot be written
 */
export async function giveUpBatch(
  journal: TransferJournal,
  id: string,
  options: HistoryOptions,
): Promise<{ readonly state: BatchState } | { readonly refused: Refusal }> {
  await journal.refresh();
  const open = batchState(journal, id, options)?.open ?? [];
  if (open.length === 0) return { refused: refuse('batchOver') };
  try {
    await journal.append({ transfer: id, leg: 0, state: 'batchEnd', rows: open.map(({ row }) => row) });
  } catch (error) {
    if (JournalError.is(error, 'illegal')) return { refused: refuse('batchOver') };
    throw error;
  }
  const state = batchState(journal, id, options);
  return state ? { state } : { refused: refuse('batchOver') };
}

function journalRefusal(error: unknown): Refusal {
  return refuse('journalFailed', { reason: error instanceof Error ? error.message : 'unknown error' });
}
