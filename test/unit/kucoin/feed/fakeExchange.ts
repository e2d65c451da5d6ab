import {
  FeedConnection,
  type FeedAccess,
  type FeedListener,
  type FeedOptions,
  type FeedStatus,
  type SocketEvents,
} from '../../../../src/kucoin/feed/connection';
import { FakeTime, settled } from '../../support/fakeTime';

export interface Command {
  readonly id: string;
  readonly type: string;
  readonly topic?: string;
  readonly privateChannel?: boolean;
  readonly response?: boolean;
}

/** One scripted socket as the exchange sees it. */
export class FakeSocket {
  readonly commands: Command[] = [];
  /** Closed by the client. */
  closed = false;

  constructor(
    readonly url: URL,
    private readonly events: SocketEvents,
    private readonly exchange: FakeExchange,
  ) {}

  say(frame: object | string): void {
    this.events.message(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  drop(reason = '1006'): void {
    this.events.closed(reason);
  }

  receive(text: string): void {
    const command = JSON.parse(text) as Command;
    this.commands.push(command);
    const answer = this.exchange.answer(command, this);
    if (answer) queueMicrotask(() => this.say(answer));
  }

  /** Topics of all commands of a type. */
  topics(type: string): (string | undefined)[] {
    return this.commands.filter((command) => command.type === type).map(({ topic }) => topic);
  }
}

/** An exchange that does as it is told: by default everything that it should. */
export class FakeExchange {
  readonly time = new FakeTime();
  readonly sockets: FakeSocket[] = [];
  readonly frames: string[] = [];
  readonly gaps: (readonly string[])[] = [];
  readonly statuses: FeedStatus[] = [];
  readonly refusals: { topics: readonly string[]; reason: string }[] = [];
  readonly notes: string[] = [];
  tokens = 0;
  welcomes = true;
  server = { endpoint: 'wss://feed.invalid/', pingInterval: 18_000, pingTimeout: 10_000 };
  /** Throws in place of a token. */
  tokenTrouble: (() => Error) | undefined;
  answer: (command: Command, socket: FakeSocket) => object | undefined = ({ id, type }) => ({
    id,
    type: type === 'ping' ? 'pong' : 'ack',
  });

  readonly listener: FeedListener = {
    frame: (text) => this.frames.push(text),
    gap: (topics) => this.gaps.push([...topics].sort()),
    status: (status) => this.statuses.push(status),
    refused: (topics, reason) => this.refusals.push({ topics, reason }),
  };

  open(more: Partial<FeedOptions> = {}): FeedConnection {
    let lastId = 0;
    return new FeedConnection({
      access: () => this.token(),
      connect: (url, events) => {
        const socket = new FakeSocket(new URL(url), events, this);
        this.sockets.push(socket);
        if (this.welcomes) queueMicrotask(() => socket.say({ id: 'x', type: 'welcome' }));
        return Promise.resolve({
          send: (text) => socket.receive(text),
          close: () => void (socket.closed = true),
        });
      },
      time: this.time,
      newId: () => `connect-${++lastId}`,
      listener: this.listener,
      note: (text) => this.notes.push(text),
      ...more,
    });
  }

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error('no socket yet');
    return last;
  }

  get states(): string[] {
    return this.statuses.map(({ state }) => state);
  }

  /** A message of a topic. */
  message(topic: string, data: unknown = {}): object {
    return { type: 'message', topic, subject: 'x', data };
  }

  private token(): Promise<FeedAccess> {
    this.tokens++;
    if (this.tokenTrouble) return Promise.reject(this.tokenTrouble());
    return Promise.resolve({ token: `INVENTED/+=&${this.tokens}`, instanceServers: [this.server] });
  }
}

export { settled };
