import { WebSocket } from 'ws';
import type { Credentials, Sandbox } from '../../../src/sandbox/main';
import { at, call } from './caller';

export interface OpenOptions {
  readonly futures?: boolean;
  /** Asks for a public token. */
  readonly isPublic?: boolean;
  readonly credentials?: Credentials;
  /** In place of a fresh one. */
  readonly token?: string;
  /** `false`: does not wait for the welcome. */
  readonly welcome?: boolean;
}

export type Frame = Readonly<Record<string, unknown>>;

/** A token and where it leads, as the sandbox hands it out. */
export async function access(
  sandbox: Sandbox,
  { futures = false, isPublic = false, credentials }: OpenOptions = {},
): Promise<{ token: string; endpoint: string }> {
  const { json } = await call(sandbox, 'POST', `/api/v1/bullet-${isPublic ? 'public' : 'private'}`, {
    futures,
    ...(credentials && { credentials }),
  });
  return {
    token: String(at(json?.data, 'token')),
    endpoint: String(at(json?.data, 'instanceServers', 0, 'endpoint')),
  };
}

let count = 0;

/** A client of the feeds of the tests' own. Frames are kept until they are asked for. */
export class FeedClient {
  /** Raw texts in the order in which they came. */
  readonly texts: string[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  private wake: () => void = () => undefined;
  private read = 0;

  private constructor(readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.wake();
      });
    });
    socket.on('message', (data: Buffer) => {
      this.texts.push(data.toString());
      this.wake();
    });
    // The close follows.
    socket.on('error', () => undefined);
  }

  static async open(sandbox: Sandbox, options: OpenOptions = {}): Promise<FeedClient> {
    const { endpoint, token } = await access(sandbox, options);
    const query = `token=${encodeURIComponent(options.token ?? token)}&connectId=test-${++count}`;
    const client = new FeedClient(new WebSocket(`${endpoint}?${query}`));
    if (options.welcome === false) return client;
    const welcome = await client.next();
    if (welcome['type'] !== 'welcome') throw new Error(`no welcome: ${JSON.stringify(welcome)}`);
    return client;
  }

  /** The next frame, parsed. Rejects when the connection ends before it. */
  async next(): Promise<Frame> {
    return JSON.parse(await this.nextText()) as Frame;
  }

  async nextText(): Promise<string> {
    for (;;) {
      const text = this.texts[this.read];
      if (text !== undefined) {
        this.read++;
        return text;
      }
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error('the connection has ended');
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Sends and gives the next frame. */
  ask(message: unknown): Promise<Frame> {
    this.send(message);
    return this.next();
  }

  /** Subscribes; throws when there is no ack. */
  async subscribe(topic: string, privateChannel = false): Promise<void> {
    const id = String(++count);
    this.send({ id, type: 'subscribe', topic, privateChannel, response: true });
    for (;;) {
      const frame = await this.next();
      if (frame['type'] === 'ack' && frame['id'] === id) return;
      if (frame['type'] === 'error') throw new Error(JSON.stringify(frame));
    }
  }

  /** Everything that the sandbox had sent when it got a ping that is sent now. */
  async settled(): Promise<Frame[]> {
    const id = `settled-${++count}`;
    this.send({ id, type: 'ping' });
    const before: Frame[] = [];
    for (;;) {
      const frame = await this.next();
      if (frame['type'] === 'pong' && frame['id'] === id) return before;
      before.push(frame);
    }
  }
}
