import type { CallOptions } from '../kucoin/client';
import type { Endpoint, ReplyOf } from '../kucoin/endpoint';
import { KucoinError, type Outcome } from '../kucoin/errors';
import type { Sentence } from '../kucoin/explain';
import type { PreparedRequest } from '../kucoin/request';
import { findIdenticalUndecided, transferRecord, type TransferRecord } from './history';
import { JournalError, type TransferJournal } from './journal';
import { warnings } from './messages';
import { noteOf } from './outcome';
import type { Plan, PlanLeg, Statement } from './plan';
import type { ErrorNote, JournalEntry, SettledRecord } from './records';
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
  /** How old a plan may be when it is confirmed, ms. 5 minutes where left out. */
  readonly maxAgeMs?: number;
  /** Cancels while nothing has been sent; without effect afterwards. */
  readonly signal?: AbortSignal | undefined;
}

export type GateResult =
  /** Nothing was sent and nothing was written. */
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
  const agreed = await confirm({ plan, warnings: identical.map(warningOf), identical });
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
    if (result.state !== 'settled') break;
  }
  const record = transferRecord(journal, plan.id, options);
  if (!record) throw new Error('the transfer is missing in its own journal');
  return { kind: 'done', record, warnings: spoken };
}

type Result = Extract<JournalEntry, { readonly state: 'settled' | 'rejected' | 'unknown' }>;

/**
 * Writes a result. Another window may have taken this one for dead meanwhile, as when the machine slept, and may have
 * called the transfer unknown: what the exchange has answered counts more, and no answer adds nothing.
 */
async function writeResult(journal: TransferJournal, result: Result): Promise<JournalError | undefined> {
  try {
    return await journal.appendResult(result);
  } catch (error) {
    if (!JournalError.is(error, 'illegal')) throw error;
    if (result.state !== 'rejected') return undefined;
    const { transfer, leg } = result;
    return journal.appendResult({ transfer, leg, state: 'notExecuted', by: 'reply', error: result.error });
  }
}

/** Sends one request and answers what became of it. Never throws. */
async function sendLeg(leg: PlanLeg, index: number, options: GateOptions): Promise<Result> {
  const { plan, journal, client, signal } = options;
  const about = { transfer: plan.id, leg: index } as const;
  const { from, to } = plan.balances;
  let attempts = 0;
  const beforeSend = async (exchangeTime: number): Promise<void> => {
    const refusal = refusalOfProfile(options);
    if (refusal) {
      throw new KucoinError({
        kind: refusal.code === 'readOnly' ? 'readOnly' : 'stale',
        outcome: 'notExecuted',
      });
    }
    const available = { from: from.before, to: to.before };
    await journal.append({ ...about, state: 'sent', exchangeTime, attempt: attempts + 1, available });
    attempts += 1;
  };
  try {
    const reply: unknown = await client.send(leg.request, { beforeSend, signal });
    return { ...about, ...settled('reply', orderIdIn(reply)) };
  } catch (error) {
    switch (outcomeOf(error, attempts)) {
      case 'notExecuted':
        return { ...about, state: 'rejected', error: errorNote(error) };
      case 'executed':
        return { ...about, ...settled('unreadableReply'), error: errorNote(error) };
      case 'unknown':
        return { ...about, state: 'unknown', error: errorNote(error) };
    }
  }
}

function settled(by: SettledRecord['by'], orderId?: string): Pick<SettledRecord, 'state' | 'by' | 'orderId'> {
  return { state: 'settled', by, orderId };
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
  return KucoinError.is(error) ? error.outcome : 'unknown';
}

function errorNote(error: unknown): ErrorNote {
  if (KucoinError.is(error)) return noteOf(error);
  if (JournalError.is(error)) return { kind: 'journal', detail: error.message };
  // Its message may hold anything, so only its name is kept.
  return { kind: 'internal', detail: error instanceof Error ? error.name : typeof error };
}

function orderIdIn(reply: unknown): string | undefined {
  const found = typeof reply === 'object' && reply !== null && 'orderId' in reply ? reply.orderId : undefined;
  return typeof found === 'string' ? found : undefined;
}

function refusalOf(options: GateOptions): Refusal | undefined {
  const { plan, now, maxAgeMs = defaultMaxAgeMs, journal } = options;
  if (journal.transfer(plan.id)) return refuse('planUsed');
  const age = now() - plan.createdAt;
  // A clock that was set back must not make an old plan young again.
  if (age > maxAgeMs || age < -maxAgeMs)
    return refuse('planStale', { minutes: Math.round(maxAgeMs / 60_000) });
  return refusalOfProfile(options);
}

function refusalOfProfile({ plan, profileNow }: GateOptions): Refusal | undefined {
  const { name, generation } = plan.profile;
  const current = profileNow();
  if (current?.generation !== generation) return refuse('profileChanged', { profile: name });
  return current.readOnly ? refuse('readOnly', { profile: name }) : undefined;
}

/** Identical transfers of which the person was not told, because they began while the question was open. */
function refusalOfNewcomers(options: GateOptions, told: ReadonlySet<string>): Refusal | undefined {
  const identical = findIdenticalUndecided(options.journal, options.plan.intent, options);
  return identical.some(({ id }) => !told.has(id)) ? refuse('identicalAppeared') : undefined;
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

function warningOf({ state, createdAt }: TransferRecord): Statement {
  const time = new Date(createdAt).toISOString();
  const code = state === 'unknown' ? 'identicalUnknown' : 'identicalUnderway';
  return { code, sentence: say(warnings[code], { time }) };
}

function plannedEntry({ id, profile, intent, legs, balances }: Plan): JournalEntry {
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
  };
}
