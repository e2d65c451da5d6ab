import * as v from 'valibot';
import { accountTypeIds } from '../kucoin/accountTypes';
import { parseExact } from '../kucoin/json';
import { permissions } from '../kucoin/vocabulary';
import type { Backstage } from './api';
import { splitTarget, type Arrival } from './arrival';
import type { Outcome } from './conversation';
import { SandboxError } from './errors';
import type { FaultSpec } from './faults';
import type { TradeType } from './people';
import { sameText } from './signature';
import { switchTable, type Switches } from './switches';

/**
 * The control address: the backstage of a sandbox over HTTP, for tests and bots in other processes. It lives under a
 * path of the spot server with a random token, so that a web page cannot guess it. Everything is JSON; an error is
 * HTTP 400 with `{"error": sentence}`.
 */
const prefix = '/__control/';

export function controlPath(token: string): string {
  return prefix + token;
}

export function isControl(arrival: Arrival): boolean {
  return arrival.target.startsWith(prefix);
}

const row = {
  uid: v.exactOptional(v.number()),
  type: v.exactOptional(v.picklist(accountTypeIds)),
  tag: v.exactOptional(v.string()),
  currency: v.string(),
};
// Numbers are taken as amounts too: their source text where it would not survive a float.
const amount = v.pipe(v.union([v.string(), v.number()]), v.transform(String));
const clock = v.strictObject({
  skewMs: v.exactOptional(v.number()),
  now: v.exactOptional(v.number()),
  advanceMs: v.exactOptional(v.number()),
  frozen: v.exactOptional(v.boolean()),
});
const newKey = v.strictObject({
  key: v.exactOptional(v.string()),
  secret: v.exactOptional(v.string()),
  passphrase: v.exactOptional(v.string()),
  version: v.exactOptional(v.picklist([1, 2, 3])),
  uid: v.exactOptional(v.number()),
  permissions: v.exactOptional(v.array(v.picklist(permissions))),
  ips: v.exactOptional(v.array(v.string())),
  remark: v.exactOptional(v.string()),
  expiresAt: v.exactOptional(v.number()),
});
const marks = v.strictObject({
  ...row,
  held: v.exactOptional(amount),
  locked: v.exactOptional(amount),
  debt: v.exactOptional(amount),
});
const newSub = v.strictObject({
  name: v.exactOptional(v.pipe(v.string(), v.minLength(1))),
  kind: v.exactOptional(v.picklist([0, 1, 2, 5])),
  status: v.exactOptional(v.picklist([2, 3])),
  remarks: v.exactOptional(v.string()),
  openedTradeTypes: v.exactOptional(
    v.array(v.picklist(['Spot', 'Margin', 'Futures', 'Option'] satisfies TradeType[])),
  ),
});
const reset = v.strictObject({ world: v.exactOptional(v.picklist(['seed', 'today'])) });

const whose = {
  host: v.exactOptional(v.picklist(['spot', 'futures'])),
  uid: v.exactOptional(v.number()),
};
const frames = v.strictObject({ frame: v.unknown(), ...whose });
const closing = v.strictObject({
  // 1004 to 1006 cannot be sent; 1006 stands for a cut.
  code: v.pipe(
    v.number(),
    v.integer(),
    v.check((code) => code === 1000 || (code > 1005 && code < 1015) || (code >= 3000 && code < 5000)),
  ),
  reason: v.exactOptional(v.pipe(v.string(), v.maxBytes(123))),
  ...whose,
});
const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(0));
const family = v.strictObject({ subs: wholeNumber, currencies: wholeNumber });
const storm = v.strictObject({
  eventsPerSecond: v.pipe(wholeNumber, v.maxValue(100_000)),
  seconds: v.pipe(wholeNumber, v.maxValue(3600)),
  uid: v.exactOptional(v.number()),
  types: v.exactOptional(v.pipe(v.array(v.picklist(accountTypeIds)), v.minLength(1))),
  currencies: v.exactOptional(v.pipe(v.array(v.string()), v.minLength(1))),
});
const life = v.strictObject({ everyMs: v.pipe(wholeNumber, v.maxValue(86_400_000)) });

