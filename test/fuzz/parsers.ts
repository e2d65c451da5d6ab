import { crc32 } from 'node:zlib';
import * as v from 'valibot';
import { analyse } from '../../src/coding/analyse';
import { catalogue } from '../../src/kucoin/catalogue';
import type { Endpoint } from '../../src/kucoin/endpoint';
import { KucoinError } from '../../src/kucoin/errors';
import { LocalOrderBook } from '../../src/kucoin/feed/orderBook';
import { readFrame, topics } from '../../src/kucoin/feed/topics';
import { oneLine } from '../../src/kucoin/outside';
import { interpret, rateLimitHeaders } from '../../src/kucoin/reply';
import { OrderJournal } from '../../src/orders/journal';
import { parseSnapshots } from '../../src/host/snapshots';
import { parseDocument } from '../../src/profiles/profile';
import { demoKeys } from '../../src/sandbox/demo';
import { Exchange } from '../../src/sandbox/exchange';
import { resolve, serve } from '../../src/sandbox/gateway';
import { initialSwitches } from '../../src/sandbox/switches';
import { ExchangeClock } from '../../src/sandbox/time';
import { JournalError } from '../../src/transfers/journalError';
import { encodeRecord, inspectLine, parseRecord } from '../../src/transfers/journalFormat';
import { parseSaved } from '../../src/transfers/saved';
import { fromPage as fromOrderBook } from '../../src/webview/orderBook/messages';
import { fromPage as fromPortfolio } from '../../src/webview/portfolio/messages';
import { hmac } from '../unit/sandbox/caller';
import { brokenJson, brokenText, oneOf, sampleOf, type Random } from './mutate';

/** Reads one malformed case; whatever it throws is a find. */
export type Parser = (random: Random) => unknown;

/** What a parser answers when it did not take the case: one of our errors, or what stands for one. */
export function isRefusal(read: unknown): boolean {
  if (read instanceof Error) return true;
  const { success, kind, problem, damaged, executed } = (read ?? {}) as Readonly<Record<string, unknown>>;
  if (success === false || executed === false || kind === 'unread' || kind === 'damage') return true;
  return typeof problem === 'string' || (typeof damaged === 'number' && damaged > 0);
}

const refusals = {
  statuses: [400, 401, 403, 429, 500, 503],
  codes: ['200', '400100', '429000', 'x'],
} as const;

function reply(endpoint: Endpoint): Parser {
  return (random) => {
    const data = sampleOf(endpoint.reply, random);
    const code = random(8) === 0 ? oneOf(random, refusals.codes) : '200000';
    const status = random(8) === 0 ? oneOf(random, refusals.statuses) : 200;
    const text = brokenJson(
      { code, ...(random(3) === 0 && { msg: oneOf(random, ['success', 'said']) }), data },
      random,
    );
    const headers = { 'gw-ratelimit-limit': brokenText('4000', random), 'gw-ratelimit-reset': '1' };
    rateLimitHeaders(headers);
    try {
      return interpret(endpoint, { ok: true, status, headers, text });
    } catch (error) {
      if (!KucoinError.is(error)) throw error;
      if (error.message.length > 1_000) throw new Error('a message without bound', { cause: error });
      if (oneLine(error.message) !== error.message) throw new Error('an unseen character', { cause: error });
      return error;
    }
  };
}

const frames = Object.values(topics).flatMap(({ path, subjects }) =>
  Object.entries(subjects as Record<string, v.GenericSchema>).map(([subject, schema]) => ({
    path,
    subject,
    schema,
  })),
);

function frame(random: Random): string {
  const { path, subject, schema } = frames[random(frames.length)] ?? {
    path: '',
    subject: '',
    schema: v.unknown(),
  };
  const topic = random(2) === 0 ? path : `${path}:BTC-USDT`;
  return brokenJson({ type: 'message', topic, subject, data: sampleOf(schema, random) }, random);
}

