import * as v from 'valibot';
import type { Host } from '../kucoin/vocabulary';
import type { Arrival } from './arrival';
import { splitTarget } from './arrival';
import { SandboxError } from './errors';

/** Before: the request is never executed. After: it has been executed, only its answer suffers. */
const when = v.optional(v.picklist(['before', 'after']), 'before');
const whenAfter = v.optional(v.picklist(['before', 'after']), 'after');
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const status = v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599));
const ms = v.pipe(v.number(), v.minValue(0), v.maxValue(600_000));

/** Which calls a fault meets: all members that are given must fit. */
const match = v.strictObject({
  /** Name in the catalogue. */
  endpoint: v.optional(v.string()),
  method: v.optional(v.string()),
  /** Exact path without query. */
  path: v.optional(v.string()),
  host: v.optional(v.picklist(['spot', 'futures'])),
  /** API key of the request. */
  key: v.optional(v.string()),
});

const common = {
  match: v.optional(match, {}),
  /** Calls that pass unharmed first: 2 meets the third. */
  skip: v.optional(count, 0),
  /** Calls that it meets then; 0: all until it is removed. */
  times: v.optional(count, 1),
};

/** Faults of calls (design 8; kucoin-api 3.2, 3.3, 4.3, 10.2). */
const callFaults = v.variant('kind', [
  /** Waits before the execution, or between execution and answer. */
  v.strictObject({ kind: v.literal('delay'), ms, when, ...common }),
  /** Resets the connection. */
  v.strictObject({ kind: v.literal('reset'), when: v.picklist(['before', 'after']), ...common }),
  /** Never answers. */
  v.strictObject({ kind: v.literal('hang'), when, ...common }),
  /**
   * Code 429000: the quota of the user (with headers), server overload (without), or inside HTTP 200. Never executed.
   */
  v.strictObject({
    kind: v.literal('rateLimit'),
    headers: v.optional(v.boolean(), true),
    http: v.optional(v.picklist([429, 200]), 429),
    resetMs: v.optional(ms, 8412),
    ...common,
  }),
  /** HTTP 5xx with an envelope. */
  v.strictObject({
    kind: v.literal('serverError'),
    http: v.optional(v.pipe(status, v.minValue(500)), 500),
    code: v.optional(v.string(), '500000'),
    msg: v.optional(v.string(), 'Internal Server Error'),
    when,
    ...common,
  }),
  /** A page of the CDN in place of an answer: error 1015. */
  v.strictObject({ kind: v.literal('html'), http: v.optional(status, 429), when, ...common }),
  /** The answer breaks off: as JSON that ends early, or as a connection that is cut within the body. Executed. */
  v.strictObject({
    kind: v.literal('truncate'),
    how: v.optional(v.picklist(['json', 'connection']), 'json'),
    ...common,
  }),
  /** A member is missing from the answer: `data.orderId`, or `data` itself. Executed. */
  v.strictObject({ kind: v.literal('dropField'), field: v.pipe(v.string(), v.minLength(1)), ...common }),
  /** The request reaches the exchange twice, as if the network had repeated it; the caller gets one of the answers. */
  v.strictObject({
    kind: v.literal('duplicate'),
    answer: v.optional(v.picklist(['first', 'second']), 'first'),
    ...common,
  }),
  /** The exchange's clock differs for this call. */
  v.strictObject({ kind: v.literal('skew'), ms: v.number(), ...common }),
  /** HTTP 200 and code 200000 with a message and no data: a failure in disguise (kucoin-api 3.2). Not executed. */
  v.strictObject({
    kind: v.literal('successTrap'),
    msg: v.optional(v.string(), 'Unsuccessful! Exceeded the max. funds out-transfer limit'),
    ...common,
  }),
  /** Any answer at all; `body` is sent as JSON, or as it is when it is text. */
  v.strictObject({
    kind: v.literal('envelope'),
    http: v.optional(status, 200),
    body: v.unknown(),
    headers: v.optional(v.record(v.string(), v.string()), {}),
    when: whenAfter,
    ...common,
  }),
]);

