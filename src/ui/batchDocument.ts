import * as vscode from 'vscode';
import type { TransferDesk } from '../host/transferDesk';
import { sum, type Decimal } from '../kucoin/decimal';
import { tidy } from '../kucoin/errors';
import type { BatchRowState, BatchState } from '../transfers/batch';
import type { TransferRecord } from '../transfers/history';
import type { AccountRef, Intent } from '../transfers/intent';
import type { BatchKind } from '../transfers/records';
import { label, padEnd, padStart, widest } from './columns';
import { transferScheme } from './commandTable';
import { translate } from './explainError';
import { exactAmount, joined } from './format';
import { accountName } from './names';

const prefix = 'batch:';

/** All that is known of a batch, a line for each row, as a read-only document that follows the journal. */
export async function openBatchDocument(id: string): Promise<void> {
  const path = `/${vscode.l10n.t('Batch')} ${id.slice(0, 8)}.txt`;
  const uri = vscode.Uri.from({ scheme: transferScheme, path, query: `${prefix}${id}` });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
}

/** The batch that a document is about; `undefined` when it is about a transfer. */
export function batchIdOf({ query }: vscode.Uri): string | undefined {
  return query.startsWith(prefix) ? query.slice(prefix.length) : undefined;
}

export async function batchText(desk: TransferDesk, id: string): Promise<string> {
  const state = await desk.batch(id);
  return state ? describeBatch(state) : vscode.l10n.t('The journal does not know this batch.');
}

export function batchTitle(kind: BatchKind): string {
  switch (kind) {
    case 'collect':
      return vscode.l10n.t('Collect From Sub-Accounts');
    case 'distribute':
      return vscode.l10n.t('Distribute To Sub-Accounts');
    case 'list':
      return vscode.l10n.t('Transfers');
  }
}

/** How many rows are in which state, for headings and messages. */
export interface BatchCounts {
  readonly all: number;
  readonly done: number;
  readonly unknown: number;
  readonly notExecuted: number;
  readonly halfWay: number;
  /** At this moment. */
  readonly underWay: number;
  readonly notBegun: number;
  /** Given up: never sent. */
  readonly notSent: number;
}

export function countRows({ rows }: BatchState): BatchCounts {
  const kinds = rows.map(kindOf);
  const count = (kind: keyof BatchCounts): number => kinds.filter((each) => each === kind).length;
  return {
    all: rows.length,
    done: count('done'),
    unknown: count('unknown'),
    notExecuted: count('notExecuted'),
    halfWay: count('halfWay'),
    underWay: count('underWay'),
    notBegun: count('notBegun'),
    notSent: count('notSent'),
  };
}

function kindOf({ record, isGivenUp }: BatchRowState): keyof BatchCounts {
  // What was cancelled while it waited for its turn never left.
  if (!record || isCancelled(record)) return isGivenUp ? 'notSent' : 'notBegun';
  if (record.halfWay) return 'halfWay';
  if (record.moved === 'moved') return 'done';
  if (record.state === 'planned' || record.state === 'sent') return 'underWay';
  return record.moved === 'unknown' ? 'unknown' : 'notExecuted';
}

function isCancelled({ state, legs }: TransferRecord): boolean {
  return state === 'rejected' && legs.some(({ error }) => error?.kind === 'cancelled');
}

/** `26 done · 1 outcome unknown · 23 not begun` */
export function countsLine(counts: BatchCounts): string {
  const { done, unknown, notExecuted, halfWay, underWay, notBegun, notSent } = counts;
  const parts: [number, string][] = [
    [done, vscode.l10n.t('{count} done', { count: done })],
    [halfWay, vscode.l10n.t('{count} stopped half-way', { count: halfWay })],
    [underWay, vscode.l10n.t('{count} under way', { count: underWay })],
    [unknown, vscode.l10n.t('{count} of unknown outcome', { count: unknown })],
    [notExecuted, vscode.l10n.t('{count} not executed', { count: notExecuted })],
    [notBegun, vscode.l10n.t('{count} not begun', { count: notBegun })],
    [notSent, vscode.l10n.t('{count} given up, never sent', { count: notSent })],
  ];
  return parts.flatMap(([count, text]) => (count > 0 ? [text] : [])).join(' · ');
}

/** `250 USDT`, or several currencies; nothing of no transfers. */
export function totalsLine(intents: readonly Pick<Intent, 'currency' | 'amount'>[]): string {
  const amounts = new Map<string, Decimal[]>();
  for (const { currency, amount } of intents) {
    amounts.set(currency, [...(amounts.get(currency) ?? []), amount]);
  }
  return [...amounts].map(([currency, all]) => `${exactAmount(sum(all))} ${currency}`).join(' · ');
}

export function movedIn({ rows }: BatchState): Intent[] {
  return rows.flatMap((row) => (kindOf(row) === 'done' ? [row.intent] : []));
}

