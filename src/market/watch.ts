import * as v from 'valibot';
import type { KucoinClient } from '../kucoin/client';
import type { Decimal } from '../kucoin/decimal';
import {
  get24hrStats,
  getFullOrderBook,
  getPartOrderBook100,
  getPartOrderBook20,
} from '../kucoin/endpoints/market';
import { KucoinError, type ErrorKind } from '../kucoin/errors';
import type { FeedListener, FeedStatus } from '../kucoin/feed/connection';
import type { SnapshotEvent, TickerEvent } from '../kucoin/feed/events';
import { BookKeeper, type BookSnapshot, type Level } from '../kucoin/feed/orderBook';
import { readFrame, topicText } from '../kucoin/feed/topics';
import { tradingPair } from '../kucoin/schemaParts';
import type { Time } from '../kucoin/time';

/** Gives frames of public topics of the spot host, over whatever connection there is. */
export interface MarketFeed {
  listen(topics: readonly string[], listener: FeedListener): { dispose(): void };
}

/**
 * Where the levels come from. `book`: every level, kept by the documented rule; `best50`: pushes of the best fifty;
 * `best100` and `best20`: a public call, repeated while the feed is down.
 */
export type BookSource = 'book' | 'best50' | 'best100' | 'best20';

/**
 * `resyncing`: something was missed, the levels are those before. `snapshots`: there is no feed, and the best levels
 * are read now and then. `failed`: nothing more comes, see the reason.
 */
export type WatchState = 'stopped' | 'connecting' | 'live' | 'resyncing' | 'snapshots' | 'failed';

/** Why there is less than there could be. */
export type WatchReason =
  /** The exchange has no such pair. */
  | { readonly kind: 'unknownSymbol' }
  /** The key has no permission to read the whole book, or there is none; known without asking. */
  | { readonly kind: 'notAllowed' }
  /** The exchange refused the whole book. */
  | { readonly kind: 'noFullBook'; readonly error: KucoinError | undefined }
  /** The feed does not come about, or refused the topic. */
  | { readonly kind: 'noFeed'; readonly detail: string | undefined; readonly error: KucoinError | undefined }
  /** A call failed. */
  | { readonly kind: 'error'; readonly error: KucoinError | undefined };

/** Prices of a pair; what the exchange has not said is absent. */
export interface Ticker {
  readonly last?: Decimal | undefined;
  readonly bestBid?: Decimal | undefined;
  readonly bestBidSize?: Decimal | undefined;
  readonly bestAsk?: Decimal | undefined;
  readonly bestAskSize?: Decimal | undefined;
  /** Of 24 hours, as a fraction. */
  readonly changeRate?: Decimal | undefined;
  readonly changePrice?: Decimal | undefined;
  readonly high?: Decimal | undefined;
  readonly low?: Decimal | undefined;
  /** Of 24 hours, in the base currency. */
  readonly volume?: Decimal | undefined;
  /** Whether it can be traded now, where the feed has said so. */
  readonly isTrading?: boolean | undefined;
}

/** Everything that there is to show of a pair. */
export interface WatchView {
  readonly state: WatchState;
  readonly reason: WatchReason | undefined;
  /** Absent while there is no level at all. */
  readonly source: BookSource | undefined;
  /** Best price first. */
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  readonly ticker: Ticker;
  /** When the levels were last heard of, by the clock of this computer: milliseconds since the epoch. */
  readonly heardAt: number | undefined;
  /** How often something was missed, and the book made anew. */
  readonly resyncs: number;
}

export interface WatchOptions {
  readonly symbol: string;
  readonly client: Pick<KucoinClient, 'call'>;
  readonly feed: MarketFeed;
  readonly time: Time;
  /** Whether the key may read the whole book, which is not public (kucoin-api 8.33). */
  readonly mayReadFullBook: boolean;
  /** There is something new to show: with each change, thousands of times a second. */
  readonly onChange: () => void;
  /** For a log: what was odd and did no harm. */
  readonly note?: (text: string) => void;
}

interface Ear {
  over: boolean;
  listening?: { dispose(): void };
}

