import type { KucoinClient } from '../kucoin/client';
import {
  addHfOrder,
  addHfOrderTest,
  cancelHfOrderByClientOid,
  getHfOrderByClientOid,
} from '../kucoin/endpoints/order';
import type { ReplyOf } from '../kucoin/endpoint';
import { KucoinError } from '../kucoin/errors';
import type { OrderJournal, OrderRecord } from './journal';
import { paramsOf, type OrderDraft } from './order';

/** The only way an order leaves: tested, agreed to, written down, sent once, and found again by its clientOid. */

export type OrderClient = Pick<KucoinClient, 'call'>;

export interface PlaceOptions {
  readonly client: OrderClient;
  readonly journal: OrderJournal;
  readonly profile: { readonly id: string; readonly generation: number };
  readonly draft: OrderDraft;
  /** One per intention, never used again. */
  readonly clientOid: string;
  /** Wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  readonly delay: (ms: number) => Promise<void>;
  /** What the profile is now; asked again right before sending. */
  readonly profileNow: () => { readonly generation: number; readonly readOnly: boolean } | undefined;
}

export type PlaceResult =
  | { readonly state: 'placed'; readonly orderId: string }
  /** Certainly not in the book. */
  | { readonly state: 'rejected'; readonly error: unknown }
  | { readonly state: 'unknown'; readonly error: unknown };

/** What KuCoin tells of an order. */
export type FoundOrder = NonNullable<ReplyOf<typeof getHfOrderByClientOid>>;

/** Pauses before an order is looked for whose answer got lost, ms. */
const lookMs = [500, 1_500, 3_000];

/** An order that KuCoin does not know so long after it was sent did not arrive: no request lives as long, ms. */
const lostAfterMs = 60_000;

/**
 * Asks the exchange whether it would take an order. Nothing reaches the book.
 *
 * @throws KucoinError when it would not
 */
export async function testOrder(client: OrderClient, draft: OrderDraft, clientOid: string): Promise<void> {
  await client.call(addHfOrderTest, paramsOf(draft, clientOid));
}

/** Sends an order that was agreed to. Never throws for what exchange, network or disk do. */
export async function placeOrder(options: PlaceOptions): Promise<PlaceResult> {
  const { client, journal, draft, clientOid, now, profile } = options;
  const journalled = { sent: false };
  const beforeSend = async (): Promise<void> => {
    const current = options.profileNow();
    if (current?.generation !== profile.generation)
      throw new KucoinError({ kind: 'stale', outcome: 'notExecuted' });
    if (current.readOnly) throw new KucoinError({ kind: 'readOnly', outcome: 'notExecuted' });
    await journal.append({ order: clientOid, state: 'sent', at: now(), profileId: profile.id, draft });
    journalled.sent = true;
  };
  const result = await send(client, draft, clientOid, beforeSend, journalled);
  const settled = result.state === 'unknown' ? await lookAgain(options, result) : result;
  if (journalled.sent) await write(options, settled);
  return settled;
}

async function send(
  client: OrderClient,
  draft: OrderDraft,
  clientOid: string,
  beforeSend: () => Promise<void>,
  journalled: { readonly sent: boolean },
): Promise<PlaceResult> {
  try {
    const { orderId } = await client.call(addHfOrder, paramsOf(draft, clientOid), { beforeSend });
    return { state: 'placed', orderId };
  } catch (error) {
    // The journal never let it pass, so no byte of it was sent, whatever else went wrong.
    if (!journalled.sent) return { state: 'rejected', error };
    // A yes that could not be read names no order: its clientOid does.
    const certain = KucoinError.is(error) && error.outcome === 'notExecuted' && error.kind !== 'duplicate';
    return { state: certain ? 'rejected' : 'unknown', error };
  }
}

async function lookAgain(options: PlaceOptions, unknown: PlaceResult): Promise<PlaceResult> {
  const { client, draft, clientOid } = options;
  for (const pause of lookMs) {
    await options.delay(pause);
    const found = await findOrder(client, draft.symbol, clientOid).catch(() => undefined);
    if (found) return { state: 'placed', orderId: found.id };
  }
  return unknown;
}

/** A disk that fails now loses no order: the line that it was sent is there, and the next look finds it again. */
async function write({ journal, clientOid, now }: PlaceOptions, result: PlaceResult): Promise<void> {
  const { state } = result;
  const more =
    state === 'placed'
      ? { orderId: result.orderId }
      : { error: KucoinError.is(result.error) ? result.error.kind : 'internal' };
  await journal.append({ order: clientOid, state, at: now(), ...more }).catch(() => undefined);
}

/**
 * An order by its clientOid; `undefined` when KuCoin does not know it (yet).
 *
 * @throws KucoinError when it could not be asked
 */
export async function findOrder(
  client: OrderClient,
  symbol: string,
  clientOid: string,
): Promise<FoundOrder | undefined> {
  try {
    return (await client.call(getHfOrderByClientOid, { symbol, clientOid })) ?? undefined;
  } catch (error) {
    const denied = KucoinError.is(error, 'parameter') || KucoinError.is(error, 'refused');
    if (denied && error.outcome === 'notExecuted') return undefined;
    throw error;
  }
}

/** Looks what became of an order that a crash or a lost answer left open, and writes down what is certain. */
export async function resolveOrder(
  client: OrderClient,
  journal: OrderJournal,
  { clientOid, draft, sentAt }: OrderRecord,
  now: number,
): Promise<'placed' | 'rejected' | 'unknown'> {
  const found = await findOrder(client, draft.symbol, clientOid);
  if (found) {
    await journal.append({ order: clientOid, state: 'placed', at: now, orderId: found.id });
    return 'placed';
  }
  if (now - sentAt < lostAfterMs) return 'unknown';
  await journal.append({ order: clientOid, state: 'rejected', at: now, error: 'notFound' });
  return 'rejected';
}

/**
 * Asks to cancel an order, and tells what became of it, which may have been executed meanwhile.
 *
 * @throws KucoinError when KuCoin refuses and the order is still active, or cannot be found
 */
export async function cancelOrder(
  client: OrderClient,
  journal: OrderJournal,
  { clientOid, symbol }: { readonly clientOid: string; readonly symbol: string },
  now: () => number,
): Promise<FoundOrder | undefined> {
  let failure: unknown;
  try {
    await client.call(cancelHfOrderByClientOid, { clientOid, symbol });
  } catch (error) {
    failure = error;
  }
  const found = await findOrder(client, symbol, clientOid);
  if (failure !== undefined && (found === undefined || found.active)) throw failure as Error;
  if (failure === undefined || (found && !found.active)) {
    await journal.append({ order: clientOid, state: 'cancelled', at: now() }).catch(() => undefined);
  }
  return found;
}
