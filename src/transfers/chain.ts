import type { HistoryOptions } from './history';
import { mayHaveMoved, transferRecord, type TransferRecord } from './history';
import type { AccountRef, Intent } from './intent';
import type { TransferJournal } from './journal';
import type { Origin } from './records';

/** What can be done about a chain that has stopped half-way: two intents, each for a plan of its own. */
export interface ChainOffers {
  /** Where the money is. */
  readonly at: AccountRef;
  readonly goOn: ChainOffer;
  readonly bringBack: ChainOffer;
}

export interface ChainOffer {
  readonly intent: Intent;
  /** Goes into the facts of the plan, and binds it to the chain. */
  readonly origin: Origin;
}

/** The offers for a transfer; `undefined` where it did not stop half-way, or has been moved on or back already. */
export function chainOffers(
  journal: TransferJournal,
  id: string,
  options: HistoryOptions,
): ChainOffers | undefined {
  const record = transferRecord(journal, id, options);
  if (!record?.halfWay || followUp(journal, id, options)) return undefined;
  const { account } = record.halfWay;
  const rest = { ...record.intent, from: account };
  return {
    at: account,
    goOn: { intent: rest, origin: { kind: 'continue', of: id } },
    bringBack: { intent: { ...rest, to: record.intent.from }, origin: { kind: 'bringBack', of: id } },
  };
}

/**
 * The transfer that has moved these funds on or back, is about to, or may have; none that certainly did not.
 *
 * @param own a transfer that does not count
 */
export function followUp(
  journal: TransferJournal,
  id: string,
  options: HistoryOptions,
  own?: string,
): TransferRecord | undefined {
  for (const later of journal.idsAfter(id)) {
    const record = later === own ? undefined : transferRecord(journal, later, options);
    if (record && record.origin?.kind !== 'repeat' && mayHaveMoved(record)) return record;
  }
  return undefined;
}
