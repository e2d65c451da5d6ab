import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { eventually, useWorkbench } from '../harness';
import { frameWith, violationsIn } from '../harness/accessibility';
import { demoKeys } from '../../../src/sandbox/demo';
import { movesIn } from '../harness/motion';
import { chooseTheme, focusedRow, focusedText, pressUntil, waitForValues } from './support/steps';

/** Not one click: the keyboard does everything, and what a screen reader is told is read beside it. */
describe('the main jobs by keyboard alone, with a screen reader', () => {
  const ui = useWorkbench({
    settings: {
      'kucoin.balances.refreshInterval': 0,
      'kucoin.live.updates': 'never',
      // As the system wants it, which the test of motion changes.
      'workbench.reduceMotion': 'auto',
    },
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
  const pressButton = async (name: string): Promise<void> => {
    await pressUntil(
      ui(),
      'Tab',
      () => focusedText(ui()),
      (text) => text === name,
    );
    await press('Enter');
  };
  const toRow = (label: string): Promise<void> =>
    pressUntil(
      ui(),
      'ArrowDown',
      () => focusedRow(ui()),
      (row) => row === label,
    );
  /** Opens or closes a row. A key that meets a tree that is drawn anew is lost, as every other there. */
  const turn = async (label: string, key: string, expanded: string): Promise<void> => {
    await toRow(label);
    const row = (await ui().openView('KuCoin')).row(label);
    await pressUntil(
      ui(),
      key,
      async () => (await row.getAttribute('aria-expanded')) ?? '',
      (now) => now === expanded,
    );
  };
  const wishForMotion = (reducedMotion: 'reduce' | 'no-preference'): Promise<void> =>
    ui().page.emulateMedia({ reducedMotion });
  const clicks = (): Promise<number> => ui().page.evaluate<number>('globalThis.clicks');

  before('count what the mouse does', async () => {
    await wishForMotion('reduce');
    await ui().page.evaluate(
      `globalThis.clicks = 0; addEventListener('pointerdown', () => globalThis.clicks++, true)`,
    );
  });

  it('opens the demo account from the empty view', async () => {
    await ui().runCommand('KuCoin: Focus on Accounts View');
    await untilHeard('.part.sidebar', /button "Open Demo Account"/);
    await pressButton('Open Demo Account');
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
    await toRow('USDT');
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
    await pressButton('Transfer 10 USDT');
    const message = await untilHeard(
      '.notifications-toasts',
      /dialog "Info: Transferred 10 USDT from Funding to Spot\./,
    );
    assert.match(message, /button "Details"/);
    await ui().runCommand('Notifications: Focus Notification Toast');
    await pressButton('Details');
    await title('Transfer ').waitFor();
  });

  it('hears what every kind of row is', async () => {
    await ui().runCommand('KuCoin: Focus on Accounts View');
    await press('Home');
    for (const row of ['Funding', 'Spot']) await turn(row, 'ArrowLeft', 'false');
    for (const row of ['Cross Margin', 'Isolated BTC-USDT', 'Futures', 'Sub-Accounts (4)', 'demoSub01'])
      await turn(row, 'ArrowRight', 'true');
    const heardRows = await untilHeard('.part.sidebar', /treeitem "Funding account of demoSub01, /);
    const rows = Array.from(heardRows.matchAll(/treeitem "((?:[^"\\]|\\.)*)"/g), ([, name = '']) => name);
    const kinds = {
      profile: /^Profile .+, DEMO, ≈ .+ USD/,
      account: /^[A-Z][\w -]+ account, (≈ .+ USD|value not known)/,
      'account of a sub-account': /^[A-Z][\w -]+ account of \S+, /,
      balance: /^[A-Z]+: .+ in the .+ account, .+ available, .*worth (about|less than) .+ USD|no price known/,
      group: /^Sub-Accounts \(4\), ≈ .+ USD/,
      'sub-account': /^Sub-account \S+, /,
    };
    for (const [kind, sentence] of Object.entries(kinds))
      assert.ok(
        rows.some((row) => sentence.test(row)),
        `${kind}: ${rows.join(' | ')}`,
      );
    assert.deepEqual(
      rows.filter((row) => !Object.values(kinds).some((sentence) => sentence.test(row))),
      [],
    );
    await ui().screenshot('rows');
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

  it('adds a key to the sandbox whose address it copied, and switches back', async () => {
    const { quickInput } = ui();
    await ui().runCommand('KuCoin: Copy Base URL and Demo Key…');
    await quickInput.waitForTitle('Copy Base URL');
    await quickInput.accept();
    const copied = await eventually(
      () => ui().page.evaluate<string>('navigator.clipboard.readText()'),
      (text) => text.includes('KUCOIN_FUTURES_BASE_URL='),
      'the address of the sandbox in the clipboard',
    );
    const { KUCOIN_BASE_URL: spot = '', KUCOIN_FUTURES_BASE_URL: futures = '' } = Object.fromEntries(
      copied.split('\n').map((line) => line.split('=', 2)),
    ) as Record<string, string | undefined>;
    const { key, secret, passphrase } = demoKeys.readOnly;
    await ui().runCommand('KuCoin: Add API Key…');
    await quickInput.pick('Another host…');
    for (const [prompt, text] of [
      ['Base URL of the spot host', spot],
      ['Base URL of the futures host', futures],
      ['API key', key],
      ['API secret', secret],
      ['Passphrase', passphrase],
    ] as const) {
      await quickInput.waitForMessage(prompt);
      await quickInput.type(text);
      await quickInput.accept();
    }
    await quickInput.pick('3');
    await quickInput.waitForMessage('Name of the profile');
    await quickInput.type('Reader');
    await quickInput.accept();
    await quickInput.pick('Read-only');
    await untilHeard('.part.statusbar', /button "KuCoin profile Reader · LIVE · read-only/);
    await ui().runCommand('KuCoin: Switch Profile…');
    await quickInput.pick('Local KuCoin');
    await untilHeard('.part.statusbar', /button "KuCoin profile Local KuCoin · DEMO"/);
    await untilHeard('.part.sidebar', /treeitem "Profile Local KuCoin, DEMO, ≈/);
  });

  it('collects from sub-accounts', async () => {
    const { quickInput } = ui();
    await ui().runCommand('KuCoin: Collect From Sub-Accounts…');
    for (const [step, choice] of [
      ['(1/7)', 'USDT'],
      ['(2/7)', 'Funding'],
      ['(3/7)', 'Funding'],
    ] as const) {
      await quickInput.waitForTitle(step);
      await quickInput.pick(choice);
    }
    await quickInput.waitForTitle('(4/7)');
    await quickInput.waitForMessage('2 of 4 sub-accounts, with 67 USDT available');
    await untilHeard('.quick-input-widget', /(checkbox|option).*demoSub01/);
    await quickInput.accept();
    await quickInput.pick('All that is available');
    await quickInput.waitForItems((items) => items.some(({ label }) => label.startsWith('Continue')));
    await quickInput.accept();
    await untilHeard(
      '.monaco-dialog-box',
      /dialog "Warning DEMO: transfer 67 USDT from Funding of sub-accounts/,
    );
    await pressButton('Transfer 67 USDT');
    await untilHeard('.notifications-toasts', /dialog "Info: .*all 2 transfers are done and moved 67 USDT/);
  });

  it('proves that HF orders work', async () => {
    await ui().runCommand('KuCoin: Activate HF Account…');
    await ui().quickInput.pick('Run the Order Test Only');
    await ui().editor.waitForText('nothing was activated, nothing was transferred');
  });

  it('reads a ledger', async () => {
    await ui().runCommand('KuCoin: Show Ledger…');
    await ui().quickInput.waitForItems((items) => items.some(({ label }) => label === 'Funding'));
    await ui().quickInput.accept();
    await title('Ledger Funding').waitFor();
    await untilHeard('.codelens-decoration', /button ".*Filter…"|link ".*Filter…"/);
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
    // Its page is loaded anew there, and takes the keys when it is.
    await frameWith(ui().page, 'table.bids tbody tr');
    await untilPanelHasFocus();
    for (const theme of ['Light Modern', 'Dark Modern', 'Dark High Contrast', 'Light High Contrast']) {
      await chooseTheme(ui(), theme);
      for (const panel of ['.total', 'table.bids tbody tr']) {
        const found = await violationsIn(ui().page, panel);
        assert.deepEqual(found, [], `${theme}, the panel with ${panel}`);
      }
      await ui().screenshot(theme);
    }
  });

  it('moves nothing in a panel when the system wants less motion, and only then', async () => {
    for (const panel of ['.total', 'table.bids tbody tr'])
      assert.deepEqual(await movesIn(ui().page, panel), [], `the panel with ${panel}`);
    await wishForMotion('no-preference');
    assert.deepEqual(await movesIn(ui().page, '.total'), ['a chart']);
    await wishForMotion('reduce');
    assert.deepEqual(await movesIn(ui().page, '.total'), []);
  });

  it('has not needed the mouse', async () => {
    assert.equal(await clicks(), 0);
    await ui().page.mouse.click(2, 2);
    assert.equal(await clicks(), 1);
  });
});
