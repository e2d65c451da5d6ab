import * as vscode from 'vscode';
import type { Session, Sessions } from '../host/sessions';
import type { Settings } from '../host/settings';
import { accountType, isAccountTypeId } from '../kucoin/accountTypes';
import { isZero } from '../kucoin/decimal';
import { accountTitle, type Account, type Balance } from '../portfolio/accounts';
import { chooseRows, totalValue, valueOf, type RowChoice, type Value } from '../portfolio/valuation';
import { environmentOf, siteTitle, type Profile } from '../profiles/profile';
import { aboutValue, exactAmount, moneyValue, shortAmount, timeOfDay } from './format';
import { userMessage } from './explainError';

/** A row of the tree. Commands get it as their argument. */
export type TreeNode = ProfileNode | AccountNode | BalanceNode | MessageNode;

export interface ProfileNode {
  readonly kind: 'profile';
  readonly id: string;
  readonly profileId: string;
}

/** Which account of the family a row belongs to. */
interface Place {
  /** Spelling of the account list, and `contract` for futures. */
  readonly type: string;
  /** Trading pair of isolated margin; settlement currency of futures, as the spot side spells it. */
  readonly tag?: string | undefined;
  /** User id of the sub-account that the row belongs to; the key's own user where left out. */
  readonly subUserId?: string | undefined;
  readonly subName?: string | undefined;
}

export interface AccountNode extends Place {
  readonly kind: 'account';
  readonly id: string;
  readonly profileId: string;
}

export interface BalanceNode extends Place {
  readonly kind: 'balance';
  readonly id: string;
  readonly profileId: string;
  readonly currency: string;
}

/** Loading, failed, stale, empty: a row that says so. */
export interface MessageNode {
  readonly kind: 'message';
  readonly id: string;
  readonly profileId: string;
  readonly parent: string;
  readonly icon: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  /** Words for the row's menu: `retry`, `needsKey`, `small`. */
  readonly context: string;
}

export interface TreeState {
  readonly filter: string;
  /** Why the profile could not be opened at all, e.g. its sandbox cannot be started. */
  readonly openError?: unknown;
  /** Why the journal of transfers cannot be read. */
  readonly journalError?: unknown;
  /** How many transfers of the profile have an unknown outcome. */
  readonly unknownTransfers: number;
}

const icons: Readonly<Record<string, string>> = {
  main: 'archive',
  trade: 'arrow-swap',
  trade_hf: 'zap',
  margin: 'law',
  isolated: 'link',
  option: 'graph-line',
};

/**
 * Profile → account → currency, as the session of the active profile has read them. It only reads; nothing it does
 * calls the exchange but opening the session when somebody looks.
 */
export class AccountsTree {
  private readonly nodes = new Map<string, TreeNode>();
  /** How each row with children looked when the editor was last told about it. */
  private shown = new Map<string, string>();

  constructor(
    private readonly sessions: Sessions,
    private readonly settings: () => Settings,
    private readonly state: () => TreeState,
  ) {}

  getParent(node: TreeNode): TreeNode | undefined {
    switch (node.kind) {
      case 'profile':
        return undefined;
      case 'account':
        return this.nodes.get(node.profileId);
      case 'balance':
        return this.nodes.get(`${node.profileId}/${node.type}`);
      case 'message':
        return this.nodes.get(node.parent);
    }
  }

  getChildren(node?: TreeNode): TreeNode[] {
    const { profile, opened } = this.sessions;
    if (!profile) return [];
    if (!node) return [this.keep({ kind: 'profile', id: profile.id, profileId: profile.id })];
    // A row of a profile that is not active any more has nothing to say.
    if (node.kind === 'message' || node.kind === 'balance' || node.profileId !== profile.id) return [];
    if (node.kind === 'profile') return this.profileChildren(profile, opened);
    return this.accountChildren(node, opened);
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    if (!this.isActive(node)) return pastItem(node);
    switch (node.kind) {
      case 'profile':
        return this.profileItem(node);
      case 'account':
        return this.accountItem(node);
      case 'balance':
        return this.balanceItem(node);
      case 'message':
        return messageItem(node);
    }
  }

