import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import type { Services } from '../../../src/services';
import { cleanUp, drawTree, eventually, services, setUserSetting, useKey } from './support/host';

const set = (name: string, value: unknown): Promise<void> => setUserSetting('kucoin', name, value);

describe('the balances', () => {
  let exchange: Sandbox;
  let own: Services;

  before(async () => {
    exchange = await startSandbox({ world: 'today' });
    own = await services();
    await cleanUp();
    await set('balances.refreshInterval', 0);
    await useKey(exchange, { readOnly: true });
    await vscode.commands.executeCommand('kucoin.accounts.focus');
    await own.accounts.refresh();
  });
  after(async () => {
    await cleanUp();
    await exchange.stop();
  });

  const namesIn = async (account: string): Promise<string[]> => {
    const rows = await drawTree();
    const start = rows.findIndex((row) => row.startsWith(`  ${account} `));
    const after = rows.slice(start + 1);
    const end = after.findIndex((row) => !row.startsWith('    '));
    return after.slice(0, end < 0 ? undefined : end).map((row) => row.trim().split(' ')[0] ?? '');
  };

  it('are drawn with profile, account and currency', async () => {
    const rows = await drawTree();
    assert.match(rows[0] ?? '', /^Main LIVE · ≈ [\d,]+\+ USD · read-only/);
    assert.match(rows[1] ?? '', /^ {2}Funding ≈ [\d,]+\+ USD$/);
    assert.equal(rows[2], '    BTC 0.18342719 · ≈ 11,785.21 USD · 0.01 held');
  });

  it('are ordered and hidden by settings without a call of the exchange', async () => {
    exchange.clearRequests();
    await set('balances.sortBy', 'name');
    await eventually(
      () => namesIn('Funding'),
      (names) => names[0] === 'ADA',
      'the order by name',
    );
    await set('balances.hideSmall', true);
    await eventually(
      () => namesIn('Funding'),
      (names) => !names.includes('ADA') && !names.includes('XRP'),
      'small balances to be hidden',
    );
    assert.ok((await namesIn('Funding')).includes('PLAY'), 'what has no price is never hidden');
    await set('balances.hideSmall', undefined);
    await set('balances.sortBy', undefined);
    await eventually(
      () => namesIn('Funding'),
      (names) => names[0] === 'BTC' && names.at(-1) === 'XRP',
      'the order by value',
    );
    assert.equal(exchange.requests().total, 0);
  });

  it('are valued in another currency with one call for its prices', async () => {
    exchange.clearRequests();
    await set('valuation.currency', 'EUR');
    await eventually(drawTree, (rows) => rows[2]?.includes('EUR') ?? false, 'values in EUR');
    assert.deepEqual(
      exchange.requests().recent.map(({ target }) => target),
      ['/api/v1/prices?base=EUR'],
    );
    assert.ok(
      !(await drawTree()).some((row) => row.includes('USD ') && row.includes('≈') && row.endsWith('USD')),
    );
    await set('valuation.currency', undefined);
    await eventually(drawTree, (rows) => rows[2]?.includes(' USD') ?? false, 'values in USD');
  });

  it('are valued in the currency that was chosen while nobody looked, once somebody looks', async () => {
    await vscode.commands.executeCommand('workbench.view.explorer');
    await set('valuation.currency', 'EUR');
    await vscode.commands.executeCommand('kucoin.accounts.focus');
    await eventually(drawTree, (rows) => rows[2]?.includes('EUR') ?? false, 'values in EUR');
    await set('valuation.currency', undefined);
    await eventually(drawTree, (rows) => rows[2]?.includes(' USD') ?? false, 'values in USD');
  });

  it('are shown without values when there are no prices in the wanted currency', async () => {
    await set('valuation.currency', 'XXX');
    const rows = await eventually(
      drawTree,
      (all) => all.some((row) => row.includes('Prices could not be read')),
      'the row about the prices',
    );
    assert.ok(
      rows.some((row) => row.trim().startsWith('BTC 0.18342719')),
      rows.join('\n'),
    );
    assert.ok(!rows.some((row) => row.includes('≈')), 'no value in another currency');
    await set('valuation.currency', undefined);
    await eventually(drawTree, (all) => all[2]?.includes(' USD') ?? false, 'values in USD');
  });

  it('are read in an interval while somebody looks, and never when the view is hidden', async () => {
    const timers = new Map<unknown, () => void>();
    const { setInterval: setReal, clearInterval: clearReal } = globalThis;
    const intervalMs = 4_321_000;
    Object.assign(globalThis, {
      setInterval: (work: () => void, ms?: number) => {
        const timer = setReal(work, ms);
        if (ms === intervalMs) timers.set(timer, work);
        return timer;
      },
      clearInterval: (timer: NodeJS.Timeout | undefined) => {
        timers.delete(timer);
        clearReal(timer);
      },
    });
    try {
      await vscode.commands.executeCommand('kucoin.accounts.focus');
      await set('balances.refreshInterval', intervalMs / 1000);
      await eventually(
        () => timers.size,
        (count) => count === 1,
        'one timer',
      );
      exchange.clearRequests();
      for (const work of timers.values()) work();
      await eventually(
        () => exchange.requests().counts['getAccountList'] ?? 0,
        (count) => count === 1,
        'the reading of the interval',
      );
      await vscode.commands.executeCommand('workbench.view.explorer');
      await eventually(
        () => timers.size,
        (count) => count === 0,
        'the timer to go with the view',
      );
      await eventually(
        () => exchange.requests().recent.every(({ done }) => done),
        Boolean,
        'the last answer',
      );
      exchange.clearRequests();
      await set('balances.sortBy', 'name');
      await set('balances.sortBy', undefined);
      assert.equal(timers.size, 0, 'no timer comes back while nobody looks');
      assert.equal(exchange.requests().total, 0);
    } finally {
      Object.assign(globalThis, { setInterval: setReal, clearInterval: clearReal });
      await set('balances.refreshInterval', 0);
    }
  });
});
