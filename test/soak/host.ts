import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { getHeapStatistics, setFlagsFromString, writeHeapSnapshot } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/extension';
import type { Services } from '../../src/services';
import { accountsViewId } from '../../src/ui/commandTable';
import { Script } from '../host/suites/support/host';

/** One look at the extension host. */
export interface Sample {
  /** Since the start. */
  readonly seconds: number;
  /** After a full collection. */
  readonly heapMb: number;
  readonly rssMb: number;
  /** Of buffers, which lie beside the heap. */
  readonly externalMb: number;
  /** What keeps the process busy, by kind: sockets, timers, pipes. */
  readonly handles: Readonly<Record<string, number>>;
  /** Open files of the process, by kind; empty where the system does not tell. */
  readonly files: Readonly<Record<string, number>>;
  /** Listeners of the process itself: who adds one for each round leaks. */
  readonly listeners: number;
  /** Pages and scripts with a global object of their own. */
  readonly contexts: number;
  /** Rows of the trees that the editor has drawn so far. */
  readonly rows: number;
  /** Rounds of work so far, and those that failed. */
  readonly rounds: number;
  readonly failed: number;
}

export interface SoakOptions {
  readonly minutes: number;
  readonly results: string;
  /** Writes the heap to files beside the results, when it is warm and at the end. */
  readonly snapshots: boolean;
}

interface LocalKucoin {
  readonly spot: string;
  readonly futures: string;
  readonly control: string;
}

const everyMs = 10_000;

const program = `import { setTimeout } from 'node:timers/promises';
const base = 'https://api.kucoin.com';
export async function balances() {
  const reply = await fetch(base + '/api/v1/accounts?currency=USDT', { headers: { 'KC-API-KEY': 'x' } });
  await fetch(base + '/api/v1/hf/orders', { method: 'POST', body: '{}' });
  return reply.json();
}
`;

/**
 * Everything on, for as long as asked: live feeds, a market that moves, order book, portfolio panel, transfers now and
 * then, documents with calls. The local KuCoin runs in a process of its own, so that only this side is measured.
 * Runs inside the extension host.
 */
export async function run(): Promise<void> {
  const { minutes, results, snapshots } = JSON.parse(process.env['KUCOIN_SOAK'] ?? '') as SoakOptions;
  const services = await open();
  const child = fork(join(__dirname, '..', '..', '..', 'dist', 'sandbox.js'), [], { silent: true });
  try {
    const sandbox = await addressOf(child);
    writeLease(services, sandbox, child.pid ?? 0);
    await vscode.commands.executeCommand('kucoin.demo.openToday');
    await vscode.commands.executeCommand(`${accountsViewId}.focus`);
    await fetch(`${sandbox.control}/life`, { method: 'POST', body: JSON.stringify({ everyMs: 2_000 }) });
    await command(services, 'kucoin.portfolio.openPanel', new Script());
    await vscode.commands.executeCommand('workbench.action.newGroupRight');
    await command(services, 'kucoin.market.orderBook', new Script('KCS-USDT'));
    await vscode.commands.executeCommand('workbench.action.newGroupBelow');
    const collect = collector();
    const started = performance.now();
    const counts = { rounds: 0, failed: 0, rows: 0 };
    countRows(services.accounts.tree, counts);
    countRows(services.history.tree, counts);
    while (performance.now() - started < minutes * 60_000) {
      const next = started + everyMs * (counts.rounds + 1);
      try {
        await round(services, counts.rounds);
      } catch (error) {
        counts.failed += 1;
        appendFileSync(`${results}.errors`, `${error instanceof Error ? error.stack : String(error)}\n`);
      }
      counts.rounds += 1;
      await delay(Math.max(next - performance.now(), 0));
      collect();
      const { heapUsed, rss, external } = process.memoryUsage();
      const sample: Sample = {
        seconds: Math.round((performance.now() - started) / 1000),
        heapMb: heapUsed / 2 ** 20,
        rssMb: rss / 2 ** 20,
        externalMb: external / 2 ** 20,
        handles: countBy(process.getActiveResourcesInfo()),
        files: countBy(openFiles()),
        listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
        contexts: getHeapStatistics().number_of_native_contexts,
        ...counts,
      };
      appendFileSync(results, `${JSON.stringify(sample)}\n`);
      const isWarm = counts.rounds === Math.floor(minutes * 2);
      if (snapshots && isWarm) writeHeapSnapshot(`${results}.warm.heapsnapshot`);
    }
    if (snapshots) writeHeapSnapshot(`${results}.end.heapsnapshot`);
  } finally {
    child.kill();
  }
}

