import { csv } from '../kucoin/csv';
import type { AccountTypeId } from '../kucoin/accountTypes';
import { add, canonical, isNegative, subtract, zero, type Decimal } from '../kucoin/decimal';
import {
  accountLedgers,
  futuresLedger,
  hfMarginLedgers,
  hfTradeLedgers,
  type AccountLedgerRow,
  type FuturesLedgerRow,
  type HfMarginLedgerRow,
  type HfTradeLedgerRow,
  type ListingOptions,
  type PageCall,
} from '../kucoin/paging';
import { futuresCurrency, spotCurrency } from '../kucoin/vocabulary';

/** What a movement was for, whatever words a ledger has for it. */
export const movementKinds = [
  'transfer',
  'trade',
  'deposit',
  'withdrawal',
  'fee',
  'loan',
  'profit',
  'bonus',
  'other',
] as const;
export type MovementKind = (typeof movementKinds)[number];

/** A row of any of the four ledgers (kucoin-api 8.11 to 8.14), in one form. */
export interface Movement {
  /** Of its ledger; the same movement may have another id in another ledger. */
  readonly id: string;
  /** Milliseconds since the epoch, by the exchange. */
  readonly time: number;
  /** As the spot side spells it: `BTC`, also for futures. */
  readonly currency: string;
  readonly direction: 'in' | 'out';
  /** Positive, fee included. */
  readonly amount: Decimal;
  readonly fee?: Decimal | undefined;
  /** Total (of futures: equity) of the account after the movement, where the ledger tells it. */
  readonly after?: Decimal | undefined;
  readonly kind: MovementKind;
  /** The ledger's own word. */
  readonly word: string;
  /** Pair, contract or remark, as the ledger has it. Text from outside. */
  readonly about: string;
  /** Profit and loss of the running eight hours of a futures account, not settled yet. */
  readonly pending: boolean;
}

export interface MovementQuery {
  readonly account: AccountTypeId;
  /** As the spot side spells it; all where left out. */
  readonly currency?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startAt: number;
  readonly endAt: number;
}

export interface MovementFilter {
  readonly kind?: MovementKind | undefined;
  readonly direction?: Movement['direction'] | undefined;
}

/** A movement, or word of how far back everything has been read. */
export type MovementStep = { readonly movement: Movement } | { readonly readBackTo: number };

type LedgerName = 'account' | 'hfTrade' | 'hfMargin' | 'futures';

interface Place {
  readonly ledger: LedgerName;
  /** How the rows of the account name it. */
  readonly names: readonly string[];
}

/** The ledger that shows the movements of an account furthest back. */
const places: Readonly<Record<AccountTypeId, Place | undefined>> = {
  main: { ledger: 'account', names: ['MAIN'] },
  trade: { ledger: 'account', names: ['TRADE'] },
  trade_hf: { ledger: 'hfTrade', names: ['TRADE_HF'] },
  margin: { ledger: 'account', names: ['MARGIN'] },
  isolated: { ledger: 'account', names: ['ISOLATED'] },
  margin_v2: { ledger: 'hfMargin', names: ['MARGIN_V2', 'MARGIN'] },
  isolated_v2: { ledger: 'hfMargin', names: ['ISOLATED_V2', 'ISOLATED'] },
  contract: { ledger: 'futures', names: ['CONTRACT'] },
  option: { ledger: 'account', names: ['OPTION'] },
};

export function ledgerOf(account: AccountTypeId): LedgerName | undefined {
  return places[account]?.ledger;
}

const dayMs = 86_400_000;

/**
 * The movements of an own account, newest first, read page by page as they are wanted. After each day it says how far
 * back it has come, so that a reader of an account without movements can stop.
 *
 * @throws KucoinError while iterating
 */
export async function* movements(
  call: PageCall,
  query: MovementQuery,
  options: ListingOptions = {},
): AsyncGenerator<MovementStep, void, undefined> {
  const place = places[query.account];
  if (!place) return;
  const { ledger, names } = place;
  const seen = new Set<string>();
  // The HF ledgers take the whole of their few days at once; the others one day in a call (5.1, 5.2).
  const spanMs = ledger === 'account' || ledger === 'futures' ? dayMs : Infinity;
  for (let end = query.endAt; end > query.startAt; end -= spanMs) {
    const startAt = Math.max(query.startAt, end - spanMs);
    for await (const { movement, account } of readers[ledger](
      call,
      { ...query, startAt, endAt: end },
      options,
    )) {
      // Days share a moment, so that none is lost.
      if (!names.includes(account) || seen.has(movement.id)) continue;
      seen.add(movement.id);
      yield { movement };
    }
    yield { readBackTo: startAt };
  }
}

export function fits({ kind, direction }: Movement, filter: MovementFilter): boolean {
  return (
    (filter.kind === undefined || filter.kind === kind) &&
    (filter.direction === undefined || filter.direction === direction)
  );
}

/** The amount with its sign. */
export function change({ direction, amount }: Movement): Decimal {
  return direction === 'in' ? amount : subtract(zero, amount);
}

/**
 * How much each currency has changed from just before a movement until now: the sum of it and of all newer ones.
 * Newest first, as they are read; rows that come later do not change it.
 */
export function runningDifferences(rows: readonly Movement[]): Decimal[] {
  const sums = new Map<string, Decimal>();
  return rows.map((row) => {
    if (row.pending) return sums.get(row.currency) ?? zero;
    const sum = add(sums.get(row.currency) ?? zero, change(row));
    sums.set(row.currency, sum);
    return sum;
  });
}

