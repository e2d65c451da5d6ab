import { row } from './support';

/** Answers about an invented family, in the form that the exchange gives them. */

export interface FamilyShape {
  readonly subs: number;
  /** Per sub-account: USDT, C1, C2, … */
  readonly currencies: number;
}

export function accountList(): unknown {
  return [row('main', 'USDT', '10'), row('trade', 'BTC', '1')];
}

const marginRow = (currency: string, total: string, liability: string): unknown => ({
  currency,
  total,
  available: total,
  hold: '0',
  liability,
  liabilityPrincipal: liability,
  liabilityInterest: '0',
  maxBorrowSize: '1',
  borrowEnabled: true,
  transferInEnabled: true,
});
const totals = { totalAssetOfQuoteCurrency: '1', totalLiabilityOfQuoteCurrency: '0' };

export function crossMargin(status = 'EFFECTIVE', debtRatio = '0.08'): unknown {
  const accounts = [marginRow('USDT', '310.4', '25'), marginRow('BTC', '0', '0')];
  return { ...totals, debtRatio, status, accounts };
}

export function isolated(): unknown {
  const asset = (symbol: string, total: string): unknown => ({
    symbol,
    status: 'EFFECTIVE',
    debtRatio: '0',
    baseAsset: marginRow(symbol.split('-')[0] ?? '', '0', '0'),
    quoteAsset: marginRow('USDT', total, '0'),
  });
  return { ...totals, timestamp: 1, assets: [asset('ETH-USDT', '80'), asset('KCS-USDT', '0')] };
}

interface Overview {
  readonly summary: unknown;
  readonly accounts: readonly Record<string, unknown>[];
}

export function overviewAll({ subs }: FamilyShape, currency: string): Overview {
  const one = (accountName: string, equity: number): Record<string, unknown> => ({
    accountName,
    accountEquity: equity,
    unrealisedPNL: 0,
    marginBalance: equity,
    positionMargin: 0,
    orderMargin: 0,
    frozenFunds: 0,
    availableBalance: equity,
    currency,
  });
  const isHeld = currency === 'USDT';
  const names = Array.from({ length: subs }, (_, index) => `sub${index}`);
  return {
    summary: {
      accountEquityTotal: 0,
      unrealisedPNLTotal: 0,
      marginBalanceTotal: 0,
      positionMarginTotal: 0,
      orderMarginTotal: 0,
      frozenFundsTotal: 0,
      availableBalanceTotal: 0,
      currency,
    },
    accounts: [one('main', isHeld ? 100 : 0), ...names.map((name) => one(name, isHeld ? 5 : 0))],
  };
}

export function userId(index: number): string {
  return `65aa${String(index).padStart(20, '0')}`;
}

/** Rows of both lists of sub-accounts, made when they are read. */
export function subRows({ subs, currencies }: FamilyShape, kind: 'list' | 'balances'): unknown[] {
  const balance = (index: number, at: number): unknown => ({
    currency: at === 0 ? 'USDT' : `C${at}`,
    balance: `${index}.${at}5`,
    available: `${index}.${at}5`,
    holds: '0',
    baseCurrency: 'BTC',
    baseCurrencyPrice: '5000',
    baseAmount: '0.0003',
    tag: 'DEFAULT',
  });
  return Array.from({ length: subs }, (_, index) =>
    kind === 'list'
      ? {
          userId: userId(index),
          uid: 700_000_000 + index,
          subName: `sub${index}`,
          status: index % 50 === 3 ? 3 : 2,
          type: 0,
          access: 'All',
          createdAt: 1,
          remarks: `desk ${index % 7}`,
          tradeTypes: ['Spot', 'Futures'],
          openedTradeTypes: ['Spot', 'Futures'],
          hostedStatus: null,
        }
      : {
          subUserId: userId(index),
          subName: `sub${index}`,
          mainAccounts: Array.from({ length: Math.min(currencies, 3) }, (_, at) => balance(index, at)),
          tradeAccounts: Array.from({ length: Math.max(currencies - 3, 0) }, (_, at) => balance(index, at)),
          marginAccounts: [],
          tradeHFAccounts: [],
        },
  );
}

export function page(rows: readonly unknown[], query: URLSearchParams): unknown {
  const pageSize = Number(query.get('pageSize'));
  const currentPage = Number(query.get('currentPage'));
  return {
    currentPage,
    pageSize,
    totalNum: rows.length,
    totalPage: Math.ceil(rows.length / pageSize),
    items: rows.slice((currentPage - 1) * pageSize, currentPage * pageSize),
  };
}
