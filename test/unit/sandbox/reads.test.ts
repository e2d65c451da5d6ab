import assert from 'node:assert/strict';
import type { World } from '../../../src/kucoin/vocabulary';
import { currencies } from '../../../src/sandbox/currencies';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Credentials, type Sandbox, type SandboxOptions } from '../../../src/sandbox/main';
import { ask, at, call, transfer } from './caller';

interface Row {
  id: string;
  currency: string;
  type: string;
  balance: string;
  available: string;
  holds: string;
}

const sub: Credentials = { ...demoKeys.subAccount, keyVersion: '3' };

describe('sandbox reads', () => {
  let sandbox: Sandbox | undefined;

  afterEach(async () => {
    await sandbox?.stop();
    sandbox = undefined;
  });

  async function start(world: World, options: SandboxOptions = {}): Promise<Sandbox> {
    sandbox = await startSandbox({ world, ...options });
    return sandbox;
  }

  async function list(query = '', credentials?: Credentials): Promise<Row[]> {
    const options = credentials ? { credentials } : {};
    const { json } = await call(sandbox!, 'GET', `/api/v1/accounts${query}`, options);
    assert.equal(json?.code, '200000', json?.msg);
    return json.data as Row[];
  }

  const types = (rows: Row[]): string[] => [...new Set(rows.map((row) => row.type))];

  describe('own address', () => {
    it('is told without a key, costs nothing, and is the one that lists of keys are compared with', async () => {
      await start('today');
      assert.equal((await ask(sandbox!, '/api/v1/my-ip')).json?.data, '127.0.0.1');
      sandbox!.setSwitches({ clientIp: '198.51.100.7' });
      const { json, headers } = await ask(sandbox!, '/api/v1/my-ip');
      assert.deepEqual(json, { code: '200000', data: '198.51.100.7' });
      assert.equal(headers['gw-ratelimit-remaining'], headers['gw-ratelimit-limit']);
    });

    it('was not documented in 2023, and is not asked for otherwise than by GET on the spot host', async () => {
      await start('today');
      assert.equal((await ask(sandbox!, '/api/v1/my-ip', true)).http, 404);
      assert.equal((await call(sandbox!, 'POST', '/api/v1/my-ip')).json?.code, '405000');
      await sandbox!.stop();
      await start('seed');
      assert.equal((await ask(sandbox!, '/api/v1/my-ip')).json?.code, '404000');
    });
  });

  describe('account list', () => {
    it('shows the types of its world', async () => {
      await start('seed');
      assert.deepEqual(types(await list()), ['main', 'trade', 'margin']);
      await sandbox!.stop();
      await start('today');
      assert.deepEqual(types(await list()), ['main', 'trade', 'option']);
    });

    it('gives ids of 24 hex digits, and of decimal digits where the account is HF-backed', async () => {
      await start('today');
      for (const { type, id } of await list())
        assert.match(id, type === 'trade' ? /^\d{12}$/ : /^[0-9a-f]{24}$/);
      await sandbox!.stop();
      await start('seed');
      await transfer(sandbox!, { to: 'trade_hf' });
      for (const { type, id } of await list()) {
        assert.match(id, type === 'trade_hf' ? /^\d{12}$/ : /^[0-9a-f]{24}$/);
      }
    });

    it('adds up, in every row', async () => {
      await start('today');
      const rows = await list();
      const usdt = rows.find((row) => row.currency === 'USDT' && row.type === 'trade');
      assert.deepEqual(usdt, { ...usdt, balance: '120.5', available: '100.25', holds: '20.25' });
      assert.equal(new Set(rows.map((row) => row.id)).size, rows.length);
    });

    it('has dust, zero rows, and balances with more decimals than a transfer may have', async () => {
      await start('today');
      const rows = await list();
      const balances = rows.map((row) => row.balance);
      assert.ok(balances.includes('0'));
      assert.ok(balances.includes('0.000000000000000042'));
      const finer = rows.filter(
        (row) => (row.balance.split('.')[1]?.length ?? 0) > currencies.get(row.currency)!.precision,
      );
      assert.deepEqual(
        finer.map((row) => row.currency),
        ['BTC', 'USDC'],
      );
    });

    it('filters by currency and type', async () => {
      await start('today');
      assert.deepEqual(types(await list('?type=main')), ['main']);
      assert.equal((await list('?currency=USDT&type=main')).length, 1);
      assert.deepEqual(await list('?currency=NOPE'), []);
      assert.deepEqual(await list('?type=margin'), []);
      assert.deepEqual(await list('?type=trade_hf'), []);
    });

    it('refuses a type in wrong case, or unknown to the world', async () => {
      await start('seed');
      for (const type of ['MAIN', 'option', 'contract', 'nope']) {
        const { http, json } = await call(sandbox!, 'GET', `/api/v1/accounts?type=${type}`);
        assert.deepEqual([http, json?.code, json?.msg], [200, '400100', 'type not in the given range!']);
      }
    });

    it('leaves out zero rows, or shuffles the rows, when the switches say so', async () => {
      await start('today', { random: () => 0 });
      const all = await list();
      sandbox!.setSwitches({ zeroRows: 'hidden', accountOrder: 'shuffled' });
      const shown = await list();
      assert.ok(shown.every((row) => row.balance !== '0'));
      const kept = all.filter((row) => row.balance !== '0');
      assert.notDeepEqual(shown, kept);
      assert.deepEqual(new Set(shown.map((row) => row.id)), new Set(kept.map((row) => row.id)));
    });

    it("shows a sub-account's key its own accounts only", async () => {
      await start('today');
      const rows = await list('', sub);
      assert.deepEqual(
        rows.map((row) => [row.type, row.currency, row.balance]),
        [
          ['main', 'USDT', '7'],
          ['main', 'BTC', '0.00000042'],
          ['trade', 'KCS', '1.5'],
          ['trade', 'USDT', '33.333333'],
        ],
      );
    });

    it('shows trade_hf to an old HF user', async () => {
      await start('today', { switches: { hfOpened: true } });
      assert.equal((await list('?type=trade_hf')).length, 2);
      assert.equal((await call(sandbox!, 'GET', '/api/v1/hf/accounts/opened')).json?.data, true);
    });
  });

  it('says false for most users of today, whose trade account is HF-backed anyway', async () => {
    await start('today');
    assert.equal((await call(sandbox!, 'GET', '/api/v1/hf/accounts/opened')).json?.data, false);
  });

  it('describes one account by its id, and no foreign one', async () => {
    await start('today');
    const [own] = await list('?currency=USDT&type=trade');
    const detail = await call(sandbox!, 'GET', `/api/v1/accounts/${own!.id}`);
    assert.deepEqual(detail.json?.data, {
      currency: 'USDT',
      balance: '120.5',
      available: '100.25',
      holds: '20.25',
    });
    const [foreign] = await list('?currency=USDT&type=main', sub);
    for (const id of [foreign!.id, '0', 'a%2Fb']) {
      const signedTarget = `/api/v1/accounts/${decodeURIComponent(id)}`;
      const { json } = await call(sandbox!, 'GET', `/api/v1/accounts/${id}`, { signedTarget });
      assert.ok(['400100', '404000'].includes(json?.code ?? ''), json?.code);
    }
  });

  it('describes the key that calls', async () => {
    await start('today');
    const info = async (key: (typeof demoKeys)[keyof typeof demoKeys]): Promise<Record<string, unknown>> => {
      const credentials: Credentials = { ...key, keyVersion: `${key.version}` };
      const { json } = await call(sandbox!, 'GET', '/api/v1/user/api-key', { credentials });
      return json?.data as Record<string, unknown>;
    };
    const demo = await info(demoKeys.demo);
    assert.equal(demo['permission'], 'General,Spot,Margin,Futures,InnerTransfer,Earn');
    assert.deepEqual([demo['isMaster'], demo['subName'], demo['ipWhitelist']], [true, undefined, undefined]);
    assert.equal(demo['siteType'], 'global');
    const subInfo = await info(demoKeys.subAccount);
    assert.deepEqual(
      [subInfo['uid'], subInfo['isMaster'], subInfo['subName']],
      [700100201, false, 'demoSub01'],
    );
    assert.equal((await info(demoKeys.withdrawal))['permission'], 'General,Spot,Transfer');
    assert.equal((await info(demoKeys.version1))['apiVersion'], 1);
    sandbox!.setSwitches({ clientIp: '198.51.100.7' });
    assert.equal((await info(demoKeys.ipLimited))['ipWhitelist'], '198.51.100.7');
  });

  it('counts sub-accounts in the summary', async () => {
    await start('today');
    const { json } = await call(sandbox!, 'GET', '/api/v2/user-info');
    const names = ['level', 'subQuantity', 'spotSubQuantity', 'futuresSubQuantity', 'marginSubQuantity'];
    assert.deepEqual(
      names.map((name) => at(json?.data, name)),
      [0, 4, 4, 2, 1],
    );
  });

  describe('transfer quotas', () => {
    async function quotas(query: string): Promise<unknown> {
      const { json } = await call(sandbox!, 'GET', `/api/v1/accounts/transferable?${query}`);
      return json?.code === '200000' ? json.data : `${json?.code ?? ''} ${json?.msg ?? ''}`;
    }

    it('can be less than what is available', async () => {
      await start('today');
      assert.deepEqual(await quotas('currency=USDT&type=MARGIN'), {
        currency: 'USDT',
        balance: '310.4',
        available: '290.4',
        holds: '20',
        transferable: '240.4',
      });
      assert.equal(at(await quotas('currency=KCS&type=MAIN'), 'transferable'), '115.00000001');
      assert.equal(at(await quotas('currency=BTC&type=MAIN'), 'transferable'), '0.17342719');
    });

    it('knows V2 types as other names today, and not at all in seed', async () => {
      await start('today');
      assert.equal(at(await quotas('currency=USDT&type=MARGIN_V2'), 'transferable'), '240.4');
      assert.equal(at(await quotas('currency=USDT&type=ISOLATED_V2&tag=ETH-USDT'), 'balance'), '80');
      assert.equal(await quotas('currency=USDT&type=TRADE_HF'), '400100 type not in the given range!');
      await sandbox!.stop();
      await start('seed');
      assert.equal(await quotas('currency=USDT&type=MARGIN_V2'), '400100 type not in the given range!');
      assert.equal(at(await quotas('currency=USDT&type=TRADE_HF'), 'balance'), '0');
    });

    it('wants a pair for isolated margin, upper case, and neither CONTRACT nor an unknown currency', async () => {
      await start('today');
      assert.equal(at(await quotas('currency=USDT&type=ISOLATED&tag=BTC-USDT'), 'transferable'), '130');
      assert.match(String(await quotas('currency=USDT&type=ISOLATED')), /^400100 .*tag is required/);
      assert.match(String(await quotas('currency=KCS&type=ISOLATED&tag=BTC-USDT')), /^400100 /);
      assert.match(String(await quotas('currency=USDT&type=main')), /^400100 type/);
      assert.match(String(await quotas('currency=USDT&type=CONTRACT')), /^400100 type/);
      assert.match(String(await quotas('currency=NOPE&type=MAIN')), /^400100 currency/);
      assert.match(String(await quotas('type=MAIN')), /^400100 Invalid Parameter. currency/);
    });

    it('answers with zeros for an account never held', async () => {
      await start('today');
      assert.deepEqual(await quotas('currency=DOT&type=MAIN'), {
        currency: 'DOT',
        balance: '0',
        available: '0',
        holds: '0',
        transferable: '0',
      });
    });
  });

  describe('market data', () => {
    it('lists the currencies with odd precisions, and one by its code', async () => {
      await start('today');
      const { json } = await ask(sandbox!, '/api/v3/currencies');
      const listed = json?.data as { currency: string; precision: number }[];
      assert.deepEqual(
        ['USDT', 'XRP', 'VET', 'NEO', 'SHIB'].map(
          (code) => listed.find(({ currency }) => currency === code)?.precision,
        ),
        [8, 6, 4, 0, 18],
      );
      const luna = await ask(sandbox!, '/api/v3/currencies/LUNA?chain=eth');
      assert.deepEqual([at(luna.json?.data, 'currency'), at(luna.json?.data, 'name')], ['LUNA', 'LUNC']);
      assert.equal((await ask(sandbox!, '/api/v3/currencies/NOPE')).json?.code, '400100');
    });

    it('prices currencies with sixteen decimals, and leaves out what has no price', async () => {
      await start('today');
      const { json } = await ask(sandbox!, '/api/v1/prices');
      assert.equal(at(json?.data, 'USDT'), '0.9998000000000000');
      assert.equal(at(json?.data, 'PLAY'), undefined);
      const held = new Set(sandbox!.ledger().rows.map((row) => row.currency));
      held.delete('PLAY');
      for (const currency of held) assert.match(String(at(json?.data, currency)), /^\d+\.\d{16}$/);
    });

    for (const written of ['BTC,KCS,PLAY,NOPE', 'BTC%2CKCS%2CPLAY%2CNOPE', 'BTC&currencies=KCS']) {
      it(`takes a list written ${written}`, async () => {
        await start('today');
        const { json } = await ask(sandbox!, `/api/v1/prices?base=EUR&currencies=${written}`);
        assert.deepEqual(json?.data, { BTC: '59206.4887131000000000', KCS: '9.2610750000000000' });
      });
    }

    it('knows many fiat currencies, and refuses others', async () => {
      await start('today');
      for (const base of ['USD', 'EUR', 'GBP', 'CNY', 'JPY', 'TRY', 'AUD', 'KRW']) {
        const { json } = await ask(sandbox!, `/api/v1/prices?base=${base}&currencies=USDT`);
        assert.match(String(at(json?.data, 'USDT')), /\d/);
      }
      assert.equal((await ask(sandbox!, '/api/v1/prices?base=XXX')).json?.code, '400100');
    });
  });
});
