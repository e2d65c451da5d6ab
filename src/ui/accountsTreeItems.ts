import * as vscode from 'vscode';
import { decimal, isNegative, isZero, multiply, truncate } from '../kucoin/decimal';
import type { Account, Balance } from '../portfolio/accounts';
import type { RecentChange } from '../portfolio/changes';
import { familyIds, ownFamilyIds, type Portfolio } from '../portfolio/portfolio';
import { environmentOf, type Profile } from '../profiles/profile';
import type {
  AccountNode,
  BalanceNode,
  GroupNode,
  MessageNode,
  ProfileNode,
  SubAccountNode,
  TreeNode,
} from './accountsTreeNodes';
import { familyMessages } from './accountsTreeMessages';
import { placeTitle, type Shown } from './accountsTreeShown';
import { aboutValue, exactAmount, shortAmount } from './format';
import { visibly } from './visibly';

const icons: Readonly<Record<string, string>> = {
  main: 'archive',
  trade: 'arrow-swap',
  trade_hf: 'zap',
  margin: 'law',
  margin_v2: 'law',
  isolated: 'link',
  isolated_v2: 'link',
  contract: 'graph',
  option: 'graph-line',
  unified: 'combine',
};

/** Accounts that are open from the start. */
const openAtFirst = new Set(['main', 'trade']);
/** While filtering, up to so many sub-accounts with a match are open from the start. */
const fewSubs = 20;

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

/** How a row looks. Its tooltip comes when it is wanted. */
export function itemOf(node: TreeNode, shown: Shown, subsShown: readonly unknown[]): vscode.TreeItem {
  return visibly(bareItemOf(node, shown, subsShown));
}

function bareItemOf(node: TreeNode, shown: Shown, subsShown: readonly unknown[]): vscode.TreeItem {
  switch (node.kind) {
    case 'profile':
      return profileItem(node, shown);
    case 'group':
      return groupItem(node, shown, subsShown.length);
    case 'subAccount':
      return subItem(node, shown, subsShown.length);
    case 'account':
      return accountItem(node, shown);
    case 'balance':
      return balanceItem(node, shown);
    case 'message':
      return messageItem(node);
  }
}

export function environmentLabel(profile: Profile): string {
  const readOnly = profile.readOnly ? ` · ${vscode.l10n.t('read-only')}` : '';
  return `${environmentOf(profile)}${readOnly}`;
}

function profileItem(node: ProfileNode, shown: Shown): vscode.TreeItem {
  const { profile, portfolio } = shown;
  const item = new vscode.TreeItem(profile.name, Expanded);
  item.id = node.id;
  const value = portfolio && isComplete(portfolio) ? portfolio.totalValue() : undefined;
  const isPartial = value !== undefined && familyMessages(shown).length > 0;
  const incomplete = isPartial ? vscode.l10n.t('incomplete') : '';
  // The end of a row is cut first: a side bar has room for little more than the name, LIVE or DEMO, and a sum without
  // cents. That something is missing in it shows in the icon; all of it stands in the sentence and the tooltip.
  item.description = [
    environmentOf(profile),
    value && shown.worth(value),
    profile.readOnly ? vscode.l10n.t('read-only') : '',
    incomplete,
  ]
    .filter(Boolean)
    .join(' · ');
  item.iconPath = isPartial
    ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
    : new vscode.ThemeIcon(environmentOf(profile) === 'LIVE' ? 'account' : 'beaker');
  const facts = [environmentLabel(profile), value && shown.money(value), incomplete].filter(Boolean);
  item.contextValue = `profile ${profile.readOnly ? 'readOnly' : 'transfers'}`;
  item.accessibilityInformation = {
    label: vscode.l10n.t('Profile {name}, {facts}', { name: profile.name, facts: facts.join(', ') }),
  };
  return item;
}

/** Whether every family was read or has failed, so that the sum does not grow while somebody reads it. */
function isComplete(portfolio: Portfolio): boolean {
  if (!portfolio.accounts.value) return false;
  const ids = portfolio.isMaster ? familyIds : ownFamilyIds;
  return ids.every(
    (id) => portfolio.family(id).readAt !== undefined || portfolio.family(id).state === 'failed',
  );
}

function groupItem(node: GroupNode, shown: Shown, count: number): vscode.TreeItem {
  const { portfolio, filter } = shown;
  if (node.from !== undefined) return rangeItem(node, count);
  const all = portfolio?.subCount ?? 0;
  const label =
    filter === ''
      ? vscode.l10n.t('Sub-Accounts ({count})', { count: exactCount(all) })
      : vscode.l10n.t('Sub-Accounts ({count} of {all})', { count: exactCount(count), all: exactCount(all) });
  const item = new vscode.TreeItem(label, filter !== '' && count <= fewSubs ? Expanded : Collapsed);
  item.id = filteredId(node, shown);
  const value = portfolio?.valueOfSubs();
  const read = portfolio?.subs.length ?? 0;
  const progress =
    read < all ? vscode.l10n.t('{read} of {all} read', { read: exactCount(read), all: exactCount(all) }) : '';
  const isWhole = value !== undefined && filter === '';
  item.description = [isWhole ? shown.worth(value) : '', progress].filter(Boolean).join(' · ');
  const facts = [isWhole ? shown.money(value) : '', progress].filter(Boolean);
  item.iconPath = new vscode.ThemeIcon('organization');
  item.contextValue = 'group subAccounts';
  item.accessibilityInformation = { label: [label, ...facts].join(', ') };
  return item;
}

