import * as v from 'valibot';
import type { Endpoint, ParamsOf, ParamValue } from './endpoint';
import { KucoinError } from './errors';
import { jsonText } from './jsonNumber';
import { describeIssue } from './schema';

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
  const refuse = (detail: string): KucoinError =>
    new KucoinError({ kind: 'invalidArgument', outcome: 'notExecuted', endpoint: endpoint.title, detail });
  const checked = v.safeParse(endpoint.params, params);
  if (!checked.success) throw refuse(describeIssue(checked.issues[0], ''));
  const rest = new Map<string, Exclude<ParamValue, undefined>>();
  for (const [name, value] of Object.entries(checked.output)) {
    if (value === undefined) continue;
    if (/\p{Surrogate}/u.test(String(value))) throw refuse(`${name}: not valid Unicode`);
    rest.set(name, value);
  }
  let [plainPath, encodedPath]: [string, string] = [endpoint.path, endpoint.path];
  for (const [slot, name = ''] of endpoint.path.matchAll(/\{(\w+)\}/g)) {
    const value = String(rest.get(name) ?? '');
    // A URL drops these as path segments: another address than the signed one would be called.
    if (['', '.', '..'].includes(value)) throw refuse(`${name}: cannot stand in a path`);
    plainPath = plainPath.replace(slot, () => value);
    encodedPath = encodedPath.replace(slot, () => encodeURIComponent(value));
    rest.delete(name);
  }

  if (endpoint.method === 'POST') {
    const body = rest.size > 0 ? jsonText(Object.fromEntries(rest)) : '';
    return Object.freeze({ endpoint, signedPath: plainPath, sentPath: encodedPath, body });
  }
  return Object.freeze({
    endpoint,
    signedPath: plainPath + query(rest, endpoint.repeated, (text) => text),
    sentPath: encodedPath + query(rest, endpoint.repeated, encodeValue),
    body: '',
  });
}

/**
 * A comma is legal in a query, and every reading of the rule accepts it literally. An apostrophe is encoded by
 * URL parsers, so it is sent that way.
 */
function encodeValue(text: string): string {
  return encodeURIComponent(text).replaceAll('%2C', ',').replaceAll("'", '%27');
}

function query(
  values: ReadonlyMap<string, Exclude<ParamValue, undefined>>,
  repeated: readonly string[] | undefined,
  encode: (text: string) => string,
): string {
  const pairs = [...values].flatMap(([name, value]) =>
    (Array.isArray(value) && repeated?.includes(name) ? value.map(String) : [String(value)]).map(
      (text) => `${name}=${encode(text)}`,
    ),
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}
