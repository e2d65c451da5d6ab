import assert from 'node:assert/strict';
import { analyse } from '../../../src/coding/analyse';
import type { CodingFacts, Finding } from '../../../src/coding/finding';
import { hoverOf } from '../../../src/coding/hover';
import { completionsAt } from '../../../src/coding/completion';
import { english } from '../../../src/kucoin/explain';

function findings(text: string, languageId = 'typescript', facts: CodingFacts = {}): readonly Finding[] {
  return analyse(text, languageId, { facts }).findings;
}

/** The text after the first fix of a finding. */
function fixed(text: string, code: string, languageId = 'typescript', facts: CodingFacts = {}): string {
  const finding = findings(text, languageId, facts).find((one) => one.code === code);
  const fix = finding?.fixes[0];
  assert.ok(fix, `${code} has a fix`);
  return [...fix.edits]
    .sort((a, b) => b.start - a.start)
    .reduce((done, { start, end, text: by }) => done.slice(0, start) + by + done.slice(end), text);
}

const inner = (body: string): string =>
  `import { kucoin } from './kucoin';\nkucoin.post('/api/v2/accounts/inner-transfer', ${body});\n`;
const flex = (body: string): string =>
  `import { kucoin } from './kucoin';\nkucoin.post('/api/v3/accounts/universal-transfer', ${body});\n`;

describe('coding: quick fixes', () => {
  const cases: readonly (readonly [
    code: string,
    before: string,
    after: string,
    languageId?: string,
    facts?: CodingFacts,
  ])[] = [
    [
      'KC101',
      "get('https://api.kucoin.com/api/v1/sub/user')",
      "get('https://api.kucoin.com/api/v2/sub/user')",
    ],
    [
      'KC101',
      'curl https://api.kucoin.com/api/v1/symbols?market=USDS',
      'curl https://api.kucoin.com/api/v2/symbols?market=USDS',
      'shellscript',
    ],
    [
      'KC103',
      "get('https://api.kucoin.com/api/v1/account-overview')",
      "get('https://api-futures.kucoin.com/api/v1/account-overview')",
    ],
    [
      'KC103',
      "get('https://api-futures.kucoin.com/api/v1/accounts/transferable')",
      "get('https://api.kucoin.com/api/v1/accounts/transferable')",
    ],
    ['KC104', inner("{ from: 'MAIN', to: 'trade' }"), inner("{ from: 'main', to: 'trade' }")],
    ['KC104', flex('{ "fromAccountType": "Trade" }'), flex('{ "fromAccountType": "TRADE" }')],
    ['KC108', flex("{ amount: 12.5, type: 'INTERNAL' }"), flex("{ amount: '12.5', type: 'INTERNAL' }")],
    [
      'KC109',
      inner("{ from: 'main', to: 'trade_hf' }"),
      inner("{ from: 'main', to: 'trade' }"),
      'typescript',
      { spotHf: 'merged' },
    ],
    [
      'KC113',
      "get('https://api.kucoin.com/api/v2/sub/user?pageSize=500')",
      "get('https://api.kucoin.com/api/v2/sub/user?pageSize=100')",
    ],
    [
      'KC114',
      "h = { 'KC-API-TIMESTAMP': Math.floor(Date.now() / 1000) };",
      "h = { 'KC-API-TIMESTAMP': Date.now() };",
    ],
    [
      'KC114',
      'ts = int(time.time())\nh = {"KC-API-TIMESTAMP": str(ts)}',
      'ts = int(time.time() * 1000)\nh = {"KC-API-TIMESTAMP": str(ts)}',
      'python',
    ],
    [
      'KC114',
      'curl -H "KC-API-TIMESTAMP: $(date +%s)" x',
      'curl -H "KC-API-TIMESTAMP: $(date +%s%3N)" x',
      'shellscript',
    ],
  ];
  for (const [code, before, after, languageId, facts] of cases)
    it(`${code}: ${before.split('\n').at(-2) ?? before}`, () => {
      assert.equal(fixed(before, code, languageId, facts), after);
      assert.ok(!findings(after, languageId, facts).some((one) => one.code === code), 'the fix settles it');
    });

  it('never offers the real exchange in place of the sandbox that is gone', () => {
    const [finding] = findings("get('https://openapi-sandbox.kucoin.com/api/v1/accounts')");
    assert.equal(finding?.code, 'KC103');
    assert.deepEqual(finding.fixes, []);
  });
});

