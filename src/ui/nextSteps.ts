import * as vscode from 'vscode';
import type { CommandId } from './commandTable';

/** Commands that messages offer as the way on, with their titles in the palette. */
const titles = {
  'kucoin.profile.add': () => vscode.l10n.t('Add API Key…'),
  'kucoin.profile.switch': () => vscode.l10n.t('Switch Profile…'),
  'kucoin.profile.check': () => vscode.l10n.t('Check API Key'),
  'kucoin.profile.replaceKey': () => vscode.l10n.t('Replace API Key…'),
  'kucoin.profile.allowTransfers': () => vscode.l10n.t('Allow Transfers'),
  'kucoin.balances.refresh': () => vscode.l10n.t('Refresh Balances'),
  'kucoin.transfer.funds': () => vscode.l10n.t('Transfer Funds…'),
  'kucoin.transfer.history': () => vscode.l10n.t('Transfer History'),
  'kucoin.transfer.save': () => vscode.l10n.t('Save Transfer…'),
  'kucoin.transfer.runSaved': () => vscode.l10n.t('Run Saved Transfer…'),
  'kucoin.transfer.manageSaved': () => vscode.l10n.t('Manage Saved Transfers…'),
  'kucoin.transfer.resumeBatch': () => vscode.l10n.t('Resume Batch…'),
  'kucoin.hf.check': () => vscode.l10n.t('Check HF Activation'),
  'kucoin.ledger.show': () => vscode.l10n.t('Show Ledger…'),
  'kucoin.sandbox.startActivity': () => vscode.l10n.t('Start Sandbox Activity…'),
  'kucoin.sandbox.pauseActivity': () => vscode.l10n.t('Pause Sandbox Activity'),
  'kucoin.sandbox.start': () => vscode.l10n.t('Start Local Sandbox…'),
  'kucoin.help.openExample': () => vscode.l10n.t('Open Example'),
  'kucoin.connection.report': () => vscode.l10n.t('Connection Report'),
  'kucoin.log.show': () => vscode.l10n.t('Show Log'),
} satisfies Partial<Record<CommandId, () => string>>;

/** A command that a message can offer. */
export type NextStep = keyof typeof titles;

export const nextSteps = Object.keys(titles) as NextStep[];

/** The title of its button, which is that of the command in the palette. */
export function titleOf(id: NextStep): string {
  return titles[id]();
}

/** Buttons of a message, each of which runs a command. */
export function next(...ids: readonly NextStep[]): Readonly<Record<string, () => unknown>> {
  return Object.fromEntries(ids.map((id) => [titleOf(id), () => vscode.commands.executeCommand(id)]));
}

/** The button of a message about a file that was written. */
export function openFile(uri: vscode.Uri): Readonly<Record<string, () => unknown>> {
  return { [vscode.l10n.t('Open')]: () => vscode.commands.executeCommand('vscode.open', uri) };
}
