import assert from 'node:assert/strict';
import { analyse, createAnalyser } from '../../../src/coding/analyse';
import { completionsAt } from '../../../src/coding/completion';
import { samples } from './corpus';

const languages = [
  'typescript',
  'javascript',
  'python',
  'go',
  'java',
  'csharp',
  'php',
  'rust',
  'shellscript',
  'http',
  'json',
  'yaml',
  'dotenv',
];

/** Far above what the work takes, far below what a search that runs wild would take. */
const patience = 3_000;

function inTime(text: string, languageId: string): ReturnType<typeof analyse> {
  // Time of the processor, so that a machine that does other things as well spoils nothing.
  const before = process.cpuUsage();
  const analysis = analyse(text, languageId);
  const took = process.cpuUsage(before).user / 1_000;
  assert.ok(took < patience, `${languageId}, ${text.length} characters: ${Math.round(took)} ms`);
  for (const { start: from, end } of [...analysis.calls, ...analysis.findings, ...analysis.secrets])
    assert.ok(from >= 0 && from <= end && end <= text.length, `${languageId}: a range outside the text`);
  return analysis;
}

/** A small generator of even numbers, so that a failure can be repeated by its seed. */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('coding: hostile text', () => {
  const call = "await get('https://api.kucoin.com/api/v1/accounts?type=trade');\n";

  it('reads 5 MB', function () {
    this.timeout(60_000);
    const filler = "const row = { a: 'text', b: `x${1 + 2}`, c: /['\"]/ }; // it's a note\n";
    const text = call + filler.repeat(Math.ceil(5_000_000 / filler.length)) + call;
    assert.equal(inTime(text, 'typescript').calls.length, 2);
  });

  it('reads a line of 1 MB', function () {
    this.timeout(60_000);
    const piece = 'var a=b?c:"d/e",f=g/h;!function(){return`${i}`}();';
    const text = `var k="kucoin";${piece.repeat(20_000)}fetch("https://api.kucoin.com/api/v1/timestamp");`;
    assert.equal(inTime(text, 'javascript').calls.length, 1);
  });

  const nasty: readonly (readonly [string, string])[] = [
    ['a quote that never ends', `kucoin "${'x'.repeat(200_000)}`],
    ['quotes only', `kucoin ${'"'.repeat(100_000)}`],
    ['backticks only', `kucoin ${'`'.repeat(100_001)}`],
    ['open templates', `kucoin ${'`${'.repeat(20_000)}`],
    ['open brackets', `kucoin ${'('.repeat(100_000)} "/api/v1/accounts"`],
    ['closed brackets', `kucoin ${')'.repeat(100_000)} "/api/v1/hf/accounts/opened"`],
    ['slashes', `kucoin ${'/'.repeat(1)}${'a/'.repeat(100_000)}`],
    ['stars', `kucoin /*${'*'.repeat(200_000)}`],
    ['backslashes', `kucoin "${'\\'.repeat(200_001)}`],
    ['hosts', `kucoin ${'https://api.kucoin.com/'.repeat(20_000)}`],
    ['paths', `kucoin ${'"/api/v1/hf/accounts/opened",'.repeat(10_000)}`],
    ['paths in one word', `kucoin ${'/api/v1/accounts'.repeat(20_000)}`],
    ['assignments', `kucoin KC-API-SIGN ${'a=b=c=d;'.repeat(30_000)} "/api/v1/accounts"`],
    ['headers', `kucoin ${"{'KC-API-SIGN': sign(a), 'KC-API-TIMESTAMP': b},".repeat(5_000)}`],
    [
      'names of clients',
      `kucoin kucoin-universal-sdk ccxt new SpotClient( kucoin-api ${'client.getBalances().a('.repeat(10_000)}`,
    ],
    ['here-documents', `kucoin ${'<<EOF\n'.repeat(20_000)}`],
    ['blanks', `kucoin =${' '.repeat(300_000)}= "/api/v1/accounts"`],
    ['line ends', `kucoin ${'\n'.repeat(300_000)} "/api/v1/hf/accounts/opened"`],
    ['equals after blanks', `kucoin ${'a = '.repeat(60_000)}"/api/v1/hf/accounts/opened"`],
    [
      'invalid UTF-8 as the editor reads it',
      `kucoin \uFFFD\uFFFD"/api/v1/\uFFFD" \uD800 "\uDC00/api/v1/accounts"`,
    ],
    ['zero characters', `kucoin \0\0"\0/api/v1/accounts\0"`],
    ['secrets without end', `kucoin ${'apiKey: "6a1f09c3d27be8450f93b7e2", '.repeat(10_000)}`],
  ];
  for (const [what, text] of nasty)
    it(`survives ${what} in every language`, function () {
      this.timeout(120_000);
      for (const languageId of languages) inTime(text, languageId);
    });

  it('finds its way through templates in templates', () => {
    const text = [
      "const base = 'https://api.kucoin.com';",
      "const a = `${x ? `}${ { b: `${c}'` }.b }` : '`'}{`;",
      'get(`${base}/api/v1/accounts/${ids.map((id) => `${id}`)[0]}`);',
      "const note = `'/api/v1/hf/accounts/opened`;",
      "get(base + '/api/v1/hf/accounts/opened');",
    ].join('\n');
    assert.deepEqual(
      analyse(text, 'typescript').calls.map(({ known, start }) => [
        known.path,
        text.slice(0, start).split('\n').length,
      ]),
      [
        ['/api/v1/accounts/{accountId}', 3],
        ['/api/v1/hf/accounts/opened', 5],
      ],
    );
  });

  it('still reads the lines after a string that is being typed', () => {
    for (const [languageId, half] of [
      ['typescript', "get('https://api.kucoin.com/api/v1/acc"],
      ['python', 'get(f"https://api.kucoin.com/{pa'],
      ['go', 'get("https://api.kucoin.com/'],
      ['java', 'get("https://api.kucoin.com/api/v1/accounts?type='],
      ['csharp', 'Get("https://api.kucoin.com/'],
    ] as const) {
      const text = `${half}\n${call.replaceAll("'", '"')}`;
      assert.ok(
        analyse(text, languageId).calls.some(
          ({ known, start }) => known.path === '/api/v1/accounts' && start > half.length,
        ),
        languageId,
      );
    }
  });

  it('reads other line ends the same', () => {
    const text = "const p = '/api/v1/hf/accounts/opened';\nconst kucoin = get(p);\n";
    assert.equal(analyse(text.replaceAll('\n', '\r\n'), 'javascript').calls.length, 1);
    assert.equal(analyse(text, 'javascript').calls.length, 1);
  });

  it('survives files that were cut and mixed at random', function () {
    this.timeout(120_000);
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    const next = random(seed);
    const texts = samples().map(({ text }) => text);
    const specials = [
      '`',
      '"',
      "'",
      '${',
      '}',
      '/*',
      '*/',
      '//',
      '(',
      ')',
      '\\',
      '\n',
      '#',
      '<<EOF',
      '"""',
      '/api/v1/accounts',
      'kucoin',
      '\0',
    ];
    const pick = <T>(list: readonly T[]): T => list[next(list.length)]!;
    for (let round = 0; round < 400; round++) {
      let text = '';
      for (let part = 0; part < 4; part++) {
        const source = pick(texts);
        const from = next(source.length + 1);
        text += source.slice(from, from + next(800)) + pick(specials);
      }
      const languageId = pick(languages);
      try {
        inTime(text, languageId);
        completionsAt(text, next(text.length + 1), languageId);
      } catch (error) {
        console.log(`SEED=${seed}, round ${round}, ${languageId}`);
        throw error;
      }
    }
  });

  it('survives every prefix of a file, as it is while it is typed', () => {
    for (const { text, languageId } of samples().filter((_, i) => i % 12 === 0))
      for (let end = 0; end <= text.length; end += 3) analyse(text.slice(0, end), languageId);
  });

  it('analyses each version of a document once', () => {
    const analyser = createAnalyser(2);
    let reads = 0;
    const document = (uri: string, version: number) => ({
      uri,
      version,
      languageId: 'javascript',
      getText: () => {
        reads++;
        return call;
      },
    });
    const first = analyser.of(document('a', 1));
    assert.equal(analyser.of(document('a', 1)), first);
    assert.equal(reads, 1);
    assert.notEqual(analyser.of(document('a', 2)), first);
    analyser.of(document('b', 1));
    analyser.of(document('c', 1));
    assert.equal(reads, 4);
    analyser.of(document('a', 2));
    assert.equal(reads, 5, 'the oldest was forgotten');
    analyser.setFacts({ permissions: [] });
    assert.ok(analyser.of(document('a', 2)).findings.some(({ code }) => code === 'KC110'));
  });
});
