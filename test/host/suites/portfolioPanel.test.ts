import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import type { ToPage } from '../../../src/webview/portfolio/messages';
import {
  cleanUp,
  eventually,
  run,
  Script,
  services,
  setUserSetting,
  storageFolder,
  useKey,
} from './support/host';

const set = (value: unknown): Promise<void> => setUserSetting('kucoin', 'portfolio.keepSnapshots', value);

describe('the portfolio panel in the editor', () => {
  let exchange: Sandbox;
  let profileId: string;
  let opened: vscode.WebviewPanel | undefined;
  const posted: ToPage[] = [];
  const original = vscode.window.createWebviewPanel.bind(vscode.window);

  before(async () => {
    exchange = await startSandbox({ world: 'today' });
    await cleanUp();
    await set(true);
    profileId = await useKey(exchange, { readOnly: true });
    Object.assign(vscode.window, {
      createWebviewPanel: (...values: Parameters<typeof original>): vscode.WebviewPanel => {
        const panel = original(...values);
        const { webview } = panel;
        const post = webview.postMessage.bind(webview);
        Object.assign(webview, {
          postMessage: (message: ToPage) => {
            posted.push(message);
            return post(message);
          },
        });
        opened = panel;
        return panel;
      },
    });
  });

  after(async () => {
    Object.assign(vscode.window, { createWebviewPanel: original });
    opened?.dispose();
    await set(undefined);
    await cleanUp();
    await exchange.stop();
  });

  const snapshotFile = async (): Promise<string> =>
    path.join(await storageFolder(), 'snapshots', `${profileId}.jsonl`);

  it('opens with a strict policy, and its page asks for what there is to show', async () => {
    await vscode.commands.executeCommand('kucoin.portfolio.openPanel');
    assert.equal(opened?.title, 'Portfolio · Main');
    assert.match(
      opened.webview.html,
      /content="default-src 'none'; style-src [^;]+; script-src 'nonce-[\w-]{22}'; base-uri 'none'; form-action 'none'"/,
    );
    assert.ok(!('retainContextWhenHidden' in opened.options) || !opened.options.retainContextWhenHidden);
    const state = await eventually(
      () => posted.findLast((message) => message.type === 'state')?.state,
      (now) => now !== undefined && !now.isBusy && now.total.startsWith('Total '),
      'the whole state',
    );
    assert.equal(posted[0]?.type, 'texts');
    assert.equal(state?.environment, 'LIVE');
    assert.equal(state.environmentText, 'Real money.');
    assert.deepEqual(
      state.cards.map(({ id }) => id),
      ['currencies', 'accounts', 'owners', 'history', 'flows'],
    );
    const { key, secret, passphrase } = demoKeys.demo;
    const all = JSON.stringify(posted);
    for (const hidden of [key, secret, passphrase]) assert.ok(!all.includes(hidden));
  });

  it('is one a window', async () => {
    const first = opened;
    await vscode.commands.executeCommand('kucoin.portfolio.openPanel');
    assert.equal(opened, first);
  });

  it('names a family that failed, and goes on with the others', async () => {
    const own = await services();
    const fault = exchange.addFault({
      kind: 'envelope',
      http: 403,
      body: { code: '400007', msg: 'Require more permission' },
      when: 'before',
      times: 0,
      match: { endpoint: 'getCrossMarginAccount' },
    });
    await own.sessions.opened?.portfolio.refresh();
    const state = await eventually(
      () => posted.findLast((message) => message.type === 'state')?.state,
      (now) => now !== undefined && now.problems.length > 0,
      'the problem',
    );
    assert.match(state?.problems[0] ?? '', /^Not in these figures: cross margin\. /);
    assert.ok(state?.cards.find(({ id }) => id === 'accounts')?.picture);
    exchange.clearFaults(fault);
  });

  it('leaves a snapshot where the user wants them, until they are deleted', async () => {
    const file = await snapshotFile();
    await eventually(() => existsSync(file), Boolean, 'the snapshot');
    const [question] = await run('kucoin.portfolio.deleteSnapshots', new Script());
    assert.equal(question?.message, 'Delete the snapshots of Main?');
    assert.equal(existsSync(file), false);
  });

  it('deletes the snapshots of a profile that is removed', async () => {
    const own = await services();
    const file = await snapshotFile();
    await own.sessions.opened?.portfolio.refresh();
    await eventually(() => existsSync(file), Boolean, 'the snapshot');
    await run('kucoin.profile.remove', new Script());
    assert.equal(existsSync(file), false);
    assert.equal(own.profiles.find(profileId), undefined);
  });
});
