import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';

/** One request as it arrived, bodies included. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answer = (request: Received, response: ServerResponse, socket: Socket) => void;

/** A small server on loopback that remembers what arrived. `/api/v1/timestamp` is answered by itself. */
export class LocalServer {
  readonly received: Received[] = [];
  connections = 0;
  url = '';
  /** Milliseconds that its clock is ahead. */
  ahead = 0;
  answer: Answer = (_request, response) => json(response, { code: '200000', data: [] });
  private readonly server: Server;

  constructor(private readonly now: () => number = Date.now) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => this.take(request, Buffer.concat(chunks).toString('utf8'), response));
    });
    this.server.on('connection', () => this.connections++);
  }

  async start(): Promise<this> {
    this.url = `http://127.0.0.1:${await listen(this.server)}`;
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Requests other than for the time. */
  get calls(): readonly Received[] {
    return this.received.filter(({ url }) => url !== '/api/v1/timestamp');
  }

  private take(request: IncomingMessage, body: string, response: ServerResponse): void {
    const { method = '', url = '', headers } = request;
    const received = { method, url, headers, body };
    this.received.push(received);
    if (url === '/api/v1/timestamp') {
      json(response, { code: '200000', data: Math.round(this.now() + this.ahead) });
    } else {
      this.answer(received, response, request.socket);
    }
  }
}

export function json(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Listens on loopback on a free port; answers the port. */
export async function listen(server: TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A self-signed certificate for 127.0.0.1, 127.0.0.2 and names, made for one run. */
export function makeCertificate(...names: readonly string[]): {
  readonly key: string;
  readonly cert: string;
} {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const der = (tag: number, ...parts: Buffer[]): Buffer => {
    const content = Buffer.concat(parts);
    const size = content.length;
    const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
    return Buffer.concat([Buffer.from([tag, ...length]), content]);
  };
  const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
  const hex = (text: string): Buffer => Buffer.from(text, 'hex');
  const algorithm = sequence(hex('06082a8648ce3d040302')); // ecdsa-with-SHA256
  const commonName = sequence(hex('0603550403'), der(0x0c, Buffer.from('localhost')));
  const issuer = sequence(der(0x31, commonName));
  const time = (text: string): Buffer => der(0x18, Buffer.from(text));
  const alternatives = [
    ...[1, 2].map((last) => der(0x87, Buffer.from([127, 0, 0, last]))),
    ...names.map((text) => der(0x82, Buffer.from(text))),
  ];
  const alternativeName = sequence(hex('0603551d11'), der(0x04, sequence(...alternatives)));
  const content = sequence(
    der(0xa0, hex('020102')),
    hex('020101'),
    algorithm,
    issuer,
    sequence(time('20200101000000Z'), time('20991231235959Z')),
    issuer,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(alternativeName)),
  );
  const signature = der(0x03, hex('00'), sign('sha256', content, privateKey));
  const cert = sequence(content, algorithm, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${cert.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}
