import * as vscode from 'vscode';
import type { KucoinError } from '../kucoin/errors';
import { ownFamilyIds, type FamilyId, type Portfolio } from '../portfolio/portfolio';
import type { Message } from './accountsTreeNodes';
import type { Shown } from './accountsTreeShown';
import { userMessage } from './explainError';
import { dateAndTime, roundedValue, timeOfDay } from './format';
import { accountTypeName } from './names';

/** The rows below the profile that say something, in their order: what is unknown, what failed, what is stale. */
export function profileMessages(shown: Shown): Message[] {
  const { openError, journalError, unknownTransfers } = shown.state;
  const reading = shown.portfolio?.accounts;
  const rows: Message[] = [];
  if (journalError !== undefined) rows.push(failure('journal', journalError));
  if (unknownTransfers > 0) rows.push(unknownRow(unknownTransfers));
  if (openError !== undefined) {
    rows.push(failure('open', openError));
  } else if (!reading || reading.state === 'empty' || (reading.state === 'loading' && !reading.value)) {
    rows.push({
      name: 'loading',
      icon: 'loading~spin',
      label: vscode.l10n.t('Loading balances…'),
      context: 'loading',
    });
  }
  const { lastValue } = shown.state;
  if (lastValue && !reading?.value && lastValue.base === shown.settings.valuationCurrency) {
    rows.push({
      name: 'last',
      icon: 'history',
      label: vscode.l10n.t('Last: {value}', { value: roundedValue(lastValue.value, lastValue.base) }),
      description: shown.age(lastValue.at),
      tooltip: vscode.l10n.t(
        'What all accounts of this profile were worth at {time}, as kept on this computer. The balances are not known yet.',
        { time: dateAndTime(lastValue.at) },
      ),
      context: 'last',
    });
  }
  if (reading?.state === 'failed') {
    const { text, todo } = userMessage(reading.error, 'General');
    const needsKey = reading.error?.kind === 'secretMissing';
    rows.push({
      name: 'failed',
      icon: needsKey ? 'key' : 'warning',
      label: needsKey ? vscode.l10n.t('This profile needs its key again') : text,
      tooltip: `${text} ${todo}`,
      context: needsKey ? 'needsKey' : 'retry',
    });
    if (reading.value && reading.readAt !== undefined) {
      rows.push({
        name: 'stale',
        icon: 'history',
        label: vscode.l10n.t('Balances as of {time}', { time: timeOfDay(reading.readAt) }),
        description: shown.age(reading.readAt),
        tooltip: vscode.l10n.t('The last balances that could be read. They may have changed since.'),
        context: 'retry',
      });
    }
  }
  if (shown.state.keyCheckFailed) {
    rows.push({
      name: 'unchecked',
      icon: 'key',
      label: vscode.l10n.t('Permissions of the key not read yet'),
      tooltip: vscode.l10n.t(
        'The key was saved without a check, and KuCoin has not told since what it may do. "Check API Key" asks again.',
      ),
      context: 'unchecked',
    });
  }
  const prices = shown.portfolio?.prices;
  if (prices?.state === 'failed' && reading?.state === 'ready') {
    const { text, todo } = userMessage(prices.error);
    rows.push({
      name: 'prices',
      icon: 'warning',
      label: vscode.l10n.t('Prices could not be read'),
      description: prices.value ? vscode.l10n.t('values are older than the balances') : '',
      tooltip: `${text} ${todo}`,
      context: 'retry',
    });
  }
  return rows;
}

/** What a profile says that has never held anything: KuCoin lists an account once it has. */
export function nothingHeld({ profile, portfolio }: Shown): Message | undefined {
  if (!portfolio || portfolio.accounts.state === 'failed') return undefined;
  if (portfolio.own.some(({ balances }) => balances.length > 0)) return undefined;
  const isRead = (id: FamilyId): boolean => {
    const { readAt, error } = portfolio.family(id);
    return readAt !== undefined || error !== undefined;
  };
  if (!ownFamilyIds.every(isRead)) return undefined;
  return {
    name: 'nothingHeld',
    icon: 'dash',
    label: vscode.l10n.t('No balances yet'),
    description: vscode.l10n.t('nothing was ever held here'),
    tooltip:
      profile.facts?.isMaster === false
        ? vscode.l10n.t(
            'KuCoin lists an account once it has held funds. Transfer some to this sub-account with the key of the master, then refresh.',
          )
        : vscode.l10n.t(
            'KuCoin lists an account once it has held funds. Deposit some on the KuCoin website, then refresh.',
          ),
    context: 'retry',
  };
}

