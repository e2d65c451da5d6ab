import * as v from 'valibot';
import { parseExact } from '../json';
import { makeReader, unfit, type Reader } from '../reader';
import { describeIssue, holdsDecimalNumber } from '../schema';
import type { Host } from '../vocabulary';
import * as events from './events';

/** One topic of the feeds, written once. The client subscribes and reads by it, the sandbox serves by it. */
export interface Topic<S extends Subjects = Subjects> {
  /** Title in KuCoin's documentation. */
  readonly title: string;
  /** Page of KuCoin's documentation. */
  readonly docs: string;
  readonly host: Host;
  /** Without the part after the colon. */
  readonly path: `/${string}`;
  /** `private`: needs a private token. */
  readonly access: 'private' | 'public';
  /** What stands after the colon: nothing, one name, or up to a hundred with commas between them. */
  readonly names: 'none' | 'one' | 'many';
  /** What `data` holds, by subject. `*`: whatever the subject is. */
  readonly subjects: S;
}

type Subjects = Readonly<Record<string, v.GenericSchema>>;

function topic<const S extends Subjects>(entry: Topic<S>): Topic<S> {
  return Object.freeze(entry);
}

const docs = 'https://www.kucoin.com/docs-new/3470';

export const topics = {
  balance: topic({
    title: 'Account Balance',
    docs: `${docs}075w0`,
    host: 'spot',
    path: '/account/balance',
    access: 'private',
    names: 'none',
    subjects: { 'account.balance': events.balanceEvent },
  }),
  wallet: topic({
    title: 'Account Balance - Futures',
    docs: `${docs}092w0`,
    host: 'futures',
    path: '/contractAccount/wallet',
    access: 'private',
    names: 'none',
    subjects: {
      'walletBalance.change': events.walletEvent,
      'orderMargin.change': events.orderMarginEvent,
      'availableBalance.change': events.availableBalanceEvent,
      'withdrawHold.change': events.withdrawHoldEvent,
    },
  }),
  marginPosition: topic({
    title: 'Cross Margin Position',
    docs: `${docs}078w0`,
    host: 'spot',
    path: '/margin/position',
    access: 'private',
    names: 'none',
    subjects: { 'debt.ratio': events.debtRatioEvent, 'position.status': events.positionStatusEvent },
  }),
  isolatedPosition: topic({
    title: 'Isolated Margin Position',
    docs: `${docs}079w0`,
    host: 'spot',
    path: '/margin/isolatedPosition',
    access: 'private',
    names: 'one',
    subjects: { positionChange: events.isolatedPositionEvent },
  }),
  ticker: topic({
    title: 'Ticker',
    docs: `${docs}063w0`,
    host: 'spot',
    path: '/market/ticker',
    access: 'public',
    names: 'many',
    // With `:all` the subject is the pair.
    subjects: { '*': events.tickerEvent },
  }),
  snapshot: topic({
    title: 'Symbol Snapshot',
    docs: `${docs}065w0`,
    host: 'spot',
    path: '/market/snapshot',
    access: 'public',
    names: 'one',
    subjects: { 'trade.snapshot': events.snapshotEvent },
  }),
  depth5: topic({
    title: 'Orderbook - Level5',
    docs: `${docs}069w0`,
    host: 'spot',
    path: '/spotMarket/level2Depth5',
    access: 'public',
    names: 'many',
    subjects: { level2: events.depthEvent },
  }),
  depth50: topic({
    title: 'Orderbook - Level50',
    docs: `${docs}070w0`,
    host: 'spot',
    path: '/spotMarket/level2Depth50',
    access: 'public',
    names: 'many',
    subjects: { level2: events.depthEvent },
  }),
  orderBook: topic({
    title: 'Orderbook - Increment',
    docs: `${docs}068w0`,
    host: 'spot',
    path: '/market/level2',
    access: 'public',
    names: 'many',
    subjects: { 'trade.l2update': events.orderBookEvent },
  }),
} as const;

export type TopicName = keyof typeof topics;

const byPath = new Map<string, TopicName>(
  (Object.keys(topics) as TopicName[]).map((name) => [topics[name].path, name]),
);

