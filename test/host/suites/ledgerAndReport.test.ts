import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import type { Services } from '../../../src/services';
import { cleanUp, eventually, Messages, Script, services, useKey } from './support/host';

const run = (id: string, argument?: unknown): Thenable<unknown> =>
  vscode.commands.executeCommand(`kucoin.${id}`, argument);
const shown = (): string => vscode.window.activeTextEditor?.document.getText() ?? '';
const waitForText = (part: string | RegExp): Promise<string> =>
  eventually(
    shown,
    (text) => (typeof part === 'string' ? text.includes(part) : part.test(text)),
    String(part),
  );

/** Nothing answers, however often it is asked. */
const maintenance = {
  kind: 'serverError',
  http: 503,
  code: '503000',
  msg: 'down',
  when: 'before',
  times: 0,
} as const;

describe('documents about a profile', () => {
  let exchange: Sandbox;
  let own: Services;
  let profileId: string;
  let messages: Messages;

  before(async () => {
    exchange = await startSandbox({ world: 'today' });
    own = await services();
    await cleanUp();
    profileId = await useKey(exchange, { name: 'Very Private Name', readOnly: true });
    await own.accounts.refresh();
  });
  beforeEach(() => {
    messages = new Messages();
  });
  afterEach(async () => {
    messages.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    await cleanUp();
    await exchange.stop();
  });

  describe('the ledger', () => {
    it('shows the movements of the row it is asked for, newest first', async () => {
      await run('ledger.show', { kind: 'balance', profileId, type: 'main', currency: 'USDT' });
      const text = await waitForText('Since then');
      assert.match(text, /^Ledger of Funding \(main\) · USDT · Very Private Name · LIVE\n/);
      const times = [...text.matchAll(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) {3}USDT/gm)].map(([, time]) => time);
      assert.ok(times.length > 3);
      assert.deepEqual(times, [...times].sort().reverse());
    });

    it('shows one kind and direction only when asked to, and says so', async () => {
      await run('ledger.show', { kind: 'balance', profileId, type: 'main', currency: 'USDT' });
      await waitForText('Since then');
      own.answerWith({ prompt: new Script('Out') });
      await run('ledger.filter');
      const text = await waitForText(/Only: Out[^]*Since then/);
      const rows = text.split('\n').filter((line) => /^\d{4}-/.test(line));
      assert.ok(rows.length > 0 && rows.every((line) => / -\d/.test(line)), text);
    });

    it('shows one day', async () => {
      await run('ledger.show', { kind: 'balance', profileId, type: 'main', currency: 'USDT' });
      await waitForText('Since then');
      own.answerWith({ prompt: new Script('One day…', '2020-02-29') });
      await run('ledger.filter');
      const text = await waitForText('KuCoin shows nothing older.');
      assert.match(text, /^0 movements\./m);
    });

    it('asks for the account in the palette, and reads futures too', async () => {
      own.answerWith({ prompt: new Script('Futures') });
      await run('ledger.show');
      assert.match(await waitForText('Since then'), /^Ledger of Futures \(contract\)/);
    });

    it('says why it cannot be read on, and reads on when asked again', async () => {
      exchange.addFault(maintenance);
      await run('ledger.show', { kind: 'account', profileId, type: 'option' });
      await waitForText('could not be read on');
      exchange.clearFaults();
      await run('ledger.more');
      await waitForText(/Read back to|nothing older/);
    });

    it('says that a sub-account shows it to its own key only', async () => {
      await run('ledger.show', { kind: 'account', profileId, type: 'main', subUserId: '1' });
      assert.match(messages.said.at(-1)?.text ?? '', /to its own API key only/);
    });

    it('is exported as it is shown', async () => {
      await run('ledger.show', { kind: 'balance', profileId, type: 'main', currency: 'USDT' });
      const rows = (await waitForText('Since then')).split('\n').filter((line) => /^\d{4}-/.test(line));
      const file = path.join(tmpdir(), `ledger-${process.pid}.csv`);
      const { showSaveDialog } = vscode.window;
      Object.defineProperty(vscode.window, 'showSaveDialog', {
        configurable: true,
        value: () => Promise.resolve(vscode.Uri.file(file)),
      });
      try {
        await run('ledger.export');
        const lines = (await readFile(file, 'utf8')).trim().split('\r\n');
        assert.equal(lines.length, rows.length + 1);
      } finally {
        Object.defineProperty(vscode.window, 'showSaveDialog', { configurable: true, value: showSaveDialog });
        await rm(file, { force: true });
      }
    });
  });

  describe('the connection report', () => {
    it('tells how the exchange answers, and nothing that is private', async () => {
      await run('connection.report');
      const text = await waitForText('# KuCoin Accounts: Connection Report');
      for (const part of ['VS Code', 'Environment: LIVE', 'Service status, spot: open', 'of 4000', 'State:'])
        assert.ok(text.includes(part), `${part} is missing in:\n${text}`);
      const uid = String(exchange.state().users[0]?.uid);
      for (const secret of [
        ...Object.values(demoKeys.demo).map(String),
        'Very Private Name',
        uid,
        '2480.75',
      ]) {
        if (secret.length > 3) assert.ok(!text.includes(secret), `${secret} is in the report`);
      }
    });

    it('says what is wrong when the exchange does not answer', async () => {
      exchange.addFault(maintenance);
      try {
        await run('connection.report');
        assert.match(await waitForText('Connection Report'), /Service status, spot: .*unavailable/);
      } finally {
        exchange.clearFaults();
      }
    });
  });
});
