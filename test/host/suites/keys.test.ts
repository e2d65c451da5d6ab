import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { deletedKey, demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type FaultSpec, type Sandbox, type Switches } from '../../../src/sandbox/main';
import type { Services } from '../../../src/services';
import { cleanUp, eventually, Messages, run, Script, services, storageFolder } from './support/host';

interface Entry {
  readonly spot: string;
  readonly futures: string;
  readonly key: string;
  readonly secret: string;
  readonly passphrase: string;
  readonly version: string;
}

describe('an API key', () => {
  let exchange: Sandbox;
  let own: Services;
  let messages: Messages;

  before(async () => {
    exchange = await startSandbox({ world: 'today' });
    own = await services();
  });
  after(() => exchange.stop());
  beforeEach(async () => {
    await exchange.reset();
    await cleanUp();
    messages = new Messages();
  });
  afterEach(async () => {
    messages.dispose();
    await cleanUp();
  });

  const entry = (changes: Partial<Entry> = {}): Entry => ({
    spot: exchange.spot,
    futures: exchange.futures,
    key: demoKeys.demo.key,
    secret: demoKeys.demo.secret,
    passphrase: demoKeys.demo.passphrase,
    version: '3',
    ...changes,
  });
  const keyOf = ({ key, secret, passphrase, version }: Entry): string[] => [key, secret, passphrase, version];
  const answersFor = (changes: Partial<Entry> = {}): string[] => {
    const { spot, futures, ...rest } = entry(changes);
    return ['Another host…', spot, futures, ...keyOf({ spot, futures, ...rest })];
  };
  const add = async (name = 'Main', access = 'Balances and transfers'): Promise<string> => {
    await run('kucoin.profile.add', new Script(...answersFor(), name, access));
    const profile = own.profiles.all.find((each) => each.name === name);
    assert.ok(profile, messages.said.map(({ text }) => text).join());
    return profile.id;
  };

  describe('that works', () => {
    it('becomes the active profile, with what the exchange says of it', async () => {
      const script = new Script(...answersFor(), 'Main', 'Read-only');
      await run('kucoin.profile.add', script);
      assert.equal(script.left, 0);
      assert.deepEqual(messages.said, []);
      const [profile] = own.profiles.all;
      assert.equal(profile?.name, 'Main');
      assert.equal(profile.readOnly, true);
      assert.equal(profile.facts?.uid, 700100200);
      assert.equal(own.sessions.profile?.id, profile.id);
      assert.equal((await own.profiles.credentials(profile.id)).secret, demoKeys.demo.secret);
    });

    it('is named after the sub-account it belongs to', async () => {
      const { key, secret, passphrase } = demoKeys.subAccount;
      const script = new Script(...answersFor({ key, secret, passphrase }), 'demoSub01', 'Read-only');
      await run('kucoin.profile.add', script);
      assert.equal(own.profiles.all[0]?.facts?.isMaster, false);
    });

    it('is warned of when it can withdraw', async () => {
      const { key, secret, passphrase } = demoKeys.withdrawal;
      await run(
        'kucoin.profile.add',
        new Script(...answersFor({ key, secret, passphrase }), 'Treasury', 'Read-only'),
      );
      const { severity } = await messages.waitFor(/^This key can withdraw funds\./);
      assert.equal(severity, 'warning');
    });

    it('works while the clock of this computer is an hour off, and the status bar says so', async () => {
      exchange.setClock({ skewMs: 3_600_000 });
      await add();
      assert.deepEqual(messages.said, []);
      await own.accounts.refresh();
      const trouble = own.accounts.troubles.find(({ kind }) => kind === 'clock');
      assert.ok(
        trouble?.kind === 'clock' && Math.abs(trouble.offset - 3_600_000) < 5_000,
        JSON.stringify(trouble),
      );
    });
  });

  interface Failure {
    readonly title: string;
    readonly entry?: Partial<Entry> | (() => Partial<Entry>);
    readonly fault?: FaultSpec;
    readonly switches?: Partial<Switches>;
    readonly sentence: RegExp;
    /** Whether the key may be saved although nobody could ask for it. */
    readonly mayBeSaved?: true;
  }
  const { key: ipKey, secret: ipSecret } = demoKeys.ipLimited;
  const failures: readonly Failure[] = [
    {
      title: 'unknown to the exchange',
      entry: { key: deletedKey.key },
      sentence:
        /^The key was not saved\. The exchange does not know this API key\. Check that the key is complete/,
    },
    {
      title: 'expired',
      entry: { key: demoKeys.expired.key, secret: demoKeys.expired.secret },
      sentence: /^The key was not saved\. The exchange does not know this API key\./,
    },
    {
      // The passphrase is signed with the secret, so a wrong secret is met as a wrong passphrase.
      title: 'with a wrong secret',
      entry: { secret: '00000000-0000-0000-0000-000000000000' },
      sentence: /^The key was not saved\. .*passphrase/,
    },
    {
      title: 'with a wrong passphrase',
      entry: { passphrase: 'wrong-passphrase' },
      sentence: /^The key was not saved\. The .*passphrase.*login password/,
    },
    {
      title: 'with a wrong version',
      entry: { version: '1' },
      sentence:
        /^The key was not saved\. The key version is not accepted\. Choose the version that the website shows/,
    },
    {
      title: 'without the permission General',
      entry: () => exchange.addKey({ permissions: ['Spot'] }),
      sentence:
        /^The key was not saved\. The key lacks a permission for this: .* Give the key the permission General/,
    },
    {
      title: 'used from an address that is not on its list',
      entry: { key: ipKey, secret: ipSecret },
      sentence:
        /^The key was not saved\. The key may not be used from this IP address: .*127\.0\.0\.1.* Add the address/,
    },
    {
      title: 'answered with an HTML page',
      fault: { kind: 'html', http: 200, times: 0, match: { endpoint: 'getApiKeyInfo' } },
      sentence:
        /^The key was not saved\. The answer of the exchange could not be read: an HTML page instead of JSON/,
      mayBeSaved: true,
    },
    {
      title: 'answered with JSON that breaks off',
      fault: { kind: 'truncate', times: 0, match: { endpoint: 'getApiKeyInfo' } },
      sentence:
        /^The key was not saved\. The answer of the exchange could not be read: JSON that ends too early/,
      mayBeSaved: true,
    },
    {
      title: 'answered without its uid',
      fault: { kind: 'dropField', field: 'data.uid', times: 0, match: { endpoint: 'getApiKeyInfo' } },
      sentence: /^The key was not saved\. The answer of the exchange could not be read: .*uid/,
      mayBeSaved: true,
    },
    {
      title: 'met by maintenance',
      switches: { maintenance: 'all' },
      sentence: /^The key was not saved\. The exchange is not available at the moment: .* Try again later\./,
      mayBeSaved: true,
    },
  ];

  const addInVain = async (changes: Partial<Entry>): Promise<void> => {
    const before = readFileSync(path.join(await storageFolder(), 'profiles.json'), 'utf8');
    const script = new Script(...answersFor(changes));
    await run('kucoin.profile.add', script);
    assert.equal(script.left, 0);
    assert.deepEqual(own.profiles.all, []);
    assert.equal(readFileSync(path.join(await storageFolder(), 'profiles.json'), 'utf8'), before);
  };

  describe('that does not work is not saved, and the user hears why, when it is', () => {
    for (const { title, entry: changes = {}, fault, switches, sentence, mayBeSaved } of failures) {
      it(title, async () => {
        if (fault) exchange.addFault(fault);
        if (switches) exchange.setSwitches(switches);
        const { key, secret, passphrase, version } = typeof changes === 'function' ? changes() : changes;
        await addInVain({
          ...(key !== undefined && { key }),
          ...(secret !== undefined && { secret }),
          ...(passphrase !== undefined && { passphrase }),
          ...(version !== undefined && { version }),
        });
        assert.equal(messages.said.length, 1, JSON.stringify(messages.said));
        assert.match(messages.said[0]?.text ?? '', sentence);
        assert.deepEqual(
          messages.said[0]?.buttons,
          mayBeSaved ? ['Correct…', 'Save Without Check'] : ['Correct…'],
        );
      });
    }

    it('sent where nobody listens', async () => {
      const gone = await startSandbox({ world: 'today' });
      const { spot, futures } = gone;
      await gone.stop();
      await addInVain({ spot, futures });
      assert.match(
        messages.said[0]?.text ?? '',
        /^The key was not saved\. The exchange could not be reached: .*ECONNREFUSED.* Check the network/,
      );
    });

    it('of another site of KuCoin', async () => {
      exchange.addFault({
        kind: 'envelope',
        match: { endpoint: 'getApiKeyInfo' },
        body: {
          code: '200000',
          data: {
            remark: 'tr',
            apiKey: demoKeys.demo.key,
            apiVersion: 3,
            permission: 'General',
            createdAt: 1,
            uid: 1,
            isMaster: true,
            siteType: 'turkey',
          },
        },
      });
      const { sessions } = own;
      const trial = sessions.trial.bind(sessions);
      // The brands' hosts are KuCoin itself, which no test calls.
      sessions.trial = (_site, credentials) =>
        trial.call(sessions, { kind: 'custom', spot: exchange.spot, futures: exchange.futures }, credentials);
      try {
        const script = new Script('KuCoin (global)', ...keyOf(entry()));
        await run('kucoin.profile.add', script);
      } finally {
        sessions.trial = trial;
      }
      assert.deepEqual(own.profiles.all, []);
      assert.equal(messages.said.length, 1);
      assert.match(messages.said[0]?.text ?? '', /^The key was not saved\. .*site/);
    });
  });

  it('can be saved unchecked when the exchange cannot be asked, if the user wants it so', async () => {
    exchange.setSwitches({ maintenance: 'all' });
    messages.press = 'Save Without Check';
    await run('kucoin.profile.add', new Script(...answersFor(), 'Later', 'Read-only'));
    assert.equal(own.profiles.all[0]?.name, 'Later');
    assert.equal(own.profiles.all[0].facts, undefined);
    messages.said.length = 0;
    exchange.setSwitches({ maintenance: 'off' });
    await run('kucoin.balances.refresh', new Script());
    const facts = await eventually(
      () => own.profiles.all[0]?.facts,
      (now) => now !== undefined,
      'what the key may do, read with the balances',
    );
    assert.ok(facts?.permissions.includes('General'));
    assert.deepEqual(messages.said, []);
  });

  it('can be replaced, which ends the session of the old one', async () => {
    const id = await add();
    const session = await own.sessions.open();
    const { key, secret, passphrase } = exchange.addKey({ permissions: ['General', 'Spot'] });
    await run('kucoin.profile.replaceKey', new Script(key, secret, passphrase, '3'), {
      argument: { profileId: id },
    });
    const profile = own.profiles.find(id);
    assert.equal(profile?.generation, 2);
    assert.deepEqual(profile.facts?.permissions, ['General', 'Spot']);
    assert.equal(session?.client.retired, true);
    assert.equal((await own.profiles.credentials(id)).key, key);
  });

  it('of another user replaces one only after a question', async () => {
    const id = await add();
    const { key, secret, passphrase } = demoKeys.subAccount;
    const replace = (agree: boolean): ReturnType<typeof run> =>
      run('kucoin.profile.replaceKey', new Script(key, secret, passphrase, '3'), {
        argument: { profileId: id },
        agree,
      });
    const [question] = await replace(false);
    assert.equal(question?.message, 'This key belongs to another user.');
    assert.equal((await own.profiles.credentials(id)).key, demoKeys.demo.key);
    await replace(true);
    assert.equal((await own.profiles.credentials(id)).key, key);
  });

  it('can be renamed and checked again', async () => {
    const id = await add();
    await run('kucoin.profile.rename', new Script('Bots'), { argument: { profileId: id } });
    assert.equal(own.profiles.find(id)?.name, 'Bots');
    await run('kucoin.profile.check', new Script(), { argument: { profileId: id } });
    const { text } = await messages.waitFor(/^Bots works: uid 700100200, permissions General,/);
    assert.ok(text);
  });

  it('is gone with its profile, secret included', async () => {
    const id = await add();
    const keep = await run('kucoin.profile.remove', new Script(), {
      argument: { profileId: id },
      agree: false,
    });
    assert.equal(keep[0]?.message, 'Remove the profile Main?');
    assert.ok(own.profiles.find(id));
    await run('kucoin.profile.remove', new Script(), { argument: { profileId: id } });
    assert.equal(own.profiles.find(id), undefined);
    await assert.rejects(own.profiles.credentials(id), /secretMissing/);
  });

  it('that the secret storage has lost is asked for again, and its profile stays', async () => {
    const id = await add();
    const { key, secret, passphrase } = demoKeys.demo;
    const { secrets } = (
      own.profiles as unknown as { options: { secrets: { delete(id: string): Promise<void> } } }
    ).options;
    own.sessions.opened?.client.retire();
    await secrets.delete(id);
    await assert.rejects(own.profiles.credentials(id), /secretMissing/);
    assert.ok(own.profiles.find(id));
    await run('kucoin.profile.replaceKey', new Script(key, secret, passphrase, '3'), {
      argument: { profileId: id },
    });
    assert.equal((await own.profiles.credentials(id)).key, key);
  });

  it('never stands in the log, not even after failures', async () => {
    await addInVain({ passphrase: 'wrong-passphrase' });
    const id = await add();
    exchange.addFault({ kind: 'html', http: 200, times: 0, match: { endpoint: 'getApiKeyInfo' } });
    await run('kucoin.profile.check', new Script(), { argument: { profileId: id } });
    await messages.waitFor(/could not be read/);
    const text = await eventually(
      async () => logText(path.join(await storageFolder(), '..', '..', '..', 'logs')),
      (all) => all.includes('kucoin.profile.check failed'),
      'the failure in the log file',
    );
    for (const each of [
      demoKeys.demo.key,
      demoKeys.demo.secret,
      demoKeys.demo.passphrase,
      'wrong-passphrase',
    ]) {
      assert.ok(!text.includes(each), `the log holds ${each}`);
    }
    assert.doesNotMatch(text, /KC-API-SIGN(?!.*<redacted>)/);
  });
});

/** All that the channel of the extension has written. */
function logText(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => path.basename(name).startsWith('KuCoin Accounts') && name.endsWith('.log'))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .join('\n');
}
