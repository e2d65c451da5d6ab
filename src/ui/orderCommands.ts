import * as vscode from 'vscode';
import type { HfDesk } from '../host/hfDesk';
import type { Session } from '../host/sessions';
import { newId } from '../host/transferDesk';
import { canonical, compare, isDecimal, multiply, subtract, type Decimal } from '../kucoin/decimal';
import { getAllSymbols, getTicker } from '../kucoin/endpoints/market';
import { KucoinError, unlessRefused } from '../kucoin/errors';
import { systemTime } from '../kucoin/time';
import type { OrderJournal, OrderRecord } from '../orders/journal';
import {
  draftProblem,
  figureProblem,
  needOf,
  orderTexts,
  type Figure,
  type OrderDraft,
  type SymbolRules,
} from '../orders/order';
import { cancelOrder, findOrder, placeOrder, resolveOrder, testOrder } from '../orders/place';
import { thresholdPrices, valueOf } from '../portfolio/valuation';
import { environmentOf } from '../profiles/profile';
import { findBalance } from './accountsTree';
import type { CommandHandler } from './commandTable';
import { inform, offer, withProgress } from './dialogs';
import { translate, userMessage } from './explainError';
import { exactAmount } from './format';
import { describeOrder } from './hfCommands';
import { next } from './nextSteps';
import { sayNoProfile } from './profileCommands';
import type { TransferFlowOptions } from './transferFlow';
import { isTyped, mustBeTyped } from './typedConfirmation';
import { asError, inputStep, pickStep, runWizard, type InputProblem, type Step } from './wizard';

export type OrderCommandOptions = Pick<
  TransferFlowOptions,
  'sessions' | 'profiles' | 'view' | 'settings' | 'prompt' | 'confirm' | 'log'
> & {
  readonly hf: HfDesk;
  readonly orders: OrderJournal;
};

export function orderCommands(options: OrderCommandOptions): Record<'kucoin.hf.placeOrder', CommandHandler> {
  return { 'kucoin.hf.placeOrder': () => place(options) };
}

interface Entry {
  readonly rules?: SymbolRules | undefined;
  readonly side?: OrderDraft['side'] | undefined;
  readonly type?: OrderDraft['type'] | undefined;
  /** What a market order names. */
  readonly by?: 'size' | 'funds' | undefined;
  readonly price?: string | undefined;
  readonly amount?: string | undefined;
  /** The person has seen the plan, and the exchange would take the order. */
  readonly checked?: boolean;
}

async function place(options: OrderCommandOptions): Promise<void> {
  const { sessions, prompt } = options;
  if (!sessions.profile) sayNoProfile();
  const session = sessions.profile && (await sessions.open());
  if (!session) return;
  await settleOpenOrders(options, session);
  const title = `${vscode.l10n.t('Place HF Order')} · ${session.profile.name} · ${environmentOf(session.profile)}`;
  const prices = new Map<string, Decimal>();
  const clientOid = newId();
  const entry = await runWizard(prompt, title, steps(options, session, prices, clientOid), {});
  const draft = entry?.checked && draftOf(entry);
  if (!entry?.rules || !draft) return;
  if (!(await agreed(options, session, draft, entry.rules, prices.get(draft.symbol)))) return;
  await send(options, session, draft, clientOid);
}

