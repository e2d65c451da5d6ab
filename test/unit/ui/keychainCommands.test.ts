import { fake } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Uri as EditorUri } from 'vscode';
import { KeychainError, type Keychain, type KeychainProblem } from '../../../src/host/keychain';
import type { Sessions } from '../../../src/host/sessions';
import { environmentOf } from '../../../src/kucoin/environment';
import type { Profile } from '../../../src/profiles/profile';
import type { Profiles } from '../../../src/profiles/profiles';
import { entryOf, keychainService } from '../../../src/profiles/keychainEntry';
import type { KeyEntry } from '../../../src/ui/keyWizard';
import { keychainCommands, patiently, type KeychainCommandId } from '../../../src/ui/keychainCommands';
import type { Answer, InputBox, PickBox, Prompt } from '../../../src/ui/wizard';
import { credentials, otherCredentials } from '../profiles/support';
import { Uri } from '../support/fakeVscode';

const profile: Profile = {
  id: 'one',
  name: 'Main',
  site: { kind: 'brand', brand: 'global' },
  keyVersion: '3',
  keyFingerprint: 'abc',
  generation: 1,
  readOnly: true,
};
const hosts = { spot: 'https://api.kucoin.com', futures: 'https://api-futures.kucoin.com' };
const entry = entryOf(environmentOf(hosts, credentials));

/** Picks the first choice with these words, and takes each input as it is offered. */
class Chooser implements Prompt {
  readonly offered: string[][] = [];
  constructor(private readonly wanted: string) {}

  async pick<T>(box: PickBox<T>): Promise<Answer<T>> {
    const items = await box.items;
    this.offered.push(items.map(({ label }) => label));
    const item = items.find(({ label }) => label.includes(this.wanted));
    return item ? { kind: 'value', value: item.value } : { kind: 'cancelled' };
  }

  pickMany(): Promise<Answer<never>> {
    return Promise.resolve({ kind: 'cancelled' });
  }

  input({ value, validate }: InputBox): Promise<Answer<string>> {
    assert.notEqual(validate(' '), undefined);
    return Promise.resolve({ kind: 'value', value });
  }
}

describe('a search for files', () => {
  it('is believed when it answers, and not waited for when nobody carries it out', async () => {
    const otherwise = (): Promise<string[]> => Promise.resolve(['.env']);
    assert.deepEqual(await patiently(Promise.resolve(['a/.env']), otherwise, 60_000), ['a/.env']);
    assert.deepEqual(await patiently(Promise.resolve([]), otherwise, 60_000), []);
    const never = new Promise<string[]>(() => undefined);
    assert.deepEqual(await patiently(never, otherwise, 1), ['.env']);
    await assert.rejects(patiently(Promise.reject(new Error('no folder')), otherwise, 60_000), /no folder/);
  });
});

