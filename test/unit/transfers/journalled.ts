import { decimal } from '../../../src/kucoin/decimal';
import { own } from '../../../src/transfers/intent';
import { TransferJournal } from '../../../src/transfers/journal';
import type { JournalEntry, PlannedRecord } from '../../../src/transfers/records';
import { MemoryFile, startOfTime } from './support';

export type Result = 'sent' | 'accepted' | 'settled' | 'rejected' | 'unknown';

const [main, trade] = [own('main'), own('trade')];

/** A journal in memory, and transfers that are written straight into it, by the window that reads it. */
export class Journalled {
  private constructor(
    readonly journal: TransferJournal,
    private readonly clock: { now: number },
  ) {}

  static async open(): Promise<Journalled> {
    const clock = { now: startOfTime };
    const options = { writer: 'window-1', now: () => clock.now };
    return new Journalled(await TransferJournal.open(new MemoryFile(), options), clock);
  }

  /** Plans a transfer a second after the one before, and writes what became of it. */
  async add(
    id: string,
    results: readonly Result[] = ['sent', 'settled'],
    more: Partial<Pick<PlannedRecord, 'currency' | 'amount' | 'profile' | 'legs'>> = {},
  ): Promise<void> {
    this.clock.now += 1_000;
    await this.journal.append({
      transfer: id,
      leg: 0,
      state: 'planned',
      profile: { id: 'p1', name: 'Main', environment: 'LIVE', world: 'today' },
      currency: 'USDT',
      amount: decimal('12.5'),
      from: main,
      to: trade,
      legs: [{ endpoint: 'innerTransfer', from: main, to: trade, body: '{}', clientOid: `client-${id}` }],
      available: {},
      ...more,
    });
    for (const result of results) await this.write(id, result);
  }

  /** Moves the clock of the window on, ms. */
  wait(ms: number): void {
    this.clock.now += ms;
  }

  async write(id: string, result: Result): Promise<void> {
    await this.journal.append(entryOf(id, result));
  }
}

function entryOf(transfer: string, state: Result): JournalEntry {
  const about = { transfer, leg: 0 } as const;
  switch (state) {
    case 'sent':
      return { ...about, state, exchangeTime: startOfTime, attempt: 1, available: {} };
    case 'accepted':
      return { ...about, state, applyId: `apply-${transfer}`, status: 'PROCESSING' };
    case 'settled':
      return { ...about, state, by: 'reply', orderId: `order-${transfer}` };
    case 'rejected':
      return { ...about, state, error: { kind: 'neverSent' } };
    case 'unknown':
      return { ...about, state, error: { kind: 'network' } };
  }
}
