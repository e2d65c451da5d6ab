import assert from 'node:assert/strict';
import { eventually, useWorkbench } from '../harness';

describe('the main job on a fresh machine, without a key', () => {
  const ui = useWorkbench();

  it('offers the demo account as the first button of the empty view', async () => {
    const view = await ui().openView('KuCoin');
    const buttons = await view.welcomeButtons();
    assert.deepEqual(buttons, ['Open Demo Account', 'Demo of KuCoin as First Documented']);
    await ui().screenshot('welcome');
  });

  it('shows the balances of the demo account after one click', async () => {
    const view = await ui().openView('KuCoin');
    await view.clickWelcome('Open Demo Account');
    const row = await view.waitForRow('USDT');
    assert.match(row.description, /^[\d,.]+ · ≈ [\d,.]+ USD/);
    const labels = (await view.rows()).map(({ label }) => label);
    assert.equal(labels[0], 'Local KuCoin');
    assert.ok(labels.includes('Funding') && labels.includes('Spot'), labels.join(', '));
    await ui().screenshot('balances');
  });

  it('says in the status bar that the money is play money', async () => {
    const { text } = await ui().statusBar.item('kucoin.profile');
    assert.equal(text, 'Local KuCoin · DEMO');
  });

  it('moves 12.5 USDT from Funding to Spot, by keyboard, after one modal', async () => {
    const view = await ui().openView('KuCoin');
    const { quickInput, dialog } = ui();
    await ui().runCommand('KuCoin: Transfer Between My Accounts…');
    await quickInput.waitForTitle('Transfer Between My Accounts');
    await quickInput.waitForItems((items) => items.length > 3);
    await ui().screenshot('transfer-currency');
    await quickInput.pick('USDT');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === 'Funding'));
    await ui().screenshot('transfer-from');
    await quickInput.pick('Funding');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === 'Spot'));
    await ui().screenshot('transfer-to');
    await quickInput.pick('Spot');
    await quickInput.waitForMessage('can be moved');
    await quickInput.type('12.123456789');
    await quickInput.waitForMessage('12.12345678');
    await ui().screenshot('transfer-amount-refused');
    await quickInput.type('12.5');
    await ui().screenshot('transfer-amount');
    await quickInput.accept();
    await quickInput.waitForItems((items) => items.some(({ label }) => label.startsWith('Continue')));
    await ui().screenshot('transfer-plan');
    await quickInput.accept();
    assert.match(await dialog.message(), /DEMO: transfer 12\.5 USDT from Funding to Spot\?/);
    await ui().screenshot('transfer-confirm');
    await dialog.click('Transfer 12.5 USDT');
    const notes = await eventually(
      () => ui().notifications.list(),
      (all) => all.some(({ message }) => message.includes('Transferred 12.5 USDT')),
      'the message about the transfer',
    );
    assert.match(notes[0]?.message ?? '', /Order id: [0-9a-f]{24}/);
    await view.waitForRow('USDT');
    await ui().screenshot('transfer-done');
  });
});
