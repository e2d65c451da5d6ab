import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { eventually, useWorkbench, type TreeView, type Workbench } from '../harness';
import { Control } from './support/control';
import { chooseTheme, openDemo, rowOf, waitForFigure } from './support/steps';

/** What the header of the view says of the feed. */
function waitForTitle(ui: Workbench, wanted: RegExp): Promise<string> {
  const title = ui.page.locator('.part.sidebar .pane-header .title, .part.sidebar .composite.title h2');
  return eventually(
    async () => (await title.allInnerTexts()).join(' | '),
    (text) => wanted.test(text),
    `a title like ${wanted.source}`,
  );
}

/** The moment, by the clock of this machine, at which a text appears in the side bar. */
function momentOf(page: Page, text: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const bar = document.querySelector('.part.sidebar');
    const look = () => {
      if (!bar.textContent.includes(${JSON.stringify(text)})) return;
      observer.disconnect();
      requestAnimationFrame(() => resolve(Date.now()));
    };
    const observer = new MutationObserver(look);
    observer.observe(bar, { subtree: true, childList: true, characterData: true });
    look();
  })`);
}

describe('balances that are live', () => {
  const ui = useWorkbench({ theme: 'dark', viewport: { width: 1400, height: 860 } });
  const control = new Control(ui);
  const master = { type: 'main', currency: 'USDT' } as const;
  let view: TreeView;
  let second: Workbench | undefined;

  before('open the demo account', async () => {
    view = await openDemo(ui());
  });

  it('say so in the title of the view', async () => {
    await waitForTitle(ui(), /DEMO · feed live/i);
    await control.switches({ pushDelayMs: 0 });
  });

  it('show a deposit as it arrives, and by how much', async () => {
    await control.credit({ ...master, amount: '12.5' });
    await waitForFigure(view, 'Funding', 'USDT', '2,493.25');
    const row = rowOf(await view.rows(), 'Funding', 'USDT');
    assert.match(row?.description ?? '', /▲ \+12\.5/);
    await ui().screenshot('arrived');
  });

  for (const [theme, shown] of [
    ['Light Modern', '2,494.25'],
    ['Dark High Contrast', '2,495.25'],
    ['Dark Modern', '2,496.25'],
  ] as const) {
    it(`say in ${theme} what has just changed`, async () => {
      await chooseTheme(ui(), theme);
      await control.credit({ ...master, amount: '1' });
      await waitForFigure(view, 'Funding', 'USDT', shown);
      assert.match(rowOf(await view.rows(), 'Funding', 'USDT')?.description ?? '', /▲ \+/);
      await ui().screenshot(theme);
    });
  }

  it('are seen within a moment of the push', async () => {
    const times: number[] = [];
    let last = Date.now();
    for (let round = 1; round <= 9; round += 1) {
      const total = (2496.25 + round).toFixed(2);
      const shown = total.replace(/^(\d)(\d{3})/, '$1,$2');
      // Changes right after one another share a drawing: what is measured is a push after a quiet moment.
      await eventually(
        () => Promise.resolve(Date.now() - last),
        (ms) => ms > 500,
        'a quiet moment',
      );
      const seen = momentOf(ui().page, shown);
      const pushed = Date.now();
      await control.credit({ ...master, amount: '1' });
      last = await seen;
      times.push(last - pushed);
    }
    assert.ok(times.every((ms) => ms >= 0));
    const median = times.sort((a, b) => a - b)[4];
    console.log(`    push to visible row: median ${median} ms of ${times.join(', ')}`);
  });

  it('ask for nothing while the feed tells of the changes', async () => {
    let total = 2505.25;
    const round = async (): Promise<object> => {
      total += 0.25;
      await control.clearRequests();
      await control.credit({ ...master, amount: '0.25' });
      await waitForFigure(view, 'Funding', 'USDT', `2,${String(total).slice(1)}`);
      return (await control.requests()).counts;
    };
    // The snapshot that follows the last subscription may still be on its way.
    await eventually(round, (counts) => Object.keys(counts).length === 0, 'a change without a request');
    await control.credit({ ...master, amount: String(2510 - total) });
    await waitForFigure(view, 'Funding', 'USDT', '2,510');
  });

  it('are read now and then while the feed is down, and live again when it is back', async () => {
    await control.fault({ kind: 'refuseSocket', times: 0 } as never);
    await control.closeSockets();
    await waitForTitle(ui(), /feed reconnecting/i);
    await ui().screenshot('cut');
    await control.credit({ ...master, amount: '7.5' });
    await control.clearFaults();
    await waitForTitle(ui(), /DEMO · feed live/i);
    await waitForFigure(view, 'Funding', 'USDT', '2,517.5');
    await ui().screenshot('healed');
  });

  it('come over one connection for each host to two windows', async () => {
    second = await ui().secondWindow();
    const other = await second.openView('KuCoin');
    await waitForTitle(second, /DEMO · feed live/i);
    assert.equal((await control.sockets()).open, 2);
    await control.credit({ ...master, amount: '1' });
    await waitForFigure(other, 'Funding', 'USDT', '2,518.5');
    await second.screenshot('second-window');
  });

  it('go on in the other window when the one with the connections is gone', async () => {
    assert.ok(second);
    const other = await second.openView('KuCoin');
    // Loading it again ends its extension host, and with it the sockets and the sandbox.
    await ui().reload();
    view = await ui().openView('KuCoin');
    await waitForTitle(ui(), /DEMO · feed live/i);
    await second.page.bringToFront();
    await waitForTitle(second, /DEMO · feed live/i);
    await control.credit({ ...master, amount: '1' });
    await waitForFigure(other, 'Funding', 'USDT', '2,519.5');
    await ui().page.bringToFront();
    await waitForFigure(view, 'Funding', 'USDT', '2,519.5');
    assert.equal((await control.sockets()).open, 2);
  });

  it('need no connection, no request and no timer of the exchange while nobody looks', async () => {
    await second?.close();
    await ui().page.locator('.part.activitybar .action-label[aria-label^="Explorer"]').first().click();
    await eventually(
      () => control.sockets(),
      ({ open, jobs }) => open === 0 && jobs === 0,
      'no connection',
    );
    await control.clearRequests();
    await control.credit({ ...master, amount: '1' });
    assert.deepEqual((await control.requests()).counts, {});
    await ui().openView('KuCoin');
    await waitForTitle(ui(), /DEMO · feed live/i);
    await waitForFigure(view, 'Funding', 'USDT', '2,520.5');
  });
});
