import { catalogue } from '../kucoin/catalogue';
import type { Sentence } from '../kucoin/explain';
import type { Permission, World } from '../kucoin/vocabulary';
import { accountTitle, intentKey, type AccountRef, type Intent } from './intent';
import type { TransferJournal } from './journal';
import { moneyTexts, outcomeTexts, stateTexts } from './messages';
import { reportFailure, type Moved, type Report } from './outcome';
import type {
  BatchMark,
  ErrorNote,
  Evidence,
  JournalRecord,
  LegState,
  Origin,
  PlannedLeg,
  PlannedRecord,
  TotalsBefore,
} from './records';
import type { ExecutableEndpoint } from './requests';
import { say } from './sentence';
import type { JournalledTransfer } from './storedTransfer';

/** A transfer as the history shows it. All times are milliseconds since the epoch. */
export interface TransferRecord {
  readonly id: string;
  readonly profile: {
    readonly id: string;
    readonly name: string;
    readonly environment: 'LIVE' | 'DEMO';
    readonly world: World;
  };
  readonly intent: Intent;
  readonly state: LegState;
  /** The state in words. */
  readonly stateText: Sentence;
  readonly moved: Moved;
  /** What happened, whether money moved, what to do. */
  readonly report: Report;
  readonly createdAt: number;
  /** When its last record was written. */
  readonly changedAt: number;
  readonly legs: readonly LegRecord[];
  /** Present when a chain has stopped for good between its ends: where the money is. */
  readonly halfWay?: { readonly account: AccountRef; readonly legsDone: number } | undefined;
  readonly origin?: Origin | undefined;
  readonly batch?: BatchMark | undefined;
}

export interface LegRecord {
  readonly endpoint: ExecutableEndpoint;
  readonly from: AccountRef;
  readonly to: AccountRef;
  /** Absent for calls that know none. */
  readonly clientOid?: string | undefined;
  /** What was sent, byte for byte. */
  readonly body: string;
  readonly state: LegState;
  readonly moved: Moved;
  /** How often it was sent: more than once only after a refusal that is certain to have done nothing. */
  readonly attempts: number;
  /** When it was sent last, by the exchange's clock. */
  readonly sentAt?: number | undefined;
  /** All that both sides held right before it was sent. */
  readonly totalsBefore?: TotalsBefore | undefined;
  readonly orderId?: string | undefined;
  /** By which the list of transfers out knows it. */
  readonly applyId?: string | undefined;
  readonly error?: ErrorNote | undefined;
  /** What was looked at last to find out what became of it. */
  readonly evidence?: Evidence | undefined;
  /** What a person has said. */
  readonly verdict?: { readonly happened: boolean; readonly note: string } | undefined;
}

export interface HistoryOptions {
  /** Whether the window of this writer still runs and may yet write a result. The own window always does. */
  readonly isAlive: (writer: string) => boolean;
  /** Ids of all profiles of the user that this one is of, by key or account; itself alone where left out. */
  readonly sameUser?: ((profileId: string) => readonly string[]) | undefined;
  /**
   * Wall clock, milliseconds since the epoch. With it a transfer that was sent long ago is taken for orphaned even
   * though its writer seems to run: the system may have given its process id to somebody else.
   */
  readonly now?: (() => number) | undefined;
}

/** No request lives as long as this, ms; nor do clocks of one machine differ so much. */
const longestRequestMs = 5 * 60_000;

/** All transfers, newest first. */
export function history(journal: TransferJournal, options: HistoryOptions): TransferRecord[] {
  return records(journal, journal.ids().reverse(), options);
}

/** What has become of a transfer, as people sort them. */
export type Outcome = 'done' | 'notExecuted' | 'halfWay' | 'unknown' | 'underway';

/** A transfer, or one of its calls. */
export type Judged = Pick<TransferRecord, 'state' | 'moved'> & Partial<Pick<TransferRecord, 'halfWay'>>;

export function outcomeOf(record: Judged): Outcome {
  if (record.halfWay) return 'halfWay';
  if (record.state === 'unknown') return 'unknown';
  if (record.state === 'planned' || record.state === 'sent' || record.state === 'accepted') return 'underway';
  return record.moved === 'moved' ? 'done' : 'notExecuted';
}

