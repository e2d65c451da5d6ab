import { nameOf } from '../kucoin/catalogue';
import type { Endpoint } from '../kucoin/endpoint';
import { decoded, paramsOf, splitTarget, type Arrival } from './arrival';
import type { Exchange } from './exchange';
import type { ApiKey } from './people';
import { quotaHeaders, type QuotaState } from './quota';
import { formOf, Refusal } from './refusals';
import { routeOf, type Route } from './routing';
import { ruleOf } from './rules/rules';
import { Envelope, type Caller } from './rules/rule';
import { passphraseHeader, sameText, verifies } from './signature';

/** What goes back to the caller. */
export interface Answer {
  readonly http: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Served {
  readonly answer: Answer;
  /** uid of the key that was accepted. */
  readonly uid?: number;
  /** The rule ran to its end: a transfer has moved. */
  readonly executed: boolean;
}

/** Milliseconds that a timestamp may differ from server time, exclusive (kucoin-api 2.5). */
const timeWindowMs = 5000;

/** Finds the entry that a request is meant for. */
export function resolve(arrival: Arrival): Route | Refusal {
  const path = decoded(splitTarget(arrival.target).path);
  if (path === undefined) return new Refusal('malformed');
  const route = routeOf(arrival.host, arrival.method, path);
  return typeof route === 'string' ? new Refusal(route) : route;
}

/**
 * One request through all checks to its rule, in the order of kucoin-api 2.9: route, media type, headers, timestamp,
 * key, passphrase, signature, IP, permission, rate; then parameters and the rule. Runs in one go, so two calls
 * never see each other half done.
 *
 * @param skewMs added to the exchange's time for this call alone
 */
export function serve(exchange: Exchange, arrival: Arrival, route: Route | Refusal, skewMs: number): Served {
  let charged: Charged | undefined;
  let caller: Caller | undefined;
  const now = exchange.now() + skewMs;
  try {
    if (route instanceof Refusal) throw route;
    exchange.catchUp();
    const { endpoint } = route;
    checkOpen(exchange, endpoint);
    checkMediaType(arrival);
    if (endpoint.permission !== 'Public') caller = authenticate(exchange, arrival, endpoint, now);
    charged = charge(exchange, endpoint, caller);
    if (!charged.granted) throw new Refusal('quota');
    const trap = superseded(exchange, endpoint);
    if (trap) return { answer: answered(200, trap, charged.state), ...uidOf(caller), executed: false };
    const { jsonNumbers, futuresAmountText } = exchange.switches;
    const params = paramsOf(arrival, endpoint, route.pathParams, {
      numberAsText: jsonNumbers === 'accepted',
      textAsNumber: futuresAmountText === 'accepted',
    });
    const data = ruleOf(nameOf(endpoint))({ exchange, params, caller, now });
    const success = data instanceof Envelope ? data.body : { code: '200000', data };
    return { answer: answered(200, success, charged.state), ...uidOf(caller), executed: true };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { http, code, msg, more } = formOf(error, exchange.switches.refusals);
    const state = charged && settled(exchange, charged, code);
    return { answer: answered(http, { code, msg, ...more }, state), ...uidOf(caller), executed: false };
  }
}

function answered(http: number, body: unknown, state: QuotaState | undefined): Answer {
  return { http, body, headers: state ? quotaHeaders(state) : {} };
}

function uidOf(caller: Caller | undefined): { uid?: number } {
  return caller ? { uid: caller.user.uid } : {};
}

/** Whether the world knows the endpoint, and no maintenance is on (kucoin-api 3.3). */
function checkOpen(exchange: Exchange, endpoint: Endpoint): void {
  const { world, switches } = exchange;
  if (endpoint.state?.[world] === 'absent' && switches.absentEndpoints === 'notFound')
    throw new Refusal('notFound');
  const closed =
    switches.maintenance === 'all'
      ? !/\/(timestamp|status)$/.test(endpoint.path)
      : switches.maintenance === 'writes' && endpoint.method !== 'GET';
  if (closed) throw new Refusal('maintenance');
}

function checkMediaType({ method, headers, body }: Arrival): void {
  // A token is asked for without a body (kucoin-api 8.36), and then often without its type.
  if (body.length === 0) return;
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (method === 'POST' && type !== 'application/json') throw new Refusal('mediaType');
}

function authenticate(exchange: Exchange, arrival: Arrival, endpoint: Endpoint, now: number): Caller {
  const sent = {
    key: header(arrival, 'kc-api-key'),
    sign: header(arrival, 'kc-api-sign'),
    timestamp: header(arrival, 'kc-api-timestamp'),
    passphrase: header(arrival, 'kc-api-passphrase'),
  };
  if (Object.values(sent).includes('') || !/^\d{1,20}(\.\d+)?$/.test(sent.timestamp)) {
    throw new Refusal('missingHeader');
  }
  if (Math.abs(Number(sent.timestamp) - now) >= timeWindowMs) throw new Refusal('timestamp');

  const key = exchange.keys.get(sent.key);
  if (!key || (key.expiresAt !== undefined && key.expiresAt <= exchange.now()))
    throw new Refusal('unknownKey');
  checkVersion(exchange, key, header(arrival, 'kc-api-key-version'));
  const expected = passphraseHeader(key.secret, key.passphrase, key.version);
  if (!sameText(expected, sent.passphrase)) throw new Refusal('passphrase');
  if (!signed(exchange, key, arrival, sent.timestamp, sent.sign)) throw new Refusal('signature');

  const ip = exchange.switches.clientIp;
  if (key.ips.length > 0 && !key.ips.includes(ip)) throw new Refusal('ip', { ip });
  checkPermission(exchange, key, endpoint);
  const user = exchange.user(key.uid);
  if (user.status === 3) throw new Refusal('userFrozen');
  return { key, user };
}

/** kucoin-api 2.7. The futures host speaks of an address that it does not find (2.9). */
function checkPermission({ world, switches }: Exchange, key: ApiKey, endpoint: Endpoint): void {
  const needed = endpoint.permissionIn?.[world] ?? endpoint.permission;
  const allowed: readonly string[] = key.permissions;
  const futures = endpoint.host === 'futures';
  if (!allowed.includes(needed)) {
    const hidden = futures && endpoint.method === 'GET' && switches.futuresDenied === 'notFound';
    throw new Refusal(hidden ? 'futuresNotFound' : 'permission');
  }
  if (futures && (switches.unifiedMode || switches.futuresHost === 'notFound'))
    throw new Refusal('futuresNotFound');
}

/** kucoin-api 2.2 and 2.6 */
function checkVersion(exchange: Exchange, key: ApiKey, sent: string): void {
  const { missingKeyVersion, oldKeys, versionHeader } = exchange.switches;
  const fits =
    sent === String(key.version) ||
    (versionHeader === 'sameScheme' && key.version > 1 && /^[23]$/.test(sent));
  if (sent !== '' && !fits) throw new Refusal('keyVersion');
  if (sent === '' && missingKeyVersion === 'invalid') throw new Refusal('keyVersion');
  // Taken as version 1, an encrypted passphrase does not match.
  if (sent === '' && key.version !== 1) throw new Refusal('passphrase');
  const oldest = oldKeys === 'work' ? 1 : oldKeys === 'version1Refused' ? 2 : 3;
  if (key.version < oldest) throw new Refusal('oldKey');
}

/** The signature covers the decoded query, unless the switch says otherwise (kucoin-api 2.4), and the raw bytes of a body. */
function signed(exchange: Exchange, key: ApiKey, arrival: Arrival, timestamp: string, sign: string): boolean {
  const { method, target } = arrival;
  const body = method === 'POST' ? arrival.body : Buffer.alloc(0);
  const plain = decoded(target);
  const form = exchange.switches.querySignature;
  const covered = [...(form === 'encoded' ? [] : [plain]), ...(form === 'decoded' ? [] : [target])];
  return covered.some(
    (text) => text !== undefined && verifies(key.secret, { timestamp, method, target: text, body }, sign),
  );
}

interface Charged {
  readonly granted: boolean;
  readonly endpoint: Endpoint;
  readonly who: string;
  readonly state: QuotaState;
}

function charge(exchange: Exchange, endpoint: Endpoint, caller: Caller | undefined): Charged {
  const { pool, weight } = endpoint;
  const { vipLevel, clientIp } = exchange.switches;
  const who = pool === 'Public' || !caller ? clientIp : String(caller.user.uid);
  const { granted, ...state } = exchange.quota.charge(pool, who, weight, vipLevel, exchange.now());
  return { granted, endpoint, who, state };
}

/** A call refused with 400xxx is not counted, unless the switch says so (kucoin-api 13). */
function settled(exchange: Exchange, { granted, endpoint, who, state }: Charged, code: string): QuotaState {
  if (!granted || exchange.switches.countRefused || !code.startsWith('400')) return state;
  return exchange.quota.refund(
    endpoint.pool,
    who,
    endpoint.weight,
    exchange.switches.vipLevel,
    exchange.now(),
  );
}

/** What an abandoned endpoint does: works, refuses, or answers with the success-code trap (kucoin-api 1, 3.2). */
function superseded(exchange: Exchange, endpoint: Endpoint): object | undefined {
  if (endpoint.state?.[exchange.world] !== 'superseded') return undefined;
  switch (exchange.switches.supersededAnswer) {
    case 'works':
      return undefined;
    case 'removed':
      throw new Refusal('deprecated');
    case 'notFound':
      throw new Refusal('notFound');
    case 'offlineTrap':
      return { code: '200000', msg: 'The interface is offline' };
  }
}

/** Value of a header as text; empty when missing. */
function header(arrival: Arrival, name: string): string {
  const value = arrival.headers[name];
  return (Array.isArray(value) ? value[0] : value)?.trim() ?? '';
}
