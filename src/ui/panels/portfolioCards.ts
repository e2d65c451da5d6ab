import * as vscode from 'vscode';
import type { Snapshot } from '../../host/snapshots';
import { csv } from '../../kucoin/csv';
import {
  compare,
  divideDown,
  isNegative,
  isZero,
  multiply,
  sum,
  zero,
  type Decimal,
} from '../../kucoin/decimal';
import {
  accountShares,
  amountsOf,
  currencyShares,
  picture,
  together,
  topSubs,
  type AccountShare,
  type Amounts,
  type OwnerShare,
} from '../../portfolio/allocation';
import type { Account, SubAccount } from '../../portfolio/accounts';
import { familyIds, type FamilyId } from '../../portfolio/portfolio';
import { byAmount, totalValue, valueOf, type Prices, type Value } from '../../portfolio/valuation';
import type { Flows } from '../../transfers/flows';
import { accountKey as placeKey } from '../../transfers/intent';
import type { Card, ChartId, Period } from '../../webview/portfolio/messages';
import { dateAndTime, exactAmount, moneyValue, oneLine } from '../format';
import { accountName as placeTitle, accountTypeName } from '../names';

/** What the cards are made of: read by others, exact. */
export interface CardsInput {
  readonly own: readonly Account[];
  readonly subs: readonly SubAccount[];
  /** The amounts of all sub-accounts together. */
  readonly subAmounts: Amounts;
  readonly prices: Prices | undefined;
  readonly valueOfSub: (sub: SubAccount) => Value | undefined;
  readonly keepsSnapshots: boolean;
  /** Oldest first; `undefined` until they are read. */
  readonly snapshots: readonly Snapshot[] | undefined;
  /** `undefined` until the journal is read. */
  readonly flows: Flows | undefined;
  readonly period: Period;
}

/** A card of the panel, and its whole table with every digit. */
export interface CardWithCsv {
  readonly card: Card;
  readonly csv: () => string;
}

/** Parts of a picture before the rest is one. Its table has more. */
const mostParts = 7;
const mostBars = 11;
/** Rows of a table on screen; a file has all of them. */
const mostRows = 500;
/** Points of a curve: more than there are on a screen make no difference. */
const mostPoints = 400;

export function portfolioCards(input: CardsInput): Readonly<Record<ChartId, CardWithCsv>> {
  return {
    currencies: currenciesCard(input),
    accounts: accountsCard(input),
    owners: ownersCard(input),
    history: historyCard(input),
    flows: flowsCard(input),
  };
}

function currenciesCard({ own, subAmounts, prices }: CardsInput): CardWithCsv {
  const base = prices?.base ?? '';
  const shares = currencyShares(together(amountsOf(own), subAmounts), prices);
  const { shown, others, negative, unpriced } = picture(shares, mostParts);
  const whole = sum([...shown.map(({ value }) => value), others.value]);
  const part = (value: Decimal): string => `${moneyValue(value, base)} · ${percent(value, whole)}`;
  const bars = shown.map(({ currency, value }) => ({
    label: currency,
    value: Number(value),
    text: part(value),
  }));
  if (others.count > 0) {
    const label = vscode.l10n.t('Other currencies: {count}', { count: others.count });
    bars.push({ label, value: Number(others.value), text: part(others.value) });
  }
  const [largest] = shown;
  const columns = [
    { title: vscode.l10n.t('Currency') },
    { title: vscode.l10n.t('Amount'), isFigure: true },
    { title: vscode.l10n.t('Value'), isFigure: true },
    { title: vscode.l10n.t('Share'), isFigure: true },
  ];
  const shareOf = (value: Decimal | undefined): string =>
    value === undefined || isNegative(value) || isZero(whole) ? '–' : percent(value, whole);
  return withCsv(
    {
      id: 'currencies',
      title: vscode.l10n.t('By Currency'),
      summary: largest
        ? vscode.l10n.t('The largest part of the value is {currency}, with {share}.', {
            currency: largest.currency,
            share: percent(largest.value, whole),
          })
        : '',
      notes: [
        ...unpricedNote(unpriced.map(({ currency }) => currency)),
        ...(negative.length > 0
          ? [
              vscode.l10n.t(
                'Worth less than nothing, as debts are taken off, and not in the picture: {list}.',
                {
                  list: listed(negative.map(({ currency }) => currency)),
                },
              ),
            ]
          : []),
      ],
      ...orEmpty(
        bars.length > 0 && { kind: 'shares', bars },
        prices
          ? vscode.l10n.t('There is nothing of value in these accounts.')
          : vscode.l10n.t('There are no prices, so nothing can be valued.'),
      ),
    },
    vscode.l10n.t('Value by currency, debts taken off'),
    columns,
    shares.map(({ currency, amount, value }) => [
      currency,
      exactAmount(amount),
      value === undefined ? noPrice() : moneyValue(value, base),
      shareOf(value),
    ]),
    () =>
      csv(
        ['currency', 'amount', `value_${base || 'unknown'}`],
        shares.map(({ currency, amount, value }) => [currency, amount, value ?? '']),
      ),
  );
}