/** The exchange is done with what it has taken within seconds, as a rule; so long evidence alone decides, ms. */
const acceptedPatienceMs = 10 * 60_000;

/**
 * Whether a person may say what became of it: its outcome is unknown, or the exchange has taken it long ago and never
 * said that it is done.
 *
 * @param now wall clock, milliseconds since the epoch
 */
export function isUndecided(record: Pick<TransferRecord, 'state' | 'createdAt'>, now: number): boolean {
  const { state, createdAt } = record;
  return state === 'unknown' || (state === 'accepted' && now - createdAt >= acceptedPatienceMs);
}

/** Whether funds have left their account for it, may have, or are about to. */
export function mayHaveMoved({ moved, state }: Judged): boolean {
  return moved !== 'notMoved' || state === 'planned';
}

/** Whether it is under way, or nobody knows what became of it. */
export function isOpen(record: Judged): boolean {
  const outcome = outcomeOf(record);
  return outcome === 'unknown' || outcome === 'underway';
}

/** What the history shows of all transfers. Members left out do not filter. */
export interface HistoryFilter {
  readonly profileId?: string | undefined;
  readonly currency?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly batchId?: string | undefined;
}

export interface HistoryPage {
  /** Newest first. */
  readonly records: readonly TransferRecord[];
  /** Transfers in the journal, whatever the filter. */
  readonly total: number;
  /** `offset` of the next page; absent at the end. */
  readonly next?: number | undefined;
}

/** A part of the history, newest first. Looks at no more transfers than the page needs. */
export function historyPage(
  journal: TransferJournal,
  options: HistoryOptions,
  page: { readonly offset?: number; readonly limit: number; readonly filter?: HistoryFilter },
): HistoryPage {
  const { offset = 0, limit, filter = {} } = page;
  const ids = journal.ids();
  const found: TransferRecord[] = [];
  for (let index = ids.length - 1 - offset; index >= 0; index--) {
    const id = ids[index];
    const record = id === undefined ? undefined : transferRecord(journal, id, options);
    if (record && passes(record, filter)) found.push(record);
    if (found.length === limit && index > 0) {
      return { records: found, total: ids.length, next: ids.length - index };
    }
  }
  return { records: found, total: ids.length };
}

export function passes(record: TransferRecord, filter: HistoryFilter): boolean {
  const { profile, intent, batch } = record;
  const { profileId, currency, outcome, batchId } = filter;
  return (
    (profileId === undefined || profile.id === profileId) &&
    (currency === undefined || intent.currency === currency) &&
    (outcome === undefined || outcomeOf(record) === outcome) &&
    (batchId === undefined || batch?.id === batchId)
  );
}

/** One transfer; `undefined` when the journal does not know it. */
export function transferRecord(
  journal: TransferJournal,
  id: string,
  options: HistoryOptions,
): TransferRecord | undefined {
  const transfer = journal.transfer(id);
  const isAlive = (writer: string): boolean => writer === journal.writer || options.isAlive(writer);
  // The own window always writes what became of its requests, however long the machine slept.
  const isOwn = (writer: string): boolean => writer === journal.writer;
  return transfer && recordOf(transfer, { isAlive, isOwn, now: options.now });
}

/** Transfers whose outcome is unknown, newest first: what tree and status bar show. */
export function unknownTransfers(journal: TransferJournal, options: HistoryOptions): TransferRecord[] {
  return undecided(journal, options).filter(({ state }) => state === 'unknown');
}

/**
 * Transfers of the same user with the same currency, amount, source and target whose outcome is unknown, or that are
 * under way at this moment, between two legs too; newest first.
 */
export function findIdenticalUndecided(
  journal: TransferJournal,
  intent: Intent,
  options: HistoryOptions,
): TransferRecord[] {
  const key = intentKey(intent);
  const { profileId } = intent;
  const profiles = new Set([profileId, ...(options.sameUser?.(profileId) ?? [])]);
  return [...undecided(journal, options), ...betweenLegs(journal, options)]
    .filter(
      (record) =>
        // One that waits for its turn will be sent.
        (record.moved === 'unknown' || record.state === 'planned') &&
        profiles.has(record.profile.id) &&
        intentKey({ ...record.intent, profileId }) === key,
    )
    .sort((a, b) => b.createdAt - a.createdAt);
}

