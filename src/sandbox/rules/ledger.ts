import { accountType, type AccountTypeId } from '../../kucoin/accountTypes';
import { fractionDigits, type Decimal } from '../../kucoin/decimal';
import type * as ledger from '../../kucoin/endpoints/ledger';
import { JsonNumber } from '../../kucoin/jsonNumber';
import type { World } from '../../kucoin/vocabulary';
import type { Exchange } from '../exchange';
import type { BizType, Entry } from '../ledger';
import { futuresCurrencyOf, futuresName } from './moving';
import { dayMs, dayWindow, pageOf, within, type TimeWindow } from './pages';
import { callerOf, type Call, type Rule } from './rule';

/** Older rows of a window cannot be reached (kucoin-api 8.11). */
const reachable = 10_000;

/** Accounts of the spot and margin ledger; futures have one of their own, the HF accounts of seed another. */
const plainTypes: Readonly<Record<World, readonly AccountTypeId[]>> = {
  seed: ['main', 'trade', 'margin', 'isolated'],
  today: ['main', 'trade', 'margin', 'isolated', 'option'],
};

/** kucoin-api 8.11 */
export const getAccountLedgers: Rule<typeof ledger.getAccountLedgers> = (call) => {
  const { exchange, params } = call;
  const window = dayWindow(params, call.now, 'windowTooWide');
  const rows = entriesOf(call, plainTypes[exchange.world], params, window).slice(0, reachable);
  const page = pageOf(rows, params, { least: 10, most: 500, usual: 50 });
  return {
    ...page,
    items: page.items.map((entry) => ({
      id: plainId(exchange.world, entry),
      currency: entry.currency,
      amount: entry.amount,
      fee: '0' as Decimal,
      balance: '0',
      accountType: entry.type === 'outside' ? '' : accountType(entry.type).upper,
      bizType: bizTypeName(exchange, entry),
      direction: entry.direction,
      createdAt: entry.time,
      context: isTrade(entry) ? tradeContext(entry) : '',
    })),
  };
};

/** kucoin-api 8.12: the account that HF orders draw on. */
export const getHfTradeLedgers: Rule<typeof ledger.getHfTradeLedgers> = (call) => {
  const types: AccountTypeId[] = call.exchange.world === 'today' ? ['trade', 'trade_hf'] : ['trade_hf'];
  const rows = entriesOf(call, types, call.params, hfWindow(call));
  return newestBelow(rows, call.params.lastId, call.params.limit).map((entry) => ({
    id: entry.id,
    ...hfRow(entry),
    accountType: 'TRADE_HF',
    createdAt: String(entry.time),
  }));
};

/** What the switch `hfMarginLedger` adds to the ids of rows: 2^53 and a bit. */
const hugeIds = 9_007_199_254_740_993n;

/** kucoin-api 8.13 */
export const getHfMarginLedgers: Rule<typeof ledger.getHfMarginLedgers> = (call) => {
  const { exchange, params } = call;
  const { hfMarginLedger: form, hfMarginNames } = exchange.switches;
  const types: AccountTypeId[] =
    exchange.world === 'today' ? ['margin', 'isolated'] : ['margin_v2', 'isolated_v2'];
  const huge = form === 'hugeNumbers' ? hugeIds : 0n;
  const lastId = params.lastId === undefined ? undefined : String(BigInt(params.lastId) - huge);
  const rows = entriesOf(call, types, params, hfWindow(call));
  return newestBelow(rows, lastId, params.limit).map((entry) => {
    const id = String(BigInt(entry.id) + huge);
    const plain = entry.type.startsWith('isolated') ? 'ISOLATED' : 'MARGIN';
    return {
      id: form === 'text' ? id : new JsonNumber(id),
      ...hfRow(entry),
      accountType: hfMarginNames === 'plain' ? plain : `${plain}_V2`,
      createdAt: form === 'text' ? String(entry.time) : entry.time,
    };
  });
};

/** Rows that one call to the futures ledger gives at most. */
const futuresMost = 50;

