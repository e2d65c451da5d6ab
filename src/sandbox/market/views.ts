import { decimal, divideDown, multiply, type Decimal } from '../../kucoin/decimal';
import type { BookSide } from './book';
import { unitsText, type Quote } from './market';

/** What calls and pushes say of a symbol, in the words of kucoin-api 8.29 to 8.33 and 11.6. */

type Pairs = readonly (readonly [price: Decimal, size: Decimal])[];

/** Rows of price and size, best first. */
export function levelsOf(quote: Quote, side: BookSide, most: number): Pairs {
  return quote.book[side]
    .slice(0, most)
    .map(({ price, size }) => [quote.price(price), quote.amount(size)] as const);
}

export interface Ticker {
  readonly sequence: string;
  readonly price: Decimal;
  readonly size: Decimal;
  readonly bestBid: Decimal;
  readonly bestBidSize: Decimal;
  readonly bestAsk: Decimal;
  readonly bestAskSize: Decimal;
}

export function tickerOf(quote: Quote): Ticker {
  const [bid, ask] = [quote.best('bids'), quote.best('asks')];
  return {
    sequence: String(quote.book.sequence),
    price: quote.price(quote.last),
    size: quote.amount(quote.lastSize),
    bestBid: quote.price(bid.price),
    bestBidSize: quote.amount(bid.size),
    bestAsk: quote.price(ask.price),
    bestAskSize: quote.amount(ask.size),
  };
}

/** The last 24 hours. */
export interface Day {
  readonly buy: Decimal;
  readonly sell: Decimal;
  /** A fraction: -0.0123 is -1.23 %. */
  readonly changeRate: Decimal;
  readonly changePrice: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly vol: Decimal;
  readonly volValue: Decimal;
  readonly last: Decimal;
  readonly averagePrice: Decimal;
}

export function dayOf(quote: Quote): Day {
  const volValue = multiply(
    unitsText(Math.round(quote.turnover / quote.volume), quote.priceDigits),
    quote.amount(quote.volume),
  );
  const difference = unitsText(quote.last - quote.open, quote.priceDigits);
  return {
    buy: quote.price(quote.best('bids').price),
    sell: quote.price(quote.best('asks').price),
    changeRate: divideDown(difference, quote.price(quote.open), 4),
    changePrice: difference,
    high: quote.price(quote.high),
    low: quote.price(quote.low),
    vol: quote.amount(quote.volume),
    volValue,
    last: quote.price(quote.last),
    averagePrice: quote.price(Math.round((quote.high + quote.low) / 2)),
  };
}

export const fees = {
  takerFeeRate: decimal('0.001'),
  makerFeeRate: decimal('0.001'),
  takerCoefficient: decimal('1'),
  makerCoefficient: decimal('1'),
};