/** A chain does not rest longer than this between its legs, ms. */
const longestChainMs = 60 * 60_000;
/** Clocks may jump: so many older transfers in a row are the end of the recent ones. */
const farAway = 50;

/**
 * Chains under way that have nothing undecided at this moment: one leg is settled and the next not sent. The journal
 * does not list them as undecided, so the recent ones are looked at.
 */
function betweenLegs(journal: TransferJournal, options: HistoryOptions): TransferRecord[] {
  const found: TransferRecord[] = [];
  let newest = -Infinity;
  let older = 0;
  for (const id of [...journal.chainIds()].reverse()) {
    const record = transferRecord(journal, id, options);
    if (!record) continue;
    newest = Math.max(newest, record.createdAt);
    if (record.createdAt < newest - longestChainMs && ++older > farAway) break;
    if (record.state === 'planned' && record.moved === 'unknown') found.push(record);
  }
  return found;
}

function undecided(journal: TransferJournal, options: HistoryOptions): TransferRecord[] {
  return records(journal, journal.undecidedIds(), options).sort((a, b) => b.createdAt - a.createdAt);
}

function records(
  journal: TransferJournal,
  ids: readonly string[],
  options: HistoryOptions,
): TransferRecord[] {
  return ids.flatMap((id) => transferRecord(journal, id, options) ?? []);
}

interface Writers extends Pick<HistoryOptions, 'isAlive' | 'now'> {
  readonly isOwn: (writer: string) => boolean;
}

/** `undefined` when the line that planned it was lost; the journal has reported it as damage. */
function recordOf(transfer: JournalledTransfer, options: Writers): TransferRecord | undefined {
  const planned = transfer.records.find((record) => record.state === 'planned');
  if (!planned) return undefined;
  const legs = planned.legs.map((leg, index) => legOf(planned, leg, index, transfer, options));
  const stopped = legs.findIndex((leg) => !isThrough(leg));
  const telling = legs[Math.max(stopped, 0)];
  if (!telling) return undefined;
  const { currency, amount, from, to, profile, origin, batch } = planned;
  const intent: Intent = { profileId: profile.id, currency, amount, from, to };
  // The legs before are through: whatever is over now has left the money at its source.
  const isHalfWay = stopped > 0 && telling.moved === 'notMoved' && telling.state !== 'planned';
  const isBetween = stopped > 0 && telling.state === 'planned';
  return {
    id: transfer.id,
    profile,
    intent,
    state: telling.state,
    stateText: isHalfWay ? say(stateTexts.halfWay) : legStateText(telling),
    moved: isHalfWay ? 'moved' : isBetween ? 'unknown' : telling.moved,
    report: isHalfWay ? reportHalfWay(telling, intent) : reportOf(telling, intent),
    createdAt: planned.at,
    changedAt: Math.max(...transfer.records.map(({ at }) => at)),
    legs,
    ...(isHalfWay && { halfWay: { account: telling.from, legsDone: stopped } }),
    ...(origin && { origin }),
    ...(batch && { batch }),
  };
}

function isThrough({ state, moved }: LegRecord): boolean {
  return state === 'settled' || (state === 'leftToUser' && moved === 'moved');
}

