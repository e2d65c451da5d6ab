import * as vscode from 'vscode';
import type { Session } from '../host/sessions';
import { compare, sum, type Decimal } from '../kucoin/decimal';
import { subAccounts } from '../kucoin/paging';
import { systemTime } from '../kucoin/time';
import { familyHoldings, type Holdings } from '../portfolio/holdings';
import { thresholdPrices, valueOf } from '../portfolio/valuation';
import { environmentOf } from '../profiles/profile';
import {
  executeBatch,
  giveUpBatch,
  resumeBatch,
  type BatchConfirmation,
  type BatchPlan,
  type BatchResult,
  type BatchState,
} from '../transfers/batch';
import { warnings } from '../transfers/messages';
import { refuse } from '../transfers/refusal';
import { say } from '../transfers/sentence';
import { loadedAccounts } from './balanceCommands';
import {
  batchTitle,
  countRows,
  countsLine,
  movedIn,
  openBatchDocument,
  subName,
  totalsLine,
} from './batchDocument';
import { BatchFunds, planRows } from './batchFunds';
import { plannedRows, planSummary, statementsOf, type BatchDraft } from './batchPlan';
import { batchSteps, emptyEntry, resumeStep, type Direction } from './batchWizard';
import { inform, offer, withProgress } from './dialogs';
import { translate } from './explainError';
import { dateAndTime, exactAmount, joined } from './format';
import { accountName } from './names';
import { sayNoProfile } from './profileCommands';
import { acceptedMs, freshMs, totalsOf, type TransferFlowOptions } from './transferFlow';
import { isTyped, mustBeTyped } from './typedConfirmation';
import { runWizard, type PickItem } from './wizard';
import { next } from './nextSteps';

/** Many transfers between the master and its sub-accounts: asked for, planned, confirmed once, carried out. */
export async function transferBatch(options: TransferFlowOptions, direction: Direction): Promise<void> {
  const found = await familyOf(options);
  if (!found) return;
  const { session, holdings } = found;
  const { profile } = session;
  const steps = batchSteps({
    session,
    holdings,
    direction,
    valuationCurrency: options.settings().valuationCurrency,
  });
  const title = `${batchTitle(direction)} · ${profile.name} · ${environmentOf(profile)}`;
  const entry = await runWizard(options.prompt, title, steps, emptyEntry);
  if (entry?.draft) await carryOut(options, session, entry.draft);
}

/** Asks which batch of the active profile to go on with. */
export async function resumeAny(options: TransferFlowOptions): Promise<void> {
  const id = await unfinishedOne(options, {
    title: vscode.l10n.t('Resume Batch'),
    placeholder: vscode.l10n.t('Which batch shall go on?'),
  });
  if (id !== undefined) await resume(options, id);
}

/** Asks which batch of the active profile to give up. */
export async function giveUpAny(options: TransferFlowOptions): Promise<void> {
  const id = await unfinishedOne(options, {
    title: vscode.l10n.t('Give Up Batch'),
    placeholder: vscode.l10n.t('Which batch shall not go on?'),
  });
  if (id !== undefined) await giveUp(options, id);
}

/** Ends a batch: nothing more of it is sent, now or later. */
async function giveUp({ desk, confirm }: TransferFlowOptions, id: string): Promise<void> {
  const ended = await desk.alone(`batch-${id}`, async (stillAlone) => {
    const state = await desk.batch(id);
    if (!state || state.open.length === 0) return { refused: refuse('batchOver') };
    const goOn = await confirm({
      message:
        state.open.length === 1
          ? vscode.l10n.t('Give up the transfer of this batch that is left?')
          : vscode.l10n.t('Give up the {count} transfers of this batch that are left?', {
              count: state.open.length,
            }),
      detail: [
        `${batchTitle(state.kind)} · ${countsLine(countRows(state))}`,
        vscode.l10n.t('They would move {total}. They are recorded as not sent, and cannot be resumed.', {
          total: totalsLine(state.open.map(({ intent }) => intent)),
        }),
        vscode.l10n.t('What was sent stays as it is. This moves nothing.'),
      ].join('\n\n'),
      action: vscode.l10n.t('Give Up'),
    });
    if (!goOn) return 'cancelled';
    if (!(await stillAlone())) return undefined;
    return giveUpBatch(await desk.journal(), id, desk.historyOptions);
  });
  if (ended === 'cancelled') return;
  if (ended && 'state' in ended) {
    const counts = countsLine(countRows(ended.state));
    inform(vscode.l10n.t('The batch is over: {counts}.', { counts }), detailsOf(id));
    return;
  }
  inform(translate((ended?.refused ?? refuse('batchElsewhere')).sentence), detailsOf(id));
}

