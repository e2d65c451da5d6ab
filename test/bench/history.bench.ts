/**
 * What the view of transfers costs with a journal of 100,000: the first page, each next one, a search that finds
 * nothing, a change that comes in while much is shown; and for how long it keeps the editor's host from other work.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { decimal } from '../../src/kucoin/decimal';
import type { HistoryFilter } from '../../src/transfers/history';
import { FacetReader, HistoryList } from '../../src/transfers/historyList';
import { own } from '../../src/transfers/intent';
import { TransferJournal } from '../../src/transfers/journal';
import { encodeHeader, encodeRecord } from '../../src/transfers/journalFormat';
import { nodeJournalFile } from '../../src/transfers/nodeJournalFile';
import type { JournalRecord } from '../../src/transfers/records';
import { median, report } from './bench';

const folder = mkdtempSync(path.join(process.cwd(), '.history-bench-'));
const startOfTime = 1_766_000_000_000;
const count = 100_000;

function recordsOf(n: number): JournalRecord[] {
  const transfer = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const writer = '4711-0123456789ab';
  const common = { transfer, leg: 0, at: startOfTime + n * 60_000, writer } as const;
  const [from, to] = [own('main'), own('trade')];
  const body = `{"clientOid":"${transfer}","currency":"USDT","from":"main","to":"trade","amount":"12.5"}`;
  const available = { from: decimal('100'), to: decimal('7.5') };
  return [
    {
      ...common,
      id: `${writer}-${3 * n}`,
      state: 'planned',
      profile: { id: 'p1', name: 'Main', environment: 'LIVE', world: 'today' },
      currency: 'USDT',
      amount: decimal('12.5'),
      from,
      to,
      legs: [{ endpoint: 'innerTransfer', clientOid: transfer, from, to, body }],
      available,
    },
    {
      ...common,
      id: `${writer}-${3 * n + 1}`,
      state: 'sent',
      exchangeTime: common.at,
      attempt: 1,
      available,
    },
    {
      ...common,
      id: `${writer}-${3 * n + 2}`,
      state: 'settled',
      by: 'reply',
      orderId: '65aa0000000000000000e001',
    },
  ];
}

/** Runs and answers how long it took, and the longest time in which nothing else could run. */
async function timed(
  work: () => Promise<unknown>,
): Promise<{ readonly all: number; readonly longest: number }> {
  let longest = 0;
  let last = performance.now();
  let running = true;
  const watch = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (running) setImmediate(watch);
  };
  setImmediate(watch);
  const start = performance.now();
  last = start;
  await work();
  const all = performance.now() - start;
  longest = Math.max(longest, performance.now() - last);
  running = false;
  return { all, longest };
}

const megabytes = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
};

async function main(): Promise<void> {
  const file = path.join(folder, 'large');
  const lines = [encodeHeader()];
  for (let n = 0; n < count; n++) lines.push(...recordsOf(n).map(encodeRecord));
  await writeFile(file, `\n${lines.join('\n')}\n`);
  lines.length = 0;
  const options = { writer: 'bench', now: () => startOfTime };
  const opening = performance.now();
  const journal = await TransferJournal.open(nodeJournalFile(file), options);
  const opened = performance.now() - opening;
  const listOf = (filter: HistoryFilter): HistoryList =>
    new HistoryList(journal, { isAlive: () => false, filter, pageSize: 100, pause });
  const before = megabytes();

  const list = listOf({});
  const first = await timed(() => list.older());
  const pages: number[] = [];
  let longest = 0;
  for (let page = 0; page < 99; page++) {
    const each = await timed(() => list.older());
    pages.push(each.all);
    longest = Math.max(longest, each.longest);
  }
  const sync = await timed(async () => {
    await pause();
    list.sync();
  });
  const afterPages = megabytes();
  const nothing = listOf({ currency: 'NONE' });
  const search = await timed(() => nothing.older());
  const afterSearch = megabytes();
  const facets = await timed(() => new FacetReader(journal, pause).read());
  if (list.past.length !== 10_000 || nothing.hasOlder) throw new Error('the list is not whole');

  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const name = `the view of transfers over a journal of ${count.toLocaleString('en')}`;
  report({
    name: `${name}: first page of 100`,
    figure: `${ms(first.all)}, the journal opened in ${ms(opened)}`,
  });
  report({
    name: `${name}: each next page`,
    figure: `${ms(median(pages))} at the median, ${ms(Math.max(...pages))} at worst; nothing else could run for ${ms(longest)}`,
  });
  report({ name: `${name}: a change while 10,000 are shown`, figure: ms(sync.all) });
  report({
    name: `${name}: a search that finds nothing`,
    figure: `${ms(search.all)}; nothing else could run for ${ms(search.longest)}`,
  });
  report({
    name: `${name}: what there is to filter by`,
    figure: `${ms(facets.all)}; nothing else could run for ${ms(facets.longest)}`,
  });
  report({
    name: `${name}: heap`,
    figure: `${afterPages.toFixed(0)} MB with 10,000 shown, ${afterSearch.toFixed(0)} MB after the search`,
    baseline: `the journal alone: ${before.toFixed(0)} MB`,
    ratio: before / afterPages,
  });
}

void main().finally(() => rmSync(folder, { recursive: true, force: true }));
