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

/** A part of a campaign: so many schedules from this seed on. */
export interface Shard {
  readonly schedules: number;
  readonly seed: number;
}

/** Parts of the same seeds as the whole, each played once. */
export function shardsOf(schedules: number, seed: number, parts: number): Shard[] {
  const count = Math.max(Math.min(parts, schedules), 1);
  const startOf = (part: number): number => Math.floor((schedules * part) / count);
  return Array.from({ length: count }, (_, part) => ({
    schedules: startOf(part + 1) - startOf(part),
    seed: seed + startOf(part),
  }));
}

/** Plays schedules one after the other; the same seed plays the same ones. */
export async function campaign(schedules: number, seed: number): Promise<CampaignResult> {
  const started = process.hrtime.bigint();
  const tally = new Tally();
  for (let n = 0; n < schedules; n++) {
    const played: ScheduleResult = await new Schedule(seed + n).run();
    const problems = played.problems.map((problem) => `seed ${played.seed}: ${problem}`);
    tally.add({ ...played, schedules: 1, problems });
  }
  return tally.result(Number(process.hrtime.bigint() - started) / 1e9);
}

/** The result of parts that were played at the same time. */
export function together(parts: readonly CampaignResult[]): CampaignResult {
  const tally = new Tally();
  for (const part of parts) tally.add(part);
  return tally.result(Math.max(0, ...parts.map(({ seconds }) => seconds)));
}

class Tally {
  private readonly faults = new Map<string, number>();
  private readonly verdicts = new Map<string, number>();
  private readonly unknown = { all: 0, decided: 0, undecidable: 0 };
  private readonly problems: string[] = [];
  private schedules = 0;
  private transfers = 0;

  add(part: Omit<CampaignResult, 'seconds'>): void {
    merge(this.faults, part.faults);
    merge(this.verdicts, part.verdicts);
    this.unknown.all += part.unknown.all;
    this.unknown.decided += part.unknown.decided;
    this.unknown.undecidable += part.unknown.undecidable;
    this.schedules += part.schedules;
    this.transfers += part.transfers;
    this.problems.push(...part.problems);
  }

  result(seconds: number): CampaignResult {
    const { schedules, transfers, faults, verdicts, unknown, problems } = this;
    return { schedules, transfers, faults, verdicts, unknown, problems, seconds };
  }
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
