import { accountType, accountTypeIds, existsIn, type AccountTypeId } from '../kucoin/accountTypes';
import { catalogue } from '../kucoin/catalogue';
import type { Endpoint } from '../kucoin/endpoint';
import { permissionTitles, type Permission, type World } from '../kucoin/vocabulary';
import { accountKey, accountTitle, own, type AccountRef, type Owner } from './intent';
import { refuse, type Refusal } from './refusal';
import type { ExecutableEndpoint } from './requests';
import { cellOf, tagRules, waypoints, type Relation, type Way } from './routeTable';

/** What decides which way a transfer can take. `undefined` means: not known yet, and is no obstacle. */
export interface RouteFacts {
  readonly world: World;
  /** As `GET /api/v1/user/api-key` lists them. */
  readonly permissions: ReadonlySet<string> | undefined;
  /** Whether the user has a separate `trade_hf` account (kucoin-api 7.2). */
  readonly hasTradeHf: boolean | undefined;
  /** Whether the site of the profile has a futures host; not checked where left out. */
  readonly hasFutures?: boolean | undefined;
  /** The currency to be moved; the pair of an isolated account is checked against it where given. */
  readonly currency?: string | undefined;
  /** Whether the key is bound to IP addresses, without which Flex Transfer refuses it. */
  readonly ipRestricted?: boolean | undefined;
  /** Whether it is the key of the master account. */
  readonly isMaster?: boolean | undefined;
  /** Mode of the key's own user. */
  readonly mode?: 'classic' | 'unified' | undefined;
  /** The user's sub-accounts by user id; one that is not among them is refused. Not checked where left out. */
  readonly subAccounts?: ReadonlyMap<string, SubFacts> | undefined;
  /** Asks for one call of this endpoint and no other way. */
  readonly only?: ExecutableEndpoint | undefined;
}

export interface SubFacts {
  readonly name: string;
  readonly frozen: boolean;
  /** As `openedTradeTypes` lists them. */
  readonly opened?: ReadonlySet<string> | undefined;
}

/** One call that moves funds from one account to another. */
export interface RouteLeg {
  readonly endpoint: ExecutableEndpoint;
  readonly from: AccountRef;
  readonly to: AccountRef;
  /** Whether KuCoin's documentation says clearly that this pair works. */
  readonly documented: boolean;
}

export type Route = { readonly legs: readonly RouteLeg[] } | { readonly refused: Refusal };

/** One account type as a possible source or target. */
export interface Choice {
  readonly type: AccountTypeId;
  readonly allowed: boolean;
  /** Present exactly when it is not allowed. */
  readonly refusal?: Refusal;
  /** How many calls it takes. Present for targets that are allowed. */
  readonly legs?: number;
  /** The account is kept per trading pair, which has to be asked for. */
  readonly needsTag: boolean;
}

/** Finds the calls that do it, as few as possible, or says why there are none and what would help. Pure. */
export function route(from: AccountRef, to: AccountRef, facts: RouteFacts): Route {
  const refused = refusalOfAccounts(from, to, facts) ?? refusalOfTags(from, to, facts);
  return refused ? { refused } : findWay(from, to, facts);
}

/** Every account type of an owner as a target for `from`; trading pairs may still be missing. */
export function choices(from: AccountRef, facts: RouteFacts, owner: Owner = 'self'): Choice[] {
  const source = withSomeTag(from, '?-1');
  return accountTypeIds.map((type) => {
    const to = withSomeTag({ owner, type }, from.type === type ? '?-2' : (source.tag ?? '?-1'));
    const refused = refusalOfAccounts(source, to, facts);
    const found: Route = refused
      ? { refused }
      : accountKey(source) === accountKey(to)
        ? { refused: refuse('sameAccount') }
        : findWay(source, to, facts);
    return 'refused' in found ? choice(type, found.refused) : choice(type, undefined, found.legs.length);
  });
}

