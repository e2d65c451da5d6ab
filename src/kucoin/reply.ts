import * as v from 'valibot';
import { classify, successCodes } from './codes';
import type { Endpoint, ReplyOf } from './endpoint';
import { KucoinError, tidy, type Outcome } from './errors';
import { parseExact } from './json';
import type { RateLimitHeaders } from './quota';
import { holdsDecimalNumber } from './schema';
import type { TransportReply } from './transport';

/** Only replies with amounts as JSON numbers pay for the exact parser. */
const exact = new WeakMap<Endpoint, boolean>();

/**
 * Makes an answer into data that the entry's schema has passed.
 *
 * @throws KucoinError with the outcome of kucoin-api 10.2; its text holds nothing of the request.
 */
export function interpret<E extends Endpoint>(endpoint: E, reply: TransportReply): ReplyOf<E> {
  const fail = (facts: Partial<KucoinError> & Pick<KucoinError, 'kind' | 'outcome'>): KucoinError =>
    new KucoinError({ endpoint: endpoint.title, ...facts });

  if (!reply.ok) {
    const outcome: Outcome = reply.unsent ? 'notExecuted' : 'unknown';
    throw fail({ kind: reply.failure, outcome, detail: reply.code });
  }
  const { status: httpStatus } = reply;
  const envelope = parseEnvelope(endpoint, reply.text);
  if (!envelope) {
    const detail = bodyWithoutEnvelope(reply.text);
    // The edge refuses with a page of its own; only its rate limit says for sure that nothing was done.
    if (httpStatus === 429 || /error 1015/i.test(reply.text)) {
      throw fail({ kind: 'rateLimit', outcome: 'notExecuted', httpStatus, detail });
    }
    const kind = httpStatus >= 500 || httpStatus === 403 ? 'unavailable' : 'malformedReply';
    throw fail({ kind, outcome: 'unknown', httpStatus, detail });
  }
  const { code } = envelope;
  const message = tidy(envelope.msg ?? '');
  const hasData = envelope.data !== undefined && envelope.data !== null;
  // kucoin-api 3.2: a success code without data but with a message is a refusal.
  if (httpStatus >= 300 || !successCodes.has(code) || (!hasData && isTelling(message))) {
    const { kind, outcome } = classify(code, message, httpStatus);
    const retryAfterMs = kind === 'rateLimit' ? rateLimitHeaders(reply.headers)?.reset : undefined;
    throw fail({ kind, outcome, code, httpStatus, detail: message, retryAfterMs });
  }
  const checked = v.safeParse(endpoint.reply, envelope.data ?? null);
  if (!checked.success) {
    const field = v.getDotPath(checked.issues[0]);
    const detail = `data${field ? `.${field}` : ''}: ${checked.issues[0].message}`;
    // The exchange said yes: what was asked for is done, even if its answer cannot be read.
    throw fail({ kind: 'malformedReply', outcome: 'executed', code, httpStatus, detail });
  }
  return checked.output;
}

/** Reads the `gw-ratelimit-*` headers; `undefined` unless all three are there and make sense. */
export function rateLimitHeaders(headers: Readonly<Record<string, unknown>>): RateLimitHeaders | undefined {
  const read = (name: string): number => {
    const value = headers[`gw-ratelimit-${name}`];
    return typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : NaN;
  };
  const [limit, remaining, reset] = [read('limit'), read('remaining'), read('reset')];
  return Number.isNaN(limit + remaining + reset) || limit === 0 ? undefined : { limit, remaining, reset };
}

interface Envelope {
  readonly code: string;
  readonly msg?: string | undefined;
  readonly data?: unknown;
}

function parseEnvelope(endpoint: Endpoint, text: string): Envelope | undefined {
  let needsExact = exact.get(endpoint);
  if (needsExact === undefined) exact.set(endpoint, (needsExact = holdsDecimalNumber(endpoint.reply)));
  let value: unknown;
  try {
    value = needsExact ? parseExact(text) : JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('code' in value)) return undefined;
  const code = value.code;
  if (typeof code !== 'string' && typeof code !== 'number') return undefined;
  const msg = 'msg' in value && typeof value.msg === 'string' ? value.msg : undefined;
  return { code: String(code), msg, data: 'data' in value ? value.data : undefined };
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
