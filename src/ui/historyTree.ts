import * as vscode from 'vscode';
import { catalogue } from '../kucoin/catalogue';
import {
  isUndecided,
  legStateText,
  outcomeOf,
  type Judged,
  type LegRecord,
  type Outcome,
  type TransferRecord,
} from '../transfers/history';
import type { HistoryList } from '../transfers/historyList';
import { translate, userMessage } from './explainError';
import { visibly } from './visibly';
import { dateAndTime, exactAmount, longDay, oneLine, shortAmount, shortTime } from './format';
import { accountName } from './names';

/** A row of the view of transfers. Commands get it as their argument. */
export type HistoryNode = GroupNode | TransferNode | LegNode | OlderNode | HistoryMessageNode;

/** Those that are open, or those of one day. */
export interface GroupNode {
  readonly kind: 'open' | 'day';
  readonly id: string;
  /** Some moment of the day, milliseconds since the epoch; 0 for those that are open. */
  readonly day: number;
}

export interface TransferNode {
  readonly kind: 'transfer';
  readonly id: string;
  readonly transferId: string;
}

/** One call of a transfer. */
export interface LegNode {
  readonly kind: 'leg';
  readonly id: string;
  readonly transferId: string;
  /** From 0. */
  readonly leg: number;
}

export interface OlderNode {
  readonly kind: 'older';
  readonly id: 'older';
}

export interface HistoryMessageNode {
  readonly kind: 'message';
  readonly id: string;
  readonly icon: string;
  readonly label: string;
  readonly tooltip: string;
  /** Words for the row's menu: `filtered`, `retry`. */
  readonly context: string;
}

export interface HistoryState {
  readonly list: HistoryList | undefined;
  /** Why the journal cannot be read. */
  readonly error: unknown;
  readonly filtered: boolean;
  readonly activeProfile: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const look: Readonly<Record<Outcome, readonly [icon: string, colour: string | undefined]>> = {
  done: ['pass', 'testing.iconPassed'],
  notExecuted: ['circle-slash', undefined],
  halfWay: ['warning', 'list.warningForeground'],
  unknown: ['question', 'list.warningForeground'],
  underway: ['sync', undefined],
};

export function iconOf(record: Judged): vscode.ThemeIcon {
  const [icon, colour] = look[outcomeOf(record)];
  return new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
}

export function outcomeTitle(outcome: Outcome): string {
  switch (outcome) {
    case 'done':
      return vscode.l10n.t('Done');
    case 'notExecuted':
      return vscode.l10n.t('Not executed');
    case 'halfWay':
      return vscode.l10n.t('Stopped half-way');
    case 'unknown':
      return vscode.l10n.t('Outcome unknown');
    case 'underway':
      return vscode.l10n.t('Under way');
  }
}

/** Open transfers, then day → transfer → call, newest first, as far as the list has been read. It only reads. */
export class HistoryTree {
  private readonly nodes = new Map<string, HistoryNode>();
  private records = new Map<string, TransferRecord>();
  private groups = new Map<string, readonly TransferRecord[]>();
  /** How each row looked when the editor was last told about it. */
  private shown = new Map<string, string>();

  constructor(private readonly state: () => HistoryState) {}

  /** Takes over what the list has now; rows are made of it until the next call. */
  update(): void {
    const { list } = this.state();
    const open = list?.open ?? [];
    const past = list?.past ?? [];
    this.records = new Map([...open, ...past].map((record) => [record.id, record]));
    this.groups = new Map(open.length > 0 ? [['open', open]] : []);
    for (const [day, records] of byDay(past)) this.groups.set(day, records);
  }

  getChildren(node?: HistoryNode): HistoryNode[] {
    if (!node) return this.roots();
    if (node.kind === 'open' || node.kind === 'day') {
      const records = this.groups.get(node.id) ?? [];
      return records.map(({ id }) => this.keep({ kind: 'transfer', id: `transfer/${id}`, transferId: id }));
    }
    if (node.kind !== 'transfer') return [];
    const { transferId } = node;
    const legs = this.records.get(transferId)?.legs ?? [];
    return legs.map((_, leg) => this.keep({ kind: 'leg', id: `${node.id}#${leg}`, transferId, leg }));
  }

