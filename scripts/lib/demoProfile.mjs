import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The demo account as `KuCoin: Open Demo Account` would make it; the extension starts its sandbox when it is looked at. */
const document = {
  version: 1,
  profiles: [
    {
      id: 'demo',
      name: 'Local KuCoin',
      site: { kind: 'sandbox', world: 'today' },
      keyVersion: '3',
      keyFingerprint: 'demo',
      generation: 1,
      readOnly: false,
      // What its sandbox says of the demo key; without it the first plan would warn that nothing is known of it.
      facts: {
        uid: 700100200,
        isMaster: true,
        permissions: ['General', 'Spot', 'Margin', 'Futures', 'InnerTransfer', 'Earn'],
        ipRestricted: false,
        siteType: 'global',
        checkedAt: Date.now(),
      },
    },
  ],
  lastUsed: 'demo',
};

/** Puts the demo account into the profile of an editor, whose `User` folder this is. */
export function writeDemoProfile(userFolder) {
  const folder = join(userFolder, 'globalStorage', 'kucoin-accounts.kucoin-accounts');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'profiles.json'), `${JSON.stringify(document, undefined, 2)}\n`);
}
