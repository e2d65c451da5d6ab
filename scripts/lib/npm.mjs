import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, tail } from './children.mjs';
import { installEnvironment } from './environment.mjs';
import { logs, root } from './paths.mjs';

/** Runs npm; throws with the end of its output when it fails. */
export async function npm(args, { cwd = root, name, timeoutMs = 10 * 60_000 }) {
  const log = join(logs, `${name}.log`);
  const result = await runNpm(args, { cwd, env: installEnvironment(), log, timeoutMs });
  if (result.ok) return;
  const why = result.timedOut ? `did not end within ${timeoutMs / 1000} s` : `failed (${result.code})`;
  throw new Error(`npm ${args.join(' ')} ${why}:\n${tail(log)}`);
}

/** Runs a script of package.json. */
export function npmScript(script, { log, timeoutMs }) {
  return runNpm(['run', '--silent', script], { cwd: root, env: installEnvironment(), log, timeoutMs });
}

function runNpm(args, options) {
  const [command, ...before] = npmCommand();
  return run(command, [...before, ...args], options);
}

/** The npm that started us with its own Node: ours may be the one in node_modules, which `npm ci` replaces. */
function npmCommand() {
  const { npm_execpath: script, npm_node_execpath: node = process.execPath } = process.env;
  if (script && /npm-cli\.c?js$/.test(script) && existsSync(script) && existsSync(node))
    return [node, script];
  return process.platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c', 'npm'] : ['npm'];
}

/** True when node_modules holds just what the lock file says; npm notes there what it has installed. */
function installed() {
  const notes = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(notes) || !existsSync(ownNode)) return false;
  const present = packagesOf(notes);
  const wanted = packagesOf(join(root, 'package-lock.json'));
  delete wanted[''];
  const missing = Object.keys(wanted).filter((path) => !present[path] && !wanted[path].optional);
  const other = Object.keys(present).filter((path) => present[path].integrity !== wanted[path]?.integrity);
  return missing.length + other.length === 0;
}

const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/** `npm ci`, when it is needed. Says whether it was. */
export async function ensureDependencies() {
  if (installed()) return false;
  const options = [
    '--include=dev',
    '--include=optional',
    '--ignore-scripts=false',
    '--no-audit',
    '--no-fund',
  ];
  await npm(['ci', ...options], { name: 'npm-ci' });
  return true;
}

/** Node 24, the version that the editor's extension host runs; tests use it instead of the caller's. */
export const ownNode = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);
