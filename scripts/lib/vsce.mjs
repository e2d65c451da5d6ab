// node vsce.mjs OUT: packs the folder it runs in, which holds just what is shipped. See vsix.mjs.
import { createRequire } from 'node:module';

const vsce = createRequire(import.meta.url)('@vscode/vsce');

await vsce.createVSIX({
  packagePath: process.argv[2],
  dependencies: false,
  rewriteRelativeLinks: false,
  allowMissingRepository: true,
  ignoreFile: undefined,
});
