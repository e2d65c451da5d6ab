import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import * as v from 'valibot';
import { KucoinClient } from '../../../src/kucoin/client';
import { endpoint } from '../../../src/kucoin/endpoint';
import { getAccountList } from '../../../src/kucoin/endpoints/account';
import { innerTransfer } from '../../../src/kucoin/endpoints/transfer';
import { KucoinError, type ErrorKind } from '../../../src/kucoin/errors';
import type { Credentials } from '../../../src/kucoin/sign';
import { send } from '../../../src/kucoin/transport';
import { HurriedTime } from '../support/fakeTime';
import { json, listen, LocalServer, type Answer, type Received } from './localServer';

const credentials: Credentials = {
  key: '65f0c0ffee12340001a1b2c3',
  secret: '0f1e2d3c-4b5a-4697-8877-665544332211',
  passphrase: 'Demo-Pass_42!',
  version: '3',
};
const transfer = { clientOid: 'c1', currency: 'USDT', from: 'main', to: 'trade', amount: '12.5' };

/** The signature that the exchange would compute for what arrived. */
function expectedSign({ method, url, headers, body }: Received): string {
  const stamp = String(headers['kc-api-timestamp']);
  return createHmac('sha256', credentials.secret)
    .update(stamp + method + decodeURIComponent(url) + body)
    .digest('base64');
}

