// npm run bench: builds, runs every program of test/bench one after the other, prints one table and keeps it in
// docs/benchmarks.md. The programs compare with a baseline of the same run; none fails because a machine is slow.
//   npm run bench -- sign list     only these, and nothing is kept
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { ensureDependencies, ownNode } from './lib/npm.mjs';
import { root } from './lib/paths.mjs';

await ensureDependencies();
const { format } = await import('prettier');
const built = spawnSync(process.execPath, ['esbuild.js', '--tests'], { cwd: root, stdio: 'inherit' });
if (built.status !== 0) process.exit(1);

const folder = join(root, 'out', 'test', 'bench');
const ending = '.bench.js';
const wanted = process.argv.slice(2);
const names = readdirSync(folder)
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length))
  .filter((name) => wanted.length === 0 || wanted.includes(name));

const results = [];
const broken = [];
for (const name of names) {
  console.log(`\n== ${name}`);
  const program = fork(join(folder, `${name}${ending}`), {
    cwd: root,
    execPath: ownNode,
    execArgv: ['--expose-gc', '--enable-source-maps'],
  });
  program.on('message', (result) => results.push(result));
  const [code] = await once(program, 'exit');
  if (code !== 0) broken.push(name);
}

const cell = (text = '') => String(text).replaceAll('|', '\\|');
const outcome = ({ goal, reached }) =>
  goal === undefined ? '' : `${goal}${reached === undefined ? '' : reached ? ', reached' : ', **missed**'}`;
const table = await format(
  [
    '| What | Figure | Baseline | Ratio | Goal |',
    '|---|---|---|---|---|',
    ...results.map((each) =>
      [each.name, each.figure, each.baseline, each.ratio?.toFixed(2), outcome(each)].map(cell).join(' | '),
    ),
  ].join('\n'),
  { parser: 'markdown' },
);
console.log(`\n${table}`);
if (broken.length > 0) console.log(`Broken off: ${broken.join(', ')}`);

if (wanted.length === 0 && broken.length === 0) {
  const node = spawnSync(ownNode, ['--version'], { encoding: 'utf8' }).stdout.trim();
  const [cpu] = cpus();
  const text = `# Benchmarks

The last whole run of \`npm run bench\`, on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}),
${Math.round(totalmem() / 2 ** 30)} GB of memory, ${type()}, Node ${node}. Each baseline was measured in the same run, in turns with what it is
compared with; a ratio above 1 is better than the baseline. A single figure says little on another machine; the ratios do.

${table}`;
  writeFileSync(join(root, 'docs', 'benchmarks.md'), await format(text, { parser: 'markdown' }));
}
process.exitCode = broken.length > 0 ? 1 : 0;
