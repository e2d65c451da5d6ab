import assert from 'node:assert/strict';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import { sum } from '../../../src/kucoin/decimal';
import { at, backstage, call } from './caller';

describe('sandbox with families of all kinds', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox({ clock: () => 1_700_000_000_000 });
  });
  afterEach(() => sandbox.stop());

  async function data(target: string, futures = false): Promise<unknown> {
    const { json } = await call(sandbox, 'GET', target, { futures });
    assert.equal(json?.code, '200000', json?.msg);
    return json.data;
  }

  it('adds many sub-accounts with many currencies each, and the sums stay zero', async () => {
    const { json } = await backstage(sandbox, 'POST', 'family', { subs: 200, currencies: 20 });
    assert.deepEqual(json, { subs: 204 });
    const page = await data('/api/v2/sub-accounts?pageSize=100&currentPage=3');
    assert.deepEqual([at(page, 'totalNum'), at(page, 'items', 'length')], [204, 4]);
    const last = at(page, 'items', 3) as Record<string, { currency: string }[]>;
    assert.equal(last['mainAccounts']!.length + last['tradeAccounts']!.length, 20);
    const { totals } = sandbox.ledger();
    assert.ok(Object.values(totals).every(({ users, outside }) => users === '0' || outside === `-${users}`));
    // Whoever comes later has an id of their own.
    assert.deepEqual((await backstage(sandbox, 'POST', 'family', { subs: 1, currencies: 0 })).json, {
      subs: 205,
    });
    const list = at(await data('/api/v2/sub/user?pageSize=100&currentPage=3'), 'items') as {
      userId: string;
    }[];
    assert.equal(new Set(list.map(({ userId }) => userId)).size, 5);
    for (const wrong of [
      { subs: 20_001, currencies: 1 },
      { subs: 1, currencies: 39 },
      { subs: -1, currencies: 1 },
      {},
    ]) {
      assert.equal((await backstage(sandbox, 'POST', 'family', wrong)).http, 400);
    }
  });

  it('answers for ten thousand sub-accounts', async () => {
    sandbox.addFamily({ subs: 10_000, currencies: 20 });
    for (let page = 1; page <= 3; page++) {
      const reply = await data(`/api/v2/sub-accounts?pageSize=100&currentPage=${page}`);
      assert.equal(at(reply, 'totalNum'), 10_004);
      sandbox.clearQuotas();
    }
    const overviews = await data('/api/v1/account-overview-all?currency=USDT', true);
    assert.equal(at(overviews, 'accounts', 'length'), 10_002);
  }).timeout(30_000);

  it('has sub-accounts with markup in their name, and without balances', async () => {
    const name = '<b onclick="x">[a](command:b) `$(zap)`';
    sandbox.addSub({ name });
    const list = at(await data('/api/v2/sub/user'), 'items') as { subName: string }[];
    assert.equal(list.at(-1)!.subName, name);
    const { mainAccounts, tradeAccounts, subName } = (
      at(await data('/api/v2/sub-accounts'), 'items') as Record<string, unknown>[]
    ).at(-1)!;
    assert.deepEqual([mainAccounts, tradeAccounts, subName], [[], [], name]);
  });

  it('has futures accounts whose losses exceed what they hold', async () => {
    sandbox.mark({ type: 'contract', currency: 'USDT', locked: '-600' });
    const overview = await data('/api/v1/account-overview?currency=USDT', true);
    const {
      accountEquity,
      unrealisedPNL,
      availableBalance,
      maxWithdrawAmount,
      positionMargin,
      marginBalance,
    } = overview as Record<string, number>;
    assert.deepEqual(
      [accountEquity, unrealisedPNL, availableBalance, maxWithdrawAmount, marginBalance],
      [-100, -600, 0, 0, 500],
    );
    // marginBalance = positionMargin + orderMargin + frozenFunds + availableBalance - unrealisedPNL
    assert.equal(positionMargin! + availableBalance! - unrealisedPNL!, marginBalance);
    sandbox.mark({ type: 'contract', currency: 'USDT', locked: '-10' });
    const smaller = await data('/api/v1/account-overview?currency=USDT', true);
    assert.deepEqual([at(smaller, 'availableBalance'), at(smaller, 'positionMargin')], [392.5, 97.5]);
    assert.throws(() => sandbox.mark({ currency: 'USDT', locked: '-1' }));
  });

  it('tells the status of margin accounts by their debts, or as told', async () => {
    const status = async (): Promise<unknown[]> => [
      at(await data('/api/v3/margin/accounts'), 'status'),
      at(await data('/api/v3/isolated/accounts?symbol=BTC-USDT'), 'assets', 0, 'status'),
    ];
    assert.deepEqual(await status(), ['EFFECTIVE', 'EFFECTIVE']);
    sandbox.mark({ type: 'margin', currency: 'USDT', debt: '1000' });
    assert.deepEqual(await status(), ['BANKRUPTCY', 'EFFECTIVE']);
    sandbox.setSwitches({ marginStatus: 'REPAY' });
    assert.deepEqual(await status(), ['REPAY', 'REPAY']);
  });

  it('can be unified: the mode says so, and the classic calls have nothing more to say', async () => {
    assert.deepEqual(at(await data('/api/ua/v1/account/mode'), 'selfAccountMode'), 'CLASSIC');
    const unified = '/api/ua/v1/unified/account/balance';
    assert.equal((await call(sandbox, 'GET', unified)).json?.code, '112010');
    sandbox.setSwitches({ unifiedMode: true });
    const accounts = (await data('/api/v1/accounts')) as { type: string }[];
    assert.deepEqual([...new Set(accounts.map(({ type }) => type))].sort(), ['main', 'option']);
    const one = at(await data(unified), 'accounts', 0, 'currencies') as Record<string, string>[];
    const usdt = one.find(({ currency }) => currency === 'USDT');
    const rows = sandbox.ledger().rows.filter(({ uid, type, currency }) => {
      return (
        uid === sandbox.row({ currency: 'USDT' })?.uid &&
        currency === 'USDT' &&
        !['main', 'option'].includes(type)
      );
    });
    assert.ok(rows.length > 2);
    assert.equal(usdt?.['balance'], sum(rows.map(({ total }) => total)));
    assert.equal(usdt['liability'], sum(rows.map(({ debt }) => debt)));
    assert.deepEqual(at(await data('/api/ua/v1/account/mode'), 'selfAccountMode'), 'UNIFIED');
    assert.deepEqual(at(await data('/api/v3/margin/accounts'), 'accounts'), []);
    assert.deepEqual(at(await data('/api/v3/isolated/accounts'), 'assets'), []);
    for (const [method, path] of [
      ['GET', '/api/v1/account-overview'],
      ['GET', '/api/v1/account-overview-all'],
      ['POST', '/api/v1/bullet-private'],
    ] as const) {
      const { http } = await call(sandbox, method, path, { futures: true });
      assert.equal(http, 404, path);
    }
    sandbox.setSwitches({ unifiedMargin: 'refused' });
    for (const path of ['margin', 'isolated']) {
      assert.equal((await call(sandbox, 'GET', `/api/v3/${path}/accounts`)).json?.code, '400100');
    }
  });

  it('can lose its futures host for every key', async () => {
    sandbox.setSwitches({ futuresHost: 'notFound' });
    assert.equal(
      (await call(sandbox, 'GET', '/api/v1/account-overview', { futures: true })).json?.code,
      '404',
    );
    assert.equal((await call(sandbox, 'GET', '/api/v1/timestamp', { futures: true })).http, 200);
  });
});
