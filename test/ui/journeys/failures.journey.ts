import assert from 'node:assert/strict';
import { decimal, subtract } from '../../../src/kucoin/decimal';
import { eventually, useWorkbench } from '../harness';
import { Control } from './support/control';
import { openDemo, transfer, waitForFigure, walkToModal } from './support/steps';

const way = { currency: 'USDT', from: 'Funding', to: 'Spot' } as const;

describe('when the exchange fails', () => {
  const ui = useWorkbench({
    settings: { 'kucoin.balances.refreshInterval': 0, 'kucoin.live.updates': 'never' },
  });
  const control = new Control(ui);

  before('open the demo account', async () => {
    await openDemo(ui());
  });

  it('says what is wrong above the last balances, which show their age', async () => {
    const view = await ui().openView('KuCoin');
    await control.closeBalances();
    await ui().runCommand('KuCoin: Refresh Balances');
    const rows = await view.waitForRows(
      (all) => all.some(({ label }) => label.startsWith('Balances as of')),
      'the row about stale balances',
    );
    await ui().screenshot('maintenance');
    assert.match(rows[1]?.label ?? '', /^The exchange is not available at the moment: .*\(503000\)\.?$/);
    assert.match(rows[1]?.ariaLabel ?? '', /It may be under maintenance\. Try again later\./);
    assert.match(rows[2]?.label ?? '', /^Balances as of \d/);
    assert.match(rows[2]?.description ?? '', /^\d+ (s|min) ago$/);
    assert.ok(
      rows.some(({ label, description }) => label === 'USDT' && description.startsWith('2,480.75')),
      'the last balances stay',
    );
    const menu = await view.contextMenu(rows[1]?.label ?? '');
    assert.deepEqual(await menu.items(), [
      'Refresh Balances',
      'Check API Key',
      'Show Log',
      'Connection Report',
    ]);
    await menu.escape();
  });

  it('recovers with the retry of the row', async () => {
    const view = await ui().openView('KuCoin');
    await control.clearFaults();
    await control.credit({ currency: 'USDT', amount: '1' });
    const failed = (await view.rows())[1]?.label ?? '';
    assert.match(failed, /not available/);
    await view.inlineAction(failed, 'Refresh Balances');
    await waitForFigure(view, 'Funding', 'USDT', '2,481.75');
    const rows = await view.rows();
    assert.ok(!rows.some(({ label }) => /not available|Balances as of/.test(label)));
    await control.credit({ currency: 'USDT', amount: '-1' });
    await ui().runCommand('KuCoin: Refresh Balances');
    await waitForFigure(view, 'Funding', 'USDT', '2,480.75');
    await ui().screenshot('recovered');
  });

  it('keeps the balances and marks the values when only prices fail', async () => {
    const view = await ui().openView('KuCoin');
    await control.fault({ kind: 'serverError', times: 0, match: { endpoint: 'getFiatPrice' } });
    await ui().runCommand('KuCoin: Refresh Balances');
    const row = await view.waitForRow('Prices could not be read');
    assert.equal(row.description, 'values are older than the balances');
    await ui().screenshot('prices');
    await control.clearFaults();
    await view.inlineAction('Prices could not be read', 'Refresh Balances');
    await view.waitForRows((rows) => !rows.some(({ label }) => label === 'Prices could not be read'));
  });

  const harmless = [
    {
      title: 'the balance is no longer enough',
      fault: {
        kind: 'envelope',
        http: 200,
        body: { code: '230003', msg: 'Balance insufficient!' },
        when: 'before',
      },
      sentence:
        'The available balance is not enough. No money moved. Refresh the balances, then prepare the transfer again with a smaller amount.',
    },
    {
      title: 'a success is none',
      fault: { kind: 'successTrap' },
      sentence:
        'The available balance is not enough. No money moved. Refresh the balances, then prepare the transfer again with a smaller amount.',
    },
  ] as const;

  for (const { title, fault, sentence } of harmless) {
    it(`says that no money moved when ${title}`, async () => {
      await control.clearRequests();
      await control.clearFaults();
      await control.fault({ ...fault, match: { method: 'POST' } });
      await transfer(ui(), way, '12.5');
      const note = await ui().notifications.waitFor('No money moved.');
      await ui().screenshot(title);
      assert.equal(note.message, sentence);
      assert.equal(note.severity, 'error');
      assert.deepEqual(await control.transfers(), { asked: 1, executed: 0 });
      await ui().notifications.dismiss('No money moved.');
    });
  }

  it('waits for the quota and then moves the funds once after a 429', async () => {
    const view = await ui().openView('KuCoin');
    await control.clearRequests();
    await control.fault({ kind: 'rateLimit', resetMs: 300, match: { method: 'POST' } });
    await transfer(ui(), way, '1');
    await ui().notifications.waitFor('Transferred 1 USDT');
    await ui().notifications.dismiss('Transferred 1 USDT');
    await waitForFigure(view, 'Funding', 'USDT', '2,479.75');
    assert.deepEqual(await control.transfers(), { asked: 2, executed: 1 });
    assert.equal(await control.total('trade', 'USDT'), '121.5');
  });

  it('does not know the outcome of a 500, asks to find out, and takes "It Did Not Happen"', async () => {
    const { quickInput, dialog, notifications } = ui();
    const view = await ui().openView('KuCoin');
    await control.clearRequests();
    await control.fault({ kind: 'serverError', match: { method: 'POST' } });
    await transfer(ui(), way, '3');
    const note = await notifications.waitFor('It is not known whether the money moved.');
    await ui().screenshot('server-error');
    assert.equal(note.severity, 'warning');
    assert.match(
      note.message,
      /^The exchange is not available at the moment: .* \(500000\)\.? It is not known/,
    );
    assert.deepEqual(note.actions, ['Details', 'What Can Be Done…']);
    assert.deepEqual(await control.transfers(), { asked: 1, executed: 0 });
    await view.waitForRow('1 transfer with an unknown outcome');
    await notifications.clickAction('It is not known', 'What Can Be Done…');
    await quickInput.waitForItems((items) => items.some(({ label }) => label === 'It Did Not Happen…'));
    await quickInput.pick('It Did Not Happen…');
    assert.equal(await dialog.message(), 'Record that this transfer did not happen?');
    await dialog.click('Record');
    await view.waitForRows((rows) => !rows.some(({ label }) => label.includes('unknown outcome')));
  });
});

