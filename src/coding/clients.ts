import { knownEndpoints, type Known } from './known';
import { type Family } from './scan';

/**
 * The clients whose calls are known, with the names of their methods. Sources: ccxt 4 (its description of the
 * exchange), kucoin-api by Tiago Siebler (`SpotClient.ts`, `FuturesClient.ts`), KuCoin's universal SDK 1.3.0 and
 * kucoin-python 1.0.26 (`user.py`, `market.py`, `trade.py`).
 */
export type ClientId = 'ccxt' | 'ccxtFutures' | 'spotClient' | 'futuresClient' | 'kucoinPython' | 'universal';

export interface Method {
  /** Method and path. */
  readonly id: string;
  readonly host: Known['host'];
  /** Parameters by place, where the client takes them so. */
  readonly places?: readonly string[];
  /** The client makes its own parameters of what it is given: rules about bodies do not apply. */
  readonly unified?: true;
}

type Table = Readonly<Record<string, Method>>;

/** `name METHOD path [place,place…]`, one a line. */
function table(host: Known['host'], text: string, more: Partial<Method> = {}): Table {
  const entries = text
    .trim()
    .split('\n')
    .map((line): readonly [string, Method] => {
      const [name = '', method = '', path = '', places] = line.trim().split(' ');
      const id = `${method} ${path}`;
      return [name, { id, host, ...more, ...(places !== undefined && { places: places.split(',') }) }];
    });
  return Object.fromEntries(entries);
}

const spotClient = table(
  'spot',
  `
  getServerTime GET /api/v1/timestamp
  getServiceStatus GET /api/v1/status
  getAccountSummary GET /api/v2/user-info
  getApikeyInfo GET /api/v1/user/api-key
  getUserType GET /api/v1/hf/accounts/opened
  getBalances GET /api/v1/accounts
  getAccountDetail GET /api/v1/accounts/{accountId}
  getMarginBalance GET /api/v3/margin/accounts
  getIsolatedMarginBalance GET /api/v3/isolated/accounts
  getTransactions GET /api/v1/accounts/ledgers
  getHFTransactions GET /api/v1/hf/accounts/ledgers
  getHFMarginTransactions GET /api/v3/hf/margin/account/ledgers
  getSubAccountsV2 GET /api/v2/sub/user
  getSubAccountBalance GET /api/v1/sub-accounts/{subUserId}
  getSubAccountBalancesV2 GET /api/v2/sub-accounts
  createSubAPI POST /api/v1/sub/api-key
  getSubAPIs GET /api/v1/sub/api-key
  deleteSubAPI DELETE /api/v1/sub/api-key
  createDepositAddressV3 POST /api/v3/deposit-address/create
  getDepositAddressesV3 GET /api/v3/deposit-addresses
  getDeposits GET /api/v1/deposits
  getWithdrawalQuotas GET /api/v1/withdrawals/quotas
  submitWithdrawV3 POST /api/v3/withdrawals
  getWithdrawals GET /api/v1/withdrawals
  getTransferable GET /api/v1/accounts/transferable
  submitFlexTransfer POST /api/v3/accounts/universal-transfer
  getBasicUserFee GET /api/v1/base-fee
  getTradingPairFee GET /api/v1/trade-fees
  getAnnouncements GET /api/v3/announcements
  getCurrency GET /api/v3/currencies/{currency}
  getCurrencies GET /api/v3/currencies
  getSymbol GET /api/v2/symbols/{symbol}
  getSymbols GET /api/v2/symbols
  getTicker GET /api/v1/market/orderbook/level1
  getTickers GET /api/v1/market/allTickers
  getTradeHistories GET /api/v1/market/histories
  getKlines GET /api/v1/market/candles
  getOrderBookLevel20 GET /api/v1/market/orderbook/level2_20
  getOrderBookLevel100 GET /api/v1/market/orderbook/level2_100
  getFullOrderBook GET /api/v3/market/orderbook/level2
  getFiatPrice GET /api/v1/prices
  get24hrStats GET /api/v1/market/stats
  getMarkets GET /api/v1/markets
  submitHFOrder POST /api/v1/hf/orders
  submitHFOrderSync POST /api/v1/hf/orders/sync
  submitHFOrderTest POST /api/v1/hf/orders/test
  submitHFMultipleOrders POST /api/v1/hf/orders/multi
  submitHFMultipleOrdersSync POST /api/v1/hf/orders/multi/sync
  cancelHFOrder DELETE /api/v1/hf/orders/{orderId}
  cancelHFOrderByClientOId DELETE /api/v1/hf/orders/client-order/{clientOid}
  cancelHFAllOrdersBySymbol DELETE /api/v1/hf/orders
  cancelHFAllOrders DELETE /api/v1/hf/orders/cancelAll
  updateHFOrder POST /api/v1/hf/orders/alter
  getHFOrderDetailsByOrderId GET /api/v1/hf/orders/{orderId}
  getHFOrderDetailsByClientOid GET /api/v1/hf/orders/client-order/{clientOid}
  getHFActiveSymbols GET /api/v1/hf/orders/active/symbols
  getHFActiveOrders GET /api/v1/hf/orders/active
  getHFCompletedOrders GET /api/v1/hf/orders/done
  getHFFilledOrders GET /api/v1/hf/fills
  getMarginBalances GET /api/v1/margin/account
  submitWithdraw POST /api/v1/withdrawals
  submitTransferMasterSub POST /api/v2/accounts/sub-transfer
  submitInnerTransfer POST /api/v2/accounts/inner-transfer
  submitOrder POST /api/v1/orders
  submitOrderTest POST /api/v1/orders/test
  submitMultipleOrders POST /api/v1/orders/multi
  cancelOrderById DELETE /api/v1/orders/{orderId}
  cancelOrderByClientOid DELETE /api/v1/order/client-order/{clientOid}
  cancelAllOrders DELETE /api/v1/orders
  getOrders GET /api/v1/orders
  getRecentOrders GET /api/v1/limit/orders
  getOrderByOrderId GET /api/v1/orders/{orderId}
  getOrderByClientOid GET /api/v1/order/client-order/{clientOid}
  getFills GET /api/v1/fills
  getRecentFills GET /api/v1/limit/fills
  submitMarginOrder POST /api/v1/margin/order
  submitMarginOrderTest POST /api/v1/margin/order/test
  getIsolatedMarginAccounts GET /api/v1/isolated/accounts
  getIsolatedMarginAccount GET /api/v1/isolated/account/{symbol}`,
);

