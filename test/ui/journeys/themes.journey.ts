import assert from 'node:assert/strict';
import { useWorkbench } from '../harness';
import { Control } from './support/control';
import { openDemo, walkToAmount } from './support/steps';

/** The pictures are for people to look at; what is tested is that nothing is said by colour alone. */
describe('the four kinds of themes', () => {
  const ui = useWorkbench({
    settings: { 'kucoin.balances.refreshInterval': 0, 'kucoin.live.updates': 'never' },
    theme: 'dark',
  });
  const control = new Control(ui);
  const themes = ['Dark Modern', 'Light Modern', 'Dark High Contrast', 'Light High Contrast'] as const;

  before('open the demo account', async () => {
    await openDemo(ui());
  });

  for (const theme of themes) {
    it(`shows tree, wizard and modal in ${theme}`, async () => {
      const { quickInput, dialog } = ui();
      const view = await ui().openView('KuCoin');
      await ui().page.keyboard.press('Control+K');
      await ui().page.keyboard.press('Control+T');
      await quickInput.waitForItems((items) => items.length > 3);
      await quickInput.pick(theme);
      await quickInput.waitClosed();
      await control.closeBalances();
      await ui().runCommand('KuCoin: Refresh Balances');
      const rows = await view.waitForRows(
        (all) => all.some(({ label }) => label.startsWith('Balances as of')),
        'the rows about the failure',
      );
      for (const { label, description, ariaLabel } of rows) {
        assert.ok(label !== '' && ariaLabel.length >= label.length, `${label} ${description}: ${ariaLabel}`);
      }
      assert.match(rows[1]?.label ?? '', /not available/);
      await ui().screenshot(`${theme} tree`);
      await control.clearFaults();
      await ui().runCommand('KuCoin: Refresh Balances');
      await view.waitForRows((all) => !all.some(({ label }) => label.startsWith('Balances as of')));
      await walkToAmount(ui(), { currency: 'USDT', from: 'Funding', to: 'Spot' });
      await quickInput.waitForMessage('can be moved');
      await quickInput.type('99999');
      await quickInput.waitForMessage('Only ');
      await ui().screenshot(`${theme} refused`);
      await quickInput.type('12.5');
      await quickInput.accept();
      await quickInput.waitForTitle('(5/5)');
      await quickInput.waitForItems((items) => items.some(({ label }) => label.startsWith('Continue')));
      await ui().screenshot(`${theme} plan`);
      await quickInput.accept();
      await dialog.message();
      await ui().screenshot(`${theme} modal`);
      await dialog.escape();
    });
  }
});
