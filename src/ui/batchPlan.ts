import * as vscode from 'vscode';
import type { Session } from '../host/sessions';
import type { BatchPlan } from '../transfers/batch';
import type { AccountRef, Intent } from '../transfers/intent';
import type { Plan } from '../transfers/plan';
import type { Refusal } from '../transfers/refusal';
import { translate } from './explainError';
import { exactAmount, shortAmount } from './format';
import { accountName } from './names';
import type { PickItem } from './wizard';

/** The plan of a batch as a person reads it: in the wizard, and in the question before it is carried out. */

/** A plan for the confirmation, and what a person should see beside it. */
export interface BatchDraft {
  readonly batch: BatchPlan;
  /** Rows without an amount: they are not even planned. */
  readonly leftOut: readonly { readonly account: AccountRef; readonly refused: Refusal }[];
  readonly notes: readonly string[];
}

/** Continue, or the user id of the sub-account whose row shall be changed. */
export type PlanChoice = 'go' | { readonly subUserId: string };

/** The plan as a table: what is sent, row by row, and what is left out. */
export function planItems(
  { batch, leftOut, notes }: BatchDraft,
  session: Session,
  canChange: boolean,
): PickItem<PlanChoice>[] {
  const rows = plannedRows(batch);
  const alike = callsAreAlike(rows);
  const refused = [
    ...leftOut,
    ...batch.rows.flatMap((row) =>
      'refused' in row ? [{ account: subSideOf(row.intent), refused: row.refused }] : [],
    ),
  ];
  const plan = vscode.l10n.t('Plan');
  const lines = [...planSummary(batch, session), ...notes];
  const go: PickItem<PlanChoice> = {
    label: vscode.l10n.t('Continue to the confirmation…'),
    icon: 'arrow-right',
    value: 'go',
  };
  return [
    ...(rows.length > 0 ? [go] : []),
    ...lines.map((label) => ({ label, inert: true, value: 'go' as const, group: plan })),
    ...rows.map(({ intent, plan: made }) => ({
      label: nameOf(subSideOf(intent)),
      description: `${exactAmount(intent.amount)} ${intent.currency}`,
      detail: rowDetail(made, !alike),
      inert: !canChange,
      value: { subUserId: idOf(subSideOf(intent)) },
      group: vscode.l10n.t('Rows'),
    })),
    ...refused.map(({ account, refused: why }) => ({
      label: nameOf(account),
      detail: translate(why.sentence),
      icon: 'circle-slash',
      inert: !canChange,
      value: { subUserId: idOf(account) },
      group: vscode.l10n.t('Left out'),
    })),
    ...statementsOf(batch, 'checks').map((label) => ({
      label,
      inert: true,
      value: 'go' as const,
      group: vscode.l10n.t('Checked'),
    })),
    ...statementsOf(batch, 'unknowns').map((label) => ({
      label,
      inert: true,
      value: 'go' as const,
      group: vscode.l10n.t('Not known'),
    })),
  ];
}

export function plannedRows(
  batch: BatchPlan,
): { readonly row: number; readonly intent: Intent; readonly plan: Plan }[] {
  return batch.rows.flatMap((row) => ('plan' in row ? [row] : []));
}

function subSideOf({ from, to }: Intent): AccountRef {
  return from.owner === 'self' ? to : from;
}

function idOf({ owner }: AccountRef): string {
  return owner === 'self' ? '' : owner.subUserId;
}

function nameOf(account: AccountRef): string {
  return account.owner === 'self' ? accountName(account) : (account.owner.name ?? account.owner.subUserId);
}

/** Whether every row is carried out by the same calls, which the plan then says once. */
function callsAreAlike(rows: ReturnType<typeof plannedRows>): boolean {
  return new Set(rows.map(({ plan }) => plan.legs.map(({ endpoint }) => endpoint).join())).size === 1;
}