/** Every account type of an owner as a source: allowed when at least one target is. */
export function sources(facts: RouteFacts, owner: Owner = 'self'): Choice[] {
  return accountTypeIds.map((type) => {
    const from: AccountRef = { owner, type };
    const refused = refusalOfAccount(from, 'from', facts);
    if (refused) return choice(type, refused);
    const targets = choices(from, facts);
    const [sub] = owner === 'self' ? (facts.subAccounts?.keys() ?? []) : [];
    // Some endpoints know other people's accounts only; what one sub-account cannot take, another might.
    const others = (): Choice[] =>
      choices(from, { ...facts, subAccounts: undefined }, { subUserId: sub ?? '' });
    const leads = (list: readonly Choice[]): boolean => list.some(({ allowed }) => allowed);
    if (leads(targets) || (sub !== undefined && leads(others()))) return choice(type, undefined);
    const telling = targets.find(({ refusal }) => refusal && lacking.has(refusal.code)) ?? targets[0];
    return choice(type, telling?.refusal);
  });
}

/** Refusals that a person can do something about. */
const lacking: ReadonlySet<string> = new Set(['permissionMissing', 'withdrawalOnly', 'ipListMissing']);

/** A stand-in for a pair that has not been asked for yet. */
function withSomeTag(account: AccountRef, tag: string): AccountRef {
  return isTagged(account.type) && account.tag === undefined ? { ...account, tag } : account;
}

function choice(type: AccountTypeId, refusal: Refusal | undefined, legs?: number): Choice {
  const common = { type, needsTag: accountType(type).tagged ?? false };
  if (refusal) return { ...common, allowed: false, refusal };
  return { ...common, allowed: true, ...(legs !== undefined && { legs }) };
}

function refusalOfAccounts(from: AccountRef, to: AccountRef, facts: RouteFacts): Refusal | undefined {
  return refusalOfAccount(from, 'from', facts) ?? refusalOfAccount(to, 'to', facts);
}

/** Since the margin merge of 2026-03-04 the V2 types are second names (kucoin-api 7.2). */
const mergedToday: Partial<Record<AccountTypeId, AccountTypeId>> = {
  margin_v2: 'margin',
  isolated_v2: 'isolated',
};

function refusalOfAccount(
  { owner, type, tag }: AccountRef,
  side: 'from' | 'to',
  facts: RouteFacts,
): Refusal | undefined {
  const { world, hasTradeHf, hasFutures, mode } = facts;
  const account = accountType(type).title;
  if (!existsIn(world, type)) return refuse('notInThisWorld', { account });
  const merged = world === 'today' ? mergedToday[type] : undefined;
  if (merged) return refuse('mergedAccount', { account, merged: accountType(merged).title });
  if (type === 'contract' && hasFutures === false) return refuse('noFutures');
  if (owner !== 'self') return refusalOfSub({ owner, type, tag }, side, facts);
  if (mode === 'unified' && type !== 'main') return refuse('unifiedMode', { account });
  if (type === 'trade_hf') {
    if (world === 'today' && hasTradeHf === false) return refuse('noSeparateHf');
    if (world === 'today' && hasTradeHf === undefined) return refuse('hfNotKnown');
    // A transfer into it opens it in the seed's world; out of it there is nothing to take before.
    if (world === 'seed' && side === 'from' && hasTradeHf === false) return refuse('hfNotOpened');
  }
  return undefined;
}

const userIdShape = /^(?=.*[A-Za-z]|\d{20,})[0-9A-Za-z]{1,64}$/;

/** Trade types that must have been opened before a sub-account can receive there (kucoin-api 7.5). */
const tradeTypeOf: Partial<Record<AccountTypeId, string>> = {
  contract: 'Futures',
  margin: 'Margin',
  isolated: 'Margin',
};

function refusalOfSub(
  { owner, type }: AccountRef,
  side: 'from' | 'to',
  { isMaster, subAccounts, world }: RouteFacts,
): Refusal | undefined {
  if (owner === 'self') return undefined;
  const id = owner.subUserId;
  if (isMaster === false) return refuse('masterKeyNeeded');
  if (!userIdShape.test(id)) return refuse('subUserIdMalformed', { id });
  const account = accountType(type).title;
  const partner = partners[type] ?? (world === 'today' && type === 'trade_hf' ? 'trade' : undefined);
  if (partner) return refuse('ownKeyOnly', { account, partner: accountType(partner).title });
  if (!subAccounts) return undefined;
  const known = subAccounts.get(id);
  if (!known) return refuse('subUnknown', { id });
  const sub = known.name;
  if (known.frozen) return refuse('subFrozen', { sub });
  const needed = tradeTypeOf[type];
  if (side === 'to' && needed !== undefined && known.opened && !known.opened.has(needed)) {
    return refuse('subNotOpened', { sub, account });
  }
  return undefined;
}