const futuresClient = table(
  'futures',
  `
  getServerTime GET /api/v1/timestamp
  getServiceStatus GET /api/v1/status
  getTransactions GET /api/v1/transaction-history
  getBalance GET /api/v1/account-overview
  getSubBalances GET /api/v1/account-overview-all
  submitTransferOut POST /api/v3/transfer-out
  submitTransferIn POST /api/v1/transfer-in
  getTransfers GET /api/v1/transfer-list
  getTradingPairFee GET /api/v1/trade-fees
  getSymbols GET /api/v1/contracts/active
  getSymbol GET /api/v1/contracts/{symbol}
  getTicker GET /api/v1/ticker
  getTickers GET /api/v1/allTickers
  getFullOrderBookLevel2 GET /api/v1/level2/snapshot
  getMarketTrades GET /api/v1/trade/history
  getKlines GET /api/v1/kline/query
  getMarkPrice GET /api/v1/mark-price/{symbol}/current
  submitOrder POST /api/v1/orders
  submitNewOrderTest POST /api/v1/orders/test
  submitMultipleOrders POST /api/v1/orders/multi
  submitSLTPOrder POST /api/v1/st-orders
  cancelOrderById DELETE /api/v1/orders/{orderId}
  cancelOrderByClientOid DELETE /api/v1/orders/client-order/{clientOid}
  cancelAllOrders DELETE /api/v1/orders
  getOrders GET /api/v1/orders
  getOrderByOrderId GET /api/v1/orders/{orderId}
  getFills GET /api/v1/fills
  getPosition GET /api/v1/position
  getPositions GET /api/v1/positions
  getFundingHistory GET /api/v1/funding-history`,
);

