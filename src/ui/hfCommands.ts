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

/** What a run has done, line by line. */
type Steps = [what: string, result: string][];

/** How often, and how long, an account that a transfer should have opened is looked for, ms. */
const openMs = [300, 700, 1_000, 2_000, 4_000];

/** The accounts that a transfer can open in the world of 2023, and where the transfer comes from (kucoin-api 7.2, 9.1). */
const openings = {
  spot: { to: 'trade_hf', from: ['main', 'trade'] },
  cross: { to: 'margin_v2', from: ['margin'] },
} as const;

async function activate(options: HfCommandOptions): Promise<void> {
  const found = await readAll(options);
  if (!found) return;
  const { session, watch } = found;
  const { profile } = session;
  const choice = await chooseWork(options, found);
  if (!choice) return;
  const steps: Steps = hfKinds
    .filter((kind) => choice === 'proof' || kind === choice)
    .flatMap((kind): Steps => {
      const status = watch.status(kind);
      return status ? [[hfKindTitle(kind), hfStateTitle(status.state)]] : [];
    });
  if (choice === 'proof') {
    steps.push([
      vscode.l10n.t('Activation'),
      vscode.l10n.t('nothing was activated, nothing was transferred'),
    ]);
  } else if (!(await open(options, found, choice, steps))) {
    return;
  }
  if (choice !== 'cross') await prove(found, steps);
  const title = vscode.l10n.t('Activate HF Account: {profile} · {environment}', {
    profile: profile.name,
    environment: environmentOf(profile),
  });
  const lines = steps.map(([what, result], index) => wrap(`${index + 1}. ${label(what, 17)}`, result));
  const text = [title, '', ...lines, '', hfReport(session, watch)].join('\n');
  await options.answers.show(vscode.l10n.t('HF Activation'), text);
}

type Work = 'spot' | 'cross' | 'proof';

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
        account: accountName(own(kind === 'isolated' ? 'isolated_v2' : openings[kind].to)),
      }),
      description: status ? hfStateTitle(status.state) : '',
      icon: 'zap',
      value: kind === 'isolated' ? 'cross' : kind,
    } as const;
    if (profile.readOnly) {
      return {
        ...base,
        refused: vscode.l10n.t('This profile is read-only: it can only run the order test.'),
      };
    }
    // A refusal may be over by now: trying again is the only way to know.
    if (status?.state === 'refused' && worldOf(profile) === 'seed' && kind !== 'isolated') return base;
    if (status?.next.action !== 'activate') {
      return {
        ...base,
        refused: status ? translate(status.meaning) : vscode.l10n.t('Nothing is known about it.'),
      };
    }
    if (kind !== 'isolated') {
      return {
        ...base,
        detail: vscode.l10n.t('The smallest amount is moved to {account}, then the account is looked for.', {
          account: accountName(own(openings[kind].to)),
        }),
      };
    }
    return {
      ...base,
      refused: vscode.l10n.t(
        'Each pair has its own: open it with Transfer Funds, from Isolated Margin to Isolated HF of that pair.',
      ),
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
  kind: keyof typeof openings,
  steps: Steps,
): Promise<boolean> {
  const to = own(openings[kind].to);
  const source = await smallestTransfer(session, openings[kind].from);
  if (!source) {
    offer(
      vscode.window.showErrorMessage,
      vscode.l10n.t(
        'No money moved. There is nothing to transfer in {accounts}: move some funds there first.',
        {
          accounts: openings[kind].from.map((type) => accountName(own(type))).join(', '),
        },
      ),
    );
    return false;
  }
  const started = Date.now();
  await transfer(options, {
    title: vscode.l10n.t('Activate HF Account'),
    preset: { currency: source.currency, from: source.from, to },
    amountText: source.amount,
    family: true,
    atPlan: true,
  });
  const record = await lastTransfer(options, session, to, started);
  if (!record) return false;
  const { amount, currency, from } = record.intent;
  const names = { amount: exactAmount(amount), currency, from: accountName(from), to: accountName(to) };
  const code = record.legs.find(({ error }) => error)?.error?.code;
  watch.noteTransfer(kind, record.moved === 'notMoved' ? code : undefined);
  const { what, money, todo } = record.report;
  steps.push([
    vscode.l10n.t('Transfer'),
    record.moved === 'moved'
      ? vscode.l10n.t('{amount} {currency} from {from} to {to}', names)
      : joined([what, money, todo].map(translate)),
  ]);
  if (record.moved !== 'moved') return true;
  steps.push([vscode.l10n.t('Waiting'), await waitUntilOpen(watch, kind)]);
  return true;
}

async function waitUntilOpen(watch: HfWatch, kind: HfKind): Promise<string> {
  const started = systemTime.monotonic();
  return withProgress(vscode.l10n.t('Waiting until the HF account is open…'), async () => {
    for (const pause of [0, ...openMs]) {
      await systemTime.delay(pause);
      await watch.refresh(kind);
      if (watch.status(kind)?.state !== 'separate') continue;
      const seconds = ((systemTime.monotonic() - started) / 1000).toFixed(1);
      return vscode.l10n.t('KuCoin lists the HF account, {seconds} s later', { seconds });
    }
    return vscode.l10n.t('KuCoin does not list the HF account yet. Check again in a minute.');
  });
}

interface Source {
  readonly from: AccountRef;
  readonly currency: string;
  readonly amount: string;
}

/** The smallest amount that any of the accounts can give; USDT where there is some, as everybody knows it. */
async function smallestTransfer(
  session: Session,
  types: readonly AccountRef['type'][],
): Promise<Source | undefined> {
  const { rows } = await withProgress(vscode.l10n.t('Reading all accounts…'), () =>
    familyHoldings(session.portfolio),
  );
  const usable = rows.filter(
    ({ subUserId, type, available }) =>
      subUserId === undefined && types.includes(type) && !isZero(available) && !available.startsWith('-'),
  );
  const chosen = usable.find(({ currency }) => currency === 'USDT') ?? usable[0];
  if (!chosen) return undefined;
  const precision = await session.currencies.precision(chosen.currency);
  return { from: own(chosen.type), currency: chosen.currency, amount: smallestUnit(precision) };
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
async function prove({ session, watch }: Found, steps: Steps): Promise<void> {
  const name = vscode.l10n.t('Order test');
  try {
    const draft = await withProgress(vscode.l10n.t('Asking KuCoin to test an order…'), async () => {
      const smallest = await smallestOrder(session);
      await testOrder(session.client, smallest, newId());
      return smallest;
    });
    watch.noteOrderTest('accepted');
    steps.push([
      name,
      vscode.l10n.t('accepted: {order}. Nothing was placed.', { order: describeOrder(draft) }),
    ]);
  } catch (error) {
    if (!KucoinError.is(error)) throw error;
    watch.noteOrderTest({ code: error.code ?? error.kind });
    const { text, todo } = userMessage(error, 'Spot');
    steps.push([
      name,
      error.kind === 'insufficientBalance'
        ? vscode.l10n.t('KuCoin let it pass up to the balance, which is too small for any order. HF is open.')
        : vscode.l10n.t('refused: {text} {todo} Nothing was placed.', { text, todo }),
    ]);
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
