import assert from 'node:assert/strict';
import type { TreeRow } from '../harness';
import { eventually, useWorkbench } from '../harness';
import { Control } from './support/control';
import { openDemo, rowOf, rowsOf, waitForFigure, waitForValues } from './support/steps';

describe('the tree of balances', () => {
  const ui = useWorkbench({
    settings: {
      'kucoin.balances.refreshInterval': 0,
      'kucoin.live.updates': 'never',
      'kucoin.balances.dustThreshold': '25',
    },
  });
  const control = new Control(ui);
  const labels = (rows: readonly TreeRow[], account: string): string[] =>
    rowsOf(rows, account).map(({ label }) => label);
  const clipboard = (): Promise<string> => ui().page.evaluate<string>('navigator.clipboard.readText()');

  before('open the demo account', async () => {
    await openDemo(ui());
  });

  it('reads every row as a sentence to a screen reader', async () => {
    const view = await ui().openView('KuCoin');
    const rows = await view.rows();
    assert.match(rows[0]?.ariaLabel ?? '', /^Profile Local KuCoin, DEMO, ≈ [\d,.]+ USD/);
    assert.match(rows[1]?.ariaLabel ?? '', /^Funding account, ≈ [\d,.]+ USD/);
    assert.equal(
      rowOf(rows, 'Funding', 'BTC')?.ariaLabel,
      'BTC: 0.18342719 in the Funding account, 0.17342719 available, 0.01 held, worth about 11,785.21 USD',
    );
    assert.match(rowOf(rows, 'Funding', 'PLAY')?.ariaLabel ?? '', /no price known$/);
    await ui().screenshot('balances');
  });

  it('orders by value, what has no price after that, zeros last', async () => {
    const rows = await (await ui().openView('KuCoin')).rows();
    const funding = labels(rows, 'Funding');
    assert.deepEqual(funding.slice(0, 4), ['BTC', 'ETH', 'USDT', 'KCS']);
    assert.deepEqual(funding.slice(-2), ['PLAY', 'XRP']);
  });

  it('shows total, available and held to the last digit in the tooltip, with source and time', async () => {
    const view = await ui().openView('KuCoin');
    const text = (await view.tooltip('SHIB')).replaceAll('\u00a0', ' ');
    await view.row('SHIB').hover();
    await ui().screenshot('tooltip');
    await ui().page.mouse.move(800, 600);
    assert.match(text, /^SHIB · Funding/);
    assert.match(text, /Total\s+1,250,000\.000000000000000001/);
    assert.match(text, /Available\s+1,250,000\.000000000000000001/);
    assert.match(text, /Held\s+0/);
    assert.match(text, /Value\s+23\.02 USD/);
    assert.match(text, /Read from the account list at \d+:\d\d.+\./);
  });

  it('filters while somebody types, and says when nothing matches', async () => {
    const view = await ui().openView('KuCoin');
    const { quickInput } = ui();
    await ui().runCommand('KuCoin: Filter Balances…');
    await quickInput.waitForTitle('Filter Balances');
    await quickInput.type('usd');
    await view.waitForRows(
      (rows) =>
        rows.filter(({ expanded }) => expanded === undefined).every(({ label }) => label.startsWith('USD')),
      'only USDT and USDC',
    );
    await ui().screenshot('filter');
    await quickInput.type('nothing');
    const row = await view.waitForRow('No currency and no sub-account matches "nothing"');
    await ui().screenshot('no-match');
    assert.equal(row.level, 2);
    await quickInput.escape();
    await quickInput.waitClosed();
    await view.waitForRow('BTC');
  });

  it('keeps an accepted filter until it is cleared', async () => {
    const view = await ui().openView('KuCoin');
    const { quickInput } = ui();
    await ui().runCommand('KuCoin: Filter Balances…');
    await quickInput.waitForTitle('Filter Balances');
    await quickInput.type('zzz');
    await quickInput.accept();
    await quickInput.waitClosed();
    await view.waitForRow('No currency and no sub-account matches "zzz"');
    await view.inlineAction('No currency and no sub-account matches "zzz"', 'Clear Filter');
    await view.waitForRow('BTC');
  });

  it('orders by name on request, and by value again', async () => {
    const view = await ui().openView('KuCoin');
    await ui().runCommand('KuCoin: Sort Balances by Name');
    const rows = await view.waitForRows((all) => labels(all, 'Funding')[0] === 'ADA', 'the order by name');
    const names = labels(rows, 'Funding');
    assert.deepEqual(
      names,
      [...names].sort((a, b) => a.localeCompare(b)),
    );
    await ui().runCommand('KuCoin: Sort Balances by Value');
    await view.waitForRows((all) => labels(all, 'Funding')[0] === 'BTC', 'the order by value');
  });

  it('hides zero and dust below the threshold of the settings, never what has no price', async () => {
    const view = await ui().openView('KuCoin');
    await ui().runCommand('KuCoin: Hide Small Balances');
    const rows = await view.waitForRows((all) =>
      labels(all, 'Funding').some((label) => label.includes('small or zero')),
    );
    await ui().screenshot('small-hidden');
    const funding = labels(rows, 'Funding');
    assert.ok(funding.includes('PLAY'), 'a balance without a price stays');
    assert.ok(!funding.includes('SHIB'), '23.02 USD is dust below 25');
    assert.ok(funding.includes('USDC'), '300 USD is none');
    assert.ok(funding.includes('5 small or zero balances hidden'), funding.join());
    await view.inlineAction('5 small or zero balances hidden', 'Show Small Balances');
    await view.waitForRow('SHIB');
  });

  it('copies a figure with all its digits and no separators', async () => {
    const view = await ui().openView('KuCoin');
    const { quickInput } = ui();
    const menu = await view.contextMenu('SHIB');
    await ui().screenshot('row-menu');
    assert.deepEqual(await menu.items(), [
      'Transfer Funds…',
      'Transfer Between My Accounts…',
      'Show Ledger…',
      'Copy Figure…',
    ]);
    await menu.choose('Copy Figure…');
    await quickInput.waitForTitle('Copy Figure');
    const items = await quickInput.waitForItems((all) => all.length === 4);
    assert.equal(items[0]?.description, '1,250,000.000000000000000001');
    await ui().screenshot('copy');
    await quickInput.pick('Total');
    await eventually(
      clipboard,
      (text) => text === '1250000.000000000000000001',
      'the figure in the clipboard',
    );
  });

  it('copies from the palette too, asking for account and currency', async () => {
    const { quickInput } = ui();
    await ui().runCommand('KuCoin: Copy Figure…');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === 'Funding'));
    await quickInput.pick('Funding');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === 'BTC'));
    await quickInput.pick('BTC');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === 'Available'));
    await quickInput.pick('Available');
    await eventually(clipboard, (text) => text === '0.17342719', 'the figure in the clipboard');
  });

  it('refreshes one account and leaves the other as it was', async () => {
    const view = await ui().openView('KuCoin');
    await control.credit({ currency: 'USDT', amount: '1.25' });
    await control.credit({ currency: 'USDT', type: 'trade', amount: '1.5' });
    await control.clearRequests();
    const menu = await view.contextMenu('Funding');
    await menu.choose('Refresh Account');
    await waitForFigure(view, 'Funding', 'USDT', '2,482');
    const rows = await view.rows();
    assert.equal(rowOf(rows, 'Spot', 'USDT')?.description.split(' · ')[0], '120.5');
    const { recent } = await control.requests();
    assert.deepEqual(
      recent.map(({ target }) => target),
      ['/api/v1/accounts?type=main'],
    );
  });

  it('values everything in another currency', async () => {
    const view = await ui().openView('KuCoin');
    await ui().runCommand('KuCoin: Set Valuation Currency…');
    await ui().quickInput.pick('EUR');
    const rows = await view.waitForRows(
      (all) => all[0]?.description.includes(' EUR') ?? false,
      'values in EUR',
    );
    assert.equal(rowOf(rows, 'Funding', 'ETH')?.description, '2.5 · ≈ 7,188.73 EUR');
    assert.ok(!rows.some(({ description }) => description.includes('USD ') || description.endsWith('USD')));
    await ui().screenshot('euro');
    await ui().runCommand('KuCoin: Set Valuation Currency…');
    await ui().quickInput.pick('USD');
    await waitForValues(view);
  });

  it('says in an empty account that it is empty', async () => {
    const view = await ui().openView('KuCoin');
    await control.switches({ zeroRows: 'hidden' });
    for (const { currency, total } of await control.rows('trade')) {
      await control.mark({ type: 'trade', currency, held: '0', locked: '0' });
      if (Number(total) > 0) await control.credit({ type: 'trade', currency, amount: `-${total}` });
    }
    await ui().runCommand('KuCoin: Refresh Balances');
    await view.waitForRow('No balances in this account');
    await ui().screenshot('empty');
    const rows = await view.rows();
    assert.deepEqual(labels(rows, 'Spot'), ['No balances in this account']);
    assert.ok(!labels(rows, 'Funding').includes('XRP'), 'no row with nothing in it');
  });
});
