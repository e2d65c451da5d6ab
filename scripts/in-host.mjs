// Runs a program inside the extension host of a real editor: node scripts/in-host.mjs FILE. What FILE exports as `run`
// is called there, with the variables of this process that begin with KUCOIN_.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { cleanEnvironment } from './lib/environment.mjs';
import { ownNode } from './lib/npm.mjs';
import { root } from './lib/paths.mjs';
import { ensureSystem } from './lib/system.mjs';
import { removeTemporaryFolder, temporaryEnvironment, temporaryFolder } from './lib/temporary.mjs';
import { findDesktop } from './workbench/desktop.mjs';
import { fetchServer } from './workbench/fetch.mjs';

const desktop = findDesktop();
if (!desktop) await ensureSystem('browser');
const server = desktop ? {} : { KUCOIN_SERVER: JSON.stringify(await fetchServer()) };
const { status } = spawnSync(ownNode, [join(root, 'scripts', 'host-tests.mjs')], {
  cwd: root,
  env: cleanEnvironment({
    ...temporaryEnvironment(),
    ...server,
    KUCOIN_SERVER_LOG: join(temporaryFolder(), 'server.log'),
    KUCOIN_HOST_PROGRAM: resolve(process.argv[2]),
  }),
  stdio: 'inherit',
});
removeTemporaryFolder();
process.exitCode = status ?? 1;
