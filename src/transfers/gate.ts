import type { CallOptions } from '../kucoin/client';
import type { Endpoint, ReplyOf } from '../kucoin/endpoint';
import { KucoinError, type Outcome } from '../kucoin/errors';
import type { Sentence } from '../kucoin/explain';
import type { PreparedRequest } from '../kucoin/request';
import { followUp } from './chain';
import { findIdenticalUndecided, mayHaveMoved, transferRecord, type TransferRecord } from './history';
import { JournalError, type TransferJournal } from './journal';
import { warnings } from './messages';
import { noteOf } from './outcome';
import type { Plan, PlanLeg, Statement } from './plan';
import type {
  AcceptedRecord,
  Available,
  ErrorNote,
  JournalEntry,
  RejectedRecord,
  SettledRecord,
} from './records';
import { refuse, type Refusal } from './refusal';
import { say } from './sentence';

/** The one thing the gate needs of a `KucoinClient`. */
export interface TransferClient {
  send<E extends Endpoint>(request: PreparedRequest<E>, options?: CallOptions): Promise<ReplyOf<E>>;
}

/** What somebody has to agree to. */
export interface Confirmation {
  readonly plan: Plan;
  /** To be shown beside the plan; agreeing is agreeing knowing these. */
  readonly warnings: readonly Statement[];
  /** Identical transfers that are unknown or under way. */
  readonly identical: readonly TransferRecord[];
}

/** Asks a person, once. `false` for no, for Esc and for a window that closes. */
export type Confirm = (confirmation: Confirmation) => Promise<boolean>;

export interface GateOptions {
  readonly plan: Plan;
  readonly client: TransferClient;
  readonly journal: TransferJournal;
  readonly confirm: Confirm;
  /** Wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** What the profile of the plan is now; `undefined` when it was removed. Asked again right before sending. */
  readonly profileNow: () => { readonly generation: number; readonly readOnly: boolean } | undefined;
  /** Whether the window of a journal's writer still runs. */
  readonly isAlive: (writer: string) => boolean;
  /** Ids of the profiles of the same user as this one. */
  readonly sameUser?: ((profileId: string) => readonly string[]) | undefined;
  /** How old a plan may be when it is confirmed, ms. 5 minutes where left out. */
  readonly maxAgeMs?: number;
  /** Cancels while nothing has been sent, and a chain between two legs; without effect on what is on its way. */
  readonly signal?: AbortSignal | undefined;
  /** Reads all of a currency that both sides of a leg hold right before it is sent: evidence, should its answer get lost. */
  readonly readTotals?: ((leg: PlanLeg, currency: string) => Promise<Available>) | undefined;
  /**
   * Waits, for as long as the caller finds bearable, until a leg that the exchange carries out in the background is
   * settled in the journal, so that a chain can go on.
   */
  readonly awaitAccepted?: ((transfer: string, leg: number) => Promise<void>) | undefined;
  /** Milliseconds of a clock that nobody sets, beside which times of evidence are measured; `now` where left out. */
  readonly monotonic?: (() => number) | undefined;
  /** Pauses. With it a later leg that finds its funds not there yet is tried again: an exchange may take a moment. */
  readonly delay?: ((ms: number) => Promise<void>) | undefined;
}

export type GateResult =
  /** Nothing was sent. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The person said no. Nothing was sent and nothing was written. */
  | { readonly kind: 'cancelled' }
  /** The record says what became of it, in every case. */
  | { readonly kind: 'done'; readonly record: TransferRecord; readonly warnings: readonly Sentence[] };

const defaultMaxAgeMs = 5 * 60_000;

/**
 * The only way money moves: checks, asks once, writes to the disk, sends once, writes what became of it.
 *
 * Nothing is written before the person agrees: a no leaves no trace. From then on every end is in the journal.
 * Never throws for anything that the exchange, the network or the disk does.
 */
