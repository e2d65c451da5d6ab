import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { profileFileIn } from './host/files';
import { HfDesk } from './host/hfDesk';
import { openKeychain } from './host/keychain';
import { LiveFeeds, type LiveSession } from './host/liveFeeds';
import { MarketFeeds } from './host/marketFeeds';
import { createLogger, Redactor } from './host/log';
import { RunPermissions } from './host/runPermissions';
import { SandboxHost } from './host/sandboxHost';
import { SavedTransfersStore } from './host/savedTransfers';
import { editorSecrets } from './host/secrets';
import { Sessions, type Session } from './host/sessions';
import { onDidChangeSettings, readSettings, writeSetting } from './host/settings';
import { SnapshotKeeper } from './host/snapshotKeeper';
import { Snapshots } from './host/snapshots';
import { TransferDesk } from './host/transferDesk';
import { catalogue } from './kucoin/catalogue';
import { sameLines } from './kucoin/outside';
import { systemTime } from './kucoin/time';
import { OrderJournal } from './orders/journal';
import { worldOf } from './profiles/profile';
import { Profiles } from './profiles/profiles';
import { sameUser } from './profiles/sameUser';
import { nodeLease } from './transfers/nodeLease';
import type { BalancePushes } from './transfers/pushes';
import type { EvidenceSource } from './transfers/reconcile';
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
  type CommandHandler,
  type CommandId,
} from './ui/commandTable';
import { openConnectionReport } from './ui/connectionReport';
import { editorChoose, editorConfirm, offer, type Choose, type Confirm } from './ui/dialogs';
import { editorPrompt } from './ui/editorPrompt';
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
import { next } from './ui/nextSteps';
import { OrderBookPanels } from './ui/panels/orderBookPanel';
import { PortfolioPanel } from './ui/panels/portfolioPanel';
import { addProfile, profileCommands, sayNoProfile } from './ui/profileCommands';
import { nodeJournalFile } from './transfers/nodeJournalFile';
import { orderCommands, settleOpenOrders } from './ui/orderCommands';
import { editorPlace, runWithProfile, type RunWithProfile } from './ui/runCommands';
import { sandboxCommands } from './ui/sandboxCommands';
import { StatusBar } from './ui/statusBar';
import { Tools } from './ui/tools/tools';
import { transferCommands } from './ui/transferCommands';
import { tellResolved, type TransferFlowOptions } from './ui/transferFlow';
import { TransferDocuments } from './ui/transferDocument';
import type { Prompt } from './ui/wizard';

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
  readonly dragAndDrop: AccountsDragAndDrop;
  /** What the features for code know of the active profile. */
  readonly coding: CodingSource;
  /** What language models may call. */
  readonly tools: Tools;
  run(id: CommandId, argument: unknown): Promise<void>;
  /** Gives a debug configuration the key of the profile that it names. */
  readonly resolveDebug: RunWithProfile['resolveDebug'];
  /** For tests only: answers in place of a person. */
  answerWith(replacement: {
    readonly prompt?: Prompt;
    readonly confirm?: Confirm;
    readonly choose?: Choose;
  }): void;
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

  const redactor = new Redactor();
  const log = createLogger(channel, redactor, 'host');
  log.info(describeRun(context));
  const notice = (text: string): void => {
    log.warn(text);
    offer(vscode.window.showWarningMessage, text, next('kucoin.log.show'));
  };

  const persons: { prompt: Prompt; confirm: Confirm; choose: Choose } = {
    prompt: editorPrompt,
    confirm: editorConfirm,
    choose: editorChoose,
  };
  const prompt: Prompt = {
    pick: (box) => persons.prompt.pick(box),
    pickMany: (box) => persons.prompt.pickMany(box),
    input: (box) => persons.prompt.input(box),
  };
  const confirm: Confirm = (question) => persons.confirm(question);
  const choose: Choose = (question) => persons.choose(question);

  const profiles = new Profiles({
    file: profileFileIn(folder),
    secrets: editorSecrets(context.secrets),
    newId: () => randomUUID(),
    onNotice: ({ keptAs }) =>
      notice(
        vscode.l10n.t(
          'The list of profiles was damaged. What could be read is used; the damaged file is kept as {file}. Keys in the secret storage are untouched.',
          { file: keptAs },
        ),
      ),
  });
  const sandboxes = new SandboxHost({
    folder,
    log: createLogger(channel, redactor, 'sandbox'),
    onNotice: notice,
  });
  const sessions = new Sessions({
    profiles,
    sandboxes,
    redactor,
    log: createLogger(channel, redactor, 'client'),
    valuationCurrency: () => readSettings().valuationCurrency,
    remembered: {
      get: () => context.workspaceState.get<string>('profile'),
      set: async (id) => context.workspaceState.update('profile', id),
    },
  });
  const desk: TransferDesk = new TransferDesk({
    folder,
    log: createLogger(channel, redactor, 'transfers'),
    sourceOf: (profileId) => evidenceSource(sessions, profileId, live),
    sameUser: (profileId) => sameUser(profiles.all, profileId),
    onResolved: (record) => {
      tellResolved(record);
      void accounts.refresh('background');
    },
    onNotice: (keptAs) =>
      notice(
        vscode.l10n.t('A part of the journal of transfers was damaged. It is kept as {file}.', {
          file: keptAs,
        }),
      ),
  });

  const saved = new SavedTransfersStore({
    folder,
    onNotice: (keptAs) =>
      notice(
        vscode.l10n.t(
          'The file of the saved transfers was damaged, and a new one was begun. The damaged file is kept as {file}. No money moved.',
          { file: keptAs },
        ),
      ),
  });

  const settings = readSettings;
  const feedLease = nodeLease({ folder, owner: desk.writer, isAlive: desk.isAlive });
  const live: LiveFeeds = new LiveFeeds({
    folder,
    lease: feedLease,
    time: systemTime,
    log: createLogger(channel, redactor, 'feed'),
    session: () => liveSession(sessions.opened),
    mode: () => readSettings().liveUpdates,
  });
  const marketLog = createLogger(channel, redactor, 'market');
  const marketFeeds = new MarketFeeds({
    folder,
    lease: feedLease,
    time: systemTime,
    log: marketLog,
    privateFeed: (topics, listener) => live.listen(topics, listener),
    onPrivateLive: (listener) =>
      live.onDidChange(() => {
        if (live.status.hosts.spot?.state === 'live') listener();
      }),
  });
  const orderBooks = new OrderBookPanels({
    sessions,
    feeds: marketFeeds,
    extensionUri: context.extensionUri,
    log: marketLog,
  });
  const hf = new HfDesk({ sessions, log: createLogger(channel, redactor, 'hf') });
  const accounts = new AccountsView({
    view,
    fire,
    sessions,
    desk,
    settings,
    live,
    hf,
    log: createLogger(channel, redactor, 'view'),
  });
  const history = new HistoryView({
    view: transfersView,
    fire: fireTransfers,
    desk,
    sessions,
    log: createLogger(channel, redactor, 'history'),
  });
  const statusBar = new StatusBar({
    sessions,
    settings,
    troubles: () => accounts.troubles,
    services: () => accounts.services,
    live: () => live.status,
    hf: () => hf.status('spot'),
  });
  const answers = new AnswerDocuments(fireDocument);
  const documents = new TransferDocuments(desk, fireDocument);
  const ledgers = new LedgerDocuments(sessions, fireDocument);
  const snapshots = new Snapshots({ folder, isKept: () => readSettings().keepSnapshots });
  const keeper = new SnapshotKeeper(sessions, snapshots, createLogger(channel, redactor, 'snapshots'));
  const portfolioPanel = new PortfolioPanel({
    extensionUri: context.extensionUri,
    sessions,
    live,
    desk,
    snapshots,
    settings,
    confirm,
    log: createLogger(channel, redactor, 'panel'),
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
    log: createLogger(channel, redactor, 'transfers'),
  };
  const tools = new Tools({
    ...transferOptions,
    hf,
    redactor,
    log: createLogger(channel, redactor, 'tools'),
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
  const orders = new OrderJournal(nodeJournalFile(path.join(folder, 'orders.journal')));
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
    place: editorPlace(context.extension),
    log: createLogger(channel, redactor, 'run'),
  });
  const runner = new CommandRunner(
    {
      ...profileCommands({ profiles, sessions, sandboxes, snapshots, prompt, confirm, reveal }),
      ...balanceCommands({ sessions, view: accounts, settings, prompt }),
      ...sandboxCommands({ sandboxes, sessions, view: accounts, prompt, confirm }),
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
    createLogger(channel, redactor, 'commands'),
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
    }),
    onDidChangeSettings(() => {
      accounts.restyle();
      portfolioPanel.restyle();
    }),
    keeper,
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
    await marketFeeds.dispose();
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
    coding,
    tools,
    dragAndDrop: accountsDragAndDrop({ sessions, run: (id, argument) => runner.run(id, argument) }),
    run: (id, argument) => runner.run(id, argument),
    resolveDebug: running.resolveDebug,
    answerWith: (replacement) => void Object.assign(persons, replacement),
    dispose,
  };
}

