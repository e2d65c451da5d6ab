import * as vscode from 'vscode';
import { newId } from '../host/transferDesk';
import type { Session } from '../host/sessions';
import { accountType, isAccountTypeId, type AccountTypeId } from '../kucoin/accountTypes';
import { compare, isZero, zero, type Decimal } from '../kucoin/decimal';
import { getTransferQuotas } from '../kucoin/endpoints/transfer';
import { KucoinError } from '../kucoin/errors';
import type { Account } from '../portfolio/accounts';
import { valueOf } from '../portfolio/valuation';
import { environmentOf, worldOf } from '../profiles/profile';
import { readAmount, type AmountFacts } from '../transfers/amount';
import { accountTitle, own, type AccountRef } from '../transfers/intent';
import { plan, planLines, type Plan, type Planned } from '../transfers/plan';
import { choices, sources, type Choice, type RouteFacts } from '../transfers/route';
import { translate } from './explainError';
import { exactAmount, moneyValue, shortAmount } from './format';
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
export type Preset = Pick<TransferEntry, 'currency' | 'from'>;

export interface TransferWizardOptions {
  readonly session: Session;
  readonly accounts: readonly Account[];
  readonly valuationCurrency: string;
  readonly preset: Preset;
}

/**
 * Currency, source, target, amount, plan: the questions of a transfer between one's own accounts. The rules come
 * from the table of routes; impossible choices are shown with their reason.
 */
export function transferSteps(options: TransferWizardOptions): Step<TransferEntry>[] {
  const { session, accounts, preset } = options;
  const limits = new Limits(options);

  return [
    pickStep<TransferEntry, string>({
      skip: () => preset.currency !== undefined,
      placeholder: () => vscode.l10n.t('What shall be moved?'),
      items: () => currencyItems(options),
      current: ({ currency }) => currency,
      apply: (entry, currency) => ({ ...entry, currency }),
    }),
    pickStep<TransferEntry, AccountTypeId>({
      skip: () => preset.from !== undefined,
      placeholder: ({ currency = '' }) =>
        vscode.l10n.t('From which account shall {currency} be taken?', { currency }),
      items: ({ currency = '' }) =>
        accountItems(sources(routeFacts(session, currency)), (type) => {
          const available = availableIn(accounts, type, currency);
          if (available === undefined && !isListed(accounts, type)) {
            return { description: vscode.l10n.t('balance not known') };
          }
          if (available === undefined || isZero(available)) {
            return { refused: vscode.l10n.t('No {currency} is available there.', { currency }) };
          }
          return { description: vscode.l10n.t('{amount} available', { amount: shortAmount(available) }) };
        }),
      current: ({ from }) => from?.type,
      apply: (entry, type) => ({ ...entry, from: own(type) }),
    }),
    pairStep('from'),
    pickStep<TransferEntry, AccountTypeId>({
      placeholder: ({ currency = '' }) =>
        vscode.l10n.t('To which account shall {currency} go?', { currency }),
      items: ({ currency = '', from }) =>
        from
          ? accountItems(choices(from, routeFacts(session, currency)), (type) => {
              const available = availableIn(accounts, type, currency);
              return {
                description:
                  available === undefined
                    ? ''
                    : vscode.l10n.t('{amount} available', { amount: shortAmount(available) }),
              };
            })
          : [],
      current: ({ to }) => to?.type,
      apply: (entry, type) => ({ ...entry, to: own(type) }),
    }),
    pairStep('to'),
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
}

/** Facts that decide the route, as far as they are known of this profile. */
function routeFacts({ profile, portfolio, site }: Session, currency: string): RouteFacts {
  return {
    world: worldOf(profile),
    permissions: profile.facts && new Set(profile.facts.permissions),
    hasTradeHf: portfolio.hasSeparateHf,
    hasFutures: site.hosts.futures !== undefined,
    currency,
  };
}

/** Asks for the trading pair of an isolated account. */
function pairStep(side: 'from' | 'to'): Step<TransferEntry> {
  return inputStep({
    skip: (entry) => !needsPair(entry[side]),
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
      return account ? { ...entry, [side]: own(account.type, text.trim().toUpperCase()) } : entry;
    },
  });
}

function needsPair(account: AccountRef | undefined): boolean {
  return account !== undefined && (accountType(account.type).tagged ?? false);
}

