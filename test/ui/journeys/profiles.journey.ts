import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoKeys } from '../../../src/sandbox/demo';
import type { Sandbox } from '../../../src/sandbox/main';
import { startSandbox } from '../../../src/sandbox/main';
import { eventually, ownKey, useWorkbench } from '../harness';
import type { Workbench } from '../harness';
import { webviewOf } from '../harness/webview';
import { Control, globalStorage } from './support/control';
import { openDemo, waitForFigure, waitForValues } from './support/steps';

describe('several profiles and windows', () => {
  const ui = useWorkbench({
    settings: { 'kucoin.balances.refreshInterval': 0, 'kucoin.live.updates': 'never' },
  });
  const own = ownKey('profiles');
  const { key, secret, passphrase } = own;
  /** A KuCoin of its own, which the extension knows by its base URLs only. */
  let exchange: Sandbox;
  let second: Workbench;

  before('start the other exchange', async () => {
    exchange = await startSandbox({ world: 'today' });
    exchange.addKey({ ...own, permissions: demoKeys.demo.permissions });
    exchange.credit({ currency: 'USDT', amount: '5000' });
  });
  after('stop it', () => exchange.stop());

  const isPassword = async (): Promise<boolean> =>
    (await ui().page.locator('.quick-input-widget .quick-input-box input').getAttribute('type')) ===
    'password';
  const typeSecret = async (prompt: string, value: string): Promise<void> => {
    await ui().quickInput.waitForMessage(prompt);
    assert.equal(await isPassword(), true, `${prompt} is typed into a password box`);
    assert.equal(await ui().quickInput.value(), '', `${prompt} is not filled in advance`);
    await ui().quickInput.type(value);
    await ui().quickInput.accept();
  };
  const profileRow = (window: Workbench): Promise<string> =>
    window.openView('KuCoin').then(async (view) => (await view.rows())[0]?.label ?? '');

  it('adds a key by the wizard, secrets in password boxes, slips caught at once', async () => {
    const { quickInput } = ui();
    const view = await ui().openView('KuCoin');
    await view.clickWelcome('add an API key');
    await quickInput.waitForTitle('Add API Key (1/');
    await ui().screenshot('site');
    await quickInput.pick('Another host…');
    await quickInput.waitForMessage('Base URL of the spot host');
    await quickInput.type('http://api.kucoin.com');
    await quickInput.waitForMessage('https is required');
    await ui().screenshot('http-refused');
    await quickInput.type(exchange.spot);
    await quickInput.accept();
    await quickInput.waitForMessage('Base URL of the futures host');
    await quickInput.type(exchange.futures);
    await quickInput.accept();
    await quickInput.waitForMessage('API key');
    await quickInput.type(secret);
    await quickInput.waitForMessage('This looks like the API secret.');
    await ui().screenshot('secret-for-key');
    await quickInput.type('');
    await typeSecret('API key', key);
    await typeSecret('API secret', secret);
    await typeSecret('Passphrase of the API key', 'not-this-one');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === '3'));
    await ui().screenshot('version');
    await quickInput.pick('3');
  });

  it('says that the passphrase is wrong, and goes back to what was typed', async () => {
    const { quickInput, dialog } = ui();
    assert.equal(await dialog.message(), 'The key was not saved.');
    await ui().screenshot('wrong-passphrase');
    assert.match(await dialog.detail(), /passphrase/);
    assert.deepEqual((await dialog.buttons()).sort(), ['Cancel', 'Correct…']);
    await dialog.click('Correct…');
    await quickInput.waitForTitle('(1/');
    await quickInput.waitForItems((items) => items.some(({ focused }) => focused));
    await quickInput.accept();
    await quickInput.waitForMessage('Base URL of the spot host');
    assert.equal(await quickInput.value(), exchange.spot);
    await quickInput.accept();
    await quickInput.waitForMessage('Base URL of the futures host');
    await quickInput.accept();
    for (const prompt of ['API key', 'API secret']) {
      await quickInput.waitForMessage(prompt);
      assert.notEqual(await quickInput.value(), '', `${prompt} is kept`);
      assert.equal(await isPassword(), true);
      await quickInput.accept();
    }
    await quickInput.waitForMessage('Passphrase of the API key');
    await quickInput.type(passphrase);
    await quickInput.accept();
    await quickInput.waitForItems((items) => items.some(({ label }) => label === '3'));
    await quickInput.accept();
  });

  it('asks for name and access when the key is known to work, read-only first', async () => {
    const { quickInput } = ui();
    await quickInput.waitForMessage('Name of the profile');
    assert.equal(await quickInput.value(), 'Main');
    await quickInput.type('Treasury');
    await quickInput.accept();
    const items = await quickInput.waitForItems((rows) => rows.length === 2);
    assert.deepEqual(
      items.map(({ label }) => label),
      ['Read-only', 'Balances and transfers'],
    );
    await ui().screenshot('access');
    await quickInput.pick('Read-only');
    const view = await ui().openView('KuCoin');
    await waitForFigure(view, 'Funding', 'USDT', '7,480.75');
    await waitForValues(view);
    const [profile] = await view.rows();
    assert.match(profile?.description ?? '', /^LIVE · ≈ .* · read-only$/);
    assert.equal((await ui().statusBar.item('kucoin.profile')).text, 'Treasury · LIVE · read-only');
    await ui().screenshot('added');
  });

  it('refuses a transfer of a read-only profile and offers to allow it', async () => {
    await ui().runCommand('KuCoin: Transfer Between My Accounts…');
    const note = await ui().notifications.waitFor('This profile is read-only');
    await ui().screenshot('read-only');
    assert.equal(
      note.message,
      'This profile is read-only: nothing was moved. Allow transfers for it first, or switch to another profile.',
    );
    assert.deepEqual(note.actions, ['Allow Transfers']);
    assert.equal(await ui().quickInput.isOpen(), false);
    await ui().notifications.clickAction('This profile is read-only', 'Allow Transfers');
    assert.equal(await ui().dialog.message(), 'LIVE: allow transfers for the profile Treasury?');
    await ui().screenshot('allow-transfers');
    await ui().dialog.click('Allow Transfers');
    await ui().statusBar.waitForText('kucoin.profile', 'Treasury · LIVE');
    await eventually(
      () => ui().statusBar.item('kucoin.profile'),
      ({ text }) => text === 'Treasury · LIVE',
      'the profile without the words read-only',
    );
  });

  it('offers in the menu what can be changed, and makes the profile read-only again', async () => {
    const view = await ui().openView('KuCoin');
    const isReadOnly = async (wanted: boolean): Promise<unknown> =>
      view.waitForRows(
        ([first]) => first?.description.includes('read-only') === wanted,
        wanted ? 'a read-only profile' : 'a profile that may transfer',
      );
    await isReadOnly(false);
    let menu = await view.contextMenu('Treasury');
    const items = await menu.items();
    await ui().screenshot('profile-menu');
    assert.ok(items.includes('Make Profile Read-Only') && !items.includes('Allow Transfers'), items.join());
    await menu.choose('Make Profile Read-Only');
    await ui().statusBar.waitForText('kucoin.profile', 'read-only');
    await isReadOnly(true);
    menu = await view.contextMenu('Treasury');
    const changed = await menu.items();
    assert.ok(
      changed.includes('Allow Transfers') && !changed.includes('Make Profile Read-Only'),
      changed.join(),
    );
    await menu.escape();
  });

  it('switches to the demo account from the status bar', async () => {
    const { quickInput } = ui();
    await ui().statusBar.click('kucoin.profile');
    await quickInput.waitForTitle('Switch Profile');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === 'Treasury'));
    await ui().screenshot('switch');
    await quickInput.pick('Local KuCoin');
    const view = await ui().openView('KuCoin');
    await waitForFigure(view, 'Funding', 'USDT', '2,480.75');
    assert.equal(await profileRow(ui()), 'Local KuCoin');
  });

  it("never shows one profile's figures under the name of the other, also when answers are late", async () => {
    const { quickInput } = ui();
    const view = await ui().openView('KuCoin');
    const control = new Control(ui);
    const figures: Readonly<Record<string, string>> = { Treasury: '7,480.75', 'Local KuCoin': '2,480.75' };
    const seen: string[] = [];
    const look = async (): Promise<string> => {
      const [profile, ...rows] = await view.rows();
      const usdt = rows.find(({ label }) => label === 'USDT')?.description.split(' · ')[0] ?? 'none';
      const sight = `${profile?.label ?? ''}: ${usdt}`;
      if (seen.at(-1) !== sight) seen.push(sight);
      return sight;
    };
    const switchTo = async (name: string): Promise<void> => {
      await ui().runCommand('KuCoin: Switch Profile…');
      await quickInput.waitForTitle('Switch Profile');
      await quickInput.pick(name);
      await eventually(look, (sight) => sight.startsWith(`${name}:`), `the profile ${name}`);
    };
    exchange.addFault({ kind: 'delay', ms: 2_500, match: { endpoint: 'getAccountList' } });
    await switchTo('Treasury');
    await view.waitForRow('Loading balances…');
    assert.equal(await look(), 'Treasury: none');
    await ui().screenshot('loading');
    await switchTo('Local KuCoin');
    await eventually(look, (sight) => sight === 'Local KuCoin: 2,480.75', 'the balances of the demo account');
    await eventually(
      () => exchange.requests().recent.filter(({ endpoint, done }) => endpoint === 'getAccountList' && !done),
      (open) => open.length === 0,
      'the late answer',
    );
    assert.equal(await look(), 'Local KuCoin: 2,480.75');
    await control.fault({ kind: 'delay', ms: 800, match: { endpoint: 'getAccountList' } });
    await switchTo('Treasury');
    await eventually(look, (sight) => sight === 'Treasury: 7,480.75', 'the balances of the other exchange');
    for (const sight of seen) {
      const [name = '', usdt = ''] = sight.split(': ');
      assert.ok(usdt === 'none' || usdt === figures[name], `seen: ${seen.join(' | ')}`);
    }
  });

  it('renames a profile in every window', async () => {
    second = await ui().secondWindow();
    const view = await second.openView('KuCoin');
    await view.waitForRow('Treasury');
    await ui().runCommand('KuCoin: Rename Profile…');
    await ui().quickInput.waitForItems((items) => items.some(({ label }) => label === 'Treasury'));
    await ui().quickInput.pick('Treasury');
    await ui().quickInput.waitForMessage('New name of Treasury');
    await ui().quickInput.type('local kucoin');
    await ui().quickInput.waitForMessage('There is a profile of this name already.');
    await ui().quickInput.type('Savings');
    await ui().quickInput.accept();
    await (await ui().openView('KuCoin')).waitForRow('Savings');
    await view.waitForRow('Savings');
    await second.screenshot('second-window');
  });

  it('keeps the secrets out of the files that it writes', () => {
    const folder = globalStorage(ui());
    const files = readdirSync(folder).filter((name) => /^profiles|\.journal/.test(name));
    assert.ok(files.includes('profiles.json'), files.join(', '));
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8');
      for (const each of [key, secret, passphrase]) assert.ok(!text.includes(each), `${file} holds a secret`);
    }
  });

  it('removes a profile after a modal, in every window', async () => {
    // A page in the background draws nothing.
    await ui().page.bringToFront();
    const view = await ui().openView('KuCoin');
    const menu = await view.contextMenu('Savings');
    await menu.choose('Remove Profile…');
    assert.equal(await ui().dialog.message(), 'Remove the profile Savings?');
    assert.match(await ui().dialog.detail(), /At KuCoin the key stays valid until you delete it there\./);
    await ui().screenshot('remove');
    await ui().dialog.escape();
    assert.equal(await profileRow(ui()), 'Savings');
    await ui().runCommand('KuCoin: Remove Profile…');
    await ui().quickInput.waitForItems((items) => items.some(({ label }) => label === 'Savings'));
    await ui().quickInput.pick('Savings');
    await ui().dialog.click('Remove');
    await view.waitForRow('Local KuCoin');
    await (await second.openView('KuCoin')).waitForRow('Local KuCoin');
    assert.equal(
      (await view.rows()).some(({ label }) => label === 'Savings'),
      false,
    );
    await second.close();
  });
});

