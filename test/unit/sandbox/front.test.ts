import assert from 'node:assert/strict';
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { startSandbox, SandboxError, type Sandbox } from '../../../src/sandbox/main';
import { send } from './caller';

describe('sandbox front', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.stop());

  it('listens on 127.0.0.1 only, on two ports of its own', () => {
    assert.match(sandbox.spot, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.match(sandbox.futures, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.notEqual(sandbox.spot, sandbox.futures);
    assert.ok(sandbox.control.startsWith(`${sandbox.spot}/`));
  });

  it('answers to its true names only', async () => {
    const { port } = new URL(sandbox.spot);
    const seen: Record<string, number> = {};
    for (const host of ['127.0.0.1', 'localhost', 'LOCALHOST', 'evil.example', '127.0.0.1.evil.example']) {
      const headers = { Host: `${host}:${port}` };
      const reply = await send({ base: sandbox.spot, method: 'GET', target: '/api/v1/timestamp', headers });
      seen[host] = reply.http;
    }
    const bare = { Host: '127.0.0.1' };
    seen['no port'] = (
      await send({ base: sandbox.spot, method: 'GET', target: '/api/v1/timestamp', headers: bare })
    ).http;
    assert.deepEqual(seen, {
      '127.0.0.1': 200,
      localhost: 200,
      LOCALHOST: 200,
      'evil.example': 403,
      '127.0.0.1.evil.example': 403,
      'no port': 403,
    });
    assert.equal(sandbox.requests().total, 3);
  });

  it('guards the control address by name too', async () => {
    const { pathname } = new URL(sandbox.control);
    const headers = { Host: 'evil.example' };
    const reply = await send({ base: sandbox.spot, method: 'GET', target: `${pathname}/state`, headers });
    assert.equal(reply.http, 403);
  });

  it('answers a request that offers another protocol as if nothing was offered, body and all', async () => {
    const { port } = new URL(sandbox.spot);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    let text = '';
    socket.on('data', (bytes: Buffer) => (text += bytes.toString()));
    const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n';
    const lines = (first: string): string => `${first}\r\nHost: 127.0.0.1:${port}\r\n${offer}`;
    const statuses = (): string[] => text.match(/HTTP\/1\.1 \d+/g) ?? [];
    const answered = async (count: number): Promise<void> => {
      while (statuses().length < count || !text.endsWith('}')) await once(socket, 'data');
    };
    socket.write(`${lines('GET /api/v1/timestamp HTTP/1.1')}\r\n`);
    await answered(1);
    assert.match(text, /"code":"200000","data":\d+/);
    const body = '{"clientOid":"a"}';
    socket.write(
      `${lines('POST /api/v3/accounts/universal-transfer HTTP/1.1')}Content-Type: application/json\r\nContent-Length: 17\r\n\r\n${body}`,
    );
    await answered(2);
    assert.deepEqual(statuses(), ['HTTP/1.1 200', 'HTTP/1.1 400']);
    assert.match(text, /"code":"40000\d"/); // its key is missing, as with any other call
    socket.destroy();
    assert.equal(sandbox.requests().total, 2);
  });

  it('tells who has a port already', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const taken = (error: unknown): boolean =>
      SandboxError.is(error, 'EADDRINUSE') && error.message.startsWith(`Port ${port} of 127.0.0.1 is taken`);
    await assert.rejects(startSandbox({ spotPort: port }), taken);
    await assert.rejects(startSandbox({ futuresPort: port }), taken);
    other.close();
    await once(other, 'close');
    const again = await startSandbox({ spotPort: port });
    assert.equal(again.spot, `http://127.0.0.1:${port}`);
    await again.stop();
  });

  it('frees its ports when it stops, and can be stopped twice', async () => {
    const port = Number(new URL(sandbox.spot).port);
    await sandbox.stop();
    await sandbox.stop();
    const next = await startSandbox({ spotPort: port });
    await next.stop();
  });

  it('refuses a body that is too large', async () => {
    const reply = await send({
      base: sandbox.spot,
      method: 'POST',
      target: '/api/v2/accounts/inner-transfer',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ amount: '1'.repeat(300_000) }),
    }).catch((error: unknown) => (error as NodeJS.ErrnoException).code);
    // The answer may be overtaken by the end of the connection while the body is still on its way.
    assert.ok(typeof reply === 'string' ? ['ECONNRESET', 'EPIPE'].includes(reply) : reply?.http === 413);
    assert.equal(sandbox.requests().total, 0);
  });

  it('keeps a connection alive for the next call', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (let n = 0; n < 3; n++) {
      const outgoing = request(`${sandbox.spot}/api/v1/timestamp`, { agent }).end();
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      ports.add(outgoing.socket?.localPort);
      response.resume();
      await once(response, 'end');
    }
    agent.destroy();
    assert.equal(ports.size, 1);
  });

  it('survives senders that break off in the middle of a request', async () => {
    const socket = connect(Number(new URL(sandbox.spot).port), '127.0.0.1');
    await once(socket, 'connect');
    const head = `POST /api/v2/accounts/inner-transfer HTTP/1.1\r\nHost: ${new URL(sandbox.spot).host}\r\n`;
    socket.write(`${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"client`);
    socket.destroy();
    await once(socket, 'close');
    const reply = await send({ base: sandbox.spot, method: 'GET', target: '/api/v1/timestamp' });
    assert.equal(reply.http, 200);
    assert.deepEqual(sandbox.notices, []);
  });
});
