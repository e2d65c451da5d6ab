export type Cancel = () => void;

interface Job {
  /** Exchange time in milliseconds. */
  due: number;
  /** Milliseconds from one run to the next, or to the only one. */
  readonly span: number;
  readonly repeats: boolean;
  readonly run: () => void;
}

/**
 * Work for later, by the exchange's time: moving that clock makes it due. One timer serves all of it, and there is
 * none while there is no work.
 */
export class Agenda {
  private readonly jobs = new Set<Job>();
  private timer: NodeJS.Timeout | undefined;

  /** @param now the exchange's time in milliseconds */
  constructor(private readonly now: () => number) {}

  /** Jobs that wait; without any there is no timer. */
  get size(): number {
    return this.jobs.size;
  }

  after(ms: number, run: () => void): Cancel {
    return this.add({ due: this.now() + ms, span: ms, repeats: false, run });
  }

  /** After a jump of the clock it runs once, not for every time that was missed. */
  every(ms: number, run: () => void): Cancel {
    return this.add({ due: this.now() + ms, span: Math.max(ms, 1), repeats: true, run });
  }

  /** Does what is due by now, earliest first. To be called when the clock was moved. */
  run(): void {
    const now = this.now();
    // A clock that was moved back puts nothing off for longer than planned.
    for (const job of this.jobs) job.due = Math.min(job.due, now + job.span);
    for (let job = this.earliest(); job && job.due <= now; job = this.earliest()) {
      if (job.repeats) job.due = now + job.span;
      else this.jobs.delete(job);
      job.run();
    }
    this.arm();
  }

  clear(): void {
    this.jobs.clear();
    this.arm();
  }

  private add(job: Job): Cancel {
    this.jobs.add(job);
    this.arm();
    return () => {
      if (this.jobs.delete(job)) this.arm();
    };
  }

  private earliest(): Job | undefined {
    let first: Job | undefined;
    for (const job of this.jobs) if (!first || job.due < first.due) first = job;
    return first;
  }

  private arm(): void {
    clearTimeout(this.timer);
    const next = this.earliest();
    this.timer = next && setTimeout(() => this.run(), Math.max(1, next.due - this.now())).unref();
  }
}
