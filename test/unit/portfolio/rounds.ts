import type { Transport } from '../../../src/kucoin/transport';

/**
 * Counts round trips as a network with one latency for all calls would show them: a request belongs to the round after
 * that of the newest answer that was there when it was sent. No clock is read, so a slow machine counts the same.
 */
export class Rounds {
  /** Of all requests so far. */
  count = 0;
  private answered = 0;

  constructor(private readonly transport: Transport) {}

  readonly send: Transport = (request) => this.around(() => this.transport(request));

  async around<T>(request: () => Promise<T>): Promise<T> {
    const round = this.answered + 1;
    this.count = Math.max(this.count, round);
    const reply = await request();
    this.answered = Math.max(this.answered, round);
    return reply;
  }
}
