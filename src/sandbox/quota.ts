import { quotaOf, quotaWindowMs, type Pool } from '../kucoin/vocabulary';

/** What the `gw-ratelimit-*` headers say (kucoin-api 4.2). */
export interface QuotaState {
  /** Units of the pool per window. */
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until the window ends. */
  readonly resetMs: number;
}

export interface Charge extends QuotaState {
  readonly granted: boolean;
}

interface Window {
  start: number;
  used: number;
}

/**
 * Quotas as kucoin-api 4.1: per pool and uid (Public: per IP), in fixed windows of 30 s that start with the first
 * call after the previous window ended.
 */
export class Quota {
  private readonly windows = new Map<string, Window>();

  /** @param who the uid, or the IP address for the Public pool */
  charge(pool: Pool, who: string, weight: number, vipLevel: number, now: number): Charge {
    const window = this.windowAt(pool, who, now);
    const limit = quotaOf(pool, vipLevel);
    const granted = window.used + weight <= limit;
    if (granted) window.used += weight;
    return { granted, ...state(window, limit, now) };
  }

  /** Gives units back: a call refused with 400xxx is not counted (kucoin-api 13). */
  refund(pool: Pool, who: string, weight: number, vipLevel: number, now: number): QuotaState {
    const window = this.windowAt(pool, who, now);
    window.used = Math.max(0, window.used - weight);
    return state(window, quotaOf(pool, vipLevel), now);
  }

  clear(): void {
    this.windows.clear();
  }

  private windowAt(pool: Pool, who: string, now: number): Window {
    const name = `${pool}/${who}`;
    const known = this.windows.get(name);
    // A clock that a test moved back ends the window too.
    if (known && now >= known.start && now < known.start + quotaWindowMs) return known;
    const fresh = { start: now, used: 0 };
    this.windows.set(name, fresh);
    return fresh;
  }
}

function state(window: Window, limit: number, now: number): QuotaState {
  return {
    limit,
    remaining: Math.max(0, limit - window.used),
    resetMs: window.start + quotaWindowMs - now,
  };
}

export function quotaHeaders(state: QuotaState): Record<string, string> {
  return {
    'gw-ratelimit-limit': String(state.limit),
    'gw-ratelimit-remaining': String(state.remaining),
    'gw-ratelimit-reset': String(state.resetMs),
  };
}
