/** A storm of balance events in the extension host of a real editor, with the view visible. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at, median, report } from './bench';

/** What the host measured. */
export interface HostStorm {
  readonly wanted: { readonly eventsPerSecond: number; readonly seconds: number };
  readonly events: number;
  readonly ms: number;
  /** Of the extension host, in user and system mode. */
  readonly cpuMs: number;
  readonly isExact: boolean;
  /** After garbage was collected: when ten seconds are over, and at the end. */
  readonly heapEarlyMb: number;
  readonly heapLateMb: number;
  readonly second: readonly Second[];
}

export interface Second {
  readonly redraws: number;
  /** How much later than asked a timer of one second came: how long others in that host may wait. */
  readonly lagMs: number;
}

const wanted: HostStorm['wanted'] = { eventsPerSecond: 5_000, seconds: 60 };
const root = join(__dirname, '..', '..', '..');

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'kucoin-storm-'));
  try {
    spawnSync(process.execPath, ['esbuild.js', '--production'], { cwd: root, stdio: 'inherit' });
    const results = join(folder, 'storm.json');
    const program = join(__dirname, 'host', 'storm.js');
    const ran = spawnSync(process.execPath, [join(root, 'scripts', 'in-host.mjs'), program], {
      cwd: root,
      env: { ...process.env, KUCOIN_STORM: JSON.stringify(wanted), KUCOIN_RESULTS: results },
      timeout: 240_000,
      encoding: 'utf8',
    });
    if (ran.status !== 0) throw new Error(`the storm broke off: ${(ran.stdout + ran.stderr).slice(-3_000)}`);
    tell(JSON.parse(readFileSync(results, 'utf8')) as HostStorm);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tell({ events, ms, cpuMs, isExact, heapEarlyMb, heapLateMb, second }: HostStorm): void {
  const what = 'Storm in a real extension host:';
  report({
    name: `${what} events that came`,
    figure: `${events.toLocaleString('en')} in ${(ms / 1000).toFixed(0)} s`,
  });
  const share = (100 * cpuMs) / ms;
  report({
    name: `${what} CPU of one core`,
    figure: `${share.toFixed(1)} %`,
    goal: '< 50 %',
    reached: share < 50,
  });
  const most = Math.max(...second.map(({ redraws, lagMs }) => redraws / (1 + lagMs / 1000)));
  report({
    name: `${what} most refreshes in a second`,
    figure: most.toFixed(1),
    goal: '≤ 10',
    reached: most <= 10,
  });
  report({ name: `${what} final picture exact`, figure: String(isExact), goal: 'true', reached: isExact });
  report({
    name: `${what} heap of the host after 10 s and at the end, collected`,
    figure: `${heapEarlyMb.toFixed(1)} and ${heapLateMb.toFixed(1)} MB`,
    goal: 'flat',
    reached: heapLateMb < heapEarlyMb + 5,
  });
  const lags = second.map(({ lagMs }) => lagMs);
  report({
    name: `${what} lateness of a timer, median and worst`,
    figure: `${median(lags).toFixed(0)} and ${at(lags, 1).toFixed(0)} ms`,
  });
}

main();
