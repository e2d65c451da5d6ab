import assert from 'node:assert/strict';
import Big from 'big.js';
import { decimal, type Decimal } from '../../../../src/kucoin/decimal';
import { KucoinError } from '../../../../src/kucoin/errors';
import type { OrderBookEvent } from '../../../../src/kucoin/feed/events';
import {
  BookKeeper,
  BookSide,
  LocalOrderBook,
  type BookSnapshot,
  type BookState,
  type Level,
} from '../../../../src/kucoin/feed/orderBook';
import { FakeTime, settled } from '../../support/fakeTime';

const level = (price: string, size: string): Level => [decimal(price), decimal(size)];
const picture: BookSnapshot = {
  sequence: '16',
  bids: [level('3988.59', '3'), level('3988.6', '47')],
  asks: [level('3988.61', '44'), level('3988.62', '8')],
};

type Change = readonly [price: string, size: string, sequence: number];

function update(
  start: number,
  end: number,
  changes: { asks?: readonly Change[]; bids?: readonly Change[] },
): OrderBookEvent {
  const list = (given: readonly Change[] = []): [Decimal, Decimal, number][] =>
    given.map(([price, size, sequence]) => [decimal(price), decimal(size), sequence]);
  return {
    symbol: 'BTC-USDT',
    sequenceStart: start,
    sequenceEnd: end,
    changes: { asks: list(changes.asks), bids: list(changes.bids) },
  };
}

function loaded(): LocalOrderBook {
  const book = new LocalOrderBook();
  assert.equal(book.snapshot(picture), true);
  return book;
}

describe('side of an order book', () => {
  it('has the best price first', () => {
    const book = loaded();
    assert.deepEqual(book.bids.top(), [level('3988.6', '47'), level('3988.59', '3')]);
    assert.deepEqual(book.asks.top(1), [level('3988.61', '44')]);
  });

  it('counts a price by its value, not by its digits', () => {
    const side = new BookSide('asks');
    side.set(decimal('1.10'), decimal('1'));
    side.set(decimal('1.1'), decimal('2'));
    assert.deepEqual(side.top(), [level('1.1', '2')]);
    side.set(decimal('1.100'), decimal('0.000'));
    assert.equal(side.depth, 0);
  });

  it('orders prices that are one as floats', () => {
    const prices = ['0.12345678901234567891', '0.12345678901234567892', '0.1234567890123456789'];
    const [asks, bids] = [new BookSide('asks'), new BookSide('bids')];
    for (const price of prices) {
      asks.set(decimal(price), decimal('1'));
      bids.set(decimal(price), decimal('1'));
    }
    assert.equal(new Set(prices.map(Number)).size, 1);
    const sorted = [prices[2], prices[0], prices[1]];
    assert.deepEqual(
      asks.top().map(([price]) => price),
      sorted,
    );
    assert.deepEqual(
      bids.top().map(([price]) => price),
      sorted.toReversed(),
    );
    asks.set(decimal(prices[0]!), decimal('0'));
    assert.deepEqual(
      asks.top().map(([price]) => price),
      [prices[2], prices[1]],
    );
  });

  it('ignores the removal of what is not there, and the price zero', () => {
    const side = new BookSide('bids');
    side.set(decimal('5'), decimal('0'));
    side.set(decimal('0'), decimal('7'));
    side.set(decimal('0.00'), decimal('7'));
    side.replace([level('0', '1'), level('3', '0'), level('2', '1')]);
    assert.deepEqual(side.top(), [level('2', '1')]);
  });
});

