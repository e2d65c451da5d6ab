import { fake } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import { readSettings, settingNames, writeSetting, type Settings } from '../../../src/host/settings';
import { manifest, settings as properties, sources, texts } from './manifest';

const sections = manifest.contributes.configuration;
const names = Object.keys(settingNames) as (keyof Settings)[];
const idOf = (name: keyof Settings): string => `kucoin.${settingNames[name]}`;

describe('the settings', () => {
  beforeEach(() => fake.reset());

  it('are the ones of the manifest', () => {
    assert.deepEqual(names.map(idOf).sort(), Object.keys(properties).sort());
  });

  it('have an order of their own', () => {
    const orders = Object.values(properties).map(({ order }) => order);
    assert.equal(new Set(orders).size, orders.length);
  });

  it('stand in sections with a title and an order of their own', () => {
    const titles = sections.map(({ title }) => texts[title.slice(1, -1)]);
    assert.equal(new Set(titles).size, sections.length);
    assert.ok(titles.every(Boolean), titles.join());
    assert.equal(new Set(sections.map(({ order }) => order)).size, sections.length);
    assert.equal(
      Object.keys(properties).length,
      sections.flatMap((section) => Object.keys(section.properties)).length,
    );
  });

  for (const [id, entry] of Object.entries(properties)) {
    it(`say what they do, what each choice means and what is allowed: ${id}`, () => {
      assert.equal(entry.markdownDescription, `%config.${id.slice('kucoin.'.length)}%`);
      assert.equal(entry.description, undefined);
      assert.equal(entry.enumDescriptions?.length, entry.enum?.length);
      assert.equal(entry.pattern === undefined, entry.patternErrorMessage === undefined);
      if (entry.type === 'number') assert.ok(entry.minimum !== undefined && entry.maximum !== undefined);
      // What is typed has an example.
      if (['string', 'number'].includes(entry.type) && !entry.enum) {
        assert.match(texts[entry.markdownDescription.slice(1, -1)] ?? '', /(e\.g\.|such as) `[^`]+`/);
      }
    });
  }

  for (const name of names) {
    it(`are read as the manifest says when nothing is set: ${name}`, () => {
      assert.deepEqual(readSettings()[name], properties[idOf(name)]?.default);
    });
  }

  const bad: [name: keyof Settings, values: unknown[]][] = [
    ['valuationCurrency', ['usd', 'U', '$', 7, null, '', 'USD; DROP']],
    ['sortBy', ['size', 7, null]],
    ['hideSmall', ['true', 1, null]],
    ['dustThreshold', ['-1', '1e3', '1,5', 1, null, '', '.5', 'NaN']],
    ['refreshInterval', ['60', null, NaN]],
    ['statusBar', [null, 'yes']],
    ['liveUpdates', [true, 'sometimes', null]],
    ['keepSnapshots', ['true', 1, null]],
    ['executeTransfers', ['true', 1, null]],
    ['executeLiveTransfers', ['true', 1, null]],
    ['codingDiagnostics', ['off', 0, null]],
    ['codingHover', ['off', 0, null]],
    ['codingCodeLens', ['off', 0, null]],
    ['codingCompletion', ['off', 0, null]],
    ['codingSecrets', ['off', 0, null]],
    ['codingLanguages', ['python', 7, null, { python: true }]],
  ];
  for (const [name, values] of bad) {
    it(`fall back to the default when somebody wrote nonsense: ${name}`, () => {
      for (const value of values) {
        fake.configure(idOf(name), value);
        assert.deepEqual(readSettings()[name], properties[idOf(name)]?.default, String(value));
      }
    });
  }

  it('take every value that the manifest allows', () => {
    const given: [id: string, value: unknown][] = [
      ['kucoin.valuation.currency', 'EUR'],
      ['kucoin.balances.sortBy', 'name'],
      ['kucoin.balances.hideSmall', true],
      ['kucoin.balances.dustThreshold', '0.50'],
      ['kucoin.balances.refreshInterval', 300],
      ['kucoin.statusBar.visible', false],
      ['kucoin.live.updates', 'never'],
      ['kucoin.transfer.typeAbove', '250.5'],
      ['kucoin.portfolio.keepSnapshots', true],
      ['kucoin.assistants.executeTransfers', true],
      ['kucoin.assistants.executeLiveTransfers', true],
      ['kucoin.coding.diagnostics', false],
      ['kucoin.coding.hover', false],
      ['kucoin.coding.codeLens', false],
      ['kucoin.coding.completion', false],
      ['kucoin.coding.secrets', false],
      ['kucoin.coding.languages', ['python', 'cobol']],
    ];
    for (const [id, value] of given) fake.configure(id, value);
    assert.deepEqual(readSettings(), {
      valuationCurrency: 'EUR',
      sortBy: 'name',
      hideSmall: true,
      dustThreshold: '0.50',
      refreshInterval: 300,
      statusBar: false,
      liveUpdates: 'never',
      typeAbove: '250.5',
      keepSnapshots: true,
      executeTransfers: true,
      executeLiveTransfers: true,
      codingDiagnostics: false,
      codingHover: false,
      codingCodeLens: false,
      codingCompletion: false,
      codingSecrets: false,
      codingLanguages: ['python'],
    });
    fake.configure('kucoin.transfer.typeAbove', '');
    assert.equal(readSettings().typeAbove, undefined);
  });

  it('never read more often than every ten seconds, and not at all with zero', () => {
    for (const [value, seconds] of [
      [1, 10],
      [10, 10],
      [0, 0],
      [-5, 0],
    ] as const) {
      fake.configure(idOf('refreshInterval'), value);
      assert.equal(readSettings().refreshInterval, seconds);
    }
  });

  it('are written back to where they came from', async () => {
    await writeSetting('sortBy', 'name');
    assert.deepEqual(fake.configured(idOf('sortBy')), { global: 'name' });
    fake.configure(idOf('hideSmall'), true, 'workspace');
    await writeSetting('hideSmall', false);
    assert.deepEqual(fake.configured(idOf('hideSmall')), { workspace: false });
  });

  it('hold nothing that decides where money goes', () => {
    for (const id of Object.keys(properties)) {
      if (id === 'kucoin.coding.secrets') continue; // a switch: whether keys in files are reported
      assert.doesNotMatch(id, /url|host|key|secret|limit|confirm/i);
    }
  });

  /** A folder that is opened may bring settings along: each of these says why it may not, or why it does no harm. */
  const whose: Readonly<Record<keyof Settings, readonly ['user' | 'workspace', why: string]>> = {
    valuationCurrency: ['user', 'the amount above which a transfer is typed is counted in it'],
    dustThreshold: ['user', 'a high one would hide real money among the small balances'],
    refreshInterval: ['user', 'it decides when requests are sent, and how old figures grow'],
    liveUpdates: ['user', 'it decides whether connections stand'],
    typeAbove: ['user', 'it guards transfers'],
    executeTransfers: ['user', 'it lets programs ask for transfers'],
    executeLiveTransfers: ['user', 'it lets programs ask for transfers of real money'],
    keepSnapshots: ['user', 'it decides whether values are written to the disk'],
    sortBy: ['workspace', 'the same rows in another order'],
    hideSmall: ['workspace', 'a row says how many are hidden, and what counts as small is the user’s'],
    statusBar: ['workspace', 'every question names the profile and LIVE or DEMO'],
    codingDiagnostics: ['workspace', 'it concerns the files of the workspace alone'],
    codingHover: ['workspace', 'it concerns the files of the workspace alone'],
    codingCodeLens: ['workspace', 'it concerns the files of the workspace alone'],
    codingCompletion: ['workspace', 'it concerns the files of the workspace alone'],
    codingSecrets: ['workspace', 'tests with invented keys have them in their files'],
    codingLanguages: ['workspace', 'it concerns the files of the workspace alone'],
  };
  for (const name of names) {
    const [owner, why] = whose[name];
    it(`may be set by the ${owner}: ${name}, as ${why}`, () => {
      const { scope } = properties[idOf(name)] as { readonly scope?: string };
      assert.equal(scope, owner === 'user' ? 'application' : undefined);
    });
  }

  it('are read in one place', () => {
    for (const [file, text] of sources()) {
      if (/^host[\\/]settings\./.test(file)) continue;
      assert.doesNotMatch(text, /getConfiguration\(["']kucoin/, file);
    }
  });
});
