import type { Host } from '../kucoin/vocabulary';
import { words } from './mention';
import { inComment, isWord, lineStart, stringAt } from './scan';
import { wordBefore, type Source } from './syntax';

/** Hosts and words by which a file shows to whom it speaks. */

/** Hosts of KuCoin. `gone`: switched off; `earlier`: of an earlier generation. Source: kucoin-api 1. */
export const hosts: Readonly<Record<string, { readonly host: Host; readonly state?: 'gone' | 'earlier' }>> = {
  'api.kucoin.com': { host: 'spot' },
  'api.kucoin.eu': { host: 'spot' },
  'api.kucoin.tr': { host: 'spot' },
  'api-futures.kucoin.com': { host: 'futures' },
  'openapi-v2.kucoin.com': { host: 'spot', state: 'earlier' },
  'openapi-sandbox.kucoin.com': { host: 'spot', state: 'gone' },
  'api-sandbox-futures.kucoin.com': { host: 'futures', state: 'gone' },
};

/** Names of other exchanges, as words inside names: code beside them is theirs. */
export const otherExchange =
  /binance|bybit|okx|okex|mexc|gate(?:io|_?api)|bitget|kraken|coinbase|huobi|htx|bitmex|bitfinex|poloniex|bithumb|upbit|deribit|bitstamp|gemini|coinex|lbank|bingx|phemex|hyperliquid/i;

/** A base URL that stands in the file, and the names that it was given. */
export interface BaseUrl {
  readonly at: number;
  /** Without scheme, with port. */
  readonly host: string;
  /** The host of KuCoin; absent for others. */
  readonly kucoin?: (typeof hosts)[string];
  /** `BASE` in `BASE = 'https://…'`, `baseURL` in an object. */
  readonly name: string;
  /** `client` in `client = axios.create({ baseURL: … })`; empty when the same as the name or not there. */
  readonly owner: string;
}

const linksOnly =
  /^(?:www\.|docs?\.)|github\.com$|npmjs\.com$|pypi\.org$|w3\.org$|example\.(?:com|org)$|schema\.org$|readthedocs\.io$/;

export function baseUrls(source: Source): BaseUrl[] {
  const { text, scan } = source;
  const found: BaseUrl[] = [];
  for (let at = text.indexOf('://'); at >= 0 && found.length < 500; at = text.indexOf('://', at + 3)) {
    if (inComment(scan, at)) continue;
    let end = at + 3;
    while (end < text.length && end < at + 120 && isHostCharacter(text.charCodeAt(end))) end++;
    const host = text.slice(at + 3, end).replace(/[.:]+$/, '');
    if (host === '' || linksOnly.test(host)) continue;
    const span = stringAt(scan, at);
    const [name, owner] = namesBefore(text, span ? span.open : at - 5);
    const kucoin = Object.hasOwn(hosts, host) ? hosts[host] : undefined;
    found.push({ at, host, name, owner, ...(kucoin && { kucoin }) });
  }
  return found;
}

function isHostCharacter(c: number): boolean {
  return isWord(c) ? c !== 36 && c !== 95 : c === 45 || c === 46 || c === 58;
}

const assigned = /([A-Za-z_]\w{0,60})['"]?\]?[ \t]*(?::[ \t]*[\w.&' <>]{0,40})?(?::=|=(?![=>]))/g;