interface Operation {
  readonly about: string;
  readonly run: (backstage: Backstage, body: unknown, rest: string) => unknown;
}

const never = Symbol('no answer');

const operations: Readonly<Record<string, Operation>> = {
  'GET ': { about: 'This list, and the table of switches.', run: () => overview() },
  'GET state': {
    about: 'World, time, users, keys without secrets, switches, faults, notices.',
    run: (backstage) => backstage.state(),
  },
  'GET end': {
    about: 'Never answers: the connection ends with the sandbox.',
    run: () => never,
  },
  'GET ledger': {
    about: 'All account rows, totals by currency, the journal.',
    run: (backstage) => backstage.ledger(),
  },
  'GET requests': {
    about: 'Requests since the start: total, counts by endpoint name, the last thousand.',
    run: (backstage) => backstage.requests(),
  },
  'DELETE requests': {
    about: 'Forgets the requests.',
    run: (backstage) => done(() => backstage.clearRequests()),
  },
  'GET faults': {
    about: 'Scripted faults and what is left of them.',
    run: (backstage) => backstage.faults(),
  },
  'POST faults': {
    about:
      'A fault or a list of them: {"kind":"reset","when":"after","match":{"endpoint":"innerTransfer"},' +
      '"skip":0,"times":1}. Returns the ids.',
    run: (backstage, body) => ({
      ids: (Array.isArray(body) ? body : [body]).map((fault) => backstage.addFault(fault as FaultSpec)),
    }),
  },
  'DELETE faults': {
    about: 'Removes all faults; DELETE faults/ID removes one.',
    run: (backstage, _body, rest) => done(() => backstage.clearFaults(rest === '' ? undefined : rest)),
  },
  'GET switches': { about: 'All switches.', run: (backstage) => backstage.switches() },
  'POST switches': {
    about: 'Sets switches: {"duplicateClientOid":"executeAgain"}. Returns all.',
    run: (backstage, body) => backstage.setSwitches(body as Partial<Switches>),
  },
  'POST clock': {
    about: 'Moves the clock: {"skewMs"|"now"|"advanceMs": milliseconds, "frozen": boolean}. Returns {"now"}.',
    run: (backstage, body) => ({ now: backstage.setClock(checked(clock, body)) }),
  },
  'POST reset': {
    about: 'Starts anew with the demo data: {} or {"world":"seed"}.',
    run: (backstage, body) => backstage.reset(checked(reset, body ?? {})).then(() => ({ ok: true })),
  },
  'POST credit': {
    about:
      'A deposit from outside, or a withdrawal when negative: {"uid"?,"type"?,"tag"?,"currency","amount"}.',
    run: (backstage, body) => backstage.credit(checked(v.strictObject({ ...row, amount }), body)),
  },
  'POST mark': {
    about:
      'Sets what is frozen, locked or owed: {"uid"?,"type"?,"tag"?,"currency","held"?,"locked"?,"debt"?}.',
    run: (backstage, body) => backstage.mark(checked(marks, body)),
  },
  'POST keys': {
    about:
      'A new key: {"key"?,"secret"?,"passphrase"?,"version"?,"uid"?,"permissions"?,"ips"?,"remark"?,"expiresAt"?}.',
    run: (backstage, body) => backstage.addKey(checked(newKey, body ?? {})),
  },
  'DELETE keys': {
    about: 'DELETE keys/KEY deletes a key.',
    run: (backstage, _body, rest) => done(() => backstage.removeKey(rest)),
  },
  'POST subs': {
    about: 'A new sub-account: {"name"?,"kind"?,"status"?,"remarks"?,"openedTradeTypes"?}. Returns it.',
    run: (backstage, body) => backstage.addSub(checked(newSub, body ?? {})),
  },
  'POST family': {
    about: 'Many sub-accounts at once: {"subs":10000,"currencies":20}. Returns how many the master has.',
    run: (backstage, body) => ({ subs: backstage.addFamily(checked(family, body)) }),
  },
  'GET sockets': {
    about: 'Open connections and their topics, counts of frames, jobs that wait (none: no timer runs).',
    run: (backstage) => backstage.sockets(),
  },
  'DELETE sockets': {
    about: 'Sets the counts of connections and frames to zero; POST close ends connections.',
    run: (backstage) => done(() => backstage.clearSocketCounts()),
  },
  'POST frames': {
    about:
      'Sends any frame to open connections: {"frame":"not JSON"} or {"frame":{"type":"message",…},"host"?,"uid"?}.',
    run: (backstage, body) => {
      const { frame, ...whom } = checked(frames, body);
      return { sent: backstage.sendFrame(frame, whom) };
    },
  },
  'POST close': {
    about:
      'Closes connections: {"code":1001,"reason"?,"host"?,"uid"?}; 1006 cuts them without a close frame.',
    run: (backstage, body) => {
      const { code, reason, ...whom } = checked(closing, body);
      return { closed: backstage.closeSockets(code, reason, whom) };
    },
  },
  'POST storm': {
    about:
      'Balance events: {"eventsPerSecond":5000,"seconds":60,"uid"?,"types"?,"currencies"?}. The ledger after it is ' +
      'the same every time.',
    run: (backstage, body) => backstage.startStorm(checked(storm, body)),
  },
  'GET storm': { about: 'How far the storm is.', run: (backstage) => backstage.storm() },
  'POST life': {
    about: 'A deposit, a fill, a profit or a loss of the master now and then: {"everyMs":20000}; 0 ends it.',
    run: (backstage, body) => done(() => backstage.live(checked(life, body).everyMs)),
  },
  'DELETE quotas': {
    about: 'Ends every running quota window.',
    run: (backstage) => done(() => backstage.clearQuotas()),
  },
  'POST save': {
    about: 'Writes the state file now.',
    run: (backstage) => backstage.save().then(() => ({ ok: true })),
  },
};

