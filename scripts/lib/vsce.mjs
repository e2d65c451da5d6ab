// node vsce.mjs OUT: packs the folder it runs in, which holds just what is shipped. See vsix.mjs.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const vsce = createRequire(import.meta.url)('@vscode/vsce');

const { repository } = JSON.parse(readFileSync('package.json', 'utf8'));

await vsce.createVSIX({
  packagePath: process.argv[2],
  dependencies: false,
  rewriteRelativeLinks: repository !== undefined,
  allowMissingRepository: true,
});