function accountsCard({ own, prices }: CardsInput): CardWithCsv {
  const base = prices?.base ?? '';
  const shares = accountShares(own, prices);
  const bars = shares.slice(0, mostBars).map(({ type, tag, value }) => ({
    label: titleOf({ type, tag }),
    value: Number(value.amount),
    text: moneyValue(value.amount, base),
  }));
  const rest = shares.slice(mostBars);
  if (rest.length > 0) {
    const value = sum(rest.map((share) => share.value.amount));
    bars.push({
      label: vscode.l10n.t('Other accounts: {count}', { count: rest.length }),
      value: Number(value),
      text: moneyValue(value, base),
    });
  }
  const [first] = shares;
  return withCsv(
    {
      id: 'accounts',
      title: vscode.l10n.t('By Account'),
      summary: first
        ? vscode.l10n.t('The own account that is worth most is {account}, with {value}.', {
            account: titleOf(first),
            value: moneyValue(first.value.amount, base),
          })
        : '',
      notes: unpricedNote(shares.flatMap(({ value }) => value.unpriced)),
      ...orEmpty(bars.length > 0 && { kind: 'bars', bars }, nothingToValue(prices)),
    },
    vscode.l10n.t('Value of the own accounts, debts taken off'),
    [
      { title: vscode.l10n.t('Account') },
      { title: vscode.l10n.t('Value'), isFigure: true },
      { title: vscode.l10n.t('Owed'), isFigure: true },
      { title: vscode.l10n.t('Without a price') },
    ],
    shares.map(({ type, tag, value }) => [
      titleOf({ type, tag }),
      moneyValue(value.amount, base),
      isZero(value.owed) ? '–' : moneyValue(value.owed, base),
      value.unpriced.length === 0 ? '–' : listed(value.unpriced),
    ]),
    () =>
      csv(
        ['account', `value_${base || 'unknown'}`, 'owed', 'without_price'],
        shares.map(({ key, value }) => [key, value.amount, value.owed, value.unpriced.join(' ')]),
      ),
  );
}

