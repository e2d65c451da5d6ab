import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Value } from '../../portfolio/valuation';
import type { LiveFeeds } from '../../host/liveFeeds';
import type { Logger } from '../../host/log';
import type { Session, Sessions } from '../../host/sessions';
import type { Settings } from '../../host/settings';
import type { Snapshot, Snapshots } from '../../host/snapshots';
import type { TransferDesk } from '../../host/transferDesk';
import { amountsOf, type Amounts } from '../../portfolio/allocation';
import { familyIds, type FamilyId, type Portfolio } from '../../portfolio/portfolio';
import { environmentOf } from '../../profiles/profile';
import { flowsSince, type Flows } from '../../transfers/flows';
import { filteredHistory } from '../../transfers/historyList';
import {
  fromPage,
  periods,
  type ChartId,
  type FromPage,
  type Period,
  type State,
  type Texts,
  type ToPage,
} from '../../webview/portfolio/messages';
import { panelTypes, type CommandHandler, type CommandId } from '../commandTable';
import { inform, type Confirm } from '../dialogs';
import { userMessage } from '../explainError';
import { dateAndTime, joined, moneyValue, timeOfDay } from '../format';
import { accountTypeName } from '../names';
import { sayNoProfile } from '../profileCommands';
import { Panel } from './panel';
import { familyTitle, portfolioCards, unpricedNote, type CardWithCsv } from './portfolioCards';
import { openFile } from '../nextSteps';

export interface PortfolioPanelOptions {
  readonly extensionUri: vscode.Uri;
  readonly sessions: Sessions;
  readonly live: Pick<LiveFeeds, 'status' | 'watch'>;
  readonly desk: TransferDesk;
  readonly snapshots: Snapshots;
  readonly settings: () => Settings;
  readonly confirm: Confirm;
  readonly log: Logger;
}

type PortfolioCommandId = Extract<CommandId, `kucoin.portfolio.${string}`>;

const dayMs = 86_400_000;
const lengths: Readonly<Record<Period, number>> = { day: dayMs, week: 7 * dayMs, month: 30 * dayMs };
/** What makes the tab anew. */
const keptSchema = v.object({ period: v.picklist(periods) });
const noAmounts: Amounts = new Map();

/** The one portfolio panel of a window: always of the active profile, at work only while somebody sees it. */
export class PortfolioPanel {
  private panel: Panel<ToPage, FromPage> | undefined;
  private period: Period = 'week';
  private followed: { readonly session: Session; readonly stop: () => void } | undefined;
  private openError: unknown;
  private shownProfile: string | undefined;
  private flows: { readonly of: string; readonly flows: Flows } | undefined;
  private flowsError: unknown;
  private readingFlows = false;
  /** Grows with each wish for the flows: one that comes while they are read is read for at the end. */
  private flowsWanted = 0;
  private snapshots: { readonly of: string; readonly rows: readonly Snapshot[] } | undefined;
  private subAmounts:
    { readonly portfolio: Portfolio; readonly revision: number; readonly amounts: Amounts } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private watching: { dispose(): void } | undefined;
  private readonly subscriptions: { dispose(): void }[];

  constructor(private readonly options: PortfolioPanelOptions) {
    const { sessions, desk, snapshots } = options;
    this.subscriptions = [
      sessions.onDidChange(() => this.follow()),
      desk.onDidChange(() => void this.readFlows()),
      snapshots.onDidChange(() => void this.readSnapshots()),
    ];
  }

  get commands(): Record<PortfolioCommandId, CommandHandler> {
    return {
      'kucoin.portfolio.openPanel': () => this.open(),
      'kucoin.portfolio.deleteSnapshots': () => this.deleteSnapshots(),
    };
  }

  /** Settings have changed: another currency of values, or whether snapshots are kept. */
  restyle(): void {
    if (!this.panel?.isVisible) return;
    this.setTimer();
    const { followed } = this;
    if (followed && !followed.session.portfolio.usablePrices) void followed.session.portfolio.refreshPrices();
    this.panel.changed();
  }

  /** The sandbox has come back, or runs in another window now: what could not be read of it is read again. */
  async recover(): Promise<void> {
    if (!this.panel?.isVisible) return;
    if (this.openError !== undefined || this.followed?.session.portfolio.isCutOff)
      await this.read(true, 'background');
  }

