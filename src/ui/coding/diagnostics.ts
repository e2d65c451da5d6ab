import * as vscode from 'vscode';
import type { Finding } from '../../coding/finding';
import { secretTexts } from '../../coding/messages';
import type { FoundSecret } from '../../coding/secrets';
import { IgnoredFiles } from './ignored';
import { isWanted, rangeOf, sentence, type CodingContext } from './shared';

/** How long typing has to rest before a document is analysed, in milliseconds. */
const restMs = 50;
/** A document whose analysis takes long waits this many times as long. */
const patience = 4;

const source = 'KuCoin';
/** Stands beside the codes of the findings: a credential in a file. */
export const secretCode = 'KC120';
const secretPage = 'https://www.kucoin.com/docs-new/authentication';

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
} as const;

/** Keeps the findings of the visible documents in the list of problems, one analysis for each version. */
export class CodingDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('kucoin');
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly tookMs = new Map<string, number>();
  private readonly ignored = new IgnoredFiles();
  private readonly parts: { dispose(): unknown }[];

  constructor(private readonly context: CodingContext) {
    this.parts = [
      this.collection,
      this.ignored,
      this.ignored.onDidChange(() => this.lookAgain()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.schedule(document)),
      vscode.workspace.onDidOpenTextDocument((document) => this.schedule(document, 0)),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.lookAgain()),
    ];
    this.lookAgain();
  }

  /** Settings, or what is known beside the text, have changed. */
  lookAgain(): void {
    for (const { document } of vscode.window.visibleTextEditors) this.schedule(document, 0);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const part of this.parts) part.dispose();
  }

  private schedule(document: vscode.TextDocument, ms?: number): void {
    const key = document.uri.toString();
    const wait = ms ?? Math.max(restMs, patience * (this.tookMs.get(key) ?? 0));
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        const isVisible = vscode.window.visibleTextEditors.some((editor) => editor.document === document);
        if (isVisible && !document.isClosed) this.look(document);
      }, wait),
    );
  }

  private look(document: vscode.TextDocument): void {
    const settings = this.context.settings();
    const wantsFindings = isWanted('diagnostics', document, settings);
    const wantsSecrets = isWanted('secrets', document, settings);
    if ((!wantsFindings && !wantsSecrets) || isExcluded(document)) {
      this.collection.delete(document.uri);
      return;
    }
    const before = performance.now();
    const { findings, secrets } = this.context.analysisOf(document);
    this.tookMs.set(document.uri.toString(), performance.now() - before);
    this.collection.set(document.uri, [
      ...(wantsFindings ? findings.map((finding) => diagnosticOf(document, finding)) : []),
      ...(wantsSecrets ? this.secretsOf(document, secrets) : []),
    ]);
  }

  /** Git is asked only where there is something to say, and nothing is said before it has answered. */
  private secretsOf(document: vscode.TextDocument, secrets: readonly FoundSecret[]): vscode.Diagnostic[] {
    const live = secrets.filter((secret) => secret.live);
    const isIgnored = live.length > 0 ? this.ignored.of(document.uri) : false;
    if (isIgnored === undefined) return [];
    return live.map((secret) => secretDiagnosticOf(document, secret, isIgnored));
  }

  private forget({ uri }: vscode.TextDocument): void {
    const key = uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.tookMs.delete(key);
    this.collection.delete(uri);
  }
}

export function diagnosticOf(document: vscode.TextDocument, finding: Finding): vscode.Diagnostic {
  const { code, severity, message, docs } = finding;
  const diagnostic = new vscode.Diagnostic(
    rangeOf(document, finding),
    sentence(message),
    severities[severity],
  );
  diagnostic.source = source;
  diagnostic.code = docs === undefined ? code : { value: code, target: vscode.Uri.parse(docs) };
  if (code === 'KC101') diagnostic.tags = [vscode.DiagnosticTag.Deprecated];
  return diagnostic;
}

/**
 * A file that git ignores is not published with the code, and where a bot of today has its keys: that is worth a word,
 * not an error.
 */
function secretDiagnosticOf(
  document: vscode.TextDocument,
  secret: FoundSecret,
  isIgnored: boolean,
): vscode.Diagnostic {
  const part = vscode.l10n.t(secretTexts[secret.part]);
  const diagnostic = new vscode.Diagnostic(
    rangeOf(document, secret),
    vscode.l10n.t(isIgnored ? secretTexts.liveIgnored : secretTexts.live, { part }),
    isIgnored ? vscode.DiagnosticSeverity.Information : vscode.DiagnosticSeverity.Error,
  );
  diagnostic.source = source;
  diagnostic.code = { value: secretCode, target: vscode.Uri.parse(secretPage) };
  return diagnostic;
}

/** Whether the user keeps the file out of sight (`files.exclude`) or out of searches (`search.exclude`). */
function isExcluded(document: vscode.TextDocument): boolean {
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  if (!folder) return false;
  return ['files', 'search'].some((section) => {
    const globs = vscode.workspace
      .getConfiguration(section, document.uri)
      .get<Record<string, unknown>>('exclude');
    return Object.entries(globs ?? {}).some(
      ([glob, on]) =>
        on === true &&
        [glob, `${glob}/**`].some(
          (pattern) =>
            vscode.languages.match({ pattern: new vscode.RelativePattern(folder, pattern) }, document) > 0,
        ),
    );
  });
}