  /**
   * The smallest rows that have to be drawn again since the last call, each with what is below it; `undefined`
   * stands for the whole tree, an empty list for no change that anybody could see.
   */
  takeChanges(): (TreeNode | undefined)[] {
    const before = this.shown;
    this.shown = new Map();
    const [profile] = this.getChildren();
    if (!profile) return before.size > 0 ? [undefined] : [];
    const accounts = this.getChildren(profile).filter((node) => node.kind === 'account');
    for (const node of [profile, ...accounts]) this.shown.set(node.id, this.look(node));
    if (!before.has(profile.id)) return [undefined];
    const changed = (node: TreeNode): boolean => before.get(node.id) !== this.shown.get(node.id);
    return changed(profile) ? [profile] : accounts.filter(changed);
  }

  /** What the rows of a node show, and when it was read, which their tooltips say. */
  private look(node: TreeNode): string {
    const draw = (each: TreeNode): unknown[] => {
      // The sentence for screen readers has every digit, which the description may have cut.
      const { id, label, description, contextValue, accessibilityInformation } = this.getTreeItem(each);
      return [id, label, description, contextValue, accessibilityInformation?.label];
    };
    const children = this.getChildren(node).map((child) =>
      child.kind === 'account' ? child.id : draw(child),
    );
    const readAt = node.kind === 'account' ? findAccount(this.sessions.opened, node.type)?.readAt : undefined;
    return JSON.stringify([draw(node), children, readAt]);
  }

