import assert from 'node:assert/strict';
import { readFrame } from '../../../src/kucoin/feed/topics';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/main';
import { tradingPairs } from '../../../src/sandbox/market/symbols';
import { ask, at, call } from './caller';
import { FeedClient, type Frame } from './feedClient';

const now = 1_700_000_000_000;

type Levels = [string, string][];

/** A local book by the rule of kucoin-api 11.6, written for the test. */
class LocalBook {
  readonly sides = { asks: new Map<string, string>(), bids: new Map<string, string>() };
  last: number;

  constructor(snapshot: unknown) {
    this.last = Number(at(snapshot, 'sequence'));
    for (const side of ['asks', 'bids'] as const) {
      for (const [price, size] of at(snapshot, side) as Levels) this.sides[side].set(price, size);
    }
  }

  apply(data: unknown): 'applied' | 'old' | 'gap' {
    const [start, end] = [Number(at(data, 'sequenceStart')), Number(at(data, 'sequenceEnd'))];
    if (end <= this.last) return 'old';
    if (start > this.last + 1) return 'gap';
    for (const side of ['asks', 'bids'] as const) {
      for (const [price, size, sequence] of at(data, 'changes', side) as [string, string, string][]) {
        if (Number(sequence) <= this.last) continue;
        if (size === '0') this.sides[side].delete(price);
        else this.sides[side].set(price, size);
      }
    }
    this.last = end;
    return 'applied';
  }

  rows(side: 'asks' | 'bids'): Levels {
    const sign = side === 'asks' ? 1 : -1;
    return [...this.sides[side]].sort(([a], [b]) => sign * (Number(a) - Number(b)));
  }
}