describe('coding: what is no finding', () => {
  const fine: readonly (readonly [what: string, text: string, languageId?: string, facts?: CodingFacts])[] = [
    ['trade_hf while its state is not known', inner("{ from: 'main', to: 'trade_hf' }")],
    [
      'trade_hf of a user who has it',
      inner("{ from: 'main', to: 'trade_hf' }"),
      'typescript',
      { spotHf: 'separate' },
    ],
    ['a tag that is there', inner("{ from: 'main', to: 'isolated', toTag: 'BTC-USDT' }")],
    ['a tag that may be in what is spread', inner("{ ...more, from: 'main', to: 'isolated' }")],
    ['contract as a target', inner("{ from: 'main', to: 'contract' }")],
    ['contract as a source of Flex Transfer', flex("{ fromAccountType: 'CONTRACT', toAccountType: 'MAIN' }")],
    ['a whole number as amount', flex('{ amount: 10 }')],
    [
      'an exact decimal of C#',
      'class Kucoin { void M() { Post("/api/v3/accounts/universal-transfer", new { amount = 12.5m }); } }',
      'csharp',
    ],
    [
      'numbers in a futures transfer',
      "get('https://api-futures.kucoin.com/api/v3/transfer-out', { amount: 12.5, recAccountType: 'MAIN' })",
    ],
    ['seconds for candles', "get('https://api.kucoin.com/api/v1/market/candles?startAt=1700000000')"],
    ['seconds made milliseconds', "h = { 'KC-API-TIMESTAMP': Math.floor(Date.now() / 1000) * 1000 };"],
    [
      'a decoded query in the signature',
      "const q = decodeURIComponent(new URLSearchParams(p).toString());\nh = { 'KC-API-SIGN': sign(ts + 'GET' + path + q) };",
    ],
    [
      'an encoded URL beside a raw prehash',
      "const raw = path + '?' + query;\nh = { 'KC-API-SIGN': sign(ts, raw) };\nfetch('https://api.kucoin.com' + path + '?' + new URLSearchParams(p));",
    ],
    ['both hosts serve it', "get('https://api-futures.kucoin.com/api/v1/timestamp')"],
    [
      'permission that is there',
      "get('https://api.kucoin.com/api/v1/accounts')",
      'typescript',
      { permissions: ['General'] },
    ],
    [
      'public calls without any permission',
      "get('https://api.kucoin.com/api/v1/prices')",
      'typescript',
      { permissions: [] },
    ],
  ];
  for (const [what, text, languageId, facts] of fine)
    it(what, () => {
      const codes = findings(text, languageId, facts)
        .map(({ code }) => code)
        .filter((code) => code !== 'KC101');
      assert.deepEqual(codes, []);
    });
});

describe('coding: findings that depend on what is known', () => {
  it('names the permission that the key lacks, as the website calls it', () => {
    const [finding] = findings(flex('{}'), 'typescript', { permissions: ['General', 'Spot', 'Transfer'] });
    assert.equal(finding?.code, 'KC110');
    assert.match(english(finding.message), /lacks the permission FlexTransfers/);
  });

  it('knows the world of 2023, in which nothing was superseded and TRADE_HF was a type', () => {
    const text =
      flex("{ fromAccountType: 'TRADE_HF', toAccountType: 'MAIN' }") +
      inner("{ from: 'main', to: 'trade_hf' }");
    assert.deepEqual(findings(text, 'typescript', { world: 'seed' }), []);
    assert.deepEqual(
      findings(text).map(({ code }) => code),
      ['KC105', 'KC101'],
    );
  });

  it('says every sentence with all its values', () => {
    const text = `${inner("{ from: 'contract', to: 'ISOLATED' }")}${flex("{ amount: 1.5, fromAccountType: 'pool', toAccountType: 'trade' }")}
      get('https://api.kucoin.com/api/v1/account-overview'); get('https://openapi-v2.kucoin.com/api/v1/accounts/inner-transfer?pageSize=0');`;
    const all = findings(text, 'typescript', { permissions: [], spotHf: 'merged' });
    assert.ok(all.length > 8);
    for (const { message, fixes } of all)
      for (const sentence of [message, ...fixes.map(({ title }) => title)])
        assert.doesNotMatch(english(sentence), /[{}]/);
  });
});

