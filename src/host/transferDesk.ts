import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { batchState, unfinishedBatches, type BatchState } from '../transfers/batch';
import { chainOffers, type ChainOffers } from '../transfers/chain';
import {
  history,
  transferRecord,
  unknownTransfers,
  type HistoryOptions,
  type TransferRecord,
} from '../transfers/history';
import { TransferJournal } from '../transfers/journal';
import { nodeLease } from '../transfers/nodeLease';
import { Reconciler, type EvidenceSource } from '../transfers/reconcile';
import { nodeJournalFile } from '../transfers/nodeJournalFile';
import { systemTime } from '../kucoin/time';
import { codeOf, watchFile } from './files';
import type { Logger } from './log';

export interface TransferDeskOptions {
  /** Folder that all windows share; has to exist. */
  readonly folder: string;
  readonly log: Logger;
  /** The exchange of a profile, as far as it can be asked now. */
  readonly sourceOf: (profileId: string) => EvidenceSource | undefined;
  /** Ids of all profiles of the user that this one is of. */
  readonly sameUser: (profileId: string) => readonly string[];
  /** Evidence has shown what became of a transfer whose outcome was unknown. */
  readonly onResolved: (record: TransferRecord) => void;
  /** Damaged stretches were found; the text names where they are kept. */
  readonly onNotice: (keptAs: string) => void;
}

/** How long work may take between two questions whether it still is this window's: a row of a batch may wait, ms. */
const workLifeMs = 10 * 60_000;

/** The journal of transfers on this computer, opened with the first look at it and followed while the window lives. */
export class TransferDesk {
  private opening: Promise<TransferJournal> | undefined;
  private detective: Reconciler | undefined;
  /** Transfers that somebody waits for, who will hear of their end in another way. */
  private readonly awaited = new Set<string>();
  /** Names of the work that this window does alone. */
  private readonly working = new Set<string>();
  private journalNow: TransferJournal | undefined;
  private watching: { dispose(): void } | undefined;
  /** Names this window among all, in journals and leases. */
  readonly writer = `${process.pid}-${randomBytes(6).toString('hex')}`;
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
    return history(journal, this.historyOptions);
  }

  async find(id: string): Promise<TransferRecord | undefined> {
    return transferRecord(await this.journal(), id, this.historyOptions);
  }

  /** What can be done about a chain that has stopped half-way. */
  async chainOffers(id: string): Promise<ChainOffers | undefined> {
    return chainOffers(await this.journal(), id, this.historyOptions);
  }

  /** What became of a batch; `undefined` when the journal does not know it. */
  async batch(id: string): Promise<BatchState | undefined> {
    return batchState(await this.journal(), id, { isAlive: this.isAlive });
  }

  /** Batches of a profile that have rows to go on with, newest first. */
  async unfinishedBatches(profileId: string): Promise<BatchState[]> {
    const journal = await this.journal();
    await journal.refresh();
    return unfinishedBatches(journal, profileId, { isAlive: this.isAlive });
  }

  /**
   * Does work that only one window does at a time; `undefined` when another one, or this one, is at it already.
   *
   * @param work gets a question to ask again and again, which also keeps the work: whether it still is this window's
   */
  async alone<T>(
    name: string,
    work: (stillAlone: () => Promise<boolean>) => Promise<T>,
  ): Promise<T | undefined> {
    if (this.working.has(name)) return undefined;
    this.working.add(name);
    const { folder } = this.options;
    const lease = nodeLease({ folder, owner: this.writer, isAlive: this.isAlive, lifeMs: workLifeMs });
    try {
      if (!(await lease.tryTake(name))) return undefined;
      return await work(() => lease.tryTake(name));
    } finally {
      this.working.delete(name);
      await lease.release(name);
    }
  }

  /** Transfers whose outcome is unknown, of all profiles, those included that were removed; none before the journal is read. */
  unknown(): TransferRecord[] {
    return this.journalNow ? unknownTransfers(this.journalNow, this.historyOptions) : [];
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

  /** How transfers in the journal are to be read: for all who read it. */
  get historyOptions(): HistoryOptions {
    return { isAlive: this.isAlive, sameUser: this.options.sameUser, now: Date.now };
  }

  /** Some window has written to the journal. */
  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  /**
   * Looks for evidence while there are transfers whose outcome is open and a profile that can be asked; rests
   * otherwise. To be called when either may have changed.
   */
  followEvidence(canAsk: boolean): void {
    if (canAsk && this.hasOpen()) this.detective?.start();
    else void this.detective?.stop();
  }

  /** Looks for evidence of one transfer now, for somebody who waits. */
  async check(id: string): Promise<void> {
    await this.journal();
    await this.detective?.check(id);
    this.fire();
  }

  /** Waits, a bearable time, until a transfer that the exchange carries out in the background is settled. */
  async awaitSettled(id: string, forMs: number): Promise<void> {
    await this.journal();
    this.awaited.add(id);
    try {
      await this.detective?.settle(id, forMs);
    } finally {
      this.awaited.delete(id);
    }
    this.fire();
  }

  private hasOpen(): boolean {
    const { journalNow } = this;
    return journalNow !== undefined && journalNow.undecidedIds().length > 0;
  }

  dispose(): void {
    void this.detective?.stop();
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
    const { folder, sourceOf, log } = this.options;
    this.detective = new Reconciler({
      journal,
      lease: nodeLease({ folder, owner: this.writer, isAlive: this.isAlive }),
      time: systemTime,
      sourceOf,
      ...this.historyOptions,
      onFinding: (record, _leg, { finding }) => {
        log.info(`evidence about the transfer ${record.id}: ${finding}`);
        const now = transferRecord(journal, record.id, this.historyOptions);
        if (now && now.moved !== 'unknown' && !this.awaited.has(now.id)) this.options.onResolved(now);
        this.fire();
      },
      onTrouble: (error) => log.warn('evidence could not be read', error),
    });
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