function rangeItem(node: GroupNode, count: number): vscode.TreeItem {
  const from = node.from ?? 0;
  const to = Math.min(from + rangeSize, count);
  const label = vscode.l10n.t('{from} to {to}', { from: exactCount(from + 1), to: exactCount(to) });
  const item = new vscode.TreeItem(label, Collapsed);
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon('list-ordered');
  item.contextValue = 'group range';
  item.accessibilityInformation = { label: vscode.l10n.t('Sub-accounts {range}', { range: label }) };
  return item;
}

/** More sub-accounts than these are shown in ranges, so that the editor never gets thousands of rows at once. */
export const mostRows = 500;
export const rangeSize = 250;

function exactCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

function subItem(node: SubAccountNode, shown: Shown, count: number): vscode.TreeItem {
  const sub = shown.portfolio?.sub(node.subUserId);
  const state = shown.filter !== '' && count <= fewSubs ? Expanded : Collapsed;
  const item = new vscode.TreeItem(sub?.name ?? node.subName, state);
  item.id = filteredId(node, shown);
  if (!sub) return item;
  const value = shown.portfolio?.valueOfSub(sub);
  const isWorth = value !== undefined && sub.accounts.length > 0;
  const worth = isWorth ? shown.money(value) : '';
  const frozen = sub.frozen ? vscode.l10n.t('frozen') : '';
  item.description = [frozen, isWorth ? shown.worth(value) : '', sub.remarks].filter(Boolean).join(' · ');
  item.iconPath = new vscode.ThemeIcon(sub.frozen ? 'lock' : 'person');
  item.contextValue = sub.frozen ? 'subAccount frozen' : 'subAccount';
  item.accessibilityInformation = {
    label: vscode.l10n.t('Sub-account {name}, {facts}', {
      name: sub.name,
      facts: [frozen, worth || vscode.l10n.t('no balances'), sub.remarks].filter(Boolean).join(', '),
    }),
  };
  return item;
}

function accountItem(node: AccountNode, shown: Shown): vscode.TreeItem {
  const account = shown.portfolio?.account(node);
  const own = node.subUserId === undefined;
  const isOpen = shown.filter !== '' || (own && openAtFirst.has(node.type));
  const title = placeTitle(node);
  const item = new vscode.TreeItem(
    node.tag === undefined ? title : pairTitle(node.tag),
    isOpen ? Expanded : Collapsed,
  );
  item.id = filteredId(node, shown);
  const value = account && shown.valueOfAccount(account);
  const [worth = '', ...others] = value ? shown.moneyFacts(value) : [];
  const facts = [worth, account ? marginFacts(account) : '', ...others].filter(Boolean);
  // What a margin account is in danger of comes first: the end of a row is cut.
  item.description = [account ? marginMark(account) : '', value ? shown.worth(value) : '']
    .filter(Boolean)
    .join(' · ');
  item.iconPath = new vscode.ThemeIcon(icons[node.type] ?? 'question');
  item.contextValue = own ? 'account' : 'sub account';
  const names = { account: title, value: value ? facts.join(', ') : vscode.l10n.t('value not known') };
  item.accessibilityInformation = {
    label: own
      ? vscode.l10n.t('{account} account, {value}', names)
      : vscode.l10n.t('{account} account of {owner}, {value}', { ...names, owner: node.subName ?? '' }),
  };
  return item;
}

/** Short, so that the value beside it can be read: the icon and the tooltip say the rest. */
function pairTitle(pair: string): string {
  return vscode.l10n.t('Isolated {pair}', { pair });
}

/** `marginFacts` in few words: whole percents, and nothing of a debt that is less than one. */
function marginMark({ margin }: Account): string {
  if (!margin) return '';
  const status = ['', 'EFFECTIVE'].includes(margin.status) ? '' : margin.status;
  const percent = truncate(multiply(margin.debtRatio, decimal('100')), 0);
  const debt = isZero(margin.debtRatio)
    ? ''
    : isZero(percent)
      ? vscode.l10n.t('debt <1 %')
      : vscode.l10n.t('debt {percent} %', { percent: exactAmount(percent) });
  return [status, debt].filter(Boolean).join(' · ');
}

