import * as v from 'valibot';
import type { AccountTypeId } from '../accountTypes';
import { decimalNumber, decimalText } from '../schema';
import { levels, millisecondsOrText } from '../schemaParts';
import type { Open } from '../vocabulary';

/** What the feeds push (kucoin-api 11.5, 11.6), in the form that `topics.ts` hands out. */

/** A sequence or version: a number, or its digits as text. Beyond 2^53 it could not be compared, so it is refused. */
const sequence = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,16}$/, 'digits'), v.transform(Number))]),
  v.safeInteger(),
);

const relationContext = v.nullish(
  v.object({
    symbol: v.nullish(v.string()),
    orderId: v.nullish(v.string()),
    tradeId: v.nullish(v.string()),
  }),
);

export const balanceEvent = v.object({
  /** The `id` of the account list. */
  accountId: v.string(),
  currency: v.string(),
  /** After the change. */
  total: decimalText,
  available: decimalText,
  hold: decimalText,
  /** Signed. */
  availableChange: decimalText,
  holdChange: decimalText,
  /** `relationOf` reads it. */
  relationEvent: v.string(),
  relationEventId: v.string(),
  /** Of trades; empty for transfers. */
  relationContext,
  /** Milliseconds since the epoch. */
  time: millisecondsOrText,
});
export type BalanceEvent = v.InferOutput<typeof balanceEvent>;

/** Everything about one settlement currency of the futures account after a change. */
export const walletEvent = v.object({
  /** Bitcoin is XBT here. */
  currency: v.string(),
  walletBalance: decimalText,
  availableBalance: decimalText,
  holdBalance: decimalText,
  equity: decimalText,
  crossPosMargin: decimalText,
  crossOrderMargin: decimalText,
  crossUnPnl: decimalText,
  isolatedPosMargin: decimalText,
  isolatedOrderMargin: decimalText,
  isolatedFundingFeeMargin: decimalText,
  isolatedUnPnl: decimalText,
  totalCrossMargin: v.nullish(decimalText),
  maxWithdrawAmount: v.nullish(decimalText),
  availableMargin: v.nullish(decimalText),
  /** Grows with each change: what is older than the one known is dropped. */
  version: sequence,
  timestamp: millisecondsOrText,
});
export type WalletEvent = v.InferOutput<typeof walletEvent>;

const amount = v.union([decimalText, decimalNumber]);

/** The older subjects of the wallet topic, which may still arrive: one figure each. */
export const orderMarginEvent = v.object({
  orderMargin: amount,
  currency: v.string(),
  timestamp: millisecondsOrText,
});
export const availableBalanceEvent = v.object({
  availableBalance: amount,
  holdBalance: amount,
  currency: v.string(),
  timestamp: millisecondsOrText,
});
export const withdrawHoldEvent = v.object({
  withdrawHold: amount,
  currency: v.string(),
  timestamp: millisecondsOrText,
});

/** Cross margin, every four seconds. */
export const debtRatioEvent = v.object({
  debtRatio: decimalNumber,
  totalAsset: v.nullish(amount),
  marginCoefficientTotalAsset: v.nullish(amount),
  totalDebt: v.nullish(amount),
  /** By currency. */
  assetList: v.record(v.string(), v.object({ total: amount, available: amount, hold: amount })),
  debtList: v.record(v.string(), amount),
  timestamp: millisecondsOrText,
});

export const positionStatusEvent = v.object({
  /** FROZEN_FL, UNFROZEN_FL, FROZEN_RENEW, UNFROZEN_RENEW, LIABILITY, UNLIABILITY. */
  type: v.string(),
  timestamp: millisecondsOrText,
});

