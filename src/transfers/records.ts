import type { Decimal } from '../kucoin/decimal';
import type { ErrorKind } from '../kucoin/errors';
import type { World } from '../kucoin/vocabulary';
import type { AccountRef } from './intent';
import type { ExecutableEndpoint } from './requests';

/** What stands in the journal: one record per line. Never a secret, a header or a signature. */

/**
 * planned -> sent -> settled | rejected | unknown -> settled | notExecuted | leftToUser
 *
 * `settled`: the exchange said yes. `rejected`: nothing moved, or it never left. `notExecuted`: an unknown one that
 * evidence has shown not to have happened. `leftToUser`: a person has said what became of it.
 */
export type LegState = 'planned' | 'sent' | 'settled' | 'rejected' | 'unknown' | 'notExecuted' | 'leftToUser';

/** The state after which a leg may enter a state. A repeat after a refusal for quota or clock is sent again. */
export const followers: Readonly<Record<LegState, readonly LegState[]>> = {
  planned: ['sent', 'rejected'],
  sent: ['sent', 'settled', 'rejected', 'unknown'],
  unknown: ['settled', 'notExecuted', 'leftToUser'],
  // A person may correct what they said, and the exchange knows better than a person.
  leftToUser: ['leftToUser', 'settled', 'notExecuted'],
  settled: [],
  rejected: [],
  notExecuted: [],
};

/** How far along a leg is. Of two final states neither is later than the other. */
const progress: Readonly<Record<LegState, number>> = {
  planned: 0,
  sent: 1,
  unknown: 2,
  leftToUser: 3,
  settled: 4,
  rejected: 4,
  notExecuted: 4,
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
  readonly clientOid: string;
  readonly from: AccountRef;
  readonly to: AccountRef;
  readonly body: string;
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
  readonly available: { readonly from?: Decimal | undefined; readonly to?: Decimal | undefined };
}

export interface SentRecord extends Common {
  readonly state: 'sent';
  /** The exchange's clock, milliseconds since the epoch: where the search for evidence starts. */
  readonly exchangeTime: number;
  /** 1 for the first time. */
  readonly attempt: number;
  readonly available: { readonly from?: Decimal | undefined; readonly to?: Decimal | undefined };
}

/**
 * `crash`: the window ended before it could write the answer; `neverSent`: before it sent anything.
 * `journal`: the disk refused. `internal`: an error of this program.
 */
export type OwnErrorKind = 'crash' | 'neverSent' | 'journal' | 'internal';

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
  /** `reply`: the exchange's answer; `unreadableReply`: it said yes, the rest could not be read. */
  readonly by: 'reply' | 'unreadableReply' | 'evidence';
  readonly error?: ErrorNote | undefined;
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
  | SettledRecord
  | RejectedRecord
  | UnknownRecord
  | NotExecutedRecord
  | LeftToUserRecord;

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** A record as its author gives it; the journal adds id, time and writer. */
export type JournalEntry = Without<JournalRecord, 'id' | 'at' | 'writer'>;
