import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { eventually, useWorkbench } from '../harness';
import { root } from '../harness/journal';
import { webviewOf } from '../harness/webview';
import { openDemo, waitForValues, walkToAmount } from '../journeys/support/steps';

const bot = `import uuid

from signed import get, post

BASE = "https://api.kucoin.com"


def fund(amount: str) -> None:
    """Puts USDT where the bot trades."""
    post(BASE + "/api/v2/accounts/inner-transfer", json={
        "clientOid": str(uuid.uuid4()), "currency": "USDT",
        "from": "MAIN", "to": "trade", "amount": amount,
    })


def balances() -> list:
    return get(BASE + "/api/v1/accounts?currency=USDT&type=trade")
`;

/** npm run pictures. Each waits for what it shows; nothing is tested here that a journey does not test. */
for (const theme of ['dark', 'light'] as const) {
  describe(`pictures of the README, ${theme}`, () => {
    const home = mkdtempSync(join(tmpdir(), 'kucoin-pictures-'));
    const folder = join(home, 'trading-bot');
    mkdirSync(folder);
    writeFileSync(join(folder, 'fund.py'), bot);
    const ui = useWorkbench({
      folder,
      theme,
      viewport: { width: 1280, height: 800 },
      settings: {
        'kucoin.balances.refreshInterval': 0,
        'workbench.layoutControl.enabled': false,
        'editor.minimap.enabled': false,
        'breadcrumbs.enabled': false,
        'editor.hover.above': false,
        'editor.occurrencesHighlight': 'off',
      },
    });
    const page = (): FrameLocator => webviewOf(ui().page);

    async function take(name: string): Promise<void> {
      const path = join(root, 'docs', 'images', `${name}-${theme}.png`);
      mkdirSync(dirname(path), { recursive: true });
      await ui().page.screenshot({ path, animations: 'disabled' });
    }

    before('open the demo account', async () => {
      await openDemo(ui());
      await widenSideBar();
    });

    after(() => rmSync(home, { recursive: true, force: true }));

    async function widenSideBar(): Promise<void> {
      const box = await ui().page.locator('.part.sidebar').boundingBox();
      if (!box) throw new Error('There is no side bar.');
      await ui().page.mouse.move(box.x + box.width, 400);
      await ui().page.mouse.down();
      await ui().page.mouse.move(box.x + box.width + 80, 400, { steps: 5 });
      await ui().page.mouse.up();
      await ui().page.mouse.move(640, 785);
    }

    it('the balances and the portfolio panel', async () => {
      await ui().runCommand('KuCoin: Open Portfolio Panel');
      await page().locator('.total').filter({ hasText: 'Total' }).waitFor();
      await page().locator('#card-owners canvas').waitFor({ state: 'visible' });
      const view = await ui().openView('KuCoin');
      await view.collapse('Spot');
      // The row that has the focus would show its icons, in this picture and in the others.
      for (let count = 0; count < 2; count += 1) await ui().page.keyboard.press('Escape');
      await ui().page.mouse.move(640, 785);
      await waitForValues(view);
      await take('balances');
    });

    it('the question before a transfer', async () => {
      const { quickInput, dialog } = ui();
      await walkToAmount(ui(), { currency: 'USDT', from: 'Funding', to: 'Spot' });
      await quickInput.waitForMessage('can be moved');
      await quickInput.type('half');
      await quickInput.waitForMessage('1,240.375 USDT');
      await quickInput.accept();
      await quickInput.waitForTitle('(5/5)');
      await quickInput.waitForItems((items) => items.some(({ label }) => label.startsWith('Continue')));
      await quickInput.accept();
      await dialog.message();
      await take('confirmation');
      await dialog.escape();
    });

    it('a call in source code', async () => {
      await ui().openFile('fund.py');
      const editor = ui().page.locator('.editor-instance');
      await editor.locator('.codelens-decoration').first().waitFor();
      await editor.locator('.squiggly-error, .squiggly-warning').first().waitFor();
      await ui().editor.hover('type=trade');
      await take('code');
      await ui().page.mouse.move(640, 785);
    });

    it('the order book', async () => {
      await ui().runCommand('KuCoin: Open Order Book…');
      const { quickInput } = ui();
      await quickInput.waitForTitle('Open Order Book');
      await quickInput.pick('BTC-USDT');
      await eventually(
        async () => (await page().locator('#status').first().innerText()).trim(),
        (text) => text === 'Live',
        'a live order book',
      );
      await page().locator('table.bids tbody tr').nth(5).waitFor();
      await take('order-book');
    });
  });
}