describe('keys and the system keychain', () => {
  let stored: Map<string, string>;
  let fails: KeychainProblem | undefined;
  let forgets: boolean;
  let added: KeyEntry[];
  let answer: string | undefined;
  let agree: boolean;
  let details: string[];
  let folder: string;
  let prompt: Chooser;
  let platform: string;

  beforeEach(() => {
    fake.reset();
    stored = new Map();
    fails = undefined;
    forgets = false;
    added = [];
    answer = undefined;
    agree = true;
    details = [];
    folder = mkdtempSync(path.join(tmpdir(), 'kucoin-unit-'));
    prompt = new Chooser('.env');
    platform = 'linux';
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = async (id: KeychainCommandId, argument?: unknown): Promise<void> => {
    const keychain: Keychain = {
      get: (service, account) => Promise.resolve(stored.get(`${service}/${account}`)),
      set: (service, account, password) => {
        if (!forgets) stored.set(`${service}/${account}`, password);
        return Promise.resolve();
      },
      delete: (service, account) => Promise.resolve(stored.delete(`${service}/${account}`)),
      find: (service) =>
        Promise.resolve(
          [...stored].flatMap(([name, password]) =>
            name.startsWith(`${service}/`) ? [{ account: name.slice(service.length + 1), password }] : [],
          ),
        ),
    };
    const file = Uri.file(path.join(folder, '.env')) as unknown as EditorUri;
    await keychainCommands({
      profiles: { all: [profile], find: () => profile } as unknown as Profiles,
      sessions: { access: () => Promise.resolve({ site: { hosts }, credentials }) } as unknown as Sessions,
      prompt,
      confirm: ({ detail }) => {
        details.push(detail);
        return Promise.resolve(agree);
      },
      choose: ({ detail }) => {
        details.push(detail);
        return Promise.resolve(answer);
      },
      openKeychain: () =>
        fails ? Promise.reject(new KeychainError(fails, 'as the system says')) : Promise.resolve(keychain),
      addProfile: (known) => {
        added.push(known);
        return Promise.resolve(profile);
      },
      files: { find: () => Promise.resolve([file]), browse: () => Promise.resolve(undefined) },
      platform,
    })[id](argument);
  };

  describe('saving a profile', () => {
    it('asks, writes the environment of the profile, and offers code that reads it', async () => {
      answer = 'Save';
      prompt = new Chooser('Python');
      fake.click = (buttons) => buttons.find((button) => button.startsWith('Show Code'));
      await run('kucoin.keychain.save');
      assert.equal(stored.get(`${keychainService}/Main`), entry);
      assert.match(details[0] ?? '', /Every program that you start can read it/);
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(prompt.offered, [['JavaScript', 'TypeScript', 'Python', 'Go', 'Shell']]);
      const [document] = fake.documents;
      assert.equal(document?.languageId, 'python');
      assert.match(document.getText(), /ring\.get_password\("kucoin-accounts", "Main"\)/);
      assert.ok(!document.getText().includes(credentials.secret));
    });

    it('changes nothing when the user leaves', async () => {
      await run('kucoin.keychain.save');
      assert.deepEqual([...stored], []);
      assert.deepEqual(fake.messages, []);
    });

    it('can take an entry away again', async () => {
      stored.set(`${keychainService}/Main`, 'old');
      answer = 'Remove From Keychain';
      await run('kucoin.keychain.save');
      assert.deepEqual([...stored], []);
      assert.match(details[0] ?? '', /such an entry already/);
      assert.match(fake.messages[0] ?? '', /no longer in the system keychain/);
    });

    it('does not believe a keychain that forgets', async () => {
      answer = 'Save';
      forgets = true;
      await run('kucoin.keychain.save');
      assert.match(fake.messages[0] ?? '', /failed: the entry was not kept/);
    });
  });

  describe('importing a key', () => {
    it('hands what it found to the wizard', async () => {
      stored.set(`${keychainService}/Main`, entry);
      await run('kucoin.keychain.import');
      const [known] = added;
      assert.deepEqual(
        [known?.key, known?.secret, known?.passphrase, known?.version, known?.site],
        [
          credentials.key,
          credentials.secret,
          credentials.passphrase,
          '3',
          { kind: 'brand', brand: 'global' },
        ],
      );
      assert.match(fake.messages[0] ?? '', /is now the profile Main/);
    });

    it('lets the user pick among several', async () => {
      stored.set(`${keychainService}/Main`, entry);
      stored.set(`${keychainService}/Bot`, entryOf(environmentOf(hosts, otherCredentials)));
      prompt = new Chooser('Bot');
      await run('kucoin.keychain.import');
      assert.deepEqual(prompt.offered, [['Main', 'Bot']]);
      assert.equal(added[0]?.key, otherCredentials.key);
    });

    it('says so where there is none', async () => {
      await run('kucoin.keychain.import');
      assert.match(fake.messages[0] ?? '', /has no entry of the service kucoin-accounts/);
      stored.set(`${keychainService}/Other`, 'not a key');
      await run('kucoin.keychain.import');
      assert.match(fake.messages[1] ?? '', /No entry of the service kucoin-accounts holds a key/);
      assert.deepEqual(added, []);
    });
  });

  const problems: [KeychainProblem, RegExp, string?][] = [
    ['notShipped', /comes without access to the system keychain/],
    ['notLoaded', /libsecret-1-0/],
    ['notLoaded', /on this computer: as the system says/, 'win32'],
    ['noService', /Start one \(gnome-keyring, KWallet or KeePassXC\)/],
    ['locked', /is locked\. Unlock it/],
    ['silent', /unlock it there/],
    ['failed', /failed: as the system says/],
  ];
  for (const [problem, sentence, on = 'linux'] of problems) {
    it(`says what to do without a keychain: ${problem} on ${on}`, async () => {
      fails = problem;
      platform = on;
      for (const id of ['kucoin.keychain.import', 'kucoin.keychain.save'] as const) {
        await run(id);
        assert.match(fake.messages.pop() ?? '', sentence);
      }
      assert.deepEqual([added.length, details.length], [0, 0]);
    });
  }

  describe('a .env file', () => {
    const file = (): string => path.join(folder, '.env');
    const text = [
      'MODE=live',
      `KUCOIN_API_KEY=${credentials.key}`,
      `KUCOIN_API_SECRET=${credentials.secret}`,
      `KUCOIN_API_PASSPHRASE='${credentials.passphrase}'`,
      '',
    ].join('\n');
    const importIt = async (content: string | Uint8Array): Promise<void> => {
      writeFileSync(file(), content);
      await run('kucoin.keychain.importEnv');
    };

    it('gives its key to the wizard and loses it, after a question', async () => {
      await importIt(text);
      assert.equal(added[0]?.secret, credentials.secret);
      assert.match(details[0] ?? '', /history of version control/);
      assert.equal(readFileSync(file(), 'utf8'), 'MODE=live\n');
      assert.match(fake.messages[0] ?? '', /no longer in/);
    });

    it('is left as it is when the user says no', async () => {
      agree = false;
      await importIt(text);
      assert.equal(readFileSync(file(), 'utf8'), text);
    });

    it('is left as it is where the lines cannot be told', async () => {
      const riddle = `${text}NOTE="first\nKUCOIN_API_KEY=${credentials.key}\nlast"\n`;
      await importIt(riddle);
      assert.equal(readFileSync(file(), 'utf8'), riddle);
      assert.match(fake.messages[0] ?? '', /Remove them by hand/);
    });

    it('says when the secret stands in another place too', async () => {
      await importIt(`${text}# old: ${credentials.secret}\n`);
      assert.match(fake.messages[0] ?? '', /still has a part of the key in another place/);
    });

    for (const [what, content] of [
      ['nothing', ''],
      ['another exchange', 'BINANCE_API_KEY=x\nBINANCE_API_SECRET=y\n'],
      ['bytes', Uint8Array.from({ length: 999 }, (_value, at) => (at * 7) % 256)],
    ] as const) {
      it(`with ${what} is no key`, async () => {
        await importIt(content);
        assert.match(fake.messages[0] ?? '', /There is no key of KuCoin in/);
        assert.deepEqual(added, []);
      });
    }

    it('that is too large is not read', async () => {
      await importIt('A=b\n'.repeat(300_000));
      assert.match(fake.messages[0] ?? '', /too large/);
    });
  });
});