const kucoinPython = table(
  'spot',
  `
  get_sub_user GET /api/v1/sub/user
  create_account POST /api/v1/accounts
  get_account_list GET /api/v1/accounts currency,type
  get_account GET /api/v1/accounts/{accountId}
  get_account_ledger GET /api/v1/accounts/ledgers
  get_account_hold GET /api/v1/accounts/{accountId}/holds
  get_sub_account GET /api/v1/sub-accounts/{subUserId}
  get_sub_accounts GET /api/v1/sub-accounts
  get_transferable GET /api/v1/accounts/transferable currency,type
  transfer_master_sub POST /api/v2/accounts/sub-transfer currency,amount,direction,subUserId
  inner_transfer POST /api/v2/accounts/inner-transfer currency,from,to,amount
  flex_transfer POST /api/v3/accounts/universal-transfer clientOid,amount,fromAccountType,type,toAccountType
  cancel_withdrawal DELETE /api/v1/withdrawals/{withdrawalId}
  get_sub_user_page GET /api/v2/sub/user
  get_account_summary_info GET /api/v2/user-info
  get_sub_account_api_list GET /api/v1/sub/api-key
  get_sub_account_page_info GET /api/v2/sub-accounts
  get_hf_account_ledgers GET /api/v1/hf/accounts/ledgers
  transfer_to_hf_account POST /api/v2/accounts/inner-transfer clientOid,currency,from,amount
  get_symbol_list GET /api/v1/symbols
  get_ticker GET /api/v1/market/orderbook/level1
  get_all_tickers GET /api/v1/market/allTickers
  get_24h_stats GET /api/v1/market/stats
  get_market_list GET /api/v1/markets
  get_part_order GET /api/v1/market/orderbook/level2_20
  get_aggregated_orderv3 GET /api/v3/market/orderbook/level2
  get_aggregated_order GET /api/v2/market/orderbook/level2
  get_trade_histories GET /api/v1/market/histories
  get_kline GET /api/v1/market/candles
  get_currencies GET /api/v1/currencies
  get_currency_detail GET /api/v1/currencies/{currency}
  get_currency_detail_v2 GET /api/v2/currencies/{currency}
  get_fiat_price GET /api/v1/prices
  get_actual_fee GET /api/v1/trade-fees
  get_base_fee GET /api/v1/base-fee
  get_order_details GET /api/v1/orders/{orderId}
  get_fill_list GET /api/v1/fills
  get_recent_fills GET /api/v1/limit/fills
  get_client_order_details GET /api/v1/order/client-order/{clientOid}`,
);

/** Unified methods of ccxt, each by the call that its usual case makes. */
const ccxt = table(
  'spot',
  `
  fetchBalance GET /api/v1/accounts
  fetchAccounts GET /api/v1/accounts
  fetchLedger GET /api/v1/accounts/ledgers
  transfer POST /api/v3/accounts/universal-transfer
  fetchTickers GET /api/v1/market/allTickers
  fetchTicker GET /api/v1/market/stats
  fetchMarkets GET /api/v2/symbols
  fetchCurrencies GET /api/v3/currencies
  fetchTime GET /api/v1/timestamp
  fetchStatus GET /api/v1/status
  loadMigrationStatus GET /api/v1/hf/accounts/opened
  createOrder POST /api/v1/hf/orders`,
  { unified: true },
);

const ccxtFutures = table(
  'futures',
  `
  fetchBalance GET /api/v1/account-overview
  fetchLedger GET /api/v1/transaction-history
  fetchTicker GET /api/v1/ticker
  fetchTickers GET /api/v1/allTickers
  fetchMarkets GET /api/v1/contracts/active
  fetchTime GET /api/v1/timestamp
  fetchStatus GET /api/v1/status
  createOrder POST /api/v1/orders`,
  { unified: true },
);

