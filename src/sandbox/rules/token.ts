import type * as token from '../../kucoin/endpoints/token';
import type { Host } from '../../kucoin/vocabulary';
import type { Call, Rule } from './rule';

type Access = ReturnType<Rule<typeof token.getPublicToken>>;

/** kucoin-api 8.36. The server is the sandbox itself, on the port of its host. */
function accessTo(host: Host, { exchange, caller, now }: Pick<Call, 'exchange' | 'caller' | 'now'>): Access {
  const { pingIntervalMs, pingTimeoutMs } = exchange.switches;
  const user = caller === undefined ? {} : { uid: caller.user.uid };
  const feed = exchange.feeds[host];
  if (!feed) throw new Error(`the ${host} host is not listening`);
  return {
    token: feed.issue({ host, ...user, issuedAt: now }),
    instanceServers: [
      {
        endpoint: feed.endpoint,
        encrypt: false,
        protocol: 'websocket',
        pingInterval: pingIntervalMs,
        pingTimeout: pingTimeoutMs,
      },
    ],
  };
}

export const getPublicToken: Rule<typeof token.getPublicToken> = (call) => accessTo('spot', call);
export const getPrivateToken: Rule<typeof token.getPrivateToken> = (call) => accessTo('spot', call);
export const getFuturesPublicToken: Rule<typeof token.getFuturesPublicToken> = (call) =>
  accessTo('futures', call);
export const getFuturesPrivateToken: Rule<typeof token.getFuturesPrivateToken> = (call) =>
  accessTo('futures', call);
