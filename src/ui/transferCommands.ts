import * as vscode from 'vscode';
import type { Logger } from '../host/log';
import type { Session, Sessions } from '../host/sessions';
import type { Settings } from '../host/settings';
import { isAlive, type TransferDesk } from '../host/transferDesk';
import { isAccountTypeId } from '../kucoin/accountTypes';
import { compare } from '../kucoin/decimal';
import { systemTime } from '../kucoin/time';
import type { Profiles } from '../profiles/profiles';
import { execute, type Confirmation } from '../transfers/gate';
import type { TransferRecord } from '../transfers/history';
import { accountTitle, own } from '../transfers/intent';
import { planLines, type Plan } from '../transfers/plan';
import { markHappened, markNotExecuted } from '../transfers/settle';
import { findBalance } from './accountsTree';
import type { AccountsView } from './accountsView';
import { loadedAccounts } from './balanceCommands';
import type { CommandHandler, CommandId } from './commandTable';
import { inform, withProgress, type Confirm } from './dialogs';
import { translate } from './explainError';
import { exactAmount } from './format';
import { sayNoProfile } from './profileCommands';
import { openTransferDocument } from './transferDocument';
import { transferSteps, type Preset } from './transferWizard';
import { runWizard, type PickItem, type Prompt } from './wizard';

export interface TransferCommandsOptions {
  readonly sessions: Sessions;
  readonly profiles: Profiles;
  readonly desk: TransferDesk;
  readonly view: AccountsView;
  readonly settings: () => Settings;
  readonly prompt: Prompt;
  readonly confirm: Confirm;
  readonly log: Logger;
}

type TransferCommandId = Extract<CommandId, `kucoin.transfer.${string}`>;

/** Pauses before balances are read again that do not show a finished transfer yet, ms. */
const settleMs = [1_000, 2_000];

/** The commands that move funds, and their history. */
export function transferCommands(
  options: TransferCommandsOptions,
): Record<TransferCommandId, CommandHandler> {
  return {
    'kucoin.transfer.inner': (argument) => transfer(options, argument),
    'kucoin.transfer.history': () => showHistory(options),
  };
}

async function transfer(options: TransferCommandsOptions, argument: unknown): Promise<void> {
  const { sessions, prompt, settings, desk, profiles } = options;
  if (!sessions.profile) return sayNoProfile();
  const accounts = await loadedAccounts(options);
  const session = await sessions.open();
  if (!session) return;
  const title = vscode.l10n.t('Transfer Between My Accounts · {profile}', {
    profile: describeProfile(session),
  });
  const preset = presetOf(argument);
  const steps = transferSteps({ session, accounts, valuationCurrency: settings().valuationCurrency, preset });
  const entry = await runWizard(prompt, title, steps, { ...preset, amountText: '' });
  if (!entry?.plan) return;
  const { plan } = entry;

  const journal = await desk.journal();
  const result = await withProgress(
    vscode.l10n.t('Transferring {currency}…', { currency: plan.intent.currency }),
    () =>
      execute({
        plan,
        client: session.client,
        journal,
        confirm: (confirmation) => askOnce(options.confirm, confirmation),
        now: () => Date.now(),
        profileNow: () => profiles.find(plan.profile.id),
        isAlive,
      }),
  );
  if (result.kind === 'cancelled') return;
  if (result.kind === 'refused') {
    const sentence = translate(result.refusal.sentence);
    await vscode.window.showErrorMessage(vscode.l10n.t('No money moved. {reason}', { reason: sentence }));
    return;
  }
  for (const warning of result.warnings) void vscode.window.showWarningMessage(translate(warning));
  // The message does not wait for the balances, nor the balances for somebody to close the message.
  await Promise.all([tell(options, result.record), showEffect(options, session, plan, result.record)]);
}

/** One modal with all that is known; the button says what it does. */
async function askOnce(confirm: Confirm, { plan, warnings }: Confirmation): Promise<boolean> {
  const { intent, profile } = plan;
  const names = {
    amount: exactAmount(intent.amount),
    currency: intent.currency,
    from: accountTitle(intent.from),
    to: accountTitle(intent.to),
  };
  // The question says already what moves from where to where.
  const [environment, , ...rest] = planLines(plan);
  const lines = [...warnings.map(({ sentence }) => sentence), ...(environment ? [environment] : []), ...rest];
  return confirm({
    message:
      profile.environment === 'LIVE'
        ? vscode.l10n.t('LIVE: transfer {amount} {currency} from {from} to {to}?', names)
        : vscode.l10n.t('DEMO: transfer {amount} {currency} from {from} to {to}?', names),
    detail: lines.map(translate).join('\n'),
    action: vscode.l10n.t('Transfer {amount} {currency}', names),
  });
}

/** What happened, whether money moved, what to do. */
async function tell(options: TransferCommandsOptions, record: TransferRecord): Promise<void> {
  const { what, money, todo } = record.report;
  const details = vscode.l10n.t('Details');
  const orderId = record.legs.find((leg) => leg.orderId)?.orderId;
  if (record.state === 'settled') {
    const text = orderId === undefined ? '' : vscode.l10n.t('Order id: {orderId}', { orderId });
    await inform([translate(what), text].filter(Boolean).join(' '), {
      [details]: () => openTransferDocument(record.id),
    });
    return;
  }
  const text = [what, money, todo].map(translate).join(' ');
  const show = record.moved === 'unknown' ? vscode.window.showWarningMessage : vscode.window.showErrorMessage;
  const actions = record.moved === 'unknown' ? [details, vscode.l10n.t('Record What Happened…')] : [details];
  const chosen = await show(text, ...actions);
  if (chosen === details) await openTransferDocument(record.id);
  else if (chosen !== undefined) await actOn(options, record);
}

