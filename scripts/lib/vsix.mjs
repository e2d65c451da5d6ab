import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { run, tail } from './children.mjs';
import { cleanEnvironment } from './environment.mjs';
import { ownNode } from './npm.mjs';
import { logs, root as here } from './paths.mjs';

/** Not at the top: what imports this file may have to install vsce first. */
const vsce = () => createRequire(import.meta.url)('@vscode/vsce');
const keytar = /^dist\/keytar\//;

/** What the manifest says to developers only. */
const ofDevelopers = [
  'private',
  'scripts',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'allowScripts',
];

/** The files that are shipped, by path below the checkout: what .vscodeignore leaves. They have to be built before. */
export async function shippedFiles({ root = here, withoutKeytar = false } = {}) {
  const { listFiles, PackageManager } = vsce();
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  return files.filter((file) => !withoutKeytar || !keytar.test(file)).sort();
}

/**
 * Builds a checkout for production and packs it. Two things decide about every byte, and both are pinned in
 * package.json: what is installed, and the Node that packs. So the same commit gives the same file anywhere: time,
 * order, and the permissions of files are taken from no machine. `built` says that dist/ is that build already.
 */
export async function pack({ root = here, out = inDist(root), withoutKeytar, built = false }) {
  if (!built) await node(root, [join(root, 'esbuild.js'), '--production'], 'package-build');
  const stage = mkdtempSync(join(tmpdir(), 'kucoin-package-'));
  try {
    const files = await shippedFiles({ root, withoutKeytar });
    for (const file of files) copy(join(root, file), join(stage, file));
    change(join(stage, 'package.json'), shippedManifest);
    change(join(stage, 'README.md'), standalone);
    mkdirSync(dirname(resolve(out)), { recursive: true });
    await node(stage, [join(here, 'scripts', 'lib', 'vsce.mjs'), resolve(out)], 'package-vsce');
    return {
      file: out,
      files: files.length,
      bytes: statSync(out).size,
      sha256: createHash('sha256').update(readFileSync(out)).digest('hex'),
    };
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

const inDist = (root) => join(root, 'dist', 'kucoin-accounts.vsix');

function shippedManifest(text) {
  const manifest = JSON.parse(text);
  for (const name of ofDevelopers) delete manifest[name];
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/**
 * A page of the editor or the marketplace shows no file that lies beside it: without a repository, of which vsce makes
 * addresses, pictures would be broken and links lead nowhere. So pictures are left out and links become their text.
 */
export function standalone(text) {
  if (readManifest().repository) return text;
  return text
    .replace(/<picture>[^]*?<\/picture>\n*/g, '')
    .replace(/!\[[^\]]*\]\((?!https:)[^)]*\)\n*/g, '')
    .replace(/\[([^\]]+)\]\((?!https:|#)[^)]*\)/g, '$1');
}

const readManifest = () => JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

function change(file, by) {
  writeFileSync(file, by(readFileSync(file, 'utf8')));
}

/** With the permissions of any file: what this machine gave it would be packed too. */
function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  chmodSync(to, 0o644);
}

async function node(cwd, args, name) {
  const log = join(logs, `${name}.log`);
  // The zip format knows local time only; its first second is the time of every file, unless somebody says another.
  const { SOURCE_DATE_EPOCH = '315532800' } = process.env;
  const env = cleanEnvironment({ SOURCE_DATE_EPOCH, TZ: 'UTC', LC_ALL: 'C' });
  const program = existsSync(ownNode) ? ownNode : process.execPath;
  const result = await run(program, args, { cwd, env, log, timeoutMs: 3 * 60_000 });
  if (!result.ok) throw new Error(`${name} failed (${result.code}):\n${tail(log)}`);
}
