import {
  accountType,
  accountTypeIds,
  existsIn,
  isAccountTypeId,
  type AccountTypeId,
} from '../../kucoin/accountTypes';
import { zero } from '../../kucoin/decimal';
import type * as transfers from '../../kucoin/endpoints/transfer';
import type { World } from '../../kucoin/vocabulary';
import { demoKeys } from '../demo';
import { logicalType, type Exchange } from '../exchange';
import { available, transferable, type AccountRef } from '../ledger';
import type { ApiKey, User } from '../people';
import { Refusal } from '../refusals';
import { amountOf, checkPair, currencyOf, tagOf, transfer } from './moving';
import { flexFamilyPairs, flexPairs, innerPairs, pairAllowed, subPairs } from './pairs';
import { callerOf, masterOf, type Rule } from './rule';

/** kucoin-api 8.15. An account that the user never held answers with zeros. */
export const getTransferQuotas: Rule<typeof transfers.getTransferQuotas> = (call) => {
  const { exchange, params } = call;
  const known = accountTypeIds.find((id) => accountType(id).upper === params.type);
  if (!known || !accountType(known).quotas.includes(exchange.world)) throw new Refusal('typeRange');
  const type = logicalType(exchange.world, known);
  const currency = currencyOf(exchange, params.currency);
  const tag = tagOf(type, params.tag, 'tag');
  checkPair(currency, tag);
  const row = exchange.ledger.find({ uid: callerOf(call).user.uid, type, tag }, currency.currency);
  return {
    currency: currency.currency,
    balance: row?.total ?? zero,
    available: row ? available(row) : zero,
    holds: row?.held ?? zero,
    transferable: row ? transferable(row) : zero,
  };
};

/** kucoin-api 8.18, with the pairs of 9.1 and 9.2. */
export const innerTransfer: Rule<typeof transfers.innerTransfer> = (call) => {
  const { exchange, params } = call;
  const { user } = callerOf(call);
  const from = innerSide(exchange, user, params.from, params.fromTag, 'from');
  const to = innerSide(exchange, user, params.to, params.toTag, 'to');
  checkDifferent(from, to);
  const hasOldHf = exchange.hasHf(user.uid, 'trade_hf');
  if (!pairAllowed(innerPairs[exchange.world], exchange.switches, hasOldHf, from, to)) {
    throw new Refusal('toRange');
  }
  return { orderId: ordered(exchange, user, params, from, to) };
};

/** kucoin-api 2.7. */
function lacksIpList({ switches: { flexNeedsIpList: which } }: Exchange, { key, ips }: ApiKey): boolean {
  if (ips.length > 0 || which === 'noKey') return false;
  return which === 'everyKey' || key !== demoKeys.demo.key;
}

/** kucoin-api 8.16, with the pairs of 9.1 to 9.3. */
export const flexTransfer: Rule<typeof transfers.flexTransfer> = (call) => {
  const { exchange, params } = call;
  const { user, key } = callerOf(call);
  if (lacksIpList(exchange, key)) throw new Refusal('ipListMissing');
  const { source, target } = partiesOf(exchange, call);
  const internal = params.type === 'INTERNAL';
  const side = (owner: User, name: string, tag: string | undefined, field: 'from' | 'to'): AccountRef => {
    const known = flexType(exchange.world, name, internal);
    if (!known) throw new Refusal('range', { field: `${field}AccountType` });
    const type = logicalType(exchange.world, known);
    return { uid: owner.uid, type, tag: tagOf(type, tag, `${field}AccountTag`) };
  };
  const from = side(source, params.fromAccountType, params.fromAccountTag, 'from');
  const to = side(target, params.toAccountType, params.toAccountTag, 'to');
  checkDifferent(from, to);
  const pairs = (internal ? flexPairs : flexFamilyPairs)[exchange.world];
  if (!pairAllowed(pairs, exchange.switches, false, from, to)) {
    throw new Refusal('range', { field: 'toAccountType' });
  }
  return { orderId: ordered(exchange, user, params, from, to) };
};

/** kucoin-api 8.17, with the pairs of 9.3. */
export const subTransfer: Rule<typeof transfers.subTransfer> = (call) => {
  const { exchange, params } = call;
  const { world } = exchange;
  const master = masterOf(call);
  if (params.direction !== 'OUT' && params.direction !== 'IN') {
    throw new Refusal('range', { field: 'direction' });
  }
  const sub = subOf(exchange, master, params.subUserId, 'subUserId');
  const side = (owner: User, name: string, typeField: string, tagField: 'tag' | 'subTag'): AccountRef => {
    const type = flexType(world, name, false);
    if (!type || !subPairs[world].has(`main>${type}`)) {
      throw new Refusal('range', { field: typeField });
    }
    return { uid: owner.uid, type, tag: tagOf(type, params[tagField], tagField) };
  };
  const masterSide = side(master, params.accountType ?? 'MAIN', 'accountType', 'tag');
  const subSide = side(sub, params.subAccountType ?? 'MAIN', 'subAccountType', 'subTag');
  const out = params.direction === 'OUT';
  const [from, to] = out ? [masterSide, subSide] : [subSide, masterSide];
  if (!pairAllowed(subPairs[world], exchange.switches, false, from, to)) {
    throw new Refusal('range', { field: out ? 'accountType' : 'subAccountType' });
  }
  return { orderId: ordered(exchange, master, params, from, to) };
};

