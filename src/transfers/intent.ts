import { accountType, type AccountTypeId } from '../kucoin/accountTypes';
import { canonical, type Decimal } from '../kucoin/decimal';

/** What a person wants moved, before anybody knows how. Every way into a transfer makes one of these. */
export interface Intent {
  readonly profileId: string;
  readonly currency: string;
  /** In units of the currency; positive. */
  readonly amount: Decimal;
  readonly from: AccountRef;
  readonly to: AccountRef;
}

/** One account of the family: whose, which, and for isolated margin of which pair. */
export interface AccountRef {
  /** `self`: the user whose key it is. */
  readonly owner: Owner;
  readonly type: AccountTypeId;
  /** Trading pair such as `BTC-USDT`, for the account types that are kept per pair. */
  readonly tag?: string | undefined;
}

export type Owner = 'self' | SubOwner;

/** A sub-account, by its user id: 24 hex digits, not the uid. */
export interface SubOwner {
  readonly subUserId: string;
  /** For people; says nothing about which sub-account it is. */
  readonly name?: string | undefined;
}

/** An account of the key's own user. */
export function own(type: AccountTypeId, tag?: string): AccountRef {
  return tag === undefined ? { owner: 'self', type } : { owner: 'self', type, tag };
}

/** An account of a sub-account. */
export function ofSub(subUserId: string, type: AccountTypeId, tag?: string): AccountRef {
  const owner = { subUserId };
  return tag === undefined ? { owner, type } : { owner, type, tag };
}

/** Stable text of an account, the same for equal accounts: `self/main`, `self/isolated/BTC-USDT`. */
export function accountKey(account: AccountRef): string {
  const owner = account.owner === 'self' ? 'self' : `sub:${account.owner.subUserId}`;
  return [owner, account.type, ...(account.tag === undefined ? [] : [account.tag])].join('/');
}

/** What makes two intents identical: a person who sees both could not tell them apart. */
export function intentKey(intent: Intent): string {
  return JSON.stringify([
    intent.profileId,
    intent.currency,
    canonical(intent.amount),
    accountKey(intent.from),
    accountKey(intent.to),
  ]);
}

/** Name of an account on screen: `Funding`, `Isolated Margin BTC-USDT`, `Funding · bots` of a sub-account. */
export function accountTitle({
  owner,
  type,
  tag,
}: Pick<AccountRef, 'type' | 'tag'> & Partial<Pick<AccountRef, 'owner'>>): string {
  const { title } = accountType(type);
  const account = tag === undefined ? title : `${title} ${tag}`;
  return owner === undefined || owner === 'self' ? account : `${account} · ${owner.name ?? owner.subUserId}`;
}
