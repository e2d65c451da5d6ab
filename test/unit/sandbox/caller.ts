import { createHmac } from 'node:crypto';
import { request, type IncomingHttpHeaders } from 'node:http';
import type { Credentials, Sandbox } from '../../../src/sandbox/main';

/** A KuCoin client of the tests' own: plain node:http, so that it shares nothing with the product's client. */

export interface Reply {
  readonly http: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Parsed envelope; `undefined` when the text is not JSON. */
  readonly json: { code?: string; msg?: string; data?: unknown } | undefined;
}

export interface Raw {
  readonly base: string;
  readonly method: string;
  /** Path with query as it goes into the request line. */
  readonly target: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** One request exactly as described. Rejects when the connection breaks. */
export function send({ base, method, target, headers = {}, body = '' }: Raw): Promise<Reply> {
  const { hostname, port } = new URL(base);
  const length = method === 'GET' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname, port, method, path: target, headers: { ...length, ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ http: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export interface CallOptions {
  /** Body members of a POST. */
  readonly body?: unknown;
  /** Text of the body, instead of `body`. */
  readonly rawBody?: string;
  readonly credentials?: Credentials;
  readonly timestamp?: number | string;
  /** What the signature covers, where it is not the target as sent. */
  readonly signedTarget?: string;
  /** Headers to set, or with `undefined` to leave out. */
  readonly headers?: Record<string, string | undefined>;
  readonly futures?: boolean;
}

/** One signed call. */
export function call(
  sandbox: Sandbox,
  method: string,
  target: string,
  options: CallOptions = {},
): Promise<Reply> {
  const credentials = options.credentials ?? sandbox.credentials;
  const timestamp = String(options.timestamp ?? sandbox.state().now);
  const body = options.rawBody ?? (options.body === undefined ? '' : JSON.stringify(options.body));
  const prehash = timestamp + method + (options.signedTarget ?? target) + body;
  const all: Record<string, string | undefined> = {
    'KC-API-KEY': credentials.key,
    'KC-API-SIGN': hmac(credentials.secret, prehash),
    'KC-API-TIMESTAMP': timestamp,
    'KC-API-PASSPHRASE':
      credentials.keyVersion === '1'
        ? credentials.passphrase
        : hmac(credentials.secret, credentials.passphrase),
    'KC-API-KEY-VERSION': credentials.keyVersion,
    ...(method === 'POST' && { 'Content-Type': 'application/json' }),
    ...options.headers,
  };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) if (value !== undefined) headers[name] = value;
  return send({ base: options.futures ? sandbox.futures : sandbox.spot, method, target, headers, body });
}

/** GET without credentials. */
export function ask(sandbox: Sandbox, target: string, futures = false): Promise<Reply> {
  return send({ base: futures ? sandbox.futures : sandbox.spot, method: 'GET', target });
}

let count = 0;

/** An inner transfer of the master's USDT from main to trade, with some members changed. */
export function transfer(
  sandbox: Sandbox,
  members: Record<string, unknown> = {},
  options: CallOptions = {},
): Promise<Reply> {
  const body = {
    clientOid: `test-${++count}`,
    currency: 'USDT',
    amount: '12.5',
    from: 'main',
    to: 'trade',
    ...members,
  };
  return call(sandbox, 'POST', '/api/v2/accounts/inner-transfer', { body, ...options });
}

/** One request to the control address. */
export async function backstage(
  sandbox: Sandbox,
  method: string,
  operation: string,
  body?: unknown,
): Promise<{ http: number; json: unknown }> {
  const { origin, pathname } = new URL(sandbox.control);
  const reply = await send({
    base: origin,
    method,
    target: `${pathname}/${operation}`,
    body: body === undefined ? '' : JSON.stringify(body),
  });
  return { http: reply.http, json: reply.json };
}

/** A member deep inside of something parsed; `undefined` when it is not there. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);
}

/** Total of a row; `'none'` when there is no row. */
export function total(sandbox: Sandbox, type: string, currency = 'USDT', tag = '', uid = 700100200): string {
  const row = sandbox
    .ledger()
    .rows.find((one) => one.uid === uid && one.type === type && one.currency === currency && one.tag === tag);
  return row?.total ?? 'none';
}

export function hmac(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text, 'utf8').digest('base64');
}

function parsed(text: string): Reply['json'] {
  try {
    return JSON.parse(text) as Reply['json'];
  } catch {
    return undefined;
  }
}
