import * as vscode from 'vscode';
import type { HfDesk } from '../host/hfDesk';
import type { Session } from '../host/sessions';
import { newId } from '../host/transferDesk';
import { isZero, smallestUnit } from '../kucoin/decimal';
import { getAllSymbols, getTicker } from '../kucoin/endpoints/market';
import { KucoinError } from '../kucoin/errors';
import { systemTime } from '../kucoin/time';
import { draftProblem, probe, type OrderDraft, type SymbolRules } from '../orders/order';
import { testOrder } from '../orders/place';
import type { HfKind } from '../portfolio/hf';
import { hfKinds, type HfWatch } from '../portfolio/hfWatch';
import { familyHoldings } from '../portfolio/holdings';
import { environmentOf, worldOf } from '../profiles/profile';
import type { TransferRecord } from '../transfers/history';
import { own, type AccountRef } from '../transfers/intent';
import type { AnswerOptions } from './answerDocuments';
import { label } from './columns';
import type { CommandHandler } from './commandTable';
import { offer, withProgress } from './dialogs';
import { translate, userMessage } from './explainError';
import { exactAmount, joined } from './format';
import { hfKindTitle, hfReport, hfStateTitle, wrap } from './hfDocument';
import { accountName } from './names';
import { next } from './nextSteps';
import { sayNoProfile } from './profileCommands';
import { transfer, type TransferFlowOptions } from './transferFlow';
import type { PickItem } from './wizard';

export type HfCommandOptions = TransferFlowOptions & AnswerOptions & { readonly hf: HfDesk };

/** What is known about HF trading, and how it is opened where it still has to be. */
export function hfCommands(
  options: HfCommandOptions,
): Record<'kucoin.hf.check' | 'kucoin.hf.activate', CommandHandler> {
  return {
    'kucoin.hf.check': () => check(options),
    'kucoin.hf.activate': () => activate(options),
  };
}

async function check(options: HfCommandOptions): Promise<void> {
  const found = await readAll(options);
  if (!found) return;
  const { session, watch } = found;
  await options.answers.show(vscode.l10n.t('HF Status'), hfReport(session, watch));
}

interface Found {
  readonly session: Session;
  readonly watch: HfWatch;
}

/** Everything that tells of HF, read now. */
async function readAll({ sessions, hf }: HfCommandOptions): Promise<Found | undefined> {
  if (!sessions.profile) sayNoProfile();
  const session = sessions.profile && (await sessions.open());
  if (!session) return undefined;
  const watch = hf.of(session);
  await withProgress(vscode.l10n.t('Reading what is known about HF…'), () =>
    Promise.all(hfKinds.map((kind) => watch.refresh(kind))),
  );
  return { session, watch };
}

/**
 * A guided run, told as it happens: in a message that can be cancelled, and in a document that ends as its report.
 * Cancelled, it begins no further step; what a step has sent is seen through.
 */
class GuidedRun {
  private readonly steps: string[] = [];

  constructor(
    private readonly options: HfCommandOptions,
    private readonly found: Found,
    private readonly progress: vscode.Progress<{ readonly message: string }>,
    private readonly token: vscode.CancellationToken,
  ) {}

  get isCancelled(): boolean {
    return this.token.isCancellationRequested;
  }

  /** A step that is over. */
  done(what: string, result: string): void {
    this.steps.push(this.line(what, result));
    this.options.answers.update(...this.document());
  }

  /** Does a step, and tells its result; `undefined` ends the run without one. */
  async step(what: string, work: () => Promise<string | undefined>): Promise<boolean> {
    if (this.isCancelled) return false;
    this.progress.report({ message: what });
    await this.options.answers.show(...this.document(this.line(what, vscode.l10n.t('in progress…'))));
    let result: string | undefined;
    try {
      result = await work();
    } catch (error) {
      // A message tells the rest; the report must not say for ever that it is in progress.
      this.done(what, vscode.l10n.t('stopped by an error: {text}', { text: userMessage(error).text }));
      throw error;
    }
    if (result === undefined) return false;
    this.done(what, result);
    return true;
  }

