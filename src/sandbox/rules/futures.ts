import { add, compare, isNegative, isZero, subtract, sum, zero, type Decimal } from '../../kucoin/decimal';
import type * as marginAndFutures from '../../kucoin/endpoints/marginAndFutures';
import type * as subAccount from '../../kucoin/endpoints/subAccount';
import type * as transfers from '../../kucoin/endpoints/transfer';
import { JsonNumber } from '../../kucoin/jsonNumber';
import type { Currency } from '../currencies';
import type { Exchange, Withdrawal } from '../exchange';
import { available, transferable, type AccountRef } from '../ledger';
import type { User } from '../people';
import { Refusal } from '../refusals';
import { amountOf, futuresCurrencyOf, futuresName, transfer } from './moving';
import { dayWindow, pageOf, within } from './pages';
import { callerOf, Envelope, masterOf, oldEnvelope, type Call, type Rule } from './rule';

/** What one futures account holds in one currency. */
export interface Overview {
  readonly accountEquity: Decimal;
  readonly unrealisedPNL: Decimal;
  readonly marginBalance: Decimal;
  readonly positionMargin: Decimal;
  readonly orderMargin: Decimal;
  readonly frozenFunds: Decimal;
  readonly availableBalance: Decimal;
}

const empty: Overview = {
  accountEquity: zero,
  unrealisedPNL: zero,
  marginBalance: zero,
  positionMargin: zero,
  orderMargin: zero,
  frozenFunds: zero,
  availableBalance: zero,
};

/**
 * kucoin-api 8.9. The sandbox has no positions: what is locked in the row counts as unrealised profit, and what is
 * held beyond transfers on their way, with that profit, as margin of positions. So the sums of 8.9 hold.
 */
export function overviewOf(exchange: Exchange, uid: number, { currency }: Currency): Overview {
  const row = exchange.ledger.find({ uid, type: 'contract', tag: '' }, currency);
  if (!row) return empty;
  const frozenFunds = exchange.frozen(uid, currency);
  // A loss takes from what is available first, then from the margin of the positions.
  const afterLoss = isNegative(row.locked) ? add(available(row), row.locked) : available(row);
  const availableBalance = isNegative(afterLoss) ? zero : afterLoss;
  const accountEquity = add(row.total, row.locked);
  return {
    accountEquity,
    unrealisedPNL: row.locked,
    marginBalance: row.total,
    positionMargin: subtract(subtract(accountEquity, frozenFunds), availableBalance),
    orderMargin: zero,
    frozenFunds,
    availableBalance,
  };
}

const usualCurrency = 'XBT';

/** kucoin-api 8.9 */
export const getFuturesAccount: Rule<typeof marginAndFutures.getFuturesAccount> = (call) => {
  const { exchange, params } = call;
  const { user } = callerOf(call);
  const opened = user.openedTradeTypes.includes('Futures');
  if (!opened && exchange.switches.futuresNeverOpened === 'refused') throw new Refusal('futuresNotOpened');
  const currency = futuresCurrencyOf(exchange, params.currency ?? usualCurrency);
  const overview = overviewOf(exchange, user.uid, currency);
  const row = exchange.ledger.find({ uid: user.uid, type: 'contract', tag: '' }, currency.currency);
  return {
    ...asNumbers(overview),
    currency: futuresName(currency.currency),
    ...(exchange.world === 'today' && {
      riskRatio: new JsonNumber(isZero(overview.positionMargin) ? '0' : '0.02'),
      maxWithdrawAmount: new JsonNumber(row ? transferable(row) : zero),
      availableMargin: new JsonNumber(overview.availableBalance),
    }),
  };
};

/** kucoin-api 8.10 */
export const getFuturesAccountAll: Rule<typeof subAccount.getFuturesAccountAll> = (call) => {
  const { exchange, params } = call;
  const master = masterOf(call);
  const currency = futuresCurrencyOf(exchange, params.currency ?? usualCurrency);
  const name = futuresName(currency.currency);
  const users = [master, ...exchange.subsOf(master.uid)].filter((user) =>
    user.openedTradeTypes.includes('Futures'),
  );
  const overviews = users.map((user) => overviewOf(exchange, user.uid, currency));
  const total = (member: keyof Overview): JsonNumber =>
    new JsonNumber(sum(overviews.map((overview) => overview[member])));
  const data = {
    summary: {
      accountEquityTotal: total('accountEquity'),
      unrealisedPNLTotal: total('unrealisedPNL'),
      marginBalanceTotal: total('marginBalance'),
      positionMarginTotal: total('positionMargin'),
      orderMarginTotal: total('orderMargin'),
      frozenFundsTotal: total('frozenFunds'),
      availableBalanceTotal: total('availableBalance'),
      currency: name,
    },
    accounts: users.map((user, index) => ({
      accountName: user.parentUid === undefined ? 'main' : user.name,
      ...asNumbers(overviews[index] ?? empty),
      currency: name,
    })),
  };
  return exchange.switches.oldEnvelope === 'always' ? oldEnvelope(data) : data;
};

function asNumbers(overview: Overview): Record<keyof Overview, JsonNumber> {
  return {
    accountEquity: new JsonNumber(overview.accountEquity),
    unrealisedPNL: new JsonNumber(overview.unrealisedPNL),
    marginBalance: new JsonNumber(overview.marginBalance),
    positionMargin: new JsonNumber(overview.positionMargin),
    orderMargin: new JsonNumber(overview.orderMargin),
    frozenFunds: new JsonNumber(overview.frozenFunds),
    availableBalance: new JsonNumber(overview.availableBalance),
  };
}

