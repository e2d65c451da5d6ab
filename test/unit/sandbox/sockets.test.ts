import assert from 'node:assert/strict';
import { WebSocket } from 'ws';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/main';
import { at, call, send } from './caller';
import { access, FeedClient } from './feedClient';

const now = 1_700_000_000_000;
const dayMs = 86_400_000;

describe('sandbox sockets', () => {
  let sandbox: Sandbox;

  async function start(options: SandboxOptions = {}): Promise<void> {
    sandbox = await startSandbox({ clock: () => now, ...options });
  }
  beforeEach(() => start());
  afterEach(() => sandbox.stop());

  async function error(client: FeedClient, message: unknown): Promise<[unknown, unknown]> {
    const { type, code, id } = await client.ask(message);
    assert.equal(type, 'error');
    return [id, code];
  }

  it('hands out tokens with the server of each host, without a media type too', async () => {
    for (const futures of [false, true]) {
      const base = futures ? sandbox.futures : sandbox.spot;
      const { json } = await send({ base, method: 'POST', target: '/api/v1/bullet-public' });
      assert.deepEqual(at(json?.data, 'instanceServers'), [
        {
          endpoint: `${base.replace('http', 'ws')}/`,
          encrypt: false,
          protocol: 'websocket',
          pingInterval: 18_000,
          pingTimeout: 10_000,
        },
      ]);
    }
    const refused = await send({ base: sandbox.spot, method: 'POST', target: '/api/v1/bullet-private' });
    assert.equal(refused.json?.code, '400001');
  });

  it('welcomes with the connectId, and answers pings', async () => {
    const client = await FeedClient.open(sandbox);
    assert.match(client.texts[0] ?? '', /^\{"id":"test-\d+","type":"welcome"\}$/);
    assert.deepEqual(await client.ask({ id: 17, type: 'ping' }), {
      id: '17',
      type: 'pong',
      timestamp: now * 1000,
    });
    await sandbox.stop();
    await start({ world: 'seed' });
    const older = await FeedClient.open(sandbox);
    assert.deepEqual(await older.ask({ id: '1', type: 'ping' }), { id: '1', type: 'pong' });
  });

  it('refuses tokens that are unknown, of the other host, or a day old', async () => {
    const other = await access(sandbox, { futures: true });
    const old = await access(sandbox);
    sandbox.setClock({ advanceMs: dayMs });
    for (const token of ['', 'nonsense', other.token, old.token]) {
      const client = await FeedClient.open(sandbox, { token, welcome: false });
      const { type, code } = await client.next();
      assert.deepEqual([type, code, (await client.closed).code], ['error', 401, 1000], token);
    }
  });

  it('acknowledges subscriptions when asked to, with one list or several', async () => {
    const client = await FeedClient.open(sandbox);
    client.send({ id: 1, type: 'subscribe', topic: '/market/level2:BTC-USDT,KCS-USDT' });
    client.send({ id: 2, type: 'subscribe', topic: '/market/level2:NOPE-USDT', response: true });
    assert.deepEqual(await client.next(), { id: '2', type: 'ack' });
    const topics = (): readonly string[] => sandbox.sockets().connections[0]!.topics;
    const all = ['BTC-USDT', 'KCS-USDT', 'NOPE-USDT'].map((symbol) => `/market/level2:${symbol}`);
    assert.deepEqual(topics(), all);
    const gone = { id: 3, type: 'unsubscribe', topic: '/market/level2:BTC-USDT', response: true };
    assert.deepEqual(await client.ask(gone), { id: '3', type: 'ack' });
    assert.deepEqual(topics(), all.slice(1));
  });

  it('says what is wrong with a message', async () => {
    const client = await FeedClient.open(sandbox);
    const subscribe = (topic?: unknown, more = {}): object => ({
      id: 'x',
      type: 'subscribe',
      topic,
      ...more,
    });
    const answers: unknown[] = [];
    for (const message of [
      'not JSON',
      '[]',
      { id: 'x', type: 'order' },
      subscribe(),
      subscribe(''),
      subscribe('/nope'),
      subscribe('/account/balance:USDT', { privateChannel: true }),
      subscribe('/contractAccount/wallet', { privateChannel: true }),
      subscribe('/market/ticker'),
      subscribe('/market/ticker:'),
      subscribe('/account/balance'),
      subscribe('/market/ticker:all', { tunnelId: 'nobody' }),
    ]) {
      answers.push((await error(client, message))[1]);
    }
    assert.deepEqual(answers, [400, 400, 415, 406, 406, 404, 404, 404, 400, 400, 403, 400]);
    assert.deepEqual(await error(client, { id: 7, type: 'nope' }), ['7', 415]);
    sandbox.setSwitches({ privateChannelFlag: 'ignored' });
    await client.subscribe('/account/balance');
  });

  it('keeps private topics from public tokens, and serves public topics to private ones', async () => {
    const stranger = await FeedClient.open(sandbox, { isPublic: true });
    const wanted = { id: '1', type: 'subscribe', topic: '/account/balance', privateChannel: true };
    assert.deepEqual(await error(stranger, wanted), ['1', 403]);
    const client = await FeedClient.open(sandbox, { futures: true });
    await client.subscribe('/contractAccount/wallet', true);
    await client.subscribe('/contractMarket/tickerV2:XBTUSDTM');
  });

  it('limits symbols of a request, topics of a connection and messages in ten seconds', async () => {
    const client = await FeedClient.open(sandbox);
    const symbols = (from: number, most: number): string =>
      Array.from({ length: most }, (_, index) => `S${from + index}-USDT`).join(',');
    const subscribe = (topic: string): object => ({ id: '1', type: 'subscribe', topic, response: true });
    assert.deepEqual(await error(client, subscribe(`/market/match:${symbols(0, 101)}`)), ['1', 509]);
    for (let block = 0; block < 4; block++) {
      await client.subscribe(`/market/match:${symbols(block * 100, 100)}`);
    }
    assert.deepEqual(await error(client, subscribe('/market/match:ONE-MORE')), ['1', 509]);
    // What is there already is none more.
    await client.subscribe('/market/match:S0-USDT');
    for (let sent = 7; sent < 100; sent++) {
      assert.equal((await client.ask({ id: sent, type: 'ping' }))['type'], 'pong');
    }
    assert.deepEqual(await error(client, { id: 'late', type: 'ping' }), ['late', 509]);
    sandbox.setClock({ advanceMs: 10_000 });
    await client.settled();
  });

  it('has the limits of seed when told so', async () => {
    sandbox.setSwitches({ socketLimits: 'seed' });
    const clients = await Promise.all(Array.from({ length: 30 }, () => FeedClient.open(sandbox)));
    const late = await FeedClient.open(sandbox, { welcome: false });
    assert.equal((await late.next())['code'], 509);
    await late.closed;
    sandbox.setClock({ advanceMs: 59_000 });
    for (const client of clients) await client.settled();
    sandbox.setClock({ advanceMs: 1000 });
    for (let more = 0; more < 20; more++) clients.push(await FeedClient.open(sandbox));
    const tooMany = await FeedClient.open(sandbox, { welcome: false });
    assert.equal((await tooMany.next())['code'], 509);
    // Another user has a count of their own.
    await FeedClient.open(sandbox, { credentials: { ...demoKeys.subAccount, keyVersion: '3' } });
  });

  it('ends a client that is silent for a minute; pings of the protocol below do not count', async () => {
    const silent = await FeedClient.open(sandbox);
    const awake = await FeedClient.open(sandbox);
    sandbox.setClock({ advanceMs: 59_000 });
    const ponged = new Promise((resolve) => silent.socket.once('pong', resolve));
    silent.socket.ping();
    await ponged;
    await awake.settled();
    sandbox.setClock({ advanceMs: 1000 });
    const { type, code, data } = await silent.next();
    assert.deepEqual([type, code, data], ['error', 400, 'ping timeout']);
    assert.deepEqual(await silent.closed, { code: 1000, reason: 'Bye' });
    while (sandbox.sockets().open > 1) await awake.settled();
    await awake.settled();
  });

  it('ends a connection with its token after a day', async () => {
    sandbox.setSwitches({ socketSilenceMs: 600_000 });
    const client = await FeedClient.open(sandbox);
    for (let passed = 0; passed + 500_000 < dayMs; passed += 500_000) {
      sandbox.setClock({ advanceMs: 500_000 });
      assert.deepEqual(await client.settled(), []);
    }
    sandbox.setClock({ advanceMs: 500_000 });
    assert.deepEqual(await client.closed, { code: 1000, reason: 'Bye' });
  });

  it('opens tunnels: five, each with events of its own', async () => {
    const client = await FeedClient.open(sandbox);
    for (let tunnel = 1; tunnel <= 5; tunnel++) {
      const opened = await client.ask({
        id: tunnel,
        type: 'openTunnel',
        newTunnelId: `t${tunnel}`,
        response: true,
      });
      assert.deepEqual(opened, { id: String(tunnel), type: 'ack' });
    }
    assert.deepEqual(await error(client, { id: 6, type: 'openTunnel', newTunnelId: 't6' }), ['6', 509]);
    await client.subscribe('/market/ticker:BTC-USDT');
    client.send({ id: 8, type: 'subscribe', topic: '/market/ticker:BTC-USDT', tunnelId: 't1' });
    await client.settled();
    sandbox.setClock({ advanceMs: 100 });
    assert.deepEqual(
      (await client.settled()).map((frame) => frame['tunnelId']),
      [undefined, 't1'],
    );
    assert.deepEqual(await client.ask({ id: 9, type: 'closeTunnel', tunnelId: 't1', response: true }), {
      id: '9',
      type: 'ack',
    });
    assert.deepEqual(await error(client, { id: 10, type: 'closeTunnel', tunnelId: 't1' }), ['10', 400]);
    sandbox.setClock({ advanceMs: 100 });
    assert.deepEqual(
      (await client.settled()).map((frame) => frame['tunnelId']),
      [undefined],
    );
  });

  it('takes sockets under its true names and at its own path only', async () => {
    const { endpoint, token } = await access(sandbox);
    const query = `?token=${encodeURIComponent(token)}`;
    const refusal = (url: string, headers = {}): Promise<number> =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(url, { headers });
        socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
        socket.on('open', () => reject(new Error('it is open')));
        socket.on('error', () => undefined);
      });
    assert.equal(await refusal(`${endpoint}${query}`, { Host: 'evil.example' }), 403);
    assert.equal(await refusal(`${endpoint}elsewhere${query}`), 404);
    assert.equal(sandbox.sockets().opened, 0);
  });

  it('counts connections and frames, and has no job without them', async () => {
    assert.equal(sandbox.sockets().jobs, 0);
    const client = await FeedClient.open(sandbox, { futures: true });
    await client.settled();
    const { open, opened, framesSent, framesReceived, connections, jobs } = sandbox.sockets();
    assert.deepEqual([open, opened, framesSent, framesReceived, jobs], [1, 1, 2, 1, 1]);
    assert.deepEqual([connections[0]!.host, connections[0]!.uid], ['futures', 700100200]);
    client.socket.close();
    await client.closed;
    while (sandbox.sockets().open > 0) await call(sandbox, 'GET', '/api/v1/accounts');
    assert.deepEqual([sandbox.sockets().closed, sandbox.sockets().jobs], [1, 0]);
    sandbox.clearSocketCounts();
    assert.equal(sandbox.sockets().opened, 0);
  });

  it('lets go of every socket when it stops, and starts anew with a reset', async () => {
    const client = await FeedClient.open(sandbox);
    const { token } = await access(sandbox);
    await sandbox.reset();
    assert.equal((await client.closed).code, 1012);
    const late = await FeedClient.open(sandbox, { token, welcome: false });
    assert.equal((await late.next())['code'], 401);
    const last = await FeedClient.open(sandbox);
    await sandbox.stop();
    assert.equal((await last.closed).code, 1006);
  });
});
