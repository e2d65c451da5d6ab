import {
  accountType,
  accountTypeIds,
  existsIn,
  isAccountTypeId,
  type AccountTypeId,
} from '../../kucoin/accountTypes';
import { compare, decimal, fractionDigits, isZero, zero, type Decimal } from '../../kucoin/decimal';
import type * as transfer from '../../kucoin/endpoints/transfer';
import type { World } from '../../kucoin/vocabulary';
import { currencies, isolatedPairs, type Currency } from '../currencies';
import { isTagged, logicalType, type Exchange } from '../exchange';
import { available, transferable, type AccountRef } from '../ledger';
import type { User } from '../people';
import { Refusal } from '../refusals';
import { pairAllowed } from './innerPairs';
import { callerOf, type Rule } from './rule';

/** kucoin-api 8.15. An account that the user never held answers with zeros. */
export const getTransferQuotas: Rule<typeof transfer.getTransferQuotas> = (call) => {
  const { exchange, params } = call;
  const known = accountTypeIds.find((id) => accountType(id).upper === params.type);
  if (!known || !accountType(known).quotas.includes(exchange.world)) throw new Refusal('typeRange');
  const type = logicalType(exchange.world, known);
  const currency = currencyOf(params.currency);
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
export const innerTransfer: Rule<typeof transfer.innerTransfer> = (call) => {
  const { exchange, params } = call;
  const { user } = callerOf(call);
  const from = innerSide(exchange, user, params.from, params.fromTag, 'from');
  const to = innerSide(exchange, user, params.to, params.toTag, 'to');
  if (from.type === to.type && from.tag === to.tag) throw new Refusal('sameAccount');
  const hasOldHf = exchange.hasHf(user.uid, 'trade_hf');
  if (!pairAllowed(exchange.world, exchange.switches, hasOldHf, from, to)) throw new Refusal('toRange');

  const currency = currencyOf(params.currency);
  for (const side of [from, to]) checkCurrency(currency, side);
  const amount = amountOf(params.amount, currency);
  checkOpened(exchange, user, to.type);

  const earlier = exchange.transferOf(user.uid, params.clientOid);
  if (earlier !== undefined && exchange.switches.duplicateClientOid === 'refuse') {
    throw new Refusal('duplicateClientOid');
  }
  if (earlier !== undefined && exchange.switches.duplicateClientOid === 'sameOrder')
    return { orderId: earlier };

  return { orderId: move(exchange, { user, clientOid: params.clientOid, from, to, currency, amount }) };
};

interface Transfer {
  readonly user: User;
  readonly clientOid: string;
  readonly from: AccountRef;
  readonly to: AccountRef;
  readonly currency: Currency;
  readonly amount: Decimal;
}

/** The effect of a transfer, all or nothing: refuses when the source cannot pay. Returns the orderId. */
function move(exchange: Exchange, { user, clientOid, from, to, currency, amount }: Transfer): string {
  const source = exchange.ledger.find(from, currency.currency);
  if (!source || compare(transferable(source), amount) < 0) throw new Refusal('insufficientBalance');
  const orderId = exchange.nextOrderId();
  const bizType = from.uid === to.uid ? 'TRANSFER' : 'SUB_TRANSFER';
  exchange.ledger.move({
    from,
    to,
    currency: currency.currency,
    amount,
    bizType,
    reference: orderId,
    time: exchange.now(),
  });
  if (exchange.world === 'seed' && hfTypes.includes(to.type)) exchange.openHf(user.uid, to.type);
  exchange.rememberTransfer(user.uid, clientOid, orderId);
  return orderId;
}

/** Account types that a transfer into them opens (kucoin-api 7.2, seed). */
const hfTypes: readonly AccountTypeId[] = ['trade_hf', 'margin_v2', 'isolated_v2'];

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

/** The tag of an account: needed and known for isolated margin, ignored elsewhere. */
function tagOf(type: AccountTypeId, tag: string | undefined, field: string): string {
  if (!isTagged(type)) return '';
  if (tag === undefined) throw new Refusal('tagMissing', { field });
  if (!isolatedPairs.has(tag)) throw new Refusal('tagUnknown', { field });
  return tag;
}

function currencyOf(code: string): Currency {
  const currency = currencies.get(code);
  if (!currency) throw new Refusal('unknownCurrency');
  return currency;
}

/** Isolated margin holds the two currencies of its pair (kucoin-api 6.3). */
function checkPair(currency: Currency, tag: string): void {
  if (tag !== '' && !tag.split('-').includes(currency.currency)) throw new Refusal('currencyNotInPair');
}

/** Which currencies an account takes (kucoin-api 6.3, 9.2). */
function checkCurrency(currency: Currency, { type, tag }: AccountRef): void {
  checkPair(currency, tag);
  if (type === 'contract' && !currency.futures) throw new Refusal('currencyNotSettled');
  if ((type === 'margin' || type === 'margin_v2') && !currency.margin) throw new Refusal('currencyNotMargin');
}

/** A positive multiple of 10^-precision (kucoin-api 6.3). The schema has let digits with a fraction pass only. */
function amountOf(text: string, currency: Currency): Decimal {
  const amount = decimal(text);
  if (isZero(amount)) throw new Refusal('amountNotPositive');
  if (fractionDigits(amount) > currency.precision) throw new Refusal('amountIncrement');
  return amount;
}

/** Whether the target account can be used by the user (kucoin-api 7.2, 7.5, 9.2). */
function checkOpened(exchange: Exchange, user: User, to: AccountTypeId): void {
  const isSub = user.parentUid !== undefined;
  const margin = to === 'margin' || to === 'isolated' || to === 'margin_v2' || to === 'isolated_v2';
  if (margin && !user.openedTradeTypes.includes('Margin')) {
    throw new Refusal(isSub ? 'subNotOpened' : 'marginNotOpened');
  }
  if (to === 'contract' && !user.openedTradeTypes.includes('Futures')) {
    throw new Refusal(isSub ? 'subNotOpened' : 'futuresNotOpened');
  }
  // A transfer into an HF account opens it, for users on the whitelist.
  if (hfTypes.includes(to) && !exchange.hasHf(user.uid, to) && !exchange.switches.hfWhitelisted) {
    throw new Refusal('hfNotWhitelisted');
  }
}