const book = (): Parser => {
  let local = new LocalOrderBook();
  const levels = (random: Random): string[][] =>
    Array.from({ length: random(4) }, () => [brokenText('10.5', random), brokenText('1', random)]);
  return (random) => {
    if (random(200) === 0) local = new LocalOrderBook();
    const start = random(1_000);
    if (random(4) > 0) {
      const subject = 'trade.l2update';
      const changes = { asks: [['10.5', '1', `${start}`]], bids: [['9.5', '0', `${start + 1}`]] };
      const data = { changes, sequenceEnd: start + 1, sequenceStart: start, symbol: 'BTC-USDT', time: 1 };
      const read = readFrame(
        brokenJson({ type: 'message', topic: '/market/level2:BTC-USDT', subject, data }, random),
      );
      if (read.kind === 'event' && read.name === 'orderBook') return local.update(read.data);
      return read;
    }
    const { reply: schema } = catalogue.getFullOrderBook;
    const raw = {
      time: 1,
      sequence: brokenText(`${start}`, random),
      bids: levels(random),
      asks: levels(random),
    };
    const read = v.safeParse(schema, raw);
    if (!read.success) return read;
    try {
      return local.snapshot(read.output);
    } catch (error) {
      if (!KucoinError.is(error)) throw error;
      return error;
    }
  };
};

