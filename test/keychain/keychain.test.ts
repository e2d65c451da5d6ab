import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { openKeychain, type Keychain } from '../../src/host/keychain';
import { environmentOf } from '../../src/kucoin/environment';
import { entryOf, keychainService, keysInEntries } from '../../src/profiles/keychainEntry';
import { keychainSnippets } from '../../src/profiles/keychainSnippets';
import { credentials, otherCredentials } from '../unit/profiles/support';

const execute = promisify(execFile);
const root = path.resolve(__dirname, '..', '..', '..');

/**
 * In a D-Bus session of its own, with a keyring in a temporary folder: the suite is started so. Nothing of the
 * person who runs it is read or written.
 */
describe('a real keyring', () => {
  const environment = environmentOf(
    { spot: 'http://127.0.0.1:17801', futures: 'http://127.0.0.1:17802' },
    credentials,
  );
  const name = `Bot "one" & 'two' 钱包`;
  let keychain: Keychain;

  before(async () => {
    assert.ok(process.env['DBUS_SESSION_BUS_ADDRESS'], 'start these tests with npm test -- --only keychain');
    assert.match(process.env['XDG_DATA_HOME'] ?? '', /kucoin-keyring-/);
    await unlock();
    keychain = await openKeychain();
  });

  it('keeps an entry, finds it, replaces it and lets it go', async () => {
    assert.equal(await keychain.get(keychainService, name), undefined);
    await keychain.set(keychainService, name, entryOf(environment));
    const [found, ...more] = keysInEntries(await keychain.find(keychainService));
    assert.deepEqual(more, []);
    assert.equal(found?.account, name);
    assert.equal(found.secret, credentials.secret);
    const other = entryOf(
      environmentOf({ spot: 'http://127.0.0.1:1', futures: undefined }, otherCredentials),
    );
    await keychain.set(keychainService, name, other);
    assert.equal(await keychain.get(keychainService, name), other);
    assert.equal((await keychain.find(keychainService)).length, 1);
    assert.equal(await keychain.delete(keychainService, name), true);
    assert.equal(await keychain.delete(keychainService, name), false);
    assert.equal(await keychain.get(keychainService, name), undefined);
  });

  describe('lets a program read what was saved, with the code that is shown for', () => {
    const snippet = (title: string): string =>
      keychainSnippets(process.platform, keychainService, name)
        .find((each) => each.title === title)!
        .lines.join('\n');
    const programs: Record<string, () => Promise<string>> = {
      JavaScript: async () => {
        const code = `${snippet('JavaScript')}\nconsole.log(process.env.KUCOIN_API_SECRET);\n`;
        const file = path.join(root, 'out', 'keychain-snippet.mjs'); // where keytar is found
        writeFileSync(file, code);
        try {
          return (await execute(process.execPath, [file])).stdout;
        } finally {
          rmSync(file);
        }
      },
      Shell: async () =>
        (await execute('bash', ['-ec', `${snippet('Shell')}\nprintenv KUCOIN_API_SECRET`])).stdout,
    };

    before(() => keychain.set(keychainService, name, entryOf(environment)));
    after(() => keychain.delete(keychainService, name));

    for (const [title, run] of Object.entries(programs)) {
      it(title, async () => {
        assert.equal((await run()).trim(), credentials.secret);
      });
    }
  });
});

describe('without a keyring', () => {
  const ask = `
    const { openKeychain } = require(${JSON.stringify(path.join(root, 'out', 'src', 'host', 'keychain.js'))});
    openKeychain({ patienceMs: 8000 })
      .then((keychain) => keychain.get('kucoin-accounts', 'Main'))
      .then(() => console.log('found'), ({ problem }) => { console.log(problem); process.exit(); });`;
  const problem = async (env: NodeJS.ProcessEnv): Promise<string> =>
    (await execute(process.execPath, ['-e', ask], { env, cwd: root })).stdout.trim();

  it('says that there is no session bus', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'kucoin-keyring-'));
    try {
      const env = { PATH: process.env['PATH'], HOME: folder, XDG_RUNTIME_DIR: folder };
      assert.equal(await problem(env), 'noService');
      const broken = { ...env, DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder}/nobody` };
      assert.equal(await problem(broken), 'noService');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Starts the keyring on the session's bus, unlocked; it goes into the background by itself. */
async function unlock(): Promise<void> {
  const daemon = spawn('gnome-keyring-daemon', ['--unlock', '--components=secrets'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const code = new Promise((resolve) => daemon.once('exit', resolve));
  daemon.stdin.end('invented');
  assert.equal(await code, 0);
}