describe('KucoinClient over the wire', () => {
  let server: LocalServer;
  let time: HurriedTime;

  beforeEach(async () => {
    time = new HurriedTime();
    server = await new LocalServer(() => time.now()).start();
  });
  afterEach(() => server.stop());

  function client(url = server.url, timeoutMs = 2_000): KucoinClient {
    return new KucoinClient({
      site: { hosts: { spot: url, futures: url } },
      credentials: () => Promise.resolve(credentials),
      transport: send,
      time,
      timeoutMs,
    });
  }

  it('sends exactly what it signed', async () => {
    const entry = endpoint({
      ...getAccountList,
      method: 'DELETE',
      path: '/api/v1/sub/{name}',
      params: v.object({ name: v.string(), passphrase: v.string(), list: v.array(v.string()) }),
    });
    await client().call(entry, { name: 'é x', passphrase: `pa ss!@#1'+&=`, list: ['BTC', 'USDT'] });
    server.answer = (_request, response) => json(response, { code: '200000', data: { orderId: '1' } });
    await client().call(innerTransfer, transfer);
    const [deletion, post] = server.calls;
    assert.ok(deletion && post);
    assert.equal(deletion.url, '/api/v1/sub/%C3%A9%20x?passphrase=pa%20ss!%40%231%27%2B%26%3D&list=BTC,USDT');
    assert.equal(deletion.headers['kc-api-sign'], expectedSign(deletion));
    assert.equal(post.body, JSON.stringify(transfer));
    assert.equal(post.headers['kc-api-sign'], expectedSign(post));
    assert.equal(post.headers['content-type'], 'application/json');
    assert.equal(post.headers['kc-api-key'], credentials.key);
    assert.equal(post.headers['kc-api-key-version'], '3');
  });

  it('announces JSON with a POST that has no body', async () => {
    const bullet = endpoint({
      ...getAccountList,
      method: 'POST',
      path: '/api/v1/bullet-private',
      params: v.object({}),
    });
    await client().call(bullet, {});
    const [post] = server.calls;
    assert.equal(post?.body, '');
    assert.equal(post.headers['content-type'], 'application/json');
    assert.equal(post.headers['kc-api-sign'], expectedSign(post));
  });

  it('learns the time of an exchange that is an hour ahead', async () => {
    server.ahead = 3_600_000;
    const it = client();
    await it.call(getAccountList, {});
    const stamp = Number(server.calls[0]?.headers['kc-api-timestamp']);
    assert.ok(Math.abs(stamp - (time.now() + 3_600_000)) < 1_000);
  });

  it('measures anew and repeats once when the exchange set its clock', async () => {
    const it = client();
    await it.call(getAccountList, {});
    server.ahead = -60_000;
    server.answer = ({ headers }, response) => {
      const skew = Number(headers['kc-api-timestamp']) - (time.now() + server.ahead);
      if (Math.abs(skew) < 5_000) json(response, { code: '200000', data: { orderId: '1' } });
      else json(response, { code: '400002', msg: 'Invalid KC-API-TIMESTAMP' }, 400);
    };
    assert.deepEqual(await it.call(innerTransfer, transfer), { orderId: '1' });
    assert.equal(server.calls.length, 3);
  });

  it('keeps one connection for calls in a row', async () => {
    const it = client();
    for (let i = 0; i < 5; i++) await it.call(getAccountList, {});
    assert.equal(server.connections, 1);
  });

  const unknowns: readonly (readonly [string, ErrorKind, Answer])[] = [
    ['a reset after the body was read', 'network', (_request, _response, socket) => socket.resetAndDestroy()],
    ['an end without an answer', 'network', (_request, _response, socket) => socket.destroy()],
    ['HTTP 500', 'unavailable', (_request, response) => json(response, { code: '500000', msg: 'x' }, 500)],
    ['HTTP 504 in HTML', 'unavailable', (_request, response) => response.writeHead(504).end('<html></html>')],
    ['HTML', 'malformedReply', (_request, response) => response.end('<html></html>')],
    ['truncated JSON', 'malformedReply', (_request, response) => response.end('{"code":"200000","da')],
    [
      'an answer that breaks off',
      'network',
      (_request, response, socket) => {
        response.writeHead(200, { 'Content-Length': '100' });
        response.write('{"code":"200000"', () => socket.destroy());
      },
    ],
    ['no answer in time', 'timeout', () => undefined],
    [
      'a redirect',
      'malformedReply',
      (_request, response) => response.writeHead(307, { Location: '/api/v1/elsewhere' }).end(),
    ],
  ];
  for (const [what, kind, answer] of unknowns) {
    it(`lets a transfer arrive once for all that ${what} comes back`, async () => {
      server.answer = answer;
      const it = client(server.url, 150);
      await assert.rejects(it.call(innerTransfer, transfer), { kind, outcome: 'unknown' });
      assert.equal(server.calls.length, 1);
    });

    it(`lets a read arrive three times for all that ${what} comes back`, async () => {
      server.answer = answer;
      const it = client(server.url, 150);
      await assert.rejects(it.call(getAccountList, {}), { kind, outcome: 'unknown' });
      assert.equal(server.calls.length, 3);
    });
  }

  it('cuts a read off when it is cancelled, and leaves a transfer alone', async () => {
    const stop = new AbortController();
    server.answer = () => stop.abort();
    await assert.rejects(client().call(getAccountList, {}, { signal: stop.signal }), { kind: 'cancelled' });
    const halt = new AbortController();
    server.answer = (_request, response) => {
      halt.abort();
      setImmediate(() => json(response, { code: '200000', data: { orderId: '1' } }));
    };
    assert.deepEqual(await client().call(innerTransfer, transfer, { signal: halt.signal }), { orderId: '1' });
  });

  describe('shows no secret in an error', () => {
    const hmac = createHmac('sha256', credentials.secret).update(credentials.passphrase).digest();
    const plain = [credentials.key, credentials.secret, credentials.passphrase];
    const forms = (bytes: Buffer): string[] => [
      bytes.toString('base64'),
      bytes.toString('base64url'),
      bytes.toString('hex'),
    ];
    const secrets = [
      ...plain,
      ...plain.map(encodeURIComponent),
      ...plain.flatMap((text) => forms(Buffer.from(text))),
      ...forms(hmac),
      credentials.secret.replaceAll('-', ''),
      createHash('sha256').update(credentials.secret).digest('hex'),
    ];

    async function check(call: () => Promise<unknown>): Promise<void> {
      const error: unknown = await call().then(
        () => assert.fail('did not fail'),
        (reason: unknown) => reason,
      );
      assert.ok(KucoinError.is(error), inspect(error));
      const signatures = server.received.flatMap(({ headers }) => {
        const sign = headers['kc-api-sign'];
        return typeof sign === 'string' ? [sign, ...forms(Buffer.from(sign, 'base64'))] : [];
      });
      const shown = [
        inspect(error, { depth: 10, showHidden: true }),
        JSON.stringify(error),
        error.stack ?? '',
        String(error),
      ];
      for (const secret of [...secrets, ...signatures]) {
        for (const text of shown) assert.ok(!text.includes(secret), `${secret} in ${text}`);
      }
    }

    const both = (it: KucoinClient): (() => Promise<unknown>)[] => [
      () => it.call(getAccountList, {}),
      () => it.call(innerTransfer, transfer),
    ];

    for (const [what, , answer] of unknowns) {
      it(`after ${what}`, async () => {
        server.answer = answer;
        for (const call of both(client(server.url, 150))) await check(call);
      });
    }

    for (const code of ['400003', '400004', '400005', '400006', '400007', '400100', '230003', '429000']) {
      it(`after ${code}`, async () => {
        server.answer = (_request, response) => json(response, { code, msg: 'no' }, 400);
        for (const call of both(client())) await check(call);
      });
    }

    it('after an answer that echoes the request in an unexpected place', async () => {
      server.answer = ({ headers, body }, response) =>
        json(response, { code: '200000', data: { orderId: { headers, body } } });
      for (const call of both(client())) await check(call);
      server.answer = ({ headers }, response) =>
        json(response, { code: '200000', data: JSON.stringify(headers) });
      for (const call of both(client())) await check(call);
    });

    it('after an answer whose message echoes the headers', async () => {
      server.answer = ({ headers }, response) =>
        json(response, { code: '400005', msg: `Invalid sign ${JSON.stringify(headers)}` }, 401);
      for (const call of both(client())) await check(call);
    });

    it('when nothing listens', async () => {
      const closed = createServer();
      const port = await listen(closed);
      await new Promise((resolve) => closed.close(resolve));
      for (const call of both(client(`http://127.0.0.1:${port}`))) await check(call);
    });

    it('when the connection is refused after the clock was read', async () => {
      const it = client();
      await it.clock.measure();
      await server.stop();
      for (const call of both(it)) await check(call);
      server = await new LocalServer(() => time.now()).start();
    });

    it('when cancelled on the way', async () => {
      const stop = new AbortController();
      server.answer = () => stop.abort();
      await check(() => client().call(getAccountList, {}, { signal: stop.signal }));
    });

    it('when retired on the way', async () => {
      const it = client();
      server.answer = () => it.retire();
      await check(() => it.call(getAccountList, {}));
    });

    it('when an argument is wrong', async () => {
      const wrong = { ...transfer, amount: credentials.secret, clientOid: credentials.key };
      await check(() => client().call(innerTransfer, wrong));
    });
  });
});