/** ccxt's name of the direct call of an endpoint: `privateGetHfAccountsOpened`. */
export function implicitName({ method, host, path, permission }: Known): string {
  const access = permission === 'Public' ? 'public' : 'private';
  const words = path
    .replace(/^\/api\/v\d\//, '')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  const camel = [method.toLowerCase(), ...words].map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${host === 'futures' ? `futures${access === 'public' ? 'Public' : 'Private'}` : access}${camel.join('')}`;
}

/** Where two versions of a path share a name, ccxt calls the one that is current, but for this. */
const implicitExceptions: Readonly<Record<string, string>> = {
  futuresPrivatePostTransferOut: 'POST /api/v2/transfer-out',
  privateGetDepositAddresses: 'GET /api/v1/deposit-addresses',
};

function implicitTable(): Map<string, Method> {
  const all = new Map<string, Method>();
  for (const known of knownEndpoints) {
    const name = implicitName(known);
    const wanted = implicitExceptions[name];
    if (wanted ? known.id !== wanted : all.has(name) && known.fate !== 'current') continue;
    all.set(name, { id: known.id, host: known.host });
  }
  return all;
}

/** `fetch_balance`, `FetchBalance` and `fetchBalance` are one method. */
export function camelCase(word: string): string {
  const camel = word.includes('_')
    ? word.replace(/^_+/, '').replace(/_+([A-Za-z0-9])/g, (_, c: string) => c.toUpperCase())
    : word;
  return camel.charAt(0).toLowerCase() + camel.slice(1);
}

let universal: Map<string, Known[]> | undefined;
let implicit: Map<string, Method> | undefined;

/** Calls of the universal SDK by their camel-case name without regard to case: its languages spell `HF` differently. */
export function universalCalls(name: string): readonly Known[] {
  if (!universal) {
    universal = new Map();
    for (const known of knownEndpoints) {
      if (!known.sdk) continue;
      const key = known.sdk.name.toLowerCase();
      universal.set(key, [...(universal.get(key) ?? []), known]);
    }
  }
  return universal.get(name.replaceAll('_', '').toLowerCase()) ?? [];
}

/** The method of a client by the name that is called, or nothing. */
export function methodOf(client: Exclude<ClientId, 'universal'>, called: string): Method | undefined {
  const own = { ccxt, ccxtFutures, spotClient, futuresClient, kucoinPython }[client];
  const name = client === 'ccxt' || client === 'ccxtFutures' ? camelCase(called) : called;
  if (Object.hasOwn(own, name)) return own[name];
  if (client !== 'ccxt' && client !== 'ccxtFutures') return undefined;
  implicit ??= implicitTable();
  return implicit.get(name) ?? implicit.get(name.replace(/Async$/, ''));
}

/** How instances of a client are made, by family: the text of the constructor, and a text that must be in the file. */
export interface Constructor {
  readonly client: Exclude<ClientId, 'universal'>;
  readonly text: string;
  readonly needs: string;
  readonly families: readonly Family[];
}

const scripts: readonly Family[] = ['javascript', 'python', 'php'];

export const constructors: readonly Constructor[] = [
  { client: 'ccxt', text: 'ccxt.kucoin(', needs: 'ccxt', families: scripts },
  { client: 'ccxtFutures', text: 'ccxt.kucoinfutures(', needs: 'ccxt', families: scripts },
  { client: 'ccxt', text: 'ccxt.pro.kucoin(', needs: 'ccxt', families: scripts },
  { client: 'ccxtFutures', text: 'ccxt.pro.kucoinfutures(', needs: 'ccxt', families: scripts },
  { client: 'ccxt', text: 'ccxtpro.kucoin(', needs: 'ccxt', families: scripts },
  { client: 'ccxt', text: 'new kucoin(', needs: 'ccxt', families: ['javascript'] },
  { client: 'ccxtFutures', text: 'new kucoinfutures(', needs: 'ccxt', families: ['javascript'] },
  { client: 'ccxt', text: 'ccxt\\kucoin(', needs: 'ccxt', families: ['php'] },
  { client: 'ccxtFutures', text: 'ccxt\\kucoinfutures(', needs: 'ccxt', families: ['php'] },
  { client: 'ccxt', text: 'ccxt.NewKucoin(', needs: 'ccxt', families: ['go'] },
  { client: 'ccxtFutures', text: 'ccxt.NewKucoinfutures(', needs: 'ccxt', families: ['go'] },
  { client: 'ccxt', text: 'new Kucoin(', needs: 'ccxt', families: ['csharp'] },
  { client: 'ccxt', text: 'new ccxt.Kucoin(', needs: 'ccxt', families: ['csharp'] },
  { client: 'ccxtFutures', text: 'new Kucoinfutures(', needs: 'ccxt', families: ['csharp'] },
  { client: 'spotClient', text: 'new SpotClient(', needs: 'kucoin-api', families: ['javascript'] },
  { client: 'futuresClient', text: 'new FuturesClient(', needs: 'kucoin-api', families: ['javascript'] },
  { client: 'kucoinPython', text: 'User(', needs: 'kucoin.client', families: ['python'] },
  { client: 'kucoinPython', text: 'Market(', needs: 'kucoin.client', families: ['python'] },
  { client: 'kucoinPython', text: 'Trade(', needs: 'kucoin.client', families: ['python'] },
  { client: 'kucoinPython', text: 'Margin(', needs: 'kucoin.client', families: ['python'] },
];

/** Words of which one stands in every file that uses the universal SDK. */
export const universalMarks = [
  'kucoin-universal-sdk',
  'kucoin_universal_sdk',
  'kucoin.universal.sdk',
  'KuCoin\\UniversalSDK',
] as const;