/** kucoin-api 8.14 */
export const getFuturesLedger: Rule<typeof ledger.getFuturesLedger> = (call) => {
  const { exchange, params } = call;
  const window = dayWindow(params, call.now, 'queryScope');
  const currency =
    params.currency === undefined ? undefined : [futuresCurrencyOf(exchange, params.currency).currency];
  const rows = entriesOf(call, ['contract'], { currency }, window).filter((entry) =>
    hasType(exchange, futuresType(entry), params.type),
  );
  const most = Math.min(params.maxCount ?? futuresMost, futuresMost);
  const { page, hasMore } = beside(rows, params.offset, params.forward ?? true, most);
  const pending =
    exchange.switches.futuresPendingRow &&
    params.offset === undefined &&
    hasType(exchange, 'RealisedPNL', params.type);
  return {
    hasMore,
    dataList: [
      ...(pending ? [pendingRow(params.currency ?? 'USDT', call.now)] : []),
      ...page.map((entry) => ({
        time: entry.time,
        type: futuresType(entry),
        amount: new JsonNumber(signed(exchange, entry)),
        fee: 0,
        accountEquity: new JsonNumber(entry.balance),
        status: 'Completed',
        remark: remarkOf(exchange, entry),
        offset: new JsonNumber(offsetOf(entry)),
        currency: futuresName(entry.currency),
      })),
    ],
  };
};

interface Filter {
  readonly currency?: readonly string[] | undefined;
  readonly direction?: string | undefined;
  readonly bizType?: string | undefined;
}

/** What the caller's ledgers show of some account types, newest first. */
function entriesOf(
  call: Pick<Call, 'exchange' | 'caller' | 'now'>,
  types: readonly string[],
  { currency, direction, bizType }: Filter,
  window: TimeWindow,
): Entry[] {
  const { uid } = callerOf(call).user;
  return call.exchange.ledger
    .entriesOf(uid, call.now)
    .filter(
      (entry) =>
        types.includes(entry.type) &&
        (currency === undefined || currency.length === 0 || currency.includes(entry.currency)) &&
        (direction === undefined || direction === entry.direction) &&
        (bizType === undefined || bizType === entry.bizType) &&
        within(entry.time, window),
    )
    .sort((a, b) => b.time - a.time || Number(b.id) - Number(a.id));
}

/** HF ledgers reach back some days only; a wider window is cut without a word (kucoin-api 5.3). */
function hfWindow({
  exchange,
  params: { startAt = 0, endAt },
  now,
}: Pick<Call, 'exchange' | 'now'> & {
  readonly params: { readonly startAt?: number | undefined; readonly endAt?: number | undefined };
}): TimeWindow {
  const days = exchange.world === 'today' ? 7 : 3;
  return { startAt: Math.max(startAt, now - days * dayMs), endAt: endAt ?? Infinity };
}

/** The next rows by lastId (kucoin-api 5.3). */
function newestBelow(rows: readonly Entry[], lastId: string | undefined, limit = 100): Entry[] {
  return rows.filter(({ id }) => lastId === undefined || BigInt(id) < BigInt(lastId)).slice(0, limit);
}

/** The next rows by offset: older ones forward, newer ones backward, newest first either way. */
function beside(
  rows: readonly Entry[],
  offset: string | undefined,
  forward: boolean,
  most: number,
): { page: readonly Entry[]; hasMore: boolean } {
  const cursor = offset === undefined ? undefined : BigInt(offset);
  const left = rows.filter((entry) => {
    const here = BigInt(offsetOf(entry));
    return cursor === undefined || (forward ? here < cursor : here > cursor);
  });
  const page = forward || cursor === undefined ? left.slice(0, most) : left.slice(-most);
  return { page, hasMore: left.length > page.length };
}

function isTrade({ bizType }: Entry): boolean {
  return bizType === 'TRADE_EXCHANGE' || bizType === 'MARGIN_EXCHANGE';
}

/** HF-backed rows have ids of digits, the others of hex digits (kucoin-api 8.11). */
function plainId(world: World, { id, type }: Entry): string {
  return world === 'today' && type === 'trade' ? id : `65aa${BigInt(id).toString(16).padStart(20, '0')}`;
}

/** Names that occur in place of the codes (kucoin-api 8.11). */
const displayNames: Readonly<Record<BizType, string>> = {
  DEPOSIT: 'Deposit',
  WITHDRAW: 'Withdrawal',
  TRANSFER: 'Transfer',
  SUB_TRANSFER: 'Sub Account Transfer',
  KUCOIN_BONUS: 'KuCoin Bonus',
  TRADE_EXCHANGE: 'Trade_Exchange',
  MARGIN_EXCHANGE: 'Margin Exchange',
  REALISED_PNL: 'Realised PNL',
};

