import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { history, transferRecord, unknownTransfers, type TransferRecord } from '../transfers/history';
import { TransferJournal } from '../transfers/journal';
import { nodeJournalFile } from '../transfers/nodeJournalFile';
import { codeOf, watchFile } from './files';
import type { Logger } from './log';

export interface TransferDeskOptions {
  /** Folder that all windows share; has to exist. */
  readonly folder: string;
  readonly log: Logger;
  /** Damaged stretches were found; the text names where they are kept. */
  readonly onNotice: (keptAs: string) => void;
}

/** The journal of transfers on this computer, opened with the first look at it and followed while the window lives. */
export class TransferDesk {
  private opening: Promise<TransferJournal> | undefined;
  private journalNow: TransferJournal | undefined;
  private watching: { dispose(): void } | undefined;
  private readonly writer = `${process.pid}-${randomBytes(6).toString('hex')}`;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: TransferDeskOptions) {}

  /** @throws JournalError when it cannot be read; the next call tries again */
  journal(): Promise<TransferJournal> {
    this.opening ??= this.open().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  /** All transfers, newest first. */
  async history(): Promise<TransferRecord[]> {
    const journal = await this.journal();
    await journal.refresh();
    return history(journal, { isAlive: this.isAlive });
  }

  async find(id: string): Promise<TransferRecord | undefined> {
    return transferRecord(await this.journal(), id, { isAlive: this.isAlive });
  }

  /** Transfers whose outcome is unknown, of all profiles, those included that were removed; none before the journal is read. */
  unknown(): TransferRecord[] {
    return this.journalNow ? unknownTransfers(this.journalNow, { isAlive: this.isAlive }) : [];
  }

  /**
   * Whether the window that wrote under this name still runs: its name begins with its process id. The own process
   * under another name is a window that is gone, whose id the system has given out again.
   */
  readonly isAlive = (writer: string): boolean => {
    if (writer === this.writer) return true;
    const pid = Number(/^\d+/.exec(writer)?.[0]);
    return pid > 0 && pid !== process.pid && processRuns(pid);
  };

  /** Some window has written to the journal. */
  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  dispose(): void {
    this.watching?.dispose();
    this.listeners.clear();
  }

  private async open(): Promise<TransferJournal> {
    const file = path.join(this.options.folder, 'transfers.journal');
    const journal = await TransferJournal.open(nodeJournalFile(file), {
      writer: this.writer,
      now: () => Date.now(),
    });
    for (const { file: keptAs } of journal.damage) this.options.onNotice(keptAs ?? file);
    this.journalNow = journal;
    this.watching = watchFile(file, () => void this.follow(journal));
    this.fire();
    return journal;
  }

  private async follow(journal: TransferJournal): Promise<void> {
    try {
      await journal.refresh();
    } catch (error) {
      this.options.log.warn('the journal of transfers could not be read on', error);
    }
    this.fire();
  }

  private fire(): void {
    for (const listener of this.listeners) listener();
  }
}

function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM'; // not ours to signal, but there
  }
}

export const newId = (): string => randomUUID();
