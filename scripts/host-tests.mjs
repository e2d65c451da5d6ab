// Runs the host tests in a desktop VS Code, or in the server and a browser; test.mjs starts it under Node 24.
// KUCOIN_SERVER, when set, holds { node, main } of the server; otherwise the desktop of this machine is used.
// KUCOIN_HOST_PROGRAM, when set, is run there instead of the tests; with KUCOIN_HOST_FOLDERS, in a workspace of two.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { cleanEnvironment } from './lib/environment.mjs';
import { root } from './lib/paths.mjs';
import { findDesktop } from './workbench/desktop.mjs';

const inBrowser = join(root, 'scripts', 'workbench', 'vscode-in-browser.mjs');
const vscodeExecutablePath = process.env.KUCOIN_SERVER ? inBrowser : findDesktop();
const home = mkdtempSync(join(tmpdir(), 'kucoin-host-'));
const folder = join(home, 'workspace');
mkdirSync(folder);
const opened = process.env.KUCOIN_HOST_FOLDERS ? workspaceOf(folder, join(home, 'other')) : folder;

try {
  await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: root,
    extensionTestsPath:
      process.env.KUCOIN_HOST_PROGRAM ?? join(root, 'out', 'test', 'host', 'runner', 'index.js'),
    extensionTestsEnv: cleanEnvironment(trustedCertificate()),
    launchArgs: [
      opened,
      `--user-data-dir=${join(home, 'user')}`,
      `--extensions-dir=${join(home, 'extensions')}`,
    ],
  });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function workspaceOf(...folders) {
  folders.forEach((each) => mkdirSync(each, { recursive: true }));
  const file = join(home, 'several.code-workspace');
  writeFileSync(file, JSON.stringify({ folders: folders.map((path) => ({ path })) }));
  return file;
}

/** A certificate that the system of the editor trusts, for the tests of proxies: the store of OpenSSL is this file. */
function trustedCertificate() {
  const { makeCertificate } = createRequire(import.meta.url)(
    join(root, 'out', 'test', 'unit', 'kucoin', 'localServer.js'),
  );
  const pair = makeCertificate('spot.kucoin.invalid', 'futures.kucoin.invalid');
  const file = join(home, 'trusted.pem');
  writeFileSync(file, pair.cert);
  return { SSL_CERT_FILE: file, KUCOIN_TRUSTED: JSON.stringify(pair) };
}