/** The analysers come with the first use of their commands, if no document has loaded them before. */
async function loadCodingCommands(
  options: CodingCommandsOptions,
): Promise<Record<CodingCommandId, CommandHandler>> {
  return (await import('./ui/coding/main')).codingCommands(options);
}

/** Evidence is read with the session of the active profile; of other profiles when they are active. */
function evidenceSource(
  sessions: Sessions,
  profileId: string,
  pushes: BalancePushes,
): EvidenceSource | undefined {
  const session = sessions.opened;
  if (session?.profile.id !== profileId) return undefined;
  const { client, profile } = session;
  return { world: worldOf(profile), client, pushes, exchangeNow: () => client.clock.now() };
}

/** The first line of a run: what every report about proxies and remotes has to say. Nothing about keys or users. */
function describeRun({ extension }: vscode.ExtensionContext): string {
  const { version } = extension.packageJSON as { readonly version: string };
  const ui = vscode.env.uiKind === vscode.UIKind.Web ? 'web' : 'desktop';
  const remote = vscode.env.remoteName ?? 'none';
  const proxy = vscode.workspace.getConfiguration('http').get<string>('proxySupport') ?? '-';
  return `KuCoin Accounts ${version}, VS Code ${vscode.version}, Node ${process.versions.node}, ${process.platform}, host ${vscode.env.appHost}, ui ${ui}, remote ${remote}, proxySupport ${proxy}`;
}

/** What the feeds need of a session. */
function liveSession(session: Session | undefined): LiveSession | undefined {
  if (!session) return undefined;
  const { profile, client, portfolio, site } = session;
  return {
    profileId: profile.id,
    generation: profile.generation,
    client,
    hosts: site.hosts.futures === undefined ? ['spot'] : ['spot', 'futures'],
    portfolio: {
      get isolatedPairs() {
        return portfolio.own.flatMap(({ type, tag }) =>
          type === 'isolated' && tag !== undefined ? [tag] : [],
        );
      },
      applyBalanceEvent: (event) => portfolio.applyBalanceEvent(event),
      applyWalletEvent: (event) => portfolio.applyWalletEvent(event),
      applyMarginEvent: (event) => portfolio.applyMarginEvent(event),
      markGap: () => portfolio.markGap(),
      resnapshot: () => portfolio.resnapshot('background'),
      onDidChange: (listener) => portfolio.onDidChange(listener),
    },
  };
}
