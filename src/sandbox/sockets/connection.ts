import * as v from 'valibot';
import type { WebSocket } from 'ws';
import type { Host } from '../../kucoin/vocabulary';
import type { SocketFault } from '../faults';
import type { Switches } from '../switches';
import { tokenLifeMs, wantedBy, type Limits } from './topics';

/** What a connection needs to know of its surroundings. */
export interface ConnectionOptions {
  readonly host: Host;
  /** Counts from 1. */
  readonly number: number;
  /** Absent with a public token. */
  readonly uid?: number;
  readonly connectId: string;
  /** When the token was issued. */
  readonly tokenIssuedAt: number;
  readonly limits: () => Limits;
  readonly switches: () => Switches;
  /** Exchange time in milliseconds. */
  readonly now: () => number;
  /** Whether the answer of a pong tells the time, as in newer revisions. */
  readonly pongTime: () => boolean;
  readonly meet: (moment: 'ping' | 'subscribe', topic?: string) => readonly SocketFault[];
  /** What it listens to has changed. */
  readonly onInterest: () => void;
  /** A frame came in or went out. */
  readonly onFrame: (direction: 'received' | 'sent') => void;
}

const command = v.looseObject({
  id: v.optional(v.union([v.string(), v.number()])),
  type: v.string(),
});

const flag = v.fallback(v.optional(v.boolean(), false), false);
const subscription = v.object({
  topic: v.string(),
  privateChannel: flag,
  response: flag,
  tunnelId: v.fallback(v.optional(v.string(), ''), ''),
});
const tunnel = v.object({
  newTunnelId: v.fallback(v.optional(v.string(), ''), ''),
  tunnelId: v.fallback(v.optional(v.string(), ''), ''),
  response: flag,
});

type Refusal = readonly [code: number, data: string];

/** Text that is not read is no reason to fill the memory: beyond this the connection is cut. */
const mostWaitingBytes = 64 * 1024 * 1024;

/** One client: commands in, answers and events out, by kucoin-api 11.2 to 11.4. */
export class Connection {
  sent = 0;
  received = 0;
  readonly openedAt: number;
  /** Names of tunnels by channel; the empty name is the connection itself. */
  private readonly channels = new Map<string, Set<string>>();
  private readonly tunnels = new Set<string>();
  private lastHeard: number;
  /** Start of the running ten seconds, and the messages in it. */
  private window = { start: 0, count: 0 };

  constructor(
    readonly socket: WebSocket,
    readonly options: ConnectionOptions,
  ) {
    this.openedAt = options.now();
    this.lastHeard = this.openedAt;
    socket.on('message', (data: Buffer) => this.receive(data.toString()));
    // A broken frame or a reset: 'close' follows.
    socket.on('error', () => undefined);
  }

  /** Names of tunnels that want a channel; `undefined` when nobody does. */
  listens(channel: string): ReadonlySet<string> | undefined {
    return this.channels.get(channel);
  }

  get topics(): string[] {
    return [...this.channels.keys()];
  }

  welcome(): void {
    this.send({ id: this.options.connectId, type: 'welcome' });
  }

