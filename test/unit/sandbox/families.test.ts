import assert from 'node:assert/strict';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Credentials, type Sandbox } from '../../../src/sandbox/main';
import { at, backstage, call, type Reply } from './caller';

/** Balances that the account list does not show: margin, futures, sub-accounts. */

const sub: Credentials = { ...demoKeys.subAccount, keyVersion: '3' };
const masterUid = 700100200;

describe('sandbox balances of other families', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox({ clock: () => 1_700_000_000_000 });
  });
  afterEach(() => sandbox.stop());

  const get = (target: string, futures = false, credentials?: Credentials): Promise<Reply> =>
    call(sandbox, 'GET', target, { futures, ...(credentials && { credentials }) });
  async function data(target: string, futures = false, credentials?: Credentials): Promise<unknown> {
    const { json } = await get(target, futures, credentials);
    assert.equal(json?.code, '200000', json?.msg);
    return json.data;
  }
  const answerOf = ({ http, json }: Reply): string => `${http} ${json?.code ?? ''} ${json?.msg ?? ''}`.trim();

  describe('futures overview', () => {
    it('adds up as documented', async () => {
      assert.deepEqual(await data('/api/v1/account-overview?currency=USDT', true), {
        accountEquity: 512.5,
        unrealisedPNL: 12.5,
        marginBalance: 500,
        positionMargin: 110,
        orderMargin: 0,
        frozenFunds: 0,
        availableBalance: 402.5,
        currency: 'USDT',
        riskRatio: 0.02,
        maxWithdrawAmount: 390,
        availableMargin: 402.5,
      });
    });

    it('shows XBT where no currency is named, and takes BTC only when the switch says so', async () => {
      const found = await data('/api/v1/account-overview', true);
      assert.deepEqual([at(found, 'currency'), at(found, 'availableBalance')], ['XBT', 0.05]);
      assert.match(answerOf(await get('/api/v1/account-overview?currency=BTC', true)), /^200 400100 /);
      sandbox.setSwitches({ bitcoinNames: 'either' });
      assert.equal(at(await data('/api/v1/account-overview?currency=BTC', true), 'currency'), 'XBT');
    });

    it('writes numbers with all their digits', async () => {
      sandbox.credit({ type: 'contract', currency: 'ETH', amount: '123456789012345678.000000000000000001' });
      const { text } = await get('/api/v1/account-overview?currency=ETH', true);
      assert.match(text, /"accountEquity":123456789012345678\.000000000000000001,/);
    });

    it('shows fewer members in seed, to a key with General alone', async () => {
      await sandbox.reset({ world: 'seed' });
      const readOnly: Credentials = { ...demoKeys.readOnly, keyVersion: '3' };
      const found = await data('/api/v1/account-overview?currency=USDT', true, readOnly);
      assert.deepEqual(Object.keys(found as object), [
        'accountEquity',
        'unrealisedPNL',
        'marginBalance',
        'positionMargin',
        'orderMargin',
        'frozenFunds',
        'availableBalance',
        'currency',
      ]);
    });

    it('is not found by a key without Futures, or refused when the switch says so', async () => {
      const readOnly: Credentials = { ...demoKeys.readOnly, keyVersion: '3' };
      const ask = (): Promise<Reply> => get('/api/v1/account-overview', true, readOnly);
      const reply = await ask();
      assert.equal(reply.http, 404);
      assert.deepEqual(reply.json, { code: '404', msg: 'Not Found', retry: false, success: false });
      sandbox.setSwitches({ futuresDenied: 'permission' });
      assert.match(answerOf(await ask()), /^403 400007 /);
    });

    it('is not found in unified mode, and the margin accounts are empty', async () => {
      sandbox.setSwitches({ unifiedMode: true });
      for (const path of [
        'account-overview',
        'account-overview-all',
        'transaction-history',
        'transfer-list',
      ]) {
        assert.equal(answerOf(await get(`/api/v1/${path}`, true)), '404 404 Not Found');
      }
      assert.deepEqual(at(await data('/api/v3/margin/accounts'), 'accounts'), []);
      assert.deepEqual(at(await data('/api/v3/isolated/accounts'), 'assets'), []);
      const time = await call(sandbox, 'GET', '/api/v1/timestamp', { futures: true });
      assert.equal(time.json?.code, '200000');
    });

    it('shows zeros to a user who never opened futures, or refuses', async () => {
      const credentials = sandbox.addKey({ uid: 700100204, permissions: ['General', 'Futures'] });
      assert.equal(
        at(await data('/api/v1/account-overview?currency=USDT', true, credentials), 'accountEquity'),
        0,
      );
      sandbox.setSwitches({ futuresNeverOpened: 'refused' });
      assert.match(
        answerOf(await get('/api/v1/account-overview?currency=USDT', true, credentials)),
        /^200 400100 /,
      );
    });

    it('sums master and sub-accounts, for the master only', async () => {
      const all = await data('/api/v1/account-overview-all?currency=USDT', true);
      assert.deepEqual(
        (at(all, 'accounts') as Record<string, unknown>[]).map((row) => [
          row['accountName'],
          row['marginBalance'],
        ]),
        [
          ['main', 500],
          ['demoSub01', 40],
        ],
      );
      assert.deepEqual(
        ['accountEquityTotal', 'marginBalanceTotal', 'availableBalanceTotal', 'currency'].map((name) =>
          at(all, 'summary', name),
        ),
        [552.5, 540, 442.5, 'USDT'],
      );
      assert.match(answerOf(await get('/api/v1/account-overview-all', true, sub)), /^403 400007 /);
      sandbox.setSwitches({ oldEnvelope: 'always' });
      const old = await get('/api/v1/account-overview-all?currency=USDT', true);
      assert.deepEqual(old.json, { success: true, code: '200', msg: 'success', retry: false, data: all });
    });
  });

  describe('cross margin', () => {
    const rowOf = (found: unknown, currency: string): Record<string, unknown> | undefined =>
      (at(found, 'accounts') as Record<string, unknown>[]).find((row) => row['currency'] === currency);

    it('lists every margin currency with its debt', async () => {
      const found = await data('/api/v3/margin/accounts');
      assert.deepEqual(rowOf(found, 'USDT'), {
        currency: 'USDT',
        borrowEnabled: true,
        transferInEnabled: true,
        liability: '25',
        liabilityPrincipal: '24.9',
        liabilityInterest: '0.1',
        total: '310.4',
        available: '290.4',
        hold: '20',
        maxBorrowSize: '900',
      });
      assert.equal(rowOf(found, 'DOGE')?.['total'], '0');
      assert.equal(rowOf(found, 'NEO'), undefined);
      assert.deepEqual(
        ['status', 'totalLiabilityOfQuoteCurrency'].map((name) => at(found, name)),
        ['EFFECTIVE', '25'],
      );
    });

    it('totals in the asked currency', async () => {
      const total = async (quote: string): Promise<number> =>
        Number(at(await data(`/api/v3/margin/accounts?quoteCurrency=${quote}`), 'totalAssetOfQuoteCurrency'));
      assert.ok(Math.abs((await total('USDT')) - 631.7149) < 0.01);
      assert.ok((await total('BTC')) < 0.01);
      assert.match(answerOf(await get('/api/v3/margin/accounts?quoteCurrency=ETH')), /^200 400100 /);
    });

    it('knows the HF account by queryType in seed, and as another name today', async () => {
      const usdt = async (query: string): Promise<unknown> =>
        rowOf(await data(`/api/v3/margin/accounts${query}`), 'USDT')?.['total'];
      assert.deepEqual(await Promise.all(['', '?queryType=MARGIN_V2', '?queryType=ALL'].map(usdt)), [
        '310.4',
        '310.4',
        '310.4',
      ]);
      await sandbox.reset({ world: 'seed' });
      sandbox.credit({ type: 'margin_v2', currency: 'USDT', amount: '1' });
      assert.deepEqual(
        await Promise.all(['?queryType=MARGIN', '?queryType=MARGIN_V2', '?queryType=ALL'].map(usdt)),
        ['310.4', '1', '311.4'],
      );
      const row = rowOf(await data('/api/v3/margin/accounts'), 'USDT');
      assert.ok(row && !('liabilityPrincipal' in row));
      assert.match(answerOf(await get('/api/v3/margin/accounts?queryType=margin')), /^200 400100 /);
    });
  });

  describe('isolated margin', () => {
    it('lists the pairs, or one of them', async () => {
      const all = await data('/api/v3/isolated/accounts');
      assert.equal(at(all, 'assets', 'length'), 8);
      const one = await data('/api/v3/isolated/accounts?symbol=BTC-USDT');
      assert.equal(at(one, 'assets', 'length'), 1);
      assert.deepEqual(
        [
          at(one, 'assets', 0, 'symbol'),
          at(one, 'assets', 0, 'baseAsset', 'total'),
          at(one, 'assets', 0, 'quoteAsset', 'total'),
          at(one, 'assets', 0, 'quoteAsset', 'liability'),
        ],
        ['BTC-USDT', '0.002', '150', '10'],
      );
      assert.equal(at(one, 'timestamp'), 1_700_000_000_000);
      assert.match(answerOf(await get('/api/v3/isolated/accounts?symbol=PLAY-USDT')), /^200 900001 /);
    });
  });

  describe('sub-accounts', () => {
    it('are listed with ids, states and opened trade types', async () => {
      const found = await data('/api/v2/sub/user');
      assert.deepEqual(
        (at(found, 'items') as Record<string, unknown>[]).map((row) => [
          row['subName'],
          row['uid'],
          row['status'],
          row['type'],
          row['openedTradeTypes'],
        ]),
        [
          ['demoSub01', 700100201, 2, 0, ['Spot', 'Futures']],
          ['gridRobot7', 700100202, 2, 1, ['Spot']],
          ['frozenSub03', 700100203, 3, 0, ['Spot']],
          ['marginSub04', 700100204, 2, 0, ['Spot', 'Margin']],
        ],
      );
      assert.deepEqual(at(found, 'items', 3, 'tradeTypes'), ['Spot', 'Futures', 'Margin']);
    });

    it('come in pages of 1 to 100, balances of 10 to 100 today', async () => {
      const page = await data('/api/v2/sub/user?pageSize=3&currentPage=2');
      assert.deepEqual(
        ['currentPage', 'pageSize', 'totalNum', 'totalPage'].map((name) => at(page, name)),
        [2, 3, 4, 2],
      );
      assert.equal(at(page, 'items', 'length'), 1);
      assert.equal(at(await data('/api/v2/sub/user'), 'pageSize'), 10);
      const tooLarge = '200 400100 pageSize should not greater than 100';
      assert.equal(answerOf(await get('/api/v2/sub/user?pageSize=101')), tooLarge);
      assert.equal(answerOf(await get('/api/v2/sub-accounts?pageSize=101')), tooLarge);
      assert.match(answerOf(await get('/api/v2/sub/user?pageSize=0')), /^200 400100 /);
      assert.match(answerOf(await get('/api/v2/sub-accounts?pageSize=9')), /^200 400100 /);
      await sandbox.reset({ world: 'seed' });
      assert.equal(at(await data('/api/v2/sub-accounts?pageSize=1'), 'items', 'length'), 1);
    });

    it('show their funding, spot and margin balances, without zeros', async () => {
      const found = await data('/api/v2/sub-accounts');
      const shown = (at(found, 'items') as Record<string, unknown>[]).map((row) => [
        row['subName'],
        ...['mainAccounts', 'tradeAccounts', 'marginAccounts', 'tradeHFAccounts'].map((name) =>
          (row[name] as { currency: string; balance: string }[]).map(
            (one) => `${one.balance} ${one.currency}`,
          ),
        ),
      ]);
      assert.deepEqual(shown, [
        ['demoSub01', ['7 USDT', '0.00000042 BTC'], ['1.5 KCS', '33.333333 USDT'], [], []],
        ['gridRobot7', [], ['212.07 USDT', '1.25 SOL'], [], []],
        ['frozenSub03', ['11.5 USDT'], [], [], []],
        ['marginSub04', ['60 USDT'], ['0.4 ETH'], ['120 USDT', '0.003 BTC'], []],
      ]);
    });

    it('show one of them by its userId, zeros and conversion on demand', async () => {
      const path = '/api/v1/sub-accounts/65aa0000000000000000b001';
      const found = await data(path);
      assert.deepEqual(at(found, 'mainAccounts', 0), {
        currency: 'USDT',
        balance: '7',
        available: '7',
        holds: '0',
        baseCurrency: 'BTC',
        baseCurrencyPrice: '64262.975995199039',
        baseAmount: '0.000108927417',
        tag: 'DEFAULT',
      });
      sandbox.credit({ uid: 700100201, currency: 'USDT', amount: '-7' });
      assert.equal(at(await data(path), 'mainAccounts', 'length'), 1);
      assert.equal(at(await data(`${path}?includeBaseAmount=true`), 'mainAccounts', 'length'), 2);
      assert.equal(at(await data(`${path}?baseAmount=2`), 'tradeAccounts', 'length'), 1);
      const inKcs = await data(`${path}?baseCurrency=KCS`);
      assert.deepEqual(
        [at(inKcs, 'tradeAccounts', 0, 'baseCurrency'), at(inKcs, 'tradeAccounts', 0, 'baseAmount')],
        ['KCS', '1.5'],
      );
    });

    it('are refused by unknown, foreign and wrong ids', async () => {
      for (const id of [
        '65aa0000000000000000c002',
        '700100201',
        'ffffffffffffffffffffffff',
        '65aa0000000000000000a001',
      ]) {
        assert.match(answerOf(await get(`/api/v1/sub-accounts/${id}`)), /^200 400100 /);
      }
    });

    it('are for the master only', async () => {
      for (const path of [
        '/api/v2/sub/user',
        '/api/v2/sub-accounts',
        '/api/v1/sub-accounts/65aa0000000000000000b001',
      ]) {
        assert.match(answerOf(await get(path, false, sub)), /^403 400007 /);
      }
    });

    it('can be made in any number, and are found by their users', async () => {
      for (let n = 0; n < 120; n++) sandbox.addSub();
      const { json } = await backstage(sandbox, 'POST', 'subs', {
        name: 'icebox',
        status: 3,
        openedTradeTypes: ['Spot'],
      });
      assert.deepEqual([at(json, 'name'), at(json, 'status')], ['icebox', 3]);
      const page = await data('/api/v2/sub/user?pageSize=100&currentPage=2');
      assert.deepEqual(
        [at(page, 'totalNum'), at(page, 'totalPage'), at(page, 'items', 'length')],
        [125, 2, 25],
      );
      const ids = sandbox.state().users.map(({ userId, uid, name }) => [userId, uid, name].join());
      assert.equal(new Set(ids).size, ids.length);
      const uid = at(json, 'uid') as number;
      sandbox.credit({ uid, currency: 'USDT', amount: '10' });
      const found = await data(`/api/v1/sub-accounts/${String(at(json, 'userId'))}`);
      assert.equal(at(found, 'mainAccounts', 0, 'balance'), '10');
      const twice = await backstage(sandbox, 'POST', 'subs', { name: 'icebox' });
      assert.deepEqual(
        [twice.http, (await backstage(sandbox, 'POST', 'subs', { kind: 9 })).http],
        [400, 400],
      );
    });

    it('fill tradeHFAccounts for old HF users', async () => {
      await sandbox.reset({ world: 'seed' });
      sandbox.credit({ uid: 700100201, type: 'trade_hf', currency: 'USDT', amount: '3' });
      const found = await data('/api/v1/sub-accounts/65aa0000000000000000b001');
      assert.equal(at(found, 'tradeHFAccounts', 0, 'balance'), '3');
    });
  });

  it('start from a history that changes no opening balance', () => {
    const journal = sandbox.ledger().journal.filter(({ uid }) => uid === masterUid);
    assert.ok(journal.some(({ bizType }) => bizType === 'REALISED_PNL'));
    const times = sandbox.ledger().journal.map(({ time }) => time);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
    assert.equal(sandbox.row({ currency: 'USDT' })?.total, '2480.75');
  });
});