/** What a margin account is in danger of: its debt ratio, and its state where it is not the usual one. */
function marginFacts({ margin }: Account): string {
  if (!margin) return '';
  const ratio = isZero(margin.debtRatio)
    ? ''
    : vscode.l10n.t('debt ratio {ratio}', { ratio: shortAmount(margin.debtRatio) });
  const status = ['', 'EFFECTIVE'].includes(margin.status) ? '' : margin.status;
  return [ratio, status].filter(Boolean).join(' · ');
}

function balanceItem(node: BalanceNode, shown: Shown): vscode.TreeItem {
  const item = new vscode.TreeItem(node.currency, None);
  item.id = node.id;
  item.contextValue = node.subUserId === undefined ? 'balance' : 'sub balance';
  const balance = shown.portfolio?.balance(node, node.currency);
  if (!balance) return item;
  const { total, held, liability, futures } = balance;
  const change = shown.portfolio?.recentChange(node, node.currency);
  const about = shown.valueOf(balance, aboutValue);
  item.description = [
    shortAmount(total),
    change ? changeMark(change) : '',
    !liability || isZero(liability) ? '' : vscode.l10n.t('{amount} owed', { amount: shortAmount(liability) }),
    isZero(total) ? '' : (about ?? shown.unpricedLabel()),
    futures && !isZero(futures.unrealisedPnl)
      ? vscode.l10n.t('PnL {amount}', { amount: signed(shortAmount(futures.unrealisedPnl)) })
      : '',
    isZero(held) ? '' : vscode.l10n.t('{amount} held', { amount: shortAmount(held) }),
  ]
    .filter(Boolean)
    .join(' · ');
  item.accessibilityInformation = { label: balanceSentence(node, balance, change, shown) };
  return item;
}

/** Which way, in a sign that needs no colour, and how much. */
function changeMark({ amount, of }: RecentChange): string {
  const mark = `${isNegative(amount) ? '▼' : '▲'} ${signed(shortAmount(amount))}`;
  return of === 'total' ? mark : vscode.l10n.t('{change} available', { change: mark });
}

function signed(amount: string): string {
  return amount.startsWith('-') ? amount : `+${amount}`;
}

/** In words: a screen reader says "less than sign" of `<`, or nothing. */
function worthOf(value: string | undefined): string {
  if (value === undefined) return vscode.l10n.t('no price known');
  return value.startsWith('<')
    ? vscode.l10n.t('worth less than {value}', { value: value.slice(1) })
    : vscode.l10n.t('worth about {value}', { value });
}

function balanceSentence(
  node: BalanceNode,
  balance: Balance,
  change: RecentChange | undefined,
  shown: Shown,
): string {
  const value = shown.valueOf(balance);
  const own = node.subUserId === undefined;
  const names = {
    currency: node.currency,
    total: exactAmount(balance.total),
    account: own
      ? placeTitle(node)
      : vscode.l10n.t('{account} ({owner})', { account: placeTitle(node), owner: node.subName ?? '' }),
    available: exactAmount(balance.available),
    held: exactAmount(balance.held),
    value: worthOf(value),
  };
  const sentence = balance.futures
    ? vscode.l10n.t(
        '{currency}: equity {total} in the {account} account, {available} available, {value}',
        names,
      )
    : vscode.l10n.t(
        '{currency}: {total} in the {account} account, {available} available, {held} held, {value}',
        names,
      );
  const { liability } = balance;
  return [
    sentence,
    liability && !isZero(liability) ? vscode.l10n.t('{amount} owed', { amount: exactAmount(liability) }) : '',
    change
      ? isNegative(change.amount)
        ? vscode.l10n.t('just fell by {amount}', { amount: exactAmount(change.amount).slice(1) })
        : vscode.l10n.t('just rose by {amount}', { amount: exactAmount(change.amount) })
      : '',
  ]
    .filter(Boolean)
    .join(', ');
}

function messageItem(node: MessageNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label, None);
  item.id = node.id;
  const colour = node.icon === 'warning' ? new vscode.ThemeColor('list.warningForeground') : undefined;
  item.iconPath = new vscode.ThemeIcon(node.icon, colour);
  if (node.description) item.description = node.description;
  item.tooltip = node.tooltip ?? node.label;
  item.contextValue = `message ${node.context}`;
  item.accessibilityInformation = {
    label: [node.tooltip?.startsWith(node.label) ? node.tooltip : node.label, node.description]
      .filter(Boolean)
      .join('. '),
  };
  return item;
}

/** Another id while filtering: the editor remembers by id what was collapsed, and matches must be seen. */
function filteredId({ id }: TreeNode, { filter }: Shown): string {
  return filter === '' ? id : `${id}?filtered`;
}

/** A row that is about to go away. */
export function pastItem(node: TreeNode): vscode.TreeItem {
  const item = new vscode.TreeItem('', None);
  item.id = node.id;
  return item;
}