describe('sandbox market', () => {
  let sandbox: Sandbox;

  async function start(options: SandboxOptions = {}): Promise<void> {
    sandbox = await startSandbox({ clock: () => now, ...options });
  }
  beforeEach(() => start());
  afterEach(() => sandbox.stop());

  const get = async (target: string): Promise<unknown> => {
    const { json } = await ask(sandbox, target);
    assert.equal(json?.code, '200000', `${target}: ${json?.msg ?? ''}`);
    return json.data;
  };
  const fullBook = async (symbol: string): Promise<unknown> =>
    (await call(sandbox, 'GET', `/api/v3/market/orderbook/level2?symbol=${symbol}`)).json?.data;

  async function listen(...topics: string[]): Promise<FeedClient> {
    const client = await FeedClient.open(sandbox, { isPublic: true });
    for (const topic of topics) await client.subscribe(topic);
    return client;
  }

  async function advance(client: FeedClient, ms: number): Promise<Frame[]> {
    sandbox.setClock({ advanceMs: ms });
    return client.settled();
  }

  it('is the same for the same seed and times, and another for another seed', async () => {
    const books: unknown[] = [];
    for (const marketSeed of [1, 1, 2]) {
      await sandbox.stop();
      await start({ switches: { marketSeed } });
      await fullBook('KCS-USDT');
      sandbox.setClock({ advanceMs: 5000 });
      books.push(await fullBook('KCS-USDT'));
    }
    assert.deepEqual(books[0], books[1]);
    assert.notDeepEqual(books[0], books[2]);
  });

  it('shows one market in every call', async () => {
    await fullBook('BTC-USDT');
    sandbox.setClock({ advanceMs: 3000 });
    const full = await fullBook('BTC-USDT');
    const [bids, asks] = [at(full, 'bids') as Levels, at(full, 'asks') as Levels];
    assert.ok(bids.length > 100 && asks.length > 100);
    for (const [most, path] of [
      [20, 'level2_20'],
      [100, 'level2_100'],
    ] as const) {
      const part = await get(`/api/v1/market/orderbook/${path}?symbol=BTC-USDT`);
      assert.deepEqual(at(part, 'bids'), bids.slice(0, most));
      assert.deepEqual(at(part, 'asks'), asks.slice(0, most));
      assert.equal(at(part, 'sequence'), at(full, 'sequence'));
    }
    const ticker = await get('/api/v1/market/orderbook/level1?symbol=BTC-USDT');
    assert.deepEqual([at(ticker, 'bestBid'), at(ticker, 'bestBidSize')], bids[0]);
    assert.deepEqual([at(ticker, 'bestAsk'), at(ticker, 'bestAskSize')], asks[0]);
    const stats = await get('/api/v1/market/stats?symbol=BTC-USDT');
    assert.deepEqual([at(stats, 'last'), at(stats, 'buy')], [at(ticker, 'price'), bids[0]![0]]);
    const all = at(await get('/api/v1/market/allTickers'), 'ticker') as Frame[];
    assert.equal(all.length, tradingPairs.size);
    assert.equal(all.find(({ symbol }) => symbol === 'BTC-USDT')?.['last'], at(ticker, 'price'));
    const inDollars = Number(at(await get('/api/v1/prices'), 'BTC'));
    assert.ok(Math.abs(inDollars - Number(at(ticker, 'price')) * 0.9998) < 0.01, String(inDollars));
  });

  it('keeps every book whole: sorted, never crossed, in whole increments', async () => {
    for (const symbol of ['BTC-USDT', 'SHIB-USDT', 'ETH-BTC']) {
      sandbox.setSwitches({ marketChanges: 200 });
      await fullBook(symbol);
      sandbox.setClock({ advanceMs: 5000 });
      const book = await fullBook(symbol);
      const [bids, asks] = (['bids', 'asks'] as const).map((side) => at(book, side) as Levels) as [
        Levels,
        Levels,
      ];
      const prices = [...[...bids].reverse(), ...asks].map(([price]) => Number(price));
      assert.ok(
        prices.every((price, index) => index === 0 || price > prices[index - 1]!),
        symbol,
      );
      assert.ok([...bids, ...asks].every(([price, size]) => /^\d+(\.\d+)?$/.test(price) && Number(size) > 0));
    }
  });

  it('lists its pairs, and filters by market', async () => {
    const symbols = (await get('/api/v2/symbols')) as Frame[];
    assert.equal(symbols.find(({ symbol }) => symbol === 'LUNA-USDT')?.['name'], 'LUNC-USDT');
    assert.equal(symbols.find(({ symbol }) => symbol === 'BTC-USDT')?.['priceIncrement'], '0.1');
    const inBitcoin = (await get('/api/v2/symbols?market=BTC')) as Frame[];
    assert.deepEqual(
      inBitcoin.map(({ symbol }) => symbol),
      ['ETH-BTC', 'KCS-BTC'],
    );
    assert.deepEqual(await get('/api/v2/symbols?market=NONE'), []);
  });

  it('has no unknown symbols, and needs a key for the full book', async () => {
    assert.equal(await get('/api/v1/market/orderbook/level1?symbol=NO-PAIR'), null);
    sandbox.setSwitches({ unknownTicker: 'refused' });
    for (const path of ['orderbook/level1', 'orderbook/level2_20', 'stats']) {
      assert.equal((await ask(sandbox, `/api/v1/market/${path}?symbol=NO-PAIR`)).json?.code, '900001');
    }
    const target = '/api/v3/market/orderbook/level2?symbol=BTC-USDT';
    assert.equal((await ask(sandbox, target)).json?.code, '400001');
  });

  it('leaves out prices that are missing', async () => {
    sandbox.setSwitches({ missingPrices: ['KCS'] });
    const prices = await get('/api/v1/prices');
    assert.deepEqual([at(prices, 'KCS'), at(prices, 'PLAY')], [undefined, undefined]);
    assert.equal(at(prices, 'BTC'), '64250.1234000000000000');
  });

  it('pushes every change of a book, so that a local one equals it', async () => {
    sandbox.setSwitches({ marketChanges: 40 });
    const client = await listen('/market/level2:BTC-USDT');
    const early = await advance(client, 300);
    const book = new LocalBook(await fullBook('BTC-USDT'));
    assert.deepEqual(new Set(early.map(({ data }) => book.apply(data))), new Set(['old']));
    for (let round = 0; round < 5; round++) {
      const frames = await advance(client, 700);
      assert.ok(frames.length >= 14);
      for (const frame of frames) {
        assert.equal(readFrame(JSON.stringify(frame)).kind, 'event');
        assert.equal(book.apply(frame['data']), 'applied');
      }
      const truth = await fullBook('BTC-USDT');
      assert.equal(String(book.last), at(truth, 'sequence'));
      for (const side of ['asks', 'bids'] as const) assert.deepEqual(book.rows(side), at(truth, side));
    }
  });

  it('has a gap where an event is dropped', async () => {
    const client = await listen('/market/level2:BTC-USDT');
    const book = new LocalBook(await fullBook('BTC-USDT'));
    sandbox.addFault({ kind: 'dropEvent', match: { topic: '/market/level2' }, skip: 1 });
    const seen = (await advance(client, 400)).map(({ data }) => book.apply(data));
    assert.deepEqual(seen, ['applied', 'gap', 'gap']);
  });

  it('pushes tickers, depths, snapshots and trades that agree with the calls', async () => {
    const symbol = 'KCS-USDT';
    const client = await listen(
      `/market/ticker:${symbol}`,
      `/spotMarket/level1:${symbol}`,
      `/spotMarket/level2Depth5:${symbol}`,
      `/spotMarket/level2Depth50:${symbol}`,
      `/market/snapshot:${symbol}`,
      `/market/match:${symbol}`,
    );
    sandbox.setSwitches({ marketChanges: 50 });
    const frames = await advance(client, 2000);
    const last = (topic: string): unknown =>
      frames.findLast((frame) => frame['topic'] === `${topic}:${symbol}`)?.['data'];
    const book = await fullBook(symbol);
    const [bids, asks] = [at(book, 'bids') as Levels, at(book, 'asks') as Levels];
    assert.deepEqual(at(last('/spotMarket/level2Depth5'), 'asks'), asks.slice(0, 5));
    assert.deepEqual(at(last('/spotMarket/level2Depth50'), 'bids'), bids.slice(0, 50));
    assert.deepEqual(at(last('/spotMarket/level1'), 'bids'), bids[0]);
    const ticker = last('/market/ticker');
    assert.deepEqual([at(ticker, 'sequence'), at(ticker, 'bestAsk')], [at(book, 'sequence'), asks[0]![0]]);
    assert.equal(at(ticker, 'Time'), now + 2000);
    const snapshot = at(last('/market/snapshot'), 'data');
    assert.deepEqual([at(snapshot, 'symbol'), typeof at(snapshot, 'lastTradedPrice')], [symbol, 'number']);
    const trade = last('/market/match');
    assert.deepEqual([at(trade, 'price'), at(trade, 'type')], [at(ticker, 'price'), 'match']);
    assert.match(String(at(trade, 'time')), /^\d{13}000000$/);
    for (const frame of frames) {
      const read = readFrame(JSON.stringify(frame));
      // The product knows neither of these two.
      if (!/level1|match/.test(String(frame['topic'])))
        assert.equal(read.kind, 'event', JSON.stringify(read));
    }
  });

  it('pushes the tickers of all pairs by their symbol, and snapshots of a market', async () => {
    const client = await listen('/market/ticker:all', '/market/snapshot:BTC');
    const frames = await advance(client, 100);
    const tickers = frames.filter(({ topic }) => topic === '/market/ticker:all');
    assert.deepEqual(
      tickers.map(({ subject }) => subject),
      [...tradingPairs.keys()],
    );
    const snapshots = frames.filter(({ topic }) => topic === '/market/snapshot:BTC');
    assert.deepEqual(
      snapshots.map(({ data }) => at(data, 'data', 'symbol')),
      ['ETH-BTC', 'KCS-BTC'],
    );
  });

  it('stands still, without a job, while nobody looks', async () => {
    const client = await listen('/market/level2:BTC-USDT', '/market/ticker:NO-PAIR');
    assert.equal(sandbox.sockets().jobs, 2);
    client.send({ id: '1', type: 'unsubscribe', topic: '/market/level2:BTC-USDT' });
    assert.deepEqual(await client.settled(), []);
    assert.equal(sandbox.sockets().jobs, 1);
    assert.deepEqual(await advance(client, 5000), []);
  });

  it('catches up after a long time in a few steps', async () => {
    const before = Number(at(await fullBook('BTC-USDT'), 'sequence'));
    sandbox.setClock({ advanceMs: 86_400_000 });
    const book = await fullBook('BTC-USDT');
    const steps = Number(at(book, 'sequence')) - before;
    assert.ok(steps > 100 && steps < 2000, String(steps));
    assert.equal(at(book, 'time'), now + 86_400_000);
  });
});