  send(message: object | string): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.sent++;
    this.options.onFrame('sent');
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    if (this.socket.bufferedAmount > mostWaitingBytes) this.socket.terminate();
  }

  /** Ends it; 1006 cuts it without a word. */
  close(code: number, reason: string): void {
    if (code === 1006) this.socket.terminate();
    else this.socket.close(code, reason);
  }

  /** An error, and the end. */
  refuse(code: number, data: string): void {
    this.send({ id: this.options.connectId, type: 'error', code, data });
    this.close(1000, 'Bye');
  }

  /** Ends clients that are silent, and those whose token has ended. */
  check(): void {
    const { now, switches, tokenIssuedAt } = this.options;
    if (now() - this.lastHeard >= switches().socketSilenceMs) this.refuse(400, 'ping timeout');
    else if (now() >= tokenIssuedAt + tokenLifeMs) this.close(1000, 'Bye');
  }

  private receive(text: string): void {
    const { now, limits, onFrame } = this.options;
    this.received++;
    onFrame('received');
    this.lastHeard = now();
    if (now() - this.window.start >= 10_000 || now() < this.window.start)
      this.window = { start: now(), count: 0 };
    const result = v.safeParse(command, parsed(text));
    const id = result.success ? textOf(result.output.id) : '';
    const refusal: Refusal | undefined =
      ++this.window.count > limits().messagesPerTenSeconds
        ? [509, 'exceed max permits per second']
        : result.success
          ? this.obey(id, result.output)
          : [400, 'message format is invalid'];
    if (refusal) this.send({ id: id || String(now()), type: 'error', code: refusal[0], data: refusal[1] });
  }

  private obey(id: string, message: v.InferOutput<typeof command>): Refusal | undefined {
    switch (message.type) {
      case 'ping':
        this.pong(id);
        return undefined;
      case 'subscribe':
      case 'unsubscribe':
        return this.subscribe(id, message.type, message);
      case 'openTunnel':
      case 'closeTunnel':
        return this.tunnel(id, message.type, message);
      default:
        return [415, 'type is not supported'];
    }
  }

  private pong(id: string): void {
    const { meet, now, pongTime } = this.options;
    if (meet('ping').length > 0) return;
    this.send({ id, type: 'pong', ...(pongTime() && { timestamp: now() * 1000 }) });
  }

  private subscribe(id: string, type: 'subscribe' | 'unsubscribe', message: unknown): Refusal | undefined {
    const result = v.safeParse(subscription, message);
    if (!result.success || result.output.topic === '') return [406, 'topic is required'];
    const { topic, privateChannel, response, tunnelId } = result.output;
    const { host, uid, limits, switches, meet, onInterest } = this.options;
    const [fault] = type === 'subscribe' ? meet('subscribe', topic) : [];
    if (fault?.kind === 'refuseSubscription') return [fault.code, fault.data];
    if (fault) return undefined;

    const wanted = wantedBy(host, topic);
    if (wanted === 'unknown') return [404, 'topic does not exist'];
    if (wanted === 'invalid') return [400, 'topic is invalid'];
    if (wanted.isPrivate && uid === undefined) return [403, 'login is required'];
    if (wanted.isPrivate && !privateChannel && switches().privateChannelFlag === 'needed') {
      return [403, 'privateChannel is required'];
    }
    if (tunnelId !== '' && !this.tunnels.has(tunnelId)) return [400, 'tunnelId is invalid'];
    const { topicsPerRequest, topicsPerConnection } = limits();
    if (wanted.channels.length > topicsPerRequest) {
      return [509, `exceed max subscription count limitation of ${topicsPerRequest} per time`];
    }
    if (type === 'subscribe') {
      const more = wanted.channels.filter((channel) => !this.channels.has(channel)).length;
      if (this.channels.size + more > topicsPerConnection[host]) {
        return [509, `exceed max subscription count limitation of ${topicsPerConnection[host]} per session`];
      }
      for (const channel of wanted.channels) this.join(channel, tunnelId);
    } else for (const channel of wanted.channels) this.leave(channel, tunnelId);
    if (response) this.send({ id, type: 'ack' });
    onInterest();
    return undefined;
  }

  private join(channel: string, tunnelId: string): void {
    const tunnels = this.channels.get(channel);
    if (tunnels) tunnels.add(tunnelId);
    else this.channels.set(channel, new Set([tunnelId]));
  }

  private leave(channel: string, tunnelId: string): void {
    const tunnels = this.channels.get(channel);
    if (tunnels?.delete(tunnelId) && tunnels.size === 0) this.channels.delete(channel);
  }

  private tunnel(id: string, type: 'openTunnel' | 'closeTunnel', message: unknown): Refusal | undefined {
    const { newTunnelId, tunnelId, response } = v.parse(tunnel, message);
    if (type === 'openTunnel') {
      if (newTunnelId === '') return [400, 'newTunnelId is required'];
      const most = this.options.limits().tunnels;
      if (!this.tunnels.has(newTunnelId) && this.tunnels.size >= most) {
        return [509, `exceed max tunnel count limitation of ${most}`];
      }
      this.tunnels.add(newTunnelId);
    } else {
      if (!this.tunnels.delete(tunnelId)) return [400, 'tunnelId is invalid'];
      for (const channel of this.topics) this.leave(channel, tunnelId);
      this.options.onInterest();
    }
    if (response) this.send({ id, type: 'ack' });
    return undefined;
  }
}

function textOf(id: string | number | undefined): string {
  return id === undefined ? '' : String(id);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the schema refuses it.
    return undefined;
  }
}
