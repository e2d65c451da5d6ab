import { setImmediate as nextTurn } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Logger } from '../host/log';
import type { Sessions } from '../host/sessions';
import type { TransferDesk } from '../host/transferDesk';
import type { HistoryFilter } from '../transfers/history';
import { FacetReader, HistoryList, type Facets } from '../transfers/historyList';
import { contextKeys, transfersViewId } from './commandTable';
import { HistoryTree, outcomeTitle, type HistoryNode } from './historyTree';

export interface HistoryViewOptions {
  readonly view: Pick<vscode.TreeView<HistoryNode>, 'visible' | 'title' | 'onDidChangeVisibility'>;
  /** Tells the editor which row changed; all where it is `undefined`. */
  readonly fire: (node: HistoryNode | undefined) => void;
  readonly desk: Pick<TransferDesk, 'journal' | 'historyOptions' | 'onDidChange'>;
  readonly sessions: Sessions;
  readonly log: Logger;
  /** Transfers of a page. */
  readonly pageSize?: number;
}

/** A filter with the words that the title says it in. */
export interface NamedFilter extends HistoryFilter {
  readonly profileName?: string | undefined;
}

/** How long changes are gathered before the editor is told. */
const batchMs = 50;

/** The life of the view of transfers: nothing is read before somebody looks, and then only what is shown. */
export class HistoryView {
  readonly tree: HistoryTree;
  private list: HistoryList | undefined;
  /** The search for the first page of a filter. */
  private search: HistoryList | undefined;
  private reading: Promise<void> | undefined;
  private facetReader: FacetReader | undefined;
  private error: unknown;
  private filterNow: NamedFilter = {};
  private batch: NodeJS.Timeout | undefined;
  /** Something has changed since the rows were made. */
  private isOld = false;
  private readonly subscriptions: { dispose(): void }[];

  constructor(private readonly options: HistoryViewOptions) {
    const { desk, sessions, view } = options;
    this.tree = new HistoryTree(() => ({
      list: this.list,
      error: this.error,
      filtered: this.isFiltered,
      activeProfile: sessions.profile?.id,
      now: Date.now(),
    }));
    this.subscriptions = [
      desk.onDidChange(() => this.changed()),
      sessions.onDidChange(() => this.changed()),
      view.onDidChangeVisibility(() => {
        if (view.visible && this.isOld) this.changed();
      }),
    ];
  }

  get filter(): NamedFilter {
    return this.filterNow;
  }

  get isFiltered(): boolean {
    return this.filterWords() !== '';
  }

  /** The rows of a node; the first call reads the first page. */
  async getChildren(node?: HistoryNode): Promise<HistoryNode[]> {
    if (!node) {
      await this.ready();
      if (this.isOld) this.takeIn();
    }
    return this.tree.getChildren(node);
  }

  /** What is shown and exported from now on. */
  setFilter(filter: NamedFilter): void {
    this.filterNow = filter;
    this.list?.stop();
    this.search?.stop();
    this.list = undefined;
    this.reading = undefined;
    void vscode.commands.executeCommand('setContext', contextKeys.transfersFiltered, this.isFiltered);
    const words = this.filterWords();
    const filterText = words && vscode.l10n.t('filter: {text}', { text: words });
    this.options.view.title = [vscode.l10n.t('Transfers'), filterText].filter(Boolean).join(' · ');
    this.options.fire(undefined);
  }

  /** Shows the view with its rows. */
  async reveal(): Promise<void> {
    // A journal that could not be read is tried again.
    if (this.error !== undefined) this.setFilter(this.filterNow);
    await vscode.commands.executeCommand(`${transfersViewId}.focus`);
  }

  /** Answers whether there was anything older; a journal that cannot be read says so in a row. */
  async showOlder(): Promise<boolean> {
    await this.ready();
    if (this.error === undefined && !this.list?.hasOlder) return false;
    await this.list?.older();
    this.tell();
    return true;
  }

  /** What there is to filter by. Reads the whole journal, with pauses. */
  async facets(): Promise<Facets> {
    this.facetReader ??= new FacetReader(await this.options.desk.journal(), pause);
    return this.facetReader.read();
  }

  /** The filter in words: `USDT · Done · Main`; empty where all is shown. */
  filterWords(): string {
    const { currency, outcome, profileName } = this.filterNow;
    return [currency, outcome && outcomeTitle(outcome), profileName].filter(Boolean).join(' · ');
  }

  dispose(): void {
    this.list?.stop();
    this.search?.stop();
    clearTimeout(this.batch);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private ready(): Promise<void> {
    this.reading ??= this.read(this.filterNow);
    return this.reading;
  }

  private async read(filter: NamedFilter): Promise<void> {
    try {
      const { desk, pageSize = 100 } = this.options;
      const journal = await desk.journal();
      await journal.refresh();
      const list = new HistoryList(journal, { ...desk.historyOptions, filter, pageSize, pause });
      if (filter === this.filterNow) this.search = list;
      else list.stop();
      await list.older();
      if (filter !== this.filterNow) {
        await this.ready(); // another filter was set meanwhile
        return;
      }
      this.list = list;
      this.error = undefined;
    } catch (error) {
      if (filter !== this.filterNow) {
        await this.ready();
        return;
      }
      this.options.log.error('the journal of transfers could not be read', error);
      this.error = error;
      this.reading = undefined;
    }
    this.tree.takeChanges();
  }

  private changed(): void {
    this.isOld = true;
    if (!this.options.view.visible) return;
    this.batch ??= setTimeout(() => {
      this.batch = undefined;
      if (this.error !== undefined)
        this.options.fire(undefined); // perhaps it can be read now
      else if (this.list) this.tell();
    }, batchMs);
  }

  private tell(): void {
    for (const node of this.takeIn()) this.options.fire(node);
  }

  /** Brings the rows up to date and answers which of them look different now. */
  private takeIn(): (HistoryNode | undefined)[] {
    this.isOld = false;
    this.list?.sync();
    return this.tree.takeChanges();
  }
}

/** Lets the editor's other work come in between. */
export const pause = (): Promise<void> => nextTurn();
