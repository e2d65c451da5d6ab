import { crc32 } from 'node:zlib';
import * as v from 'valibot';
import { decimalText } from '../kucoin/schema';
import type { OrderDraft } from './order';

/** The file under the journal, as its host provides it: shared by several windows, and only ever growing. */
export interface OrderFile {
  /** The bytes from `offset` to the end; none when there are none. */
  read(offset: number): Promise<Buffer>;
  /** Adds the bytes at the end in one write and flushes them to the disk before it resolves. */
  append(bytes: Buffer): Promise<unknown>;
}

/**
 * `sent`: on its way; after a crash nobody knows. `placed`: KuCoin took it. `rejected`: it did not reach the book.
 * `cancelled`: KuCoin took the cancellation.
 */
export type OrderState = 'sent' | 'placed' | 'rejected' | 'unknown' | 'cancelled';

export interface OrderEntry {
  /** The clientOid: one per intention. */
  readonly order: string;
  readonly state: OrderState;
  /** Wall clock, milliseconds since the epoch. */
  readonly at: number;
  /** With `sent`: all that is needed to find it again. */
  readonly profileId?: string | undefined;
  readonly draft?: OrderDraft | undefined;
  readonly orderId?: string | undefined;
  /** Kind of the failure, and what the exchange said. */
  readonly error?: string | undefined;
}

/** An order by all that is written of it. */
export interface OrderRecord {
  readonly clientOid: string;
  readonly profileId: string;
  readonly draft: OrderDraft;
  readonly state: OrderState;
  readonly sentAt: number;
  readonly changedAt: number;
  readonly orderId?: string | undefined;
  readonly error?: string | undefined;
}

const draftSchema: v.GenericSchema<unknown, OrderDraft> = v.object({
  symbol: v.string(),
  side: v.picklist(['buy', 'sell']),
  type: v.picklist(['limit', 'market']),
  price: v.exactOptional(decimalText),
  size: v.exactOptional(decimalText),
  funds: v.exactOptional(decimalText),
});
const entrySchema: v.GenericSchema<unknown, OrderEntry> = v.object({
  order: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,40}$/)),
  state: v.picklist(['sent', 'placed', 'rejected', 'unknown', 'cancelled']),
  at: v.number(),
  profileId: v.exactOptional(v.string()),
  draft: v.exactOptional(draftSchema),
  orderId: v.exactOptional(v.string()),
  error: v.exactOptional(v.string()),
});

/**
 * The orders that this computer has sent, one line of JSON with a checksum for each step. A line is written and
 * flushed before an order leaves, so that a crash never hides one; a torn line spoils no other, as each begins anew.
 */
export class OrderJournal {
  constructor(private readonly file: OrderFile) {}

  /** @throws what the file throws; nothing of it is written then, or a line that no reader takes */
  async append(entry: OrderEntry): Promise<void> {
    const text = JSON.stringify(entry);
    await this.file.append(Buffer.from(`\n${sumOf(text)} ${text}\n`, 'utf8'));
  }

  /** Every order by its clientOid, oldest first, as all windows have written them. */
  async read(): Promise<ReadonlyMap<string, OrderRecord>> {
    const orders = new Map<string, OrderRecord>();
    for (const line of (await this.file.read(0)).toString('utf8').split('\n')) {
      const entry = entryOf(line);
      if (entry) take(orders, entry);
    }
    return orders;
  }

  /** Orders of a profile of which nobody knows whether KuCoin took them. */
  async open(profileId: string): Promise<OrderRecord[]> {
    return [...(await this.read()).values()].filter(
      (record) => record.profileId === profileId && (record.state === 'sent' || record.state === 'unknown'),
    );
  }
}

function entryOf(line: string): OrderEntry | undefined {
  const text = line.slice(9);
  if (line.length < 10 || line.slice(0, 8) !== sumOf(text)) return undefined;
  try {
    const parsed = v.safeParse(entrySchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined; // a checksum is no signature: anybody can write one
  }
}

function take(orders: Map<string, OrderRecord>, entry: OrderEntry): void {
  const { order, state, at, profileId, draft, orderId, error } = entry;
  const known = orders.get(order);
  if (!known) {
    // What was never sent needs no finding: a line without its beginning was torn.
    if (profileId === undefined || !draft) return;
    orders.set(order, { clientOid: order, profileId, draft, state, sentAt: at, changedAt: at });
    return;
  }
  // What an exchange has said is not made unknown again by another window.
  if (state === 'unknown' && known.state !== 'sent') return;
  orders.set(order, {
    ...known,
    state,
    changedAt: at,
    ...(orderId !== undefined && { orderId }),
    ...(error !== undefined && { error }),
  });
}

function sumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
