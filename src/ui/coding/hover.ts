import * as vscode from 'vscode';
import { hoverOf, type HoverLine } from '../../coding/hover';
import { isWanted, rangeOf, sentence, type CodingContext } from './shared';

/** Says what is known of the call under the mouse. */
export class CodingHover implements vscode.HoverProvider {
  constructor(private readonly context: CodingContext) {}

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    if (!isWanted('hover', document, this.context.settings())) return undefined;
    const offset = document.offsetAt(position);
    const call = this.context
      .analysisOf(document)
      .calls.find(({ start, end, query }) => start <= offset && offset <= (query?.end ?? end));
    if (!call) return undefined;
    const { lines, docs } = hoverOf(call, this.context.facts());
    const text = new vscode.MarkdownString();
    for (const line of lines) append(text, line);
    if (docs !== undefined) {
      text.appendMarkdown(`\n\n[${vscode.l10n.t("KuCoin's documentation")}](${docs})`);
    }
    return new vscode.Hover(text, rangeOf(document, { start: call.start, end: call.query?.end ?? call.end }));
  }
}

/** The head of the page stands apart; what follows is a list. */
function append(text: vscode.MarkdownString, line: HoverLine): void {
  const words = sentence(line.sentence);
  switch (line.id) {
    case 'title':
      text.appendMarkdown(`**${escaped(words)}**`);
      return;
    case 'summary':
      text.appendMarkdown(`\n\n${escaped(words)}`);
      return;
    case 'call':
      text.appendCodeblock(words, 'http');
      return;
    default:
      text.appendMarkdown(`\n- ${escaped(words)}`);
  }
}

/** Text and nothing else. `appendText` would make its blanks unbreakable, and long lines would be cut off. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!~|<>&]/g, '\\$&').replace(/\s+/g, ' ');
}
