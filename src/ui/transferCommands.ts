import * as vscode from 'vscode';
import type { Logger } from '../host/log';
import type { Session, Sessions } from '../host/sessions';
import type { Settings } from '../host/settings';
import type { TransferDesk } from '../host/transferDesk';
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
import { inform, offer, withProgress, type Confirm } from './dialogs';
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

/** Balances and prices older than this are read again before a transfer is planned with them, ms. */
const freshMs = 10_000;

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
  if (!sessions.profile) {
    sayNoProfile();
    return;
  }
  // A journal that cannot be used is told before the questions, not after them.
  const journal = await desk.journal();
  const accounts = await loadedAccounts(options, freshMs);
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

  let sent = (): void => undefined;
  const sending = new Promise<void>((resolve) => (sent = resolve));
  const result = await execute({
    plan,
    client: session.client,
    journal,
    confirm: async (confirmation) => {
      const agreed = await askOnce(options.confirm, confirmation);
      // Another window may have made the profile read-only, or changed its key, while the question was open.
      await profiles.load();
      if (agreed) {
        const title = vscode.l10n.t('Transferring {currency}…', { currency: plan.intent.currency });
        void withProgress(title, () => sending);
      }
      return agreed;
    },
    now: () => Date.now(),
    profileNow: () => profiles.find(plan.profile.id),
    isAlive: desk.isAlive,
  }).finally(() => sent());
  if (result.kind === 'cancelled') return;
  if (result.kind === 'refused') {
    const sentence = translate(result.refusal.sentence);
    offer(vscode.window.showErrorMessage, vscode.l10n.t('No money moved. {reason}', { reason: sentence }));
    return;
  }
  for (const warning of result.warnings) void vscode.window.showWarningMessage(translate(warning));
  tell(options, result.record);
  await showEffect(options, session, plan, result.record);
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
function tell(options: TransferCommandsOptions, record: TransferRecord): void {
  const { what, money, todo } = record.report;
  const details = { [vscode.l10n.t('Details')]: () => openTransferDocument(record.id) };
  const orderId = record.legs.find((leg) => leg.orderId)?.orderId;
  // An answer that could not be read came with a yes: that has to be said in full.
  if (record.state === 'settled' && !record.legs.some((leg) => leg.error)) {
    const text = orderId === undefined ? '' : vscode.l10n.t('Order id: {orderId}', { orderId });
    inform([translate(what), text].filter(Boolean).join(' '), details);
    return;
  }
  const text = [what, money, todo].map(translate).join(' ');
  if (record.moved === 'unknown') {
    offer(vscode.window.showWarningMessage, text, {
      ...details,
      [vscode.l10n.t('Record What Happened…')]: () => actOn(options, record),
    });
  } else {
    offer(vscode.window.showErrorMessage, text, details);
  }
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
    const settled = await (happened ? markHappened : markNotExecuted)(verdict, { isAlive: desk.isAlive });
    if ('refused' in settled) inform(translate(settled.refused.sentence));
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
