import { randomUUID } from 'node:crypto';
import type { KucoinClient } from '../kucoin/client';
import { decimal, type Decimal } from '../kucoin/decimal';
import {
  FeedConnection,
  type FeedListener,
  type FeedStatus,
  type OpenSocket,
} from '../kucoin/feed/connection';
import { accessOf, lazySocket } from '../kucoin/feed/open';
import { readFrame, topicText, type FeedEvent } from '../kucoin/feed/topics';
import type { Time } from '../kucoin/time';
import type { Host } from '../kucoin/vocabulary';
import type { BalanceEvent, MarginEvent, WalletEvent, Applied } from '../portfolio/events';
import type { Lease } from '../transfers/lease';
import type { BalancePush, BalancePushes } from '../transfers/pushes';
import type { LiveMode } from './liveMode';
import type { Logger } from './log';
import { SharedFeed } from './sharedFeed';

/** What the feeds of a session write to. */
export interface LivePortfolio {
  /** Pairs whose isolated margin accounts are known. */
  readonly isolatedPairs: readonly string[];
  applyBalanceEvent(event: BalanceEvent): Applied;
  applyWalletEvent(event: WalletEvent): Applied;
  applyMarginEvent(event: MarginEvent): Applied;
  markGap(): void;
  resnapshot(): Promise<void>;
  onDidChange(listener: () => void): { dispose(): void };
}

/** Whose feeds run. */
export interface LiveSession {
  readonly profileId: string;
  /** Another key is another feed. */
  readonly generation: number;
  readonly client: KucoinClient;
  /** Hosts that the profile has. */
  readonly hosts: readonly Host[];
  readonly portfolio: LivePortfolio;
}

/**
 * How the figures are kept true. `polling`: the feed is down and the figures are read now and then; `paused`: nobody
 * looks; `off`: the user wants no feed.
 */
export type LiveState = 'off' | 'paused' | 'connecting' | 'live' | 'reconnecting' | 'polling';

export interface LiveStatus {
  readonly state: LiveState;
  /** Of each host whose feed runs. */
  readonly hosts: Readonly<Partial<Record<Host, FeedStatus>>>;
  /** Whether the sockets are of this window; the others are fed by it. */
  readonly owns: boolean;
}

export interface LiveFeedsOptions {
  readonly folder: string;
  readonly lease: Lease;
  readonly time: Time;
  readonly log: Logger;
  readonly session: () => LiveSession | undefined;
  readonly mode: () => LiveMode;
  readonly connect?: OpenSocket;
}

/** Events that come together are read after together, ms. */
const resnapshotMs = 1_000;
/** Pushes that are kept as evidence of transfers. */
const keptPushes = 2_000;

interface Running {
  readonly session: LiveSession;
  readonly feeds: ReadonlyMap<Host, SharedFeed>;
  readonly status: Map<Host, FeedStatus>;
  readonly life: AbortController;
  readonly subscriptions: { dispose(): unknown }[];
  pairs: { readonly topics: readonly string[]; dispose(): void } | undefined;
  due: boolean;
}

/**
 * The private feeds of the active profile, while somebody looks or the user has pinned them: events go to the
 * portfolio, gaps and what cannot be placed lead to a snapshot. Market topics share their connection.
 */
export class LiveFeeds implements BalancePushes {
  private running: Running | undefined;
  private watchers = 0;
  private pushes: BalancePush[] = [];
  private readonly pushListeners = new Set<(push: BalancePush) => void>();
  private readonly listeners = new Set<() => void>();
  private readonly endings = new Set<Promise<void>>();

  constructor(private readonly options: LiveFeedsOptions) {}

  get status(): LiveStatus {
    const { running } = this;
    const hosts = Object.fromEntries(running?.status ?? []) as LiveStatus['hosts'];
    const owns = running !== undefined && [...running.feeds.values()].some((feed) => feed.owns);
    return { state: this.stateNow(), hosts, owns };
  }

