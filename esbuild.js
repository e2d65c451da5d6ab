// Builds dist/ (what ships) and, with --tests, out/ (sources and tests, file by file, for mocha).
'use strict';
const esbuild = require('esbuild');
const { existsSync, readdirSync, rmSync } = require('node:fs');
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
};

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
    external: ['vscode', 'keytar', 'bufferutil', 'utf-8-validate'],
    minify: production,
    sourcemap: production ? false : 'linked',
    metafile: true,
    legalComments: 'none',
    plugins: [lazyEntries],
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
  const names = only > 0 ? [process.argv[only + 1]] : Object.keys(entries);
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
    for (const options of [bundle(names), pages()]) await (await esbuild.context(options)).watch();
    return;
  }
  if (only < 0) rmSync('dist', { recursive: true, force: true });
  await Promise.all([esbuild.build(bundle(names)), ...(only < 0 ? [esbuild.build(pages())] : [])]);
}

main().catch(() => {
  process.exitCode = 1;
});
