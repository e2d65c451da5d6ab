import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { isMusl, openKeychain, type KeychainError, type Keytar } from '../../../src/host/keychain';

const working: Keytar = {
  getPassword: () => Promise.resolve(null),
  setPassword: () => Promise.resolve(),
  deletePassword: () => Promise.resolve(false),
  findCredentials: () => Promise.resolve([]),
};

async function problemOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => assert.fail('it worked'),
    (reason: unknown) => reason as KeychainError,
  );
  assert.equal(error.name, 'KeychainError');
  return error.problem;
}

describe('the system keychain', () => {
  for (const [said, problem] of [
    ["Cannot find module './keytar/lib/keytar.js'", 'notShipped'],
    ["Cannot find module 'keytar'", 'notShipped'],
    ['Failed to load keytar native addon, checked ["../build/Release"] on linux-x64', 'notLoaded'],
  ] as const) {
    it(`says ${problem} when the library cannot be loaded: ${said}`, async () => {
      assert.equal(await problemOf(openKeychain({ load: () => Promise.reject(new Error(said)) })), problem);
    });
  }

  for (const [said, problem] of [
    ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'noService'],
    ['Could not connect: No such file or directory', 'noService'],
    ['The name org.freedesktop.secrets was not provided by any .service files', 'noService'],
    ['Cannot create an item in a locked collection', 'locked'],
    ['Prompt dismissed', 'locked'],
    ['User interaction is not allowed. Access denied.', 'locked'],
    ['The stub received bad data.', 'failed'],
  ] as const) {
    it(`says ${problem} when it fails with: ${said}`, async () => {
      const fails = (): Promise<never> => Promise.reject(new Error(said));
      const keychain = await openKeychain({
        load: () =>
          Promise.resolve({
            getPassword: fails,
            setPassword: fails,
            deletePassword: fails,
            findCredentials: fails,
          }),
      });
      assert.equal(await problemOf(keychain.get('a', 'b')), problem);
      assert.equal(await problemOf(keychain.set('a', 'b', 'c')), problem);
      assert.equal(await problemOf(keychain.delete('a', 'b')), problem);
      assert.equal(await problemOf(keychain.find('a')), problem);
    });
  }

  it('is asked with the binary for the C library of this computer', () => {
    const glibc = { header: { glibcVersionRuntime: '2.36' } };
    const other = { header: {} };
    assert.equal(isMusl('linux', glibc), false);
    assert.equal(isMusl('linux', other), true);
    // No report of another system names one.
    assert.equal(isMusl('darwin', other), false);
    assert.equal(isMusl('win32', other), false);
    assert.equal(isMusl(), existsSync('/etc/alpine-release'));
  });

  it('does not wait for ever', async () => {
    const never = new Promise<never>(() => undefined);
    const keychain = await openKeychain({
      load: () => Promise.resolve({ ...working, getPassword: () => never }),
      patienceMs: 5,
    });
    assert.equal(await problemOf(keychain.get('a', 'b')), 'silent');
  });

  it('has nothing where there is nothing', async () => {
    const keychain = await openKeychain({ load: () => Promise.resolve(working) });
    assert.equal(await keychain.get('a', 'b'), undefined);
    assert.deepEqual(await keychain.find('a'), []);
  });
});
