import assert from 'node:assert/strict';
import { catalogue, nameOf, type EndpointName } from '../../../src/kucoin/catalogue';
import type { Endpoint } from '../../../src/kucoin/endpoint';
import { KucoinError } from '../../../src/kucoin/errors';
import { isJsonNumberParam, JsonNumber, jsonText } from '../../../src/kucoin/jsonNumber';
import { interpret } from '../../../src/kucoin/reply';
import { prepare } from '../../../src/kucoin/request';
import { permissions, pools } from '../../../src/kucoin/vocabulary';
import { ruleOf } from '../../../src/sandbox/rules/rules';

const names = Object.keys(catalogue) as EndpointName[];
const entries: [EndpointName, Endpoint][] = names.map((name) => [name, catalogue[name]]);

/** kucoin-api 4.4, typed in once more: method and path, host, pool, weight. */
const golden = `
GET  /api/v1/timestamp                     spot     Public      3
GET  /api/v1/timestamp                     futures  Public      2
GET  /api/v1/status                        spot     Public      3
GET  /api/v1/status                        futures  Public      4
GET  /api/v1/my-ip                         spot     Public      0
GET  /api/v2/user-info                     spot     Management 20
GET  /api/v1/user/api-key                  spot     Management 20
GET  /api/v1/hf/accounts/opened            spot     Spot       30
GET  /api/v1/accounts                      spot     Management  5
GET  /api/v1/accounts/{accountId}          spot     Management  5
GET  /api/v3/margin/accounts               spot     Spot       15
GET  /api/v3/isolated/accounts             spot     Spot       15
GET  /api/v1/account-overview              futures  Futures     5
GET  /api/v1/account-overview-all          futures  Futures     6
GET  /api/v1/accounts/ledgers              spot     Management  2
GET  /api/v1/hf/accounts/ledgers           spot     Spot        2
GET  /api/v3/hf/margin/account/ledgers     spot     Spot        2
GET  /api/v1/transaction-history           futures  Futures     2
GET  /api/v1/accounts/transferable         spot     Management 20
POST /api/v3/accounts/universal-transfer   spot     Management  4
POST /api/v2/accounts/sub-transfer         spot     Management 30
POST /api/v2/accounts/inner-transfer       spot     Management 10
POST /api/v3/transfer-out                  futures  Management 20
POST /api/v1/transfer-in                   futures  Management 20
GET  /api/v1/transfer-list                 futures  Management 20
GET  /api/v2/sub/user                      spot     Management 20
GET  /api/v1/sub-accounts/{subUserId}      spot     Management 15
GET  /api/v2/sub-accounts                  spot     Management 20
GET  /api/v3/currencies                    spot     Public      3
GET  /api/v3/currencies/{currency}         spot     Public      3
GET  /api/v1/prices                        spot     Public      3
GET  /api/v2/symbols                       spot     Public      4
GET  /api/v1/market/orderbook/level1       spot     Public      2
GET  /api/v1/market/allTickers             spot     Public     15
GET  /api/v1/market/stats                  spot     Public     15
GET  /api/v1/market/orderbook/level2_20    spot     Public      2
GET  /api/v1/market/orderbook/level2_100   spot     Public      4
GET  /api/v3/market/orderbook/level2       spot     Spot        3
POST /api/v1/bullet-public                 spot     Public     10
POST /api/v1/bullet-public                 futures  Public     10
POST /api/v1/bullet-private                spot     Spot       10
POST /api/v1/bullet-private                futures  Futures    10
GET  /api/ua/v1/account/mode               spot     Management 30
GET /api/ua/v1/unified/account/balance spot Management 5
POST /api/v1/hf/orders                     spot     Spot        1
POST /api/v1/hf/orders/test                spot     Spot        1
DELETE /api/v1/hf/orders/{orderId}         spot     Spot        1
DELETE /api/v1/hf/orders/client-order/{clientOid} spot Spot     1
GET  /api/v1/hf/orders/client-order/{clientOid} spot Spot       2
`;