/** `Funding 12.5 → 0 · Master Funding 100 → 112.5`, with the calls where they are to be told. */
function rowDetail({ balances, legs }: Plan, withCalls: boolean): string {
  const sides = [balances.from, balances.to].map(({ account: { owner, type, tag }, before, after }) => {
    const account = accountName({ type, tag });
    const title = owner === 'self' ? vscode.l10n.t('Master {account}', { account }) : account;
    return before === undefined || after === undefined
      ? title
      : `${title} ${shortAmount(before)} → ${shortAmount(after)}`;
  });
  return [...sides, ...(withCalls ? legs.map(({ title }) => title) : [])].join(' · ');
}

/** What all rows have in common, in sentences. */
export function planSummary(batch: BatchPlan, { client }: Session): string[] {
  const rows = plannedRows(batch);
  const names = { profile: batch.profile.name };
  const environment =
    batch.profile.environment === 'LIVE'
      ? vscode.l10n.t('LIVE: real funds of the profile {profile}.', names)
      : vscode.l10n.t('DEMO: play money of the profile {profile}.', names);
  if (rows.length === 0) return [environment, vscode.l10n.t('No row can be carried out.')];
  const totals = Object.entries(batch.totals).map(([currency, amount]) => {
    const count = rows.filter(({ intent }) => intent.currency === currency).length;
    const said = { count, total: exactAmount(amount), currency };
    return count === 1
      ? vscode.l10n.t('One transfer moves {total} {currency}.', said)
      : vscode.l10n.t('{count} transfers move {total} {currency} in all.', said);
  });
  const calls = new Map<string, number>();
  for (const { title, method, path } of rows.flatMap(({ plan }) => plan.legs)) {
    const call = `${title}: ${method} ${path}`;
    calls.set(call, (calls.get(call) ?? 0) + 1);
  }
  const quota = client.quota.state().find(({ pool }) => pool === 'Management');
  const { units, seconds } = expectedCost(batch, quota?.remaining ?? 0, quota?.limit ?? 0);
  return [
    environment,
    ...totals,
    ...[...calls].map(([call, count]) =>
      count === 1 ? call : vscode.l10n.t('{call}, {count} times', { call, count }),
    ),
    vscode.l10n.t('Quota: {units} units, of {limit} in 30 seconds', { units, limit: quota?.limit ?? 0 }),
    ...(seconds > 0
      ? [vscode.l10n.t('It pauses for the quota, about {seconds} seconds in all.', { seconds })]
      : []),
  ];
}

/** Units of the two readings of balances before a row is sent. */
const readingUnits = 20;

/** What a batch takes of the quota, and how long it has to wait for it. */
export function expectedCost(
  batch: BatchPlan,
  remaining: number,
  limit: number,
): { readonly units: number; readonly seconds: number } {
  const legs = plannedRows(batch).reduce((count, { plan }) => count + plan.legs.length, 0);
  const units = batch.weight + legs * readingUnits;
  const missing = units - remaining;
  return { units, seconds: missing <= 0 || limit <= 0 ? 0 : Math.ceil(missing / limit) * 30 };
}

/** What was made sure of in every row, or what nobody can know beforehand of any: each sentence once. */
export function statementsOf(batch: BatchPlan, which: 'checks' | 'unknowns'): string[] {
  const rows = plannedRows(batch);
  const byCode = new Map<string, string[]>();
  for (const { plan } of rows) {
    for (const { code, sentence } of plan[which]) {
      byCode.set(code, [...(byCode.get(code) ?? []), translate(sentence)]);
    }
  }
  return [...byCode].flatMap(([code, sentences]) => {
    const [first = ''] = sentences;
    const isSame = sentences.every((sentence) => sentence === first);
    const ofAll = sentences.length === rows.length;
    // A check that not every row has passed is none of the batch.
    if (which === 'checks' && !ofAll) return [];
    if (isSame) return [first];
    if (which === 'unknowns') {
      return [vscode.l10n.t('{sentence} (and alike for other rows)', { sentence: first })];
    }
    if (code === 'subAccount') return [vscode.l10n.t('Every sub-account is yours, and none is frozen.')];
    if (code === 'transferable') {
      return [vscode.l10n.t('Every amount is within what can leave its account now.')];
    }
    return [first];
  });
}
