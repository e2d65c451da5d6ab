/**
 * The endpoints of KuCoin's classic REST documentation, of which the catalogue holds those that the product calls.
 * The analysers need all: to know that a path is KuCoin's, which host serves it, and what replaced it.
 *
 * One line per endpoint: service, group and name of the call in KuCoin's universal SDK, method, host, path,
 * permission, number of the documentation page, `old` when the documentation marks it as abandoned | title.
 * Source: the documentation of the universal SDK 1.3.0, which is generated from KuCoin's interface specification.
 * Broker and copy-trading calls are left out.
 */
export const documented = `
  account account getAccountInfo GET spot /api/v2/user-info General 3470119 | Get Account Summary Info
  account account getApikeyInfo GET spot /api/v1/user/api-key General 3470130 | Get Apikey Info
  account account getSpotAccountType GET spot /api/v1/hf/accounts/opened General 3470120 | Get Account Type - Spot
  account account getSpotAccountList GET spot /api/v1/accounts General 3470125 | Get Account List - Spot
  account account getSpotAccountDetail GET spot /api/v1/accounts/{accountId} General 3470126 | Get Account Detail - Spot
  account account getCrossMarginAccount GET spot /api/v3/margin/accounts General 3470127 | Get Account - Cross Margin
  account account getIsolatedMarginAccount GET spot /api/v3/isolated/accounts General 3470128 | Get Account - Isolated Margin
  account account getFuturesAccount GET futures /api/v1/account-overview Futures 3470129 | Get Account - Futures
  account account getSpotLedger GET spot /api/v1/accounts/ledgers General 3470121 | Get Account Ledgers - Spot/Margin
  account account getSpotHFLedger GET spot /api/v1/hf/accounts/ledgers General 3470122 | Get Account Ledgers - Trade_hf
  account account getMarginHFLedger GET spot /api/v3/hf/margin/account/ledgers General 3470123 | Get Account Ledgers - Margin_hf
  account account getFuturesLedger GET futures /api/v1/transaction-history General 3470124 | Get Account Ledgers - Futures
  account account getMarginAccountDetail GET spot /api/v1/margin/account General 3470311 old | Get Account Detail - Margin
  account account getIsolatedMarginAccountListV1 GET spot /api/v1/isolated/accounts General 3470314 old | Get Account List - Isolated Margin - V1
  account account getIsolatedMarginAccountDetailV1 GET spot /api/v1/isolated/account/{symbol} General 3470315 old | Get Account Detail - Isolated Margin - V1
  account deposit addDepositAddressV3 POST spot /api/v3/deposit-address/create General 3470142 | Add Deposit Address (V3)
  account deposit getDepositAddressV3 GET spot /api/v3/deposit-addresses General 3470140 | Get Deposit Address (V3)
  account deposit getDepositHistory GET spot /api/v1/deposits General 3470141 | Get Deposit History
  account deposit getDepositAddressV2 GET spot /api/v2/deposit-addresses General 3470300 old | Get Deposit Addresses (V2)
  account deposit getDepositAddressV1 GET spot /api/v1/deposit-addresses General 3470305 old | Get Deposit Addresses - V1
  account deposit getDepositHistoryOld GET spot /api/v1/hist-deposits General 3470306 old | Get Deposit History - Old
  account deposit addDepositAddressV1 POST spot /api/v1/deposit-addresses General 3470309 old | Add Deposit Address - V1
  account fee getBasicFee GET spot /api/v1/base-fee General 3470149 | Get Basic Fee - Spot/Margin
  account fee getSpotActualFee GET spot /api/v1/trade-fees General 3470150 | Get Actual Fee - Spot/Margin
  account fee getFuturesActualFee GET futures /api/v1/trade-fees General 3470151 | Get Actual Fee - Futures
  account subaccount addSubAccount POST spot /api/v2/sub/user/created General 3470135 | Add sub-account
  account subaccount addSubAccountMarginPermission POST spot /api/v3/sub/user/margin/enable Margin 3470331 | Add sub-account Margin Permission
  account subaccount addSubAccountFuturesPermission POST spot /api/v3/sub/user/futures/enable Futures 3470332 | Add sub-account Futures Permission
  account subaccount getSpotSubAccountsSummaryV2 GET spot /api/v2/sub/user General 3470131 | Get sub-account List - Summary Info
  account subaccount getSpotSubAccountDetail GET spot /api/v1/sub-accounts/{subUserId} General 3470132 | Get sub-account Detail - Balance
  account subaccount getSpotSubAccountListV2 GET spot /api/v2/sub-accounts General 3470133 | Get sub-account List - Spot Balance (V2)
  account subaccount getFuturesSubAccountListV2 GET futures /api/v1/account-overview-all General 3470134 | Get sub-account List - Futures Balance (V2)
  account subaccount addSubAccountApi POST spot /api/v1/sub/api-key General 3470138 | Add sub-account API
  account subaccount modifySubAccountApi POST spot /api/v1/sub/api-key/update General 3470139 | Modify sub-account API
  account subaccount getSubAccountApiList GET spot /api/v1/sub/api-key General 3470136 | Get sub-account API List
  account subaccount deleteSubAccountApi DELETE spot /api/v1/sub/api-key General 3470137 | Delete sub-account API
  account subaccount getSpotSubAccountsSummaryV1 GET spot /api/v1/sub/user General 3470298 old | Get sub-account List - Summary Info (V1)
  account subaccount getSpotSubAccountListV1 GET spot /api/v1/sub-accounts General 3470299 old | Get sub-account List - Spot Balance (V1)
  account transfer getTransferQuotas GET spot /api/v1/accounts/transferable General 3470148 | Get Transfer Quotas
  account transfer flexTransfer POST spot /api/v3/accounts/universal-transfer InnerTransfer 3470147 | Flex Transfer
  account transfer subAccountTransfer POST spot /api/v2/accounts/sub-transfer Spot 3470301 old | Sub-account Transfer
  account transfer innerTransfer POST spot /api/v2/accounts/inner-transfer Spot 3470302 old | Internal Transfer
  account transfer getFuturesAccountTransferOutLedger GET futures /api/v1/transfer-list General 3470307 old | Get Futures Account Transfer Out Ledger
  account transfer futuresAccountTransferOut POST futures /api/v3/transfer-out Futures 3470303 old | Futures Account Transfer Out
  account transfer futuresAccountTransferIn POST futures /api/v1/transfer-in Futures 3470304 old | Futures Account Transfer In
  account withdrawal getWithdrawalQuotas GET spot /api/v1/withdrawals/quotas General 3470143 | Get Withdrawal Quotas
  account withdrawal withdrawalV3 POST spot /api/v3/withdrawals Transfer 3470146 | Withdraw (V3)
  account withdrawal cancelWithdrawal DELETE spot /api/v1/withdrawals/{withdrawalId} Transfer 3470144 | Cancel Withdrawal
  account withdrawal getWithdrawalHistory GET spot /api/v1/withdrawals General 3470145 | Get Withdrawal History
  account withdrawal getWithdrawalHistoryById GET spot /api/v1/withdrawals/{withdrawalId} General 3471890 | Get Withdrawal History By ID
  account withdrawal getWithdrawalHistoryOld GET spot /api/v1/hist-withdrawals General 3470308 old | Get Withdrawal History - Old
  account withdrawal withdrawalV1 POST spot /api/v1/withdrawals Transfer 3470310 old | Withdraw - V1
  affiliate affiliate getAccount GET spot /api/v2/affiliate/inviter/statistics General 3470279 | Get Account
  earn earn purchase POST spot /api/v1/earn/orders Earn 3470268 | Purchase
  earn earn getRedeemPreview GET spot /api/v1/earn/redeem-preview Earn 3470269 | Get Redeem Preview
  earn earn redeem DELETE spot /api/v1/earn/orders Earn 3470270 | Redeem
  earn earn getSavingsProducts GET spot /api/v1/earn/saving/products General 3470271 | Get Savings Products
  earn earn getPromotionProducts GET spot /api/v1/earn/promotion/products General 3470272 | Get Promotion Products
  earn earn getStakingProducts GET spot /api/v1/earn/staking/products General 3470274 | Get Staking Products
  earn earn getKcsStakingProducts GET spot /api/v1/earn/kcs-staking/products General 3470275 | Get KCS Staking Products
  earn earn getETHStakingProducts GET spot /api/v1/earn/eth-staking/products General 3470276 | Get ETH Staking Products
  earn earn getAccountHolding GET spot /api/v1/earn/hold-assets General 3470273 | Get Account Holding
  futures fundingfees getCurrentFundingRate GET futures /api/v1/funding-rate/{symbol}/current Futures 3470265 | Get Current Funding Rate
  futures fundingfees getPublicFundingHistory GET futures /api/v1/contract/funding-rates Futures 3470266 | Get Public Funding History
  futures fundingfees getPrivateFundingHistory GET futures /api/v1/funding-history Futures 3470267 | Get Private Funding History
  futures market getSymbol GET futures /api/v1/contracts/{symbol} Public 3470221 | Get Symbol
  futures market getAllSymbols GET futures /api/v1/contracts/active Public 3470220 | Get All Symbols
  futures market getTicker GET futures /api/v1/ticker Public 3470222 | Get Ticker
  futures market getAllTickers GET futures /api/v1/allTickers Public 3470223 | Get All Tickers
  futures market getFullOrderBook GET futures /api/v1/level2/snapshot Public 3470224 | Get Full OrderBook
  futures market getPartOrderBook GET futures /api/v1/level2/depth{size} Public 3470225 | Get Part OrderBook
  futures market getTradeHistory GET futures /api/v1/trade/history Public 3470232 | Get Trade History
  futures market getKlines GET futures /api/v1/kline/query Public 3470234 | Get Klines
  futures market getMarkPrice GET futures /api/v1/mark-price/{symbol}/current Public 3470233 | Get Mark Price
  futures market getSpotIndexPrice GET futures /api/v1/index/query Public 3470231 | Get Spot Index Price
  futures market getInterestRateIndex GET futures /api/v1/interest/query Public 3470226 | Get Interest Rate Index
  futures market getPremiumIndex GET futures /api/v1/premium/query Public 3470227 | Get Premium Index
  futures market get24hrStats GET futures /api/v1/trade-statistics Public 3470228 | Get 24hr stats
  futures market getServerTime GET futures /api/v1/timestamp Public 3470229 | Get Server Time
  futures market getServiceStatus GET futures /api/v1/status Public 3470230 | Get Service Status
  futures market getPublicToken POST futures /api/v1/bullet-public Public 3470297 | Get Public Token - Futures
  futures market getPrivateToken POST futures /api/v1/bullet-private General 3470296 | Get Private Token - Futures
  futures order addOrder POST futures /api/v1/orders Futures 3470235 | Add Order
  futures order addOrderTest POST futures /api/v1/orders/test Futures 3470238 | Add Order Test
  futures order batchAddOrders POST futures /api/v1/orders/multi Futures 3470236 | Batch Add Orders
  futures order addTPSLOrder POST futures /api/v1/st-orders Futures 3470237 | Add Take Profit And Stop Loss Order
  futures order cancelOrderById DELETE futures /api/v1/orders/{orderId} Futures 3470239 | Cancel Order By OrderId
  futures order cancelOrderByClientOid DELETE futures /api/v1/orders/client-order/{clientOid} Futures 3470240 | Cancel Order By ClientOid
  futures order batchCancelOrders DELETE futures /api/v1/orders/multi-cancel Futures 3470241 | Batch Cancel Orders
  futures order cancelAllOrdersV3 DELETE futures /api/v3/orders Futures 3470242 | Cancel All Orders
  futures order cancelAllStopOrders DELETE futures /api/v1/stopOrders Futures 3470243 | Cancel All Stop orders
  futures order getOrderByOrderId GET futures /api/v1/orders/{order-id} General 3470245 | Get Order By OrderId
  futures order getOrderByClientOid GET futures /api/v1/orders/byClientOid General 3470352 | Get Order By ClientOid
  futures order getOrderList GET futures /api/v1/orders General 3470244 | Get Order List
  futures order getRecentClosedOrders GET futures /api/v1/recentDoneOrders General 3470246 | Get Recent Closed Orders
  futures order getStopOrderList GET futures /api/v1/stopOrders General 3470247 | Get Stop Order List
  futures order getOpenOrderValue GET futures /api/v1/openOrderStatistics General 3470250 | Get Open Order Value
  futures order getRecentTradeHistory GET futures /api/v1/recentFills Futures 3470249 | Get Recent Trade History
  futures order getTradeHistory GET futures /api/v1/fills General 3470248 | Get Trade History
  futures order cancelAllOrdersV1 DELETE futures /api/v1/orders Futures 3470362 old | Cancel All Orders - V1
  futures positions getMarginMode GET futures /api/v2/position/getMarginMode Futures 3470259 | Get Margin Mode
  futures positions switchMarginMode POST futures /api/v2/position/changeMarginMode Futures 3470262 | Switch Margin Mode
  futures positions batchSwitchMarginMode POST futures /api/v2/position/batchChangeMarginMode Futures 3472403 | Batch Switch Margin Mode
  futures positions getMaxOpenSize GET futures /api/v2/getMaxOpenSize Futures 3470251 | Get Max Open Size
  futures positions getPositionDetails GET futures /api/v1/position Futures 3470252 | Get Position Details
  futures positions getPositionList GET futures /api/v1/positions Futures 3470253 | Get Position List
  futures positions getPositionsHistory GET futures /api/v1/history-positions Futures 3470254 | Get Positions History
  futures positions getMaxWithdrawMargin GET futures /api/v1/margin/maxWithdrawMargin Futures 3470258 | Get Max Withdraw Margin
  futures positions getCrossMarginLeverage GET futures /api/v2/getCrossUserLeverage Futures 3470260 | Get Cross Margin Leverage
  futures positions modifyMarginLeverage POST futures /api/v2/changeCrossUserLeverage Futures 3470261 | Modify Cross Margin Leverage
  futures positions addIsolatedMargin POST futures /api/v1/position/margin/deposit-margin Futures 3470257 | Add Isolated Margin
  futures positions removeIsolatedMargin POST futures /api/v1/margin/withdrawMargin Futures 3470256 | Remove Isolated Margin
  futures positions getCrossMarginRiskLimit GET futures /api/v2/batchGetCrossOrderLimit Futures 3472655 | Get Cross Margin Risk Limit
  futures positions getIsolatedMarginRiskLimit GET futures /api/v1/contracts/risk-limit/{symbol} Public 3470263 | Get Isolated Margin Risk Limit
  futures positions modifyIsolatedMarginRiskLimt POST futures /api/v1/position/risk-limit-level/change Futures 3470264 | Modify Isolated Margin Risk Limit
  futures positions modifyAutoDepositStatus POST futures /api/v1/position/margin/auto-deposit-status Futures 3470255 old | Modify Isolated Margin Auto-Deposit Status
  margin credit getLoanMarket GET spot /api/v3/project/list General 3470212 | Get Loan Market
  margin credit getLoanMarketInterestRate GET spot /api/v3/project/marketInterestRate Public 3470215 | Get Loan Market Interest Rate
  margin credit purchase POST spot /api/v3/purchase Margin 3470216 | Purchase
  margin credit modifyPurchase POST spot /api/v3/lend/purchase/update Margin 3470217 | Modify Purchase
  margin credit getPurchaseOrders GET spot /api/v3/purchase/orders General 3470213 | Get Purchase Orders
  margin credit redeem POST spot /api/v3/redeem Margin 3470218 | Redeem
  margin credit getRedeemOrders GET spot /api/v3/redeem/orders General 3470214 | Get Redeem Orders
  margin debit borrow POST spot /api/v3/margin/borrow Margin 3470206 | Borrow
  margin debit getBorrowHistory GET spot /api/v3/margin/borrow Margin 3470207 | Get Borrow History
  margin debit repay POST spot /api/v3/margin/repay Margin 3470210 | Repay
  margin debit getRepayHistory GET spot /api/v3/margin/repay Margin 3470208 | Get Repay History
  margin debit getInterestHistory GET spot /api/v3/margin/interest Margin 3470209 | Get Interest History.
  margin debit modifyLeverage POST spot /api/v3/position/update-user-leverage Margin 3470211 | Modify Leverage
  margin market getCrossMarginSymbols GET spot /api/v3/margin/symbols Public 3470189 | Get Symbols - Cross Margin
  margin market getETFInfo GET spot /api/v3/etf/info Public 3470191 | Get ETF Info
  margin market getMarkPriceDetail GET spot /api/v1/mark-price/{symbol}/current Public 3470193 | Get Mark Price Detail
  margin market getMarginConfig GET spot /api/v1/margin/config Public 3470190 | Get Margin Config
  margin market getMarkPriceList GET spot /api/v3/mark-price/all-symbols Public 3470192 | Get Mark Price List
  margin market getIsolatedMarginSymbols GET spot /api/v1/isolated/symbols Public 3470194 | Get Symbols - Isolated Margin
  margin order addOrder POST spot /api/v3/hf/margin/order Margin 3470204 | Add Order
  margin order addOrderTest POST spot /api/v3/hf/margin/order/test Margin 3470205 | Add Order Test
  margin order cancelOrderByOrderId DELETE spot /api/v3/hf/margin/orders/{orderId} Margin 3470195 | Cancel Order By OrderId
  margin order cancelOrderByClientOid DELETE spot /api/v3/hf/margin/orders/client-order/{clientOid} Margin 3470201 | Cancel Order By ClientOid
  margin order cancelAllOrdersBySymbol DELETE spot /api/v3/hf/margin/orders Margin 3470197 | Cancel All Orders By Symbol
  margin order getSymbolsWithOpenOrder GET spot /api/v3/hf/margin/order/active/symbols Margin 3470196 | Get Symbols With Open Order
  margin order getOpenOrders GET spot /api/v3/hf/margin/orders/active General 3470198 | Get Open Orders
  margin order getClosedOrders GET spot /api/v3/hf/margin/orders/done General 3470199 | Get Closed Orders
  margin order getTradeHistory GET spot /api/v3/hf/margin/fills General 3470200 | Get Trade History
  margin order getOrderByOrderId GET spot /api/v3/hf/margin/orders/{orderId} General 3470202 | Get Order By OrderId
  margin order getOrderByClientOid GET spot /api/v3/hf/margin/orders/client-order/{clientOid} General 3470203 | Get Order By ClientOid
  margin order addOrderV1 POST spot /api/v1/margin/order Margin 3470312 old | Add Order - V1
  margin order addOrderTestV1 POST spot /api/v1/margin/order/test Margin 3470313 old | Add Order Test - V1
  margin risklimit getMarginRiskLimit GET spot /api/v3/margin/currencies General 3470219 | Get Margin Risk Limit
  spot market getAnnouncements GET spot /api/v3/announcements Public 3470157 | Get Announcements
  spot market getCurrency GET spot /api/v3/currencies/{currency} Public 3470155 | Get Currency
  spot market getAllCurrencies GET spot /api/v3/currencies Public 3470152 | Get All Currencies
  spot market getSymbol GET spot /api/v2/symbols/{symbol} Public 3470159 | Get Symbol
  spot market getAllSymbols GET spot /api/v2/symbols Public 3470154 | Get All Symbols
  spot market getTicker GET spot /api/v1/market/orderbook/level1 Public 3470160 | Get Ticker
  spot market getAllTickers GET spot /api/v1/market/allTickers Public 3470167 | Get All Tickers
  spot market getTradeHistory GET spot /api/v1/market/histories Public 3470162 | Get Trade History
  spot market getKlines GET spot /api/v1/market/candles Public 3470163 | Get Klines
  spot market getPartOrderBook GET spot /api/v1/market/orderbook/level2_{size} Public 3470165 | Get Part OrderBook
  spot market getFullOrderBook GET spot /api/v3/market/orderbook/level2 General 3470164 | Get Full OrderBook
  spot market getCallAuctionPartOrderBook GET spot /api/v1/market/orderbook/callauction/level2_{size} Public 3471564 | Get Call Auction Part OrderBook
  spot market getCallAuctionInfo GET spot /api/v1/market/callauctionData Public 3471565 | Get Call Auction Info
  spot market getFiatPrice GET spot /api/v1/prices Public 3470153 | Get Fiat Price
  spot market get24hrStats GET spot /api/v1/market/stats Public 3470161 | Get 24hr Stats
  spot market getMarketList GET spot /api/v1/markets Public 3470166 | Get Market List
  spot market getClientIPAddress GET spot /api/v1/my-ip Public 3471123 | Get Client IP Address
  spot market getServerTime GET spot /api/v1/timestamp Public 3470156 | Get Server Time
  spot market getServiceStatus GET spot /api/v1/status Public 3470158 | Get Service Status
  spot market getPublicToken POST spot /api/v1/bullet-public Public 3470294 | Get Public Token - Spot/Margin
  spot market getPrivateToken POST spot /api/v1/bullet-private General 3470295 | Get Private Token - Spot/Margin
  spot order addOrder POST spot /api/v1/hf/orders Spot 3470188 | Add Order
  spot order addOrderSync POST spot /api/v1/hf/orders/sync Spot 3470170 | Add Order Sync
  spot order addOrderTest POST spot /api/v1/hf/orders/test Spot 3470187 | Add Order Test
  spot order batchAddOrders POST spot /api/v1/hf/orders/multi Spot 3470168 | Batch Add Orders
  spot order batchAddOrdersSync POST spot /api/v1/hf/orders/multi/sync Spot 3470169 | Batch Add Orders Sync
  spot order cancelOrderByOrderId DELETE spot /api/v1/hf/orders/{orderId} Spot 3470174 | Cancel Order By OrderId
  spot order cancelOrderByOrderIdSync DELETE spot /api/v1/hf/orders/sync/{orderId} Spot 3470185 | Cancel Order By OrderId Sync
  spot order cancelOrderByClientOid DELETE spot /api/v1/hf/orders/client-order/{clientOid} Spot 3470184 | Cancel Order By ClientOid
  spot order cancelOrderByClientOidSync DELETE spot /api/v1/hf/orders/sync/client-order/{clientOid} Spot 3470186 | Cancel Order By ClientOid Sync
  spot order cancelPartialOrder DELETE spot /api/v1/hf/orders/cancel/{orderId} Spot 3470183 | Cancel Partial Order
  spot order cancelAllOrdersBySymbol DELETE spot /api/v1/hf/orders Spot 3470175 | Cancel All Orders By Symbol
  spot order cancelAllOrders DELETE spot /api/v1/hf/orders/cancelAll Spot 3470176 | Cancel All Orders
  spot order modifyOrder POST spot /api/v1/hf/orders/alter Spot 3470171 | Modify Order
  spot order getOrderByOrderId GET spot /api/v1/hf/orders/{orderId} General 3470181 | Get Order By OrderId
  spot order getOrderByClientOid GET spot /api/v1/hf/orders/client-order/{clientOid} General 3470182 | Get Order By ClientOid
  spot order getSymbolsWithOpenOrder GET spot /api/v1/hf/orders/active/symbols Spot 3470177 | Get Symbols With Open Order
  spot order getOpenOrders GET spot /api/v1/hf/orders/active General 3470178 | Get Open Orders
  spot order getOpenOrdersByPage GET spot /api/v1/hf/orders/active/page General 3471591 | Get Open Orders By Page
  spot order getClosedOrders GET spot /api/v1/hf/orders/done General 3470179 | Get Closed Orders
  spot order getTradeHistory GET spot /api/v1/hf/fills General 3470180 | Get Trade History
  spot order getDCP GET spot /api/v1/hf/orders/dead-cancel-all/query Spot 3470172 | Get DCP
  spot order setDCP POST spot /api/v1/hf/orders/dead-cancel-all Spot 3470173 | Set DCP
  spot order addStopOrder POST spot /api/v1/stop-order Spot 3470334 old | Add Stop Order
  spot order cancelStopOrderByClientOid DELETE spot /api/v1/stop-order/cancelOrderByClientOid Spot 3470336 old | Cancel Stop Order By ClientOid
  spot order cancelStopOrderByOrderId DELETE spot /api/v1/stop-order/{orderId} Spot 3470335 old | Cancel Stop Order By OrderId
  spot order batchCancelStopOrder DELETE spot /api/v1/stop-order/cancel Spot 3470337 | Batch Cancel Stop Orders
  spot order getStopOrdersList GET spot /api/v1/stop-order General 3470338 | Get Stop Orders List
  spot order getStopOrderByOrderId GET spot /api/v1/stop-order/{orderId} General 3470339 | Get Stop Order By OrderId
  spot order getStopOrderByClientOid GET spot /api/v1/stop-order/queryOrderByClientOid General 3470340 | Get Stop Order By ClientOid
  spot order addOcoOrder POST spot /api/v3/oco/order Spot 3470353 old | Add OCO Order
  spot order cancelOcoOrderByOrderId DELETE spot /api/v3/oco/order/{orderId} Spot 3470354 old | Cancel OCO Order By OrderId
  spot order cancelOcoOrderByClientOid DELETE spot /api/v3/oco/client-order/{clientOid} Spot 3470355 old | Cancel OCO Order By ClientOid
  spot order batchCancelOcoOrders DELETE spot /api/v3/oco/orders Spot 3470356 old | Batch Cancel OCO Order
  spot order getOcoOrderByOrderId GET spot /api/v3/oco/order/{orderId} General 3470357 old | Get OCO Order By OrderId
  spot order getOcoOrderByClientOid GET spot /api/v3/oco/client-order/{clientOid} General 3470358 old | Get OCO Order By ClientOid
  spot order getOcoOrderDetailByOrderId GET spot /api/v3/oco/order/details/{orderId} General 3470359 old | Get OCO Order Detail By OrderId
  spot order getOcoOrderList GET spot /api/v3/oco/orders General 3470360 old | Get OCO Order List
  spot order addOrderOld POST spot /api/v1/orders Spot 3470333 old | Add Order - Old
  spot order addOrderTestOld POST spot /api/v1/orders/test Spot 3470341 old | Add Order Test - Old
  spot order batchAddOrdersOld POST spot /api/v1/orders/multi Spot 3470342 old | Batch Add Orders - Old
  spot order cancelOrderByOrderIdOld DELETE spot /api/v1/orders/{orderId} Spot 3470343 old | Cancel Order By OrderId - Old
  spot order cancelOrderByClientOidOld DELETE spot /api/v1/order/client-order/{clientOid} Spot 3470344 | Cancel Order By ClientOid - Old
  spot order batchCancelOrderOld DELETE spot /api/v1/orders Spot 3470345 old | Batch Cancel Order - Old
  spot order getOrdersListOld GET spot /api/v1/orders General 3470346 old | Get Orders List - Old
  spot order getRecentOrdersListOld GET spot /api/v1/limit/orders General 3470347 old | Get Recent Orders List - Old
  spot order getOrderByOrderIdOld GET spot /api/v1/orders/{orderId} General 3470348 old | Get Order By OrderId - Old
  spot order getOrderByClientOidOld GET spot /api/v1/order/client-order/{clientOid} General 3470349 old | Get Order By ClientOid - Old
  spot order getTradeHistoryOld GET spot /api/v1/fills General 3470350 old | Get Trade History - Old
  spot order getRecentTradeHistoryOld GET spot /api/v1/limit/fills General 3470351 old | Get Recent Trade History - Old
  viplending viplending getDiscountRateConfigs GET spot /api/v1/otc-loan/discount-rate-configs Public 3471463 | Get Discount Rate Configs
  viplending viplending getLoanInfo GET spot /api/v1/otc-loan/loan Spot 3470277 | Get Loan Info
  viplending viplending getAccounts GET spot /api/v1/otc-loan/accounts Spot 3470278 | Get Accounts
`;

