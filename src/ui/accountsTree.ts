import * as vscode from 'vscode';
import type { Session, Sessions } from '../host/sessions';
import type { Settings } from '../host/settings';
import { accountKey, type Account, type Balance, type Place, type SubAccount } from '../portfolio/accounts';
import { byAmount } from '../portfolio/valuation';
import { itemOf, mostRows, pastItem, rangeSize } from './accountsTreeItems';
import { familyMessages, nothingHeld, profileMessages } from './accountsTreeMessages';
import type { AccountNode, GroupNode, Message, SubAccountNode, TreeNode } from './accountsTreeNodes';
import { Shown, type TreeState } from './accountsTreeShown';
import { tooltipOf } from './accountsTreeTooltips';

export { environmentLabel } from './accountsTreeItems';
export type * from './accountsTreeNodes';
export type { TreeState } from './accountsTreeShown';

/**
 * Profile → account → currency, and profile → sub-accounts → account → currency, as the session of the active profile
 * has read them. It only reads; nothing it does calls the exchange but opening the session when somebody looks. Rows
 * are made when the editor asks for them: of ten thousand sub-accounts most are never looked at.
 */
export class AccountsTree {
  private readonly nodes = new Map<string, TreeNode>();
  private readonly parents = new Map<string, TreeNode>();
  /** Rows whose children the editor has. */
  private readonly opened = new Set<string>();
  /** How each row looked when the editor was last told about it, and which rows were below it. */
  private shown = new Map<string, Look>();
  /** When the editor last began to fetch rows by itself. */
  private fetchedAt = -Infinity;
  /** Whether the editor was told to draw all, so that it asks for the topmost rows. */
  private isRootAwaited = false;
  private subOrder: { readonly key: readonly unknown[]; readonly subs: readonly SubAccount[] } | undefined;

