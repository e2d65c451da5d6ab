import { canonical, compare, isZero, type Decimal } from '../decimal';
import { KucoinError } from '../errors';
import type { Time } from '../time';
import type { OrderBookEvent } from './events';

/** Price and size. */
export type Level = readonly [price: Decimal, size: Decimal];

/** A full order book as the exchange answers it (kucoin-api 8.33), or the levels of a push of the best ones. */
export interface BookSnapshot {
  /** Digits. */
  readonly sequence: string;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

interface Row {
  readonly price: Decimal;
  size: Decimal;
  /** The price as a float: orders all prices but those that are equal as floats. */
  readonly rank: number;
}

/** One side of a book, best price first. A price counts by its value, however many zeros it is written with. */
export class BookSide {
  private readonly rows: Row[] = [];
  private readonly byPrice = new Map<string, Row>();
  private readonly sign: 1 | -1;

  constructor(side: 'bids' | 'asks') {
    this.sign = side === 'asks' ? 1 : -1;
  }

  get depth(): number {
    return this.rows.length;
  }

  /** The best levels. */
  top(count = Infinity): Level[] {
    return this.rows.slice(0, count).map(({ price, size }) => [price, size]);
  }

  /** A size of zero removes the level; a price of zero stands for no level at all. */
  set(written: Decimal, size: Decimal): void {
    const price = canonical(written);
    if (price === '0') return;
    const row = this.byPrice.get(price);
    if (isZero(size)) {
      if (!row) return;
      this.byPrice.delete(price);
      this.rows.splice(this.placeOf(row), 1);
    } else if (row) {
      row.size = size;
    } else {
      const added = { price, size, rank: Number(price) };
      this.byPrice.set(price, added);
      this.rows.splice(this.placeOf(added), 0, added);
    }
  }

  replace(levels: readonly Level[]): void {
    this.rows.length = 0;
    this.byPrice.clear();
    for (const [written, size] of levels) {
      const price = canonical(written);
      if (price === '0' || isZero(size) || this.byPrice.has(price)) continue;
      const row = { price, size, rank: Number(price) };
      this.byPrice.set(price, row);
      this.rows.push(row);
    }
    // Comes sorted, as a rule; what is sorted already costs one pass.
    this.rows.sort((a, b) => this.order(a, b));
  }