/** Symbol, side, kind, price, amount: with the rules of the symbol while typing. Then the plan, tested. */
function steps(
  options: OrderCommandOptions,
  session: Session,
  prices: Map<string, Decimal>,
  clientOid: string,
): Step<Entry>[] {
  const { client } = session;
  const symbols = client
    .call(getAllSymbols, {})
    .then((all) => all.filter(({ enableTrading }) => enableTrading));
  symbols.catch(() => undefined); // told where it is awaited
  const hasPrice = async ({ rules }: Entry): Promise<void> => {
    if (!rules || prices.has(rules.symbol)) return;
    const ticker = await unlessRefused(client.call(getTicker, { symbol: rules.symbol }));
    if (ticker?.price != null) prices.set(rules.symbol, ticker.price);
  };
  return [
    pickStep<Entry, SymbolRules>({
      placeholder: () => vscode.l10n.t('Which pair?'),
      items: async () =>
        (await symbols).map((rules) => ({
          label: rules.symbol,
          description: rules.name === rules.symbol ? '' : rules.name,
          value: rules,
        })),
      current: ({ rules }) => rules,
      same: (a, b) => a.symbol === b.symbol,
      apply: (entry, rules) => ({ ...entry, rules }),
    }),
    pickStep<Entry, OrderDraft['side']>({
      placeholder: ({ rules }) => vscode.l10n.t('Buy or sell {symbol}?', { symbol: rules?.symbol ?? '' }),
      items: ({ rules }) => [
        {
          label: vscode.l10n.t('Buy'),
          description: available(options, session, rules?.quoteCurrency),
          value: 'buy',
        },
        {
          label: vscode.l10n.t('Sell'),
          description: available(options, session, rules?.baseCurrency),
          value: 'sell',
        },
      ],
      current: ({ side }) => side,
      apply: (entry, side) => ({ ...entry, side }),
    }),
    pickStep<Entry, OrderDraft['type']>({
      placeholder: () => vscode.l10n.t('At which price?'),
      items: () => [
        {
          label: vscode.l10n.t('Limit'),
          description: vscode.l10n.t('at a price of your own, or better'),
          value: 'limit',
        },
        {
          label: vscode.l10n.t('Market'),
          description: vscode.l10n.t('at once, at what the market offers'),
          value: 'market',
        },
      ],
      current: ({ type }) => type,
      apply: (entry, type) => ({ ...entry, type }),
    }),
    pickStep<Entry, 'size' | 'funds'>({
      skip: ({ type, side }) => !(type === 'market' && side === 'buy'),
      placeholder: () => vscode.l10n.t('How shall the amount be given?'),
      items: ({ rules }) => [
        {
          label: vscode.l10n.t('As {currency} to spend', { currency: rules?.quoteCurrency ?? '' }),
          value: 'funds',
        },
        {
          label: vscode.l10n.t('As {currency} to buy', { currency: rules?.baseCurrency ?? '' }),
          value: 'size',
        },
      ],
      current: ({ by }) => by,
      apply: (entry, by) => ({ ...entry, by }),
    }),
    inputStep<Entry>({
      skip: ({ type }) => type !== 'limit',
      prompt: ({ rules }) =>
        vscode.l10n.t('Price in {currency}; the last was {price}', {
          currency: rules?.quoteCurrency ?? '',
          price: prices.get(rules?.symbol ?? '') ?? '-',
        }),
      value: ({ price }) => price,
      ready: hasPrice,
      validate: (entry, text) => problemOf('price', entry, text),
      apply: (entry, text) => ({ ...entry, price: text.trim() }),
    }),
    inputStep<Entry>({
      prompt: (entry) => {
        const funds = figureOf(entry) === 'funds';
        const currency = funds ? entry.rules?.quoteCurrency : entry.rules?.baseCurrency;
        return vscode.l10n.t('Amount in {currency}; the smallest is {least}', {
          currency: currency ?? '',
          least: (funds ? entry.rules?.quoteMinSize : entry.rules?.baseMinSize) ?? '-',
        });
      },
      value: ({ amount }) => amount,
      ready: hasPrice,
      validate: (entry, text) => {
        const problem = problemOf(figureOf(entry), entry, text);
        if (problem) return problem;
        return wholeProblem(options, session, { ...entry, amount: text.trim() });
      },
      apply: (entry, text) => ({ ...entry, amount: text.trim() }),
    }),
    pickStep<Entry, boolean>({
      placeholder: () => vscode.l10n.t('Check the plan. Nothing has been sent yet.'),
      items: async (entry) => {
        const draft = draftOf(entry);
        const { rules } = entry;
        if (!draft || !rules) return [];
        const test = await tested(options, session, draft, clientOid);
        const lines = [
          ...orderPlan(options, session, draft, rules, prices.get(draft.symbol)),
          ...test.lines,
        ].map((label) => ({ label, inert: true, value: false, group: vscode.l10n.t('Plan') }));
        const go = {
          label: vscode.l10n.t('Continue to the confirmation…'),
          icon: 'arrow-right',
          value: true,
        };
        return test.accepted && !session.profile.readOnly ? [go, ...lines] : lines;
      },
      apply: (entry, checked) => ({ ...entry, checked }),
    }),
  ];
}