function currencyItems({
  session,
  accounts,
  preset,
  valuationCurrency,
}: TransferWizardOptions): PickItem<string>[] {
  const source = preset.from && accounts.filter(({ type }) => type === preset.from?.type);
  const byCurrency = new Map<string, { readonly type: string; readonly available: Decimal }[]>();
  for (const { type, balances } of source ?? accounts) {
    for (const { currency, available } of balances) {
      if (isZero(available)) continue;
      byCurrency.set(currency, [...(byCurrency.get(currency) ?? []), { type, available }]);
    }
  }
  const prices = session.portfolio.usablePrices;
  const worth = (currency: string): Decimal =>
    (byCurrency.get(currency) ?? [])
      .map(({ available }) => valueOf(prices, currency, available) ?? zero)
      .reduce((a, b) => (compare(a, b) >= 0 ? a : b), zero);
  const items = [...byCurrency]
    .sort(([a], [b]) => compare(worth(b), worth(a)) || a.localeCompare(b))
    .map(([currency, holdings]) => {
      const value = worth(currency);
      return {
        label: currency,
        description: isZero(value) ? '' : `≈ ${moneyValue(value, valuationCurrency)}`,
        detail: holdings
          .map(({ type, available }) => `${titleOf(type)} ${shortAmount(available)}`)
          .join(' · '),
        value: currency,
      };
    });
  const nothing = { label: vscode.l10n.t('Nothing is available to move'), inert: true, value: '' };
  return items.length > 0 ? items : [nothing];
}

function titleOf(type: string): string {
  return isAccountTypeId(type) ? accountTitle({ type }) : type;
}

/** The possible accounts first, then the impossible ones with their reasons. */
function accountItems(
  all: readonly Choice[],
  describe: (type: AccountTypeId) => { readonly description?: string; readonly refused?: string },
): PickItem<AccountTypeId>[] {
  const items = all.map(({ type, title, refusal }): PickItem<AccountTypeId> => {
    const { description, refused = refusal && translate(refusal.sentence) } = describe(type);
    const group = refused === undefined ? vscode.l10n.t('Possible') : vscode.l10n.t('Not possible');
    return {
      label: title,
      description,
      refused: refusal ? translate(refusal.sentence) : refused,
      group,
      value: type,
    };
  });
  return items.sort((a, b) => Number(a.refused !== undefined) - Number(b.refused !== undefined));
}

/** Whether the account list shows this account at all; margin and futures have lists of their own. */
function isListed(accounts: readonly Account[], type: string): boolean {
  return accounts.some((account) => account.type === type);
}

function availableIn(accounts: readonly Account[], type: string, currency: string): Decimal | undefined {
  const account = accounts.find((other) => other.type === type);
  return account?.balances.find((balance) => balance.currency === currency)?.available;
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
    const [precision, transferable] = await Promise.all([
      unlessRefused(session.currencies.precision(currency)),
      quotas.includes(worldOf(session.profile))
        ? unlessRefused(
            session.client
              .call(getTransferQuotas, {
                currency,
                type: upper,
                ...(from.tag !== undefined && { tag: from.tag }),
              })
              .then((quota) => quota.transferable),
          )
        : undefined,
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
    return {
      currency,
      precision: found?.precision,
      transferable: found?.transferable,
      price: { unit: prices?.base ?? valuationCurrency, perOne: prices?.of.get(currency) },
    };
  }
}

function keyOf(currency: string, from: AccountRef | undefined): string {
  return [currency, from?.type, from?.tag].join('/');
}

/** A limit that the exchange does not tell is not known; the plan says so. A client that has ended is an error. */
async function unlessRefused<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!KucoinError.is(error) || error.kind === 'stale') throw error;
    return undefined;
  }
}

function amountPrompt(entry: TransferEntry, limits: Limits): string {
  const { currency = '', from, to } = entry;
  if (!from || !to) return '';
  const { transferable } = limits.facts(entry);
  const names = { currency, from: accountTitle(from), to: accountTitle(to) };
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
  return notes.length > 0 ? { message: notes.join(' '), severity: 'info' } : undefined;
}

function makePlan(
  entry: TransferEntry,
  { session, accounts }: TransferWizardOptions,
  limits: Limits,
): Planned | undefined {
  const { currency, from, to, amountText } = entry;
  if (currency === undefined || !from || !to) return undefined;
  const facts = limits.facts(entry);
  const reading = readAmount(amountText, facts);
  if ('problem' in reading) return undefined;
  const { profile } = session;
  return plan(
    { profileId: profile.id, currency, amount: reading.amount, from, to },
    {
      ...routeFacts(session, currency),
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
      balances: { from: balanceOf(accounts, from, currency), to: balanceOf(accounts, to, currency) },
      now: Date.now(),
      newId,
    },
  );
}

/** Accounts that the list shows but without this currency hold none of it; others are not known. */
function balanceOf(
  accounts: readonly Account[],
  { type, tag }: AccountRef,
  currency: string,
): Decimal | undefined {
  if (tag !== undefined || !isListed(accounts, type)) return undefined;
  return availableIn(accounts, type, currency) ?? zero;
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
