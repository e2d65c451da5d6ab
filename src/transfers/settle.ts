import { isUndecided, transferRecord, type HistoryOptions, type TransferRecord } from './history';
import { JournalError, type TransferJournal } from './journal';
import { refuse, type Refusal } from './refusal';

/** A person's word about a transfer that is undecided, see `isUndecided`, so that nobody is stuck with one. */
export interface Verdict {
  readonly journal: TransferJournal;
  /** Id of the transfer. */
  readonly id: string;
  /** What they saw, in their own words; may be empty. */
  readonly note: string;
}

export type Settled = { readonly record: TransferRecord } | { readonly refused: Refusal };

/** Records that the person found the transfer to have happened. @throws JournalError when it cannot be written. */
export function markHappened(verdict: Verdict, options: HistoryOptions): Promise<Settled> {
  return leaveToUser(verdict, 'happened', options);
}

/** Records that the person found the transfer not to have happened. @throws JournalError when it cannot be written. */
export function markNotExecuted(verdict: Verdict, options: HistoryOptions): Promise<Settled> {
  return leaveToUser(verdict, 'notExecuted', options);
}

const noteLimit = 500;

async function leaveToUser(
  { journal, id, note }: Verdict,
  verdict: 'happened' | 'notExecuted',
  options: HistoryOptions,
): Promise<Settled> {
  await journal.refresh();
  const before = transferRecord(journal, id, options);
  if (!before) return { refused: refuse('transferUnknown', { id }) };
  const mayWait = !isUndecided(before, options.now?.() ?? 0);
  const leg = before.legs.findIndex(
    ({ state }) => state === 'unknown' || state === 'leftToUser' || (state === 'accepted' && !mayWait),
  );
  const state = before.legs[leg]?.state;
  if (state === undefined) return { refused: refuse('notUndecided') };
  const about = { transfer: id, leg } as const;
  try {
    if (journal.transfer(id)?.states[leg] === 'sent') {
      // Its window is gone without an answer: the journal says so before it says more.
      await journal.append({ ...about, state: 'unknown', error: { kind: 'crash' } });
    }
    await journal.append({ ...about, state: 'leftToUser', verdict, note: note.slice(0, noteLimit) });
  } catch (error) {
    // Evidence, or a person in another window, was faster.
    if (JournalError.is(error, 'illegal')) return { refused: refuse('notUndecided') };
    throw error;
  }
  const record = transferRecord(journal, id, options);
  return record ? { record } : { refused: refuse('transferUnknown', { id }) };
}