export async function execute(options: GateOptions): Promise<GateResult> {
  const { plan, journal, confirm, signal } = options;
  const refusedBefore = (await tryRefresh(journal)) ?? refusalOf(options);
  if (refusedBefore) return { kind: 'refused', refusal: refusedBefore };

  const identical = findIdenticalUndecided(journal, plan.intent, options);
  const agreed = await confirm({
    plan,
    warnings: identical.map((record) => warningOf(record, plan)),
    identical,
  });
  if (!agreed || signal?.aborted) return { kind: 'cancelled' };

  const told = new Set(identical.map(({ id }) => id));
  const refusedAfter = (await tryRefresh(journal)) ?? refusalOf(options) ?? refusalOfNewcomers(options, told);
  if (refusedAfter) return { kind: 'refused', refusal: refusedAfter };

  try {
    await journal.append(plannedEntry(plan));
  } catch (error) {
    if (JournalError.is(error, 'illegal')) return { kind: 'refused', refusal: refuse('planUsed') };
    return { kind: 'refused', refusal: journalRefusal(error) };
  }
  // Two windows may have been told yes at the same moment. Each sees the other now that both stand in the journal, or
  // is alone: at worst neither sends.
  const overtaken =
    (await tryRefresh(journal)) ?? refusalOfTwins(options) ?? refusalOfNewcomers(options, told);
  if (overtaken) {
    await writeResult(journal, {
      transfer: plan.id,
      leg: 0,
      state: 'rejected',
      error: { kind: 'overtaken' },
    });
    return { kind: 'refused', refusal: overtaken };
  }
  return carryOut(options);
}

/** Sends the legs one after the other, each only when the one before is settled. */
async function carryOut(options: GateOptions): Promise<GateResult> {
  const { plan, journal } = options;
  const spoken: Sentence[] = [];
  for (const [index, leg] of plan.legs.entries()) {
    const result = await sendLeg(leg, index, options);
    const trouble = await writeResult(journal, result);
    if (trouble) spoken.push(say(warnings.journalLate, { reason: trouble.message }));
    const isLast = index === plan.legs.length - 1;
    if (result.state === 'accepted' && !isLast) await options.awaitAccepted?.(plan.id, index);
    const now = await stateOf(journal, plan.id, index);
    if (now !== 'settled') await leaveRest(options, index);
    if (isLast || now !== 'settled') break;
  }
  const record = transferRecord(journal, plan.id, options);
  if (!record) throw new Error('the transfer is missing in its own journal');
  return { kind: 'done', record, warnings: spoken };
}

/** Nobody carries a chain on that has stopped, whatever becomes of the leg that stopped it. */
async function leaveRest({ plan, journal }: GateOptions, stoppedAt: number): Promise<void> {
  for (let leg = stoppedAt + 1; leg < plan.legs.length; leg++) {
    await writeResult(journal, { transfer: plan.id, leg, state: 'rejected', error: { kind: 'notBegun' } });
  }
}

async function stateOf(
  journal: TransferJournal,
  id: string,
  leg: number,
): Promise<JournalEntry['state'] | undefined> {
  // What cannot be read is as it was: a chain never goes on from a guess.
  await journal.refresh().catch(() => undefined);
  return journal.transfer(id)?.states[leg];
}

type Result = Extract<JournalEntry, { readonly state: 'settled' | 'accepted' | 'rejected' | 'unknown' }>;

/**
 * Writes a result. Another window may have taken this one for dead meanwhile, as when the machine slept, and may have
 * called the transfer unknown: what the exchange has answered counts more, and no answer adds nothing.
 */
async function writeResult(journal: TransferJournal, result: Result): Promise<JournalError | undefined> {
  try {
    return await journal.appendResult(result);
  } catch (error) {
    if (!JournalError.is(error, 'illegal')) throw error;
    if (result.state !== 'rejected') return undefined; // what evidence or a person has settled stays
    const { transfer, leg } = result;
    return journal.appendResult({ transfer, leg, state: 'notExecuted', by: 'reply', error: result.error });
  }
}

/** Pauses before a later leg is tried again that found its funds not there yet, ms. */
const arrivalMs = [500, 1_000, 2_000];