  /** Tooltips are long and rarely read: they are made when they are wanted. */
  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    const { opened, profile } = this.sessions;
    if (!this.isActive(node)) return item;
    if (node.kind === 'profile' && profile) item.tooltip = profileTooltip(profile, this.total(opened));
    if (node.kind === 'account') item.tooltip = this.accountTooltip(node);
    if (node.kind === 'balance') item.tooltip = this.balanceTooltip(node);
    return item;
  }

  /** The editor may still ask for rows of the profile before: nothing of the present one belongs in them. */
  private isActive(node: TreeNode): boolean {
    return node.kind === 'message' || node.profileId === this.sessions.profile?.id;
  }

  private profileChildren(profile: Profile, session: Session | undefined): TreeNode[] {
    const reading = session?.portfolio.accounts;
    const rows: TreeNode[] = [];
    const message = (name: string, row: Omit<MessageNode, 'kind' | 'id' | 'profileId' | 'parent'>): void => {
      rows.push(
        this.keep({
          kind: 'message',
          id: `${profile.id}#${name}`,
          profileId: profile.id,
          parent: profile.id,
          ...row,
        }),
      );
    };
    const { openError, journalError, unknownTransfers } = this.state();
    if (journalError !== undefined) {
      const { text, todo } = userMessage(journalError);
      message('journal', { icon: 'warning', label: text, tooltip: `${text} ${todo}`, context: 'retry' });
    }
    if (unknownTransfers > 0) {
      message('unknown', {
        icon: 'question',
        label:
          unknownTransfers === 1
            ? vscode.l10n.t('1 transfer with an unknown outcome')
            : vscode.l10n.t('{count} transfers with an unknown outcome', { count: unknownTransfers }),
        tooltip: vscode.l10n.t(
          'Nobody knows yet whether the money moved. Open the history to find out and record it.',
        ),
        context: 'unknownTransfer',
      });
    }
    if (openError !== undefined) {
      const { text, todo } = userMessage(openError);
      message('open', { icon: 'warning', label: text, tooltip: `${text} ${todo}`, context: 'retry' });
    } else if (!reading || reading.state === 'empty' || (reading.state === 'loading' && !reading.value)) {
      message('loading', {
        icon: 'loading~spin',
        label: vscode.l10n.t('Loading balances…'),
        context: 'loading',
      });
    }
    if (reading?.state === 'failed') {
      const { text, todo } = userMessage(reading.error, 'General');
      const needsKey = reading.error?.kind === 'secretMissing';
      message('failed', {
        icon: needsKey ? 'key' : 'warning',
        label: needsKey ? vscode.l10n.t('This profile needs its key again') : text,
        tooltip: `${text} ${todo}`,
        context: needsKey ? 'needsKey' : 'retry',
      });
      if (reading.value && reading.readAt !== undefined) {
        message('stale', {
          icon: 'history',
          label: vscode.l10n.t('Balances as of {time}', { time: timeOfDay(reading.readAt) }),
          description: this.age(session, reading.readAt),
          tooltip: vscode.l10n.t('The last balances that could be read. They may have changed since.'),
          context: 'retry',
        });
      }
    }
    const prices = session?.portfolio.prices;
    if (prices?.state === 'failed' && reading?.state === 'ready') {
      const { text, todo } = userMessage(prices.error);
      message('prices', {
        icon: 'warning',
        label: vscode.l10n.t('Prices could not be read'),
        description: prices.value ? vscode.l10n.t('values are older than the balances') : '',
        tooltip: `${text} ${todo}`,
        context: 'retry',
      });
    }
    const accounts = reading?.value ?? [];
    const shown =
      this.state().filter === ''
        ? accounts
        : accounts.filter((account) => this.rowsOf(account).rows.length > 0);
    for (const { type } of shown) {
      rows.push(this.keep({ kind: 'account', id: `${profile.id}/${type}`, profileId: profile.id, type }));
    }
    if (accounts.length > 0 && shown.length === 0) {
      message('nomatch', {
        icon: 'search-stop',
        label: vscode.l10n.t('No currency matches "{filter}"', { filter: this.state().filter }),
        context: 'filtered',
      });
    }
    return rows;
  }

  private accountChildren(node: AccountNode, session: Session | undefined): TreeNode[] {
    const account = findAccount(session, node.type);
    if (!account) return [];
    const { rows, hidden } = this.rowsOf(account);
    const children: TreeNode[] = rows.map(({ balance: { currency } }) =>
      this.keep({
        kind: 'balance',
        id: `${node.id}/${currency}`,
        profileId: node.profileId,
        type: node.type,
        currency,
      }),
    );
    const message = (name: string, row: Omit<MessageNode, 'kind' | 'id' | 'profileId' | 'parent'>): void => {
      children.push(
        this.keep({
          kind: 'message',
          id: `${node.id}#${name}`,
          profileId: node.profileId,
          parent: node.id,
          ...row,
        }),
      );
    };
    if (account.balances.length === 0) {
      message('none', {
        icon: 'dash',
        label: vscode.l10n.t('No balances in this account'),
        context: 'empty',
      });
    }
    if (hidden > 0) {
      const label =
        hidden === 1
          ? vscode.l10n.t('1 small or zero balance hidden')
          : vscode.l10n.t('{count} small or zero balances hidden', { count: hidden });
      message('small', { icon: 'eye-closed', label, context: 'small' });
    }
    return children;
  }

  private profileItem(node: ProfileNode): vscode.TreeItem {
    const { profile, opened } = this.sessions;
    const item = new vscode.TreeItem(profile?.name ?? '', vscode.TreeItemCollapsibleState.Expanded);
    item.id = node.id;
    if (!profile) return item;
    const value = this.total(opened);
    const environment = environmentOf(profile);
    const facts = [environmentLabel(profile), value && this.money(value)].filter(Boolean);
    item.description = facts.join(' · ');
    item.iconPath = new vscode.ThemeIcon(environment === 'LIVE' ? 'account' : 'beaker');
    item.contextValue = `profile ${profile.readOnly ? 'readOnly' : 'transfers'}`;
    item.accessibilityInformation = {
      label: vscode.l10n.t('Profile {name}, {facts}', { name: profile.name, facts: facts.join(', ') }),
    };
    return item;
  }

  private accountItem(node: AccountNode): vscode.TreeItem {
    const account = findAccount(this.sessions.opened, node.type);
    const filtered = this.state().filter !== '';
    const item = new vscode.TreeItem(
      accountTitle(node.type),
      filtered || node.type === 'main' || node.type === 'trade'
        ? vscode.TreeItemCollapsibleState.Expanded
        : vscode.TreeItemCollapsibleState.Collapsed,
    );
    // Another id while filtering: the editor remembers by id what was collapsed, and matches must be seen.
    item.id = filtered ? `${node.id}?filtered` : node.id;
    const value = account && totalValue(this.sessions.opened?.portfolio.usablePrices, [account]);
    item.description = value ? this.money(value) : '';
    item.iconPath = new vscode.ThemeIcon(icons[node.type] ?? 'question');
    item.contextValue = 'account';
    item.accessibilityInformation = {
      label: vscode.l10n.t('{account} account, {value}', {
        account: accountTitle(node.type),
        value: value ? this.money(value) : vscode.l10n.t('value not known'),
      }),
    };
    return item;
  }

  private balanceItem(node: BalanceNode): vscode.TreeItem {
    const item = new vscode.TreeItem(node.currency, vscode.TreeItemCollapsibleState.None);
    item.id = node.id;
    item.contextValue = 'balance';
    const balance = findBalance(this.sessions.opened, node);
    if (!balance) return item;
    const value = this.valueOf(balance);
    const held = isZero(balance.held)
      ? ''
      : vscode.l10n.t('{amount} held', { amount: shortAmount(balance.held) });
    const about = this.valueOf(balance, aboutValue);
    const worth = isZero(balance.total) ? '' : (about ?? this.unpricedLabel());
    item.description = [shortAmount(balance.total), worth, held].filter(Boolean).join(' · ');
    item.accessibilityInformation = {
      label: vscode.l10n.t(
        '{currency}: {total} in the {account} account, {available} available, {held} held, {value}',
        {
          currency: node.currency,
          total: exactAmount(balance.total),
          account: accountTitle(node.type),
          available: exactAmount(balance.available),
          held: exactAmount(balance.held),
          value: value ? vscode.l10n.t('worth about {value}', { value }) : vscode.l10n.t('no price known'),
        },
      ),
    };
    return item;
  }

  private accountTooltip(node: AccountNode): vscode.MarkdownString {
    const text = new vscode.MarkdownString();
    const account = findAccount(this.sessions.opened, node.type);
    heading(text, accountTitle(node.type));
    if (isAccountTypeId(node.type)) line(text, accountType(node.type).purpose);
    line(text, vscode.l10n.t('Named {type} in the API.', { type: node.type }));
    const value = account && totalValue(this.sessions.opened?.portfolio.usablePrices, [account]);
    if (value && value.unpriced.length > 0) line(text, unpricedSentence(value));
    if (account) line(text, this.source(account));
    return text;
  }

  private balanceTooltip(node: BalanceNode): vscode.MarkdownString {
    const text = new vscode.MarkdownString();
    const account = findAccount(this.sessions.opened, node.type);
    const balance = findBalance(this.sessions.opened, node);
    if (!account || !balance) return text;
    heading(text, `${node.currency} · ${accountTitle(node.type)}`);
    text.appendMarkdown('| | |\n|:--|--:|\n');
    const row = (name: string, figure: string): void => {
      text.appendMarkdown('|').appendText(name).appendMarkdown('|').appendText(figure).appendMarkdown('|\n');
    };
    row(vscode.l10n.t('Total'), exactAmount(balance.total));
    row(vscode.l10n.t('Available'), exactAmount(balance.available));
    row(vscode.l10n.t('Held'), exactAmount(balance.held));
    row(vscode.l10n.t('Value'), this.valueOf(balance) ?? vscode.l10n.t('no price known'));
    text.appendMarkdown('\n');
    line(text, this.source(account));
    return text;
  }

  private rowsOf(account: Account): ReturnType<typeof chooseRows> {
    const { sortBy, hideSmall, dustThreshold } = this.settings();
    const choice: RowChoice = { sortBy, hideSmall, dustBelow: dustThreshold, filter: this.state().filter };
    return chooseRows(account.balances, this.sessions.opened?.portfolio.usablePrices, choice);
  }

  private total(session: Session | undefined): Value | undefined {
    const accounts = session?.portfolio.accounts.value;
    return accounts && totalValue(session.portfolio.usablePrices, accounts);
  }

  private money(value: Value): string {
    const amount = aboutValue(value.amount, this.settings().valuationCurrency);
    return value.unpriced.length === 0
      ? amount
      : vscode.l10n.t('{amount} + {count} unpriced', { amount, count: value.unpriced.length });
  }

  /** Where prices are known but not this one; while they are being read nothing is claimed. */
  private unpricedLabel(): string {
    return this.sessions.opened?.portfolio.usablePrices ? vscode.l10n.t('no price') : '';
  }

  private valueOf(balance: Balance, format = moneyValue): string | undefined {
    const value = valueOf(this.sessions.opened?.portfolio.usablePrices, balance.currency, balance.total);
    return value === undefined ? undefined : format(value, this.settings().valuationCurrency);
  }

  /** A time of day and no age: the editor keeps a tooltip until its row is drawn again. */
  private source(account: Account): string {
    return vscode.l10n.t('Read from the account list at {time}.', { time: timeOfDay(account.readAt) });
  }

  private age(session: Session | undefined, readAt: number): string {
    const now = session?.client.clock.estimate() ?? readAt;
    const seconds = Math.max(Math.round((now - readAt) / 1000), 0);
    if (seconds < 60) return vscode.l10n.t('{count} s ago', { count: seconds });
    const minutes = Math.round(seconds / 60);
    return minutes < 120
      ? vscode.l10n.t('{count} min ago', { count: minutes })
      : vscode.l10n.t('{count} h ago', { count: Math.round(minutes / 60) });
  }

  /**
   * The same object for the same row: the editor knows rows by their objects, and one that it has not seen cannot be
   * drawn again. Rows that only say something are made anew with what they say.
   */
  private keep(node: TreeNode): TreeNode {
    const known = this.nodes.get(node.id);
    if (known && known.kind !== 'message') return known;
    this.nodes.set(node.id, node);
    return node;
  }
}

