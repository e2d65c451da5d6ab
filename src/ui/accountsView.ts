import * as vscode from 'vscode';
import type { LiveFeeds, LiveState } from '../host/liveFeeds';
import type { HfDesk } from '../host/hfDesk';
import type { KeyFactsReader } from '../host/keyFacts';
import type { Logger } from '../host/log';
import type { Session, Sessions } from '../host/sessions';
import type { Settings } from '../host/settings';
import type { Snapshot, Snapshots } from '../host/snapshots';
import type { TransferDesk } from '../host/transferDesk';
import { systemTime } from '../kucoin/time';
import { findTrouble, readServices, type ServiceStatus, type Trouble } from '../portfolio/service';
import { environmentOf } from '../profiles/profile';
import { AccountsTree, type TreeNode } from './accountsTree';
import { contextKeys } from './commandTable';

export interface AccountsViewOptions {
  readonly view: vscode.TreeView<TreeNode>;
  /** Tells the editor which rows changed; all where it is `undefined`. */
  readonly fire: (nodes: TreeNode[] | undefined) => void;
  readonly sessions: Sessions;
  readonly desk: TransferDesk;
  readonly settings: () => Settings;
  readonly live: Pick<LiveFeeds, 'status' | 'watch' | 'follow' | 'retry' | 'onDidChange'>;
  readonly hf?: Pick<HfDesk, 'status'>;
  readonly keyFacts?: Pick<KeyFactsReader, 'failed' | 'onDidChange'>;
  readonly snapshots?: Pick<Snapshots, 'newest' | 'onDidChange'>;
  readonly log: Logger;
}

/**
 * How long changes are gathered before the editor is told, and how often it is told at most, ms. It draws the first
 * change at once and waits for 200 ms without a change before it draws another: told more often, it never would.
 */
const batchMs = 50;
const everyMs = 250;

/**
 * The life of the tree view: reads when somebody looks, again after each interval while somebody still looks, and
 * not at all otherwise.
 */
export class AccountsView {
  readonly tree: AccountsTree;
  private filterText = '';
  private troublesFound: readonly Trouble[] = [];
  private servicesRead: readonly ServiceStatus[] = [];
  private openError: unknown;
  /** Whose error and troubles are kept. */
  private shownProfile: string | undefined;
  /** What its accounts were worth when that was kept last: all that is known before the first reading. */
  private lastValue: Snapshot | undefined;
  private followed: { readonly portfolio: unknown; dispose(): void } | undefined;
  /** The profile that is being read. */
  private readingOf: string | undefined;
  private journalError: unknown;
  private watching: { dispose(): void } | undefined;
  private liveShown: LiveState | undefined;
  private interval: NodeJS.Timeout | undefined;
  private batch: NodeJS.Timeout | undefined;
  private lastBatch = -Infinity;
  /** Until the first row stops to say what has just changed. */
  private fading: NodeJS.Timeout | undefined;
  private readonly subscriptions: { dispose(): void }[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: AccountsViewOptions) {
    const { sessions, settings, view, desk, live, keyFacts } = options;
    this.tree = new AccountsTree(sessions, settings, () => ({
      filter: this.filterText,
      openError: this.openError,
      journalError: this.journalError,
      keyCheckFailed: this.options.keyFacts?.failed ?? false,
      unknownTransfers: this.unknownTransfers,
      hf: (kind) => this.options.hf?.status(kind),
      lastValue: this.lastValue,
    }));
    this.subscriptions.push(
      sessions.onDidChange(() => this.follow()),
      view.onDidExpandElement(() => this.tree.noteFetch()),
      view.onDidChangeVisibility(() => {
        this.tree.noteFetch();
        this.look();
        this.fade();
      }),
      desk.onDidChange(() => this.changed()),
      live.onDidChange(() => this.followFeed()),
      ...(this.options.snapshots ? [this.options.snapshots.onDidChange(() => void this.readLast())] : []),
    );
    if (keyFacts) this.subscriptions.push(keyFacts.onDidChange(() => this.changed()));
  }

  get filter(): string {
    return this.filterText;
  }