  dispose(): void {
    this.panel?.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async open(): Promise<void> {
    const { profile } = this.options.sessions;
    if (!profile) {
      sayNoProfile();
      return;
    }
    if (this.panel) {
      this.panel.reveal();
      return;
    }
    this.show();
    await this.look();
  }

  /** A tab that was open when the window was loaded again goes on, as the view of accounts does, when it is seen. */
  async restore(restored: vscode.WebviewPanel, kept: unknown): Promise<void> {
    if (this.panel) {
      restored.dispose(); // a command was quicker
      return;
    }
    if (v.is(keptSchema, kept)) this.period = kept.period;
    const panel = this.show(restored);
    if (panel.isVisible) await this.look();
  }

  private show(restored?: vscode.WebviewPanel): Panel<ToPage, FromPage> {
    const { extensionUri, log, sessions } = this.options;
    const panel = new Panel<ToPage, FromPage>({
      viewType: panelTypes.portfolio,
      bundle: 'portfolio',
      title: this.titleOf(sessions.profile?.name ?? vscode.l10n.t('No profile')),
      extensionUri,
      log,
      messages: fromPage,
      greeting: () => ({ type: 'texts', texts: texts() }),
      state: () => ({ type: 'state', state: this.state() }),
      receive: (message) => this.receive(message),
      restored,
      kept: (): v.InferOutput<typeof keptSchema> => ({ period: this.period }),
    });
    this.panel = panel;
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.rest();
    });
    panel.onDidChangeVisibility((visible) => {
      if (visible) void this.look();
      else this.rest();
    });
    return panel;
  }

  private titleOf(name: string): string {
    return vscode.l10n.t('Portfolio · {name}', { name });
  }

  /** Somebody sees the panel: everything is read that is not there, and read again from time to time. */
  private async look(): Promise<void> {
    this.watching ??= this.options.live.watch();
    this.follow();
    this.setTimer();
    await Promise.all([this.read(false), this.readFlows(), this.readSnapshots()]);
  }

  private rest(): void {
    this.watching?.dispose();
    this.watching = undefined;
    clearInterval(this.timer);
    this.timer = undefined;
    this.followed?.stop();
    this.followed = undefined;
  }

  private setTimer(): void {
    clearInterval(this.timer);
    const { refreshInterval } = this.options.settings();
    this.timer =
      refreshInterval > 0 ? setInterval(() => void this.readAgain(), refreshInterval * 1000) : undefined;
  }

  /** The feed tells of balances but not of prices. */
  private async readAgain(): Promise<void> {
    const { followed } = this;
    if (followed && this.options.live.status.state === 'live') {
      await followed.session.portfolio.refreshPrices('background');
    } else {
      await this.read(true, 'background');
    }
  }

  /** Never rejects: the panel says what went wrong. */
  private async read(again: boolean, priority: 'interactive' | 'background' = 'interactive'): Promise<void> {
    try {
      const session = await this.options.sessions.open(priority === 'interactive');
      this.openError = undefined;
      if (!session) return;
      this.follow();
      const { portfolio } = session;
      const isThere = portfolio.accounts.state === 'ready' && portfolio.usablePrices !== undefined;
      if (again || !isThere) await portfolio.refresh(priority);
    } catch (error) {
      this.options.log.warn('the portfolio panel could not open the session', error);
      this.openError = error;
    }
    this.panel?.changed();
  }

  /** Listens to the session that is active now, while the panel is visible. */
  private follow(): void {
    const { opened, profile } = this.options.sessions;
    if (!this.panel?.isVisible) return;
    if (profile) this.panel.title = this.titleOf(profile.name);
    if (profile?.id !== this.shownProfile) {
      this.shownProfile = profile?.id;
      this.openError = undefined;
      if (profile && !opened) void this.read(false);
      void this.readFlows();
      void this.readSnapshots();
    }
    if (this.followed?.session.portfolio !== opened?.portfolio) {
      this.followed?.stop();
      const subscription = opened?.portfolio.onDidChange(() => this.panel?.changed());
      this.followed = opened && { session: opened, stop: () => subscription?.dispose() };
    }
    this.panel.changed();
  }

  private async readFlows(): Promise<void> {
    const { panel } = this;
    const { profile } = this.options.sessions;
    if (!profile || !panel?.isVisible) return;
    const wanted = ++this.flowsWanted;
    if (this.readingFlows) return;
    this.readingFlows = true;
    try {
      const { desk } = this.options;
      const journal = await desk.journal();
      await journal.refresh();
      const pieces = filteredHistory(journal, {
        filter: { profileId: profile.id },
        pause: () => new Promise((resolve) => setImmediate(resolve)),
        ...desk.historyOptions,
      });
      this.flows = { of: profile.id, flows: await flowsSince(pieces, Date.now() - lengths[this.period]) };
      this.flowsError = undefined;
    } catch (error) {
      this.flowsError = error;
    } finally {
      this.readingFlows = false;
    }
    panel.changed();
    if (this.flowsWanted !== wanted) await this.readFlows();
  }

  private async readSnapshots(): Promise<void> {
    const { panel } = this;
    const { profile } = this.options.sessions;
    if (!profile || !panel?.isVisible) return;
    const rows = await this.options.snapshots.read(profile.id).catch((error: unknown) => {
      this.options.log.warn('the snapshots could not be read', error);
      return [];
    });
    this.snapshots = { of: profile.id, rows };
    panel.changed();
  }

  private async receive(message: FromPage): Promise<void> {
    switch (message.type) {
      case 'refresh':
        await Promise.all([this.read(true), this.readFlows(), this.readSnapshots()]);
        return;
      case 'openSettings':
        await vscode.commands.executeCommand(
          'workbench.action.openSettings',
          'kucoin.portfolio.keepSnapshots',
        );
        return;
      case 'choosePeriod':
        this.period = message.period;
        await this.readFlows();
        return;
      case 'exportCsv':
        await save(message.chart, 'csv', Buffer.from(this.cards()[message.chart].csv(), 'utf8'));
        return;
      case 'exportImage':
        await save(message.chart, 'png', Buffer.from(message.png, 'base64'));
    }
  }

  private async deleteSnapshots(): Promise<void> {
    const { profile } = this.options.sessions;
    if (!profile) {
      sayNoProfile();
      return;
    }
    const goOn = await this.options.confirm({
      message: vscode.l10n.t('Delete the snapshots of {name}?', { name: profile.name }),
      detail: vscode.l10n.t(
        'The values over time that are kept on this computer for this profile are deleted. They cannot be brought back.',
      ),
      action: vscode.l10n.t('Delete'),
    });
    if (goOn) await this.options.snapshots.remove(profile.id);
  }

  private cards(): Readonly<Record<ChartId, CardWithCsv>> {
    const portfolio = this.options.sessions.opened?.portfolio;
    const id = this.options.sessions.profile?.id;
    return portfolioCards({
      own: portfolio?.own ?? [],
      subs: portfolio?.subs ?? [],
      subAmounts: portfolio ? this.amountsOfSubs(portfolio) : noAmounts,
      prices: portfolio?.usablePrices,
      valueOfSub: (sub) => portfolio?.valueOfSub(sub),
      keepsSnapshots: this.options.settings().keepSnapshots,
      snapshots: this.snapshots?.of === id ? this.snapshots?.rows : undefined,
      flows: this.flows?.of === id ? this.flows?.flows : undefined,
      period: this.period,
    });
  }

  /** Counted once for each complete reading: ten thousand sub-accounts come in a hundred pages. */
  private amountsOfSubs(portfolio: Portfolio): Amounts {
    const known = this.subAmounts?.portfolio === portfolio ? this.subAmounts : undefined;
    const { subRevision } = portfolio;
    if (known?.revision === subRevision) return known.amounts;
    const isReading = [portfolio.family('subBalances'), portfolio.family('futures')].some(
      ({ state }) => state === 'loading',
    );
    if (known && isReading) return known.amounts;
    const amounts = amountsOf(portfolio.subs.flatMap(({ accounts }) => accounts));
    this.subAmounts = { portfolio, revision: subRevision, amounts };
    return amounts;
  }

  private state(): State {
    const { profile, opened } = this.options.sessions;
    const portfolio = opened?.portfolio;
    const cards = this.cards();
    const total = portfolio?.totalValue();
    const { isBusy, status, problems } = this.condition(portfolio);
    const environment = profile ? environmentOf(profile) : 'DEMO';
    return {
      title: profile?.name ?? vscode.l10n.t('No profile'),
      environment,
      environmentText:
        environment === 'LIVE' ? vscode.l10n.t('Real money.') : vscode.l10n.t('Money of the local sandbox.'),
      total:
        total && portfolio?.usablePrices
          ? totalText(total, portfolio.usablePrices.base)
          : this.lastTotal(profile?.id),
      status,
      isBusy,
      problems,
      period: this.period,
      cards: [cards.currencies, cards.accounts, cards.owners, cards.history, cards.flows].map(
        ({ card }) => card,
      ),
    };
  }

  /** Before anything was read: what is kept of the last time. */
  private lastTotal(id: string | undefined): string {
    const last = this.snapshots?.of === id ? this.snapshots?.rows.at(-1) : undefined;
    if (last?.base !== this.options.settings().valuationCurrency) return vscode.l10n.t('Total not known');
    const value = moneyValue(last.value, last.base);
    return vscode.l10n.t('Total {value} on {time}, as kept on this computer', {
      value,
      time: dateAndTime(last.at),
    });
  }

  private condition(portfolio: Portfolio | undefined): Pick<State, 'isBusy' | 'status' | 'problems'> {
    const say = (error: unknown): string => {
      const { text, todo } = userMessage(error);
      return `${text} ${todo}`;
    };
    const problems: string[] = [];
    if (this.openError !== undefined) problems.push(say(this.openError));
    if (this.flowsError !== undefined) problems.push(say(this.flowsError));
    if (!portfolio) {
      const isBusy = this.openError === undefined && this.options.sessions.profile !== undefined;
      return {
        isBusy,
        status: isBusy ? vscode.l10n.t('Reading…') : vscode.l10n.t('Nothing was read.'),
        problems,
      };
    }
    const ids: readonly FamilyId[] = portfolio.isMaster
      ? familyIds
      : familyIds.filter((id) => id !== 'subs' && id !== 'subBalances');
    const readings = ids.map((id) => ({ id, ...portfolio.family(id) }));
    for (const { id, state, error } of readings) {
      // In unified mode these funds are in the unified account.
      const isElsewhere = portfolio.mode === 'unified' && ['margin', 'isolated', 'futures'].includes(id);
      if (state === 'failed' && error && !isElsewhere) {
        problems.push(
          vscode.l10n.t('Not in these figures: {what}. {why}', { what: familyTitle(id), why: say(error) }),
        );
      }
    }
    if (portfolio.prices.state === 'failed' && portfolio.prices.error) {
      problems.push(
        vscode.l10n.t('The prices could not be read. {why}', { why: say(portfolio.prices.error) }),
      );
    }
    if (portfolio.mode === 'unified' && portfolio.unified.error) {
      const what = accountTypeName('unified');
      const why = say(portfolio.unified.error);
      problems.push(vscode.l10n.t('Not in these figures: {what}. {why}', { what, why }));
    }
    const isBusy = [...readings, portfolio.prices].some(({ state }) => state === 'loading');
    const ages = readings.flatMap(({ readAt }) => readAt ?? []);
    const asOf = ages.length > 0 ? Math.min(...ages) : undefined;
    const status = isBusy
      ? asOf === undefined
        ? vscode.l10n.t('Reading…')
        : vscode.l10n.t('As of {time}. Reading…', { time: timeOfDay(asOf) })
      : asOf === undefined
        ? vscode.l10n.t('Nothing was read.')
        : vscode.l10n.t('As of {time}.', { time: dateAndTime(asOf) });
    return { isBusy, status, problems };
  }
}

