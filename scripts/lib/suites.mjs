import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDesktop } from '../workbench/desktop.mjs';
import { fetchServer } from '../workbench/fetch.mjs';
import { installExtension } from '../workbench/server.mjs';
import { run, tail } from './children.mjs';
import { cleanEnvironment } from './environment.mjs';
import { npmScript, ownNode } from './npm.mjs';
import { emptyOutcome, plus, withFailure } from './outcome.mjs';
import { packed, packElsewhere, packExtension, packWithoutKeytar } from './pack.mjs';
import { artifacts, findOnPath, logs, root } from './paths.mjs';
import { ensureSystem } from './system.mjs';
import { temporaryEnvironment } from './temporary.mjs';

const minutes = 60_000;

/** How much runs side by side. More than a few would wait for each other's disk and memory. */
export const lanes = Math.min(availableParallelism(), 4);

/** A check that passes or fails as a whole: a script of package.json. */
export async function check(script) {
  const log = join(logs, `${script.replace(':', '-')}.log`);
  const result = await npmScript(script, { log, timeoutMs: 8 * minutes });
  if (result.ok) return { passed: 1 };
  return { failed: 1, failures: [{ title: `npm run ${script}`, why: whyNot(result, log) }] };
}

/** A step that the suites need; it counts only when it fails. */
export async function step(script) {
  const outcome = await check(script);
  return outcome.failed ? outcome : {};
}

export function unit({ grep }) {
  return mochaSuite('unit', {
    pattern: 'out/test/unit/**/*.test.js',
    grep,
    timeoutMs: 8 * minutes,
    testMs: 60_000,
  });
}

/** All host tests, in one start of the editor: an installed one, or the server with a browser. */
export async function host({ grep, vscodeVersion }) {
  const desktop = vscodeVersion ? undefined : findDesktop();
  const server = desktop ? undefined : await prepareServer(vscodeVersion);
  const env = {
    ...(server && { KUCOIN_SERVER: JSON.stringify(server) }),
    ...(grep && { KUCOIN_GREP: grep }),
    KUCOIN_SERVER_LOG: join(logs, 'host.server.log'),
    KUCOIN_RESULTS: resultsOf('host'),
  };
  const tests = [join(root, 'scripts', 'host-tests.mjs')];
  const outcome = await suite('host', tests, env, 12 * minutes);
  return {
    ...(grep ? outcome : plus(outcome, await severalFolders(tests, env))),
    note: desktop ? 'in the installed VS Code' : `in the server of VS Code ${server.version}`,
  };
}

/** What a workspace of several folders can set, in a start of its own: an editor has one workspace. */
async function severalFolders(tests, env) {
  const log = join(logs, 'host-several-folders.log');
  const program = join(root, 'out', 'test', 'host', 'severalFolders.js');
  const folders = { KUCOIN_HOST_PROGRAM: program, KUCOIN_HOST_FOLDERS: 'several' };
  const result = await run(ownNode, tests, {
    cwd: root,
    env: cleanEnvironment({ ...temporaryEnvironment(), ...env, ...folders }),
    log,
    timeoutMs: minutes,
  });
  if (result.ok) return { ...emptyOutcome(), passed: 1 };
  return withFailure(emptyOutcome(), 'a workspace of several folders', whyNot(result, log));
}

