import type { JournalFile } from '../../src/transfers/journalFile';
import type { Lease } from '../../src/transfers/lease';

/** The disk that all windows of a schedule share. */
export class Disk {
  bytes = Buffer.alloc(0);
  asides = 0;

  add(bytes: Buffer): number {
    this.bytes = Buffer.concat([this.bytes, bytes]);
    return this.bytes.length;
  }
}

/** What a window's disk does with one append. `torn`: a part is written, then the window is dead. */
export type DiskMood = 'works' | 'full' | 'fullTorn' | 'killedBefore' | 'killedTorn' | 'killedAfter';

export interface Mortal {
  readonly isDead: boolean;
  die(): void;
}

/** Nothing of a dead window ever comes back. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

/** The shared file as one window sees it. */
export class WindowFile implements JournalFile {
  constructor(
    private readonly disk: Disk,
    private readonly window: Mortal,
    private readonly mood: () => DiskMood,
  ) {}

  size(): Promise<number> {
    return this.window.isDead ? never() : Promise.resolve(this.disk.bytes.length);
  }

  read(offset: number): Promise<Buffer> {
    return this.window.isDead ? never() : Promise.resolve(this.disk.bytes.subarray(offset));
  }

  setAside(): Promise<string> {
    if (this.window.isDead) return never();
    this.disk.asides += 1;
    return Promise.resolve(`journal.damaged-${this.disk.asides}`);
  }

  append(bytes: Buffer): Promise<number> {
    if (this.window.isDead) return never();
    const mood = this.mood();
    const part = bytes.subarray(0, Math.floor(bytes.length / 2));
    switch (mood) {
      case 'works':
        return Promise.resolve(this.disk.add(bytes));
      case 'full':
      case 'fullTorn':
        if (mood === 'fullTorn') this.disk.add(part);
        return Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
      case 'killedBefore':
      case 'killedTorn':
      case 'killedAfter':
        if (mood !== 'killedBefore') this.disk.add(mood === 'killedTorn' ? part : bytes);
        this.window.die();
        return never();
    }
  }
}

/** One lease for all windows of a schedule; a dead window loses it. */
export class SharedLease {
  private holder: Mortal | undefined;

  for(window: Mortal): Lease {
    return {
      tryTake: () => {
        if (window.isDead) return never();
        if (this.holder && this.holder !== window && !this.holder.isDead) return Promise.resolve(false);
        this.holder = window;
        return Promise.resolve(true);
      },
      release: () => {
        if (this.holder === window) this.holder = undefined;
        return Promise.resolve();
      },
    };
  }
}
