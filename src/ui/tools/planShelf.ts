import type { Plan } from '../../transfers/plan';

/** Plans older than this are not executed, ms: as the gate has it. */
export const planLifeMs = 5 * 60_000;

/** Plans that wait at most; the oldest gives way. */
const mostPlans = 20;
/** Ids of plans that are gone which are remembered, so that it can be said why. */
const mostGone = 200;

export type Gone = 'used' | 'expired' | 'dropped';

/** Plans that were made for somebody who names them by their id. Each is given away once, and to its profile only. */
export class PlanShelf {
  private readonly plans = new Map<string, Plan>();
  private readonly gone = new Map<string, Gone>();

  /** @param now wall clock, milliseconds since the epoch */
  constructor(private readonly now: () => number) {}

  /** @returns when it expires, milliseconds since the epoch */
  put(plan: Plan): number {
    this.tidy();
    this.plans.set(plan.id, plan);
    for (const id of [...this.plans.keys()].slice(0, -mostPlans)) this.drop(id, 'dropped');
    return plan.createdAt + planLifeMs;
  }

  /** The plan, or why there is none; `undefined` for an id that never was one. */
  look(id: string): Plan | Gone | undefined {
    this.tidy();
    return this.plans.get(id) ?? this.gone.get(id);
  }

  /** From now on the id is used, whatever becomes of the plan. */
  use(id: string): void {
    this.drop(id, 'used');
  }

  private tidy(): void {
    const now = this.now();
    for (const { id, createdAt } of [...this.plans.values()]) {
      // A clock that was set back makes no plan young again.
      if (Math.abs(now - createdAt) > planLifeMs) this.drop(id, 'expired');
    }
  }

  private drop(id: string, why: Gone): void {
    if (!this.plans.delete(id)) return;
    this.gone.set(id, why);
    for (const old of [...this.gone.keys()].slice(0, -mostGone)) this.gone.delete(old);
  }
}
