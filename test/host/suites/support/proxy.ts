import {
  createServer as createHttp,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Everything that listens here ends with its connections. */
abstract class Listening {
  private readonly sockets = new Set<Duplex>();

  protected constructor(protected readonly server: Server) {
    server.on('connection', (socket: Socket) => this.keep(socket));
  }

  async listen(host = '127.0.0.1', port = 0): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  protected keep<T extends Duplex>(socket: T): T {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.sockets.delete(socket));
    return socket;
  }

  protected join(one: Duplex, other: Duplex): void {
    one.pipe(other);
    other.pipe(one);
    one.once('close', () => other.destroy());
    other.once('close', () => one.destroy());
  }
}

/** How a proxy behaves: opens tunnels, wants a login first, forbids, answers nothing. */
export type Manner = 'open' | 'login' | 'forbid' | 'mute';

/** A proxy that opens tunnels (RFC 9110 9.3.6) to the fronts it knows by name; resolves no name itself. */
export class TunnelProxy extends Listening {
  manner: Manner = 'open';
  /** The targets that were asked for, `host:port`, oldest first. */
  readonly asked: string[] = [];
  /** Requests that are not for a tunnel: nobody should send any. */
  readonly others: string[] = [];

  constructor(private readonly fronts: Readonly<Record<string, () => TcpServer | Front>>) {
    super(createHttp((request, response) => this.refuse(request, response)));
    this.server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.keep(socket);
      this.tunnel(request, socket, head);
    });
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  private refuse(request: IncomingMessage, response: ServerResponse): void {
    this.others.push(`${request.method} ${request.url}`);
    response.writeHead(405).end();
  }

  private tunnel({ url = '', headers }: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.asked.push(url);
    if (this.manner === 'mute') return;
    const known =
      headers['proxy-authorization'] === `Basic ${Buffer.from('invented:login').toString('base64')}`;
    if (this.manner === 'login' && !known) {
      const challenge = 'Proxy-Authenticate: Basic realm="Invented"\r\n';
      socket.end(`HTTP/1.1 407 Proxy Authentication Required\r\n${challenge}Content-Length: 2\r\n\r\nno`);
      return;
    }
    const front = this.fronts[url]?.();
    if (this.manner === 'forbid' || !front) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno');
      return;
    }
    const port = front instanceof Front ? front.port : (front.address() as AddressInfo).port;
    const onward = this.keep(
      connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.write(head);
        this.join(socket, onward);
      }),
    );
  }
}

/** TLS before a host of the sandbox: what the exchange looks like from outside. Its feed is reached by its name too. */
export class Front extends Listening {
  /** Requests that arrived, `METHOD path`, oldest first. */
  readonly arrived: string[] = [];
  /** Where it sends everybody instead. */
  redirectTo: string | undefined;

  constructor(
    pair: Certificate,
    private readonly behind: string,
    private readonly feed: string,
  ) {
    super(createHttps({ key: pair.key, cert: pair.cert }));
    this.server.on('tlsClientError', () => undefined);
    this.server.on('request', (incoming: IncomingMessage, response: ServerResponse) =>
      this.pass(incoming, response),
    );
    this.server.on('upgrade', (incoming: IncomingMessage, socket: Duplex) => this.upgrade(incoming, socket));
  }

  private pass(incoming: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '', headers } = incoming;
    this.arrived.push(`${method} ${url}`);
    if (this.redirectTo !== undefined && headers['kc-api-sign'] !== undefined) {
      response.writeHead(302, { Location: `${this.redirectTo}${url}` }).end();
      return;
    }
    // The sandbox knows itself by its address only.
    const host = new URL(this.behind).host;
    const onward = request(`${this.behind}${url}`, { method, headers: { ...headers, host } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const body = Buffer.from(text.replace(/ws:\/\/127\.0\.0\.1:\d+/g, this.feed));
        response.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': body.length });
        response.end(body);
      });
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  }

  private upgrade({ url = '', rawHeaders }: IncomingMessage, socket: Duplex): void {
    this.arrived.push(`UPGRADE ${url.split('?')[0]}`);
    this.keep(socket);
    const { hostname, port } = new URL(this.behind);
    const onward = this.keep(
      connect(Number(port), hostname, () => {
        const lines = rawHeaders.flatMap((name, index) =>
          index % 2
            ? []
            : [`${name}: ${/^host$/i.test(name) ? `${hostname}:${port}` : rawHeaders[index + 1]}`],
        );
        onward.write(`GET ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
        this.join(socket, onward);
      }),
    );
  }
}
