import assert from 'node:assert/strict';
import { relationOf } from '../../../../src/kucoin/feed/events';
import {
  readFrame,
  readTopic,
  topics,
  topicText,
  type FeedEvent,
  type TopicName,
} from '../../../../src/kucoin/feed/topics';

/** The example frames of kucoin-api 11.5 and 11.6, by topic and subject. */
const frames = {
  balance:
    '{"topic":"/account/balance","type":"message","subject":"account.balance","id":"660000000000001","userId":"65aa0000000000000000a001","channelType":"private","data":{"accountId":"900100000001","currency":"USDT","total":"132.5","available":"112.25","hold":"20.25","availableChange":"12.5","holdChange":"0","relationContext":{},"relationEvent":"trade.transfer","relationEventId":"660000000000001","time":"1700000001305"}}',
  wallet:
    '{"topic":"/contractAccount/wallet","type":"message","subject":"walletBalance.change","id":"65aa0000000000000000aa01","userId":"65aa0000000000000000a001","channelType":"private","data":{"currency":"USDT","walletBalance":"500","availableBalance":"402.5","holdBalance":"0","equity":"512.5","crossPosMargin":"0","crossOrderMargin":"0","crossUnPnl":"0","isolatedPosMargin":"100","isolatedOrderMargin":"10","isolatedFundingFeeMargin":"0","isolatedUnPnl":"12.5","totalCrossMargin":"402.5","version":"41","timestamp":"1700000003050"}}',
  ticker:
    '{"type":"message","topic":"/market/ticker:BTC-USDT","subject":"trade.ticker","data":{"sequence":"1545896668986","price":"0.08","size":"0.011","bestAsk":"0.08","bestAskSize":"0.18","bestBid":"0.049","bestBidSize":"0.036","Time":1700000000000}}',
  orderBook:
    '{"topic":"/market/level2:BTC-USDT","subject":"trade.l2update","type":"message","data":{"changes":{"asks":[["18906","0.00331","14103845"]],"bids":[["18891.9","0",14103844]]},"sequenceEnd":14103845,"sequenceStart":14103844,"symbol":"BTC-USDT","time":1700000000000}}',
  depth:
    '{"type":"message","topic":"/spotMarket/level2Depth5:BTC-USDT","subject":"level2","data":{"asks":[["9989","8"],["9990","32"]],"bids":[["9988","56"]],"timestamp":1700000000000}}',
};

function read(text: string): FeedEvent {
  const event = readFrame(text);
  assert.equal(event.kind, 'event', JSON.stringify(event));
  return event;
}

function why(text: string): string {
  const event = readFrame(text);
  assert.ok(event.kind === 'unread', JSON.stringify(event));
  return event.why;
}

describe('feed topics', () => {
  it('name each topic once, with a page of the documentation, and the host that serves it', () => {
    const paths = Object.values(topics).map(({ path }) => path);
    assert.equal(new Set(paths).size, paths.length);
    for (const [name, { docs, path }] of Object.entries(topics)) {
      assert.match(docs, /^https:\/\/www\.kucoin\.com\/docs-new\/[0-9a-z]+$/, name);
      assert.equal(readTopic(path).name, name);
    }
    const futures = Object.values(topics).filter(({ host }) => host === 'futures');
    assert.deepEqual(
      futures.map(({ path }) => path),
      ['/contractAccount/wallet'],
    );
  });

  it('are written with a name where they take one, and only there', () => {
    assert.equal(topicText('balance'), '/account/balance');
    assert.equal(topicText('ticker', 'BTC-USDT'), '/market/ticker:BTC-USDT');
    assert.throws(() => topicText('ticker'), TypeError);
    assert.throws(() => topicText('balance', 'BTC-USDT'), TypeError);
    assert.deepEqual(readTopic('/market/other:X'), { path: '/market/other', symbol: 'X' });
  });
});

