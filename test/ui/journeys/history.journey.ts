import assert from 'node:assert/strict';
import { eventually, useWorkbench, type TreeView } from '../harness';
import { openDemo, transfer } from './support/steps';

describe('the view of transfers', () => {
  const ui = useWorkbench({
    theme: 'dark',
    viewport: { width: 1280, height: 860 },
    settings: { 'kucoin.balances.refreshInterval': 0 },
  });
  let view: TreeView;

  before('open the demo account', async () => {
    await openDemo(ui());
  });

  it('says what it is for while there is nothing in it', async () => {
    await ui().runCommand('KuCoin: Transfer History');
    view = await ui().openView('KuCoin', 'Transfers');
    assert.match(await view.welcomeText(), /No transfer has been made/);
    await ui().screenshot('empty');
  });

  it('shows each transfer as it is made, newest first, without a look at the exchange', async () => {
    await transfer(ui(), { currency: 'USDT', from: 'Funding', to: 'Spot' }, '12.5');
    await ui().notifications.waitFor('Transferred 12.5 USDT');
    await ui().notifications.dismiss('Transferred 12.5');
    await view.waitForRow('12.5 USDT');
    await transfer(ui(), { currency: 'BTC', from: 'Funding', to: 'Spot' }, '0.001');
    await ui().notifications.waitFor('Transferred 0.001 BTC');
    await ui().notifications.dismiss('Transferred 0.001');
    const rows = await view.waitForRows((all) => all.some(({ label }) => label === '0.001 BTC'));
    assert.deepEqual(
      rows.map(({ label, level }) => [label, level]),
      [
        ['Today', 1],
        ['0.001 BTC', 2],
        ['12.5 USDT', 2],
      ],
    );
    assert.match(rows[1]?.description ?? '', /^DEMO · Funding → Spot · /);
    assert.match(
      rows[1]?.ariaLabel ?? '',
      /^Done: 0\.001 BTC from Funding to Spot, DEMO profile Local KuCoin/,
    );
    await ui().screenshot('rows');
  });

  it('expands to the calls, and copies the order id of one', async () => {
    await view.expand('12.5 USDT');
    const call = await view.waitForRow('Internal Transfer');
    const orderId = /[0-9a-f]{24}/.exec(call.ariaLabel)?.[0];
    assert.ok(orderId, call.ariaLabel);
    await ui().screenshot('calls');
    const menu = await view.contextMenu('Internal Transfer');
    await ui().screenshot('call-menu');
    await menu.choose('Copy Order Id');
    await eventually(
      () => ui().page.evaluate<string>('navigator.clipboard.readText()'),
      (text) => text === orderId,
      'the order id in the clipboard',
    );
  });

  it('shows everything that is known of one in a document', async () => {
    await view.click('12.5 USDT');
    const text = await ui().editor.waitForText('Order id');
    assert.match(text, /12\.5 USDT/);
    assert.match(text, /"currency":"USDT"/);
    await ui().screenshot('document');
  });

  it('is read by keyboard alone: to a row, to its calls and back, and its document', async () => {
    const { keyboard } = ui().page;
    const press = async (key: string, label: string): Promise<void> => {
      await keyboard.press(key);
      await eventually(
        () => view.focused(),
        (focused) => focused === label,
        `${key} to reach "${label}"`,
      );
    };
    await ui().runCommand('KuCoin: Transfer History');
    await eventually(
      () => view.focused(),
      (focused) => focused !== undefined,
      'the keyboard to be in the view',
    );
    await press('Home', 'Today');
    await press('ArrowDown', '0.001 BTC');
    await keyboard.press('ArrowRight');
    // The calls come a moment after the row says that it is open.
    await view.waitForRows(
      (rows) => rows[rows.findIndex(({ label }) => label === '0.001 BTC') + 1]?.level === 3,
      'the call of 0.001 BTC',
    );
    await press('ArrowDown', 'Internal Transfer');
    await press('ArrowLeft', '0.001 BTC');
    await keyboard.press('Enter');
    await ui().editor.waitForText('0.001 BTC');
    await ui().screenshot('keyboard');
  });

  it('is filtered by currency, and shows all again', async () => {
    const { quickInput } = ui();
    await ui().runCommand('KuCoin: Filter Transfers…');
    await quickInput.waitForTitle('(1/3)');
    await quickInput.waitForItems((items) => items.length === 2);
    await quickInput.pick('All Profiles');
    await quickInput.waitForTitle('(2/3)');
    await ui().screenshot('filter-states');
    await quickInput.pick('All States');
    await quickInput.waitForTitle('(3/3)');
    await quickInput.pick('BTC');
    await view.waitForRows((rows) => !rows.some(({ label }) => label === '12.5 USDT'));
    await ui().screenshot('filtered');
    await ui().runCommand('KuCoin: Show All Transfers');
    await view.waitForRow('12.5 USDT');
  });

  for (const theme of ['Light Modern', 'Dark High Contrast', 'Light High Contrast']) {
    it(`is drawn in ${theme}`, async () => {
      const { quickInput } = ui();
      await ui().page.keyboard.press('Control+K');
      await ui().page.keyboard.press('Control+T');
      await quickInput.waitForItems((items) => items.length > 3);
      await quickInput.pick(theme);
      await quickInput.waitClosed();
      await view.waitForRow('12.5 USDT');
      await ui().screenshot(theme);
    });
  }
});
