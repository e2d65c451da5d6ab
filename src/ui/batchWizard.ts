import * as vscode from 'vscode';
import type { Session } from '../host/sessions';
import type { AccountTypeId } from '../kucoin/accountTypes';
import { compare, isZero, sum, zero, type Decimal } from '../kucoin/decimal';
import { tidy } from '../kucoin/errors';
import type { Holdings, SubAccount } from '../portfolio/holdings';
import { valueOf } from '../portfolio/valuation';
import { readAmount, type AmountReading } from '../transfers/amount';
import { batchAmounts, type AmountMode, type AmountRule, type RowAmount } from '../transfers/batchAmounts';
import { own, type AccountRef } from '../transfers/intent';
import { amountNotes } from '../transfers/messages';
import { refuse } from '../transfers/refusal';
import { choices, route, sources, type Choice, type RouteFacts } from '../transfers/route';
import { accountOf, BatchFunds, planRows } from './batchFunds';
import { planItems, type BatchDraft, type PlanChoice } from './batchPlan';
import { translate } from './explainError';
import { aboutValue, exactAmount, joined, shortAmount } from './format';
import { accountName, accountTypeName } from './names';
import { routeFacts } from './transferWizard';
import {
  asError,
  inputStep,
  pickManyStep,
  pickStep,
  type InputProblem,
  type PickItem,
  type Prompt,
  type Step,
} from './wizard';

export type Direction = 'collect' | 'distribute';

/** What the wizard gathers, step by step. */
export interface BatchEntry {
  readonly currency?: string | undefined;
  /** Type of the account that the funds leave, and of the one that they reach. */
  readonly from?: AccountTypeId | undefined;
  readonly to?: AccountTypeId | undefined;
  /** User ids of the sub-accounts. */
  readonly subs?: readonly string[] | undefined;
  readonly mode?: AmountMode | undefined;
  readonly amountText: string;
  /** Amounts that were given to single rows, by user id; zero leaves the row out. */
  readonly ownAmounts: ReadonlyMap<string, Decimal>;
  readonly draft?: BatchDraft | undefined;
}

export const emptyEntry: BatchEntry = { amountText: '', ownAmounts: new Map() };

export interface BatchWizardOptions {
  readonly session: Session;
  readonly holdings: Holdings;
  readonly valuationCurrency: string;
  readonly direction: Direction;
}

/** Currency, accounts, rows, amounts, plan. Impossible choices are shown with their reason. */
export function batchSteps(options: BatchWizardOptions): Step<BatchEntry>[] {
  const { direction, valuationCurrency } = options;
  const funds = new BatchFunds(options.session, options.holdings);
  const collects = direction === 'collect';
  return [
    pickStep<BatchEntry, string>({
      placeholder: () =>
        collects ? vscode.l10n.t('What shall be collected?') : vscode.l10n.t('What shall be distributed?'),
      items: () => currencyItems(options),
      current: ({ currency }) => currency,
      apply: (entry, currency) =>
        currency === entry.currency ? entry : { ...emptyEntry, amountText: entry.amountText, currency },
    }),
    pickStep<BatchEntry, AccountTypeId>({
      placeholder: ({ currency = '' }) =>
        collects
          ? vscode.l10n.t('From which account of the sub-accounts shall {currency} be taken?', { currency })
          : vscode.l10n.t('From which of your accounts shall {currency} be taken?', { currency }),
      items: ({ currency = '' }) => sourceItems(options, funds, currency),
      current: ({ from }) => from,
      apply: (entry, from) => ({ ...entry, from }),
    }),
    pickStep<BatchEntry, AccountTypeId>({
      placeholder: ({ currency = '' }) =>
        collects
          ? vscode.l10n.t('To which of your accounts shall {currency} go?', { currency })
          : vscode.l10n.t('To which account of the sub-accounts shall {currency} go?', { currency }),
      items: ({ currency = '', from }) => (from ? targetItems(options, currency, from) : []),
      current: ({ to }) => to,
      apply: (entry, to) => ({ ...entry, to }),
    }),
    pickManyStep<BatchEntry, string>({
      placeholder: () => vscode.l10n.t('Tick the sub-accounts. Type to filter.'),
      items: (entry) => subItems(options, funds, entry),
      // Collecting takes all that there is; who gets something has to be chosen.
      isPicked: ({ subs }, id) => subs?.includes(id) ?? collects,
      summary: (entry, ids) => subsSummary(options, funds, entry, ids),
      apply: (entry, subs) => ({ ...entry, subs }),
    }),
    pickStep<BatchEntry, AmountMode>({
      placeholder: ({ currency = '' }) => vscode.l10n.t('How much {currency} of each?', { currency }),
      items: () => modeItems(direction),
      current: ({ mode }) => mode,
      apply: (entry, mode) => ({ ...entry, mode, ownAmounts: new Map() }),
    }),
    inputStep({
      skip: ({ mode }) => mode === 'all',
      prompt: (entry) => amountPrompt(entry, funds),
      placeholder: vscode.l10n.t('e.g. 12.5, or 25 {currency}', { currency: valuationCurrency }),
      value: ({ amountText }) => amountText,
      ready: (entry) => funds.read(entry, !collects),
      validate: (entry, text) => amountProblem(options, funds, entry, text),
      apply: (entry, amountText) => ({ ...entry, amountText, ownAmounts: new Map() }),
    }),
    planStep(options, funds),
  ];
}

