import type * as v from 'valibot';
import type { JsonNumber } from './jsonNumber';
import type { Host, Method, Permission, Pool, World } from './vocabulary';

/**
 * One endpoint of the exchange, written once. The client takes path, types and parsing from it, the quota its
 * pool and weight, the profiles its permission, the sandbox all of these for its checks, the documents the rest.
 * Adding an endpoint is adding one entry to a file of `endpoints/`, and its rule to the sandbox.
 */
export interface Endpoint<P extends ParamsSchema = ParamsSchema, R extends ReplySchema = ReplySchema> {
  /** Title in KuCoin's documentation. */
  readonly title: string;
  /** One line: what the call answers or does. */
  readonly summary: string;
  /** Page of KuCoin's documentation. */
  readonly docs: string;
  readonly method: Method;
  readonly host: Host;
  /** May hold parameters in braces: `/api/v1/accounts/{accountId}`. The others go into the query or the body. */
  readonly path: `/api/${'' | 'ua/'}v${number}/${string}`;
  /** What the key must be allowed; `Public` calls are not signed. */
  readonly permission: Permission | 'Public';
  /** Where a world asks for another permission. */
  readonly permissionIn?: Partial<Record<World, Permission>>;
  readonly pool: Pool;
  /** Units taken from the pool. */
  readonly weight: number;
  readonly params: P;
  /** Parameters of a query whose members are each written out (`a=1&a=2`) instead of as a comma list. */
  readonly repeated?: readonly string[];
  /** What stands in `data` of a successful answer. */
  readonly reply: R;
  /**
   * Whether the identical request may be sent again when its outcome is unknown: `safe` for reads and tokens,
   * `never` for everything that moves money or orders.
   */
  readonly repeat: 'safe' | 'never';
  /** State in each world; `current` where left out. */
  readonly state?: Partial<Record<World, EndpointState>>;
}

export type EndpointState =
  | 'current'
  /** Not documented there. */
  | 'absent'
  /** Marked as abandoned, still answering. */
  | 'superseded';

export type ParamsSchema = v.GenericSchema<Record<string, ParamValue>>;
export type ReplySchema = v.GenericSchema;

/**
 * A parameter as it can stand in a query or a JSON body. An array becomes a comma list in a query, a JsonNumber
 * exact digits.
 */
export type ParamValue = string | number | boolean | JsonNumber | readonly string[] | undefined;

export type ParamsOf<E extends Endpoint> = v.InferInput<E['params']>;
export type ReplyOf<E extends Endpoint> = v.InferOutput<E['reply']>;

/** Fixes the types of an entry while it is checked against the shape. */
export function endpoint<const P extends ParamsSchema, const R extends ReplySchema>(
  entry: Endpoint<P, R>,
): Endpoint<P, R> {
  return Object.freeze(entry);
}
