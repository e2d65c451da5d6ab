import * as vscode from 'vscode';
import type { Sessions } from '../host/sessions';
import { isAccountTypeId } from '../kucoin/accountTypes';
import { accountKey } from '../transfers/intent';
import type { AccountNode, BalanceNode, TreeNode } from './accountsTree';
import { accountsDragType, type CommandId } from './commandTable';
import { inform } from './dialogs';
import { accountTypeName } from './names';
import { accountOf } from './transferFlow';
import { next } from './nextSteps';

export interface DragAndDropOptions {
  readonly sessions: Sessions;
  readonly run: (id: CommandId, argument: unknown) => Promise<void>;
}

/** What the editor calls, which says nothing while something is dragged. */
export interface AccountsDragAndDrop {
  handleDrag(rows: readonly TreeNode[], data: vscode.DataTransfer): void;
  handleDrop(target: TreeNode | undefined, data: vscode.DataTransfer): void;
}

/**
 * A currency that is dropped on another account opens the wizard of *Transfer Funds…* with all of it filled in but
 * the amount: a way into a transfer like any other, which asks and is refused alike.
 */
export function accountsDragAndDrop({ sessions, run }: DragAndDropOptions): AccountsDragAndDrop {
  return {
    handleDrag(rows, data) {
      data.set(accountsDragType, new vscode.DataTransferItem(rows));
    },
    handleDrop(target, data) {
      const rows: unknown = data.get(accountsDragType)?.value;
      // Something from elsewhere, or beside the rows: nothing was meant.
      if (!Array.isArray(rows) || !target) return;
      const drop = dropOf(rows as TreeNode[], target, sessions.profile?.id);
      if ('refused' in drop) inform(drop.refused, next('kucoin.transfer.funds'));
      // The wizard may stay open for long; the editor shall not wait for it. Failures are told by the command.
      else void run('kucoin.transfer.funds', { ...drop.row, onto: drop.onto });
    },
  };
}

type Drop =
  { readonly row: BalanceNode; readonly onto: AccountNode | BalanceNode } | { readonly refused: string };

/** What is to be moved and where to, or why nothing is. */
export function dropOf(rows: readonly TreeNode[], target: TreeNode, activeProfile: string | undefined): Drop {
  const [row] = rows;
  if (rows.length > 1) {
    return {
      refused: vscode.l10n.t(
        'Nothing was moved: drag one currency at a time, as each is a transfer of its own.',
      ),
    };
  }
  if (row?.kind !== 'balance') {
    return { refused: vscode.l10n.t('Nothing was moved: only the row of a currency can be dragged.') };
  }
  if (target.kind !== 'account' && target.kind !== 'balance') {
    return {
      refused: vscode.l10n.t('Nothing was moved: drop the currency on an account, or on a row in it.'),
    };
  }
  if (row.profileId !== activeProfile || target.profileId !== activeProfile) {
    return {
      refused: vscode.l10n.t(
        'Nothing was moved: these accounts are of different profiles. Each profile transfers within its own accounts.',
      ),
    };
  }
  for (const { type } of [row, target]) {
    if (isAccountTypeId(type)) continue;
    const account = accountTypeName(type);
    return {
      refused: vscode.l10n.t('Nothing was moved: no transfer from or to {account} is known.', { account }),
    };
  }
  const [from, to] = [accountOf(row, activeProfile), accountOf(target, activeProfile)];
  if (from && to && accountKey(from) === accountKey(to)) {
    return {
      refused: vscode.l10n.t('Nothing was moved: {currency} is in this account already.', {
        currency: row.currency,
      }),
    };
  }
  return { row, onto: target };
}