describe('local order book', () => {
  it('follows the example of the documentation', () => {
    const book = new LocalOrderBook();
    // Queued while the snapshot of sequence 16 is on its way.
    assert.equal(book.update(update(15, 16, { asks: [['3988.59', '3', 16]] })), 'queued');
    assert.equal(
      book.update(update(17, 18, { asks: [['3988.61', '0', 17]], bids: [['3988.6', '44', 18]] })),
      'queued',
    );
    assert.equal(book.snapshot(picture), true);
    assert.equal(book.sequence, 18);
    assert.deepEqual(book.asks.top(), [level('3988.62', '8')]);
    assert.deepEqual(book.bids.top(1), [level('3988.6', '44')]);
  });

  it('skips changes inside an update that the snapshot has already', () => {
    const book = loaded();
    assert.equal(
      book.update(
        update(15, 18, {
          asks: [
            ['3988.61', '1', 15],
            ['3988.62', '9', 17],
          ],
          bids: [
            ['1', '1', 16],
            ['2', '2', 18],
          ],
        }),
      ),
      'applied',
    );
    assert.deepEqual(book.asks.top(), [level('3988.61', '44'), level('3988.62', '9')]);
    assert.equal(book.bids.depth, 3);
  });

  it('lets a repeated or older update pass, and moves on with one that changes nothing', () => {
    const book = loaded();
    const next = update(17, 17, { asks: [['3988.61', '5', 17]] });
    assert.deepEqual(
      [book.update(next), book.update(next), book.update(update(1, 16, {}))],
      ['applied', 'stale', 'stale'],
    );
    assert.equal(book.update(update(18, 18, { asks: [['0', '4', 18]] })), 'applied');
    assert.deepEqual([book.sequence, book.asks.depth], [18, 2]);
  });

  it('sees a gap, and queues for the snapshot that it asks for', () => {
    const book = loaded();
    assert.equal(book.update(update(18, 18, { asks: [['3988.61', '5', 18]] })), 'gap');
    assert.equal(book.sequence, undefined);
    assert.equal(book.update(update(19, 19, { asks: [['3988.61', '6', 19]] })), 'queued');
    assert.equal(book.snapshot(picture), false, 'older than what is queued');
    assert.equal(book.snapshot({ ...picture, sequence: '17' }), true);
    assert.deepEqual([book.sequence, book.asks.top(1)], [19, [level('3988.61', '6')]]);
  });

  it('takes what was queued out of order, and sees a hole in it', () => {
    const book = new LocalOrderBook();
    for (const n of [19, 17, 18]) book.update(update(n, n, { asks: [['3988.61', String(n), n]] }));
    assert.equal(book.snapshot(picture), true);
    assert.deepEqual(book.asks.top(1), [level('3988.61', '19')]);
    book.restart();
    for (const n of [17, 19]) book.update(update(n, n, {}));
    assert.equal(book.snapshot(picture), false);
    assert.equal(book.snapshot({ ...picture, sequence: '18' }), true);
    assert.equal(book.sequence, 19);
  });

  it('refuses a snapshot whose sequence cannot be compared', () => {
    for (const sequence of ['', 'x', '-1', '1.5', '9007199254740993']) {
      const book = new LocalOrderBook();
      assert.throws(
        () => book.snapshot({ ...picture, sequence }),
        (error) => KucoinError.is(error, 'malformedReply'),
      );
    }
  });

  it('keeps a bounded queue, and needs a newer snapshot when that was too long', () => {
    const book = new LocalOrderBook();
    for (let n = 17; n <= 50_000; n++) book.update(update(n, n, {}));
    assert.equal(book.snapshot(picture), false);
    assert.equal(book.snapshot({ ...picture, sequence: '45000' }), true);
    assert.equal(book.sequence, 50_000);
  });

  it('shows the best levels of a push as they are', () => {
    const book = loaded();
    book.show({ bids: [level('1', '2')], asks: [] });
    assert.deepEqual([book.bids.top(), book.asks.top(), book.sequence], [[level('1', '2')], [], undefined]);
  });
});