/** Shows the plan, and takes amounts of single rows, until it is taken or left. */
function planStep(options: BatchWizardOptions, funds: BatchFunds): Step<BatchEntry> {
  return {
    ask: async (entry, prompt, box) => {
      await funds.read(entry, options.direction === 'distribute');
      let state = entry;
      for (;;) {
        const draft = makeDraft(options, funds, state);
        const answer = await prompt.pick<PlanChoice>({
          ...box,
          placeholder: vscode.l10n.t(
            'Check the plan, or choose a row to change it. Nothing has been sent yet.',
          ),
          items: planItems(draft, options.session, true),
        });
        if (answer.kind !== 'value') return answer;
        if (answer.value === 'go') return { kind: 'value', value: { ...state, draft } };
        const changed = await askRow(prompt, box.title, funds, state, answer.value, options);
        if (changed) state = changed;
      }
    },
  };
}

/** The plan of a batch that is gone on with: its rows are as they were confirmed. */
export function resumeStep(draft: BatchDraft, session: Session): Step<BatchEntry> {
  return pickStep<BatchEntry, PlanChoice>({
    placeholder: () => vscode.l10n.t('Check the plan of the rest. Nothing has been sent yet.'),
    items: () => planItems(draft, session, false),
    apply: (entry) => ({ ...entry, draft }),
  });
}

function subAccountRef({ userId, name }: SubAccount, type: AccountTypeId): AccountRef {
  return { owner: { subUserId: userId, name: tidy(name) }, type };
}

/** The two sides of a row. */
function sidesOf(
  direction: Direction,
  sub: SubAccount,
  from: AccountTypeId,
  to: AccountTypeId,
): [AccountRef, AccountRef] {
  return direction === 'collect' ? [subAccountRef(sub, from), own(to)] : [own(from), subAccountRef(sub, to)];
}

