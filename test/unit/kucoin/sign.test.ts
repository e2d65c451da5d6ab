import assert from 'node:assert/strict';
import * as v from 'valibot';
import { endpoint, type Endpoint, type ParamsOf } from '../../../src/kucoin/endpoint';
import { prepare } from '../../../src/kucoin/request';
import { createSigner, type Credentials } from '../../../src/kucoin/sign';

const demo: Credentials = {
  key: '65f0c0ffee12340001a1b2c3',
  secret: '0f1e2d3c-4b5a-4697-8877-665544332211',
  passphrase: 'Demo-Pass_42!',
  version: '3',
};

function signature(timestamp: number, method: string, path: string, body = '', credentials = demo): string {
  return createSigner(credentials).headers(timestamp, method, path, body)['KC-API-SIGN'] ?? '';
}

const transferBody =
  '{"clientOid":"7f3c1e0a9b8d4c6f8e2a5b1d0c9f7e6a","currency":"USDT","amount":"12.5","type":"INTERNAL","fromAccountType":"MAIN","toAccountType":"TRADE"}';
const utf8Body =
  '{"clientOid":"0c9f7e6a-8e2a-4b1d-9b8d-7f3c1e0a4c6f","currency":"KCS","amount":"3.00000001","from":"main","to":"trade_hf","remark":"é✓"}';

const vectors = [
  {
    name: 'V1 GET with a query',
    timestamp: 1700000000000,
    method: 'GET',
    path: '/api/v1/accounts?currency=USDT&type=trade',
    sign: 'mB6ea37MuZKPlrcTgBxGk2vEdkunhWPACw5VJD07+2E=',
    wrong: 'J/VuuYs2ro+NSPydOTONqmHSb9+5Z1OHht4NWv67raw=',
  },
  {
    name: 'V2 POST with a JSON body',
    timestamp: 1700000001234,
    method: 'POST',
    path: '/api/v3/accounts/universal-transfer',
    body: transferBody,
    sign: 'jZXo97Y9SIX3DiOi9iGPwS/L/kzc2kHJ+zbYxR/fyp8=',
  },
  {
    name: 'V3 DELETE with values that need encoding',
    timestamp: 1700000002468,
    method: 'DELETE',
    path: '/api/v1/sub/api-key?apiKey=65f0c0ffee12340001ffffff&subName=demoSub01&passphrase=pa ss!@#1',
    sign: 'K3QmULKWxIu828YOIyduyLxk7wu7zLWbJ8SAqRgGAw8=',
    wrong: 'Kl10nKQ2oQGNVVH3NbYvBxY3mLN3J18MA/oWzANKXwo=',
  },
  {
    name: 'V4 GET with a comma list',
    timestamp: 1700000003702,
    method: 'GET',
    path: '/api/v1/hf/accounts/ledgers?currency=BTC,USDT&bizType=TRANSFER&limit=100',
    sign: 'Ak/nWFVUTyU9p0zDlmbyONXv1EtKZ1aw2dAJ891Wm3k=',
    wrong: '5CBfCqAm+bNwDEnEN/tx9dG1EQkihzQeCtUG52WAV0I=',
  },
  {
    name: 'V5 POST without a body',
    timestamp: 1700000004936,
    method: 'POST',
    path: '/api/v1/bullet-private',
    sign: 'NE7YuGOTo60oWQgKSZcPTCTK/RVIxq53WeUGtPbg550=',
  },
  {
    name: 'V6 futures host',
    timestamp: 1700000006170,
    method: 'GET',
    path: '/api/v1/account-overview?currency=USDT',
    sign: 'aolFyD3gubkVoe6w+1q/DlVZRBXsPhd9Mt22R9ksdZc=',
  },
  {
    name: 'V7 UTF-8 body',
    timestamp: 1700000007404,
    method: 'POST',
    path: '/api/v2/accounts/inner-transfer',
    body: utf8Body,
    sign: 'o7IZ4r8cQy7Voms3DvhW8pMP8lL0lb+J6u3Q8zPFAxk=',
  },
];