describe('a demo account over a reload of the window', () => {
  const ui = useWorkbench({
    settings: {
      'kucoin.balances.refreshInterval': 0,
      'kucoin.live.updates': 'never',
      'kucoin.portfolio.keepSnapshots': true,
    },
  });

  it('is there again at once, with the balances it had', async () => {
    const control = new Control(ui);
    let view = await openDemo(ui());
    await control.credit({ currency: 'USDT', amount: '19.25' });
    await ui().runCommand('KuCoin: Refresh Balances');
    await waitForFigure(view, 'Funding', 'USDT', '2,500');
    await ui().reload();
    view = await ui().openView('KuCoin');
    await waitForFigure(view, 'Funding', 'USDT', '2,500');
    await waitForValues(view);
    assert.equal(await control.total('main', 'USDT'), '2500');
    assert.deepEqual(await ui().notifications.list(), []);
    await ui().screenshot('reloaded');
  });

  it('is there again with the panels that were open', async () => {
    const page = webviewOf(ui().page);
    const { quickInput } = ui();
    await ui().runCommand('View: Close All Editors');
    await ui().runCommand('KuCoin: Open Order Book…');
    await quickInput.waitForTitle('Open Order Book');
    await quickInput.pick('ETH-USDT');
    const status = page.locator('#status').filter({ hasText: /^Live$/ });
    await status.waitFor();
    await page.locator('#step').selectOption({ label: '1' });
    await ui().runCommand('KuCoin: Open Portfolio Panel');
    const total = page.locator('.total').filter({ hasText: /^Total [\d,.]+ USD/ });
    await total.waitFor();
    await page.locator('#card-flows select').selectOption('month');
    // In a browser the editor writes down what is open every few seconds only.
    await eventually(
      () => keptByEditor(ui()),
      (texts) =>
        texts.some((text) =>
          ['kucoin.orderBook', 'kucoin.portfolio', 'month'].every((part) => text.includes(part)),
        ),
      'the editor to keep both panels',
      60_000,
    );
    await ui().reload();
    // Window, extension and page are all loaded anew.
    await total.waitFor({ timeout: 40_000 });
    await waitForValues(await ui().openView('KuCoin'));
    assert.equal(await page.locator('#card-flows select').inputValue(), 'month');
    await ui().screenshot('panel-after-reload');
    await ui().page.locator('.tab', { hasText: 'ETH-USDT Order Book' }).click();
    await status.waitFor();
    assert.equal(await page.locator('#step').inputValue(), '1');
    assert.deepEqual(await ui().notifications.list(), []);
    await ui().screenshot('order-book-after-reload');
  });
});

/** All texts that the editor has written down for its windows, in the browser. */
function keptByEditor(ui: Workbench): Promise<string[]> {
  return ui.page.evaluate<string[]>(`(async () => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const texts = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const values = await done(database.transaction(store).objectStore(store).getAll());
        texts.push(...values.filter((value) => typeof value === 'string'));
      }
      database.close();
    }
    return texts;
  })()`);
}
