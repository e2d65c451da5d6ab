import { Schedule, type ScheduleResult } from './schedule';

export interface CampaignResult {
  readonly schedules: number;
  readonly transfers: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly verdicts: ReadonlyMap<string, number>;
  readonly unknown: { readonly all: number; readonly decided: number; readonly undecidable: number };
  /** Each with the seed of its schedule, which repeats it. */
  readonly problems: readonly string[];
  readonly seconds: number;
}

/** Plays schedules one after the other; the same seed plays the same ones. */
export async function campaign(schedules: number, seed: number): Promise<CampaignResult> {
  const started = process.hrtime.bigint();
  const faults = new Map<string, number>();
  const verdicts = new Map<string, number>();
  const unknown = { all: 0, decided: 0, undecidable: 0 };
  const problems: string[] = [];
  let transfers = 0;
  for (let n = 0; n < schedules; n++) {
    const result: ScheduleResult = await new Schedule(seed + n).run();
    merge(faults, result.faults);
    merge(verdicts, result.verdicts);
    unknown.all += result.unknown.all;
    unknown.decided += result.unknown.decided;
    unknown.undecidable += result.unknown.undecidable;
    transfers += result.transfers;
    problems.push(...result.problems.map((problem) => `seed ${result.seed}: ${problem}`));
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  return { schedules, transfers, faults, verdicts, unknown, problems, seconds };
}

/** Of the unknown outcomes that evidence can decide, the share that it did decide. */
export function decidedShare({ unknown }: CampaignResult): number {
  const decidable = unknown.all - unknown.undecidable;
  return decidable === 0 ? 1 : unknown.decided / decidable;
}

export function report(result: CampaignResult): string {
  const { schedules, transfers, faults, verdicts, unknown, problems, seconds } = result;
  return [
    `${schedules} schedules, ${transfers} transfers, ${seconds.toFixed(1)} s`,
    '',
    'faults',
    ...lines(faults),
    '',
    'verdicts, by leg',
    ...lines(verdicts),
    '',
    `unknown at some time: ${unknown.all}; decided by evidence: ${unknown.decided}; not decidable: ${unknown.undecidable}`,
    `share of the decidable ones that evidence decided: ${(decidedShare(result) * 100).toFixed(2)} %`,
    '',
    problems.length === 0 ? 'no problems' : `PROBLEMS: ${problems.length}`,
    ...problems.slice(0, 20),
  ].join('\n');
}

function merge(into: Map<string, number>, from: ReadonlyMap<string, number>): void {
  for (const [name, count] of from) into.set(name, (into.get(name) ?? 0) + count);
}

function lines(counts: ReadonlyMap<string, number>): string[] {
  return [...counts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `  ${String(count).padStart(8)}  ${name}`);
}
