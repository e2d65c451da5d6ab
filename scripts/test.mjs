// npm test: installs what is missing, checks, builds, and runs all suites.
//   --only unit|keychain|host|package|ui  one suite, without the checks
//   --grep <expression>       only tests whose name matches
//   --vscode-version 1.110    that version instead of the newest that is known
import { parseArgs } from 'node:util';
import { endChildrenOnSignals } from './lib/children.mjs';
import { ensureDependencies } from './lib/npm.mjs';
import { countFailure, finish, section } from './lib/report.mjs';
import { check, host, keychain, packaging, step, ui, unit } from './lib/suites.mjs';
import { removeTemporaryFolder } from './lib/temporary.mjs';

const suites = { unit, keychain, host, package: packaging, ui };
const limitMs = 19 * 60_000;

async function main() {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, grep: { type: 'string' }, 'vscode-version': { type: 'string' } },
  });
  const options = { grep: values.grep, vscodeVersion: values['vscode-version'] };
  const wanted = values.only ? [values.only] : Object.keys(suites);
  if (!wanted.every((name) => name in suites))
    throw new Error(`--only takes one of: ${Object.keys(suites).join(', ')}`);

  if (!(await section('dependencies', dependencies))) return;
  if (!values.only) {
    await section('types', () => check('check-types'));
    await section('lint', () => check('lint'));
    await section('format', () => check('format:check'));
  }
  if (!(await section('build', () => step('build')))) return;
  if (!(await section('build of the tests', () => step('build:tests')))) return;
  for (const name of wanted) await section(`${name} tests`, () => suites[name](options));
}

async function dependencies() {
  return { note: (await ensureDependencies()) ? 'installed' : 'up to date' };
}

endChildrenOnSignals((signal) => {
  console.log(`\nEnded by ${signal}.`);
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
