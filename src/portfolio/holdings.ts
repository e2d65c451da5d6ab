import { isAccountTypeId, type AccountTypeId } from '../kucoin/accountTypes';
import type { Decimal } from '../kucoin/decimal';
import type { Account, SubAccount } from './accounts';
import { withdrawable } from './families';
import type { FamilyId, Portfolio } from './portfolio';

/** What is available of one currency in one account of the family. */
export interface Holding {
  /** `undefined`: the key's own user; else the user id of a sub-account. */
  readonly subUserId?: string | undefined;
  readonly type: AccountTypeId;
  /** Trading pair of isolated margin. */
  readonly tag?: string | undefined;
  /** As the spot side spells it: `BTC`, also for futures. */
  readonly currency: string;
  readonly available: Decimal;
}

export type { SubAccount };

/** Where funds lie that a transfer can start from. */
export interface Holdings {
  readonly rows: readonly Holding[];
  /** Accounts of the own user whose balances were read: a currency without a row is not in them. */
  readonly read: ReadonlySet<AccountTypeId>;
  readonly subs: readonly SubAccount[];
}

/** What is known of the own accounts, without any further call. */
export function listedHoldings(accounts: readonly Account[]): Holdings {
  const known = accounts.filter((account) => isAccountTypeId(account.type));
  return {
    rows: known.flatMap((account) => holdingsOf(account)),
    read: new Set(known.map(({ type }) => type as AccountTypeId)),
    subs: [],
  };
}

/** Families that the account list does not show, and the accounts that each tells of. */
const families: readonly (readonly [FamilyId, AccountTypeId])[] = [
  ['margin', 'margin'],
  ['isolated', 'isolated'],
  ['futures', 'contract'],
];

/**
 * The whole family: margin, futures and sub-accounts beside what the account list shows. What is older than `maxAgeMs`
 * is read again, side by side. What the exchange does not tell this key is left out; it is then not known, never zero.
 */
export async function familyHoldings(portfolio: Portfolio, maxAgeMs = 0): Promise<Holdings> {
  const ids: FamilyId[] = ['margin', 'isolated', 'futures'];
  if (portfolio.isMaster) ids.push('subs', 'subBalances');
  await Promise.all(ids.map((id) => portfolio.refreshFamily(id, 'interactive', maxAgeMs)));
  await portfolio.readFuturesDetails('interactive');
  const isReady = (id: FamilyId): boolean => portfolio.family(id).state === 'ready';
  const unread = new Set(families.filter(([id]) => !isReady(id)).map(([, type]) => type as string));
  const listed = listedHoldings(portfolio.own.filter(({ type }) => !unread.has(type)));
  const subs = portfolio.isMaster && isReady('subs') ? portfolio.subs : [];
  return {
    rows: [
      ...listed.rows,
      ...subs.flatMap(({ userId, accounts }) => accounts.flatMap((each) => holdingsOf(each, userId))),
    ],
    read: new Set([...listed.read, ...families.filter(([id]) => isReady(id)).map(([, type]) => type)]),
    subs,
  };
}

function holdingsOf(account: Account, subUserId?: string): Holding[] {
  const { type, tag } = account;
  if (!isAccountTypeId(type)) return [];
  return account.balances.map((balance) => ({
    ...(subUserId !== undefined && { subUserId }),
    type,
    ...(tag !== undefined && { tag }),
    currency: balance.currency,
    available: withdrawable(balance),
  }));
}
