/** A change of the exchange's clock. Several members apply in the order given here. */
export interface ClockChange {
  /** Milliseconds ahead of (or behind) the machine's clock from now on. */
  readonly skewMs?: number;
  /** Milliseconds since the epoch that it shall be now. */
  readonly now?: number;
  /** Milliseconds to go forward. */
  readonly advanceMs?: number;
  /** `true` stops the clock, `false` lets it run on. */
  readonly frozen?: boolean;
}

/** The exchange's time in milliseconds, which tests can move and stop. */
export class ExchangeClock {
  private since: number;
  private value: number;
  private frozen = false;

  constructor(private readonly machine: () => number) {
    this.since = machine();
    this.value = this.since;
  }

  now(): number {
    return Math.floor(this.frozen ? this.value : this.value + this.machine() - this.since);
  }

  change(change: ClockChange): void {
    const machine = this.machine();
    const start = change.skewMs === undefined ? this.now() : machine + change.skewMs;
    this.value = (change.now ?? start) + (change.advanceMs ?? 0);
    this.since = machine;
    this.frozen = change.frozen ?? this.frozen;
  }

  reset(): void {
    this.frozen = false;
    this.since = this.machine();
    this.value = this.since;
  }
}
