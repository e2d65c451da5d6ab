import assert from 'node:assert/strict';
import type { FrameLocator } from 'playwright-core';
import { eventually, useWorkbench, type Workbench } from '../harness';
import { ContextMenu } from '../harness/menu';
import { webviewOf } from '../harness/webview';
import { Control } from './support/control';
import { openDemo } from './support/steps';

const openTitle = 'KuCoin: Open Order Book…';

describe('the order book of a pair', () => {
  const ui = useWorkbench({
    files: { 'note.txt': 'Something else.' },
    theme: 'dark',
    viewport: { width: 1400, height: 900 },
    // The private feed would be counted too.
    settings: { 'kucoin.balances.refreshInterval': 0, 'kucoin.live.updates': 'never' },
  });
  const control = new Control(ui);
  const book = (): FrameLocator => webviewOf(ui().page);
  const textOf = async (selector: string): Promise<string> =>
    (await book().locator(selector).first().innerText()).trim();
  const untilText = (selector: string, wanted: (text: string) => boolean, what: string): Promise<string> =>
    eventually(() => textOf(selector), wanted, what);
  const untilLive = (): Promise<string> =>
    untilText('#status', (text) => text === 'Live', 'a live order book');
  const firstBids = (): Promise<string> => textOf('table.bids tbody');

  before('open the demo account', async () => {
    await openDemo(ui());
  });

  it('opens for a pair that is picked, and moves', async () => {
    await choosePair(ui(), 'BTC-USDT');
    await untilLive();
    await untilText('#last', (text) => /^[\d,]+\.\d$/.test(text), 'a last price');
    await untilText('#change', (text) => text.endsWith(' % in 24 hours'), 'the change of the day');
    assert.match(await textOf('#source'), /^Whole order book: \d+ bids, \d+ asks$/);
    const before = await firstBids();
    await eventually(firstBids, (text) => text !== before, 'the book to move');
    await ui().screenshot('live');
  });

  it('puts prices together in larger steps', async () => {
    await book().locator('#step').selectOption({ label: '10' });
    await untilText(
      'table.bids tbody tr:nth-child(2) th',
      (text) => /0\.?$/.test(text),
      'prices in steps of 10',
    );
    await ui().screenshot('in steps of 10');
  });

  it('copies a price and a size by key', async () => {
    await book().locator('table.asks tbody tr[tabindex="0"]').focus();
    await ui().page.keyboard.press('ArrowDown');
    await ui().page.keyboard.press('c');
    const said = await untilText('#said', (text) => text.startsWith('Copied the price'), 'the copied price');
    assert.match(said, /^Copied the price \d+(\.\d+)?$/);
    await ui().page.keyboard.press('s');
    await untilText('#said', (text) => /^Copied the size \d+(\.\d+)?$/.test(text), 'the copied size');
    await ui().screenshot('copied');
  });

  it('copies a price from the menu of a row, by mouse', async () => {
    await book().locator('table.bids tbody tr:nth-child(3)').click({ button: 'right' });
    const menu = await new ContextMenu(ui().page).waitOpen();
    assert.deepEqual(await menu.items(), ['Copy Price', 'Copy Size']);
    await ui().screenshot('menu');
    await menu.choose('Copy Price');
    const said = await untilText('#said', (text) => text.startsWith('Copied the price'), 'the copied price');
    const copied = await ui().page.evaluate<string>('navigator.clipboard.readText()');
    assert.equal(said, `Copied the price ${copied}`);
  });

  it('notices a lost message, and makes the book anew with one call', async () => {
    const calls = async (): Promise<number> => (await control.requests()).counts['getFullOrderBook'] ?? 0;
    const before = await calls();
    await control.fault({ kind: 'dropEvent', match: { topic: '/market/level2' } });
    await eventually(calls, (count) => count > before, 'a new snapshot');
    await untilLive();
    assert.equal(await calls(), before + 1);
  });

  it('stands still while it is paused, by keyboard', async () => {
    await book().locator('#pause').focus();
    await ui().page.keyboard.press('p');
    await untilText('#status', (text) => text.startsWith('Paused at'), 'the pause');
    const before = await firstBids();
    const { framesSent } = await control.sockets();
    await eventually(
      () => control.sockets(),
      (now) => now.framesSent > framesSent + 20,
      'the market to go on',
    );
    assert.equal(await firstBids(), before);
    await ui().screenshot('paused');
    await ui().page.keyboard.press('p');
    await untilLive();
    await eventually(firstBids, (text) => text !== before, 'the book to move again');
  });

  it('has neither request nor frame while it is hidden, and goes on when it is shown', async () => {
    await ui().openFile('note.txt');
    await eventually(
      () => control.sockets(),
      ({ open, jobs }) => open === 0 && jobs === 0,
      'the connection to end',
    );
    await control.clearRequests();
    const { framesSent, framesReceived } = await control.sockets();
    // As long as ten pictures would take.
    await ui().outputChannel('KuCoin Accounts');
    const now = await control.sockets();
    assert.deepEqual([now.framesSent, now.framesReceived, now.open], [framesSent, framesReceived, 0]);
    assert.equal((await control.requests()).total, 0);
    await ui().runCommand('View: Toggle Panel Visibility');
    await choosePair(ui(), 'BTC-USDT');
    await untilLive();
  });

  it('comes back after the connection was cut', async () => {
    // So that it is not back before anybody saw that it was gone.
    await control.fault({ kind: 'refuseSocket', times: 0 });
    await control.closeSockets();
    await untilText('#status', (text) => text !== 'Live', 'the cut');
    await ui().screenshot('cut');
    await control.clearFaults();
    await untilLive();
  });

  for (const theme of ['Light Modern', 'Dark High Contrast', 'Light High Contrast']) {
    it(`is drawn in ${theme}`, async () => {
      await useTheme(ui(), theme);
      await untilLive();
      await ui().screenshot(theme);
    });
  }

  it('fits a narrow tab', async () => {
    await useTheme(ui(), 'Dark Modern');
    await ui().page.setViewportSize({ width: 760, height: 900 });
    await untilLive();
    await eventually(
      () =>
        book()
          .locator('body')
          .evaluate<number, unknown>(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          ),
      (beyond) => beyond <= 0,
      'a page without sideways scrolling',
    );
    await ui().screenshot('narrow');
    await ui().page.setViewportSize({ width: 1400, height: 900 });
  });

  it('shows the best fifty levels where the key gets no whole book, and says so', async () => {
    await ui().runCommand('View: Close All Editors');
    await control.fault({
      kind: 'envelope',
      http: 403,
      body: { code: '400007', msg: 'Access denied, require more permission' },
      when: 'before',
      times: 0,
      match: { endpoint: 'getFullOrderBook' },
    });
    await choosePair(ui(), 'ETH-USDT');
    await untilLive();
    assert.match(await textOf('#notices'), /did not give the whole order book.*best 50 levels/i);
    assert.equal(await textOf('#source'), 'Best 50 levels of each side, as pushed');
    await ui().screenshot('best fifty');
    await control.clearFaults();
  });

  it('stops when another profile becomes the active one, and says so', async () => {
    await ui().runCommand('KuCoin: Open Demo Account (KuCoin as First Documented)');
    await untilText('#status', (text) => text === 'Stopped', 'the end of the order book');
    assert.match(await textOf('#notices'), /Another profile is active now/);
    await ui().screenshot('another profile');
  });
});

async function choosePair(ui: Workbench, symbol: string): Promise<void> {
  await ui.runCommand(openTitle);
  await ui.quickInput.waitForTitle('Open Order Book');
  await ui.quickInput.pick(symbol);
}

async function useTheme(ui: Workbench, theme: string): Promise<void> {
  const { quickInput, page } = ui;
  await page.keyboard.press('Control+K');
  await page.keyboard.press('Control+T');
  await quickInput.waitForItems((items) => items.length > 3);
  await quickInput.pick(theme);
  await quickInput.waitClosed();
}
