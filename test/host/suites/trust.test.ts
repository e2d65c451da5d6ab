import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import * as vscode from 'vscode';
import { innerTransfer } from '../../../src/kucoin/endpoints/transfer';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import type { Services } from '../../../src/services';
import { canary, CanarySearch } from './support/canary';
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
    const file = path.join(tmpdir(), `canary-${process.pid}`);
    const { showSaveDialog } = vscode.window;
    const value = (): Promise<vscode.Uri> => Promise.resolve(vscode.Uri.file(file));
    const exported = async (command: string, script: Script, argument?: unknown): Promise<void> => {
      await run(command, script, { argument });
      seen.push(readFileSync(file, 'utf8'));
      rmSync(file);
    };
    const storage = await storageFolder();
    // Settings, state, logs and files of all extensions lie below the folder of this editor's run.
    const home = path.resolve(storage, '..', '..', '..', '..');
    try {
      // A key that is refused by an exchange that says back all that it was sent.
      spot.manner = ({ path: asked }) => (asked === '/api/v1/user/api-key' ? 'echo' : 'pass');
      await run('kucoin.profile.add', wizard());
      spot.manner = () => 'pass';
      await run('kucoin.profile.add', wizard('Canary', 'Balances and transfers'));
      assert.equal(own.sessions.profile?.name, 'Canary', messages.said.map(({ text }) => text).join('\n'));
      await own.accounts.refresh();
      const session = await own.sessions.open();
      assert.ok(session);
      const errors: Error[] = [];
      Object.assign(Reflect.get(session.client, 'options') as object, { timeoutMs: 300 });
      for (const manner of ['pass', 'echo', 'page', 'reset', 'mute'] as const) {
        spot.manner = ({ method }) => (method === 'POST' ? manner : 'pass');
        await run('kucoin.transfer.inner', transfer());
        if (manner === 'pass') continue;
        const params = {
          clientOid: manner,
          currency: 'USDT',
          from: 'main',
          to: 'trade',
          amount: '1',
        } as const;
        errors.push(await session.client.call(innerTransfer, params).then(notFailed, asError));
      }
      // All reads fail, and the reports about it are opened.
      spot.manner = futures.manner = () => 'echo';
      await own.accounts.refresh();
      seen.push(...(await drawTree()));
      await run('kucoin.connection.report', new Script());
      await run('kucoin.hf.check', new Script());
      spot.manner = futures.manner = () => 'pass';
      // What nobody catches ends in the log of the editor, which knows no secret to take out.
      seen.push(...errors.map((error) => inspect(error, { depth: null, showHidden: true })));
      await crashWith(errors);
      await eventually(
        () => textsOfLogs(home, (name) => !name.endsWith('KuCoin Accounts.log')),
        (text) => errors.every(({ message }) => text.split(message).length > 2),
        'the crashes in the log',
      );
      const profileId = own.sessions.profile.id;
      const argument = { kind: 'balance', profileId, type: 'main', currency: 'USDT' };
      await run('kucoin.ledger.show', new Script(), { argument });
      const [record] = await own.desk.history();
      assert.ok(record);
      seen.push(await own.documents.textOf(vscode.Uri.from({ scheme: 'x', path: '/x', query: record.id })));
      Object.defineProperty(vscode.window, 'showSaveDialog', { configurable: true, value });
      await exported('kucoin.ledger.export', new Script(), vscode.window.activeTextEditor?.document.uri);
      await exported('kucoin.transfer.export', new Script('CSV'));
      await exported('kucoin.transfer.export', new Script('JSON'));
      await run('kucoin.balances.copy', new Script(), { argument });
      seen.push(await vscode.env.clipboard.readText());
      await run('kucoin.history.copyClientId', new Script());
      await run('kucoin.log.show', new Script());
      await run('kucoin.profile.rename', new Script('Canary Two'), { argument: { profileId } });
      seen.push(...vscode.workspace.textDocuments.map((document) => document.getText()));
      seen.push(...messages.said.map(({ text, buttons }) => [text, ...buttons].join('\n')));
      seen.push(await vscode.env.clipboard.readText());
    } finally {
      Object.defineProperty(vscode.window, 'showSaveDialog', { configurable: true, value: showSaveDialog });
      await vscode.commands.executeCommand('_extensionTests.setLogLevel', 'info');
      rmSync(file, { force: true });
    }
    // They were there: the exchange got the key, and the secret storage gives it back.
    assert.deepEqual([...spot.keys], [canary.key]);
    const profile = own.profiles.all.find(({ name }) => name === 'Canary Two');
    assert.equal((await own.profiles.credentials(profile?.id ?? '')).passphrase, canary.passphrase);
    assert.ok(spot.signatures.size > 20);

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
    const signatures = [...spot.signatures, ...futures.signatures];
    const everything = [...seen, textsOfLogs(home)].join('\n');
    assert.deepEqual(
      signatures.filter((each) => everything.includes(each)),
      [],
    );
    const [{ files, bytes } = { files: 0, bytes: 0 }] = looked;
    assert.ok(files > 10 && bytes > 10_000, `${files} files, ${bytes} bytes`);
    assert.ok(seen.join('').length > 5_000 && messages.said.length >= 5, 'little was shown');
    console.log(
      `canary: ${looked.reduce((sum, each) => sum + each.files, 0)} files, ${Math.round(looked.reduce((sum, each) => sum + each.bytes, 0) / 1024)} kB, ${seen.length} texts, ${signatures.length} signatures`,
    );
  });

  it('asks before a profile of real funds may transfer, whoever runs the command', async () => {
    const site = { kind: 'custom', spot: spot.url, futures: futures.url } as const;
    const live = await own.profiles.add({ name: 'Main', site, readOnly: true }, { ...canary, version: '3' });
    const isReadOnly = (id: string): boolean | undefined =>
      own.profiles.all.find((profile) => profile.id === id)?.readOnly;
    const allow = (profileId: string, agree: boolean): ReturnType<typeof run> =>
      run('kucoin.profile.allowTransfers', new Script(), { argument: { profileId }, agree });
    const [question, ...more] = await allow(live.id, false);
    assert.equal(question?.message, 'LIVE: allow transfers for the profile Main?');
    assert.deepEqual(more, []);
    assert.equal(isReadOnly(live.id), true);
    assert.equal((await allow(live.id, true)).length, 1);
    assert.equal(isReadOnly(live.id), false);
    assert.deepEqual(await allow(live.id, false), []);
    const demo = await own.profiles.add(
      { name: 'Demo', site: { kind: 'sandbox', world: 'today' }, readOnly: true },
      { key, secret, passphrase, version: '3' },
    );
    assert.deepEqual(await allow(demo.id, false), []);
    assert.equal(isReadOnly(demo.id), false);
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

/** Errors that nobody catches, as the process of the editor's host meets them: a rejection and an exception of each. */
async function crashWith(errors: readonly Error[]): Promise<void> {
  // The first listener is the editor's; the others, the test runner's, would take them for failures of this test.
  const [, ...runners] = process.listeners('uncaughtException');
  for (const listener of runners) process.off('uncaughtException', listener);
  try {
    for (const error of errors) {
      void Promise.reject(error);
      const caught = once(process, 'uncaughtException');
      setImmediate(() => {
        throw error;
      });
      await caught;
    }
  } finally {
    for (const listener of runners) process.addListener('uncaughtException', listener);
  }
}

const asError = (error: unknown): Error => error as Error;
const notFailed = (): never => {
  throw new assert.AssertionError({ message: 'it did not fail' });
};

function textsOfLogs(folder: string, wanted: (name: string) => boolean = () => true): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.log') && wanted(name))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .join('\n');
}
