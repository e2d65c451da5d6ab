import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { KucoinError } from '../kucoin/errors';
import type { Credentials } from '../kucoin/sign';
import type { SecretStore } from './ports';

/** The secrets of a profile are one JSON value: one unlocking, one atomic change. */
const secretSchema = v.object({
  version: v.literal(1),
  key: v.pipe(v.string(), v.minLength(1)),
  secret: v.pipe(v.string(), v.minLength(1)),
  passphrase: v.pipe(v.string(), v.minLength(1)),
  keyVersion: v.picklist(['1', '2', '3']),
});

/**
 * Writes and reads back: a keyring that takes a value and forgets it is noticed now, not with the next start.
 *
 * @throws KucoinError of kind `secretNotKept`
 */
export async function saveCredentials(
  store: SecretStore,
  id: string,
  credentials: Credentials,
): Promise<void> {
  const { key, secret, passphrase, version: keyVersion } = credentials;
  const text = JSON.stringify({ version: 1, key, secret, passphrase, keyVersion });
  const kept = await store.set(id, text).then(
    () => store.get(id),
    () => undefined,
  );
  if (kept !== text) throw new KucoinError({ kind: 'secretNotKept', outcome: 'notExecuted' });
}

/** @throws KucoinError of kind `secretMissing` when there is no value or it cannot be read */
export async function loadCredentials(store: SecretStore, id: string): Promise<Credentials> {
  const text = await store.get(id).catch(() => {
    throw missing('the secret storage cannot be read');
  });
  if (text === undefined) throw missing('no value in the secret storage');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), secretSchema), text);
  if (!parsed.success) throw missing('the value in the secret storage is damaged');
  const { key, secret, passphrase, keyVersion } = parsed.output;
  return { key, secret, passphrase, version: keyVersion };
}

function missing(detail: string): KucoinError {
  return new KucoinError({ kind: 'secretMissing', outcome: 'notExecuted', detail });
}

/** Tells keys apart without telling anything about them. */
export function fingerprint(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 12);
}
