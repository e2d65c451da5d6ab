/** `npm run fuzz -- --cases 100000 --seed 1 [--only NAME]`: malformed answers, frames, files, requests and programs. */
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz';
import { parsers } from './parsers';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
    },
  });
  const heap = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  const before = heap();
  let [cases, finds] = [0, 0];
  for (const name of Object.keys(parsers).filter((each) => each.includes(values.only))) {
    const result = await fuzz(name, Number(values.cases), Number(values.seed));
    cases += result.cases;
    finds += result.finds.length;
    const each = ((1_000 * result.ms) / result.cases).toFixed(1);
    console.log(
      `${name.padEnd(48)} ${result.cases} cases, ${each} µs each, worst ${result.worstMs.toFixed(0)} ms, ${result.finds.length} finds`,
    );
    for (const find of result.finds) console.log(`  ${find}`);
  }
  console.log(
    `${cases} cases, ${finds} finds; heap ${before.toFixed(1)} MB before, ${heap().toFixed(1)} MB after`,
  );
  process.exitCode = finds === 0 ? 0 : 1;
}

void main();
