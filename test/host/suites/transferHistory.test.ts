import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import type { Services } from '../../../src/services';
import { cleanUp, escape, Messages, run, Script, services, useKey } from './support/host';

interface Exported {
  readonly format: string;
  readonly version: number;
  readonly transfers: readonly {
    readonly intent: { readonly currency: string; readonly amount: string };
    readonly profile: { readonly name: string };
    readonly stateText: string;
  }[];
}

describe('the history of transfers', () => {
  let exchange: Sandbox;
  let own: Services;
  let messages: Messages;
  /** Of this suite only: transfers of others are in the same journal. */
  const name = 'History "of" one; =1+1';

  before(async () => {
    exchange = await startSandbox({ world: 'today' });
    own = await services();
    await cleanUp();
    await useKey(exchange, { name });
    await own.accounts.refresh();
    for (const [currency, amount] of [
      ['USDT', '12.5'],
      ['BTC', '0.00100001'],
      ['USDT', '1'],
    ] as const) {
      const script = new Script(currency, 'Funding', 'Spot', amount, 'Continue to the confirmation…');
      await run('kucoin.transfer.inner', script);
    }
  });
  beforeEach(() => {
    messages = new Messages();
  });
  afterEach(() => messages.dispose());
  after(async () => {
    await run('kucoin.history.clearFilter', new Script());
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await cleanUp();
    await exchange.stop();
  });

  /** Labels of the rows that the view shows, without the groups. */
  const labels = async (): Promise<unknown[]> => {
    const { tree } = own.history;
    const roots = await own.history.getChildren();
    return roots.flatMap((root) =>
      root.kind === 'day' || root.kind === 'open'
        ? tree.getChildren(root).map((row) => tree.getTreeItem(row).label)
        : [tree.getTreeItem(root).label],
    );
  };

  /** Exports with these answers; the text of the file, or `undefined` where none was asked for. */
  const exported = async (
    script: Script,
    target: 'file' | 'cancelled' = 'file',
  ): Promise<string | undefined> => {
    const file = path.join(tmpdir(), `transfers-${process.pid}`);
    const { showSaveDialog } = vscode.window;
    Object.defineProperty(vscode.window, 'showSaveDialog', {
      configurable: true,
      value: () => Promise.resolve(target === 'file' ? vscode.Uri.file(file) : undefined),
    });
    try {
      await run('kucoin.transfer.export', script);
      assert.equal(script.left, 0);
      return await readFile(file, 'utf8').catch(() => undefined);
    } finally {
      Object.defineProperty(vscode.window, 'showSaveDialog', { configurable: true, value: showSaveDialog });
      await rm(file, { force: true });
    }
  };

  it('is filtered by profile, state and currency, step by step', async () => {
    const script = new Script(name, 'Done', 'USDT');
    await run('kucoin.history.filter', script);
    assert.deepEqual(await labels(), ['1 USDT', '12.5 USDT']);
    assert.equal(own.history.filterWords(), `USDT · Done · ${name}`);
    assert.deepEqual(script.offered[1], [
      'All States',
      'Done',
      'Not executed',
      'Stopped half-way',
      'Outcome unknown',
      'Under way',
    ]);
    assert.ok(script.offered[2]?.includes('BTC'));
  });

  it('says that nothing matches, and stays as it is when a box is left', async () => {
    await run('kucoin.history.filter', new Script(name, 'Outcome unknown', 'All Currencies'));
    assert.deepEqual(await labels(), ['No transfer matches the filter']);
    await run('kucoin.history.filter', new Script('All Profiles', escape));
    assert.deepEqual(await labels(), ['No transfer matches the filter']);
  });

  it('shows all again', async () => {
    await run('kucoin.history.filter', new Script(name, 'Done', 'BTC'));
    assert.deepEqual(await labels(), ['0.00100001 BTC']);
    await run('kucoin.history.clearFilter', new Script());
    assert.ok(!own.history.isFiltered);
    assert.deepEqual((await labels()).slice(0, 3), ['1 USDT', '0.00100001 BTC', '12.5 USDT']);
  });

  it('is exported as CSV as far as the view shows it', async () => {
    await run('kucoin.history.filter', new Script(name, 'Done', 'USDT'));
    const text = await exported(new Script('Transfers That the View Shows', 'CSV'));
    const [head, ...lines] = (text ?? '').trimEnd().split('\r\n');
    assert.match(head ?? '', /^"?Confirmed"?,/);
    assert.equal(lines.length, 2);
    assert.ok(lines[0]?.includes('"1"') && lines[1]?.includes('"12.5"'), text);
    assert.ok(
      lines.every((line) => line.includes('"History ""of"" one; =1+1"')),
      text,
    );
    await messages.waitFor(/^Exported 2 transfers\.$/);
  });

  it('is exported as JSON, all of it, whatever the view shows', async () => {
    await run('kucoin.history.filter', new Script(name, 'Done', 'BTC'));
    const text = await exported(new Script('All Transfers', 'JSON'));
    const { format, version, transfers } = JSON.parse(text ?? '') as Exported;
    assert.deepEqual([format, version], ['kucoin-accounts history', 1]);
    const all = await own.desk.history();
    assert.equal(transfers.length, all.length);
    assert.deepEqual(
      transfers
        .slice(0, 3)
        .map(({ intent, profile, stateText }) => [intent.currency, intent.amount, profile.name, stateText]),
      [
        ['USDT', '1', name, 'Done'],
        ['BTC', '0.00100001', name, 'Done'],
        ['USDT', '12.5', name, 'Done'],
      ],
    );
  });

  it('is exported without a question about a filter that is not there', async () => {
    await run('kucoin.history.clearFilter', new Script());
    const text = await exported(new Script('CSV'));
    const legs = (await own.desk.history()).reduce((sum, record) => sum + record.legs.length, 0);
    assert.equal((text ?? '').trimEnd().split('\r\n').length, legs + 1);
  });

  it('holds no secret in what is exported', async () => {
    const text = (await exported(new Script('JSON'))) ?? '';
    for (const secret of [demoKeys.demo.key, demoKeys.demo.secret, demoKeys.demo.passphrase])
      assert.ok(!text.includes(secret));
  });

  it('writes nothing and says nothing when no file is chosen', async () => {
    assert.equal(await exported(new Script('CSV'), 'cancelled'), undefined);
    assert.deepEqual(messages.said, []);
  });
});
