import { oneLine } from '../kucoin/outside';
import * as vscode from 'vscode';
import { accountType, accountTypeIds, isAccountTypeId, type AccountTypeId } from '../kucoin/accountTypes';
import { accountTitle as titleOfType } from '../portfolio/accounts';
import { unifiedType } from '../portfolio/families';
import { siteTitle, type ProfileSite } from '../profiles/profile';
import { accountTitle } from '../transfers/intent';

/** Names of accounts and sites in the user's language. Those of the inner rings are English, for files and the log. */

/** Of an account type; an unknown one shows its own. */
export function accountTypeName(type: string): string {
  if (type === unifiedType) return vscode.l10n.t('Unified');
  return isAccountTypeId(type) ? vscode.l10n.t(titleOfType(type)) : type;
}

/** What an account type is for. */
export function accountTypePurpose(type: AccountTypeId): string {
  return vscode.l10n.t(accountType(type).purpose);
}

/** Of an account, with its pair and its sub-account: `Isolated Margin BTC-USDT · bots`. */
export function accountName(account: Parameters<typeof accountTitle>[0]): string {
  return oneLine(inUsersLanguage(accountTitle(account)));
}

/** The longest first: `Cross Margin HF` begins with `Cross Margin`. */
const titles = accountTypeIds.map((id) => accountType(id).title).sort((a, b) => b.length - a.length);

/** An English name of an account, as sentences of the inner rings carry it. */
export function inUsersLanguage(name: string): string {
  const title = titles.find((known) => name === known || name.startsWith(`${known} `));
  return title === undefined ? name : `${vscode.l10n.t(title)}${name.slice(title.length)}`;
}

export function siteName(site: ProfileSite): string {
  return site.kind === 'sandbox' ? vscode.l10n.t(siteTitle(site)) : siteTitle(site);
}
