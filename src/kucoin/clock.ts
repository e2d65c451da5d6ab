import type { Time } from './time';

/** How far two clocks may have run apart before the offset is measured again: a suspend, or a clock that was set. */
const driftMs = 1_000;

/**
 * The time of the exchange, from timed calls of `/timestamp`.
 *
 * It runs on the monotonic clock, so that setting the computer's clock changes nothing; when wall clock and
 * monotonic clock have drifted apart (the machine slept), the measurement is made anew.
 */
export class ExchangeClock {
  private measured:
    { readonly server: number; readonly monotonic: number; readonly wall: number } | undefined;
  private running: Promise<void> | undefined;

  /**
   * @param readServerTime answers milliseconds since the epoch. It may call `leaves` when the request leaves, each
   *   time that it sends one, so that waiting before it does not count as time on the way.
   */
  constructor(
    private readonly time: Time,
    private readonly readServerTime: (leaves: () => void) => Promise<number>,
  ) {}

  /** Milliseconds since the epoch, integer; measures first where nothing valid is known. */
  async now(): Promise<number> {
    if (!this.valid) await this.measure();
    return this.estimate();
  }

  /** The best guess without a call: the exchange's time when measured, else this machine's. */
  estimate(): number {
    if (!this.measured) return Math.round(this.time.now());
    return Math.round(this.measured.server + this.time.monotonic() - this.measured.monotonic);
  }

  /** How far the exchange is ahead of this machine, ms; `undefined` when not measured yet. */
  get offset(): number | undefined {
    return this.measured && Math.round(this.measured.server - this.measured.wall);
  }

  /** Measures now. Calls at the same time share one measurement; a failed one is forgotten. */
  measure(): Promise<void> {
    this.running ??= this.readOnce().finally(() => (this.running = undefined));
    return this.running;
  }

  /** Whether a measurement holds, so that `estimate` is the time of the exchange. */
  get valid(): boolean {
    if (!this.measured) return false;
    const wall = this.time.now() - this.measured.wall;
    const monotonic = this.time.monotonic() - this.measured.monotonic;
    return Math.abs(wall - monotonic) < driftMs;
  }

  private async readOnce(): Promise<void> {
    let start = this.time.monotonic();
    const server = await this.readServerTime(() => (start = this.time.monotonic()));
    const monotonic = this.time.monotonic();
    // The server read its clock somewhere between; the middle halves the error.
    this.measured = { server: server + (monotonic - start) / 2, monotonic, wall: this.time.now() };
  }
}
