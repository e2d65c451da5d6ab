import { accountType, accountTypeIds, existsIn, type AccountTypeId } from '../kucoin/accountTypes';
import { catalogue } from '../kucoin/catalogue';
import { permissionTitles, type Permission, type World } from '../kucoin/vocabulary';
import { accountKey, accountTitle, type AccountRef } from './intent';
import { refuse, type Refusal } from './refusal';
import type { ExecutableEndpoint } from './requests';
import { cellOf, executableBy, tagRules, viaTitles, type Way } from './routeTable';

/** What decides which way a transfer can take. `undefined` means: not known yet. */
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
  readonly title: string;
  readonly allowed: boolean;
  /** Present exactly when it is not allowed. */
  readonly refusal?: Refusal;
  /** The account is kept per trading pair, which has to be asked for. */
  readonly needsTag: boolean;
}

/** Finds the calls that do it, or says why there are none. Pure. */
export function route(from: AccountRef, to: AccountRef, facts: RouteFacts): Route {
  const refused = refusalOfAccounts(from, to, facts) ?? refusalOfTags(from, to, facts);
  return refused ? { refused } : findWay(from, to, facts);
}

/** Every account type as a target for `from`, whose pair may still be missing. */
export function choices(from: AccountRef, facts: RouteFacts): Choice[] {
  return accountTypeIds.map((type) => {
    const to: AccountRef = { owner: 'self', type };
    return choice(type, refusalOfAccounts(from, to, facts) ?? refusalIn(findWay(from, to, facts)));
  });
}

/** Every account type as a source: allowed when at least one target is. */
export function sources(facts: RouteFacts): Choice[] {
  return accountTypeIds.map((type) => {
    const from: AccountRef = { owner: 'self', type };
    const own = refusalOfAccount(from, 'from', facts);
    if (own) return choice(type, own);
    const targets = choices(from, facts);
    if (targets.some(({ allowed }) => allowed)) return choice(type, undefined);
    const telling = targets.find(({ refusal }) => refusal?.code === 'permissionMissing') ?? targets[0];
    if (type === 'contract') return choice(type, refuse('contractNotSource'));
    return choice(type, telling?.refusal);
  });
}

function choice(type: AccountTypeId, refusal: Refusal | undefined): Choice {
  const { title, tagged } = accountType(type);
  const common = { type, title, needsTag: tagged ?? false };
  return refusal ? { ...common, allowed: false, refusal } : { ...common, allowed: true };
}

function refusalIn(found: Route): Refusal | undefined {
  return 'refused' in found ? found.refused : undefined;
}

function refusalOfAccounts(from: AccountRef, to: AccountRef, facts: RouteFacts): Refusal | undefined {
  if (from.owner !== 'self' || to.owner !== 'self') return refuse('subAccountsNotYet');
  return refusalOfAccount(from, 'from', facts) ?? refusalOfAccount(to, 'to', facts);
}

/** Since the margin merge of 2026-03-04 the V2 types are second names (kucoin-api 7.2). */
const mergedToday: Partial<Record<AccountTypeId, AccountTypeId>> = {
  margin_v2: 'margin',
  isolated_v2: 'isolated',
};

function refusalOfAccount(
  { type }: AccountRef,
  side: 'from' | 'to',
  { world, hasTradeHf, hasFutures }: RouteFacts,
): Refusal | undefined {
  const account = accountType(type).title;
  if (!existsIn(world, type)) return refuse('notInThisWorld', { account });
  const merged = world === 'today' ? mergedToday[type] : undefined;
  if (merged) return refuse('mergedAccount', { account, merged: accountType(merged).title });
  if (type === 'contract' && hasFutures === false) return refuse('noFutures');
  if (type === 'trade_hf') {
    if (world === 'today' && hasTradeHf === false) return refuse('noSeparateHf');
    if (world === 'today' && hasTradeHf === undefined) return refuse('hfNotKnown');
    // A transfer into it opens it in the seed's world; out of it there is nothing to take before.
    if (world === 'seed' && side === 'from' && hasTradeHf === false) return refuse('hfNotOpened');
  }
  return undefined;
}

const pair = /^[A-Z0-9]+-[A-Z0-9]+$/;

function refusalOfTags(from: AccountRef, to: AccountRef, { currency }: RouteFacts): Refusal | undefined {
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
  if (tagRules[`${from.type}>${to.type}`] === 'same' && from.tag !== to.tag) {
    return refuse('tagsMustMatch', {
      from: accountTitle({ type: from.type }),
      to: accountTitle({ type: to.type }),
    });
  }
  return undefined;
}

function findWay(from: AccountRef, to: AccountRef, { world, permissions }: RouteFacts): Route {
  const ways = cellOf(world, from.type, to.type);
  const usable = ways.flatMap((way) => {
    const endpoint = executableBy[way.via];
    return endpoint ? [{ endpoint, documented: way.documented }] : [];
  });
  if (usable.length === 0) return { refused: whyNoWay(from, to, ways, world) };
  const permitted = usable.find(({ endpoint }) => permissions?.has(catalogue[endpoint].permission) ?? true);
  if (permitted) return { legs: [{ ...permitted, from, to }] };
  const { permission, title } = catalogue[usable[0]?.endpoint ?? 'innerTransfer'];
  return {
    refused: refuse('permissionMissing', {
      permission: permissionTitles[permission as Permission],
      endpoint: title,
    }),
  };
}

/** The accounts of the seed's world that exchange with one partner only (kucoin-api 9.1). */
const partners: Partial<Record<AccountTypeId, AccountTypeId>> = {
  margin_v2: 'margin',
  isolated_v2: 'isolated',
};

function whyNoWay(from: AccountRef, to: AccountRef, ways: readonly Way[], world: World): Refusal {
  const titles = { from: accountTitle(from), to: accountTitle(to) };
  if (from.type === to.type && ways.length === 0) return refuse('sameAccount');
  if (from.type === 'contract') return refuse('contractNotSource');
  if (ways.length > 0) {
    return refuse('endpointMissing', {
      ...titles,
      endpoints: ways.map(({ via }) => viaTitles[via]).join(', '),
    });
  }
  for (const { type } of [from, to]) {
    const partner = world === 'seed' ? partners[type] : undefined;
    if (partner) {
      return refuse('pairedOnly', {
        paired: accountType(type).title,
        partner: accountType(partner).title,
      });
    }
  }
  return refuse('noWay', titles);
}