interface Order {
  readonly clientOid: string;
  readonly currency: string;
  readonly amount: string;
}

/** Currency, amount and the transfer itself. */
function ordered(exchange: Exchange, user: User, order: Order, from: AccountRef, to: AccountRef): string {
  const contract = from.type === 'contract' || to.type === 'contract';
  const currency = currencyOf(exchange, order.currency, contract);
  const amount = amountOf(order.amount, currency);
  return transfer(exchange, { user, clientOid: order.clientOid, from, to, currency, amount });
}

function checkDifferent(from: AccountRef, to: AccountRef): void {
  if (from.uid === to.uid && from.type === to.type && from.tag === to.tag) throw new Refusal('sameAccount');
}

/** Who gives and who takes, by the type of the transfer. */
function partiesOf(
  exchange: Exchange,
  call: Parameters<Rule<typeof transfers.flexTransfer>>[0],
): { source: User; target: User } {
  const { user } = callerOf(call);
  const { type, fromUserId, toUserId } = call.params;
  switch (type) {
    case 'INTERNAL': {
      const owner = innerOwner(exchange, user, fromUserId, toUserId);
      return { source: owner, target: owner };
    }
    case 'PARENT_TO_SUB': {
      const master = masterOf(call);
      return { source: master, target: subOf(exchange, master, toUserId, 'toUserId') };
    }
    case 'SUB_TO_PARENT': {
      const master = masterOf(call);
      return { source: subOf(exchange, master, fromUserId, 'fromUserId'), target: master };
    }
    default:
      throw new Refusal('typeRange');
  }
}

/** INTERNAL with user ids: the effect is unconfirmed (kucoin-api 9.3), so a switch decides. */
function innerOwner(exchange: Exchange, user: User, from: string | undefined, to: string | undefined): User {
  const foreign = [from, to].filter((userId) => userId !== undefined && userId !== user.userId);
  if (foreign.length === 0 || exchange.switches.internalUserIds === 'ignored') return user;
  if (exchange.switches.internalUserIds === 'refused' || from !== to) throw new Refusal('unknownSub');
  return subOf(exchange, user, from, 'fromUserId');
}

/** A sub-account of the master by its userId, not its uid. */
function subOf(exchange: Exchange, master: User, userId: string | undefined, field: string): User {
  if (userId === undefined) throw new Refusal('userIdMissing', { field });
  const sub = exchange.subsOf(master.uid).find((user) => user.userId === userId);
  if (!sub) throw new Refusal('unknownSub');
  if (sub.status === 3) throw new Refusal('subFrozen');
  return sub;
}

/**
 * The account type behind a spelling of Flex Transfer and SubAccount Transfer. today: TRADE_HF is gone. The HF margin
 * types are known within one user only (kucoin-api 8.16).
 */
function flexType(world: World, name: string, internal: boolean): AccountTypeId | undefined {
  const known = accountTypeIds.find((id) => accountType(id).upper === name && existsIn(world, id));
  if (world === 'today' && known === 'trade_hf') return undefined;
  return !internal && (known === 'margin_v2' || known === 'isolated_v2') ? undefined : known;
}

function innerSide(
  exchange: Exchange,
  user: User,
  name: string,
  tag: string | undefined,
  role: 'from' | 'to',
): AccountRef {
  if (!isInnerType(exchange.world, name, role) || isGone(exchange, user, name))
    throw new Refusal(`${role}Range`);
  const type = logicalType(exchange.world, name);
  return { uid: user.uid, type, tag: tagOf(type, tag, `${role}Tag`) };
}

/** Whether inner transfer knows the spelling; case matters (kucoin-api 7.1). */
function isInnerType(world: World, name: string, role: 'from' | 'to'): name is AccountTypeId {
  if (!isAccountTypeId(name) || !existsIn(world, name)) return false;
  const { inner, innerRole } = accountType(name);
  return inner === name && (innerRole === undefined || role === 'to');
}

/** today: trade_hf is there for old HF users only (kucoin-api 9.2). */
function isGone(exchange: Exchange, user: User, type: AccountTypeId): boolean {
  return exchange.world === 'today' && type === 'trade_hf' && !exchange.hasHf(user.uid, 'trade_hf');
}
