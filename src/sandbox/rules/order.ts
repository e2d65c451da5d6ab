import {
  canonical,
  compare,
  decimal,
  fractionDigits,
  isZero,
  subtract,
  zero,
  type Decimal,
} from '../../kucoin/decimal';
import type * as order from '../../kucoin/endpoints/order';
import { holdOf, type SpotOrder } from '../orders';
import type { Exchange } from '../exchange';
import { available } from '../ledger';
import type { Quote } from '../market/market';
import { Refusal } from '../refusals';
import { limitsOf } from './market';
import { callerOf, type Call, type Rule } from './rule';

/** Active orders of an account and of a symbol (kucoin-api 7.3). */
const mostActive = 2_000;
const mostOfSymbol = 200;

/** kucoin-api 8.34 */
export const addHfOrder: Rule<typeof order.addHfOrder> = (call) => {
  const { exchange } = call;
  const checked = orderOf(call, true);
  const active = exchange.spotOrders.activeOf(checked.uid);
  const ofSymbol = active.filter(({ symbol }) => symbol === checked.symbol);
  if (active.length >= mostActive || ofSymbol.length >= mostOfSymbol) throw new Refusal('tooManyOrders');
  const placed = { ...checked, orderId: exchange.nextOrderId() };
  exchange.spotOrders.place(placed);
  return { orderId: placed.orderId, clientOid: placed.clientOid };
};

/** kucoin-api 8.35: the same checks and the same answer; nothing is kept. */
export const addHfOrderTest: Rule<typeof order.addHfOrderTest> = (call) => {
  const { clientOid } = orderOf(call, call.exchange.switches.orderTestBalance);
  return { orderId: call.exchange.nextOrderId(), clientOid };
};

export const cancelHfOrder: Rule<typeof order.cancelHfOrder> = (call) => {
  const { orderId, symbol } = call.params;
  return { orderId: cancel(call, symbol, { orderId }).orderId };
};

export const cancelHfOrderByClientOid: Rule<typeof order.cancelHfOrderByClientOid> = (call) => {
  const { clientOid, symbol } = call.params;
  return { clientOid: cancel(call, symbol, { clientOid }).clientOid };
};

export const getHfOrderByClientOid: Rule<typeof order.getHfOrderByClientOid> = (call) => {
  const { exchange, params } = call;
  const found = exchange.spotOrders.find(callerOf(call).user.uid, params.symbol, params);
  if (!found) {
    if (exchange.switches.unknownOrder === 'null') return null;
    throw new Refusal('orderNotFound');
  }
  const { orderId, symbol, side, type, price, size, funds, dealSize, dealFunds, fee, timeInForce } = found;
  const { clientOid, active, createdAt } = found;
  return {
    id: orderId,
    symbol,
    opType: 'DEAL',
    type,
    side,
    price: price ?? '0',
    size: size ?? '0',
    funds: funds ?? '0',
    dealSize,
    dealFunds,
    fee,
    feeCurrency: symbol.split('-')[1] ?? '',
    timeInForce,
    postOnly: false,
    hidden: false,
    iceberg: false,
    cancelAfter: -1,
    clientOid,
    active,
    inOrderBook: active,
    cancelledSize: active || size === undefined ? zero : subtract(size, dealSize),
    tradeType: 'TRADE',
    createdAt,
    lastUpdatedAt: createdAt,
  };
};

function cancel(
  call: Pick<Call, 'exchange' | 'caller'>,
  symbol: string,
  by: { orderId: string } | { clientOid: string },
): SpotOrder {
  const found = call.exchange.spotOrders.find(callerOf(call).user.uid, symbol, by);
  if (!found?.active) throw new Refusal('orderNotCancellable');
  call.exchange.spotOrders.end(found.orderId);
  return found;
}