async function unfinishedOne(
  options: TransferFlowOptions,
  words: { readonly title: string; readonly placeholder: string },
): Promise<string | undefined> {
  const { sessions, desk, prompt } = options;
  const { profile } = sessions;
  if (!profile) {
    sayNoProfile();
    return undefined;
  }
  const batches = await desk.unfinishedBatches(profile.id);
  const none: PickItem<string> = {
    label: vscode.l10n.t('No batch of this profile is unfinished'),
    inert: true,
    value: '',
  };
  const answer = await prompt.pick({
    title: `${words.title} · ${profile.name} · ${environmentOf(profile)}`,
    canGoBack: false,
    placeholder: words.placeholder,
    items: batches.length > 0 ? batches.map(batchItem) : [none],
  });
  return answer.kind === 'value' ? answer.value : undefined;
}

function batchItem(state: BatchState): PickItem<string> {
  return {
    label: `${batchTitle(state.kind)} · ${totalsLine(state.rows.map(({ intent }) => intent))}`,
    description: countsLine(countRows(state)),
    detail: dateAndTime(state.createdAt),
    icon: 'history',
    value: state.id,
  };
}

/** Plans the rest of a batch anew, and carries it out. Rows whose outcome is unknown are named and left alone. */
export async function resume(options: TransferFlowOptions, id: string): Promise<void> {
  const { desk, sessions, prompt } = options;
  const state = await desk.batch(id);
  if (!state || state.profileId !== sessions.profile?.id) {
    inform(
      vscode.l10n.t('Nothing was sent: this batch belongs to another profile. Switch to it first.'),
      next('kucoin.profile.switch'),
    );
    return;
  }
  const found = await familyOf(options);
  if (!found) return;
  const { session, holdings } = found;
  const done = await desk.alone(`batch-${id}`, async (stillAlone) => {
    const journal = await desk.journal();
    await journal.refresh();
    const wishes = resumeBatch(journal, id, desk);
    const now = await desk.batch(id);
    if (!wishes || !now) {
      inform(vscode.l10n.t('Nothing is left to do in this batch.'), detailsOf(id));
      return true;
    }
    const funds = new BatchFunds(session, holdings);
    const sources = new Map(
      wishes.rows.map(({ intent: { currency, from } }) => [`${currency} ${from.type}`, { currency, from }]),
    );
    await Promise.all(
      [...sources.values()].map(({ currency, from }) =>
        funds.read({ currency, from: from.type }, from.owner === 'self'),
      ),
    );
    const draft: BatchDraft = { batch: planRows(funds, wishes), leftOut: [], notes: notRepeated(now) };
    const title = `${vscode.l10n.t('Resume Batch')} · ${session.profile.name} · ${environmentOf(session.profile)}`;
    const entry = await runWizard(prompt, title, [resumeStep(draft, session)], emptyEntry);
    if (entry?.draft) await carryOut(options, session, entry.draft, stillAlone);
    return true;
  });
  if (!done) inform(translate(refuse('batchElsewhere').sentence), next('kucoin.transfer.history'));
}

/** Says which rows are not sent again, and how many are done. */
function notRepeated(state: BatchState): string[] {
  const { done, all } = countRows(state);
  const unknown = state.rows.filter(({ record }) => record?.moved === 'unknown');
  const names = unknown.slice(0, namesShown).map(({ intent }) => subName(intent));
  return [
    vscode.l10n.t('{done} of {all} rows are done and are not repeated.', { done, all }),
    ...(unknown.length > 0
      ? [
          vscode.l10n.t('Rows of unknown outcome are not repeated, {count} in all: {names}', {
            count: unknown.length,
            names: listed(names, unknown.length),
          }),
        ]
      : []),
  ];
}

const namesShown = 5;

function listed(names: readonly string[], all: number): string {
  return [...names, ...(all > names.length ? ['…'] : [])].join(', ');
}

/** The active profile's family, or a message that says why there is none to work with. */
async function familyOf(
  options: TransferFlowOptions,
): Promise<{ readonly session: Session; readonly holdings: Holdings } | undefined> {
  const { sessions, desk } = options;
  if (!sessions.profile) {
    sayNoProfile();
    return undefined;
  }
  // A journal that cannot be used is told before the questions, not after them.
  await desk.journal();
  if (sessions.profile.facts?.isMaster === false) {
    const sentence = translate(refuse('masterKeyNeeded').sentence);
    offer(
      vscode.window.showErrorMessage,
      vscode.l10n.t('Nothing was sent. {reason}', { reason: sentence }),
      next('kucoin.profile.switch'),
    );
    return undefined;
  }
  await loadedAccounts(options, freshMs);
  const session = await sessions.open();
  if (!session) return undefined;
  const holdings = await withProgress(vscode.l10n.t('Reading all sub-accounts…'), () =>
    familyHoldings(session.portfolio, freshMs),
  );
  if (holdings.subs.length > 0) return { session, holdings };
  // None, or none that could be read: asked again, the exchange says why.
  await subAccounts(session.client.call.bind(session.client), { priority: 'interactive' }).next();
  inform(vscode.l10n.t('This account has no sub-accounts. Nothing was sent.'), next('kucoin.transfer.funds'));
  return undefined;
}

