import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm, ownNode } from '../lib/npm.mjs';
import { cached } from './cache.mjs';
import { newest, recipe, releaseOf } from './versions.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** VS Code's server and a Node to run it, from the npm registry by way of the user's cache. */
export async function fetchServer(version = newest) {
  const release = releaseOf(version);
  const folder = await cached(`code-server-${release.codeServer}-r${recipe}`, (own) => install(own, release));
  return {
    version,
    main: join(serverFolder(folder), 'out', 'server-main.js'),
    node: await nodeFor(release.node),
  };
}

const serverFolder = (folder) => join(folder, 'node_modules', 'code-server', 'lib', 'vscode');

async function install(folder, { codeServer, ripgrep }) {
  const server = serverFolder(folder);
  await installInto(folder, `code-server@${codeServer}`);
  await npm([...installArguments, '--no-save', ...(ripgrep ? [ripgrep] : [])], {
    cwd: server,
    name: 'fetch-vscode-server',
  });
  await npm(installArguments, { cwd: join(server, 'extensions'), name: 'fetch-vscode-extensions' });
  const modules = join(server, 'node_modules', '@vscode');
  replaceNative(join(modules, 'spdlog'), 'spdlog.cjs');
  replaceNative(join(modules, 'native-watchdog'), 'native-watchdog.cjs');
  if (ripgrep) replaceNative(join(modules, 'ripgrep', 'lib'), 'ripgrep.cjs');
}

const installArguments = ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'];

async function installInto(folder, spec) {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await npm([...installArguments, '--no-save', spec], {
    cwd: folder,
    name: `fetch-${spec.replace(/@.*/, '')}`,
  });
}

/** Puts a plain module in the place of a native one, which would need a compiler on the user's machine. */
function replaceNative(folder, file) {
  if (!existsSync(folder)) throw new Error(`There is no ${folder} in this server: the recipe needs a look.`);
  cpSync(join(here, file), join(folder, 'index.js'));
}

async function nodeFor(major) {
  const [own] = process.versions.node.split('.');
  if (major === 24 && existsSync(ownNode)) return ownNode;
  if (Number(own) === major) return process.execPath;
  const folder = await cached(`node-${major}`, (target) => installInto(target, `${nodePackage()}@${major}`));
  return join(
    folder,
    'node_modules',
    nodePackage(),
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
}

/** The package that holds the program itself; the one called `node` only fetches it, in an install script. */
function nodePackage() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${platform}-${process.arch}`;
}