/** The side of a row that is a sub-account, by its name. */
export function subName({ from, to }: Pick<Intent, 'from' | 'to'>): string {
  const sub = [from, to].find(({ owner }) => owner !== 'self')?.owner;
  return tidy(sub === undefined || sub === 'self' ? accountName(to) : (sub.name ?? sub.subUserId));
}

export function describeBatch(state: BatchState): string {
  const { id, kind, createdAt, rows, open, givenUpAt } = state;
  const counts = countRows(state);
  const profile = rows.find(({ record }) => record)?.record?.profile;
  const field = (name: string, value: string): string[] =>
    value === '' ? [] : [`${label(name, 16)}${value}`];
  const lines = [
    `${batchTitle(kind)}  ${routesLine(rows)}`,
    '',
    ...field(vscode.l10n.t('State'), countsLine(counts)),
    ...field(vscode.l10n.t('Moved'), totalsLine(movedIn(state))),
    ...field(vscode.l10n.t('Of'), totalsLine(rows.map(({ intent }) => intent))),
    ...field(vscode.l10n.t('What to do'), todo(counts, open.length)),
    ...field(vscode.l10n.t('Profile'), profile ? `${tidy(profile.name)} · ${profile.environment}` : ''),
    ...field(vscode.l10n.t('Confirmed'), new Date(createdAt).toISOString()),
    ...field(vscode.l10n.t('Given up'), givenUpAt === undefined ? '' : new Date(givenUpAt).toISOString()),
    ...field(vscode.l10n.t('Batch id'), id),
    '',
    ...table(rows),
  ];
  const troubles = rows.filter((row) => !['done', 'notBegun', 'notSent'].includes(kindOf(row)));
  for (const { row, intent, record } of troubles) {
    if (!record) continue;
    const { report, legs } = record;
    const error = legs.find((leg) => leg.error)?.error;
    lines.push(
      '',
      vscode.l10n.t('Row {row}: {name}', { row: row + 1, name: subName(intent) }),
      ...field(vscode.l10n.t('What happened'), translate(report.what)),
      ...field(vscode.l10n.t('Money'), translate(report.money)),
      ...field(vscode.l10n.t('What to do'), translate(report.todo)),
      ...field(
        vscode.l10n.t('Error'),
        error ? [error.kind, error.code, error.detail].filter(Boolean).join(' · ') : '',
      ),
      ...field(vscode.l10n.t('Transfer id'), record.id),
    );
  }
  return `${lines.join('\n')}\n`;
}

function todo({ unknown, halfWay, underWay }: BatchCounts, open: number): string {
  const parts = [
    ...(open > 0
      ? [
          vscode.l10n.t(
            'Run KuCoin: Resume Batch… for the {count} open rows, or KuCoin: Give Up Batch… to leave them unsent.',
            { count: open },
          ),
        ]
      : []),
    ...(unknown > 0
      ? [vscode.l10n.t('Rows of unknown outcome are not repeated. Look at them in the history.')]
      : []),
    ...(halfWay > 0 ? [vscode.l10n.t('Rows that stopped half-way go on or back from the history.')] : []),
    ...(underWay > 0 ? [vscode.l10n.t('Wait for the rows that are under way.')] : []),
  ];
  return parts.length > 0 ? joined(parts) : vscode.l10n.t('Nothing needs to be done.');
}

/** `Funding → Funding`, of all rows alike; nothing where they differ. */
function routesLine(rows: readonly BatchRowState[]): string {
  const side = ({ owner, type, tag }: AccountRef): string =>
    owner === 'self'
      ? accountName({ type, tag })
      : vscode.l10n.t('{account} of sub-accounts', { account: accountName({ type, tag }) });
  const ways = new Set(rows.map(({ intent: { from, to } }) => `${side(from)} → ${side(to)}`));
  const [way = ''] = ways;
  return ways.size === 1 ? way : '';
}

function table(rows: readonly BatchRowState[]): string[] {
  const head = ['#', ...[vscode.l10n.t('Sub-account'), vscode.l10n.t('Amount'), vscode.l10n.t('State')]];
  const body = rows.map((state) => [
    String(state.row + 1),
    subName(state.intent),
    `${exactAmount(state.intent.amount)} ${state.intent.currency}`,
    rowText(state),
    state.record?.legs.findLast((leg) => leg.orderId)?.orderId ?? '',
  ]);
  const all = [[...head, vscode.l10n.t('Order id')], ...body];
  const widths = (all[0] ?? []).map((_head, index) => widest(all.map((cells) => cells[index] ?? '')));
  // Numbers stand at the right of their columns.
  const right = new Set([0, 2]);
  return all.map((cells) =>
    cells
      .map((cell, index) => {
        const width = widths[index] ?? widest([]);
        return right.has(index) ? padStart(cell, width) : padEnd(cell, width);
      })
      .join('  ')
      .trimEnd(),
  );
}

function rowText(state: BatchRowState): string {
  const kind = kindOf(state);
  if (kind === 'notSent') return vscode.l10n.t('Not sent: given up');
  return state.record && kind !== 'notBegun' ? translate(state.record.stateText) : vscode.l10n.t('Not begun');
}
