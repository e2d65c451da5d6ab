import type { KucoinClient } from '../kucoin/client';
import { getServiceStatus } from '../kucoin/endpoints/service';
import { KucoinError } from '../kucoin/errors';

/** Trouble that concerns every call of a profile, for the status bar. */
export type Trouble =
  | { readonly kind: 'unknownTransfers'; readonly count: number }
  | {
      readonly kind: 'clock';
      /** Milliseconds that this computer is behind the exchange; negative when ahead. */ readonly offset: number;
    }
  | { readonly kind: 'service'; readonly status: string; readonly message: string };

/** A clock that is off by more than this is worth a word, although every request is corrected for it. */
const clockTolerance = 2_000;

/** Asks the spot host for its status and compares the clocks. Not reachable is no answer: the balances say so already. */
export async function findTrouble(client: KucoinClient): Promise<Trouble[]> {
  const troubles: Trouble[] = [];
  const offset = client.clock.offset;
  if (offset !== undefined && Math.abs(offset) > clockTolerance) troubles.push({ kind: 'clock', offset });
  try {
    const { status, msg } = await client.call(getServiceStatus, {}, { priority: 'background' });
    if (status !== 'open') troubles.push({ kind: 'service', status, message: msg });
  } catch (error) {
    if (!KucoinError.is(error)) throw error;
  }
  return troubles;
}
