import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { FeedListener, FeedStatus } from '../kucoin/feed/connection';
import type { Time } from '../kucoin/time';
import type { Lease } from '../transfers/lease';
import { readText, replaceText } from './files';
import type { Logger } from './log';

/** The socket to the exchange, as the window that owns it opens it. */
export interface Upstream {
  /** All topics that anybody wants now. */
  setTopics(topics: readonly string[]): void;
  close(): void;
}

export interface SharedFeedOptions {
  /** Folder that all windows share; has to exist. */
  readonly folder: string;
  /** Names the feed among all: one profile and one host of the exchange. */
  readonly name: string;
  readonly lease: Lease;
  readonly time: Time;
  readonly log: Logger;
  readonly open: (listener: FeedListener) => Upstream;
}

/** A lease lasts 30 s without renewal. */
const renewMs = 10_000;
/** Pause before a window that could neither own nor follow tries again. */
const retryMs = 500;
const closed: FeedStatus = { state: 'closed' };

interface Listening {
  readonly topics: readonly string[];
  readonly listener: FeedListener;
}

/**
 * One feed of the exchange for all windows of this computer. The window that has the lease owns the socket and feeds
 * the others through a local pipe, which needs the token that only this user can read; when it goes, the next one
 * takes over and everybody reads a snapshot. Without listeners nothing runs.
 */
export class SharedFeed {
  private readonly listening = new Set<Listening>();
  private role: Role | undefined;
  private run: AbortController | undefined;
  /** The last run, until it has given everything back: the next one begins after it. */
  private ending: Promise<void> = Promise.resolve();
  private statusNow: FeedStatus = closed;

  constructor(private readonly options: SharedFeedOptions) {}

  get status(): FeedStatus {
    return this.statusNow;
  }

  /** Whether this window has the socket; for reports. */
  get owns(): boolean {
    return this.role?.kind === 'owner';
  }

  listen(topics: readonly string[], listener: FeedListener): { dispose(): void } {
    const one: Listening = { topics, listener };
    const known = new Set(this.topics());
    this.listening.add(one);
    if (this.run) {
      this.role?.setTopics(this.topics());
      listener.status(this.statusNow);
      // Of topics that flow already nobody else will say that a snapshot is due.
      const flowing = topics.filter((topic) => known.has(topic));
      if (this.statusNow.state === 'live' && flowing.length > 0) listener.gap(flowing);
    } else {
      this.start();
    }
    return {
      dispose: () => {
        if (!this.listening.delete(one)) return;
        if (this.listening.size === 0) this.stop();
        else this.role?.setTopics(this.topics());
      },
    };
  }

  /** Ends for good; whoever listens is told. Resolves when the pipe and the lease are given back. */
  async dispose(): Promise<void> {
    if (this.listening.size > 0) this.tell(closed);
    this.listening.clear();
    this.stop();
    await this.ending;
  }

  private topics(): string[] {
    return [...new Set([...this.listening].flatMap(({ topics }) => topics))];
  }

  private start(): void {
    const run = (this.run = new AbortController());
    this.tell({ state: 'connecting' });
    this.ending = this.ending.then(() => this.keep(run.signal));
  }

  private stop(): void {
    this.run?.abort();
    this.run = undefined;
    this.statusNow = closed;
  }

  /** Owns the feed or follows its owner, and starts over when that has ended. */
  private async keep(signal: AbortSignal): Promise<void> {
    const { lease, name, log, time } = this.options;
    for (let first = true; !signal.aborted; first = false) {
      if (!first) this.tell({ state: 'reconnecting' });
      try {
        if (await lease.tryTake(name)) await this.own(signal);
        else await this.follow(signal);
      } catch (error) {
        log.warn(`the feed ${name} could not be shared`, error);
      }
      await time.delay(retryMs, signal).catch(() => undefined);
    }
  }

