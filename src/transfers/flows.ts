import { sum, type Decimal } from '../kucoin/decimal';
import { accountKey, type AccountRef } from './intent';
import { outcomeOf, type TransferRecord } from './history';

/** What went from one account to another in some time, of one currency. */
export interface Flow {
  readonly from: AccountRef;
  readonly to: AccountRef;
  readonly currency: string;
  readonly amount: Decimal;
  /** How many calls moved it. */
  readonly count: number;
}

export interface Flows {
  /** In the order in which they happened last, newest first. */
  readonly flows: readonly Flow[];
  /** Transfers of which nobody knows yet whether they moved anything: not counted above. */
  readonly open: number;
}

/**
 * The flows of a profile from some time on, by the journal of this product: what was moved by other means is not in
 * it. Each call of a chain is a flow of its own, so one that has stopped half-way shows what it did.
 *
 * @param pieces newest first
 * @param since milliseconds since the epoch
 */
export async function flowsSince(
  pieces: AsyncIterable<readonly TransferRecord[]> | Iterable<readonly TransferRecord[]>,
  since: number,
): Promise<Flows> {
  const found = new Map<string, { readonly first: Flow; readonly amounts: Decimal[] }>();
  let open = 0;
  for await (const records of pieces) {
    for (const { createdAt, intent, legs } of records) {
      if (createdAt < since) return result(found, open);
      let isOpen = false;
      for (const leg of legs) {
        const outcome = outcomeOf(leg);
        if (outcome === 'unknown' || leg.state === 'sent' || leg.state === 'accepted') isOpen = true;
        if (outcome !== 'done') continue;
        const key = JSON.stringify([accountKey(leg.from), accountKey(leg.to), intent.currency]);
        const known = found.get(key);
        if (known) known.amounts.push(intent.amount);
        else {
          const { currency, amount } = intent;
          found.set(key, {
            first: { from: leg.from, to: leg.to, currency, amount, count: 1 },
            amounts: [amount],
          });
        }
      }
      if (isOpen) open++;
    }
  }
  return result(found, open);
}

function result(
  found: ReadonlyMap<string, { readonly first: Flow; readonly amounts: readonly Decimal[] }>,
  open: number,
): Flows {
  const flows = [...found.values()].map(({ first, amounts }) => ({
    ...first,
    amount: sum(amounts),
    count: amounts.length,
  }));
  return { flows, open };
}
