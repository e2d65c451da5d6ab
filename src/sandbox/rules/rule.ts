import type * as v from 'valibot';
import type { Endpoint } from '../../kucoin/endpoint';
import type { JsonNumber } from '../../kucoin/jsonNumber';
import type { Exchange } from '../exchange';
import type { ApiKey, User } from '../people';
import { Refusal } from '../refusals';

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

/** An answer with an envelope of its own: the whole body. */
export class Envelope {
  constructor(readonly body: Readonly<Record<string, unknown>>) {}
}

/** Code "200", as futures and margin answered in earlier times (kucoin-api 3.1). */
export function oldEnvelope(data: unknown): Envelope {
  return new Envelope({ success: true, code: '200', msg: 'success', retry: false, data });
}

/** What the schema of a reply takes; where that is a number, its exact digits will do. */
export type Sent<T> = T extends number
  ? T | JsonNumber
  : T extends readonly (infer I)[]
    ? readonly Sent<I>[]
    : T extends object
      ? { readonly [N in keyof T]: Sent<T[N]> }
      : T;

/**
 * What one endpoint does: returns `data` of the answer, or throws a Refusal before anything has changed. Everything
 * that is alike for all endpoints (checks, quota, parameters) happens before, from the entry of the catalogue.
 */
export type Rule<E extends Endpoint = Endpoint> = {
  // Written as a method, whose parameters compare both ways, so that a table of rules can be read by name.
  rule(call: Call<E>): Sent<v.InferInput<E['reply']>> | Envelope;
}['rule'];

/** The caller of a private endpoint. */
export function callerOf(call: Pick<Call, 'caller'>): Caller {
  if (!call.caller) throw new Error('a public call has no caller');
  return call.caller;
}

/** The caller of an endpoint for masters only. */
export function masterOf(call: Pick<Call, 'caller'>): User {
  const { user } = callerOf(call);
  if (user.parentUid !== undefined) throw new Refusal('masterOnly');
  return user;
}
