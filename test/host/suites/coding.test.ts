import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { demoKeys } from '../../../src/sandbox/demo';
import type { CommandId } from '../../../src/ui/commandTable';
import { cleanUp, eventually, Messages, run, Script, services, setUserSetting } from './support/host';

interface Sample {
  readonly language: string;
  /** With one call of the old inner transfer whose account type is in the wrong case, and one list of accounts. */
  readonly text: string;
  /** What the quick fix of the wrong case makes of its line. */
  readonly fixed: string;
}

const samples: readonly Sample[] = [
  {
    language: 'typescript',
    text: [
      "const base = 'https://api.kucoin.com';",
      "const list = await get(base + '/api/v1/accounts?currency=USDT&type=trade');",
      "await post(base + '/api/v2/accounts/inner-transfer', {",
      "  clientOid: id, currency: 'USDT', from: 'MAIN', to: 'trade', amount: '1',",
      '});',
    ].join('\n'),
    fixed: "from: 'main'",
  },
  {
    language: 'python',
    text: [
      'BASE = "https://api.kucoin.com"',
      'rows = requests.get(BASE + "/api/v1/accounts?currency=USDT&type=trade")',
      'requests.post(BASE + "/api/v2/accounts/inner-transfer", json={',
      '    "clientOid": oid, "currency": "USDT", "from": "MAIN", "to": "trade", "amount": "1",',
      '})',
    ].join('\n'),
    fixed: '"from": "main"',
  },
  {
    language: 'shellscript',
    text: [
      'curl "https://api.kucoin.com/api/v1/accounts?currency=USDT&type=trade"',
      'curl -X POST https://api.kucoin.com/api/v2/accounts/inner-transfer \\',
      `  -d '{"clientOid":"1","currency":"USDT","from":"MAIN","to":"trade","amount":"1"}'`,
    ].join('\n'),
    fixed: '"from":"main"',
  },
  {
    language: 'php',
    text: [
      '<?php',
      "$base = 'https://api.kucoin.com';",
      "$rows = $http->get($base . '/api/v1/accounts?currency=USDT&type=trade');",
      "$http->post($base . '/api/v2/accounts/inner-transfer', ['json' => [",
      "  'clientOid' => $id, 'currency' => 'USDT', 'from' => 'MAIN', 'to' => 'trade', 'amount' => '1',",
      ']]);',
    ].join('\n'),
    fixed: "'from' => 'main'",
  },
];

/** Looks live, and was given to nobody. */
const invented = {
  key: '6a3f1c5e9b7d2048f6e1a9c3',
  secret: '7c1e9f3a-52d8-4b06-8e7d-19a4c6f0b253',
  passphrase: 'quiet-harbour-41',
};

const open = async (language: string, content: string): Promise<vscode.TextDocument> => {
  const document = await vscode.workspace.openTextDocument({ language, content });
  await vscode.window.showTextDocument(document);
  return document;
};

const ofKuCoin = ({ source }: vscode.Diagnostic): boolean => source === 'KuCoin';

const codesOf = (document: vscode.TextDocument): string[] =>
  vscode.languages
    .getDiagnostics(document.uri)
    .filter(ofKuCoin)
    .map(({ code }) => String(typeof code === 'object' ? code.value : code));

const problems = (document: vscode.TextDocument, wanted: (codes: string[]) => boolean): Promise<string[]> =>
  eventually(() => codesOf(document), wanted, 'the problems');

const positionIn = (document: vscode.TextDocument, word: string, plus = 1): vscode.Position =>
  document.positionAt(document.getText().indexOf(word) + plus);

async function hoverAt(document: vscode.TextDocument, at: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    at,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((part) => (part as vscode.MarkdownString).value)
    .join('\n')
    .replace(/\\(?=[^\w\s])/g, '');
}

async function lensesOf(document: vscode.TextDocument): Promise<readonly vscode.Command[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
  );
  return lenses.flatMap(({ command }) => command ?? []);
}

async function actionsAt(
  document: vscode.TextDocument,
  at: vscode.Position,
): Promise<readonly vscode.CodeAction[]> {
  return vscode.commands.executeCommand(
    'vscode.executeCodeActionProvider',
    document.uri,
    new vscode.Range(at, at),
    vscode.CodeActionKind.QuickFix.value,
  );
}

const set = (name: string, value: unknown): Promise<void> => setUserSetting('kucoin', name, value);

