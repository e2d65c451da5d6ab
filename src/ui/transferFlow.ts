import * as vscode from 'vscode';
import type { Logger } from '../host/log';
import type { Session, Sessions } from '../host/sessions';
import type { SavedTransfersStore } from '../host/savedTransfers';
import type { Settings } from '../host/settings';
import type { TransferDesk } from '../host/transferDesk';
import { accountType, isAccountTypeId } from '../kucoin/accountTypes';
import { compare, type Decimal } from '../kucoin/decimal';
import { unlessRefused } from '../kucoin/errors';
import { systemTime } from '../kucoin/time';
import { spotCurrency } from '../kucoin/vocabulary';
import type { Place } from '../portfolio/accounts';
import { familyHoldings, listedHoldings } from '../portfolio/holdings';
import { thresholdPrices, valueOf } from '../portfolio/valuation';
import { environmentOf } from '../profiles/profile';
import type { Profiles } from '../profiles/profiles';
import { totalIn } from '../transfers/balances';
import { execute, type Confirmation, type GateResult } from '../transfers/gate';
import type { TransferRecord } from '../transfers/history';
import type { AccountRef, Intent } from '../transfers/intent';
import { warnings } from '../transfers/messages';
import { planLines, type Plan, type PlanLeg } from '../transfers/plan';
import type { Available, Origin } from '../transfers/records';
import type { Refusal } from '../transfers/refusal';
import type { ExecutableEndpoint } from '../transfers/requests';
import { say } from '../transfers/sentence';
import { findBalance } from './accountsTree';
import type { AccountsView } from './accountsView';
import { loadedAccounts } from './balanceCommands';
import { inform, offer, withProgress, type Confirm } from './dialogs';
import { translate } from './explainError';
import { exactAmount, joined } from './format';
import { accountName } from './names';
import { sayNoProfile } from './profileCommands';
import { saveTransfer } from './savedCommands';
import { openTransferDocument } from './transferDocument';
import { presetProblem, transferWizard, type Preset, type TransferEntry } from './transferWizard';
import { isTyped, mustBeTyped } from './typedConfirmation';
import { runWizard, type Prompt } from './wizard';
import { next } from './nextSteps';

export interface TransferFlowOptions {
  readonly sessions: Sessions;
  readonly profiles: Profiles;
  readonly desk: TransferDesk;
  readonly saved: SavedTransfersStore;
  readonly view: AccountsView;
  readonly settings: () => Settings;
  readonly prompt: Prompt;
  readonly confirm: Confirm;
  /** Offers what can be done with one transfer. */
  readonly actOn: (id: string) => Promise<void>;
  readonly log: Logger;
}

/** Balances and prices older than this are read again before a transfer is planned with them, ms. */
export const freshMs = 10_000;

/** Pauses before balances are read again that do not show a finished transfer yet, ms. */
const settleMs = [1_000, 2_000];

/** How long a chain waits for a leg that the exchange carries out in the background, ms. */
export const acceptedMs = 60_000;

export interface TransferRequest {
  readonly title: string;
  readonly preset: Preset;
  readonly amountText?: string;
  /** One call of this endpoint and no other way. */
  readonly only?: ExecutableEndpoint;
  /** Margin, futures and sub-accounts too. */
  readonly family?: boolean;
  readonly origin?: Origin;
  /** Everything is known: begins with the plan, from which Back leads to the amount. */
  readonly atPlan?: boolean;
}

