import type { Host, World } from '../../kucoin/vocabulary';
import { dayMs } from '../rules/pages';

interface Topic {
  readonly private?: true;
  /** Wants a list after a colon: symbols, mostly. */
  readonly list?: true;
}

/**
 * Topics that each host knows (kucoin-api 11.5, 11.6). Those of orders and of futures contracts are acknowledged and
 * stay silent: the sandbox has no orders, and lists no contracts.
 */
const topics: Readonly<Record<Host, Readonly<Record<string, Topic>>>> = {
  spot: {
    '/account/balance': { private: true },
    '/margin/position': { private: true },
    '/margin/isolatedPosition': { private: true, list: true },
    '/spotMarket/tradeOrders': { private: true },
    '/spotMarket/tradeOrdersV2': { private: true },
    '/spotMarket/advancedOrders': { private: true },
    '/market/ticker': { list: true },
    '/market/snapshot': { list: true },
    '/spotMarket/level1': { list: true },
    '/spotMarket/level2Depth5': { list: true },
    '/spotMarket/level2Depth50': { list: true },
    '/market/level2': { list: true },
    '/market/match': { list: true },
  },
  futures: {
    '/contractAccount/wallet': { private: true },
    '/contract/positionAll': { private: true },
    '/contractMarket/tradeOrders': { private: true },
    '/contractMarket/advancedOrders': { private: true },
    '/contractMarket/tickerV2': { list: true },
    '/contractMarket/ticker': { list: true },
    '/contractMarket/level2': { list: true },
    '/contractMarket/level2Depth5': { list: true },
    '/contractMarket/level2Depth50': { list: true },
    '/contractMarket/execution': { list: true },
    '/contractMarket/snapshot': { list: true },
    '/contract/instrument': { list: true },
  },
};

export interface Limits {
  /** Open connections of a user, or of an address with public tokens. */
  readonly connections: number;
  readonly connectsPerMinute: number;
  readonly topicsPerRequest: number;
  readonly topicsPerConnection: Readonly<Record<Host, number>>;
  readonly messagesPerTenSeconds: number;
  readonly tunnels: number;
}

/** kucoin-api 11.4 */
export const limitsIn: Readonly<Record<World, Limits>> = {
  seed: {
    connections: 50,
    connectsPerMinute: 30,
    topicsPerRequest: 100,
    topicsPerConnection: { spot: 300, futures: 300 },
    messagesPerTenSeconds: 100,
    tunnels: 5,
  },
  today: {
    connections: 800,
    connectsPerMinute: Infinity,
    topicsPerRequest: 100,
    topicsPerConnection: { spot: 400, futures: Infinity },
    messagesPerTenSeconds: 100,
    tunnels: 5,
  },
};

/** A connection ends with its token (kucoin-api 11.1). */
export const tokenLifeMs = dayMs;

export interface Wanted {
  readonly isPrivate: boolean;
  /** One per symbol: `/market/level2:BTC-USDT`; the topic itself where it has no list. */
  readonly channels: readonly string[];
}

/** What a topic stands for; `unknown` when the host has no such topic, `invalid` when its list is missing. */
export function wantedBy(host: Host, text: string): Wanted | 'unknown' | 'invalid' {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const topic = Object.hasOwn(topics[host], name) ? topics[host][name] : undefined;
  if (!topic || (colon >= 0 && !topic.list)) return 'unknown';
  const isPrivate = topic.private ?? false;
  if (!topic.list) return { isPrivate, channels: [name] };
  const list = text
    .slice(name.length + 1)
    .split(',')
    .filter((one) => one !== '');
  if (list.length === 0) return 'invalid';
  return { isPrivate, channels: list.map((one) => `${name}:${one}`) };
}