describe('sign', () => {
  for (const vector of vectors) {
    it(`signs ${vector.name}`, () => {
      const made = signature(vector.timestamp, vector.method, vector.path, vector.body);
      assert.equal(made, vector.sign);
      if (vector.wrong) assert.notEqual(made, vector.wrong);
    });
  }

  it("signs KuCoin's own published example", () => {
    const secret = 'f03a5284-5c39-4aaa-9b20-dea10bdcf8e3';
    const made = signature(1547015186532, 'POST', '/api/v1/deposit-addresses', '{"currency":"BTC"}', {
      ...demo,
      secret,
    });
    assert.equal(made, '7QP/oM0ykidMdrfNEUmng8eZjg/ZvPafjIqmxiVfYu4=');
  });

  it('reproduces the faulty signatures only from faulty input', () => {
    const [v1, , v3, v4] = vectors;
    assert.equal(signature(v1!.timestamp, 'get', v1!.path), v1!.wrong);
    const encoded = v3!.path.replace('pa ss!@#1', 'pa%20ss!%40%231');
    assert.equal(signature(v3!.timestamp, 'DELETE', encoded), v3!.wrong);
    assert.equal(signature(v4!.timestamp, 'GET', v4!.path.replace(',', '%2C')), v4!.wrong);
  });

  it('sends the passphrase in clear for version 1 alone', () => {
    for (const [version, passphrase] of [
      ['1', 'Demo-Pass_42!'],
      ['2', 'nhr6uccDXhDD5eqvBsIWVv4Q5haDdpxSbW9sQ8jvclE='],
      ['3', 'nhr6uccDXhDD5eqvBsIWVv4Q5haDdpxSbW9sQ8jvclE='],
    ] as const) {
      const headers = createSigner({ ...demo, version }).headers(
        1700000000000,
        'GET',
        '/api/v1/accounts',
        '',
      );
      assert.equal(headers['KC-API-PASSPHRASE'], passphrase);
      assert.equal(headers['KC-API-KEY-VERSION'], version);
    }
  });

  it('puts the very timestamp that was signed into its header', () => {
    const headers = createSigner(demo).headers(1700000000000, 'GET', '/api/v1/accounts', '');
    assert.deepEqual(Object.keys(headers).sort(), [
      'KC-API-KEY',
      'KC-API-KEY-VERSION',
      'KC-API-PASSPHRASE',
      'KC-API-SIGN',
      'KC-API-TIMESTAMP',
    ]);
    assert.equal(headers['KC-API-TIMESTAMP'], '1700000000000');
    assert.equal(headers['KC-API-KEY'], demo.key);
  });

  it('treats the secret as text, not as a decoded UUID', () => {
    assert.notEqual(
      signature(1700000000000, 'GET', '/', '', { ...demo, secret: demo.secret.replaceAll('-', '') }),
      signature(1700000000000, 'GET', '/'),
    );
  });
});