function currencyItems({
  holdings,
  direction,
  session,
  valuationCurrency,
}: BatchWizardOptions): PickItem<string>[] {
  const collects = direction === 'collect';
  const byCurrency = new Map<string, { amounts: Decimal[]; owners: Set<string> }>();
  for (const { subUserId, currency, available, tag } of holdings.rows) {
    if (isZero(available) || tag !== undefined || (subUserId === undefined) === collects) continue;
    const found = byCurrency.get(currency) ?? { amounts: [], owners: new Set() };
    found.amounts.push(available);
    found.owners.add(subUserId ?? '');
    byCurrency.set(currency, found);
  }
  const prices = session.portfolio.usablePrices;
  const items = [...byCurrency].map(([currency, { amounts, owners }]) => {
    const total = sum(amounts);
    return { currency, total, count: owners.size, value: valueOf(prices, currency, total) };
  });
  items.sort((a, b) => compare(b.value ?? zero, a.value ?? zero) || a.currency.localeCompare(b.currency));
  const nothing = collects
    ? vscode.l10n.t('Your sub-accounts have nothing available.')
    : vscode.l10n.t('Your accounts have nothing available.');
  if (items.length === 0) return [{ label: nothing, inert: true, value: '' }];
  return items.map(({ currency, total, count, value }) => ({
    label: currency,
    description: value === undefined || isZero(value) ? '' : aboutValue(value, valuationCurrency),
    detail: collects
      ? inSubs(total, count)
      : vscode.l10n.t('{amount} available', { amount: shortAmount(total) }),
    value: currency,
  }));
}

function inSubs(total: Decimal, count: number): string {
  const names = { amount: shortAmount(total), count };
  return count === 1
    ? vscode.l10n.t('{amount} available in one sub-account', names)
    : vscode.l10n.t('{amount} available in {count} sub-accounts', names);
}

/** A stand-in for all sub-accounts: what one of them cannot do is told with its row. */
function anySub({ holdings }: BatchWizardOptions): { readonly subUserId: string } {
  return { subUserId: holdings.subs[0]?.userId ?? '' };
}

function withoutSubs(facts: RouteFacts): RouteFacts {
  return { ...facts, subAccounts: undefined };
}

function sourceItems(
  options: BatchWizardOptions,
  funds: BatchFunds,
  currency: string,
): PickItem<AccountTypeId>[] {
  const facts = withoutSubs(funds.routeFacts(currency));
  const sub = anySub(options);
  if (options.direction === 'collect') {
    return typeItems(sources(facts, sub), (type) => {
      const amounts = options.holdings.subs.map((each) => funds.balance(currency, subAccountRef(each, type)));
      const known = amounts.filter((amount) => amount !== undefined);
      const total = sum(known);
      if (known.length < amounts.length && isZero(total)) {
        return { description: vscode.l10n.t('balances not known') };
      }
      if (isZero(total)) return { refused: vscode.l10n.t('No {currency} is available there.', { currency }) };
      return { description: inSubs(total, known.filter((amount) => !isZero(amount)).length) };
    });
  }
  const found = sources(facts).map((choice): Choice => {
    if (!choice.allowed) return choice;
    const targets = choices(own(choice.type), facts, sub);
    if (targets.some(({ allowed }) => allowed)) return choice;
    const refusal = targets.find(({ refusal: why }) => why)?.refusal;
    return { ...choice, allowed: false, ...(refusal && { refusal }) };
  });
  return typeItems(found, (type) => {
    const available = funds.balance(currency, own(type));
    if (available === undefined) return { description: vscode.l10n.t('balance not known') };
    if (isZero(available))
      return { refused: vscode.l10n.t('No {currency} is available there.', { currency }) };
    return { description: vscode.l10n.t('{amount} available', { amount: shortAmount(available) }) };
  });
}

function targetItems(
  options: BatchWizardOptions,
  currency: string,
  from: AccountTypeId,
): PickItem<AccountTypeId>[] {
  const facts = withoutSubs(routeFacts(options, currency));
  const sub = anySub(options);
  const found =
    options.direction === 'collect'
      ? choices({ owner: sub, type: from }, facts)
      : choices(own(from), facts, sub);
  return typeItems(found, () => ({}));
}

