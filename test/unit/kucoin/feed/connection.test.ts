import assert from 'node:assert/strict';
import { KucoinError, type ErrorKind } from '../../../../src/kucoin/errors';
import { FakeExchange, settled } from './fakeExchange';

const balance = '/account/balance';
const ticker = (symbol: string): string => `/market/ticker:${symbol}`;

async function live(topics: readonly string[] = [balance]) {
  const exchange = new FakeExchange();
  const feed = exchange.open();
  feed.setTopics(topics);
  await settled();
  assert.equal(feed.status.state, 'live');
  return { exchange, feed };
}

/** Through the back-off to the next connection. */
async function reconnected(exchange: FakeExchange): Promise<void> {
  const before = exchange.sockets.length;
  for (let i = 0; i < 10 && exchange.sockets.length === before; i++) await exchange.time.advanceToNext();
  await settled();
  assert.equal(exchange.sockets.length, before + 1);
}

describe('feed connection', () => {
  it('does nothing without topics', async () => {
    const exchange = new FakeExchange();
    const feed = exchange.open();
    feed.setTopics([]);
    await settled();
    assert.deepEqual([exchange.tokens, exchange.time.sleeping, exchange.statuses], [0, 0, []]);
  });

  it('fetches a token, connects with it, waits for the welcome, subscribes, and tells of a gap when all is acknowledged', async () => {
    const exchange = new FakeExchange();
    exchange.welcomes = false;
    const feed = exchange.open();
    feed.setTopics([balance]);
    await settled();
    const { url, commands } = exchange.socket;
    assert.equal(url.origin, 'wss://feed.invalid');
    assert.equal(url.searchParams.get('token'), 'INVENTED/+=&1');
    assert.equal(url.searchParams.get('connectId'), 'connect-1');
    assert.deepEqual([commands, exchange.states], [[], ['connecting']]);
    exchange.answer = () => undefined;
    exchange.socket.say({ id: 'connect-1', type: 'welcome' });
    await settled();
    assert.deepEqual(commands, [
      { id: '1', type: 'subscribe', topic: balance, privateChannel: true, response: true },
    ]);
    assert.deepEqual([exchange.states, exchange.gaps], [['connecting'], []]);
    exchange.socket.say({ id: '1', type: 'ack' });
    await settled();
    assert.deepEqual([exchange.states, exchange.gaps], [['connecting', 'live'], [[balance]]]);
  });

  it('hands on messages as they came, and nothing else', async () => {
    const { exchange } = await live();
    const text = '{ "type":"message","topic":"/account/balance","data":{"x":0.10} }';
    exchange.socket.say(text);
    exchange.socket.say({ type: 'notice', data: 'x' });
    exchange.socket.say({ type: 'pong', id: 'unknown' });
    assert.deepEqual(exchange.frames, [text]);
    assert.equal(exchange.notes.length, 1);
  });

  it('pings in the interval of the server, and goes on when it is answered', async () => {
    const { exchange } = await live();
    await exchange.time.advance(17_999);
    assert.deepEqual(exchange.socket.topics('ping'), []);
    await exchange.time.advance(18_001 * 3);
    assert.equal(exchange.socket.topics('ping').length, 4);
    assert.equal(exchange.sockets.length, 1);
  });

  it('closes the socket when the last topic goes, and leaves no timer', async () => {
    const { exchange, feed } = await live();
    feed.setTopics([]);
    await settled();
    assert.deepEqual([exchange.socket.closed, exchange.time.sleeping], [true, 0]);
    assert.deepEqual(feed.status, { state: 'closed' });
    feed.setTopics([balance]);
    await settled();
    assert.deepEqual([feed.status.state, exchange.tokens], ['live', 2]);
  });

  it('stays closed once it was closed', async () => {
    const { exchange, feed } = await live();
    feed.close();
    feed.setTopics([balance]);
    await exchange.time.advance(120_000);
    assert.deepEqual([exchange.sockets.length, exchange.time.sleeping, feed.status.state], [1, 0, 'closed']);
    exchange.socket.say(exchange.message(balance));
    assert.deepEqual(exchange.frames, []);
  });

  it('can be closed at every moment of connecting', async () => {
    for (const steps of [0, 1, 2, 3, 4, 5]) {
      const exchange = new FakeExchange();
      const feed = exchange.open();
      feed.setTopics([balance]);
      for (let i = 0; i < steps; i++) await Promise.resolve();
      feed.close();
      await settled();
      assert.deepEqual([exchange.time.sleeping, exchange.states.at(-1)], [0, 'closed'], String(steps));
      for (const socket of exchange.sockets) assert.ok(socket.closed, String(steps));
    }
  });

  it('outlives a listener that fails', async () => {
    const exchange = new FakeExchange();
    const fail = (): never => {
      throw new Error('SECRET');
    };
    const feed = exchange.open({ listener: { frame: fail, gap: fail, status: fail } });
    feed.setTopics([balance]);
    await settled();
    exchange.socket.say(exchange.message(balance));
    assert.equal(feed.status.state, 'live');
    assert.ok(exchange.notes.length >= 3);
    assert.doesNotMatch(exchange.notes.join(), /SECRET/);
  });
});

