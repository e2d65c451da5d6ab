import { accountType } from '../kucoin/accountTypes';
import { catalogue } from '../kucoin/catalogue';
import { add, canonical, isDecimal, subtract, type Decimal } from '../kucoin/decimal';
import type { Endpoint } from '../kucoin/endpoint';
import type { Sentence } from '../kucoin/explain';
import type { PreparedRequest } from '../kucoin/request';
import { permissionTitles, spotCurrency, type Permission, type World } from '../kucoin/vocabulary';
import { checkAmount } from './amount';
import { accountKey, accountTitle, type AccountRef, type Intent } from './intent';
import { checks, planTexts, unknowns } from './messages';
import type { BatchMark, Origin } from './records';
import { refuse, type Refusal } from './refusal';
import { carriesClientOid, requestOf, type ExecutableEndpoint } from './requests';
import { permissionOf, route, type RouteFacts, type RouteLeg } from './route';
import { say, type ValuesOf } from './sentence';

/** Whose money it is, and which KuCoin it is in. */
export interface PlanProfile {
  readonly id: string;
  readonly name: string;
  readonly environment: 'LIVE' | 'DEMO';
  readonly world: World;
  /** Grows whenever key or site change; a plan of an older generation is stale. */
  readonly generation: number;
}

/** Everything a plan is made from; `undefined` means: not known. */
export interface PlanFacts extends Omit<RouteFacts, 'world' | 'currency'> {
  readonly profile: PlanProfile & { readonly readOnly: boolean };
  /** Decimals that an amount of the currency may have. */
  readonly precision: number | undefined;
  /** How much of the currency can leave the source. */
  readonly transferable: Decimal | undefined;
  /** What is available of the currency on both sides. */
  readonly balances: BalancesBefore;
  /** What is available in an account that a chain of calls passes through, where known. */
  readonly balanceOf?: ((account: AccountRef) => Decimal | undefined) | undefined;
  /** The transfer that this one moves on, back, or again. */
  readonly origin?: Origin | undefined;
  /** The row of a batch that this one carries out. */
  readonly batch?: BatchMark | undefined;
  /** Wall clock, milliseconds since the epoch. */
  readonly now: number;
  /** Makes a UUID that was never used before. */
  readonly newId: () => string;
}

export interface BalancesBefore {
  readonly from: Decimal | undefined;
  readonly to: Decimal | undefined;
}

/** What is available in one account, before and after. */
export interface BalanceChange {
  readonly account: AccountRef;
  readonly before: Decimal | undefined;
  readonly after: Decimal | undefined;
}

/** One request of a plan: exactly what will be sent. */
export interface PlanLeg {
  readonly endpoint: ExecutableEndpoint;
  readonly title: string;
  readonly from: AccountRef;
  readonly to: AccountRef;
  /** Absent for calls that know none. */
  readonly clientOid?: string | undefined;
  readonly documented: boolean;
  /** Balances of both sides around this call. */
  readonly balances: { readonly from: BalanceChange; readonly to: BalanceChange };
  /** Units of the quota. */
  readonly weight: number;
  readonly permission: Permission;
  readonly method: string;
  readonly path: string;
  /** Signed and sent byte for byte. */
  readonly body: string;
  readonly request: PreparedRequest;
}

/** A statement with a stable code. */
export interface Statement {
  readonly code: string;
  readonly sentence: Sentence;
}

/** A transfer that waits for its confirmation. Deeply frozen: what is confirmed is what is sent. */
export interface Plan {
  readonly id: string;
  /** Of the first leg; every leg has its own, if its call knows one. */
  readonly clientOid?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly profile: PlanProfile;
  readonly intent: Intent;
  readonly legs: readonly PlanLeg[];
  readonly balances: { readonly from: BalanceChange; readonly to: BalanceChange };
  readonly origin?: Origin | undefined;
  readonly batch?: BatchMark | undefined;
  /** What has been made sure of. */
  readonly checks: readonly Statement[];
  /** What cannot be known beforehand. */
  readonly unknowns: readonly Statement[];
}

export type Planned = { readonly plan: Plan } | { readonly refused: Refusal };

const currencyCode = /^[A-Za-z0-9._-]{1,30}$/;

