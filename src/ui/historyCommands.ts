import * as vscode from 'vscode';
import { historyAsCsv, historyAsJson } from '../transfers/export';
import { environmentOf } from '../profiles/profile';
import type { TransferRecord } from '../transfers/history';
import { accountTitle } from '../transfers/intent';
import { inform } from './dialogs';
import { translate } from './explainError';
import { exactAmount } from './format';
import { sayNoProfile } from './profileCommands';
import { actOn, repeat, type TransferFlowOptions } from './transferFlow';
import { saveOne } from './savedCommands';
import type { PickItem } from './wizard';

/** Asks for one of the last transfers of the active profile and fills the wizard in with it, up to the amount. */
export async function repeatOne(options: TransferFlowOptions): Promise<void> {
  const { sessions, desk, prompt } = options;
  const { profile } = sessions;
  if (!profile) {
    sayNoProfile();
    return;
  }
  const records = (await desk.history()).filter((record) => record.profile.id === profile.id);
  type Item = PickItem<(() => Promise<void>) | undefined>;
  const none: Item = {
    label: vscode.l10n.t('This profile has made no transfer yet'),
    inert: true,
    value: undefined,
  };
  const save: Item = {
    label: vscode.l10n.t('Save One of These Under a Name…'),
    icon: 'save',
    value: () => saveOne(options),
    group: vscode.l10n.t('More'),
  };
  const answer = await prompt.pick<Item['value']>({
    title: `${vscode.l10n.t('Repeat Transfer')} · ${profile.name} · ${environmentOf(profile)}`,
    canGoBack: false,
    placeholder: vscode.l10n.t('Which transfer shall be made again?'),
    items:
      records.length > 0
        ? [
            ...records.map((record) => ({ ...historyItem(record), value: () => repeat(options, record) })),
            save,
          ]
        : [none],
  });
  if (answer.kind === 'value') await answer.value?.();
}

export async function showHistory(options: TransferFlowOptions): Promise<void> {
  const records = await options.desk.history();
  const title = vscode.l10n.t('Transfer History');
  const none: PickItem<TransferRecord | undefined> = {
    label: vscode.l10n.t('No transfer has been made with this extension yet'),
    inert: true,
    value: undefined,
  };
  const answer = await options.prompt.pick<TransferRecord | undefined>({
    title,
    canGoBack: false,
    placeholder: vscode.l10n.t('Choose a transfer to see what is known of it'),
    items: records.length > 0 ? records.map(historyItem) : [none],
  });
  if (answer.kind === 'value' && answer.value) await actOn(options, answer.value.id);
}

const stateIcons: Readonly<Record<TransferRecord['moved'], string>> = {
  moved: 'pass',
  notMoved: 'error',
  unknown: 'question',
};

function historyItem(record: TransferRecord): PickItem<TransferRecord> {
  const { intent, profile, moved, stateText, createdAt } = record;
  return {
    label: `${exactAmount(intent.amount)} ${intent.currency} · ${accountTitle(intent.from)} → ${accountTitle(intent.to)}`,
    description: translate(stateText),
    detail: `${new Date(createdAt).toLocaleString()} · ${profile.name} · ${profile.environment}`,
    icon: stateIcons[moved],
    value: record,
  };
}

export async function exportHistory({ desk }: TransferFlowOptions): Promise<void> {
  const records = await desk.history();
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Transfers'),
    filters: { CSV: ['csv'], JSON: ['json'] },
    saveLabel: vscode.l10n.t('Export'),
  });
  if (!target) return;
  const text = target.path.endsWith('.json') ? historyAsJson(records) : historyAsCsv(records);
  await vscode.workspace.fs.writeFile(target, Buffer.from(text, 'utf8'));
  inform(vscode.l10n.t('Exported {count} transfers.', { count: records.length }));
}