  getParent(node: HistoryNode): HistoryNode | undefined {
    if (node.kind === 'leg') return this.nodes.get(`transfer/${node.transferId}`);
    if (node.kind !== 'transfer') return undefined;
    for (const [id, records] of this.groups) {
      if (records.some((record) => record.id === node.transferId)) return this.nodes.get(id);
    }
    return undefined;
  }

  getTreeItem(node: HistoryNode): vscode.TreeItem {
    return visibly(this.itemOf(node));
  }

  private itemOf(node: HistoryNode): vscode.TreeItem {
    switch (node.kind) {
      case 'open':
      case 'day':
        return this.groupItem(node);
      case 'transfer':
        return this.transferItem(node);
      case 'leg':
        return this.legItem(node);
      case 'older':
        return this.olderItem();
      case 'message':
        return messageItem(node);
    }
  }

  /** Only when somebody points at the row. */
  resolveTreeItem(item: vscode.TreeItem, node: HistoryNode): vscode.TreeItem {
    const record =
      node.kind === 'transfer' || node.kind === 'leg' ? this.records.get(node.transferId) : undefined;
    if (!record) return item;
    const leg = node.kind === 'leg' ? record.legs[node.leg] : undefined;
    item.tooltip = leg ? legTooltip(leg) : transferTooltip(record);
    return item;
  }

  /**
   * The smallest rows that have to be drawn again since the last call, each with what is below it; `undefined` stands
   * for the whole tree, an empty list for no change that anybody could see.
   */
  takeChanges(): (HistoryNode | undefined)[] {
    const before = this.shown;
    this.shown = new Map();
    this.update();
    const roots = this.roots();
    this.shown.set('', roots.map(({ id }) => id).join('\n'));
    const changed: HistoryNode[] = [];
    for (const root of roots) {
      const rows = this.getChildren(root);
      const own = this.signature(root, rows);
      this.shown.set(root.id, own);
      const isChanged = before.get(root.id) !== own;
      if (isChanged) changed.push(root);
      for (const row of rows) {
        const text = this.signature(row, []);
        this.shown.set(row.id, text);
        if (!isChanged && before.get(row.id) !== text) changed.push(row);
      }
    }
    return before.get('') === this.shown.get('') ? changed : [undefined];
  }

  /** Everything that decides how a row looks; for a group also which rows it has. */
  private signature(node: HistoryNode, rows: readonly HistoryNode[]): string {
    if (node.kind === 'transfer') {
      const record = this.records.get(node.transferId);
      const { activeProfile, now } = this.state();
      const states = record?.legs.map(({ state }) => state).join();
      const undecided = record && isUndecided(record, now);
      return [record?.changedAt, states, undecided, record?.profile.id === activeProfile].join(' ');
    }
    const item = this.getTreeItem(node);
    return JSON.stringify([item.label, item.description, rows.map(({ id }) => id)]);
  }

  private roots(): HistoryNode[] {
    const { list, error, filtered } = this.state();
    if (error !== undefined) {
      const { text, todo } = userMessage(error);
      return [this.message('error', 'warning', text, `${text} ${todo}`, 'retry')];
    }
    if (!list) return [];
    const roots = [...this.groups].map(([id, records]) =>
      this.keep(
        id === 'open' ? { kind: 'open', id, day: 0 } : { kind: 'day', id, day: records[0]?.createdAt ?? 0 },
      ),
    );
    if (roots.length === 0 && filtered) {
      const label = vscode.l10n.t('No transfer matches the filter');
      roots.push(this.message('nomatch', 'search-stop', label, label, 'filtered'));
    }
    if (list.hasOlder) roots.push(this.keep({ kind: 'older', id: 'older' }));
    return roots;
  }

  private message(
    id: string,
    icon: string,
    label: string,
    tooltip: string,
    context: string,
  ): HistoryMessageNode {
    return { kind: 'message', id, icon, label, tooltip, context };
  }

