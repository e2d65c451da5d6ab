/** One price of a book, in whole units of the price increment and of the size increment. */
export interface Level {
  readonly price: number;
  size: number;
  /** Of its last change. */
  sequence: number;
}

export type BookSide = 'bids' | 'asks';

/** One change of the book: a size of zero removes the level. */
export interface Change extends Readonly<Level> {
  readonly side: BookSide;
}

/** An order book aggregated by price, best price first on both sides. Every change takes the next sequence. */
export class Book {
  readonly bids: Level[] = [];
  readonly asks: Level[] = [];

  constructor(public sequence: number) {}

  set(side: BookSide, price: number, size: number): Change {
    const levels = this[side];
    const sequence = ++this.sequence;
    const index = this.indexOf(side, price);
    const level = levels[index];
    if (level?.price === price) {
      if (size === 0) levels.splice(index, 1);
      else Object.assign(level, { size, sequence });
    } else if (size > 0) levels.splice(index, 0, { price, size, sequence });
    return { side, price, size, sequence };
  }

  /** Where a price stands, or would. */
  private indexOf(side: BookSide, price: number): number {
    const levels = this[side];
    const sign = side === 'asks' ? 1 : -1;
    let [low, high] = [0, levels.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sign * (levels[middle]?.price ?? 0) < sign * price) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
