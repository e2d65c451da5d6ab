import assert from 'node:assert/strict';
import {
  emptyDocument,
  environmentOf,
  hasPermission,
  parseDocument,
  siteTitle,
  worldOf,
  type Profile,
} from '../../../src/profiles/profile';
import { profile } from './support';

const facts = {
  uid: 700100200,
  isMaster: false,
  subName: 'robot',
  permissions: ['General', 'Spot'],
  ipRestricted: true,
  expiresAt: 1_800_000_000_000,
  siteType: 'global',
  checkedAt: 1_766_000_000_000,
};

function documentOf(profiles: readonly unknown[], more: object = {}): string {
  return JSON.stringify({ version: 1, profiles, ...more });
}

describe('the profile document', () => {
  it('gives back what was written', () => {
    const all: Profile[] = [
      profile({ facts }),
      profile({ id: 'b2', site: { kind: 'custom', spot: 'https://proxy.example' }, keyVersion: '1' }),
      profile({ id: 'c3', site: { kind: 'sandbox', world: 'seed' }, readOnly: true }),
    ];
    const { document, damaged } = parseDocument(documentOf(all, { lastUsed: 'b2' }));
    assert.deepEqual(document, { version: 1, profiles: all, lastUsed: 'b2' });
    assert.equal(damaged, 0);
  });

  for (const [what, text] of [
    ['text that is not JSON', '{"version":1,"prof'],
    ['an empty text', ''],
    ['no version', JSON.stringify({ profiles: [profile()] })],
    ['a list in place of the document', '[]'],
    ['null', 'null'],
    ['profiles that are no list', JSON.stringify({ version: 1, profiles: {} })],
  ] as const) {
    it(`counts as damaged: ${what}`, () => {
      assert.deepEqual(parseDocument(text), { document: emptyDocument, damaged: 1, newer: false });
    });
  }

  it('of a newer version is used as far as it is understood, and nothing of it counts as damaged', () => {
    const known = profile({ id: 'known' });
    const text = JSON.stringify({ version: 2, profiles: [known, { id: 'of another shape' }] });
    const read = parseDocument(text);
    assert.deepEqual([read.document.profiles, read.damaged, read.newer], [[known], 0, true]);
  });

  const good = profile({ id: 'good' });
  for (const [what, bad] of [
    ['null', null],
    ['an unknown brand', profile({ site: { kind: 'brand', brand: 'mars' as 'global' } })],
    ['a base URL that is none', profile({ site: { kind: 'custom', spot: 'nowhere' } })],
    ['an unknown world', profile({ site: { kind: 'sandbox', world: 'tomorrow' as 'today' } })],
    ['an empty name', profile({ name: '' })],
    ['an id that could be a path', profile({ id: '../x' })],
    ['an unknown key version', profile({ keyVersion: '4' as '3' })],
    ['a generation that is text', { ...profile(), generation: '1' }],
    ['facts without permissions', { ...profile(), facts: { ...facts, permissions: undefined } }],
  ] as const) {
    it(`keeps the good entries beside a bad one: ${what}`, () => {
      const read = parseDocument(documentOf([bad, good]));
      assert.deepEqual(read.document.profiles, [good]);
      assert.equal(read.damaged, 1);
    });
  }
});

describe('a profile', () => {
  it('is DEMO in the sandbox and LIVE everywhere else', () => {
    assert.equal(environmentOf(profile({ site: { kind: 'sandbox', world: 'today' } })), 'DEMO');
    assert.equal(environmentOf(profile({ site: { kind: 'custom', spot: 'http://127.0.0.1:1' } })), 'LIVE');
    assert.equal(environmentOf(profile()), 'LIVE');
  });

  it("follows today's rules outside the sandbox", () => {
    assert.equal(worldOf(profile()), 'today');
    assert.equal(worldOf(profile({ site: { kind: 'sandbox', world: 'seed' } })), 'seed');
  });

  it('knows a permission only after the key was checked', () => {
    assert.equal(hasPermission(profile(), 'Spot'), undefined);
    assert.equal(hasPermission(profile({ facts }), 'Spot'), true);
    assert.equal(hasPermission(profile({ facts }), 'Transfer'), false);
  });

  it('names its site', () => {
    assert.equal(siteTitle({ kind: 'brand', brand: 'turkey' }), 'KuCoin Türkiye');
    assert.equal(siteTitle({ kind: 'custom', spot: 'https://proxy.example' }), 'https://proxy.example');
    assert.notEqual(
      siteTitle({ kind: 'sandbox', world: 'today' }),
      siteTitle({ kind: 'sandbox', world: 'seed' }),
    );
  });
});