  private groupItem(node: GroupNode): vscode.TreeItem {
    const count = this.groups.get(node.id)?.length ?? 0;
    const { now, filtered } = this.state();
    const label = node.kind === 'open' ? vscode.l10n.t('Not Over Yet') : dayTitle(node.day, now);
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
    // Another id while filtering: the editor remembers by id what was collapsed, and matches must be seen.
    item.id = filtered ? `${node.id}?filtered` : node.id;
    item.contextValue = 'group';
    item.description = String(count);
    item.accessibilityInformation = {
      label:
        count === 1
          ? vscode.l10n.t('{group}, 1 transfer', { group: label })
          : vscode.l10n.t('{group}, {count} transfers', { group: label, count }),
    };
    item.tooltip = item.accessibilityInformation.label;
    return item;
  }

  private transferItem(node: TransferNode): vscode.TreeItem {
    const record = this.records.get(node.transferId);
    if (!record) return new vscode.TreeItem('');
    const { intent, profile, stateText } = record;
    const { activeProfile, now } = this.state();
    const isActive = profile.id === activeProfile;
    const names = namesOf(record);
    const item = new vscode.TreeItem(
      `${shortAmount(intent.amount)} ${intent.currency}`,
      vscode.TreeItemCollapsibleState.Collapsed,
    );
    item.id = node.id;
    item.iconPath = iconOf(record);
    const outcome = outcomeOf(record);
    // A side bar cuts its rows: what must not be missed comes first. What went well needs no more than its icon.
    item.description = [
      profile.environment,
      ...(outcome === 'done' ? [] : [outcomeTitle(outcome)]),
      `${names.from} → ${names.to}`,
      shortTime(record.createdAt),
      ...(isActive ? [] : [profile.name]),
    ].join(' · ');
    item.contextValue = contextOf(record, isActive, now);
    item.command = {
      command: 'kucoin.history.details',
      title: vscode.l10n.t('Show Transfer Details'),
      arguments: [node],
    };
    item.accessibilityInformation = {
      label: vscode.l10n.t(
        '{state}: {amount} {currency} from {from} to {to}, {environment} profile {profile}, {time}',
        { ...names, state: translate(stateText), time: dateAndTime(record.createdAt) },
      ),
    };
    return item;
  }

  private legItem(node: LegNode): vscode.TreeItem {
    const record = this.records.get(node.transferId);
    const leg = record?.legs[node.leg];
    if (!record || !leg) return new vscode.TreeItem('');
    const { title } = catalogue[leg.endpoint];
    const [step, steps] = [node.leg + 1, record.legs.length];
    const state = translate(legStateText(leg));
    const names = { title, step, steps, state, from: accountName(leg.from), to: accountName(leg.to) };
    const item = new vscode.TreeItem(steps > 1 ? vscode.l10n.t('Step {step}: {title}', names) : title);
    item.id = node.id;
    item.iconPath = iconOf(leg);
    const ids = [leg.orderId, leg.applyId, leg.clientOid].filter((id) => id !== undefined);
    const way = steps > 1 ? [`${names.from} → ${names.to}`] : [];
    item.description = [...way, state, ...ids.slice(0, 1)].join(' · ');
    item.contextValue = ['leg', ...idWords([leg])].join(' ');
    item.accessibilityInformation = {
      label: [
        vscode.l10n.t('Step {step} of {steps}, {title} from {from} to {to}: {state}', names),
        ...idLines(leg),
      ].join('. '),
    };
    return item;
  }

  private olderItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(vscode.l10n.t('Show Older…'));
    item.id = 'older';
    item.iconPath = new vscode.ThemeIcon('chevron-down');
    const { looked = 0, total = 0 } = this.state().list?.progress ?? {};
    const names = { looked: looked.toLocaleString('en'), total: total.toLocaleString('en') };
    item.description = vscode.l10n.t('{looked} of {total} read', names);
    item.tooltip = vscode.l10n.t('{looked} of {total} transfers of the journal have been read.', names);
    item.contextValue = 'older';
    item.command = { command: 'kucoin.history.showOlder', title: vscode.l10n.t('Show Older Transfers') };
    return item;
  }

  /** The same object for the same row: the editor knows rows by their objects. */
  private keep(node: HistoryNode): HistoryNode {
    const known = this.nodes.get(node.id);
    if (known) return known;
    this.nodes.set(node.id, node);
    return node;
  }
}

