import type { Host } from '../kucoin/vocabulary';
import type { FaultKind } from './faults';

/** What is known of a request when it arrives. No secrets: of the headers only the public key. */
export interface RequestHead {
  /** Exchange time in milliseconds. */
  readonly time: number;
  readonly host: Host;
  readonly method: string;
  /** Path with query. */
  readonly target: string;
  /** Name in the catalogue; absent for unknown paths. */
  readonly endpoint?: string;
  readonly key?: string;
  /** Text of the body. */
  readonly body: string;
  readonly faults: readonly FaultKind[];
}

/** What became of it. */
export interface RequestEnd {
  /** Uid of an accepted key. */
  readonly uid?: number;
  /** Times that the rule ran to its end: 0 refused or stopped by a fault, 2 doubled by one. */
  readonly executed: number;
  /** HTTP status of the answer; absent when none was sent. */
  readonly http?: number;
}

export interface RequestRecord extends RequestHead, RequestEnd {
  /** Counts from 1. */
  readonly number: number;
  /** `false` while it is delayed. */
  readonly done: boolean;
}

export interface RequestsView {
  readonly total: number;
  /** By endpoint name, or `GET /unknown/path`. */
  readonly counts: Readonly<Record<string, number>>;
  /** The last thousand, oldest first. */
  readonly recent: readonly RequestRecord[];
}

const recentLimit = 1000;

/** Every request to an exchange path, counted from its arrival. */
export class RequestLog {
  private total = 0;
  private readonly counts = new Map<string, number>();
  private readonly recent = new Map<number, RequestRecord>();

  /** Returns the function that notes the end. */
  begin(head: RequestHead): (end: RequestEnd) => void {
    const number = ++this.total;
    const name = head.endpoint ?? `${head.method} ${head.target.split('?')[0] ?? ''}`;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    this.recent.set(number, { number, ...head, executed: 0, done: false });
    this.recent.delete(number - recentLimit);
    return (end) => {
      const record = this.recent.get(number);
      if (record) this.recent.set(number, { ...record, ...end, done: true });
    };
  }

  view(): RequestsView {
    return { total: this.total, counts: Object.fromEntries(this.counts), recent: [...this.recent.values()] };
  }

  clear(): void {
    this.counts.clear();
    this.recent.clear();
    this.total = 0;
  }
}
