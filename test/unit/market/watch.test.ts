import assert from 'node:assert/strict';
import { MarketWatch, type WatchOptions } from '../../../src/market/watch';
import { settled } from '../support/fakeTime';
import { day, FakeMarket, symbol, topic } from './support';

describe('watch over the market of a pair', () => {
  let market: FakeMarket;
  let changes: number;
  let notes: string[];

  function open(more: Partial<WatchOptions> = {}): MarketWatch {
    return new MarketWatch({
      symbol,
      client: market.client,
      feed: market,
      time: market.time,
      mayReadFullBook: true,
      onChange: () => changes++,
      note: (text) => notes.push(text),
      ...more,
    });
  }

  async function openLive(more: Partial<WatchOptions> = {}): Promise<MarketWatch> {
    const watch = open(more);
    watch.start();
    await market.time.advance(market.roundTripMs);
    market.goLive();
    await market.time.advance(market.roundTripMs);
    assert.equal(watch.state, 'live');
    return watch;
  }

  beforeEach(() => {
    market = new FakeMarket();
    changes = 0;
    notes = [];
  });

  it('shows the best levels after one round trip, before the feed is there', async () => {
    const watch = open();
    watch.start();
    assert.equal(watch.state, 'connecting');
    await market.time.advance(50);
    const { source, bids, ticker, state } = watch.view;
    assert.deepEqual([source, state, bids[0]], ['best100', 'connecting', ['99', '1']]);
    assert.deepEqual([ticker.last, ticker.changeRate, ticker.high], ['100', '-0.0123', '110']);
    assert.deepEqual(market.calls.sort(), ['level2_100', 'stats']);
  });

  it('keeps the whole book by the rule once the feed is there', async () => {
    const watch = await openLive();
    market.change('98.5', '4');
    market.change('98', '0');
    const { source, bids, asks, state } = watch.view;
    assert.deepEqual([source, state], ['book', 'live']);
    assert.deepEqual(bids, market.book.bids);
    assert.deepEqual(asks, market.book.asks);
    assert.deepEqual(market.listening[0]?.topics, [topic.book, topic.ticker, topic.day]);
  });

  it('is true again one round trip after a gap was noticed, with one call', async () => {
    const watch = await openLive();
    const before = market.calls.length;
    market.change('97', '5', { isLost: true });
    market.change('96', '6');
    assert.equal(watch.state, 'resyncing');
    assert.equal(watch.view.bids.length, 2); // what was there stays
    const start = market.time.monotonic();
    while ((watch.state as string) !== 'live') assert.ok(await market.time.advanceToNext());
    assert.ok(market.time.monotonic() - start < 2 * market.roundTripMs);
    assert.deepEqual(watch.view.bids, market.book.bids);
    assert.deepEqual(market.calls.slice(before), ['level2']);
    assert.equal(watch.view.resyncs, 1);
  });

  it('makes ten thousand changes a second its own, exactly', async () => {
    const watch = await openLive();
    for (let i = 0; i < 10_000; i++) market.change(String(50 + (i % 40)), String((i * 7) % 11));
    assert.deepEqual(watch.view.bids, market.book.bids);
    assert.ok(changes > 10_000); // whoever shows it has to wait between pictures
    assert.equal(market.time.sleeping, 0);
  });

  it('has no call, no topic and no timer left when it is stopped, in whatever state', async () => {
    const moments: (() => Promise<MarketWatch>)[] = [
      () => Promise.resolve(open()),
      () => {
        const watch = open();
        watch.start();
        return Promise.resolve(watch);
      },
      () => openLive(),
      async () => {
        const watch = await openLive();
        market.change('97', '5', { isLost: true });
        market.change('96', '6');
        return watch;
      },
      async () => {
        const watch = await openLive();
        market.listener.status({ state: 'reconnecting' });
        await market.time.advance(20_000);
        return watch;
      },
      async () => {
        const watch = open({ mayReadFullBook: false });
        watch.start();
        market.goLive();
        await market.time.advance(20);
        return watch;
      },
    ];
    for (const moment of moments) {
      market = new FakeMarket();
      const watch = await moment();
      watch.stop();
      await settled();
      const { length } = market.calls;
      await market.time.advance(120_000);
      assert.deepEqual([market.calls.length, market.listening.length, market.time.sleeping], [length, 0, 0]);
      assert.equal(watch.state, 'stopped');
    }
  });

  it('begins anew when it is started again, and shows the old levels until then', async () => {
    const watch = await openLive();
    watch.stop();
    assert.deepEqual(watch.view.bids, market.book.bids);
    market.change('97', '5', { isLost: true });
    watch.start();
    watch.start();
    assert.equal(market.listening.length, 1);
    await market.time.advance(50);
    market.goLive();
    await market.time.advance(50);
    assert.deepEqual([watch.state, watch.view.bids], ['live', market.book.bids]);
  });

  it('takes prices from the feed, and what it does not say stays', async () => {
    const watch = await openLive();
    market.say(topic.ticker, 'trade.ticker', {
      sequence: '5',
      price: '105',
      bestBid: '104',
      bestAsk: null,
      Time: 1,
    });
    const { last, bestBid, bestAsk, changeRate } = watch.view.ticker;
    assert.deepEqual([last, bestBid, bestAsk, changeRate], ['105', '104', day.sell, day.changeRate]);
    market.listener.frame(
      `{"type":"message","topic":"${topic.day}","subject":"trade.snapshot","data":{"data":{"symbol":"${symbol}","changeRate":0.10000000000000000001,"trading":false,"datetime":1}}}`,
    );
    assert.equal(watch.view.ticker.changeRate, '0.10000000000000000001');
    assert.equal(watch.view.ticker.isTrading, false);
    assert.equal(watch.view.ticker.last, '105');
  });

  describe('without the whole book', () => {
    const best = { asks: [['101', '9']], bids: [['99', '9']], timestamp: 1 };

    it('shows the best fifty where the key may not read more, and does not try', async () => {
      const watch = open({ mayReadFullBook: false });
      watch.start();
      market.goLive();
      market.say(topic.best, 'level2', best);
      const { state, source, reason, bids } = watch.view;
      assert.deepEqual([state, source, reason?.kind, bids], ['live', 'best50', 'notAllowed', best.bids]);
      await market.time.advance(1_000);
      assert.equal(watch.view.source, 'best50');
      assert.ok(!market.calls.includes('level2'));
    });

    for (const kind of ['permission', 'ip', 'keyUnknown'] as const) {
      it(`shows the best fifty when the exchange refuses it: ${kind}`, async () => {
        market.troubles.set('level2', kind);
        const watch = open();
        watch.start();
        await market.time.advance(50);
        market.goLive();
        await market.time.advance(50);
        assert.deepEqual(market.listening[0]?.topics[0], topic.best);
        market.goLive();
        market.say(topic.best, 'level2', best);
        const { state, source, reason } = watch.view;
        assert.deepEqual([state, source, reason?.kind], ['live', 'best50', 'noFullBook']);
        assert.equal(market.calls.filter((name) => name === 'level2').length, 1);
      });
    }

    it('shows the best fifty when the feed refuses the topic of the book', () => {
      const watch = open();
      watch.start();
      market.listener.refused?.([topic.book], '404 topic does not exist');
      market.goLive();
      market.say(topic.best, 'level2', best);
      assert.deepEqual(
        [watch.state, watch.view.source, watch.view.reason?.kind],
        ['live', 'best50', 'noFullBook'],
      );
    });

    it('is the best levels again and again when the feed gives none of them', async () => {
      const watch = open();
      watch.start();
      market.listener.refused?.([topic.book], '404');
      market.listener.refused?.([topic.best], '404');
      await market.time.advance(100);
      assert.deepEqual([watch.state, watch.view.reason?.kind], ['snapshots', 'noFeed']);
    });
  });

  describe('without a feed', () => {
    it('reads the best levels every five seconds when the token is refused, and says why', async () => {
      const watch = open();
      watch.start();
      market.listener.status({ state: 'closed', reason: 'permission' });
      await market.time.advance(60_000);
      const { state, source, reason } = watch.view;
      assert.deepEqual([state, source], ['snapshots', 'best100']);
      assert.deepEqual(reason, { kind: 'noFeed', detail: 'permission', error: undefined });
      const reads = market.calls.filter((name) => name === 'level2_100').length;
      assert.ok(reads >= 12 && reads <= 14, String(reads));
    });

    it('asks for twenty levels where the quota is used up', async () => {
      market.troubles.set('level2_100', 'rateLimit');
      const watch = open();
      watch.start();
      await market.time.advance(100);
      assert.equal(watch.view.source, 'best20');
    });

    it('waits for a connection that comes back at once', async () => {
      const watch = await openLive();
      const before = market.calls.length;
      market.listener.status({ state: 'reconnecting', reason: '1006' });
      await market.time.advance(2_900);
      assert.equal(watch.state, 'resyncing');
      assert.equal(market.calls.length, before);
      market.goLive();
      await market.time.advance(50);
      assert.equal(watch.state, 'live');
      await market.time.advance(60_000);
      assert.deepEqual(market.calls.slice(before), ['level2']);
      assert.equal(market.time.sleeping, 0);
    });

    it('goes back to the whole book when the feed comes back late', async () => {
      const watch = await openLive();
      market.listener.status({ state: 'reconnecting' });
      await market.time.advance(10_000);
      assert.deepEqual([watch.state, watch.view.source], ['snapshots', 'best100']);
      market.goLive();
      await market.time.advance(50);
      assert.deepEqual([watch.state, watch.view.source], ['live', 'book']);
      assert.equal(market.time.sleeping, 0);
    });
  });

  describe('given what should not be', () => {
    it('says that there is no such pair, and leaves the feed', async () => {
      market.troubles.set('level2_100', 'parameter');
      const watch = open();
      watch.start();
      await market.time.advance(50);
      assert.deepEqual([watch.state, watch.view.reason], ['failed', { kind: 'unknownSymbol' }]);
      assert.equal(market.listening.length, 0);
      market.troubles.clear();
      watch.stop();
      watch.start();
      await market.time.advance(50);
      assert.equal(watch.state, 'connecting');
    });

    for (const name of ['<img src=x>', 'BTC-USDT,ETH-USDT', 'all', '']) {
      it(`asks the exchange nothing about "${name}"`, async () => {
        const watch = open({ symbol: name });
        watch.start();
        await market.time.advance(1_000);
        assert.deepEqual([watch.state, market.calls, market.listenings], ['failed', [], []]);
      });
    }

    it('goes on without the figures of the day', async () => {
      market.troubles.set('stats', 'unavailable');
      const watch = await openLive();
      assert.equal(watch.view.ticker.last, undefined);
      assert.equal(notes.length, 1);
    });

    it('tells what went wrong while nothing can be read, and forgets it later', async () => {
      market.troubles.set('level2_100', 'network');
      const watch = open();
      watch.start();
      await market.time.advance(50);
      assert.deepEqual([watch.state, watch.view.reason?.kind], ['connecting', 'error']);
      market.goLive();
      await market.time.advance(50);
      assert.deepEqual([watch.state, watch.view.reason], ['live', undefined]);
    });

    it('ends with its client', async () => {
      const watch = await openLive();
      market.troubles.set('level2', 'stale');
      market.goLive();
      await market.time.advance(50);
      assert.equal(watch.state, 'failed');
      assert.equal(market.listening.length, 0);
    });

    it('takes an empty book for what it is', async () => {
      market.book.bids = [];
      market.book.asks = [];
      const watch = await openLive();
      assert.deepEqual([watch.view.bids, watch.view.asks], [[], []]);
    });

    it('drops frames that cannot be read, of other pairs and of topics that it did not ask for', async () => {
      const watch = await openLive();
      const before = watch.view.bids;
      market.listener.frame('not JSON');
      market.say(topic.book, 'trade.l2update', { symbol, sequenceStart: 'x' });
      market.say(`/market/ticker:ETH-USDT`, 'trade.ticker', { sequence: '1', price: '1', Time: 1 });
      market.say(topic.best, 'level2', { asks: [], bids: [], timestamp: 1 });
      assert.deepEqual([watch.state, watch.view.bids, watch.view.ticker.last], ['live', before, day.last]);
      assert.equal(notes.length, 2);
    });

    it('drops a change that comes twice, and one that is late', async () => {
      const watch = await openLive();
      market.change('98.5', '4');
      market.change('98.4', '7', { sequence: 50 });
      assert.ok(!watch.view.bids.some(([price]) => price === '98.4'));
      assert.equal(watch.state, 'live');
    });

    it('begins anew when the exchange counts from the start again, but not over and over', async () => {
      const watch = await openLive();
      market.book.sequence = 1;
      for (let i = 0; i < 100; i++) market.change('97', String(i + 1), i === 99 ? {} : { sequence: 1 });
      const before = market.calls.filter((name) => name === 'level2').length;
      await market.time.advance(50);
      assert.equal(watch.state, 'live');
      assert.deepEqual(watch.view.bids, market.book.bids);
      for (let i = 0; i < 1_000; i++) market.change('96', '1', { sequence: 1 });
      assert.equal(market.calls.filter((name) => name === 'level2').length, before);
    });

    it('reads a book anew that stays crossed', async () => {
      const watch = await openLive();
      market.change('105', '1');
      assert.equal(watch.state, 'live');
      await market.time.advance(2_000);
      const before = market.calls.length;
      market.book.bids = [['99', '1']];
      market.change('98', '3');
      await market.time.advance(50);
      assert.deepEqual(market.calls.slice(before), ['level2']);
      assert.deepEqual(watch.view.bids[0], ['99', '1']);
    });

    it('asks nothing anew of a book that was crossed for a moment', async () => {
      const watch = await openLive();
      const before = market.calls.length;
      market.change('105', '1');
      market.change('105', '0');
      await market.time.advance(5_000);
      market.change('98', '3');
      assert.deepEqual([watch.state, market.calls.length], ['live', before]);
    });
  });
});
