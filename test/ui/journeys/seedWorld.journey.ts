import assert from 'node:assert/strict';
import { useWorkbench } from '../harness';
import { Control } from './support/control';
import { openDemo, rowsOf, transfer, waitForFigure, walkToAmount } from './support/steps';

describe('KuCoin as first documented, with its separate high-frequency account', () => {
  const ui = useWorkbench({
    // The tree draws only the rows that fit.
    viewport: { width: 1280, height: 1100 },
    settings: { 'kucoin.balances.refreshInterval': 0, 'kucoin.live.updates': 'never' },
  });
  const control = new Control(ui, 'seed');

  it('opens with the second button of the empty view', async () => {
    const view = await openDemo(ui(), 'Demo of KuCoin as First Documented');
    const rows = await view.rows();
    assert.equal(rows[0]?.label, 'Local KuCoin of 2023');
    const accounts = rows.filter(({ level }) => level === 2).map(({ label }) => label);
    assert.deepEqual(accounts.slice(0, 2), ['Funding', 'Spot']);
    assert.ok(!accounts.includes('Spot HF'), accounts.join(', '));
    const { text } = await ui().statusBar.item('kucoin.profile');
    assert.equal(text, 'Local KuCoin of 2023 · DEMO');
    await ui().screenshot('balances');
  });

  it('shows why a target cannot be reached, and says it again when it is chosen', async () => {
    const { quickInput } = ui();
    await ui().runCommand('KuCoin: Transfer Between My Accounts…');
    await quickInput.waitForTitle('(1/5)');
    await quickInput.pick('USDT');
    await quickInput.waitForTitle('(2/5)');
    const sources = await quickInput.waitForItems((items) => items.some(({ label }) => label === 'Spot HF'));
    await ui().screenshot('from');
    const closed = sources.find(({ label }) => label === 'Spot HF');
    assert.match(closed?.detail ?? '', /^Your Spot HF account is not open yet/);
    await quickInput.pick('Funding');
    await quickInput.waitForTitle('(3/5)');
    const targets = await quickInput.waitForItems((items) => items.some(({ label }) => label === 'Spot HF'));
    await ui().screenshot('to');
    for (const label of ['Spot', 'Spot HF', 'Cross Margin']) {
      assert.equal(targets.find((each) => each.label === label)?.detail, '', `${label} is possible`);
    }
    const same = targets.find(({ label }) => label === 'Funding');
    assert.equal(same?.detail, 'Source and target are the same account. Choose another target.');
    await quickInput.pick('Funding');
    await quickInput.waitForMessage('Source and target are the same account. Choose another target.');
    assert.match(await quickInput.title(), /\(3\/5\)/);
    await ui().screenshot('to-refused');
    await quickInput.escape();
    await quickInput.waitClosed();
  });

  it('says that no money moved when KuCoin does not let the user open Spot HF', async () => {
    await control.switches({ hfWhitelisted: false });
    await transfer(ui(), { currency: 'USDT', from: 'Funding', to: 'Spot HF' }, '100');
    const note = await ui().notifications.waitFor('This user may not open the high-frequency account.');
    await ui().screenshot('not-whitelisted');
    assert.equal(
      note.message,
      'This user may not open the high-frequency account. No money moved. Ask KuCoin to put the uid on the list for high-frequency trading.',
    );
    assert.equal(note.severity, 'error');
    assert.deepEqual(note.actions, ['Details']);
    assert.deepEqual(await control.transfers(), { asked: 1, executed: 0 });
    assert.equal(await control.total('main', 'USDT'), '2480.75');
    await ui().notifications.dismiss('This user may not open');
    await control.switches({ hfWhitelisted: true });
  });

  it('warns in the plan that the transfer opens the account', async () => {
    const { quickInput } = ui();
    await walkToAmount(ui(), { currency: 'USDT', from: 'Funding', to: 'Spot HF' });
    await quickInput.waitForMessage('can be moved');
    await quickInput.type('100');
    await quickInput.accept();
    await quickInput.waitForTitle('(5/5)');
    await quickInput.waitForItems((items) =>
      items.some(
        ({ label }) =>
          label === 'This transfer opens your Spot HF account; an opened account cannot be closed again.',
      ),
    );
    await ui().screenshot('plan');
    await quickInput.escape();
    await quickInput.waitClosed();
  });

  it('opens the account with the first transfer into it, and its row appears', async () => {
    const view = await ui().openView('KuCoin');
    await transfer(ui(), { currency: 'USDT', from: 'Funding', to: 'Spot HF' }, '100');
    await ui().notifications.waitFor('Transferred 100 USDT from Funding to Spot HF.');
    await view.waitForRow('Spot HF');
    await view.expand('Spot HF');
    await waitForFigure(view, 'Spot HF', 'USDT', '100');
    await waitForFigure(view, 'Funding', 'USDT', '2,380.75');
    await ui().screenshot('opened');
    assert.equal(rowsOf(await view.rows(), 'Spot HF').length, 1);
    assert.equal(await control.total('trade_hf', 'USDT'), '100');
    assert.equal(await control.total('main', 'USDT'), '2380.75');
  });

  it('takes funds out of it again', async () => {
    const view = await ui().openView('KuCoin');
    await ui().notifications.dismiss('Transferred 100 USDT');
    await transfer(ui(), { currency: 'USDT', from: 'Spot HF', to: 'Spot' }, '40');
    await ui().notifications.waitFor('Transferred 40 USDT from Spot HF to Spot.');
    await waitForFigure(view, 'Spot HF', 'USDT', '60');
    await waitForFigure(view, 'Spot', 'USDT', '160.5');
  });
});