/** Sends one request and answers what became of it. Never throws. */
async function sendLeg(leg: PlanLeg, index: number, options: GateOptions): Promise<Result> {
  const { plan, delay } = options;
  const sending: Sending = { transfer: plan.id, leg: index, attempts: 0 };
  let result = await sendOnce(leg, sending, options);
  for (const pause of index > 0 && delay ? arrivalMs : []) {
    // The exchange has refused it for certain, so it may be sent again.
    if (result.state !== 'rejected' || result.error.kind !== 'insufficientBalance') break;
    await delay?.(pause);
    result = await sendOnce(leg, sending, options);
  }
  return result;
}

interface Sending {
  readonly transfer: string;
  readonly leg: number;
  attempts: number;
}

async function sendOnce(leg: PlanLeg, sending: Sending, options: GateOptions): Promise<Result> {
  const { journal, client, signal, now, monotonic = now } = options;
  const about = { transfer: sending.transfer, leg: sending.leg } as const;
  const available = { from: leg.balances.from.before, to: leg.balances.to.before };
  const readFrom = monotonic();
  const fresh = await totalsBefore(leg, options);
  const beforeSend = async (exchangeTime: number): Promise<void> => {
    const refusal = refusalOfProfile(options);
    if (refusal) {
      throw new KucoinError({
        kind: refusal.code === 'readOnly' ? 'readOnly' : 'stale',
        outcome: 'notExecuted',
      });
    }
    const totals = fresh && { ...fresh, at: exchangeTime - Math.max(monotonic() - readFrom, 0) };
    const attempt = sending.attempts + 1;
    await journal.append({ ...about, state: 'sent', exchangeTime, attempt, available, totals });
    sending.attempts = attempt;
  };
  try {
    const reply: unknown = await client.send(leg.request, { beforeSend, signal });
    return { ...about, ...resultIn(reply, leg.endpoint) };
  } catch (error) {
    switch (outcomeOf(error, sending.attempts)) {
      case 'notExecuted':
        return { ...about, state: 'rejected', error: errorNote(error) };
      case 'executed':
        // A yes to a transfer-out is only the beginning of it.
        if (leg.endpoint === 'futuresTransferOut')
          return { ...about, state: 'unknown', error: errorNote(error) };
        return { ...about, state: 'settled', by: 'unreadableReply', error: errorNote(error) };
      case 'unknown':
        return { ...about, state: 'unknown', error: errorNote(error) };
    }
  }
}

/** Evidence for later, no condition: what cannot be read is not known. */
async function totalsBefore(leg: PlanLeg, { plan, readTotals }: GateOptions): Promise<Available | undefined> {
  try {
    return await readTotals?.(leg, plan.intent.currency);
  } catch {
    return undefined;
  }
}

type Answer =
  | Pick<SettledRecord, 'state' | 'by' | 'orderId' | 'applyId'>
  | Pick<AcceptedRecord, 'state' | 'applyId' | 'status'>
  | Pick<RejectedRecord, 'state' | 'error'>;

/** What the exchange has answered to a transfer; only a transfer-out has an answer that is not the end of it. */
function resultIn(reply: unknown, endpoint: PlanLeg['endpoint']): Answer {
  const text = (name: string): string | undefined => {
    const found = typeof reply === 'object' && reply !== null ? (reply as Record<string, unknown>)[name] : '';
    return typeof found === 'string' ? found : undefined;
  };
  if (endpoint !== 'futuresTransferOut') return { state: 'settled', by: 'reply', orderId: text('orderId') };
  const [applyId = '', status = ''] = [text('applyId'), text('status')];
  if (status === 'SUCCESS') return { state: 'settled', by: 'reply', applyId };
  if (status === 'REJECTED' || status === 'CANCEL') {
    return { state: 'rejected', error: { kind: 'refused', detail: text('reason') ?? status } };
  }
  return { state: 'accepted', applyId, status };
}

/**
 * What an error says about the transfer itself.
 *
 * @param attempts how often the journal has let the request pass; a repeat follows only a certain refusal
 */
