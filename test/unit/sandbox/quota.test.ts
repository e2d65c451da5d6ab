import assert from 'node:assert/strict';
import { Quota } from '../../../src/sandbox/quota';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import { ask, at, call, transfer, type Reply } from './caller';

describe('sandbox quota', () => {
  it('starts a window with the first call and is full again at its end', () => {
    const quota = new Quota();
    const at = (now: number): [boolean, number, number] => {
      const { granted, remaining, resetMs } = quota.charge('Management', '1', 900, 0, now);
      return [granted, remaining, resetMs];
    };
    assert.deepEqual(at(1000), [true, 1100, 30_000]);
    assert.deepEqual(at(21_000), [true, 200, 10_000]);
    assert.deepEqual(at(30_999), [false, 200, 1]);
    // The window ended at 31,000; the next one starts with the next call, not there.
    assert.deepEqual(at(45_000), [true, 1100, 30_000]);
  });

  it('counts each pool and each user apart, and grows with the VIP level', () => {
    const quota = new Quota();
    assert.equal(quota.charge('Management', '1', 2000, 0, 0).granted, true);
    assert.equal(quota.charge('Management', '1', 1, 0, 0).granted, false);
    assert.equal(quota.charge('Management', '2', 2000, 0, 0).granted, true);
    assert.equal(quota.charge('Spot', '1', 4000, 0, 0).granted, true);
    assert.equal(quota.charge('Management', '1', 2000, 2, 0).granted, true);
    assert.equal(quota.charge('Spot', '3', 40_001, 12, 0).granted, false);
  });

  it('takes a call that uses up the last unit, and gives units back', () => {
    const quota = new Quota();
    assert.equal(quota.charge('Public', 'ip', 2000, 0, 0).remaining, 0);
    assert.equal(quota.refund('Public', 'ip', 3, 0, 10).remaining, 3);
    assert.equal(quota.charge('Public', 'ip', 3, 0, 20).granted, true);
  });
});

describe('sandbox quota over HTTP', () => {
  let sandbox: Sandbox;
  let time = 1_700_000_000_000;

  beforeEach(async () => {
    sandbox = await startSandbox({ clock: () => time });
  });
  afterEach(() => sandbox.stop());

  const keyInfo = (): Promise<Reply> => call(sandbox, 'GET', '/api/v1/user/api-key');
  const spend = async (): Promise<void> => {
    for (let n = 0; n < 100; n++) await keyInfo();
  };

  function limits({ headers }: Reply): unknown[] {
    return ['limit', 'remaining', 'reset'].map((name) => headers[`gw-ratelimit-${name}`]);
  }

  it('shows limit, remaining and reset on answers', async () => {
    assert.deepEqual(limits(await keyInfo()), ['2000', '1980', '30000']);
    time += 5000;
    assert.deepEqual(limits(await keyInfo()), ['2000', '1960', '25000']);
  });

  it('refuses with 429 and headers when it is used up, and serves again after the reset', async () => {
    await spend();
    time += 21_588;
    const refused = await keyInfo();
    assert.equal(refused.http, 429);
    assert.equal(refused.json?.code, '429000');
    assert.deepEqual(limits(refused), ['2000', '0', '8412']);
    time += 8412;
    assert.deepEqual(limits(await keyInfo()), ['2000', '1980', '30000']);
  });

  it('does not execute a transfer that is refused for quota', async () => {
    await spend();
    assert.equal((await transfer(sandbox)).http, 429);
    assert.equal(sandbox.row({ currency: 'USDT' })?.total, '2480.75');
  });

  it('gives a sub-account a quota of its own, and all keys of one user the same', async () => {
    await spend();
    const { key, secret, passphrase } = demoKeys.readOnly;
    const readOnly = { key, secret, passphrase, keyVersion: '3' } as const;
    const sub = { ...demoKeys.subAccount, keyVersion: '3' } as const;
    const accounts = '/api/v1/accounts';
    assert.equal((await call(sandbox, 'GET', accounts, { credentials: readOnly })).http, 429);
    assert.equal((await call(sandbox, 'GET', accounts, { credentials: sub })).http, 200);
  });

  it('counts public calls by address', async () => {
    assert.deepEqual(limits(await ask(sandbox, '/api/v1/timestamp')), ['2000', '1997', '30000']);
    assert.deepEqual(limits(await ask(sandbox, '/api/v1/timestamp', true)), ['2000', '1995', '30000']);
    sandbox.setSwitches({ clientIp: '198.51.100.7' });
    assert.deepEqual(limits(await ask(sandbox, '/api/v1/timestamp')), ['2000', '1997', '30000']);
  });

  it('does not count what it refuses with 400xxx, unless the switch says so', async () => {
    assert.deepEqual(limits(await transfer(sandbox, { amount: '0' })), ['2000', '2000', '30000']);
    assert.deepEqual(limits(await transfer(sandbox, { amount: '999999' })), ['2000', '1990', '30000']);
    sandbox.setSwitches({ countRefused: true });
    assert.deepEqual(limits(await transfer(sandbox, { amount: '0' })), ['2000', '1980', '30000']);
  });

  it('shows no quota where the gateway refused before it', async () => {
    const refused = await call(sandbox, 'GET', '/api/v1/accounts', { headers: { 'KC-API-SIGN': 'x' } });
    assert.deepEqual(limits(refused), [undefined, undefined, undefined]);
  });

  it('knows the VIP level', async () => {
    sandbox.setSwitches({ vipLevel: 5 });
    assert.deepEqual(limits(await keyInfo()), ['7000', '6980', '30000']);
    assert.equal(at(await call(sandbox, 'GET', '/api/v2/user-info'), 'json', 'data', 'level'), 5);
  });
});