describe('feed subscriptions', () => {
  it('join the names of one topic, a hundred to a request', async () => {
    const many = Array.from({ length: 150 }, (_, n) => ticker(`C${n}-USDT`));
    const { exchange } = await live([...many, balance, '/market/snapshot:A-B', '/market/snapshot:C-D']);
    const requests = exchange.socket.topics('subscribe').map((topic) => topic?.split(',').length);
    assert.deepEqual(requests, [100, 50, 1, 1, 1]);
    assert.equal(exchange.gaps.length, 1);
    assert.equal(exchange.gaps[0]?.length, 153);
  });

  it('keep the topic of all pairs apart', async () => {
    const { exchange } = await live([ticker('A-B'), ticker('all'), ticker('C-D')]);
    assert.deepEqual(exchange.socket.topics('subscribe'), ['/market/ticker:A-B,C-D', '/market/ticker:all']);
    assert.deepEqual(
      exchange.socket.commands.map(({ privateChannel }) => privateChannel),
      [false, false],
    );
  });

  it('change on the standing connection: only what is new has a gap', async () => {
    const { exchange, feed } = await live([balance]);
    feed.setTopics([balance, ticker('A-B')]);
    await settled();
    assert.deepEqual(exchange.gaps, [[balance], [ticker('A-B')]]);
    feed.setTopics([ticker('A-B')]);
    await settled();
    assert.deepEqual(exchange.socket.topics('unsubscribe'), [balance]);
    assert.deepEqual([exchange.gaps.length, exchange.sockets.length], [2, 1]);
  });

  it('are asked again when they come back while they go', async () => {
    const { exchange, feed } = await live([balance, ticker('A-B')]);
    feed.setTopics([balance]);
    feed.setTopics([balance, ticker('A-B')]);
    feed.setTopics([balance]);
    await settled();
    feed.setTopics([balance, ticker('A-B')]);
    await settled();
    const about = exchange.socket.commands.filter(({ topic }) => topic === ticker('A-B'));
    assert.deepEqual(
      about.map(({ type }) => type),
      ['subscribe', 'unsubscribe', 'subscribe'],
    );
    assert.deepEqual(exchange.gaps.at(-1), [ticker('A-B')]);
  });

  it('stay below a hundred messages in ten seconds', async () => {
    const exchange = new FakeExchange();
    const feed = exchange.open();
    const snapshots = Array.from({ length: 250 }, (_, n) => `/market/snapshot:C${n}-USDT`);
    feed.setTopics(snapshots);
    await settled();
    const sent: number[] = [];
    for (let second = 0; second < 30; second++) {
      sent.push(exchange.socket.commands.length);
      await exchange.time.advance(1_000);
    }
    assert.equal(sent[0], 90);
    for (const [second, count] of sent.entries())
      assert.ok(count - (sent[second - 10] ?? 0) <= 100, String(second));
    assert.equal(exchange.gaps.length, 1);
    assert.equal(exchange.gaps[0]?.length, 250);
  });

  it('stop at the limit of a connection, and come in when others go', async () => {
    const exchange = new FakeExchange();
    const feed = exchange.open({ topicLimit: 2 });
    feed.setTopics([ticker('A-B'), ticker('C-D'), ticker('E-F')]);
    await settled();
    assert.equal(feed.status.state, 'live');
    assert.deepEqual(
      exchange.refusals.map(({ topics }) => topics),
      [[ticker('E-F')]],
    );
    feed.setTopics([ticker('A-B'), ticker('E-F')]);
    await settled();
    assert.deepEqual(exchange.gaps.at(-1), [ticker('E-F')]);
    assert.equal(exchange.refusals.length, 1);
  });

  for (const [code, text] of [
    [404, 'topic does not exist'],
    [403, 'login required'],
    [415, 'type is not supported'],
    [400, 'topic is invalid'],
    [406, 'topic is missing'],
  ] as const) {
    it(`that are refused with ${code} are told of; the others are live`, async () => {
      const exchange = new FakeExchange();
      exchange.answer = ({ id, topic }) =>
        topic === '/no/topic' ? { id, type: 'error', code, data: text } : { id, type: 'ack' };
      const feed = exchange.open();
      feed.setTopics(['/no/topic', balance]);
      await settled();
      assert.equal(feed.status.state, 'live');
      assert.deepEqual(exchange.refusals, [{ topics: ['/no/topic'], reason: `${code} ${text}` }]);
      assert.deepEqual(exchange.gaps, [[balance]]);
      await exchange.time.advance(17_000);
      assert.equal(exchange.socket.commands.length, 2);
    });
  }

  it('wait and try again when the exchange is too busy (509)', async () => {
    const exchange = new FakeExchange();
    let refusals = 2;
    exchange.answer = ({ id, type }) =>
      type === 'subscribe' && refusals-- > 0
        ? { id, type: 'error', code: 509, data: 'exceed' }
        : { id, type: 'ack' };
    const feed = exchange.open();
    feed.setTopics([balance]);
    await settled();
    assert.deepEqual([exchange.socket.commands.length, feed.status.state], [1, 'connecting']);
    await exchange.time.advance(5_000);
    assert.deepEqual([exchange.socket.commands.length, feed.status.state], [3, 'live']);
  });

  it('give up the connection when the exchange stays too busy', async () => {
    const exchange = new FakeExchange();
    exchange.answer = ({ id, type }) =>
      type === 'subscribe' ? { id, type: 'error', code: 509, data: 'exceed' } : { id, type: 'pong' };
    const feed = exchange.open();
    feed.setTopics([balance]);
    for (let i = 0; i < 20 && exchange.sockets.length < 2; i++) await exchange.time.advanceToNext();
    assert.equal(exchange.sockets[0]?.commands.filter(({ type }) => type === 'subscribe').length, 6);
    assert.match(String(exchange.statuses.find(({ state }) => state === 'reconnecting')?.reason), /509/);
  });
});

