import assert from 'node:assert/strict';
import { eventually, useWorkbench } from '../harness';
import { Control } from './support/control';
import { chooseTheme, openDemo, rowsOf, transfer } from './support/steps';

describe('the ledger of an account', () => {
  const ui = useWorkbench({ theme: 'dark', viewport: { width: 1400, height: 860 } });

  const control = new Control(ui);

  before('open the demo account and move something', async () => {
    await openDemo(ui());
    await control.switches({ ledgerDelayMs: 0, ledgerJitterMs: 0 });
    await transfer(ui(), { currency: 'USDT', from: 'Funding', to: 'Spot' }, '12.5');
    await ui().notifications.waitFor('Transferred 12.5 USDT');
    await ui().notifications.dismiss('Transferred');
  });

  it('opens from the row of a currency, newest first, with what has changed since', async () => {
    const view = await ui().openView('KuCoin');
    const usdt = rowsOf(await view.rows(), 'Funding').find(({ label }) => label === 'USDT');
    assert.ok(usdt);
    await (await view.contextMenu('USDT')).choose('Show Ledger…');
    const text = await ui().editor.waitForText('Since then');
    assert.match(text, /^Ledger of Funding \(main\) · USDT · .*DEMO/);
    assert.match(text, /Time +Currency +Change +Since then/);
    const [newest = ''] = text.split('\n').filter((line) => /^\d{4}-/.test(line));
    assert.match(newest, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +USDT +-12\.5 +-12\.5 +Transfer/);
    await ui().screenshot('ledger');
  });

  it('offers more, a filter and an export above the table', async () => {
    const lenses = await eventually(
      () => ui().editor.codeLenses(),
      (titles) => titles.length >= 2,
      'the code lenses',
    );
    assert.ok(
      lenses.some((title) => title.includes('Filter…')),
      lenses.join(),
    );
    assert.ok(
      lenses.some((title) => title.includes('Export…')),
      lenses.join(),
    );
  });

  it('shows one kind only when asked to, by keyboard alone', async () => {
    await ui().runCommand('KuCoin: Filter Ledger…');
    await ui().quickInput.waitForTitle('Filter Ledger');
    await ui().quickInput.pick('Deposit');
    const text = await ui().editor.waitForText('Only: Deposit');
    assert.doesNotMatch(text, /-12\.5/);
    await ui().screenshot('filtered');
  });

  it('shows the movements of futures from the palette', async () => {
    await ui().runCommand('KuCoin: Show Ledger…');
    await ui().quickInput.waitForTitle('Show Ledger');
    await ui().quickInput.pick('Futures');
    const text = await ui().editor.waitForText('Ledger of Futures');
    assert.match(text, /all currencies/);
    await ui().screenshot('futures');
  });

  for (const theme of ['Light Modern', 'Dark High Contrast']) {
    it(`can be read in ${theme}`, async () => {
      await chooseTheme(ui(), theme);
      await ui().screenshot(theme);
    });
  }
});
