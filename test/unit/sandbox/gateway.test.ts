import assert from 'node:assert/strict';
import { catalogue, type EndpointName } from '../../../src/kucoin/catalogue';
import { demoKeys, deletedKey } from '../../../src/sandbox/demo';
import type { ApiKey } from '../../../src/sandbox/people';
import { startSandbox, type Credentials, type Sandbox } from '../../../src/sandbox/main';
import { ask, at, call, send, transfer, type CallOptions, type Reply } from './caller';

const accounts = '/api/v1/accounts';
const now = 1_700_000_000_000;

function credentialsOf({ key, secret, passphrase, version }: ApiKey): Credentials {
  return { key, secret, passphrase, keyVersion: `${version}` };
}

function refusal({ http, json }: Reply): [number, string | undefined] {
  return [http, json?.code];
}

describe('sandbox gateway', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox({ clock: () => now });
  });
  afterEach(() => sandbox.stop());

  const read = (options: CallOptions = {}): Promise<Reply> => call(sandbox, 'GET', accounts, options);

  it('refuses in the documented order: the first of all defects is the one that is reported', async () => {
    const limited = sandbox.addKey({ permissions: ['General'], ips: ['198.51.100.7'] });
    const target = '/api/v2/accounts/inner-transfer';
    // Uses up the Management pool of the master, so that every later call has a spent quota too.
    for (let n = 0; n < 100; n++) await call(sandbox, 'GET', '/api/v1/user/api-key');

    type Defect = 'headers' | 'timestamp' | 'key' | 'passphrase' | 'signature';
    const attempt = (defects: readonly Defect[]): Promise<Reply> =>
      call(sandbox, 'POST', target, {
        credentials: limited,
        body: {},
        ...(defects.includes('timestamp') && { timestamp: now - 5000 }),
        headers: {
          ...(defects.includes('key') && { 'KC-API-KEY': 'ffffffffffffffffffffffff' }),
          ...(defects.includes('passphrase') && { 'KC-API-PASSPHRASE': 'wrong' }),
          ...(defects.includes('signature') && { 'KC-API-SIGN': 'wrong' }),
          ...(defects.includes('headers') && { 'KC-API-SIGN': '' }),
        },
      });
    const order: Defect[] = ['headers', 'timestamp', 'key', 'passphrase', 'signature'];
    const seen: [number, string | undefined][] = [];
    for (let from = 0; from <= order.length; from++) seen.push(refusal(await attempt(order.slice(from))));
    // The last of them had no defect but its IP, its permission and the quota.
    sandbox.addKey({ ...limited, permissions: ['General'], ips: [] });
    seen.push(refusal(await attempt([])));
    sandbox.addKey({ ...limited, permissions: ['General', 'Spot'], ips: [] });
    seen.push(refusal(await attempt([])));
    sandbox.clearQuotas();
    seen.push(refusal(await attempt([])));
    assert.deepEqual(seen, [
      [400, '400001'],
      [400, '400002'],
      [401, '400003'],
      [401, '400004'],
      [401, '400005'],
      [403, '400006'],
      [403, '400007'],
      [429, '429000'],
      [200, '400100'],
    ]);
  });

  for (const name of ['KC-API-KEY', 'KC-API-SIGN', 'KC-API-TIMESTAMP', 'KC-API-PASSPHRASE']) {
    it(`asks for ${name}, missing or empty`, async () => {
      assert.deepEqual(refusal(await read({ headers: { [name]: undefined } })), [400, '400001']);
      assert.deepEqual(refusal(await read({ headers: { [name]: '' } })), [400, '400001']);
    });
  }

  it('takes a timestamp that is not a number for a missing header', async () => {
    assert.deepEqual(refusal(await read({ timestamp: 'soon' })), [400, '400001']);
  });

  it('refuses stamps that are 5 s early or late, and takes those just inside', async () => {
    assert.deepEqual(refusal(await read({ timestamp: now - 5000 })), [400, '400002']);
    assert.deepEqual(refusal(await read({ timestamp: now + 5000 })), [400, '400002']);
    assert.equal((await read({ timestamp: now - 4999 })).json?.code, '200000');
    assert.equal((await read({ timestamp: now + 4999 })).json?.code, '200000');
  });

  it('does not know keys that are deleted or expired', async () => {
    for (const key of [deletedKey, demoKeys.expired]) {
      assert.deepEqual(refusal(await read({ credentials: credentialsOf(key) })), [401, '400003']);
    }
  });

  it('takes keys of all three versions', async () => {
    for (const key of [demoKeys.version1, demoKeys.version2, demoKeys.demo]) {
      assert.equal((await read({ credentials: credentialsOf(key) })).json?.code, '200000');
    }
  });

  it('refuses a version header of another passphrase scheme, and takes 2 for 3 as common clients send it', async () => {
    assert.deepEqual(refusal(await read({ headers: { 'KC-API-KEY-VERSION': '1' } })), [401, '400009']);
    assert.equal((await read({ headers: { 'KC-API-KEY-VERSION': '2' } })).json?.code, '200000');
  });

  it('refuses every version header but that of the key when the switch asks for it', async () => {
    sandbox.setSwitches({ versionHeader: 'exact' });
    assert.deepEqual(refusal(await read({ headers: { 'KC-API-KEY-VERSION': '2' } })), [401, '400009']);
  });

  it('takes a missing version header for version 1', async () => {
    const headers = { 'KC-API-KEY-VERSION': undefined };
    assert.deepEqual(refusal(await read({ headers })), [401, '400004']);
    assert.equal(
      (await read({ headers, credentials: credentialsOf(demoKeys.version1) })).json?.code,
      '200000',
    );
    sandbox.setSwitches({ missingKeyVersion: 'invalid' });
    assert.deepEqual(refusal(await read({ headers })), [401, '400009']);
  });

  it('refuses a clear passphrase of a version 3 key', async () => {
    const headers = { 'KC-API-PASSPHRASE': sandbox.credentials.passphrase };
    assert.deepEqual(refusal(await read({ headers })), [401, '400004']);
  });

  it('refuses old keys when the switch says so', async () => {
    const codes = async (): Promise<(string | undefined)[]> => {
      const keys = [demoKeys.version1, demoKeys.version2, demoKeys.demo];
      const replies = await Promise.all(keys.map((key) => read({ credentials: credentialsOf(key) })));
      return replies.map(({ json }) => json?.code);
    };
    sandbox.setSwitches({ oldKeys: 'version1Refused' });
    assert.deepEqual(await codes(), ['400008', '200000', '200000']);
    sandbox.setSwitches({ oldKeys: 'refused' });
    assert.deepEqual(await codes(), ['400008', '400008', '200000']);
  });

  it('names the caller to a key that is limited to another address', async () => {
    const credentials = credentialsOf(demoKeys.ipLimited);
    const refused = await read({ credentials });
    assert.deepEqual(refusal(refused), [403, '400006']);
    assert.equal(refused.json?.msg, 'Invalid request ip, the current clientIp is:127.0.0.1');
    sandbox.setSwitches({ clientIp: '198.51.100.7' });
    assert.equal((await read({ credentials })).json?.code, '200000');
  });

  it('refuses what the key is not allowed', async () => {
    const credentials = credentialsOf(demoKeys.readOnly);
    assert.equal((await read({ credentials })).json?.code, '200000');
    assert.deepEqual(refusal(await transfer(sandbox, {}, { credentials })), [403, '400007']);
  });

  it('answers unknown paths with 404000 and known ones in another method with 405', async () => {
    assert.deepEqual(refusal(await ask(sandbox, '/api/v1/nothing')), [404, '404000']);
    assert.deepEqual(refusal(await ask(sandbox, '/api/v1/accounts/')), [404, '404000']);
    assert.deepEqual(refusal(await ask(sandbox, '/api/v2/accounts/inner-transfer')), [405, '405000']);
    const options = await send({ base: sandbox.spot, method: 'OPTIONS', target: accounts });
    assert.equal(options.http, 405);
    assert.equal(options.headers['access-control-allow-origin'], undefined);
  });

  it('serves a path on its own host only', async () => {
    assert.deepEqual(refusal(await call(sandbox, 'GET', accounts, { futures: true })), [404, '404000']);
    assert.equal((await ask(sandbox, '/api/v1/timestamp', true)).json?.data, now);
  });

  it('wants JSON on POST, with or without a charset', async () => {
    const type = (value: string | undefined): Promise<Reply> =>
      transfer(sandbox, {}, { headers: { 'Content-Type': value } });
    assert.deepEqual(refusal(await type(undefined)), [415, '415000']);
    assert.deepEqual(refusal(await type('text/plain')), [415, '415000']);
    assert.equal((await type('Application/JSON; charset=UTF-8')).json?.code, '200000');
  });

  it('refuses a body that is not a JSON object', async () => {
    for (const rawBody of ['{', '[]', '"text"', 'null']) {
      assert.deepEqual(refusal(await transfer(sandbox, {}, { rawBody })), [400, '400100']);
    }
  });

  it('refuses a target whose percent-encoding is broken', async () => {
    assert.deepEqual(refusal(await ask(sandbox, '/api/v1/prices?base=%E0%A4%A')), [400, '400100']);
    assert.deepEqual(refusal(await ask(sandbox, '/api/v3/currencies/%E0%A4%A')), [400, '400100']);
  });

  it('ignores authentication headers on public calls', async () => {
    const reply = await call(sandbox, 'GET', '/api/v1/timestamp', { headers: { 'KC-API-SIGN': 'wrong' } });
    assert.equal(reply.json?.data, now);
  });

  it('ignores unknown parameters', async () => {
    const reply = await call(sandbox, 'GET', `${accounts}?currency=USDT&type=main&mood=fine`);
    assert.equal(at(reply.json?.data, 'length'), 1);
  });

  it('closes for maintenance, the status calls excepted', async () => {
    sandbox.setSwitches({ maintenance: 'writes', serviceStatus: 'close', serviceMessage: 'back soon' });
    assert.deepEqual(refusal(await transfer(sandbox)), [503, '503000']);
    assert.equal((await read()).json?.code, '200000');
    sandbox.setSwitches({ maintenance: 'all' });
    assert.deepEqual(refusal(await read()), [503, '503000']);
    for (const futures of [false, true]) {
      const status = await ask(sandbox, '/api/v1/status', futures);
      assert.deepEqual(status.json?.data, { status: 'close', msg: 'back soon' });
      assert.equal((await ask(sandbox, '/api/v1/timestamp', futures)).json?.code, '200000');
    }
  });

  it('gives a refusal another form when the switch says so', async () => {
    sandbox.setSwitches({
      refusals: { signature: { http: 400 }, permission: { code: '400010', msg: 'no' } },
    });
    assert.deepEqual(refusal(await read({ headers: { 'KC-API-SIGN': 'x' } })), [400, '400005']);
    const refused = await transfer(sandbox, {}, { credentials: credentialsOf(demoKeys.readOnly) });
    assert.deepEqual([refused.http, refused.json?.code, refused.json?.msg], [403, '400010', 'no']);
  });

  it('abandoned endpoints work, or are gone in one of the known ways', async () => {
    const seen: unknown[] = [];
    for (const supersededAnswer of ['works', 'removed', 'notFound', 'offlineTrap'] as const) {
      sandbox.setSwitches({ supersededAnswer });
      const { http, json } = await transfer(sandbox);
      seen.push([http, json?.code, json?.msg ?? typeof at(json?.data, 'orderId')]);
    }
    assert.deepEqual(seen, [
      [200, '200000', 'string'],
      [200, '401000', 'The interface has been deprecated'],
      [404, '404000', 'Url Not Found'],
      [200, '200000', 'The interface is offline'],
    ]);
    assert.equal(sandbox.row({ type: 'trade', currency: 'USDT' })?.total, '133');
  });
});