/**
 * Endpoints of earlier generations that no current documentation lists: method, host, path | title.
 * Source: kucoin-api 7.2, 8.18, 8.19, 8.26 and the clients of that time.
 */
export const earlier = `
  POST spot /api/v1/accounts/inner-transfer | Inner Transfer (V1)
  POST futures /api/v1/transfer-out | Transfer to Main Account (V1)
  POST futures /api/v2/transfer-out | Transfer to Main Account (V2)
  GET spot /api/v1/symbols | Get Symbols List (V1)
  GET spot /api/v1/currencies | Get Currencies (V1)
  GET spot /api/v1/currencies/{currency} | Get Currency Detail (V1)
  GET spot /api/v2/currencies/{currency} | Get Currency Detail (V2)
  GET spot /api/v1/market/orderbook/level2 | Get Full Order Book (V1)
  GET spot /api/v2/market/orderbook/level2 | Get Full Order Book (V2)
  POST spot /api/v1/accounts | Create an Account
  GET spot /api/v1/accounts/{accountId}/ledgers | Get Account Ledgers of one Account
  GET spot /api/v1/accounts/{accountId}/holds | Get Holds
  GET futures /api/v1/sub/api-key | Get SubAccount API List (Futures)
  POST futures /api/v1/sub/api-key | Add SubAccount API (Futures)
  DELETE futures /api/v1/sub/api-key | Delete SubAccount API (Futures)
`;

