import { isEnding } from './children.mjs';

const totals = { passed: 0, failed: 0, skipped: 0 };
const beginning = Date.now();

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

const under = new Set();

/**
 * One part of the run, which others may run beside; it is told of when it is over. `work` resolves with what came of it:
 * nothing, or an outcome (outcome.mjs) or part of one, with a note. An error that it throws counts as one failure.
 * Resolves with whether nothing failed.
 */
export async function section(title, work) {
  const since = Date.now();
  under.add(title);
  const outcome = await attempt(work);
  // A signal ends the run; what it did to this part is no result.
  if (isEnding()) await new Promise(() => {});
  under.delete(title);
  console.log(`\n== ${title}`);
  const { passed = 0, failed = 0, skipped = 0, retried = [], failures = [], late = [], note } = outcome;
  failures.forEach(printFailure);
  retried.forEach((title) => console.log(`   passed at the second attempt: ${title}`));
  if (late.length > 0) console.log(`   SKIPPED, no time was left for: ${late.join(', ')}`);
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
  const counts = passed + failed + skipped > 0 ? [summary(outcome)] : [];
  console.log(`   ${[...counts, ...(note ? [note] : []), seconds(since)].join(', ')}`);
  return failed === 0;
}

async function attempt(work) {
  try {
    return (await work()) ?? {};
  } catch (error) {
    return { failed: 1, failures: [{ title: error.message }] };
  }
}

function printFailure({ title, why }) {
  console.log(indent(`FAILED ${title}`, 3));
  if (why) console.log(indent(why, 5));
}

const indent = (text, width) => text.replace(/^/gm, ' '.repeat(width));

function summary({ passed = 0, failed = 0, skipped = 0 }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** The last line of the run, and its exit code. */
export function finish() {
  if (totals.skipped > 0) console.log(`\n${totals.skipped} skipped`);
  console.log(`\nTook ${seconds(beginning)}.\n${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed > 0 || totals.passed === 0 ? 1 : 0;
}

/** The parts that have begun and not ended. */
export const underWay = () => [...under];

export function countFailure() {
  totals.failed++;
}