/** Lays an intent out as the requests that will be sent, or says why it cannot be done. Pure but for `newId`. */
export function plan(given: Intent, facts: PlanFacts): Planned {
  // A copy of its own: the plan is frozen, and what it was made from belongs to somebody else.
  const copy = structuredClone(given);
  const intent = { ...copy, currency: spotCurrency(copy.currency) };
  const refused = refusalOf(intent, facts);
  if (refused) return { refused };
  const { profile, balances, origin, batch } = facts;
  const found = route(intent.from, intent.to, {
    ...facts,
    world: profile.world,
    currency: intent.currency,
  });
  if ('refused' in found) return found;
  const amountRefused = refusalOfAmount(intent, facts);
  if (amountRefused) return { refused: amountRefused };

  const amount = canonical(intent.amount);
  const legs = planLegs(found.legs, { ...intent, amount }, facts);
  const { id, name, environment, world, generation } = profile;
  const { from, to } = balances;
  return {
    plan: deepFreeze({
      id: facts.newId(),
      clientOid: legs[0]?.clientOid,
      createdAt: facts.now,
      profile: { id, name, environment, world, generation },
      intent: { ...intent, amount },
      legs,
      balances: {
        from: { account: intent.from, before: from, after: from && subtract(from, amount) },
        to: { account: intent.to, before: to, after: to && add(to, amount) },
      },
      ...(origin && { origin: { ...origin } }),
      ...(batch && { batch: { ...batch } }),
      checks: checksOf(intent, facts, found.legs),
      unknowns: unknownsOf(intent, facts, found.legs),
    }),
  };
}

function refusalOf({ profileId, currency }: Intent, { profile }: PlanFacts): Refusal | undefined {
  if (profileId !== profile.id) return refuse('otherProfile');
  if (profile.readOnly) return refuse('readOnly', { profile: profile.name });
  if (!currencyCode.test(currency)) return refuse('currencyMalformed', { currency });
  return undefined;
}

function refusalOfAmount({ amount, currency, from }: Intent, facts: PlanFacts): Refusal | undefined {
  if (!isDecimal(amount)) return refuse('amountNotPositive', { amount });
  const { precision, transferable } = facts;
  const reading = checkAmount(amount, { currency, precision, transferable });
  if (!('problem' in reading)) return undefined;
  const { code } = reading.problem;
  if (code === 'precision') return refuse('amountPrecision', { currency, precision: precision ?? 0, amount });
  if (code === 'tooMuch' || code === 'nothingThere') {
    return refuse('amountTooMuch', {
      transferable: canonical(transferable ?? amount),
      currency,
      from: accountTitle(from),
      amount,
    });
  }
  return refuse('amountNotPositive', { amount });
}

function planLegs(legs: readonly RouteLeg[], intent: Intent, facts: PlanFacts): PlanLeg[] {
  const { from, to } = facts.balances;
  const held = new Map([
    [accountKey(intent.from), from],
    [accountKey(intent.to), to],
  ]);
  const change = (
    account: AccountRef,
    effect: (before: Decimal, amount: Decimal) => Decimal,
  ): BalanceChange => {
    const key = accountKey(account);
    const before = held.has(key) ? held.get(key) : facts.balanceOf?.(account);
    const after = before && effect(before, intent.amount);
    held.set(key, after);
    return { account, before, after };
  };
  return legs.map((leg) => {
    const clientOid = carriesClientOid(leg.endpoint) ? facts.newId() : undefined;
    const balances = { from: change(leg.from, subtract), to: change(leg.to, add) };
    return planLeg(leg, intent, { clientOid, balances, world: facts.profile.world });
  });
}

function planLeg(
  leg: RouteLeg,
  { currency, amount }: Intent,
  more: Pick<PlanLeg, 'clientOid' | 'balances'> & { readonly world: World },
): PlanLeg {
  const { title, weight, method, path } = catalogue[leg.endpoint];
  const { clientOid, balances, world } = more;
  const request = requestOf(leg, { clientOid: clientOid ?? '', currency, amount });
  return {
    ...leg,
    title,
    ...(clientOid !== undefined && { clientOid }),
    balances,
    weight,
    permission: permissionOf(leg.endpoint, world),
    method,
    path,
    body: request.body,
    request,
  };
}

function state<C extends keyof typeof checks>(code: C, ...values: ValuesOf<(typeof checks)[C]>): Statement {
  return { code, sentence: say<string>(checks[code], ...(values as [])) };
}

function doubt<C extends keyof typeof unknowns>(
  code: C,
  ...values: ValuesOf<(typeof unknowns)[C]>
): Statement {
  return { code, sentence: say<string>(unknowns[code], ...(values as [])) };
}

function checksOf({ currency, from, to }: Intent, facts: PlanFacts, legs: readonly RouteLeg[]): Statement[] {
  const { precision, transferable, permissions, ipRestricted, isMaster, subAccounts } = facts;
  const made = [state('writable')];
  if (legs.every(({ documented }) => documented)) made.push(state('routeDocumented'));
  for (const permission of permissions ? permissionsOf(legs, facts.profile.world) : []) {
    made.push(state('permission', { permission: permissionTitles[permission] }));
  }
  if (ipRestricted && uses(legs, 'flexTransfer')) made.push(state('ipList'));
  const subs = [from, to].flatMap(({ owner }) => (owner === 'self' ? [] : [owner.subUserId]));
  if (isMaster && subs.length > 0) made.push(state('masterKey'));
  for (const id of new Set(subs)) {
    const sub = subAccounts?.get(id)?.name;
    if (sub !== undefined) made.push(state('subAccount', { sub }));
  }
  if (precision !== undefined) made.push(state('precision', { precision, currency }));
  if (transferable !== undefined) {
    made.push(
      state('transferable', { transferable: canonical(transferable), currency, from: accountTitle(from) }),
    );
  }
  return made;
}

