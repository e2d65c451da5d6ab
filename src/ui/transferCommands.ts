import * as vscode from 'vscode';
import { giveUpAny, resumeAny, transferBatch } from './batchFlow';
import { catalogue } from '../kucoin/catalogue';
import { own } from '../transfers/intent';
import type { ExecutableEndpoint } from '../transfers/requests';
import { askQuotas, showTransfersOut, titleOf, type AnswerOptions } from './answerDocuments';
import type { CommandHandler, CommandId } from './commandTable';
import type { HistoryCommandId } from './historyCommands';
import { manageSaved, runSaved } from './savedCommands';
import { presetOf, transfer, type TransferFlowOptions } from './transferFlow';
import type { Preset } from './transferWizard';

type TransferCommandId = Exclude<Extract<CommandId, `kucoin.transfer.${string}`>, HistoryCommandId>;

/** The commands that move funds. */
export function transferCommands(
  options: TransferFlowOptions & AnswerOptions,
): Record<TransferCommandId, CommandHandler> {
  /** One endpoint and no other way, under the name that KuCoin's documentation gives it. */
  const by =
    (only: ExecutableEndpoint, fixed: Preset = {}): CommandHandler =>
    (argument) =>
      transfer(options, {
        title: titleOf(catalogue[only], options.sessions.profile),
        preset: { ...presetOf(argument, options.sessions.profile?.id), ...fixed },
        only,
        family: true,
      });
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
    'kucoin.transfer.giveUpBatch': () => giveUpAny(options),
    'kucoin.transfer.flex': by('flexTransfer'),
    'kucoin.transfer.sub': by('subTransfer'),
    'kucoin.transfer.futuresOut': by('futuresTransferOut', { from: own('contract') }),
    'kucoin.transfer.futuresIn': by('futuresTransferIn', { to: own('contract') }),
    'kucoin.transfer.quotas': (argument) => askQuotas(options, argument),
    'kucoin.transfer.outList': () => showTransfersOut(options),
    'kucoin.transfer.runSaved': () => runSaved(options),
    'kucoin.transfer.manageSaved': () => manageSaved(options),
  };
}
