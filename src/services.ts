import { mkdir } from 'node:fs/promises';
import * as vscode from 'vscode';
import { HfDesk } from './host/hfDesk';
import { KeyFactsReader } from './host/keyFacts';
import { openKeychain } from './host/keychain';
import { RunPermissions } from './host/runPermissions';
import type { SandboxHost } from './host/sandboxHost';
import type { Session, Sessions } from './host/sessions';
import { onDidChangeSettings, readSettings, writeSetting } from './host/settings';
import { SnapshotKeeper } from './host/snapshotKeeper';
import { Snapshots } from './host/snapshots';
import type { TransferDesk } from './host/transferDesk';
import { catalogue } from './kucoin/catalogue';
import { sameLines } from './kucoin/outside';
import type { Profiles } from './profiles/profiles';
import { createFeeds, type Feeds } from './services/feeds';
import { createFunds, type Funds } from './services/funds';
import { createGround, describeRun, type People } from './services/ground';
import { accountsDragAndDrop, type AccountsDragAndDrop } from './ui/accountsDragAndDrop';
import type { TreeNode } from './ui/accountsTree';
import { AccountsView } from './ui/accountsView';
import { AnswerDocuments } from './ui/answerDocuments';
import { balanceCommands } from './ui/balanceCommands';
import type { CodingCommandId, CodingCommandsOptions } from './ui/coding/commands';
import { codingSource, type CodingSource } from './ui/codingSource';
import { CommandRunner } from './ui/commandRunner';
import {
  accountsViewId,
  answerScheme,
  contextKeys,
  ledgerScheme,
  panelTypes,
  type CommandHandler,
  type CommandId,
} from './ui/commandTable';
import { openConnectionReport } from './ui/connectionReport';
import { actOn } from './ui/historyActions';
import { helpCommands } from './ui/helpCommands';
import { hfCommands } from './ui/hfCommands';
import { historyCommands } from './ui/historyCommands';
import type { HistoryNode } from './ui/historyTree';
import { HistoryView } from './ui/historyView';
import { editorFiles, keychainCommands } from './ui/keychainCommands';
import { ledgerCommands } from './ui/ledgerCommands';
import { LedgerDocuments } from './ui/ledgerDocument';
import { orderBookCommands } from './ui/orderBookCommands';
import { OrderBookPanels } from './ui/panels/orderBookPanel';
import { keptIn } from './ui/panels/panel';
import { PortfolioPanel } from './ui/panels/portfolioPanel';
import { addProfile, profileCommands, sayNoProfile } from './ui/profileCommands';
import { orderCommands, settleOpenOrders } from './ui/orderCommands';
import { editorPlace, runWithProfile, type RunWithProfile } from './ui/runCommands';
import { sandboxCommands } from './ui/sandboxCommands';
import { StatusBar } from './ui/statusBar';
import { Tools } from './ui/tools/tools';
import { transferCommands } from './ui/transferCommands';
import { tellResolved, type TransferFlowOptions } from './ui/transferFlow';
import { TransferDocuments } from './ui/transferDocument';

/** What `activate` has made already, because the editor wants it at once. */
export interface EditorParts {
  readonly context: vscode.ExtensionContext;
  readonly view: vscode.TreeView<TreeNode>;
  readonly fire: (nodes: TreeNode[] | undefined) => void;
  readonly transfersView: vscode.TreeView<HistoryNode>;
  readonly fireTransfers: (node: HistoryNode | undefined) => void;
  readonly fireDocument: (uri: vscode.Uri) => void;
  readonly channel: vscode.LogOutputChannel;
}

/** Everything behind the commands and views, made with the first use of any of them. */
export interface Services {
  readonly accounts: AccountsView;
  readonly history: HistoryView;
  readonly sessions: Sessions;
  readonly profiles: Profiles;
  readonly sandboxes: SandboxHost;
  readonly desk: TransferDesk;
  readonly documents: TransferDocuments;
  readonly ledgers: LedgerDocuments;
  /** What a read-only document of this product says. */
  textOf(uri: vscode.Uri): string | Promise<string>;
  /** Fills a tab that was open when the window was loaded again. */
  restorePanel(panel: vscode.WebviewPanel, state: unknown): Promise<void>;
  readonly dragAndDrop: AccountsDragAndDrop;
  /** What the features for code know of the active profile. */
  readonly coding: CodingSource;
  /** What language models may call. */
  readonly tools: Tools;
  run(id: CommandId, argument: unknown): Promise<void>;
  /** Gives a debug configuration the key of the profile that it names. */
  readonly resolveDebug: RunWithProfile['resolveDebug'];
  /** For tests only: answers in place of a person. */
  answerWith(replacement: Partial<People>): void;
  dispose(): Promise<void>;
}