  /** Index of the row, or where it belongs. */
  private placeOf(row: Row): number {
    let [low, high] = [0, this.rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.rows[middle];
      if (other && this.order(other, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private order(a: Row, b: Row): number {
    // Rounding to a float never turns the order round, so only equal floats need the digits.
    const byRank = a.rank - b.rank;
    return this.sign * (byRank !== 0 || a === b ? byRank : compare(a.price, b.price));
  }
}

/** `queued`: there is no snapshot yet. `stale`: known already. `gap`: something is missing before it. */
export type Applied = 'applied' | 'queued' | 'stale' | 'gap';

/** Updates that are kept while a snapshot is on its way. Beyond them another snapshot is needed anyway. */
const queueLimit = 20_000;

/**
 * The local order book of a symbol by the rule of the exchange (kucoin-api 11.6): queue, snapshot, sequence. Pure:
 * it asks for nothing; `gap` says that a new snapshot is needed, and the queue has begun for it.
 */
export class LocalOrderBook {
  readonly bids = new BookSide('bids');
  readonly asks = new BookSide('asks');
  private last: number | undefined;
  private queue: OrderBookEvent[] = [];

  /** Of the last change in the book; absent while there is no snapshot. */
  get sequence(): number | undefined {
    return this.last;
  }

  /** What is there is not true any more, or not for sure. The levels stay as they were, for whoever shows them. */
  restart(): void {
    this.last = undefined;
    this.queue = [];
  }

  update(event: OrderBookEvent): Applied {
    if (this.last === undefined) {
      this.keep(event);
      return 'queued';
    }
    const applied = this.apply(event, this.last);
    if (applied === 'gap') {
      this.restart();
      this.keep(event);
    }
    return applied;
  }

  /**
   * @returns false when the snapshot is older than what is queued, so that a newer one is needed
   * @throws KucoinError when the sequence of the snapshot cannot be read
   */
  snapshot({ sequence, bids, asks }: BookSnapshot): boolean {
    const start = /^\d{1,16}$/.test(sequence) ? Number(sequence) : NaN;
    if (!Number.isSafeInteger(start)) {
      throw new KucoinError({
        kind: 'malformedReply',
        outcome: 'executed',
        detail: 'data.sequence: not a sequence',
      });
    }
    // The order in which they came is not always that of the exchange.
    const queued = this.queue.sort((a, b) => a.sequenceStart - b.sequenceStart);
    const first = queued.find(({ sequenceEnd }) => sequenceEnd > start);
    if (first && first.sequenceStart > start + 1) return false;
    this.bids.replace(bids);
    this.asks.replace(asks);
    this.last = start;
    this.queue = [];
    for (const [index, event] of queued.entries()) {
      if (this.apply(event, this.last) !== 'gap') continue;
      this.restart();
      this.queue = queued.slice(index);
      return false;
    }
    return true;
  }

  /** Shows a complete picture that has no sequence, such as a push of the best fifty levels. */
  show({ bids, asks }: Pick<BookSnapshot, 'bids' | 'asks'>): void {
    this.restart();
    this.bids.replace(bids);
    this.asks.replace(asks);
  }

  private keep(event: OrderBookEvent): void {
    if (this.queue.length >= queueLimit) this.queue = this.queue.slice(queueLimit / 2);
    this.queue.push(event);
  }

  private apply({ sequenceStart, sequenceEnd, changes }: OrderBookEvent, last: number): Applied {
    if (sequenceEnd <= last) return 'stale';
    if (sequenceStart > last + 1) return 'gap';
    for (const [price, size, sequence] of changes.asks) if (sequence > last) this.asks.set(price, size);
    for (const [price, size, sequence] of changes.bids) if (sequence > last) this.bids.set(price, size);
    this.last = sequenceEnd;
    return 'applied';
  }
}

export type BookState =
  /** The book is that of the exchange. */
  | 'live'
  /** A snapshot is on its way; the levels are old or missing. */
  | 'syncing'
  /** No snapshot can be had: see the reason. */
  | 'failed'
  | 'stopped';

export interface BookKeeperOptions {
  /** Reads the full order book. Its failure is tried again unless it is one that the user has to mend. */
  readonly snapshot: (signal: AbortSignal) => Promise<BookSnapshot>;
  readonly time: Time;
  readonly onState: (state: BookState, reason?: KucoinError) => void;
  /** After each change of a level while the book is live. */
  readonly onChange?: () => void;
}

/** Pauses before a snapshot is read again, ms; the last one repeats. */
const againMs = [250, 500, 1_000, 2_000, 5_000, 10_000];
const hopeless: ReadonlySet<string> = new Set([
  'permission',
  'keyUnknown',
  'passphrase',
  'signature',
  'keyVersion',
  'ip',
  'parameter',
  'invalidArgument',
  'notFound',
  'hostMissing',
  'secretMissing',
  'stale',
  'frozen',
  'removed',
]);

/**
 * Keeps a local book true: reads a snapshot when the feed tells of a gap or a sequence is missing. One round trip
 * each time, as the updates go on being queued meanwhile.
 */
export class BookKeeper {
  readonly book = new LocalOrderBook();
  private run: AbortController | undefined;
  private current: BookState = 'stopped';

  constructor(private readonly options: BookKeeperOptions) {}

  get state(): BookState {
    return this.current;
  }

  /** The feed is subscribed: what came before may be missing something. */
  gap(): void {
    // What is queued was pushed by the subscription that this gap belongs to; the sequence sorts out the rest.
    if (this.current === 'live') this.book.restart();
    this.sync();
  }

  /** The connection is lost: the levels grow old until the next `gap`. */
  lost(): void {
    this.run?.abort();
    this.run = undefined;
    this.book.restart();
    if (this.current !== 'stopped') this.tell('syncing');
  }

  update(event: OrderBookEvent): Applied {
    const applied = this.book.update(event);
    if (applied === 'gap') this.sync();
    else if (applied === 'applied') this.options.onChange?.();
    return applied;
  }

  stop(): void {
    this.run?.abort();
    this.run = undefined;
    this.book.restart();
    this.tell('stopped');
  }

  private tell(state: BookState, reason?: KucoinError): void {
    if (this.current === state) return;
    this.current = state;
    this.options.onState(state, reason);
  }

  private sync(): void {
    this.run?.abort();
    const run = (this.run = new AbortController());
    this.tell('syncing');
    void this.read(run.signal);
  }

  private async read(signal: AbortSignal): Promise<void> {
    const { time, snapshot } = this.options;
    for (let attempt = 0; ; attempt++) {
      try {
        const read = await snapshot(signal);
        if (signal.aborted) return;
        if (this.book.snapshot(read)) {
          this.tell('live');
          this.options.onChange?.();
          return;
        }
      } catch (error) {
        if (signal.aborted) return;
        const reason = KucoinError.is(error) ? error : undefined;
        if (!reason || hopeless.has(reason.kind)) {
          this.tell('failed', reason);
          return;
        }
      }
      const pause = againMs[Math.min(attempt, againMs.length - 1)] ?? 0;
      try {
        await time.delay(pause * (0.5 + time.random() / 2), signal);
      } catch {
        return; // stopped, or begun anew
      }
    }
  }
}
