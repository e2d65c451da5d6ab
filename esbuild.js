// Builds dist/ (what ships) and, with --tests, out/ (sources and tests, file by file, for mocha).
'use strict';
const esbuild = require('esbuild');
const { cpSync, existsSync, mkdirSync, readdirSync, rmSync } = require('node:fs');
const path = require('node:path');

const flag = (name) => process.argv.includes(`--${name}`);
const production = flag('production');

/** What ships. Each entry is one file of dist/; a dynamic import of one of these stays a run-time load. */
const entries = {
  extension: 'src/extension.ts',
  services: 'src/services.ts',
  transport: 'src/kucoin/transport.ts',
  socket: 'src/kucoin/feed/socket.ts',
  sandbox: 'src/sandbox/main.ts',
  coding: 'src/ui/coding/main.ts',
  ws: 'node_modules/ws/index.js',
};

/** What `--only` builds beside the entry that it names. */
const needs = { sandbox: ['ws'] };

/** Keeps `import('./x')` of another entry out of the bundle, so that it costs nothing until it runs. */
const lazyEntries = {
  name: 'lazy-entries',
  setup(build) {
    build.onResolve({ filter: /^\./ }, (args) => {
      if (args.kind !== 'dynamic-import') return undefined;
      const target = path.relative(__dirname, path.resolve(args.resolveDir, `${args.path}.ts`));
      const entry = Object.entries(entries).find(([, file]) => path.normalize(file) === target);
      return entry ? { path: `./${entry[0]}.js`, external: true } : undefined;
    });
  },
};

/** The client's feeds and the sandbox share one copy of ws, which is loaded with the first of them. */
const sharedWs = {
  name: 'shared-ws',
  setup(build) {
    build.onResolve({ filter: /^ws$/ }, () => ({ path: './ws.js', external: true }));
  },
};

/**
 * The binaries of keytar that can be loaded, by where keytar looks for them: beside itself, by the platform and the
 * architecture that Node names. From the folders of the package: there, linux-arm holds a file for arm64, and all that
 * are named linuxmusl hold one for x64. No editor supported here runs on ia32. keytar does not know one C library of
 * Linux from the other, so the binary for musl has a keytar of its own.
 */
const keychainBinaries = {
  'prebuilds/darwin-arm64': 'darwin-arm64',
  'prebuilds/darwin-x64': 'darwin-x64',
  'prebuilds/linux-arm': 'linux-armv7l',
  'prebuilds/linux-arm64': 'linux-arm64',
  'prebuilds/linux-x64': 'linux-x64',
  'prebuilds/win32-arm64': 'win32-arm64',
  'prebuilds/win32-x64': 'win32-x64',
  'musl/prebuilds/linux-x64': 'linuxmusl-x64',
};

/** keytar finds its binary beside itself: it comes along as files, in dist/keytar, and is loaded from there. */
const keychain = {
  name: 'keychain',
  setup(build) {
    build.onResolve({ filter: /^keytar(\/musl)?$/ }, ({ path: name }) => ({
      path: `./${name}/lib/keytar.js`,
      external: true,
    }));
  },
};

function copyKeychain() {
  const from = path.join(__dirname, 'node_modules', 'keytar');
  const to = path.join(__dirname, 'dist', 'keytar');
  // It is an optional dependency.
  if (!existsSync(from)) return;
  const copy = (file, target = file) => {
    mkdirSync(path.dirname(path.join(to, target)), { recursive: true });
    cpSync(path.join(from, file), path.join(to, target));
  };
  for (const file of ['package.json', 'LICENSE.md', 'lib/keytar.js']) copy(file);
  copy('lib/keytar.js', 'musl/lib/keytar.js');
  for (const [folder, source] of Object.entries(keychainBinaries))
    copy(`prebuilds/${source}/keytar.node`, `${folder}/keytar.node`);
}

const common = {
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
};

function bundle(names) {
  return {
    ...common,
    entryPoints: Object.fromEntries(names.map((name) => [name, entries[name]])),
    outdir: 'dist',
    bundle: true,
    // ws works without these two, and asks for them at run time.
    external: ['vscode', 'bufferutil', 'utf-8-validate'],
    minify: production,
    sourcemap: production ? false : 'linked',
    metafile: true,
    legalComments: 'none',
    plugins: [lazyEntries, keychain, sharedWs],
  };
}

/** Each folder of src/webview with a main.ts is a page of its own: dist/webview/NAME.js and NAME.css. */
function pages() {
  const folder = path.join('src', 'webview');
  const entryPoints = readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'main.ts')))
    .flatMap((name) => [
      { in: path.join(folder, name, 'main.ts'), out: name },
      { in: path.join(folder, name, 'style.css'), out: name },
    ]);
  return {
    platform: 'browser',
    format: 'iife',
    target: 'chrome132',
    entryPoints,
    outdir: 'dist/webview',
    bundle: true,
    minify: production,
    // A page may load nothing, a source map neither: it comes along in the file.
    sourcemap: production ? false : 'inline',
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
  };
}

function sources(folder) {
  return readdirSync(folder, { recursive: true })
    .map((file) => path.join(folder, file))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
}

async function main() {
  const only = process.argv.indexOf('--only');
  const [one] = only > 0 ? process.argv.slice(only + 1) : [];
  const names = one ? [one, ...(needs[one] ?? [])] : Object.keys(entries);
  if (flag('tests')) {
    rmSync('out', { recursive: true, force: true });
    await esbuild.build({
      ...common,
      entryPoints: [...sources('src'), ...sources('test')],
      outdir: 'out',
      outbase: '.',
      sourcemap: 'inline',
    });
    return;
  }
  if (flag('watch')) {
    copyKeychain();
    for (const options of [bundle(names), pages()]) await (await esbuild.context(options)).watch();
    return;
  }
  if (only < 0) rmSync('dist', { recursive: true, force: true });
  if (only < 0) copyKeychain();
  await Promise.all([esbuild.build(bundle(names)), ...(only < 0 ? [esbuild.build(pages())] : [])]);
}

module.exports = { bundle, pages, entries };

if (require.main === module) {
  main().catch((error) => {
    // What esbuild found wrong it has printed itself.
    if (!error.errors) console.error(error);
    process.exitCode = 1;
  });
}