describe('code that calls KuCoin', () => {
  let messages: Messages;

  before(async () => {
    await services();
  });
  beforeEach(async () => {
    await cleanUp();
    messages = new Messages();
  });
  afterEach(async () => {
    messages.dispose();
    for (const name of ['diagnostics', 'hover', 'codeLens', 'completion', 'secrets', 'languages'])
      await set(`coding.${name}`, undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    // The next untitled document may have the address of this one.
    await eventually(
      () => vscode.languages.getDiagnostics().filter(([{ scheme }]) => scheme === 'untitled'),
      (left) => left.every(([, all]) => !all.some(ofKuCoin)),
      'the problems to go with their documents',
    );
    await cleanUp();
  });

  for (const { language, text, fixed } of samples) {
    describe(`in ${language}`, () => {
      let document: vscode.TextDocument;
      beforeEach(async () => {
        document = await open(language, text);
        await problems(document, (codes) => codes.length >= 2);
      });

      it('gets its mistakes reported, with codes that lead to the documentation', () => {
        assert.deepEqual(codesOf(document).sort(), ['KC101', 'KC104']);
        for (const { code } of vscode.languages.getDiagnostics(document.uri))
          assert.equal(typeof code === 'object' && code.target.authority, 'www.kucoin.com');
      });

      it('is corrected by a quick fix, and the problem is gone', async () => {
        const actions = await actionsAt(document, positionIn(document, 'MAIN'));
        const fix = actions.find(({ title }) => title === 'Change to main');
        assert.ok(fix?.edit, actions.map(({ title }) => title).join());
        assert.ok(await vscode.workspace.applyEdit(fix.edit));
        assert.ok(document.getText().includes(fixed), document.getText());
        assert.deepEqual(await problems(document, (codes) => !codes.includes('KC104')), ['KC101']);
      });

      it('is explained under the mouse', async () => {
        const hover = await hoverAt(document, positionIn(document, '/api/v1/accounts', 5));
        for (const words of ['Get Account List', 'GET /api/v1/accounts', 'Permission: General', 'docs-new'])
          assert.ok(hover.includes(words), `${words} is not in ${hover}`);
      });

      it('has a line above each call; what moves funds can be tried in the sandbox only', async () => {
        await run('kucoin.demo.openToday', new Script());
        const titles = await eventually(
          async () => (await lensesOf(document)).map(({ title }) => title),
          (all) => all.includes('Try it'),
          'the lenses',
        );
        assert.match(titles[0] ?? '', /^Get Account List - Spot · weight 5 · .+ may call it$/);
        assert.deepEqual(titles.slice(1, 3), ['Try it', 'Try in sandbox']);
        assert.equal(titles[4], 'Try in sandbox', titles.join(' | '));
        assert.equal(titles.length, 5);
      });

      it('is completed: paths of KuCoin inside the string', async () => {
        const at = positionIn(document, '/api/v1/accounts', '/api/v1/acc'.length);
        const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
          'vscode.executeCompletionItemProvider',
          document.uri,
          at,
        );
        const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
        assert.ok(labels.includes('/api/v1/accounts/ledgers'), labels.slice(0, 20).join());
      });
    });
  }

  it('is left alone where it has nothing to do with KuCoin', async () => {
    const document = await open('python', 'requests.get("https://api.binance.com/api/v1/accounts")\n');
    const other = await open('python', samples[1]?.text ?? '');
    await problems(other, (codes) => codes.length === 2);
    assert.deepEqual(codesOf(document), []);
    assert.deepEqual(await lensesOf(document), []);
  });

  it('can be switched off by feature and by language', async () => {
    const document = await open('python', samples[1]?.text ?? '');
    await problems(document, (codes) => codes.length === 2);
    await set('coding.diagnostics', false);
    await problems(document, (codes) => codes.length === 0);
    await set('coding.codeLens', false);
    assert.deepEqual(await lensesOf(document), []);
    await set('coding.hover', false);
    assert.equal(await hoverAt(document, positionIn(document, '/api/v1/accounts', 5)), '');
    await set('coding.diagnostics', undefined);
    await problems(document, (codes) => codes.length === 2);
    await set('coding.languages', ['go']);
    await problems(document, (codes) => codes.length === 0);
  });

  it('forgets the problems of a file that is closed', async () => {
    const document = await open('python', samples[1]?.text ?? '');
    await problems(document, (codes) => codes.length === 2);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await problems(document, (codes) => codes.length === 0);
  });

  const tried = async (command: CommandId, text: string, argument?: unknown): Promise<string> => {
    await run(command, new Script(), { argument });
    const editor = await eventually(
      () => vscode.window.activeTextEditor,
      (active) => active?.document.getText().includes(text) === true,
      `the answer with ${text}; said: ${messages.said.map((one) => one.text).join()}`,
    );
    return editor?.document.getText() ?? '';
  };

  it('tries a read with the active profile and shows the answer', async () => {
    await run('kucoin.demo.openToday', new Script());
    const document = await open('python', samples[1]?.text ?? '');
    const lens = await eventually(
      async () => (await lensesOf(document)).find(({ title }) => title === 'Try it'),
      (found) => found !== undefined,
      'Try it',
    );
    const answer = await tried('kucoin.code.try', '"balance"', lens?.arguments?.[0]);
    assert.match(answer, /^\/\/ Call: +GET \/api\/v1\/accounts\n\/\/ Sent to: +.+ · DEMO\n/);
    assert.match(answer, /"currency": "USDT"/);
    assert.doesNotMatch(answer, /"currency": "BTC"/, 'the query of the code was not sent');
    assert.doesNotMatch(answer, new RegExp(`${demoKeys.demo.key}|${demoKeys.demo.secret}`));
  });

  it('never sends what moves funds with a profile, but to the sandbox', async () => {
    const { text } = samples[0] ?? { text: '' };
    const document = await open('typescript', text.replace("'MAIN'", "'main'"));
    const argument = { uri: document.uri.toString(), offset: text.indexOf('/api/v2') };
    await run('kucoin.code.try', new Script(), { argument });
    await messages.waitFor(/It is tried in the sandbox only/);
    const answer = await tried('kucoin.code.trySandbox', '"orderId"', argument);
    assert.match(answer, /\/\/ Sent to: +Sandbox\n/);
  });

  it('reports a key that looks live, and makes a profile of it', async () => {
    const { key, secret, passphrase } = invented;
    const document = await open(
      'javascript',
      [
        "const kucoin = 'https://api.kucoin.com';",
        `const apiKey = '${key}';`,
        `const apiSecret = '${secret}';`,
        `const passphrase = '${passphrase}';`,
      ].join('\n'),
    );
    const codes = await problems(document, (all) => all.length > 0);
    assert.deepEqual(codes, ['KC120', 'KC120', 'KC120']);
    const actions = await actionsAt(document, positionIn(document, key));
    assert.deepEqual(
      actions.map(({ title }) => title).filter((title) => /profile|variable/.test(title)),
      ['Move to SecretStorage as a profile', 'Replace by an environment variable'],
    );
    const move = actions.find(({ title }) => title.startsWith('Move'));
    // Nobody is at that address: the key is kept without a check, as the button offers.
    messages.press = 'Save Without Check';
    const script = new Script(
      'Another host…',
      'http://127.0.0.1:9',
      '',
      key,
      secret,
      passphrase,
      '3',
      'Moved',
      'Read-only',
    );
    await run('kucoin.code.moveKey', script, { argument: move?.command?.arguments?.[0] });
    const profile = (await services()).profiles.all.find(({ name }) => name === 'Moved');
    assert.ok(profile, messages.said.map((one) => one.text).join());
    const text = await eventually(
      () => document.getText(),
      (now) => !now.includes(secret),
      'the file without the secret',
    );
    assert.match(text, /const apiSecret = process\.env\.KUCOIN_API_SECRET;/);
    assert.ok(!text.includes(key) && !text.includes(passphrase), text);
    await problems(document, (all) => all.length === 0);
    for (const one of messages.said) assert.ok(!one.text.includes(secret) && !one.text.includes(passphrase));
  });

  describe('in files of a folder', () => {
    let folder: string;
    const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
    const fileOf = (name: string): vscode.Uri => vscode.Uri.file(path.join(folder, name));
    const show = async (name: string, content: string): Promise<vscode.TextDocument> => {
      writeFileSync(path.join(folder, name), content);
      const document = await vscode.workspace.openTextDocument(fileOf(name));
      await vscode.window.showTextDocument(document);
      return document;
    };
    const severities = (document: vscode.TextDocument): string[] =>
      vscode.languages
        .getDiagnostics(document.uri)
        .filter(ofKuCoin)
        .map(({ severity }) => vscode.DiagnosticSeverity[severity]);
    const { key, secret, passphrase } = invented;
    const dotenv = `KUCOIN_API_KEY=${key}\nKUCOIN_API_SECRET=${secret}\nKUCOIN_API_PASSPHRASE=${passphrase}\n`;

    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'kucoin-bot-'));
      git('init', '--quiet');
    });
    afterEach(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      rmSync(folder, { recursive: true, force: true });
    });

    it('makes less of a key where git ignores the file, and more again when it no longer does', async () => {
      writeFileSync(path.join(folder, '.gitignore'), '.env\n');
      const document = await show('.env', dotenv);
      const wanted = async (severity: string): Promise<void> => {
        await eventually(
          () => severities(document),
          (all) => all.length === 3 && all.every((one) => one === severity),
          severity,
        );
      };
      await wanted('Information');
      const rules = await vscode.workspace.openTextDocument(fileOf('.gitignore'));
      const editor = await vscode.window.showTextDocument(rules, vscode.ViewColumn.Beside);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# '));
      await rules.save();
      await wanted('Error');
    });

    it('reads keys in JSON, in the history of a shell, and calls in a request file', async () => {
      const json = await show(
        'config.json',
        JSON.stringify({ kucoin: { apiKey: key, apiSecret: secret, passphrase } }),
      );
      assert.equal(json.languageId, 'json');
      await problems(json, (codes) => codes.join() === 'KC120,KC120,KC120');
      const history = await show(
        '.bash_history',
        `cd bot\nexport KUCOIN_API_SECRET=${secret}\nnode bot.js\n`,
      );
      assert.equal(history.languageId, 'shellscript');
      await problems(history, (codes) => codes.join() === 'KC120');
      const request = await show('kucoin.http', 'GET https://api.kucoin.com/api/v1/sub/user\n');
      assert.equal(request.languageId, 'http');
      await problems(request, (codes) => codes.join() === 'KC101');
    });
  });

  it('says of HF what the account is, and reports trade_hf only where there is none', async () => {
    const text = [
      "const base = 'https://api.kucoin.com';",
      "await post(base + '/api/v2/accounts/inner-transfer', {",
      "  clientOid: id, currency: 'USDT', from: 'main', to: 'trade_hf', amount: '1',",
      '});',
      "await post(base + '/api/v1/hf/orders', order);",
    ].join('\n');
    const document = await open('typescript', text);
    const own = await services();
    const lens = async (wanted: RegExp): Promise<void> => {
      await eventually(
        async () => (await lensesOf(document)).map(({ title }) => title).join(),
        (titles) => wanted.test(titles),
        String(wanted),
      );
    };
    await run('kucoin.demo.openToday', new Script());
    await own.accounts.refresh();
    await problems(document, (codes) => codes.join() === 'KC101,KC109');
    await lens(/HF orders draw on trade(?!_)/);
    assert.match(
      await hoverAt(document, positionIn(document, '/api/v1/hf/orders', 5)),
      /HF orders draw on trade,/,
    );
    const fix = (await actionsAt(document, positionIn(document, 'trade_hf'))).find(
      ({ title }) => title === 'Change to trade',
    );
    assert.ok(fix?.edit);

    await run('kucoin.demo.openSeed', new Script());
    await own.accounts.refresh();
    await lens(/HF is not activated/);
    assert.deepEqual(codesOf(document), []);
  });

  it('explains the call without a profile when the key vanishes while a hover is open', async () => {
    await run('kucoin.demo.openToday', new Script());
    const document = await open('python', samples[1]?.text ?? '');
    const at = positionIn(document, '/api/v1/accounts', 5);
    await eventually(
      () => hoverAt(document, at),
      (hover) => hover.includes('The active profile may call it.'),
      'the hover with a profile',
    );
    const { profiles } = await services();
    // Asked for while the profile is being removed, and after it.
    const [during] = await Promise.all([
      hoverAt(document, at),
      ...profiles.all.map(({ id }) => profiles.remove(id)),
    ]);
    assert.match(during, /Get Account List/);
    await eventually(
      () => hoverAt(document, at),
      (hover) => hover.includes('Get Account List') && hover.includes('not known whether'),
      'the hover without a profile',
    );
    const titles = (await lensesOf(document)).map(({ title }) => title);
    assert.ok(!titles.includes('Try it') && titles.includes('Try in sandbox'), titles.join());
    await run('kucoin.code.try', new Script(), { argument: { uri: document.uri.toString(), offset: 60 } });
    await messages.waitFor(/profile/i);
  });

  it('says so where no call and no key is at the cursor', async () => {
    await open('python', 'print("hello kucoin")\n');
    await run('kucoin.code.try', new Script());
    await messages.waitFor(/no KuCoin call at the cursor/);
    await run('kucoin.code.moveKey', new Script());
    await messages.waitFor(/no KuCoin key at the cursor/);
  });
});
