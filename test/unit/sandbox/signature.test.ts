import assert from 'node:assert/strict';
import { passphraseHeader, verifies } from '../../../src/sandbox/signature';
import { startSandbox, type Credentials, type Sandbox } from '../../../src/sandbox/main';
import { at, backstage, call, send } from './caller';

const credentials: Credentials = {
  key: '65f0c0ffee12340001a1b2c3',
  secret: '0f1e2d3c-4b5a-4697-8877-665544332211',
  passphrase: 'Demo-Pass_42!',
  keyVersion: '3',
};
const encrypted = 'nhr6uccDXhDD5eqvBsIWVv4Q5haDdpxSbW9sQ8jvclE=';

/** kucoin-api 2.8 */
const vectors = [
  {
    name: 'V1 GET with query',
    timestamp: '1700000000000',
    method: 'GET',
    target: '/api/v1/accounts?currency=USDT&type=trade',
    sign: 'mB6ea37MuZKPlrcTgBxGk2vEdkunhWPACw5VJD07+2E=',
    wrong: 'J/VuuYs2ro+NSPydOTONqmHSb9+5Z1OHht4NWv67raw=',
  },
  {
    name: 'V2 POST with JSON body',
    timestamp: '1700000001234',
    method: 'POST',
    target: '/api/v3/accounts/universal-transfer',
    body: '{"clientOid":"7f3c1e0a9b8d4c6f8e2a5b1d0c9f7e6a","currency":"USDT","amount":"12.5","type":"INTERNAL","fromAccountType":"MAIN","toAccountType":"TRADE"}',
    sign: 'jZXo97Y9SIX3DiOi9iGPwS/L/kzc2kHJ+zbYxR/fyp8=',
  },
  {
    name: 'V3 DELETE with values that need encoding',
    timestamp: '1700000002468',
    method: 'DELETE',
    target: '/api/v1/sub/api-key?apiKey=65f0c0ffee12340001ffffff&subName=demoSub01&passphrase=pa ss!@#1',
    sign: 'K3QmULKWxIu828YOIyduyLxk7wu7zLWbJ8SAqRgGAw8=',
    wrong: 'Kl10nKQ2oQGNVVH3NbYvBxY3mLN3J18MA/oWzANKXwo=',
  },
  {
    name: 'V4 GET with a comma list',
    timestamp: '1700000003702',
    method: 'GET',
    target: '/api/v1/hf/accounts/ledgers?currency=BTC,USDT&bizType=TRANSFER&limit=100',
    sign: 'Ak/nWFVUTyU9p0zDlmbyONXv1EtKZ1aw2dAJ891Wm3k=',
    wrong: '5CBfCqAm+bNwDEnEN/tx9dG1EQkihzQeCtUG52WAV0I=',
  },
  {
    name: 'V5 POST without body',
    timestamp: '1700000004936',
    method: 'POST',
    target: '/api/v1/bullet-private',
    sign: 'NE7YuGOTo60oWQgKSZcPTCTK/RVIxq53WeUGtPbg550=',
  },
  {
    name: 'V6 futures host',
    timestamp: '1700000006170',
    method: 'GET',
    target: '/api/v1/account-overview?currency=USDT',
    sign: 'aolFyD3gubkVoe6w+1q/DlVZRBXsPhd9Mt22R9ksdZc=',
  },
  {
    name: 'V7 UTF-8 body',
    timestamp: '1700000007404',
    method: 'POST',
    target: '/api/v2/accounts/inner-transfer',
    body: '{"clientOid":"0c9f7e6a-8e2a-4b1d-9b8d-7f3c1e0a4c6f","currency":"KCS","amount":"3.00000001","from":"main","to":"trade_hf","remark":"é✓"}',
    sign: 'o7IZ4r8cQy7Voms3DvhW8pMP8lL0lb+J6u3Q8zPFAxk=',
  },
];

