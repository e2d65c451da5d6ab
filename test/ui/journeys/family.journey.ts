import assert from 'node:assert/strict';
import type { TreeRow, TreeView } from '../harness';
import { useWorkbench } from '../harness';
import { Control } from './support/control';
import { chooseTheme, openDemo, rowsOf, waitForValues } from './support/steps';

/** Every kind of account that the demo family has, in one tree. */
describe('the whole family of accounts', () => {
  const ui = useWorkbench({
    settings: { 'kucoin.balances.refreshInterval': 0, 'kucoin.live.updates': 'never' },
    theme: 'dark',
    viewport: { width: 1280, height: 1400 },
  });
  const control = new Control(ui);
  let view: TreeView;
  const topRows = (rows: readonly TreeRow[]): TreeRow[] => rows.filter(({ level }) => level === 2);
  const describeRow = (rows: readonly TreeRow[], label: string): string =>
    rows.find((row) => row.label === label)?.description ?? '';
  const refresh = (): Promise<void> => ui().runCommand('KuCoin: Refresh Balances');

  before('open the demo account', async () => {
    view = await openDemo(ui());
  });

  it('shows funding and spot first and open, and everything else closed below them', async () => {
    const rows = topRows(await view.waitForRows((all) => topRows(all).length >= 6, 'all families'));
    await ui().screenshot('first look');
    assert.deepEqual(
      rows.filter(({ expanded }) => expanded).map(({ label }) => label),
      ['Funding', 'Spot'],
    );
    assert.deepEqual(
      rows.slice(0, 2).map(({ label }) => label),
      ['Funding', 'Spot'],
    );
    assert.equal(rows.at(-1)?.label, 'Sub-Accounts (4)');
    for (const label of ['Cross Margin', 'Futures', 'Options']) {
      assert.ok(
        rows.some((row) => row.label === label),
        label,
      );
    }
    assert.ok(
      rows.some(({ label }) => /^Isolated \w+-\w+$/.test(label)),
      'an isolated pair',
    );
  });

  it('shows debts, equity and every sub-account when they are opened', async () => {
    await view.collapse('Funding');
    await view.collapse('Spot');
    await view.expand('Cross Margin');
    await view.expand('Futures');
    for (const { label } of topRows(await view.rows())) {
      if (/^(Isolated|Option|Sub-)/.test(label)) await view.expand(label);
    }
    const subs = rowsOf(
      await view.waitForRows((all) => all.some(({ label }) => label === 'demoSub01')),
      'Sub-Accounts (4)',
    );
    assert.match(subs.find(({ label }) => label === 'frozenSub03')?.description ?? '', /^frozen/);
    await view.expand('marginSub04');
    await view.expand('demoSub01');
    const rows = await view.waitForRows((all) => rowsOf(all, 'demoSub01').length > 1);
    await ui().screenshot('opened');
    assert.match(describeRow(rows, 'Cross Margin'), /^debt \d % · ≈ [\d.,]+ USD$/);
    assert.match(
      rows.find(({ label }) => label === 'Cross Margin')?.ariaLabel ?? '',
      /≈ [\d.,]+ USD, debt ratio 0\.0\d+, [\d.,]+ USD owed/,
    );
    assert.ok(rowsOf(rows, 'Cross Margin').some(({ description }) => description.includes(' owed · ≈ ')));
    assert.ok(rowsOf(rows, 'Futures').some(({ description }) => /PnL [+-]\d/.test(description)));
    for (const { label, ariaLabel } of rows)
      assert.ok(ariaLabel.includes(label.split(' ').at(-1) ?? ''), ariaLabel);
  });

  it('orders the sub-accounts by value, and by name on request', async () => {
    const names = (rows: readonly TreeRow[]): string[] =>
      rowsOf(rows, 'Sub-Accounts (4)').flatMap(({ label, level }) => (level === 3 ? [label] : []));
    assert.deepEqual(names(await view.rows()), ['marginSub04', 'gridRobot7', 'demoSub01', 'frozenSub03']);
    await ui().runCommand('KuCoin: Sort Balances by Name');
    await view.waitForRows((rows) => names(rows).join() === 'demoSub01,frozenSub03,gridRobot7,marginSub04');
    await ui().runCommand('KuCoin: Sort Balances by Value');
    await view.waitForRows((rows) => names(rows)[0] === 'marginSub04');
  });

  for (const theme of ['Light Modern', 'Dark High Contrast', 'Dark Modern']) {
    it(`can be read in ${theme}`, async () => {
      await chooseTheme(ui(), theme);
      await ui().screenshot(theme);
      assert.ok((await view.rows()).every(({ ariaLabel }) => ariaLabel !== ''));
    });
  }

  it('finds sub-accounts by name, and currencies in them', async () => {
    const { quickInput } = ui();
    await ui().runCommand('KuCoin: Filter Balances…');
    await quickInput.waitForTitle('Filter Balances');
    await quickInput.type('demosub');
    await view.waitForRows(
      (rows) =>
        rows.some(({ label }) => label === 'Sub-Accounts (1 of 4)') && rowsOf(rows, 'demoSub01').length > 1,
      'one sub-account, opened',
    );
    await ui().screenshot('found by name');
    await quickInput.type('usdc');
    const rows = await view.waitForRows(
      (all) => all.filter(({ expanded }) => expanded === undefined).every(({ label }) => label === 'USDC'),
      'only USDC',
    );
    await ui().screenshot('found by currency');
    assert.ok(rows.some(({ label }) => label === 'USDC'));
    await quickInput.type('demosub');
    await view.waitForRow('demoSub01');
    await quickInput.accept();
    await quickInput.waitClosed();
  });

  it('offers on accounts of sub-accounts only what can be done with them', async () => {
    const menu = await view.contextMenu('Spot');
    const items = await menu.items();
    await ui().screenshot('menu of a sub-account');
    assert.ok(items.includes('Transfer Funds…'), items.join());
    assert.ok(!items.includes('Transfer Between My Accounts…'), items.join());
    assert.ok(!items.includes('Show Ledger…'), items.join());
    await ui().page.keyboard.press('Escape');
    await ui().runCommand('KuCoin: Clear Filter');
    await view.waitForRow('Sub-Accounts (4)');
  });

  it('says of a family that the key may not read what it lacks, and keeps the others', async () => {
    await control.fault({
      kind: 'envelope',
      http: 403,
      body: { code: '400007', msg: 'Access denied, require more permission' },
      when: 'before',
      times: 0,
      match: { endpoint: 'getCrossMarginAccount' },
    });
    await control.switches({ futuresHost: 'notFound' });
    await refresh();
    // All of it at once: rows that are read while the list is drawn may lack some.
    await view.waitForRows((all) => {
      const says = (label: string, reason: RegExp): boolean =>
        all.some((row) => row.label === label && reason.test(row.description));
      return (
        says('Futures', /^not offered/) &&
        says('Cross Margin', /^the key lacks a permission$/) &&
        says('Funding', /^≈/) &&
        (all[0]?.description ?? '').endsWith('incomplete')
      );
    }, 'the rows of the two families, and the others');
    await ui().screenshot('two families failed');
    await control.clearFaults();
    await control.switches({ futuresHost: 'works' });
    await refresh();
    await view.waitForRows(
      (all) => !(all[0]?.description ?? '').includes('incomplete'),
      'all families again',
    );
  });

  it('shows the one account of unified mode in place of those that it has taken in', async () => {
    await control.switches({ unifiedMode: true, unifiedMargin: 'refused' });
    await refresh();
    await view.waitForRows(
      (all) =>
        /^≈ [\d.,]+ USD/.test(describeRow(all, 'Unified')) &&
        describeRow(all, 'Funding').startsWith('≈') &&
        !topRows(all).some(({ label }) => /^(Spot|Cross|Isolated|Futures)/.test(label)) &&
        !(all[0]?.description ?? '').includes('incomplete'),
      'the unified account in place of the others',
    );
    await ui().screenshot('unified');
    await control.switches({ unifiedMode: false });
    await refresh();
    await view.waitForRows((all) => !all.some(({ label }) => label === 'Unified'));
  });

  it('shows a name with markup as the text that it is', async () => {
    await control.addSub({ name: '<b>x</b>[a](command:y)', remarks: '**r** <img src=x>' });
    await refresh();
    await view.expand('Sub-Accounts (5)');
    const row = await view.waitForRow('<b>x</b>[a](command:y)');
    assert.match(row.description, /\*\*r\*\* <img src=x>$/);
    const text = (await view.tooltip('<b>x</b>[a](command:y)')).replaceAll('\u00a0', ' ');
    assert.match(text, /^<b>x<\/b>\[a\]\(command:y\)/);
    assert.match(text, /Remark: \*\*r\*\* <img src=x>/);
    await view.row('<b>x</b>[a](command:y)').hover();
    await ui().screenshot('markup');
    await waitForValues(view);
  });
});
