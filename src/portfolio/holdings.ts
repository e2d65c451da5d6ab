import { isAccountTypeId, type AccountTypeId } from '../kucoin/accountTypes';
import type { KucoinClient } from '../kucoin/client';
import type { Decimal } from '../kucoin/decimal';
import {
  getCrossMarginAccount,
  getFuturesAccount,
  getIsolatedMarginAccount,
} from '../kucoin/endpoints/marginAndFutures';
import { unlessRefused } from '../kucoin/errors';
import { subAccountBalances, subAccounts, type SubAccountRow } from '../kucoin/paging';
import type { Account } from './accounts';

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

export interface SubAccount {
  readonly userId: string;
  readonly name: string;
  readonly frozen: boolean;
  /** As `openedTradeTypes` lists them. */
  readonly opened?: ReadonlySet<string> | undefined;
}

/** Where funds lie that a transfer can start from. */
export interface Holdings {
  readonly rows: readonly Holding[];
  /** Accounts of the own user whose balances were read: a currency without a row is not in them. */
  readonly read: ReadonlySet<AccountTypeId>;
  readonly subs: readonly SubAccount[];
}

/** Currencies that futures settle in, as the futures host and the spot host spell them (kucoin-api 6.2, 6.3). */
const settlementCurrencies: readonly (readonly [futures: string, spot: string])[] = [
  ['USDT', 'USDT'],
  ['USDC', 'USDC'],
  ['XBT', 'BTC'],
];

/** What the account list shows, without any further call. */
export function listedHoldings(accounts: readonly Account[]): Holdings {
  const known = accounts.filter((account): account is Account & { type: AccountTypeId } =>
    isAccountTypeId(account.type),
  );
  return {
    rows: known.flatMap(({ type, balances }) =>
      balances.map(({ currency, available }) => ({ type, currency, available })),
    ),
    read: new Set(known.map(({ type }) => type)),
    subs: [],
  };
}

/**
 * The whole family, families side by side: margin, futures and sub-accounts beside what the account list shows. What
 * the exchange does not tell this key is left out; it is then not known, never zero.
 */
export async function familyHoldings(
  client: KucoinClient,
  accounts: readonly Account[],
  isMaster: boolean,
): Promise<Holdings> {
  const listed = listedHoldings(accounts);
  const [cross, isolated, futures, subs] = await Promise.all([
    unlessRefused(crossMargin(client)),
    unlessRefused(isolatedMargin(client)),
    unlessRefused(futuresAccounts(client)),
    isMaster ? unlessRefused(subsOf(client)) : undefined,
  ]);
  const own: [AccountTypeId, Holding[] | undefined][] = [
    ['margin', cross],
    ['isolated', isolated],
    ['contract', futures],
  ];
  const found = own.filter((family): family is [AccountTypeId, Holding[]] => family[1] !== undefined);
  const replaced = new Set(found.map(([type]) => type));
  return {
    rows: [
      ...listed.rows.filter(({ type }) => !replaced.has(type)),
      ...found.flatMap(([, rows]) => rows),
      ...(subs?.rows ?? []),
    ],
    read: new Set([...listed.read, ...replaced]),
    subs: subs?.subs ?? [],
  };
}

async function crossMargin(client: KucoinClient): Promise<Holding[]> {
  const { accounts } = await client.call(getCrossMarginAccount, {});
  return accounts.map(({ currency, available }) => ({ type: 'margin', currency, available }));
}

async function isolatedMargin(client: KucoinClient): Promise<Holding[]> {
  const { assets } = await client.call(getIsolatedMarginAccount, {});
  return assets.flatMap(({ symbol, baseAsset, quoteAsset }) =>
    [baseAsset, quoteAsset].map(({ currency, available }) => ({
      type: 'isolated' as const,
      tag: symbol,
      currency,
      available,
    })),
  );
}

async function futuresAccounts(client: KucoinClient): Promise<Holding[]> {
  return Promise.all(
    settlementCurrencies.map(async ([futures, currency]) => {
      const account = await client.call(getFuturesAccount, { currency: futures });
      const available = account.maxWithdrawAmount ?? account.availableBalance;
      return { type: 'contract' as const, currency, available };
    }),
  );
}

async function subsOf(client: KucoinClient): Promise<{ rows: Holding[]; subs: SubAccount[] }> {
  const call = client.call.bind(client);
  const options = { priority: 'interactive' } as const;
  const [subs, balances] = await Promise.all([
    collect(subAccounts(call, options)),
    collect(subAccountBalances(call, options)),
  ]);
  const rows = balances.flatMap(
    ({ subUserId, mainAccounts, tradeAccounts, marginAccounts, tradeHFAccounts }) => {
      const families = {
        main: mainAccounts,
        trade: tradeAccounts,
        margin: marginAccounts,
        trade_hf: tradeHFAccounts,
      };
      return (Object.keys(families) as (keyof typeof families)[]).flatMap((type) =>
        (families[type] ?? []).map(({ currency, available }) => ({ subUserId, type, currency, available })),
      );
    },
  );
  return { rows, subs: subs.map(asSubAccount) };
}

/** Status 3 is frozen (kucoin-api 7.5). */
function asSubAccount({ userId, subName, status, openedTradeTypes }: SubAccountRow): SubAccount {
  return {
    userId,
    name: subName,
    frozen: status === 3,
    ...(openedTradeTypes && { opened: new Set<string>(openedTradeTypes) }),
  };
}

async function collect<T>(listing: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of listing) all.push(row);
  return all;
}
