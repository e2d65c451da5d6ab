import * as v from 'valibot';
import { endpoint } from '../endpoint';
import { milliseconds, open } from '../schema';

/** Server time and service status of both hosts, and the address that the exchange sees. */

const noParams = v.object({});
const status = v.object({
  /** `cancelonly`: orders can only be cancelled. Concerns trading; transfers may differ. */
  status: open('open', 'close', 'cancelonly'),
  /** The operator's remark, may be empty. */
  msg: v.string(),
});

export const getServerTime = endpoint({
  title: 'Get Server Time',
  summary: 'Time of the exchange in milliseconds.',
  docs: 'https://www.kucoin.com/docs-new/rest/spot-trading/market-data/get-server-time',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/timestamp',
  permission: 'Public',
  pool: 'Public',
  weight: 3,
  params: noParams,
  reply: milliseconds,
  repeat: 'safe',
});

export const getFuturesServerTime = endpoint({
  ...getServerTime,
  docs: 'https://www.kucoin.com/docs-new/rest/futures-trading/market-data/get-server-time',
  host: 'futures',
  weight: 2,
});

export const getServiceStatus = endpoint({
  title: 'Get Service Status',
  summary: 'Whether trading is open, closed, or limited to cancelling.',
  docs: 'https://www.kucoin.com/docs-new/rest/spot-trading/market-data/get-service-status',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/status',
  permission: 'Public',
  pool: 'Public',
  weight: 3,
  params: noParams,
  reply: status,
  repeat: 'safe',
});

export const getFuturesServiceStatus = endpoint({
  ...getServiceStatus,
  docs: 'https://www.kucoin.com/docs-new/rest/futures-trading/market-data/get-service-status',
  host: 'futures',
  weight: 4,
});

export const getClientIPAddress = endpoint({
  title: 'Get Client IP Address',
  summary: 'The IP address that the exchange sees you come from: the one for the IP list of a key.',
  docs: 'https://www.kucoin.com/docs-new/api-3471123',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/my-ip',
  permission: 'Public',
  pool: 'Public',
  weight: 0,
  params: noParams,
  /** The address as text. */
  reply: v.pipe(v.string(), v.ip('IP address')),
  repeat: 'safe',
  state: { seed: 'absent' },
});
