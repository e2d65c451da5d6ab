import type { CallOptions } from '../kucoin/client';
import { zero, type Decimal } from '../kucoin/decimal';
import type { Endpoint, ParamsOf, ReplyOf } from '../kucoin/endpoint';
import { getAccountList } from '../kucoin/endpoints/account';
import {
  getCrossMarginAccount,
  getFuturesAccount,
  getIsolatedMarginAccount,
} from '../kucoin/endpoints/marginAndFutures';
import { getFuturesAccountAll, getSubAccountBalance } from '../kucoin/endpoints/subAccount';
import { futuresCurrency } from '../kucoin/vocabulary';
import type { AccountRef } from './intent';

/** The reading side of a `KucoinClient`. */
export interface ReadClient {
  call<E extends Endpoint>(endpoint: E, params: ParamsOf<E>, options?: CallOptions): Promise<ReplyOf<E>>;
}

type Reader = (
  client: ReadClient,
  asked: { readonly currency: string; readonly tag: string },
  options: CallOptions,
) => Promise<Decimal | undefined>;

function listed(type: 'main' | 'trade' | 'trade_hf' | 'option'): Reader {
  return async (client, { currency }, options) => {
    const rows = await client.call(getAccountList, { currency, type }, options);
    return rows.find((row) => row.type === type && row.currency === currency)?.balance ?? zero;
  };
}

function crossMargin(queryType: 'MARGIN' | 'MARGIN_V2'): Reader {
  return async (client, { currency }, options) => {
    const { accounts } = await client.call(getCrossMarginAccount, { queryType }, options);
    return accounts.find((row) => row.currency === currency)?.total ?? zero;
  };
}

function isolatedMargin(queryType: 'ISOLATED' | 'ISOLATED_V2'): Reader {
  return async (client, { currency, tag }, options) => {
    const { assets } = await client.call(getIsolatedMarginAccount, { queryType, symbol: tag }, options);
    const sides = assets.flatMap(({ symbol, baseAsset, quoteAsset }) =>
      symbol === tag ? [baseAsset, quoteAsset] : [],
    );
    return sides.find((side) => side.currency === currency)?.total ?? zero;
  };
}

/** Where the balance of each own account stands. */
const readers: Readonly<Record<AccountRef['type'], Reader>> = {
  main: listed('main'),
  trade: listed('trade'),
  trade_hf: listed('trade_hf'),
  option: listed('option'),
  margin: crossMargin('MARGIN'),
  margin_v2: crossMargin('MARGIN_V2'),
  isolated: isolatedMargin('ISOLATED'),
  isolated_v2: isolatedMargin('ISOLATED_V2'),
  contract: async (client, { currency }, options) => {
    const asked = { currency: futuresCurrency(currency) };
    return (await client.call(getFuturesAccount, asked, options)).marginBalance;
  },
};

const subLists = {
  main: 'mainAccounts',
  trade: 'tradeAccounts',
  trade_hf: 'tradeHFAccounts',
  margin: 'marginAccounts',
} as const;

/**
 * All of a currency in an account, held funds included, as movements change it and orders do not; `undefined` where nothing shows it, as in isolated margin of a
 * sub-account. @throws KucoinError
 */
export async function totalIn(
  client: ReadClient,
  { owner, type, tag = '' }: AccountRef,
  currency: string,
  options: CallOptions = {},
): Promise<Decimal | undefined> {
  if (owner === 'self') return readers[type](client, { currency, tag }, options);
  const { subUserId } = owner;
  if (type !== 'contract' && !Object.hasOwn(subLists, type)) return undefined;
  const sub = await client.call(getSubAccountBalance, { subUserId, includeBaseAmount: true }, options);
  if (type !== 'contract') {
    const rows = sub[subLists[type as keyof typeof subLists]] ?? [];
    return rows.find((row) => row.currency === currency)?.balance ?? zero;
  }
  const asked = { currency: futuresCurrency(currency) };
  const { accounts } = await client.call(getFuturesAccountAll, asked, options);
  return accounts.find(({ accountName }) => accountName === sub.subName)?.marginBalance;
}