  /** Trouble with the exchange or the clock, and transfers whose outcome nobody knows. */
  get troubles(): readonly Trouble[] {
    const count = this.unknownTransfers;
    return count === 0 ? this.troublesFound : [...this.troublesFound, { kind: 'unknownTransfers', count }];
  }

  /** What the hosts of the active profile said of themselves last. */
  get services(): readonly ServiceStatus[] {
    return this.servicesRead;
  }

  private get unknownTransfers(): number {
    const { profile } = this.options.sessions;
    return profile ? this.options.desk.unknown().length : 0;
  }

  /** The first look at the tree: everything has been read that the editor keeps. */
  start(): void {
    this.follow();
  }

  setFilter(text: string): void {
    this.filterText = text;
    void vscode.commands.executeCommand('setContext', contextKeys.filtered, text !== '');
    this.describe();
    this.changed();
  }

  /** Settings that decide how rows look have changed. */
  restyle(): void {
    this.readPrices();
    this.options.live.follow();
    this.setTimer();
    this.changed();
  }

  /** Reads balances and prices of the active profile now. Never rejects: the rows say what went wrong. */
  async refresh(priority: 'interactive' | 'background' = 'interactive'): Promise<void> {
    const { profile } = this.options.sessions;
    this.readingOf = profile?.id;
    try {
      if (priority === 'interactive') {
        this.openError = undefined;
        this.options.live.retry();
      }
      const session = await this.options.sessions.open(priority === 'interactive');
      if (!session) return;
      await session.portfolio.refresh(priority);
      const services = await readServices(session.client);
      if (this.options.sessions.opened?.client !== session.client) return;
      this.openError = undefined;
      this.servicesRead = services;
      this.troublesFound = findTrouble(session.client, services);
    } catch (error) {
      if (this.options.sessions.profile?.id === profile?.id) this.openError = error;
      this.options.log.warn('the profile could not be opened', error);
    } finally {
      if (this.readingOf === profile?.id) this.readingOf = undefined;
    }
    this.setTimer();
    this.changed();
  }

  /** The sandbox has come back, or runs in another window now: what could not be read of it is read again. */
  async recover(): Promise<void> {
    const { view, sessions } = this.options;
    if (!view.visible) return;
    // One that is under way ends first: it may have met the sandbox before it was back.
    if (this.readingOf !== undefined) await sessions.opened?.portfolio.refresh('background');
    if (this.openError !== undefined || sessions.opened?.portfolio.isCutOff) await this.refresh('background');
  }