/** A line with a right checksum over a wrong body is the worst case: a checksum is no signature. */
function journalLine(random: Random): Buffer {
  const body = {
    profileId: 'p',
    amount: '1',
    currency: 'USDT',
    at: 1_700_000_000_000,
    attempt: 1,
    body: '{}',
  };
  const whole = encodeRecord({ transfer: 'invented-id', leg: 0, state: 'sent', ...body } as never);
  if (random(2) === 0) return Buffer.from(brokenText(whole, random));
  const rest = brokenJson(JSON.parse(whole.replace(/^\{"sum":"[0-9a-f]{8}",/, '{')), random).replace(
    /^\{/,
    ',',
  );
  return Buffer.from(`{"sum":"${crc32(rest).toString(16).padStart(8, '0')}"${rest}`);
}

const journal: Parser = (random) => {
  const bytes = journalLine(random);
  const line = inspectLine(bytes, 0, bytes.length);
  try {
    return line?.kind === 'record' ? parseRecord(bytes, 0, bytes.length) : line;
  } catch (error) {
    if (!JournalError.is(error)) throw error;
    return error;
  }
};

const orders: Parser = (random) => {
  const text = brokenJson(
    { v: 1, order: 'x', state: 'sent', at: 1, profileId: 'p', draft: { symbol: 'BTC-USDT' } },
    random,
  );
  const line = `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`;
  const bytes = Buffer.from(random(3) === 0 ? brokenText(line, random) : line);
  return new OrderJournal({
    read: () => Promise.resolve(bytes),
    append: () => Promise.resolve(),
  }).read();
};

const profileFile = {
  version: 1,
  profiles: [
    {
      id: 'a',
      name: 'Main',
      site: { kind: 'custom', spot: 'https://a.invalid', futures: 'https://b.invalid' },
      keyVersion: '3',
      keyFingerprint: '0123456789ab',
      generation: 1,
      readOnly: true,
      facts: { uid: 1, isMaster: true, permissions: ['General'], ipRestricted: false, checkedAt: 1 },
    },
  ],
  lastUsed: 'a',
};
const side = { type: 'main' };
const savedFile = {
  format: 'kucoin-accounts/saved-transfers',
  version: 1,
  transfers: [
    {
      id: 'x',
      name: 'n',
      savedAt: 1,
      intent: { profileId: 'a', currency: 'USDT', amount: '1', from: side, to: side },
    },
  ],
};

function sandbox(): Parser {
  let now = 1_700_000_000_000;
  const make = (): Exchange =>
    Exchange.demo('today', initialSwitches, new ExchangeClock(() => now), () => 0.5);
  const opened = (): Exchange => {
    const fresh = make();
    for (const host of ['spot', 'futures'] as const)
      fresh.feeds[host] = { endpoint: 'ws://127.0.0.1:1/', issue: () => 'invented' };
    return fresh;
  };
  let exchange = opened();
  let served = 0;
  const endpoints = Object.values(catalogue) as Endpoint[];
  return (random) => {
    if (++served % 5_000 === 0) exchange = opened();
    // Past every quota.
    now += 40;
    const endpoint = endpoints[random(endpoints.length)];
    if (!endpoint) return undefined;
    const params = brokenJson(sampleOf(endpoint.params, random), random);
    const isPost = endpoint.method === 'POST';
    const query = isPost ? '' : `?${brokenQuery(endpoint, random)}`;
    const path = endpoint.path.replace(/\{\w+\}/g, () => brokenText('BTC-USDT', random));
    const target = (random(8) === 0 ? brokenText(path, random) : path) + query;
    const body = isPost ? params : '';
    const time = String(exchange.now());
    const { key, secret, passphrase } = demoKeys.demo;
    let signed = target;
    try {
      signed = decodeURIComponent(target);
    } catch {
      // Broken encoding is refused before the signature.
    }
    const headers = {
      'content-type': 'application/json',
      'kc-api-key': key,
      'kc-api-sign': hmac(secret, `${time}${endpoint.method}${signed}${body}`),
      'kc-api-timestamp': random(9) === 0 ? brokenText(time, random) : time,
      'kc-api-passphrase': hmac(secret, passphrase),
      'kc-api-key-version': '3',
    };
    const arrival = {
      host: endpoint.host,
      method: endpoint.method,
      target,
      headers,
      body: Buffer.from(body),
    };
    return serve(exchange, arrival, resolve(arrival), 0);
  };
}

/** What a call would ask for, with something wrong in it now and then. */
function brokenQuery(endpoint: Endpoint, random: Random): string {
  const params = Object.entries(sampleOf(endpoint.params, random) as Record<string, unknown>);
  const text = params.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  return random(4) === 0 ? text : brokenText(text, random);
}

const programs = [
  [
    'typescript',
    "const r = await fetch('https://api.kucoin.com/api/v1/accounts?currency=USDT', {headers: {'KC-API-KEY': key}});",
  ],
  [
    'python',
    "client = Trade(key='x', secret='y', passphrase='z')\nrequests.post(base + '/api/v1/hf/orders', json={'size': 1})",
  ],
  ['go', 's := kucoin.NewApiService(kucoin.ApiKeyOption("k"))\nresp, err := s.Accounts("USDT", "main")'],
  [
    'http',
    'POST https://api.kucoin.com/api/v3/accounts/universal-transfer\nKC-API-KEY: x\n\n{"amount": "1"}',
  ],
  ['json', '{"url": "https://api.kucoin.com/api/v2/sub/user", "apiKey": "0123456789abcdef01234567"}'],
  [
    'shellscript',
    'curl -H "KC-API-SIGN: $S" "https://api-futures.kucoin.com/api/v1/account-overview?currency=XBT"',
  ],
  ['php', '<?php $c->request("GET", "/api/v1/timestamp"); // \'"'],
  ['dotenv', 'KUCOIN_API_KEY=0123456789abcdef01234567\nKUCOIN_API_SECRET="a-b"'],
] as const;

const coding: Parser = (random) => {
  const [language, program] = programs[random(programs.length)] ?? programs[0];
  let text: string = program;
  for (let times = 1 + random(4); times > 0; times--) text = brokenText(text, random);
  return analyse(text, language);
};

const page =
  (schema: v.GenericSchema): Parser =>
  (random) => {
    const text = brokenJson(sampleOf(schema, random), random);
    let value: unknown = text;
    try {
      value = JSON.parse(text);
    } catch {
      // A page can post any text.
    }
    return v.safeParse(schema, value);
  };

/** Every reader of what others have written, by name. */
export const parsers: Readonly<Record<string, () => Parser>> = {
  ...Object.fromEntries(
    Object.entries(catalogue).map(([name, entry]) => [`answer ${name}`, () => reply(entry)]),
  ),
  'feed frame': () => (random) => readFrame(frame(random)),
  'order book': book,
  'journal of transfers': () => journal,
  'journal of orders': () => orders,
  'profile file': () => (random) => parseDocument(brokenJson(profileFile, random)),
  'snapshot file': () => (random) =>
    parseSnapshots(
      `${brokenJson({ at: 1, value: '1', base: 'USD', missing: [] }, random)}\n{"at":2,"value":"1","base":"USD"}`,
    ),
  'saved transfers': () => (random) => parseSaved(brokenJson(savedFile, random)),
  'request to the sandbox': sandbox,
  'message of the portfolio panel': () => page(fromPortfolio),
  'message of the order book panel': () => page(fromOrderBook),
  'text of a program': () => coding,
};
