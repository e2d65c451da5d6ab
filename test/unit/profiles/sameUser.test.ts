import assert from 'node:assert/strict';
import type { Profile } from '../../../src/profiles/profile';
import { sameUser } from '../../../src/profiles/sameUser';

function profile(id: string, keyFingerprint: string, uid?: number, site?: Profile['site']): Profile {
  return {
    id,
    name: id,
    site: site ?? { kind: 'brand', brand: 'global' },
    keyVersion: '3',
    keyFingerprint,
    generation: 1,
    readOnly: false,
    ...(uid !== undefined && {
      facts: { uid, isMaster: true, permissions: [], ipRestricted: false, checkedAt: 0 },
    }),
  };
}

describe('profiles of one user', () => {
  const custom = { kind: 'custom', spot: 'https://proxy.example' } as const;
  const sandbox = (world: 'seed' | 'today') => ({ kind: 'sandbox', world }) as const;
  const cases: [string, Profile, Profile, boolean][] = [
    ['the same key', profile('a', 'k1'), profile('b', 'k1'), true],
    ['the same key by a typed address', profile('a', 'k1'), profile('b', 'k1', 7, custom), true],
    ['two keys of one account', profile('a', 'k1', 7), profile('b', 'k2', 7), true],
    ['two accounts', profile('a', 'k1', 7), profile('b', 'k2', 8), false],
    ['two keys that were never checked', profile('a', 'k1'), profile('b', 'k2'), false],
    ['one key that was never checked', profile('a', 'k1', 7), profile('b', 'k2'), false],
    ['the same number at two sites', profile('a', 'k1', 7), profile('b', 'k2', 7, custom), false],
    ['one sandbox', profile('a', 'k1', 7, sandbox('seed')), profile('b', 'k2', 7, sandbox('seed')), true],
    ['two sandboxes', profile('a', 'k1', 7, sandbox('seed')), profile('b', 'k1', 7, sandbox('today')), false],
    ['a sandbox and KuCoin', profile('a', 'k1', 7, sandbox('today')), profile('b', 'k1', 7), false],
  ];
  for (const [name, one, other, is] of cases) {
    it(`${name}: ${is ? 'yes' : 'no'}`, () => {
      const others = [profile('x', 'k9', 99), one, other];
      assert.deepEqual(sameUser(others, 'a'), is ? ['a', 'b'] : ['a']);
      assert.deepEqual(sameUser(others, 'b'), is ? ['b', 'a'] : ['b']);
    });
  }

  it('one that is gone is alone', () => assert.deepEqual(sameUser([profile('a', 'k1')], 'gone'), ['gone']));
});
