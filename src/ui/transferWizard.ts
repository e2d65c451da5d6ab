import * as vscode from 'vscode';
import { newId } from '../host/transferDesk';
import type { Session } from '../host/sessions';
import { accountType } from '../kucoin/accountTypes';
import { canonical, compare, isZero, sum, zero, type Decimal } from '../kucoin/decimal';
import { getTransferQuotas } from '../kucoin/endpoints/transfer';
import { unlessRefused } from '../kucoin/errors';
import type { Holding, Holdings } from '../portfolio/holdings';
import { valueOf } from '../portfolio/valuation';
import { environmentOf, worldOf } from '../profiles/profile';
import { readAmount, type AmountFacts, type AmountReading } from '../transfers/amount';
import { accountKey, own, type AccountRef, type Owner } from '../transfers/intent';
import { plan, planLines, type Plan, type PlanFacts, type Planned } from '../transfers/plan';
import type { Refusal } from '../transfers/refusal';
import type { ExecutableEndpoint } from '../transfers/requests';
import { choices, route, sources, type Choice, type RouteFacts } from '../transfers/route';
import { translate } from './explainError';
import { aboutValue, exactAmount, joined, shortAmount } from './format';
import { accountName } from './names';
import { asError, inputStep, pickStep, type InputProblem, type PickItem, type Step } from './wizard';

/** What the wizard gathers, step by step. */
export interface TransferEntry {
  readonly currency?: string | undefined;
  readonly from?: AccountRef | undefined;
  readonly to?: AccountRef | undefined;
  readonly amountText: string;
  readonly plan?: Plan | undefined;
}

/** What is known before the first question, e.g. from a row of the tree: it is not asked again. */
export type Preset = Pick<TransferEntry, 'currency' | 'from' | 'to'>;

export interface TransferWizardOptions {
  readonly session: Session;
  readonly holdings: Holdings;
  readonly valuationCurrency: string;
  readonly preset: Preset;
  /** Asks for one call of this endpoint and no other way. */
  readonly only?: ExecutableEndpoint | undefined;
  readonly origin?: PlanFacts['origin'];
}

/** The questions of a transfer, and where they begin when everything is known but that it is wanted. */
export interface TransferWizard {
  readonly steps: readonly Step<TransferEntry>[];
  /** The step of the plan where the amount still does, else the one of the amount, which says why. */
  readonly firstOf: (entry: TransferEntry) => Promise<number>;
}

/**
 * Currency, source, target, amount, plan: the questions of a transfer. The rules come from the table of routes;
 * impossible choices are shown with their reason.
 */
