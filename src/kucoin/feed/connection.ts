import type { getPrivateToken } from '../endpoints/token';
import type { ReplyOf } from '../endpoint';
import { KucoinError, tidy, type ErrorKind } from '../errors';
import type { Time } from '../time';
import { SendWindow } from './sendWindow';
import { readTopic, topics } from './topics';

/** A token and the servers that take it. */
export type FeedAccess = ReplyOf<typeof getPrivateToken>;

/** An open socket; knows nothing of the exchange. */
export interface FeedSocket {
  send(text: string): void;
  /** Ends it. `closed` may still be called. */
  close(): void;
}

export interface SocketEvents {
  message(text: string): void;
  /** Once, also when the socket never opened. A reason for logs, without the address. */
  closed(reason: string): void;
}

/** Starts to connect; resolves when the socket takes messages, or rejects after `closed`. */
export type OpenSocket = (url: string, events: SocketEvents) => Promise<FeedSocket>;

/** How a feed stands, for those who show it. */
export interface FeedStatus {
  readonly state: 'connecting' | 'live' | 'reconnecting' | 'closed';
  /** Why it is not live, for a log or a report; without secrets. */
  readonly reason?: string;
  /** What kept the token away, when that is the reason. */
  readonly error?: KucoinError;
}

export interface FeedListener {
  /** A frame of type `message`, as it came: digits stay what they are. `readFrame` reads it. */
  frame(text: string): void;
  /** From now on nothing of these topics is missed, but something may have been before: read a snapshot. */
  gap(topics: readonly string[]): void;
  status(status: FeedStatus): void;
  /** The exchange does not give these topics; the others go on. */
  refused?(topics: readonly string[], reason: string): void;
}

export interface FeedOptions {
  /** A new token with each call. */
  readonly access: (signal: AbortSignal) => Promise<FeedAccess>;
  readonly connect: OpenSocket;
  readonly time: Time;
  /** A new unique text with each call: names a connection. */
  readonly newId: () => string;
  readonly listener: FeedListener;
  /** For a log: what was odd and did no harm. Never holds data. */
  readonly note?: (text: string) => void;
  /** Most topics of one connection. The lower of the documented limits where left out (kucoin-api 11.4). */
  readonly topicLimit?: number;
}

const defaultTopicLimit = 300;
/** Longest wait for the socket and its welcome, and for an acknowledgement, ms. */
const welcomeMs = 10_000;
const ackMs = 10_000;
/** Back-off: full jitter below base × 2^n, at most the cap, ms. */
const backOffMs = { base: 1_000, cap: 30_000 };
/** How long a connection has to live before the back-off starts anew, ms. */
const steadyMs = 60_000;
const namesPerRequest = 100;
/** How often in a row the exchange may be too busy for a subscription. */
const busyLimit = 5;
/** What a server may ask for as interval of pings, ms. */
const pingMs = { least: 200, most: 60_000 };

/** Troubles of a token that pass; all others need the user. */
const passing: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'network',
  'certificate',
  'proxy',
  'proxyLogin',
  'timeout',
  'unavailable',
  'rateLimit',
  'malformedReply',
  'clock',
]);

function backOff(time: Time, attempt: number): number {
  return Math.round(time.random() * Math.min(backOffMs.cap, backOffMs.base * 2 ** attempt));
}

/**
 * One connection to a feed of the exchange that is made anew whenever it ends (kucoin-api 11): token, socket,
 * welcome, acknowledged subscriptions, pings. Without topics there is no socket and no timer.
 */
export class FeedConnection {
  private wanted: ReadonlySet<string> = new Set();
  private life: AbortController | undefined;
  private session: Session | undefined;
  private current: FeedStatus = { state: 'closed' };
  private final = false;
  private readonly listener: Required<FeedListener>;

  constructor(private readonly options: FeedOptions) {
    this.listener = guarded(options);
  }

  get status(): FeedStatus {
    return this.current;
  }

  /** All topics that are wanted from now on. */
  setTopics(wanted: readonly string[]): void {
    if (this.final) return;
    this.wanted = new Set(wanted);
    if (this.wanted.size === 0) {
      this.stop({ state: 'closed' });
    } else if (this.life) {
      this.session?.update();
    } else {
      this.life = new AbortController();
      void this.run(this.life.signal);
    }
  }

  /** For good. */
  close(): void {
    this.final = true;
    this.stop({ state: 'closed' });
  }

