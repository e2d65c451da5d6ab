// npm test: installs what is missing, checks, builds, and runs all suites, as many side by side as there are cores.
//   --only unit|keychain|host|package|ui  one suite, without the checks
//   --grep <expression>       only tests whose name matches
//   --vscode-version 1.110    that version instead of the newest that is known
import { parseArgs } from 'node:util';
import { endChildrenOnSignals } from './lib/children.mjs';
import { ensureDependencies } from './lib/npm.mjs';
import { countFailure, finish, section, underWay } from './lib/report.mjs';
import {
  check,
  editor,
  host,
  keychain,
  lanes,
  packages,
  packaging,
  step,
  testsNow,
  ui,
  unit,
} from './lib/suites.mjs';
import { removeTemporaryFolder } from './lib/temporary.mjs';

const suites = { unit, keychain, host, package: packaging, ui };
const limitMs = 19 * 60_000;
/** When the last journey begins; by then the long ones are over. */
const lastBeginningMs = 16.5 * 60_000;
const beginning = Date.now();

async function main() {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, grep: { type: 'string' }, 'vscode-version': { type: 'string' } },
  });
  const options = { grep: values.grep, vscodeVersion: values['vscode-version'] };
  if (values.only && !(values.only in suites))
    throw new Error(`--only takes one of: ${Object.keys(suites).join(', ')}`);

  if (!(await section('dependencies', dependencies))) return;
  const suite = (name) => () => section(`${name} tests`, () => suites[name](options));
  if (values.only) {
    if (await built(values.only)) await suite(values.only)();
    return;
  }
  const testable = built();
  const whenBuilt = (name) => async () => (await testable) && suite(name)();
  // What takes long begins early. The journeys come last and alone: they take every lane by themselves.
  await inLanes([
    () => testable,
    () => section('editor', () => editor(options)),
    () => section('lint', () => check('lint')),
    whenBuilt('host'),
    whenBuilt('unit'),
    () => section('types', () => check('check-types')),
    () => section('format', () => check('format:check')),
    whenBuilt('keychain'),
    whenBuilt('package'),
  ]);
  options.until = beginning + lastBeginningMs;
  await whenBuilt('ui')();
}

/** Packs where a suite looks at that, before dist/ holds what the others run. Resolves with whether all could be built. */
async function built(only) {
  const packed = !only || only === 'package' || only === 'ui';
  return (
    (!packed || (await section('packages', packages))) &&
    (await section('build', () => step('build'))) &&
    (await section('build of the tests', () => step('build:tests')))
  );
}

/** Runs jobs in their order, so many at a time as there are lanes. */
async function inLanes(jobs) {
  const lane = async () => {
    for (let job = jobs.shift(); job; job = jobs.shift()) await job();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function dependencies() {
  return { note: (await ensureDependencies()) ? 'installed' : 'up to date' };
}

/** A part, and the tests that it was at. */
function whereIn(title) {
  const tests = testsNow(title.replace(/ tests$/, ''));
  return tests.length > 0 ? `${title} (${tests.join(', ')})` : title;
}

endChildrenOnSignals((signal) => {
  console.log(`\nEnded by ${signal} during: ${underWay().map(whereIn).join('; ')}.`);
  countFailure();
  finish();
});
process.on('exit', removeTemporaryFolder);
setTimeout(() => process.kill(process.pid, 'SIGTERM'), limitMs).unref();

try {
  await main();
} catch (error) {
  console.error(error.message);
  countFailure();
}
process.exit(finish());
