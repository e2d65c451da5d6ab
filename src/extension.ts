import * as vscode from 'vscode';
import type { Services } from './services';
import type { TreeNode } from './ui/accountsTree';
import {
  accountsDragType,
  accountsViewId,
  answerScheme,
  commandIds,
  ledgerScheme,
  panelTypes,
  profileProperty,
  transferScheme,
  transfersViewId,
} from './ui/commandTable';
import { watchForKucoin } from './ui/coding/watch';
import type { HistoryNode } from './ui/historyTree';
import { toolNames } from './ui/tools/toolTable';

/** What tests inside the extension host get; nobody else gets anything. */
export interface TestApi {
  services(): Promise<Services>;
}

let loaded: Promise<Services> | undefined;

/** Registers what the manifest promises. Everything behind it is loaded with the first use. */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  const channel = vscode.window.createOutputChannel('KuCoin Accounts', { log: true });
  const changed = new vscode.EventEmitter<TreeNode[] | undefined>();
  const view = vscode.window.createTreeView<TreeNode>(accountsViewId, {
    showCollapseAll: true,
    dragAndDropController: {
      dragMimeTypes: [],
      dropMimeTypes: [accountsDragType],
      handleDrag: async (rows, data) => (await services()).dragAndDrop.handleDrag(rows, data),
      handleDrop: async (row, data) => (await services()).dragAndDrop.handleDrop(row, data),
    },
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: async (node) => (await services()).accounts.tree.getChildren(node),
      getTreeItem: async (node) => (await services()).accounts.tree.getTreeItem(node),
      getParent: async (node) => (await services()).accounts.tree.getParent(node),
      resolveTreeItem: async (item, node) => (await services()).accounts.tree.resolveTreeItem(item, node),
    },
  });
  const transfersChanged = new vscode.EventEmitter<HistoryNode | undefined>();
  const transfersView = vscode.window.createTreeView<HistoryNode>(transfersViewId, {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: transfersChanged.event,
      getChildren: async (node) => (await services()).history.getChildren(node),
      getTreeItem: async (node) => (await services()).history.tree.getTreeItem(node),
      getParent: async (node) => (await services()).history.tree.getParent(node),
      resolveTreeItem: async (item, node) => (await services()).history.tree.resolveTreeItem(item, node),
    },
  });
  const documentChanged = new vscode.EventEmitter<vscode.Uri>();
  const services = (): Promise<Services> => {
    loaded ??= import('./services')
      .then(({ createServices }) =>
        createServices({
          context,
          view,
          fire: (nodes) => changed.fire(nodes),
          transfersView,
          fireTransfers: (node) => transfersChanged.fire(node),
          fireDocument: (uri) => documentChanged.fire(uri),
          channel,
        }),
      )
      .catch((error: unknown) => {
        loaded = undefined; // the next use tries again
        throw error;
      });
    return loaded;
  };
  context.subscriptions.push(channel, changed, view, transfersChanged, transfersView, documentChanged);
  for (const scheme of [transferScheme, ledgerScheme, answerScheme]) {
    context.subscriptions.push(
      vscode.workspace.registerTextDocumentContentProvider(scheme, {
        onDidChange: documentChanged.event,
        provideTextDocumentContent: async (uri) => (await services()).textOf(uri),
      }),
    );
  }
  for (const id of commandIds) {
    context.subscriptions.push(
      vscode.commands.registerCommand(id, async (argument: unknown) => (await services()).run(id, argument)),
    );
  }
  for (const type of Object.values(panelTypes)) {
    context.subscriptions.push(
      vscode.window.registerWebviewPanelSerializer(type, {
        deserializeWebviewPanel: async (panel, state) => (await services()).restorePanel(panel, state),
      }),
    );
  }
  context.subscriptions.push(
    vscode.debug.registerDebugConfigurationProvider('*', {
      resolveDebugConfigurationWithSubstitutedVariables: async (folder, configuration, token) =>
        profileProperty in configuration
          ? (await services()).resolveDebug(folder, configuration, token)
          : configuration,
    }),
  );
  for (const name of toolNames) {
    context.subscriptions.push(
      vscode.lm.registerTool<unknown>(name, {
        prepareInvocation: async ({ input }) => (await services()).tools.prepare(name, input),
        invoke: async ({ input, tokenizationOptions }, token) =>
          (await services()).tools.invoke(name, input, token, tokenizationOptions?.tokenBudget),
      }),
    );
  }
  const code = watchForKucoin(async () => {
    const { startCoding } = await import('./ui/coding/main');
    context.subscriptions.push(startCoding(async () => (await services()).coding));
  });
  context.subscriptions.push(code);
  return context.extensionMode === vscode.ExtensionMode.Test ? { services } : undefined;
}

export async function deactivate(): Promise<void> {
  await (await loaded?.catch(() => undefined))?.dispose();
  loaded = undefined;
}