function namesBefore(text: string, at: number): readonly [string, string] {
  let before = at;
  while (before > 0 && /[\s:=>,("'@$?|&[\]fr]/.test(text[before - 1] ?? '') && before > at - 20) before--;
  // The prefix of a string may have been taken for the end of a name.
  while (before < at && isWord(text.charCodeAt(before))) before++;
  const { word } = wordBefore(text, before);
  const stretch = text.slice(Math.max(0, at - 300), at);
  const statement = stretch.slice(Math.max(stretch.lastIndexOf(';'), stretch.lastIndexOf('\n\n')) + 1);
  let owner = '';
  for (const match of statement.matchAll(assigned)) owner = match[1] ?? '';
  return [word, owner];
}

/** The base URL that a name stands for: the nearest before the place, else the first. */
export function baseUrlOf(
  urls: readonly BaseUrl[],
  names: readonly string[],
  at: number,
): BaseUrl | undefined {
  for (const name of names) {
    const named = urls.filter((url) => url.name === name || url.owner === name);
    const found = named.findLast((url) => url.at < at) ?? named[0];
    if (found) return found;
  }
  return undefined;
}

/** Where a file shows KuCoin, and where another service. In code and strings only, never in comments. */
export interface Evidence {
  /** A name or text with the word in it, anywhere. */
  readonly any: boolean;
  /** A host of KuCoin, a header of its own, or a class named after it. */
  readonly strong: boolean;
  /** In order: hosts anywhere in the file, and names of exchanges near before a place. */
  readonly signsBefore: (at: number) => readonly Sign[];
}

interface Sign {
  readonly at: number;
  readonly kucoin: boolean;
}

export function evidenceOf(source: Source, urls: readonly BaseUrl[]): Evidence {
  const { text, scan } = source;
  let strong = urls.some(({ kucoin }) => kucoin !== undefined);
  let any = strong;
  const own: Sign[] = [];
  for (const word of words) {
    let left = 200;
    for (let at = text.indexOf(word); at >= 0 && left-- > 0; at = text.indexOf(word, at + word.length)) {
      if (inComment(scan, at)) continue;
      any = true;
      strong ||= headerWords.has(word) || isStrong(text, at);
      own.push({ at, kucoin: true });
    }
  }
  for (const { at, kucoin, host } of urls)
    if (!kucoin && !/^(?:localhost|127\.|0\.0\.0\.0|\[)/.test(host)) own.push({ at, kucoin: false });
  own.sort((a, b) => a.at - b.at);
  const signsBefore = (place: number): readonly Sign[] => {
    const from = Math.max(0, place - nearby);
    const names = [...text.slice(from, place).matchAll(otherExchanges)]
      .map(({ index }) => ({ at: from + index, kucoin: false }))
      .filter(({ at }) => !inComment(scan, at));
    return names.length === 0 ? own : [...own, ...names].sort((a, b) => a.at - b.at);
  };
  return { any, strong, signsBefore };
}

/** How far before a path the name of another exchange makes it doubtful. */
const nearby = 3_000;
const otherExchanges = new RegExp(otherExchange.source, 'gi');

const headerWords = new Set<string>(['KC-API', 'kc-api', 'KC_API']);

/** A class, a type or a module named after the exchange, or its API host. */
function isStrong(text: string, at: number): boolean {
  const line = lineStart(text, at);
  const before = text.slice(Math.max(line, at - 60), at);
  const after = text.slice(at, at + 40);
  return (
    (/(?:class|struct|interface|type|impl|trait|package|namespace|object|enum)\s+\w*$/.test(before) &&
      isClientName(after)) ||
    /^kucoin\.(?:com|eu|tr)/.test(after) ||
    /^(?:_(?:api|base|host|url|rest|key|secret)|(?:Api|API|Client|Rest|Base|Host|Url|Secret))/i.test(
      after.slice(6),
    ) ||
    /@name\s*$/.test(before)
  );
}

/** `KucoinRest`, `KuCoin`, `KucoinEndpoints`; not a view, a test or a controller of a program that shows KuCoin. */
function isClientName(text: string): boolean {
  const name = /^kucoin(\w*)/i.exec(text)?.[1] ?? '';
  if (name === '') return true;
  return (
    /api|client|rest|http|exchange|connector|base|paths?|endpoints?|urls?|public|private|sdk|market|currenc|account|order|transfer|ok/i.test(
      name,
    ) && !/tests?$|view|panel|page|controller|component|screen|widget|stub|mock/i.test(name)
  );
}
