import { JsonNumber, jsonText } from '../kucoin/jsonNumber';
import { decoded, type Arrival } from './arrival';
import type { Exchange } from './exchange';
import type { Fault, Faults } from './faults';
import { resolve, serve, type Served } from './gateway';
import { Refusal } from './refusals';
import type { RequestLog } from './requestLog';

/** What happens on the wire in the end. */
export type Outcome =
  | {
      readonly kind: 'answer';
      readonly http: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly text: string;
      /** The connection is cut within the body. */
      readonly cut: boolean;
    }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' };

export interface Surroundings {
  /** The current exchange: a reset replaces it. */
  readonly exchange: () => Exchange;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly wait: (ms: number) => Promise<void>;
  /** Called when money or orders may have moved. */
  readonly onChange: () => void;
}

const json = 'application/json;charset=UTF-8';

/** One request from its arrival to the wire: faults before, the exchange, faults after. */
export async function converse(around: Surroundings, arrival: Arrival): Promise<Outcome> {
  const route = resolve(arrival);
  const endpoint = route instanceof Refusal ? undefined : route.name;
  const met = around.faults.meet(arrival, endpoint);
  const key = arrival.headers['kc-api-key'];
  const finish = around.requests.begin({
    time: around.exchange().now(),
    host: arrival.host,
    method: arrival.method,
    target: decoded(arrival.target) ?? arrival.target,
    ...(endpoint !== undefined && { endpoint }),
    ...(typeof key === 'string' && { key }),
    body: arrival.body.toString('utf8'),
    faults: met.map((fault) => fault.kind),
  });

  await around.wait(around.exchange().switches.latencyMs + delay(met, 'before'));
  const instead = replacement(met, 'before');
  if (instead) {
    finish({ executed: 0, ...httpOf(instead) });
    return instead;
  }
  const skew = met.reduce((total, fault) => total + (fault.kind === 'skew' ? fault.ms : 0), 0);
  const execute = (): Served => serve(around.exchange(), arrival, route, skew);
  const first = execute();
  const duplicate = met.find((fault) => fault.kind === 'duplicate');
  const second = duplicate && execute();
  if (arrival.method !== 'GET') around.onChange();
  const served = duplicate?.answer === 'second' ? (second ?? first) : first;

  await around.wait(delay(met, 'after'));
  const outcome = replacement(met, 'after') ?? altered(served, met);
  finish({
    executed: Number(first.executed) + Number(second?.executed ?? false),
    ...(served.uid !== undefined && { uid: served.uid }),
    ...httpOf(outcome),
  });
  return outcome;
}

function httpOf(outcome: Outcome): { http?: number } {
  return outcome.kind === 'answer' ? { http: outcome.http } : {};
}

function delay(met: readonly Fault[], when: 'before' | 'after'): number {
  return met.reduce(
    (total, fault) => total + (fault.kind === 'delay' && fault.when === when ? fault.ms : 0),
    0,
  );
}

/** The first fault that takes the place of the exchange's answer. */
function replacement(met: readonly Fault[], when: 'before' | 'after'): Outcome | undefined {
  for (const fault of met) {
    const outcome = replacedBy(fault, when);
    if (outcome) return outcome;
  }
  return undefined;
}

function replacedBy(fault: Fault, when: 'before' | 'after'): Outcome | undefined {
  switch (fault.kind) {
    case 'reset':
    case 'hang':
      return fault.when === when ? { kind: fault.kind } : undefined;
    case 'serverError':
      return fault.when === when ? envelope(fault.http, { code: fault.code, msg: fault.msg }) : undefined;
    case 'html':
      return fault.when === when ? answer(fault.http, cdnPage, { 'Content-Type': 'text/html' }) : undefined;
    case 'envelope':
      return fault.when === when ? envelope(fault.http, fault.body, fault.headers) : undefined;
    case 'rateLimit':
      return when === 'before' ? rateLimited(fault) : undefined;
    case 'successTrap':
      return when === 'before' ? envelope(200, { code: '200000', msg: fault.msg }) : undefined;
    case 'delay':
    case 'truncate':
    case 'dropField':
    case 'duplicate':
    case 'skew':
      return undefined;
  }
}

/** kucoin-api 4.3 */
function rateLimited(fault: Fault & { kind: 'rateLimit' }): Outcome {
  const msg = `Too many requests. ${fault.headers ? 'User' : 'System'}-level rate limit exceeded.`;
  const headers = {
    'gw-ratelimit-limit': '2000',
    'gw-ratelimit-remaining': '0',
    'gw-ratelimit-reset': String(fault.resetMs),
  };
  return envelope(fault.http, { code: '429000', msg }, fault.headers ? headers : {});
}

/** What a CDN in front of the exchange sends (kucoin-api 3.1). */
const cdnPage = `<!DOCTYPE html>
<html><head><title>Access denied</title></head>
<body><h1>Error 1015</h1><p>You are being rate limited</p></body></html>
`;

function altered({ answer: { http, body, headers } }: Served, met: readonly Fault[]): Outcome {
  const without = met.flatMap((fault) => (fault.kind === 'dropField' ? [fault.field] : []));
  const whole = jsonText(without.reduce(dropped, body));
  const truncate = met.find((fault) => fault.kind === 'truncate');
  const text = truncate?.how === 'json' ? whole.slice(0, Math.ceil(whole.length / 2)) : whole;
  return { ...answer(http, text, headers), cut: truncate?.how === 'connection' };
}

/** A copy without the member that a path with dots names. */
function dropped(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null || value instanceof JsonNumber) return value;
  const [name, ...rest] = path.split('.');
  const kept = Object.entries(value)
    .filter(([member]) => member !== name || rest.length > 0)
    .map(([member, inner]): [string, unknown] => [
      member,
      member === name ? dropped(inner, rest.join('.')) : inner,
    ]);
  return Array.isArray(value) ? kept.map(([, inner]) => inner) : Object.fromEntries(kept);
}

function envelope(http: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Outcome {
  return answer(http, typeof body === 'string' ? body : JSON.stringify(body ?? null), headers);
}

function answer(
  http: number,
  text: string,
  headers: Readonly<Record<string, string>>,
): Outcome & { readonly kind: 'answer' } {
  return { kind: 'answer', http, headers: { 'Content-Type': json, ...headers }, text, cut: false };
}
