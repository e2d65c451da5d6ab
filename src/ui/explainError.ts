import * as vscode from 'vscode';
import { codeOf } from '../host/files';
import { SandboxStoppedError } from '../host/sandboxHost';
import { isDecimal } from '../kucoin/decimal';
import { KucoinError, type ErrorKind } from '../kucoin/errors';
import { explain, type Sentence } from '../kucoin/explain';
import type { Permission } from '../kucoin/vocabulary';
import { JournalError } from '../transfers/journal';
import { dateAndTime, exactAmount, oneLine } from './format';
import type { NextStep } from './nextSteps';
import { inUsersLanguage } from './names';

/** What a user reads of a failure: what happened, what to do, and the command that does it. */
export interface UserMessage {
  readonly text: string;
  readonly todo: string;
  readonly action?: NextStep | undefined;
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

/** The way on from each failure. A request that was given up by the user or overtaken needs none. */
const remedies: Readonly<Record<ErrorKind, NextStep | undefined>> = {
  keyUnknown: 'kucoin.profile.replaceKey',
  passphrase: 'kucoin.profile.replaceKey',
  signature: 'kucoin.profile.replaceKey',
  keyVersion: 'kucoin.profile.replaceKey',
  secretMissing: 'kucoin.profile.replaceKey',
  secretNotKept: 'kucoin.log.show',
  otherSite: 'kucoin.profile.add',
  // What is put right on the website is looked at again.
  ip: 'kucoin.profile.check',
  permission: 'kucoin.profile.check',
  kyc: 'kucoin.profile.switch',
  region: 'kucoin.profile.switch',
  frozen: 'kucoin.profile.switch',
  notOpened: 'kucoin.balances.refresh',
  hfNotAllowed: 'kucoin.hf.check',
  unifiedMode: 'kucoin.balances.refresh',
  clock: 'kucoin.connection.report',
  headers: 'kucoin.log.show',
  parameter: 'kucoin.log.show',
  insufficientBalance: 'kucoin.balances.refresh',
  duplicate: 'kucoin.transfer.history',
  refused: 'kucoin.log.show',
  notFound: 'kucoin.profile.check',
  removed: 'kucoin.log.show',
  hostMissing: 'kucoin.profile.switch',
  // How the exchange is reached and answers, and what is left of the quota.
  rateLimit: 'kucoin.connection.report',
  unavailable: 'kucoin.connection.report',
  network: 'kucoin.connection.report',
  certificate: 'kucoin.connection.report',
  proxy: 'kucoin.connection.report',
  proxyLogin: 'kucoin.connection.report',
  timeout: 'kucoin.connection.report',
  malformedReply: 'kucoin.log.show',
  invalidArgument: 'kucoin.log.show',
  readOnly: 'kucoin.profile.allowTransfers',
  cancelled: undefined,
  stale: undefined,
};

export function userMessage(error: unknown, permission?: Permission): UserMessage {
  if (!KucoinError.is(error)) return unexpected(error);
  const { what, todo } = explain(error, permission);
  return { text: translate(what), todo: translate(todo), action: remedies[error.kind] };
}

/** Failures of this side: a full disk, a port, a bug. The log has the rest. */
function unexpected(error: unknown): UserMessage {
  const message = oneLine(error instanceof Error ? error.message : String(error));
  const action = 'kucoin.log.show';
  if (error instanceof SandboxStoppedError) {
    return {
      text: vscode.l10n.t('The sandbox of this profile is stopped.'),
      todo: vscode.l10n.t('Refresh the balances to start it again.'),
      action: 'kucoin.balances.refresh',
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
    if (accounts.has(name)) return [name, oneLine(inUsersLanguage(text))];
    if (figures.has(name) && isDecimal(text)) return [name, exactAmount(text)];
    if (name === 'time' && !Number.isNaN(Date.parse(text))) return [name, dateAndTime(Date.parse(text))];
    return [name, oneLine(text)];
  });
  return Object.fromEntries(entries);
}
