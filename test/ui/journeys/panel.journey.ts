import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { eventually, useWorkbench } from '../harness';
import { chooseTheme, openDemo, transfer } from './support/steps';

describe('the portfolio panel', () => {
  const ui = useWorkbench({
    files: { 'readme.txt': 'A folder to export to.' },
    settings: { 'kucoin.portfolio.keepSnapshots': true },
    viewport: { width: 1500, height: 1000 },
  });
  const page = (): FrameLocator =>
    ui().page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  const card = (id: string): Locator => page().locator(`#card-${id}`);
  const textOf = async (locator: Locator): Promise<string> => (await locator.textContent()) ?? '';
  const look = async (name: string): Promise<void> => {
    await ui().screenshot(`${name} top`);
    await card('flows').scrollIntoViewIfNeeded();
    await ui().screenshot(`${name} bottom`);
    await page().locator('h1').scrollIntoViewIfNeeded();
  };

  before('open the demo account and move something', async () => {
    await openDemo(ui());
    await transfer(ui(), { currency: 'USDT', from: 'Funding', to: 'Spot' }, '25');
    await ui().notifications.waitFor('25 USDT');
    await ui().notifications.dismiss('25 USDT');
  });

  it('opens from the palette and shows what is where, with a table behind each chart', async () => {
    await ui().runCommand('KuCoin: Open Portfolio Panel');
    await page().locator('.total').filter({ hasText: 'Total' }).waitFor();
    assert.match(await textOf(page().locator('header')), /DEMO.*local sandbox.*Total [\d,]+\.\d\d USD/);
    for (const id of ['currencies', 'accounts', 'owners', 'flows']) {
      await card(id).locator('canvas').waitFor({ state: 'visible' });
      assert.ok((await card(id).locator('tbody tr').count()) > 0, id);
      assert.ok(((await card(id).locator('[role=img]').getAttribute('aria-label')) ?? '').length > 20, id);
    }
    assert.match(await textOf(card('flows').locator('tbody')), /Funding.*Spot.*25 USDT/);
    assert.match(await textOf(card('flows')), /local journal of transfers/);
    assert.match(await textOf(card('history')), /A curve needs two snapshots\. There are 1 so far/);
  });

  it('keeps to its content policy, and is told to move nothing', async () => {
    assert.match((await page().locator('body').getAttribute('class')) ?? '', /vscode-reduce-motion/);
    const policy = await page().locator('meta[http-equiv]').getAttribute('content');
    assert.match(policy ?? '', /^default-src 'none'; style-src \S.*; script-src 'nonce-[\w-]{20,}';/);
    const broken = ui().console.filter(
      (line) => line.includes('Content Security Policy') && line.includes('portfolio'),
    );
    assert.deepEqual(broken, []);
    const run = await page().locator('body').evaluate(`(() => {
      const script = document.createElement('script');
      script.textContent = 'document.body.dataset.hostile = "ran"';
      document.body.append(script);
      return document.body.dataset.hostile ?? 'refused';
    })()`);
    assert.equal(run, 'refused');
  });

  it('draws the curve of snapshots, those of other windows too', async () => {
    const storage = path.join(
      ui().dataDir,
      'data',
      'User',
      'globalStorage',
      'kucoin-accounts.kucoin-accounts',
    );
    const folder = path.join(storage, 'snapshots');
    const [file] = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
    assert.ok(file);
    const first = JSON.parse(readFileSync(path.join(folder, file), 'utf8').split('\n')[0] ?? '') as {
      readonly at: number;
      readonly value: string;
    };
    assert.match(first.value, /^\d+(\.\d+)?$/);
    const rows = Array.from({ length: 48 }, (_, hour) => ({
      at: first.at - (48 - hour) * 3_600_000,
      value: String(21_000 + Math.round(900 * Math.sin(hour / 5)) + hour * 20),
      base: 'USD',
    }));
    appendFileSync(
      path.join(folder, file),
      `{"at": damaged\n${rows.map((row) => JSON.stringify(row)).join('\n')}\n`,
    );
    await page().getByRole('button', { name: 'Refresh' }).click();
    await card('history').locator('canvas').waitFor({ state: 'visible' });
    assert.equal(await card('history').locator('tbody tr').count(), 49);
  });

  it('can be used by the keyboard alone, and remembers what was chosen', async () => {
    const toggle = card('currencies').getByRole('button', { name: 'Show Table' });
    await toggle.focus();
    await ui().page.keyboard.press('Enter');
    await card('currencies').locator('canvas').waitFor({ state: 'hidden' });
    await card('currencies').getByRole('button', { name: 'Show Chart' }).waitFor();
    await ui().page.keyboard.press('Tab');
    await ui().page.keyboard.press('Tab');
    const focused = page().locator(':focus');
    assert.equal(await focused.getAttribute('role'), 'region');
    await ui().screenshot('table by the keyboard');
    await ui().openFile('readme.txt');
    await ui().runCommand('KuCoin: Open Portfolio Panel');
    await card('currencies').getByRole('button', { name: 'Show Chart' }).waitFor();
    assert.equal(await card('currencies').locator('canvas').isVisible(), false);
    await card('currencies').getByRole('button', { name: 'Show Chart' }).press('Enter');
    await card('currencies').locator('canvas').waitFor({ state: 'visible' });
  });

  it('asks for another period', async () => {
    await card('flows').getByRole('combobox').selectOption('day');
    await card('flows').locator('tbody tr').first().waitFor({ state: 'attached' });
    assert.match(await textOf(card('flows').locator('tbody')), /25 USDT/);
  });

  it('exports a chart as CSV and as PNG', async () => {
    const folder = new URL(ui().page.url()).searchParams.get('folder') ?? '';
    for (const [title, name] of [
      ['Export CSV…', 'kucoin-currencies.csv'],
      ['Export PNG…', 'kucoin-currencies.png'],
    ] as const) {
      await card('currencies').getByRole('button', { name: title }).click();
      await ui().quickInput.waitForTitle('Export Chart');
      await ui().quickInput.accept();
      const file = path.join(folder, name);
      await eventually(
        () => existsSync(file) && readFileSync(file).length,
        (length) => Number(length) > 20,
        `the file ${name}`,
      );
      await ui().notifications.dismiss(name);
    }
    assert.match(
      readFileSync(path.join(folder, 'kucoin-currencies.csv'), 'utf8'),
      /^"currency","amount","value_USD"\r\n"/,
    );
    const png = readFileSync(path.join(folder, 'kucoin-currencies.png'));
    assert.equal(png.subarray(0, 8).toString('hex'), '89504e470d0a1a0a');
    assert.ok(png.length > 5_000, String(png.length));
  });

  const classes = {
    'Dark Modern': 'vscode-dark',
    'Light Modern': 'vscode-light',
    'Dark High Contrast': 'vscode-high-contrast',
    'Light High Contrast': 'vscode-high-contrast-light',
  } as const;
  for (const theme of Object.keys(classes) as (keyof typeof classes)[]) {
    it(`follows the theme ${theme}`, async () => {
      await chooseTheme(ui(), theme);
      await page().locator(`body.${classes[theme]}`).waitFor();
      await look(theme);
    });
  }
});