/**
 * What replaced an endpoint: old and new as method and path. `same`: the request can stay as it is, so that changing
 * the path is a complete fix of the call (its answer may differ). `gone`: it does not answer any more.
 * Source: kucoin-api 3.2, 7.2, 7.3, 8.7, 8.8, 8.17 to 8.26, and the notes of the documentation on abandoned calls.
 */
export const replacements: Readonly<
  Record<string, { readonly by?: string; readonly same?: true; readonly gone?: true }>
> = {
  'POST /api/v1/accounts/inner-transfer': { by: 'POST /api/v3/accounts/universal-transfer', gone: true },
  'POST /api/v2/accounts/inner-transfer': { by: 'POST /api/v3/accounts/universal-transfer' },
  'POST /api/v2/accounts/sub-transfer': { by: 'POST /api/v3/accounts/universal-transfer' },
  'POST /api/v1/transfer-out': { by: 'POST /api/v3/accounts/universal-transfer' },
  'POST /api/v2/transfer-out': { by: 'POST /api/v3/accounts/universal-transfer' },
  'POST /api/v3/transfer-out': { by: 'POST /api/v3/accounts/universal-transfer' },
  'POST /api/v1/transfer-in': { by: 'POST /api/v3/accounts/universal-transfer' },
  'GET /api/v1/transfer-list': {},
  'GET /api/v1/sub/user': { by: 'GET /api/v2/sub/user', same: true },
  'GET /api/v1/sub-accounts': { by: 'GET /api/v2/sub-accounts', same: true },
  'GET /api/v1/margin/account': { by: 'GET /api/v3/margin/accounts' },
  'GET /api/v1/isolated/accounts': { by: 'GET /api/v3/isolated/accounts', gone: true },
  'GET /api/v1/isolated/account/{symbol}': { by: 'GET /api/v3/isolated/accounts', gone: true },
  'POST /api/v1/margin/order': { by: 'POST /api/v3/hf/margin/order', gone: true },
  'POST /api/v1/margin/order/test': { by: 'POST /api/v3/hf/margin/order/test', gone: true },
  'GET /api/v1/hf/orders/active': { by: 'GET /api/v1/hf/orders/active/page', same: true },
  'GET /api/v1/symbols': { by: 'GET /api/v2/symbols', same: true },
  'GET /api/v1/currencies': { by: 'GET /api/v3/currencies', same: true },
  'GET /api/v1/currencies/{currency}': { by: 'GET /api/v3/currencies/{currency}' },
  'GET /api/v2/currencies/{currency}': { by: 'GET /api/v3/currencies/{currency}' },
  'GET /api/v1/market/orderbook/level2': { by: 'GET /api/v3/market/orderbook/level2', same: true },
  'GET /api/v2/market/orderbook/level2': { by: 'GET /api/v3/market/orderbook/level2', same: true },
  'POST /api/v1/orders': { by: 'POST /api/v1/hf/orders' },
  'POST /api/v1/orders/test': { by: 'POST /api/v1/hf/orders/test' },
  'POST /api/v1/orders/multi': { by: 'POST /api/v1/hf/orders/multi' },
  'DELETE /api/v1/orders/{orderId}': { by: 'DELETE /api/v1/hf/orders/{orderId}' },
  'DELETE /api/v1/order/client-order/{clientOid}': {
    by: 'DELETE /api/v1/hf/orders/client-order/{clientOid}',
  },
  'DELETE /api/v1/orders': { by: 'DELETE /api/v1/hf/orders' },
  'GET /api/v1/orders': { by: 'GET /api/v1/hf/orders/done' },
  'GET /api/v1/limit/orders': { by: 'GET /api/v1/hf/orders/done' },
  'GET /api/v1/orders/{orderId}': { by: 'GET /api/v1/hf/orders/{orderId}' },
  'GET /api/v1/order/client-order/{clientOid}': { by: 'GET /api/v1/hf/orders/client-order/{clientOid}' },
  'GET /api/v1/fills': { by: 'GET /api/v1/hf/fills' },
  'GET /api/v1/limit/fills': { by: 'GET /api/v1/hf/fills' },
  'GET /api/v2/deposit-addresses': { by: 'GET /api/v3/deposit-addresses' },
  'GET /api/v1/deposit-addresses': { by: 'GET /api/v3/deposit-addresses' },
  'POST /api/v1/deposit-addresses': { by: 'POST /api/v3/deposit-address/create' },
  'GET /api/v1/hist-deposits': { by: 'GET /api/v1/deposits' },
  'GET /api/v1/hist-withdrawals': { by: 'GET /api/v1/withdrawals' },
  'POST /api/v1/withdrawals': { by: 'POST /api/v3/withdrawals' },
  'GET /api/v1/accounts/{accountId}/ledgers': { by: 'GET /api/v1/accounts/ledgers' },
  'GET /api/v1/accounts/{accountId}/holds': {},
  'POST /api/v1/accounts': {},
};