/** What can be chosen first, then the rest with its reasons. */
function typeItems(
  found: readonly Choice[],
  describe: (type: AccountTypeId) => { readonly description?: string; readonly refused?: string },
): PickItem<AccountTypeId>[] {
  const items = found.map(({ type, refusal, needsTag }): PickItem<AccountTypeId> => {
    const [account, told] = [accountTypeName(type), describe(type)];
    const refused = refusal
      ? translate(refusal.sentence)
      : needsTag
        ? vscode.l10n.t('{account} is kept per trading pair. Use Transfer Funds… for it.', { account })
        : told.refused;
    return {
      label: account,
      description: refused === undefined ? told.description : '',
      refused,
      group: refused === undefined ? vscode.l10n.t('Possible') : vscode.l10n.t('Not possible'),
      value: type,
    };
  });
  return [
    ...items.filter(({ refused }) => refused === undefined),
    ...items.filter(({ refused }) => refused !== undefined),
  ];
}

function subItems(
  { holdings, direction }: BatchWizardOptions,
  funds: BatchFunds,
  { currency = '', from, to }: BatchEntry,
): PickItem<string>[] {
  if (!from || !to) return [];
  const facts = funds.routeFacts(currency);
  const items = holdings.subs.map((sub): PickItem<string> & { readonly amount: Decimal } => {
    const sides = sidesOf(direction, sub, from, to);
    const found = route(...sides, facts);
    const available = funds.balance(currency, direction === 'collect' ? sides[0] : sides[1]);
    const empty =
      direction === 'collect' && available !== undefined && isZero(available)
        ? translate(refuse('rowEmpty', { currency, account: accountName(sides[0]) }).sentence)
        : undefined;
    const refused = 'refused' in found ? translate(found.refused.sentence) : empty;
    return {
      label: tidy(sub.name),
      description:
        available === undefined
          ? vscode.l10n.t('balance not known')
          : `${shortAmount(available)} ${currency}`,
      refused,
      group: refused === undefined ? vscode.l10n.t('Sub-accounts') : vscode.l10n.t('Not possible'),
      value: sub.userId,
      amount: available ?? zero,
    };
  });
  const byAmount = (a: (typeof items)[number], b: (typeof items)[number]): number =>
    (direction === 'collect' ? compare(b.amount, a.amount) : 0) ||
    a.label.localeCompare(b.label, undefined, { numeric: true });
  return [
    ...items.filter(({ refused }) => refused === undefined).sort(byAmount),
    ...items.filter(({ refused }) => refused !== undefined).sort(byAmount),
  ];
}

function subsSummary(
  { holdings, direction }: BatchWizardOptions,
  funds: BatchFunds,
  { currency = '', from }: BatchEntry,
  ids: readonly string[],
): string {
  const all = holdings.subs.length;
  if (direction === 'distribute' || !from) {
    return vscode.l10n.t('{count} of {all} sub-accounts', { count: ids.length, all });
  }
  const amounts = ids.map((id) => funds.balance(currency, accountOf(id, from)) ?? zero);
  return vscode.l10n.t('{count} of {all} sub-accounts, with {amount} {currency} available', {
    count: ids.length,
    all,
    amount: exactAmount(sum(amounts)),
    currency,
  });
}

function modeItems(direction: Direction): PickItem<AmountMode>[] {
  return direction === 'collect'
    ? [
        { label: vscode.l10n.t('All that is available'), value: 'all' },
        { label: vscode.l10n.t('The same amount from each'), value: 'each' },
        { label: vscode.l10n.t('All but an amount that stays in each'), value: 'keep' },
      ]
    : [
        { label: vscode.l10n.t('The same amount to each'), value: 'each' },
        { label: vscode.l10n.t('A total in equal parts'), value: 'split' },
        { label: vscode.l10n.t('What is missing to an amount in each'), value: 'topUp' },
      ];
}