/** Rows of families that could not be read, or that live elsewhere. One trouble that all share is said once. */
export function familyMessages({ portfolio }: Shown): Message[] {
  if (!portfolio) return [];
  const rows: Message[] = [];
  const unified = portfolio.mode === 'unified' ? portfolio.unified.error : undefined;
  if (unified) {
    const { text, todo } = userMessage(unified, 'General');
    rows.push({
      name: 'unified',
      icon: 'warning',
      label: accountTypeName('unified'),
      description: reasonOf(unified),
      tooltip: vscode.l10n.t(
        'This account is in unified mode: KuCoin keeps spot, margin and futures funds in one account, which could not be read. Funding and sub-accounts are shown as always. {reason} {todo}',
        { reason: text, todo },
      ),
      context: 'retry',
    });
  }
  for (const id of ['margin', 'isolated', 'futures', 'subs', 'subBalances'] as const) {
    const row = familyMessage(portfolio, id);
    if (row) rows.push(row);
  }
  return rows;
}

function familyMessage(portfolio: Portfolio, id: keyof ReturnType<typeof familyTitles>): Message | undefined {
  const { state, error } = portfolio.family(id);
  if (state !== 'failed' || !error || isSaidAlready(portfolio, id, error)) return undefined;
  // Asked for before it was known that the key is of a sub-account.
  if (!portfolio.isMaster && (id === 'subs' || id === 'subBalances')) return undefined;
  const { text, todo } = userMessage(error, id === 'futures' ? 'Futures' : 'General');
  const title = familyTitles()[id];
  return {
    name: `family/${id}`,
    icon: error.kind === 'notOpened' ? 'circle-slash' : 'warning',
    label: title,
    description: reasonOf(error),
    tooltip: vscode.l10n.t('{account}: {reason} {todo}', { account: title, reason: text, todo }),
    context: 'retry',
  };
}

function isSaidAlready(portfolio: Portfolio, id: FamilyId, error: KucoinError): boolean {
  // A site without futures has nothing to say about them.
  if (error.kind === 'hostMissing') return true;
  // Their funds are in the unified account.
  if (portfolio.mode === 'unified' && (id === 'margin' || id === 'isolated' || id === 'futures')) return true;
  // No key, no network, no quota: the same for all, and the account list has said it.
  const same = (other: FamilyId): boolean =>
    portfolio.family(other).state === 'failed' && portfolio.family(other).error?.kind === error.kind;
  const shared = ['permission', 'notOpened', 'notFound', 'unifiedMode'].includes(error.kind);
  return (!shared && same('list')) || (id === 'subBalances' && same('subs'));
}

/** A word or two; the tooltip has the whole sentence. */
function reasonOf({ kind, httpStatus }: KucoinError): string {
  switch (kind) {
    case 'permission':
      return vscode.l10n.t('the key lacks a permission');
    case 'notOpened':
      return vscode.l10n.t('not opened yet');
    case 'notFound':
      return vscode.l10n.t('not offered to this key ({status})', { status: httpStatus ?? 404 });
    case 'unifiedMode':
      return vscode.l10n.t('in another account mode');
    case 'removed':
      return vscode.l10n.t('switched off by KuCoin');
    case 'rateLimit':
      return vscode.l10n.t('the quota is used up');
    case 'unavailable':
      return vscode.l10n.t('not available at the moment');
    default:
      return vscode.l10n.t('could not be read');
  }
}

function familyTitles() {
  return {
    margin: accountTypeName('margin'),
    isolated: accountTypeName('isolated'),
    futures: accountTypeName('contract'),
    subs: vscode.l10n.t('Sub-Accounts'),
    subBalances: vscode.l10n.t('Balances of Sub-Accounts'),
  };
}

function failure(name: string, error: unknown): Message {
  const { text, todo } = userMessage(error);
  return { name, icon: 'warning', label: text, tooltip: `${text} ${todo}`, context: 'retry' };
}

function unknownRow(count: number): Message {
  return {
    name: 'unknown',
    icon: 'question',
    label:
      count === 1
        ? vscode.l10n.t('1 transfer with an unknown outcome')
        : vscode.l10n.t('{count} transfers with an unknown outcome', { count }),
    tooltip: vscode.l10n.t(
      'Nobody knows yet whether the money moved. Open the history to find out and record it.',
    ),
    context: 'unknownTransfer',
  };
}