export function transferWizard(options: TransferWizardOptions): TransferWizard {
  const { holdings, preset } = options;
  const limits = new Limits(options);
  const same = (a: AccountRef, b: AccountRef): boolean =>
    a.type === b.type && ownerKey(a.owner) === ownerKey(b.owner);

  const steps: Step<TransferEntry>[] = [
    pickStep<TransferEntry, string>({
      skip: () => preset.currency !== undefined,
      placeholder: () => vscode.l10n.t('What shall be moved?'),
      items: () => currencyItems(options),
      current: ({ currency }) => currency,
      apply: (entry, currency) => ({ ...entry, currency }),
    }),
    pickStep<TransferEntry, AccountRef>({
      skip: () => preset.from !== undefined,
      placeholder: ({ currency = '' }) =>
        vscode.l10n.t('From which account shall {currency} be taken?', { currency }),
      items: ({ currency = '' }) => {
        const facts = routeFacts(options, currency);
        return accountItems(
          holdings,
          (owner) => sources(facts, owner),
          (account) => {
            const available = availableIn(holdings, account, currency);
            if (available === undefined && !isRead(holdings, account)) {
              return { description: vscode.l10n.t('balance not known') };
            }
            if (available === undefined || isZero(available)) {
              return { refused: vscode.l10n.t('No {currency} is available there.', { currency }) };
            }
            return { description: vscode.l10n.t('{amount} available', { amount: shortAmount(available) }) };
          },
        );
      },
      current: ({ from }) => from,
      same,
      apply: (entry, from) => ({ ...entry, from }),
    }),
    pairStep('from', preset),
    pickStep<TransferEntry, AccountRef>({
      skip: () => preset.to !== undefined,
      placeholder: ({ currency = '' }) =>
        vscode.l10n.t('To which account shall {currency} go?', { currency }),
      items: ({ currency = '', from }) => {
        if (!from) return [];
        const facts = routeFacts(options, currency);
        return accountItems(
          holdings,
          (owner) => choices(from, facts, owner),
          (account) => {
            const available = availableIn(holdings, account, currency);
            return {
              description:
                available === undefined
                  ? ''
                  : vscode.l10n.t('{amount} available', { amount: shortAmount(available) }),
            };
          },
        );
      },
      current: ({ to }) => to,
      same,
      apply: (entry, to) => ({ ...entry, to }),
    }),
    pairStep('to', preset),
    inputStep({
      prompt: (entry) => amountPrompt(entry, limits),
      placeholder: vscode.l10n.t('e.g. 12.5, max, half, 25 {currency}', {
        currency: options.valuationCurrency,
      }),
      value: ({ amountText }) => amountText,
      ready: (entry) => limits.read(entry),
      validate: (entry, text) => amountProblem(text, limits.facts(entry)),
      apply: (entry, amountText) => ({ ...entry, amountText }),
    }),
    pickStep<TransferEntry, Plan | undefined>({
      placeholder: () => vscode.l10n.t('Check the plan. Nothing has been sent yet.'),
      items: (entry) => planItems(makePlan(entry, options, limits)),
      apply: (entry, confirmed) => ({ ...entry, plan: confirmed }),
    }),
  ];
  return {
    steps,
    firstOf: async (entry) => {
      await limits.read(entry);
      const problem = amountProblem(entry.amountText, limits.facts(entry));
      return steps.length - (problem?.severity === 'error' ? 2 : 1);
    },
  };
}

/** Why what is known before the first question cannot be done, whatever else is answered. */
export function presetProblem(options: TransferWizardOptions): Refusal | undefined {
  const { holdings, only, preset } = options;
  const { currency, from, to } = preset;
  const facts = { ...routeFacts(options, currency ?? ''), currency };
  if (from && to && !needsPair(from, true) && !needsPair(to, true)) {
    const found = route(from, to, facts);
    return 'refused' in found ? found.refused : undefined;
  }
  const one = (list: readonly Choice[], { type }: AccountRef): Refusal | undefined =>
    list.find((choice) => choice.type === type)?.refusal;
  if (to) return one(choices(from ?? own('main'), facts, to.owner), to);
  if (from) return one(sources(facts, from.owner), from);
  if (only === undefined) return undefined;
  const owners: Owner[] = ['self', ...holdings.subs.map(({ userId }) => ({ subUserId: userId }))];
  const all = owners.flatMap((owner) => sources(facts, owner));
  return all.some(({ allowed }) => allowed) ? undefined : all[0]?.refusal;
}

/** Facts that decide the route, as far as they are known of this profile. */
export function routeFacts(
  { session, holdings, only }: Pick<TransferWizardOptions, 'session' | 'holdings' | 'only'>,
  currency: string,
): RouteFacts {
  const { profile, portfolio, site } = session;
  return {
    world: worldOf(profile),
    permissions: profile.facts && new Set(profile.facts.permissions),
    ipRestricted: profile.facts?.ipRestricted,
    isMaster: profile.facts?.isMaster,
    hasTradeHf: portfolio.hasSeparateHf,
    hasFutures: site.hosts.futures !== undefined,
    ...(holdings.subs.length > 0 && {
      subAccounts: new Map(
        holdings.subs.map(({ userId, name, frozen, opened }) => [userId, { name, frozen, opened }]),
      ),
    }),
    currency,
    only,
  };
}

function ownerKey(owner: Owner): string {
  return owner === 'self' ? '' : owner.subUserId;
}