function amountPrompt({ currency = '', from, mode, subs }: BatchEntry, funds: BatchFunds): string {
  const names = { currency, count: subs?.length ?? 0 };
  switch (mode) {
    case 'keep':
      return vscode.l10n.t('How much {currency} shall stay in each of the {count} accounts?', names);
    case 'topUp':
      return vscode.l10n.t('How much {currency} shall each of the {count} accounts have?', names);
    case 'split': {
      const transferable = from && funds.transferableFrom(currency, own(from));
      return transferable === undefined
        ? vscode.l10n.t('How much {currency} in all, for {count} accounts?', names)
        : vscode.l10n.t(
            'How much {currency} in all, for {count} accounts? Up to {transferable} can be moved.',
            {
              ...names,
              transferable: exactAmount(transferable),
            },
          );
    }
    default:
      return vscode.l10n.t('How much {currency} for each of the {count} accounts?', names);
  }
}

/** What stands in the box, read: without the note that the balance is not known, which rows tell for themselves. */
function readRule(
  { valuationCurrency }: BatchWizardOptions,
  funds: BatchFunds,
  { currency = '', from, mode }: BatchEntry,
  text: string,
):
  | { readonly rule: AmountRule; readonly notes: readonly string[] }
  | Extract<AmountReading, { problem: unknown }> {
  if (mode === undefined || mode === 'all') return { rule: { mode: 'all' }, notes: [] };
  const limit = mode === 'split' && from ? funds.transferableFrom(currency, own(from)) : undefined;
  const reading = readAmount(text, funds.amountFacts(currency, limit, valuationCurrency));
  if ('problem' in reading) return reading;
  const notes = reading.notes.filter(({ template }) => template !== amountNotes.transferableUnknown);
  return { rule: { mode, amount: reading.amount }, notes: notes.map(translate) };
}

function amountProblem(
  options: BatchWizardOptions,
  funds: BatchFunds,
  entry: BatchEntry,
  text: string,
): InputProblem | undefined {
  const read = readRule(options, funds, entry, text);
  if ('problem' in read) {
    const reason = translate(read.problem.sentence);
    const nearest = read.suggestions.map(({ amount }) => amount).join(vscode.l10n.t(' or '));
    return asError(
      nearest === '' ? reason : vscode.l10n.t('{reason} Possible: {nearest}', { reason, nearest }),
    );
  }
  const { currency = '', from } = entry;
  const { rows, notes } = amountsOf(options, funds, entry, read.rule);
  const moving = rows.flatMap(({ amount, available }) =>
    'amount' in amount && fits(options.direction, amount.amount, available) ? [amount.amount] : [],
  );
  const total = sum(moving);
  if (moving.length === 0) {
    return asError(vscode.l10n.t('With this amount there is nothing to move in any row.'));
  }
  const limit =
    options.direction === 'distribute' && from ? funds.transferableFrom(currency, own(from)) : undefined;
  const names = { count: moving.length, all: rows.length, total: exactAmount(total), currency };
  if (limit !== undefined && compare(total, limit) > 0) {
    return asError(
      vscode.l10n.t('That is {total} {currency} in all, but only {limit} can leave {account} now.', {
        ...names,
        limit: exactAmount(limit),
        account: from ? accountName(own(from)) : '',
      }),
    );
  }
  const sentence = vscode.l10n.t('{total} {currency} in all, in {count} of {all} rows.', names);
  return { message: joined([...read.notes, sentence, ...notes]), severity: 'info' };
}

/** Whether a sub-account has what a row takes from it, as far as known. */
function fits(direction: Direction, amount: Decimal, available: Decimal | undefined): boolean {
  return direction === 'distribute' || available === undefined || compare(amount, available) <= 0;
}

interface DraftRow {
  readonly sub: SubAccount;
  /** The sub-account's side. */
  readonly account: AccountRef;
  readonly sides: readonly [AccountRef, AccountRef];
  readonly available: Decimal | undefined;
  readonly amount: RowAmount;
}