function legOf(
  planned: PlannedRecord,
  leg: PlannedLeg,
  index: number,
  transfer: JournalledTransfer,
  { isAlive, isOwn, now }: Writers,
): LegRecord {
  const all = transfer.records.filter((record) => record.leg === index && record.state !== 'planned');
  const own = all.filter(({ state }) => state !== 'evidence');
  const written = transfer.states[index] ?? 'planned';
  const last = own.findLast(({ state }) => state === written);
  const { writer, at } = last ?? planned;
  const isOver = written === 'sent' && !isOwn(writer) && now && Math.abs(now() - at) > longestRequestMs;
  const orphaned = isOver === true || !isAlive(writer);
  const state = orphaned ? afterCrash(written) : written;
  const sent = own.filter((record) => record.state === 'sent');
  const { endpoint, from, to, clientOid, body } = leg;
  const done = own.findLast((record) => record.state === 'settled');
  const accepted = own.findLast((record) => record.state === 'accepted');
  return {
    endpoint,
    from,
    to,
    ...(clientOid !== undefined && { clientOid }),
    body,
    state,
    moved: movedOf(state, last),
    attempts: sent.length,
    sentAt: sent.at(-1)?.exchangeTime,
    totalsBefore: sent.at(-1)?.totals,
    orderId: done?.orderId,
    applyId: done?.applyId ?? accepted?.applyId,
    evidence: all
      .map((record) => ('evidence' in record ? record.evidence : undefined))
      .findLast((evidence) => evidence),
    error: state === written ? errorOf(own) : { kind: written === 'sent' ? 'crash' : 'neverSent' },
    verdict:
      last?.state === 'leftToUser' ? { happened: last.verdict === 'happened', note: last.note } : undefined,
  };
}

/** What a state means when the window that wrote it is gone and will not write a result. */
function afterCrash(state: LegState): LegState {
  if (state === 'planned') return 'rejected';
  return state === 'sent' ? 'unknown' : state;
}

function movedOf(state: LegState, last: JournalRecord | undefined): Moved {
  switch (state) {
    case 'settled':
      return 'moved';
    case 'planned':
    case 'rejected':
    case 'notExecuted':
      return 'notMoved';
    case 'sent':
    case 'accepted':
    case 'unknown':
      return 'unknown';
    case 'leftToUser':
      return last?.state === 'leftToUser' && last.verdict === 'happened' ? 'moved' : 'notMoved';
  }
}

function errorOf(own: readonly JournalRecord[]): ErrorNote | undefined {
  return own.map((record) => ('error' in record ? record.error : undefined)).findLast((error) => error);
}

/** The state of one call in words. */
export function legStateText({ state, verdict }: Pick<LegRecord, 'state' | 'verdict'>): Sentence {
  if (state !== 'leftToUser') return say(stateTexts[state]);
  return say(verdict?.happened ? stateTexts.leftToUserHappened : stateTexts.leftToUserNotExecuted);
}

/** A chain that has stopped between its ends: why, where the money is, what can be done. */
function reportHalfWay(leg: LegRecord, intent: Intent): Report {
  const { amount, currency } = intent;
  return {
    what: reportOf(leg, intent).what,
    money: say(moneyTexts.halfWay, { account: accountTitle(leg.from), amount, currency }),
    todo: say(outcomeTexts.continueOrBack, { to: accountTitle(intent.to), from: accountTitle(intent.from) }),
  };
}

function reportOf(leg: LegRecord, intent: Intent): Report {
  const { state, error, moved, verdict } = leg;
  const money = say(moneyTexts[moved]);
  const nothingToDo = say(outcomeTexts.nothingToDo);
  if (state === 'leftToUser') {
    const what = verdict?.happened ? outcomeTexts.userSaidHappened : outcomeTexts.userSaidNotExecuted;
    return { what: say(what), money, todo: nothingToDo };
  }
  if (state === 'planned' || state === 'sent') {
    return { what: say(outcomeTexts.underway), money, todo: say(outcomeTexts.wait) };
  }
  if (state === 'accepted') {
    return { what: say(outcomeTexts.accepted), money, todo: say(outcomeTexts.waitList) };
  }
  const shown = state === 'settled' && leg.evidence !== undefined;
  if (error && state !== 'notExecuted' && !shown) {
    const permission = catalogue[leg.endpoint].permission as Permission;
    return reportFailure(error, { moved, permission });
  }
  if (state === 'settled') {
    const { amount, currency } = intent;
    const [from, to] = [accountTitle(leg.from), accountTitle(leg.to)];
    const what = shown ? outcomeTexts.shownByEvidence : outcomeTexts.done;
    return { what: say(what, { amount, currency, from, to }), money, todo: nothingToDo };
  }
  return { what: say(outcomeTexts.evidenceAgainst), money, todo: nothingToDo };
}