/** Which connections, subscriptions and events a fault meets: all members that are given must fit. */
const socketMatch = v.strictObject({
  host: v.optional(v.picklist(['spot', 'futures'])),
  /** Of the key that asked for the token. */
  uid: v.optional(v.number()),
  /** With its symbol, or without: then it meets every symbol. */
  topic: v.optional(v.string()),
  subject: v.optional(v.string()),
});
const socketCommon = { ...common, match: v.optional(socketMatch, {}) };
const closeCode = v.pipe(v.number(), v.integer(), v.minValue(1000), v.maxValue(4999));

/** Faults of the feeds (kucoin-api 11). An event counts once for every connection that it goes to. */
const socketFaults = v.variant('kind', [
  /** Refused at connecting: an error and a close, or an HTTP status in place of the upgrade. */
  v.strictObject({
    kind: v.literal('refuseSocket'),
    code: v.optional(v.number(), 401),
    data: v.optional(v.string(), 'token is invalid'),
    http: v.optional(v.pipe(status, v.minValue(400))),
    ...socketCommon,
  }),
  /** Connected, but the welcome never comes. */
  v.strictObject({ kind: v.literal('noWelcome'), ...socketCommon }),
  /** No pong. */
  v.strictObject({ kind: v.literal('ignorePing'), ...socketCommon }),
  /** An error in place of a subscription: 404, 509, any. */
  v.strictObject({
    kind: v.literal('refuseSubscription'),
    code: v.optional(v.number(), 509),
    data: v.optional(v.string(), 'exceed max subscription count limitation of 300 per session'),
    ...socketCommon,
  }),
  /** Neither an ack nor events. */
  v.strictObject({ kind: v.literal('ignoreSubscription'), ...socketCommon }),
  /** A frame of this text in front of the event. */
  v.strictObject({
    kind: v.literal('garbage'),
    text: v.optional(v.string(), '{"type":"mess'),
    ...socketCommon,
  }),
  /** The event comes so often more. */
  v.strictObject({
    kind: v.literal('duplicateEvent'),
    copies: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 1),
    ...socketCommon,
  }),
  /** The event comes later, behind those that follow it. */
  v.strictObject({ kind: v.literal('delayEvent'), ms, ...socketCommon }),
  /** The event never comes: a gap in a sequence. */
  v.strictObject({ kind: v.literal('dropEvent'), ...socketCommon }),
  /** Members of the message are replaced: an unknown topic, subject or type, other data. */
  v.strictObject({
    kind: v.literal('alterEvent'),
    message: v.record(v.string(), v.unknown()),
    ...socketCommon,
  }),
  /** The connection ends in place of the event; 1006 cuts it without a close frame. */
  v.strictObject({
    kind: v.literal('closeAtEvent'),
    code: v.optional(closeCode, 1006),
    reason: v.optional(v.string(), ''),
    ...socketCommon,
  }),
]);

/** Every fault that can be scripted. */
export const faultSchema = v.variant('kind', [callFaults, socketFaults]);

export type FaultSpec = v.InferInput<typeof callFaults>;
export type SocketFaultSpec = v.InferInput<typeof socketFaults>;
/** A fault of a call. */
export type Fault = v.InferOutput<typeof callFaults>;
export type SocketFault = v.InferOutput<typeof socketFaults>;
type AnyFault = Fault | SocketFault;
export type FaultKind = AnyFault['kind'];

/** When a fault of the feeds can strike. */
const moments = {
  refuseSocket: 'connect',
  noWelcome: 'connect',
  ignorePing: 'ping',
  refuseSubscription: 'subscribe',
  ignoreSubscription: 'subscribe',
  garbage: 'event',
  duplicateEvent: 'event',
  delayEvent: 'event',
  dropEvent: 'event',
  alterEvent: 'event',
  closeAtEvent: 'event',
} as const satisfies Record<SocketFault['kind'], string>;

