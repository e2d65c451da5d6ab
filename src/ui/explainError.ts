import * as vscode from 'vscode';
import { codeOf } from '../host/files';
import { SandboxStoppedError } from '../host/sandboxHost';
import { isDecimal } from '../kucoin/decimal';
import { KucoinError, type ErrorKind } from '../kucoin/errors';
import { explain, type Sentence } from '../kucoin/explain';
import type { Permission } from '../kucoin/vocabulary';
import { JournalError } from '../transfers/journal';
import type { CommandId } from './commandTable';
import { dateAndTime, exactAmount } from './format';
import { inUsersLanguage } from './names';

/** What a user reads of a failure: what happened, what to do, and the command that does it. */
export interface UserMessage {
  readonly text: string;
  readonly todo: string;
  readonly action?: { readonly title: string; readonly command: CommandId } | undefined;
}

/**
 * The sentence in the user's language, with figures and times as people read them; one that ends with a quotation
 * still ends with a stop.
 */
export function translate(sentence: Sentence): string {
  const text = vscode.l10n.t(sentence.template, readable(sentence.values));
  const isOpen = /[\p{L}\p{N})]$/u.test(text) && sentence.template.endsWith('}');
  return isOpen ? vscode.l10n.t('{sentence}.', { sentence: text }) : text;
}

const needsKey: ReadonlySet<ErrorKind> = new Set([
  'keyUnknown',
  'passphrase',
  'signature',
  'keyVersion',
  'secretMissing',
]);

export function userMessage(error: unknown, permission?: Permission): UserMessage {
  if (!KucoinError.is(error)) return unexpected(error);
  const { what, todo } = explain(error, permission);
  const action = needsKey.has(error.kind)
    ? { title: vscode.l10n.t('Replace API Key…'), command: 'kucoin.profile.replaceKey' as const }
    : undefined;
  return { text: translate(what), todo: translate(todo), action };
}

/** Failures of this side: a full disk, a port, a bug. The log has the rest. */
function unexpected(error: unknown): UserMessage {
  const message = error instanceof Error ? error.message : String(error);
  const action = { title: vscode.l10n.t('Show Log'), command: 'kucoin.log.show' as const };
  if (error instanceof SandboxStoppedError) {
    return {
      text: vscode.l10n.t('The sandbox of this profile is stopped.'),
      todo: vscode.l10n.t('Refresh the balances to start it again.'),
    };
  }
  if (JournalError.is(error)) {
    return {
      text: vscode.l10n.t('The journal of transfers cannot be used: {message}', { message: error.message }),
      todo: vscode.l10n.t('Nothing was sent and no money moved. Transfers work again when the journal does.'),
      action,
    };
  }
  if (codeOf(error) === 'ENOSPC') {
    return {
      text: vscode.l10n.t('The disk is full.'),
      todo: vscode.l10n.t('Nothing was sent. Free some space and try again.'),
      action,
    };
  }
  return {
    text: vscode.l10n.t('Something went wrong: {message}', { message }),
    todo: vscode.l10n.t('The log has the details.'),
    action,
  };
}

/** Names of values that are figures. All others that happen to be digits, such as ids, stay as they are. */
const figures: ReadonlySet<string> = new Set([
  'amount',
  'before',
  'after',
  'transferable',
  'smallest',
  'rest',
  'value',
  'price',
]);

/** Names of values that are accounts, by their English names. */
const accounts: ReadonlySet<string> = new Set(['account', 'from', 'to', 'partner', 'paired', 'merged']);

function readable(values: Sentence['values']): Record<string, string> {
  const entries = Object.entries(values).map(([name, text]): [string, string] => {
    if (accounts.has(name)) return [name, inUsersLanguage(text)];
    if (figures.has(name) && isDecimal(text)) return [name, exactAmount(text)];
    if (name === 'time' && !Number.isNaN(Date.parse(text))) return [name, dateAndTime(Date.parse(text))];
    return [name, text];
  });
  return Object.fromEntries(entries);
}
