import * as vscode from 'vscode';
import { createAnalyser, type Analysis } from '../../coding/analyse';
import { codingLanguageIds } from '../../coding/languages';
import { onDidChangeSettings, readSettings } from '../../host/settings';
import type { CodingKnowledge, CodingSource } from '../codingSource';
import { CodingActions } from './actions';
import { CodingCompletions, triggerCharacters } from './completions';
import { CodingDiagnostics } from './diagnostics';
import { CodingHover } from './hover';
import { CodingLenses } from './lenses';
import type { CodingContext } from './shared';

export { codingCommands, type CodingCommandsOptions } from './commands';

/**
 * The features for code: loaded with the first document that speaks of KuCoin.
 *
 * @param loadSource makes the rest of the product, which knows the active profile; until it is there, and where it
 * fails, everything works without a profile
 */
export function startCoding(loadSource: () => Promise<CodingSource>): vscode.Disposable {
  const analyser = createAnalyser();
  let settings = readSettings();
  let known: CodingKnowledge = { facts: {} };
  let isDisposed = false;
  const context: CodingContext = {
    analysisOf: (document): Analysis =>
      analyser.of({
        uri: document.uri.toString(),
        version: document.version,
        languageId: document.languageId,
        getText: () => document.getText(),
      }),
    facts: () => known.facts,
    settings: () => settings,
    profileName: () => known.profileName,
  };
  const diagnostics = new CodingDiagnostics(context);
  const lenses = new CodingLenses(context);
  const lookAgain = (): void => {
    diagnostics.lookAgain();
    lenses.lookAgain();
  };
  const selector = codingLanguageIds.map((language) => ({ language }));
  const { languages } = vscode;
  const parts: { dispose(): unknown }[] = [
    diagnostics,
    lenses,
    languages.registerCodeActionsProvider(selector, new CodingActions(context), {
      providedCodeActionKinds: CodingActions.kinds,
    }),
    languages.registerHoverProvider(selector, new CodingHover(context)),
    languages.registerCodeLensProvider(selector, lenses),
    languages.registerCompletionItemProvider(selector, new CodingCompletions(context), ...triggerCharacters),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => analyser.forget(uri.toString())),
    onDidChangeSettings(() => {
      settings = readSettings();
      lookAgain();
    }),
  ];
  const follow = (source: CodingSource): void => {
    const take = (): void => {
      known = source.now();
      analyser.setFacts(known.facts);
      lookAgain();
    };
    if (isDisposed) return;
    parts.push(source.onDidChange(take));
    take();
  };
  loadSource().then(follow, () => undefined); // whoever uses the product itself is told why it cannot be loaded
  return new vscode.Disposable(() => {
    isDisposed = true;
    for (const part of parts) part.dispose();
  });
}
