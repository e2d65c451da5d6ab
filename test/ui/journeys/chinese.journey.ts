import assert from 'node:assert/strict';
import { openWorkbench, type TreeRow } from '../harness';
import { webviewOf } from '../harness/webview';
import { waitForValues } from './support/steps';

/** What stays as it is: names, codes of currencies and pairs, paths, words of the API, ids. */
const names =
  /KuCoin|LIVE|DEMO|API|Key|UID|VIP|Flex Transfer|Internal Transfer|POST|GET|\/api\/[\w/-]+|\b[0-9a-f]{16,}\b|\b[A-Z][A-Z0-9]+(-[A-Z]+)?\b|\bid\b|PNG|CSV/g;
/** Names of the sub-accounts of the demo family, and words of the API. */
const family =
  /\{"type"[^}]*\}|\b(gridRobot\d|[a-z]+Sub\d+|(trade|margin|isolated)(_hf|_v2)?|futures|opened|false|General|Spot|Margin|Futures|FlexTransfers|Earn)\b/g;

/** English words that a Chinese reader would meet in a text of ours. */
function englishOf(text: string): string[] {
  return (
    text
      .replace(names, ' ')
      .replace(family, ' ')
      .match(/[A-Za-z]{3,}/g) ?? []
  );
}

const wordsOf = (rows: readonly TreeRow[]): string =>
  rows.map(({ label, description, ariaLabel }) => [label, description, ariaLabel].join(' ')).join('\n');

describe('the extension in Chinese', () => {
  it('shows the demo account, moves funds after one modal, and opens panel and report without a word of English', async function () {
    this.timeout(120_000);
    const ui = await openWorkbench({ language: 'zh-cn' });
    const { quickInput, dialog, notifications } = ui;
    const view = await ui.openView('KuCoin');
    assert.deepEqual(await view.welcomeButtons(), ['打开演示账户', '演示最初文档版本的 KuCoin']);
    assert.deepEqual(englishOf(await view.welcomeText()), []);
    await ui.screenshot('welcome');
    await view.clickWelcome('打开演示账户');
    const rows = await waitForValues(view);
    assert.deepEqual(
      rows.map(({ label }) => label).filter((label) => label.endsWith('账户')),
      ['资金账户', '现货账户', '全仓杠杆账户'],
    );
    assert.deepEqual(englishOf(wordsOf(rows)), []);
    assert.equal((await ui.statusBar.item('kucoin.profile')).text, '本地 KuCoin · DEMO');
    await ui.screenshot('tree');

    await ui.runCommand('KuCoin: 在我的账户之间划转…');
    await quickInput.waitForTitle('在我的账户之间划转');
    await quickInput.pick('USDT');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === '资金账户'));
    await ui.screenshot('wizard');
    await quickInput.pick('资金账户');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === '现货账户'));
    await quickInput.pick('现货账户');
    await quickInput.waitForMessage('最多可划转');
    await quickInput.type('12.5');
    await quickInput.accept();
    const plan = await quickInput.waitForItems((items) =>
      items.some(({ label }) => label.startsWith('继续')),
    );
    assert.deepEqual(
      englishOf(plan.map(({ label, description }) => `${label} ${description}`).join('\n')),
      [],
    );
    await ui.screenshot('plan');
    await quickInput.accept();
    assert.equal(await dialog.message(), 'DEMO：将 12.5 USDT 从资金账户划转到现货账户？');
    assert.deepEqual(englishOf(await dialog.detail()), []);
    await ui.screenshot('modal');
    await dialog.click('划转 12.5 USDT');
    const { message } = await notifications.waitFor('已将 12.5 USDT 从资金账户划转到现货账户。');
    assert.deepEqual(englishOf(message), []);
    await notifications.dismiss('已将 12.5 USDT');

    await ui.runCommand('KuCoin: 打开资产组合面板');
    const page = webviewOf(ui.page);
    await page.locator('.total').filter({ hasText: '总计' }).waitFor();
    await page.locator('#card-flows canvas').waitFor({ state: 'visible' });
    assert.deepEqual(englishOf(await page.locator('main').innerText()), []);
    const overflow = await page.locator('html').evaluate('document.documentElement.scrollWidth - innerWidth');
    assert.ok(Number(overflow) <= 0, `the panel is ${String(overflow)} px too wide`);
    await ui.screenshot('panel');

    await ui.runCommand('KuCoin: 检查高频开通状态');
    assert.deepEqual(englishOf(await ui.editor.waitForText('证据:')), []);
    await ui.screenshot('hf');
  });
});
