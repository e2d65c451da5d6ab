import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { jsonText } from '../../kucoin/jsonNumber';
import type { Host } from '../../kucoin/vocabulary';
import type { Agenda, Cancel } from '../agenda';
import type { Exchange } from '../exchange';
import type { Faults, SocketFault } from '../faults';
import { Connection } from './connection';
import { Tokens, type Token } from './tokens';
import { limitsIn, type Limits } from './topics';

/** Something that the exchange tells those who listen. */
export interface Push {
  readonly host: Host;
  /** What it was subscribed by, with its symbol. */
  readonly channel: string;
  /** Whose it is; public where left out. */
  readonly uid?: number;
  readonly subject: string;
  /** The topic of the message where it is not the channel. */
  readonly topic?: string;
  readonly data: unknown;
  /** Members beside topic, type, subject and data. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Which connections are meant; all where left out. */
export interface Whose {
  readonly host?: Host;
  readonly uid?: number;
}

export interface SocketView extends Whose {
  readonly host: Host;
  readonly number: number;
  readonly connectId: string;
  /** Exchange time in milliseconds. */
  readonly openedAt: number;
  readonly topics: readonly string[];
  readonly sent: number;
  readonly received: number;
}

export interface SocketsView {
  /** Open now. */
  readonly open: number;
  readonly connections: readonly SocketView[];
  /** Since the start, or since they were cleared. */
  readonly opened: number;
  readonly closed: number;
  readonly framesSent: number;
  readonly framesReceived: number;
  /** Jobs that wait for their time; without any the sandbox has no timer. */
  readonly jobs: number;
}

export interface HubOptions {
  readonly exchange: () => Exchange;
  readonly faults: Faults;
  readonly agenda: Agenda;
  /** What anybody listens to has changed. */
  readonly onInterest: () => void;
}

/** Milliseconds between two looks at silent clients. */
const checkMs = 1000;

/** All connections of both hosts: who may connect, who listens, and what goes to whom. */
export class Hub {
  readonly tokens = new Tokens();
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: 64 * 1024,
    perMessageDeflate: false,
    clientTracking: false,
  });
  private readonly connections = new Set<Connection>();
  /** When each user, or address, connected in the last minute. */
  private readonly attempts = new Map<string, number[]>();
  private count = { opened: 0, closed: 0, sent: 0, received: 0 };
  private numbers = 0;
  private stopChecks: Cancel | undefined;

  constructor(private readonly options: HubOptions) {}

  /** A request to become a WebSocket. */
  accept(host: Host, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    // Broken encoding becomes a token that nobody knows.
    const token = this.tokens.find(url.searchParams.get('token') ?? '', host, this.now());
    const uid = token?.uid;
    const met = this.options.faults.meetSocket({
      moment: 'connect',
      host,
      ...(uid !== undefined && { uid }),
    });
    const refused = met.find((fault) => fault.kind === 'refuseSocket');
    if (url.pathname !== '/' || refused?.http !== undefined) {
      socket.end(
        `HTTP/1.1 ${refused?.http ?? 404} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      );
      return;
    }
    this.server.handleUpgrade(request, socket, head, (client) => {
      const connectId = url.searchParams.get('connectId') ?? `sandbox-${this.numbers + 1}`;
      const connection = this.open(client, host, connectId, token);
      if (refused) connection.refuse(refused.code, refused.data);
      else if (!token) connection.refuse(401, 'token is invalid');
      else if (this.exceeds(connection)) connection.refuse(509, 'exceed max sessions');
      else if (!met.some((fault) => fault.kind === 'noWelcome')) connection.welcome();
    });
  }

  /** Whether anybody listens. */
  isWanted(host: Host, channel: string): boolean {
    for (const one of this.connections) {
      if (one.options.host === host && one.listens(channel)) return true;
    }
    return false;
  }

  /** Channels of a host that anybody listens to. */
  wanted(host: Host): Set<string> {
    const found = new Set<string>();
    for (const one of this.connections) {
      if (one.options.host === host) for (const channel of one.topics) found.add(channel);
    }
    return found;
  }

  /** Users that listen to a channel. */
  listeners(host: Host, channel: string): Set<number> {
    const found = new Set<number>();
    for (const one of this.connections) {
      const { uid } = one.options;
      if (one.options.host === host && uid !== undefined && one.listens(channel)) found.add(uid);
    }
    return found;
  }

  publish(push: Push): void {
    let text: string | undefined;
    for (const connection of this.connections) {
      const { host, uid } = connection.options;
      if (host !== push.host || (push.uid !== undefined && push.uid !== uid)) continue;
      const tunnels = connection.listens(push.channel);
      if (!tunnels) continue;
      const met = this.options.faults.meetSocket({
        moment: 'event',
        host,
        ...(uid !== undefined && { uid }),
        topic: push.channel,
        subject: push.subject,
      });
      for (const tunnelId of tunnels) {
        if (met.length === 0 && tunnelId === '') {
          text ??= jsonText(messageOf(push));
          connection.send(text);
        } else this.deliver(connection, { ...messageOf(push), ...(tunnelId !== '' && { tunnelId }) }, met);
      }
    }
  }

  /** Sends any frame at all; returns to how many. Text goes as it is, all else as JSON. */
  sendFrame(frame: unknown, whose: Whose): number {
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame ?? null);
    return this.each(whose, (connection) => connection.send(text));
  }

  /** Returns how many it has closed. */
  close(code: number, reason: string, whose: Whose): number {
    return this.each(whose, (connection) => connection.close(code, reason));
  }

  view(): SocketsView {
    const { opened, closed, sent, received } = this.count;
    return {
      open: this.connections.size,
      connections: [...this.connections].map((one) => ({
        host: one.options.host,
        ...(one.options.uid !== undefined && { uid: one.options.uid }),
        number: one.options.number,
        connectId: one.options.connectId,
        openedAt: one.openedAt,
        topics: one.topics,
        sent: one.sent,
        received: one.received,
      })),
      opened,
      closed,
      framesSent: sent,
      framesReceived: received,
      jobs: this.options.agenda.size,
    };
  }

  clearCounts(): void {
    this.count = { opened: 0, closed: 0, sent: 0, received: 0 };
  }

  /** Cuts every connection and forgets every token. */
  clear(): void {
    this.tokens.clear();
    this.attempts.clear();
    this.close(1012, 'Service restart', {});
  }

  /** Ends for good, without waiting for anybody. */
  end(): void {
    this.tokens.clear();
    for (const connection of this.connections) connection.socket.terminate();
    this.server.close();
  }

  private open(client: WebSocket, host: Host, connectId: string, token: Token | undefined): Connection {
    const { exchange, faults, onInterest, agenda } = this.options;
    const uid = token?.uid === undefined ? {} : { uid: token.uid };
    const connection = new Connection(client, {
      host,
      ...uid,
      number: ++this.numbers,
      connectId,
      tokenIssuedAt: token?.issuedAt ?? this.now(),
      limits: () => this.limits(),
      switches: () => exchange().switches,
      now: () => this.now(),
      pongTime: () => exchange().world === 'today',
      meet: (moment, topic) =>
        faults.meetSocket({ moment, host, ...uid, ...(topic !== undefined && { topic }) }),
      onInterest,
      onFrame: (direction) => this.count[direction]++,
    });
    this.connections.add(connection);
    this.count.opened++;
    this.stopChecks ??= agenda.every(checkMs, () => this.check());
    client.on('close', () => {
      this.connections.delete(connection);
      this.count.closed++;
      if (this.connections.size === 0) {
        this.stopChecks?.();
        this.stopChecks = undefined;
      }
      onInterest();
    });
    return connection;
  }

  private check(): void {
    for (const connection of this.connections) connection.check();
  }

  /** Counted by user with private tokens, by address with public ones, each host by itself. */
  private exceeds({ options: { host, uid } }: Connection): boolean {
    const { connections, connectsPerMinute } = this.limits();
    const same = [...this.connections].filter((one) => one.options.host === host && one.options.uid === uid);
    const name = `${host}/${uid ?? 'public'}`;
    const now = this.now();
    const recent = (this.attempts.get(name) ?? []).filter((time) => time > now - 60_000 && time <= now);
    this.attempts.set(name, [...recent.slice(-1000), now]);
    return same.length > connections || recent.length >= connectsPerMinute;
  }

  private deliver(connection: Connection, message: object, met: readonly SocketFault[]): void {
    const close = met.find((fault) => fault.kind === 'closeAtEvent');
    if (close) {
      connection.close(close.code, close.reason);
      return;
    }
    for (const fault of met) if (fault.kind === 'garbage') connection.send(fault.text);
    if (met.some((fault) => fault.kind === 'dropEvent')) return;
    const altered = met.reduce(
      (whole, fault) => (fault.kind === 'alterEvent' ? { ...whole, ...fault.message } : whole),
      message,
    );
    const text = jsonText(altered);
    const copies = met.reduce((n, fault) => n + (fault.kind === 'duplicateEvent' ? fault.copies : 0), 1);
    const delayMs = met.reduce((ms, fault) => ms + (fault.kind === 'delayEvent' ? fault.ms : 0), 0);
    const send = (): void => {
      for (let n = 0; n < copies; n++) connection.send(text);
    };
    if (delayMs > 0) this.options.agenda.after(delayMs, send);
    else send();
  }

  private each({ host, uid }: Whose, work: (connection: Connection) => void): number {
    const meant = [...this.connections].filter(
      ({ options }) => (host ?? options.host) === options.host && (uid ?? options.uid) === options.uid,
    );
    meant.forEach(work);
    return meant.length;
  }

  private limits(): Limits {
    const { world, switches } = this.options.exchange();
    return limitsIn[switches.socketLimits === 'byWorld' ? world : switches.socketLimits];
  }

  private now(): number {
    return this.options.exchange().now();
  }
}

function messageOf({ channel, topic, subject, uid, data, more }: Push): object {
  return {
    topic: topic ?? channel,
    type: 'message',
    subject,
    ...(uid !== undefined && { channelType: 'private' }),
    ...more,
    data,
  };
}
