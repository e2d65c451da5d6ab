import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { analyse } from '../../../src/coding/analyse';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';

const run = promisify(execFile);
const root = path.resolve(__dirname, '..', '..', '..', '..');
const folder = path.join(root, 'media', 'snippets');

interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

function snippets(language: string): Record<string, Snippet> {
  return JSON.parse(fs.readFileSync(path.join(folder, `${language}.json`), 'utf8')) as Record<
    string,
    Snippet
  >;
}

/** What the editor inserts when the first choice is taken everywhere. */
function inserted({ body }: Snippet): string {
  return body
    .join('\n')
    .replace(/(?<!\\)\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1')
    .replace(/(?<!\\)\$\{\d+:([^}]*)\}/g, '$1')
    .replace(/\\([\\$}])/g, '$1');
}

const languages = fs.readdirSync(folder).map((name) => path.parse(name).name);

describe('coding: snippets', () => {
  it('are contributed for every language', () => {
    const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      contributes: { snippets: { language: string; path: string }[] };
    };
    const files = new Set(manifest.contributes.snippets.map((one) => path.parse(one.path).name));
    assert.deepEqual([...files].sort(), languages.sort());
    assert.ok(files.size >= 10);
  });

  for (const language of languages)
    it(`${language}: have no finding of their own`, () => {
      const text = Object.values(snippets(language)).map(inserted).join('\n\n');
      assert.doesNotMatch(text, /\$\{\d+[:|]/, 'every place is filled in');
      const { calls, findings, secrets } = analyse(text, language);
      assert.deepEqual(
        findings.map(({ code, start, end }) => `${code} ${text.slice(start, end)}`),
        [],
      );
      assert.equal(secrets.length, 0);
      const ids = new Set(calls.map(({ known }) => known.id));
      for (const id of [
        'GET /api/v1/accounts',
        'POST /api/v3/accounts/universal-transfer',
        'POST /api/v1/hf/orders/test',
      ])
        assert.ok(ids.has(id), `${language}: ${id}`);
    });

  describe('against the sandbox', () => {
    let sandbox: Sandbox;
    before(async () => {
      sandbox = await startSandbox({ world: 'today' });
    });
    after(() => sandbox.stop());

    const programs: readonly (readonly [
      language: string,
      program: string,
      args: readonly string[],
      end: string,
    ])[] = [
      [
        'javascript',
        process.execPath,
        ['--input-type=module', '-e'],
        '\nconsole.log(JSON.stringify(rows), orderId);',
      ],
      ['python', 'python3', ['-c'], '\nprint(json.dumps(rows), order["orderId"])'],
      ['shellscript', 'bash', ['-c'], ''],
    ];
    for (const [language, program, args, end] of programs)
      it(`${language}: the balances are read and funds moved by what was inserted`, async function () {
        this.timeout(30_000);
        const needed = language === 'shellscript' ? 'bash openssl curl base64' : program;
        for (const one of needed.split(' '))
          try {
            await run('sh', ['-c', `command -v "${one}"`]);
          } catch {
            console.log(`      skipped: ${one} is not installed`);
            return this.skip();
          }
        const own = snippets(language);
        const of = (prefix: string): string =>
          inserted(Object.values(own).find((one) => one.prefix === prefix)!);
        const text = `${of('kucoin-sign')}\n${of('kucoin-balances')}\n${of('kucoin-transfer')}${end}\n`;
        const available = (): number => Number(sandbox.row({ type: 'trade', currency: 'USDT' })?.available);
        const before = available();
        const { credentials, spot } = sandbox;
        const { stdout } = await run(program, [...args, text], {
          timeout: 20_000,
          env: {
            PATH: process.env['PATH'],
            KUCOIN_BASE_URL: spot,
            KUCOIN_API_KEY: credentials.key,
            KUCOIN_API_SECRET: credentials.secret,
            KUCOIN_API_PASSPHRASE: credentials.passphrase,
          },
        });
        assert.match(stdout, /"type": ?"trade"/);
        assert.match(stdout, /[0-9a-f]{24}/);
        assert.equal(available(), before + 1, stdout);
      });
  });
});