/** The composition root: who gets what. */
export async function createServices({
  context,
  view,
  fire,
  transfersView,
  fireTransfers,
  fireDocument,
  channel,
}: EditorParts): Promise<Services> {
  const folder = context.globalStorageUri.fsPath;
  await mkdir(folder, { recursive: true });

  const ground = createGround(context, channel, folder);
  const { profiles, sandboxes, sessions, prompt, confirm, choose, redactor, logFor } = ground;
  const funds: Funds = createFunds(ground, {
    pushes: () => feeds.live,
    onResolved: (record) => {
      tellResolved(record);
      void accounts.refresh('background');
    },
  });
  const { desk, saved, orders } = funds;
  const feeds: Feeds = createFeeds(ground, desk);
  const { live } = feeds;
  const settings = readSettings;
  const orderBooks = new OrderBookPanels({
    sessions,
    feeds: feeds.market,
    profile: (id) => profiles.find(id),
    extensionUri: context.extensionUri,
    log: logFor('market'),
  });
  const snapshots = new Snapshots({ folder, isKept: () => readSettings().keepSnapshots });
  const hf = new HfDesk({ sessions, log: logFor('hf') });
  const keyFacts = new KeyFactsReader({
    sessions,
    profiles,
    now: () => Date.now(),
    log: logFor('profiles'),
  });
  const accounts = new AccountsView({
    view,
    fire,
    sessions,
    desk,
    settings,
    live,
    hf,
    keyFacts,
    snapshots,
    log: logFor('view'),
  });
  const history = new HistoryView({
    view: transfersView,
    fire: fireTransfers,
    desk,
    sessions,
    log: logFor('history'),
  });
  const place = editorPlace(context.extension);
  const statusBar = new StatusBar({
    sessions,
    settings,
    troubles: () => accounts.troubles,
    services: () => accounts.services,
    live: () => live.status,
    hf: () => hf.status('spot'),
    place,
  });
  const answers = new AnswerDocuments(fireDocument);
  const documents = new TransferDocuments(desk, fireDocument);
  const ledgers = new LedgerDocuments(sessions, fireDocument);
  const keeper = new SnapshotKeeper(sessions, snapshots, logFor('snapshots'));
  const portfolioPanel = new PortfolioPanel({
    extensionUri: context.extensionUri,
    sessions,
    live,
    desk,
    snapshots,
    settings,
    confirm,
    log: logFor('panel'),
  });
  const reveal = async (): Promise<void> => {
    await vscode.commands.executeCommand(`${accountsViewId}.focus`);
  };
  const transferOptions: TransferFlowOptions = {
    sessions,
    profiles,
    desk,
    view: accounts,
    settings,
    prompt,
    confirm,
    saved,
    actOn: (id) => actOn(transferOptions, id),
    log: logFor('transfers'),
  };
  const tools = new Tools({
    ...transferOptions,
    hf,
    redactor,
    log: logFor('tools'),
  });
  const coding = codingSource(sessions, hf);
  const codingHandlers = async (): ReturnType<typeof loadCodingCommands> =>
    loadCodingCommands({
      sessions,
      sandboxes,
      prompt,
      endpoint: (name) => catalogue[name],
      showAnswer: (name, text) => answers.show(name, text),
      addProfile: (known) => addProfile({ profiles, sessions, prompt, reveal }, known),
      sayNoProfile,
    });
  const orderOptions = { ...transferOptions, hf, orders };
  const running = runWithProfile({
    profiles,
    sessions,
    prompt,
    choose,
    permissions: new RunPermissions({
      get: () => context.workspaceState.get('run.allowed'),
      set: (value) => context.workspaceState.update('run.allowed', value),
    }),
    place,
    log: logFor('run'),
  });
  const runner = new CommandRunner(
    {
      ...profileCommands({ profiles, sessions, sandboxes, snapshots, keyFacts, prompt, confirm, reveal }),
      ...balanceCommands({ sessions, view: accounts, settings, prompt }),
      ...sandboxCommands({ sandboxes, sessions, view: accounts, prompt, confirm, place }),
      ...transferCommands({ ...transferOptions, answers }),
      ...historyCommands({ ...transferOptions, history }),
      ...ledgerCommands({ sessions, ledgers, prompt }),
      'kucoin.code.try': async (argument) => (await codingHandlers())['kucoin.code.try'](argument),
      'kucoin.code.trySandbox': async (argument) =>
        (await codingHandlers())['kucoin.code.trySandbox'](argument),
      'kucoin.code.moveKey': async (argument) => (await codingHandlers())['kucoin.code.moveKey'](argument),
      ...orderBookCommands({
        sessions,
        panels: orderBooks,
        prompt,
        recent: {
          get: () => context.globalState.get('orderBook.recent'),
          set: (symbols) => context.globalState.update('orderBook.recent', symbols),
        },
      }),
      ...hfCommands({ ...transferOptions, answers, hf }),
      ...orderCommands(orderOptions),
      'kucoin.live.pin': () => writeSetting('liveUpdates', 'always'),
      'kucoin.live.unpin': () => writeSetting('liveUpdates', 'whileVisible'),
      'kucoin.connection.report': () =>
        openConnectionReport({
          sessions,
          settings,
          live: () => live.status,
          run: describeRun(context),
          unknownTransfers: () => desk.unknown().length,
        }),
      ...portfolioPanel.commands,
      ...running.commands,
      ...helpCommands(context.extension.id),
      ...keychainCommands({
        profiles,
        sessions,
        prompt,
        confirm,
        choose,
        openKeychain: () => openKeychain(),
        addProfile: (known) => addProfile({ profiles, sessions, prompt, reveal }, known),
        files: editorFiles,
        platform: process.platform,
      }),
      'kucoin.log.show': () => channel.show(),
    },
    sessions,
    logFor('commands'),
  );

  let lookedWith: Session['client'] | undefined;
  const followOrders = (): void => {
    const { opened } = sessions;
    if (!opened || opened.client === lookedWith) return;
    lookedWith = opened.client;
    // A crash between sending an order and its answer: KuCoin knows what became of it.
    settleOpenOrders(orderOptions, opened).catch((error: unknown) =>
      transferOptions.log.warn('the journal of orders could not be read', error),
    );
  };
  const followEvidence = (): void => desk.followEvidence(sessions.opened !== undefined);
  const subscriptions: { dispose(): unknown }[] = [
    desk.onDidChange(followEvidence),
    sessions.onDidChange(followEvidence),
    accounts.onDidChange(() => statusBar.update()),
    live.onDidChange(() => statusBar.update()),
    hf.onDidChange(() => statusBar.update()),
    sessions.onDidChange(followOrders),
    hf,
    sandboxes.onDidChange(() => {
      const running = sandboxes.running.length > 0;
      void vscode.commands.executeCommand('setContext', contextKeys.sandboxRunning, running);
      const isActive = sandboxes.active.length > 0;
      void vscode.commands.executeCommand('setContext', contextKeys.sandboxActive, isActive);
      if (sessions.opened?.profile.site.kind !== 'sandbox') return;
      void accounts.recover();
      void portfolioPanel.recover();
    }),
    onDidChangeSettings(() => {
      accounts.restyle();
      portfolioPanel.restyle();
    }),
    keeper,
    keyFacts,
    portfolioPanel,
    coding,
    documents,
    ledgers,
    orderBooks,
    accounts,
    history,
    statusBar,
    sessions,
    profiles,
    desk,
  ];

  const dispose = async (): Promise<void> => {
    for (const subscription of subscriptions.reverse()) subscription.dispose();
    await feeds.market.dispose();
    await live.dispose();
    await sandboxes.dispose();
  };
  try {
    await profiles.load();
  } catch (error) {
    await dispose(); // the next use makes everything anew
    throw error;
  }
  sessions.restore();
  accounts.start();

  return {
    accounts,
    history,
    sessions,
    profiles,
    sandboxes,
    desk,
    documents,
    ledgers,
    textOf: async (uri) => {
      if (uri.scheme === ledgerScheme) return sameLines(ledgers.textOf(uri));
      return sameLines(uri.scheme === answerScheme ? answers.textOf(uri) : await documents.textOf(uri));
    },
    restorePanel: (panel, state) =>
      (panel.viewType === panelTypes.portfolio ? portfolioPanel : orderBooks).restore(panel, keptIn(state)),
    coding,
    tools,
    dragAndDrop: accountsDragAndDrop({ sessions, run: (id, argument) => runner.run(id, argument) }),
    run: (id, argument) => runner.run(id, argument),
    resolveDebug: running.resolveDebug,
    answerWith: (replacement) => ground.answerWith(replacement),
    dispose,
  };
}

/** The analysers come with the first use of their commands, if no document has loaded them before. */
async function loadCodingCommands(
  options: CodingCommandsOptions,
): Promise<Record<CodingCommandId, CommandHandler>> {
  return (await import('./ui/coding/main')).codingCommands(options);
}
