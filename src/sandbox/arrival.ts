import type { IncomingHttpHeaders } from 'node:http';
import * as v from 'valibot';
import { fromNumberText } from '../kucoin/decimal';
import type { Endpoint, ParamValue } from '../kucoin/endpoint';
import { isJsonNumberParam } from '../kucoin/jsonNumber';
import type { Host } from '../kucoin/vocabulary';
import { Refusal } from './refusals';

/** A request as it arrived, whole. */
export interface Arrival {
  readonly host: Host;
  readonly method: string;
  /** Path with query as it stood in the request line. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Path and query apart, both still encoded. */
export function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf('?');
  return mark < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** Percent-decoding; a plus stays a plus (kucoin-api 2.4). `undefined` when the encoding is broken. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // Broken encoding is the caller's case to refuse.
    return undefined;
  }
}

/** What is taken in place of what an endpoint wants. */
export interface Leniency {
  /** A JSON number where a body wants text. */
  readonly numberAsText: boolean;
  /** Text where a body wants a JSON number as amount. */
  readonly textAsNumber: boolean;
}

/**
 * The parameters of a call, parsed by the schema of its entry. Members that the entry does not know are ignored
 * (kucoin-api 13). Throws a Refusal: `malformed` when the text is not a query or a JSON object, `parameter` when a
 * member does not fit.
 */
export function paramsOf(
  arrival: Arrival,
  endpoint: Endpoint,
  pathParams: Readonly<Record<string, string>>,
  leniency: Leniency,
): Record<string, ParamValue> {
  const kinds = kindsOf(endpoint.params);
  const raw = arrival.method === 'POST' ? fromBody(arrival.body, kinds, leniency) : fromQuery(arrival, kinds);
  const result = v.safeParse(endpoint.params, { ...raw, ...pathParams });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? '';
  throw new Refusal('parameter', { field });
}

/** The kind of each parameter: `string`, `number`, `boolean`, `array`, `jsonNumber`. */
type Kinds = ReadonlyMap<string, string>;

function kindsOf(schema: unknown): Kinds {
  const entries = (schema as { entries?: Record<string, unknown> }).entries ?? {};
  return new Map(Object.entries(entries).map(([name, entry]) => [name, kindOf(entry)]));
}

function kindOf(schema: unknown): string {
  const { type, wrapped } = schema as { type: string; wrapped?: unknown };
  if (isJsonNumberParam(schema)) return 'jsonNumber';
  return wrapped === undefined ? type : kindOf(wrapped);
}

function fromQuery(arrival: Arrival, kinds: Kinds): Record<string, unknown> {
  const values = new Map<string, string[]>();
  for (const pair of splitTarget(arrival.target).query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals));
    const value = decoded(equals < 0 ? '' : pair.slice(equals + 1));
    if (name === undefined || value === undefined) throw new Refusal('malformed');
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  const params: Record<string, unknown> = {};
  for (const [name, texts] of values) {
    const kind = kinds.get(name);
    if (kind === 'array')
      params[name] = texts.flatMap((text) => text.split(',')).filter((text) => text !== '');
    // An empty value is the same as none.
    else if (kind !== undefined && texts.at(-1) !== '') params[name] = typed(kind, texts.at(-1) ?? '');
  }
  return params;
}

function typed(kind: string, text: string): unknown {
  if (kind === 'number' && fromNumberText(text) !== undefined) return Number(text);
  if (kind === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

function fromBody(body: Buffer, kinds: Kinds, leniency: Leniency): Record<string, unknown> {
  if (body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'), markNumbers);
  } catch (error) {
    // Too deep a nesting is a RangeError.
    if (error instanceof SyntaxError || error instanceof RangeError) throw new Refusal('malformed');
    throw error;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Refusal('malformed');
  const params: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(parsed)) {
    const kind = kinds.get(field);
    if (value === null || kind === undefined) continue;
    params[field] = value instanceof WrittenNumber ? numberFor(kind, value, leniency) : value;
    const refused = kind === 'jsonNumber' && typeof value === 'string' && !leniency.textAsNumber;
    if (refused) throw new Refusal('parameter', { field });
  }
  return params;
}

/** A number as it stood in a body. */
class WrittenNumber {
  constructor(readonly source: string) {}
}

/** Needs Node 22 for the exact digits; before that they are those of a float. */
function markNumbers(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? new WrittenNumber(context?.source ?? String(value)) : value;
}

function numberFor(kind: string, { source }: WrittenNumber, leniency: Leniency): unknown {
  const asText = kind === 'jsonNumber' || (kind === 'string' && leniency.numberAsText);
  return asText ? fromNumberText(source) : Number(source);
}
