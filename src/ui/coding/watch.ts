import * as vscode from 'vscode';
import { codingLanguageIds } from '../../coding/languages';
import { mentionsKucoin } from '../../coding/mention';

const languageIds: ReadonlySet<string> = new Set(codingLanguageIds);

/** How long typing has to rest before a document that did not speak of KuCoin is looked at again, in milliseconds. */
const restMs = 250;

/**
 * Loads the features for code with the first document that speaks of KuCoin, and is gone then. Until that it costs a
 * search for a few words in each document that is opened, and nothing while somebody types.
 *
 * @param load may fail: the next document tries again
 */
export function watchForKucoin(load: () => Promise<unknown>): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  let loading = false;
  const look = (document: vscode.TextDocument): void => {
    if (loading || !languageIds.has(document.languageId)) return;
    if (!/kucoin/i.test(document.uri.path) && !mentionsKucoin(document.getText())) return;
    loading = true;
    load().then(end, () => (loading = false));
  };
  const lookLater = (document: vscode.TextDocument, ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => look(document), ms);
  };
  const first = setTimeout(() => vscode.workspace.textDocuments.forEach(look));
  const listeners = [
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && languageIds.has(document.languageId)) lookLater(document, restMs);
    }),
  ];
  function end(): void {
    clearTimeout(first);
    clearTimeout(timer);
    for (const listener of listeners) listener.dispose();
  }
  return new vscode.Disposable(end);
}
