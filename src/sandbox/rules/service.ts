import type * as service from '../../kucoin/endpoints/service';
import type { Rule } from './rule';

/** kucoin-api 8.1 */
export const getServerTime: Rule<typeof service.getServerTime> = ({ now }) => now;
export const getFuturesServerTime: Rule<typeof service.getFuturesServerTime> = ({ now }) => now;

export const getServiceStatus: Rule<typeof service.getServiceStatus> = ({ exchange }) => ({
  status: exchange.switches.serviceStatus,
  msg: exchange.switches.serviceMessage,
});
export const getFuturesServiceStatus: Rule<typeof service.getFuturesServiceStatus> = getServiceStatus;

/** The address that the gateway compares with the IP list of a key. */
export const getClientIPAddress: Rule<typeof service.getClientIPAddress> = ({ exchange }) =>
  exchange.switches.clientIp;