describe('feed events', () => {
  it('give a change of a balance', () => {
    const event = read(frames.balance);
    assert.ok(event.name === 'balance');
    assert.equal(event.symbol, undefined);
    assert.equal(event.data.total, '132.5');
    assert.equal(event.data.time, 1_700_000_001_305);
    assert.deepEqual(relationOf(event.data.relationEvent), { account: 'trade', event: 'transfer' });
  });

  it('take a balance with the context of a trade, without one, and with members that are not known', () => {
    for (const context of ['{"symbol":"KCS-USDT","orderId":"1","tradeId":null}', 'null', '{"x":{"y":1}}']) {
      const text = frames.balance.replace('"relationContext":{}', `"relationContext":${context},"new":1`);
      assert.equal(read(text).name, 'balance', context);
    }
  });

  it('give a change of the futures wallet with its version', () => {
    const event = read(frames.wallet);
    assert.ok(event.name === 'wallet' && event.subject === 'walletBalance.change');
    assert.deepEqual([event.data.equity, event.data.version], ['512.5', 41]);
  });

  for (const [subject, data, member] of [
    ['orderMargin.change', '{"orderMargin":0.1,"currency":"USDT","timestamp":1700000003050}', 'orderMargin'],
    [
      'availableBalance.change',
      '{"availableBalance":"0.1","holdBalance":0,"currency":"USDT","timestamp":1}',
      'availableBalance',
    ],
    ['withdrawHold.change', '{"withdrawHold":1e-9,"currency":"USDT","timestamp":"1"}', 'withdrawHold'],
  ] as const) {
    it(`give the older ${subject}, digit for digit`, () => {
      const event = read(
        `{"type":"message","topic":"/contractAccount/wallet","subject":"${subject}","data":${data}}`,
      );
      assert.equal(event.subject, subject);
      const value = (event.data as unknown as Record<string, unknown>)[member];
      assert.equal(value, subject === 'withdrawHold.change' ? '0.000000001' : '0.1');
    });
  }

  it('give the debts of cross margin with exact numbers', () => {
    const event = read(
      '{"type":"message","topic":"/margin/position","subject":"debt.ratio","data":{"debtRatio":1e-9,"totalAsset":0.10,"marginCoefficientTotalAsset":"0.5","totalDebt":"21.7505","assetList":{"BTC":{"total":"0.002","available":"0.002","hold":"0"}},"debtList":{"USDT":21.123456789012345678},"timestamp":1700000000000}}',
    );
    assert.ok(event.name === 'marginPosition' && event.subject === 'debt.ratio');
    assert.deepEqual(
      [event.data.debtRatio, event.data.totalAsset, event.data.debtList['USDT']],
      ['0.000000001', '0.10', '21.123456789012345678'],
    );
  });

  it('give the state of margin positions', () => {
    const status = read(
      '{"type":"message","topic":"/margin/position","subject":"position.status","data":{"type":"FROZEN_FL","timestamp":1}}',
    );
    assert.ok(status.name === 'marginPosition' && status.subject === 'position.status');
    const isolated = read(
      '{"type":"message","topic":"/margin/isolatedPosition:BTC-USDT","subject":"positionChange","data":{"tag":"BTC-USDT","status":"DEBT","statusBizType":"FORCE_LIQUIDATION","accumulatedPrincipal":"5.01","changeAssets":{"BTC":{"total":"0.05","hold":"0","liabilityPrincipal":"0","liabilityInterest":"0"}},"timestamp":1}}',
    );
    assert.ok(isolated.name === 'isolatedPosition');
    assert.deepEqual([isolated.symbol, isolated.data.changeAssets['BTC']?.total], ['BTC-USDT', '0.05']);
  });

  it('give tickers of a pair and of all pairs, with either spelling of the time', () => {
    const one = read(frames.ticker);
    assert.ok(one.name === 'ticker');
    assert.deepEqual(
      [one.symbol, one.data.sequence, one.data.time],
      ['BTC-USDT', 1_545_896_668_986, 1_700_000_000_000],
    );
    const all = read(
      frames.ticker
        .replace(':BTC-USDT', ':all')
        .replace('trade.ticker', 'KCS-USDT')
        .replace('"Time"', '"time"'),
    );
    assert.deepEqual([all.symbol, all.topic], ['KCS-USDT', '/market/ticker:all']);
    assert.equal((all.data as { time?: number }).time, 1_700_000_000_000);
  });

  it('give order books: the best levels, and changes', () => {
    const depth = read(frames.depth);
    assert.ok(depth.name === 'depth5');
    assert.deepEqual(depth.data.asks[1], ['9990', '32']);
    const update = read(frames.orderBook);
    assert.ok(update.name === 'orderBook');
    assert.deepEqual(update.data.changes, {
      asks: [['18906', '0.00331', 14_103_845]],
      bids: [['18891.9', '0', 14_103_844]],
    });
  });

  it('give snapshots of one pair and of a market, with exact numbers', () => {
    const row =
      '{"symbol":"KCS-USDT","buy":11,"sell":1e-9,"lastTradedPrice":0.1,"datetime":1700000000000,"trading":true}';
    const text = (data: string): string =>
      `{"type":"message","topic":"/market/snapshot:KCS-USDT","subject":"trade.snapshot","data":{"sequence":5,"data":${data}}}`;
    for (const data of [row, `[${row}]`]) {
      const event = read(text(data));
      assert.ok(event.name === 'snapshot');
      assert.deepEqual(
        event.data.map(({ buy, sell, lastTradedPrice }) => [buy, sell, lastTradedPrice]),
        [['11', '0.000000001', '0.1']],
      );
    }
  });
});