/** Reads the balances again until they show the transfer; an exchange may take a moment. */
async function showEffect(
  { view, log }: TransferCommandsOptions,
  session: Session,
  { intent, balances }: Plan,
  { moved }: TransferRecord,
): Promise<void> {
  const row = { type: intent.from.type, currency: intent.currency };
  await view.refresh();
  if (moved === 'notMoved') return;
  for (const pause of settleMs) {
    const now = findBalance(session, row)?.available;
    const { before } = balances.from;
    if (now === undefined || before === undefined || compare(now, before) < 0) return;
    log.debug(`the balances do not show the transfer yet; read again in ${pause} ms`);
    await systemTime.delay(pause);
    await view.refresh();
  }
}

async function showHistory(options: TransferCommandsOptions): Promise<void> {
  const records = await options.desk.history();
  const title = vscode.l10n.t('Transfer History');
  const none: PickItem<TransferRecord | undefined> = {
    label: vscode.l10n.t('No transfer has been made with this extension yet'),
    inert: true,
    value: undefined,
  };
  const answer = await options.prompt.pick<TransferRecord | undefined>({
    title,
    canGoBack: false,
    placeholder: vscode.l10n.t('Choose a transfer to see what is known of it'),
    items: records.length > 0 ? records.map(historyItem) : [none],
  });
  if (answer.kind === 'value' && answer.value) await actOn(options, answer.value);
}

const stateIcons: Readonly<Record<TransferRecord['moved'], string>> = {
  moved: 'pass',
  notMoved: 'error',
  unknown: 'question',
};

function historyItem(record: TransferRecord): PickItem<TransferRecord> {
  const { intent, profile, moved, stateText, createdAt } = record;
  return {
    label: `${exactAmount(intent.amount)} ${intent.currency} · ${accountTitle(intent.from)} → ${accountTitle(intent.to)}`,
    description: translate(stateText),
    detail: `${new Date(createdAt).toLocaleString()} · ${profile.name} · ${profile.environment}`,
    icon: stateIcons[moved],
    value: record,
  };
}

/** What can be done with one transfer of the history. */
async function actOn(options: TransferCommandsOptions, record: TransferRecord): Promise<void> {
  const { desk, prompt, confirm } = options;
  const copy = (text: string) => () => Promise.resolve(vscode.env.clipboard.writeText(text));
  const decide = (happened: boolean) => async () => {
    const goOn = await confirm({
      message: happened
        ? vscode.l10n.t('Record that this transfer happened?')
        : vscode.l10n.t('Record that this transfer did not happen?'),
      detail: vscode.l10n.t(
        'Compare the balances of both accounts and the account history on the KuCoin website first. This only changes the history here; it moves nothing.',
      ),
      action: vscode.l10n.t('Record'),
    });
    if (!goOn) return;
    const verdict = { journal: await desk.journal(), id: record.id, note: '' };
    const settled = await (happened ? markHappened : markNotExecuted)(verdict, { isAlive });
    if ('refused' in settled) await inform(translate(settled.refused.sentence));
  };
  const { orderId, clientOid } = record.legs[0] ?? {};
  const items: PickItem<() => Promise<void>>[] = [
    {
      label: vscode.l10n.t('Show Details'),
      icon: 'info',
      value: () => openTransferDocument(record.id),
    },
  ];
  if (record.moved === 'unknown' && record.state === 'unknown') {
    items.push(
      { label: vscode.l10n.t('It Happened…'), icon: 'pass', value: decide(true) },
      { label: vscode.l10n.t('It Did Not Happen…'), icon: 'error', value: decide(false) },
    );
  }
  if (orderId !== undefined) {
    items.push({
      label: vscode.l10n.t('Copy Order Id'),
      description: orderId,
      icon: 'copy',
      value: copy(orderId),
    });
  }
  if (clientOid !== undefined) {
    items.push({
      label: vscode.l10n.t('Copy Client Id'),
      description: clientOid,
      icon: 'copy',
      value: copy(clientOid),
    });
  }
  const { intent } = record;
  const answer = await prompt.pick({
    title: `${exactAmount(intent.amount)} ${intent.currency} · ${translate(record.stateText)}`,
    canGoBack: false,
    placeholder: [record.report.what, record.report.money].map(translate).join(' '),
    items,
  });
  if (answer.kind === 'value') await answer.value();
}

function describeProfile({ profile }: Session): string {
  return `${profile.name} · ${profile.site.kind === 'sandbox' ? 'DEMO' : 'LIVE'}`;
}

/** What a row of the tree already says. */
function presetOf(argument: unknown): Preset {
  if (typeof argument !== 'object' || argument === null || !('kind' in argument)) return {};
  const { kind, type, currency } = argument as Record<string, unknown>;
  if ((kind !== 'account' && kind !== 'balance') || typeof type !== 'string' || !isAccountTypeId(type))
    return {};
  return { from: own(type), ...(typeof currency === 'string' && { currency }) };
}
