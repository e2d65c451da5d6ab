import * as v from 'valibot';
import type { Endpoint, ParamsOf, ParamValue } from './endpoint';
import { KucoinError } from './errors';

/** A call as it will be signed and sent: text that nobody changes any more. */
export interface PreparedRequest<E extends Endpoint = Endpoint> {
  readonly endpoint: E;
  /** Path and query in decoded form: what is signed. */
  readonly signedPath: string;
  /** Path and query with percent-encoded values: what is sent. */
  readonly sentPath: string;
  /** JSON text, or empty. Signed and sent byte for byte. */
  readonly body: string;
}

/**
 * Checks the arguments against the entry and lays them out as path, query and body (kucoin-api 2.3, 2.4).
 *
 * @throws KucoinError of kind `invalidArgument` that names the argument; nothing was sent.
 */
export function prepare<E extends Endpoint>(endpoint: E, params: ParamsOf<E>): PreparedRequest<E> {
  const checked = v.safeParse(endpoint.params, params);
  if (!checked.success) {
    const field = v.getDotPath(checked.issues[0]) ?? 'arguments';
    throw new KucoinError({
      kind: 'invalidArgument',
      outcome: 'notExecuted',
      endpoint: endpoint.title,
      detail: `${field}: ${checked.issues[0].message}`,
    });
  }
  const rest = new Map<string, Exclude<ParamValue, undefined>>();
  for (const [name, value] of Object.entries(checked.output)) if (value !== undefined) rest.set(name, value);

  const fill = (encode: (text: string) => string): string =>
    endpoint.path.replace(/\{(\w+)\}/g, (_all, name: string) => encode(String(rest.get(name))));
  const plainPath = fill((text) => text);
  const encodedPath = fill(encodeURIComponent);
  for (const [, name] of endpoint.path.matchAll(/\{(\w+)\}/g)) rest.delete(name ?? '');

  if (endpoint.method === 'POST') {
    const body = rest.size > 0 ? JSON.stringify(Object.fromEntries(rest)) : '';
    return Object.freeze({ endpoint, signedPath: plainPath, sentPath: encodedPath, body });
  }
  return Object.freeze({
    endpoint,
    signedPath: plainPath + query(rest, (text) => text),
    // A comma is legal in a query, and every reading of the rule accepts it literally.
    sentPath: encodedPath + query(rest, (text) => encodeURIComponent(text).replaceAll('%2C', ',')),
    body: '',
  });
}

function query(
  values: ReadonlyMap<string, Exclude<ParamValue, undefined>>,
  encode: (text: string) => string,
): string {
  const pairs = [...values].map(([name, value]) => `${name}=${encode(String(value))}`);
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}