describe('a prepared request', () => {
  const text = v.string();
  const base = {
    title: 'Test',
    summary: '',
    docs: '',
    host: 'spot',
    permission: 'General',
    pool: 'Management',
    weight: 1,
    reply: v.unknown(),
    repeat: 'safe',
  } as const;
  const list = endpoint({
    ...base,
    method: 'GET',
    path: '/api/v1/accounts',
    params: v.object({ currency: v.optional(text), type: v.optional(text) }),
  });
  const universal = endpoint({
    ...base,
    method: 'POST',
    path: '/api/v3/accounts/universal-transfer',
    params: v.record(text, text),
  });
  const inner = endpoint({
    ...base,
    method: 'POST',
    path: '/api/v2/accounts/inner-transfer',
    params: v.record(text, text),
  });
  const dropKey = endpoint({
    ...base,
    method: 'DELETE',
    path: '/api/v1/sub/api-key',
    params: v.object({ apiKey: text, subName: text, passphrase: text }),
  });
  const ledgers = endpoint({
    ...base,
    method: 'GET',
    path: '/api/v1/hf/accounts/ledgers',
    params: v.object({ currency: v.array(text), bizType: text, limit: v.number() }),
  });
  const detail = endpoint({
    ...base,
    method: 'GET',
    path: '/api/v1/accounts/{accountId}',
    params: v.object({ accountId: text, currency: v.optional(text) }),
  });
  const bullet = endpoint({
    ...base,
    method: 'POST',
    path: '/api/v1/bullet-private',
    params: v.object({}),
  });

  function check<E extends Endpoint>(entry: E, params: ParamsOf<E>, vector: string, sentPath: string): void {
    const expected = vectors.find(({ name }) => name.startsWith(vector));
    assert.ok(expected);
    const request = prepare(entry, params);
    assert.equal(request.signedPath, expected.path);
    assert.equal(request.sentPath, sentPath);
    assert.equal(request.body, expected.body ?? '');
    assert.equal(
      signature(expected.timestamp, entry.method, request.signedPath, request.body),
      expected.sign,
    );
  }

  it('lays out V1 byte for byte', () => {
    check(list, { currency: 'USDT', type: 'trade' }, 'V1', '/api/v1/accounts?currency=USDT&type=trade');
  });

  it('lays out V2 byte for byte', () => {
    const params = JSON.parse(transferBody) as Record<string, string>;
    check(universal, params, 'V2', '/api/v3/accounts/universal-transfer');
  });

  it('signs V3 in decoded form and sends it encoded', () => {
    const params = {
      apiKey: '65f0c0ffee12340001ffffff',
      subName: 'demoSub01',
      passphrase: 'pa ss!@#1',
    };
    const sent =
      '/api/v1/sub/api-key?apiKey=65f0c0ffee12340001ffffff&subName=demoSub01&passphrase=pa%20ss!%40%231';
    check(dropKey, params, 'V3', sent);
  });

  it('signs and sends the commas of V4 literally', () => {
    const params = { currency: ['BTC', 'USDT'], bizType: 'TRANSFER', limit: 100 };
    const sent = '/api/v1/hf/accounts/ledgers?currency=BTC,USDT&bizType=TRANSFER&limit=100';
    check(ledgers, params, 'V4', sent);
  });

  it('has no body without parameters, as in V5', () => {
    check(bullet, {}, 'V5', '/api/v1/bullet-private');
  });

  it('keeps the UTF-8 text of V7', () => {
    check(inner, JSON.parse(utf8Body) as Record<string, string>, 'V7', '/api/v2/accounts/inner-transfer');
  });

  it('leaves out arguments that are not given', () => {
    assert.equal(prepare(list, { currency: undefined, type: 'main' }).sentPath, '/api/v1/accounts?type=main');
    assert.equal(prepare(list, {}).sentPath, '/api/v1/accounts');
  });

  it('fills the path and keeps the rest for the query', () => {
    const request = prepare(detail, { accountId: 'a b', currency: 'KCS' });
    assert.equal(request.signedPath, '/api/v1/accounts/a b?currency=KCS');
    assert.equal(request.sentPath, '/api/v1/accounts/a%20b?currency=KCS');
  });

  it('cannot be changed any more', () => {
    assert.throws(() => Object.assign(prepare(list, {}), { sentPath: '/api/v1/withdrawals' }), TypeError);
  });

  it('sends what a URL parser leaves as it is', () => {
    const wild = `'"<>\`{}|\\^~!*() é✓&=?#/+%,;:@[]`;
    const { sentPath } = prepare(list, { currency: wild });
    const url = new URL(`https://api.kucoin.com${sentPath}`);
    assert.equal(url.pathname + url.search, sentPath);
    assert.equal(decodeURIComponent(sentPath), `/api/v1/accounts?currency=${wild}`);
  });

  for (const accountId of ['', '.', '..']) {
    it(`refuses "${accountId}" as part of a path, where a URL parser would drop it`, () => {
      assert.throws(() => prepare(detail, { accountId }), {
        kind: 'invalidArgument',
        outcome: 'notExecuted',
        detail: 'accountId: cannot stand in a path',
      });
    });
  }

  it('refuses text that is not valid Unicode', () => {
    assert.throws(() => prepare(list, { currency: '\ud800' }), { kind: 'invalidArgument' });
  });

  it('names the argument that is wrong, without its value', () => {
    const wrong = { apiKey: 'k', subName: 7, passphrase: 'hush' } as unknown as ParamsOf<typeof dropKey>;
    assert.throws(() => prepare(dropKey, wrong), {
      kind: 'invalidArgument',
      detail: 'subName: expected string, received number',
    });
    const missing = { apiKey: 'k', subName: 's' } as unknown as ParamsOf<typeof dropKey>;
    assert.throws(() => prepare(dropKey, missing), { detail: 'passphrase: is missing' });
  });
});