  private listenerOf(signal: AbortSignal): Required<FeedListener> {
    const each = (about: readonly string[] | undefined, work: (listener: FeedListener) => void): void => {
      if (signal.aborted) return;
      for (const { topics, listener } of [...this.listening]) if (concerns(topics, about)) work(listener);
    };
    return {
      frame: (text) => each(topicsOf(text), (listener) => listener.frame(text)),
      gap: (topics) => each(topics, (listener) => listener.gap(topics)),
      refused: (topics, reason) => each(topics, (listener) => listener.refused?.(topics, reason)),
      status: (status) => {
        if (!signal.aborted) this.tell(status);
      },
    };
  }

  private tell(status: FeedStatus): void {
    this.statusNow = status;
    for (const { listener } of [...this.listening]) listener.status(status);
  }

  private async own(signal: AbortSignal): Promise<void> {
    const { lease, name, time } = this.options;
    const role = await Owner.open(this.options, this.listenerOf(signal)).catch(async (error: unknown) => {
      await lease.release(name);
      throw error;
    });
    try {
      if (signal.aborted) return;
      this.role = role;
      role.setTopics(this.topics());
      while (
        await time.delay(renewMs, signal).then(
          () => true,
          () => false,
        )
      ) {
        if (!(await lease.tryTake(name))) return; // after a long sleep of the machine another window has it
      }
    } finally {
      if (this.role === role) this.role = undefined;
      await role.close();
      await lease.release(name);
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const role = await Follower.open(this.options, this.listenerOf(signal));
    if (!role) return;
    const stop = (): void => role.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (signal.aborted) role.close();
      this.role = role;
      role.setTopics(this.topics());
      await role.ended;
    } finally {
      signal.removeEventListener('abort', stop);
      if (this.role === role) this.role = undefined;
    }
  }
}

type Role = Owner | Follower;

/** Where the owner is reached. */
interface Address {
  readonly pipe: string;
  readonly token: string;
}

/** What goes through the pipe, a line of JSON each. */
type ToFollower =
  | { readonly status: Pick<FeedStatus, 'state' | 'reason'> }
  | { readonly frame: string }
  | { readonly gap: readonly string[] }
  | { readonly refused: readonly string[]; readonly reason: string };

interface ToOwner {
  readonly token: string;
  readonly topics: readonly string[];
}

class Owner {
  readonly kind = 'owner';
  private readonly followers = new Map<Socket, readonly string[]>();
  private own: readonly string[] = [];
  private status: FeedStatus = { state: 'connecting' };
  private readonly upstream: Upstream;

  private constructor(
    private readonly server: Server,
    private readonly token: string,
    { open }: SharedFeedOptions,
    listener: Required<FeedListener>,
  ) {
    server.on('connection', (socket) => this.welcome(socket));
    this.upstream = open({
      frame: (text) => {
        listener.frame(text);
        this.send({ frame: text }, topicsOf(text));
      },
      gap: (topics) => {
        listener.gap(topics);
        this.send({ gap: topics }, topics);
      },
      refused: (topics, reason) => {
        listener.refused(topics, reason);
        this.send({ refused: topics, reason }, topics);
      },
      status: (status) => {
        this.status = status;
        listener.status(status);
        this.send({ status: plain(status) });
      },
    });
  }

