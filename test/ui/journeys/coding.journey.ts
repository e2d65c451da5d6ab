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

/** Ten thousand lines that speak of KuCoin; the page size at their end is what is typed. */
const long = [
  'BASE = "https://api.kucoin.com"',
  ...Array.from({ length: 1_250 }, (_, n) =>
    [
      `def balance_${n}(currency, retries=3):`,
      "    # Reads the balance of one account; it's kept for a while.",
      '    for attempt in range(retries):',
      n % 25 === 0
        ? '        rows = requests.get(BASE + "/api/v1/accounts?type=trade", headers=sign("GET"))'
        : '        rows = cached(f"{currency}: {attempt}", "rows")',
      '        if rows.status_code == 200:',
      '            return rows.json()["data"]',
      '    return []',
      '',
    ].join('\n'),
  ),
  'requests.get(BASE + "/api/v2/sub/user?currentPage=1&pageSize=50")',
].join('\n');

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
    files: { ...files, 'long.py': long },
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

    it('shows a mistake soon after the keystroke, and never holds up the typing', async () => {
      await ui().openFile('long.py');
      const { page } = ui();
      await eventually(
        () => ui().editor.codeLenses(),
        (all) => all.length > 0,
        'the lens',
      );
      await page.keyboard.press('ControlOrMeta+End');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
      const drawn: number[] = [];
      const marked: number[] = [];
      for (let round = 0; round < 11; round++) {
        await page.evaluate(stopwatch);
        await page.keyboard.press('0');
        const taken = await page.evaluate<{ drawn: number; marked: number }>('window.kucoinStopwatch');
        drawn.push(taken.drawn);
        marked.push(taken.marked);
        if (round === 0) await ui().screenshot('typed');
        await page.keyboard.press('Backspace');
        await page.locator(squiggles).first().waitFor({ state: 'detached' });
      }
      const [typing, diagnostics] = [figures(drawn), figures(marked)];
      console.log(
        `      in 10,000 lines: keystroke to character ${typing.text}, keystroke to diagnostics ${diagnostics.text}`,
      );
      assert.ok(typing.median < diagnostics.median, 'the character comes before its mark');
      // The goal is 200 ms; a machine that does other things at the same time may take longer.
      assert.ok(diagnostics.median < 800, diagnostics.text);
      assert.ok(typing.median < 250, typing.text);
    });
  });
});

/**
 * In the page: from the next key until its character is drawn, and until a squiggle is. Everything listens before
 * this answers; what it measures is read afterwards.
 */
const stopwatch = `window.kucoinStopwatch = new Promise((resolve) => {
  let typed = 0, drawn = 0;
  addEventListener('keydown', () => (typed = performance.now()), { capture: true, once: true });
  const observer = new MutationObserver(() => {
    if (!typed) return;
    const now = performance.now() - typed;
    const lines = document.querySelector('.editor-group-container.active .view-lines').textContent;
    if (!drawn && lines.includes('pageSize=500')) drawn = now;
    if (!drawn || !document.querySelector('${squiggles}')) return;
    observer.disconnect();
    resolve({ drawn, marked: now });
  });
  observer.observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true });
}), undefined`;

function figures(times: readonly number[]): { readonly median: number; readonly text: string } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;
  const text = [at(0), at(0.5), at(1)].map((ms) => ms.toFixed(0)).join(' / ');
  return { median: at(0.5), text: `${text} ms (fastest, median, slowest of ${times.length})` };
}

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
  await page.locator('.find-widget.visible').waitFor({ state: 'detached' });
  const row = page.locator('.action-widget .monaco-list-row', { hasText: title });
  // While the find widget closes, the editor does not take the key. Pressed twice, a second menu could come over the
  // first one while its row is clicked: so the first is taken away before, and it gets the time that it may take.
  await eventually(
    async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('ControlOrMeta+.');
      return row.waitFor({ state: 'visible', timeout: 6_000 }).then(
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