describe('feed frames that cannot be read', () => {
  it('are reported, not thrown', () => {
    assert.equal(why('{'), 'json');
    assert.equal(why('[1]'), 'type');
    assert.equal(why('null'), 'json');
    assert.equal(why('"text"'), 'json');
    assert.equal(why('{"type":"notice","topic":"/account/balance"}'), 'type');
    assert.equal(why('{"type":"message"}'), 'topic');
    assert.equal(why('{"type":"message","topic":7}'), 'topic');
    assert.equal(why(frames.balance.replace('/account/balance', '/account/other')), 'topic');
    assert.equal(why(frames.balance.replace('account.balance', 'account.other')), 'subject');
    assert.equal(why(frames.balance.replace('"subject":"account.balance",', '')), 'subject');
    for (const subject of ['toString', '__proto__', 'constructor'])
      assert.equal(why(frames.balance.replace('account.balance', subject)), 'subject');
    assert.equal(why(frames.balance.replace('"132.5"', '132.5')), 'data');
    assert.equal(why(frames.balance.replace('"currency":"USDT",', '')), 'data');
    assert.equal(why('{"type":"message","topic":"/account/balance","subject":"account.balance"}'), 'data');
  });

  it('say which field, and never its value', () => {
    const event = readFrame(frames.balance.replace('"132.5"', '{"secret":"132.5"}'));
    assert.ok(event.kind === 'unread');
    assert.match(event.detail, /data\.total/);
    assert.doesNotMatch(event.detail, /132|secret/);
  });

  it('have sequences that a number cannot hold', () => {
    for (const wrong of ['9007199254740993', '"9007199254740993"', '1.5', '"x"', 'null']) {
      assert.equal(
        why(frames.orderBook.replace('"sequenceEnd":14103845', `"sequenceEnd":${wrong}`)),
        'data',
        wrong,
      );
    }
  });
});

describe('relation of a balance event', () => {
  for (const [text, expected] of [
    ['main.deposit', { account: 'main', event: 'deposit' }],
    ['trade_hf.setted', { account: 'trade_hf', event: 'setted' }],
    ['margin.hold', { account: 'margin', event: 'hold' }],
    ['marginV2.transfer', { account: 'margin_v2', event: 'transfer' }],
    ['isolated_BTC-USDT.transfer', { account: 'isolated', symbol: 'BTC-USDT', event: 'transfer' }],
    ['isolatedV2_ETH-BTC.hold', { account: 'isolated_v2', symbol: 'ETH-BTC', event: 'hold' }],
    ['other', { event: 'other' }],
    ['quantum.dots.walk', { account: 'quantum.dots', event: 'walk' }],
    ['constructor.x', { account: 'constructor', event: 'x' }],
    ['.x', { event: 'x' }],
    ['', { event: '' }],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(relationOf(text), expected));
  }
});

describe('feed topic names', () => {
  it('cover what the product listens to', () => {
    const expected: TopicName[] = [
      'balance',
      'depth5',
      'depth50',
      'isolatedPosition',
      'marginPosition',
      'orderBook',
      'snapshot',
      'ticker',
      'wallet',
    ];
    assert.deepEqual(Object.keys(topics).sort(), expected);
  });
});
