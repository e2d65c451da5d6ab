import { canonical, type Decimal } from '../../kucoin/decimal';
import { dollarsOf } from '../prices';
import { seeded, seedOf } from '../random';
import { Book, type BookSide, type Change, type Level } from './book';
import { tradingPairs, type TradingPair } from './symbols';

/** Milliseconds of one step of the market. */
export const stepMs = 100;

/** Who was away for longer gets these steps at once, and the market goes on from now. */
const mostSteps = 50;

/** Levels kept on each side: more than the 100 that the public call shows. */
const fewestLevels = 130;
const mostLevels = 220;

export interface Trade {
  readonly sequence: number;
  /** In units of the price increment. */
  readonly price: number;
  /** In units of the size increment. */
  readonly size: number;
  /** Of the taker. */
  readonly side: 'buy' | 'sell';
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** What a step has done. */
export interface Step {
  readonly quote: Quote;
  readonly changes: readonly Change[];
  readonly trades: readonly Trade[];
  /** Milliseconds since the epoch. */
  readonly time: number;
}

export interface MarketOptions {
  /** Decides everything that will ever happen. */
  readonly seed: number;
  /** Changes of each book in a step. */
  readonly changes: () => number;
  /** Hears of every step. */
  readonly onStep: (step: Step) => void;
}

/**
 * A moving market of invented prices: a random walk held near its first price, by a seed. It has no timer: whoever
 * looks at a symbol brings it up to date first, and a symbol that nobody looks at does not exist.
 */
export class Market {
  private readonly quotes = new Map<string, Quote>();

  constructor(private readonly options: MarketOptions) {}

  /** A symbol at a time, in milliseconds since the epoch; `undefined` when there is no such symbol. */
  at(symbol: string, now: number): Quote | undefined {
    const pair = tradingPairs.get(symbol);
    if (!pair) return undefined;
    let quote = this.quotes.get(symbol);
    if (!quote) {
      quote = new Quote(pair, seeded(seedOf(symbol) ^ this.options.seed), now);
      this.quotes.set(symbol, quote);
    }
    const steps = Math.floor((now - quote.time) / stepMs);
    if (steps < 0 || steps > mostSteps) quote.time = now - mostSteps * stepMs * Number(steps > 0);
    for (let left = Math.min(steps, mostSteps); left > 0; left--) {
      this.options.onStep(quote.step(this.options.changes()));
    }
    return quote;
  }

  /** Price of a currency in US dollars as its market has it; as invented while nobody has looked at that market. */
  dollarsOf(currency: string): Decimal {
    const quote = this.quotes.get(`${currency}-USDT`);
    return quote ? quote.dollars() : dollarsOf(currency);
  }
}

/** One symbol: its book, its last trade, its day. */
export class Quote {
  readonly book: Book;
  /** Decimals of prices. */
  readonly priceDigits: number;
  /** Decimals of sizes. */
  readonly sizeDigits: number;
  /** In units of the price increment. */
  readonly open: number;
  last: number;
  lastSize: number;
  high: number;
  low: number;
  /** Of the day, in units of the size increment, and of size times price. */
  volume: number;
  turnover: number;
  private readonly anchor: number;
  /** Size of an ordinary order, in units of the size increment. */
  private readonly usual: number;

  constructor(
    readonly pair: TradingPair,
    private readonly random: () => number,
    /** Milliseconds since the epoch. */
    public time: number,
  ) {
    const price = Number(dollarsOf(pair.base)) / Number(dollarsOf(pair.quote));
    const magnitude = Math.floor(Math.log10(price));
    this.priceDigits = Math.min(Math.max(5 - magnitude, 1), 12);
    this.sizeDigits = Math.min(Math.max(magnitude + 3, 0), 8);
    this.anchor = Math.round(price * 10 ** this.priceDigits);
    this.usual = Math.max(10, Math.round((1500 / Number(dollarsOf(pair.base))) * 10 ** this.sizeDigits));
    this.book = new Book(9_000_000 + Math.floor(random() * 1_000_000));
    this.open = Math.round(this.anchor * (1 + (random() - 0.5) * 0.06));
    this.last = this.anchor;
    this.lastSize = this.size();
    this.high = Math.round(Math.max(this.open, this.anchor) * (1 + random() * 0.02));
    this.low = Math.round(Math.min(this.open, this.anchor) * (1 - random() * 0.02));
    this.volume = this.usual * 4000;
    this.turnover = this.volume * this.anchor;
    for (let depth = 0; depth < fewestLevels + 20; depth++) {
      this.book.set('bids', this.anchor - 1 - depth, this.size());
      this.book.set('asks', this.anchor + 1 + depth, this.size());
    }
  }

