import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import type { Services } from '../../../src/services';
import type { ModalQuestion } from '../../../src/ui/dialogs';
import { cleanUp, escape, eventually, Messages, run, Script, services } from './support/host';

/** Looks live, and was given to nobody. */
const invented = ['6a3f1c5e9b7d2048f6e1a9c3', '7c1e9f3a-52d8-4b06-8e7d-19a4c6f0b253', 'quiet-harbour-41'];
const [key, secret, passphrase] = invented;
const evil = 'http://evil.invalid';
const link = '[Fix it](command:kucoin.transfer.funds)';

/** What a page of the editor could be made of by names that people see: all that is not plain text. */
const names = ['safe\u202Est.\u200B', link, 'one\ntwo', '$(verified) ok', 'long'.repeat(55)];

const program = `const url = 'https://api.kucoin.com/api/v1/accounts?currency=${link}\u202E&type=MA\u202EIN';
await post('https://api.kucoin.com/api/v2/accounts/inner-transfer', { clientOid: '\u202E', currency: 'USDT', from: 'ma\u202Ein${link}', to: 'trade', amount: 1.5 });
const client = new Client({ apiKey: '${key}', apiSecret: '${secret}', apiPassphrase: '${passphrase}' }); // kucoin
`;

/** Files that the editor and its extensions look at by themselves. */
const editorFiles: Readonly<Record<string, unknown>> = {
  'tasks.json': {
    version: '2.0.0',
    tasks: ['kucoin', link].map((label) => ({
      label,
      type: 'shell',
      command: `touch started; echo \${command:kucoin.sandbox.copyAccess}`,
      runOptions: { runOn: 'folderOpen' },
    })),
  },
  'launch.json': {
    version: '0.2.0',
    configurations: [
      { type: 'node', request: 'launch', name: `Bot\u202E ${link}`, program: 'x', 'kucoin.profile': 'Main' },
    ],
    compounds: [{ name: 'All', configurations: [`Bot\u202E ${link}`], preLaunchTask: 'kucoin' }],
  },
  'extensions.json': {
    recommendations: ['evil.kucoin-accounts'],
    unwantedRecommendations: ['kucoin-accounts.kucoin-accounts'],
  },
  'mcp.json': { servers: { kucoin_balances: { command: 'touch', args: ['started'] } } },
};

/** What no text of ours may hold, wherever it comes from. */
function assertPlain(text: string, where: string): void {
  assert.doesNotMatch(text.replaceAll('\n', ' '), /[\p{Cc}\p{Cf}]/u, where);
}