function ownersCard({ own, subs, prices, valueOfSub }: CardsInput): CardWithCsv {
  const base = prices?.base ?? '';
  const ownValue = own.length > 0 ? totalValue(prices, own) : undefined;
  const { top, others } = topSubs(subs, valueOfSub, mostRows);
  const owners: Omit<OwnerShare, 'parts'>[] = [
    ...(ownValue ? [{ subUserId: undefined, name: undefined, value: ownValue }] : []),
    ...top.map(({ sub, value }) => ({ subUserId: sub.userId, name: oneLine(sub.name), value })),
  ];
  const nameOf = (name: string | undefined): string => name ?? vscode.l10n.t('Own accounts');
  const inPicture = [
    ...(ownValue ? [{ name: nameOf(undefined), value: ownValue, parts: byType(own, prices) }] : []),
    ...top.slice(0, mostBars).map(({ sub, value }) => ({
      name: shortLabel(oneLine(sub.name)),
      value,
      parts: byType(sub.accounts, prices),
    })),
  ];
  const types = [...new Set(inPicture.flatMap(({ parts }) => [...parts.keys()]))];
  const hidden = top.length - Math.min(top.length, mostBars) + others.count;
  return withCsv(
    {
      id: 'owners',
      title: vscode.l10n.t('By Owner'),
      summary: vscode.l10n.t('Own accounts and {count} sub-accounts beside each other.', {
        count: subs.length,
      }),
      notes: [
        ...unpricedNote([...owners.flatMap(({ value }) => value.unpriced), ...others.unpriced]),
        ...(hidden > 0
          ? [
              vscode.l10n.t(
                'The picture shows the {shown} sub-accounts of the highest value. {count} more are not in it.',
                { shown: Math.min(top.length, mostBars), count: hidden },
              ),
            ]
          : []),
        ...(others.count > 0
          ? [
              vscode.l10n.t(
                'Not in the table, but in the CSV file: {count} sub-accounts worth {value} together.',
                {
                  count: others.count,
                  value: moneyValue(others.value, base),
                },
              ),
            ]
          : []),
      ],
      ...orEmpty(
        subs.length > 0 &&
          types.length > 0 && {
            kind: 'stacked',
            labels: inPicture.map(({ name }) => name),
            texts: inPicture.map(({ value }) => moneyValue(value.amount, base)),
            parts: types.map((type) => ({
              label: accountTypeName(type),
              values: inPicture.map(({ parts }) => Number(parts.get(type) ?? zero)),
              texts: inPicture.map(({ parts }) => moneyValue(parts.get(type) ?? zero, base)),
            })),
          },
        subs.length === 0
          ? vscode.l10n.t('This profile has no sub-accounts, or its key may not see them.')
          : nothingToValue(prices),
      ),
    },
    vscode.l10n.t('Value by owner, debts taken off'),
    [
      { title: vscode.l10n.t('Owner') },
      { title: vscode.l10n.t('Value'), isFigure: true },
      { title: vscode.l10n.t('Without a price') },
    ],
    owners.map(({ name, value }) => [
      nameOf(name),
      moneyValue(value.amount, base),
      value.unpriced.length === 0 ? '–' : listed(value.unpriced),
    ]),
    () =>
      csv(
        ['owner', 'sub_user_id', `value_${base || 'unknown'}`, 'owed', 'without_price'],
        [
          ...(ownValue ? [['', '', ownValue.amount, ownValue.owed, ownValue.unpriced.join(' ')]] : []),
          ...topSubs(subs, valueOfSub, Infinity).top.map(({ sub, value }) => [
            oneLine(sub.name),
            sub.userId,
            value.amount,
            value.owed,
            value.unpriced.join(' '),
          ]),
        ],
      ),
  );
}

/** What an owner has in each type of account; pairs of isolated margin together. */
function byType(accounts: readonly Account[], prices: Prices | undefined): Map<string, Decimal> {
  const parts = new Map<string, Decimal[]>();
  for (const { type, value } of accountShares(accounts, prices)) {
    parts.set(type, [...(parts.get(type) ?? []), value.amount]);
  }
  return new Map([...parts].map(([type, amounts]) => [type, sum(amounts)]));
}

