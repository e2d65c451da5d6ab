import * as v from 'valibot';
import { decimalNumber, decimalText, milliseconds } from './schema';

/** Larger pieces that several entries of the catalogue share. */

/** A trading pair such as `BTC-USDT`. */
export const tradingPair = v.pipe(v.string(), v.regex(/^[A-Z0-9]+-[A-Z0-9]+$/, 'trading pair'));

/** One side of an order book: price and size of each level. */
export const levels = v.array(v.tuple([decimalText, decimalText]));

/** An id that arrives as text or as a number, which may exceed 2^53: kept as exact text. */
export const exactId = v.union([decimalNumber, v.string()]);

/** An id or cursor in a request, as its digits. */
export const digits = v.pipe(v.string(), v.regex(/^\d{1,30}$/, 'digits'));

/** Milliseconds that some ledgers send as text. */
export const millisecondsOrText = v.union([
  milliseconds,
  v.pipe(v.string(), v.regex(/^\d{1,16}$/, 'milliseconds'), v.transform(Number)),
]);

export const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Bounds of a listing, milliseconds since the epoch. */
export const windowParams = { startAt: v.optional(milliseconds), endAt: v.optional(milliseconds) };

/** Page numbers (kucoin-api 5.1). The ranges of `pageSize` differ by endpoint; `paging.ts` knows them. */
export const pageParams = { currentPage: v.optional(count), pageSize: v.optional(count) };

/** A page of a listing with page numbers. */
export function pageReply<const I extends v.GenericSchema>(
  item: I,
): v.ObjectSchema<
  {
    readonly currentPage: v.NumberSchema<undefined>;
    readonly pageSize: v.NumberSchema<undefined>;
    readonly totalNum: v.NumberSchema<undefined>;
    readonly totalPage: v.NumberSchema<undefined>;
    readonly items: v.ArraySchema<I, undefined>;
  },
  undefined
> {
  return v.object({
    currentPage: v.number(),
    pageSize: v.number(),
    totalNum: v.number(),
    totalPage: v.number(),
    items: v.array(item),
  });
}
