import { JsonNumber } from '../../kucoin/jsonNumber';
import type { Agenda, Cancel } from '../agenda';
import type { Exchange } from '../exchange';
import type { BookSide, Change } from '../market/book';
import { stepMs, type Quote, type Step } from '../market/market';
import { tradingPairs } from '../market/symbols';
import { dayOf, fees, levelsOf, tickerOf } from '../market/views';
import type { Hub } from './hub';

export interface MarketPushesOptions {
  readonly exchange: () => Exchange;
  readonly hub: Hub;
  readonly agenda: Agenda;
}

/** Milliseconds between two snapshots (kucoin-api 11.6). */
const snapshotMs = 2000;

/** Changes in one message of the book. */
const changesPerMessage = 20;

/** What everybody may hear: keeps the market going as long as anybody listens to it, and no longer. */
export class MarketPushes {
  private stop: Cancel | undefined;
  private snapshotAt = 0;

  constructor(private readonly options: MarketPushesOptions) {}

  onInterest(): void {
    const wanted = this.symbols();
    const exchange = this.options.exchange();
    // From now on it moves.
    for (const symbol of wanted) exchange.market.at(symbol, exchange.now());
    if (wanted.size > 0) this.stop ??= this.options.agenda.every(stepMs, () => this.tick());
    else {
      this.stop?.();
      this.stop = undefined;
    }
  }

  /** A step of the market, whoever caused it. */
  onStep({ quote, changes, trades, time }: Step): void {
    const { hub } = this.options;
    const { symbol } = quote.pair;
    const channel = `/market/level2:${symbol}`;
    if (hub.isWanted('spot', channel)) {
      for (let from = 0; from < changes.length; from += changesPerMessage) {
        const some = changes.slice(from, from + changesPerMessage);
        const data = {
          changes: { asks: changesOf(quote, some, 'asks'), bids: changesOf(quote, some, 'bids') },
          sequenceStart: some[0]?.sequence,
          sequenceEnd: some.at(-1)?.sequence,
          symbol,
          time,
        };
        hub.publish({ host: 'spot', channel, subject: 'trade.l2update', data });
      }
    }
    const matches = `/market/match:${symbol}`;
    if (!hub.isWanted('spot', matches)) return;
    for (const { sequence, price, size, side, time: at } of trades) {
      const id = sequence.toString(16).padStart(20, '0');
      const data = {
        makerOrderId: `65ab${id}`,
        price: quote.price(price),
        sequence: String(sequence),
        side,
        size: quote.amount(size),
        symbol,
        takerOrderId: `65ac${id}`,
        // Nanoseconds: more than a float holds.
        time: `${at}000000`,
        tradeId: String(sequence),
        type: 'match',
      };
      hub.publish({ host: 'spot', channel: matches, subject: 'trade.l3match', data });
    }
  }

  private tick(): void {
    const { hub, exchange } = this.options;
    const { market } = exchange();
    const now = exchange().now();
    const wanted = hub.wanted('spot');
    const withSnapshots = now - this.snapshotAt >= snapshotMs || now < this.snapshotAt;
    if (withSnapshots) this.snapshotAt = now;
    for (const symbol of this.symbols()) {
      const quote = market.at(symbol, now);
      if (!quote) continue;
      this.tell(quote, wanted);
      if (withSnapshots) this.tellSnapshot(quote, wanted);
    }
  }

  /** Pictures of now, each where somebody wants it. */
  private tell(quote: Quote, wanted: ReadonlySet<string>): void {
    const { symbol } = quote.pair;
    const publish = (channel: string, subject: string, data: () => object): void => {
      if (wanted.has(channel)) this.options.hub.publish({ host: 'spot', channel, subject, data: data() });
    };
    const sides = (most: number) => (): object => ({
      asks: levelsOf(quote, 'asks', most),
      bids: levelsOf(quote, 'bids', most),
      timestamp: quote.time,
    });
    publish(`/market/ticker:${symbol}`, 'trade.ticker', () => ({ ...tickerOf(quote), Time: quote.time }));
    publish('/market/ticker:all', symbol, () => ({ ...tickerOf(quote), time: quote.time }));
    publish(`/spotMarket/level2Depth5:${symbol}`, 'level2', sides(5));
    publish(`/spotMarket/level2Depth50:${symbol}`, 'level2', sides(50));
    publish(`/spotMarket/level1:${symbol}`, 'level1', () => ({
      asks: levelsOf(quote, 'asks', 1)[0],
      bids: levelsOf(quote, 'bids', 1)[0],
      timestamp: quote.time,
    }));
  }

  /** `data` in `data`, with numbers (kucoin-api 11.6). */
  private tellSnapshot(quote: Quote, wanted: ReadonlySet<string>): void {
    const { symbol, market, base, quote: counter } = quote.pair;
    const { buy, sell, last, high, low, vol, volValue, changeRate, changePrice, averagePrice } = dayOf(quote);
    const numbers = { buy, sell, high, low, vol, volValue, changeRate, changePrice, averagePrice };
    const data = (): object => ({
      sequence: String(quote.book.sequence),
      data: {
        ...Object.fromEntries(
          Object.entries({ ...numbers, lastTradedPrice: last, open: quote.price(quote.open), ...fees }).map(
            ([name, text]) => [name, new JsonNumber(text)],
          ),
        ),
        symbol,
        symbolCode: symbol,
        baseCurrency: base,
        quoteCurrency: counter,
        market,
        markets: [market],
        trading: true,
        marginTrade: quote.pair.isMargin,
        datetime: quote.time,
        marketChange24h: {
          changePrice: new JsonNumber(changePrice),
          changeRate: new JsonNumber(changeRate),
          high: new JsonNumber(high),
          low: new JsonNumber(low),
          open: new JsonNumber(quote.price(quote.open)),
          vol: new JsonNumber(vol),
          volValue: new JsonNumber(volValue),
        },
      },
    });
    for (const channel of [`/market/snapshot:${symbol}`, `/market/snapshot:${market}`]) {
      if (!wanted.has(channel)) continue;
      this.options.hub.publish({ host: 'spot', channel, subject: 'trade.snapshot', data: data() });
    }
  }

  /** What anybody wants to hear of. Symbols that do not exist stay silent. */
  private symbols(): Set<string> {
    const found = new Set<string>();
    for (const channel of this.options.hub.wanted('spot')) {
      const [topic = '', name = ''] = channel.split(':');
      if (!topic.startsWith('/market/') && !topic.startsWith('/spotMarket/')) continue;
      for (const { symbol, market } of tradingPairs.values()) {
        const isMeant = name === symbol || (topic === '/market/ticker' && name === 'all');
        if (isMeant || (topic === '/market/snapshot' && name === market)) found.add(symbol);
      }
    }
    return found;
  }
}

function changesOf(quote: Quote, changes: readonly Change[], side: BookSide): string[][] {
  return changes
    .filter((change) => change.side === side)
    .map(({ price, size, sequence }) => [quote.price(price), quote.amount(size), String(sequence)]);
}
