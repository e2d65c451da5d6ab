import assert from 'node:assert/strict';
import { globalAgent as httpAgent } from 'node:http';
import { createServer as createHttpsServer, globalAgent } from 'node:https';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { send, type TransportReply } from '../../../src/kucoin/transport';
import { json, listen, LocalServer, makeCertificate } from './localServer';

const body = '{"amount":"1"}';

function post(url: string, timeoutMs = 2_000, headers: Record<string, string> = {}): Promise<TransportReply> {
  const all = { 'Content-Type': 'application/json', ...headers };
  return send({ method: 'POST', url, headers: all, body, timeoutMs });
}

function get(url: string, signal?: AbortSignal): Promise<TransportReply> {
  return send({ method: 'GET', url, headers: {}, body: '', timeoutMs: 2_000, signal });
}

function failure(reply: TransportReply): Omit<TransportReply & { ok: false }, 'ok' | 'code'> {
  assert.ok(!reply.ok);
  return { failure: reply.failure, unsent: reply.unsent };
}

const unsent = { failure: 'network', unsent: true };
const sent = { failure: 'network', unsent: false };

describe('transport', () => {
  let server: LocalServer;
  const others: Server[] = [];
  const sockets = new Set<Socket>();

  beforeEach(async () => (server = await new LocalServer().start()));
  afterEach(async () => {
    await server.stop();
    for (const socket of sockets) socket.destroy();
    for (const other of others.splice(0)) await new Promise((resolve) => other.close(resolve));
  });

  /** A server below HTTP. */
  async function raw(onConnection: (socket: Socket) => void): Promise<number> {
    const other = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      onConnection(socket);
    });
    others.push(other);
    return listen(other);
  }

  async function closedPort(): Promise<number> {
    const other = createServer();
    const port = await listen(other);
    await new Promise((resolve) => other.close(resolve));
    return port;
  }

  it('sends the bytes it was given and answers text, whatever the status', async () => {
    server.answer = (_request, response) =>
      json(response, { code: '400100', msg: 'é✓' }, 400, { 'X-A': 'b' });
    const reply = await post(`${server.url}/api/v1/x?a=b,c&d=%20`);
    assert.ok(reply.ok);
    assert.equal(reply.status, 400);
    assert.equal(reply.text, '{"code":"400100","msg":"é✓"}');
    assert.equal(reply.headers['x-a'], 'b');
    const [request] = server.received;
    assert.deepEqual([request?.method, request?.url, request?.body], ['POST', '/api/v1/x?a=b,c&d=%20', body]);
  });

  it('undoes compression', async () => {
    server.answer = (_request, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' });
      response.end(gzipSync('{"code":"200000"}'));
    };
    const reply = await get(server.url);
    assert.equal(reply.ok && reply.text, '{"code":"200000"}');
  });

  it('follows no redirect', async () => {
    server.answer = (_request, response) => json(response, {}, 302, { Location: `${server.url}/elsewhere` });
    const reply = await post(`${server.url}/first`);
    assert.equal(reply.ok && reply.status, 302);
    assert.equal(server.received.length, 1);
  });

  it('takes no proxy from the environment', async () => {
    const dead = `http://127.0.0.1:${await closedPort()}`;
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'no_proxy'];
    const before = names.map((name) => [name, process.env[name]] as const);
    for (const name of names) process.env[name] = name.toLowerCase() === 'no_proxy' ? '' : dead;
    try {
      assert.equal((await get(server.url)).ok, true);
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
    }
  });

  it('takes a 407 of the exchange itself for an answer, first and on a kept connection', async () => {
    const pair = makeCertificate();
    const trusted = globalAgent.options.ca;
    globalAgent.options.ca = pair.cert;
    try {
      const secure = createHttpsServer(pair, (_request, response) => response.writeHead(407).end('{}'));
      others.push(secure);
      const port = await listen(secure);
      for (let i = 0; i < 3; i++) {
        const reply = await post(`https://127.0.0.1:${port}/`);
        assert.equal(reply.ok && reply.status, 407);
      }
      globalAgent.destroy();
    } finally {
      globalAgent.options.ca = trusted;
    }
  });

  it('keeps the connection for the next request', async () => {
    for (let i = 0; i < 5; i++) assert.equal((await get(server.url)).ok, true);
    assert.equal(server.connections, 1);
  });

  describe('knows that nothing was sent', () => {
    it('when the connection is refused, by one address or by several', async () => {
      const port = await closedPort();
      for (const host of ['127.0.0.1', 'localhost']) {
        assert.deepEqual(failure(await post(`http://${host}:${port}/`)), unsent);
      }
    });

    it('when the name does not resolve', async () => {
      assert.deepEqual(failure(await post('http://nowhere.invalid/')), unsent);
    });

    it('when the URL or a header cannot be sent', async () => {
      assert.deepEqual(failure(await post('http://')), unsent);
    });

    it('when the TLS handshake is reset, ended, answered in clear, or never answered', async () => {
      const reset = await raw((socket) => socket.once('data', () => socket.resetAndDestroy()));
      assert.deepEqual(failure(await post(`https://127.0.0.1:${reset}/`)), unsent);
      const ended = await raw((socket) => socket.once('data', () => socket.end()));
      assert.deepEqual(failure(await post(`https://127.0.0.1:${ended}/`)), unsent);
      const clear = server.url.replace('http:', 'https:');
      assert.deepEqual(failure(await post(clear)), unsent);
      const mute = await raw((socket) => socket.resume());
      const late = await post(`https://127.0.0.1:${mute}/`, 100);
      assert.deepEqual(failure(late), { failure: 'timeout', unsent: true });
    });

    it('when the certificate is not trusted', async () => {
      const secure = createHttpsServer(makeCertificate(), (_request, response) => response.end('{}'));
      let arrived = 0;
      secure.on('request', () => arrived++);
      secure.on('tlsClientError', () => undefined);
      others.push(secure);
      const reply = await post(`https://127.0.0.1:${await listen(secure)}/`);
      assert.ok(!reply.ok && reply.code === 'DEPTH_ZERO_SELF_SIGNED_CERT', JSON.stringify(reply));
      assert.deepEqual([reply.unsent, arrived], [true, 0]);
    });
  });

  describe('does not claim that nothing was sent', () => {
    it('when the connection is reset or ended after the request', async () => {
      const reset = await raw((socket) => socket.once('data', () => socket.resetAndDestroy()));
      assert.deepEqual(failure(await post(`http://127.0.0.1:${reset}/`)), sent);
      const ended = await raw((socket) => socket.once('data', () => socket.end()));
      assert.deepEqual(failure(await post(`http://127.0.0.1:${ended}/`)), sent);
    });

    it('when no answer comes in time', async () => {
      server.answer = () => undefined;
      const reply = await post(server.url, 50);
      assert.deepEqual(failure(reply), { failure: 'timeout', unsent: false });
    });

    it('when the answer breaks off', async () => {
      server.answer = (_request, response, socket) => {
        response.writeHead(200, { 'Content-Length': '100' });
        response.write('{"code":');
        setImmediate(() => socket.destroy());
      };
      assert.deepEqual(failure(await post(server.url)), sent);
    });

    it('when the network goes away after the request, with a code that a failed connection has too', async () => {
      for (const code of [
        'EHOSTUNREACH',
        'ENETUNREACH',
        'ENETDOWN',
        'EADDRNOTAVAIL',
        'ECONNREFUSED',
        'ETIMEDOUT',
      ]) {
        server.answer = (_request, _response, socket) => {
          const ours = Object.values(httpAgent.sockets).flatMap((list) => list ?? []);
          const own = ours.find(({ localPort }) => localPort === socket.remotePort);
          own?.destroy(Object.assign(new Error(`read ${code}`), { code, syscall: 'read' }));
        };
        const reply = await post(server.url);
        assert.ok(!reply.ok);
        assert.deepEqual([reply.code, reply.unsent], [code, false]);
      }
    });

    it('when a kept connection is reset by the next request', async () => {
      const port = await raw((socket) => {
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
          socket.once('data', () => socket.resetAndDestroy());
        });
      });
      assert.equal((await post(`http://127.0.0.1:${port}/`)).ok, true);
      assert.deepEqual(failure(await post(`http://127.0.0.1:${port}/`)), sent);
    });

    it('when TLS breaks after the request has arrived', async () => {
      const pair = makeCertificate();
      const trusted = globalAgent.options.ca;
      globalAgent.options.ca = pair.cert;
      try {
        let arrived = 0;
        const secure = createHttpsServer(pair, () => arrived++);
        others.push(secure);
        const behind = await listen(secure);
        const between = await raw((socket) => {
          const onward = connect(behind, '127.0.0.1');
          sockets.add(onward);
          socket.pipe(onward);
          onward.pipe(socket);
          secure.once('request', () => socket.write(Buffer.from('160303ffff00', 'hex')));
        });
        const reply = await post(`https://127.0.0.1:${between}/`);
        assert.equal(arrived, 1);
        assert.ok(!reply.ok && reply.code.startsWith('ERR_SSL_'), JSON.stringify(reply));
        assert.equal(reply.unsent, false);
      } finally {
        globalAgent.options.ca = trusted;
      }
    });
  });

  it('stops when its signal ends, before and during the request', async () => {
    const stop = new AbortController();
    server.answer = () => stop.abort();
    assert.deepEqual(failure(await get(server.url, stop.signal)), { failure: 'cancelled', unsent: false });
    assert.deepEqual(failure(await get(server.url, stop.signal)), { failure: 'cancelled', unsent: false });
    assert.equal(server.received.length, 1);
  });
});