export async function transfer(options: TransferFlowOptions, request: TransferRequest): Promise<void> {
  const { sessions, prompt, settings, desk } = options;
  if (!sessions.profile) {
    sayNoProfile();
    return;
  }
  // What is filled in already is of this profile.
  const askedFor = sessions.profile.id;
  // A journal that cannot be used is told before the questions, not after them.
  await desk.journal();
  const accounts = await loadedAccounts(options, freshMs);
  const session = await sessions.open();
  if (!session) return;
  if (session.profile.id !== askedFor) {
    inform(
      vscode.l10n.t('Nothing was sent: the profile was switched meanwhile. Try again.'),
      next('kucoin.transfer.funds'),
    );
    return;
  }
  const holdings = request.family
    ? await withProgress(vscode.l10n.t('Reading all accounts…'), () =>
        familyHoldings(session.portfolio, freshMs),
      )
    : listedHoldings(accounts);
  const { preset, only, origin, amountText = '' } = request;
  const asked = { session, holdings, valuationCurrency: settings().valuationCurrency, preset, only, origin };
  const problem = presetProblem(asked);
  if (problem) {
    sayRefused(problem);
    return;
  }
  const { steps, firstOf } = transferWizard(asked);
  const title = `${request.title} · ${session.profile.name} · ${environmentOf(session.profile)}`;
  const initial: TransferEntry = { ...preset, amountText };
  const first = request.atPlan ? await firstOf(initial) : 0;
  const entry = await runWizard(prompt, title, steps, initial, first);
  if (!entry?.plan) return;
  await carryOut(options, session, entry.plan);
}

/** How a transfer that was confirmed, or not, has ended. */
export type Ending =
  Exclude<GateResult, { readonly kind: 'done' }> | { readonly kind: 'done'; readonly record: TransferRecord };

/** Asks for a plan, sends it through the gate, tells what became of it: the end of every way into a transfer. */
export async function carryOut(
  options: TransferFlowOptions,
  session: Session,
  plan: Plan,
  more: AskedElsewhere = {},
): Promise<Ending> {
  const { desk, profiles } = options;
  let sent = (): void => undefined;
  const sending = new Promise<void>((resolve) => (sent = resolve));
  const result = await execute({
    ...desk.historyOptions,
    plan,
    client: session.client,
    journal: await desk.journal(),
    confirm: async (confirmation) => {
      const agreed =
        (await askOnce(options.confirm, confirmation, session, more.asker)) &&
        (await typed(options, session, plan));
      // Another window may have made the profile read-only, or changed its key, while the question was open.
      await profiles.load();
      if (agreed && !more.signal?.aborted) {
        const progress = vscode.l10n.t('Transferring {currency}…', { currency: plan.intent.currency });
        void withProgress(progress, () => sending);
      }
      return agreed;
    },
    now: () => Date.now(),
    monotonic: () => systemTime.monotonic(),
    delay: (ms) => systemTime.delay(ms),
    profileNow: () => profiles.find(plan.profile.id),
    readTotals: (leg, currency) => totalsOf(session, leg, currency),
    awaitAccepted: (id) => desk.awaitSettled(id, acceptedMs),
    signal: more.signal,
  }).finally(() => sent());
  if (result.kind === 'cancelled') return result;
  if (result.kind === 'refused') {
    sayRefused(result.refusal);
    return result;
  }
  for (const warning of result.warnings) {
    offer(vscode.window.showWarningMessage, translate(warning), next('kucoin.log.show'));
  }
  const record = await inTheEnd(options, result.record);
  tell(options, record);
  await showEffect(options, session, plan, record);
  return { kind: 'done', record };
}

/** A transfer that no person has begun. */
export interface AskedElsewhere {
  /** Who asks, as the first line of the question. */
  readonly asker?: string;
  /** Cancels while nothing has been sent. */
  readonly signal?: AbortSignal;
}

/** Refusals whose remedy is another right of the key, after which it has to be looked at again. */
const wantsKeyChecked: ReadonlySet<string> = new Set([
  'permissionMissing',
  'withdrawalOnly',
  'ipListMissing',
]);

function sayRefused({ code, sentence }: Refusal): void {
  const text = vscode.l10n.t('No money moved. {reason}', { reason: translate(sentence) });
  const step = wantsKeyChecked.has(code) ? 'kucoin.profile.check' : 'kucoin.balances.refresh';
  offer(vscode.window.showErrorMessage, text, next(step));
}

