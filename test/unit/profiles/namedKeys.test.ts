import assert from 'node:assert/strict';
import { environmentOf } from '../../../src/kucoin/environment';
import { keysInEnvFile, linesOf } from '../../../src/profiles/envFile';
import { entryOf, keysInEntries } from '../../../src/profiles/keychainEntry';
import { keychainSnippets } from '../../../src/profiles/keychainSnippets';
import { keysIn } from '../../../src/profiles/namedKeys';
import { credentials, otherCredentials } from './support';

const { key, secret, passphrase } = credentials;

describe('keys among named values', () => {
  for (const names of [
    ['KUCOIN_API_KEY', 'KUCOIN_API_SECRET', 'KUCOIN_API_PASSPHRASE'],
    ['KUCOIN_KEY', 'KUCOIN_SECRET', 'KUCOIN_PASSPHRASE'],
    ['KUCOIN_APIKEY', 'KUCOIN_SECRET', 'KUCOIN_PASSWORD'],
    ['KC_API_KEY', 'KC_API_SECRET_KEY', 'KC_API_KEY_PASSPHRASE'],
    ['API_KEY', 'API_SECRET', 'API_PASSPHRASE'],
    ['apiKey', 'apiSecret', 'apiPassphrase'],
    ['key', 'secret', 'passphrase'],
    ['BOT_KUCOIN_API_KEY', 'BOT_KUCOIN_API_SECRET', 'BOT_KUCOIN_API_PASSPHRASE'],
    ['KUCOIN_API_KEY_2', 'KUCOIN_API_SECRET_2', 'KUCOIN_API_PASSPHRASE_2'],
  ]) {
    it(`are found by the names ${names.join(', ')}`, () => {
      const values = [key, secret, passphrase];
      const [found, ...more] = keysIn(names.map((name, at) => [name, values[at] ?? '']));
      assert.deepEqual(more, []);
      assert.deepEqual([found?.key, found?.secret, found?.passphrase], values);
      assert.deepEqual(found?.names, names);
    });
  }

  it('are told apart by what their names have besides', () => {
    const found = keysIn([
      ['KUCOIN_MAIN_API_KEY', key],
      ['KUCOIN_BOT_API_KEY', otherCredentials.key],
      ['KUCOIN_MAIN_API_SECRET', secret],
      ['KUCOIN_BOT_API_SECRET', otherCredentials.secret],
      ['KUCOIN_BOT_API_PASSPHRASE', otherCredentials.passphrase],
    ]);
    assert.deepEqual(
      found.map((each) => [each.label, each.key, each.passphrase]),
      [
        ['MAIN', key, ''],
        ['BOT', otherCredentials.key, otherCredentials.passphrase],
      ],
    );
  });

  it('are not those of other exchanges, and no halves', () => {
    assert.deepEqual(
      keysIn([
        ['BINANCE_API_KEY', 'a'.repeat(64)],
        ['BINANCE_API_SECRET', 'b'.repeat(64)],
      ]),
      [],
    );
    assert.deepEqual(keysIn([['KUCOIN_API_KEY', key]]), []);
    assert.deepEqual(
      keysIn([
        ['KUCOIN_API_KEY', key],
        ['OTHER_API_SECRET', secret],
      ]),
      [],
    );
    assert.deepEqual(
      keysIn([
        ['', key],
        ['=', secret],
        ['__proto__', 'x'],
      ]),
      [],
    );
  });

  const given = (more: readonly [string, string][]): ReturnType<typeof keysIn>[number]['site'] =>
    keysIn([['API_KEY', key], ['API_SECRET', secret], ...more])[0]?.site;
  const sites: [urls: [string, string][], site: unknown][] = [
    [[], undefined],
    [[['BASE_URL', 'https://api.kucoin.com']], { kind: 'brand', brand: 'global' }],
    [[['BASE_URL', 'https://api.kucoin.eu/']], { kind: 'brand', brand: 'europe' }],
    [[['BASE_URL', 'http://127.0.0.1:1']], { kind: 'custom', spot: 'http://127.0.0.1:1' }],
    [
      [
        ['BASE_URL', 'http://127.0.0.1:1'],
        ['FUTURES_BASE_URL', 'http://127.0.0.1:2'],
      ],
      { kind: 'custom', spot: 'http://127.0.0.1:1', futures: 'http://127.0.0.1:2' },
    ],
    [
      [
        ['BASE_URL', 'http://127.0.0.1:1'],
        ['FUTURES_BASE_URL', 'https://evil.invalid'],
      ],
      { kind: 'custom', spot: 'http://127.0.0.1:1' },
    ],
    [[['BASE_URL', 'https://api.kucoin.com.evil.invalid']], undefined],
    [[['BASE_URL', 'https://evil.invalid']], undefined],
    [[['BASE_URL', 'http://evil.invalid']], undefined],
    [[['BASE_URL', 'https://api.kucoin.com@evil.invalid']], undefined],
    [[['BASE_URL', 'nonsense']], undefined],
  ];
  for (const [urls, site] of sites) {
    it(`take only hosts of KuCoin or of this computer from ${JSON.stringify(urls)}`, () => {
      assert.deepEqual(given(urls), site);
    });
  }
});