/** The order as it would be taken, with all checks that come before the matching engine. */
function orderOf(call: Call<typeof order.addHfOrder>, checkBalance: boolean): SpotOrder {
  const { exchange, params, now } = call;
  const { user } = callerOf(call);
  const { symbol, timeInForce = 'GTC' } = params;
  const side = (['buy', 'sell'] as const).find((one) => one === params.side);
  const type = (['limit', 'market'] as const).find((one) => one === params.type);
  if (!side) throw new Refusal('range', { field: 'side' });
  if (!type) throw new Refusal('typeRange');
  if (!['GTC', 'GTT', 'IOC', 'FOK'].includes(timeInForce))
    throw new Refusal('range', { field: 'timeInForce' });
  if (exchange.world === 'today' && (params.hidden || params.iceberg)) throw new Refusal('orderHidden');
  if (params.postOnly && ['IOC', 'FOK'].includes(timeInForce)) throw new Refusal('orderPostOnly');
  const { clientTimestamp = Infinity, allowMaxTimeWindow = Infinity } = params;
  if (now > clientTimestamp + allowMaxTimeWindow) throw new Refusal('orderLate');
  const clientOid = clientOidOf(exchange, user.uid, params.clientOid);
  const account = accountOf(exchange, user.uid);
  const quote = exchange.market.at(symbol, now);
  if (!quote) throw new Refusal('unknownSymbol');
  const figures = type === 'limit' ? limitFigures(params, quote) : marketFigures(params, quote);
  const cancelAfter = timeInForce === 'GTT' ? (params.cancelAfter ?? -1) : -1;
  const plain = {
    orderId: '',
    clientOid,
    uid: user.uid,
    account,
    symbol,
    side,
    type,
    timeInForce,
    ...figures,
    dealSize: zero,
    dealFunds: zero,
    fee: zero,
    createdAt: exchange.now(),
    ...(cancelAfter > 0 && { endsAt: exchange.now() + cancelAfter * 1000 }),
  } as const;
  const order: SpotOrder = { ...plain, held: holdOf(plain, quote), active: true };
  if (checkBalance) {
    const [base = '', counter = ''] = symbol.split('-');
    const currency = side === 'buy' ? counter : base;
    const row = exchange.ledger.find({ uid: user.uid, type: account, tag: '' }, currency);
    if (!row || compare(available(row), order.held) < 0) throw new Refusal('orderBalance');
  }
  if (params.postOnly && exchange.spotOrders.wouldExecute(order)) throw new Refusal('orderPostOnly');
  return order;
}

function clientOidOf(exchange: Exchange, uid: number, sent: string | undefined): string {
  const { orderClientOids } = exchange.switches;
  const needed = orderClientOids === 'needed' || (orderClientOids === 'byWorld' && exchange.world === 'seed');
  if (sent === undefined && needed) throw new Refusal('clientOidMissing');
  if (sent !== undefined && exchange.spotOrders.knows(uid, sent)) throw new Refusal('orderClientOid');
  return sent ?? '';
}

/** The account that HF orders draw on (kucoin-api 7.2, 7.3): never main. */
function accountOf(exchange: Exchange, uid: number): SpotOrder['account'] {
  if (exchange.hasHf(uid, 'trade_hf')) return 'trade_hf';
  if (exchange.world === 'today') return 'trade';
  throw new Refusal(exchange.switches.hfWhitelisted ? 'orderHfNotOpened' : 'hfNotWhitelisted');
}

type Params = Call<typeof order.addHfOrder>['params'];

function limitFigures({ price, size, funds }: Params, quote: Quote): { price: Decimal; size: Decimal } {
  if (funds !== undefined) throw new Refusal('orderFigure', { field: 'funds' });
  return { price: figureOf(price, 'price', quote.priceDigits), size: sizeOf(size, quote) };
}

function marketFigures({ price, size, funds }: Params, quote: Quote): { size: Decimal } | { funds: Decimal } {
  if (price !== undefined) throw new Refusal('orderFigure', { field: 'price' });
  if ((size === undefined) === (funds === undefined))
    throw new Refusal('orderFigure', { field: 'size or funds' });
  if (size !== undefined) return { size: sizeOf(size, quote) };
  const { quoteMinSize, quoteMaxSize } = limitsOf(quote);
  return { funds: within(figureOf(funds, 'funds', quote.priceDigits), quoteMinSize, quoteMaxSize) };
}

function sizeOf(size: string | undefined, quote: Quote): Decimal {
  const { baseMinSize, baseMaxSize } = limitsOf(quote);
  return within(figureOf(size, 'size', quote.sizeDigits), baseMinSize, baseMaxSize);
}

function figureOf(text: string | undefined, field: string, digits: number): Decimal {
  if (text === undefined) throw new Refusal('orderFigure', { field });
  const value = decimal(text);
  if (isZero(value)) throw new Refusal('orderFigure', { field });
  if (fractionDigits(value) > digits) throw new Refusal('orderIncrement', { field });
  return canonical(value);
}

function within(value: Decimal, least: Decimal, most: Decimal): Decimal {
  if (compare(value, least) < 0) throw new Refusal('orderTooSmall');
  if (compare(value, most) > 0) throw new Refusal('orderTooLarge');
  return value;
}
