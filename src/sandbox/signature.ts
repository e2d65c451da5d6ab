import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The exchange's side of a signature, written without the client's signer so that an error there is noticed here.
 * Source: kucoin-api 2.3 and 2.4.
 */
export interface Signed {
  /** Text of KC-API-TIMESTAMP as it arrived. */
  readonly timestamp: string;
  readonly method: string;
  /** Path with query, in the form that the signature covers. */
  readonly target: string;
  /** The raw bytes of the body; empty for GET and DELETE. */
  readonly body: Uint8Array;
}

/** base64(HMAC-SHA256(secret, timestamp + method + target + body)) */
export function signatureOf(secret: string, signed: Signed): string {
  return createHmac('sha256', secret)
    .update(signed.timestamp + signed.method + signed.target, 'utf8')
    .update(signed.body)
    .digest('base64');
}

export function verifies(secret: string, signed: Signed, signature: string): boolean {
  return sameText(signatureOf(secret, signed), signature);
}

/** What KC-API-PASSPHRASE must hold: clear text for version 1, base64(HMAC-SHA256) for 2 and 3 (kucoin-api 2.2). */
export function passphraseHeader(secret: string, passphrase: string, version: 1 | 2 | 3): string {
  return version === 1
    ? passphrase
    : createHmac('sha256', secret).update(passphrase, 'utf8').digest('base64');
}

/** Equality whose duration does not tell where two texts differ. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a, 'utf8');
  const right = Buffer.from(b, 'utf8');
  return left.length === right.length && timingSafeEqual(left, right);
}