function detailsOf(id: string): Record<string, () => unknown> {
  return { [vscode.l10n.t('Details')]: () => openBatchDocument(id) };
}

/** Confirms once, then carries out row by row, with progress and Cancel. */
async function carryOut(
  options: TransferFlowOptions,
  session: Session,
  draft: BatchDraft,
  stillAlone?: () => Promise<boolean>,
): Promise<void> {
  const { desk } = options;
  const { batch } = draft;
  if (!stillAlone) {
    const begun = await desk.alone(`batch-${batch.id}`, async (mine) => {
      await carryOut(options, session, draft, mine);
      return true;
    });
    if (!begun) {
      offer(
        vscode.window.showErrorMessage,
        vscode.l10n.t('No money moved. The folder of the journal cannot be written to.'),
        next('kucoin.log.show'),
      );
    }
    return;
  }
  const journal = await desk.journal();
  const progress = new BatchProgress(batchTitle(batch.kind));
  const result = await executeBatch({
    ...desk.historyOptions,
    batch,
    client: session.client,
    journal,
    confirm: async (confirmation) => {
      const agreed =
        (await askOnce(options, session, draft, confirmation)) && (await typed(options, session, batch));
      // Another window may have made the profile read-only, or changed its key, while the question was open.
      await options.profiles.load();
      if (agreed) progress.start();
      return agreed;
    },
    signal: progress.signal,
    onBegin: (count, all, intent) => progress.report(count, all, subName(intent)),
    mayGoOn: stillAlone,
    now: () => Date.now(),
    monotonic: () => systemTime.monotonic(),
    delay: (ms) => systemTime.delay(ms),
    profileNow: () => options.profiles.find(batch.profile.id),
    readTotals: (leg, currency) => totalsOf(session, leg, currency),
    awaitAccepted: (id) => desk.awaitSettled(id, acceptedMs),
  }).finally(() => progress.end());
  if (result.kind === 'cancelled') return;
  if (result.kind === 'refused') {
    const reason = translate(result.refusal.sentence);
    offer(
      vscode.window.showErrorMessage,
      vscode.l10n.t('No money moved. {reason}', { reason }),
      next('kucoin.balances.refresh'),
    );
    return;
  }
  await tell(options, batch, result);
  await options.view.refresh();
}

function currencyOf({ totals }: BatchPlan): string {
  return Object.keys(totals)[0] ?? '';
}

/** A notification that counts the rows and can cancel. */
class BatchProgress {
  private readonly abort = new AbortController();
  private show: vscode.Progress<{ readonly message?: string; readonly increment?: number }> | undefined;
  private finish = (): void => undefined;
  private shown = 0;

  constructor(private readonly title: string) {}

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  start(): void {
    const over = new Promise<void>((resolve) => (this.finish = resolve));
    const options = { location: vscode.ProgressLocation.Notification, title: this.title, cancellable: true };
    void vscode.window.withProgress(options, (progress, token) => {
      this.show = progress;
      token.onCancellationRequested(() => {
        this.abort.abort();
        progress.report({ message: vscode.l10n.t('stopping after the transfer that is under way…') });
      });
      return over;
    });
  }

  /** A row begins. */
  report(count: number, all: number, name: string): void {
    const percent = ((count - 1) / all) * 100;
    const message = vscode.l10n.t('{count} of {all} · {name}', { count, all, name });
    this.show?.report({ message, increment: percent - this.shown });
    this.shown = percent;
  }

  end(): void {
    this.finish();
  }
}

