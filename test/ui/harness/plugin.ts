import type { Context } from 'mocha';
import { reportCanary, takeCanary } from './canary';
import type { Canary } from './canary';
import { enterJourney, logs, saveEvidence, screenshots } from './journal';
import { closeAfterTest, closeBrowser } from './launch';

/** What scripts/journeys.mjs asks of the harness: around each test, in each worker at its end, and after all workers. */
export const rootHooks = {
  beforeEach(this: Context): void {
    enterJourney(this.currentTest?.file);
  },
  async afterEach(this: Context): Promise<void> {
    if (this.currentTest?.state !== 'passed') await saveEvidence(this.currentTest?.title ?? 'test');
    await closeAfterTest();
  },
};

export async function leave(): Promise<Canary> {
  await closeBrowser();
  return takeCanary();
}

export function conclude(canaries: readonly Canary[]): void {
  reportCanary(canaries, [logs, screenshots]);
}