/** Asks for the trading pair of an isolated account. */
export function pairStep(side: 'from' | 'to', preset: Preset): Step<TransferEntry> {
  return inputStep({
    skip: (entry) => !needsPair(entry[side]) || preset[side]?.tag !== undefined,
    prompt: () => vscode.l10n.t('Trading pair of the isolated margin account'),
    placeholder: 'BTC-USDT',
    value: (entry) => entry[side]?.tag,
    validate: ({ currency = '' }, text) => {
      const pair = text.trim().toUpperCase();
      if (!/^[A-Z0-9]+-[A-Z0-9]+$/.test(pair))
        return asError(vscode.l10n.t('A trading pair is like BTC-USDT.'));
      return pair.split('-').includes(currency)
        ? undefined
        : asError(
            vscode.l10n.t('Only the two currencies of the pair can be moved; {currency} is none of them.', {
              currency,
            }),
          );
    },
    apply: (entry, text) => {
      const account = entry[side];
      return account ? { ...entry, [side]: { ...account, tag: text.trim().toUpperCase() } } : entry;
    },
  });
}

/** @param missing only where the pair is not known yet */
export function needsPair(account: AccountRef | undefined, missing = false): boolean {
  return (
    account !== undefined &&
    (accountType(account.type).tagged ?? false) &&
    !(missing && account.tag !== undefined)
  );
}

function currencyItems({
  session,
  holdings,
  preset,
  valuationCurrency,
}: TransferWizardOptions): PickItem<string>[] {
  const { from } = preset;
  const rows = holdings.rows.filter(
    (row) =>
      !isZero(row.available) &&
      (!from || (row.type === from.type && (row.subUserId ?? '') === ownerKey(from.owner))),
  );
  const byCurrency = new Map<string, Holding[]>();
  for (const row of rows) byCurrency.set(row.currency, [...(byCurrency.get(row.currency) ?? []), row]);
  const prices = session.portfolio.usablePrices;
  const worth = (currency: string): Decimal =>
    (byCurrency.get(currency) ?? [])
      .map(({ available }) => valueOf(prices, currency, available) ?? zero)
      .reduce((a, b) => (compare(a, b) >= 0 ? a : b), zero);
  const items = [...byCurrency]
    .sort(([a], [b]) => compare(worth(b), worth(a)) || a.localeCompare(b))
    .map(([currency, found]) => {
      const value = worth(currency);
      return {
        label: currency,
        description: isZero(value) ? '' : aboutValue(value, valuationCurrency),
        detail: found.map((row) => `${titleOf(row, holdings)} ${shortAmount(row.available)}`).join(' · '),
        value: currency,
      };
    });
  const nothing = { label: vscode.l10n.t('Nothing is available to move'), inert: true, value: '' };
  return items.length > 0 ? items : [nothing];
}

function titleOf({ subUserId, type, tag }: Holding, { subs }: Holdings): string {
  const owner: Owner =
    subUserId === undefined
      ? 'self'
      : { subUserId, name: subs.find(({ userId }) => userId === subUserId)?.name };
  return accountName({ owner, type, tag });
}

/**
 * The own accounts with the reasons for the impossible ones last. Of sub-accounts what is possible, and one reason for
 * each that has no way at all.
 */
function accountItems(
  { subs }: Holdings,
  choicesOf: (owner: Owner) => readonly Choice[],
  describe: (account: AccountRef) => { readonly description?: string; readonly refused?: string },
): PickItem<AccountRef>[] {
  const items = (owner: Owner, group: string): PickItem<AccountRef>[] =>
    choicesOf(owner).map(({ type, refusal }) => {
      const value: AccountRef = { owner, type };
      const { description, refused: told } = describe(value);
      const refused = refusal ? translate(refusal.sentence) : told;
      const named = refused === undefined ? group : vscode.l10n.t('Not possible');
      return {
        label: accountName(value),
        description,
        refused,
        group: named,
        value,
      };
    });
  const ofSelf = items('self', vscode.l10n.t('Possible'));
  const ofSubs = subs.flatMap(({ userId, name }) => {
    const owner = { subUserId: userId, name };
    const rows = items(owner, vscode.l10n.t('Sub-account {name}', { name }));
    const possible = rows.filter(({ refused }) => refused === undefined);
    const noWay = choicesOf(owner).every(({ allowed }) => !allowed);
    return noWay ? rows.slice(0, 1).map((row) => ({ ...row, label: name })) : possible;
  });
  const isPossible = ({ refused }: PickItem<AccountRef>): boolean => refused === undefined;
  const all = [...ofSelf, ...ofSubs];
  return [
    ...ofSelf.filter(isPossible),
    ...ofSubs.filter(isPossible),
    ...all.filter((item) => !isPossible(item)),
  ];
}

