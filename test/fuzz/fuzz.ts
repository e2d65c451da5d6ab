import { randomOf } from './mutate';
import { isRefusal, parsers } from './parsers';

export interface FuzzResult {
  readonly name: string;
  readonly cases: number;
  /** Those that ended with a typed error; the others could be read in spite of what was done to them. */
  readonly refused: number;
  readonly ms: number;
  /** The longest of all cases. */
  readonly worstMs: number;
  /** What was thrown that is no typed error, with the seed of the case, a few of them. */
  readonly finds: readonly string[];
}

/** No parser may take longer for one case, on whatever machine. */
const patienceMs = 5_000;
const mostFinds = 5;

/** Case n of a parser is made from seed and n alone, so that it can be made again. */
export async function fuzz(name: string, cases: number, seed: number): Promise<FuzzResult> {
  const parse = parsers[name]?.();
  if (!parse) throw new Error(`there is no parser ${name}`);
  const finds: string[] = [];
  const started = performance.now();
  let [worstMs, refused] = [0, 0];
  for (let n = 0; n < cases; n++) {
    const began = performance.now();
    try {
      const made = parse(randomOf(seed * 1_000_003 + n));
      const read: unknown = made instanceof Promise ? await made : made;
      if (isRefusal(read)) refused += 1;
    } catch (error) {
      finds.push(`seed ${seed}, case ${n}: ${error instanceof Error ? error.stack : String(error)}`);
    }
    if (Reflect.get({}, 'polluted') !== undefined) {
      Reflect.deleteProperty(Object.prototype, 'polluted');
      finds.push(`seed ${seed}, case ${n}: the prototype of all objects was changed`);
    }
    const ms = performance.now() - began;
    worstMs = Math.max(worstMs, ms);
    if (ms > patienceMs) finds.push(`seed ${seed}, case ${n}: took ${Math.round(ms)} ms`);
    if (finds.length >= mostFinds)
      return { name, cases: n + 1, refused, ms: performance.now() - started, worstMs, finds };
  }
  return { name, cases, refused, ms: performance.now() - started, worstMs, finds };
}