  private stop(status: FeedStatus): void {
    const { life } = this;
    this.life = undefined;
    this.session = undefined;
    life?.abort();
    if (life) this.tell(status);
  }

  private tell(status: FeedStatus): void {
    this.current = status;
    this.listener.status(status);
  }

  /** Session after session until it is stopped or the exchange gives no token. */
  private async run(life: AbortSignal): Promise<void> {
    const { time } = this.options;
    this.tell({ state: 'connecting' });
    for (let attempt = 0; !life.aborted; attempt++) {
      const session = new Session(this.options, {
        listener: this.listener,
        wanted: () => this.wanted,
        life,
        attempt,
        onLive: () => this.tell({ state: 'live' }),
      });
      this.session = session;
      const { liveSince, ending } = await session.run();
      // Aborted while it ran: another run may have begun.
      if (isAborted(life)) return;
      const { final, ...why } = ending;
      if (final) {
        this.final = true;
        this.stop({ state: 'closed', ...why });
        return;
      }
      if (liveSince !== undefined && time.monotonic() - liveSince >= steadyMs) attempt = 0;
      this.tell({ state: 'reconnecting', ...why });
      await time.delay(backOff(time, attempt), life).catch(() => undefined);
    }
  }
}

/** Reads the state anew where the compiler believes that it still is what it was. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

interface Ending {
  readonly reason: string;
  readonly error?: KucoinError;
  /** Trying again does not help. */
  readonly final?: true;
}

interface SessionContext {
  readonly listener: Required<FeedListener>;
  readonly wanted: () => ReadonlySet<string>;
  readonly life: AbortSignal;
  readonly attempt: number;
  readonly onLive: () => void;
}

interface Pending {
  readonly kind: 'ping' | 'subscribe' | 'unsubscribe';
  readonly topics: readonly string[];
  /** Stops the clock that ends the session. */
  readonly disarm: () => void;
}

/** A command for topics that share it. */
interface Batch {
  readonly kind: 'subscribe' | 'unsubscribe';
  readonly topics: readonly string[];
  /** As it is sent, names joined. */
  readonly text: string;
  readonly privateChannel: boolean;
}

/** From one token to the end of its socket. */
class Session {
  private readonly over = new AbortController();
  private readonly window: SendWindow;
  private ending: Ending | undefined;
  private socket: FeedSocket | undefined;
  private liveSince: number | undefined;
  private welcomed: (() => void) | undefined;
  private readonly pending = new Map<string, Pending>();
  private readonly known = new Map<string, 'asked' | 'active' | 'leaving'>();
  /** Acknowledged, but not yet told of. */
  private fresh: string[] = [];
  private readonly refused = new Set<string>();
  private readonly beyondLimit = new Set<string>();
  private pumping = false;
  private pausing = false;
  private busy = 0;
  private lastId = 0;

  constructor(
    private readonly options: FeedOptions,
    private readonly context: SessionContext,
  ) {
    this.window = new SendWindow(options.time);
  }

  /** Resolves when the session is over. */
  async run(): Promise<{ ending: Ending; liveSince: number | undefined }> {
    const { life } = this.context;
    const stop = (): void => this.end('closed by this side');
    life.addEventListener('abort', stop, { once: true });
    try {
      if (life.aborted) stop();
      else await this.open();
      await this.ended();
    } finally {
      life.removeEventListener('abort', stop);
    }
    return { ending: this.ending ?? { reason: 'closed' }, liveSince: this.liveSince };
  }

  /** Other topics are wanted. */
  update(): void {
    void this.pump();
  }

  private get signal(): AbortSignal {
    return this.over.signal;
  }

