import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Mocha from 'mocha';
import { emptyOutcome } from './outcome.mjs';

/**
 * Runs test files and resolves with what came of them (outcome.mjs). `bail` ends it with the first failure, `rootHooks`
 * are mocha's, `onTest(title)` hears which test runs. The journeys call it in their processes (journeyWorker.mjs).
 */
export async function runFiles({ files, timeoutMs, grep, bail = false, rootHooks, onTest }) {
  const options = { ui: 'bdd', timeout: timeoutMs, bail, forbidOnly: true, color: false, rootHooks };
  const mocha = new Mocha({ ...options, reporter: lines });
  if (grep) mocha.grep(new RegExp(grep));
  files.forEach((file) => mocha.addFile(file));
  await mocha.loadFilesAsync();
  const outcome = emptyOutcome();
  await new Promise((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('test', (test) => onTest?.(test.fullTitle()));
    collect(runner, outcome);
  });
  mocha.dispose();
  return outcome;
}

/**
 * The same, written to `results` as JSON. The file exists only when the run came to its end, so that a crash cannot be
 * taken for a success; a second one, `.now`, names the test that runs. Resolves with the number of failures. Used by
 * mocha.mjs and, inside the editor, by the host tests.
 */
export async function runMocha({ files, results, ...options }) {
  const record = recordIn(results);
  const outcome = await runFiles({ ...options, files: files.sort(), onTest: (title) => record.now([title]) });
  record.end(outcome);
  return outcome.failed;
}

/** Where a run says which tests it is at, and at its end what came of all. */
export function recordIn(results) {
  mkdirSync(dirname(results), { recursive: true });
  return {
    now: (titles) => writeFileSync(`${results}.now`, titles.join('\n')),
    end: (outcome) => writeFileSync(results, JSON.stringify(outcome, undefined, 2)),
  };
}

function collect(runner, outcome) {
  runner.on('pass', () => outcome.passed++);
  runner.on('pending', () => outcome.skipped++);
  runner.on('fail', (test, error) => {
    outcome.failed++;
    outcome.failures.push({ title: test.fullTitle(), why: error.stack ?? String(error) });
  });
}

/** A reporter for the log: one line for each test as it ends. */
function lines(runner) {
  runner.on('pass', (test) => console.log(`ok      ${test.fullTitle()} (${test.duration} ms)`));
  runner.on('pending', (test) => console.log(`skipped ${test.fullTitle()}`));
  runner.on('fail', (test, error) => console.log(`FAILED  ${test.fullTitle()}\n${error.stack ?? error}`));
}