describe('a workspace that wants to harm', () => {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder);
  const inFolder = (...parts: string[]): string => path.join(folder.uri.fsPath, ...parts);
  const own = inFolder('hostile');
  const settings = inFolder('.vscode', 'settings.json');
  let exchange: Sandbox;
  let running: Services;
  let messages: Messages;
  let questions: (Omit<ModalQuestion, 'action'> & { readonly actions: readonly string[] })[];
  let answer: string | undefined;

  before(async () => {
    exchange = await startSandbox({ world: 'today' });
    running = await services();
  });
  after(() => exchange.stop());
  beforeEach(async () => {
    await cleanUp();
    messages = new Messages();
    questions = [];
    answer = undefined;
    mkdirSync(own, { recursive: true });
    mkdirSync(inFolder('.vscode'), { recursive: true });
    const site = { kind: 'custom', spot: exchange.spot, futures: exchange.futures } as const;
    const credentials = { ...demoKeys.demo, version: '3' } as const;
    const { id } = await running.profiles.add({ name: 'Main', site, readOnly: false }, credentials);
    await running.sessions.switchTo(id);
    running.answerWith({
      choose: (question) => {
        questions.push(question);
        return Promise.resolve(answer);
      },
    });
    exchange.clearRequests();
  });
  afterEach(async () => {
    messages.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('kucoin.run.revoke');
    rmSync(own, { recursive: true, force: true });
    rmSync(inFolder('.vscode'), { recursive: true, force: true });
    await cleanUp();
  });

  for (const name of names) {
    it(`shows nothing false in a file named ${JSON.stringify(name.slice(0, 40))}`, async () => {
      const file = path.join(own, `${name}.ts`);
      writeFileSync(file, program);
      const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
      await vscode.window.showTextDocument(document);
      const found = await eventually(
        () => vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'KuCoin'),
        (all) => all.some(({ code }) => (code as { value?: unknown }).value === 'KC120'),
        'the findings',
      );
      assert.ok(found.length >= 4, found.map(({ message }) => message).join('\n'));
      for (const { message } of found) assertPlain(message, 'a finding');

      const at = document.positionAt(program.indexOf('/api/v1') + 3);
      const [hovers, lenses, actions] = await Promise.all([
        vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at),
        vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 50),
        vscode.commands.executeCommand<vscode.CodeAction[]>(
          'vscode.executeCodeActionProvider',
          document.uri,
          new vscode.Range(0, 0, document.lineCount, 0),
          'quickfix',
        ),
      ]);
      const marked = hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
      assert.ok(marked.some(({ value }) => value.includes('List')));
      for (const each of marked) {
        assertPlain(each.value, 'a hover');
        assert.ok(!each.isTrusted && !each.supportHtml, 'a hover may run nothing');
        assert.doesNotMatch(each.value, /\]\(command:/);
      }
      const ours = lenses.flatMap(({ command }) => command ?? []).filter(({ title }) => title !== '');
      assert.ok(ours.length > 3);
      for (const { title, command } of ours) {
        assertPlain(title, 'a lens');
        assert.ok(['', 'kucoin.code.try', 'kucoin.code.trySandbox'].includes(command), command);
      }
      assert.ok(actions.some(({ title }) => title === 'Move to SecretStorage as a profile'));
      for (const { title } of actions) assertPlain(title, 'a quick fix');
      assert.equal(exchange.requests().total, 0);
    });
  }

  it('offers its .env files by names that are what they seem, and says so when they hold no key', async () => {
    for (const name of names) writeFileSync(path.join(own, `${name}.env`), 'MODE=live\n');
    const look = new Script(escape);
    await run('kucoin.keychain.importEnv', look);
    const labels = look.offered[0]?.filter((label) => label.startsWith('hostile')) ?? [];
    // The editor's search takes a name of two lines for two names, and finds neither.
    assert.equal(labels.length, names.filter((name) => !name.includes('\n')).length);
    for (const label of labels) {
      assertPlain(label, 'a name');
      assert.ok(label.length <= 61 && !label.includes(']('), label);
    }
    for (const label of labels) await run('kucoin.keychain.importEnv', new Script(label));
    await messages.waitFor(/There is no key of KuCoin in hostile/);
    assert.equal(messages.said.length, labels.length);
    for (const { text } of messages.said) {
      assertPlain(text, 'a message');
      assert.doesNotMatch(text, /\]\(/);
    }
  });

  it('starts nothing with files for the editor, and gets nothing from a command', async () => {
    const terminals = vscode.window.terminals.length;
    for (const [name, content] of Object.entries(editorFiles)) {
      const file = inFolder('.vscode', name);
      writeFileSync(file, JSON.stringify(content, undefined, 2));
      await vscode.window.showTextDocument(vscode.Uri.file(file));
    }
    // `${command:…}` puts into a task what a command answers; these are the ones that have to do with keys.
    for (const command of [
      'kucoin.sandbox.copyAccess',
      'kucoin.run.revoke',
      'kucoin.log.show',
      'kucoin.profile.check',
    ])
      assert.equal(
        await vscode.commands.executeCommand(command, { profileId: running.profiles.all[0]?.id }),
        undefined,
      );
    assert.deepEqual(vscode.tasks.taskExecutions, []);
    assert.equal(vscode.debug.activeDebugSession, undefined);
    assert.equal(vscode.window.terminals.length, terminals);
    assert.deepEqual(questions, []);
    assert.deepEqual(
      exchange.requests().recent.filter(({ method }) => method === 'POST'),
      [],
    );
  });

  it('cannot send a program that it starts with a profile elsewhere, by no part of its configuration', async () => {
    const launched: Record<string, unknown>[] = [];
    let said = '';
    const tracking = vscode.debug.registerDebugAdapterTrackerFactory('*', {
      createDebugAdapterTracker: () => ({
        onWillReceiveMessage: (message: { command?: string; arguments?: Record<string, unknown> }) => {
          if (message.command === 'launch' && message.arguments) launched.push(message.arguments);
        },
        onDidSendMessage: (message: { event?: string; body?: { output?: string } }) => {
          if (message.event === 'output') said += message.body?.output ?? '';
        },
      }),
    });
    const ended = new Promise<void>((resolve) => {
      const listening = vscode.debug.onDidTerminateDebugSession(({ parentSession }) => {
        if (parentSession) return;
        listening.dispose();
        resolve();
      });
    });
    writeFileSync(path.join(own, 'bot.js'), "console.log('sends to ' + process.env.KUCOIN_BASE_URL)");
    writeFileSync(path.join(own, 'bot.env'), `KUCOIN_BASE_URL=${evil}\nKUCOIN_API_KEY=other\n`);
    const platform = {
      env: { KUCOIN_BASE_URL: evil, kucoin_futures_base_url: evil },
      console: 'integratedTerminal',
    };
    answer = 'Start';
    try {
      const started = await vscode.debug.startDebugging(folder, {
        type: 'node',
        request: 'launch',
        name: `Bot\u202E ${link}`,
        program: path.join(own, 'bot.js'),
        runtimeExecutable: process.execPath,
        internalConsoleOptions: 'neverOpen',
        env: { KUCOIN_BASE_URL: evil },
        envFile: path.join(own, 'bot.env'),
        'kucoin.profile': 'main',
        ...{ linux: platform, osx: platform, windows: platform },
      });
      assert.equal(started, true);
      await ended;
    } finally {
      tracking.dispose();
    }
    assert.match(
      questions[0]?.message ?? '',
      /^LIVE: start Bot⟨U\+202E⟩ \[Fix it\] \(command:.* with the profile Main\?$/,
    );
    const [{ env, console: output } = {}] = launched;
    const given = env as Record<string, string>;
    assert.equal(given['KUCOIN_BASE_URL'], exchange.spot);
    assert.equal(given['KUCOIN_FUTURES_BASE_URL'], exchange.futures);
    assert.equal(given['KUCOIN_API_KEY'], demoKeys.demo.key);
    assert.deepEqual(
      Object.keys(given).filter((name) => name !== name.toUpperCase() && /^kucoin/i.test(name)),
      [],
    );
    assert.equal(output, 'internalConsole');
    assert.ok(said.includes(`sends to ${exchange.spot}`) && !said.includes(evil), said);
  });

  it('cannot set the host of a terminal with a profile by its settings', async () => {
    const variables = { KUCOIN_BASE_URL: evil, KUCOIN_FUTURES_BASE_URL: evil, HOSTILE: 'yes' };
    const hostile = Object.fromEntries(
      ['linux', 'osx', 'windows'].map((system) => [`terminal.integrated.env.${system}`, variables]),
    );
    writeFileSync(settings, JSON.stringify(hostile));
    await eventually(
      () => vscode.workspace.getConfiguration('terminal.integrated.env').get<object>('linux'),
      (value) => JSON.stringify(value) === JSON.stringify(variables),
      'the settings of the folder',
    );
    answer = 'Open Terminal';
    const opening = new Promise<vscode.Terminal>((resolve) => {
      const listening = vscode.window.onDidOpenTerminal((terminal) => {
        listening.dispose();
        resolve(terminal);
      });
    });
    const argument = { profileId: running.profiles.all[0]?.id };
    await vscode.commands.executeCommand('kucoin.run.terminal', argument);
    const terminal = await opening;
    try {
      const file = path.join(own, 'hosts.txt');
      const print = `console.log(process.env.HOSTILE, process.env.KUCOIN_BASE_URL, process.env.KUCOIN_FUTURES_BASE_URL)`;
      terminal.sendText(`"${process.execPath}" -e "${print}" > "${file}"`);
      const read = (): string => {
        try {
          return readFileSync(file, 'utf8').trim();
        } catch {
          return '';
        }
      };
      // That the settings were read shows in what a folder may decide.
      assert.equal(
        await eventually(read, (text) => text !== '', 'what the terminal says'),
        `yes ${exchange.spot} ${exchange.futures}`,
      );
    } finally {
      terminal.dispose();
    }
  });
});
