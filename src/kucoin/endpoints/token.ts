import * as v from 'valibot';
import { endpoint } from '../endpoint';

/**
 * Tokens for the feeds, with the servers that take them. The token of one host is not valid for the other, and ends
 * after 24 hours (kucoin-api 8.36, 11.1).
 */

const feedAccess = v.object({
  /** Opaque and secret; holds characters that need encoding in a query. */
  token: v.pipe(v.string(), v.minLength(1)),
  instanceServers: v.pipe(
    v.array(
      v.object({
        /** `wss://…/` */
        endpoint: v.string(),
        encrypt: v.nullish(v.boolean()),
        protocol: v.nullish(v.string()),
        /** How often the client has to ping, ms. */
        pingInterval: v.pipe(v.number(), v.minValue(1)),
        /** How long the answer may take, ms. */
        pingTimeout: v.pipe(v.number(), v.minValue(1)),
      }),
    ),
    v.minLength(1),
  ),
});

export const getPublicToken = endpoint({
  title: 'Get Public Token - Spot/Margin',
  summary: 'A token for the public feed of the spot host.',
  docs: 'https://www.kucoin.com/docs-new/websocket-api/base-info/get-public-token-spot-margin',
  method: 'POST',
  host: 'spot',
  path: '/api/v1/bullet-public',
  permission: 'Public',
  pool: 'Public',
  weight: 10,
  params: v.object({}),
  reply: feedAccess,
  repeat: 'safe',
});

export const getPrivateToken = endpoint({
  ...getPublicToken,
  title: 'Get Private Token - Spot/Margin',
  summary: 'A token for the private feed of the spot host. It serves the public topics too.',
  docs: 'https://www.kucoin.com/docs-new/websocket-api/base-info/get-private-token-spot-margin',
  path: '/api/v1/bullet-private',
  permission: 'General',
  pool: 'Spot',
});

export const getFuturesPublicToken = endpoint({
  ...getPublicToken,
  title: 'Get Public Token - Futures',
  summary: 'A token for the public feed of the futures host.',
  docs: 'https://www.kucoin.com/docs-new/websocket-api/base-info/get-public-token-futures',
  host: 'futures',
});

export const getFuturesPrivateToken = endpoint({
  ...getPrivateToken,
  title: 'Get Private Token - Futures',
  summary: 'A token for the private feed of the futures host. It serves the public topics too.',
  docs: 'https://www.kucoin.com/docs-new/websocket-api/base-info/get-private-token-futures',
  host: 'futures',
  pool: 'Futures',
});
