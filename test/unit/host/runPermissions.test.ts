import assert from 'node:assert/strict';
import { RunPermissions } from '../../../src/host/runPermissions';
import type { Profile } from '../../../src/profiles/profile';

const profile: Profile = {
  id: 'one',
  name: 'Main',
  site: { kind: 'brand', brand: 'global' },
  keyVersion: '3',
  keyFingerprint: 'abc',
  generation: 1,
  readOnly: false,
};

describe('the permission to run with a profile', () => {
  let kept: unknown;
  let permissions: RunPermissions;
  beforeEach(() => {
    kept = undefined;
    permissions = new RunPermissions({
      get: () => kept,
      set: (value) => {
        kept = value;
        return Promise.resolve();
      },
    });
  });

  it('is given for one profile, kept, and taken back', async () => {
    assert.equal(permissions.has(profile), false);
    await permissions.give(profile);
    await permissions.give(profile);
    assert.equal(permissions.has(profile), true);
    assert.equal(permissions.has({ ...profile, id: 'other' }), false);
    assert.deepEqual(kept, ['one/1']);
    assert.equal(await permissions.revoke(), 1);
    assert.equal(permissions.has(profile), false);
    assert.equal(await permissions.revoke(), 0);
  });

  it('ends with the key that it was given for', async () => {
    await permissions.give(profile);
    assert.equal(permissions.has({ ...profile, generation: 2 }), false);
    assert.equal(permissions.has({ ...profile, name: 'Renamed' }), true);
  });

  it('is not found in nonsense', async () => {
    for (const nonsense of [null, 'one/1', 7, { 0: 'one/1' }, [['one/1'], 1, null]]) {
      kept = nonsense;
      assert.equal(permissions.has(profile), false, JSON.stringify(nonsense));
    }
    await permissions.give(profile);
    assert.equal(permissions.has(profile), true);
  });
});
