import { LiveFeeds, type LiveSession } from '../host/liveFeeds';
import { MarketFeeds } from '../host/marketFeeds';
import type { Session } from '../host/sessions';
import { readSettings } from '../host/settings';
import type { TransferDesk } from '../host/transferDesk';
import { systemTime } from '../kucoin/time';
import { nodeLease } from '../transfers/nodeLease';
import type { Ground } from './ground';

/** What KuCoin pushes: one connection for each host and profile, for all windows. */
export interface Feeds {
  readonly live: LiveFeeds;
  readonly market: MarketFeeds;
}

/** @param window tells windows apart, and which of them live */
export function createFeeds(
  { folder, sessions, logFor }: Ground,
  { writer, isAlive }: Pick<TransferDesk, 'writer' | 'isAlive'>,
): Feeds {
  const shared = { folder, lease: nodeLease({ folder, owner: writer, isAlive }), time: systemTime };
  const live = new LiveFeeds({
    ...shared,
    log: logFor('feed'),
    session: () => liveSession(sessions.opened),
    mode: () => readSettings().liveUpdates,
  });
  const market = new MarketFeeds({
    ...shared,
    log: logFor('market'),
    privateFeed: (topics, listener) => live.listen(topics, listener),
    onPrivateLive: (listener) =>
      live.onDidChange(() => {
        if (live.status.hosts.spot?.state === 'live') listener();
      }),
  });
  return { live, market };
}

/** What the feeds need of a session. */
function liveSession(session: Session | undefined): LiveSession | undefined {
  if (!session) return undefined;
  const { profile, client, portfolio, site } = session;
  return {
    profileId: profile.id,
    generation: profile.generation,
    client,
    hosts: site.hosts.futures === undefined ? ['spot'] : ['spot', 'futures'],
    portfolio: {
      get isolatedPairs() {
        return portfolio.own.flatMap(({ type, tag }) =>
          type === 'isolated' && tag !== undefined ? [tag] : [],
        );
      },
      applyBalanceEvent: (event) => portfolio.applyBalanceEvent(event),
      applyWalletEvent: (event) => portfolio.applyWalletEvent(event),
      applyMarginEvent: (event) => portfolio.applyMarginEvent(event),
      markGap: () => portfolio.markGap(),
      resnapshot: () => portfolio.resnapshot('background'),
      onDidChange: (listener) => portfolio.onDidChange(listener),
    },
  };
}