  async end(): Promise<void> {
    if (this.isCancelled) {
      this.done(vscode.l10n.t('Cancelled'), vscode.l10n.t('you stopped here; nothing more was done'));
    }
    const { session, watch } = this.found;
    await this.options.answers.show(...this.document('', hfReport(session, watch)));
  }

  private line(what: string, result: string): string {
    return wrap(`${this.steps.length + 1}. ${label(what, 17)}`, result);
  }

  private document(...more: string[]): [name: string, text: string] {
    const { profile } = this.found.session;
    const title = vscode.l10n.t('Activate HF Account: {profile} · {environment}', {
      profile: profile.name,
      environment: environmentOf(profile),
    });
    return [vscode.l10n.t('HF Activation'), [title, '', ...this.steps, ...more].join('\n')];
  }
}

/** How often, and how long, an account that a transfer should have opened is looked for, ms. */
const openMs = [300, 700, 1_000, 2_000, 4_000];

/** The accounts that a transfer can open in the world of 2023, and where the transfer comes from (kucoin-api 7.2, 9.1). */
const openings = {
  spot: { to: 'trade_hf', from: ['main', 'trade'] },
  cross: { to: 'margin_v2', from: ['margin'] },
  isolated: { to: 'isolated_v2', from: ['isolated'] },
} as const;

async function activate(options: HfCommandOptions): Promise<void> {
  const found = await readAll(options);
  if (!found) return;
  const choice = await chooseWork(options, found);
  if (!choice) return;
  const place = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Activate HF Account'),
    cancellable: true,
  };
  await vscode.window.withProgress(place, async (progress, token) => {
    const run = new GuidedRun(options, found, progress, token);
    for (const kind of hfKinds) {
      const status = found.watch.status(kind);
      if (status && (choice === 'proof' || kind === choice)) {
        run.done(hfKindTitle(kind), hfStateTitle(status.state));
      }
    }
    if (choice === 'proof') {
      run.done(vscode.l10n.t('Activation'), vscode.l10n.t('nothing was activated, nothing was transferred'));
    } else if (!(await open(options, found, choice, run))) {
      return run.end();
    }
    // The order test is one of spot; it proves nothing about margin.
    if (choice === 'proof' || choice === 'spot') {
      await run.step(vscode.l10n.t('Order test'), () => prove(found));
    }
    return run.end();
  });
}

type Work = HfKind | 'proof';

/** Says what can be done, and why the rest cannot; `undefined` when the user leaves. */
async function chooseWork(
  { prompt }: HfCommandOptions,
  { session, watch }: Found,
): Promise<Work | undefined> {
  const { profile } = session;
  const items: PickItem<Work>[] = hfKinds.map((kind) => {
    const status = watch.status(kind);
    const base = {
      label: vscode.l10n.t('Open {account} by a Transfer', {
        account: accountName(own(openings[kind].to)),
      }),
      description: status ? hfStateTitle(status.state) : '',
      icon: 'zap',
      value: kind,
    } as const;
    if (profile.readOnly) {
      return {
        ...base,
        refused: vscode.l10n.t('This profile is read-only: it can only run the order test.'),
      };
    }
    // A refusal may be over by now: trying again is the only way to know.
    if (status?.state === 'refused' && worldOf(profile) === 'seed') return base;
    if (status?.next.action !== 'activate') {
      return {
        ...base,
        refused: status ? translate(status.meaning) : vscode.l10n.t('Nothing is known about it.'),
      };
    }
    return {
      ...base,
      detail: vscode.l10n.t('The smallest amount is moved to {account}, then the account is looked for.', {
        account: accountName(own(openings[kind].to)),
      }),
    };
  });
  items.push({
    label: vscode.l10n.t('Run the Order Test Only'),
    detail: vscode.l10n.t('Asks KuCoin whether it would take an HF order. Nothing is placed, nothing moves.'),
    icon: 'beaker',
    value: 'proof',
  });
  const answer = await prompt.pick({
    title: `${vscode.l10n.t('Activate HF Account')} · ${profile.name} · ${environmentOf(profile)}`,
    canGoBack: false,
    placeholder:
      worldOf(profile) === 'today'
        ? vscode.l10n.t('Nothing has to be activated. Shall KuCoin be asked for a proof?')
        : vscode.l10n.t('Which HF account shall be opened? An opened account cannot be closed again.'),
    items,
    isCurrent: (value) => value === 'proof' && worldOf(profile) === 'today',
  });
  return answer.kind === 'value' ? answer.value : undefined;
}

