import * as v from 'valibot';
import { classify, successCodes } from './codes';
import type { Endpoint, ReplyOf } from './endpoint';
import { KucoinError, tidy, type Outcome } from './errors';
import { parseExact } from './json';
import type { RateLimitHeaders } from './quota';
import { makeReader, unfit, type Reader } from './reader';
import { describeIssue, holdsDecimalNumber } from './schema';
import type { TransportReply } from './transport';

/** How the answers of an entry are read; worked out with the first one. */
interface Reading {
  readonly read: Reader;
  /** Only answers with amounts as JSON numbers pay for the exact parser. */
  readonly exact: boolean;
}
const readings = new WeakMap<Endpoint, Reading>();

function readingOf(endpoint: Endpoint): Reading {
  let reading = readings.get(endpoint);
  if (!reading) {
    reading = { read: makeReader(endpoint.reply), exact: holdsDecimalNumber(endpoint.reply) };
    readings.set(endpoint, reading);
  }
  return reading;
}

/**
 * Makes an answer into data that the entry's schema has passed.
 *
 * @param sent headers of the request; a message that repeats a key, passphrase or signature loses it.
 * @throws KucoinError with the outcome of kucoin-api 10.2; its text holds nothing of the request.
 */
export function interpret<E extends Endpoint>(
  endpoint: E,
  reply: TransportReply,
  sent: Readonly<Record<string, string>> = {},
): ReplyOf<E> {
  const fail = (facts: Partial<KucoinError> & Pick<KucoinError, 'kind' | 'outcome'>): KucoinError =>
    new KucoinError({ endpoint: endpoint.title, ...facts });

  if (!reply.ok) {
    const outcome: Outcome = reply.unsent ? 'notExecuted' : 'unknown';
    throw fail({ kind: reply.failure, outcome, detail: reply.code });
  }
  const { status: httpStatus } = reply;
  const { read, exact } = readingOf(endpoint);
  const envelope = parseEnvelope(reply.text, exact);
  if (!envelope) {
    const detail = bodyWithoutEnvelope(reply.text);
    // The edge refuses with a page of its own; only its rate limit says for sure that nothing was done.
    if (httpStatus === 429 || (httpStatus === 403 && /error 1015/i.test(reply.text))) {
      throw fail({ kind: 'rateLimit', outcome: 'notExecuted', httpStatus, detail });
    }
    const kind = httpStatus >= 500 || httpStatus === 403 ? 'unavailable' : 'malformedReply';
    throw fail({ kind, outcome: 'unknown', httpStatus, detail });
  }
  const { code } = envelope;
  const message = tidy(conceal(envelope.msg ?? '', sent));
  const hasData = envelope.data !== undefined && envelope.data !== null;
  // kucoin-api 3.2: a success code without data but with a message is a refusal.
  if (httpStatus >= 300 || !successCodes.has(code) || (!hasData && isTelling(message))) {
    const { kind, outcome } = classify(code, message, httpStatus);
    // Other refusals carry the headers too, but theirs is not the quota's reset.
    const retryAfterMs = code.startsWith('429') ? rateLimitHeaders(reply.headers)?.reset : undefined;
    throw fail({ kind, outcome, code, httpStatus, detail: message, retryAfterMs });
  }
  const data = envelope.data ?? null;
  const output = read(data);
  if (output !== unfit) return output;
  const checked = v.safeParse(endpoint.reply, data);
  if (!checked.success) {
    const detail = conceal(describeIssue(checked.issues[0], 'data'), sent);
    // The exchange said yes: what was asked for is done, even if its answer cannot be read. A bare yes is no proof.
    const outcome: Outcome = hasData ? 'executed' : 'unknown';
    throw fail({ kind: 'malformedReply', outcome, code, httpStatus, detail });
  }
  return checked.output;
}

/** Reads the `gw-ratelimit-*` headers; `undefined` unless all three are there and make sense. */
export function rateLimitHeaders(headers: Readonly<Record<string, unknown>>): RateLimitHeaders | undefined {
  const read = (name: string, digits: RegExp): number => {
    const value = headers[`gw-ratelimit-${name}`];
    return typeof value === 'string' && digits.test(value) ? Number(value) : NaN;
  };
  const limit = read('limit', /^\d{1,12}$/);
  const remaining = read('remaining', /^\d{1,12}$/);
  // A window of more than hours is none, and a timer could not hold it.
  const reset = read('reset', /^\d{1,7}$/);
  return Number.isNaN(limit + remaining + reset) || limit === 0 ? undefined : { limit, remaining, reset };
}

interface Envelope {
  readonly code: string;
  readonly msg?: string | undefined;
  readonly data?: unknown;
}

function parseEnvelope(text: string, exact: boolean): Envelope | undefined {
  let value: unknown;
  try {
    value = exact ? parseExact(text) : JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('code' in value)) return undefined;
  const code = value.code;
  // Codes are shown and logged; anything longer or other is no code (kucoin-api 3).
  if (typeof code !== 'string' && typeof code !== 'number') return undefined;
  if (!/^-?[\w.]{0,32}$/.test(String(code))) return undefined;
  const msg = 'msg' in value && typeof value.msg === 'string' ? value.msg : undefined;
  return { code: String(code), msg, data: 'data' in value ? value.data : undefined };
}

function conceal(text: string, sent: Readonly<Record<string, string>>): string {
  if (text === '') return text;
  let concealed = text;
  for (const name of ['KC-API-KEY', 'KC-API-SIGN', 'KC-API-PASSPHRASE']) {
    const value = sent[name];
    if (value) concealed = concealed.replaceAll(value, '***');
  }
  return concealed;
}

/** Some older envelopes carry a polite message beside an empty success. */
function isTelling(message: string): boolean {
  return message !== '' && !/^(success|ok)$/i.test(message);
}

function bodyWithoutEnvelope(text: string): string {
  const start = text.trimStart();
  if (start === '') return 'empty answer';
  if (start.startsWith('<')) return 'an HTML page instead of JSON';
  return /^[{[]/.test(start) ? 'JSON that ends too early or is no envelope' : 'not JSON';
}
