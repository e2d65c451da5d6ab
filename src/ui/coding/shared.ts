import * as vscode from 'vscode';
import type { Analysis } from '../../coding/analyse';
import type { Range } from '../../coding/syntax';
import { codingLanguageOf } from '../../coding/languages';
import type { CodingFacts } from '../../coding/finding';
import type { Sentence } from '../../kucoin/explain';
import { oneLine } from '../../kucoin/outside';
import type { Settings } from '../../host/settings';

export type CodingFeature = 'diagnostics' | 'hover' | 'codeLens' | 'completion' | 'secrets';

const switches = {
  diagnostics: 'codingDiagnostics',
  hover: 'codingHover',
  codeLens: 'codingCodeLens',
  completion: 'codingCompletion',
  secrets: 'codingSecrets',
} as const satisfies Record<CodingFeature, keyof Settings>;

/** What the features for code share. */
export interface CodingContext {
  /** The analysis of a document as it stands now. */
  analysisOf(document: vscode.TextDocument): Analysis;
  readonly facts: () => CodingFacts;
  readonly settings: () => Settings;
  /** Name of the active profile; absent while there is none, or while it is not known yet. */
  readonly profileName: () => string | undefined;
}

/** Whether a feature is wanted for a document. */
export function isWanted(
  feature: CodingFeature,
  { languageId, uri }: vscode.TextDocument,
  settings: Settings,
): boolean {
  const language = codingLanguageOf(languageId);
  return (
    language !== undefined &&
    settings[switches[feature]] &&
    settings.codingLanguages.includes(language) &&
    // The other side of a comparison, output and the like are not what somebody writes.
    !['git', 'output', 'gitlens', 'vscode-scm'].includes(uri.scheme)
  );
}

export function sentence({ template, values }: Sentence): string {
  const shown = Object.entries(values).map(([name, text]): [string, string] => [name, oneLine(text)]);
  return vscode.l10n.t(template, Object.fromEntries(shown));
}

export function rangeOf(document: vscode.TextDocument, { start, end }: Range): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** Where a command of a lens or a quick fix was called. */
export interface CodePlace {
  readonly uri: string;
  readonly offset: number;
}

export function isCodePlace(value: unknown): value is CodePlace {
  const { uri, offset } = (value ?? {}) as Partial<CodePlace>;
  return typeof uri === 'string' && typeof offset === 'number';
}
