import type { Time } from '../../../src/kucoin/time';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it. */
export class FakeTime implements Time {
  /** What `random` answers. */
  chance = 0.5;
  /** Every delay that was asked for, ms. */
  readonly delays: number[] = [];
  private wall: number;
  private ticks: number;
  private readonly sleepers = new Set<Sleeper>();

  constructor(wall = 1_700_000_000_000, monotonic = 5_000) {
    this.wall = wall;
    this.ticks = monotonic;
  }

  now(): number {
    return this.wall;
  }

  monotonic(): number {
    return this.ticks;
  }

  random(): number {
    return this.chance;
  }

  delay(ms: number, signal?: AbortSignal): Promise<void> {
    this.delays.push(ms);
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.sleepers.delete(sleeper);
        reject(signal?.reason as Error);
      };
      const sleeper: Sleeper = {
        at: this.ticks + Math.max(ms, 0),
        wake: () => {
          this.sleepers.delete(sleeper);
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      if (signal?.aborted) {
        abort();
        return;
      }
      signal?.addEventListener('abort', abort, { once: true });
      this.sleepers.add(sleeper);
    });
  }

  /** How many delays are running. */
  get sleeping(): number {
    return this.sleepers.size;
  }

  /** Moves both clocks on, waking whoever is due in order, each at its moment. */
  async advance(ms: number): Promise<void> {
    const target = this.ticks + ms;
    await settled();
    for (let next = this.next(); next && next.at <= target; next = this.next()) {
      this.move(next.at - this.ticks);
      next.wake();
      await settled();
    }
    this.move(target - this.ticks);
    await settled();
  }

  /** Moves on to the next delay; false when nobody waits. */
  async advanceToNext(): Promise<boolean> {
    await settled();
    const next = this.next();
    if (!next) return false;
    await this.advance(next.at - this.ticks);
    return true;
  }

  /** The machine slept: only the wall clock moved. Or somebody set it. */
  shiftWall(ms: number): void {
    this.wall += ms;
  }

  private move(ms: number): void {
    this.ticks += ms;
    this.wall += ms;
  }

  private next(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.sleepers) if (!first || sleeper.at < first.at) first = sleeper;
    return first;
  }
}

/** A clock for tests with real sockets: a delay ends at once, and the clock has moved on by it. */
export class HurriedTime extends FakeTime {
  override async delay(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const done = super.delay(ms, signal);
    setImmediate(() => void this.advance(ms));
    await done;
  }
}

/** Lets everything run that is ready to run. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