/** The example answers of kucoin-api 8, by section. */
const examples: Partial<Record<EndpointName, string | readonly string[]>> = {
  getServerTime: '{"code":"200000","data":1700000000000}',
  getServiceStatus: '{"code":"200000","data":{"status":"open","msg":""}}',
  getClientIPAddress: '{"code":"200000","data":"198.51.100.7"}',
  getAccountSummary:
    '{"code":"200000","data":{"level":1,"subQuantity":2,"spotSubQuantity":2,"marginSubQuantity":1,"futuresSubQuantity":1,"optionSubQuantity":0,"maxSubQuantity":7,"maxDefaultSubQuantity":5,"maxSpotSubQuantity":2,"maxMarginSubQuantity":2,"maxFuturesSubQuantity":2,"maxOptionSubQuantity":0}}',
  getApiKeyInfo:
    '{"code":"200000","data":{"remark":"vscode-readonly","apiKey":"65f0c0ffee12340001a1b2c3","apiVersion":3,"permission":"General,Spot,InnerTransfer","ipWhitelist":"198.51.100.7","createdAt":1699990000000,"uid":700100200,"isMaster":true}}',
  getSpotAccountType: '{"code":"200000","data":false}',
  getAccountList: `{"code":"200000","data":[
 {"id":"65aa00000000000000001001","currency":"USDT","type":"main","balance":"250.75","available":"250.75","holds":"0"},
 {"id":"900100000001","currency":"USDT","type":"trade","balance":"120.5","available":"100.25","holds":"20.25"},
 {"id":"900100000002","currency":"KCS","type":"trade","balance":"3.00000001","available":"3.00000001","holds":"0"}]}`,
  getAccountDetail:
    '{"code":"200000","data":{"currency":"USDT","balance":"120.5","available":"100.25","holds":"20.25"}}',
  getCrossMarginAccount: [
    `{"code":"200000","data":{"totalAssetOfQuoteCurrency":"310.4","totalLiabilityOfQuoteCurrency":"25","debtRatio":"0.08","status":"EFFECTIVE","accounts":[
 {"currency":"USDT","total":"310.4","available":"290.4","hold":"20","liability":"25","liabilityPrincipal":"24.9","liabilityInterest":"0.1","maxBorrowSize":"900","borrowEnabled":true,"transferInEnabled":true}]}}`,
    // The older envelope, without the newer members.
    `{"success":true,"code":"200","msg":"success","retry":false,"data":{"totalAssetOfQuoteCurrency":"310.4","totalLiabilityOfQuoteCurrency":"25","debtRatio":"0.08","status":"EFFECTIVE","accounts":[
 {"currency":"USDT","total":"310.4","available":"290.4","hold":"20","liability":"25","maxBorrowSize":"900","borrowEnabled":true,"transferInEnabled":true}]}}`,
  ],
  getIsolatedMarginAccount: `{"code":"200000","data":{"totalAssetOfQuoteCurrency":"80","totalLiabilityOfQuoteCurrency":"0","timestamp":1700000000000,"assets":[
 {"symbol":"ETH-USDT","status":"EFFECTIVE","debtRatio":"0",
  "baseAsset":{"currency":"ETH","borrowEnabled":true,"transferInEnabled":true,"liability":"0","liabilityPrincipal":"0","liabilityInterest":"0","total":"0","available":"0","hold":"0","maxBorrowSize":"0.4"},
  "quoteAsset":{"currency":"USDT","borrowEnabled":true,"transferInEnabled":true,"liability":"0","liabilityPrincipal":"0","liabilityInterest":"0","total":"80","available":"80","hold":"0","maxBorrowSize":"700"}}]}}`,
  getFuturesAccount: [
    '{"code":"200000","data":{"accountEquity":512.5,"unrealisedPNL":12.5,"marginBalance":500,"positionMargin":100,"orderMargin":10,"frozenFunds":0,"availableBalance":402.5,"currency":"USDT","riskRatio":0.02,"maxWithdrawAmount":390,"availableMargin":402.5}}',
    '{"code":"200000","data":{"accountEquity":512.5,"unrealisedPNL":-1E-8,"marginBalance":500,"positionMargin":100,"orderMargin":10,"frozenFunds":0,"availableBalance":402.5,"currency":"USDT"}}',
  ],
  getFuturesAccountAll: [
    `{"code":"200000","data":{"summary":{"accountEquityTotal":552.5,"unrealisedPNLTotal":12.5,"marginBalanceTotal":540,"positionMarginTotal":100,"orderMarginTotal":10,"frozenFundsTotal":0,"availableBalanceTotal":442.5,"currency":"USDT"},"accounts":[
 {"accountName":"main","accountEquity":512.5,"unrealisedPNL":12.5,"marginBalance":500,"positionMargin":100,"orderMargin":10,"frozenFunds":0,"availableBalance":402.5,"currency":"USDT"},
 {"accountName":"demoSub01","accountEquity":40,"unrealisedPNL":0,"marginBalance":40,"positionMargin":0,"orderMargin":0,"frozenFunds":0,"availableBalance":40,"currency":"USDT"}]}}`,
    '{"success":true,"code":"200","msg":"success","retry":false,"data":{"summary":{"accountEquityTotal":0,"unrealisedPNLTotal":0,"marginBalanceTotal":0,"positionMarginTotal":0,"orderMarginTotal":0,"frozenFundsTotal":0,"availableBalanceTotal":0,"currency":"XBT"},"accounts":[]}}',
  ],
  getAccountLedgers: `{"code":"200000","data":{"currentPage":1,"pageSize":50,"totalNum":2,"totalPage":1,"items":[
 {"id":"770000000000102","currency":"USDT","amount":"12.5","fee":"0","balance":"0","accountType":"TRADE","bizType":"TRANSFER","direction":"in","createdAt":1700000001300,"context":""},
 {"id":"65aa0000000000000000c101","currency":"USDT","amount":"12.5","fee":"0","balance":"0","accountType":"MAIN","bizType":"TRANSFER","direction":"out","createdAt":1700000001290,"context":""}]}}`,
  getHfTradeLedgers: String.raw`{"code":"200000","data":[
 {"id":"770000000000102","currency":"USDT","amount":"12.50000000","fee":"0.00000000","tax":"0","balance":"132.50000000","accountType":"TRADE_HF","bizType":"TRANSFER","direction":"in","createdAt":"1700000001300","context":"{}"},
 {"id":"770000000000101","currency":"USDT","amount":"5.00500000","fee":"0.00500000","tax":"0","balance":"120.00000000","accountType":"TRADE_HF","bizType":"TRADE_EXCHANGE","direction":"out","createdAt":"1699999990000","context":"{\"symbol\":\"KCS-USDT\",\"orderId\":\"65aa0000000000000000d001\",\"tradeId\":\"11000000000001\"}"}]}`,
  getHfMarginLedgers:
    '{"code":"200000","data":[{"id":880000000001,"currency":"USDT","amount":"30.00000000","fee":"0.00000000","tax":"0.00000000","balance":"30.00000000","accountType":"MARGIN_V2","bizType":"TRANSFER","direction":"in","createdAt":1700000002000,"context":"{}"}]}',
  getFuturesLedger: `{"code":"200000","data":{"hasMore":false,"dataList":[
 {"time":1700000003000,"type":"TransferIn","amount":50,"fee":0,"accountEquity":562.5,"status":"Completed","remark":"Transferred from Trading Account","offset":4100002,"currency":"USDT"},
 {"time":1699996800000,"type":"RealisedPNL","amount":-0.25,"fee":null,"accountEquity":512.5,"status":"Pending","remark":"XBTUSDTM","offset":-1,"currency":"USDT"}]}}`,
  getTransferQuotas:
    '{"code":"200000","data":{"currency":"USDT","balance":"310.4","available":"290.4","holds":"20","transferable":"240.4"}}',
  flexTransfer: '{"code":"200000","data":{"orderId":"65aa0000000000000000e001"}}',
  subTransfer: '{"code":"200000","data":{"orderId":"65aa0000000000000000e002"}}',
  innerTransfer: '{"code":"200000","data":{"orderId":"65aa0000000000000000e003"}}',
  addHfOrder: [
    '{"code":"200000","data":{"orderId":"65aa0000000000000000d001","clientOid":"c0ffee00-0000-4000-8000-0000000000d1"}}',
    '{"code":"200000","data":{"orderId":"65aa0000000000000000d001"}}',
  ],
  cancelHfOrder: '{"code":"200000","data":{"orderId":"65aa0000000000000000d001"}}',
  cancelHfOrderByClientOid: '{"code":"200000","data":{"clientOid":"c0ffee00-0000-4000-8000-0000000000d1"}}',
  getHfOrderByClientOid: [
    '{"code":"200000","data":{"id":"65aa0000000000000000d001","symbol":"KCS-USDT","opType":"DEAL","type":"limit","side":"buy","price":"9.5","size":"1","funds":"9.5","dealSize":"0","dealFunds":"0","fee":"0","feeCurrency":"USDT","timeInForce":"GTC","clientOid":"c0ffee00-0000-4000-8000-0000000000d1","active":true,"cancelledSize":"0","createdAt":1700000000000}}',
    '{"code":"200000","data":null}',
  ],
  futuresTransferOut:
    '{"code":"200000","data":{"applyId":"65aa0000000000000000f001","bizNo":"65aa0000000000000000f000","payAccountType":"CONTRACT","payTag":"DEFAULT","remark":"","recAccountType":"MAIN","recTag":"DEFAULT","recRemark":"","recSystem":"KUCOIN","status":"PROCESSING","currency":"USDT","amount":"25","fee":"0","sn":1500000000000001,"reason":"","createdAt":1700000004000,"updatedAt":1700000004000}}',
  futuresTransferIn: [
    '{"code":"200","msg":"","retry":true,"success":true}',
    '{"code":"200000","data":null}',
    '{"code":"200000"}',
  ],
  getFuturesTransferOutList:
    '{"code":"200000","data":{"currentPage":1,"pageSize":50,"totalNum":1,"totalPage":1,"items":[{"applyId":"65aa0000000000000000f001","currency":"USDT","recRemark":"","recSystem":"KUCOIN","status":"SUCCESS","amount":"25","reason":"","offset":1500000000000001,"createdAt":1700000004000,"remark":""}]}}',
  getSubAccountList:
    '{"code":"200000","data":{"currentPage":1,"pageSize":10,"totalNum":1,"totalPage":1,"items":[{"userId":"65aa0000000000000000b001","uid":700100201,"subName":"demoSub01","status":2,"type":0,"access":"All","createdAt":1690000000000,"remarks":"bots","tradeTypes":["Spot","Futures"],"openedTradeTypes":["Spot"],"hostedStatus":null}]}}',
  getSubAccountBalance:
    '{"code":"200000","data":{"subUserId":"65aa0000000000000000b001","subName":"demoSub01","mainAccounts":[{"currency":"USDT","balance":"7","available":"7","holds":"0","baseCurrency":"BTC","baseCurrencyPrice":"50000","baseAmount":"0.00014","tag":"DEFAULT"}],"tradeAccounts":[],"marginAccounts":[],"tradeHFAccounts":[]}}',
  getSubAccountBalances:
    '{"code":"200000","data":{"currentPage":1,"pageSize":10,"totalNum":1,"totalPage":1,"items":[{"subUserId":"65aa0000000000000000b001","subName":"demoSub01","mainAccounts":[],"tradeAccounts":[{"currency":"KCS","balance":"1.5","available":"1.5","holds":"0","baseCurrency":"BTC","baseCurrencyPrice":"5000","baseAmount":"0.0003","tag":"DEFAULT"}],"marginAccounts":[],"tradeHFAccounts":[]}]}}',
  getAllCurrencies:
    '{"code":"200000","data":[{"currency":"KCS","name":"KCS","fullName":"KuCoin Token","precision":8,"confirms":null,"contractAddress":null,"isMarginEnabled":true,"isDebitEnabled":true,"chains":[{"chainName":"KCC","withdrawalMinSize":"0.5","depositMinSize":"0.1","withdrawFeeRate":"0","withdrawalMinFee":"0.02","isWithdrawEnabled":true,"isDepositEnabled":true,"confirms":20,"preConfirms":20,"contractAddress":"","withdrawPrecision":8,"maxWithdraw":null,"maxDeposit":null,"needTag":false,"chainId":"kcc"}]}]}',
  getFiatPrice:
    '{"code":"200000","data":{"BTC":"50000.1234000000000000","KCS":"10.0500000000000000","USDT":"0.9998000000000000"}}',
  getAccountMode:
    '{"code":"200000","data":{"selfAccountMode":"CLASSIC","unifiedSubAccount":[],"classicSubAccount":[700100201]}}',
  getUnifiedAccountBalance: [
    '{"code":"200000","data":{"accountType":"UNIFIED","ts":1700000000000000000,"accounts":[{"accountSubtype":null,"riskRatio":"0.02","currencies":[{"currency":"USDT","hold":"10","available":"90.5","balance":"100.5","equity":"98.25","liability":"2.25"}]}]}}',
    '{"code":"200000","data":{"accountType":"UNIFIED","accounts":[{"currencies":[{"currency":"BTC","hold":0,"available":1e-9,"balance":1e-9}]}]}}',
  ],
  getAllSymbols:
    '{"code":"200000","data":[{"symbol":"KCS-USDT","name":"KCS-USDT","baseCurrency":"KCS","quoteCurrency":"USDT","feeCurrency":"USDT","market":"USDS","baseMinSize":"0.01","quoteMinSize":"0.1","baseMaxSize":"1000000","quoteMaxSize":"9999999","baseIncrement":"0.0001","quoteIncrement":"0.0001","priceIncrement":"0.001","priceLimitRate":"0.1","minFunds":"0.1","isMarginEnabled":true,"enableTrading":true,"feeCategory":1,"makerFeeCoefficient":"1.00","takerFeeCoefficient":"1.00","st":false,"callauctionIsEnabled":false,"callauctionPriceFloor":null,"callauctionPriceCeiling":null,"callauctionFirstStageStartTime":null,"callauctionSecondStageStartTime":null,"callauctionThirdStageStartTime":null,"tradingStartTime":null}]}',
  getTicker: [
    '{"code":"200000","data":{"time":1700000000000,"sequence":"9000001","price":"10.05","size":"2.5","bestBid":"10.04","bestBidSize":"40","bestAsk":"10.05","bestAskSize":"12.5"}}',
    '{"code":"200000","data":null}',
  ],
  getAllTickers:
    '{"code":"200000","data":{"time":1700000000000,"ticker":[{"symbol":"KCS-USDT","symbolName":"KCS-USDT","buy":"10.04","bestBidSize":"40","sell":"10.05","bestAskSize":"12.5","changeRate":"-0.0123","changePrice":"-0.125","high":"10.3","low":"9.9","vol":"52000.5","volValue":"523605.03","last":"10.05","averagePrice":"10.06","takerFeeRate":"0.001","makerFeeRate":"0.001","takerCoefficient":"1","makerCoefficient":"1"}]}}',
  get24hrStats:
    '{"code":"200000","data":{"time":1700000000000,"symbol":"KCS-USDT","buy":"10.04","sell":"10.05","changeRate":"-0.0123","changePrice":"-0.125","high":"10.3","low":"9.9","vol":"52000.5","volValue":"523605.03","last":"10.05","averagePrice":null,"takerFeeRate":"0.001","makerFeeRate":"0.001","takerCoefficient":"1","makerCoefficient":"1"}}',
  getPartOrderBook20:
    '{"code":"200000","data":{"time":1700000000000,"sequence":"9000001","bids":[["10.04","40"],["10.03","15"]],"asks":[["10.05","12.5"],["10.06","30"]]}}',
  getPublicToken:
    '{"code":"200000","data":{"token":"INVENTED-TOKEN-2neA==.x1y2z3==","instanceServers":[{"endpoint":"wss://ws-api-spot.kucoin.com/","encrypt":true,"protocol":"websocket","pingInterval":18000,"pingTimeout":10000}]}}',
  getPrivateToken:
    '{"code":"200000","data":{"token":"INVENTED-TOKEN-2neA==.x1y2z3==","instanceServers":[{"endpoint":"wss://ws-api-spot.kucoin.com/","encrypt":true,"protocol":"websocket","pingInterval":18000,"pingTimeout":10000}]}}',
};