export function environmentLabel(profile: Profile): string {
  const readOnly = profile.readOnly ? ` · ${vscode.l10n.t('read-only')}` : '';
  return `${environmentOf(profile)}${readOnly}`;
}

export function findAccount(session: Session | undefined, type: string): Account | undefined {
  return session?.portfolio.accounts.value?.find((account) => account.type === type);
}

export function findBalance(
  session: Session | undefined,
  { type, currency }: { readonly type: string; readonly currency: string },
): Balance | undefined {
  return findAccount(session, type)?.balances.find((balance) => balance.currency === currency);
}

/** A row that is about to go away. */
function pastItem(node: TreeNode): vscode.TreeItem {
  const item = new vscode.TreeItem('', vscode.TreeItemCollapsibleState.None);
  item.id = node.id;
  return item;
}

function messageItem(node: MessageNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.None);
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

function profileTooltip(profile: Profile, value: Value | undefined): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  heading(text, `${profile.name} · ${environmentOf(profile)}`);
  line(text, siteTitle(profile.site));
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
  }
  if (value && value.unpriced.length > 0) line(text, unpricedSentence(value));
  return text;
}

function unpricedSentence(value: Value): string {
  return vscode.l10n.t('Not counted, because no price is known: {list}', { list: value.unpriced.join(', ') });
}

function heading(text: vscode.MarkdownString, title: string): void {
  text.appendMarkdown('**').appendText(title).appendMarkdown('**\n\n');
}

/** `appendText` shows any text as it is: names and remarks come from outside. */
function line(text: vscode.MarkdownString, sentence: string): void {
  text.appendText(sentence).appendMarkdown('\n\n');
}
