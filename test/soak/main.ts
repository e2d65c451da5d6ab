/** `npm run soak -- --minutes 20`: the extension in a real host with everything on; are memory and handles flat? */
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
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '20' } } });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Error('--minutes wants a number');
  const results = join(root, 'artifacts', 'soak.jsonl');
  mkdirSync(join(root, 'artifacts'), { recursive: true });
  for (const file of [results, `${results}.errors`]) rmSync(file, { force: true });
  const options: SoakOptions = { minutes, results };
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

function tell(samples: readonly Sample[]): void {
  const steady = samples.slice(Math.floor(samples.length * warmUp));
  const last = samples.at(-1);
  if (!last || steady.length < 3) throw new Error('too few samples');
  console.log(
    `${last.rounds} rounds, ${last.failed} failed, in ${last.seconds} s; steady from ${steady[0]?.seconds} s`,
  );
  const kinds = [...new Set(steady.flatMap(({ handles }) => Object.keys(handles)))].sort();
  const series: [string, (sample: Sample) => number][] = [
    ['heap after collection, MB', ({ heapMb }) => heapMb],
    ['resident memory, MB', ({ rssMb }) => rssMb],
    ['handles', ({ handles }) => Object.values(handles).reduce((sum, count) => sum + count, 0)],
    ...kinds.map((kind): [string, (sample: Sample) => number] => [
      `  ${kind}`,
      ({ handles }) => handles[kind] ?? 0,
    ]),
  ];
  for (const [name, read] of series) {
    const values = steady.map(read);
    const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(1));
    const perHour = slope(
      steady.map(({ seconds }) => seconds / 3600),
      values,
    );
    const ends = [values[0], values.at(-1)].map((value) => value?.toFixed(1)).join(' to ');
    console.log(`${name.padEnd(28)} ${ends}, within ${least} to ${most}; ${perHour.toFixed(2)} an hour`);
  }
}

/** Of the straight line with the least squares. */
function slope(xs: readonly number[], ys: readonly number[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  const over = xs.reduce((sum, value, index) => sum + (value - x) * ((ys[index] ?? y) - y), 0);
  const under = xs.reduce((sum, value) => sum + (value - x) ** 2, 0);
  return under === 0 ? 0 : over / under;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