/** A connection that comes back so soon needs no calls, ms. */
const graceMs = 3_000;
/** While the feed is down: the best levels, and every so many times the figures of the day. */
const pollMs = 5_000;
const pollsPerDay = 12;
/** So many old changes in a row: the exchange counts anew. */
const staleLimit = 100;
/** Crossed for so long, the book is not that of the exchange, ms. */
const crossedMs = 2_000;
/** Shortest time between two new beginnings that nobody told to make, ms. */
const doubtMs = 10_000;

/** Of a call of this pair: trying again does not help. */
const hopeless: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'parameter',
  'invalidArgument',
  'notFound',
  'stale',
  'region',
  'ip',
]);

/**
 * The market of one pair while somebody looks: its order book, kept true, and its prices. Between `stop` and `start`
 * there is no request, no topic and no timer.
 */
export class MarketWatch {
  private life: AbortController | undefined;
  private ear: Ear | undefined;
  private polling: AbortController | undefined;
  /** The levels are those of a poll. */
  private polled = false;
  private keeper: BookKeeper | undefined;
  private mode: 'book' | 'best50' = 'book';
  private feedLive = false;
  private wasLive = false;
  private failed = false;
  private reason: WatchReason | undefined;
  /** Why the mode is not `book`, or the feed is not there. */
  private less: WatchReason | undefined;
  private best: Pick<BookSnapshot, 'bids' | 'asks'> = { bids: [], asks: [] };
  private source: BookSource | undefined;
  private ticker: Ticker = {};
  private heardAt: number | undefined;
  private resyncs = 0;
  private stale = 0;
  private crossedSince: number | undefined;
  private doubtedAt = -Infinity;

  constructor(private readonly options: WatchOptions) {}

  get state(): WatchState {
    if (this.failed) return 'failed';
    if (!this.life) return 'stopped';
    const isTrue = this.mode === 'book' ? this.keeper?.state === 'live' : this.source === 'best50';
    if (this.feedLive && isTrue) return 'live';
    if (this.polled) return 'snapshots';
    return this.wasLive ? 'resyncing' : 'connecting';
  }

  get view(): WatchView {
    const { source, keeper, best, ticker, heardAt, resyncs } = this;
    const levels =
      source === 'book' && keeper ? { bids: keeper.book.bids.top(), asks: keeper.book.asks.top() } : best;
    return {
      state: this.state,
      reason: this.reason ?? this.less,
      source,
      bids: levels.bids,
      asks: levels.asks,
      ticker,
      heardAt,
      resyncs,
    };
  }

  start(): void {
    if (this.life) return;
    const life = (this.life = new AbortController());
    this.failed = false;
    this.reason = undefined;
    this.wasLive = false;
    this.mode = this.options.mayReadFullBook ? 'book' : 'best50';
    this.less = this.options.mayReadFullBook ? undefined : { kind: 'notAllowed' };
    if (!v.is(tradingPair, this.options.symbol)) {
      this.fail({ kind: 'unknownSymbol' });
      return;
    }
    this.listen();
    void this.begin(life.signal);
    this.options.onChange();
  }

  stop(): void {
    this.freeze();
  }

  /** Ends all work; the last levels stay to be looked at. */
  private freeze(): void {
    if (this.source === 'book') this.best = { bids: this.view.bids, asks: this.view.asks };
    this.life?.abort();
    this.life = undefined;
    this.dropEar();
    this.stopPolling();
    this.dropKeeper();
    this.feedLive = false;
  }

  private dropKeeper(): void {
    const { keeper } = this;
    this.keeper = undefined; // hears nothing of its end
    keeper?.stop();
  }

  private fail(reason: WatchReason): void {
    this.freeze();
    this.failed = true;
    this.reason = reason;
    this.options.onChange();
  }

  private listen(): void {
    this.dropEar();
    this.dropKeeper();
    this.keeper = this.mode === 'book' ? this.newKeeper() : undefined;
    this.feedLive = false;
    const { symbol, feed } = this.options;
    const own = topicText(this.mode === 'book' ? 'orderBook' : 'depth50', symbol);
    const ear: Ear = (this.ear = { over: false });
    const ifCurrent = (work: () => void): void => {
      if (!ear.over) work();
    };
    const listening = feed.listen([own, topicText('ticker', symbol), topicText('snapshot', symbol)], {
      frame: (text) => ifCurrent(() => this.take(text)),
      gap: (topics) => ifCurrent(() => topics.includes(own) && this.subscribed()),
      status: (status) => ifCurrent(() => this.follow(status)),
      refused: (topics, reason) => ifCurrent(() => topics.includes(own) && this.refused(reason)),
    });
    // It may have told already what ends this listening.
    if (ear.over) listening.dispose();
    else ear.listening = listening;
  }

