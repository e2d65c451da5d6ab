import type { Time } from '../time';

const windowMs = 10_000;
/** Of the hundred messages that a connection may send in the window; the rest is for pings (kucoin-api 11.4). */
const most = 90;

/** Keeps the messages of one connection below the limit of the exchange. */
export class SendWindow {
  /** When each was sent, oldest first. */
  private readonly times: number[] = [];

  constructor(private readonly time: Time) {}

  /** Resolves when a message may be sent; rejects when the signal is aborted before. */
  async room(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    for (;;) {
      const now = this.time.monotonic();
      while (this.times[0] !== undefined && now - this.times[0] >= windowMs) this.times.shift();
      const first = this.times[this.times.length - most];
      if (first === undefined) return;
      await this.time.delay(first + windowMs - now, signal);
    }
  }

  sent(): void {
    this.times.push(this.time.monotonic());
  }
}