  private ended(): Promise<void> {
    if (this.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  private end(why: string | Ending): void {
    if (this.ending) return;
    this.ending = typeof why === 'string' ? { reason: why } : why;
    this.over.abort();
    this.pending.clear();
    this.socket?.close();
  }

  private async open(): Promise<void> {
    const { options } = this;
    let access: FeedAccess;
    try {
      access = await options.access(this.signal);
    } catch (error) {
      this.end(refusedToken(error));
      return;
    }
    if (this.signal.aborted) return;
    const id = options.newId();
    const server = access.instanceServers[this.context.attempt % access.instanceServers.length];
    const url = server && addressOf(server.endpoint, access.token, id);
    if (!server || url === undefined) {
      this.end('the exchange named no server that can be connected to safely');
      return;
    }
    this.welcomed = this.arm(welcomeMs, 'no welcome came in time');
    try {
      const socket = await options.connect(url, {
        message: (text) => {
          if (!this.signal.aborted) this.receive(text, server);
        },
        closed: (reason) => this.end(`the connection ended: ${tidy(reason)}`),
      });
      this.socket = socket;
      if (isAborted(this.signal)) socket.close();
      else void this.pump(); // the welcome may have been quicker
    } catch {
      this.end('the connection could not be made');
    }
  }

  /** Ends the session when the time is over; the answer calls it off. */
  private arm(ms: number, late: string): () => void {
    const timer = new AbortController();
    this.options.time.delay(ms, AbortSignal.any([this.signal, timer.signal])).then(
      () => this.end(late),
      () => undefined,
    );
    return () => timer.abort();
  }

  private send(kind: Pending['kind'], members: object, about: readonly string[], ms: number): void {
    const id = String(++this.lastId);
    const late = kind === 'ping' ? 'a ping was not answered' : `${kind} was not acknowledged`;
    this.pending.set(id, { kind, topics: about, disarm: this.arm(ms, late) });
    this.window.sent();
    try {
      this.socket?.send(JSON.stringify({ id, type: kind, ...members }));
    } catch {
      this.end('a message could not be sent');
    }
  }

  private async keepAlive({
    pingInterval,
    pingTimeout,
  }: Readonly<Record<'pingInterval' | 'pingTimeout', number>>): Promise<void> {
    const every = Math.min(Math.max(pingInterval, pingMs.least), pingMs.most);
    try {
      for (;;) {
        await this.options.time.delay(every, this.signal);
        this.send('ping', {}, [], pingTimeout);
      }
    } catch {
      // The session is over.
    }
  }

  private receive(text: string, server: FeedAccess['instanceServers'][number]): void {
    const frame = parse(text);
    if (!frame) {
      // What it said is lost, so everything has to be read anew.
      this.end('a frame came that is not JSON');
      return;
    }
    const id = typeof frame['id'] === 'string' || typeof frame['id'] === 'number' ? String(frame['id']) : '';
    switch (frame['type']) {
      case 'message':
        this.context.listener.frame(text);
        break;
      case 'welcome':
        if (!this.welcomed) break;
        this.welcomed();
        this.welcomed = undefined;
        void this.keepAlive(server);
        void this.pump();
        break;
      case 'ack':
      case 'pong':
        this.answered(id);
        break;
      case 'error':
        this.failed(id, Number(frame['code']), tidy(typeof frame['data'] === 'string' ? frame['data'] : ''));
        break;
      default:
        this.note(`a frame of another type came: ${tidy(String(frame['type'])).slice(0, 40)}`);
    }
  }

  private answered(id: string): void {
    const pending = this.take(id);
    if (pending?.kind === 'subscribe') {
      this.busy = 0;
      for (const topic of pending.topics) this.known.set(topic, 'active');
      this.fresh.push(...pending.topics);
    } else if (pending?.kind === 'unsubscribe') {
      for (const topic of pending.topics) this.known.delete(topic);
    }
    void this.pump();
  }

  private take(id: string): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    pending?.disarm();
    return pending;
  }

  /** kucoin-api 11.3 */
  private failed(id: string, code: number, text: string): void {
    const pending = this.take(id);
    const reason = `${code} ${text}`.trim();
    if (code === 401) {
      this.end(`the exchange refused the token: ${reason}`);
    } else if (pending?.kind === 'unsubscribe') {
      for (const topic of pending.topics) this.known.delete(topic);
      void this.pump();
    } else if (pending?.kind === 'subscribe' && (code === 509 || code === 500)) {
      for (const topic of pending.topics) this.known.delete(topic);
      this.pause(reason);
    } else if (pending?.kind === 'subscribe') {
      for (const topic of pending.topics) {
        this.known.delete(topic);
        this.refused.add(topic);
      }
      this.context.listener.refused(pending.topics, reason);
      void this.pump();
    } else if (pending || code === 509 || code === 500 || /ping timeout/i.test(text)) {
      this.end(`the exchange reported an error: ${reason}`);
    } else {
      this.note(`the exchange reported an error: ${reason}`);
    }
  }

  /** Too many, or too busy: the same is asked again later, a few times. */
  private pause(reason: string): void {
    if (++this.busy > busyLimit) {
      this.end(`the exchange takes no subscription: ${reason}`);
      return;
    }
    this.pausing = true;
    const { time } = this.options;
    time.delay(backOff(time, this.busy), this.signal).then(
      () => {
        this.pausing = false;
        void this.pump();
      },
      () => undefined,
    );
  }

  /** Sends what is missing between the topics that are wanted and those that are known. */
  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    try {
      while (this.next()) {
        await this.window.room(this.signal);
        // What is wanted may have changed meanwhile.
        const batch = this.next();
        if (!batch) break;
        const { kind, text, privateChannel } = batch;
        for (const topic of batch.topics) this.known.set(topic, kind === 'subscribe' ? 'asked' : 'leaving');
        this.send(kind, { topic: text, privateChannel, response: true }, batch.topics, ackMs);
      }
    } catch {
      return; // the session is over
    } finally {
      this.pumping = false;
    }
    this.settle();
  }

