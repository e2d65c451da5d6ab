import * as vscode from 'vscode';
import { isAccountTypeId } from '../kucoin/accountTypes';
import { isZero, type Decimal } from '../kucoin/decimal';
import type { Account, Balance, SubAccount } from '../portfolio/accounts';
import type { HfStatus } from '../portfolio/hf';
import { hfOfSub } from '../portfolio/hfWatch';
import type { Value } from '../portfolio/valuation';
import { environmentOf, worldOf } from '../profiles/profile';
import { familyMessages } from './accountsTreeMessages';
import type { AccountNode, BalanceNode, TreeNode } from './accountsTreeNodes';
import { placeTitle, type Shown } from './accountsTreeShown';
import { exactAmount, moneyValue, oneLine, timeOfDay } from './format';
import { hfLine } from './hfDocument';
import { accountTypePurpose, siteName } from './names';

/** Tooltips are long and rarely read: they are made when they are wanted. `undefined` where a row has none. */
export function tooltipOf(node: TreeNode, shown: Shown): vscode.MarkdownString | undefined {
  switch (node.kind) {
    case 'profile':
      return profileTooltip(shown);
    case 'subAccount': {
      const sub = shown.portfolio?.sub(node.subUserId);
      return sub && subTooltip(sub, shown);
    }
    case 'account':
      return accountTooltip(node, shown);
    case 'balance':
      return balanceTooltip(node, shown);
    case 'group':
    case 'message':
      return undefined;
  }
}

function profileTooltip(shown: Shown): vscode.MarkdownString {
  const { profile, portfolio, settings } = shown;
  const text = new vscode.MarkdownString();
  heading(text, `${profile.name} · ${environmentOf(profile)}`);
  line(text, siteName(profile.site));
  line(
    text,
    environmentOf(profile) === 'LIVE'
      ? vscode.l10n.t('Real funds.')
      : vscode.l10n.t('Play money of the local sandbox. Nothing here is real.'),
  );
  const { facts } = profile;
  if (facts) {
    line(
      text,
      facts.isMaster
        ? vscode.l10n.t('Master account, uid {uid}', { uid: String(facts.uid) })
        : vscode.l10n.t('Sub-account {name}, uid {uid}', {
            name: facts.subName ?? '-',
            uid: String(facts.uid),
          }),
    );
    line(text, vscode.l10n.t('Permissions: {list}', { list: facts.permissions.join(', ') }));
    if (facts.permissions.includes('Transfer')) {
      line(
        text,
        vscode.l10n.t('This key can withdraw. This extension never needs that: a key without it is safer.'),
      );
    }
  } else {
    line(
      text,
      vscode.l10n.t('Permissions: not read yet. They are read with the balances, or by "Check API Key".'),
    );
  }
  if (portfolio?.mode === 'unified') line(text, vscode.l10n.t('The account is in unified mode.'));
  const value = portfolio?.totalValue();
  if (value) {
    line(
      text,
      vscode.l10n.t('Value: {amount}', { amount: moneyValue(value.amount, settings.valuationCurrency) }),
    );
  }
  if (value && portfolio && portfolio.subs.length > 0) {
    line(text, vscode.l10n.t('The value counts own accounts and sub-accounts.'));
  }
  const missing = familyMessages(shown).map(({ label }) => label);
  if (value && missing.length > 0) {
    line(text, vscode.l10n.t('Not in the value, see their rows: {list}', { list: missing.join(', ') }));
  }
  aboutSum(text, value, settings.valuationCurrency);
  return text;
}

function subTooltip(sub: SubAccount, { portfolio, settings }: Shown): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  heading(text, sub.name);
  if (sub.remarks !== '') line(text, vscode.l10n.t('Remark: {text}', { text: sub.remarks }));
  if (sub.frozen) line(text, vscode.l10n.t('This sub-account is frozen.'));
  if (sub.uid !== undefined) line(text, vscode.l10n.t('uid {uid}', { uid: String(sub.uid) }));
  line(text, vscode.l10n.t('User id {id}', { id: sub.userId }));
  if (sub.opened)
    line(text, vscode.l10n.t('Opened for: {list}', { list: [...sub.opened].join(', ') || '-' }));
  line(text, vscode.l10n.t('KuCoin does not tell the isolated margin of sub-accounts.'));
  aboutSum(text, portfolio?.valueOfSub(sub), settings.valuationCurrency);
  return text;
}

function accountTooltip(node: AccountNode, shown: Shown): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const account = shown.portfolio?.account(node);
  heading(text, [node.subName, placeTitle(node)].filter(Boolean).join(' · '));
  if (isAccountTypeId(node.type)) line(text, accountTypePurpose(node.type));
  if (node.type === 'unified') {
    line(
      text,
      vscode.l10n.t(
        'Spot, margin and futures funds in one account. The mode is chosen on the KuCoin website.',
      ),
    );
    line(text, vscode.l10n.t('Profit and loss of open positions is not counted in its value.'));
  } else line(text, vscode.l10n.t('Named {type} in the API.', { type: node.type }));
  const hf = hfOf(node, shown);
  if (hf) line(text, hfLine(hf));
  if (account?.margin) {
    const { debtRatio, status } = account.margin;
    line(
      text,
      vscode.l10n.t('Debt ratio {ratio}, status {status}.', { ratio: exactAmount(debtRatio), status }),
    );
  }
  if (account) {
    aboutSum(text, shown.valueOfAccount(account), shown.settings.valuationCurrency);
    line(text, source(node, account));
  }
  return text;
}

