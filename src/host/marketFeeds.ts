import { randomUUID } from 'node:crypto';
import type { Site } from '../kucoin/brands';
import type { KucoinClient } from '../kucoin/client';
import { FeedConnection, type FeedListener, type OpenSocket } from '../kucoin/feed/connection';
import { accessOf, lazySocket } from '../kucoin/feed/open';
import type { Time } from '../kucoin/time';
import type { MarketFeed } from '../market/watch';
import type { Lease } from '../transfers/lease';
import type { Logger } from './log';
import { SharedFeed } from './sharedFeed';

export interface MarketFeedsOptions {
  /** Folder that all windows share; has to exist. */
  readonly folder: string;
  readonly lease: Lease;
  readonly time: Time;
  readonly log: Logger;
  /** Public topics over the private feed of the active profile; `undefined` while that does not run. */
  readonly privateFeed: (
    topics: readonly string[],
    listener: FeedListener,
  ) => { dispose(): void } | undefined;
  /** Calls when the private feed of the spot host is live, each time that it may have become so. */
  readonly onPrivateLive: (listener: () => void) => { dispose(): void };
  readonly connect?: OpenSocket;
}

/** What a listener hangs on. */
interface Line {
  readonly isPublic: boolean;
  dispose: () => void;
}

/** Whose market it is. */
export interface MarketSession {
  readonly client: KucoinClient;
  readonly site: Site;
}

/**
 * Public topics of the spot host: over the private feed while it runs, which serves them too, otherwise, and when that
 * ends, over a public connection that all panels and windows share, until the private feed is live again. Without
 * listeners nothing runs.
 */
export class MarketFeeds {
  private shared: { readonly client: KucoinClient; readonly feed: SharedFeed } | undefined;
  private readonly endings = new Set<Promise<void>>();

  constructor(private readonly options: MarketFeedsOptions) {}

  of(session: MarketSession): MarketFeed {
    return { listen: (topics, listener) => this.listen(session, topics, listener) };
  }

  async dispose(): Promise<void> {
    this.drop();
    await Promise.all(this.endings);
  }

  private listen(
    session: MarketSession,
    topics: readonly string[],
    listener: FeedListener,
  ): { dispose(): void } {
    let over = false;
    let current: Line | undefined;
    const goPublic = (): void => {
      if (over || current?.isPublic) return;
      const line: Line = { isPublic: true, dispose: () => undefined };
      current = line;
      const listening = this.publicFeed(session).listen(topics, listener);
      line.dispose = () => listening.dispose();
    };
    const goPrivate = (): void => {
      let before = current;
      const line: Line = { isPublic: false, dispose: () => undefined };
      const ifCurrent = (work: () => void): void => {
        if (current === line) work();
      };
      current = line;
      const listening = this.options.privateFeed(topics, {
        frame: (text) => ifCurrent(() => listener.frame(text)),
        gap: (about) => ifCurrent(() => listener.gap(about)),
        refused: (about, reason) => ifCurrent(() => listener.refused?.(about, reason)),
        status: (status) =>
          ifCurrent(() => {
            if (status.state !== 'closed') {
              listener.status(status);
              return;
            }
            current = before;
            line.dispose();
            goPublic();
          }),
      });
      line.dispose = () => listening?.dispose();
      // It may have told already that it is closed.
      if ((current as Line | undefined) !== line) listening?.dispose();
      else if (listening) {
        before?.dispose();
        before = undefined;
      } else {
        current = before;
        goPublic();
      }
    };
    goPrivate();
    const watching = this.options.onPrivateLive(() => {
      if (!over && current?.isPublic) goPrivate();
    });
    return {
      dispose: () => {
        over = true;
        watching.dispose();
        current?.dispose();
      },
    };
  }

  private publicFeed({ client, site }: MarketSession): SharedFeed {
    if (this.shared?.client === client) return this.shared.feed;
    this.drop();
    const { folder, lease, time, log, connect = lazySocket } = this.options;
    const feed = new SharedFeed({
      folder,
      // Nothing of it is anybody's own: profiles of the same site share it.
      name: `market-${site.hosts.spot ?? 'none'}`,
      lease,
      time,
      log,
      open: (listener) =>
        new FeedConnection({
          access: accessOf(client, 'spot', 'public'),
          connect,
          time,
          newId: () => randomUUID(),
          listener,
          note: (text) => log.debug(`market feed: ${text}`),
        }),
    });
    this.shared = { client, feed };
    return feed;
  }

  private drop(): void {
    const { shared } = this;
    this.shared = undefined;
    if (!shared) return;
    const ending = shared.feed.dispose().finally(() => this.endings.delete(ending));
    this.endings.add(ending);
  }
}