/** Coins that futures are known to settle in; there are others (kucoin-api 6.3). */
const settlementCoins = new Set(['USDT', 'USDC', 'XBT', 'BTC', 'ETH']);

function unknownsOf(intent: Intent, facts: PlanFacts, legs: readonly RouteLeg[]): Statement[] {
  const { currency, from, to } = intent;
  const { world } = facts.profile;
  const open: Statement[] = [];
  for (const endpoint of new Set(legs.map((leg): Endpoint => catalogue[leg.endpoint]))) {
    if (endpoint.state?.[world] === 'superseded') {
      open.push(doubt('superseded', { endpoint: endpoint.title }));
    }
  }
  const stop = legs[0]?.to;
  if (stop && legs.length > 1) {
    open.push(doubt('chain', { count: legs.length, account: accountTitle(stop) }));
  }
  if (legs.some(({ documented }) => !documented)) open.push(doubt('routeUnconfirmed'));
  if (!facts.permissions) open.push(doubt('permission'));
  if (facts.ipRestricted === undefined && uses(legs, 'flexTransfer')) open.push(doubt('ipList'));
  const subs = [from, to].flatMap(({ owner }) => (owner === 'self' ? [] : [owner.subUserId]));
  if (subs.length > 0) {
    if (facts.isMaster === undefined) open.push(doubt('masterKey'));
    if (!facts.subAccounts) open.push(doubt('subSide'));
    open.push(doubt('oneSideOnly'));
  }
  for (const [endpoint, code] of [
    ['futuresTransferOut', 'asynchronous'],
    ['futuresTransferIn', 'noId'],
  ] as const) {
    if (uses(legs, endpoint)) open.push(doubt(code, { endpoint: catalogue[endpoint].title }));
  }
  if (facts.precision === undefined) open.push(doubt('precision', { currency }));
  if (facts.transferable === undefined) {
    open.push(doubt('transferable', { currency, from: accountTitle(from) }));
  }
  if (facts.balances.from === undefined || facts.balances.to === undefined) open.push(doubt('balances'));
  open.push(...doubtsOfTarget(intent, facts, to));
  open.push(doubt('noIdempotency'));
  return open;
}

/** What the target account may still object to (kucoin-api 6.3, 7.2, 9.2). */
function doubtsOfTarget({ currency }: Intent, facts: PlanFacts, { type, owner }: AccountRef): Statement[] {
  const account = accountType(type).title;
  const seed = facts.profile.world === 'seed';
  if (type === 'contract')
    return settlementCoins.has(currency) ? [] : [doubt('futuresCurrency', { currency })];
  if (type === 'trade_hf' && seed && facts.hasTradeHf !== true) {
    return [doubt('opensAccount', { account }), doubt('hfAllowed')];
  }
  if (seed && (type === 'margin_v2' || type === 'isolated_v2')) return [doubt('opensAccount', { account })];
  if (type === 'margin' || type === 'isolated') {
    const opened = owner !== 'self' && facts.subAccounts?.get(owner.subUserId)?.opened;
    return opened ? [] : [doubt('marginOpened', { account })];
  }
  return [];
}

function uses(legs: readonly RouteLeg[], endpoint: ExecutableEndpoint): boolean {
  return legs.some((leg) => leg.endpoint === endpoint);
}

function permissionsOf(legs: readonly RouteLeg[], world: World): Permission[] {
  return [...new Set(legs.map(({ endpoint }) => permissionOf(endpoint, world)))];
}

/** Entries of the catalogue are shared and frozen already; everything else below is frozen too. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}

/** The plan as lines of plain text, for a confirmation, a document or a tool. */
export function planLines(plan: Plan): Sentence[] {
  const { intent, profile, balances, legs } = plan;
  const { amount, currency } = intent;
  const from = accountTitle(intent.from);
  const to = accountTitle(intent.to);
  return [
    say(planTexts[profile.environment], { profile: profile.name }),
    say(planTexts.move, { amount, currency, from, to }),
    balanceLine(from, currency, balances.from),
    balanceLine(to, currency, balances.to),
    ...legs.map((leg, index) => callLine(leg, legs.length > 1 ? index + 1 : undefined)),
    ...plan.unknowns.map(({ sentence }) => sentence),
  ];
}

function callLine({ title, method, path, from, to }: PlanLeg, step: number | undefined): Sentence {
  const call = { title, method, path };
  if (step === undefined) return say(planTexts.call, call);
  return say(planTexts.step, { ...call, step, from: accountTitle(from), to: accountTitle(to) });
}

function balanceLine(account: string, currency: string, { before, after }: BalanceChange): Sentence {
  if (before === undefined || after === undefined)
    return say(planTexts.balanceUnknown, { account, currency });
  return say(planTexts.balance, { account, currency, before: canonical(before), after });
}