/** Answers a request under the control path. */
export async function control(backstage: Backstage, token: string, arrival: Arrival): Promise<Outcome> {
  const [given = '', name = '', ...rest] = splitTarget(arrival.target).path.slice(prefix.length).split('/');
  if (!sameText(given, token)) return answer(404, { error: 'There is nothing here.' });
  const operation = operations[`${arrival.method} ${name}`];
  if (!operation) return answer(404, { error: `There is no such operation: ${arrival.method} ${name}` });
  try {
    const result = await operation.run(backstage, bodyOf(arrival), rest.join('/'));
    return result === never ? { kind: 'hang' } : answer(200, result);
  } catch (error) {
    if (SandboxError.is(error)) return answer(400, { error: error.message });
    throw error;
  }
}

function bodyOf({ body }: Arrival): unknown {
  if (body.length === 0) return undefined;
  try {
    return parseExact(body.toString('utf8'));
  } catch (error) {
    throw new SandboxError('BAD_OPTION', 'The body is not JSON.', { cause: error });
  }
}

function checked<S extends v.GenericSchema>(schema: S, body: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new SandboxError(
    'BAD_OPTION',
    `The body does not fit: ${v.getDotPath(issue) ?? ''} ${issue.message}`,
  );
}

function overview(): unknown {
  return {
    operations: Object.entries(operations).map(([name, { about }]) => ({ operation: name.trim(), about })),
    switches: Object.entries(switchTable).map(([name, { initial, about }]) => ({
      name,
      default: initial,
      about,
    })),
  };
}

function done(work: () => void): { ok: true } {
  work();
  return { ok: true };
}

function answer(http: number, body: unknown): Outcome {
  const headers = { 'Content-Type': 'application/json;charset=UTF-8' };
  return { kind: 'answer', http, headers, text: JSON.stringify(body), cut: false };
}
