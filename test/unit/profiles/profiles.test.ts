import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { KucoinError } from '../../../src/kucoin/errors';
import { parseDocument, type Profile } from '../../../src/profiles/profile';
import type { Profiles } from '../../../src/profiles/profiles';
import { credentials, MemorySecrets, otherCredentials, profile, TempFolder, until, Window } from './support';

const site = { kind: 'brand', brand: 'global' } as const;
const entry = (name: string): Parameters<Profiles['add']>[0] => ({ name, site, readOnly: true });
const names = (all: readonly Profile[]): string[] => all.map(({ name }) => name).sort();

describe('profiles', () => {
  const folder = new TempFolder();
  let secrets: MemorySecrets;
  const windows: Window[] = [];
  const openWindow = (): Window => {
    const window = new Window(folder.root, secrets);
    windows.push(window);
    return window;
  };
  const stored = async (): Promise<readonly Profile[]> =>
    parseDocument(await folder.read('profiles.json')).document.profiles;

  beforeEach(async () => {
    await folder.make();
    secrets = new MemorySecrets();
  });
  afterEach(async () => {
    for (const window of windows.splice(0)) window.profiles.dispose();
    await folder.remove();
  });

  it('are none where there is no file, without a notice', async () => {
    const { profiles, notices } = openWindow();
    await profiles.load();
    assert.deepEqual(profiles.all, []);
    assert.deepEqual(notices, []);
    assert.deepEqual(await folder.files(), []);
  });

  it('keep metadata in the file and the secrets out of it', async () => {
    const { profiles } = openWindow();
    const added = await profiles.add(entry('Main'), credentials);
    const text = await folder.read('profiles.json');
    for (const secret of [credentials.key, credentials.secret, credentials.passphrase]) {
      assert.ok(!text.includes(secret));
    }
    assert.deepEqual(await stored(), [added]);
    assert.equal(added.generation, 1);
    assert.equal(added.keyVersion, '3');
    assert.match(added.keyFingerprint, /^[0-9a-f]{12}$/);
    assert.equal(profiles.lastUsed, added.id);
  });

  it('keep one secret value for each profile', async () => {
    const { profiles } = openWindow();
    const a = await profiles.add(entry('A'), credentials);
    const b = await profiles.add(entry('B'), otherCredentials);
    assert.deepEqual([...secrets.values.keys()], [a.id, b.id]);
    assert.deepEqual(await profiles.credentials(a.id), credentials);
    assert.deepEqual(await profiles.credentials(b.id), otherCredentials);
  });

  it('never lose what another window adds at the same time', async () => {
    const [first, second] = [openWindow(), openWindow()];
    const wanted = Array.from({ length: 6 }, (_, n) => `P${n}`);
    await Promise.all(
      wanted.map((name, n) => (n % 2 ? first : second).profiles.add(entry(name), credentials)),
    );
    assert.deepEqual(names(await stored()), wanted);
    for (const { profiles } of windows) {
      await profiles.load();
      assert.deepEqual(names(profiles.all), wanted);
    }
  });

  it('keep what one window renames while another one removes something else', async () => {
    const [first, second] = [openWindow(), openWindow()];
    const a = await first.profiles.add(entry('A'), credentials);
    const b = await first.profiles.add(entry('B'), credentials);
    await Promise.all([second.profiles.rename(a.id, 'Renamed'), first.profiles.remove(b.id)]);
    assert.deepEqual(names(await stored()), ['Renamed']);
  });

  it('are seen by another window without asking', async () => {
    const [first, second] = [openWindow(), openWindow()];
    await second.profiles.load();
    await first.profiles.add(entry('Main'), credentials);
    await until(
      () => second.profiles.all.length === 1,
      (look) => second.profiles.onDidChange(look),
    );
    assert.deepEqual(second.profiles.all, first.profiles.all);
  });

  it('take over the newer of two readings, whichever ends first', async () => {
    const { profiles } = openWindow();
    const writer = openWindow().profiles;
    await writer.add(entry('A'), credentials);
    const early = profiles.load();
    await writer.add(entry('B'), credentials);
    await Promise.all([profiles.load(), early]);
    assert.deepEqual(names(profiles.all), ['A', 'B']);
  });

  describe('in a damaged file', () => {
    it('are set aside with the whole text, and the user is told where', async () => {
      const text = '{"version":1,"profiles":[{"id":"a1"';
      await writeFile(folder.path('profiles.json'), text);
      const { profiles, notices } = openWindow();
      await profiles.load();
      assert.deepEqual(profiles.all, []);
      const [kept] = await folder.files();
      assert.match(String(kept), /^profiles\.json$/);
      const aside = (await folder.files()).filter((name) => name.includes('damaged'));
      assert.equal(aside.length, 1);
      assert.equal(await folder.read(aside[0]!), text);
      assert.deepEqual(notices, [folder.path(aside[0]!)]);
    });

    it('are kept where they are good, and stay when the next one is added', async () => {
      const good = profile({ id: 'good', name: 'Good' });
      const text = JSON.stringify({ version: 1, profiles: [good, { id: 'bad' }] });
      await writeFile(folder.path('profiles.json'), text);
      const { profiles, notices } = openWindow();
      await profiles.load();
      assert.deepEqual(profiles.all, [good]);
      assert.equal(notices.length, 1);
      await profiles.add(entry('New'), credentials);
      assert.deepEqual(names(await stored()), ['Good', 'New']);
      assert.equal(notices.length, 1);
      const aside = (await folder.files()).find((name) => name.includes('damaged'));
      assert.equal(await folder.read(aside!), text);
    });

    it('are set aside once by two windows, which lose nothing that is added meanwhile', async () => {
      await writeFile(folder.path('profiles.json'), 'not JSON');
      const [first, second] = [openWindow(), openWindow()];
      await Promise.all([
        first.profiles.load(),
        second.profiles.load(),
        first.profiles.add(entry('New'), credentials),
      ]);
      assert.deepEqual(names(await stored()), ['New']);
      assert.equal((await folder.files()).filter((name) => name.includes('damaged')).length, 1);
      assert.equal(first.notices.length + second.notices.length, 1);
    });

    it('keep their secrets', async () => {
      secrets.values.set('a1', 'whatever');
      await writeFile(folder.path('profiles.json'), 'not JSON');
      await openWindow().profiles.load();
      assert.equal(secrets.values.get('a1'), 'whatever');
    });
  });

  describe('with a secret storage in trouble', () => {
    it('are not added when it forgets the value, and nothing is left behind', async () => {
      secrets.forgetful = true;
      const { profiles } = openWindow();
      await assert.rejects(profiles.add(entry('Main'), credentials), (error) => {
        assert.ok(KucoinError.is(error, 'secretNotKept'));
        assert.equal(error.outcome, 'notExecuted');
        return true;
      });
      assert.deepEqual(profiles.all, []);
      assert.deepEqual(await folder.files(), []);
    });

    it('leave no secret behind when the file cannot be written', async () => {
      const { profiles } = openWindow();
      await profiles.load();
      await folder.remove();
      await writeFile(folder.root, 'a file where the folder was');
      await assert.rejects(profiles.add(entry('Main'), credentials));
      assert.equal(secrets.values.size, 0);
      assert.deepEqual(profiles.all, []);
    });

    for (const [what, spoil] of [
      ['is gone', (id: string) => secrets.values.delete(id)],
      ['is not JSON', (id: string) => secrets.values.set(id, '{"version":1,')],
      [
        'lacks the passphrase',
        (id: string) => secrets.values.set(id, '{"version":1,"key":"k","secret":"s"}'),
      ],
      ['cannot be read', () => (secrets.broken = true)],
    ] as const) {
      it(`stay listed when the value ${what}, and ask for their key`, async () => {
        const { profiles } = openWindow();
        const { id } = await profiles.add(entry('Main'), credentials);
        spoil(id);
        await assert.rejects(profiles.credentials(id), (error) => {
          assert.ok(KucoinError.is(error, 'secretMissing'));
          assert.ok(!error.message.includes(credentials.secret));
          return true;
        });
        await profiles.load();
        assert.deepEqual(names(profiles.all), ['Main']);
        assert.deepEqual(names(await stored()), ['Main']);
      });
    }
  });

  describe('a new key', () => {
    it('replaces the secret, forgets what was known of the old one, and starts a new generation', async () => {
      const { profiles } = openWindow();
      const facts = {
        uid: 1,
        isMaster: true,
        permissions: ['General'],
        ipRestricted: false,
        checkedAt: 1,
      };
      const { id, keyFingerprint } = await profiles.add({ ...entry('Main'), facts }, credentials);
      await profiles.replaceKey(id, otherCredentials, undefined);
      const now = profiles.find(id);
      assert.equal(now?.generation, 2);
      assert.equal(now.keyVersion, '2');
      assert.notEqual(now.keyFingerprint, keyFingerprint);
      assert.equal(now.facts, undefined);
      assert.deepEqual(await profiles.credentials(id), otherCredentials);
    });

    it('leaves the profile as it is when the storage forgets it', async () => {
      const { profiles } = openWindow();
      const added = await profiles.add(entry('Main'), credentials);
      secrets.forgetful = true;
      await assert.rejects(profiles.replaceKey(added.id, otherCredentials, undefined));
      assert.deepEqual(await stored(), [added]);
    });

    it('leaves no secret behind for a profile that another window has removed', async () => {
      const [first, second] = [openWindow(), openWindow()];
      const { id } = await first.profiles.add(entry('Main'), credentials);
      await second.profiles.load();
      await first.profiles.remove(id);
      await assert.rejects(second.profiles.replaceKey(id, otherCredentials, undefined), (error) =>
        KucoinError.is(error, 'stale'),
      );
      assert.equal(secrets.values.size, 0);
      assert.deepEqual(await stored(), []);
    });
  });

  it('are removed from the list before their secret goes', async () => {
    const { profiles } = openWindow();
    const { id } = await profiles.add(entry('Main'), credentials);
    let listedWhenDeleted: readonly Profile[] | undefined;
    secrets.onDidChange(() => (listedWhenDeleted = profiles.all));
    await profiles.remove(id);
    assert.deepEqual(listedWhenDeleted, []);
    assert.equal(secrets.values.size, 0);
    assert.deepEqual(await stored(), []);
  });

  it('change name, access and facts without a new generation', async () => {
    const { profiles } = openWindow();
    const { id } = await profiles.add(entry('Main'), credentials);
    await profiles.rename(id, 'Other');
    await profiles.setReadOnly(id, false);
    await profiles.setFacts(profiles.find(id)!, {
      uid: 5,
      isMaster: true,
      permissions: [],
      ipRestricted: false,
      checkedAt: 9,
    });
    const now = profiles.find(id);
    assert.deepEqual([now?.name, now?.readOnly, now?.facts?.uid, now?.generation], ['Other', false, 5, 1]);
  });

  it('tell of every change once it can be read', async () => {
    const { profiles } = openWindow();
    const seen: number[] = [];
    profiles.onDidChange(() => seen.push(profiles.all.length));
    await profiles.add(entry('A'), credentials);
    assert.equal(seen.at(-1), 1);
    await profiles.remove(profiles.all[0]!.id);
    assert.equal(seen.at(-1), 0);
  });
});