describe('sandbox catalogue', () => {
  const restingOrder = { symbol: 'KCS-USDT', side: 'buy', type: 'limit', price: '5', size: '1' };
  /** Parameters for a good call of each endpoint. */
  const good: Partial<Record<EndpointName, Record<string, string>>> = {
    getAccountDetail: { accountId: '65aa00000000000000001001' },
    getCurrency: { currency: 'BTC' },
    getTransferQuotas: { currency: 'USDT', type: 'MAIN' },
    innerTransfer: { clientOid: 'one', currency: 'USDT', amount: '1', from: 'main', to: 'trade' },
    flexTransfer: {
      clientOid: 'two',
      currency: 'USDT',
      amount: '1',
      type: 'INTERNAL',
      fromAccountType: 'MAIN',
      toAccountType: 'TRADE',
    },
    subTransfer: {
      clientOid: 'three',
      currency: 'USDT',
      amount: '1',
      direction: 'OUT',
      subUserId: '65aa0000000000000000b001',
    },
    futuresTransferOut: { currency: 'USDT', amount: '1', recAccountType: 'MAIN' },
    futuresTransferIn: { currency: 'USDT', amount: '1', payAccountType: 'MAIN' },
    getSubAccountBalance: { subUserId: '65aa0000000000000000b001' },
    getTicker: { symbol: 'BTC-USDT' },
    get24hrStats: { symbol: 'BTC-USDT' },
    getPartOrderBook20: { symbol: 'BTC-USDT' },
    getPartOrderBook100: { symbol: 'BTC-USDT' },
    getFullOrderBook: { symbol: 'BTC-USDT' },
    addHfOrder: { clientOid: 'four', ...restingOrder },
    addHfOrderTest: { clientOid: 'five', ...restingOrder },
    cancelHfOrderByClientOid: { clientOid: 'six', symbol: 'KCS-USDT' },
    getHfOrderByClientOid: { clientOid: 'six', symbol: 'KCS-USDT' },
  };
  /** The amounts of these are JSON numbers. */
  const numbers: readonly EndpointName[] = ['futuresTransferOut', 'futuresTransferIn'];

  const served = Object.keys(catalogue) as EndpointName[];

  for (const world of ['seed', 'today'] as const) {
    it(`answers every endpoint of ${world} with a reply that fits its schema, for its weight`, async () => {
      const hfOpened = world === 'seed';
      const sandbox = await startSandbox({ world, switches: { absentEndpoints: 'answer', hfOpened } });
      try {
        if (hfOpened) sandbox.credit({ type: 'trade_hf', currency: 'USDT', amount: '100' });
        const resting = { clientOid: 'six', ...restingOrder };
        await call(sandbox, 'POST', '/api/v1/hf/orders', { body: resting });
        let orderId = '';
        for (const name of served) {
          const { method, path, host, reply: schema, weight, pool } = catalogue[name];
          sandbox.clearQuotas();
          sandbox.setSwitches({ unifiedMode: name === 'getUnifiedAccountBalance' });
          const cancelled = name === 'cancelHfOrder' ? { orderId, symbol: 'KCS-USDT' } : good[name];
          const params = new URLSearchParams(cancelled);
          const filled = path.replace(/\{(\w+)\}/g, (_, word: string) => params.get(word) ?? '');
          const isRead = method !== 'POST';
          const target = isRead && params.size > 0 ? `${filled}?${params.toString()}` : filled;
          const members = numbers.includes(name) ? { ...good[name], amount: 1 } : good[name];
          const body = isRead ? {} : { body: members };
          const { http, json, headers } = await call(sandbox, method, target, {
            ...body,
            futures: host === 'futures',
          });
          const code = world === 'seed' && name === 'futuresTransferIn' ? '200' : '200000';
          assert.deepEqual([name, http, json?.code], [name, 200, code]);
          if (name === 'addHfOrder') orderId = String(at(json?.data, 'orderId'));
          const parsed = schema['~standard'].validate(json?.data);
          assert.equal('issues' in parsed ? JSON.stringify(parsed.issues) : undefined, undefined, name);
          const limit = pool === 'Spot' ? 4000 : 2000;
          assert.equal(headers['gw-ratelimit-limit'], String(limit), name);
          assert.equal(headers['gw-ratelimit-remaining'], String(limit - weight), name);
        }
      } finally {
        await sandbox.stop();
      }
    });
  }

  it('does not know in seed what seed did not document, unless the switch says so', async () => {
    const sandbox = await startSandbox({ world: 'seed' });
    try {
      const opened = '/api/v1/hf/accounts/opened';
      assert.deepEqual(refusal(await call(sandbox, 'GET', opened)), [404, '404000']);
      sandbox.setSwitches({ absentEndpoints: 'answer' });
      assert.equal((await call(sandbox, 'GET', opened)).json?.data, false);
    } finally {
      await sandbox.stop();
    }
  });

  it('takes the demo key as published', async () => {
    const sandbox = await startSandbox();
    try {
      assert.deepEqual(sandbox.credentials, {
        key: 'de300000000000000000de30',
        secret: '00000000-demo-demo-demo-000000000000',
        passphrase: 'demo-passphrase',
        keyVersion: '3',
      });
      const { json } = await call(sandbox, 'GET', '/api/v1/user/api-key');
      assert.equal(at(json?.data, 'uid'), 700100200);
    } finally {
      await sandbox.stop();
    }
  });
});