/** Whether balances of this account were read: what has no row then is not there. */
export function isRead({ read }: Holdings, { owner, type }: AccountRef): boolean {
  return owner === 'self' ? read.has(type) : type === 'main' || type === 'trade' || type === 'margin';
}

/** All of a currency in an account; with isolated margin, in the pair, or in all pairs while none is chosen. */
function availableIn(
  { rows }: Holdings,
  { owner, type, tag }: AccountRef,
  currency: string,
): Decimal | undefined {
  const found = rows.filter(
    (row) =>
      (row.subUserId ?? '') === ownerKey(owner) &&
      row.type === type &&
      row.currency === currency &&
      (tag === undefined || row.tag === tag),
  );
  return found.length === 0 ? undefined : sum(found.map(({ available }) => available));
}

/** Precision and transferable amount, read once for each source, while the user types already. */
class Limits {
  private readonly known = new Map<
    string,
    { readonly precision?: number; readonly transferable?: Decimal }
  >();

  constructor(private readonly options: TransferWizardOptions) {}

  async read({ currency = '', from }: TransferEntry): Promise<void> {
    const key = keyOf(currency, from);
    const found = this.known.get(key);
    if (!from || (found?.precision !== undefined && found.transferable !== undefined)) return;
    const { session } = this.options;
    const { upper, quotas } = accountType(from.type);
    const asked = from.owner === 'self' && quotas.includes(worldOf(session.profile));
    const [precision, transferable] = await Promise.all([
      unlessRefused(session.currencies.precision(currency)),
      asked
        ? unlessRefused(
            session.client
              .call(getTransferQuotas, {
                currency,
                type: upper,
                ...(from.tag !== undefined && { tag: from.tag }),
              })
              .then((quota) => quota.transferable),
          )
        : limitByBalance(this.options.holdings, from, currency),
    ]);
    this.known.set(key, {
      ...(precision !== undefined && { precision }),
      ...(transferable !== undefined && { transferable }),
    });
  }

  facts({ currency = '', from }: TransferEntry): AmountFacts {
    const found = this.known.get(keyOf(currency, from));
    const { session, valuationCurrency } = this.options;
    const prices = session.portfolio.usablePrices;
    const price = prices?.of.get(currency);
    return {
      currency,
      precision: found?.precision,
      transferable: found?.transferable,
      price: { unit: prices?.base ?? valuationCurrency, perOne: price && canonical(price) },
    };
  }
}

function keyOf(currency: string, from: AccountRef | undefined): string {
  return from ? `${currency}/${accountKey(from)}` : currency;
}

/**
 * What limits a transfer where the exchange has no call for it: futures say themselves what can leave them, and of a
 * sub-account's funding and spot accounts all that is available can. Margin may be bound by debts: not known.
 */
function limitByBalance(holdings: Holdings, from: AccountRef, currency: string): Decimal | undefined {
  const tells =
    from.type === 'contract' || (from.owner !== 'self' && (from.type === 'main' || from.type === 'trade'));
  return tells ? availableIn(holdings, from, currency) : undefined;
}

