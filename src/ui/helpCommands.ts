import * as vscode from 'vscode';
import type { CommandHandler, CommandId } from './commandTable';

type HelpCommandId = Extract<CommandId, `kucoin.help.${string}`>;

/** The commands that show a newcomer the way. */
export function helpCommands(extensionId: string): Record<HelpCommandId, CommandHandler> {
  return {
    'kucoin.help.getStarted': () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extensionId}#start`),
    'kucoin.help.openExample': async () => {
      const document = await vscode.workspace.openTextDocument({
        language: 'javascript',
        content: example(),
      });
      await vscode.window.showTextDocument(document);
    },
  };
}

/** Calls that say what the features for code can do, in a document that belongs to nobody yet. */
function example(): string {
  const say = (text: string): string => `// ${text}`;
  return [
    say(vscode.l10n.t('Point at a path: what the call does, which permission it needs and what it weighs.')),
    say(vscode.l10n.t('Choose a link above a call to try it. Nothing is sent before you do.')),
    "const kucoin = process.env.KUCOIN_BASE_URL ?? 'https://api.kucoin.com';",
    '',
    'const time = await fetch(`${kucoin}/api/v1/timestamp`);',
    'const ticker = await fetch(`${kucoin}/api/v1/market/orderbook/level1?symbol=BTC-USDT`);',
    '',
    say(vscode.l10n.t('These need the headers of a signed call, which your client adds.')),
    "const accounts = await signed('GET', '/api/v1/accounts?type=trade');",
    "const transfer = await signed('POST', '/api/v3/accounts/universal-transfer', {",
    '  clientOid: crypto.randomUUID(),',
    "  type: 'INTERNAL',",
    "  currency: 'USDT',",
    "  amount: '10',",
    "  fromAccountType: 'MAIN',",
    "  toAccountType: 'TRADE',",
    '});',
    '',
  ].join('\n');
}
