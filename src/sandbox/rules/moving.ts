import type { AccountTypeId } from '../../kucoin/accountTypes';
import { compare, decimal, fractionDigits, isZero, type Decimal } from '../../kucoin/decimal';
import { currencies, isolatedPairs, type Currency } from '../currencies';
import { isTagged, type Exchange } from '../exchange';
import { transferable, type AccountRef } from '../ledger';
import type { User } from '../people';
import { Refusal } from '../refusals';

/** Checks and effect that all transfers share. */

export interface Transfer {
  /** Whose key it is. */
  readonly user: User;
  /** Absent where the endpoint knows none. */
  readonly clientOid?: string;
  readonly from: AccountRef;
  readonly to: AccountRef;
  readonly currency: Currency;
  readonly amount: Decimal;
}

/** Checks what all endpoints check, then moves, once per clientOid. Returns the orderId. */
export function transfer(exchange: Exchange, work: Transfer): string {
  const { user, clientOid, from, to, currency } = work;
  for (const side of [from, to]) checkCurrency(currency, side);
  checkOpened(exchange, exchange.user(to.uid), to.type);
  const earlier = clientOid === undefined ? undefined : exchange.transferOf(user.uid, clientOid);
  if (earlier !== undefined && exchange.switches.duplicateClientOid === 'refuse') {
    throw new Refusal('duplicateClientOid');
  }
  if (earlier !== undefined && exchange.switches.duplicateClientOid === 'sameOrder') return earlier;
  return move(exchange, work);
}

/** The effect of a transfer, all or nothing: refuses when the source cannot pay. */
function move(exchange: Exchange, { user, clientOid, from, to, currency, amount }: Transfer): string {
  const source = exchange.ledger.find(from, currency.currency);
  if (!source || compare(transferable(source), amount) < 0) throw new Refusal('insufficientBalance');
  const orderId = exchange.nextOrderId();
  exchange.move({
    from,
    to,
    currency: currency.currency,
    amount,
    bizType: from.uid === to.uid ? 'TRANSFER' : 'SUB_TRANSFER',
    reference: orderId,
    time: exchange.now(),
  });
  if (exchange.world === 'seed' && hfTypes.includes(to.type)) exchange.openHf(to.uid, to.type);
  if (clientOid !== undefined) exchange.rememberTransfer(user.uid, clientOid, orderId);
  return orderId;
}

/** Account types that a transfer into them opens (kucoin-api 7.2, seed). */
const hfTypes: readonly AccountTypeId[] = ['trade_hf', 'margin_v2', 'isolated_v2'];

/** The tag of an account: needed and known for isolated margin, ignored elsewhere. */
export function tagOf(type: AccountTypeId, tag: string | undefined, field: string): string {
  if (!isTagged(type)) return '';
  if (tag === undefined) throw new Refusal('tagMissing', { field });
  if (!isolatedPairs.has(tag)) throw new Refusal('tagUnknown', { field });
  return tag;
}

/**
 * A currency by the code that a spot host takes.
 *
 * @param contract the futures account has a part in it, so that `XBT` may be understood (kucoin-api 6.2)
 */
export function currencyOf(exchange: Exchange, code: string, contract = false): Currency {
  const either = contract && exchange.switches.bitcoinNames === 'either';
  const currency = currencies.get(either && code === 'XBT' ? 'BTC' : code);
  if (!currency) throw new Refusal('unknownCurrency');
  return currency;
}

/** A settlement currency by the code that the futures host takes: `XBT` is Bitcoin (kucoin-api 6.2). */
export function futuresCurrencyOf(exchange: Exchange, code: string): Currency {
  const either = exchange.switches.bitcoinNames === 'either';
  const currency = code === 'BTC' && !either ? undefined : currencies.get(code === 'XBT' ? 'BTC' : code);
  if (!currency) throw new Refusal('unknownCurrency');
  if (!currency.futures) throw new Refusal('currencyNotSettled');
  return currency;
}

/** How the futures host spells a currency. */
export function futuresName(currency: string): string {
  return currency === 'BTC' ? 'XBT' : currency;
}

/** Isolated margin holds the two currencies of its pair (kucoin-api 6.3). */
export function checkPair(currency: Currency, tag: string): void {
  if (tag !== '' && !tag.split('-').includes(currency.currency)) throw new Refusal('currencyNotInPair');
}

/** Which currencies an account takes (kucoin-api 6.3, 9.2). */
function checkCurrency(currency: Currency, { type, tag }: AccountRef): void {
  checkPair(currency, tag);
  if (type === 'contract' && !currency.futures) throw new Refusal('currencyNotSettled');
  if ((type === 'margin' || type === 'margin_v2') && !currency.margin) throw new Refusal('currencyNotMargin');
}

/** A positive multiple of 10^-precision (kucoin-api 6.3). The schema has let digits with a fraction pass only. */
export function amountOf(text: string, currency: Currency): Decimal {
  const amount = decimal(text);
  if (isZero(amount)) throw new Refusal('amountNotPositive');
  if (fractionDigits(amount) > currency.precision) throw new Refusal('amountIncrement');
  return amount;
}

/** Whether the target account can be used by its user (kucoin-api 7.2, 7.5, 9.2). */
function checkOpened(exchange: Exchange, owner: User, to: AccountTypeId): void {
  const isSub = owner.parentUid !== undefined;
  const margin = to === 'margin' || to === 'isolated' || to === 'margin_v2' || to === 'isolated_v2';
  if (margin && !owner.openedTradeTypes.includes('Margin')) {
    throw new Refusal(isSub ? 'subNotOpened' : 'marginNotOpened');
  }
  if (to === 'contract' && !owner.openedTradeTypes.includes('Futures')) {
    throw new Refusal(isSub ? 'subNotOpened' : 'futuresNotOpened');
  }
  // A transfer into an HF account opens it, for users on the whitelist.
  if (hfTypes.includes(to) && !exchange.hasHf(owner.uid, to) && !exchange.switches.hfWhitelisted) {
    throw new Refusal('hfNotWhitelisted');
  }
}