describe('keeper of an order book', () => {
  class Exchange {
    readonly time = new FakeTime();
    readonly states: BookState[] = [];
    readonly asked: {
      resolve: (read: BookSnapshot) => void;
      reject: (error: unknown) => void;
      signal: AbortSignal;
    }[] = [];
    changes = 0;
    readonly keeper = new BookKeeper({
      snapshot: (signal) => new Promise((resolve, reject) => this.asked.push({ resolve, reject, signal })),
      time: this.time,
      onState: (state) => this.states.push(state),
      onChange: () => this.changes++,
    });

    async answer(read: BookSnapshot = picture): Promise<void> {
      this.asked.at(-1)?.resolve(read);
      await settled();
    }
  }

  it('reads a snapshot once it is subscribed, and again after a gap: one round trip each', async () => {
    const exchange = new Exchange();
    const { keeper } = exchange;
    keeper.gap();
    keeper.update(update(17, 17, { asks: [['3988.61', '1', 17]] }));
    await exchange.answer();
    assert.deepEqual([keeper.state, keeper.book.sequence], ['live', 17]);
    assert.equal(keeper.update(update(19, 19, { asks: [['3988.61', '3', 19]] })), 'gap');
    keeper.update(update(20, 20, { asks: [['3988.61', '4', 20]] }));
    assert.deepEqual([keeper.state, exchange.asked.length], ['syncing', 2]);
    await exchange.answer({ ...picture, sequence: '18' });
    assert.deepEqual(
      [keeper.state, keeper.book.sequence, keeper.book.asks.top(1)],
      ['live', 20, [level('3988.61', '4')]],
    );
    assert.deepEqual(exchange.states, ['syncing', 'live', 'syncing', 'live']);
    assert.equal(exchange.time.sleeping, 0);
  });

  it('reads another snapshot when the first was too old', async () => {
    const exchange = new Exchange();
    exchange.keeper.gap();
    exchange.keeper.update(update(30, 30, {}));
    await exchange.answer();
    assert.equal(exchange.keeper.state, 'syncing');
    await exchange.time.advance(250);
    await exchange.answer({ ...picture, sequence: '31' });
    assert.deepEqual([exchange.keeper.state, exchange.asked.length], ['live', 2]);
  });

  it('leaves a reply to an earlier question aside', async () => {
    const exchange = new Exchange();
    exchange.keeper.gap();
    exchange.keeper.gap();
    exchange.asked[0]?.resolve({ ...picture, sequence: '1' });
    await settled();
    assert.deepEqual([exchange.keeper.state, exchange.asked[0]?.signal.aborted], ['syncing', true]);
    await exchange.answer();
    assert.equal(exchange.keeper.book.sequence, 16);
  });

  it('tries again what passes, and says what does not', async () => {
    const exchange = new Exchange();
    exchange.keeper.gap();
    exchange.asked[0]?.reject(new KucoinError({ kind: 'network', outcome: 'unknown' }));
    await exchange.time.advance(250);
    assert.equal(exchange.asked.length, 2);
    exchange.asked[1]?.reject(new KucoinError({ kind: 'permission', outcome: 'notExecuted' }));
    await exchange.time.advance(60_000);
    assert.deepEqual(
      [exchange.keeper.state, exchange.asked.length, exchange.time.sleeping],
      ['failed', 2, 0],
    );
  });

  it('is not live while the connection is lost, and ends with nothing running', async () => {
    const exchange = new Exchange();
    exchange.keeper.gap();
    await exchange.answer();
    exchange.keeper.lost();
    assert.deepEqual([exchange.keeper.state, exchange.keeper.book.asks.depth], ['syncing', 2]);
    exchange.keeper.gap();
    exchange.keeper.stop();
    await exchange.answer();
    assert.deepEqual(
      [exchange.keeper.state, exchange.time.sleeping, exchange.keeper.book.sequence],
      ['stopped', 0, undefined],
    );
  });
});

/** A market whose book is kept in the plainest way: a map of prices, sorted when it is asked for. */
class Oracle {
  sequence = 1_000;
  /** Size by price in cents. */
  private readonly sides = { asks: new Map<number, string>(), bids: new Map<number, string>() };

