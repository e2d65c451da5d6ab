import { accountType } from '../kucoin/accountTypes';
import { catalogue } from '../kucoin/catalogue';
import { add, canonical, isDecimal, subtract, type Decimal } from '../kucoin/decimal';
import { english, type Sentence } from '../kucoin/explain';
import type { PreparedRequest } from '../kucoin/request';
import { permissionTitles, type Permission, type World } from '../kucoin/vocabulary';
import { checkAmount } from './amount';
import { accountTitle, type AccountRef, type Intent } from './intent';
import { checks, planTexts, unknowns } from './messages';
import { refuse, type Refusal } from './refusal';
import { requestOf, type ExecutableEndpoint } from './requests';
import { route, type RouteFacts, type RouteLeg } from './route';
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
  readonly clientOid: string;
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
  /** Of the first leg; every leg has its own. */
  readonly clientOid: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly profile: PlanProfile;
  readonly intent: Intent;
  readonly legs: readonly PlanLeg[];
  readonly balances: { readonly from: BalanceChange; readonly to: BalanceChange };
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
  const intent = structuredClone(given);
  const refused = refusalOf(intent, facts);
  if (refused) return { refused };
  const found = route(intent.from, intent.to, routeFacts(intent, facts));
  if ('refused' in found) return found;
  const amountRefused = refusalOfAmount(intent, facts);
  if (amountRefused) return { refused: amountRefused };

  const amount = canonical(intent.amount);
  const legs = found.legs.map((leg) => planLeg(leg, { currency: intent.currency, amount }, facts.newId()));
  const { id, name, environment, world, generation } = facts.profile;
  const { from, to } = facts.balances;
  return {
    plan: deepFreeze({
      id: facts.newId(),
      clientOid: legs[0]?.clientOid ?? '',
      createdAt: facts.now,
      profile: { id, name, environment, world, generation },
      intent: { ...intent, amount },
      legs,
      balances: {
        from: { account: intent.from, before: from, after: from && subtract(from, amount) },
        to: { account: intent.to, before: to, after: to && add(to, amount) },
      },
      checks: checksOf(intent, facts, found.legs),
      unknowns: unknownsOf(intent, facts, found.legs),
    }),
  };
}

function routeFacts({ currency }: Intent, facts: PlanFacts): RouteFacts {
  const { permissions, hasTradeHf, hasFutures } = facts;
  return { world: facts.profile.world, permissions, hasTradeHf, hasFutures, currency };
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

function planLeg(
  leg: RouteLeg,
  { currency, amount }: { readonly currency: string; readonly amount: Decimal },
  clientOid: string,
): PlanLeg {
  const { title, weight, method, path } = catalogue[leg.endpoint];
  const permission = catalogue[leg.endpoint].permission as Permission; // no public call moves funds
  const request = requestOf(leg, { clientOid, currency, amount });
  const { endpoint, from, to } = leg;
  return {
    endpoint,
    title,
    from,
    to,
    clientOid,
    weight,
    permission,
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

function checksOf({ currency, from }: Intent, facts: PlanFacts, legs: readonly RouteLeg[]): Statement[] {
  const { precision, transferable, permissions } = facts;
  const made = [state('writable')];
  if (legs.every(({ documented }) => documented)) made.push(state('routeDocumented'));
  for (const permission of permissions ? permissionsOf(legs) : []) {
    made.push(state('permission', { permission: permissionTitles[permission] }));
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
  for (const endpoint of new Set(legs.map((leg) => catalogue[leg.endpoint]))) {
    if (endpoint.state?.[world] === 'superseded') {
      open.push(doubt('superseded', { endpoint: endpoint.title }));
    }
  }
  if (legs.some(({ documented }) => !documented)) open.push(doubt('routeUnconfirmed'));
  if (!facts.permissions) open.push(doubt('permission'));
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
function doubtsOfTarget({ currency }: Intent, facts: PlanFacts, { type }: AccountRef): Statement[] {
  const account = accountType(type).title;
  const seed = facts.profile.world === 'seed';
  if (type === 'contract')
    return settlementCoins.has(currency) ? [] : [doubt('futuresCurrency', { currency })];
  if (type === 'trade_hf' && seed && facts.hasTradeHf !== true) {
    return [doubt('opensAccount', { account }), doubt('hfAllowed')];
  }
  if (seed && (type === 'margin_v2' || type === 'isolated_v2')) return [doubt('opensAccount', { account })];
  if (type === 'margin' || type === 'isolated') return [doubt('marginOpened', { account })];
  return [];
}

function permissionsOf(legs: readonly RouteLeg[]): Permission[] {
  return [...new Set(legs.map(({ endpoint }) => catalogue[endpoint].permission as Permission))];
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
    ...legs.map(({ title, method, path }) => say(planTexts.call, { title, method, path })),
    ...plan.unknowns.map(({ sentence }) => sentence),
  ];
}

function balanceLine(account: string, currency: string, { before, after }: BalanceChange): Sentence {
  if (before === undefined || after === undefined)
    return say(planTexts.balanceUnknown, { account, currency });
  return say(planTexts.balance, { account, currency, before: canonical(before), after });
}

/** `planLines` in English. */
export function describePlan(plan: Plan): string[] {
  return planLines(plan).map(english);
}
