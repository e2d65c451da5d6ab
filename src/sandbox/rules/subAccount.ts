import type { AccountTypeId } from '../../kucoin/accountTypes';
import { compare, isDecimal, isZero, type Decimal } from '../../kucoin/decimal';
import type * as subAccount from '../../kucoin/endpoints/subAccount';
import type { Exchange } from '../exchange';
import { available } from '../ledger';
import type { User } from '../people';
import { Refusal } from '../refusals';
import { currencyOf } from './moving';
import { pageOf } from './pages';
import { masterOf, type Rule } from './rule';

/** kucoin-api 8.22 */
export const getSubAccountList: Rule<typeof subAccount.getSubAccountList> = (call) => {
  const subs = call.exchange.subsOf(masterOf(call).uid);
  const page = pageOf(subs, call.params, { least: 1, most: 100, usual: 10 });
  return {
    ...page,
    items: page.items.map((sub) => ({
      userId: sub.userId,
      uid: sub.uid,
      subName: sub.name,
      status: sub.status,
      type: sub.kind,
      access: sub.tradeTypes.length > 1 ? 'All' : (sub.tradeTypes[0] ?? 'Spot'),
      createdAt: sub.createdAt,
      remarks: sub.remarks,
      tradeTypes: sub.tradeTypes,
      openedTradeTypes: sub.openedTradeTypes,
      hostedStatus: null,
    })),
  };
};

/** kucoin-api 8.23 */
export const getSubAccountBalance: Rule<typeof subAccount.getSubAccountBalance> = (call) => {
  const { exchange, params } = call;
  const sub = exchange.subsOf(masterOf(call).uid).find(({ userId }) => userId === params.subUserId);
  if (!sub) throw new Refusal('unknownSub');
  const { baseAmount = '0' } = params;
  return balancesOf(exchange, sub, {
    zeros: params.includeBaseAmount ?? false,
    base: currencyOf(exchange, params.baseCurrency ?? usualBase).currency,
    least: isDecimal(baseAmount) ? baseAmount : ('0' as Decimal),
  });
};

/** kucoin-api 8.24. Older revisions took pages from one row on. */
export const getSubAccountBalances: Rule<typeof subAccount.getSubAccountBalances> = (call) => {
  const { exchange } = call;
  const subs = exchange.subsOf(masterOf(call).uid);
  const least = exchange.world === 'today' ? 10 : 1;
  const page = pageOf(subs, call.params, { least, most: 100, usual: 10 });
  const view = { zeros: false, base: usualBase, least: '0' as Decimal };
  return { ...page, items: page.items.map((sub) => balancesOf(exchange, sub, view)) };
};

const usualBase = 'BTC';

interface View {
  readonly zeros: boolean;
  /** Currency of the converted amounts. */
  readonly base: string;
  /** Smallest balance that is shown. */
  readonly least: Decimal;
}

interface SubRow {
  readonly currency: string;
  readonly balance: Decimal;
  readonly available: Decimal;
  readonly holds: Decimal;
  readonly baseCurrency: string;
  readonly baseCurrencyPrice: string;
  readonly baseAmount: string;
  readonly tag: string;
}

interface SubBalances {
  readonly subUserId: string;
  readonly subName: string;
  readonly mainAccounts: readonly SubRow[];
  readonly tradeAccounts: readonly SubRow[];
  readonly marginAccounts: readonly SubRow[];
  readonly tradeHFAccounts: readonly SubRow[];
}

/** Neither futures nor isolated margin (kucoin-api 8.23). */
function balancesOf(exchange: Exchange, { uid, userId, name }: User, view: View): SubBalances {
  const all = exchange.ledger.rowsOf(uid);
  const rows = (type: AccountTypeId): SubRow[] =>
    all
      .filter(
        (row) =>
          row.type === type &&
          (view.zeros || !isZero(row.total)) &&
          (isZero(view.least) || compare(row.total, view.least) >= 0),
      )
      .map((row) => ({
        currency: row.currency,
        balance: row.total,
        available: available(row),
        holds: row.held,
        baseCurrency: view.base,
        // The price of the base currency in the currency of the row.
        baseCurrencyPrice: exchange.inCurrency('1' as Decimal, view.base, row.currency),
        baseAmount: exchange.inCurrency(row.total, row.currency, view.base),
        tag: 'DEFAULT',
      }));
  return {
    subUserId: userId,
    subName: name,
    mainAccounts: rows('main'),
    tradeAccounts: rows('trade'),
    marginAccounts: rows('margin'),
    tradeHFAccounts: rows('trade_hf'),
  };
}
