import type { Decimal } from '../kucoin/decimal';
import type { ErrorKind } from '../kucoin/errors';
import type { World } from '../kucoin/vocabulary';
import type { AccountRef } from './intent';
import type { ExecutableEndpoint } from './requests';

/** What stands in the journal: one record per line. Never a secret, a header or a signature. */

/**
 * planned -> sent -> settled | rejected | accepted | unknown -> settled | notExecuted | leftToUser
 *
 * `settled`: the exchange said yes. `rejected`: nothing moved, or it never left. `accepted`: the exchange has taken
 * it and works on it (transfer-out). `notExecuted`: evidence has shown that it did not happen. `leftToUser`: a person
 * has said what became of it.
 */
export type LegState =
  'planned' | 'sent' | 'accepted' | 'settled' | 'rejected' | 'unknown' | 'notExecuted' | 'leftToUser';

/** What a record may be beside a state: evidence that was looked at, the rows of a batch, and that one was given up. */
export type NoteKind = 'evidence' | 'batch' | 'batchEnd';

/** The state after which a leg may enter a state. A repeat after a refusal for quota or clock is sent again. */
export const followers: Readonly<Record<LegState, readonly LegState[]>> = {
  planned: ['sent', 'rejected'],
  sent: ['sent', 'accepted', 'settled', 'rejected', 'unknown'],
  accepted: ['settled', 'notExecuted', 'leftToUser'],
  unknown: ['accepted', 'settled', 'notExecuted', 'leftToUser'],
  // A person may correct what they said, and the exchange knows better than a person.
  leftToUser: ['leftToUser', 'settled', 'notExecuted'],
  settled: [],
  rejected: [],
  // Evidence is outdone by an answer that arrives late, as after a sleep of the machine.
  notExecuted: ['settled'],
};

/** How far along a leg is. Of two final states neither is later than the other. */
const progress: Readonly<Record<LegState, number>> = {
  planned: 0,
  sent: 1,
  unknown: 2,
  accepted: 3,
  leftToUser: 4,
  settled: 5,
  rejected: 5,
  notExecuted: 5,
};

export function isLater(state: LegState, than: LegState): boolean {
  return progress[state] > progress[than];
}

interface Common {
  /** Unique among all windows. */
  readonly id: string;
  readonly transfer: string;
  /** Which leg of the transfer, from 0. */
  readonly leg: number;
  /** Wall clock of this machine, milliseconds since the epoch. */
  readonly at: number;
  /** Which window wrote it. */
  readonly writer: string;
}

export interface PlannedLeg {
  readonly endpoint: ExecutableEndpoint;
  /** Absent for calls that know none. */
  readonly clientOid?: string | undefined;
  readonly from: AccountRef;
  readonly to: AccountRef;
  readonly body: string;
}

/** What a transfer was made for, when not for itself. */
export interface Origin {
  /** Moves on, or back, what the transfer `of` left half-way. */
  readonly kind: 'continue' | 'bringBack' | 'repeat';
  readonly of: string;
}

/** Which row of which batch a transfer carries out. */
export interface BatchMark {
  readonly id: string;
  readonly row: number;
}

export interface PlannedRecord extends Common {
  readonly state: 'planned';
  readonly profile: {
    readonly id: string;
    readonly name: string;
    readonly environment: 'LIVE' | 'DEMO';
    readonly world: World;
  };
  readonly currency: string;
  readonly amount: Decimal;
  readonly from: AccountRef;
  readonly to: AccountRef;
  readonly legs: readonly PlannedLeg[];
  /** What was available before, as far as known. */
  readonly available: Available;
  readonly origin?: Origin | undefined;
  readonly batch?: BatchMark | undefined;
}

/** What was available on both sides. */
export interface Available {
  readonly from?: Decimal | undefined;
  readonly to?: Decimal | undefined;
}

/** What both sides held in all. */
export interface TotalsBefore extends Available {
  /** When reading began, by the exchange's clock. */
  readonly at: number;
}

export interface SentRecord extends Common {
  readonly state: 'sent';
  /** The exchange's clock, milliseconds since the epoch: where the search for evidence starts. */
  readonly exchangeTime: number;
  /** 1 for the first time. */
  readonly attempt: number;
  /** What the plan knew. */
  readonly available: Available;
  /** All that was there, held funds included, read for this sending; it may be compared with what is there later. */
  readonly totals?: TotalsBefore | undefined;
}

/** The exchange has taken a transfer-out and works on it. */
export interface AcceptedRecord extends Common {
  readonly state: 'accepted';
  /** By which `GET /transfer-list` knows it. */
  readonly applyId: string;
  /** In the exchange's word. */
  readonly status: string;
}