  static async open(options: SharedFeedOptions, listener: Required<FeedListener>): Promise<Owner> {
    const address: Address = { pipe: newPipe(), token: randomBytes(32).toString('base64url') };
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address.pipe, resolve);
    });
    try {
      await replaceText(addressFile(options), JSON.stringify(address));
    } catch (error) {
      // Nobody will ever find it, and the next try opens another one.
      await new Promise((resolve) => server.close(resolve));
      throw error;
    }
    return new Owner(server, address.token, options, listener);
  }

  setTopics(topics: readonly string[]): void {
    this.own = topics;
    this.upstream.setTopics(this.all());
  }

  async close(): Promise<void> {
    this.upstream.close();
    for (const socket of this.followers.keys()) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Topics that any window wants. */
  private all(): string[] {
    return [...new Set([...this.own, ...[...this.followers.values()].flat()])];
  }

  /** A follower says the token and what it wants; whoever does not say it hears nothing. */
  private welcome(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (this.followers.delete(socket)) this.upstream.setTopics(this.all());
    });
    const lines = createInterface({ input: socket, crlfDelay: Infinity });
    lines.on('error', () => socket.destroy());
    lines.on('line', (line) => {
      const message = parse(line) as Partial<ToOwner> | undefined;
      if (!message || !sameToken(message.token, this.token) || !Array.isArray(message.topics)) {
        socket.destroy();
        return;
      }
      const topics = message.topics.filter((topic) => typeof topic === 'string');
      const before = this.followers.get(socket);
      // Of what flows already nobody else will say that a snapshot is due.
      const flowing = topics.filter((topic) => this.all().includes(topic) && !before?.includes(topic));
      this.followers.set(socket, topics);
      this.upstream.setTopics(this.all());
      if (!before) write(socket, { status: plain(this.status) });
      if (this.status.state === 'live' && flowing.length > 0) write(socket, { gap: flowing });
    });
  }

  /** To those whom it concerns; to all where it concerns no topic. */
  private send(message: ToFollower, about?: readonly string[]): void {
    for (const [socket, topics] of this.followers) if (concerns(topics, about)) write(socket, message);
  }
}

class Follower {
  readonly kind = 'follower';
  readonly ended: Promise<void>;

  private constructor(
    private readonly socket: Socket,
    private readonly token: string,
    listener: Required<FeedListener>,
  ) {
    this.ended = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => socket.destroy());
    const lines = createInterface({ input: socket, crlfDelay: Infinity });
    lines.on('error', () => socket.destroy());
    lines.on('line', (line) => {
      const message = parse(line) as
        Partial<Record<'frame' | 'status' | 'gap' | 'refused', unknown>> | undefined;
      if (typeof message?.frame === 'string') listener.frame(message.frame);
      else if (message?.status) listener.status(message.status as FeedStatus);
      else if (message?.gap) listener.gap(message.gap as string[]);
      else if (message?.refused)
        listener.refused(message.refused as string[], (message as { readonly reason: string }).reason);
    });
  }

  /** `undefined` when nobody answers there. */
  static async open(
    options: SharedFeedOptions,
    listener: Required<FeedListener>,
  ): Promise<Follower | undefined> {
    const address = parse((await readText(addressFile(options))) ?? '') as Partial<Address> | undefined;
    if (typeof address?.pipe !== 'string' || typeof address.token !== 'string') return undefined;
    const socket = connect(address.pipe);
    const answers = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    return answers ? new Follower(socket, address.token, listener) : undefined;
  }

  setTopics(topics: readonly string[]): void {
    write(this.socket, { token: this.token, topics });
  }

  close(): void {
    this.socket.destroy();
  }
}

/** The topic of a frame, read without reading the frame; `undefined` where it does not say. */
function topicsOf(frame: string): readonly string[] | undefined {
  const topic = /"topic"\s*:\s*"([^"\\]*)"/.exec(frame)?.[1];
  return topic === undefined ? undefined : [topic];
}

function concerns(topics: readonly string[], about: readonly string[] | undefined): boolean {
  return about === undefined || about.some((topic) => topics.includes(topic));
}

/** An error holds more than another window needs. */
function plain({ state, reason }: FeedStatus): Pick<FeedStatus, 'state' | 'reason'> {
  return { state, ...(reason !== undefined && { reason }) };
}

function addressFile({ folder, name }: SharedFeedOptions): string {
  return path.join(folder, `${name.replace(/[^\w-]/g, '_')}.feed.json`);
}

/** In the folder for temporary files, as the path of a Unix socket has to be short. */
function newPipe(): string {
  const name = `kucoin-accounts-${randomBytes(8).toString('hex')}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : path.join(tmpdir(), `${name}.sock`);
}

/** A follower that does not read is cut off instead of filling the memory of the owner. */
const backlogLimit = 16 * 1024 * 1024;

function write(socket: Socket, message: ToFollower | ToOwner): void {
  if (socket.destroyed) return;
  if (socket.writableLength > backlogLimit) socket.destroy();
  else socket.write(`${JSON.stringify(message)}\n`);
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function sameToken(given: unknown, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(token));
}
