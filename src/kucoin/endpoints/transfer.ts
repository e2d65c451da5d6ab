import * as v from 'valibot';
import { endpoint } from '../endpoint';
import { currencyCode, decimalText, open } from '../schema';

/** Moving funds between accounts, and how much can be moved. */

/** A trading pair such as `BTC-USDT`. */
const tag = v.pipe(v.string(), v.regex(/^[A-Z0-9]+-[A-Z0-9]+$/, 'trading pair'));
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
    amount: v.pipe(v.string(), v.regex(/^\d+(\.\d+)?$/, 'amount')),
    fromTag: v.optional(tag),
    toTag: v.optional(tag),
  }),
  reply: v.object({ orderId: v.string() }),
  repeat: 'never',
  state: { today: 'superseded' },
});
