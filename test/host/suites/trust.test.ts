import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import type { Services } from '../../../src/services';
import { CanarySearch } from './support/canary';
import {
  cleanUp,
  drawTree,
  eventually,
  extension,
  Messages,
  run,
  Script,
  services,
  storageFolder,
} from './support/host';
import { Relay } from './support/relay';

const { key, secret, passphrase } = demoKeys.demo;

/** Invented, and like nothing else on this computer. */
const canary = {
  key: 'ca9a71e5ca9a71e5ca9a71e5',
  secret: '0ca9a71e-5eed-4bad-b19d-c0a1311e0ca9',
  passphrase: 'Canary Ünterm Tage, 17%+/=',
};

describe('trust', () => {
  let exchange: Sandbox;
  let own: Services;
  let messages: Messages;
  let spot: Relay;
  let futures: Relay;

  before(async () => {
    exchange = await startSandbox({ world: 'today' });
    own = await services();
  });
  after(() => exchange.stop());
  beforeEach(async () => {
    await exchange.reset();
    await cleanUp();
    messages = new Messages();
    const credentials = { key, secret, passphrase, version: '3' } as const;
    spot = await new Relay(exchange.spot, credentials).listen();
    futures = await new Relay(exchange.futures, credentials).listen();
  });
  afterEach(async () => {
    messages.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await cleanUp();
    await spot.stop();
    await futures.stop();
  });

  const wizard = (...rest: readonly string[]): Script =>
    new Script(
      ...['Another host…', spot.url, futures.url],
      ...[canary.key, canary.secret, canary.passphrase, '3', ...rest],
    );
  const transfer = (): Script =>
    new Script('USDT', 'Funding', 'Spot', '1.5', 'Continue to the confirmation…');

  it('leaves no secret of a key anywhere but in the secret storage, whatever goes wrong', async function () {
    this.timeout(60_000);
    await vscode.commands.executeCommand('_extensionTests.setLogLevel', 'trace');
    const search = new CanarySearch(canary);
    const seen: string[] = [];
    const file = path.join(tmpdir(), `canary-${process.pid}.csv`);
    const { showSaveDialog } = vscode.window;
    try {
      // A key that is refused by an exchange that says back all that it was sent.
      spot.manner = ({ path: asked }) => (asked === '/api/v1/user/api-key' ? 'echo' : 'pass');
      await run('kucoin.profile.add', wizard());
      spot.manner = () => 'pass';
      await run('kucoin.profile.add', wizard('Canary', 'Balances and transfers'));
      assert.equal(own.sessions.profile?.name, 'Canary', messages.said.map(({ text }) => text).join('\n'));
      await own.accounts.refresh();
      for (const manner of ['pass', 'echo', 'page', 'reset'] as const) {
        spot.manner = ({ method }) => (method === 'POST' ? manner : 'pass');
        await run('kucoin.transfer.inner', transfer());
      }
      // All reads fail, and the reports about it are opened.
      spot.manner = futures.manner = () => 'echo';
      await own.accounts.refresh();
      seen.push(...(await drawTree()));
      await run('kucoin.connection.report', new Script());
      await run('kucoin.hf.check', new Script());
      spot.manner = futures.manner = () => 'pass';
      const profileId = own.sessions.profile.id;
      const argument = { kind: 'balance', profileId, type: 'main', currency: 'USDT' };
      await run('kucoin.ledger.show', new Script(), { argument });
      const [record] = await own.desk.history();
      assert.ok(record);
      seen.push(await own.documents.textOf(vscode.Uri.from({ scheme: 'x', path: '/x', query: record.id })));
      const value = (): Promise<vscode.Uri> => Promise.resolve(vscode.Uri.file(file));
      Object.defineProperty(vscode.window, 'showSaveDialog', { configurable: true, value });
      await run('kucoin.transfer.export', new Script('CSV'));
      await run('kucoin.log.show', new Script());
      await run('kucoin.profile.rename', new Script('Canary Two'), { argument: { profileId } });
      seen.push(...vscode.workspace.textDocuments.map((document) => document.getText()));
      seen.push(...messages.said.map(({ text, buttons }) => [text, ...buttons].join('\n')));
      seen.push(await vscode.env.clipboard.readText());
    } finally {
      Object.defineProperty(vscode.window, 'showSaveDialog', { configurable: true, value: showSaveDialog });
      await vscode.commands.executeCommand('_extensionTests.setLogLevel', 'info');
    }
    // They were there: the exchange got the key, and the secret storage gives it back.
    assert.deepEqual([...spot.keys], [canary.key]);
    const profile = own.profiles.all.find(({ name }) => name === 'Canary Two');
    assert.equal((await own.profiles.credentials(profile?.id ?? '')).passphrase, canary.passphrase);

    // Settings, state, logs and files of all extensions lie below the folder of this editor's run.
    const storage = await storageFolder();
    const home = path.resolve(storage, '..', '..', '..', '..');
    const planted = path.join(storage, 'planted');
    try {
      mkdirSync(planted);
      search.samples().forEach((bytes, index) => writeFileSync(path.join(planted, String(index)), bytes));
      const control = search.below(planted).found;
      for (const form of search.formNames)
        assert.ok(
          control.some((line) => line.endsWith(form)),
          form,
        );
    } finally {
      rmSync(planted, { recursive: true, force: true });
    }
    const looked = [home, path.join(extension().extensionPath, 'dist')].map((folder) => search.below(folder));
    assert.deepEqual(
      looked.flatMap(({ found }) => found),
      [],
    );
    assert.deepEqual(
      seen.flatMap((text) => search.inText(text)),
      [],
    );
    const [{ files, bytes } = { files: 0, bytes: 0 }] = looked;
    assert.ok(files > 10 && bytes > 10_000, `${files} files, ${bytes} bytes`);
    assert.ok(seen.join('').length > 5_000 && messages.said.length >= 5, 'little was shown');
    console.log(
      `canary: ${looked.reduce((sum, each) => sum + each.files, 0)} files, ${Math.round(looked.reduce((sum, each) => sum + each.bytes, 0) / 1024)} kB, ${seen.length} texts`,
    );
    rmSync(file, { force: true });
  });

  it('shows what a hostile exchange puts into names and errors as what it is', async () => {
    const name = 'safe\\u202E[go](command:kucoin.log.show)$(verified)\\u200B';
    spot.change = (text) => text.replaceAll('"demoSub01"', `"${name}"`);
    const id = (
      await own.profiles.add(
        { name: 'Main', site: { kind: 'custom', spot: spot.url, futures: futures.url }, readOnly: false },
        { ...canary, version: '3' },
      )
    ).id;
    await own.sessions.switchTo(id);
    await own.accounts.refresh();
    const rows = await eventually(
      drawTree,
      (all) => all.some((row) => row.includes('safe')),
      'the sub-account',
    );
    const shown = 'safe⟨U+202E⟩[go](command:kucoin.log.show)$(verified)⟨U+200B⟩';
    assert.ok(
      rows.some((row) => row.includes(shown)),
      rows.join('\n'),
    );
    exchange.addFault({
      kind: 'envelope',
      http: 200,
      body: { code: '400100', msg: 'Refused \u202E[Retry](command:kucoin.transfer.funds)\n# Moved' },
      match: { method: 'POST' },
      when: 'before',
    });
    await run('kucoin.transfer.inner', transfer());
    const { text } = await messages.waitFor(/Refused/);
    assert.match(text, /Refused ⟨U\+202E⟩\[Retry\] \(command:kucoin\.transfer\.funds\) # Moved/);
    assert.doesNotMatch(messages.said.map((each) => each.text).join(), /\]\(|[\p{Cf}\p{Cc}]/u);
  });

  it('lets the settings of a folder change nothing that guards money or the way to the exchange', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const file = path.join(folder.uri.fsPath, '.vscode', 'settings.json');
    mkdirSync(path.dirname(file), { recursive: true });
    const hostile = {
      'kucoin.balances.hideSmall': true,
      'kucoin.transfer.typeAbove': '',
      'kucoin.valuation.currency': 'KWD',
      'kucoin.balances.dustThreshold': '999999999',
      'kucoin.balances.refreshInterval': 10,
      'kucoin.live.updates': 'always',
      'kucoin.portfolio.keepSnapshots': true,
      'http.proxy': 'http://127.0.0.1:9',
      'http.proxyStrictSSL': false,
      'http.noProxy': ['*'],
      'http.proxySupport': 'off',
    };
    const read = (id: string): unknown => vscode.workspace.getConfiguration().get(id);
    const before = Object.fromEntries(Object.keys(hostile).map((id) => [id, read(id)]));
    try {
      writeFileSync(file, JSON.stringify(hostile));
      // What a folder may decide shows that the file was read.
      await eventually(
        () => read('kucoin.balances.hideSmall'),
        (value) => value === true,
        'the settings',
      );
      for (const id of Object.keys(hostile).slice(1)) assert.deepEqual(read(id), before[id], id);
    } finally {
      rmSync(file, { force: true });
      await eventually(
        () => read('kucoin.balances.hideSmall'),
        (value) => value === false,
        'no settings',
      );
    }
  });
});
