// npm start: builds the extension and opens it in VS Code; where none is installed, serves VS Code to a browser.
//   --port N                  the port to serve on, instead of a free one
//   --no-open                 serve in any case, open no window
//   --vscode-version 1.110    that version instead of the newest that is known
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endChildrenOnSignals, run, tail } from './lib/children.mjs';
import { cleanEnvironment } from './lib/environment.mjs';
import { ensureDependencies, npmScript } from './lib/npm.mjs';
import { writeDemoProfile } from './lib/demoProfile.mjs';
import { packExtension } from './lib/pack.mjs';
import { logs, root } from './lib/paths.mjs';
import { findDesktop } from './workbench/desktop.mjs';
import { fetchServer } from './workbench/fetch.mjs';
import { installExtension, startServer, stopServers } from './workbench/server.mjs';
import { quietSettings } from './workbench/settings.mjs';

const { values } = parseArgs({
  options: { port: { type: 'string' }, 'no-open': { type: 'boolean' }, 'vscode-version': { type: 'string' } },
});
const home = mkdtempSync(join(tmpdir(), 'kucoin-start-'));

async function stop() {
  await stopServers();
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

async function main() {
  if (await ensureDependencies()) console.log('Dependencies installed.');
  const folder = join(home, 'sample');
  cpSync(join(root, 'scripts', 'sample'), folder, { recursive: true });
  const version = values['vscode-version'];
  const desktop = values['no-open'] || values.port || version ? undefined : findDesktop();
  await (desktop ? openDesktop(desktop, folder) : serve(folder, version));
}

async function openDesktop(program, folder) {
  const log = join(logs, 'build.log');
  const built = await npmScript('build', { log, timeoutMs: 120_000 });
  if (!built.ok) throw new Error(`npm run build failed:\n${tail(log)}`);
  const profile = [`--user-data-dir=${join(home, 'user')}`, `--extensions-dir=${join(home, 'extensions')}`];
  writeDemoProfile(join(home, 'user', 'User'));
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const args = [...sandbox, ...profile, '--new-window', `--extensionDevelopmentPath=${root}`, folder];
  console.log('VS Code opens with KuCoin Accounts. Close its window, or press Ctrl-C here, to end.');
  await run(program, args, { env: cleanEnvironment(), log: join(logs, 'desktop.log') });
}

async function serve(folder, version) {
  console.log('Getting VS Code ready; the first time takes about half a minute.');
  const release = await fetchServer(version);
  const extensionsDir = join(home, 'extensions');
  const log = join(logs, 'start.log');
  await installExtension({ server: release, vsix: await packExtension(), extensionsDir, log });
  const server = await startServer({
    server: release,
    port: Number(values.port ?? 0),
    extensionsDir,
    settings: quietSettings,
    prepare: writeDemoProfile,
    log,
  });
  const url = `${server.url}?folder=${encodeURIComponent(folder)}`;
  console.log(`\nVS Code with KuCoin Accounts is at ${url}`);
  console.log('Click the KuCoin icon at the left: the demo account is there. Press Ctrl-C here to end.\n');
  console.log(JSON.stringify({ url }));
  const code = await server.exited;
  throw new Error(`The VS Code server ended (${code}):\n${tail(log)}`);
}

const ending = endChildrenOnSignals(stop);
try {
  await main();
  await stop();
} catch (error) {
  if (!ending()) {
    console.error(error.message);
    await stop();
    process.exit(1);
  }
}