/** What all is worth; a sentence only where another one follows. */
function totalText({ amount, unpriced }: Value, base: string): string {
  const total = vscode.l10n.t('Total {value}', { value: moneyValue(amount, base) });
  const notes = unpricedNote(unpriced);
  return notes.length > 0 ? joined([vscode.l10n.t('{sentence}.', { sentence: total }), ...notes]) : total;
}

function texts(): Texts {
  return {
    refresh: vscode.l10n.t('Refresh'),
    showTable: vscode.l10n.t('Show Table'),
    showChart: vscode.l10n.t('Show Chart'),
    exportImage: vscode.l10n.t('Export PNG…'),
    exportCsv: vscode.l10n.t('Export CSV…'),
    periodLabel: vscode.l10n.t('Period'),
    periods: {
      day: vscode.l10n.t('Last 24 hours'),
      week: vscode.l10n.t('Last 7 days'),
      month: vscode.l10n.t('Last 30 days'),
    },
  };
}

async function save(chart: ChartId, format: 'csv' | 'png', content: Uint8Array): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Chart'),
    filters: format === 'csv' ? { CSV: ['csv'] } : { PNG: ['png'] },
    saveLabel: vscode.l10n.t('Export'),
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, `kucoin-${chart}.${format}`) }),
  });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, content);
  inform(
    vscode.l10n.t('Exported to {file}.', { file: target.path.split('/').at(-1) ?? '' }),
    openFile(target),
  );
}
