import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { KeyVersion } from './brands';

/** The three secrets of an API key, and its version. */
export interface Credentials {
  readonly key: string;
  readonly secret: string;
  readonly passphrase: string;
  readonly version: KeyVersion;
}

/** Makes the five headers of a signed request. Source: kucoin-api 2.2, 2.3. */
export interface Signer {
  /**
   * @param timestamp milliseconds since the epoch, integer
   * @param pathWithQuery starts with `/api/`; the query in decoded form (2.4)
   * @param body the very text that is sent, empty for none
   */
  headers(timestamp: number, method: string, pathWithQuery: string, body: string): Record<string, string>;
}

/** The key object and the encrypted passphrase are made once per key, not once per request. */
export function createSigner(credentials: Credentials): Signer {
  const secret = createSecretKey(credentials.secret, 'utf8');
  const { key, version } = credentials;
  const passphrase = version === '1' ? credentials.passphrase : hmac(secret, credentials.passphrase);
  return {
    headers: (timestamp, method, pathWithQuery, body) => ({
      'KC-API-KEY': key,
      'KC-API-SIGN': hmac(secret, `${timestamp}${method}${pathWithQuery}${body}`),
      'KC-API-TIMESTAMP': String(timestamp),
      'KC-API-PASSPHRASE': passphrase,
      'KC-API-KEY-VERSION': version,
    }),
  };
}

function hmac(secret: KeyObject, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64');
}
