import {
  add,
  compare,
  divideDown,
  isZero,
  multiply,
  neighbours,
  subtract,
  zero,
  type Decimal,
} from '../kucoin/decimal';
import { currencies } from './currencies';
import type { Exchange } from './exchange';
import { outside, type AccountRef } from './ledger';
import { fees } from './market/views';
import type { Quote } from './market/market';

/** A spot order that was taken. Figures are decimal text. */
export interface SpotOrder {
  /** 24 hex digits. */
  readonly orderId: string;
  /** Empty where its sender gave none. */
  readonly clientOid: string;
  readonly uid: number;
  /** The account that it draws on. */
  readonly account: 'trade' | 'trade_hf';
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: 'limit' | 'market';
  readonly timeInForce: string;
  readonly price?: Decimal;
  /** Of the base currency; absent when `funds` is given. */
  readonly size?: Decimal;
  /** Of the quote currency. */
  readonly funds?: Decimal;
  /** Frozen for it now: of the quote currency, fee included, for a purchase, else of the base currency. */
  readonly held: Decimal;
  readonly dealSize: Decimal;
  readonly dealFunds: Decimal;
  /** In the quote currency. */
  readonly fee: Decimal;
  readonly active: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** When it ends by itself (GTT). */
  readonly endsAt?: number;
}

/** What an order would execute now. */
interface Fill {
  readonly size: Decimal;
  readonly funds: Decimal;
}

/** Ended orders that are kept: the oldest are forgotten, so that a bot that runs for weeks fills no memory. */
const mostEnded = 2_000;

/**
 * The orders of all users. They execute against the market's book without changing it: the market moves by its seed
 * alone. A resting order executes when somebody looks and the market stands at its price or beyond.
 */
export class Orders {
  private readonly orders = new Map<string, SpotOrder>();
  private readonly active = new Set<string>();

  constructor(private readonly exchange: Exchange) {}

  all(): SpotOrder[] {
    return [...this.orders.values()];
  }

  activeOf(uid: number): SpotOrder[] {
    return [...this.active].flatMap((id) => this.orders.get(id) ?? []).filter((order) => order.uid === uid);
  }

  find(uid: number, symbol: string, by: { orderId: string } | { clientOid: string }): SpotOrder | undefined {
    const fits = (order: SpotOrder | undefined): order is SpotOrder =>
      order?.uid === uid && order.symbol === symbol;
    if ('orderId' in by) {
      const order = this.orders.get(by.orderId);
      return fits(order) ? order : undefined;
    }
    return this.all().findLast((order) => order.clientOid === by.clientOid && fits(order));
  }

  knows(uid: number, clientOid: string): boolean {
    return this.all().some((order) => order.uid === uid && order.clientOid === clientOid);
  }

  /** Takes an order whose funds are there, freezes them, and executes what can be executed at once. */
  place(order: SpotOrder): void {
    this.freeze(order, order.held);
    this.put(order);
    const quote = this.exchange.market.at(order.symbol, order.createdAt);
    const fill = quote && matched(order, quote);
    const whole = fill && isWhole(order, fill);
    if (fill && !isZero(fill.size) && (order.timeInForce !== 'FOK' || whole)) this.execute(order, fill);
    const rests = order.type === 'limit' && !['IOC', 'FOK'].includes(order.timeInForce);
    if (!rests) this.end(order.orderId);
  }

  /** Whether it would execute at once, which a post-only order must not. */
  wouldExecute(order: SpotOrder): boolean {
    const quote = this.exchange.market.at(order.symbol, order.createdAt);
    return quote !== undefined && !isZero(matched(order, quote).size);
  }

  /** Ends an order and gives back what it froze. */
  end(orderId: string): void {
    const order = this.orders.get(orderId);
    if (!order?.active) return;
    this.freeze(order, subtract(zero, order.held));
    this.put({ ...order, held: zero, active: false });
  }

  /** Executes resting orders that the market has reached, at their own price, and ends those whose time is over. */
  match(): void {
    const now = this.exchange.now();
    for (const id of this.active) {
      const order = this.orders.get(id);
      if (!order) continue;
      if (order.endsAt !== undefined && order.endsAt <= now) this.end(id);
      else if (order.price !== undefined && order.size !== undefined) {
        const quote = this.exchange.market.at(order.symbol, now);
        if (!quote || isZero(matched(order, quote).size)) continue;
        const size = subtract(order.size, order.dealSize);
        this.execute(order, { size, funds: multiply(size, order.price) });
      }
    }
  }

  restore(orders: readonly SpotOrder[]): void {
    this.orders.clear();
    this.active.clear();
    for (const order of orders) this.put(order);
  }

