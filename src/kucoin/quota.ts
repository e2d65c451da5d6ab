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

/** A place in the quota. Exactly one of `settle` and `release` is called, once. */
export interface Ticket {
  /** The call leaves now; without it, it is taken to have left with the ticket. */
  leave(): void;
  /** The call was sent. `headers`: of its answer, if it had any. `exhausted`: it was refused for quota. */
  settle(headers: RateLimitHeaders | undefined, exhausted?: boolean): void;
  /** The call was not sent after all, or refused without being counted. */
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
/** Two answers whose windows end within this distance of each other speak of the same window. */
const sameWindowMs = 1_000;
/** An answer that took longer does not tell for certain which window it speaks of. */
const slowAnswerMs = 10_000;

/**
 * Keeps the calls of one user within the quota of every pool (kucoin-api 4).
 *
 * A window lasts 30 s and starts with the first request that reaches the exchange, a moment that this side only
 * knows to lie between sending and answer. From that follow the rules that keep the limit whatever the delays:
 * a window told of by headers ends at the latest moment that they allow; a call without such headers counts for
 * 30 s from its answer; a call on its way counts always; and of two figures for one window the smaller one
 * holds, as other programs spend the same quota.
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

  state(): PoolState[] {
    return pools.map((pool) => this.accounts[pool].state());
  }
}

interface Waiter {
  readonly weight: number;
  readonly admit: () => void;
  readonly refuse: (error: Error) => void;
}

/** The window that headers last told of; times on the monotonic clock. */
interface Window {
  /** Bounds of the moment when it ends. */
  earliest: number;
  latest: number;
  remaining: number;
}

class PoolAccount {
  private limit: number;
  private inFlight = 0;
  private window: Window | undefined;
  /** Calls whose answer told nothing of the quota, oldest first; each counts until the given moment. */
  private readonly silent: { readonly weight: number; readonly until: number }[] = [];
  private readonly queues: Readonly<Record<Priority, Waiter[]>> = { interactive: [], background: [] };
  private alarm: { readonly at: number; readonly off: AbortController } | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly time: Time,
  ) {
    this.limit = quotaOf(pool);
  }

  acquire(weight: number, priority: Priority, signal?: AbortSignal): Promise<Ticket> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (weight > this.limit) return Promise.reject(this.tooHeavy(weight));
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
        refuse: (error) => {
          signal?.removeEventListener('abort', abort);
          reject(error);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      queue.push(waiter);
      this.setAlarm();
    });
  }

  state(): PoolState {
    const now = this.time.monotonic();
    const relief = this.nextRelief(now);
    return {
      pool: this.pool,
      limit: this.limit,
      remaining: Math.max(this.left(now), 0),
      resetInMs: relief && relief - now,
      waiting: this.waiting,
    };
  }

  private get waiting(): number {
    return this.queues.interactive.length + this.queues.background.length;
  }

  private admits(weight: number, priority: Priority): boolean {
    if (priority === 'background' && this.queues.interactive.length > 0) return false;
    const left = this.left(this.time.monotonic());
    const untouched = left === this.limit;
    const reserve = priority === 'background' && !untouched ? this.limit * interactiveReserve : 0;
    return left - reserve >= weight;
  }

  /** What may still be sent now. */
  private left(now: number): number {
    while (this.silent[0] && this.silent[0].until <= now) this.silent.shift();
    let left = this.window && now < this.window.latest ? this.window.remaining : this.limit;
    for (const call of this.silent) left -= call.weight;
    return left - this.inFlight;
  }

  /** When something that counts now stops to count; `undefined` when only calls on their way count. */
  private nextRelief(now: number): number | undefined {
    let next = Infinity;
    for (const at of [this.window?.latest, this.silent[0]?.until]) {
      if (at !== undefined && at > now) next = Math.min(next, at);
    }
    return next === Infinity ? undefined : next;
  }

  private ticket(weight: number): Ticket {
    this.inFlight += weight;
    let left = this.time.monotonic();
    let open = true;
    const close = (settle: () => void): void => {
      if (!open) return;
      open = false;
      this.inFlight -= weight;
      settle();
      this.pump();
    };
    return {
      leave: () => (left = this.time.monotonic()),
      settle: (headers, exhausted = false) => close(() => this.spend(weight, left, headers, exhausted)),
      release: () => close(() => undefined),
    };
  }

  private spend(
    weight: number,
    sentAt: number,
    headers: RateLimitHeaders | undefined,
    exhausted: boolean,
  ): void {
    const now = this.time.monotonic();
    if (!headers || now - sentAt > slowAnswerMs) {
      if (!exhausted) this.silent.push({ weight, until: now + quotaWindowMs });
      return;
    }
    // The header is cut to whole milliseconds.
    const [earliest, latest] = [sentAt + headers.reset, now + headers.reset + 1];
    const { window } = this;
    if (window && latest < window.earliest - sameWindowMs) return; // of a window that has ended since
    const remaining = exhausted ? 0 : headers.remaining;
    if (!window || earliest > window.latest + sameWindowMs) {
      this.window = { earliest, latest, remaining };
    } else {
      window.earliest = Math.max(window.earliest, earliest);
      window.latest = Math.min(window.latest, latest);
      window.remaining = Math.min(window.remaining - (exhausted ? 0 : weight), remaining);
    }
    this.limit = headers.limit;
  }

  private pump(): void {
    if (this.waiting === 0 && !this.alarm) return;
    for (const priority of ['interactive', 'background'] as const) {
      const queue = this.queues[priority];
      for (let next = queue[0]; next; next = queue[0]) {
        if (next.weight > this.limit) next.refuse(this.tooHeavy(next.weight));
        else if (this.admits(next.weight, priority)) next.admit();
        else break;
        queue.shift();
      }
    }
    this.setAlarm();
  }

  /** A timer runs only while somebody waits for something that time brings. */
  private setAlarm(): void {
    const now = this.time.monotonic();
    const at = this.waiting > 0 ? this.nextRelief(now) : undefined;
    if (at === this.alarm?.at) return;
    this.alarm?.off.abort();
    this.alarm = undefined;
    if (at === undefined) return;
    const alarm = (this.alarm = { at, off: new AbortController() });
    this.time.delay(at - now, alarm.off.signal).then(
      () => {
        if (this.alarm === alarm) this.alarm = undefined;
        this.pump();
      },
      () => undefined, // a newer alarm has taken over
    );
  }

  private tooHeavy(weight: number): KucoinError {
    const detail = `weight ${weight} exceeds the quota ${this.limit} of the ${this.pool} pool`;
    return new KucoinError({ kind: 'rateLimit', outcome: 'notExecuted', detail });
  }
}