  constructor(
    private readonly sessions: Sessions,
    private readonly settings: () => Settings,
    private readonly state: () => TreeState,
    /** Milliseconds of a clock that nobody sets. */
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  getParent(node: TreeNode): TreeNode | undefined {
    return this.parents.get(node.id);
  }

  getChildren(node?: TreeNode): TreeNode[] {
    const shown = this.look();
    const children = this.children(node, shown);
    if (!node) {
      if (!this.isRootAwaited) this.noteFetch();
      this.isRootAwaited = false;
      return children;
    }
    if (!shown) return children;
    if (!this.opened.has(node.id)) this.noteFetch();
    this.opened.add(node.id);
    // The editor has these rows now, but the row above them as it was when it asked for that.
    this.shown.set(node.id, { row: this.shown.get(node.id)?.row, below: idsOf(children) });
    return children;
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const shown = this.look();
    if (!shown || !this.isActive(node)) return pastItem(node);
    const item = itemOf(node, shown, this.subsOf(shown));
    // The editor has the row as it is now: only what changes from here on is news.
    this.shown.set(node.id, {
      row: this.lookOf(node, shown, item),
      below: this.shown.get(node.id)?.below ?? idsOf([]),
    });
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    const shown = this.look();
    const tooltip = shown && this.isActive(node) ? tooltipOf(node, shown) : undefined;
    if (tooltip) item.tooltip = tooltip;
    return item;
  }

  /** The editor fetches rows that nobody told it to: somebody has opened a row or the view. */
  noteFetch(): void {
    this.fetchedAt = this.monotonic();
  }

  /**
   * The smallest rows that have to be drawn again since the last call, each with what is below it; `undefined`
   * stands for the whole tree, an empty list for no change that anybody could see.
   *
   * The editor gives up on a row that it is told of while it fetches the rows around it, and is left with half a tree.
   * It draws one such change after the other, so only what it fetches by itself matters: until it surely has that, it
   * is told to draw the whole tree, which it always can.
   */
  takeChanges(): (TreeNode | undefined)[] {
    const before = this.shown;
    this.shown = new Map();
    const shown = this.look();
    const [profile] = this.children(undefined, shown);
    if (!profile || !shown) return before.size > 0 ? this.all() : [];
    const isAll = !before.has(profile.id) || this.monotonic() - this.fetchedAt < fetchingMs;
    if (!before.has(profile.id)) this.opened.clear();
    const changed: TreeNode[] = [];
    const visit = (node: TreeNode, isToldAlready: boolean): void => {
      const below = this.opened.has(node.id) || node === profile ? this.children(node, shown) : [];
      const known = before.get(node.id);
      const look = this.remember(node, below, shown);
      const isChanged = known?.below !== look.below || known.row !== look.row;
      // The editor draws what is below a row with it.
      if (isChanged && !isToldAlready) changed.push(node);
      for (const child of below) visit(child, isToldAlready || isChanged);
    };
    visit(profile, false);
    this.forget();
    return isAll && changed.length > 0 ? this.all() : changed;
  }

  private all(): undefined[] {
    this.isRootAwaited = true;
    return [undefined];
  }

  private remember(node: TreeNode, below: readonly TreeNode[], shown: Shown): Look {
    const row = this.lookOf(node, shown, itemOf(node, shown, this.subsOf(shown)));
    const look = { row, below: idsOf(below) };
    this.shown.set(node.id, look);
    return look;
  }

  /** What a row shows, and when it was read, which its tooltip says. */
  private lookOf(node: TreeNode, shown: Shown, item: vscode.TreeItem): string {
    // The sentence for screen readers has every digit, which the description may have cut.
    const { id, label, description, contextValue, accessibilityInformation } = item;
    const look: unknown[] = [id, label, description, contextValue, accessibilityInformation?.label];
    // What the user chose concerns all rows: one word for all of them.
    if (node.kind === 'profile') look.push(shown.filter, shown.settings);
    if (node.kind === 'account') look.push(shown.portfolio?.account(node)?.readAt);
    if (node.kind === 'balance') look.push(shown.portfolio?.balance(node, node.currency)?.pushedAt);
    return JSON.stringify(look);
  }

  /** Rows that are not in the tree any more. */
  private forget(): void {
    if (this.nodes.size <= 2 * this.shown.size + 1_000) return;
    for (const id of this.nodes.keys()) {
      if (this.shown.has(id)) continue;
      this.nodes.delete(id);
      this.parents.delete(id);
      this.opened.delete(id);
    }
  }

  private look(): Shown | undefined {
    const { profile, opened } = this.sessions;
    return profile && new Shown(profile, opened, this.settings(), this.state());
  }

  /** The editor may still ask for rows of the profile before: nothing of the present one belongs in them. */
  private isActive(node: TreeNode): boolean {
    return node.kind === 'message' || node.profileId === this.sessions.profile?.id;
  }

  private children(node: TreeNode | undefined, shown: Shown | undefined): TreeNode[] {
    if (!shown) return [];
    const { id } = shown.profile;
    if (!node) return [this.keep({ kind: 'profile', id, profileId: id }, undefined)];
    // A row of a profile that is not active any more has nothing to say.
    if (node.profileId !== id) return [];
    switch (node.kind) {
      case 'profile':
        return this.profileChildren(node, shown);
      case 'group':
        return this.groupChildren(node, shown);
      case 'subAccount':
        return this.subChildren(node, shown);
      case 'account':
        return this.accountChildren(node, shown);
      case 'balance':
      case 'message':
        return [];
    }
  }

  private profileChildren(parent: TreeNode, shown: Shown): TreeNode[] {
    const { portfolio, filter } = shown;
    const rows = profileMessages(shown).map((message) => this.message(message, parent));
    // While nothing is known of the list, a part of the accounts could be taken for all of them.
    const isKnown =
      portfolio !== undefined &&
      (portfolio.accounts.value !== undefined || portfolio.accounts.state === 'failed');
    // In unified mode there is no spot account beside the unified one.
    const isThere = ({ type, balances }: Account): boolean =>
      portfolio?.mode !== 'unified' || type !== 'trade' || balances.length > 0;
    const accounts = isKnown ? portfolio.own.filter(isThere) : [];
    const matching =
      filter === '' ? accounts : accounts.filter((account) => shown.rowsOf(account).rows.length > 0);
    const nothing = isKnown ? nothingHeld(shown) : undefined;
    if (nothing) rows.push(this.message(nothing, parent));
    for (const account of matching) rows.push(this.account(account, parent));
    if (isKnown) for (const message of familyMessages(shown)) rows.push(this.message(message, parent));
    const subs = this.subsOf(shown);
    if (portfolio && isKnown && portfolio.subCount > 0 && (filter === '' || subs.length > 0)) {
      rows.push(this.keep({ kind: 'group', id: `${parent.id}#subs`, profileId: parent.profileId }, parent));
    }
    if (filter !== '' && accounts.length > 0 && matching.length === 0 && subs.length === 0) {
      const label =
        portfolio && portfolio.subCount > 0
          ? vscode.l10n.t('No currency and no sub-account matches "{filter}"', { filter })
          : vscode.l10n.t('No currency matches "{filter}"', { filter });
      rows.push(this.message({ name: 'nomatch', icon: 'search-stop', label, context: 'filtered' }, parent));
    }
    return rows;
  }

  private groupChildren(parent: GroupNode, shown: Shown): TreeNode[] {
    const subs = this.subsOf(shown);
    const { profileId, from } = parent;
    if (from === undefined && subs.length > mostRows) {
      return Array.from({ length: Math.ceil(subs.length / rangeSize) }, (_, index) => {
        const start = index * rangeSize;
        return this.keep({ kind: 'group', id: `${parent.id}/${start}`, profileId, from: start }, parent);
      });
    }
    const part = from === undefined ? subs : subs.slice(from, from + rangeSize);
    return part.map(({ userId, name }) =>
      this.keep(
        { kind: 'subAccount', id: `${profileId}#sub/${userId}`, profileId, subUserId: userId, subName: name },
        parent,
      ),
    );
  }

  private subChildren(parent: SubAccountNode, shown: Shown): TreeNode[] {
    const sub = shown.portfolio?.sub(parent.subUserId);
    if (!sub) return [];
    if (sub.accounts.length === 0) {
      const isRead = shown.portfolio?.family('subBalances').readAt !== undefined;
      const label = isRead
        ? vscode.l10n.t('No balances in this sub-account')
        : vscode.l10n.t('Balances are not known');
      return [this.message({ name: 'none', icon: 'dash', label, context: 'empty' }, parent)];
    }
    return sub.accounts
      .filter((account) => shown.filter === '' || shown.rowsOf(account, parent.subName).rows.length > 0)
      .map((account) => this.account(account, parent, sub));
  }

  private accountChildren(parent: AccountNode, shown: Shown): TreeNode[] {
    const account = shown.portfolio?.account(parent);
    if (!account) return [];
    const { profileId, type, tag, subUserId, subName } = parent;
    const { rows, hidden } = shown.rowsOf(account, subName);
    const children = rows.map(({ balance: { currency } }) =>
      this.keep(
        {
          kind: 'balance',
          id: `${parent.id}/${currency}`,
          profileId,
          type,
          tag,
          subUserId,
          subName,
          currency,
        },
        parent,
      ),
    );
    if (account.balances.length === 0) {
      const label = vscode.l10n.t('No balances in this account');
      children.push(this.message({ name: 'none', icon: 'dash', label, context: 'empty' }, parent));
    }
    if (hidden > 0) {
      const label =
        hidden === 1
          ? vscode.l10n.t('1 small or zero balance hidden')
          : vscode.l10n.t('{count} small or zero balances hidden', { count: hidden });
      children.push(this.message({ name: 'small', icon: 'eye-closed', label, context: 'small' }, parent));
    }
    return children;
  }

  private account({ type, tag }: Account, parent: TreeNode, sub?: SubAccount): TreeNode {
    const { profileId } = parent;
    const id = `${parent.id}/${accountKey({ type, tag })}`;
    return this.keep(
      { kind: 'account', id, profileId, type, tag, subUserId: sub?.userId, subName: sub?.name },
      parent,
    );
  }

  /** Sub-accounts with a match, in the order that the user wants; as they come while they are still being read. */
  private subsOf(shown: Shown): readonly SubAccount[] {
    const { portfolio, filter, settings } = shown;
    if (!portfolio || portfolio.subs.length === 0) return [];
    const isComplete = (['subs', 'subBalances'] as const).every(
      (id) => portfolio.family(id).readAt !== undefined,
    );
    const key = [
      portfolio,
      portfolio.subRevision,
      portfolio.usablePrices,
      filter,
      settings.sortBy,
      isComplete,
    ];
    if (this.subOrder?.key.every((part, index) => part === key[index])) return this.subOrder.subs;
    const matching = filter === '' ? portfolio.subs : portfolio.subs.filter((sub) => shown.matches(sub));
    const byName = isComplete ? matching.toSorted((a, b) => collator.compare(a.name, b.name)) : matching;
    const subs =
      settings.sortBy === 'value' && isComplete
        ? byAmount(byName, (sub) => portfolio.valueOfSub(sub)?.amount)
        : byName;
    this.subOrder = { key, subs };
    return subs;
  }

  private message({ name, ...message }: Message, parent: TreeNode): TreeNode {
    const { profileId } = parent;
    return this.keep(
      { kind: 'message', id: `${parent.id}#${name}`, profileId, parent: parent.id, ...message },
      parent,
    );
  }

  /**
   * The same object for the same row: the editor knows rows by their objects, and one that it has not seen cannot be
   * drawn again. Rows that only say something are made anew with what they say.
   */
  private keep(node: TreeNode, parent: TreeNode | undefined): TreeNode {
    if (parent) this.parents.set(node.id, parent);
    const known = this.nodes.get(node.id);
    if (known && known.kind !== 'message' && nameIn(known) === nameIn(node)) return known;
    this.nodes.set(node.id, node);
    return node;
  }
}

interface Look {
  /** What the row itself shows; `undefined` until the editor has asked for it. */
  readonly row: string | undefined;
  /** Ids of the rows below it. */
  readonly below: string;
}

function idsOf(nodes: readonly TreeNode[]): string {
  return nodes.map(({ id }) => id).join('\n');
}

/** How long the editor may need to have the rows that it fetches by itself, ms. Longer costs nothing but drawing. */
const fetchingMs = 1_500;

/** Names with numbers in the order that people count. */
const collator = new Intl.Collator(undefined, { numeric: true });

/** A sub-account that was renamed needs new rows: commands read the name from them. */
function nameIn(node: TreeNode): string | undefined {
  return 'subName' in node ? node.subName : undefined;
}

export function findAccount(session: Session | undefined, place: string | Place): Account | undefined {
  return session?.portfolio.account(typeof place === 'string' ? { type: place } : place);
}

export function findBalance(
  session: Session | undefined,
  { currency, ...place }: Place & { readonly currency: string },
): Balance | undefined {
  return session?.portfolio.balance(place, currency);
}