describe('a .env file', () => {
  const file = [
    '# my bot',
    'MODE=live',
    `export KUCOIN_API_KEY=${key}`,
    `  KUCOIN_API_SECRET = "${secret}"`,
    `KUCOIN_API_PASSPHRASE='${passphrase}' # chosen in May`,
    'KUCOIN_API_KEY_VERSION=2',
    'OTHER="two',
    'lines"',
    '',
  ].join('\n');
  const names = ['KUCOIN_API_KEY', 'KUCOIN_API_SECRET', 'KUCOIN_API_PASSPHRASE'];
  const without = (text: string): string | undefined => {
    const found = linesOf(text, names);
    const gone = found?.map(({ first }) => first);
    return (
      gone &&
      text
        .split('\n')
        .filter((_line, index) => !gone.includes(index))
        .join('\n')
    );
  };

  it('is read with its quotes, comments and exports', () => {
    const [found] = keysInEnvFile(file);
    assert.deepEqual(
      [found?.key, found?.secret, found?.passphrase, found?.version],
      [key, secret, passphrase, '2'],
    );
  });

  it('loses the lines of the key and nothing else', () => {
    assert.equal(
      without(file),
      ['# my bot', 'MODE=live', 'KUCOIN_API_KEY_VERSION=2', 'OTHER="two', 'lines"', ''].join('\n'),
    );
    assert.equal(without(file.replaceAll('\n', '\r\n'))?.includes(secret), false);
  });

  it('loses every line that gives one of the names a value', () => {
    assert.equal(without(`KUCOIN_API_KEY=old\nA=b\nKUCOIN_API_KEY=${key}`), 'A=b');
  });

  it('is left alone where the lines cannot be told for certain', () => {
    // The line looks like an assignment and is the second line of another value.
    assert.equal(without(`NOTE="first\nKUCOIN_API_KEY=${key}\nlast"\nA=b`), undefined);
    // The value goes on in the next line.
    assert.equal(without('KUCOIN_API_PASSPHRASE="one\ntwo=2"\nA=b'), undefined);
  });

  for (const [what, text] of [
    ['nothing', ''],
    ['no pairs', 'just\nwords\n'],
    ['nulls', '\0\0\0=\0'],
    ['a lone quote', 'A="'],
    ['a byte order mark', '\uFEFFA=b'],
    ['a long line', `A=${'x'.repeat(900_000)}`],
    ['many lines', 'A=b\n'.repeat(20_000)],
    ['names of Object.prototype', '__proto__=x\nconstructor=y\ntoString=z'],
  ] as const) {
    it(`with ${what} has no key`, () => {
      assert.deepEqual(keysInEnvFile(text), []);
    });
  }
});

describe('an entry of the system keychain', () => {
  const environment = environmentOf({ spot: 'https://api.kucoin.com', futures: undefined }, credentials);

  it('is the environment of the profile, and comes back as its key', () => {
    const password = entryOf(environment);
    assert.ok(!password.includes('FUTURES'));
    const [found, ...more] = keysInEntries([{ account: 'Main', password }]);
    assert.deepEqual(more, []);
    assert.equal(found?.account, 'Main');
    assert.deepEqual([found.key, found.secret, found.passphrase], [key, secret, passphrase]);
    assert.deepEqual(found.site, { kind: 'brand', brand: 'global' });
    assert.equal(found.version, '3');
  });

  it('may be one of three, each a part', () => {
    const [found] = keysInEntries([
      { account: 'api_key', password: key },
      { account: 'api_secret', password: secret },
      { account: 'passphrase', password: passphrase },
    ]);
    assert.deepEqual([found?.key, found?.secret], [key, secret]);
  });

  for (const password of [
    '',
    'x',
    'null',
    '[]',
    '7',
    '{"KUCOIN_API_KEY":7}',
    '{"KUCOIN_API_KEY":"x"}',
    '{',
  ]) {
    it(`of other content is no key: ${password}`, () => {
      assert.deepEqual(keysInEntries([{ account: 'Main', password }]), []);
    });
  }
});

describe('the code that reads an entry', () => {
  const hostile = `Bo"t'; rm -rf / $(x) \`y\` \\`;

  for (const platform of ['linux', 'darwin', 'win32']) {
    it(`is there for the common languages on ${platform}`, () => {
      const titles = keychainSnippets(platform, 'kucoin-accounts', 'Main').map(({ title }) => title);
      const shell = platform === 'win32' ? [] : ['Shell'];
      assert.deepEqual(titles, ['JavaScript', 'TypeScript', 'Python', 'Go', ...shell]);
      for (const { lines } of keychainSnippets(platform, 'kucoin-accounts', 'Main'))
        assert.match(lines.join('\n'), /kucoin-accounts\/Main|kucoin-accounts[\s\S]*Main/);
    });

    it(`quotes a name that would end its own quotation on ${platform}`, () => {
      for (const { title, lines } of keychainSnippets(platform, 's', hostile)) {
        const wanted =
          title === 'Shell' ? `'${hostile.replaceAll("'", `'\\''`)}'` : JSON.stringify(hostile).slice(1, -1);
        assert.ok(lines.join('\n').includes(wanted), title);
      }
    });
  }
});