describe('feed that breaks', () => {
  /** Each trouble ends the connection; the next one has a new token, all topics, and a gap. */
  const troubles: Record<string, (exchange: FakeExchange) => unknown> = {
    'the server closes after 24 hours': (exchange) => exchange.socket.drop('1000'),
    'the connection is cut': (exchange) => exchange.socket.drop(),
    'a frame is not JSON': (exchange) => exchange.socket.say('<html>'),
    'a frame is JSON but no object': (exchange) => exchange.socket.say('7'),
    'the token is refused (401)': (exchange) =>
      exchange.socket.say({ type: 'error', id: 'z', code: 401, data: 'token is invalid' }),
    'there are too many sessions (509)': (exchange) =>
      exchange.socket.say({ type: 'error', id: 'z', code: 509, data: 'exceed max session' }),
    'the server saw no ping': (exchange) =>
      exchange.socket.say({ type: 'error', code: 400, data: 'ping timeout' }),
    'a ping is not answered': async (exchange) => {
      exchange.answer = ({ id, type }) => (type === 'ping' ? undefined : { id, type: 'ack' });
      await exchange.time.advance(28_000);
    },
  };

  for (const [name, cause] of Object.entries(troubles)) {
    it(`is connected anew when ${name}`, async () => {
      const { exchange, feed } = await live([balance, ticker('A-B')]);
      const first = exchange.socket;
      await cause(exchange);
      await settled();
      assert.ok(feed.status.state === 'reconnecting', feed.status.state);
      assert.ok(feed.status.reason);
      assert.doesNotMatch(feed.status.reason, /INVENTED/);
      await reconnected(exchange);
      assert.deepEqual([feed.status.state, exchange.tokens], ['live', 2]);
      assert.equal(exchange.socket.url.searchParams.get('token'), 'INVENTED/+=&2');
      assert.notEqual(
        exchange.socket.url.searchParams.get('connectId'),
        first.url.searchParams.get('connectId'),
      );
      assert.deepEqual(exchange.socket.topics('subscribe'), [balance, ticker('A-B')]);
      assert.deepEqual(exchange.gaps, [
        [balance, ticker('A-B')],
        [balance, ticker('A-B')],
      ]);
      // What the old socket still says is not heard.
      first.say(exchange.message(balance));
      first.drop();
      await settled();
      assert.deepEqual([exchange.frames, feed.status.state], [[], 'live']);
    });
  }

  it('gives up on a welcome that never comes', async () => {
    const exchange = new FakeExchange();
    exchange.welcomes = false;
    const feed = exchange.open();
    feed.setTopics([balance]);
    await exchange.time.advance(9_999);
    assert.equal(feed.status.state, 'connecting');
    await exchange.time.advance(1);
    assert.deepEqual(feed.status, { state: 'reconnecting', reason: 'no welcome came in time' });
    assert.ok(exchange.socket.closed);
  });

  it('gives up on a subscription that is never acknowledged', async () => {
    const exchange = new FakeExchange();
    exchange.answer = () => undefined;
    const feed = exchange.open();
    feed.setTopics([balance]);
    await exchange.time.advance(10_000);
    assert.deepEqual(feed.status, { state: 'reconnecting', reason: 'subscribe was not acknowledged' });
  });

  it('waits longer each time, below a cap, each wait drawn by chance', async () => {
    for (const chance of [0.25, 0.5, 1]) {
      const exchange = new FakeExchange();
      exchange.time.chance = chance;
      const feed = exchange.open({ connect: () => Promise.reject(new Error('refused')) });
      feed.setTopics([balance]);
      await settled();
      for (let i = 0; i < 7; i++) await exchange.time.advanceToNext();
      const waits = exchange.time.delays.filter((ms) => ms !== 10_000);
      const most = [1, 2, 4, 8, 16, 30, 30, 30].map((s) => s * 1_000 * chance);
      assert.deepEqual(waits, most);
      feed.close();
    }
  });

  it('starts over with short waits only after a minute that was good', async () => {
    const { exchange } = await live();
    exchange.socket.drop();
    await reconnected(exchange);
    exchange.time.delays.length = 0;
    exchange.socket.drop();
    await settled();
    assert.equal(exchange.time.delays.at(-1), 1_000); // half of two seconds
    await reconnected(exchange);
    await exchange.time.advance(60_000);
    exchange.socket.drop();
    await settled();
    assert.equal(exchange.time.delays.at(-1), 500);
  });

  it('takes the next server when there are several', async () => {
    const exchange = new FakeExchange();
    const server = (n: number) => ({ ...exchange.server, endpoint: `wss://feed-${n}.invalid/` });
    const feed = exchange.open({
      access: () => Promise.resolve({ token: 'INVENTED', instanceServers: [server(1), server(2)] }),
    });
    feed.setTopics([balance]);
    await settled();
    exchange.socket.drop();
    await reconnected(exchange);
    assert.deepEqual(
      exchange.sockets.map(({ url }) => url.hostname),
      ['feed-1.invalid', 'feed-2.invalid'],
    );
  });

  for (const endpoint of [
    'ws://feed.invalid/',
    'http://127.0.0.1/',
    'nonsense',
    '',
    'ws://127.0.0.1.evil.invalid/',
  ]) {
    it(`sends no token to ${JSON.stringify(endpoint)}`, async () => {
      const exchange = new FakeExchange();
      exchange.server.endpoint = endpoint;
      const feed = exchange.open();
      feed.setTopics([balance]);
      await settled();
      assert.deepEqual([exchange.sockets.length, feed.status.state], [0, 'reconnecting']);
    });
  }

  it('takes a socket without encryption on this computer', async () => {
    const exchange = new FakeExchange();
    exchange.server.endpoint = 'ws://127.0.0.1:4000/feed';
    const feed = exchange.open();
    feed.setTopics([balance]);
    await settled();
    assert.equal(feed.status.state, 'live');
  });
});

