import * as v from 'valibot';
import { endpoint } from '../endpoint';
import { currencyCode, decimalNumber, decimalText, milliseconds, open } from '../schema';
import {
  count,
  digits,
  exactId,
  millisecondsOrText,
  pageParams,
  pageReply,
  windowParams,
} from '../schemaParts';

/**
 * What moved in which account. One transfer makes two rows, one per account; none of them names the clientOid, the
 * orderId or the other side (kucoin-api 8.11 to 8.14, 10.3).
 */

const tenCurrencies = v.optional(v.pipe(v.array(currencyCode), v.maxLength(10, 'ten currencies at most')));
const direction = v.optional(open('in', 'out'));

export const getAccountLedgers = endpoint({
  title: 'Get Account Ledgers - Spot/Margin',
  summary: 'Movements in funding, spot and margin accounts, newest first. At most 24 hours in one call.',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/account-funding/get-account-ledgers-spot-margin',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/accounts/ledgers',
  permission: 'General',
  pool: 'Management',
  weight: 2,
  params: v.object({
    currency: tenCurrencies,
    direction,
    bizType: v.optional(
      open(
        'DEPOSIT',
        'WITHDRAW',
        'TRANSFER',
        'SUB_TRANSFER',
        'TRADE_EXCHANGE',
        'MARGIN_EXCHANGE',
        'KUCOIN_BONUS',
        'BROKER_TRANSFER',
        'REBATE',
      ),
    ),
    /** At most 24 h; one bound alone is completed with 24 h. */
    ...windowParams,
    ...pageParams,
  }),
  reply: pageReply(
    v.object({
      /** Hex digits in old rows, decimal digits in HF-backed ones. */
      id: v.string(),
      currency: v.string(),
      /** Positive, fee included; the sign is in `direction`. */
      amount: decimalText,
      fee: decimalText,
      /** Means nothing any more. */
      balance: v.nullish(v.string()),
      accountType: open('MAIN', 'TRADE', 'MARGIN', 'CONTRACT'),
      /** No clean enumeration: display names occur too. Compare without case, blanks and underscores. */
      bizType: v.string(),
      direction: open('in', 'out'),
      createdAt: milliseconds,
      /** JSON text, or empty. */
      context: v.nullish(v.string()),
    }),
  ),
  repeat: 'safe',
});

const hfRow = {
  currency: v.string(),
  amount: decimalText,
  fee: decimalText,
  tax: v.nullish(decimalText),
  /** Total of the account after the change. */
  balance: decimalText,
  bizType: v.string(),
  direction: open('in', 'out'),
  createdAt: millisecondsOrText,
  /** `{}` for transfers. Old rows of trades hold single quotes, which is no JSON. */
  context: v.nullish(v.string()),
};

const hfPaging = {
  /** Rows with smaller ids follow. */
  lastId: v.optional(digits),
  /** 100 where left out. */
  limit: v.optional(v.pipe(count, v.maxValue(200))),
  ...windowParams,
};

export const getHfTradeLedgers = endpoint({
  title: 'Get Account Ledgers - Trade_hf',
  summary: 'Movements in the HF-backed spot account, newest first, for the last days only.',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/account-funding/get-account-ledgers-tradehf',
  method: 'GET',
  host: 'spot',
  path: '/api/v1/hf/accounts/ledgers',
  permission: 'General',
  pool: 'Spot',
  weight: 2,
  params: v.object({
    currency: tenCurrencies,
    direction,
    bizType: v.optional(
      open('TRADE_EXCHANGE', 'TRANSFER', 'SUB_TRANSFER', 'RETURNED_FEES', 'DEDUCTION_FEES', 'OTHER'),
    ),
    ...hfPaging,
  }),
  reply: v.array(v.object({ id: exactId, ...hfRow, accountType: open('TRADE_HF') })),
  repeat: 'safe',
});

export const getHfMarginLedgers = endpoint({
  title: 'Get Account Ledgers - Margin_hf',
  summary: 'Movements in the HF-backed margin accounts, newest first, for the last days only.',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/account-funding/get-account-ledgers-marginhf',
  method: 'GET',
  host: 'spot',
  path: '/api/v3/hf/margin/account/ledgers',
  permission: 'General',
  pool: 'Spot',
  weight: 2,
  params: v.object({
    currency: tenCurrencies,
    direction,
    bizType: v.optional(
      open('TRANSFER', 'MARGIN_EXCHANGE', 'ISOLATED_EXCHANGE', 'LIQUIDATION', 'ASSERT_RETURN'),
    ),
    ...hfPaging,
  }),
  reply: v.array(
    v.object({
      /** A number today, text before; may exceed 2^53. */
      id: exactId,
      ...hfRow,
      accountType: open('MARGIN_V2', 'ISOLATED_V2', 'MARGIN', 'ISOLATED'),
    }),
  ),
  repeat: 'safe',
});

export const getFuturesLedger = endpoint({
  title: 'Get Account Ledgers - Futures',
  summary: 'Movements in the futures account, newest first. At most one day in one call.',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/account-funding/get-account-ledgers-futures',
  method: 'GET',
  host: 'futures',
  path: '/api/v1/transaction-history',
  permission: 'General',
  pool: 'Futures',
  weight: 2,
  params: v.object({
    /** Bitcoin is XBT here. */
    currency: v.optional(currencyCode),
    /** Spelled `Transferin` here, `TransferIn` in the rows. */
    type: v.optional(open('RealisedPNL', 'Deposit', 'Withdrawal', 'Transferin', 'TransferOut')),
    /** The smallest `offset` read so far; digits only, as the -1 of a pending row is no cursor. */
    offset: v.optional(digits),
    /** `true` where left out. */
    forward: v.optional(v.boolean()),
    /** 50 where left out; the maximum is not documented. */
    maxCount: v.optional(count),
    /** At most one day; one bound alone is completed with one day. */
    ...windowParams,
  }),
  reply: v.object({
    hasMore: v.boolean(),
    dataList: v.array(
      v.object({
        time: milliseconds,
        type: open('RealisedPNL', 'Deposit', 'Withdrawal', 'TransferIn', 'TransferOut'),
        /** The sign of a TransferOut is not documented: `type` tells the direction. */
        amount: decimalNumber,
        fee: v.nullish(decimalNumber),
        /** Of the account after the event. */
        accountEquity: v.nullish(decimalNumber),
        /** `Pending`: profit and loss of the running eight hours, not settled. */
        status: open('Completed', 'Pending'),
        remark: v.nullish(v.string()),
        /** Cursor; -1 for the pending row. */
        offset: exactId,
        currency: v.string(),
      }),
    ),
  }),
  repeat: 'safe',
});
