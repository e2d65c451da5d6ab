import { isAccountTypeId, type AccountTypeId } from '../../kucoin/accountTypes';
import { isZero, subtract, sum, type Decimal } from '../../kucoin/decimal';
import type * as account from '../../kucoin/endpoints/account';
import type { World } from '../../kucoin/vocabulary';
import { available, type Balance } from '../ledger';
import { Refusal } from '../refusals';
import { callerOf, type Call, type Rule } from './rule';

/** kucoin-api 8.3 */
export const getApiKeyInfo: Rule<typeof account.getApiKeyInfo> = (call) => {
  const { key, user } = callerOf(call);
  return {
    remark: key.remark,
    apiKey: key.key,
    apiVersion: key.version,
    permission: key.permissions.join(','),
    ...(key.ips.length > 0 && { ipWhitelist: key.ips.join(',') }),
    createdAt: key.createdAt,
    uid: user.uid,
    isMaster: user.parentUid === undefined,
    ...(user.parentUid !== undefined && { subName: user.name }),
    ...(call.exchange.world === 'today' && {
      ...(key.expiresAt !== undefined && { expiredAt: key.expiresAt }),
      siteType: 'global',
    }),
  };
};

/** kucoin-api 8.2. The allowances of sub-accounts by VIP level are invented. */
export const getAccountSummary: Rule<typeof account.getAccountSummary> = (call) => {
  const { exchange } = call;
  const subs = exchange.subsOf(callerOf(call).user.uid);
  const level = exchange.switches.vipLevel;
  const free = 5 + level;
  const additional = 2;
  return {
    level,
    subQuantity: subs.length,
    spotSubQuantity: subs.filter((sub) => sub.tradeTypes.includes('Spot')).length,
    marginSubQuantity: subs.filter((sub) => sub.tradeTypes.includes('Margin')).length,
    futuresSubQuantity: subs.filter((sub) => sub.tradeTypes.includes('Futures')).length,
    maxSubQuantity: free + additional,
    maxDefaultSubQuantity: free,
    maxSpotSubQuantity: additional,
    maxMarginSubQuantity: additional,
    maxFuturesSubQuantity: additional,
    ...(exchange.world === 'today' && {
      optionSubQuantity: subs.filter((sub) => sub.tradeTypes.includes('Option')).length,
      maxOptionSubQuantity: 0,
    }),
  };
};

/** kucoin-api 8.4: true only for users of the separate trade_hf account. */
export const getSpotAccountType: Rule<typeof account.getSpotAccountType> = (call) =>
  call.exchange.hasHf(callerOf(call).user.uid, 'trade_hf');

/** Account types that the list shows (kucoin-api 8.5 and 12, row 10). */
const listed: Readonly<Record<World, readonly AccountTypeId[]>> = {
  seed: ['main', 'trade', 'margin', 'trade_hf'],
  today: ['main', 'trade', 'trade_hf', 'option'],
};

/** Filters that are understood; the types of margin were abandoned and find nothing today. */
const filters: Readonly<Record<World, readonly AccountTypeId[]>> = {
  seed: [...listed.seed, 'isolated'],
  today: [...listed.today, 'margin', 'isolated'],
};

/** kucoin-api 8.5. An unknown currency finds nothing; a type in wrong case is refused (7.1). */
export const getAccountList: Rule<typeof account.getAccountList> = (call) => {
  const { exchange, params } = call;
  const { type, currency } = params;
  if (type !== undefined && !(isAccountTypeId(type) && filters[exchange.world].includes(type))) {
    throw new Refusal('typeRange');
  }
  const found = listedRows(call).filter(
    (row) =>
      (type === undefined || row.type === type) &&
      (currency === undefined || row.currency === currency) &&
      (exchange.switches.zeroRows === 'listed' || !isZero(row.total)),
  );
  if (exchange.switches.accountOrder === 'shuffled') shuffle(found, exchange.random);
  return found.map((row) => ({ id: row.id, currency: row.currency, type: row.type, ...amounts(row) }));
};

/** kucoin-api 8.6 */
export const getAccountDetail: Rule<typeof account.getAccountDetail> = (call) => {
  const row = listedRows(call).find(({ id }) => id === call.params.accountId);
  if (!row) throw new Refusal('unknownAccount');
  return { currency: row.currency, ...amounts(row) };
};

function listedRows(call: Pick<Call, 'caller' | 'exchange'>): Balance[] {
  const { uid } = callerOf(call).user;
  const { world, switches, ledger } = call.exchange;
  const types: readonly string[] = listed[world];
  return ledger
    .rowsOf(uid)
    .filter(({ type }) => types.includes(type) && !(switches.unifiedMode && isUnified(type)));
}

/** In unified mode spot, margin and futures are one account beside the funding account (kucoin-api 7.4). */
function isUnified(type: string): boolean {
  return type !== 'main' && type !== 'option';
}

/** kucoin-api 8.37. What `equity` counts is not documented: here what is owed is taken off. */
export const getUnifiedAccountBalance: Rule<typeof account.getUnifiedAccountBalance> = (call) => {
  const { exchange } = call;
  if (!exchange.switches.unifiedMode) throw new Refusal('notUnified');
  const rows = exchange.ledger.rowsOf(callerOf(call).user.uid).filter(({ type }) => isUnified(type));
  const currencies = [...new Set(rows.map(({ currency }) => currency))].map((currency) => {
    const of = rows.filter((row) => row.currency === currency);
    const balance = sum(of.map(({ total }) => total));
    const liability = sum(of.map(({ debt }) => debt));
    return {
      currency,
      balance,
      available: sum(of.map(available)),
      hold: sum(of.map(({ held }) => held)),
      equity: subtract(balance, liability),
      liability,
    };
  });
  return { accountType: 'UNIFIED', accounts: [{ currencies }] };
};

function amounts(row: Balance): Record<'balance' | 'available' | 'holds', Decimal> {
  return { balance: row.total, available: available(row), holds: row.held };
}

function shuffle(list: unknown[], random: () => number): void {
  // Each round takes one of those not yet taken and puts it at the end.
  for (let left = list.length; left > 1; left--) list.push(...list.splice(Math.floor(random() * left), 1));
}

/** kucoin-api 8.37. The mode is one for all: the switch concerns master and sub-accounts alike. */
export const getAccountMode: Rule<typeof account.getAccountMode> = (call) => {
  const { exchange } = call;
  const { user } = callerOf(call);
  const subs = user.parentUid === undefined ? exchange.subsOf(user.uid).map(({ uid }) => uid) : [];
  const unified = exchange.switches.unifiedMode;
  return {
    selfAccountMode: unified ? 'UNIFIED' : 'CLASSIC',
    unifiedSubAccount: unified ? subs : [],
    classicSubAccount: unified ? [] : subs,
  };
};