  private execute(order: SpotOrder, fill: Fill): void {
    const { exchange } = this;
    const { symbol, side, uid, account: type } = order;
    const [base = '', counter = ''] = symbol.split('-');
    const account: AccountRef = { uid, type, tag: '' };
    const cost = costOf(fill.funds, counter, side);
    // Parts rounded up one by one may come to more than the whole, which is all that was frozen.
    const funds = side === 'buy' ? least(cost.funds, order.held) : cost.funds;
    const fee = side === 'buy' ? least(cost.fee, subtract(order.held, funds)) : cost.fee;
    const paid = side === 'buy' ? add(funds, fee) : fill.size;
    this.freeze(order, subtract(zero, paid));
    const movement = { bizType: 'TRADE_EXCHANGE', reference: symbol, time: exchange.now() } as const;
    const [given, taken] = side === 'buy' ? [counter, base] : [base, counter];
    const received = side === 'buy' ? fill.size : subtract(funds, fee);
    exchange.move({ from: account, to: outside, currency: given, amount: paid, ...movement });
    exchange.move({ from: outside, to: account, currency: taken, amount: received, ...movement });
    const next: SpotOrder = {
      ...order,
      held: subtract(order.held, paid),
      dealSize: add(order.dealSize, fill.size),
      dealFunds: add(order.dealFunds, funds),
      fee: add(order.fee, fee),
    };
    this.put(next);
    if (next.size !== undefined && compare(next.dealSize, next.size) >= 0) this.end(next.orderId);
  }

  /** Adds to what is held in the row that the order pays from. */
  private freeze({ uid, account, symbol, side }: SpotOrder, amount: Decimal): void {
    if (isZero(amount)) return;
    const [base = '', counter = ''] = symbol.split('-');
    const ref: AccountRef = { uid, type: account, tag: '' };
    const currency = side === 'buy' ? counter : base;
    const row = this.exchange.ledger.open(ref, currency);
    this.exchange.ledger.mark(ref, currency, { held: add(row.held, amount) });
  }

  private put(order: SpotOrder): void {
    this.orders.set(order.orderId, order);
    if (order.active) this.active.add(order.orderId);
    else this.active.delete(order.orderId);
    if (this.orders.size - this.active.size <= mostEnded) return;
    const oldest = this.all().find((one) => !one.active);
    if (oldest) this.orders.delete(oldest.orderId);
  }
}

/** What an order freezes: all that it can cost. */
export function holdOf(
  order: Pick<SpotOrder, 'symbol' | 'side' | 'price' | 'size' | 'funds'>,
  quote: Quote,
): Decimal {
  const { symbol, side, price, size, funds } = order;
  if (side === 'sell') return size ?? neededSize(funds ?? zero, quote);
  const spent = funds ?? multiply(size ?? zero, price ?? worstOf(size ?? zero, quote));
  const cost = costOf(spent, symbol.split('-')[1] ?? '', 'buy');
  return add(cost.funds, cost.fee);
}

/** A market order that sells for some funds: as much of the base currency as the best bid asks for. */
function neededSize(funds: Decimal, quote: Quote): Decimal {
  return divideDown(funds, quote.price(quote.best('bids').price), quote.sizeDigits);
}

/** The worst price that a purchase of a size meets. */
function worstOf(size: Decimal, quote: Quote): Decimal {
  let left = size;
  let price = quote.best('asks').price;
  for (const level of quote.book.asks) {
    price = level.price;
    left = subtract(left, quote.amount(level.size));
    if (compare(left, zero) <= 0) break;
  }
  return quote.price(price);
}

/** Funds and fee in whole units of the currency: who pays pays up, who gets gets down. */
function costOf(funds: Decimal, currency: string, side: 'buy' | 'sell'): { funds: Decimal; fee: Decimal } {
  const precision = currencies.get(currency)?.precision ?? 8;
  const whole = neighbours(funds, precision)[side === 'buy' ? 'above' : 'below'];
  return { funds: whole, fee: neighbours(multiply(whole, fees.takerFeeRate), precision).above };
}

/** What of an order the other side of the book would take now. */
function matched(order: SpotOrder, quote: Quote): Fill {
  const { side, price, size, funds } = order;
  const levels = side === 'buy' ? quote.book.asks : quote.book.bids;
  const limit = (at: Decimal): boolean =>
    price === undefined || (side === 'buy' ? compare(at, price) <= 0 : compare(at, price) >= 0);
  let left = size === undefined ? undefined : subtract(size, order.dealSize);
  let fundsLeft = funds;
  let fill: Fill = { size: zero, funds: zero };
  for (const level of levels) {
    const at = quote.price(level.price);
    if (!limit(at)) break;
    let take = quote.amount(level.size);
    if (left !== undefined && compare(left, take) < 0) take = left;
    if (fundsLeft !== undefined) {
      const payable = divideDown(fundsLeft, at, quote.sizeDigits);
      if (compare(payable, take) < 0) take = payable;
    }
    if (isZero(take)) break;
    const spent = multiply(take, at);
    fill = { size: add(fill.size, take), funds: add(fill.funds, spent) };
    if (left !== undefined) left = subtract(left, take);
    if (fundsLeft !== undefined) fundsLeft = subtract(fundsLeft, spent);
    if (left !== undefined && isZero(left)) break;
  }
  return fill;
}

function isWhole({ size, dealSize }: SpotOrder, fill: Fill): boolean {
  return size !== undefined && compare(add(dealSize, fill.size), size) >= 0;
}

function least(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) <= 0 ? a : b;
}
