import * as v from 'valibot';
import { endpoint } from '../endpoint';
import { decimalText, milliseconds, open } from '../schema';
import { tradingPair } from '../schemaParts';

/** High-frequency spot orders (kucoin-api 7.3, 8.34, 8.35): placing, testing, cancelling, and finding one again. */

/** Positive decimal text. */
const figure = v.pipe(v.string(), v.regex(/^\d+(\.\d+)?$/, 'decimal text'));
/** One id per intention; orders are found by it. */
const clientOid = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,40}$/, 'client order id'));
const shortText = v.pipe(v.string(), v.regex(/^[\x20-\x7e]{0,20}$/, 'at most 20 characters of ASCII'));

export const addHfOrder = endpoint({
  title: 'Add Order',
  summary: 'Places a spot order on the HF account. Acceptance is not execution.',
  docs: 'https://www.kucoin.com/docs-new/rest/spot-trading/orders/add-order',
  method: 'POST',
  host: 'spot',
  path: '/api/v1/hf/orders',
  permission: 'Spot',
  pool: 'Spot',
  weight: 1,
  params: v.object({
    /** Older text requires it; a client always sends it. */
    clientOid: v.optional(clientOid),
    symbol: tradingPair,
    side: open('buy', 'sell'),
    type: open('limit', 'market'),
    /** Of a limit order: a multiple of `priceIncrement`. */
    price: v.optional(figure),
    /** A multiple of `baseIncrement`. A market order has this or `funds`. */
    size: v.optional(figure),
    /** Of a market order: a multiple of `quoteIncrement`. */
    funds: v.optional(figure),
    /** GTC where left out. */
    timeInForce: v.optional(open('GTC', 'GTT', 'IOC', 'FOK')),
    /** Seconds, with GTT. */
    cancelAfter: v.optional(v.pipe(v.number(), v.integer(), v.maxValue(2_592_000))),
    /** Not with IOC or FOK. */
    postOnly: v.optional(v.boolean()),
    stp: v.optional(open('DC', 'CO', 'CN', 'CB')),
    remark: v.optional(shortText),
    tags: v.optional(shortText),
    /** Refused since 2026-08-03. */
    hidden: v.optional(v.boolean()),
    iceberg: v.optional(v.boolean()),
    visibleSize: v.optional(figure),
    /** With both, an order that reaches the gateway later than `clientTimestamp` and so many milliseconds fails. */
    allowMaxTimeWindow: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    clientTimestamp: v.optional(milliseconds),
  }),
  reply: v.object({ orderId: v.string(), clientOid: v.nullish(v.string()) }),
  repeat: 'never',
});

export const addHfOrderTest = endpoint({
  ...addHfOrder,
  title: 'Add Order Test',
  summary: 'Checks an order and its signature like a real one; nothing reaches the matching engine.',
  docs: 'https://www.kucoin.com/docs-new/rest/spot-trading/orders/add-order-test',
  path: '/api/v1/hf/orders/test',
});

/** The weights of the calls below are not in the published tables; the answers' headers count. */
export const cancelHfOrder = endpoint({
  title: 'Cancel Order By OrderId',
  summary: 'Asks to cancel an HF order by the id that KuCoin gave it.',
  docs: 'https://www.kucoin.com/docs-new/rest/spot-trading/orders/cancel-order-by-orderid',
  method: 'DELETE',
  host: 'spot',
  path: '/api/v1/hf/orders/{orderId}',
  permission: 'Spot',
  pool: 'Spot',
  weight: 1,
  params: v.object({
    orderId: v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{1,64}$/, 'order id')),
    symbol: tradingPair,
  }),
  reply: v.object({ orderId: v.string() }),
  repeat: 'never',
});

export const cancelHfOrderByClientOid = endpoint({
  title: 'Cancel Order By ClientOid',
  summary: 'Asks to cancel an HF order by the id that its client gave it.',
  docs: 'https://www.kucoin.com/docs-new/rest/spot-trading/orders/cancel-order-by-clientoid',
  method: 'DELETE',
  host: 'spot',
  path: '/api/v1/hf/orders/client-order/{clientOid}',
  permission: 'Spot',
  pool: 'Spot',
  weight: 1,
  params: v.object({ clientOid, symbol: tradingPair }),
  reply: v.object({ clientOid: v.string() }),
  repeat: 'never',
});

export const getHfOrderByClientOid = endpoint({
  title: 'Get Order By ClientOid',
  summary: 'One HF order, by the id that its client gave it: tells what became of an order.',
  docs: 'https://www.kucoin.com/docs-new/rest/spot-trading/orders/get-order-by-clientoid',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/hf/orders/client-order/{clientOid}',
  permission: 'General',
  pool: 'Spot',
  weight: 2,
  params: v.object({ clientOid, symbol: tradingPair }),
  /** `null` may stand for an order that is not known. */
  reply: v.nullable(
    v.object({
      id: v.string(),
      symbol: v.string(),
      side: open('buy', 'sell'),
      type: open('limit', 'market'),
      price: v.nullish(v.string()),
      size: v.nullish(v.string()),
      funds: v.nullish(v.string()),
      /** Executed so far: of the base currency, and of the quote currency. */
      dealSize: decimalText,
      dealFunds: decimalText,
      fee: v.nullish(decimalText),
      feeCurrency: v.nullish(v.string()),
      timeInForce: v.nullish(v.string()),
      /** Whether it still can be executed or cancelled. */
      active: v.boolean(),
      cancelledSize: v.nullish(decimalText),
      clientOid: v.nullish(v.string()),
      createdAt: v.nullish(milliseconds),
    }),
  ),
  repeat: 'safe',
});