  /** Rows, troubles or the filter have changed. */
  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  dispose(): void {
    clearInterval(this.interval);
    clearTimeout(this.batch);
    clearTimeout(this.fading);
    this.watching?.dispose();
    this.followed?.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Another profile or another session: whatever is shown is of the past. */
  private follow(): void {
    const { profile, opened } = this.options.sessions;
    if (this.shownProfile !== profile?.id) {
      this.shownProfile = profile?.id;
      this.openError = undefined;
      this.lastValue = undefined;
      void this.readLast();
    }
    if (this.followed?.portfolio !== opened?.portfolio) {
      this.followed?.dispose();
      this.troublesFound = [];
      this.servicesRead = [];
      this.followed = opened && {
        portfolio: opened.portfolio,
        ...opened.portfolio.onDidChange(() => this.changed()),
      };
    }
    void vscode.commands.executeCommand('setContext', contextKeys.noProfile, profile === undefined);
    this.options.live.follow();
    this.describe();
    this.changed();
    this.look();
  }

  private look(): void {
    const { view, sessions, live } = this.options;
    if (!view.visible) {
      this.watching?.dispose();
      this.watching = undefined;
    } else {
      this.watching ??= live.watch();
    }
    // A transfer that an earlier run left open has to be seen, in the status bar too.
    if (sessions.profile) void this.readJournal();
    const isBeingRead = this.readingOf !== undefined && this.readingOf === sessions.profile?.id;
    if (view.visible && !isBeingRead && this.isOld(sessions.opened)) void this.refresh();
    else if (!isBeingRead) this.readPrices();
    this.setTimer();
  }

  /** Prices in the currency that is wanted now, when somebody looks: it may have been chosen while nobody did. */
  private readPrices(): void {
    const portfolio = this.options.sessions.opened?.portfolio;
    if (this.options.view.visible && portfolio?.accounts.value && !portfolio.usablePrices)
      void portfolio.refreshPrices();
  }

  private async readJournal(): Promise<void> {
    try {
      await this.options.desk.journal();
      this.journalError = undefined;
    } catch (error) {
      this.journalError = error;
      this.options.log.error('the journal of transfers could not be read', error);
      this.changed();
    }
  }

  private async readLast(): Promise<void> {
    const { sessions, snapshots, log } = this.options;
    const { profile } = sessions;
    if (!profile || !snapshots) return;
    try {
      const last = await snapshots.newest(profile.id);
      if (sessions.profile?.id !== profile.id) return;
      this.lastValue = last;
      this.changed();
    } catch (error) {
      log.warn('the last snapshot could not be read', error);
    }
  }

  private isOld(session: Session | undefined): boolean {
    const reading = session?.portfolio.accounts;
    if (reading?.state === 'loading' || !this.options.sessions.profile) return false;
    if (reading?.readAt === undefined) return reading?.state !== 'failed' && this.openError === undefined;
    const seconds = ((session?.client.clock.estimate() ?? systemTime.now()) - reading.readAt) / 1000;
    const { refreshInterval } = this.options.settings();
    return refreshInterval > 0 && seconds >= refreshInterval;
  }

  private setTimer(): void {
    clearInterval(this.interval);
    this.interval = undefined;
    const { refreshInterval } = this.options.settings();
    if (!this.options.view.visible || !this.options.sessions.profile || refreshInterval === 0) return;
    // The feed tells what changes, but not of a unified account; without it the figures are read now and then.
    const isUnified = this.options.sessions.opened?.portfolio.mode === 'unified';
    if (this.options.live.status.state === 'live' && !isUnified) return;
    this.interval = setInterval(() => void this.refresh('background'), refreshInterval * 1000);
  }

  private followFeed(): void {
    const { state } = this.options.live.status;
    if (this.liveShown === state) return;
    this.liveShown = state;
    this.describe();
    this.setTimer();
    for (const listener of this.listeners) listener();
  }

  /** The title of the view says in words whether the money is real. */
  private describe(): void {
    const { profile } = this.options.sessions;
    const filter = this.filterText && vscode.l10n.t('filter: {text}', { text: this.filterText });
    const live = profile && liveWord(this.options.live.status.state);
    const title = [vscode.l10n.t('Accounts'), profile && environmentOf(profile), live, filter];
    this.options.view.title = title.filter(Boolean).join(' · ');
  }

  private changed(): void {
    if (this.batch) return;
    const wait = Math.max(batchMs, this.lastBatch + everyMs - systemTime.monotonic());
    this.batch = setTimeout(() => {
      this.batch = undefined;
      this.lastBatch = systemTime.monotonic();
      const changes = this.tree.takeChanges();
      const rows = changes.filter((node) => node !== undefined);
      // All rows at once: of several changes the editor draws the first, and the others later. What it is told while
      // nobody looks it keeps, and loses some of it when rows are fetched anew.
      const isPart = this.options.view.visible && rows.length === changes.length;
      if (changes.length > 0) this.options.fire(isPart ? rows : undefined);
      for (const listener of this.listeners) listener();
      this.fade();
    }, wait);
  }

  /** Rows that say what has just changed are drawn once more without it when somebody looks. */
  private fade(): void {
    clearTimeout(this.fading);
    const { view, sessions } = this.options;
    const ms = view.visible ? sessions.opened?.portfolio.nextRecentEndMs : undefined;
    this.fading = ms === undefined ? undefined : setTimeout(() => this.changed(), ms);
  }
}

/** How the figures are kept true; nothing where it goes without saying. */
function liveWord(state: LiveState): string {
  switch (state) {
    case 'live':
      return vscode.l10n.t('feed live');
    case 'reconnecting':
      return vscode.l10n.t('feed reconnecting');
    case 'polling':
      return vscode.l10n.t('polling');
    case 'off':
    case 'paused':
    case 'connecting':
      return '';
  }
}
