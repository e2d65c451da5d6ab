import assert from 'node:assert/strict';
import fc from 'fast-check';
import { oneLine, sameLines } from '../../../src/kucoin/outside';

describe('a text from outside', () => {
  const table: readonly [text: string, shown: string][] = [
    ['Main', 'Main'],
    ['日本 · Ünïcode €', '日本 · Ünïcode €'],
    ['👨‍👩‍👧 ❤️ 1️⃣', '👨‍👩‍👧 ❤️ 1️⃣'],
    ['\u202Edlos 001', '⟨U+202E⟩dlos 001'],
    ['pay\u2066pal\u2069', 'pay⟨U+2066⟩pal⟨U+2069⟩'],
    ['Ma\u200Bin', 'Ma⟨U+200B⟩in'],
    ['a\u200Db', 'a⟨U+200D⟩b'],
    ['x\u3164\u00ADy', 'x⟨U+3164⟩⟨U+00AD⟩y'],
    ['tag\u{E0041}', 'tag⟨U+E0041⟩'],
    ['\uD800 alone', '⟨U+D800⟩ alone'],
    ['bell\u0007 escape\u001B[31m', 'bell⟨U+0007⟩ escape⟨U+001B⟩[31m'],
    ['two\r\nlines\u2028and\u0085more\tof it', 'two lines and more of it'],
  ];
  for (const [text, shown] of table) {
    it(`is shown with all that is in it: ${JSON.stringify(text)}`, () => assert.equal(oneLine(text), shown));
  }

  it('never holds what cannot be seen, and stays as it is the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const shown = oneLine(text);
        // What joins pictures may stay.
        assert.doesNotMatch(shown.replaceAll('\u200D', ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/u);
        assert.equal(oneLine(shown), shown);
      }),
    );
  });

  it('may keep lines that are its own', () => {
    assert.equal(sameLines('a\n\tb\r\n\u202Ec'), 'a\n\tb\r\n⟨U+202E⟩c');
  });
});