/** The text that is subscribed to: `/account/balance`, `/market/ticker:BTC-USDT`. */
export function topicText(name: TopicName, symbol?: string): string {
  const { path, names } = topics[name];
  if ((symbol !== undefined) !== (names !== 'none')) throw new TypeError(`${path}: a name, or none`);
  return symbol === undefined ? path : `${path}:${symbol}`;
}

/** The topic that a text names; `name` is absent when it is not known here. */
export function readTopic(text: string): { path: string; symbol?: string; name?: TopicName } {
  const colon = text.indexOf(':');
  const path = colon < 0 ? text : text.slice(0, colon);
  const name = byPath.get(path);
  return { path, ...(colon >= 0 && { symbol: text.slice(colon + 1) }), ...(name && { name }) };
}

type EventOf<N extends TopicName> = {
  [S in keyof (typeof topics)[N]['subjects']]: {
    readonly kind: 'event';
    readonly name: N;
    /** As subscribed, e.g. `/market/ticker:all`. */
    readonly topic: string;
    /** The pair (or market) that it is about; for `:all` the pair. */
    readonly symbol: string | undefined;
    readonly subject: S extends '*' ? string : S;
    readonly data: v.InferOutput<Extract<(typeof topics)[N]['subjects'][S], v.GenericSchema>>;
  };
}[keyof (typeof topics)[N]['subjects']];

/** An event of a topic that is known; `name` and `subject` tell which. */
export type FeedEvent = { [N in TopicName]: EventOf<N> }[TopicName];

/** A frame that is no event: reported, never thrown. Holds nothing of its data. */
export interface Unread {
  readonly kind: 'unread';
  readonly why: 'json' | 'type' | 'topic' | 'subject' | 'data';
  /** For a log: names the topic, the subject or the field. */
  readonly detail: string;
  /** Absent when the frame does not name one. */
  readonly topic?: string;
}

interface Reading {
  readonly schema: v.GenericSchema;
  readonly read: Reader;
  readonly exact: boolean;
}

const readings = new WeakMap<v.GenericSchema, Reading>();

function readingOf(schema: v.GenericSchema): Reading {
  let reading = readings.get(schema);
  if (!reading)
    readings.set(schema, (reading = { schema, read: makeReader(schema), exact: holdsDecimalNumber(schema) }));
  return reading;
}

/** Reads one frame of type `message`. Amounts keep their digits, as in answers of the exchange. */
export function readFrame(text: string): FeedEvent | Unread {
  const frame = parse(text, JSON.parse);
  if (!frame) return { kind: 'unread', why: 'json', detail: 'a frame that is no JSON object' };
  const { type, topic, subject } = frame;
  if (type !== 'message') return { kind: 'unread', why: 'type', detail: `a frame of type ${short(type)}` };
  if (typeof topic !== 'string') return { kind: 'unread', why: 'topic', detail: 'a message without topic' };
  const { name, symbol } = readTopic(topic);
  if (!name) return { kind: 'unread', why: 'topic', detail: `unknown topic ${short(topic)}`, topic };
  const subjects: Subjects = topics[name].subjects;
  const schema =
    typeof subject === 'string' && Object.hasOwn(subjects, subject) ? subjects[subject] : subjects['*'];
  if (!schema || typeof subject !== 'string') {
    return { kind: 'unread', why: 'subject', detail: `unknown subject ${short(subject)} of ${topic}`, topic };
  }
  const reading = readingOf(schema);
  const data = (reading.exact ? parse(text, parseExact) : frame)?.['data'];
  const output = reading.read(data);
  if (output === unfit) {
    const checked = v.safeParse(schema, data);
    const detail = checked.success ? 'unreadable' : describeIssue(checked.issues[0], 'data');
    return { kind: 'unread', why: 'data', detail: `${topic}: ${detail}`, topic };
  }
  const event = {
    kind: 'event',
    name,
    topic,
    symbol: symbol === 'all' ? subject : symbol,
    subject,
    data: output,
  };
  return event as FeedEvent;
}

function parse(text: string, read: (text: string) => unknown): Record<string, unknown> | undefined {
  try {
    const value = read(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A word from outside, fit for a log. */
function short(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : typeof value;
}
