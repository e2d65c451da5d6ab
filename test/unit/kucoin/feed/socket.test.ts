import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { FeedConnection, type FeedStatus } from '../../../../src/kucoin/feed/connection';
import { openSocket } from '../../../../src/kucoin/feed/socket';
import { systemTime } from '../../../../src/kucoin/time';

/** Against real sockets on 127.0.0.1. The server does what the exchange does (kucoin-api 11), no more. */
class FeedServer {
  readonly tokens: (string | null)[] = [];
  readonly sockets: WebSocket[] = [];
  pings = 0;
  private readonly server = new WebSocketServer({ host: '127.0.0.1', port: 0 });

  async listen(): Promise<void> {
    this.server.on('connection', (socket, request) => {
      const { searchParams } = new URL(request.url ?? '', 'ws://127.0.0.1');
      this.tokens.push(searchParams.get('token'));
      this.sockets.push(socket);
      socket.send(JSON.stringify({ id: searchParams.get('connectId'), type: 'welcome' }));
      socket.on('message', (data: Buffer) => {
        const { id, type } = JSON.parse(data.toString()) as { id: string; type: string };
        if (type === 'ping') this.pings++;
        socket.send(JSON.stringify({ id, type: type === 'ping' ? 'pong' : 'ack' }));
      });
    });
    await once(this.server, 'listening');
  }

  get endpoint(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('feed over a real socket', () => {
  let server: FeedServer;
  let ends: (() => unknown)[];

  beforeEach(async () => {
    ends = [];
    server = new FeedServer();
    await server.listen();
  });

  afterEach(async () => {
    for (const end of ends) await end();
    await server.close();
  });

  /** Resolves with the first thing that the feed tells and that fits. */
  function connect(endpoint: () => string, pingInterval = 18_000) {
    const waiting: { fits: (state: string) => boolean; resolve: () => void }[] = [];
    const told: string[] = [];
    const statuses: FeedStatus[] = [];
    const tell = (text: string): void => {
      told.push(text);
      for (const one of waiting) if (one.fits(text)) one.resolve();
    };
    let tokens = 0;
    const feed = new FeedConnection({
      access: () =>
        Promise.resolve({
          token: `INVENTED/+= ${++tokens}`,
          instanceServers: [{ endpoint: endpoint(), pingInterval, pingTimeout: 5_000 }],
        }),
      connect: openSocket,
      // Waits are short here, for real time passes.
      time: { ...systemTime, random: () => 0.01 },
      newId: () => 'connect-1',
      listener: {
        frame: tell,
        gap: (topics) => tell(`gap ${topics.join()}`),
        status: (status) => {
          statuses.push(status);
          tell(status.state);
        },
      },
    });
    ends.push(() => feed.close());
    const next = (fits: (text: string) => boolean): Promise<void> =>
      new Promise((resolve) => waiting.push({ fits, resolve }));
    return { feed, told, statuses, next };
  }

  it('connects, subscribes, hears a message digit for digit, and connects anew with another token', async () => {
    const { feed, told, next } = connect(() => server.endpoint);
    const gap = next((text) => text === 'gap /account/balance');
    feed.setTopics(['/account/balance']);
    await gap;
    const text = '{"type":"message","topic":"/account/balance","data":{"x":0.10,"y":"Ünïcode ✓"}}';
    const heard = next((frame) => frame === text);
    server.sockets[0]?.send(text);
    await heard;
    let gaps = 0;
    const again = next((one) => one === 'gap /account/balance' && ++gaps === 1);
    server.sockets[0]?.close(1000, 'Bye');
    await again;
    assert.deepEqual(server.tokens, ['INVENTED/+= 1', 'INVENTED/+= 2']);
    assert.deepEqual(
      told.filter((one) => ['connecting', 'live', 'reconnecting'].includes(one)),
      ['connecting', 'live', 'reconnecting', 'live'],
    );
  });

  it('pings, and the server hears that it is gone when it is closed', async () => {
    const { feed, next } = connect(() => server.endpoint, 200);
    const live = next((text) => text === 'live');
    feed.setTopics(['/market/ticker:BTC-USDT']);
    await live;
    const socket = server.sockets[0];
    assert.ok(socket);
    while (server.pings < 2) await once(socket, 'message');
    const gone = once(socket, 'close');
    feed.close();
    await gone;
  });

  it('says why without the token when nobody listens there, or no WebSocket', async () => {
    const other: Server = createServer((socket) => socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    ends.push(() => other.close());
    const refusing = `ws://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const nobody = `ws://127.0.0.1:${(free.address() as AddressInfo).port}/`;
    free.close();
    await once(free, 'close');
    for (const endpoint of [refusing, nobody]) {
      const { feed, statuses, next } = connect(() => endpoint);
      const failed = next((text) => text === 'reconnecting');
      feed.setTopics(['/account/balance']);
      await failed;
      feed.close();
      const { reason = '' } = statuses.find(({ state }) => state === 'reconnecting') ?? {};
      assert.match(reason, /^the connection ended: (ECONNREFUSED|\S.*)$/);
      assert.doesNotMatch(reason, /INVENTED|token/);
    }
  });
});
