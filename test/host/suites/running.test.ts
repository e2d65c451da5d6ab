import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { environmentVariables } from '../../../src/kucoin/environment';
import { demoKeys } from '../../../src/sandbox/demo';
import type { Services } from '../../../src/services';
import type { ModalQuestion } from '../../../src/ui/dialogs';
import { cleanUp, eventually, extension, Messages, run, Script, services } from './support/host';

const { key, secret, passphrase } = demoKeys.demo;

/** What a debug session was asked and what it said, as the debug adapter and the editor exchanged it. */
class Tracker implements vscode.DebugAdapterTracker {
  output = '';
  launched: Record<string, unknown> | undefined;

  onWillReceiveMessage(message: { command?: string; arguments?: Record<string, unknown> }): void {
    if (message.command === 'launch') this.launched ??= message.arguments;
  }

  onDidSendMessage(message: { event?: string; body?: { output?: string } }): void {
    if (message.event === 'output') this.output += message.body?.output ?? '';
  }
}

describe('a program that runs with a profile', () => {
  let own: Services;
  let messages: Messages;
  let questions: (Omit<ModalQuestion, 'action'> & { readonly actions: readonly string[] })[];
  let answer: string | undefined;
  let tracker: Tracker;
  let tracking: vscode.Disposable;
  const [folder] = vscode.workspace.workspaceFolders ?? [];

  before(async () => {
    own = await services();
    await cleanUp();
    await run('kucoin.demo.openToday', new Script());
    tracker = new Tracker();
    tracking = vscode.debug.registerDebugAdapterTrackerFactory('*', {
      createDebugAdapterTracker: () => tracker,
    });
  });
  after(async () => {
    tracking.dispose();
    await cleanUp();
  });
  beforeEach(() => {
    messages = new Messages();
    questions = [];
    answer = undefined;
    own.answerWith({
      choose: (question) => {
        questions.push(question);
        return Promise.resolve(answer);
      },
    });
  });
  afterEach(async () => {
    messages.dispose();
    await vscode.commands.executeCommand('kucoin.run.revoke');
  });

  const bot = path.join(extension().extensionPath, 'examples', 'balance.mjs');
  const start = (more: Record<string, unknown> = {}): Thenable<boolean> =>
    vscode.debug.startDebugging(folder, {
      type: 'node',
      request: 'launch',
      name: 'Balance',
      program: bot,
      runtimeExecutable: process.execPath,
      internalConsoleOptions: 'neverOpen',
      'kucoin.profile': 'Local KuCoin',
      ...more,
    });

  it('gets key and base URL from the debugger, and from no file', async () => {
    answer = 'Start';
    const ended = new Promise<void>((resolve) => {
      const listening = vscode.debug.onDidTerminateDebugSession(({ parentSession }) => {
        if (parentSession) return;
        listening.dispose();
        resolve();
      });
    });
    assert.equal(
      await start({ console: 'integratedTerminal', env: { KUCOIN_BASE_URL: 'http://evil.invalid' } }),
      true,
    );
    await eventually(
      () => tracker.output,
      (output) => /\d USDT in the funding account at http:\/\/127\.0\.0\.1:\d+/.test(output),
      'the balance that the bot prints',
    );
    await ended;
    assert.match(questions[0]?.message ?? '', /^DEMO: start Balance with the profile Local KuCoin\?$/);
    assert.equal((tracker.launched?.['env'] as Record<string, string>)['KUCOIN_API_KEY'], key);
    assert.equal(tracker.launched?.['console'], 'internalConsole');
    assert.match(messages.said.map(({ text }) => text).join(), /runs in the debug console/);
    assert.ok(folder);
    for (const text of textsBelow(folder.uri.fsPath))
      assert.ok(!text.includes(secret) && !text.includes(passphrase));
  });

  it('does not start when the user leaves the question', async () => {
    assert.equal(await start(), false);
    assert.equal(questions.length, 1);
    assert.deepEqual(messages.said, []);
  });

  const hostile: [what: string, more: Record<string, unknown>, sentence: RegExp][] = [
    ['another name', { 'kucoin.profile': 'Main' }, /no profile named Main\. .* There are: Local KuCoin\.$/],
    ['no name', { 'kucoin.profile': { id: 1 } }, /has to be the name of a profile/],
    ['a link for a name', { 'kucoin.profile': '[a](command:b)' }, /named \[a\] \(command:b\)\./],
    ['an environment that is a text', { env: 'KUCOIN_API_KEY=x' }, /not in the form that the debug type/],
    ['another request', { request: 'attach', port: 1 }, /Only a configuration that launches/],
    ['a browser', { type: 'chrome', url: 'http://127.0.0.1:1' }, /takes no environment variables/],
  ];
  for (const [what, more, sentence] of hostile) {
    it(`is not started, and nobody is asked, with ${what}`, async () => {
      answer = 'Start';
      assert.equal(await start(more), false);
      const { severity } = await messages.waitFor(sentence);
      assert.equal(severity, 'error');
      assert.deepEqual(questions, []);
    });
  }

  it('is started in a terminal that the editor does not keep, without a question once it is allowed', async () => {
    answer = 'Always in This Workspace';
    const opened: vscode.Terminal[] = [];
    const listening = vscode.window.onDidOpenTerminal((terminal) => opened.push(terminal));
    const profileId = own.profiles.all[0]?.id;
    await vscode.commands.executeCommand('kucoin.run.terminal', { profileId });
    answer = undefined;
    await vscode.commands.executeCommand('kucoin.run.terminal', { profileId });
    await eventually(
      () => opened.length,
      (count) => count === 2,
      'two terminals',
    );
    listening.dispose();
    assert.equal(questions.length, 1);
    for (const terminal of opened) {
      const options = terminal.creationOptions as vscode.TerminalOptions;
      assert.equal(options.isTransient, true);
      assert.deepEqual(Object.keys(options.env ?? {}), Object.values(environmentVariables));
      assert.equal(options.env?.['KUCOIN_API_SECRET'], secret);
      terminal.dispose();
    }
  });
});

function textsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(folder, file))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'));
}