const pair = /^[A-Z0-9]+-[A-Z0-9]+$/;

function refusalOfTags(
  from: AccountRef,
  to: AccountRef,
  { currency, only }: RouteFacts,
): Refusal | undefined {
  for (const { type, tag } of [from, to]) {
    const { title: account, tagged } = accountType(type);
    if (!tagged) {
      if (tag !== undefined) return refuse('tagNotWanted', { account, tag });
      continue;
    }
    if (tag === undefined || tag === '') return refuse('tagMissing', { account });
    if (!pair.test(tag)) return refuse('tagMalformed', { tag });
    // Only base and quote of the pair can be moved (kucoin-api 6.3).
    if (currency !== undefined && !tag.split('-').includes(currency)) {
      return refuse('tagCurrency', { account, tag, currency });
    }
  }
  if (accountKey(from) === accountKey(to)) return refuse('sameAccount');
  if (only !== undefined && from.owner === to.owner && !tagsAgree(from, to)) {
    const titles = {
      from: accountTitle({ type: from.type }),
      to: accountTitle({ type: to.type }),
    };
    return refuse('tagsMustMatch', titles);
  }
  return undefined;
}

function tagsAgree(from: AccountRef, to: AccountRef): boolean {
  return tagRules[`${from.type}>${to.type}`] !== 'same' || from.tag === to.tag;
}

function findWay(from: AccountRef, to: AccountRef, facts: RouteFacts): Route {
  const found = search(from, to, facts);
  return found ? { legs: found } : { refused: whyNoWay(from, to, facts) };
}

/** More legs than any pair of accounts needs with any set of permissions. */
const legLimit = 4;

/** The shortest chain; of several the best documented, then the most preferred. */
function search(from: AccountRef, to: AccountRef, facts: RouteFacts): readonly RouteLeg[] | undefined {
  const via = stopsBetween(from, to, facts);
  let chains: readonly Chain[] = [{ legs: [], at: from, cost: [0, 0, 0] }];
  for (let count = 1; count <= (facts.only === undefined ? legLimit : 1); count++) {
    const arrived = chains.flatMap((chain) => extended(chain, to, 0, facts)).sort(cheaperFirst)[0];
    if (arrived) return arrived.legs;
    // Of the chains to one account only the best can be part of the answer.
    const reached = new Map<string, Chain>();
    for (const chain of chains) {
      for (const [rank, stop] of via.entries()) {
        for (const longer of extended(chain, stop, rank, facts)) {
          const key = accountKey(stop);
          const known = reached.get(key);
          if (!known || cheaperFirst(longer, known) < 0) reached.set(key, longer);
        }
      }
    }
    chains = [...reached.values()];
  }
  return undefined;
}

interface Chain {
  readonly legs: readonly RouteLeg[];
  readonly at: AccountRef;
  /** Undocumented legs, less preferred endpoints, less preferred stops. */
  readonly cost: readonly [number, number, number];
}

function cheaperFirst({ cost: a }: Chain, { cost: b }: Chain): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

function extended(chain: Chain, to: AccountRef, stopRank: number, facts: RouteFacts): Chain[] {
  const { at: from, legs, cost } = chain;
  return waysBetween(from, to, facts).flatMap((way, rank) =>
    isPermitted(way.endpoint, facts)
      ? [
          {
            legs: [...legs, { ...way, from, to }],
            at: to,
            cost: [cost[0] + Number(!way.documented), cost[1] + rank, cost[2] + stopRank] as const,
          },
        ]
      : [],
  );
}

/** The key's own accounts that a chain may pass through. */
function stopsBetween(from: AccountRef, to: AccountRef, facts: RouteFacts): AccountRef[] {
  const tags = [...new Set([from, to].flatMap(({ type, tag }) => (isTagged(type) && tag ? [tag] : [])))];
  const ends = new Set([accountKey(from), accountKey(to)]);
  return waypoints
    .flatMap((type) => (isTagged(type) ? tags.map((tag) => own(type, tag)) : [own(type)]))
    .filter((stop) => !ends.has(accountKey(stop)) && !refusalOfAccount(stop, 'to', facts));
}

function isTagged(type: AccountTypeId): boolean {
  return accountType(type).tagged ?? false;
}