describe('sandbox signature', () => {
  for (const { name, sign, wrong, body = '', ...signed } of vectors) {
    it(`accepts ${name} and refuses other signatures`, () => {
      const bytes = Buffer.from(body, 'utf8');
      assert.ok(verifies(credentials.secret, { ...signed, body: bytes }, sign));
      assert.ok(!verifies(credentials.secret, { ...signed, body: Buffer.from(`${body} `) }, sign));
      if (wrong) assert.ok(!verifies(credentials.secret, { ...signed, body: bytes }, wrong));
    });
  }

  it("agrees with KuCoin's published example", () => {
    const signed = {
      timestamp: '1547015186532',
      method: 'POST',
      target: '/api/v1/deposit-addresses',
      body: Buffer.from('{"currency":"BTC"}'),
    };
    const sign = '7QP/oM0ykidMdrfNEUmng8eZjg/ZvPafjIqmxiVfYu4=';
    assert.ok(verifies('f03a5284-5c39-4aaa-9b20-dea10bdcf8e3', signed, sign));
  });

  it('computes the passphrase of versions 2 and 3, and takes that of version 1 in clear', () => {
    const { secret, passphrase } = credentials;
    assert.equal(passphraseHeader(secret, passphrase, 3), encrypted);
    assert.equal(passphraseHeader(secret, passphrase, 2), encrypted);
    assert.equal(passphraseHeader(secret, passphrase, 1), passphrase);
  });
});

describe('sandbox signature over HTTP', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox({ world: 'seed', clock: () => 1_700_000_000_000 });
    const { key, secret, passphrase } = credentials;
    const added = await backstage(sandbox, 'POST', 'keys', {
      key,
      secret,
      passphrase,
      permissions: ['General', 'Spot'],
    });
    assert.deepEqual(added.json, credentials);
  });
  afterEach(() => sandbox.stop());

  function headers(timestamp: string, sign: string): Record<string, string> {
    return {
      'KC-API-KEY': credentials.key,
      'KC-API-SIGN': sign,
      'KC-API-TIMESTAMP': timestamp,
      'KC-API-PASSPHRASE': encrypted,
      'KC-API-KEY-VERSION': '3',
    };
  }

  it('takes V1 and refuses its faulty twin with 400005', async () => {
    const { timestamp, method, target, sign, wrong = '' } = vectors[0]!;
    const good = await send({ base: sandbox.spot, method, target, headers: headers(timestamp, sign) });
    assert.equal(good.json?.code, '200000');
    assert.deepEqual(
      ['currency', 'type', 'length'].map((name) => at(good.json?.data, 0, name) ?? at(good.json?.data, name)),
      ['USDT', 'trade', 1],
    );
    const bad = await send({ base: sandbox.spot, method, target, headers: headers(timestamp, wrong) });
    assert.deepEqual([bad.http, bad.json?.code], [401, '400005']);
  });

  it('takes V7: the raw bytes of a UTF-8 body, an unknown member, and the HF account opened by the transfer', async () => {
    const { timestamp, method, target, sign, body = '' } = vectors[6]!;
    sandbox.setClock({ now: Number(timestamp), frozen: true });
    const all = { ...headers(timestamp, sign), 'Content-Type': 'application/json; charset=utf-8' };
    const good = await send({ base: sandbox.spot, method, target, headers: all, body });
    assert.match(String(at(good.json?.data, 'orderId')), /^[0-9a-f]{24}$/);
    const row = sandbox.row({ type: 'trade_hf', currency: 'KCS' });
    assert.equal(row?.total, '3.00000001');
  });

  it('verifies the decoded query; a signature over the encoded one is refused', async () => {
    const sent = '/api/v1/accounts?currency=BTC&remark=pa%20ss!%40%231';
    const raw = '/api/v1/accounts?currency=BTC&remark=pa ss!@#1';
    const good = await call(sandbox, 'GET', sent, { credentials, signedTarget: raw });
    assert.equal(good.json?.code, '200000');
    const bad = await call(sandbox, 'GET', sent, { credentials, signedTarget: sent });
    assert.equal(bad.json?.code, '400005');
  });

  it('verifies the other form, or both, when the switch says so', async () => {
    const sent = '/api/v1/accounts?note=a%2Cb';
    sandbox.setSwitches({ querySignature: 'encoded' });
    assert.equal((await call(sandbox, 'GET', sent, { signedTarget: sent })).json?.code, '200000');
    sandbox.setSwitches({ querySignature: 'either' });
    const raw = '/api/v1/accounts?note=a,b';
    assert.equal((await call(sandbox, 'GET', sent, { signedTarget: raw })).json?.code, '200000');
  });

  it('takes a byte-identical request again inside the window: there is no nonce', async () => {
    const { timestamp, method, target, sign } = vectors[0]!;
    const raw = { base: sandbox.spot, method, target, headers: headers(timestamp, sign) };
    assert.equal((await send(raw)).json?.code, '200000');
    assert.equal((await send(raw)).json?.code, '200000');
  });
});
