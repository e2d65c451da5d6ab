import assert from 'node:assert/strict';
import { MarketFeeds } from '../../../src/host/marketFeeds';
import type { KucoinClient } from '../../../src/kucoin/client';
import type { FeedListener } from '../../../src/kucoin/feed/connection';
import { TempFolder } from '../profiles/support';
import { FakeTime, settled } from '../support/fakeTime';
import { FakeLog } from './support';

describe('feeds of the market', () => {
  const folder = new TempFolder();
  const topics = ['/market/level2:BTC-USDT'];
  const site = { hosts: { spot: 'https://fake.invalid', futures: undefined } };
  let time: FakeTime;
  let feeds: MarketFeeds;
  /** Who listens at the private feed; `undefined`: it does not run. */
  let atPrivate: Set<FeedListener> | undefined;
  let isClosedAtOnce: boolean;
  const onLive = new Set<() => void>();
  let tokens: string[];
  let states: string[];
  let frames: string[];

  const client = {
    call: ({ path }: { readonly path: string }) => {
      tokens.push(path);
      const instanceServers = [
        { endpoint: 'wss://feed.invalid/', pingInterval: 18_000, pingTimeout: 10_000 },
      ];
      return Promise.resolve({ token: 'INVENTED', instanceServers });
    },
  } as unknown as KucoinClient;
  const listener: FeedListener = {
    frame: (text) => frames.push(text),
    gap: () => undefined,
    status: ({ state }) => states.push(state),
  };
  const until = async (fits: () => boolean): Promise<void> => {
    while (!fits()) await settled();
  };

  beforeEach(async () => {
    await folder.make();
    time = new FakeTime();
    atPrivate = undefined;
    isClosedAtOnce = false;
    [tokens, states, frames] = [[], [], []];
    feeds = new MarketFeeds({
      folder: folder.root,
      lease: { tryTake: () => Promise.resolve(true), release: () => Promise.resolve() },
      time,
      log: new FakeLog(),
      privateFeed: (_topics, ear) => {
        if (!atPrivate) return undefined;
        const own = atPrivate;
        own.add(ear);
        if (isClosedAtOnce) ear.status({ state: 'closed' });
        return { dispose: () => own.delete(ear) };
      },
      onPrivateLive: (tell) => {
        onLive.add(tell);
        return { dispose: () => onLive.delete(tell) };
      },
      // It never opens: what is asked for is enough here.
      connect: () => new Promise(() => undefined),
    });
  });

  afterEach(async () => {
    await feeds.dispose();
    await folder.remove();
  });

  it('go over the private feed while it runs', async () => {
    atPrivate = new Set();
    const listening = feeds.of({ client, site }).listen(topics, listener);
    for (const ear of atPrivate) {
      ear.status({ state: 'live' });
      ear.frame('a frame');
    }
    await settled();
    assert.deepEqual([states, frames, tokens], [['live'], ['a frame'], []]);
    listening.dispose();
    assert.equal(atPrivate.size, 0);
  });

  it('have a public connection of their own otherwise, and none when nobody listens', async () => {
    const listening = feeds.of({ client, site }).listen(topics, listener);
    await until(() => tokens.length > 0);
    assert.deepEqual([tokens, states], [['/api/v1/bullet-public'], ['connecting', 'connecting']]);
    listening.dispose();
    await until(() => time.sleeping === 0);
  });

  it('are one connection for all who listen', async () => {
    const one = feeds.of({ client, site }).listen(topics, listener);
    const other = feeds.of({ client, site }).listen(['/market/ticker:KCS-USDT'], listener);
    await until(() => tokens.length > 0);
    assert.equal(tokens.length, 1);
    one.dispose();
    other.dispose();
    await until(() => time.sleeping === 0);
  });

  for (const when of ['later', 'at once'] as const) {
    it(`go on over a public connection when the private feed ends: ${when}`, async () => {
      const ears = (atPrivate = new Set<FeedListener>());
      isClosedAtOnce = when === 'at once';
      const listening = feeds.of({ client, site }).listen(topics, listener);
      for (const ear of [...ears]) ear.status({ state: 'closed' });
      await until(() => tokens.length > 0);
      assert.ok(!states.includes('closed'));
      assert.equal(ears.size, 0);
      listening.dispose();
      await until(() => time.sleeping === 0);
    });
  }

  it('move to the private feed when that is live, and leave nothing of the public connection', async () => {
    const listening = feeds.of({ client, site }).listen(topics, listener);
    await until(() => tokens.length > 0);
    const ears = (atPrivate = new Set<FeedListener>());
    for (const tell of onLive) tell();
    await until(() => time.sleeping === 0);
    assert.equal(ears.size, 1);
    for (const ear of ears) {
      ear.status({ state: 'live' });
      ear.frame('a frame');
    }
    assert.equal(states.at(-1), 'live');
    assert.deepEqual(frames, ['a frame']);
    // Told again, it stays where it is.
    for (const tell of onLive) tell();
    assert.equal(ears.size, 1);
    // And back, when that ends.
    for (const ear of [...ears]) ear.status({ state: 'closed' });
    await until(() => tokens.length > 1);
    assert.equal(ears.size, 0);
    listening.dispose();
    await until(() => time.sleeping === 0);
    assert.equal(onLive.size, 0);
  });

  it('stay with the public connection when the private feed closes at once', async () => {
    const listening = feeds.of({ client, site }).listen(topics, listener);
    await until(() => tokens.length > 0);
    const ears = (atPrivate = new Set<FeedListener>());
    isClosedAtOnce = true;
    for (const tell of onLive) tell();
    await settled();
    assert.deepEqual([ears.size, tokens.length], [0, 1]);
    assert.ok(!states.includes('closed'));
    listening.dispose();
    await until(() => time.sleeping === 0);
  });

  it('do not begin anything when the private feed ends after nobody listens any more', async () => {
    const ears = (atPrivate = new Set<FeedListener>());
    const listening = feeds.of({ client, site }).listen(topics, listener);
    const [ear] = ears;
    listening.dispose();
    ear?.status({ state: 'closed' });
    await settled();
    assert.deepEqual([tokens, time.sleeping], [[], 0]);
  });
});