const spotTypes: Readonly<Record<string, 'main' | 'trade'>> = { MAIN: 'main', TRADE: 'trade' };

function contractOf({ uid }: User): AccountRef {
  return { uid, type: 'contract', tag: '' };
}

/** kucoin-api 8.19: done in the background. Above the limit a success code hides the refusal (3.2). */
export const futuresTransferOut: Rule<typeof transfers.futuresTransferOut> = (call) => {
  const { exchange, params } = call;
  const { user } = callerOf(call);
  const to = spotTypes[params.recAccountType];
  if (!to) throw new Refusal('recAccountTypeRange');
  const currency = futuresCurrencyOf(exchange, params.currency);
  const amount = amountOf(params.amount.text, currency);
  const row = exchange.ledger.find(contractOf(user), currency.currency);
  if (!row || compare(transferable(row), amount) < 0) {
    throw new Refusal(outRefusals[exchange.switches.transferOutRefusal]);
  }
  const withdrawal = exchange.withdraw(contractOf(user), currency.currency, amount, to);
  return {
    applyId: withdrawal.applyId,
    bizNo: `65aa${withdrawal.number.toString(16).padStart(20, 'f')}`,
    payAccountType: 'CONTRACT',
    payTag: 'DEFAULT',
    remark: '',
    recAccountType: params.recAccountType,
    recTag: 'DEFAULT',
    recRemark: '',
    recSystem: 'KUCOIN',
    status: withdrawal.status,
    currency: futuresName(withdrawal.currency),
    amount: withdrawal.amount,
    fee: zero,
    sn: new JsonNumber(serialOf(withdrawal)),
    reason: '',
    createdAt: withdrawal.createdAt,
    updatedAt: withdrawal.createdAt,
  };
};

const outRefusals = {
  upperLimit: 'transferOutLimit',
  maxFunds: 'transferOutMaximum',
  insufficientBalance: 'insufficientBalance',
} as const;

/** Beyond 2^53, so that a float would not hold it (kucoin-api 8.19). */
function serialOf({ number }: Withdrawal): string {
  return String(15_000_000_000_000_001n + BigInt(number) * 2n);
}

/** kucoin-api 8.20: no clientOid, and no id in the answer. */
export const futuresTransferIn: Rule<typeof transfers.futuresTransferIn> = (call) => {
  const { exchange, params } = call;
  const { user } = callerOf(call);
  const type = spotTypes[params.payAccountType];
  if (!type) throw new Refusal('range', { field: 'payAccountType' });
  const currency = futuresCurrencyOf(exchange, params.currency);
  const amount = amountOf(params.amount.text, currency);
  transfer(exchange, {
    user,
    from: { uid: user.uid, type, tag: '' },
    to: contractOf(user),
    currency,
    amount,
  });
  const form = exchange.switches.oldEnvelope;
  const old = form === 'always' || (form === 'byWorld' && exchange.world === 'seed');
  return old ? new Envelope({ code: '200', msg: '', retry: true, success: true }) : null;
};

/** kucoin-api 8.21 */
export const getFuturesTransferOutList: Rule<typeof transfers.getFuturesTransferOutList> = (call) => {
  const { exchange, params, now } = call;
  const window = dayWindow(params, now, 'queryScope');
  const currency =
    params.currency === undefined ? undefined : futuresCurrencyOf(exchange, params.currency).currency;
  const found = transfersOut(call).filter(
    (one) =>
      (currency === undefined || one.currency === currency) &&
      (params.status === undefined || one.status === params.status) &&
      (params.queryStatus === undefined || params.queryStatus.includes(one.status)) &&
      within(one.createdAt, window),
  );
  const page = pageOf(found, params, { least: 10, most: 500, usual: 50 });
  return {
    ...page,
    items: page.items.map((one) => ({
      applyId: one.applyId,
      currency: futuresName(one.currency),
      recRemark: '',
      recSystem: 'KUCOIN',
      status: one.status,
      amount: one.amount,
      reason: one.reason,
      offset: new JsonNumber(serialOf(one)),
      createdAt: one.createdAt,
      remark: '',
    })),
  };
};

/** Newest first; with the switch `transferOutList` those of Flex Transfer too. */
function transfersOut(call: Pick<Call, 'exchange' | 'caller'>): Withdrawal[] {
  const { exchange } = call;
  const { uid } = callerOf(call).user;
  const own = exchange.withdrawalsOf(uid);
  if (exchange.switches.transferOutList === 'transferOut') return own;
  const known = new Set(own.map(({ applyId }) => applyId));
  const flex = exchange.ledger
    .entries()
    .filter(
      (entry) =>
        entry.uid === uid &&
        entry.type === 'contract' &&
        entry.direction === 'out' &&
        entry.bizType !== 'REALISED_PNL' &&
        !known.has(entry.reference),
    )
    .map((entry): Withdrawal => ({
      applyId: entry.reference,
      number: Number(entry.id),
      uid,
      currency: entry.currency,
      amount: entry.amount,
      to: 'main',
      status: 'SUCCESS',
      reason: '',
      createdAt: entry.time,
      dueAt: null,
    }));
  return [...own, ...flex].sort((a, b) => b.createdAt - a.createdAt);
}