function outcomeOf(error: unknown, attempts: number): Outcome {
  // The journal never let it pass, so no byte of it was sent, whatever else went wrong.
  if (attempts === 0) return 'notExecuted';
  // Thrown before a repeat was sent, and only what was certainly refused is repeated.
  if (JournalError.is(error)) return 'notExecuted';
  if (!KucoinError.is(error)) return 'unknown';
  // The id is new with each plan. Where the exchange has seen it already, it has had this very transfer before, by
  // whatever way: it refuses the second one, and says nothing of the first.
  return error.kind === 'duplicate' ? 'unknown' : error.outcome;
}

function errorNote(error: unknown): ErrorNote {
  if (KucoinError.is(error)) return noteOf(error);
  if (JournalError.is(error)) return { kind: 'journal', detail: error.message };
  // Its message may hold anything, so only its name is kept.
  return { kind: 'internal', detail: error instanceof Error ? error.name : typeof error };
}

function refusalOf(options: GateOptions): Refusal | undefined {
  const { plan, now, maxAgeMs = defaultMaxAgeMs, journal } = options;
  if (journal.transfer(plan.id)) return refuse('planUsed');
  const age = now() - plan.createdAt;
  // A clock that was set back must not make an old plan young again.
  if (age > maxAgeMs || age < -maxAgeMs)
    return refuse('planStale', { minutes: Math.round(maxAgeMs / 60_000) });
  return refusalOfTwins(options) ?? refusalOfProfile(options);
}

/** Another transfer that moves the same funds on or back, or carries out the same row of a batch. */
function refusalOfTwins(options: GateOptions): Refusal | undefined {
  const { plan, journal } = options;
  const { id, origin, batch } = plan;
  if (origin && origin.kind !== 'repeat' && followUp(journal, origin.of, options, id)) {
    return refuse('followUpExists');
  }
  const ofRow = batch ? journal.idsOfRow(batch).filter((other) => other !== id) : [];
  const records = ofRow.map((other) => transferRecord(journal, other, options));
  return records.some((record) => record && mayHaveMoved(record)) ? refuse('rowDone') : undefined;
}

function refusalOfProfile({ plan, profileNow }: GateOptions): Refusal | undefined {
  const { name, generation } = plan.profile;
  const current = profileNow();
  if (current?.generation !== generation) return refuse('profileChanged', { profile: name });
  return current.readOnly ? refuse('readOnly', { profile: name }) : undefined;
}

/** Identical transfers of which the person was not told, because they began while the question was open. */
function refusalOfNewcomers(options: GateOptions, told: ReadonlySet<string>): Refusal | undefined {
  const { plan, journal } = options;
  const identical = findIdenticalUndecided(journal, plan.intent, options);
  return identical.some(({ id }) => id !== plan.id && !told.has(id))
    ? refuse('identicalAppeared')
    : undefined;
}

async function tryRefresh(journal: TransferJournal): Promise<Refusal | undefined> {
  try {
    await journal.refresh();
    return undefined;
  } catch (error) {
    return journalRefusal(error);
  }
}

function journalRefusal(error: unknown): Refusal {
  return refuse('journalFailed', { reason: error instanceof Error ? error.message : 'unknown error' });
}

function warningOf({ state, createdAt, profile }: TransferRecord, { intent }: Plan): Statement {
  const time = new Date(createdAt).toISOString();
  const isUnknown = state === 'unknown';
  if (profile.id === intent.profileId) {
    const code = isUnknown ? 'identicalUnknown' : 'identicalUnderway';
    return { code, sentence: say(warnings[code], { time }) };
  }
  const code = isUnknown ? 'identicalUnknownElsewhere' : 'identicalUnderwayElsewhere';
  return { code, sentence: say(warnings[code], { time, profile: profile.name }) };
}

function plannedEntry({ id, profile, intent, legs, balances, origin, batch }: Plan): JournalEntry {
  return {
    transfer: id,
    leg: 0,
    state: 'planned',
    profile: { id: profile.id, name: profile.name, environment: profile.environment, world: profile.world },
    currency: intent.currency,
    amount: intent.amount,
    from: intent.from,
    to: intent.to,
    legs: legs.map(({ endpoint, clientOid, from, to, body }) => ({ endpoint, clientOid, from, to, body })),
    available: { from: balances.from.before, to: balances.to.before },
    origin,
    batch,
  };
}