function waysBetween(from: AccountRef, to: AccountRef, { world, only }: RouteFacts): readonly Way[] {
  const relation = relationOf(from, to);
  if (!relation || (relation === 'own' && !tagsAgree(from, to))) return [];
  if (accountKey(from) === accountKey(to)) return [];
  const cell = cellOf(world, relation, from.type, to.type);
  return only === undefined ? cell : cell.filter(({ endpoint }) => endpoint === only);
}

function relationOf(from: AccountRef, to: AccountRef): Relation | undefined {
  if (from.owner === 'self') return to.owner === 'self' ? 'own' : 'toSub';
  return to.owner === 'self' ? 'toMaster' : undefined;
}

export function permissionOf(name: ExecutableEndpoint, world: World): Permission {
  const endpoint: Endpoint = catalogue[name];
  return endpoint.permissionIn?.[world] ?? (endpoint.permission as Permission); // no public call moves funds
}

function isPermitted(endpoint: ExecutableEndpoint, facts: RouteFacts): boolean {
  const { permissions, ipRestricted, world } = facts;
  if (endpoint === 'flexTransfer' && ipRestricted === false) return false;
  return permissions?.has(permissionOf(endpoint, world)) ?? true;
}

/** What a key could be given, the least demanding first: Flex Transfer asks for an IP list besides. */
const gifts: readonly (readonly Permission[])[] = [
  ['Spot'],
  ['InnerTransfer'],
  ['Futures'],
  ['Spot', 'Futures'],
];

function whyNoWay(from: AccountRef, to: AccountRef, facts: RouteFacts): Refusal {
  const titles = { from: accountTitle(from), to: accountTitle(to) };
  const { permissions, only, world } = facts;
  if (permissions?.has('InnerTransfer') && search(from, to, { ...facts, ipRestricted: true })) {
    return refuse('ipListMissing');
  }
  for (const gift of permissions ? gifts : []) {
    const given = new Set([...(permissions ?? []), ...gift]);
    const legs = search(from, to, { ...facts, ipRestricted: true, permissions: given });
    const missing = gift.filter((permission) => !permissions?.has(permission));
    const blocked = legs?.find(({ endpoint }) => missing.includes(permissionOf(endpoint, world)));
    if (!blocked) continue;
    const values = {
      permission: missing.map((permission) => permissionTitles[permission]).join(', '),
      endpoint: catalogue[blocked.endpoint].title,
    };
    return refuse(permissions?.has('Transfer') ? 'withdrawalOnly' : 'permissionMissing', values);
  }
  if (only !== undefined) return whyNotBy(only, from, to, facts);
  for (const { type } of [from, to]) {
    const partner = partners[type];
    if (partner && world === 'seed') {
      return refuse('pairedOnly', {
        paired: accountType(type).title,
        partner: accountType(partner).title,
      });
    }
  }
  return refuse('noWay', titles);
}

/** The accounts of the seed's world that exchange with one partner only (kucoin-api 9.1). */
const partners: Partial<Record<AccountTypeId, AccountTypeId>> = {
  margin_v2: 'margin',
  isolated_v2: 'isolated',
};

/** Why one endpoint cannot do it, whatever the key may do. */
function whyNotBy(
  only: ExecutableEndpoint,
  from: AccountRef,
  to: AccountRef,
  { world, isMaster }: RouteFacts,
): Refusal {
  const relation = relationOf(from, to);
  const endpoint = catalogue[only].title;
  const types = [from.type, to.type];
  switch (only) {
    case 'innerTransfer':
      if (relation !== 'own') return refuse('innerOwnOnly');
      if (from.type === 'contract') return refuse('contractNotSource');
      break;
    case 'flexTransfer':
      if (relation === undefined) return refuse('subToSub');
      if (world === 'today' && types.includes('trade_hf')) return refuse('flexNoTradeHf');
      break;
    case 'subTransfer':
      if (relation === 'own') return refuse(isMaster === false ? 'masterKeyNeeded' : 'subTransferParties');
      if (relation === undefined) return refuse('subToSub');
      if (from.type === 'contract') return refuse('subTransferFromFutures');
      break;
    case 'futuresTransferOut':
      return refuse('transferOutAccounts');
    case 'futuresTransferIn':
      return refuse('transferInAccounts');
  }
  for (const type of types) {
    const partner = partners[type];
    if (partner) {
      const paired = accountType(type).title;
      return refuse('pairedOnly', { paired, partner: accountType(partner).title });
    }
  }
  return refuse('endpointCannot', { endpoint, from: accountTitle(from), to: accountTitle(to) });
}
