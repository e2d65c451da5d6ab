import * as v from 'valibot';
import { accountTypeIds } from '../../kucoin/accountTypes';
import { isDecimal } from '../../kucoin/decimal';
import { hfKinds } from '../../portfolio/hfWatch';
import type { Outcome } from '../../transfers/history';
import { longestQuotation } from './outside';
import type { ToolName } from './toolTable';

/**
 * What goes into a tool and what comes out of it. The editor checks neither: any extension may call with anything.
 * The manifest describes the same inputs to the models; a test holds the two together.
 */

const profile = v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(60)));
const currency = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9._-]{1,30}$/, 'a currency code such as USDT'),
  v.toUpperCase(),
);
const accountId = v.picklist(accountTypeIds);
const outcomes = ['done', 'notExecuted', 'halfWay', 'unknown', 'underway'] as const satisfies Outcome[];
const uuid = v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}$/, 'the id of a plan, a UUID'));
const rows = (most: number): v.GenericSchema<number> =>
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));

/** One account of the family. */
const place = v.strictObject({
  account: accountId,
  pair: v.exactOptional(
    v.pipe(v.string(), v.regex(/^[A-Z0-9]{1,12}-[A-Z0-9]{1,12}$/, 'a pair such as BTC-USDT')),
  ),
  subAccountId: v.exactOptional(
    v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{1,64}$/, 'the id of a sub-account')),
  ),
});
export type PlaceInput = v.InferOutput<typeof place>;

export const inputs = {
  kucoin_balances: v.strictObject({
    profile,
    currency: v.exactOptional(currency),
    account: v.exactOptional(accountId),
    owner: v.exactOptional(v.picklist(['self', 'subAccounts'])),
    limit: v.exactOptional(rows(200)),
  }),
  kucoin_transfer_history: v.strictObject({
    profile,
    id: v.exactOptional(uuid),
    currency: v.exactOptional(currency),
    outcome: v.exactOptional(v.picklist(outcomes)),
    limit: v.exactOptional(rows(50)),
  }),
  kucoin_hf_status: v.strictObject({ profile, kind: v.exactOptional(v.picklist(hfKinds)) }),
  kucoin_explain_endpoint: v.strictObject({ endpoint: v.pipe(v.string(), v.minLength(2), v.maxLength(200)) }),
  kucoin_plan_transfer: v.strictObject({
    profile,
    currency,
    amount: v.pipe(
      v.string(),
      v.regex(/^(?:max|\d{1,20}(?:\.\d{1,18})?)$/, 'digits such as "12.5", or "max"'),
    ),
    from: place,
    to: place,
  }),
  kucoin_execute_transfer: v.strictObject({ planId: uuid }),
} as const satisfies Record<ToolName, v.GenericSchema>;

export type InputOf<N extends ToolName> = v.InferOutput<(typeof inputs)[N]>;

const amount = v.pipe(v.string(), v.maxLength(80), v.check(isDecimal, 'a decimal'));
const time = v.pipe(v.string(), v.isoTimestamp());
/** A sentence of ours with at most a few quotations. */
const text = v.pipe(v.string(), v.maxLength(1_000));
const quotation = v.strictObject({ quoted: v.pipe(v.string(), v.maxLength(longestQuotation + 1)) });
const word = v.pipe(v.string(), v.maxLength(60));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Whose answer it is: stands first in each that is about an account. */
const head = {
  environment: v.picklist(['LIVE', 'DEMO']),
  about: text,
  profile: quotation,
};

const owned = {
  account: word,
  title: word,
  pair: v.exactOptional(word),
  /** Absent for the user of the key. */
  subAccount: v.exactOptional(v.strictObject({ id: word, name: quotation })),
};

const movement = {
  amount,
  currency: word,
  from: v.strictObject(owned),
  to: v.strictObject(owned),
};

const ended = {
  transferId: word,
  outcome: v.picklist(outcomes),
  moneyMoved: v.picklist(['yes', 'no', 'unknown']),
  what: text,
  money: text,
  todo: text,
  ...movement,
  orderIds: v.pipe(v.array(word), v.maxLength(10)),
};

export const outputs = {
  kucoin_balances: v.strictObject({
    ...head,
    valuedIn: word,
    rows: v.pipe(
      v.array(
        v.strictObject({
          ...owned,
          currency: word,
          total: amount,
          available: amount,
          held: amount,
          owed: v.exactOptional(amount),
          value: v.exactOptional(amount),
          readAt: time,
        }),
      ),
      v.maxLength(200),
    ),
    moreRows: count,
    subAccounts: v.pipe(
      v.array(
        v.strictObject({
          id: word,
          name: quotation,
          remark: v.exactOptional(quotation),
          frozen: v.boolean(),
        }),
      ),
      v.maxLength(50),
    ),
    moreSubAccounts: count,
    notRead: v.pipe(v.array(v.strictObject({ part: word, reason: text })), v.maxLength(10)),
  }),
  kucoin_transfer_history: v.strictObject({
    ...head,
    transfers: v.pipe(v.array(v.strictObject({ ...ended, at: time })), v.maxLength(50)),
    moreTransfers: count,
  }),
  kucoin_hf_status: v.strictObject({
    ...head,
    kinds: v.pipe(
      v.array(
        v.strictObject({
          kind: v.picklist(hfKinds),
          state: word,
          drawsOn: v.exactOptional(word),
          meaning: text,
          next: text,
          evidence: v.pipe(v.array(text), v.maxLength(20)),
        }),
      ),
      v.maxLength(hfKinds.length),
    ),
  }),
  kucoin_explain_endpoint: v.strictObject({
    about: text,
    endpoints: v.pipe(
      v.array(
        v.strictObject({
          name: word,
          title: text,
          summary: text,
          call: text,
          host: text,
          documentation: text,
          permission: word,
          mayBeCalled: text,
          weight: count,
          pool: word,
          quota: text,
          state: word,
          repeat: text,
          parameters: v.array(
            v.strictObject({
              name: word,
              type: word,
              required: v.boolean(),
              form: v.exactOptional(text),
              values: v.exactOptional(v.array(word)),
            }),
          ),
        }),
      ),
      v.maxLength(5),
    ),
  }),
  kucoin_plan_transfer: v.strictObject({
    ...head,
    planId: uuid,
    expiresAt: time,
    sent: text,
    howToExecute: text,
    ...movement,
    plan: v.pipe(v.array(text), v.maxLength(40)),
    checked: v.pipe(v.array(text), v.maxLength(20)),
    notKnown: v.pipe(v.array(text), v.maxLength(20)),
  }),
  kucoin_execute_transfer: v.strictObject({ ...head, ...ended }),
} as const satisfies Record<ToolName, v.GenericSchema>;

export type OutputOf<N extends ToolName> = v.InferInput<(typeof outputs)[N]>;
