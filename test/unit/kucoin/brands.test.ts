import assert from 'node:assert/strict';
import { brands, parseBaseUrl } from '../../../src/kucoin/brands';

describe('brands', () => {
  it('reach the hosts that KuCoin documents', () => {
    assert.deepEqual(brands.global.hosts, {
      spot: 'https://api.kucoin.com',
      futures: 'https://api-futures.kucoin.com',
    });
    assert.deepEqual(brands.australia.hosts, brands.global.hosts);
    assert.deepEqual(brands.australia.headers, { 'X-SITE-TYPE': 'australia' });
    assert.deepEqual(brands.europe.hosts, { spot: 'https://api.kucoin.eu', futures: undefined });
    assert.deepEqual(brands.turkey.hosts, { spot: 'https://api.kucoin.tr', futures: undefined });
    assert.deepEqual(brands.turkey.keyVersions, ['3']);
  });
});

describe('parseBaseUrl', () => {
  for (const [text, origin] of [
    ['https://api.kucoin.com', 'https://api.kucoin.com'],
    [' https://API.kucoin.com/ ', 'https://api.kucoin.com'],
    ['https://gateway.example:8443', 'https://gateway.example:8443'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
    ['http://localhost:4000', 'http://localhost:4000'],
    ['http://[::1]:4000', 'http://[::1]:4000'],
  ] as const) {
    it(`takes ${text}`, () => assert.deepEqual(parseBaseUrl(text), { origin }));
  }

  for (const text of [
    '',
    'api.kucoin.com',
    'http://api.kucoin.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://10.0.0.1',
    'ftp://api.kucoin.com',
    'file:///',
    'javascript:alert(1)',
    'https://user:word@api.kucoin.com',
    'https://127.0.0.1@evil.example',
    'https://api.kucoin.com/api/v1',
    'https://api.kucoin.com?x=1',
    'https://api.kucoin.com#x',
  ]) {
    it(`refuses "${text}" with a sentence`, () => {
      const result = parseBaseUrl(text);
      assert.ok('problem' in result && result.problem.length > 10);
    });
  }
});