  private dropEar(): void {
    const { ear } = this;
    this.ear = undefined;
    if (!ear) return;
    ear.over = true;
    ear.listening?.dispose();
  }

  private newKeeper(): BookKeeper {
    const { client, symbol, time } = this.options;
    const keeper: BookKeeper = new BookKeeper({
      time,
      snapshot: (signal) => client.call(getFullOrderBook, { symbol }, { signal }),
      onState: (state, error) => {
        if (this.keeper !== keeper) return;
        if (state === 'live') {
          this.wasLive = true;
          this.source = 'book';
          this.stopPolling();
        } else if (state === 'syncing' && this.wasLive) this.resyncs += 1;
        else if (state === 'failed') this.giveUpBook(error);
        this.options.onChange();
      },
      onChange: () => {
        if (this.keeper === keeper) this.heard();
      },
    });
    return keeper;
  }

  /** The best levels and the day at once: a picture before the feed has shaken hands. */
  private async begin(signal: AbortSignal): Promise<void> {
    await Promise.all([this.readBest(signal, true), this.readDay(signal)]);
  }

  /**
   * @param only where nothing better has come meanwhile
   * @returns whether the levels are these now
   */
  private async readBest(signal: AbortSignal, only = false): Promise<boolean> {
    const { client, symbol } = this.options;
    try {
      let source: BookSource = 'best100';
      const read = await client
        .call(getPartOrderBook100, { symbol }, { signal, priority: 'background' })
        .catch((error: unknown) => {
          if (!KucoinError.is(error, 'rateLimit')) throw error;
          source = 'best20';
          return client.call(getPartOrderBook20, { symbol }, { signal, priority: 'background' });
        });
      if (signal.aborted || (only && this.state === 'live')) return false;
      this.best = read;
      this.source = source;
      this.heard();
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      const known = KucoinError.is(error) ? error : undefined;
      if (known?.kind === 'parameter' || known?.kind === 'notFound') this.fail({ kind: 'unknownSymbol' });
      else if (known && !hopeless.has(known.kind)) {
        // It passes: the feed, or the next reading, may do better.
        this.options.note?.(`the best levels could not be read: ${known.message}`);
        if (this.source === undefined) this.reason = { kind: 'error', error: known };
        this.options.onChange();
      } else this.fail({ kind: 'error', error: known });
      return false;
    }
  }

  private async readDay(signal: AbortSignal): Promise<void> {
    const { client, symbol, note } = this.options;
    try {
      const day = await client.call(get24hrStats, { symbol }, { signal, priority: 'background' });
      if (signal.aborted) return;
      const isOld = this.feedLive && this.ticker.last !== undefined;
      this.tell({
        ...(!isOld && { last: day.last, bestBid: day.buy, bestAsk: day.sell }),
        changeRate: day.changeRate,
        changePrice: day.changePrice,
        high: day.high,
        low: day.low,
        volume: day.vol,
      });
    } catch (error) {
      // The feed says the same soon; what is wrong for good is told by the levels.
      if (!signal.aborted) note?.(`the figures of the day could not be read: ${String(error)}`);
    }
  }

  private take(text: string): void {
    const event = readFrame(text);
    if (event.kind === 'unread') {
      this.options.note?.(event.detail);
      return; // a change that is missing is found by its sequence
    }
    if (event.name === 'snapshot') this.takeDay(event.data);
    else if (event.symbol !== this.options.symbol) return;
    else if (event.name === 'ticker') this.takeTicker(event.data);
    else if (event.name === 'orderBook') this.takeChange(event.data);
    else if (event.name === 'depth50' && this.mode === 'best50') {
      this.best = event.data;
      this.source = 'best50';
      this.wasLive = true;
      this.stopPolling();
      this.heard();
    }
  }

  private takeChange(change: Parameters<BookKeeper['update']>[0]): void {
    const { keeper } = this;
    const applied = keeper?.update(change);
    this.stale = applied === 'stale' ? this.stale + 1 : 0;
    if (this.stale >= staleLimit) this.doubt('the sequence of the order book went back');
  }

