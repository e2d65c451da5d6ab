import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { eventually, useWorkbench } from '../harness';
import { violationsIn } from '../harness/accessibility';
import { chooseTheme, focusedRow, focusedText, pressUntil, waitForValues } from './support/steps';

/** Not one click: the keyboard does everything, and what a screen reader is told is read beside it. */
describe('the main jobs by keyboard alone, with a screen reader', () => {
  const ui = useWorkbench({
    settings: { 'kucoin.balances.refreshInterval': 0, 'kucoin.live.updates': 'never' },
    theme: 'light',
    viewport: { width: 1600, height: 900 },
  });
  const press = (key: string): Promise<void> => ui().page.keyboard.press(key);
  const menuRow = async (): Promise<string> => {
    const focused = ui().page.locator('.monaco-menu .action-item.focused .action-label');
    return (await focused.count()) === 0 ? '' : (await focused.last().innerText()).trim();
  };
  /** What assistive technology gets to know of a part of the window. */
  const heard = (part: string): Promise<string> => ui().page.locator(part).first().ariaSnapshot();
  const untilHeard = (part: string, wanted: RegExp): Promise<string> =>
    eventually(
      () => heard(part).catch(() => ''),
      (text) => wanted.test(text),
      `${String(wanted)} in the accessibility tree of ${part}`,
    );
  /** A panel takes the focus when it is there, and would take it from a palette that was opened before. */
  const untilPanelHasFocus = (): Promise<unknown> =>
    eventually(
      () => ui().page.evaluate<string>('document.activeElement?.tagName ?? ""'),
      (tag) => tag === 'IFRAME',
      'the focus in the panel',
    );
  const title = (text: string): Locator => ui().page.locator('.tab.active', { hasText: text });

  it('opens the demo account from the empty view', async () => {
    await ui().runCommand('KuCoin: Focus on Accounts View');
    await untilHeard('.part.sidebar', /button "Open Demo Account"/);
    await pressUntil(
      ui(),
      'Tab',
      () => focusedText(ui()),
      (text) => text === 'Open Demo Account',
    );
    await press('Enter');
    await waitForValues(await ui().openView('KuCoin'));
    const tree = await untilHeard('.part.sidebar', /treeitem "Profile Local KuCoin, DEMO/);
    assert.match(tree, /heading "Accounts · DEMO"/);
    assert.match(tree, /treeitem "Funding account, ≈ [\d,.]+ USD/);
    assert.match(
      tree,
      /treeitem "USDT: 2,480\.75 in the Funding account, 2,480\.75 available, 0 held, worth about [\d,.]+ USD"/,
    );
    assert.match(tree, /treeitem "PEPE: .* worth less than 0\.01 USD"/);
    assert.doesNotMatch(tree, /treeitem( ""|:|$)/m, 'a row without a sentence');
    await untilHeard('.part.statusbar', /button "KuCoin profile Local KuCoin · DEMO"/);
  });

  it('moves funds from the menu of a row', async () => {
    const { quickInput } = ui();
    await ui().runCommand('KuCoin: Focus on Accounts View');
    await pressUntil(
      ui(),
      'ArrowDown',
      () => focusedRow(ui()),
      (row) => row === 'USDT',
    );
    await press('Shift+F10');
    await pressUntil(ui(), 'ArrowDown', menuRow, (item) => item.startsWith('Transfer Funds'));
    await press('Enter');
    await quickInput.waitForTitle('Transfer Funds');
    const choices = await untilHeard('.quick-input-widget', /option "Spot, 100\.25 available/);
    assert.match(choices, /textbox "To which account shall USDT go\? - Transfer Funds/);
    await quickInput.pick('Spot');
    await quickInput.waitForMessage('can be moved');
    await quickInput.type('10');
    await quickInput.accept();
    const plan = await untilHeard('.quick-input-widget', /option "Continue to the confirmation…"/);
    assert.match(plan, /option "Transfer 10 USDT from Funding to Spot\."/);
    await quickInput.accept();
    await untilHeard('.monaco-dialog-box', /dialog "Warning DEMO: transfer 10 USDT from Funding to Spot\?"/);
    await pressUntil(
      ui(),
      'Tab',
      () => focusedText(ui()),
      (text) => text === 'Transfer 10 USDT',
    );
    await press('Enter');
    const message = await untilHeard(
      '.notifications-toasts',
      /dialog "Info: Transferred 10 USDT from Funding to Spot\./,
    );
    assert.match(message, /button "Details"/);
  });

  it('reads the evidence of a transfer from the history', async () => {
    await ui().runCommand('KuCoin: Transfer History');
    const transfers = await ui().openView('KuCoin', 'Transfers');
    await untilHeard(
      '.part.sidebar',
      /treeitem "Done: 10 USDT from Funding to Spot, DEMO profile Local KuCoin, /,
    );
    await ui().runCommand('KuCoin: Focus on Transfers View');
    await pressUntil(
      ui(),
      'ArrowDown',
      async () => (await transfers.focused()) ?? '',
      (row) => row === '10 USDT',
    );
    await press('Enter');
    await title('Transfer ').waitFor();
  });

  it('reads a ledger', async () => {
    await ui().runCommand('KuCoin: Show Ledger…');
    await ui().quickInput.waitForItems((items) => items.some(({ label }) => label === 'Funding'));
    await ui().quickInput.accept();
    await title('Ledger Funding').waitFor();
    await ui().runCommand('View: Close All Editors');
  });

  it('has panels whose structure, names and contrast axe-core finds nothing wrong with, in every kind of theme', async () => {
    await ui().runCommand('KuCoin: Open Portfolio Panel');
    await untilPanelHasFocus();
    await ui().runCommand('KuCoin: Open Order Book…');
    await ui().quickInput.pick('BTC-USDT');
    await title('BTC-USDT').waitFor();
    await untilPanelHasFocus();
    await ui().runCommand('View: Move Editor into Next Group');
    for (const theme of ['Light Modern', 'Dark Modern', 'Dark High Contrast', 'Light High Contrast']) {
      await chooseTheme(ui(), theme);
      for (const panel of ['.total', 'table.bids tbody tr']) {
        const found = await violationsIn(ui().page, panel);
        assert.deepEqual(found, [], `${theme}, the panel with ${panel}`);
      }
      await ui().screenshot(theme);
    }
  });
});
