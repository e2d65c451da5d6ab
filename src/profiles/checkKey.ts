import { getApiKeyInfo } from '../kucoin/endpoints/account';
import type { KucoinClient } from '../kucoin/client';
import type { KeyFacts, ProfileSite } from './profile';
import { brands } from '../kucoin/brands';
import { KucoinError } from '../kucoin/errors';

/**
 * Asks the exchange about the client's own key: proves key, passphrase, signature, clock and IP list in one call.
 *
 * @throws KucoinError; kind `otherSite` when the key belongs to another site than the profile says
 */
export async function checkKey(
  client: KucoinClient,
  site: ProfileSite,
  now: number,
  signal?: AbortSignal,
): Promise<KeyFacts> {
  const info = await client.call(getApiKeyInfo, {}, { signal });
  const expected = site.kind === 'brand' ? brands[site.brand].siteType : undefined;
  if (expected !== undefined && info.siteType && info.siteType !== expected) {
    const detail = `the key belongs to the site "${info.siteType}", not to "${expected}"`;
    throw new KucoinError({
      kind: 'otherSite',
      outcome: 'notExecuted',
      endpoint: getApiKeyInfo.title,
      detail,
    });
  }
  return {
    uid: info.uid,
    isMaster: info.isMaster,
    subName: info.subName ?? undefined,
    permissions: info.permission
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
    ipRestricted: Boolean(info.ipWhitelist),
    expiresAt: info.expiredAt ?? undefined,
    siteType: info.siteType ?? undefined,
    checkedAt: now,
  };
}
