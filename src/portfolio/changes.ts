import { isZero, subtract, zero, type Decimal } from '../kucoin/decimal';
import { balanceKey, type Balance, type Place } from './accounts';

/** What a balance was before it changed a moment ago. */
export interface RecentChange {
  /** Signed. */
  readonly amount: Decimal;
  /** `available`: the total stays the same, as when an order holds a part. */
  readonly of: 'total' | 'available';
}

/** How long a row says what has changed, ms. */
export const recentMs = 5_000;
/** More changes at once are a flood that nobody reads. */
const mostRecent = 2_000;

/** Changes of the last seconds, so that rows can say what has just changed. Changes in a row add up. */
export class RecentChanges {
  private readonly changes = new Map<string, { readonly before: Balance; until: number }>();

  /** @param monotonic milliseconds of a clock that nobody sets */
  constructor(private readonly monotonic: () => number) {}

  note(place: Place, before: Balance | undefined, now: Balance | undefined): void {
    if (!now) return;
    const key = balanceKey(place, now.currency);
    const known = this.changes.get(key);
    const until = this.monotonic() + recentMs;
    if (known && known.until > this.monotonic()) {
      known.until = until;
      // Whatever changed last ends last.
      this.changes.delete(key);
      this.changes.set(key, known);
      return;
    }
    if (this.changes.size >= mostRecent) this.prune();
    if (this.changes.size >= mostRecent) return;
    this.changes.set(key, { before: before ?? nothing(now.currency), until });
  }

  of(place: Place, now: Balance): RecentChange | undefined {
    if (this.changes.size === 0) return undefined;
    const change = this.changes.get(balanceKey(place, now.currency));
    if (!change || change.until <= this.monotonic()) return undefined;
    const { before } = change;
    const total = subtract(now.total, before.total);
    if (!isZero(total)) return { amount: total, of: 'total' };
    const available = subtract(now.available, before.available);
    return isZero(available) ? undefined : { amount: available, of: 'available' };
  }

  /** Milliseconds until the first row has to be drawn without its change; `undefined` where none is. */
  get nextEndMs(): number | undefined {
    this.prune();
    for (const { until } of this.changes.values()) return Math.max(until - this.monotonic(), 0);
    return undefined;
  }

  private prune(): void {
    const now = this.monotonic();
    for (const [key, { until }] of this.changes) {
      if (until > now) return;
      this.changes.delete(key);
    }
  }
}

function nothing(currency: string): Balance {
  return { currency, total: zero, available: zero, held: zero };
}
