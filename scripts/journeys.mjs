// node scripts/journeys.mjs <pattern> --plugin <file> --workers <n> --results <file>
//   [--first <names>] [--until <time>] [--timeout <ms>] [--grep <expression>]
// Runs files of journeys side by side, each worker with a browser of its own; suites.mjs starts it under Node 24. After
// the time, in milliseconds since 1970, none is begun any more; the ones that are left are named.
// The plugin is a module that exports `rootHooks` of mocha, `leave()`, called in each worker when it has no more to do,
// and `conclude(remains)`, called here with what each of them left.
import { fork } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { recordIn } from './lib/mocha.mjs';
import { emptyOutcome, plus, withFailure } from './lib/outcome.mjs';
import { root } from './lib/paths.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    plugin: { type: 'string' },
    workers: { type: 'string', default: '1' },
    results: { type: 'string' },
    first: { type: 'string', default: '' },
    until: { type: 'string', default: 'Infinity' },
    timeout: { type: 'string', default: '60000' },
    grep: { type: 'string' },
  },
});
const plugin = resolve(values.plugin);
const options = { timeoutMs: Number(values.timeout), grep: values.grep };
const record = recordIn(values.results);

const until = Number(values.until);
const nameOf = (file) => basename(file).replace(/\.journey\.js$/, '');
// Then the longest, by what stands in them: what begins last should not be what all wait for.
const first = values.first.split(',');
const waiting = positionals
  .flatMap((pattern) => globSync(pattern))
  .map((file) => ({ file: resolve(file), last: !first.includes(nameOf(file)), size: statSync(file).size }))
  .sort((one, other) => one.last - other.last || other.size - one.size)
  .map(({ file }) => file);

/** What a journey saw last can be a whole tree; the log has all of it. */
const firstLine = (why) => why.split('\n', 1)[0].slice(0, 200);

let outcome = emptyOutcome();
const now = new Map();
const remains = [];

/** Files one after the other until none is left; one that failed again at once, in a process of its own. */
async function lane() {
  let again = await work();
  while (again) again = await work(again);
}

/**
 * One process, which runs file after file. It leaves when there is none, or with the first that fails, and resolves with
 * that: { file, first }, the failures of its first attempt, which ended with the first of them.
 */
function work(begin) {
  const child = fork(join(root, 'scripts', 'lib', 'journeyWorker.mjs'), [plugin], {
    execArgv: ['--enable-source-maps'],
  });
  let job = begin;
  let again;
  const next = () => {
    const file = Date.now() < until ? waiting.shift() : undefined;
    job = file && { file };
  };
  const tell = () =>
    child.send(job ? { run: { ...options, files: [job.file], bail: !job.first } } : { leave: true });
  const end = (result) => {
    if (result.failed > 0 && !job.first && Date.now() < until) {
      again = { file: job.file, first: result.failures };
      job = undefined;
      return;
    }
    outcome = plus(outcome, result);
    if (job.first && result.failed === 0)
      outcome.retried.push(...job.first.map(({ title, why }) => `${title}; first: ${firstLine(why)}`));
    next();
  };
  child.on('message', (message) => {
    if (message.now !== undefined) {
      now.set(child, message.now);
      record.now([...now.values()]);
    }
    if (message.outcome) {
      end(message.outcome);
      tell();
    }
    if (message.remains) remains.push(message.remains);
  });
  // A message that no longer reaches a process that has just died: its end is heard below.
  child.on('error', () => {});
  if (!job) next();
  tell();
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      const where = `in "${now.get(child) ?? 'no test'}"`;
      now.delete(child);
      if (job)
        end(withFailure(emptyOutcome(), `${nameOf(job.file)} broke off`, `${code ?? signal}, ${where}`));
      resolve(again ?? job);
    });
  });
}

await Promise.all(Array.from({ length: Number(values.workers) }, lane));
outcome = plus(outcome, { ...emptyOutcome(), skipped: waiting.length, late: waiting.map(nameOf) });
try {
  createRequire(import.meta.url)(plugin).conclude(remains);
} catch (error) {
  outcome = withFailure(outcome, 'after all journeys', error.stack);
}
record.end(outcome);
process.exit(outcome.failed > 0 ? 1 : 0);
