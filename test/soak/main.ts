/**
 * `npm run soak -- --minutes 20 [--snapshots]`: the extension in a real host with everything on; are memory and handles
 * flat? Ends with a verdict for each of them, and with an error when one is not.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Sample, SoakOptions } from './host';

const root = join(__dirname, '..', '..', '..');
/** The first look costs what it costs: caches fill, documents are analysed for the first time. */
const warmUp = 0.2;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '20' }, snapshots: { type: 'boolean', default: false } },
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Error('--minutes wants a number');
  const results = join(root, 'artifacts', 'soak.jsonl');
  mkdirSync(join(root, 'artifacts'), { recursive: true });
  for (const file of [results, `${results}.errors`]) rmSync(file, { force: true });
  const options: SoakOptions = { minutes, results, snapshots: values.snapshots };
  const host = spawn(process.execPath, [join(root, 'scripts', 'in-host.mjs'), join(__dirname, 'host.js')], {
    cwd: root,
    env: { ...process.env, KUCOIN_SOAK: JSON.stringify(options) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const limit = setTimeout(() => host.kill(), minutes * 60_000 + 180_000);
  const [code] = (await once(host, 'exit')) as [number | null];
  clearTimeout(limit);
  const samples = existsSync(results)
    ? readFileSync(results, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Sample)
    : [];
  tell(samples);
  if (code !== 0) throw new Error(`the host ended with ${code}`);
}

interface Series {
  readonly name: string;
  readonly read: (sample: Sample) => number;
  /** What it may grow by from the first third of the time to the last one; without it there is no verdict. */
  readonly mayGrowBy?: number;
}

/**
 * What the editor itself keeps of each row of a tree that is drawn, MB: `ExtHostTreeView._createTreeNode` registers a
 * store for the row with the view, which keeps it, disposed, as long as the view lives (seen in VS Code 1.139: an object,
 * a set, its table and its map, 310 bytes in the heap snapshots of `--snapshots`).
 */
const rowMb = 310 / 2 ** 20;

/**
 * Growth from one third to the other is what a leak shows; a slope alone is made by whatever happens last. The
 * resident memory may grow by more than the heap: what was freed stays with the process for a while.
 */
function seriesOf(samples: readonly Sample[]): Series[] {
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  const each = (title: string, counts: (sample: Sample) => Readonly<Record<string, number>>): Series[] =>
    [...new Set(samples.flatMap((sample) => Object.keys(counts(sample))))]
      .sort()
      .map((kind) => ({ name: `  ${title} ${kind}`, read: (sample) => counts(sample)[kind] ?? 0 }));
  return [
    { name: 'heap after collection, MB', read: ({ heapMb }) => heapMb },
    { name: '  kept by the editor of rows, MB', read: ({ rows }) => rows * rowMb },
    { name: 'heap without these, MB', read: ({ heapMb, rows }) => heapMb - rows * rowMb, mayGrowBy: 3 },
    { name: 'resident memory, MB', read: ({ rssMb }) => rssMb },
    { name: 'buffers, MB', read: ({ externalMb }) => externalMb, mayGrowBy: 2 },
    {
      name: 'resident memory without these, MB',
      read: ({ rssMb, rows }) => rssMb - rows * rowMb,
      mayGrowBy: 15,
    },
    { name: 'handles', read: ({ handles }) => sum(handles), mayGrowBy: 3 },
    ...each('handles', ({ handles }) => handles),
    { name: 'timers', read: ({ handles }) => handles['Timeout'] ?? 0, mayGrowBy: 2 },
    { name: 'open files', read: ({ files }) => sum(files), mayGrowBy: 3 },
    ...each('files', ({ files }) => files),
    { name: 'listeners of the process', read: ({ listeners }) => listeners, mayGrowBy: 0.5 },
    { name: 'contexts', read: ({ contexts }) => contexts, mayGrowBy: 0.5 },
    { name: 'rounds that failed', read: ({ failed }) => failed, mayGrowBy: 0 },
  ];
}

/** @throws Error that names what is not flat */
function tell(samples: readonly Sample[]): void {
  const steady = samples.slice(Math.floor(samples.length * warmUp));
  const last = samples.at(-1);
  if (!last || steady.length < 3) throw new Error('too few samples');
  console.log(
    `${last.rounds} rounds, ${last.failed} failed, in ${last.seconds} s; steady from ${steady[0]?.seconds} s`,
  );
  const third = Math.ceil(steady.length / 3);
  const grew: string[] = [];
  for (const { name, read, mayGrowBy } of seriesOf(steady)) {
    const values = steady.map(read);
    const [first, end] = [mean(values.slice(0, third)), mean(values.slice(-third))];
    const perHour = slope(
      steady.map(({ seconds }) => seconds / 3600),
      values,
    );
    const range = `within ${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;
    const isFlat = mayGrowBy === undefined || end - first <= mayGrowBy;
    const verdict = mayGrowBy === undefined ? '' : isFlat ? 'FLAT   ' : 'GROWS  ';
    console.log(
      `${verdict.padEnd(7)} ${name.padEnd(34)} thirds ${first.toFixed(1)} to ${end.toFixed(1)}, ${range}; ${perHour.toFixed(2)} an hour`,
    );
    if (!isFlat) grew.push(name);
  }
  if (grew.length > 0) throw new Error(`not flat: ${grew.join(', ')}`);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of the straight line with the least squares. */
function slope(xs: readonly number[], ys: readonly number[]): number {
  const [x, y] = [mean(xs), mean(ys)];
  const over = xs.reduce((sum, value, index) => sum + (value - x) * ((ys[index] ?? y) - y), 0);
  const under = xs.reduce((sum, value) => sum + (value - x) ** 2, 0);
  return under === 0 ? 0 : over / under;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