/** The system keychain, on a D-Bus session and a keyring of its own in a temporary folder. */
export async function keychain({ grep }) {
  if (process.platform !== 'linux') return { skipped: 1, note: 'the keyring of Linux only' };
  await ensureSystem('keyring');
  const home = mkdtempSync(join(tmpdir(), 'kucoin-keyring-'));
  const env = { HOME: home, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home, XDG_CACHE_HOME: home };
  try {
    return await mochaSuite('keychain', {
      pattern: 'out/test/keychain/**/*.test.js',
      grep,
      timeoutMs: 2 * minutes,
      testMs: 20_000,
      env,
      // The session ends with the tests, and the keyring with the session.
      inside: [findOnPath('dbus-run-session'), '--'],
    });
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** The editor that the suites run in, and what it needs of the system. */
export async function editor({ vscodeVersion }) {
  await ensureSystem('browser', ...(process.platform === 'linux' ? ['keyring'] : []));
  const { version } = await fetchServer(vscodeVersion);
  return { note: `VS Code ${version}` };
}

/** Builds for production, and packs all that the suites look at. */
export async function packages() {
  await packExtension();
  await packWithoutKeytar();
  await packElsewhere();
}

/** What stands in the packed extension, whether it is the same everywhere, and how large it is. */
export function packaging({ grep }) {
  const env = {
    KUCOIN_VSIX: packed.extension,
    KUCOIN_VSIX_ELSEWHERE: packed.elsewhere,
    KUCOIN_VSIX_WITHOUT_KEYTAR: packed.withoutKeytar,
  };
  const pattern = 'out/test/package/**/*.test.js';
  return mochaSuite('package', { pattern, grep, timeoutMs: 2 * minutes, testMs: 20_000, env });
}

/**
 * Journeys through the packed extension, in the server with a browser. A file in which one fails runs once more from its
 * beginning: on a busy machine the workbench can lose a hover or the focus. The report names each that needed it. After
 * the time `until` no file is begun any more, so that a slow machine still tells what it found; the report names the rest.
 */
export async function ui(options) {
  if (process.platform === 'linux') await ensureSystem('keyring');
  return inWorkbench('ui', 'out/test/ui/journeys/**/*.journey.js', options, lanes);
}

/** The same, for the pictures of the README, which are taken and kept in docs/images. */
export function pictures(options) {
  return inWorkbench('pictures', 'out/test/ui/pictures/**/*.journey.js', options, 1);
}

async function inWorkbench(name, pattern, { grep, vscodeVersion, until }, workers) {
  const server = await prepareServer(vscodeVersion);
  const extensionsDir = join(artifacts, 'extensions');
  rmSync(extensionsDir, { recursive: true, force: true });
  rmSync(join(artifacts, 'screenshots'), { recursive: true, force: true });
  const log = join(logs, 'install-extension.log');
  await installExtension({ server, vsix: packed.extension, extensionsDir, log });
  const args = [
    ...[join(root, 'scripts', 'journeys.mjs'), pattern, '--results', resultsOf(name)],
    ...['--plugin', 'out/test/ui/harness/plugin.js', '--workers', String(workers)],
    ...['--timeout', '90000', '--first', 'smoke,mainJob'],
    ...(until ? ['--until', String(until)] : []),
    ...(grep ? ['--grep', grep] : []),
  ];
  const env = { KUCOIN_SERVER: JSON.stringify(server), KUCOIN_EXTENSIONS: extensionsDir };
  return { ...(await suite(name, args, env, 14 * minutes)), note: `VS Code ${server.version}` };
}

async function prepareServer(version) {
  await ensureSystem('browser');
  return fetchServer(version);
}

function mochaSuite(name, { pattern, grep, timeoutMs, testMs, env = {}, inside = [] }) {
  const script = join(root, 'scripts', 'mocha.mjs');
  const args = [
    '--enable-source-maps',
    script,
    pattern,
    '--results',
    resultsOf(name),
    '--timeout',
    String(testMs),
  ];
  return suite(name, grep ? [...args, '--grep', grep] : args, env, timeoutMs, inside);
}

const resultsOf = (name) => join(artifacts, `${name}-results.json`);

/** Runs a suite under Node 24, `inside` another program if need be, and counts by the file it leaves; without one it did not come to its end. */
async function suite(name, args, env, timeoutMs, inside = []) {
  const log = join(logs, `${name}.log`);
  const results = resultsOf(name);
  mkdirSync(artifacts, { recursive: true });
  [results, nowOf(results)].forEach((file) => rmSync(file, { force: true }));
  const [command, ...before] = [...inside, ownNode];
  const result = await run(command, [...before, ...args], {
    cwd: root,
    env: cleanEnvironment({ ...temporaryEnvironment(), ...env }),
    log,
    timeoutMs,
  });
  if (!existsSync(results))
    return withFailure(emptyOutcome(), `${name}: ${broke(name)}`, whyNot(result, log));
  const outcome = JSON.parse(readFileSync(results, 'utf8'));
  if (outcome.passed + outcome.failed === 0) return withFailure(outcome, `${name}: there was no test`);
  if (outcome.failed === 0 && !result.ok)
    return withFailure(outcome, `${name} did not end well`, whyNot(result, log));
  return outcome;
}

const nowOf = (results) => `${results}.now`;

/** The tests that a suite is at, or was at when it broke off. */
export function testsNow(name) {
  const now = nowOf(resultsOf(name));
  return existsSync(now) ? readFileSync(now, 'utf8').split('\n').filter(Boolean) : [];
}

function broke(name) {
  const tests = testsNow(name);
  return tests.length > 0 ? `broke off in "${tests.join('", "')}"` : 'broke off before the first test';
}

function whyNot({ code, timedOut, error }, log) {
  const how = timedOut
    ? 'it took too long and was ended'
    : `exit code ${code}${error ? ` (${error.message})` : ''}`;
  return `${how}; the end of ${log}:\n${tail(log, 25)}`;
}