function amountPrompt(entry: TransferEntry, limits: Limits): string {
  const { currency = '', from, to } = entry;
  if (!from || !to) return '';
  const { transferable } = limits.facts(entry);
  const names = { currency, from: accountName(from), to: accountName(to) };
  return transferable === undefined
    ? vscode.l10n.t('How much {currency} from {from} to {to}?', names)
    : vscode.l10n.t('How much {currency} from {from} to {to}? Up to {transferable} can be moved.', {
        ...names,
        transferable: exactAmount(transferable),
      });
}

/** What the amount box says: why the text does not do and what would, or how it was understood. */
export function amountProblem(text: string, facts: AmountFacts): InputProblem | undefined {
  const reading = readAmount(text, facts);
  if ('problem' in reading) {
    const reason = translate(reading.problem.sentence);
    const amounts = reading.suggestions.map(({ amount }) => amount);
    if (amounts.length === 0) return { message: reason, severity: 'error' };
    const nearest = amounts.join(vscode.l10n.t(' or '));
    return { message: vscode.l10n.t('{reason} Possible: {nearest}', { reason, nearest }), severity: 'error' };
  }
  const notes = reading.notes.map(translate);
  if (/^\s*(max|half)\s*$/i.test(text)) notes.unshift(`${exactAmount(reading.amount)} ${facts.currency}`);
  return notes.length > 0 ? { message: joined(notes), severity: 'info' } : undefined;
}

function makePlan(entry: TransferEntry, options: TransferWizardOptions, limits: Limits): Planned | undefined {
  const { session, holdings, origin } = options;
  const { currency, from, to, amountText } = entry;
  if (currency === undefined || !from || !to) return undefined;
  const facts = limits.facts(entry);
  const reading = readAmount(amountText, facts);
  if ('problem' in reading) return undefined;
  const { profile } = session;
  return plan(
    { profileId: profile.id, currency, amount: reading.amount, from, to },
    {
      ...routeFacts(options, currency),
      profile: {
        id: profile.id,
        name: profile.name,
        environment: environmentOf(profile),
        world: worldOf(profile),
        generation: profile.generation,
        readOnly: profile.readOnly,
      },
      precision: facts.precision,
      transferable: facts.transferable,
      balances: { from: balanceOf(holdings, from, currency), to: balanceOf(holdings, to, currency) },
      balanceOf: (account) => balanceOf(holdings, account, currency),
      origin,
      now: Date.now(),
      newId,
    },
  );
}

/**
 * The plan of a transfer that is known in full, made without a question; or why there is none.
 *
 * @param options whose `preset` names currency and both accounts
 */
export async function planAtOnce(
  options: TransferWizardOptions,
  amountText: string,
): Promise<Planned | AmountFault> {
  const refused = presetProblem(options);
  if (refused) return { refused };
  const entry: TransferEntry = { ...options.preset, amountText };
  const limits = new Limits(options);
  await limits.read(entry);
  const reading = readAmount(amountText, limits.facts(entry));
  if ('problem' in reading) return reading;
  const planned = makePlan(entry, options, limits);
  if (!planned) throw new Error('a plan needs a currency and two accounts');
  return planned;
}

/** An amount that was not understood, or may not be moved. */
export type AmountFault = Extract<AmountReading, { readonly problem: unknown }>;

/** An account that was read but has no row of the currency holds none of it; others are not known. */
function balanceOf(holdings: Holdings, account: AccountRef, currency: string): Decimal | undefined {
  return availableIn(holdings, account, currency) ?? (isRead(holdings, account) ? zero : undefined);
}

function planItems(planned: Planned | undefined): PickItem<Plan | undefined>[] {
  if (!planned) return [];
  if ('refused' in planned) {
    return [
      { label: translate(planned.refused.sentence), icon: 'circle-slash', inert: true, value: undefined },
    ];
  }
  const { plan: made } = planned;
  return [
    {
      label: vscode.l10n.t('Continue to the confirmation…'),
      icon: 'arrow-right',
      value: made,
    },
    ...planLines(made).map((sentence) => ({
      label: translate(sentence),
      inert: true,
      value: made,
      group: vscode.l10n.t('Plan'),
    })),
  ];
}
