import type * as v from 'valibot';
import type { Endpoint } from '../../kucoin/endpoint';
import type { Exchange } from '../exchange';
import type { ApiKey, User } from '../people';

export interface Caller {
  readonly user: User;
  readonly key: ApiKey;
}

/** One call that has passed the gateway. */
export interface Call<E extends Endpoint = Endpoint> {
  readonly exchange: Exchange;
  /** Parsed by the schema of the entry. */
  readonly params: v.InferOutput<E['params']>;
  /** Absent for public calls. */
  readonly caller: Caller | undefined;
  /** Time of the exchange in milliseconds, as this call sees it. */
  readonly now: number;
}

/**
 * What one endpoint does: returns `data` of the answer, or throws a Refusal before anything has changed. Everything
 * that is alike for all endpoints (checks, quota, parameters) happens before, from the entry of the catalogue.
 */
export type Rule<E extends Endpoint = Endpoint> = {
  // Written as a method, whose parameters compare both ways, so that a table of rules can be read by name.
  rule(call: Call<E>): v.InferInput<E['reply']>;
}['rule'];

/** The caller of a private endpoint. */
export function callerOf(call: Pick<Call, 'caller'>): Caller {
  if (!call.caller) throw new Error('a public call has no caller');
  return call.caller;
}
