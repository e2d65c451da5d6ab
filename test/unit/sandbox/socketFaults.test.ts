import assert from 'node:assert/strict';
import { WebSocket } from 'ws';
import { startSandbox, SandboxError, type Sandbox, type SocketFaultSpec } from '../../../src/sandbox/main';
import { access, FeedClient } from './feedClient';
import { at, backstage, call, total } from './caller';

const now = 1_700_000_000_000;

describe('sandbox faults of the feeds', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox({ clock: () => now, switches: { pushDelayMs: 0 } });
  });
  afterEach(() => sandbox.stop());

  async function listen(): Promise<FeedClient> {
    const client = await FeedClient.open(sandbox);
    await client.subscribe('/account/balance', true);
    return client;
  }

  /** Totals of the events of some deposits of one USDT. */
  async function deposits(client: FeedClient, count: number): Promise<unknown[]> {
    for (let n = 0; n < count; n++) sandbox.credit({ currency: 'USDT', amount: '1' });
    return (await client.settled()).map(({ data }) => at(data, 'total'));
  }

  it('refuses a token where it is asked for, by a fault of calls', async () => {
    const body = { code: '400003', msg: 'KC-API-KEY not exists' };
    sandbox.addFault({
      kind: 'envelope',
      http: 401,
      body,
      when: 'before',
      match: { endpoint: 'getPrivateToken' },
    });
    const refused = await call(sandbox, 'POST', '/api/v1/bullet-private');
    assert.deepEqual([refused.http, refused.json?.code], [401, '400003']);
    await listen();
  });

  it('refuses a connection by an error or by a status', async () => {
    sandbox.addFault({ kind: 'refuseSocket' });
    sandbox.addFault({ kind: 'refuseSocket', code: 509, data: 'exceed max sessions', skip: 1 });
    for (const code of [401, 509]) {
      const client = await FeedClient.open(sandbox, { welcome: false });
      assert.equal((await client.next())['code'], code);
      await client.closed;
    }
    sandbox.clearFaults();
    sandbox.addFault({ kind: 'refuseSocket', http: 503, match: { host: 'futures' } });
    await FeedClient.open(sandbox);
    const { endpoint, token } = await access(sandbox, { futures: true });
    const status = await new Promise((resolve) => {
      const socket = new WebSocket(`${endpoint}?token=${encodeURIComponent(token)}`);
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
      socket.on('error', () => undefined);
    });
    assert.equal(status, 503);
  });

  it('never welcomes', async () => {
    sandbox.addFault({ kind: 'noWelcome' });
    const client = await FeedClient.open(sandbox, { welcome: false });
    // Open all the same: what it says next is the pong.
    await new Promise((resolve) => client.socket.once('open', resolve));
    assert.deepEqual(await client.settled(), []);
  });

  it('ignores pings', async () => {
    const client = await FeedClient.open(sandbox);
    sandbox.addFault({ kind: 'ignorePing', times: 2 });
    for (const id of ['1', '2', '3']) client.send({ id, type: 'ping' });
    assert.equal((await client.next())['id'], '3');
  });

  it('refuses and ignores subscriptions', async () => {
    const client = await FeedClient.open(sandbox);
    sandbox.addFault({ kind: 'refuseSubscription', match: { topic: '/market/level2' } });
    sandbox.addFault({ kind: 'ignoreSubscription', match: { topic: '/market/match:BTC-USDT' } });
    const wanted = (topic: string): object => ({ id: topic, type: 'subscribe', topic, response: true });
    assert.equal((await client.ask(wanted('/market/level2:BTC-USDT')))['code'], 509);
    client.send(wanted('/market/match:BTC-USDT'));
    assert.deepEqual(await client.settled(), []);
    assert.deepEqual(sandbox.sockets().connections[0]!.topics, []);
    await client.subscribe('/market/level2:BTC-USDT');
  });

  it('repeats, drops and delays events', async () => {
    const client = await listen();
    sandbox.addFault({ kind: 'duplicateEvent' });
    assert.deepEqual(await deposits(client, 2), ['2481.75', '2481.75', '2482.75']);
    sandbox.addFault({ kind: 'dropEvent', skip: 1 });
    assert.deepEqual(await deposits(client, 3), ['2483.75', '2485.75']);
    sandbox.addFault({ kind: 'delayEvent', ms: 50 });
    assert.deepEqual(await deposits(client, 2), ['2487.75']);
    sandbox.setClock({ advanceMs: 50 });
    assert.deepEqual(
      (await client.settled()).map(({ data }) => at(data, 'total')),
      ['2486.75'],
    );
  });

  it('sends garbage, and messages of unknown subjects', async () => {
    const client = await listen();
    sandbox.addFault({ kind: 'garbage', text: 'no JSON at all' });
    sandbox.addFault({ kind: 'alterEvent', message: { subject: 'account.new', extra: 1 }, skip: 1 });
    sandbox.credit({ currency: 'USDT', amount: '1' });
    assert.equal(await client.nextText(), 'no JSON at all');
    assert.equal((await client.next())['subject'], 'account.balance');
    sandbox.credit({ currency: 'USDT', amount: '1' });
    const { subject, extra, topic } = await client.next();
    assert.deepEqual([subject, extra, topic], ['account.new', 1, '/account/balance']);
  });

  it('closes in place of an event, with a code or without a word', async () => {
    for (const code of [1001, 1006]) {
      const client = await listen();
      sandbox.addFault({ kind: 'closeAtEvent', code });
      sandbox.credit({ currency: 'USDT', amount: '1' });
      assert.equal((await client.closed).code, code);
    }
  });

  it('meets only whom it is meant for', async () => {
    const client = await listen();
    const others: SocketFaultSpec['match'][] = [
      { uid: 1 },
      { host: 'futures' },
      { topic: '/market/level2' },
      { subject: 'nope' },
    ];
    for (const match of others) sandbox.addFault({ kind: 'dropEvent', match: match! });
    assert.equal((await deposits(client, 1)).length, 1);
    assert.deepEqual(
      sandbox.faults().map(({ hits }) => hits),
      [0, 0, 0, 0],
    );
    sandbox.addFault({
      kind: 'dropEvent',
      match: { uid: 700100200, host: 'spot', topic: '/account/balance', subject: 'account.balance' },
    });
    assert.deepEqual(await deposits(client, 1), []);
    await call(sandbox, 'GET', '/api/v1/accounts');
    assert.deepEqual(
      sandbox.faults().map(({ hits }) => hits),
      [0, 0, 0, 0, 1],
    );
  });

  it('refuses what is no fault of a feed', () => {
    for (const fault of [
      { kind: 'closeAtEvent', code: 7 },
      { kind: 'alterEvent' },
      { kind: 'dropEvent', match: { endpoint: 'x' } },
      { kind: 'delayEvent' },
    ]) {
      assert.throws(
        () => sandbox.addFault(fault as SocketFaultSpec),
        (error) => SandboxError.is(error, 'BAD_OPTION'),
      );
    }
  });

  describe('from the control address', () => {
    const control = (
      method: string,
      operation: string,
      body?: unknown,
    ): Promise<{ http: number; json: unknown }> => backstage(sandbox, method, operation, body);

    it('sends any frame, to those who are meant', async () => {
      const [spot, futures] = [
        await FeedClient.open(sandbox),
        await FeedClient.open(sandbox, { futures: true }),
      ];
      assert.deepEqual((await control('POST', 'frames', { frame: 'garbage' })).json, { sent: 2 });
      const event = { type: 'message', topic: '/account/balance', data: { accountId: 'never-listed' } };
      assert.deepEqual((await control('POST', 'frames', { frame: event, host: 'spot' })).json, { sent: 1 });
      assert.equal(await spot.nextText(), 'garbage');
      assert.deepEqual(await spot.next(), event);
      assert.equal(await futures.nextText(), 'garbage');
      assert.deepEqual(await futures.settled(), []);
    });

    it('closes connections and counts them', async () => {
      const client = await listen();
      const { json } = await control('GET', 'sockets');
      assert.deepEqual(at(json, 'connections', 0, 'topics'), ['/account/balance']);
      assert.equal((await control('POST', 'close', { code: 1005 })).http, 400);
      assert.deepEqual((await control('POST', 'close', { code: 1012, uid: 1 })).json, { closed: 0 });
      assert.deepEqual((await control('POST', 'close', { code: 1012, reason: 'again' })).json, { closed: 1 });
      assert.deepEqual(await client.closed, { code: 1012, reason: 'again' });
      while (sandbox.sockets().open > 0) await control('GET', 'sockets');
      await control('DELETE', 'sockets');
      assert.equal(at((await control('GET', 'sockets')).json, 'opened'), 0);
    });

    it('brings a storm whose end is always the same', async () => {
      const finals: string[][] = [];
      for (const steps of [[1000], [10, 333, 657], [20, 20, 960]]) {
        await sandbox.reset();
        const client = await listen();
        const storm = { eventsPerSecond: 500, seconds: 1 };
        assert.deepEqual((await control('POST', 'storm', storm)).json, {
          events: 500,
          done: 0,
          running: true,
        });
        for (const advanceMs of steps) sandbox.setClock({ advanceMs });
        // A gust may still be on its way by a millisecond.
        sandbox.setClock({ advanceMs: 20 });
        assert.deepEqual((await control('GET', 'storm')).json, { events: 500, done: 500, running: false });
        const frames = await client.settled();
        assert.equal(frames.length, 500);
        const held = ['main', 'trade'].flatMap((type) =>
          ['USDT', 'BTC', 'KCS'].map((currency) => total(sandbox, type, currency)),
        );
        finals.push(held);
        const lastUsdt = frames.findLast(
          ({ data }) =>
            at(data, 'currency') === 'USDT' && String(at(data, 'relationEvent')).startsWith('main'),
        );
        assert.equal(at(lastUsdt?.['data'], 'total'), held[0]);
      }
      assert.deepEqual(finals[1], finals[0]);
      assert.deepEqual(finals[2], finals[0]);
      assert.notEqual(finals[0]![0], '2480.75');
      const { totals } = sandbox.ledger();
      assert.ok(
        Object.values(totals).every(({ users, outside }) => users === '0' || outside === `-${users}`),
      );
      assert.equal((await control('POST', 'storm', { eventsPerSecond: 1 })).http, 400);
      assert.equal(
        (await control('POST', 'storm', { eventsPerSecond: 1, seconds: 1, currencies: ['NO'] })).http,
        400,
      );
    });

    it('lets something happen now and then, until it is told to stop', async () => {
      const client = await listen();
      await control('POST', 'life', { everyMs: 1000 });
      for (let second = 0; second < 30; second++) sandbox.setClock({ advanceMs: 1000 });
      const events = (await client.settled()).map(({ data }) => String(at(data, 'relationEvent')));
      assert.ok(events.includes('main.deposit') && events.includes('trade.setted'), events.join());
      const fill = sandbox.ledger().journal.findLast(({ bizType }) => bizType === 'TRADE_EXCHANGE');
      assert.equal(fill?.reference, 'KCS-USDT');
      await control('POST', 'life', { everyMs: 0 });
      sandbox.setClock({ advanceMs: 60_000 });
      assert.equal(
        sandbox.ledger().rows.some(({ total: held }) => held.startsWith('-')),
        false,
      );
    });
  });
});
