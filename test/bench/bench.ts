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
  const quarter = (n: number): string => (ratios[Math.floor((ratios.length * n) / 4)] ?? NaN).toFixed(2);
  console.log(
    [
      title,
      `  ${contender.name}: ${format(median(own))}/s`,
      `  baseline, ${baseline.name}: ${format(median(base))}/s`,
      `  ratio ${ratio.toFixed(2)} (half of the rounds ${quarter(1)} to ${quarter(3)}), goal at least ${goal}: ${ratio >= goal ? 'reached' : 'missed'}`,
    ].join('\n'),
  );
}

function median(values: readonly number[] = []): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function format(rate: number): string {
  return Math.round(rate).toLocaleString('en');
}