/** Moves the smallest amount through the gate of transfers, and waits until the account is there. */
async function open(
  options: HfCommandOptions,
  { session, watch }: Found,
  kind: HfKind,
  run: GuidedRun,
): Promise<boolean> {
  let source: Source | undefined;
  const isRead = await run.step(vscode.l10n.t('Funds'), async () => {
    source = await smallestTransfer(options, session, kind);
    return source && `${source.amount} ${source.currency} · ${accountName(source.from)}`;
  });
  if (!isRead || !source) return false;
  const { currency, from, amount } = source;
  const { tag } = from;
  const to = own(openings[kind].to, tag);
  const ending = { moved: false };
  const isSent = await run.step(vscode.l10n.t('Transfer'), async () => {
    const started = Date.now();
    await transfer(options, {
      title: vscode.l10n.t('Activate HF Account'),
      preset: { currency, from, to },
      amountText: amount,
      family: true,
      atPlan: true,
    });
    const record = await lastTransfer(options, session, to, started);
    if (!record) return vscode.l10n.t('you left it; nothing was sent');
    ending.moved = record.moved === 'moved';
    const code = record.legs.find(({ error }) => error)?.error?.code;
    watch.noteTransfer(kind, record.moved === 'notMoved' ? code : undefined);
    const { what, money, todo } = record.report;
    const names = {
      amount: exactAmount(record.intent.amount),
      currency,
      from: accountName(from),
      to: accountName(to),
    };
    return ending.moved
      ? vscode.l10n.t('{amount} {currency} from {from} to {to}', names)
      : joined([what, money, todo].map(translate));
  });
  if (!isSent) return false;
  if (!ending.moved) return watch.status(kind)?.state === 'refused';
  return run.step(vscode.l10n.t('Waiting'), () => waitUntilOpen(watch, kind, run));
}

async function waitUntilOpen(watch: HfWatch, kind: HfKind, run: GuidedRun): Promise<string> {
  const started = systemTime.monotonic();
  for (const pause of [0, ...openMs]) {
    await systemTime.delay(pause);
    await watch.refresh(kind);
    if (watch.status(kind)?.state === 'separate') {
      const seconds = ((systemTime.monotonic() - started) / 1000).toFixed(1);
      return vscode.l10n.t('KuCoin lists the HF account, {seconds} s later', { seconds });
    }
    if (run.isCancelled) break;
  }
  return vscode.l10n.t('KuCoin does not list the HF account yet. Check again in a minute.');
}

interface Source {
  readonly from: AccountRef;
  readonly currency: string;
  readonly amount: string;
}

/**
 * The smallest amount that any of the accounts can give; USDT where there is some, as everybody knows it. Isolated
 * margin has an account for each pair, of which one is asked for. `undefined` when the user leaves, or has been told
 * that there is nothing.
 */
