import * as v from 'valibot';
import { endpoint } from '../endpoint';
import { currencyCode, decimalNumber, decimalText, milliseconds, open } from '../schema';
import { tradingPair } from '../schemaParts';

/** Balances that the account list does not show: cross margin, isolated margin, futures. */

const quoteCurrency = v.optional(open('USDT', 'KCS', 'BTC'));
const marginStatus = open('EFFECTIVE', 'BANKRUPTCY', 'LIQUIDATION', 'REPAY', 'BORROW');

const marginRow = v.object({
  currency: v.string(),
  /** available + hold */
  total: decimalText,
  available: decimalText,
  hold: decimalText,
  liability: decimalText,
  /** Newer than the others, as the interest. */
  liabilityPrincipal: v.nullish(decimalText),
  liabilityInterest: v.nullish(decimalText),
  maxBorrowSize: v.nullish(decimalText),
  borrowEnabled: v.nullish(v.boolean()),
  /** Whether a transfer into the account is possible. */
  transferInEnabled: v.nullish(v.boolean()),
});

export const getCrossMarginAccount = endpoint({
  title: 'Get Account - Cross Margin',
  summary: 'Balances and debts of the cross margin account.',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/account-funding/get-account-cross-margin',
  method: 'GET',
  host: 'spot',
  path: '/api/v3/margin/accounts',
  permission: 'General',
  pool: 'Spot',
  weight: 15,
  params: v.object({
    /** Unit of the totals, USDT where left out. */
    quoteCurrency,
    /** MARGIN where left out. */
    queryType: v.optional(open('MARGIN', 'MARGIN_V2', 'ALL')),
  }),
  reply: v.object({
    totalAssetOfQuoteCurrency: decimalText,
    totalLiabilityOfQuoteCurrency: decimalText,
    debtRatio: decimalText,
    status: marginStatus,
    accounts: v.array(marginRow),
  }),
  repeat: 'safe',
});

export const getIsolatedMarginAccount = endpoint({
  title: 'Get Account - Isolated Margin',
  summary: 'Balances and debts of the isolated margin accounts, one per trading pair.',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/account-funding/get-account-isolated-margin',
  method: 'GET',
  host: 'spot',
  path: '/api/v3/isolated/accounts',
  permission: 'General',
  pool: 'Spot',
  weight: 15,
  params: v.object({
    /** All pairs where left out. */
    symbol: v.optional(tradingPair),
    quoteCurrency,
    /** ISOLATED where left out. */
    queryType: v.optional(open('ISOLATED', 'ISOLATED_V2', 'ALL')),
  }),
  reply: v.object({
    totalAssetOfQuoteCurrency: decimalText,
    totalLiabilityOfQuoteCurrency: decimalText,
    timestamp: milliseconds,
    assets: v.array(
      v.object({
        symbol: v.string(),
        status: marginStatus,
        debtRatio: decimalText,
        baseAsset: marginRow,
        quoteAsset: marginRow,
      }),
    ),
  }),
  repeat: 'safe',
});

export const getFuturesAccount = endpoint({
  title: 'Get Account - Futures',
  summary: 'Equity, margins and available balance of the futures account in one settlement currency.',
  docs: 'https://www.kucoin.com/docs-new/rest/account-info/account-funding/get-account-futures',
  method: 'GET',
  host: 'futures',
  path: '/api/v1/account-overview',
  permission: 'Futures',
  permissionIn: { seed: 'General' },
  pool: 'Futures',
  weight: 5,
  params: v.object({
    /** Settlement currency, XBT where left out. */
    currency: v.optional(currencyCode),
  }),
  reply: v.object({
    /** marginBalance + unrealisedPNL */
    accountEquity: decimalNumber,
    unrealisedPNL: decimalNumber,
    /** positionMargin + orderMargin + frozenFunds + availableBalance - unrealisedPNL */
    marginBalance: decimalNumber,
    positionMargin: decimalNumber,
    orderMargin: decimalNumber,
    /** On its way out. */
    frozenFunds: decimalNumber,
    availableBalance: decimalNumber,
    currency: v.string(),
    riskRatio: v.nullish(decimalNumber),
    /** What can leave the account; use `availableBalance` where it is absent. */
    maxWithdrawAmount: v.nullish(decimalNumber),
    availableMargin: v.nullish(decimalNumber),
  }),
  repeat: 'safe',
});