/** A row of a ledger, or of the list of transfers out, that speaks for a transfer. */
export interface EvidenceRow {
  readonly source: string;
  readonly id: string;
  readonly direction: 'in' | 'out';
  /** Of the account, as the row has it. */
  readonly account: string;
  readonly amount: Decimal;
  /** Milliseconds since the epoch, by the exchange. */
  readonly time: number;
}

/**
 * `happened`; `inProgress`: one side shows it, or the exchange says so; `veryLikelyNotExecuted`: no trace after a
 * minute; `ambiguous`: more or fewer traces than transfers; `nothingYet`: too early to say.
 */
export type Finding = 'happened' | 'inProgress' | 'veryLikelyNotExecuted' | 'ambiguous' | 'nothingYet';

/** What was looked at to find out what became of a leg. */
export interface Evidence {
  readonly finding: Finding;
  /** When it was looked at, by the exchange's clock. */
  readonly seenAt: number;
  /** Rows that can only belong to this leg; no other transfer may claim them. */
  readonly rows: readonly EvidenceRow[];
  /** All that both sides held then, as far as it could be read. */
  readonly totals?: Available | undefined;
  /** Stable codes of what was found; `evidence.ts` has the sentences. */
  readonly reasons: readonly string[];
}

/** Changes no state. */
export interface EvidenceRecord extends Common {
  readonly state: 'evidence';
  readonly evidence: Evidence;
}

/** The rows of a batch, written before the first of them begins. Its transfer is the id of the batch. */
export interface BatchRecord extends Common {
  readonly state: 'batch';
  readonly kind: BatchKind;
  readonly profileId: string;
  readonly rows: readonly BatchRecordRow[];
}

/** A person has given up what was left of a batch. Its transfer is the id of the batch. */
export interface BatchEndRecord extends Common {
  readonly state: 'batchEnd';
  /** Rows that moved nothing by then, from 0: they never will. */
  readonly rows: readonly number[];
}

export type BatchKind = 'collect' | 'distribute' | 'list';

export interface BatchRecordRow {
  readonly currency: string;
  readonly amount: Decimal;
  readonly from: AccountRef;
  readonly to: AccountRef;
}

/**
 * `crash`: the window ended before it could write the answer; `neverSent`: before it sent anything.
 * `journal`: the disk refused. `internal`: an error of this program. `notBegun`: a later leg, as nobody knew of the one
 * before it. `overtaken`: another window began the same at the same moment.
 */
export type OwnErrorKind = 'crash' | 'neverSent' | 'journal' | 'internal' | 'notBegun' | 'overtaken';

/** What is kept of an error. Never a header, a body or the error of a library. */
export interface ErrorNote {
  readonly kind: ErrorKind | OwnErrorKind;
  readonly code?: string | undefined;
  readonly httpStatus?: number | undefined;
  readonly detail?: string | undefined;
  readonly endpoint?: string | undefined;
}

export interface SettledRecord extends Common {
  readonly state: 'settled';
  readonly orderId?: string | undefined;
  /** Of a transfer-out. */
  readonly applyId?: string | undefined;
  /** `reply`: the exchange's answer; `unreadableReply`: it said yes, the rest could not be read. */
  readonly by: 'reply' | 'unreadableReply' | 'evidence';
  readonly error?: ErrorNote | undefined;
  readonly evidence?: Evidence | undefined;
}

export interface RejectedRecord extends Common {
  readonly state: 'rejected';
  readonly error: ErrorNote;
}

export interface UnknownRecord extends Common {
  readonly state: 'unknown';
  readonly error: ErrorNote;
}

export interface NotExecutedRecord extends Common {
  readonly state: 'notExecuted';
  readonly by: 'evidence' | 'reply';
  readonly error?: ErrorNote | undefined;
  readonly evidence?: Evidence | undefined;
}

export interface LeftToUserRecord extends Common {
  readonly state: 'leftToUser';
  readonly verdict: 'happened' | 'notExecuted';
  /** The person's own words. */
  readonly note: string;
}

export type JournalRecord =
  | PlannedRecord
  | SentRecord
  | AcceptedRecord
  | EvidenceRecord
  | BatchRecord
  | BatchEndRecord
  | SettledRecord
  | RejectedRecord
  | UnknownRecord
  | NotExecutedRecord
  | LeftToUserRecord;

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** A record as its author gives it; the journal adds id, time and writer. */
export type JournalEntry = Without<JournalRecord, 'id' | 'at' | 'writer'>;