  step(count: number): Step {
    this.time += stepMs;
    const changes: Change[] = [];
    const trades: Trade[] = [];
    while (changes.length < count) {
      if (this.random() < 0.12) this.trade(changes, trades);
      else changes.push(this.order());
      this.tend(changes);
    }
    return { quote: this, changes, trades, time: this.time };
  }

  price(units: number): Decimal {
    return unitsText(units, this.priceDigits);
  }

  amount(units: number): Decimal {
    return unitsText(units, this.sizeDigits);
  }

  best(side: BookSide): Readonly<Level> {
    const [level] = this.book[side];
    if (!level) throw new Error('a side of the book is empty');
    return level;
  }

  dollars(): Decimal {
    const inQuote = this.last / 10 ** this.priceDigits;
    return canonical((inQuote * Number(dollarsOf(this.pair.quote))).toFixed(this.priceDigits + 2) as Decimal);
  }

  /** Takes from the best price of the other side: rather down when it stands above its anchor. */
  private trade(changes: Change[], trades: Trade[]): void {
    const lean = Math.max(-0.4, Math.min(0.4, (this.last / this.anchor - 1) * 40));
    const side = this.random() < 0.5 - lean ? 'buy' : 'sell';
    const taken = side === 'buy' ? 'asks' : 'bids';
    const level = this.best(taken);
    const size = Math.min(level.size, this.size());
    const change = this.book.set(taken, level.price, level.size - size);
    changes.push(change);
    this.last = change.price;
    this.lastSize = size;
    this.high = Math.max(this.high, this.last);
    this.low = Math.min(this.low, this.last);
    this.volume += size;
    this.turnover += size * this.last;
    trades.push({ sequence: change.sequence, price: change.price, size, side, time: this.time });
  }

  /** Somebody places, changes or withdraws an order, mostly near the best price. */
  private order(): Change {
    const side: BookSide = this.random() < 0.5 ? 'bids' : 'asks';
    const levels = this.book[side];
    const inward = side === 'bids' ? 1 : -1;
    const index = Math.min(levels.length - 1, Math.floor(-Math.log(1 - this.random()) * 7));
    const level = levels[index] ?? this.best(side);
    const spread = this.best('asks').price - this.best('bids').price;
    const what = this.random();
    if (what < 0.3 && spread > 2) return this.book.set(side, this.best(side).price + inward, this.size());
    if (what < 0.45 && index > 0) return this.book.set(side, level.price, 0);
    return this.book.set(side, level.price - (what > 0.7 ? inward : 0), this.size());
  }

  /** Keeps both sides deep, and not too deep. */
  private tend(changes: Change[]): void {
    for (const side of ['bids', 'asks'] as const) {
      const levels = this.book[side];
      const outward = side === 'bids' ? -1 : 1;
      while (levels.length < fewestLevels) {
        changes.push(this.book.set(side, (levels.at(-1)?.price ?? this.anchor) + outward, this.size()));
      }
      while (levels.length > mostLevels) changes.push(this.book.set(side, levels.at(-1)?.price ?? 0, 0));
    }
  }

  private size(): number {
    return 1 + Math.floor(-Math.log(1 - this.random()) * this.usual);
  }
}

/** A count of increments of 10^-digits as decimal text, exactly. */
export function unitsText(units: number | bigint, digits: number): Decimal {
  const text = String(units < 0 ? -units : units).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = digits === 0 ? '' : text.slice(-digits).replace(/0+$/, '');
  return `${units < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}` as Decimal;
}