export const isolatedPositionEvent = v.object({
  /** The pair. */
  tag: v.string(),
  status: v.string(),
  statusBizType: v.nullish(v.string()),
  accumulatedPrincipal: v.nullish(amount),
  /** By currency: only those that changed. */
  changeAssets: v.record(
    v.string(),
    v.object({
      total: amount,
      hold: amount,
      liabilityPrincipal: v.nullish(amount),
      liabilityInterest: v.nullish(amount),
    }),
  ),
  timestamp: millisecondsOrText,
});

export const tickerEvent = v.pipe(
  v.object({
    sequence,
    price: v.nullish(decimalText),
    size: v.nullish(decimalText),
    bestAsk: v.nullish(decimalText),
    bestAskSize: v.nullish(decimalText),
    bestBid: v.nullish(decimalText),
    bestBidSize: v.nullish(decimalText),
    /** `Time` for single pairs, `time` for all of them: both occur. */
    time: v.optional(millisecondsOrText),
    Time: v.optional(millisecondsOrText),
  }),
  v.transform(({ Time, ...ticker }) => ({ ...ticker, time: ticker.time ?? Time })),
);
export type TickerEvent = v.InferOutput<typeof tickerEvent>;

/** The best levels, complete each time. */
export const depthEvent = v.object({
  /** From low to high. */
  asks: levels,
  /** From high to low. */
  bids: levels,
  timestamp: millisecondsOrText,
});

/** Price, size (zero: the level is gone), sequence of the last change of that price. */
const change = v.tuple([decimalText, decimalText, sequence]);

export const orderBookEvent = v.object({
  symbol: v.string(),
  sequenceStart: sequence,
  sequenceEnd: sequence,
  changes: v.object({ asks: v.array(change), bids: v.array(change) }),
  time: v.nullish(millisecondsOrText),
});
export type OrderBookEvent = v.InferOutput<typeof orderBookEvent>;

const snapshot = v.object({
  symbol: v.string(),
  buy: v.nullish(decimalNumber),
  sell: v.nullish(decimalNumber),
  lastTradedPrice: v.nullish(decimalNumber),
  high: v.nullish(decimalNumber),
  low: v.nullish(decimalNumber),
  vol: v.nullish(decimalNumber),
  volValue: v.nullish(decimalNumber),
  /** A fraction. */
  changeRate: v.nullish(decimalNumber),
  changePrice: v.nullish(decimalNumber),
  trading: v.nullish(v.boolean()),
  datetime: millisecondsOrText,
});

/** One pair, or those of a market: one object in a message today, an array before. */
export const snapshotEvent = v.pipe(
  v.object({ data: v.union([v.array(snapshot), snapshot]) }),
  v.transform(({ data }) => (Array.isArray(data) ? data : [data])),
);
export type SnapshotEvent = v.InferOutput<typeof snapshotEvent>;

/** What a `relationEvent` says: the account that changed, and why. */
export interface Relation {
  /** As the account list spells the type; absent for `other`. */
  readonly account?: Open<AccountTypeId>;
  /** The pair of an isolated margin account. */
  readonly symbol?: string;
  /** `transfer`, `hold`, `setted`, ...: the last part. */
  readonly event: string;
}

/** Names that the feed gives to accounts, where they are others than those of the account list. */
const feedNames: ReadonlyMap<string, AccountTypeId> = new Map([
  ['marginV2', 'margin_v2'],
  ['isolatedV2', 'isolated_v2'],
]);

/** The account stands before the last dot: `trade_hf.transfer`, `isolatedV2_BTC-USDT.hold` (kucoin-api 11.5). */
export function relationOf(relationEvent: string): Relation {
  const dot = relationEvent.lastIndexOf('.');
  const event = relationEvent.slice(dot + 1);
  if (dot <= 0) return { event };
  const prefix = relationEvent.slice(0, dot);
  const [, isolated, symbol] = /^(isolated|isolatedV2)_(.+)$/.exec(prefix) ?? [];
  const name = isolated ?? prefix;
  return { event, account: feedNames.get(name) ?? name, ...(symbol !== undefined && { symbol }) };
}
