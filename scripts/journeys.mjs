// node scripts/journeys.mjs <pattern> --plugin <file> --workers <n> --results <file>
//   [--first <names>] [--until <time>] [--timeout <ms>] [--retries <n>] [--grep <expression>]
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
    retries: { type: 'string', default: '0' },
    grep: { type: 'string' },
  },
});
const plugin = resolve(values.plugin);
const options = { timeoutMs: Number(values.timeout), retries: Number(values.retries), grep: values.grep };
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

let outcome = emptyOutcome();
const now = new Map();
const remains = [];

/** One process, which runs file after file until none is left. */
function work() {
  const child = fork(join(root, 'scripts', 'lib', 'journeyWorker.mjs'), [plugin], {
    execArgv: ['--enable-source-maps'],
  });
  let file;
  let left = false;
  const next = () => {
    file = Date.now() < until ? waiting.shift() : undefined;
    child.send(file === undefined ? { leave: true } : { run: { ...options, files: [file] } });
  };
  child.on('message', (message) => {
    if (message.now !== undefined) {
      now.set(child, message.now);
      record.now([...now.values()]);
    }
    if (message.outcome) {
      outcome = plus(outcome, message.outcome);
      next();
    }
    if (message.remains) {
      remains.push(message.remains);
      left = true;
      now.delete(child);
    }
  });
  next();
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      if (!left) {
        const where = `${file === undefined ? 'a worker' : nameOf(file)} broke off`;
        outcome = withFailure(outcome, where, `${code ?? signal}, in "${now.get(child) ?? 'no test'}"`);
      }
      resolve();
    });
  });
}

await Promise.all(Array.from({ length: Number(values.workers) }, work));
if (waiting.length > 0 && Date.now() < until)
  outcome = withFailure(outcome, 'journeys that nobody ran', waiting.join('\n'));
else outcome = plus(outcome, { ...emptyOutcome(), skipped: waiting.length, late: waiting.map(nameOf) });
try {
  createRequire(import.meta.url)(plugin).conclude(remains);
} catch (error) {
  outcome = withFailure(outcome, 'after all journeys', error.stack);
}
record.end(outcome);
process.exit(outcome.failed > 0 ? 1 : 0);