  private takeTicker({ price, bestBid, bestBidSize, bestAsk, bestAskSize }: TickerEvent): void {
    this.tell({ last: price, bestBid, bestBidSize, bestAsk, bestAskSize });
  }

  private takeDay(days: SnapshotEvent): void {
    const day = days.find(({ symbol }) => symbol === this.options.symbol);
    if (!day) return;
    const { changeRate, changePrice, high, low, vol, trading } = day;
    this.tell({ changeRate, changePrice, high, low, volume: vol, isTrading: trading });
  }

  /** What is said anew; what was left out stays as it was. */
  private tell(news: Partial<Record<keyof Ticker, Decimal | boolean | null | undefined>>): void {
    const said = Object.entries(news).filter(([, value]) => value !== null && value !== undefined);
    this.ticker = { ...this.ticker, ...Object.fromEntries(said) };
    this.options.onChange();
  }

  private heard(): void {
    this.heardAt = this.options.time.now();
    this.reason = undefined;
    this.watchCrossing();
    this.options.onChange();
  }

  private subscribed(): void {
    this.feedLive = true;
    if (this.less?.kind === 'noFeed')
      this.less = this.options.mayReadFullBook ? undefined : { kind: 'notAllowed' };
    if (this.mode === 'book') this.keeper?.gap();
    else if (this.life) void this.readBest(this.life.signal, true);
    this.options.onChange();
  }

  private follow({ state, reason, error }: FeedStatus): void {
    if (state === 'live') {
      this.feedLive = true;
    } else {
      this.feedLive = false;
      this.keeper?.lost();
      if (state === 'closed') this.less = { kind: 'noFeed', detail: reason, error };
      this.startPolling(state === 'closed' ? 0 : graceMs);
    }
    this.options.onChange();
  }

  private refused(detail: string): void {
    if (this.mode === 'book') this.giveUpBook(undefined);
    else {
      this.less = { kind: 'noFeed', detail, error: undefined };
      this.startPolling(0);
    }
  }

  /** The best fifty are public. */
  private giveUpBook(error: KucoinError | undefined): void {
    if (error?.kind === 'stale') {
      this.fail({ kind: 'error', error });
      return;
    }
    const { bids, asks } = this.view;
    if (this.source === 'book') this.best = { bids, asks };
    this.mode = 'best50';
    this.less = { kind: 'noFullBook', error };
    this.listen();
  }

  /** The levels cannot be true, though nothing said so: they are read anew, but not over and over. */
  private doubt(why: string): void {
    const now = this.options.time.monotonic();
    if (this.keeper?.state !== 'live' || now - this.doubtedAt < doubtMs) return;
    this.doubtedAt = now;
    this.stale = 0;
    this.options.note?.(why);
    this.keeper.gap();
  }

  private watchCrossing(): void {
    const { keeper } = this;
    if (keeper?.state !== 'live') return;
    const [bid, ask] = [keeper.book.bids.top(1)[0]?.[0], keeper.book.asks.top(1)[0]?.[0]];
    const isCrossed = bid !== undefined && ask !== undefined && Number(bid) >= Number(ask);
    const now = this.options.time.monotonic();
    if (!isCrossed) this.crossedSince = undefined;
    else if (now - (this.crossedSince ??= now) >= crossedMs) {
      this.crossedSince = undefined;
      this.doubt('the order book stayed crossed');
    }
  }

  private startPolling(afterMs: number): void {
    if (this.polling || !this.life) return;
    const polling = (this.polling = new AbortController());
    void this.poll(AbortSignal.any([this.life.signal, polling.signal]), afterMs);
  }

  private stopPolling(): void {
    this.polling?.abort();
    this.polling = undefined;
    this.polled = false;
  }

  private async poll(signal: AbortSignal, afterMs: number): Promise<void> {
    const { time } = this.options;
    try {
      await time.delay(afterMs, signal);
      for (let round = 1; !signal.aborted; round++) {
        if (await this.readBest(signal)) this.polled = true;
        if (round % pollsPerDay === 0) await this.readDay(signal);
        await time.delay(pollMs, signal);
      }
    } catch {
      // Nobody looks any more, or the feed is back.
    }
  }
}