function figureOf({ type, side, by }: Entry): Figure {
  return type === 'market' && side === 'buy' && by === 'funds' ? 'funds' : 'size';
}

function problemOf(figure: Figure, { rules }: Entry, text: string): InputProblem | undefined {
  const problem = rules && figureProblem(figure, text.trim(), rules);
  return asError(problem && translate(problem));
}

/** The smallest worth of an order, and what is there to pay with. */
function wholeProblem(
  options: OrderCommandOptions,
  session: Session,
  entry: Entry,
): InputProblem | undefined {
  const { rules } = entry;
  const draft = draftOf(entry);
  if (!rules || !draft) return undefined;
  const problem = draftProblem(draft, rules);
  if (problem) return asError(translate(problem));
  const { currency, amount } = needOf(draft, rules);
  const there = availableOf(options, session, currency);
  if (amount === undefined || there === undefined || compare(amount, there) <= 0) return undefined;
  const values = { needed: exactAmount(amount), currency, available: exactAmount(there) };
  return asError(translate({ template: orderTexts.balance, values }));
}

function draftOf(entry: Entry): OrderDraft | undefined {
  const { rules, side, type, price, amount } = entry;
  if (!rules || !side || !type || amount === undefined || !isDecimal(amount)) return undefined;
  if (type === 'limit' && (price === undefined || !isDecimal(price))) return undefined;
  return {
    symbol: rules.symbol,
    side,
    type,
    ...(type === 'limit' && price !== undefined && isDecimal(price) && { price: canonical(price) }),
    [figureOf(entry)]: canonical(amount),
  };
}

/** What the account that HF orders draw on holds; `undefined` while nobody knows. */
function availableOf({ hf }: OrderCommandOptions, session: Session, currency: string): Decimal | undefined {
  const type = hf.of(session).status('spot')?.drawsOn;
  return type === undefined ? undefined : findBalance(session, { type, currency })?.available;
}

function available(options: OrderCommandOptions, session: Session, currency = ''): string {
  const amount = availableOf(options, session, currency);
  return amount === undefined
    ? ''
    : vscode.l10n.t('{amount} {currency} available', { amount: exactAmount(amount), currency });
}

interface Tested {
  readonly accepted: boolean;
  /** What the test has shown, and what to do where it was refused. */
  readonly lines: readonly string[];
}

/** The order test goes before every order. */
async function tested(
  { hf }: OrderCommandOptions,
  session: Session,
  draft: OrderDraft,
  clientOid: string,
): Promise<Tested> {
  const watch = hf.of(session);
  try {
    await testOrder(session.client, draft, clientOid);
  } catch (error) {
    if (!KucoinError.is(error)) throw error;
    watch.noteOrderTest({ code: error.code ?? error.kind });
    const { text, todo } = userMessage(error, 'Spot');
    return {
      accepted: false,
      lines: [vscode.l10n.t('Order test: refused. No order was placed.'), text, todo],
    };
  }
  watch.noteOrderTest('accepted');
  const accepted = vscode.l10n.t('Order test: KuCoin would take the order.');
  const readOnly = vscode.l10n.t('The profile is read-only: orders are only tested, none is placed.');
  return { accepted: true, lines: session.profile.readOnly ? [accepted, readOnly] : [accepted] };
}

