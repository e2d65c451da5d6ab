import type { KucoinClient } from '../client';
import {
  getFuturesPrivateToken,
  getFuturesPublicToken,
  getPrivateToken,
  getPublicToken,
} from '../endpoints/token';
import type { Host } from '../vocabulary';
import type { FeedAccess, FeedOptions, OpenSocket } from './connection';

const tokens = {
  spot: { private: getPrivateToken, public: getPublicToken },
  futures: { private: getFuturesPrivateToken, public: getFuturesPublicToken },
} as const;

/** A private feed serves the public topics too, so one connection does for both. */
export type FeedScope = 'private' | 'public';

/** Where a feed of a host gets its tokens from. */
export function accessOf(
  client: Pick<KucoinClient, 'call'>,
  host: Host,
  scope: FeedScope,
): FeedOptions['access'] {
  const entry = tokens[host][scope];
  return async (signal): Promise<FeedAccess> => client.call(entry, {}, { signal, priority: 'background' });
}

/** Loads the library of sockets with the first connection. */
export const lazySocket: OpenSocket = async (url, events) =>
  (await import('./socket')).openSocket(url, events);
