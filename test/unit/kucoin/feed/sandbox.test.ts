import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { KucoinClient } from '../../../../src/kucoin/client';
import { getFullOrderBook } from '../../../../src/kucoin/endpoints/market';
import { innerTransfer } from '../../../../src/kucoin/endpoints/transfer';
import { FeedConnection } from '../../../../src/kucoin/feed/connection';
import type { BalanceEvent } from '../../../../src/kucoin/feed/events';
import { accessOf } from '../../../../src/kucoin/feed/open';
import { BookKeeper } from '../../../../src/kucoin/feed/orderBook';
import { openSocket } from '../../../../src/kucoin/feed/socket';
import { readFrame, topicText, type FeedEvent } from '../../../../src/kucoin/feed/topics';
import { systemTime } from '../../../../src/kucoin/time';
import { send } from '../../../../src/kucoin/transport';
import { startSandbox, type Sandbox } from '../../../../src/sandbox/main';

/** The client of the feeds against the exchange that runs here. */
describe('feed of the sandbox', () => {
  let sandbox: Sandbox;
  let client: KucoinClient;
  let feed: FeedConnection;
  const time = { ...systemTime, random: () => 0.01 };

  beforeEach(async () => {
    sandbox = await startSandbox();
    client = new KucoinClient({
      site: { hosts: { spot: sandbox.spot, futures: sandbox.futures } },
      credentials: () => Promise.resolve({ ...sandbox.credentials, version: '3' }),
      transport: send,
      time,
    });
  });

  afterEach(async () => {
    feed.close();
    client.retire();
    await sandbox.stop();
  });

  /** Waits for what the feed tells, in turn. */
  function open(on: { event?: (event: FeedEvent) => void; gap?: () => void }): void {
    feed = new FeedConnection({
      access: accessOf(client, 'spot', 'private'),
      connect: openSocket,
      time,
      newId: randomUUID,
      listener: {
        frame: (text) => {
          const event = readFrame(text);
          if (event.kind === 'event') on.event?.(event);
        },
        gap: () => on.gap?.(),
        status: () => undefined,
      },
    });
  }

  it('pushes both sides of a transfer', async () => {
    const seen: BalanceEvent[] = [];
    await new Promise<void>((resolve, reject) => {
      open({
        event: (event) => {
          if (event.name !== 'balance') return;
          seen.push(event.data);
          if (seen.length === 2) resolve();
        },
        gap: () => {
          const params = { clientOid: 'feed-1', currency: 'USDT', from: 'main', to: 'trade', amount: '12.5' };
          client.call(innerTransfer, params).catch(reject);
        },
      });
      feed.setTopics([topicText('balance')]);
    });
    const changes = seen.map(({ relationEvent, availableChange }) => [
      relationEvent,
      Number(availableChange),
    ]);
    assert.deepEqual(changes.sort(), [
      ['main.transfer', -12.5],
      ['trade.transfer', 12.5],
    ]);
  });

  it('gives an order book that is that of the exchange, also after a lost message and a lost connection', async () => {
    let snapshots = 0;
    let told: () => void = () => undefined;
    const keeper = new BookKeeper({
      snapshot: async (signal) => {
        snapshots++;
        const read = await client.call(getFullOrderBook, { symbol: 'BTC-USDT' }, { signal });
        return read;
      },
      time,
      onState: () => told(),
      onChange: () => told(),
    });
    let applied = 0;
    open({
      event: (event) => {
        if (event.name === 'orderBook' && keeper.update(event.data) === 'applied') applied++;
      },
      gap: () => keeper.gap(),
    });
    const until = async (fits: () => boolean): Promise<void> => {
      while (!fits()) await new Promise<void>((resolve) => (told = resolve));
    };
    const compared = async (): Promise<void> => {
      for (;;) {
        const wanted = await client.call(getFullOrderBook, { symbol: 'BTC-USDT' });
        const sequence = Number(wanted.sequence);
        await until(() => keeper.state === 'live' && (keeper.book.sequence ?? 0) >= sequence);
        if (keeper.book.sequence !== sequence) continue; // the market was quicker
        assert.deepEqual([keeper.book.bids.top(), keeper.book.asks.top()], [wanted.bids, wanted.asks]);
        return;
      }
    };
    feed.setTopics([topicText('orderBook', 'BTC-USDT')]);
    await until(() => applied >= 3);
    await compared();
    const before = snapshots;
    sandbox.addFault({ kind: 'dropEvent' });
    await until(() => snapshots > before && keeper.state === 'live');
    await compared();
    const next = snapshots;
    assert.equal(sandbox.closeSockets(1006), 1);
    await until(() => snapshots > next && keeper.state === 'live');
    await compared();
    keeper.stop();
  });
});