/** What is known about HF trading that draws on this account, or would. */
function hfOf({ type, subUserId }: AccountNode, { portfolio, profile, state }: Shown): HfStatus | undefined {
  if (type === 'trade' || type === 'trade_hf') {
    if (subUserId === undefined) return state.hf?.('spot');
    const sub = portfolio?.sub(subUserId);
    const status = sub && hfOfSub(worldOf(profile), sub);
    return status?.state === 'unknown' ? undefined : status;
  }
  if (subUserId !== undefined) return undefined;
  if (type.startsWith('margin')) return state.hf?.('cross');
  return type.startsWith('isolated') ? state.hf?.('isolated') : undefined;
}

function balanceTooltip(node: BalanceNode, shown: Shown): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const account = shown.portfolio?.account(node);
  const balance = shown.portfolio?.balance(node, node.currency);
  if (!account || !balance) return text;
  heading(text, [node.currency, node.subName, placeTitle(node)].filter(Boolean).join(' · '));
  text.appendMarkdown('| | |\n|:--|--:|\n');
  for (const [name, figure] of figuresOf(balance)) row(text, name, exactAmount(figure));
  row(text, vscode.l10n.t('Value'), shown.valueOf(balance) ?? vscode.l10n.t('no price known'));
  text.appendMarkdown('\n');
  line(text, source(node, account, balance));
  return text;
}

/** Every figure of a balance by its name on screen. */
export function figuresOf({ total, available, held, liability, futures }: Balance): [string, Decimal][] {
  const figures: [string, Decimal | undefined][] = futures
    ? [
        [vscode.l10n.t('Equity'), total],
        [vscode.l10n.t('Unrealised profit and loss'), futures.unrealisedPnl],
        [vscode.l10n.t('Margin balance'), futures.marginBalance],
        [vscode.l10n.t('Position margin'), futures.positionMargin],
        [vscode.l10n.t('Order margin'), futures.orderMargin],
        [vscode.l10n.t('Frozen'), held],
        [vscode.l10n.t('Available'), available],
        [vscode.l10n.t('Can be withdrawn'), futures.maxWithdraw],
        [vscode.l10n.t('Risk ratio'), futures.riskRatio],
      ]
    : [
        [vscode.l10n.t('Total'), total],
        [vscode.l10n.t('Available'), available],
        [vscode.l10n.t('Held'), held],
        [vscode.l10n.t('Owed'), liability],
      ];
  return figures.filter((figure): figure is [string, Decimal] => figure[1] !== undefined);
}

function aboutSum(text: vscode.MarkdownString, value: Value | undefined, currency: string): void {
  if (!value) return;
  if (!isZero(value.owed)) {
    line(
      text,
      vscode.l10n.t('Debts of {amount} are taken off the value.', {
        amount: moneyValue(value.owed, currency),
      }),
    );
  }
  if (value.unpriced.length > 0) {
    line(
      text,
      vscode.l10n.t('Not counted, because no price is known: {list}', { list: value.unpriced.join(', ') }),
    );
  }
}

/** A time of day and no age: the editor keeps a tooltip until its row is drawn again. */
function source(
  { type, subUserId }: AccountNode | BalanceNode,
  { readAt }: Account,
  balance?: Balance,
): string {
  if (balance?.pushedAt !== undefined) {
    return vscode.l10n.t('Told by the live feed at {time}.', { time: timeOfDay(balance.pushedAt) });
  }
  const time = { time: timeOfDay(readAt) };
  if (type === 'contract') return vscode.l10n.t('Read from the futures overview at {time}.', time);
  if (type === 'unified') return vscode.l10n.t('Read from the unified account at {time}.', time);
  if (subUserId !== undefined)
    return vscode.l10n.t('Read from the list of sub-account balances at {time}.', time);
  if (/^(margin|isolated)/.test(type)) return vscode.l10n.t('Read from the margin accounts at {time}.', time);
  return vscode.l10n.t('Read from the account list at {time}.', time);
}

function row(text: vscode.MarkdownString, name: string, figure: string): void {
  text
    .appendMarkdown('|')
    .appendText(oneLine(name))
    .appendMarkdown('|')
    .appendText(oneLine(figure))
    .appendMarkdown('|\n');
}

function heading(text: vscode.MarkdownString, title: string): void {
  text.appendMarkdown('**').appendText(oneLine(title)).appendMarkdown('**\n\n');
}

/** `appendText` shows any text as it is: names and remarks come from outside. */
function line(text: vscode.MarkdownString, sentence: string): void {
  text.appendText(oneLine(sentence)).appendMarkdown('\n\n');
}
