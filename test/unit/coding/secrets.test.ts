import assert from 'node:assert/strict';
import { analyse } from '../../../src/coding/analyse';
import type { FoundSecret } from '../../../src/coding/secrets';
import { invented } from './corpus';

const { key, secret, passphrase } = invented;

function secrets(text: string, languageId: string, fileName?: string): readonly FoundSecret[] {
  return analyse(text, languageId, fileName === undefined ? {} : { fileName }).secrets;
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
        assert.ok(
          !JSON.stringify(one.message).includes(text.slice(one.start, one.end)),
          'a message never holds the value',
        );
      }
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
      'kucoin({ apiSecret: process.env.KUCOIN_API_SECRET })',
    ],
    ['python', `kucoin(secret="${secret}")`, 'kucoin(secret=os.environ["KUCOIN_API_SECRET"])'],
    ['go', `kucoin.Secret = "${secret}"`, 'kucoin.Secret = os.Getenv("KUCOIN_API_SECRET")'],
    ['java', `kucoin.setSecret("${secret}");`, 'kucoin.setSecret(System.getenv("KUCOIN_API_SECRET"));'],
    [
      'csharp',
      `var kucoinSecret = "${secret}";`,
      'var kucoinSecret = Environment.GetEnvironmentVariable("KUCOIN_API_SECRET");',
    ],
    ['php', `$kucoin_secret = '${secret}';`, "$kucoin_secret = getenv('KUCOIN_API_SECRET');"],
    ['shellscript', `KUCOIN_SECRET=${secret}`, 'KUCOIN_SECRET="$KUCOIN_API_SECRET"'],
    ['yaml', `kucoin_secret: ${secret}`, 'kucoin_secret: ${KUCOIN_API_SECRET}'],
  ];
  for (const [languageId, before, after] of replaced)
    it(`replaces the literal by an environment variable: ${languageId}`, () => {
      const [found] = secrets(before, languageId);
      const edit = found?.replace?.edit;
      assert.ok(edit);
      assert.equal(before.slice(0, edit.start) + edit.text + before.slice(edit.end), after);
    });

  it('offers no such replacement in JSON, which has none', () => {
    assert.equal(secrets(`{"kucoin":{"secret":"${secret}"}}`, 'json')[0]?.replace, undefined);
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
