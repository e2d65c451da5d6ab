import type { CallOptions } from './client';
import type { Endpoint, ParamsOf, ReplyOf } from './endpoint';
import {
  getAccountLedgers,
  getFuturesLedger,
  getHfMarginLedgers,
  getHfTradeLedgers,
} from './endpoints/ledger';
import { getSubAccountList, type getSubAccountBalances } from './endpoints/subAccount';
import { getFuturesTransferOutList } from './endpoints/transfer';
import { KucoinError } from './errors';
import type { Priority } from './quota';

/**
 * Long lists row by row, whatever way the exchange pages them (kucoin-api 5): page numbers, lastId, or HasMore with
 * offsets. Rows come once, newest first; each page is one call. A list that repeats itself or never ends becomes an
 * error, so that nobody takes a part for the whole.
 */

/** `call` of a client. */
export type PageCall = <E extends Endpoint>(
  endpoint: E,
  params: ParamsOf<E>,
  options?: CallOptions,
) => Promise<ReplyOf<E>>;

export interface ListingOptions {
  /** `background` where left out. */
  readonly priority?: Priority;
  /** Ends the listing with a KucoinError of kind `cancelled`, before the next page at the latest. */
  readonly signal?: AbortSignal | undefined;
  /** Rows per page; the most that the endpoint takes where left out. */
  readonly pageSize?: number;
  /** Pages that are read at most, over all windows; 1000 where left out. */
  readonly maxPages?: number;
}

type RowOf<E extends Endpoint> =
  ReplyOf<E> extends readonly (infer R)[]
    ? R
    : ReplyOf<E> extends { readonly items: readonly (infer R)[] }
      ? R
      : ReplyOf<E> extends { readonly dataList: readonly (infer R)[] }
        ? R
        : never;
type Filter<E extends Endpoint> = Omit<
  ParamsOf<E>,
  'currentPage' | 'pageSize' | 'lastId' | 'limit' | 'offset' | 'forward' | 'maxCount'
>;

export type AccountLedgerRow = RowOf<typeof getAccountLedgers>;
export type HfTradeLedgerRow = RowOf<typeof getHfTradeLedgers>;
export type HfMarginLedgerRow = RowOf<typeof getHfMarginLedgers>;
/** `pending`: of the running eight hours, not settled and without a place in the list. */
export type FuturesLedgerRow = RowOf<typeof getFuturesLedger> & { readonly pending: boolean };
export type FuturesTransferOutRow = RowOf<typeof getFuturesTransferOutList>;
export type SubAccountRow = RowOf<typeof getSubAccountList>;
export type SubAccountBalancesRow = RowOf<typeof getSubAccountBalances>;

/** Movements of the spot and margin accounts. With both bounds of time any span is read, day by day. */
export async function* accountLedgers(
  call: PageCall,
  filter: Filter<typeof getAccountLedgers> = {},
  options: ListingOptions = {},
): AsyncGenerator<AccountLedgerRow, void, undefined> {
  const walk = new Walk(getAccountLedgers, options);
  for (const days of dayByDay(filter)) {
    yield* byNumber(
      walk,
      options.pageSize ?? 500,
      (page) => call(getAccountLedgers, { ...filter, ...days, ...page }, walk.step()),
      ({ id }) => id,
    );
  }
}

/** What became of transfers out of the futures account. With both bounds of time any span is read, day by day. */
export async function* futuresTransfersOut(
  call: PageCall,
  filter: Filter<typeof getFuturesTransferOutList> = {},
  options: ListingOptions = {},
): AsyncGenerator<FuturesTransferOutRow, void, undefined> {
  const walk = new Walk(getFuturesTransferOutList, options);
  for (const days of dayByDay(filter)) {
    yield* byNumber(
      walk,
      options.pageSize ?? 500,
      (page) => call(getFuturesTransferOutList, { ...filter, ...days, ...page }, walk.step()),
      ({ applyId }) => applyId,
    );
  }
}

/** The sub-accounts of the master. */
export function subAccounts(
  call: PageCall,
  options: ListingOptions = {},
): AsyncGenerator<SubAccountRow, void, undefined> {
  const walk = new Walk(getSubAccountList, options);
  return byNumber(
    walk,
    options.pageSize ?? 100,
    (page) => call(getSubAccountList, page, walk.step()),
    ({ userId }) => userId,
  );
}

/** Movements of the HF-backed spot account. The exchange cuts a wider window to the last days without a word. */
export function hfTradeLedgers(
  call: PageCall,
  filter: Filter<typeof getHfTradeLedgers> = {},
  options: ListingOptions = {},
): AsyncGenerator<HfTradeLedgerRow, void, undefined> {
  const walk = new Walk(getHfTradeLedgers, options);
  return byLastId(walk, options.pageSize ?? 200, (page) =>
    call(getHfTradeLedgers, { ...filter, ...page }, walk.step()),
  );
}

/** Movements of the HF-backed margin accounts, within the last days too. */
export function hfMarginLedgers(
  call: PageCall,
  filter: Filter<typeof getHfMarginLedgers> = {},
  options: ListingOptions = {},
): AsyncGenerator<HfMarginLedgerRow, void, undefined> {
  const walk = new Walk(getHfMarginLedgers, options);
  return byLastId(walk, options.pageSize ?? 200, (page) =>
    call(getHfMarginLedgers, { ...filter, ...page }, walk.step()),
  );
}