function read(name: EndpointName, text: string): unknown {
  return interpret(catalogue[name] as Endpoint, { ok: true, status: 200, headers: {}, text });
}

function failureOf(name: EndpointName, text: string): KucoinError {
  try {
    read(name, text);
  } catch (error) {
    assert.ok(KucoinError.is(error));
    return error;
  }
  return assert.fail('the answer was taken');
}

describe('catalogue', () => {
  it('has every pool and weight as documented, and nothing else', () => {
    const wanted = golden.trim().split('\n');
    assert.deepEqual(
      entries
        .map(([, { method, path, host, pool, weight }]) => [method, path, host, pool, weight].join(' '))
        .sort(),
      wanted.map((line) => line.split(/\s+/).join(' ')).sort(),
    );
  });

  it('names each endpoint once', () => {
    const keys = entries.map(([, { method, host, path }]) => `${method} ${host} ${path}`);
    assert.equal(new Set(keys).size, keys.length);
    for (const [name, entry] of entries) assert.equal(nameOf(entry), name);
  });

  it('links to the documentation of KuCoin, with a title and a sentence', () => {
    for (const [name, { docs, title, summary }] of entries) {
      assert.match(docs, /^https:\/\/www\.kucoin\.com\/docs-new\/[a-z0-9/-]+$/, name);
      assert.match(title, /^\S.*\S$/, name);
      assert.match(summary, /^[A-Z`].*\.$/s, name);
    }
  });

  it('repeats reads and tokens only: whatever else is sent moves money or orders', () => {
    const tokens = entries.filter(([, { path }]) => path.includes('/bullet-')).map(([name]) => name);
    for (const [name, { method, repeat }] of entries) {
      assert.equal(repeat, method === 'GET' || tokens.includes(name) ? 'safe' : 'never', name);
    }
    const posts = entries.filter(([, { repeat }]) => repeat === 'never').map(([name]) => name);
    assert.deepEqual(posts.sort(), [
      'addHfOrder',
      'addHfOrderTest',
      'cancelHfOrder',
      'cancelHfOrderByClientOid',
      'flexTransfer',
      'futuresTransferIn',
      'futuresTransferOut',
      'innerTransfer',
      'subTransfer',
    ]);
  });

  it('asks for the permission that each transfer needs', () => {
    const asked = (
      ['flexTransfer', 'innerTransfer', 'subTransfer', 'futuresTransferOut', 'futuresTransferIn'] as const
    ).map((name) => catalogue[name].permission);
    assert.deepEqual(asked, ['InnerTransfer', 'Spot', 'Spot', 'Futures', 'Futures']);
    for (const [name, { permission, pool }] of entries) {
      assert.equal(permission === 'Public', pool === 'Public', name);
      assert.ok(permission === 'Public' || permissions.includes(permission), name);
      assert.ok(pools.includes(pool), name);
    }
  });

  it('knows which endpoints are abandoned today', () => {
    const superseded = entries.filter(([, { state }]) => state?.today === 'superseded').map(([name]) => name);
    assert.deepEqual(superseded.sort(), [
      'futuresTransferIn',
      'futuresTransferOut',
      'getFuturesTransferOutList',
      'innerTransfer',
      'subTransfer',
    ]);
  });

  it('has a rule in the sandbox for each entry', () => {
    for (const name of names) assert.equal(typeof ruleOf(name), 'function', name);
  });

  it('takes parameters in a path from the schema', () => {
    for (const [name, { path, params }] of entries) {
      const members = Object.keys((params as unknown as { entries: object }).entries);
      for (const [, member = ''] of path.matchAll(/\{(\w+)\}/g)) assert.ok(members.includes(member), name);
    }
  });

  for (const [name, texts] of Object.entries(examples) as [EndpointName, string | readonly string[]][]) {
    it(`reads the example answers of ${name}`, () => {
      for (const text of [texts].flat()) assert.notEqual(read(name, text), undefined);
    });
  }

  it('reads an example answer of every endpoint but those that are like another', () => {
    const alike = [
      'getFuturesServerTime',
      'getFuturesServiceStatus',
      'addHfOrderTest',
      'getCurrency',
      'getPartOrderBook100',
      'getFullOrderBook',
      'getFuturesPublicToken',
      'getFuturesPrivateToken',
    ];
    assert.deepEqual(names.filter((name) => !(name in examples)).sort(), alike.sort());
  });

  it('refuses an answer in which a member that matters is missing', () => {
    for (const [name, member] of [
      ['flexTransfer', 'orderId'],
      ['subTransfer', 'orderId'],
      ['futuresTransferOut', 'applyId'],
      ['futuresTransferOut', 'status'],
    ] as const) {
      const text = String(examples[name]).replace(`"${member}"`, '"other"');
      const error = failureOf(name, text);
      assert.deepEqual([error.kind, error.outcome], ['malformedReply', 'executed'], name);
      assert.match(error.message, new RegExp(`data\\.${member}`));
    }
  });
});

describe('the own address', () => {
  it('is an address, in either form, or a malformed answer', () => {
    assert.equal(read('getClientIPAddress', '{"code":"200000","data":"2001:db8::7"}'), '2001:db8::7');
    for (const data of ['"example.org"', '"198.51.100.7; x"', '""', 'null', '7', '["198.51.100.7"]']) {
      const error = failureOf('getClientIPAddress', `{"code":"200000","data":${data}}`);
      assert.equal(error.kind, 'malformedReply', data);
    }
  });
});

describe('success-code trap', () => {
  const messages = [
    'Failed to transfer out. The amount exceeds the upper limit',
    'Unsuccessful! Exceeded the max. funds out-transfer limit',
  ];
  for (const name of ['futuresTransferOut', 'futuresTransferIn', 'flexTransfer', 'subTransfer'] as const) {
    for (const msg of messages) {
      for (const code of ['200000', '200']) {
        it(`is a refusal of ${name}: ${code} ${msg}`, () => {
          for (const data of ['', ',"data":null']) {
            const error = failureOf(name, `{"code":"${code}","msg":"${msg}"${data}}`);
            assert.deepEqual([error.kind, error.outcome], ['insufficientBalance', 'notExecuted']);
          }
        });
      }
    }
  }
});

describe('exact numbers of the exchange', () => {
  it('come out of a futures account as their digits', () => {
    const text = String(examples.getFuturesAccount)
      .split('\n')[0]!
      .replace('512.5,"unrealisedPNL"', '123456789012345678901234567890.000000000000000001,"unrealisedPNL"')
      .replace('"frozenFunds":0', '"frozenFunds":1e-18');
    const first = text.slice(0, text.indexOf('}}') + 2);
    const data = read('getFuturesAccount', first) as Record<string, unknown>;
    assert.equal(data['accountEquity'], '123456789012345678901234567890.000000000000000001');
    assert.equal(data['frozenFunds'], '0.000000000000000001');
    assert.equal(data['availableBalance'], '402.5');
  });

  for (const id of ['9007199254740993', '18446744073709551615', '880000000001', '"880000000001"', '"88aa"']) {
    it(`keep the HF margin ledger id ${id}`, () => {
      const text = String(examples.getHfMarginLedgers).replace('880000000001', id);
      const [row] = read('getHfMarginLedgers', text) as { id: string }[];
      assert.equal(row?.id, id.replaceAll('"', ''));
    });
  }

  it('take the time of an HF ledger as number and as text', () => {
    for (const written of ['1700000002000', '"1700000002000"']) {
      const text = String(examples.getHfMarginLedgers).replace('1700000002000', written);
      const [row] = read('getHfMarginLedgers', text) as { createdAt: number }[];
      assert.equal(row?.createdAt, 1700000002000);
    }
  });

  it('keep the serial numbers of a transfer out', () => {
    const out = String(examples.futuresTransferOut).replace('1500000000000001', '15000000000000000001');
    assert.equal((read('futuresTransferOut', out) as { sn: string }).sn, '15000000000000000001');
    const list = String(examples.getFuturesTransferOutList).replace(
      '1500000000000001',
      '15000000000000000001',
    );
    const { items } = read('getFuturesTransferOutList', list) as { items: { offset: string }[] };
    assert.equal(items[0]?.offset, '15000000000000000001');
  });

  it('keep -1 as the place of a pending row', () => {
    const { dataList } = read('getFuturesLedger', String(examples.getFuturesLedger)) as {
      dataList: { offset: string; amount: string; fee: unknown }[];
    };
    assert.deepEqual(
      dataList.map(({ offset, amount, fee }) => [offset, amount, fee]),
      [
        ['4100002', '50', '0'],
        ['-1', '-0.25', null],
      ],
    );
  });
});

describe('bodies with exact numbers', () => {
  const out = (amount: string): string =>
    prepare(catalogue.futuresTransferOut, { currency: 'USDT', amount, recAccountType: 'MAIN' }).body;
  const into = (amount: string): string =>
    prepare(catalogue.futuresTransferIn, { currency: 'XBT', amount, payAccountType: 'TRADE' }).body;

  for (const amount of [
    '25',
    '0.1',
    '0.000000000000000001',
    '1.10',
    '0',
    '123456789.012345678901234567890',
    '999999999.999999999999999999999999999999',
  ]) {
    it(`write ${amount} digit for digit, without quotes`, () => {
      assert.equal(out(amount), `{"currency":"USDT","amount":${amount},"recAccountType":"MAIN"}`);
      assert.equal(into(amount), `{"currency":"XBT","amount":${amount},"payAccountType":"TRADE"}`);
    });
  }

  it('write thirty digits before the point too, where no limit is documented', () => {
    const amount = '123456789012345678901234567890.000000000000000001';
    assert.ok(into(amount).includes(`"amount":${amount},`));
  });

  for (const amount of [
    '',
    '-1',
    '+1',
    '01',
    '.5',
    '5.',
    '1e3',
    ' 1',
    '1,5',
    'NaN',
    'Infinity',
    '1}',
    '1,"x":1',
  ]) {
    it(`refuse ${JSON.stringify(amount)}`, () => {
      assert.throws(
        () => into(amount),
        (error) => KucoinError.is(error, 'invalidArgument') && error.message.includes('amount'),
      );
    });
  }

  it('refuse a transfer out above a thousand million', () => {
    assert.equal(out('1000000000'), '{"currency":"USDT","amount":1000000000,"recAccountType":"MAIN"}');
    assert.throws(
      () => out('1000000001'),
      (error) => KucoinError.is(error, 'invalidArgument'),
    );
  });

  it('leave other bodies as JSON.stringify writes them', () => {
    const values = [
      { a: 'x"\\\n\u2028é✓', b: 1.5, c: true, d: null, e: undefined, f: ['p', undefined, { g: [] }] },
      [],
      {},
      'text',
      0,
      null,
      { '': '', '1': 1, 'a"b': -0 },
    ];
    for (const value of values) assert.equal(jsonText(value), JSON.stringify(value));
  });

  it('write a number wherever it stands', () => {
    const value = { a: [new JsonNumber('0.10')], b: { c: new JsonNumber('-1') } };
    assert.equal(jsonText(value), '{"a":[0.10],"b":{"c":-1}}');
    for (const text of ['', '1e3', 'x', '01', '1.', '--1'])
      assert.throws(() => new JsonNumber(text), TypeError);
  });

  it('know which parameters are such numbers', () => {
    const { entries: members } = catalogue.futuresTransferOut.params;
    assert.deepEqual(
      Object.entries(members)
        .filter(([, schema]) => isJsonNumberParam(schema))
        .map(([name]) => name),
      ['amount'],
    );
  });
});

describe('queries of listings', () => {
  it('repeat the name of a list that wants it so, and join the others by commas', () => {
    const statuses = prepare(catalogue.getFuturesTransferOutList, {
      queryStatus: ['SUCCESS', 'FAILURE'],
      pageSize: 50,
    });
    assert.equal(
      statuses.sentPath,
      '/api/v1/transfer-list?queryStatus=SUCCESS&queryStatus=FAILURE&pageSize=50',
    );
    assert.equal(statuses.signedPath, statuses.sentPath);
    const ledger = prepare(catalogue.getHfTradeLedgers, {
      currency: ['BTC', 'USDT'],
      lastId: '12',
      limit: 200,
    });
    assert.equal(ledger.sentPath, '/api/v1/hf/accounts/ledgers?currency=BTC,USDT&lastId=12&limit=200');
  });

  it('never send the -1 of a pending row, more than ten currencies, or a page of none', () => {
    const eleven = Array.from({ length: 11 }, (_, n) => `C${n}`);
    const wrong = [
      () => prepare(catalogue.getFuturesLedger, { offset: '-1' }),
      () => prepare(catalogue.getAccountLedgers, { currency: eleven }),
      () => prepare(catalogue.getHfTradeLedgers, { limit: 201 }),
      () => prepare(catalogue.getSubAccountList, { pageSize: 0 }),
      () => prepare(catalogue.getSubAccountList, { currentPage: 1.5 }),
      () => prepare(catalogue.getSubAccountBalance, { subUserId: '../accounts' }),
    ];
    for (const work of wrong) assert.throws(work, (error) => KucoinError.is(error, 'invalidArgument'));
  });

  it('refuse a tag that is no trading pair, and one of more than twenty characters', () => {
    const flex = (fromAccountTag: string): unknown =>
      prepare(catalogue.flexTransfer, {
        clientOid: 'x',
        currency: 'USDT',
        amount: '1',
        type: 'INTERNAL',
        fromAccountType: 'ISOLATED',
        toAccountType: 'MAIN',
        fromAccountTag,
      });
    assert.ok(flex('ETH-USDT'));
    for (const tag of ['ETHUSDT', 'eth-usdt', 'ETH/USDT', '', 'ABCDEFGHIJKLMNO-PQRSTU']) {
      assert.throws(
        () => flex(tag),
        (error) => KucoinError.is(error, 'invalidArgument'),
      );
    }
  });
});
