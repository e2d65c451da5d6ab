import * as v from 'valibot';
import { endpoint } from '../endpoint';
import { currencyCode, decimalNumber, decimalText, milliseconds, open } from '../schema';
import { pageParams, pageReply } from '../schemaParts';

/** The sub-accounts of a master and their balances. All of it with the master's key only. */

export const getSubAccountList = endpoint({
  title: 'Get SubAccount List - Summary Info',
  summary: 'The sub-accounts of the master, with their ids, states and opened trade types.',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/sub-account/get-subaccount-list-summary-info',
  method: 'GET',
  host: 'spot',
  path: '/api/v2/sub/user',
  permission: 'General',
  pool: 'Management',
  weight: 20,
  /** pageSize 1 to 100, 10 where left out. */
  params: v.object(pageParams),
  reply: pageReply(
    v.object({
      /** 24 hex digits: names the sub-account in transfers and balances. */
      userId: v.string(),
      uid: v.number(),
      subName: v.string(),
      /** 2 enabled, 3 frozen. */
      status: v.number(),
      /** 0 normal, 1 robot, 2 new financial, 5 asset management. */
      type: v.number(),
      access: v.nullish(v.string()),
      createdAt: v.nullish(milliseconds),
      remarks: v.nullish(v.string()),
      /** What the sub-account may do. */
      tradeTypes: v.nullish(v.array(open('Spot', 'Futures', 'Margin', 'Option'))),
      /** What has been opened; a futures or margin account of others cannot receive. */
      openedTradeTypes: v.nullish(v.array(open('Spot', 'Futures', 'Margin', 'Option'))),
      hostedStatus: v.nullish(v.string()),
    }),
  ),
  repeat: 'safe',
});

const subRow = v.object({
  currency: v.string(),
  balance: decimalText,
  available: decimalText,
  holds: decimalText,
  baseCurrency: v.nullish(v.string()),
  baseCurrencyPrice: v.nullish(v.string()),
  baseAmount: v.nullish(v.string()),
  tag: v.nullish(v.string()),
});

const subBalances = v.object({
  subUserId: v.string(),
  subName: v.string(),
  mainAccounts: v.array(subRow),
  tradeAccounts: v.array(subRow),
  marginAccounts: v.array(subRow),
  /** Filled for old HF users only. */
  tradeHFAccounts: v.nullish(v.array(subRow)),
});

export const getSubAccountBalance = endpoint({
  title: 'Get SubAccount Detail - Balance',
  summary: 'Funding, spot and margin balances of one sub-account; neither futures nor isolated margin.',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/sub-account/get-subaccount-detail-balance',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/sub-accounts/{subUserId}',
  permission: 'General',
  pool: 'Management',
  weight: 15,
  params: v.object({
    /** The `userId`, not the `uid`. */
    subUserId: v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{1,64}$/, 'user id')),
    /** `true`: currencies with nothing in them too. Older texts require it. */
    includeBaseAmount: v.optional(v.boolean()),
    /** Currency of the converted amounts. */
    baseCurrency: v.optional(currencyCode),
    /** Leaves out balances below it. */
    baseAmount: v.optional(v.pipe(v.string(), v.regex(/^\d+(\.\d+)?$/, 'amount'))),
  }),
  reply: subBalances,
  repeat: 'safe',
});

export const getSubAccountBalances = endpoint({
  title: 'Get SubAccount List - Spot Balance(V2)',
  summary: 'Funding, spot and margin balances of all sub-accounts, page by page.',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/sub-account/get-subaccount-list-spot-balance-v2',
  method: 'GET',
  host: 'spot',
  path: '/api/v2/sub-accounts',
  permission: 'General',
  pool: 'Management',
  weight: 20,
  /** pageSize 10 to 100, 10 where left out. */
  params: v.object(pageParams),
  reply: pageReply(subBalances),
  repeat: 'safe',
});

export const getFuturesAccountAll = endpoint({
  title: 'Get SubAccount List - Futures Balance(V2)',
  summary: 'Futures balances of the master and its sub-accounts in one settlement currency.',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/sub-account/get-subaccount-list-futures-balance-v2',
  method: 'GET',
  host: 'futures',
  path: '/api/v1/account-overview-all',
  permission: 'General',
  pool: 'Futures',
  weight: 6,
  params: v.object({
    /** Settlement currency, XBT where left out. */
    currency: v.optional(currencyCode),
  }),
  reply: v.object({
    summary: v.object({
      accountEquityTotal: decimalNumber,
      unrealisedPNLTotal: decimalNumber,
      marginBalanceTotal: decimalNumber,
      positionMarginTotal: decimalNumber,
      orderMarginTotal: decimalNumber,
      frozenFundsTotal: decimalNumber,
      availableBalanceTotal: decimalNumber,
      currency: v.string(),
    }),
    accounts: v.array(
      v.object({
        /** Name of the sub-account; `main` for the master. */
        accountName: v.string(),
        accountEquity: decimalNumber,
        unrealisedPNL: decimalNumber,
        marginBalance: decimalNumber,
        positionMargin: decimalNumber,
        orderMargin: decimalNumber,
        frozenFunds: decimalNumber,
        availableBalance: decimalNumber,
        currency: v.string(),
      }),
    ),
  }),
  repeat: 'safe',
});
