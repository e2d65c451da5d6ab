import assert from 'node:assert/strict';
import { failureOf, isFromProxy, proxyRefusal } from '../../../src/kucoin/wayOut';

const withCode = (code: string): Error => Object.assign(new Error('told by nobody'), { code });

describe('the way to the exchange', () => {
  for (const code of [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ]) {
    it(`is barred by a certificate: ${code}`, () => {
      assert.deepEqual(failureOf(withCode(code)), { failure: 'certificate', code });
    });
  }

  it('is barred by the network for any other code, and without one', () => {
    for (const code of ['ECONNRESET', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'ENOTFOUND'])
      assert.deepEqual(failureOf(withCode(code)), { failure: 'network', code });
    for (const odd of [new Error('x'), undefined, null, 'CERT_HAS_EXPIRED', { code: 7 }])
      assert.deepEqual(failureOf(odd), { failure: 'network', code: 'UNKNOWN' });
  });

  it('is barred by a proxy that could not be reached, whose login is not repeated', () => {
    const error = new Error(
      'Failed to establish a socket connection to proxies: PROXY invented:login@127.0.0.1:9',
    );
    assert.deepEqual(failureOf(error), { failure: 'proxy', code: 'it could not be reached' });
  });

  it('was barred by a proxy when the answer to an encrypted request came in clear', () => {
    const table: [url: string, socket: unknown, fromProxy: boolean][] = [
      ['https://a.invalid/', {}, true],
      ['wss://a.invalid/', { encrypted: false }, true],
      ['https://a.invalid/', { encrypted: true }, false],
      ['http://127.0.0.1/', {}, false],
      // Where nothing is known of the connection, nothing is claimed.
      ['https://a.invalid/', null, false],
      ['https://a.invalid/', undefined, false],
    ];
    for (const [url, socket, fromProxy] of table) assert.equal(isFromProxy(url, socket), fromProxy, url);
    assert.equal(proxyRefusal(407).failure, 'proxyLogin');
    assert.equal(proxyRefusal(502).failure, 'proxy');
  });
});