function amountsOf(
  { direction, holdings }: BatchWizardOptions,
  funds: BatchFunds,
  { currency = '', from, to, subs = [], ownAmounts }: BatchEntry,
  rule: AmountRule,
): { readonly rows: readonly DraftRow[]; readonly notes: readonly string[] } {
  if (!from || !to) return { rows: [], notes: [] };
  const byId = new Map(holdings.subs.map((sub) => [sub.userId, sub]));
  const rows = subs.flatMap((id) => {
    const sub = byId.get(id);
    if (!sub) return [];
    const sides = sidesOf(direction, sub, from, to);
    const account = direction === 'collect' ? sides[0] : sides[1];
    return [{ sub, sides, account, available: funds.balance(currency, account) }];
  });
  const { amounts, notes } = batchAmounts(rule, rows, { currency, precision: funds.precision(currency) });
  const drafted = rows.map((row, index): DraftRow => {
    const given = ownAmounts.get(row.sub.userId);
    const ruled = amounts[index] ?? { refused: refuse('rowLeftOut') };
    if (given === undefined) return { ...row, amount: ruled };
    return { ...row, amount: isZero(given) ? { refused: refuse('rowLeftOut') } : { amount: given } };
  });
  return { rows: drafted, notes: notes.map(translate) };
}

/** The plan for what was entered. */
export function makeDraft(options: BatchWizardOptions, funds: BatchFunds, entry: BatchEntry): BatchDraft {
  const read = readRule(options, funds, entry, entry.amountText);
  const { currency = '' } = entry;
  const { rows, notes } =
    'problem' in read ? { rows: [], notes: [] } : amountsOf(options, funds, entry, read.rule);
  const profileId = options.session.profile.id;
  const wished = rows.flatMap(({ amount, sides: [from, to] }) =>
    'amount' in amount ? [{ intent: { profileId, currency, amount: amount.amount, from, to } }] : [],
  );
  const leftOut = rows.flatMap(({ amount, account }) =>
    'refused' in amount ? [{ account, refused: amount.refused }] : [],
  );
  return { batch: planRows(funds, { kind: options.direction, rows: wished }), leftOut, notes };
}

/** Asks for the amount of one row; `undefined` when it stays as it is. */
async function askRow(
  prompt: Prompt,
  title: string,
  funds: BatchFunds,
  entry: BatchEntry,
  { subUserId }: Exclude<PlanChoice, 'go'>,
  { holdings, direction, valuationCurrency }: BatchWizardOptions,
): Promise<BatchEntry | undefined> {
  const { currency = '', from, to } = entry;
  const sub = holdings.subs.find(({ userId }) => userId === subUserId);
  if (!sub || !from || !to) return undefined;
  const [source] = sidesOf(direction, sub, from, to);
  const transferable = funds.transferableFrom(currency, source);
  const facts = funds.amountFacts(currency, transferable, valuationCurrency);
  const names = { currency, name: tidy(sub.name) };
  const answer = await prompt.input({
    title,
    canGoBack: true,
    prompt: () =>
      transferable === undefined
        ? vscode.l10n.t('How much {currency} for {name}? 0 leaves the row out.', names)
        : vscode.l10n.t('How much {currency} for {name}? Up to {transferable}; 0 leaves the row out.', {
            ...names,
            transferable: exactAmount(transferable),
          }),
    value: '',
    password: false,
    validate: (text) => {
      if (/^\s*0+(\.0+)?\s*$/.test(text)) return undefined;
      const reading = readAmount(text, facts);
      if ('problem' in reading) return asError(translate(reading.problem.sentence));
      return reading.notes.length > 0
        ? { message: joined(reading.notes.map(translate)), severity: 'info' }
        : undefined;
    },
  });
  if (answer.kind !== 'value') return undefined;
  const reading = readAmount(answer.value, facts);
  const amount = 'problem' in reading ? zero : reading.amount;
  return { ...entry, ownAmounts: new Map([...entry.ownAmounts, [subUserId, amount]]) };
}