/** A transfer that the exchange carries out in the background is waited for, as long as is bearable. */
async function inTheEnd({ desk }: TransferFlowOptions, record: TransferRecord): Promise<TransferRecord> {
  if (record.state !== 'accepted') return record;
  await withProgress(vscode.l10n.t('KuCoin is carrying out the transfer…'), () =>
    desk.awaitSettled(record.id, acceptedMs),
  );
  return (await desk.find(record.id)) ?? record;
}

/** All that both sides hold right before a call: evidence, should its answer get lost. Side by side, and best effort. */
export async function totalsOf(
  { client }: Session,
  { from, to }: PlanLeg,
  currency: string,
): Promise<Available> {
  const read = (account: AccountRef): Promise<Decimal | undefined> =>
    unlessRefused(totalIn(client, account, currency));
  const [before, after] = await Promise.all([read(from), read(to)]);
  return { from: before, to: after };
}

/**
 * The wizard with everything filled in: it asks for the amount, shows the plan and asks once, as always. Only for the
 * profile that the funds are of: it may have been switched since this was offered.
 */
export function prefilled(
  options: TransferFlowOptions,
  title: string,
  { profileId, currency, from, to, amount }: Intent,
  more: Pick<TransferRequest, 'origin' | 'atPlan'>,
): Promise<void> {
  if (options.sessions.profile?.id !== profileId) {
    inform(
      vscode.l10n.t('Nothing was sent: these funds belong to another profile. Switch to it first.'),
      next('kucoin.profile.switch'),
    );
    return Promise.resolve();
  }
  return transfer(options, {
    title,
    preset: { currency, from, to },
    amountText: amount,
    family: true,
    ...more,
  });
}

/** One modal with all that is known; the button says what it does. */
async function askOnce(
  confirm: Confirm,
  { plan, warnings: told }: Confirmation,
  session: Session,
  asker: string | undefined,
): Promise<boolean> {
  const { intent, profile } = plan;
  const names = {
    amount: exactAmount(intent.amount),
    currency: intent.currency,
    from: accountName(intent.from),
    to: accountName(intent.to),
  };
  // The question says already what moves from where to where.
  const [environment, , ...rest] = planLines(plan);
  // KuCoin lists the right to withdraw as "Transfer".
  const canWithdraw = session.profile.facts?.permissions.includes('Transfer') ?? false;
  const lines = [
    ...told.map(({ sentence }) => sentence),
    ...(canWithdraw ? [say(warnings.withdrawalKey)] : []),
    ...(environment ? [environment] : []),
    ...rest,
  ];
  return confirm({
    message:
      profile.environment === 'LIVE'
        ? vscode.l10n.t('LIVE: transfer {amount} {currency} from {from} to {to}?', names)
        : vscode.l10n.t('DEMO: transfer {amount} {currency} from {from} to {to}?', names),
    detail: [...(asker === undefined ? [] : [asker]), ...lines.map(translate)].join('\n'),
    action: vscode.l10n.t('Transfer {amount} {currency}', names),
  });
}

/** Large transfers of real money are typed. */
async function typed(
  { prompt, settings }: TransferFlowOptions,
  { portfolio }: Session,
  { profile, intent }: Plan,
): Promise<boolean> {
  const { currency, amount } = intent;
  const value = valueOf(thresholdPrices(portfolio.usablePrices), currency, amount);
  if (!mustBeTyped(profile.environment, value, settings().typeAbove)) return true;
  const names = { amount: exactAmount(amount), currency, profile: profile.name };
  return isTyped(prompt, {
    title: vscode.l10n.t('LIVE: transfer {amount} {currency} of {profile}', names),
    question: vscode.l10n.t('Type {currency} to send it. Nothing has been sent yet.', names),
    word: currency,
  });
}