/** What will be sent, what it pays with, and which rules of the pair it keeps. */
function orderPlan(
  options: OrderCommandOptions,
  session: Session,
  draft: OrderDraft,
  rules: SymbolRules,
  lastPrice: Decimal | undefined,
): string[] {
  const { profile } = session;
  const { currency, amount } = needOf(draft, rules);
  const drawsOn = options.hf.of(session).status('spot')?.drawsOn;
  const there = availableOf(options, session, currency);
  const funds = draft.funds !== undefined;
  return [
    environmentOf(profile) === 'LIVE'
      ? vscode.l10n.t('LIVE: this order trades real funds of {profile}.', { profile: profile.name })
      : vscode.l10n.t('DEMO: this order trades play money of the local sandbox.'),
    vscode.l10n.t('Order: {order}.', { order: describeOrder(draft) }),
    ...(drawsOn === undefined ? [] : [vscode.l10n.t('It draws on the account {type}.', { type: drawsOn })]),
    ...(there === undefined
      ? []
      : [
          amount === undefined
            ? vscode.l10n.t('{amount} {currency} available', { amount: exactAmount(there), currency })
            : vscode.l10n.t(
                '{available} {currency} available now, {rest} {currency} after it, fees left out.',
                {
                  available: exactAmount(there),
                  rest: exactAmount(subtract(there, amount)),
                  currency,
                },
              ),
        ]),
    ...(lastPrice === undefined
      ? []
      : [vscode.l10n.t('The last price was {price}.', { price: exactAmount(lastPrice) })]),
    ...(draft.price === undefined
      ? []
      : [vscode.l10n.t('The price is a multiple of {step}.', { step: rules.priceIncrement })]),
    vscode.l10n.t('The amount is a multiple of {step} and at least {least} {currency}.', {
      step: funds ? rules.quoteIncrement : rules.baseIncrement,
      least: funds ? rules.quoteMinSize : rules.baseMinSize,
      currency: funds ? rules.quoteCurrency : rules.baseCurrency,
    }),
  ];
}

/** One modal with all that is known; large orders of real money are typed too. */
async function agreed(
  options: OrderCommandOptions,
  session: Session,
  draft: OrderDraft,
  rules: SymbolRules,
  lastPrice: Decimal | undefined,
): Promise<boolean> {
  const { profile, portfolio } = session;
  const environment = environmentOf(profile);
  const order = describeOrder(draft);
  const lines = [
    ...orderPlan(options, session, draft, rules, lastPrice),
    vscode.l10n.t('KuCoin has tested the order and would take it. Fees come on top.'),
  ];
  const confirmed = await options.confirm({
    message:
      environment === 'LIVE'
        ? vscode.l10n.t('LIVE: {order}?', { order })
        : vscode.l10n.t('DEMO: {order}?', { order }),
    detail: lines.join('\n'),
    action: vscode.l10n.t('Place Order'),
  });
  if (!confirmed) return false;
  const { currency, amount } = needOf(draft, rules);
  const spent = amount ?? (draft.size && lastPrice && multiply(draft.size, lastPrice));
  const value = spent && valueOf(thresholdPrices(portfolio.usablePrices), currency, spent);
  if (!mustBeTyped(environment, value, options.settings().typeAbove)) return true;
  const names = { order, symbol: draft.symbol };
  return isTyped(options.prompt, {
    title: vscode.l10n.t('LIVE: {order}', names),
    question: vscode.l10n.t('Type {symbol} to place the order. Nothing has been sent yet.', names),
    word: draft.symbol,
  });
}

async function send(
  options: OrderCommandOptions,
  session: Session,
  draft: OrderDraft,
  clientOid: string,
): Promise<void> {
  const { profiles, orders, view } = options;
  const { client, profile } = session;
  // Another window may have made the profile read-only, or changed its key, while the question was open.
  await profiles.load();
  const result = await withProgress(vscode.l10n.t('Placing the order…'), () =>
    placeOrder({
      client,
      journal: orders,
      profile,
      draft,
      clientOid,
      now: () => Date.now(),
      delay: (ms) => systemTime.delay(ms),
      profileNow: () => profiles.find(profile.id),
    }),
  );
  const order = describeOrder(draft);
  switch (result.state) {
    case 'placed':
      await tellPlaced(options, session, draft, clientOid, result.orderId);
      break;
    case 'rejected': {
      const { text, todo, action } = userMessage(result.error, 'Spot');
      offer(
        vscode.window.showErrorMessage,
        vscode.l10n.t('No order was placed. {text} {todo}', { text, todo }),
        action && next(action),
      );
      break;
    }
    case 'unknown':
      tellUnknown(options, session, order, clientOid);
  }
  await view.refresh();
}