const header = ['Time', 'Currency', 'Change', 'Fee', 'After', 'Kind', 'Word of the ledger', 'About', 'Id'];

export function movementsAsCsv(rows: readonly Movement[]): string {
  return csv(
    header,
    rows.map((row) => [
      new Date(row.time).toISOString(),
      row.currency,
      canonical(change(row)),
      row.fee === undefined ? '' : canonical(row.fee),
      row.after === undefined ? '' : canonical(row.after),
      row.kind,
      row.word,
      row.about,
      row.id,
    ]),
  );
}

export function movementsAsJson(account: AccountTypeId, rows: readonly Movement[]): string {
  const movements = rows.map((row) => ({ ...row, time: new Date(row.time).toISOString() }));
  return `${JSON.stringify({ format: 'kucoin-accounts ledger', version: 1, account, movements }, null, 2)}\n`;
}

type Read = AsyncGenerator<{ readonly movement: Movement; readonly account: string }, void, undefined>;
type Reader = (call: PageCall, query: MovementQuery, options: ListingOptions) => Read;

/** Page numbers, lastId twice, HasMore: each ledger has its way, none is seen outside. */
const readers: Readonly<Record<LedgerName, Reader>> = {
  account: async function* (call, query, options) {
    for await (const row of accountLedgers(call, spotFilter(query), options)) yield spotRow(row);
  },
  hfTrade: async function* (call, query, options) {
    for await (const row of hfTradeLedgers(call, spotFilter(query), options)) yield hfRow(row);
  },
  hfMargin: async function* (call, query, options) {
    for await (const row of hfMarginLedgers(call, spotFilter(query), options)) yield hfRow(row);
  },
  futures: async function* (call, { currency, startAt, endAt }, options) {
    const filter = { startAt, endAt, ...(currency && { currency: futuresCurrency(currency) }) };
    for await (const row of futuresLedger(call, filter, options)) yield futuresRow(row);
  },
};

function spotFilter({ currency, startAt, endAt }: MovementQuery): {
  readonly startAt: number;
  readonly endAt: number;
  readonly currency?: string[];
} {
  return { startAt, endAt, ...(currency && { currency: [currency] }) };
}

function spotRow(row: AccountLedgerRow | HfTradeLedgerRow | HfMarginLedgerRow): {
  readonly movement: Movement;
  readonly account: string;
} {
  const movement: Movement = {
    id: row.id,
    time: row.createdAt,
    currency: row.currency,
    direction: row.direction === 'out' ? 'out' : 'in',
    amount: canonical(row.amount),
    fee: canonical(row.fee),
    kind: kindOf(row.bizType),
    word: row.bizType,
    about: aboutOf(row.context),
    pending: false,
  };
  return { movement, account: row.accountType };
}

/** Here the balance has a meaning. */
function hfRow(row: HfTradeLedgerRow | HfMarginLedgerRow): ReturnType<typeof spotRow> {
  const { movement, account } = spotRow(row);
  return { movement: { ...movement, after: canonical(row.balance) }, account };
}

function futuresRow(row: FuturesLedgerRow): ReturnType<typeof spotRow> {
  const isOut = row.type === 'TransferOut' || row.type === 'Withdrawal' || isNegative(row.amount);
  const movement: Movement = {
    id: `${row.currency}/${row.offset}`,
    time: row.time,
    currency: spotCurrency(row.currency),
    direction: isOut ? 'out' : 'in',
    // The sign of a TransferOut is not documented (8.14).
    amount: canonical(isNegative(row.amount) ? subtract(zero, row.amount) : row.amount),
    ...(row.fee != null && { fee: canonical(row.fee) }),
    ...(row.accountEquity != null && { after: canonical(row.accountEquity) }),
    kind: kindOf(row.type),
    word: row.type,
    about: row.remark ?? '',
    pending: row.pending,
  };
  return { movement, account: 'CONTRACT' };
}

/** Codes and display names occur side by side (8.11): without case, blanks and underscores they are one. */
const kinds: Readonly<Record<string, MovementKind>> = {
  transfer: 'transfer',
  subtransfer: 'transfer',
  subaccounttransfer: 'transfer',
  transferin: 'transfer',
  transferout: 'transfer',
  brokertransfer: 'transfer',
  deposit: 'deposit',
  withdraw: 'withdrawal',
  withdrawal: 'withdrawal',
  tradeexchange: 'trade',
  marginexchange: 'trade',
  isolatedexchange: 'trade',
  instantexchange: 'trade',
  liquidation: 'trade',
  kcspayfees: 'fee',
  refundedfees: 'fee',
  returnedfees: 'fee',
  deductionfees: 'fee',
  rebate: 'bonus',
  kucoinbonus: 'bonus',
  loansrepaid: 'loan',
  assertreturn: 'loan',
  realisedpnl: 'profit',
};

function kindOf(word: string): MovementKind {
  return kinds[word.toLowerCase().replace(/[\s_]/g, '')] ?? 'other';
}

/** The pair and the order of a trade. Old rows hold single quotes, which is no JSON. */
function aboutOf(context: string | null | undefined): string {
  if (!context || context === '{}') return '';
  try {
    const value: unknown = JSON.parse(context.replaceAll("'", '"'));
    if (typeof value !== 'object' || value === null) return '';
    const { symbol, orderId } = value as Record<string, unknown>;
    return [symbol, orderId].filter((part) => typeof part === 'string').join(' · ');
  } catch {
    return '';
  }
}
