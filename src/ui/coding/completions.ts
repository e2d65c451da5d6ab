import * as vscode from 'vscode';
import { completionsAt, type Completion } from '../../coding/completion';
import { isWanted, sentence, type CodingContext } from './shared';

export const triggerCharacters = ['/', '"', "'", '?', '&', '='];

const kinds: Readonly<Record<Completion['kind'], vscode.CompletionItemKind>> = {
  path: vscode.CompletionItemKind.Method,
  parameter: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.EnumMember,
};

/** Offers paths, parameters and values inside strings and bodies. */
export class CodingCompletions implements vscode.CompletionItemProvider {
  constructor(private readonly context: CodingContext) {}

  provideCompletionItems(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
    if (!isWanted('completion', document, this.context.settings())) return [];
    const offset = document.offsetAt(position);
    return completionsAt(document.getText(), offset, document.languageId, this.context.facts()).flatMap(
      (completion) => itemOf(document, position, completion) ?? [],
    );
  }
}

function itemOf(
  document: vscode.TextDocument,
  position: vscode.Position,
  { kind, label, detail, edit, last }: Completion,
): vscode.CompletionItem | undefined {
  const start = document.positionAt(edit.start);
  const end = document.positionAt(edit.end);
  // The editor takes a completion within a line and around the cursor only.
  if (start.line !== position.line || start.isAfter(position) || end.isBefore(position)) return undefined;
  const item = new vscode.CompletionItem(label, kinds[kind]);
  const to = end.line === position.line ? end : position;
  item.range = { inserting: new vscode.Range(start, position), replacing: new vscode.Range(start, to) };
  item.insertText = edit.text;
  item.sortText = `${last ? '1' : '0'}${label}`;
  if (detail) item.detail = sentence(detail);
  return item;
}
