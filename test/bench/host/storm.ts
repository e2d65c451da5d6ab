import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension';
import type { Services } from '../../../src/services';
import { accountsViewId } from '../../../src/ui/commandTable';
import type { HostStorm, Second } from '../hostStorm.bench';

/**
 * A storm of balance events on an extension host of a real editor, whose view is visible: the local KuCoin runs in a
 * process of its own, so that only the work of this side is measured. Runs inside the extension host.
 */
const types = ['main', 'trade'] as const;
const currencies = ['USDT', 'BTC', 'KCS'];

interface LocalKucoin {
  readonly spot: string;
  readonly futures: string;
  readonly control: string;
}

interface LedgerRow {
  readonly uid: number;
  readonly type: string;
  readonly currency: string;
  readonly total: string;
}

/** The editor calls this. */
export async function run(): Promise<void> {
  const { KUCOIN_RESULTS: results = '', KUCOIN_STORM: wanted = '' } = process.env;
  const { eventsPerSecond, seconds } = JSON.parse(wanted) as HostStorm['wanted'];
  const services = await open();
  const child = fork(join(__dirname, '..', '..', '..', '..', 'dist', 'sandbox.js'), [], { silent: true });
  try {
    const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    const sandbox = JSON.parse(line.toString()) as LocalKucoin;
    writeLease(services, sandbox, child.pid ?? 0);
    await vscode.commands.executeCommand('kucoin.demo.openToday');
    await vscode.commands.executeCommand(`${accountsViewId}.focus`);
    await until(() => optionsOf(services).live.status.state === 'live', 'the feed');
    const redraws = countRedraws(services);
    // What the first look costs is over.
    await delay(3_000);
    redraws.clear();
    const usage = process.cpuUsage();
    const started = performance.now();
    await post(sandbox, 'storm', { eventsPerSecond, seconds, types, currencies });
    let heapEarlyMb = NaN;
    const redrawn: number[] = [];
    const lag: number[] = [];
    let isOver = false;
    while (!isOver) {
      const before = performance.now();
      await delay(1_000);
      lag.push(performance.now() - before - 1_000);
      redrawn.push(redraws.clear());
      if (redrawn.length === 10) heapEarlyMb = heapMb();
      isOver = !((await get(sandbox, 'storm')) as { readonly running: boolean }).running;
    }
    const { user, system } = process.cpuUsage(usage);
    const ms = performance.now() - started;
    // The last events are on their way, and no snapshot may do their work.
    const isExact = async (): Promise<boolean> => isSame(services, await rowsOf(sandbox));
    await until(isExact, 'the final picture');
    const { done } = (await get(sandbox, 'storm')) as { readonly done: number };
    const second: Second[] = redrawn.map((count, index) => ({
      redraws: count,
      lagMs: lag[index] ?? NaN,
    }));
    writeFileSync(
      results,
      JSON.stringify({
        events: done,
        ms,
        cpuMs: (user + system) / 1000,
        isExact: true,
        heapEarlyMb,
        heapLateMb: heapMb(),
        second,
      } satisfies Omit<HostStorm, 'wanted'>),
    );
  } finally {
    child.kill();
  }
}

/** What is left of the heap of the whole host after garbage was collected. */
function heapMb(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

async function open(): Promise<Services> {
  const extension = vscode.extensions.getExtension<TestApi>('kucoin-accounts.kucoin-accounts');
  if (!extension) throw new Error('the development extension is not there');
  return (await extension.activate()).services();
}

/** Its own file is how a window finds the local KuCoin of another one. */
function writeLease({ sandboxes }: Services, { spot, futures, control }: LocalKucoin, pid: number): void {
  const { folder } = (sandboxes as unknown as { readonly options: { readonly folder: string } }).options;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'sandbox-today.lease.json'), JSON.stringify({ pid, spot, futures, control }));
}

interface ViewOptions {
  readonly live: { readonly status: { readonly state: string } };
  fire: (nodes: unknown) => void;
}

function optionsOf({ accounts }: Services): ViewOptions {
  return (accounts as unknown as { readonly options: ViewOptions }).options;
}

/** How often the editor is told to draw rows again. */
function countRedraws(services: Services): { clear(): number } {
  const options = optionsOf(services);
  const { fire } = options;
  let count = 0;
  options.fire = (nodes) => {
    count++;
    fire(nodes);
  };
  return {
    clear: () => {
      const was = count;
      count = 0;
      return was;
    },
  };
}

async function rowsOf(sandbox: LocalKucoin): Promise<LedgerRow[]> {
  const { rows } = (await get(sandbox, 'ledger')) as { readonly rows: readonly LedgerRow[] };
  const [first] = rows.filter(({ type, currency }) => type === 'main' && currency === 'USDT');
  return rows.filter(
    ({ uid, type, currency }) =>
      uid === first?.uid && types.includes(type as 'main') && currencies.includes(currency),
  );
}

function isSame({ sessions }: Services, rows: readonly LedgerRow[]): boolean {
  const portfolio = sessions.opened?.portfolio;
  return (
    rows.length === types.length * currencies.length &&
    rows.every(({ type, currency, total }) => portfolio?.balance({ type }, currency)?.total === total)
  );
}

async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Waited for ${what}`);
    await delay(50);
  }
}

async function get({ control }: LocalKucoin, path: string): Promise<unknown> {
  return (await fetch(`${control}/${path}`)).json();
}

async function post({ control }: LocalKucoin, path: string, body: unknown): Promise<void> {
  const reply = await fetch(`${control}/${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`);
}
