// npm run bench: builds, then runs every program of test/bench, one after the other. They print; they never fail for a slow machine.
import { readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureDependencies, ownNode } from './lib/npm.mjs';
import { root } from './lib/paths.mjs';

await ensureDependencies();
spawnSync(process.execPath, ['esbuild.js', '--tests'], { cwd: root, stdio: 'inherit' });
const folder = join(root, 'out', 'test', 'bench');
for (const file of readdirSync(folder).filter((name) => name.endsWith('.bench.js'))) {
  console.log(`\n== ${file}`);
  spawnSync(ownNode, [join(folder, file)], { cwd: root, stdio: 'inherit' });
}
