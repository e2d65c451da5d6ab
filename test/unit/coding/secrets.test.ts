import assert from 'node:assert/strict';
import { analyse } from '../../../src/coding/analyse';
import type { TextEdit } from '../../../src/coding/finding';
import type { FoundSecret } from '../../../src/coding/secrets';
import { invented } from './corpus';

const { key, secret, passphrase } = invented;

function secrets(text: string, languageId: string, fileName?: string): readonly FoundSecret[] {
  return analyse(text, languageId, fileName === undefined ? {} : { fileName }).secrets;
}

/** A text after edits whose offsets are those of the text before. */
function applied(text: string, edits: readonly TextEdit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((done, { start, end, text: by }) => done.slice(0, start) + by + done.slice(end), text);
}

const three = ['key', 'secret', 'passphrase'];

describe('coding: secrets', () => {
  const places: readonly (readonly [what: string, languageId: string, text: string])[] = [
    [
      'an object',
      'typescript',
      `const kucoin = { apiKey: '${key}', apiSecret: '${secret}', passphrase: '${passphrase}' };`,
    ],
    [
      'ccxt in Python',
      'python',
      `ccxt.kucoin({"apiKey": "${key}", "secret": "${secret}", "password": "${passphrase}"})`,
    ],
    ['arguments by place', 'python', `client = kucoin.Client("${key}", "${secret}", "${passphrase}")`],
    ['Go', 'go', `k := kucoin.Key{APIKey: "${key}", APISecret: "${secret}", Passphrase: "${passphrase}"}`],
    [
      'Java',
      'java',
      `class KucoinKeys { String apiKey = "${key}"; String apiSecret = "${secret}"; String passphrase = "${passphrase}"; }`,
    ],
    [
      '.env',
      'dotenv',
      `KUCOIN_API_KEY=${key}\nKUCOIN_API_SECRET=${secret}\nKUCOIN_API_PASSPHRASE=${passphrase}\n`,
    ],
    ['JSON', 'json', `{"kucoin":{"apiKey":"${key}","secret":"${secret}","passphrase":"${passphrase}"}}`],
    ['YAML', 'yaml', `kucoin:\n  api_key: ${key}\n  api_secret: '${secret}'\n  passphrase: ${passphrase}\n`],
    [
      'a shell history',
      'shellscript',
      `export KUCOIN_API_KEY=${key}; export KUCOIN_API_SECRET=${secret}\nKUCOIN_API_PASSPHRASE=${passphrase} node bot.js\n`,
    ],
    [
      'Rust',
      'rust',
      `let k = Kucoin { api_key: "${key}", api_secret: "${secret}", api_passphrase: "${passphrase}" };`,
    ],
  ];
  for (const [what, languageId, text] of places)
    it(`finds the three that belong together: ${what}`, () => {
      const found = secrets(text, languageId);
      assert.deepEqual(found.map(({ part }) => part).sort(), [...three].sort());
      for (const one of found) {
        assert.ok(one.live && one.complete && one.group === 0);
        assert.ok([key, secret, passphrase].includes(text.slice(one.start, one.end)));
        assert.ok(!JSON.stringify(one).includes(text.slice(one.start, one.end)), 'the value is not copied');
      }
    });

  for (const [languageId, text] of [
    ['typescript', `const kucoinSecret: string = '${secret}';`],
    ['python', `kucoin_secret: str = "${secret}"`],
    ['kotlin', `val kucoinSecret: String = "${secret}"`],
    ['rust', `static KUCOIN_SECRET: &'static str = "${secret}";`],
    ['go', `const kucoinSecret string = "${secret}"`],
    ['csharp', `string kucoinSecret = "${secret}";`],
  ] as const)
    it(`knows the name before its type: ${languageId}`, () => {
      assert.deepEqual(
        secrets(text, languageId).map(({ part, live }) => [part, live]),
        [['secret', true]],
      );
    });

  it('keeps two keys apart', () => {
    const pair = (name: string): string =>
      `${name}: { apiKey: '${key}', apiSecret: '${secret}', passphrase: '${passphrase}' },`;
    const found = secrets(`const kucoin = { ${pair('main')}\n${pair('bot')} };`, 'javascript');
    assert.deepEqual(
      found.map(({ group }) => group),
      [0, 0, 0, 1, 1, 1],
    );
  });

  const replaced: readonly (readonly [languageId: string, before: string, after: string])[] = [
    [
      'typescript',
      `kucoin({ apiSecret: '${secret}' })`,
      'kucoin({ apiSecret: process.env.KUCOIN_API_SECRET! })',
    ],
    [
      'javascript',
      `kucoin({ apiSecret: '${secret}' })`,
      'kucoin({ apiSecret: process.env.KUCOIN_API_SECRET })',
    ],
    ['python', `kucoin(secret="${secret}")`, 'import os\nkucoin(secret=os.environ["KUCOIN_API_SECRET"])'],
    [
      'python',
      `import json, os\nkucoin(secret=r'${secret}')`,
      'import json, os\nkucoin(secret=os.environ["KUCOIN_API_SECRET"])',
    ],
    [
      'python',
      `#!/usr/bin/env python3\n"""Trades on kucoin."""\nfrom __future__ import annotations\n\nimport json\nsecret = b"${secret}"`,
      '#!/usr/bin/env python3\n"""Trades on kucoin."""\nfrom __future__ import annotations\n\nimport os\nimport json\nsecret = os.environ["KUCOIN_API_SECRET"].encode()',
    ],
    [
      'python',
      `#!/usr/bin/env python3\n# kucoin\n"""Trades."""\nfrom __future__ import annotations\nsecret = "${secret}"`,
      '#!/usr/bin/env python3\n# kucoin\n"""Trades."""\nfrom __future__ import annotations\nimport os\nsecret = os.environ["KUCOIN_API_SECRET"]',
    ],
    [
      'python',
      `import osmosis\nkucoin_secret = "${secret}"`,
      'import os\nimport osmosis\nkucoin_secret = os.environ["KUCOIN_API_SECRET"]',
    ],
    [
      'go',
      `package main\n\nimport (\n\t"fmt"\n)\n\nvar kucoinSecret = "${secret}"`,
      'package main\n\nimport (\n\t"os"\n\t"fmt"\n)\n\nvar kucoinSecret = os.Getenv("KUCOIN_API_SECRET")',
    ],
    [
      'go',
      `package main\n\nimport "os"\n\nconst kucoinSecret = "${secret}"`,
      'package main\n\nimport "os"\n\nvar kucoinSecret = os.Getenv("KUCOIN_API_SECRET")',
    ],
    [
      'go',
      `package main\r\n\r\nvar kucoinSecret = "${secret}"`,
      'package main\r\n\r\nimport "os"\r\n\r\nvar kucoinSecret = os.Getenv("KUCOIN_API_SECRET")',
    ],
    ['java', `kucoin.setSecret("${secret}");`, 'kucoin.setSecret(System.getenv("KUCOIN_API_SECRET"));'],
    [
      'kotlin',
      `const val KUCOIN_SECRET = "${secret}"`,
      'val KUCOIN_SECRET = System.getenv("KUCOIN_API_SECRET")',
    ],
    [
      'csharp',
      `var kucoinSecret = "${secret}";`,
      'var kucoinSecret = System.Environment.GetEnvironmentVariable("KUCOIN_API_SECRET");',
    ],
    [
      'csharp',
      `using System;\nprivate const string KucoinSecret = @"${secret}";`,
      'using System;\nprivate static readonly string KucoinSecret = Environment.GetEnvironmentVariable("KUCOIN_API_SECRET");',
    ],
    ['php', `$kucoin_secret = '${secret}';`, "$kucoin_secret = getenv('KUCOIN_API_SECRET');"],
    [
      'rust',
      `let kucoin_secret = "${secret}";`,
      'let kucoin_secret = &std::env::var("KUCOIN_API_SECRET").expect("KUCOIN_API_SECRET");',
    ],
    [
      'rust',
      `let kucoin_secret = "${secret}".to_string();`,
      'let kucoin_secret = std::env::var("KUCOIN_API_SECRET").expect("KUCOIN_API_SECRET").to_string();',
    ],
    ['shellscript', `KUCOIN_SECRET=${secret}`, 'KUCOIN_SECRET="$KUCOIN_API_SECRET"'],
    [
      'shellscript',
      `curl -H "KC-API-SECRET: ${secret}" https://api.kucoin.com`,
      'curl -H "KC-API-SECRET: $KUCOIN_API_SECRET" https://api.kucoin.com',
    ],
    ['yaml', `kucoin_secret: ${secret}`, 'kucoin_secret: ${KUCOIN_API_SECRET}'],
  ];
  for (const [languageId, before, after] of replaced)
    it(`replaces the literal by an environment variable: ${languageId}, ${JSON.stringify(after.slice(0, 60))}`, () => {
      const [found] = secrets(before, languageId);
      assert.ok(found?.replace);
      assert.equal(applied(before, found.replace.edits), after);
    });

  const left: readonly (readonly [what: string, languageId: string, text: string])[] = [
    ['JSON, which has no way', 'json', `{"kucoin":{"secret":"${secret}"}}`],
    ['a .env file itself', 'dotenv', `KUCOIN_SECRET=${secret}`],
    ['a constant of Go in a block', 'go', `package kucoin\n\nconst (\n\tSecret = "${secret}"\n)`],
    [
      'a constant within a method of C#',
      'csharp',
      `void Kucoin() {\n  const string secret = "${secret}";\n}`,
    ],
    ['a constant of PHP', 'php', `class Kucoin {\n  private const SECRET = '${secret}';\n}`],
    [
      'the first value of a property in PHP',
      'php',
      `class Kucoin {\n  private string $secret = '${secret}';\n}`,
    ],
    ['a constant of Rust', 'rust', `const KUCOIN_SECRET: &str = "${secret}";`],
    ['an attribute of JSX', 'typescriptreact', `<Kucoin secret="${secret}" />`],
    ['a part of a longer string', 'python', `kucoin = ["KC-API-SECRET: ${secret}"]`],
    ['a string in single quotes of a shell', 'shellscript', `curl -H 'KC-API-SECRET: ${secret}' kucoin`],
  ];
  for (const [what, languageId, text] of left)
    it(`offers no replacement that would not compile: ${what}`, () => {
      const found = secrets(text, languageId);
      assert.equal(found.length, 1);
      assert.equal(found[0]?.replace, undefined);
    });

  const dead: readonly (readonly [what: string, text: string, fileName?: string])[] = [
    ['repeated characters', `kucoin({ apiSecret: '00000000-0000-0000-0000-000000000000' })`],
    ['counted up', `kucoin({ apiSecret: '01234567-89ab-4def-8123-456789abcdef' })`],
    ['the example of the documentation', `kucoin({ apiSecret: 'f03a5284-5c39-4aaa-9b20-dea10bdcf8e3' })`],
    ['an object named after a demo', `const demoKucoin = { apiSecret: '${secret}' };`],
    ['a file of tests', `kucoin({ apiSecret: '${secret}' })`, 'file:///bot/test/client.ts'],
    ['an example file', `kucoin({ apiSecret: '${secret}' })`, 'config.example.ts'],
  ];
  for (const [what, text, fileName] of dead)
    it(`does not warn of ${what}`, () => {
      assert.deepEqual(
        secrets(text, 'typescript', fileName).filter(({ live }) => live),
        [],
      );
    });

  const none: readonly (readonly [what: string, text: string])[] = [
    ['ids of orders and clients', `kucoin({ orderId: '${key}', clientOid: '${secret}' })`],
    ['a key alone named otherwise', `kucoin({ account: '${key}' })`],
    ['environment variables', 'kucoin({ apiKey: process.env.KUCOIN_API_KEY, secret: `${secret}` })'],
    ['a comment', `// apiSecret: '${secret}' kucoin`],
    ['another exchange', `binance({ apiKey: '${key}', apiSecret: '${secret}' })`],
    ['a password alone', `const kucoinUi = { password: '${passphrase}' };`],
  ];
  for (const [what, text] of none)
    it(`finds nothing in ${what}`, () => assert.deepEqual(secrets(text, 'typescript'), []));
});
