import * as vscode from 'vscode';
import { resumeAny, transferBatch } from './batchFlow';
import type { CommandHandler, CommandId } from './commandTable';
import { exportHistory, repeatOne, showHistory } from './historyCommands';
import { presetOf, transfer, type TransferFlowOptions } from './transferFlow';

type TransferCommandId = Extract<CommandId, `kucoin.transfer.${string}`>;

/** The commands that move funds, and their history. */
export function transferCommands(options: TransferFlowOptions): Record<TransferCommandId, CommandHandler> {
  return {
    'kucoin.transfer.funds': (argument) =>
      transfer(options, {
        title: vscode.l10n.t('Transfer Funds'),
        preset: presetOf(argument, options.sessions.profile?.id),
        family: true,
      }),
    'kucoin.transfer.inner': (argument) =>
      transfer(options, {
        title: vscode.l10n.t('Transfer Between My Accounts'),
        preset: presetOf(argument, options.sessions.profile?.id),
        only: 'innerTransfer',
      }),
    'kucoin.transfer.collect': () => transferBatch(options, 'collect'),
    'kucoin.transfer.distribute': () => transferBatch(options, 'distribute'),
    'kucoin.transfer.resumeBatch': () => resumeAny(options),
    'kucoin.transfer.repeat': () => repeatOne(options),
    'kucoin.transfer.history': () => showHistory(options),
    'kucoin.transfer.export': () => exportHistory(options),
  };
}