  constructor(private readonly random: () => number) {}

  private below(n: number): number {
    return Math.floor(this.random() * n);
  }

  /** One message of a few changes. */
  next(): OrderBookEvent {
    const changes = { asks: [] as Change[], bids: [] as Change[] };
    const start = this.sequence + 1;
    for (let count = 1 + this.below(4); count > 0; count--) {
      const side = this.below(2) === 0 ? 'asks' : 'bids';
      const sequence = ++this.sequence;
      const cents = (side === 'asks' ? 10_000 : 9_900) + this.below(100);
      const value = new Big(cents).div(100);
      const price = this.below(3) === 0 ? value.toFixed(4) : value.toFixed();
      const size = this.below(3) === 0 ? '0' : new Big(1 + this.below(1_000_000)).div(1e6).toFixed();
      if (size === '0') this.sides[side].delete(cents);
      else this.sides[side].set(cents, size);
      changes[side].push([price, size, sequence]);
    }
    return update(start, this.sequence, changes);
  }

  picture(): BookSnapshot {
    const sorted = (side: 'asks' | 'bids', sign: number): Level[] =>
      [...this.sides[side]]
        .sort(([a], [b]) => sign * (a - b))
        .map(([cents, size]) => level(String(cents / 100), size));
    return { sequence: String(this.sequence), asks: sorted('asks', 1), bids: sorted('bids', -1) };
  }
}

function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('order book against an oracle', () => {
  it('is the same whenever it is live, with losses, repetitions, disorder and late snapshots', async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
    console.log(`      order book: SEED=${seed}`);
    const random = chanceOf(seed);
    let [compared, gaps, sent] = [0, 0, 0];
    for (let round = 0; round < 10; round++) {
      const oracle = new Oracle(random);
      for (let n = 0; n < 200; n++) oracle.next();
      const time = new FakeTime();
      const asked: ((read: BookSnapshot) => void)[] = [];
      const keeper = new BookKeeper({
        snapshot: () => new Promise((resolve) => asked.push(resolve)),
        time,
        onState: () => undefined,
      });
      keeper.gap();
      const answer = async (): Promise<void> => {
        const read = oracle.picture();
        const resolve = asked.shift();
        if (!resolve) {
          await time.advanceToNext();
          return;
        }
        for (let late = Math.floor(random() * 4); late > 0; late--) keeper.update(oracle.next());
        resolve(read);
        await settled();
      };
      let held: OrderBookEvent | undefined;
      for (let n = 0; n < 300; n++) {
        const event = oracle.next();
        const chance = random();
        sent++;
        if (chance < 0.02) continue; // lost
        if (chance < 0.04) {
          held = event; // comes late, or never
          continue;
        }
        for (const one of chance < 0.06 ? [event, event] : [event]) if (keeper.update(one) === 'gap') gaps++;
        if (held && random() < 0.5) {
          keeper.update(held);
          held = undefined;
        }
        if (random() < 0.3 && keeper.state !== 'live') await answer();
        if (keeper.state === 'live' && keeper.book.sequence === oracle.sequence) {
          const { asks, bids } = keeper.book;
          const wanted = oracle.picture();
          assert.equal(
            JSON.stringify([asks.top(), bids.top()]),
            JSON.stringify([wanted.asks, wanted.bids]),
            `seed ${seed}`,
          );
          compared++;
        }
      }
      // The next message tells whether the last one was lost.
      keeper.update(oracle.next());
      while (keeper.state !== 'live') await answer();
      const last = oracle.picture();
      assert.deepEqual(
        [keeper.book.asks.top(), keeper.book.bids.top()],
        [last.asks, last.bids],
        `seed ${seed}`,
      );
      keeper.stop();
    }
    assert.ok(compared > sent / 3 && gaps > 20, `${compared} compared, ${gaps} gaps of ${sent}`);
  });
});
