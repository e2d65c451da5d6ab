import type { KucoinClient } from '../../../src/kucoin/client';
import { KucoinError, type ErrorKind } from '../../../src/kucoin/errors';
import type { FeedListener } from '../../../src/kucoin/feed/connection';
import type { MarketFeed } from '../../../src/market/watch';
import { FakeTime } from '../support/fakeTime';

export function trouble(kind: ErrorKind): KucoinError {
  return new KucoinError({ kind, outcome: 'notExecuted', detail: 'invented' });
}

type Row = readonly [price: string, size: string];

export interface Book {
  sequence: number;
  bids: Row[];
  asks: Row[];
}

/** One subscription as the exchange sees it. */
export interface Listening {
  readonly topics: readonly string[];
  readonly listener: FeedListener;
  isOver: boolean;
}

export const symbol = 'BTC-USDT';
export const topic = {
  book: `/market/level2:${symbol}`,
  best: `/spotMarket/level2Depth50:${symbol}`,
  ticker: `/market/ticker:${symbol}`,
  day: `/market/snapshot:${symbol}`,
};

/** An exchange with one pair, whose calls take a round trip each and whose feed says what a test wants. */
export class FakeMarket implements MarketFeed {
  readonly time = new FakeTime();
  /** Of one call, ms. */
  roundTripMs = 50;
  readonly calls: string[] = [];
  /** Calls that fail, by the last part of their path. */
  readonly troubles = new Map<string, ErrorKind>();
  readonly listenings: Listening[] = [];
  readonly book: Book = {
    sequence: 100,
    bids: [
      ['99', '1'],
      ['98', '2'],
    ],
    asks: [
      ['101', '1'],
      ['102', '2'],
    ],
  };

  readonly client: Pick<KucoinClient, 'call'> = {
    call: async (endpoint, _params, options) => {
      const name = endpoint.path.split('/').at(-1) ?? '';
      this.calls.push(name);
      await this.time.delay(this.roundTripMs, options?.signal);
      const kind = this.troubles.get(name);
      if (kind) throw trouble(kind);
      return this.answer(name);
    },
  };

  listen(topics: readonly string[], listener: FeedListener): { dispose(): void } {
    const listening: Listening = { topics, listener, isOver: false };
    this.listenings.push(listening);
    return { dispose: () => void (listening.isOver = true) };
  }

  /** Those who listen now. */
  get listening(): Listening[] {
    return this.listenings.filter(({ isOver }) => !isOver);
  }

  get listener(): FeedListener {
    const [only] = this.listening;
    if (!only) throw new Error('nobody listens');
    return only.listener;
  }

  /** The feed is subscribed. */
  goLive(): void {
    this.listener.status({ state: 'live' });
    this.listener.gap(this.listening[0]?.topics ?? []);
  }

  say(about: string, subject: string, data: object): void {
    this.listener.frame(JSON.stringify({ type: 'message', topic: about, subject, data }));
  }

  /** A change of one bid; `isLost`: it never arrives. */
  change(price: string, size: string, { isLost = false, sequence = ++this.book.sequence } = {}): void {
    const others = this.book.bids.filter(([other]) => other !== price);
    this.book.bids = size === '0' ? others : [...others, [price, size]];
    this.book.bids.sort(([a], [b]) => Number(b) - Number(a));
    if (isLost) return;
    this.say(topic.book, 'trade.l2update', {
      symbol,
      sequenceStart: sequence,
      sequenceEnd: sequence,
      changes: { asks: [], bids: [[price, size, String(sequence)]] },
    });
  }

  private answer(name: string): unknown {
    if (name === 'stats') return day;
    return { time: this.time.now(), ...structuredClone(this.book), sequence: String(this.book.sequence) };
  }
}

export const day = {
  time: 1,
  symbol,
  buy: '99',
  sell: '101',
  changeRate: '-0.0123',
  changePrice: '-1',
  high: '110',
  low: '90',
  vol: '1000',
  volValue: null,
  last: '100',
};
