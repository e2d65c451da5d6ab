/**
 * What a journal costs: an append with its flush beside a bare write and fsync, and opening one of 100,000 transfers.
 * Run it on a disk that is a disk: a file system in memory has no flush to compare with.
 */
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decimal } from '../../src/kucoin/decimal';
import { historyPage } from '../../src/transfers/history';
import { own } from '../../src/transfers/intent';
import { TransferJournal } from '../../src/transfers/journal';
import { encodeHeader, encodeRecord } from '../../src/transfers/journalFormat';
import { nodeJournalFile } from '../../src/transfers/nodeJournalFile';
import type { JournalEntry, JournalRecord } from '../../src/transfers/records';
import { compare, median, report } from './bench';

const folder = mkdtempSync(path.join(process.cwd(), '.journal-bench-'));
const startOfTime = 1_766_000_000_000;

function planned(transfer: string): Extract<JournalEntry, { readonly state: 'planned' }> {
  const [from, to] = [own('main'), own('trade')];
  const body = `{"clientOid":"${transfer}","currency":"USDT","from":"main","to":"trade","amount":"12.5"}`;
  return {
    transfer,
    leg: 0,
    state: 'planned',
    profile: { id: 'p1', name: 'Main', environment: 'LIVE', world: 'today' },
    currency: 'USDT',
    amount: decimal('12.5'),
    from,
    to,
    legs: [{ endpoint: 'innerTransfer', clientOid: transfer, from, to, body }],
    available: { from: decimal('100'), to: decimal('7.5') },
  };
}

function recordsOf(n: number): JournalRecord[] {
  const transfer = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const common = { transfer, leg: 0, at: startOfTime + n, writer: '4711-0123456789ab' } as const;
  const available = { from: decimal('100'), to: decimal('7.5') };
  return [
    { ...planned(transfer), ...common, id: `${common.writer}-${3 * n}` },
    {
      ...common,
      state: 'sent',
      exchangeTime: startOfTime + n,
      attempt: 1,
      available,
      id: `${common.writer}-${3 * n + 1}`,
    },
    {
      ...common,
      state: 'settled',
      by: 'reply',
      orderId: '65aa0000000000000000e001',
      id: `${common.writer}-${3 * n + 2}`,
    },
  ];
}

async function appending(): Promise<void> {
  const journal = await TransferJournal.open(nodeJournalFile(path.join(folder, 'appended')), {
    writer: 'bench',
    now: () => startOfTime,
  });
  let n = 0;
  const line = Buffer.from(
    `\n${encodeRecord({ ...planned('x'.repeat(36)), id: 'bench-1', at: startOfTime, writer: 'bench' })}`,
  );
  const bare = openSync(path.join(folder, 'bare'), 'a');
  await compare({
    title: 'one record of a journal on the disk',
    baseline: {
      name: 'write and fsync',
      run: (times) => {
        for (let i = 0; i < times; i++) {
          writeSync(bare, line);
          fsyncSync(bare);
        }
      },
    },
    contender: {
      name: 'append',
      run: async (times) => {
        for (let i = 0; i < times; i++)
          await journal.append(planned(`00000000-0000-4000-8000-${String(++n).padStart(12, '0')}`));
      },
    },
    goal: 0.7,
    rounds: 101,
    times: 15,
  });
  closeSync(bare);
}

async function opening(): Promise<void> {
  const file = path.join(folder, 'large');
  const lines = [encodeHeader()];
  for (let n = 0; n < 100_000; n++) lines.push(...recordsOf(n).map(encodeRecord));
  await writeFile(file, `\n${lines.join('\n')}\n`);
  const { length } = await readFile(file);
  const times: number[] = [];
  const pages: number[] = [];
  const open = async (): Promise<[TransferJournal, number]> => {
    const start = performance.now();
    const journal = await TransferJournal.open(nodeJournalFile(file), {
      writer: 'bench',
      now: () => startOfTime,
    });
    return [journal, performance.now() - start];
  };
  const [first, firstTime] = await open();
  await first.refresh(); // its index is saved
  for (let round = 0; round < 9; round++) {
    const [journal, time] = await open();
    times.push(time);
    const before = performance.now();
    const page = historyPage(journal, { isAlive: () => false }, { offset: 50_000, limit: 100 });
    pages.push(performance.now() - before);
    if (page.total !== 100_000 || page.records.length !== 100) throw new Error('the page is not whole');
  }
  const name = `a journal of 100,000 transfers, ${(length / 1e6).toFixed(0)} MB`;
  report({
    name: `${name}: opened`,
    figure: `${median(times).toFixed(0)} ms at the median, ${Math.max(...times).toFixed(0)} ms at worst`,
    baseline: `without its index, as once after an upgrade: ${firstTime.toFixed(0)} ms`,
    ratio: firstTime / median(times),
    goal: '< 300 ms',
    reached: median(times) < 300,
  });
  report({ name: `${name}: a page of 100 in its middle`, figure: `${median(pages).toFixed(1)} ms` });
}

void appending()
  .then(opening)
  .finally(() => rmSync(folder, { recursive: true, force: true }));
