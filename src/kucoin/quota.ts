import { KucoinError } from './errors';
import type { Time } from './time';
import { pools, quotaOf, quotaWindowMs, type Pool } from './vocabulary';

/** Calls that somebody waits for go before calls that nobody would miss. */
export type Priority = 'interactive' | 'background';

/** What the `gw-ratelimit-*` headers of an answer say. */
export interface RateLimitHeaders {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until the window ends. */
  readonly reset: number;
}

/** A place in the quota. Exactly one of the two is called, once. */
export interface Ticket {
  /** The call was sent. `headers`: of its answer, if it had any. `exhausted`: it was refused for quota. */
  settle(headers: RateLimitHeaders | undefined, exhausted?: boolean): void;
  /** The call was not sent after all. */
  release(): void;
}

export interface PoolState {
  readonly pool: Pool;
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until the window ends; `undefined` when no window runs. */
  readonly resetInMs: number | undefined;
  readonly waiting: number;
}

/** Share of a pool that background calls leave to interactive ones. */
const interactiveReserve = 0.1;
/** Two answers whose windows end within this distance speak of the same window. */
const sameWindowMs = 1_000;

/**
 * Keeps the calls of one user within the quota of every pool (kucoin-api 4).
 *
 * A window lasts 30 s and starts with the first request that reaches the exchange, a moment that this side can
 * only bound from above; so a window is taken to end when its latest possible end has come, calls still on their
 * way are counted into the next window, and of two counts the smaller one holds: other programs spend the
 * same quota, and the exchange's own figure is always right.
 */
export class Quota {
  private readonly accounts: Readonly<Record<Pool, PoolAccount>>;

  constructor(time: Time) {
    this.accounts = Object.fromEntries(pools.map((pool) => [pool, new PoolAccount(pool, time)])) as Record<
      Pool,
      PoolAccount
    >;
  }

  /**
   * Waits until a call of this weight fits.
   *
   * @throws the signal's reason when it is aborted first; KucoinError `rateLimit` when it can never fit.
   */
  acquire(pool: Pool, weight: number, priority: Priority, signal?: AbortSignal): Promise<Ticket> {
    return this.accounts[pool].acquire(weight, priority, signal);
  }

  /** Raises the quota of all pools to what a VIP level grants; the exchange's headers still win. */
  setVipLevel(level: number): void {
    for (const account of Object.values(this.accounts)) account.setVipLevel(level);
  }

  state(): PoolState[] {
    return pools.map((pool) => this.accounts[pool].state());
  }
}

interface Waiter {
  readonly weight: number;
  readonly admit: () => void;
}

class PoolAccount {
  private limit: number;
  private remaining: number;
  private inFlight = 0;
  /** Latest possible end of the running window, on the monotonic clock. */
  private endsAt: number | undefined;
  private readonly queues: Readonly<Record<Priority, Waiter[]>> = { interactive: [], background: [] };
  private alarm: AbortController | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly time: Time,
  ) {
    this.limit = this.remaining = quotaOf(pool);
  }

  acquire(weight: number, priority: Priority, signal?: AbortSignal): Promise<Ticket> {
    if (weight > this.limit) {
      const detail = `weight ${weight} exceeds the quota ${this.limit} of the ${this.pool} pool`;
      return Promise.reject(new KucoinError({ kind: 'rateLimit', outcome: 'notExecuted', detail }));
    }
    signal?.throwIfAborted();
    const queue = this.queues[priority];
    if (queue.length === 0 && this.admits(weight, priority)) return Promise.resolve(this.ticket(weight));
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        queue.splice(queue.indexOf(waiter), 1);
        this.pump();
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = {
        weight,
        admit: () => {
          signal?.removeEventListener('abort', abort);
          resolve(this.ticket(weight));
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      queue.push(waiter);
      this.pump();
    });
  }

  setVipLevel(level: number): void {
    const limit = quotaOf(this.pool, level);
    if (limit <= this.limit) return;
    this.remaining += limit - this.limit;
    this.limit = limit;
    this.pump();
  }

  state(): PoolState {
    this.rollOver();
    const { interactive, background } = this.queues;
    return {
      pool: this.pool,
      limit: this.limit,
      remaining: Math.max(this.remaining - this.inFlight, 0),
      resetInMs: this.endsAt === undefined ? undefined : Math.max(this.endsAt - this.time.monotonic(), 0),
      waiting: interactive.length + background.length,
    };
  }

  private admits(weight: number, priority: Priority): boolean {
    this.rollOver();
    if (priority === 'background' && this.queues.interactive.length > 0) return false;
    const left = this.remaining - this.inFlight;
    const untouched = left === this.limit;
    const reserve = priority === 'background' && !untouched ? this.limit * interactiveReserve : 0;
    return left - reserve >= weight;
  }

  private ticket(weight: number): Ticket {
    this.inFlight += weight;
    let open = true;
    const close = (settle: () => void): void => {
      if (!open) return;
      open = false;
      this.inFlight -= weight;
      settle();
      this.pump();
    };
    return {
      settle: (headers, exhausted = false) => close(() => this.spend(weight, headers, exhausted)),
      release: () => close(() => undefined),
    };
  }

  private spend(weight: number, headers: RateLimitHeaders | undefined, exhausted: boolean): void {
    this.rollOver();
    const now = this.time.monotonic();
    if (!headers) {
      this.remaining -= weight;
      this.endsAt ??= now + quotaWindowMs;
      return;
    }
    const endsAt = now + headers.reset;
    this.limit = headers.limit;
    if (exhausted || this.endsAt === undefined || endsAt > this.endsAt + sameWindowMs) {
      const own = this.endsAt === undefined ? this.remaining - weight : headers.remaining;
      this.remaining = exhausted ? 0 : Math.min(own, headers.remaining);
      this.endsAt = endsAt;
    } else if (endsAt >= this.endsAt - sameWindowMs) {
      this.remaining = Math.min(this.remaining - weight, headers.remaining);
      this.endsAt = Math.min(this.endsAt, endsAt);
    }
  }

  private rollOver(): void {
    if (this.endsAt === undefined || this.time.monotonic() < this.endsAt) return;
    this.endsAt = undefined;
    this.remaining = this.limit;
  }

  private pump(): void {
    for (const priority of ['interactive', 'background'] as const) {
      const queue = this.queues[priority];
      for (let next = queue[0]; next && this.admits(next.weight, priority); next = queue[0]) {
        queue.shift();
        next.admit();
      }
    }
    this.setAlarm();
  }

  /** A timer runs only while somebody waits for the end of a window. */
  private setAlarm(): void {
    this.alarm?.abort();
    this.alarm = undefined;
    const waiting = this.queues.interactive.length + this.queues.background.length > 0;
    if (!waiting || this.endsAt === undefined) return;
    const alarm = (this.alarm = new AbortController());
    this.time.delay(this.endsAt - this.time.monotonic(), alarm.signal).then(
      () => this.pump(),
      () => undefined, // a newer alarm has taken over
    );
  }
}