  /** Somebody looks, until the result is disposed. */
  watch(): { dispose(): void } {
    this.watchers += 1;
    this.follow();
    let over = false;
    return {
      dispose: () => {
        if (over) return;
        over = true;
        this.watchers -= 1;
        this.follow();
      },
    };
  }

  /** Session, visibility or settings have changed. */
  follow(): void {
    const session = this.options.session();
    const wanted = session && !session.client.retired && this.isWanted() ? session : undefined;
    const { running } = this;
    if (running && running.session.client === wanted?.client) return;
    if (running) this.stop(running);
    if (wanted) this.start(wanted);
    this.fire();
  }

  /** Public topics of the spot host, over the same connection; `undefined` while no feed runs. */
  listen(topics: readonly string[], listener: FeedListener): { dispose(): void } | undefined {
    return this.running?.feeds.get('spot')?.listen(topics, listener);
  }

  /** Tries again at once where a feed has given up. */
  retry(): void {
    const { running } = this;
    if (!running || ![...running.status.values()].some(({ state }) => state === 'closed')) return;
    this.stop(running);
    this.start(running.session);
    this.fire();
  }

  since(ms: number): readonly BalancePush[] {
    return this.pushes.filter(({ time }) => time >= ms);
  }

  onPush(listener: (push: BalancePush) => void): { dispose(): void } {
    this.pushListeners.add(listener);
    return { dispose: () => this.pushListeners.delete(listener) };
  }

  /** The status has changed. */
  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  async dispose(): Promise<void> {
    if (this.running) this.stop(this.running);
    this.listeners.clear();
    this.pushListeners.clear();
    await Promise.all(this.endings);
  }

  private isWanted(): boolean {
    const mode = this.options.mode();
    return mode === 'always' || (mode === 'whileVisible' && this.watchers > 0);
  }

  private stateNow(): LiveState {
    const { running } = this;
    if (!running) return this.options.mode() === 'never' ? 'off' : 'paused';
    const states = [...running.status.values()].map(({ state }) => state);
    return (
      (['closed', 'reconnecting', 'connecting'] as const)
        .filter((state) => states.includes(state))
        .map((state) => (state === 'closed' ? 'polling' : state))[0] ?? 'live'
    );
  }

  private start(session: LiveSession): void {
    const { folder, lease, time, log, connect = lazySocket } = this.options;
    const feeds = new Map(
      session.hosts.map((host) => {
        const name = `feed-${session.profileId}-${session.generation}-${host}`;
        const open: ConstructorParameters<typeof SharedFeed>[0]['open'] = (listener) =>
          new FeedConnection({
            access: accessOf(session.client, host, 'private'),
            connect,
            time,
            newId: () => randomUUID(),
            listener,
            note: (text) => log.debug(`${host} feed: ${text}`),
          });
        return [host, new SharedFeed({ folder, name, lease, time, log, open })] as const;
      }),
    );
    const running: Running = {
      session,
      feeds,
      status: new Map(session.hosts.map((host) => [host, { state: 'connecting' }])),
      life: new AbortController(),
      subscriptions: [],
      pairs: undefined,
      due: false,
    };
    this.running = running;
    this.pushes = [];
    const topics: Readonly<Record<Host, readonly string[]>> = {
      spot: [topicText('balance'), topicText('marginPosition')],
      futures: [topicText('wallet')],
    };
    for (const [host, feed] of feeds)
      running.subscriptions.push(feed.listen(topics[host], this.ear(running, host)));
    running.subscriptions.push(session.portfolio.onDidChange(() => this.followPairs(running)));
    this.followPairs(running);
  }

  private stop(running: Running): void {
    this.running = undefined;
    running.life.abort();
    running.pairs?.dispose();
    for (const subscription of running.subscriptions) subscription.dispose();
    for (const feed of running.feeds.values()) {
      const ending = feed.dispose().finally(() => this.endings.delete(ending));
      this.endings.add(ending);
    }
  }