describe('token of a feed', () => {
  const trouble = (kind: ErrorKind) => (): Error =>
    new KucoinError({ kind, outcome: 'notExecuted', detail: 'why' });

  for (const kind of [
    'permission',
    'keyUnknown',
    'ip',
    'notFound',
    'hostMissing',
    'stale',
    'secretMissing',
  ] as const) {
    it(`that is refused for ${kind} closes the feed with the reason`, async () => {
      const exchange = new FakeExchange();
      exchange.tokenTrouble = trouble(kind);
      const feed = exchange.open();
      feed.setTopics([balance]);
      await settled();
      assert.equal(feed.status.state, 'closed');
      assert.ok(KucoinError.is(feed.status.error, kind));
      await exchange.time.advance(120_000);
      feed.setTopics([balance, ticker('A-B')]);
      await settled();
      assert.deepEqual([exchange.tokens, exchange.time.sleeping], [1, 0]);
    });
  }

  for (const kind of ['network', 'timeout', 'unavailable', 'rateLimit', 'malformedReply'] as const) {
    it(`that fails with ${kind} is asked for again`, async () => {
      const exchange = new FakeExchange();
      exchange.tokenTrouble = trouble(kind);
      const feed = exchange.open();
      feed.setTopics([balance]);
      await settled();
      assert.equal(feed.status.state, 'reconnecting');
      exchange.tokenTrouble = undefined;
      await reconnected(exchange);
      assert.equal(feed.status.state, 'live');
    });
  }
});