/** What happened, whether money moved, what to do. */
function tell(options: TransferFlowOptions, record: TransferRecord): void {
  const { what, money, todo } = record.report;
  const details = { [vscode.l10n.t('Details')]: () => openTransferDocument(record.id) };
  const save = { [vscode.l10n.t('Save…')]: () => saveTransfer(options, record.intent) };
  const orderId = record.legs.find((leg) => leg.orderId)?.orderId;
  // An answer that could not be read came with a yes: that has to be said in full.
  if (record.state === 'settled' && !record.legs.some((leg) => leg.error)) {
    const text = orderId === undefined ? '' : vscode.l10n.t('Order id: {orderId}', { orderId });
    inform(joined([translate(what), text]), { ...details, ...save });
    return;
  }
  const text = joined([what, money, todo].map(translate));
  if (record.moved === 'unknown' || record.halfWay) {
    offer(vscode.window.showWarningMessage, text, {
      ...details,
      [vscode.l10n.t('What Can Be Done…')]: () => options.actOn(record.id),
    });
  } else {
    offer(vscode.window.showErrorMessage, text, details);
  }
}

/** A quiet word when evidence has shown what became of a transfer that nobody knew about. */
export function tellResolved({ id, report, intent }: TransferRecord): void {
  const names = {
    amount: exactAmount(intent.amount),
    currency: intent.currency,
    money: translate(report.money),
  };
  inform(
    vscode.l10n.t('The ledgers show what became of the transfer of {amount} {currency}: {money}', names),
    {
      [vscode.l10n.t('Details')]: () => openTransferDocument(id),
    },
  );
}

/** Reads what the transfer touches again until it shows; an exchange may take a moment, which nobody waits for. */
async function showEffect(
  options: TransferFlowOptions,
  session: Session,
  plan: Plan,
  { moved }: TransferRecord,
): Promise<void> {
  await session.portfolio.refreshPlaces(placesOf(plan));
  if (moved === 'notMoved') return;
  readUntilShown(options, session, plan).catch((error: unknown) =>
    options.log.warn('the balances could not be read again', error),
  );
}

async function readUntilShown({ log }: TransferFlowOptions, session: Session, plan: Plan): Promise<void> {
  const { intent, balances } = plan;
  const row = { ...placeOf(intent.from), currency: intent.currency };
  for (const pause of settleMs) {
    const now = findBalance(session, row)?.available;
    const { before } = balances.from;
    if (now === undefined || before === undefined || compare(now, before) < 0) return;
    log.debug(`the balances do not show the transfer yet; read again in ${pause} ms`);
    await systemTime.delay(pause);
    await session.portfolio.refreshPlaces(placesOf(plan));
  }
}

function placeOf({ owner, type, tag }: AccountRef): Place {
  return { type, tag, subUserId: owner === 'self' ? undefined : owner.subUserId };
}

/** Both sides, and what lies on the way. */
function placesOf({ intent, legs }: Plan): Place[] {
  return [intent, ...legs].flatMap(({ from, to }) => [placeOf(from), placeOf(to)]);
}

/** What rows of the tree already say; nothing where they are of another profile. */
export function presetOf(argument: unknown, activeProfile: string | undefined): Preset {
  const from = accountOf(argument, activeProfile);
  if (!from) return {};
  const { currency, onto } = argument as Record<string, unknown>;
  const to = accountOf(onto, activeProfile);
  return {
    from,
    ...(to && { to }),
    ...(typeof currency === 'string' && { currency: spotCurrency(currency) }),
  };
}

/** The account that a row of the tree is, or is in. */
export function accountOf(row: unknown, activeProfile: string | undefined): AccountRef | undefined {
  if (typeof row !== 'object' || row === null || !('kind' in row)) return undefined;
  const { kind, profileId, type, tag, subUserId, subName } = row as Record<string, unknown>;
  if (profileId !== activeProfile || (kind !== 'account' && kind !== 'balance')) return undefined;
  if (typeof type !== 'string' || !isAccountTypeId(type)) return undefined;
  const name = typeof subName === 'string' ? subName : undefined;
  return {
    owner: typeof subUserId === 'string' ? { subUserId, ...(name !== undefined && { name }) } : 'self',
    type,
    // Futures rows carry their settlement currency there.
    ...(typeof tag === 'string' && accountType(type).tagged && { tag }),
  };
}