/** Movements of the futures account. With both bounds of time any span is read, day by day. */
export async function* futuresLedger(
  call: PageCall,
  filter: Filter<typeof getFuturesLedger> = {},
  options: ListingOptions = {},
): AsyncGenerator<FuturesLedgerRow, void, undefined> {
  const walk = new Walk(getFuturesLedger, options);
  // A higher count is not documented to work.
  const maxCount = options.pageSize ?? 50;
  for (const days of dayByDay(filter)) {
    let offset: string | undefined;
    for (let hasMore = true; hasMore;) {
      const page = { ...filter, ...days, maxCount, offset };
      const reply = await call(getFuturesLedger, page, walk.step());
      for (const row of walk.fresh(reply.dataList, ({ currency, offset: at }) => `${currency}/${at}`)) {
        yield { ...row, pending: row.status === 'Pending' || !isDigits(row.offset) };
      }
      ({ hasMore } = reply);
      if (hasMore) offset = walk.advanced(offset, smallest(reply.dataList.map((row) => row.offset)));
    }
  }
}

interface NumberedPage<T> {
  readonly totalPage: number;
  readonly items: readonly T[];
}

async function* byNumber<T>(
  walk: Walk,
  pageSize: number,
  read: (page: { readonly currentPage: number; readonly pageSize: number }) => Promise<NumberedPage<T>>,
  idOf: (row: T) => string,
): AsyncGenerator<T, void, undefined> {
  for (let currentPage = 1; ; currentPage++) {
    const { items, totalPage } = await read({ currentPage, pageSize });
    yield* walk.fresh(items, idOf);
    if (items.length === 0 || currentPage >= totalPage) return;
    walk.expectNews();
  }
}

async function* byLastId<T extends { readonly id: string }>(
  walk: Walk,
  limit: number,
  read: (page: { readonly limit: number; readonly lastId?: string | undefined }) => Promise<readonly T[]>,
): AsyncGenerator<T, void, undefined> {
  let lastId: string | undefined;
  for (;;) {
    const rows = await read({ limit, lastId });
    yield* walk.fresh(rows, ({ id }) => id);
    if (rows.length < limit) return;
    lastId = walk.advanced(lastId, rows.at(-1)?.id);
  }
}

const usualMaxPages = 1000;
/** Pages in a row without a new row after which a list counts as repeating itself. A growing list has one or two. */
const patience = 3;

/** What one listing has read, and when it is enough. */
class Walk {
  private readonly seen = new Set<string>();
  private pages = 0;
  private stale = 0;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly options: ListingOptions,
  ) {}

  /** One page more: how it is to be called. */
  step(): CallOptions {
    const { signal, priority = 'background', maxPages = usualMaxPages } = this.options;
    if (signal?.aborted) {
      throw new KucoinError({ kind: 'cancelled', outcome: 'notExecuted', endpoint: this.endpoint.title });
    }
    if (++this.pages > maxPages) throw this.broken(`the list goes on after ${maxPages} pages`);
    return { priority, signal };
  }

  /** The rows that have not been seen: new rows of the exchange push old ones onto later pages. */
  fresh<T>(rows: readonly T[], idOf: (row: T) => string): T[] {
    const news = rows.filter((row) => {
      const { size } = this.seen;
      return this.seen.add(idOf(row)).size > size;
    });
    this.stale = news.length > 0 ? 0 : this.stale + 1;
    return news;
  }

  expectNews(): void {
    if (this.stale >= patience) throw this.broken('the list repeats itself');
  }

  /** The next cursor, which must lie below the one before: the lists run from new to old. */
  advanced(cursor: string | undefined, next: string | undefined): string {
    const isBelow = next !== undefined && isDigits(next) && (cursor === undefined || isSmaller(next, cursor));
    if (!isBelow) throw this.broken('the list does not go on where it ended');
    return next;
  }

  private broken(detail: string): KucoinError {
    return new KucoinError({
      kind: 'malformedReply',
      outcome: 'executed',
      endpoint: this.endpoint.title,
      detail,
    });
  }
}

interface Bounds {
  readonly startAt?: number | undefined;
  readonly endAt?: number | undefined;
}

const dayMs = 24 * 3_600_000;

/** The bounds in spans that one call may ask for, newest first. Neighbours share a moment, so that none is lost. */
function* dayByDay({ startAt, endAt }: Bounds): Generator<Bounds, void, undefined> {
  if (startAt === undefined || endAt === undefined || endAt - startAt <= dayMs) {
    yield { startAt, endAt };
    return;
  }
  for (let end = endAt; end > startAt; end -= dayMs) {
    yield { startAt: Math.max(startAt, end - dayMs), endAt: end };
  }
}

/** Also tells a cursor from the -1 of a pending row. */
function isDigits(text: string): boolean {
  return /^\d+$/.test(text);
}

function isSmaller(a: string, b: string): boolean {
  return BigInt(a) < BigInt(b);
}

function smallest(cursors: readonly string[]): string | undefined {
  return cursors
    .filter(isDigits)
    .reduce<string | undefined>(
      (least, cursor) => (least === undefined || isSmaller(cursor, least) ? cursor : least),
      undefined,
    );
}
