import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import { cleanUp, eventually, run, Script, useKey } from './support/host';

/** Its tab, by the name that it shows. */
function tabOf(symbol: string): vscode.Tab | undefined {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .find(({ label }) => label === `${symbol} Order Book`);
}

describe('the order book', () => {
  let exchange: Sandbox;

  before(async () => {
    exchange = await startSandbox({ world: 'today' });
    await cleanUp();
    await useKey(exchange, { readOnly: true });
  });
  after(async () => {
    await cleanUp();
    await exchange.stop();
  });

  const bookTopics = (): string[] =>
    exchange
      .sockets()
      .connections.flatMap(({ topics }) => topics)
      .filter((topic) => topic.startsWith('/market/level2:'));

  it('is opened for the pair that is picked, and kept by one call of the whole book', async () => {
    exchange.clearRequests();
    const script = new Script('KCS-USDT');
    await run('kucoin.market.orderBook', script);
    assert.equal(script.left, 0);
    await eventually(
      () => exchange.requests().counts,
      (counts) => counts['getFullOrderBook'] === 1 && counts['getAllSymbols'] === 1,
      'the snapshot of the book',
    );
    assert.deepEqual(bookTopics(), ['/market/level2:KCS-USDT']);
    await eventually(
      () => tabOf('KCS-USDT')?.input instanceof vscode.TabInputWebview,
      Boolean,
      'the tab of the panel',
    );
  });

  it('offers the pair first that was used last', async () => {
    const script = new Script('KCS-USDT');
    await run('kucoin.market.orderBook', script);
    assert.equal(script.offered[0]?.[0], 'KCS-USDT');
    assert.equal(
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter((tab) => tab.label === 'KCS-USDT Order Book').length,
      1,
    );
  });

  it('makes itself anew after a lost message, with one call', async () => {
    const before = exchange.requests().counts['getFullOrderBook'] ?? 0;
    exchange.addFault({ kind: 'dropEvent', match: { topic: '/market/level2' } });
    await eventually(
      () => exchange.requests().counts['getFullOrderBook'],
      (count) => count === before + 1,
      'another snapshot',
    );
  });

  it('listens to nothing once its tab is closed', async () => {
    const tab = tabOf('KCS-USDT');
    assert.ok(tab);
    await vscode.window.tabGroups.close(tab);
    await eventually(bookTopics, (topics) => topics.length === 0, 'the end of the topic');
  });
});