/**
 * Words that the menus of a row look for: `moved`, `notMoved` or `unknown`; `active` or `otherProfile`; `halfWay` where
 * the funds can go on or back; `undecided` where evidence or a person can still say what became of it; and one word for
 * each kind of id that there is.
 */
export function contextOf(record: TransferRecord, isActive: boolean, now: number): string {
  const words = ['transfer', record.moved, isActive ? 'active' : 'otherProfile'];
  if (record.halfWay) words.push('halfWay');
  if (isUndecided(record, now)) words.push('undecided');
  return [...words, ...idWords(record.legs)].join(' ');
}

function idWords(legs: readonly LegRecord[]): string[] {
  return [
    ...(legs.some(({ orderId }) => orderId !== undefined) ? ['orderId'] : []),
    ...(legs.some(({ clientOid }) => clientOid !== undefined) ? ['clientId'] : []),
    ...(legs.some(({ applyId }) => applyId !== undefined) ? ['applyId'] : []),
  ];
}

export function idLines({ orderId, applyId, clientOid }: LegRecord): string[] {
  return [
    ...(orderId === undefined ? [] : [vscode.l10n.t('Order id: {orderId}', { orderId })]),
    ...(applyId === undefined ? [] : [vscode.l10n.t('Apply id: {applyId}', { applyId })]),
    ...(clientOid === undefined ? [] : [vscode.l10n.t('Client id: {clientOid}', { clientOid })]),
  ];
}

/** What sentences about a transfer name, with every digit of its amount. */
export function namesOf({ intent, profile }: Pick<TransferRecord, 'intent' | 'profile'>): {
  readonly amount: string;
  readonly currency: string;
  readonly from: string;
  readonly to: string;
  readonly profile: string;
  readonly environment: string;
} {
  return {
    amount: exactAmount(intent.amount),
    currency: intent.currency,
    from: accountName(intent.from),
    to: accountName(intent.to),
    profile: profile.name,
    environment: profile.environment,
  };
}

function byDay(records: readonly TransferRecord[]): Map<string, TransferRecord[]> {
  const days = new Map<string, TransferRecord[]>();
  for (const record of records) {
    const id = `day/${new Date(record.createdAt).toDateString()}`;
    const day = days.get(id);
    if (day) day.push(record);
    else days.set(id, [record]);
  }
  return days;
}

function dayTitle(day: number, now: number): string {
  const isDay = (time: Date): boolean => time.toDateString() === new Date(day).toDateString();
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (isDay(new Date(now))) return vscode.l10n.t('Today');
  return isDay(yesterday) ? vscode.l10n.t('Yesterday') : longDay(day);
}

function messageItem(node: HistoryMessageNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label);
  item.id = node.id;
  const colour = node.icon === 'warning' ? new vscode.ThemeColor('list.warningForeground') : undefined;
  item.iconPath = new vscode.ThemeIcon(node.icon, colour);
  item.tooltip = node.tooltip;
  item.contextValue = `message ${node.context}`;
  item.accessibilityInformation = { label: node.tooltip };
  return item;
}

/** `appendText` shows any text as it is: names and remarks come from outside. */
function transferTooltip(record: TransferRecord): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const names = namesOf(record);
  const { report } = record;
  text.appendMarkdown('**').appendText(`${names.amount} ${names.currency}`).appendMarkdown('**\n\n');
  for (const sentence of [
    `${names.from} → ${names.to}`,
    ...[report.what, report.money, report.todo].map(translate),
    `${names.profile} · ${names.environment}`,
    vscode.l10n.t('Confirmed {time}', { time: dateAndTime(record.createdAt) }),
  ]) {
    text.appendText(oneLine(sentence)).appendMarkdown('\n\n');
  }
  return text;
}

function legTooltip(leg: LegRecord): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(catalogue[leg.endpoint].title).appendMarkdown('**\n\n');
  for (const sentence of [
    `${accountName(leg.from)} → ${accountName(leg.to)}`,
    translate(legStateText(leg)),
    ...idLines(leg),
    ...(leg.sentAt === undefined ? [] : [vscode.l10n.t('Sent {time}', { time: dateAndTime(leg.sentAt) })]),
  ]) {
    text.appendText(oneLine(sentence)).appendMarkdown('\n\n');
  }
  return text;
}
