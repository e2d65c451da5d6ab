/** One line of the table that `npm run bench` prints at its end. */
export interface Result {
  /** What was measured. */
  readonly name: string;
  readonly figure: string;
  /** What it is compared with, measured in the same run, and its figure. */
  readonly baseline?: string;
  /** How often the figure of the baseline is contained in it, or the other way round where less is better: more is better. */
  readonly ratio?: number;
  readonly goal?: string;
  /** Left out where there is no goal. */
  readonly reached?: boolean;
}

/** Tells a result: in words, and to `npm run bench` where that has started the program. */
export function report(result: Result): void {
  const { name, figure, baseline, ratio, goal, reached } = result;
  const details = [
    ...(baseline === undefined ? [] : [`baseline ${baseline}`]),
    ...(ratio === undefined ? [] : [`ratio ${ratio.toFixed(2)}`]),
    ...(goal === undefined
      ? []
      : [`goal ${goal}${reached === undefined ? '' : `: ${reached ? 'reached' : 'MISSED'}`}`]),
  ];
  console.log(`${name}: ${figure}${details.length === 0 ? '' : ` (${details.join('; ')})`}`);
  process.send?.(result);
}

/**
 * Compares ways of doing the same work in one run. Each round does both, one right after the other and in turns
 * first, so that whatever else the machine does meets them alike; the median of the ratios of all rounds counts.
 * A slow machine never fails a run.
 */
export interface Contender {
  readonly name: string;
  /** Does the work this many times. */
  readonly run: (times: number) => void | Promise<void>;
}

export interface Comparison {
  readonly title: string;
  readonly baseline: Contender;
  readonly contender: Contender;
  /** The rate of the contender should be at least this share of the baseline's. */
  readonly goal: number;
  readonly rounds: number;
  /** Times per round. */
  readonly times: number;
}

export async function compare(comparison: Comparison): Promise<void> {
  const { title, baseline, contender, goal, rounds, times } = comparison;
  const rates = new Map<Contender, number[]>([
    [baseline, []],
    [contender, []],
  ]);
  const warmUp = Math.ceil(rounds / 5);
  for (let round = -warmUp; round < rounds; round++) {
    const order = round % 2 === 0 ? [baseline, contender] : [contender, baseline];
    for (const one of order) {
      const start = process.hrtime.bigint();
      await one.run(times);
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      if (round >= 0) rates.get(one)?.push(times / seconds);
    }
  }
  const [base = [], own = []] = [rates.get(baseline), rates.get(contender)];
  const ratios = own.map((rate, round) => rate / (base[round] ?? NaN)).sort((a, b) => a - b);
  const ratio = median(ratios);
  report({
    name: `${title}: ${contender.name}`,
    figure: `${rate(median(own))}/s`,
    baseline: `${baseline.name}: ${rate(median(base))}/s`,
    ratio,
    goal: `ratio ≥ ${goal}`,
    reached: ratio >= goal,
  });
}

export function median(values: readonly number[]): number {
  return at(values, 0.5);
}

/** The value that this share of all is below; NaN where there is none. */
export function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

function rate(value: number): string {
  return value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en');
}