async function smallestTransfer(
  { prompt }: HfCommandOptions,
  session: Session,
  kind: HfKind,
): Promise<Source | undefined> {
  const types: readonly AccountRef['type'][] = openings[kind].from;
  const { rows } = await familyHoldings(session.portfolio);
  const usable = rows.filter(
    ({ subUserId, type, available }) =>
      subUserId === undefined && types.includes(type) && !isZero(available) && !available.startsWith('-'),
  );
  if (usable.length === 0) {
    offer(
      vscode.window.showErrorMessage,
      vscode.l10n.t(
        'No money moved. There is nothing to transfer in {accounts}: move some funds there first.',
        { accounts: types.map((type) => accountName(own(type))).join(', ') },
      ),
      next('kucoin.transfer.funds'),
    );
    return undefined;
  }
  const pairs = [...new Set(usable.flatMap(({ tag }) => tag ?? []))];
  let [pair] = pairs;
  if (pairs.length > 1) {
    const answer = await prompt.pick({
      title: `${vscode.l10n.t('Activate HF Account')} · ${session.profile.name} · ${environmentOf(session.profile)}`,
      canGoBack: false,
      placeholder: vscode.l10n.t('Each pair has an account of its own. Which one shall be opened?'),
      items: pairs.map((value) => ({ label: value, value })),
      isCurrent: (value) => value === pair,
    });
    if (answer.kind !== 'value') return undefined;
    pair = answer.value;
  }
  const ofPair = usable.filter(({ tag }) => tag === pair);
  const chosen = ofPair.find(({ currency }) => currency === 'USDT') ?? ofPair[0];
  if (!chosen) return undefined;
  const precision = await session.currencies.precision(chosen.currency);
  return { from: own(chosen.type, chosen.tag), currency: chosen.currency, amount: smallestUnit(precision) };
}

async function lastTransfer(
  { desk }: HfCommandOptions,
  { profile }: Session,
  to: AccountRef,
  since: number,
): Promise<TransferRecord | undefined> {
  return (await desk.history()).find(
    ({ profile: { id }, intent, createdAt }) =>
      id === profile.id && intent.to.type === to.type && createdAt >= since,
  );
}

/** The order test: a harmless proof, whose answer is kept as evidence. */
async function prove({ session, watch }: Found): Promise<string> {
  try {
    const draft = await smallestOrder(session);
    await testOrder(session.client, draft, newId());
    watch.noteOrderTest('accepted');
    return vscode.l10n.t('accepted: {order}. Nothing was placed.', { order: describeOrder(draft) });
  } catch (error) {
    if (!KucoinError.is(error)) throw error;
    watch.noteOrderTest({ code: error.code ?? error.kind });
    const { text, todo } = userMessage(error, 'Spot');
    return error.kind === 'insufficientBalance'
      ? vscode.l10n.t('KuCoin let it pass up to the balance, which is too small for any order. HF is open.')
      : vscode.l10n.t('refused: {text} {todo} Nothing was placed.', { text, todo });
  }
}

/** A pair that everybody can trade, else any. */
async function smallestOrder({ client }: Session): Promise<OrderDraft> {
  const symbols = await client.call(getAllSymbols, {});
  const open = symbols.filter(({ enableTrading }) => enableTrading);
  const rules: SymbolRules | undefined = open.find(({ symbol }) => symbol === 'BTC-USDT') ?? open[0];
  const ticker = rules && (await client.call(getTicker, { symbol: rules.symbol }));
  const bid = ticker?.bestBid ?? ticker?.price;
  if (!rules || bid == null)
    throw new KucoinError({ kind: 'unavailable', outcome: 'notExecuted', detail: 'no pair has a price' });
  const draft = probe(rules, bid);
  const problem = draftProblem(draft, rules);
  if (problem) {
    throw new KucoinError({ kind: 'invalidArgument', outcome: 'notExecuted', detail: translate(problem) });
  }
  return draft;
}

/** The order in words: `buy 1 KCS-USDT at 9.5`. */
export function describeOrder({ symbol, side, type, price, size, funds }: OrderDraft): string {
  const [, quote = ''] = symbol.split('-');
  const names = {
    symbol,
    quote,
    amount: exactAmount(size ?? funds ?? ('0' as never)),
    price: price === undefined ? '' : exactAmount(price),
  };
  if (type === 'limit') {
    return side === 'buy'
      ? vscode.l10n.t('buy {amount} {symbol} at {price}', names)
      : vscode.l10n.t('sell {amount} {symbol} at {price}', names);
  }
  if (funds !== undefined) return vscode.l10n.t('buy {symbol} for {amount} {quote} at the market', names);
  return side === 'buy'
    ? vscode.l10n.t('buy {amount} {symbol} at the market', names)
    : vscode.l10n.t('sell {amount} {symbol} at the market', names);
}
