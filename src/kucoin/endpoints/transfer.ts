import * as v from 'valibot';
import { endpoint } from '../endpoint';
import { jsonNumberParam } from '../jsonNumber';
import { currencyCode, decimalText, milliseconds, open } from '../schema';
import { exactId, pageParams, pageReply, tradingPair, windowParams } from '../schemaParts';

/** Moving funds between accounts, and how much can be moved. */

/** The pair of an isolated margin account. */
const tag = v.pipe(tradingPair, v.maxLength(20, 'trading pair of at most 20 characters'));
/** Decimal text above zero or zero; the exchange refuses the latter. */
const amountText = v.pipe(v.string(), v.regex(/^\d+(\.\d+)?$/, 'amount'));
/** `userId` of a sub-account: 24 hex digits, not the `uid`. */
const userId = v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{1,64}$/, 'user id'));
/** One id per intention. "128 bits" is documented; a UUID text fits. */
const clientOid = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const innerAccount = open(
  'main',
  'trade',
  'trade_hf',
  'margin',
  'isolated',
  'margin_v2',
  'isolated_v2',
  'contract',
  'option',
);

export const getTransferQuotas = endpoint({
  title: 'Get Transfer Quotas',
  summary: 'How much of a currency can leave an account: may be less than what is available.',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/transfer/get-transfer-quotas',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/accounts/transferable',
  permission: 'General',
  pool: 'Management',
  weight: 20,
  params: v.object({
    currency: currencyCode,
    type: open('MAIN', 'TRADE', 'TRADE_HF', 'MARGIN', 'ISOLATED', 'OPTION', 'MARGIN_V2', 'ISOLATED_V2'),
    tag: v.optional(tag),
  }),
  reply: v.object({
    currency: v.string(),
    balance: decimalText,
    available: decimalText,
    holds: decimalText,
    transferable: decimalText,
  }),
  repeat: 'safe',
});

export const innerTransfer = endpoint({
  title: 'Internal Transfer',
  summary: "Moves funds between the key owner's own accounts.",
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/transfer/internal-transfer',
  method: 'POST',
  host: 'spot',
  path: '/api/v2/accounts/inner-transfer',
  permission: 'Spot',
  pool: 'Management',
  weight: 10,
  params: v.object({
    clientOid,
    currency: currencyCode,
    from: innerAccount,
    to: innerAccount,
    amount: amountText,
    fromTag: v.optional(tag),
    toTag: v.optional(tag),
  }),
  reply: v.object({ orderId: v.string() }),
  repeat: 'never',
  state: { today: 'superseded' },
});

const flexAccount = open(
  'MAIN',
  'TRADE',
  'CONTRACT',
  'MARGIN',
  'ISOLATED',
  'TRADE_HF',
  'MARGIN_V2',
  'ISOLATED_V2',
  'OPTION',
);

export const flexTransfer = endpoint({
  title: 'Flex Transfer',
  summary:
    "Moves funds between the user's own accounts, or between master and sub-account. Needs an IP list.",
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/transfer/flex-transfer',
  method: 'POST',
  host: 'spot',
  path: '/api/v3/accounts/universal-transfer',
  permission: 'InnerTransfer',
  pool: 'Management',
  weight: 4,
  params: v.object({
    clientOid,
    currency: currencyCode,
    amount: amountText,
    type: open('INTERNAL', 'PARENT_TO_SUB', 'SUB_TO_PARENT'),
    fromAccountType: flexAccount,
    toAccountType: flexAccount,
    /** When that side is ISOLATED or ISOLATED_V2. */
    fromAccountTag: v.optional(tag),
    toAccountTag: v.optional(tag),
    /** SUB_TO_PARENT: `userId` of the sub-account. */
    fromUserId: v.optional(userId),
    /** PARENT_TO_SUB: `userId` of the sub-account. */
    toUserId: v.optional(userId),
  }),
  reply: v.object({ orderId: v.string() }),
  repeat: 'never',
});

export const subTransfer = endpoint({
  title: 'SubAccount Transfer',
  summary: 'Moves funds between master and sub-account. A futures account can only receive.',
  docs: 'https://www.kucoin.com/docs-new/abandoned-endpoints/account-funding/subaccount-transfer',
  method: 'POST',
  host: 'spot',
  path: '/api/v2/accounts/sub-transfer',
  permission: 'Spot',
  pool: 'Management',
  weight: 30,
  params: v.object({
    clientOid,
    currency: currencyCode,
    amount: amountText,
    /** OUT: master to sub-account, IN: back. */
    direction: open('OUT', 'IN'),
    /** The master's side; MAIN where left out. */
    accountType: v.optional(open('MAIN', 'TRADE', 'TRADE_HF', 'MARGIN', 'ISOLATED', 'CONTRACT', 'OPTION')),
    /** The sub-account's side; MAIN where left out. */
    subAccountType: v.optional(open('MAIN', 'TRADE', 'TRADE_HF', 'MARGIN', 'ISOLATED', 'CONTRACT', 'OPTION')),
    subUserId: userId,
    /** When the master's side is ISOLATED (today). */
    tag: v.optional(tag),
    /** When the sub-account's side is ISOLATED (today). */
    subTag: v.optional(tag),
  }),
  reply: v.object({ orderId: v.string() }),
  repeat: 'never',
  state: { today: 'superseded' },
});