function historyCard({ snapshots = [], keepsSnapshots, prices }: CardsInput): CardWithCsv {
  const base = prices?.base ?? snapshots.at(-1)?.base ?? '';
  const shown = snapshots.filter((snapshot) => snapshot.base === base);
  const hidden = snapshots.length - shown.length;
  const points = thinned(shown, mostPoints);
  const last = points.at(-1);
  const incomplete = shown.filter(({ missing }) => missing.length > 0).length;
  return withCsv(
    {
      id: 'history',
      title: vscode.l10n.t('Value Over Time'),
      summary: last
        ? vscode.l10n.t('{count} snapshots; the last one says {value}.', {
            count: shown.length,
            value: moneyValue(last.value, base),
          })
        : '',
      notes: [
        vscode.l10n.t('From snapshots that are kept on this computer, one an hour while balances are read.'),
        ...(keepsSnapshots || snapshots.length === 0
          ? []
          : [vscode.l10n.t('No more snapshots are kept at the moment: the setting is off.')]),
        ...(hidden > 0
          ? [
              vscode.l10n.t('Snapshots in another currency than {currency}, which are not shown: {count}.', {
                currency: base,
                count: hidden,
              }),
            ]
          : []),
        ...(incomplete > 0
          ? [
              vscode.l10n.t('Snapshots that lack something, as the table says: {count}.', {
                count: incomplete,
              }),
            ]
          : []),
      ],
      ...orEmpty(
        points.length > 1 && {
          kind: 'line',
          label: vscode.l10n.t('Value in {currency}', { currency: base }),
          points: points.map(({ at, value }) => ({
            at,
            value: Number(value),
            text: moneyValue(value, base),
            time: dateAndTime(at),
          })),
        },
        keepsSnapshots
          ? vscode.l10n.t('A curve needs two snapshots. There are {count} so far.', { count: points.length })
          : vscode.l10n.t('Snapshots of the value are not kept. Nothing leaves this computer when they are.'),
      ),
      ...(keepsSnapshots
        ? {}
        : { remedy: { title: vscode.l10n.t('Open the Setting'), action: 'openSettings' as const } }),
    },
    vscode.l10n.t('Snapshots, newest first'),
    [
      { title: vscode.l10n.t('Time') },
      { title: vscode.l10n.t('Value'), isFigure: true },
      { title: vscode.l10n.t('Not counted') },
    ],
    [...points]
      .reverse()
      .map(({ at, value, missing }) => [
        dateAndTime(at),
        moneyValue(value, base),
        missing.length === 0 ? '–' : listed(missing.map(missingTitle)),
      ]),
    () =>
      csv(
        ['time', 'value', 'currency', 'not_counted'],
        snapshots.map(({ at, value, base: unit, missing }) => [
          new Date(at).toISOString(),
          value,
          unit,
          missing.join(' '),
        ]),
      ),
  );
}

/** What a snapshot lacks: families by their names, currencies by their codes. */
function missingTitle(name: string): string {
  const id = familyIds.find((each) => each === name);
  return id ? familyTitle(id) : name;
}

/** A family in the middle of a sentence. */
export function familyTitle(id: FamilyId): string {
  const titles: Readonly<Record<FamilyId, string>> = {
    list: vscode.l10n.t('the account list'),
    margin: vscode.l10n.t('cross margin'),
    isolated: vscode.l10n.t('isolated margin'),
    futures: vscode.l10n.t('futures'),
    subs: vscode.l10n.t('the list of sub-accounts'),
    subBalances: vscode.l10n.t('the balances of sub-accounts'),
  };
  return titles[id];
}

/** Evenly chosen, the last one always among them. */
function thinned<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => items[Math.round(index * step)]).filter(
    (item) => item !== undefined,
  );
}

