import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import { eventually, ownKey, useWorkbench } from '../harness';

const own = ownKey('keychain');
const { key, secret, passphrase } = own;

/** A session bus and an unlocked keyring of their own, which end with the tests. */
class OwnKeyring {
  readonly folder = mkdtempSync(join(tmpdir(), 'kucoin-keyring-'));
  private readonly bus: ChildProcess;
  private readonly address: Promise<string>;

  constructor() {
    this.bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.address = new Promise((resolve) =>
      this.bus.stdout?.once('data', (text: Buffer) => resolve(text.toString().trim())),
    );
  }

  async env(): Promise<Record<string, string>> {
    const { folder } = this;
    return {
      DBUS_SESSION_BUS_ADDRESS: await this.address,
      XDG_DATA_HOME: folder,
      XDG_RUNTIME_DIR: folder,
    };
  }

  async run(program: string, args: readonly string[], input = ''): Promise<string> {
    const env = { ...process.env, ...(await this.env()) };
    return execFileSync(program, args, { env, input, stdio: ['pipe', 'pipe', 'ignore'], encoding: 'utf8' });
  }

  stop(): void {
    this.bus.kill();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a key that lies elsewhere', () => {
  let exchange: Sandbox;
  let keyring: OwnKeyring;
  let folder: string;

  before('make a bot with a .env file, and a keyring', async () => {
    exchange = await startSandbox({ world: 'today' });
    exchange.addKey({ ...own, permissions: demoKeys.demo.permissions });
    keyring = new OwnKeyring();
    await keyring.run('gnome-keyring-daemon', ['--unlock', '--components=secrets'], 'invented');
    folder = mkdtempSync(join(tmpdir(), 'kucoin-folder-'));
    const lines = [
      'MODE=live',
      `KUCOIN_BASE_URL=${exchange.spot}`,
      `KUCOIN_FUTURES_BASE_URL=${exchange.futures}`,
      `KUCOIN_API_KEY=${key}`,
      `KUCOIN_API_SECRET=${secret}`,
      `KUCOIN_API_PASSPHRASE='${passphrase}'`,
      '',
    ];
    writeFileSync(join(folder, '.env'), lines.join('\n'));
  });
  after(async () => {
    await exchange.stop();
    keyring.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ui = useWorkbench(async () => ({ theme: 'light', folder, env: await keyring.env() }));

  it('is taken from a .env file through the check of the key, and out of the file', async () => {
    const { quickInput, dialog } = ui();
    await ui().runCommand('KuCoin: Import Key From .env File…');
    await quickInput.pick('.env');
    await quickInput.waitForTitle('Add API Key');
    await quickInput.waitForItems((items) => items.some(({ label }) => label.startsWith('Another host')));
    await quickInput.accept();
    for (const prompt of ['spot host', 'futures host', 'API key', 'API secret', 'Passphrase']) {
      await quickInput.waitForMessage(prompt);
      if (prompt === 'API key') await ui().screenshot('known');
      await quickInput.accept();
    }
    await quickInput.waitForItems((items) => items.some(({ label }) => label === '3'));
    await quickInput.accept();
    await quickInput.waitForMessage('Name of the profile');
    await quickInput.type('Bot');
    await quickInput.accept();
    await quickInput.waitForItems((items) => items.some(({ label }) => label.includes('Read-only')));
    await quickInput.accept();
    assert.equal(await dialog.message(), 'The key is now the profile Bot. Remove it from .env?');
    await ui().screenshot('clean');
    await dialog.click('Remove From File');
    const left = await eventually(
      () => readFileSync(join(folder, '.env'), 'utf8'),
      (text) => !text.includes(secret),
      'the file without the key',
    );
    assert.deepEqual(left.split('\n').length, 4);
    for (const part of [key, secret, passphrase]) assert.ok(!left.includes(part));
    await ui().screenshot('cleaned');
  });

  it('goes to the keychain of the system, where another program reads it', async () => {
    const { dialog, notifications, quickInput } = ui();
    await ui().runCommand('KuCoin: Save Profile to System Keychain…');
    assert.equal(await dialog.message(), 'LIVE: save the key of Bot to the system keychain?');
    await dialog.click('Save');
    await notifications.clickAction('is in the system keychain', 'Show Code That Reads It…');
    await quickInput.pick('Python');
    await ui().editor.waitForText('# pip install keyring');
    await ui().screenshot('code');
    const lookup = ['lookup', 'service', 'kucoin-accounts', 'account', 'Bot'];
    const entry = JSON.parse(await keyring.run('secret-tool', lookup)) as Record<string, string>;
    assert.equal(entry['KUCOIN_API_SECRET'], secret);
    assert.equal(entry['KUCOIN_BASE_URL'], exchange.spot);
  });
});