/** Largest amount of one transfer-out. */
const transferOutLimit = 1_000_000_000;

export const futuresTransferOut = endpoint({
  title: 'Futures Account Transfer Out',
  summary: 'Moves funds from the futures account to MAIN or TRADE, in the background. Knows no clientOid.',
  docs: 'https://www.kucoin.com/docs-new/abandoned-endpoints/account-funding/futures-account-transfer-out',
  method: 'POST',
  host: 'futures',
  path: '/api/v3/transfer-out',
  permission: 'Futures',
  pool: 'Management',
  weight: 20,
  params: v.object({
    /** Bitcoin is XBT here. */
    currency: currencyCode,
    amount: v.pipe(
      jsonNumberParam,
      v.check(({ text }) => Number(text) <= transferOutLimit, `at most ${transferOutLimit}`),
    ),
    recAccountType: open('MAIN', 'TRADE'),
  }),
  reply: v.object({
    /** By which the list of transfers out knows it. */
    applyId: v.string(),
    bizNo: v.nullish(v.string()),
    payAccountType: v.nullish(v.string()),
    payTag: v.nullish(v.string()),
    remark: v.nullish(v.string()),
    recAccountType: v.nullish(v.string()),
    recTag: v.nullish(v.string()),
    recRemark: v.nullish(v.string()),
    recSystem: v.nullish(v.string()),
    status: open(
      'APPLY',
      'PROCESSING',
      'PENDING_APPROVAL',
      'APPROVED',
      'REJECTED',
      'PENDING_CANCEL',
      'CANCEL',
      'SUCCESS',
    ),
    currency: v.string(),
    amount: decimalText,
    fee: v.nullish(decimalText),
    /** May exceed 2^53. */
    sn: v.nullish(exactId),
    reason: v.nullish(v.string()),
    createdAt: v.nullish(milliseconds),
    updatedAt: v.nullish(milliseconds),
  }),
  repeat: 'never',
  state: { today: 'superseded' },
});

export const futuresTransferIn = endpoint({
  title: 'Futures Account Transfer In',
  summary: 'Moves funds from MAIN or TRADE to the futures account. Knows no clientOid, and answers no id.',
  docs: 'https://www.kucoin.com/docs-new/abandoned-endpoints/account-funding/futures-account-transfer-in',
  method: 'POST',
  host: 'futures',
  path: '/api/v1/transfer-in',
  permission: 'Futures',
  pool: 'Management',
  weight: 20,
  params: v.object({
    /** Bitcoin is XBT here. */
    currency: currencyCode,
    amount: jsonNumberParam,
    payAccountType: open('MAIN', 'TRADE'),
  }),
  /** Says nothing: `null` today, no data beside code "200" before. */
  reply: v.pipe(
    v.unknown(),
    v.transform(() => null),
  ),
  repeat: 'never',
  state: { today: 'superseded' },
});

export const getFuturesTransferOutList = endpoint({
  title: 'Get Futures Account Transfer Out Ledger',
  summary: 'What became of transfers out of the futures account, newest first.',
  docs: 'https://www.kucoin.com/docs-new/abandoned-endpoints/account-funding/get-futures-account-transfer-out-ledger',
  method: 'GET',
  host: 'futures',
  path: '/api/v1/transfer-list',
  permission: 'General',
  pool: 'Management',
  weight: 20,
  params: v.object({
    /** Bitcoin is XBT here. */
    currency: v.optional(currencyCode),
    status: v.optional(open('PROCESSING', 'SUCCESS', 'FAILURE')),
    queryStatus: v.optional(v.array(open('PROCESSING', 'SUCCESS', 'FAILURE'))),
    /** At most one day. */
    ...windowParams,
    ...pageParams,
  }),
  repeated: ['queryStatus'],
  reply: pageReply(
    v.object({
      applyId: v.string(),
      currency: v.string(),
      recRemark: v.nullish(v.string()),
      recSystem: v.nullish(v.string()),
      status: open('PROCESSING', 'SUCCESS', 'FAILURE'),
      amount: decimalText,
      reason: v.nullish(v.string()),
      /** May exceed 2^53. */
      offset: v.nullish(exactId),
      createdAt: milliseconds,
      remark: v.nullish(v.string()),
    }),
  ),
  repeat: 'safe',
  state: { today: 'superseded' },
});
