import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { environmentOf, environmentVariables } from '../../../src/kucoin/environment';
import { credentials } from '../profiles/support';

const root = path.resolve(__dirname, '..', '..', '..', '..');

describe('the environment variables of a key', () => {
  it('hold the hosts and the four parts of the key', () => {
    assert.deepEqual(environmentOf({ spot: 'https://spot', futures: 'https://futures' }, credentials), {
      KUCOIN_BASE_URL: 'https://spot',
      KUCOIN_FUTURES_BASE_URL: 'https://futures',
      KUCOIN_API_KEY: credentials.key,
      KUCOIN_API_SECRET: credentials.secret,
      KUCOIN_API_PASSPHRASE: credentials.passphrase,
      KUCOIN_API_KEY_VERSION: '3',
    });
  });

  it('name a host that a site does not have, without a value', () => {
    const environment = environmentOf({ spot: 'https://spot', futures: undefined }, credentials);
    assert.ok('KUCOIN_FUTURES_BASE_URL' in environment);
    assert.equal(environment.KUCOIN_FUTURES_BASE_URL, undefined);
  });

  for (const folder of ['examples', path.join('media', 'snippets')]) {
    it(`are the only ones that ${folder} read`, () => {
      const own: readonly string[] = Object.values(environmentVariables);
      const seen = new Set<string>();
      for (const name of readdirSync(path.join(root, folder))) {
        const text = readFileSync(path.join(root, folder, name), 'utf8');
        for (const [variable] of text.matchAll(/KUCOIN_\w+/g)) {
          if (variable === 'KUCOIN_EVENTS') continue; // how long an example listens
          assert.ok(own.includes(variable), `${name}: ${variable}`);
          seen.add(variable);
        }
      }
      assert.ok(seen.has('KUCOIN_API_SECRET'));
    });
  }
});
