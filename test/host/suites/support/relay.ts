import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSigner, type Credentials } from '../../../../src/kucoin/sign';

/** What the relay does with a request. `echo` refuses it and says back all that came with it; `mute` never answers. */
export type Manner = 'pass' | 'echo' | 'page' | 'reset' | 'mute';

/**
 * An exchange between the extension and the sandbox: it takes any key, and signs what it passes on with another one. So
 * an invented key can do everything, and the exchange can misbehave in ways that the sandbox has not.
 */
export class Relay {
  manner: (request: { readonly method: string; readonly path: string }) => Manner = () => 'pass';
  /** Changes answers on their way back. */
  change: (text: string) => string = (text) => text;
  /** Keys that came, in clear. */
  readonly keys = new Set<string>();
  /** What signed the requests, and what stood for the passphrase: as secret as a key, for a while. */
  readonly signatures = new Set<string>();
  private readonly server: Server;

  constructor(
    private readonly behind: string,
    credentials: Credentials,
  ) {
    const signer = createSigner(credentials);
    this.server = createServer((incoming, response) => {
      void this.take(incoming, response, signer).catch(() => response.destroy());
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(
    incoming: IncomingMessage,
    response: ServerResponse,
    signer: ReturnType<typeof createSigner>,
  ): Promise<void> {
    const { method = '', url = '', headers } = incoming;
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const key = headers['kc-api-key'];
    if (typeof key === 'string') this.keys.add(key);
    for (const name of ['kc-api-sign', 'kc-api-passphrase']) {
      const value = headers[name];
      if (typeof value === 'string') this.signatures.add(value);
    }
    const said = JSON.stringify({ method, url, headers, body });
    switch (this.manner({ method, path: url.split('?')[0] ?? '' })) {
      case 'reset':
        incoming.socket.resetAndDestroy();
        return;
      case 'mute':
        return;
      case 'echo':
        response.writeHead(400, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ code: '400005', msg: `Invalid KC-API-SIGN ${said.slice(0, 2_000)}` }));
        return;
      case 'page':
        response.writeHead(502, { 'Content-Type': 'text/html' });
        response.end(`<html><pre>${said}</pre></html>`);
        return;
      case 'pass': {
        const signed =
          key === undefined ? {} : signer.headers(Date.now(), method, decodeURIComponent(url), body);
        const answer = await fetch(`${this.behind}${url}`, {
          method,
          headers: { 'Content-Type': 'application/json', ...signed },
          ...(body !== '' && { body }),
        });
        response.writeHead(answer.status, { 'Content-Type': 'application/json' });
        response.end(this.change(await answer.text()));
      }
    }
  }
}
