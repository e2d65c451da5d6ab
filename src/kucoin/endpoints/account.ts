import * as v from 'valibot';
import { endpoint } from '../endpoint';
import { currencyCode, decimalNumber, decimalText, milliseconds, open } from '../schema';

/** The key, its user, and the user's accounts. */

const noParams = v.object({});

export const getApiKeyInfo = endpoint({
  title: 'Get Apikey Info',
  summary: 'Describes the calling key: permissions, version, IP allow-list, uid, master or sub-account.',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/account-funding/get-apikey-info',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/user/api-key',
  permission: 'General',
  pool: 'Management',
  weight: 20,
  params: noParams,
  reply: v.object({
    remark: v.optional(v.string(), ''),
    apiKey: v.string(),
    apiVersion: v.number(),
    /** Comma list without blanks, e.g. `General,Spot,InnerTransfer`. */
    permission: v.string(),
    /** Comma list, may be masked; absent without an allow-list. */
    ipWhitelist: v.nullish(v.string()),
    createdAt: milliseconds,
    uid: v.number(),
    isMaster: v.boolean(),
    /** Only for the key of a sub-account. */
    subName: v.nullish(v.string()),
    expiredAt: v.nullish(v.number()),
    siteType: v.nullish(open('global', 'australia', 'turkey', 'europe', 'thailand')),
  }),
  repeat: 'safe',
});

export const getAccountSummary = endpoint({
  title: 'Get Account Summary Info',
  summary: 'VIP level and the number of sub-accounts.',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/account-funding/get-account-summary-info',
  method: 'GET',
  host: 'spot',
  path: '/api/v2/user-info',
  permission: 'General',
  pool: 'Management',
  weight: 20,
  params: noParams,
  reply: v.object({
    level: v.number(),
    subQuantity: v.number(),
    spotSubQuantity: v.optional(v.number()),
    marginSubQuantity: v.optional(v.number()),
    futuresSubQuantity: v.optional(v.number()),
    optionSubQuantity: v.optional(v.number()),
    maxSubQuantity: v.number(),
    maxDefaultSubQuantity: v.optional(v.number()),
    maxSpotSubQuantity: v.optional(v.number()),
    maxMarginSubQuantity: v.optional(v.number()),
    maxFuturesSubQuantity: v.optional(v.number()),
    maxOptionSubQuantity: v.optional(v.number()),
  }),
  repeat: 'safe',
});

export const getSpotAccountType = endpoint({
  title: 'Get Account Type - Spot',
  summary:
    'Whether the user has the separate HF account of before 2024 (trade_hf). `false` does not mean "HF not activated".',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/account-funding/get-account-type-spot',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/hf/accounts/opened',
  permission: 'General',
  pool: 'Spot',
  weight: 30,
  params: noParams,
  reply: v.boolean(),
  repeat: 'safe',
  state: { seed: 'absent' },
});

export const getAccountList = endpoint({
  title: 'Get Account List - Spot',
  summary: 'Balances of the funding, spot and options accounts; trade_hf too for old HF users.',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/account-funding/get-account-list-spot',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/accounts',
  permission: 'General',
  pool: 'Management',
  weight: 5,
  params: v.object({
    currency: v.optional(currencyCode),
    type: v.optional(open('main', 'trade', 'trade_hf', 'margin', 'isolated', 'option')),
  }),
  reply: v.array(
    v.object({
      /** Opaque: 24 hex digits, or decimal digits for HF-backed trade accounts. */
      id: v.string(),
      currency: v.string(),
      type: open('main', 'trade', 'trade_hf', 'margin', 'isolated', 'option'),
      /** available + holds */
      balance: decimalText,
      available: decimalText,
      holds: decimalText,
    }),
  ),
  repeat: 'safe',
});

export const getAccountDetail = endpoint({
  title: 'Get Account Detail - Spot',
  summary: 'Balance of one account by its id.',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/account-funding/get-account-detail-spot',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/accounts/{accountId}',
  permission: 'General',
  pool: 'Management',
  weight: 5,
  params: v.object({ accountId: v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{1,64}$/, 'account id')) }),
  reply: v.object({
    currency: v.string(),
    balance: decimalText,
    available: decimalText,
    holds: decimalText,
  }),
  repeat: 'safe',
});

export const getAccountMode = endpoint({
  title: 'Get Account Mode',
  summary: 'Whether the account and each of its sub-accounts is in classic or in unified mode.',
  docs: 'https://www.kucoin.com/docs-new/rest/ua/get-account-mode',
  method: 'GET',
  host: 'spot',
  path: '/api/ua/v1/account/mode',
  permission: 'General',
  pool: 'Management',
  weight: 30,
  params: noParams,
  reply: v.object({
    selfAccountMode: open('CLASSIC', 'UNIFIED'),
    /** By `uid`. */
    unifiedSubAccount: v.nullish(v.array(v.number())),
    classicSubAccount: v.nullish(v.array(v.number())),
  }),
  repeat: 'safe',
  state: { seed: 'absent' },
});

/** Whether these figures are texts or JSON numbers is not documented. */
const unifiedAmount = v.union([decimalText, decimalNumber]);

export const getUnifiedAccountBalance = endpoint({
  title: 'Get Account (Unified)',
  summary: 'Balances of the unified account, which only users in unified mode have.',
  docs: 'https://www.kucoin.com/docs-new/rest/ua/get-account-uta',
  method: 'GET',
  host: 'spot',
  path: '/api/ua/v1/unified/account/balance',
  permission: 'General',
  pool: 'Management',
  // That of the classic balances under the same prefix; its own is not documented.
  weight: 5,
  params: noParams,
  reply: v.object({
    accountType: open('UNIFIED'),
    accounts: v.array(
      v.object({
        accountSubtype: v.nullish(v.string()),
        riskRatio: v.nullish(unifiedAmount),
        currencies: v.array(
          v.object({
            currency: v.string(),
            balance: unifiedAmount,
            available: unifiedAmount,
            hold: unifiedAmount,
            equity: v.nullish(unifiedAmount),
            liability: v.nullish(unifiedAmount),
          }),
        ),
      }),
    ),
  }),
  repeat: 'safe',
  state: { seed: 'absent' },
});