describe('coding: hover', () => {
  const [call] = analyse(
    "get('https://api.kucoin.com/api/v3/accounts/universal-transfer')",
    'typescript',
  ).calls;
  const lines = (facts: CodingFacts): string =>
    hoverOf(call!, facts)
      .lines.map(({ sentence }) => english(sentence))
      .join('\n');

  it('tells method, host, permission, weight and whether the profile may call it', () => {
    const said = lines({ permissions: ['General'] });
    for (const part of [
      /Flex Transfer/,
      /POST \/api\/v3\/accounts\/universal-transfer/,
      /api\.kucoin\.com/,
      /FlexTransfers/,
      /Weight: 4 of the Management pool/,
      /may not call it/,
    ])
      assert.match(said, part);
    assert.match(lines({}), /not known whether/);
    assert.match(lines({ permissions: ['InnerTransfer'] }), /may call it\./);
    assert.equal(hoverOf(call!).kind, 'money');
  });

  it('tells the truth about opened, and by what a call was superseded', () => {
    const text =
      "get('https://api.kucoin.com/api/v1/hf/accounts/opened'); get('https://api.kucoin.com/api/v1/margin/account')";
    const said = analyse(text, 'typescript').calls.map((one) =>
      hoverOf(one)
        .lines.map(({ sentence }) => english(sentence))
        .join('\n'),
    );
    assert.match(said[0]!, /does not mean that HF is not activated/);
    assert.match(said[1]!, /Superseded by GET \/api\/v3\/margin\/accounts/);
  });
});

describe('coding: completion', () => {
  /** Completions at the bar. */
  const at = (text: string, languageId = 'typescript') =>
    completionsAt(text.replace('|', ''), text.indexOf('|'), languageId);
  const labels = (text: string, languageId?: string): string[] =>
    at(text, languageId).map(({ label }) => label);

  it('offers paths after a host and behind a base, superseded ones last', () => {
    const found = at("fetch('https://api.kucoin.com/api/v|')");
    assert.ok(found.some(({ label }) => label === '/api/v1/accounts'));
    assert.equal(found.find(({ label }) => label === '/api/v1/sub/user')?.last, true);
    assert.ok(labels('const kucoin = `${base}/api/v3/acc|`').includes('/api/v3/accounts/universal-transfer'));
    assert.ok(
      labels('curl https://api.kucoin.com/api/v1/hf/|', 'shellscript').includes('/api/v1/hf/accounts/opened'),
    );
  });

  it('replaces the rest of an old path and keeps the query', () => {
    const text = "fetch('https://api.kucoin.com/api/v1/sub/user?pageSize=10')";
    const offset = text.indexOf('/sub');
    const one = completionsAt(text, offset, 'typescript').find(({ label }) => label === '/api/v1/accounts');
    assert.equal(
      one && text.slice(0, one.edit.start) + one.edit.text + text.slice(one.edit.end),
      "fetch('https://api.kucoin.com/api/v1/accounts?pageSize=10')",
    );
  });

  it('offers parameters and values in a query', () => {
    assert.deepEqual(labels("get('https://api.kucoin.com/api/v1/accounts?cur|')"), ['currency']);
    assert.deepEqual(labels("get('https://api.kucoin.com/api/v1/accounts?type=|')"), [
      'main',
      'trade',
      'option',
      'trade_hf',
    ]);
  });

  it('offers values in a body, in the case that the endpoint takes', () => {
    assert.ok(labels("kucoin.post('/api/v2/accounts/inner-transfer', { from: '|' })").includes('margin_v2'));
    assert.ok(!labels("kucoin.post('/api/v2/accounts/inner-transfer', { from: '|' })").includes('contract'));
    assert.ok(
      labels("kucoin.post('/api/v3/accounts/universal-transfer', { fromAccountType: '|' })").includes(
        'OPTION',
      ),
    );
  });

  it('is silent elsewhere', () => {
    assert.deepEqual(at("fetch('https://api.binance.com/x|')"), []);
    assert.deepEqual(at("const kucoin = 'some |text'"), []);
  });
});
