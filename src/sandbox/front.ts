import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Host } from '../kucoin/vocabulary';
import type { Arrival } from './arrival';
import type { Outcome } from './conversation';
import { SandboxError } from './errors';

/** Largest body in bytes. KuCoin's requests are a few hundred. */
const bodyLimit = 256 * 1024;

export type Handler = (arrival: Arrival) => Promise<Outcome>;
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** One HTTP server on 127.0.0.1: bytes in, whole requests out, and the outcome back onto the wire. */
export class Front {
  private readonly server: Server;

  constructor(
    private readonly host: Host,
    private readonly handle: Handler,
    private readonly onNotice: (text: string) => void,
    onUpgrade: Upgrade,
  ) {
    this.server = createServer({
      // Against slow senders: a request must be here in 15 s.
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      connectionsCheckingInterval: 2_000,
      // Longer than clients keep an idle connection, so that it does not close under a request.
      keepAliveTimeout: 75_000,
      maxHeaderSize: 16 * 1024,
    });
    // As many feeds as KuCoin allows, and calls beside them.
    this.server.maxConnections = 1200;
    this.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void this.attend(request, response);
    });
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
        this.serveWithoutUpgrade(request, socket, head);
        return;
      }
      socket.on('error', () => socket.destroy());
      if (this.isMeant(request)) onUpgrade(request, socket, head);
      else socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    });
  }

  /** Throws a SandboxError EADDRINUSE or LISTEN. */
  async listen(port: number): Promise<void> {
    try {
      this.server.listen(port, '127.0.0.1');
      await once(this.server, 'listening');
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      const message = taken
        ? `Port ${port} of 127.0.0.1 is taken by another program. Choose another port, or 0 for any free one.`
        : `The sandbox cannot listen on port ${port} of 127.0.0.1. Choose another port, or 0 for any free one.`;
      throw new SandboxError(taken ? 'EADDRINUSE' : 'LISTEN', message, { cause: error });
    }
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** `http://127.0.0.1:port` */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  /**
   * A client may offer another protocol with any request (`Upgrade: h2c` of Java's HttpClient), and a server that
   * does not speak it answers as if nothing was offered (RFC 9110 7.8). Node has let go of the connection by then: it
   * is handed over again, with the same bytes but for the offer.
   */
  private serveWithoutUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { method = 'GET', url = '/', httpVersion, rawHeaders } = request;
    const lines = [`${method} ${url} HTTP/${httpVersion}`];
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
      const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
      if (!/^(?:upgrade|connection|http2-settings)$/i.test(name)) lines.push(`${name}: ${value}`);
    }
    socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
    this.server.emit('connection', socket);
  }

  /** A page of the web can point its own name at 127.0.0.1 (DNS rebinding): only the true names are served. */
  private isMeant(request: IncomingMessage): boolean {
    const name = request.headers.host?.toLowerCase();
    return name === `127.0.0.1:${this.port}` || name === `localhost:${this.port}`;
  }

  private async attend(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (!this.isMeant(request)) {
        const text = 'The sandbox answers only as 127.0.0.1 and localhost.\n';
        deliver(request, response, { kind: 'answer', http: 403, headers: plain, text, cut: false });
        return;
      }
      const body = await bodyOf(request);
      if (!body) {
        const text = JSON.stringify({ code: '400100', msg: 'Invalid Parameter. The request is too large' });
        const headers = { 'Content-Type': 'application/json;charset=UTF-8', Connection: 'close' };
        deliver(request, response, { kind: 'answer', http: 413, headers, text, cut: false });
        return;
      }
      const { method = 'GET', url: target = '/', headers } = request;
      deliver(request, response, await this.handle({ host: this.host, method, target, headers, body }));
    } catch (error) {
      // Nobody is left to answer when the sender went away in mid-request, or when the sandbox was stopped.
      if (!request.complete || (error as Error).name === 'AbortError') {
        request.socket.destroy();
        return;
      }
      this.onNotice(`The sandbox failed on ${request.method ?? ''} ${request.url ?? ''}: ${String(error)}`);
      const text = JSON.stringify({ code: '500000', msg: 'Internal Server Error' });
      deliver(request, response, { kind: 'answer', http: 500, headers: {}, text, cut: false });
    }
  }
}

const plain = { 'Content-Type': 'text/plain;charset=UTF-8' };

/** The raw bytes; `undefined` when there are too many. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // The stream is left open after a break, so that the refusal can still be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function deliver(request: IncomingMessage, response: ServerResponse, outcome: Outcome): void {
  switch (outcome.kind) {
    case 'hang':
      return;
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'answer': {
      const bytes = Buffer.from(outcome.text, 'utf8');
      response.writeHead(outcome.http, { ...outcome.headers, 'Content-Length': bytes.length });
      if (!outcome.cut) {
        response.end(bytes);
        return;
      }
      response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => request.socket.destroy());
    }
  }
}