/** What a person does in ten seconds, more or less. */
async function round(services: Services, number: number): Promise<void> {
  await edit(number);
  if (number % 3 === 0) {
    const there = number % 2 === 0;
    const [from = '', to = ''] = there ? ['Funding', 'Spot'] : ['Spot', 'Funding'];
    const answers = ['USDT', from, to, '0.5', 'Continue to the confirmation…'];
    await command(services, 'kucoin.transfer.inner', new Script(...answers));
  }
  if (number % 4 === 1) await services.accounts.refresh();
  if (number % 6 === 2) {
    const profileId = services.sessions.profile?.id;
    const argument = { kind: 'balance', profileId, type: 'main', currency: 'USDT' };
    await command(services, 'kucoin.ledger.show', new Script(), argument);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
}

/** A document with calls is written, read by all providers, and closed. */
async function edit(number: number): Promise<void> {
  const language = ['typescript', 'python', 'javascript'][number % 3] ?? 'typescript';
  const document = await vscode.workspace.openTextDocument({ language, content: program.repeat(20) });
  const editor = await vscode.window.showTextDocument(document);
  for (let i = 0; i < 10; i++)
    await editor.edit((change) => change.insert(new vscode.Position(i, 0), `// ${number} ${i}\n`));
  const place = document.positionAt(document.getText().indexOf('/api/v1/accounts') + 3);
  await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, place);
  await vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri);
  await vscode.commands.executeCommand('vscode.executeCompletionItemProvider', document.uri, place);
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}

async function command(services: Services, id: string, prompt: Script, argument?: unknown): Promise<void> {
  services.answerWith({ prompt, confirm: () => Promise.resolve(true) });
  await vscode.commands.executeCommand(id, argument);
}

async function open(): Promise<Services> {
  const extension = vscode.extensions.getExtension<TestApi>('kucoin-accounts.kucoin-accounts');
  if (!extension) throw new Error('the development extension is not there');
  return (await extension.activate()).services();
}

async function addressOf(child: ChildProcess): Promise<LocalKucoin> {
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  return JSON.parse(line.toString()) as LocalKucoin;
}

/** Its own file is how a window finds the local KuCoin of another one. */
function writeLease({ sandboxes }: Services, { spot, futures, control }: LocalKucoin, pid: number): void {
  const { folder } = (sandboxes as unknown as { readonly options: { readonly folder: string } }).options;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'sandbox-today.lease.json'), JSON.stringify({ pid, spot, futures, control }));
}

/** Only with this are two figures of the heap comparable: an ordinary collection leaves what caches hold. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options: object) => void;
  return () => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

function countRows(tree: { getTreeItem: (node: never) => vscode.TreeItem }, counts: { rows: number }): void {
  const draw = tree.getTreeItem.bind(tree);
  tree.getTreeItem = (node: never) => {
    counts.rows += 1;
    return draw(node);
  };
}

/** `socket:[12]` becomes socket. */
function openFiles(): string[] {
  try {
    return readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).replace(/:.*/, '').replace(/^\/.*/, 'file');
      } catch {
        return []; // closed meanwhile
      }
    });
  } catch {
    return []; // no such thing on this system
  }
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
