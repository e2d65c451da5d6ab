import * as vscode from 'vscode';
import type { TextEdit } from '../../coding/finding';
import { secretTexts } from '../../coding/messages';
import type { CommandId } from '../commandTable';
import { secretCode } from './diagnostics';
import { isWanted, rangeOf, sentence, type CodePlace, type CodingContext } from './shared';

const moveKey: CommandId = 'kucoin.code.moveKey';

/** The quick fixes: what the analysers offer for their findings, and the two ways to get a key out of a file. */
export class CodingActions implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.QuickFix];

  constructor(private readonly context: CodingContext) {}

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const settings = this.context.settings();
    const { findings, secrets } = this.context.analysisOf(document);
    const actions: vscode.CodeAction[] = [];
    const add = (title: string, code: string, at: vscode.Range): vscode.CodeAction => {
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      action.diagnostics = diagnostics.filter(
        (diagnostic) => codeOf(diagnostic) === code && diagnostic.range.isEqual(at),
      );
      actions.push(action);
      return action;
    };
    const touches = (at: vscode.Range): boolean => at.intersection(range) !== undefined;

    if (isWanted('diagnostics', document, settings))
      for (const finding of findings) {
        const at = rangeOf(document, finding);
        if (!touches(at)) continue;
        for (const fix of finding.fixes) {
          const action = add(sentence(fix.title), finding.code, at);
          action.edit = editOf(document, fix.edits);
          action.isPreferred = finding.fixes.length === 1;
        }
      }
    if (isWanted('secrets', document, settings))
      for (const secret of secrets) {
        const at = rangeOf(document, secret);
        if (!secret.live || !touches(at)) continue;
        const place: CodePlace = { uri: document.uri.toString(), offset: secret.start };
        const title = vscode.l10n.t(secretTexts.move);
        add(title, secretCode, at).command = { title, command: moveKey, arguments: [place] };
        if (secret.replace)
          add(sentence(secret.replace.title), secretCode, at).edit = editOf(document, secret.replace.edits);
      }
    return actions;
  }
}

export function editOf(document: vscode.TextDocument, edits: readonly TextEdit[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { start, end, text } of edits)
    edit.replace(document.uri, rangeOf(document, { start, end }), text);
  return edit;
}

function codeOf({ code }: vscode.Diagnostic): unknown {
  return typeof code === 'object' ? code.value : code;
}