function bizTypeName({ switches }: Exchange, { id, bizType }: Entry): string {
  const { bizTypeNames } = switches;
  const display = bizTypeNames === 'display' || (bizTypeNames === 'mixed' && Number(id) % 2 === 0);
  return display ? displayNames[bizType] : bizType;
}

/** The reference of a trade is its pair; order and trade are made up. */
function tradeContext({ id, reference }: Entry): string {
  const orderId = `65aa${BigInt(id).toString(16).padStart(20, 'd')}`;
  return JSON.stringify({ symbol: reference, orderId, tradeId: `11${id.slice(-12)}` });
}

interface HfRow {
  readonly currency: string;
  readonly amount: Decimal;
  readonly fee: Decimal;
  readonly tax: Decimal;
  readonly balance: Decimal;
  readonly bizType: string;
  readonly direction: 'in' | 'out';
  readonly context: string;
}

function hfRow(entry: Entry): HfRow {
  return {
    currency: entry.currency,
    amount: eightDecimals(entry.amount),
    fee: '0.00000000' as Decimal,
    tax: '0' as Decimal,
    balance: eightDecimals(entry.balance),
    bizType: entry.bizType,
    direction: entry.direction,
    context: isTrade(entry) ? tradeContext(entry) : '{}',
  };
}

/** With needless zeros, as the HF ledgers write amounts; finer ones keep their digits. */
function eightDecimals(amount: Decimal): Decimal {
  if (fractionDigits(amount) >= 8) return amount;
  const [whole = '0', fraction = ''] = amount.split('.');
  return `${whole}.${fraction.padEnd(8, '0')}` as Decimal;
}

type FuturesType = 'RealisedPNL' | 'Deposit' | 'Withdrawal' | 'TransferIn' | 'TransferOut';

function futuresType({ bizType, direction }: Entry): FuturesType {
  if (bizType === 'REALISED_PNL') return 'RealisedPNL';
  const isTransfer = bizType === 'TRANSFER' || bizType === 'SUB_TRANSFER';
  if (isTransfer) return direction === 'in' ? 'TransferIn' : 'TransferOut';
  return direction === 'in' ? 'Deposit' : 'Withdrawal';
}

/** The filter writes `Transferin` where the rows say `TransferIn` (kucoin-api 8.14). */
function hasType({ switches }: Exchange, type: FuturesType, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  return switches.futuresTypeFilter === 'exact'
    ? (type === 'TransferIn' ? 'Transferin' : type) === wanted
    : type.toLowerCase() === wanted.toLowerCase();
}

function signed({ switches }: Exchange, entry: Entry): string {
  const negative =
    entry.direction === 'out' &&
    (entry.bizType === 'REALISED_PNL' || switches.transferOutSign === 'negative');
  return `${negative ? '-' : ''}${entry.amount}`;
}

/** The cursor of a row grows with its id. */
function offsetOf({ id }: Entry): string {
  return String(BigInt(id) - 770_000_000_000_000n + 4_100_000n);
}

const accountNames: Readonly<Record<string, string>> = {
  main: 'Funding Account',
  trade: 'Trading Account',
  trade_hf: 'High-Frequency Trading Account',
};

/** Names the other side of a transfer, or the contract of a profit. */
function remarkOf(exchange: Exchange, entry: Entry): string {
  if (entry.bizType === 'REALISED_PNL') return entry.reference;
  // The two entries of a movement follow each other.
  const otherId = String(Number(entry.id) + (entry.direction === 'in' ? -1 : 1));
  const other = exchange.ledger.entries().findLast(({ id }) => id === otherId);
  const name = accountNames[other?.type ?? ''] ?? 'Margin Account';
  return entry.direction === 'in' ? `Transferred from ${name}` : `Transferred to ${name}`;
}

/** Profit and loss of the running eight hours, not settled. */
function pendingRow(currency: string, now: number): PendingRow {
  return {
    time: now - (now % (dayMs / 3)),
    type: 'RealisedPNL',
    amount: new JsonNumber('-0.125'),
    fee: null,
    accountEquity: new JsonNumber('0'),
    status: 'Pending',
    remark: 'XBTUSDTM',
    offset: -1,
    currency,
  };
}

interface PendingRow {
  readonly time: number;
  readonly type: FuturesType;
  readonly amount: JsonNumber;
  readonly fee: null;
  readonly accountEquity: JsonNumber;
  readonly status: string;
  readonly remark: string;
  readonly offset: number;
  readonly currency: string;
}
