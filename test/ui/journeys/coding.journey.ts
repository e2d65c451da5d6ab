import assert from 'node:assert/strict';
import { eventually, useWorkbench, type Workbench } from '../harness';
import { openDemo } from './support/steps';

const files = {
  'bot.ts': [
    "const base = 'https://api.kucoin.com';",
    '',
    "const list = await get(base + '/api/v1/accounts?currency=USDT&type=trade');",
    '',
    "await post(base + '/api/v2/accounts/inner-transfer', {",
    "  clientOid: id, currency: 'USDT', from: 'MAIN', to: 'trade', amount: '1',",
    '});',
    '',
  ].join('\n'),
  'bot.py': [
    'BASE = "https://api.kucoin.com"',
    '',
    'rows = requests.get(BASE + "/api/v1/accounts?currency=USDT&type=trade")',
    '',
    'requests.post(BASE + "/api/v2/accounts/inner-transfer", json={',
    '    "clientOid": oid, "currency": "USDT", "from": "MAIN", "to": "trade", "amount": "1",',
    '})',
    '',
  ].join('\n'),
  'bot.sh': [
    '#!/bin/sh',
    'curl "https://api.kucoin.com/api/v1/accounts?currency=USDT&type=trade"',
    '',
    'curl -X POST https://api.kucoin.com/api/v2/accounts/inner-transfer \\',
    `  -d '{"clientOid":"1","currency":"USDT","from":"MAIN","to":"trade","amount":"1"}'`,
    '',
  ].join('\n'),
  'bot.php': [
    '<?php',
    "$base = 'https://api.kucoin.com';",
    '',
    "$rows = $http->get($base . '/api/v1/accounts?currency=USDT&type=trade');",
    '',
    "$http->post($base . '/api/v2/accounts/inner-transfer', ['json' => [",
    "  'clientOid' => $id, 'currency' => 'USDT', 'from' => 'MAIN', 'to' => 'trade', 'amount' => '1',",
    ']]);',
    '',
  ].join('\n'),
};

const fixed: Readonly<Record<string, string>> = {
  'bot.ts': "from: 'main'",
  'bot.py': '"from": "main"',
  'bot.sh': '"from":"main"',
  'bot.php': "'from' => 'main'",
};

const squiggles = '.squiggly-error, .squiggly-warning, .squiggly-info';

describe('code that calls KuCoin, in the editor', () => {
  const ui = useWorkbench({
    theme: 'dark',
    viewport: { width: 1400, height: 700 },
    files,
    settings: { 'files.autoSave': 'off', 'php.validate.enable': false },
  });

  before('open the demo account', () => openDemo(ui()));

  for (const [name, wanted] of Object.entries(fixed)) {
    describe(name, () => {
      before(() => ui().openFile(name));

      it('says above each call whether the profile may call it', async () => {
        const titles = await eventually(
          () => ui().editor.codeLenses(),
          (all) => all.filter((title) => title === 'Try in sandbox').length === 2,
          'the lenses',
        );
        assert.deepEqual(titles, ['Try it', 'Try in sandbox', 'Try in sandbox']);
        const text = await ui().page.locator('.codelens-decoration').allInnerTexts();
        assert.match(text.join('\n'), /weight 5 · .+ may call it/);
      });

      it('explains the call under the mouse', async () => {
        const hover = await ui().editor.hover('accounts');
        assert.match(hover, /Get Account List/);
        assert.match(hover, /GET \/api\/v1\/accounts/);
        assert.match(hover, /The active profile may call it\./);
        await ui().screenshot(`hover-${name}`);
        await ui().page.keyboard.press('Escape');
      });

      it('marks the mistake and corrects it by a quick fix', async () => {
        await markOf(ui());
        await quickFix(ui(), 'Change to main', name);
        const text = await ui().editor.waitForText(wanted);
        assert.doesNotMatch(text, /MAIN/);
        await ui().screenshot(`fixed-${name}`);
      });
    });
  }

  describe('afterwards', () => {
    it('shows the answer of a read', async () => {
      await ui().openFile('bot.py');
      await eventually(
        () => ui().editor.codeLenses(),
        (all) => all.includes('Try it'),
        'the lens',
      );
      await ui().page.locator('.codelens-decoration a', { hasText: 'Try it' }).first().click();
      const text = await ui().editor.waitForText('"balance"');
      assert.match(text, /Sent to: +.+ · DEMO/);
      await ui().screenshot('answer');
    });
  });
});

async function markOf(ui: Workbench): Promise<void> {
  await ui.page.locator(squiggles).first().waitFor({ state: 'visible' });
}

/** The light bulb's menu at the word, as by Ctrl+. */
async function quickFix(ui: Workbench, title: string, name: string): Promise<void> {
  const { page } = ui;
  await page.locator('.view-line span span').filter({ hasText: 'MAIN' }).first().scrollIntoViewIfNeeded();
  await page
    .locator('.editor-instance .view-lines')
    .first()
    .click({ position: { x: 60, y: 2 } });
  await page.keyboard.press('ControlOrMeta+F');
  await page.locator('.find-widget.visible').waitFor({ state: 'visible' });
  await page.keyboard.type('MAIN');
  await page.keyboard.press('Escape');
  const row = page.locator('.action-widget .monaco-list-row', { hasText: title });
  // While the find widget closes, the editor does not take the key.
  await eventually(
    async () => {
      await page.keyboard.press('ControlOrMeta+.');
      return row.waitFor({ state: 'visible', timeout: 2_000 }).then(
        () => true,
        () => false,
      );
    },
    (visible) => visible,
    `the quick fix ${title}`,
  );
  await ui.screenshot(`fix-${name}`);
  await row.click();
}