  /** Tells what is subscribed, once nothing of it is on its way. */
  private settle(): void {
    if (this.signal.aborted || this.welcomed || this.pausing || !this.socket) return;
    if ([...this.known.values()].includes('asked')) return;
    if (this.liveSince === undefined) {
      this.liveSince = this.options.time.monotonic();
      this.context.onLive();
    }
    const wanted = this.context.wanted();
    const fresh = this.fresh.filter((topic) => wanted.has(topic));
    this.fresh = [];
    if (fresh.length > 0) this.context.listener.gap(fresh);
  }

  private next(): Batch | undefined {
    if (this.signal.aborted || this.welcomed || this.pausing || !this.socket) return undefined;
    const wanted = this.context.wanted();
    for (const topic of this.refused) if (!wanted.has(topic)) this.refused.delete(topic);
    const leaving = [...this.known].filter(([topic, state]) => state === 'active' && !wanted.has(topic));
    if (leaving.length > 0)
      return batchOf(
        'unsubscribe',
        leaving.map(([topic]) => topic),
      );
    const missing = [...wanted].filter((topic) => !this.known.has(topic) && !this.refused.has(topic));
    const room = Math.max((this.options.topicLimit ?? defaultTopicLimit) - this.known.size, 0);
    this.tellBeyond(missing.slice(room));
    return room > 0 && missing.length > 0 ? batchOf('subscribe', missing.slice(0, room)) : undefined;
  }

  /** Those beyond the limit come in when others go. */
  private tellBeyond(beyond: readonly string[]): void {
    const news = beyond.filter((topic) => !this.beyondLimit.has(topic));
    this.beyondLimit.clear();
    for (const topic of beyond) this.beyondLimit.add(topic);
    if (news.length > 0) this.context.listener.refused(news, 'too many topics for one connection');
  }

  private note(text: string): void {
    this.options.note?.(text);
  }
}

/** The first topic, and those that may go into the same request with it. */
function batchOf(kind: Batch['kind'], all: readonly string[]): Batch | undefined {
  const [first] = all;
  if (first === undefined) return undefined;
  const { path, symbol, name } = readTopic(first);
  const privateChannel = name !== undefined && topics[name].access === 'private';
  const joins = name !== undefined && topics[name].names === 'many' && symbol !== 'all';
  const together = joins
    ? all.filter((topic) => topic.startsWith(`${path}:`) && topic !== `${path}:all`).slice(0, namesPerRequest)
    : [first];
  const text = joins ? `${path}:${together.map((topic) => topic.slice(path.length + 1)).join(',')}` : first;
  return { kind, topics: together, text, privateChannel };
}

/** Where to connect; `undefined` when the token would travel in the clear over a network. */
function addressOf(endpoint: string, token: string, connectId: string): string | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const url = new URL(endpoint);
  const local = /^(127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'wss:' && !(url.protocol === 'ws:' && local)) return undefined;
  url.searchParams.set('token', token);
  url.searchParams.set('connectId', connectId);
  return url.href;
}

function refusedToken(error: unknown): Ending {
  if (!KucoinError.is(error)) return { reason: 'no token could be had', final: true };
  const ending = { reason: error.message, error };
  return passing.has(error.kind) ? ending : { ...ending, final: true };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A listener that fails must not end the feed for the others. */
function guarded({ listener, note }: FeedOptions): Required<FeedListener> {
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch {
      note?.('a listener of the feed failed');
    }
  };
  return {
    frame: (text) => attempt(() => listener.frame(text)),
    gap: (about) => attempt(() => listener.gap(about)),
    status: (status) => attempt(() => listener.status(status)),
    refused: (about, reason) => attempt(() => listener.refused?.(about, reason)),
  };
}