async function tellPlaced(
  options: OrderCommandOptions,
  session: Session,
  draft: OrderDraft,
  clientOid: string,
  orderId: string,
): Promise<void> {
  const found = await unlessRefused(findOrder(session.client, draft.symbol, clientOid));
  const [base = '', quote = ''] = draft.symbol.split('-');
  const names = {
    order: describeOrder(draft),
    orderId,
    size: exactAmount(found?.dealSize ?? ('0' as Decimal)),
    funds: exactAmount(found?.dealFunds ?? ('0' as Decimal)),
    base,
    quote,
  };
  const copy = {
    [vscode.l10n.t('Copy Order Id')]: () => vscode.env.clipboard.writeText(orderId),
  };
  if (found && !found.active) {
    inform(
      vscode.l10n.t('Order done: {order}. {size} {base} for {funds} {quote}. Order id: {orderId}', names),
      copy,
    );
    return;
  }
  inform(vscode.l10n.t('Order placed: {order}. Order id: {orderId}', names), {
    [vscode.l10n.t('Cancel Order')]: () => cancel(options, session, draft, clientOid),
    ...copy,
  });
}

async function cancel(
  { sessions, orders, view }: OrderCommandOptions,
  session: Session,
  draft: OrderDraft,
  clientOid: string,
): Promise<void> {
  // The message may have stood there for hours.
  const current = sessions.profile?.id === session.profile.id ? await sessions.open() : undefined;
  if (!current) {
    inform(
      vscode.l10n.t('Nothing was cancelled: the order belongs to another profile. Switch to it first.'),
      next('kucoin.profile.switch'),
    );
    return;
  }
  const { symbol } = draft;
  const found = await withProgress(vscode.l10n.t('Cancelling the order…'), () =>
    cancelOrder(current.client, orders, { clientOid, symbol }, () => Date.now()),
  );
  const [base = ''] = symbol.split('-');
  const names = { order: describeOrder(draft), size: exactAmount(found?.dealSize ?? ('0' as Decimal)), base };
  inform(vscode.l10n.t('Order ended: {order}. {size} {base} had been executed.', names));
  await view.refresh();
}

function tellUnknown(options: OrderCommandOptions, session: Session, order: string, clientOid: string): void {
  offer(
    vscode.window.showWarningMessage,
    vscode.l10n.t(
      'Nobody knows yet whether KuCoin took the order: {order}. Do not place it again before it was looked for. Client order id: {clientOid}',
      { order, clientOid },
    ),
    {
      [vscode.l10n.t('Look Again')]: async () => {
        const current = options.sessions.opened;
        if (current?.profile.id === session.profile.id) await settleOpenOrders(options, current);
      },
    },
  );
}

/** Looks what became of orders that a crash or a lost answer left open, and says so. Best effort. */
export async function settleOpenOrders(options: OrderCommandOptions, session: Session): Promise<void> {
  const { orders, log } = options;
  for (const record of await orders.open(session.profile.id)) {
    try {
      await settle(options, session, record);
    } catch (error) {
      log.warn('an order could not be looked for', error);
      if (KucoinError.is(error, 'stale')) return;
    }
  }
}

async function settle(options: OrderCommandOptions, session: Session, record: OrderRecord): Promise<void> {
  const { clientOid, draft } = record;
  const order = describeOrder(draft);
  const state = await resolveOrder(session.client, options.orders, record, Date.now());
  if (state === 'placed') {
    inform(vscode.l10n.t('KuCoin took the order whose answer got lost: {order}.', { order }), {
      [vscode.l10n.t('Cancel Order')]: () => cancel(options, session, draft, clientOid),
    });
  } else if (state === 'rejected') {
    inform(
      vscode.l10n.t('The order whose answer got lost did not reach KuCoin: {order}. Nothing was traded.', {
        order,
      }),
    );
  } else tellUnknown(options, session, order, clientOid);
}
