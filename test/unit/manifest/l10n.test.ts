import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './manifest';

/** What scripts/lib/texts.mjs offers; it is plain JavaScript, shared with `npm run l10n`. */
interface TextsModule {
  readonly readTexts: () => {
    /** The files in which each text stands. */
    readonly texts: ReadonlyMap<string, readonly string[]>;
    /** Where a text that stands in a table goes to `l10n.t`. */
    readonly doors: readonly { readonly file: string; readonly expression: string }[];
    /** Sentences that go nowhere near `l10n.t`. */
    readonly strays: readonly { readonly file: string; readonly text: string }[];
  };
  readonly manifestTexts: () => Readonly<Record<string, string>>;
  readonly translationFiles: Readonly<Record<'bundle' | 'manifest', string>>;
}

/** Expressions behind which a text of a table stands; a new one is looked at by a person. */
const doors = [
  'ui/coding/shared.ts: template',
  'ui/explainError.ts: sentence.template',
  'ui/keyWizard.ts: note',
  'ui/keyWizard.ts: parsed.problem',
  'ui/keyWizard.ts: problem',
  'ui/keyWizard.ts: sentence',
  'ui/names.ts: accountType(type).purpose',
  'ui/names.ts: siteTitle(site)',
  'ui/names.ts: title',
  'ui/names.ts: titleOfType(type)',
  'ui/profileCommands.ts: problem',
];

/** Texts whose only word is part of the name that stands in a placeholder: 资金账户. */
const wordless = new Set(['{account} account, {value}']);

/** Words that Chinese users of KuCoin and of the editor write in English. */
const terms = /\b(API|Key|Secret|UID|IP|Base|URL|id|KuCoin|VIP|contract|max|half|LIVE|DEMO)\b/gi;

describe('the Chinese texts', () => {
  let read: ReturnType<TextsModule['readTexts']>;
  let bundle: Readonly<Record<string, string>>;
  let own: Readonly<Record<string, string>>;
  let manifest: Readonly<Record<string, string>>;
  let files: TextsModule['translationFiles'];
  /** Both files: the English text, the Chinese one. */
  let pairs: readonly (readonly [english: string, chinese: string])[];

  before(async function () {
    this.timeout(60_000); // The compiler reads all sources.
    const module = (await import(path.join(root, 'scripts', 'lib', 'texts.mjs'))) as TextsModule;
    const json = (file: string): Record<string, string> =>
      JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    read = module.readTexts();
    own = module.manifestTexts();
    files = module.translationFiles;
    [bundle, manifest] = [json(files.bundle), json(files.manifest)];
    const all = [
      ...Object.entries(bundle),
      ...Object.entries(own).map(([key, english]) => [english, manifest[key] ?? ''] as const),
    ];
    // One that lacks fails once, below, not in every test.
    pairs = all.filter(([, chinese]) => chinese !== '');
  });

  /** Runs through all pairs and names those that fail. */
  const failing = (isWrong: (english: string, chinese: string) => boolean): string[] =>
    pairs
      .filter(([english, chinese]) => isWrong(english, chinese))
      .map(([english, chinese]) => `${english} | ${chinese}`);

  it('are there for every text of the sources, none of them empty; npm run l10n names what lacks', () => {
    assert.ok(read.texts.size > 1000, String(read.texts.size));
    assert.deepEqual(
      [...read.texts.keys()].filter((text) => !bundle[text]),
      [],
    );
  });

  it('are there for nothing else; npm run l10n drops the rest', () => {
    assert.deepEqual(
      Object.keys(bundle).filter((text) => !read.texts.has(text)),
      [],
    );
  });

  it('are there for every text of the manifest, in the same order', () => {
    assert.deepEqual(Object.keys(manifest), Object.keys(own));
    assert.deepEqual(
      Object.keys(own).filter((key) => !manifest[key]),
      [],
    );
  });

  it('stand in the order of their keys, so that two who add to them seldom meet', () => {
    assert.deepEqual(Object.keys(bundle), Object.keys(bundle).sort());
  });

  it('cover all that a user reads: a sentence goes through l10n.t, or stands in a table that scripts/lib/texts.mjs knows', () => {
    assert.deepEqual(read.strays, []);
  });

  it('are asked for by a literal, or by what a known table holds', () => {
    assert.deepEqual(read.doors.map(({ file, expression }) => `${file}: ${expression}`).sort(), doors);
  });

  const alike: [what: string, pattern: RegExp][] = [
    ['placeholders', /\{\w+\}/g],
    ['icons', /\$\([a-z-]+\)/g],
    ['commands and links', /\((?:command|https?):[^)]*\)/g],
    ['code and settings', /`[^`]*`/g],
    ['codes of KuCoin', /\b\d{6}\b/g],
    ['LIVE and DEMO', /\b(?:LIVE|DEMO)\b/g],
    ['lines', /\n/g],
    ['emphases', /(?<![\w*])\*(?=\S)/g],
  ];
  for (const [what, pattern] of alike) {
    it(`keep ${what} as they are`, () => {
      const found = (text: string): string => [...new Set(text.match(pattern))].sort().join();
      assert.deepEqual(
        failing((english, chinese) => found(english) !== found(chinese)),
        [],
      );
    });
  }

  it('end as the English ones do', () => {
    const endings = new Map([
      ['.', '。'],
      ['?', '？'],
      ['…', '…'],
    ]);
    const ending = (text: string): string => endings.get(text.at(-1) ?? '') ?? '';
    const isWrong = (english: string, chinese: string): boolean => {
      const wanted = ending(english);
      const last = chinese.at(-1) ?? '';
      return wanted === '' ? [...endings.values()].includes(last) : last !== wanted;
    };
    assert.deepEqual(failing(isWrong), []);
  });

  it('are Chinese, but for names and for what has no words', () => {
    const isWrong = (english: string, chinese: string): boolean => {
      const words = english.replace(/\{\w+\}/g, '').replace(terms, '');
      return /[a-z]/i.test(words) && !/\p{Script=Han}/u.test(chinese) && !wordless.has(english);
    };
    assert.deepEqual(failing(isWrong), []);
  });

  it('leave no English word that the English text does not have, and no small one at all', () => {
    const bare = (text: string): string => text.replace(/\{\w+\}|`[^`]*`|\$?\([a-z:/.\-A-Z]+\)/g, ' ');
    const isWrong = (english: string, chinese: string): boolean => {
      const known = new Set(english.toLowerCase().match(/[a-z]+/g));
      const words =
        bare(chinese)
          .replace(terms, ' ')
          .match(/[A-Za-z]{2,}/g) ?? [];
      return words.some(
        (word) => !known.has(word.toLowerCase()) || /^(the|of|is|are|and|not|this|with|for|it)$/.test(word),
      );
    };
    assert.deepEqual(failing(isWrong), []);
  });

  it('write the signs of Chinese between Chinese words', () => {
    assert.deepEqual(
      failing((_english, chinese) =>
        /\p{Script=Han}[,;:?!]|[,;:?!]\p{Script=Han}|[“”][\w]?[,.]\p{Script=Han}/u.test(chinese),
      ),
      [],
    );
  });
});