function flowsCard({ flows, prices, period }: CardsInput): CardWithCsv {
  const base = prices?.base ?? '';
  const rows = byAmount(
    (flows?.flows ?? []).map((flow) => ({ ...flow, value: valueOf(prices, flow.currency, flow.amount) })),
    ({ value }) => value,
  );
  const unpriced = rows.filter(({ value }) => value === undefined).map(({ currency }) => currency);
  const ways = new Map<string, { from: string; to: string; values: Decimal[]; what: string[] }>();
  for (const { from, to, value, currency, amount } of rows) {
    if (value === undefined) continue;
    const key = `${placeKey(from)} ${placeKey(to)}`;
    const way = ways.get(key) ?? { from: placeTitle(from), to: placeTitle(to), values: [], what: [] };
    way.values.push(value);
    way.what.push(`${exactAmount(amount)} ${currency}`);
    ways.set(key, way);
  }
  const drawn = [...ways.values()].map(({ from, to, values, what }) => {
    const value = sum(values);
    return {
      from: shortLabel(from),
      to: shortLabel(to),
      value: Number(value),
      text: `${moneyValue(value, base)} (${listed(what)})`,
    };
  });
  const open = flows?.open ?? 0;
  const none: Readonly<Record<Period, string>> = {
    day: vscode.l10n.t('Nothing was transferred with this product in the last 24 hours.'),
    week: vscode.l10n.t('Nothing was transferred with this product in the last 7 days.'),
    month: vscode.l10n.t('Nothing was transferred with this product in the last 30 days.'),
  };
  return withCsv(
    {
      id: 'flows',
      title: vscode.l10n.t('Transfers'),
      summary: vscode.l10n.t('Ways between accounts that something went in this period: {count}.', {
        count: ways.size,
      }),
      notes: [
        vscode.l10n.t(
          'From the local journal of transfers: what was moved by other programs or on the site is not in it. Values are of the prices now.',
        ),
        ...(open > 0
          ? [vscode.l10n.t('Transfers that are not settled, and not counted: {count}.', { count: open })]
          : []),
        ...unpricedNote(unpriced),
      ],
      ...orEmpty(
        drawn.length > 0 && { kind: 'flows', flows: drawn },
        flows === undefined
          ? vscode.l10n.t('Reading the journal of transfers…')
          : rows.length > 0
            ? vscode.l10n.t('What was moved has no price. The table has the amounts.')
            : none[period],
      ),
    },
    vscode.l10n.t('What went from one account to another'),
    [
      { title: vscode.l10n.t('From') },
      { title: vscode.l10n.t('To') },
      { title: vscode.l10n.t('Amount'), isFigure: true },
      { title: vscode.l10n.t('Value'), isFigure: true },
      { title: vscode.l10n.t('Transfers'), isFigure: true },
    ],
    rows.map(({ from, to, currency, amount, value, count }) => [
      placeTitle(from),
      placeTitle(to),
      `${exactAmount(amount)} ${currency}`,
      value === undefined ? noPrice() : moneyValue(value, base),
      String(count),
    ]),
    () =>
      csv(
        ['from', 'to', 'currency', 'amount', `value_${base || 'unknown'}`, 'transfers'],
        rows.map(({ from, to, currency, amount, value, count }) => [
          placeKey(from),
          placeKey(to),
          currency,
          amount,
          value ?? '',
          String(count),
        ]),
      ),
  );
}

type CardHead = Omit<Card, 'table'>;

function withCsv(
  head: CardHead,
  caption: string,
  columns: Card['table']['columns'],
  rows: readonly (readonly string[])[],
  asCsv: () => string,
): CardWithCsv {
  const notes =
    rows.length > mostRows
      ? [
          ...head.notes,
          vscode.l10n.t('The table shows the first {shown} of {count} rows; the CSV file has all of them.', {
            shown: mostRows,
            count: rows.length,
          }),
        ]
      : head.notes;
  return { card: { ...head, notes, table: { caption, columns, rows: rows.slice(0, mostRows) } }, csv: asCsv };
}

function orEmpty(drawn: Card['picture'] | false, empty: string): Pick<Card, 'picture' | 'empty'> {
  return drawn ? { picture: drawn } : { empty };
}

function nothingToValue(prices: Prices | undefined): string {
  return prices
    ? vscode.l10n.t('These accounts are empty.')
    : vscode.l10n.t('There are no prices, so nothing can be valued.');
}

export function unpricedNote(currencies: readonly string[]): string[] {
  const list = [...new Set(currencies)].sort();
  if (list.length === 0) return [];
  return [vscode.l10n.t('Without a price, and not counted: {list}.', { list: listed(list) })];
}

/** At most ten by name. */
function listed(names: readonly string[]): string {
  const most = 10;
  if (names.length <= most) return names.join(', ');
  return vscode.l10n.t('{list} and {count} more', {
    list: names.slice(0, most).join(', '),
    count: names.length - most,
  });
}

const noPrice = (): string => vscode.l10n.t('no price');

function titleOf({ type, tag }: Pick<AccountShare, 'type' | 'tag'>): string {
  return tag === undefined ? accountTypeName(type) : `${accountTypeName(type)} ${tag}`;
}

/** Names come from outside: a long one must not push the picture away. */
function shortLabel(name: string): string {
  return name.length > 28 ? `${name.slice(0, 27)}…` : name;
}

/** One decimal, cut; `<0.1 %` of what is less. */
function percent(part: Decimal, whole: Decimal): string {
  if (isZero(whole)) return '–';
  const share = divideDown(multiply(part, '100' as Decimal), whole, 1);
  return compare(share, zero) === 0 && !isZero(part) ? '<0.1 %' : `${share} %`;
}