/** One modal with all that is known; the button says what it does. */
async function askOnce(
  { confirm }: TransferFlowOptions,
  session: Session,
  { leftOut, notes }: BatchDraft,
  { batch, identical }: BatchConfirmation,
): Promise<boolean> {
  const rows = plannedRows(batch);
  const [first] = rows;
  if (!first) return false;
  const { from, to } = first.intent;
  const names = {
    total: totalsLine(rows.map(({ intent }) => intent)),
    count: rows.length,
    from: sideOf(from.type, from.owner !== 'self'),
    to: sideOf(to.type, to.owner !== 'self'),
  };
  const refused = batch.rows.length - rows.length + leftOut.length;
  const amounts = rows.map(({ intent }) => intent.amount).sort(compare);
  const [least, most] = [amounts[0], amounts.at(-1)];
  const lines = [
    ...(identical.length > 0
      ? [
          vscode.l10n.t(
            'Identical transfers have an unknown outcome or are under way. If they happen, these rows move the funds a second time, {count} in all: {names}',
            {
              count: identical.length,
              names: listed(
                identical.slice(0, namesShown).flatMap(({ row }) => {
                  const found = rows.find((each) => each.row === row);
                  return found ? [subName(found.intent)] : [];
                }),
                identical.length,
              ),
            },
          ),
        ]
      : []),
    ...(session.profile.facts?.permissions.includes('Transfer')
      ? [translate(say(warnings.withdrawalKey))]
      : []),
    ...planSummary(batch, session),
    ...(least !== undefined && most !== undefined && compare(least, most) !== 0
      ? [
          vscode.l10n.t('The smallest row moves {least}, the largest {most}.', {
            least: exactAmount(least),
            most: exactAmount(most),
          }),
        ]
      : []),
    ...notes,
    ...(refused > 0 ? [vscode.l10n.t('Rows that are left out: {count}', { count: refused })] : []),
    ...statementsOf(batch, 'unknowns'),
  ];
  return confirm({
    message: question(batch.profile.environment, names),
    detail: lines.join('\n'),
    action: vscode.l10n.t('Transfer {total}', names),
  });
}

interface QuestionNames extends Record<string, string | number> {
  readonly total: string;
  readonly count: number;
  readonly from: string;
  readonly to: string;
}

function question(environment: BatchPlan['profile']['environment'], names: QuestionNames): string {
  if (names.count === 1) {
    return environment === 'LIVE'
      ? vscode.l10n.t('LIVE: transfer {total} from {from} to {to}, in one transfer?', names)
      : vscode.l10n.t('DEMO: transfer {total} from {from} to {to}, in one transfer?', names);
  }
  return environment === 'LIVE'
    ? vscode.l10n.t('LIVE: transfer {total} from {from} to {to}, in {count} transfers?', names)
    : vscode.l10n.t('DEMO: transfer {total} from {from} to {to}, in {count} transfers?', names);
}

function sideOf(type: Parameters<typeof accountName>[0]['type'], isSub: boolean): string {
  const account = accountName({ type });
  return isSub ? vscode.l10n.t('{account} of sub-accounts', { account }) : account;
}

/** What all rows are worth; `undefined` when the price of any is not known. */
function totalValueOf({ portfolio }: Session, { totals }: BatchPlan): Decimal | undefined {
  const prices = thresholdPrices(portfolio.usablePrices);
  const values = Object.entries(totals).map(([currency, total]) => valueOf(prices, currency, total));
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? sum(known) : undefined;
}

/** Large batches of real money are typed. */
async function typed(
  { prompt, settings }: TransferFlowOptions,
  session: Session,
  batch: BatchPlan,
): Promise<boolean> {
  const { environment, name } = batch.profile;
  if (!mustBeTyped(environment, totalValueOf(session, batch), settings().typeAbove)) return true;
  const rows = plannedRows(batch);
  const currency = currencyOf(batch);
  const names = {
    total: totalsLine(rows.map(({ intent }) => intent)),
    count: rows.length,
    currency,
    profile: name,
  };
  return isTyped(prompt, {
    title: vscode.l10n.t('LIVE: transfer {total} of {profile} in {count} transfers', names),
    question: vscode.l10n.t('Type {currency} to send them. Nothing has been sent yet.', names),
    word: currency,
  });
}

/** What became of the batch, in one message: how many rows, how much money, what to do. */
async function tell(
  options: TransferFlowOptions,
  batch: BatchPlan,
  { stopped }: Extract<BatchResult, { readonly kind: 'done' }>,
): Promise<void> {
  const state = await options.desk.batch(batch.id);
  if (!state) return;
  const counts = countRows(state);
  const moved = totalsLine(movedIn(state));
  const names = { title: batchTitle(state.kind), done: counts.done, all: counts.all, moved };
  const actions = detailsOf(batch.id);
  if (counts.done === counts.all) {
    const done =
      counts.all === 1
        ? vscode.l10n.t('{title}: the transfer is done and moved {moved}.', names)
        : vscode.l10n.t('{title}: all {all} transfers are done and moved {moved}.', names);
    inform(done, actions);
    return;
  }
  const text = joined([
    counts.done === 0
      ? vscode.l10n.t('{title}: transfers done: none of {all}.', names)
      : vscode.l10n.t('{title}: transfers done: {done} of {all}, which moved {moved}.', names),
    vscode.l10n.t('{counts}.', { counts: countsLine(counts) }),
    ...(stopped ? [translate(stopped)] : []),
  ]);
  offer(vscode.window.showWarningMessage, text, {
    ...actions,
    ...(state.open.length > 0 && {
      [vscode.l10n.t('Resume')]: () => resume(options, batch.id),
      [vscode.l10n.t('Give Up…')]: () => giveUp(options, batch.id),
    }),
  });
}