export type Moment = (typeof moments)[SocketFault['kind']];

/** What happens on a connection, for the match of a fault. */
export interface SocketMoment {
  readonly moment: Moment;
  readonly host: Host;
  readonly uid?: number;
  /** With its symbols. */
  readonly topic?: string;
  readonly subject?: string;
}

/** A scripted fault and what is left of it. */
export interface FaultView {
  readonly id: string;
  readonly fault: AnyFault;
  /** Calls still to pass unharmed. */
  readonly skip: number;
  /** Calls still to be met; `null`: all. */
  readonly left: number | null;
  readonly hits: number;
}

interface Armed {
  readonly id: string;
  readonly fault: AnyFault;
  skip: number;
  hits: number;
}

/** The script of faults. Several can meet one call: a delay and a reset, say. */
export class Faults {
  private armed: Armed[] = [];
  private count = 0;

  /** Throws a SandboxError BAD_OPTION when the description makes no sense. */
  add(spec: unknown): string {
    const result = v.safeParse(faultSchema, spec);
    if (!result.success) {
      const [issue] = result.issues;
      throw new SandboxError('BAD_OPTION', `Not a fault: ${v.getDotPath(issue) ?? 'kind'}: ${issue.message}`);
    }
    const id = `fault-${++this.count}`;
    this.armed.push({ id, fault: result.output, skip: result.output.skip, hits: 0 });
    return id;
  }

  /** Removes one fault, or all. */
  clear(id?: string): void {
    this.armed = id === undefined ? [] : this.armed.filter((armed) => armed.id !== id);
  }

  list(): FaultView[] {
    return this.armed.map((armed) => ({
      id: armed.id,
      fault: armed.fault,
      skip: armed.skip,
      left: armed.fault.times === 0 ? null : armed.fault.times - armed.hits,
      hits: armed.hits,
    }));
  }

  /** The faults that meet this call, counted down. Those that are used up stay listed until they are cleared. */
  meet(arrival: Arrival, endpoint: string | undefined): Fault[] {
    return this.armed.flatMap((armed) => {
      const { fault } = armed;
      return !isSocketFault(fault) && fits(fault.match, arrival, endpoint) && strikes(armed) ? [fault] : [];
    });
  }

  /** The same for what happens on a connection. */
  meetSocket(moment: SocketMoment): SocketFault[] {
    if (this.armed.length === 0) return [];
    return this.armed.flatMap((armed) => {
      const { fault } = armed;
      return isSocketFault(fault) && concerns(fault, moment) && strikes(armed) ? [fault] : [];
    });
  }
}

/** Counts a fault down that would strike. */
function strikes(armed: Armed): boolean {
  const { times } = armed.fault;
  if (times > 0 && armed.hits >= times) return false;
  if (armed.skip > 0) {
    armed.skip--;
    return false;
  }
  armed.hits++;
  return true;
}

function isSocketFault(fault: AnyFault): fault is SocketFault {
  return fault.kind in moments;
}

function concerns(fault: SocketFault, is: SocketMoment): boolean {
  const { host = is.host, uid = is.uid, topic = is.topic, subject = is.subject } = fault.match;
  return (
    moments[fault.kind] === is.moment &&
    host === is.host &&
    uid === is.uid &&
    (topic === is.topic || topic === is.topic?.split(':')[0]) &&
    subject === is.subject
  );
}

function fits(wanted: Fault['match'], arrival: Arrival, endpoint: string | undefined): boolean {
  const is = {
    endpoint,
    method: arrival.method,
    path: splitTarget(arrival.target).path,
    host: arrival.host,
    key: arrival.headers['kc-api-key'],
  };
  return (Object.keys(wanted) as (keyof typeof is)[]).every((name) => wanted[name] === is[name]);
}
