/**
 * Work that only one window does at a time. Taking it again renews it; whoever does not renew it in time, or is gone,
 * loses it to the next one who asks.
 */
export interface Lease {
  /** Whether this window has the lease now. Never rejects: what cannot be taken is not taken. */
  tryTake(id: string): Promise<boolean>;
  /** Gives it back. Never rejects: what is left behind ends with its owner. */
  release(id: string): Promise<void>;
}