  /** Each pair of isolated margin has a topic of its own. */
  private followPairs(running: Running): void {
    const topics = running.session.portfolio.isolatedPairs.map((pair) => topicText('isolatedPosition', pair));
    if (this.running !== running || topics.join() === (running.pairs?.topics ?? []).join()) return;
    const before = running.pairs;
    const listening = running.feeds.get('spot')?.listen(topics, this.ear(running, 'spot'));
    running.pairs = listening && { topics, dispose: () => listening.dispose() };
    before?.dispose();
  }

  private ear(running: Running, host: Host): FeedListener {
    const ifRunning = (work: () => void): void => {
      if (this.running === running && !running.session.client.retired) work();
    };
    return {
      frame: (text) => ifRunning(() => this.take(running, text)),
      gap: () =>
        ifRunning(() => {
          running.session.portfolio.markGap();
          this.readAgain(running);
        }),
      refused: (topics, reason) =>
        this.options.log.warn(`${host} feed: ${topics.join(', ')} refused: ${reason}`),
      status: (status) =>
        ifRunning(() => {
          const before = running.status.get(host)?.state;
          running.status.set(host, status);
          if (before !== status.state)
            this.options.log.info(
              `${host} feed: ${[status.state, status.reason].filter(Boolean).join(', ')}`,
            );
          this.fire();
        }),
    };
  }

  private take(running: Running, text: string): void {
    const event = readFrame(text);
    if (event.kind === 'unread') {
      this.options.log.debug(`feed: ${event.detail}`);
      return;
    }
    if (event.name === 'balance') this.keep(event.data);
    if (apply(running.session.portfolio, event) === 'unplaced') this.readAgain(running);
  }

  private keep(push: BalancePush): void {
    this.pushes.push(push);
    if (this.pushes.length > keptPushes) this.pushes = this.pushes.slice(-keptPushes / 2);
    for (const listener of this.pushListeners) listener(push);
  }

  /** A snapshot soon; several reasons make one. */
  private readAgain(running: Running): void {
    if (running.due) return;
    running.due = true;
    const { time, log } = this.options;
    const read = async (): Promise<void> => {
      await time.delay(resnapshotMs, running.life.signal);
      running.due = false;
      await running.session.portfolio.resnapshot();
    };
    read().catch((error: unknown) => {
      if (!running.life.signal.aborted) log.warn('the snapshot after a gap could not be read', error);
    });
  }

  private fire(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Older wallet subjects hold a part of the figures only: a snapshot has to tell the rest. */
function apply(portfolio: LivePortfolio, event: FeedEvent): Applied {
  switch (event.name) {
    case 'balance':
      return portfolio.applyBalanceEvent(event.data);
    case 'wallet':
      return event.subject === 'walletBalance.change' ? portfolio.applyWalletEvent(event.data) : 'unplaced';
    case 'marginPosition':
      // What became of a position is no status of the account: a snapshot tells it.
      if (event.subject === 'position.status') return 'unplaced';
      portfolio.applyMarginEvent({
        kind: 'debtRatio',
        debtRatio: event.data.debtRatio,
        debts: event.data.debtList,
        timestamp: event.data.timestamp,
      });
      // It comes every few seconds: one that finds no account is no reason to read.
      return 'applied';
    case 'isolatedPosition':
      return portfolio.applyMarginEvent({
        kind: 'pair',
        symbol: event.data.tag,
        status: event.data.status,
        assets: Object.fromEntries(
          Object.entries(event.data.changeAssets).map(([currency, asset]) => [currency, whole(asset)]),
        ),
        timestamp: event.data.timestamp,
      });
    default:
      return 'ignored';
  }
}

const none = decimal('0');

function whole<
  T extends {
    liabilityPrincipal?: Decimal | null | undefined;
    liabilityInterest?: Decimal | null | undefined;
  },
>(asset: T): T & { readonly liabilityPrincipal: Decimal; readonly liabilityInterest: Decimal } {
  return {
    ...asset,
    liabilityPrincipal: asset.liabilityPrincipal ?? none,
    liabilityInterest: asset.liabilityInterest ?? none,
  };
}