describe('when the answer to a transfer is lost', () => {
  const ui = useWorkbench({
    settings: { 'kucoin.balances.refreshInterval': 0, 'kucoin.live.updates': 'never' },
  });
  const control = new Control(ui);
  const unknownRow = '1 transfer with an unknown outcome';

  before('open the demo account', async () => {
    await openDemo(ui());
  });

  it('says that the outcome is unknown, in message, tree and status bar', async () => {
    const view = await ui().openView('KuCoin');
    await control.clearRequests();
    // The ledgers tell nothing for ten minutes, so that evidence does not answer before the user.
    await control.switches({ ledgerDelayMs: 600_000, ledgerJitterMs: 0 });
    await control.fault({ kind: 'reset', when: 'after', match: { method: 'POST' } });
    await transfer(ui(), way, '12.5');
    const note = await ui().notifications.waitFor('It is not known whether the money moved.');
    await view.waitForRow(unknownRow);
    await ui().screenshot('unknown');
    assert.equal(note.severity, 'warning');
    assert.match(note.message, /^The exchange could not be reached: .*Do not repeat the transfer yet\./);
    const status = await eventually(
      () => ui().statusBar.item('kucoin.profile'),
      ({ ariaLabel }) => ariaLabel.includes('unknown outcome'),
      'the warning in the status bar',
    );
    assert.match(status.ariaLabel, /Transfers with an unknown outcome: 1\. See Transfer History\./);
  });

  it('warns before an identical transfer is sent', async () => {
    await walkToModal(ui(), way, '12.5');
    const detail = await ui().dialog.detail();
    await ui().screenshot('identical');
    assert.match(
      detail,
      /An identical transfer of .* has an unknown outcome\. If it did happen, this one moves the funds a second time\./,
    );
    await ui().dialog.escape();
    assert.deepEqual(await control.transfers(), { asked: 1, executed: 1 });
  });

  it('still knows it after the window was loaded again', async () => {
    await ui().reload();
    const view = await ui().openView('KuCoin');
    await view.waitForRow(unknownRow);
    await waitForFigure(view, 'Funding', 'USDT', '2,468.25');
    await ui().screenshot('after-reload');
    const { ariaLabel } = await eventually(
      () => ui().statusBar.item('kucoin.profile'),
      (item) => item.ariaLabel.includes('unknown outcome'),
      'the warning in the status bar',
    );
    assert.match(ariaLabel, /DEMO/);
  });

  it('lets the user record that it happened, and moved the funds exactly once', async () => {
    const { dialog } = ui();
    const view = await ui().openView('KuCoin');
    await view.inlineAction(unknownRow, 'Transfer History');
    const transfers = await ui().openView('KuCoin', 'Transfers');
    const rows = await transfers.waitForRows((all) => all[0]?.label === 'Not Over Yet');
    assert.match(rows[1]?.description ?? '', /Outcome unknown/);
    await ui().screenshot('history');
    const menu = await transfers.contextMenu(rows[1]?.label ?? '');
    await ui().screenshot('what-happened');
    await menu.choose('Record That Transfer Happened…');
    assert.equal(await dialog.message(), 'Record that this transfer happened?');
    assert.match(await dialog.detail(), /This only changes the history here; it moves nothing\./);
    await ui().screenshot('record');
    await dialog.click('Record');
    await view.waitForRows((rows) => !rows.some(({ label }) => label === unknownRow), 'the row to go');
    await eventually(
      () => ui().statusBar.item('kucoin.profile'),
      ({ ariaLabel }) => !ariaLabel.includes('unknown outcome'),
      'the status bar without warning',
    );
    await ui().screenshot('resolved');
    assert.equal(await control.total('main', 'USDT'), '2468.25');
    assert.equal(await control.total('trade', 'USDT'), '133');
  });

  it('finds out by itself, from the ledgers, what became of the next one', async () => {
    const view = await ui().openView('KuCoin');
    await control.switches({ ledgerDelayMs: 300, ledgerJitterMs: 0 });
    await control.clearRequests();
    await control.fault({ kind: 'reset', when: 'after', match: { method: 'POST' } });
    await transfer(ui(), way, '2.5');
    await ui().notifications.waitFor('It is not known whether the money moved.');
    await ui().notifications.waitFor(
      'The ledgers show what became of the transfer of 2.5 USDT: The money moved.',
    );
    await ui().screenshot('evidence');
    await view.waitForRows((rows) => !rows.some(({ label }) => label === unknownRow), 'the row to go');
    assert.deepEqual(await control.transfers(), { asked: 1, executed: 1 });
    assert.equal(await control.total('main', 'USDT'), '2465.75');
  });

  it('finds it out in a window that was loaded again before there was evidence', async () => {
    const before = decimal(await control.total('main', 'USDT'));
    // The row of the ledger keeps the delay that it was written with, whatever the new window begins with.
    await control.switches({ ledgerDelayMs: 30_000, ledgerJitterMs: 0 });
    await control.fault({ kind: 'reset', when: 'after', match: { method: 'POST' } });
    await transfer(ui(), way, '3.5');
    await ui().notifications.waitFor('It is not known whether the money moved.');
    await ui().reload();
    const view = await ui().openView('KuCoin');
    await view.waitForRow(unknownRow);
    const told = 'The ledgers show what became of the transfer of 3.5 USDT: The money moved.';
    await eventually(
      () => ui().notifications.list(),
      (all) => all.some(({ message }) => message.includes(told)),
      'the evidence',
      90_000,
    );
    await ui().screenshot('evidence-after-reload');
    await view.waitForRows((rows) => !rows.some(({ label }) => label === unknownRow), 'the row to go');
    assert.equal(await control.total('main', 'USDT'), subtract(before, decimal('3.5')));
  });
});
