import assert from 'node:assert/strict';
import fc from 'fast-check';
import { label, padEnd, padStart, widest, widthOf, wrap } from '../../../src/ui/columns';

const anyText = fc.string({ unit: fc.constantFrom('a', '1', ' ', '账', '户', '，', 'é', '…') });
/** Texts of the same width in any font have as many signs of each kind. */
const sameWidth = (one: string, other: string): void => assert.deepEqual(widthOf(one), widthOf(other));

describe('columns of text', () => {
  it('are padded with blanks in English', () => {
    assert.equal(padEnd('State', widest(['State', 'Currency'])), 'State   ');
    assert.equal(padStart('1.5', widest(['1,234.5', '1.5'])), '    1.5');
    assert.equal(label('State', 16), 'State:          ');
  });

  it('count the signs of Chinese apart', () => {
    const width = widest(['状态', 'BTC', '可用余额 (USDT)']);
    assert.deepEqual(width, { wide: 4, narrow: 7 });
    assert.equal(padEnd('状态', width), '状态\u3000\u3000       ');
    sameWidth(label('状态', 16), label('订单 id', 16));
    sameWidth(label('客户端 id', 16), label('发生的情况', 16));
  });

  it('are of the same width in every row, whatever the rows say', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1 }), (texts) => {
        const width = widest(texts);
        for (const text of texts) {
          assert.deepEqual(widthOf(padEnd(text, width)), width);
          assert.deepEqual(widthOf(padStart(text, width)), width);
          assert.equal(padEnd(text, width).trimEnd(), text.trimEnd());
        }
      }),
    );
  });
});

describe('a wrapped text', () => {
  it('breaks between words, and stands below its beginning', () => {
    assert.equal(wrap('  Next: ', 'one two three four', 9), '  Next: one two\n        three\n        four');
  });

  it('breaks between signs of Chinese, where two columns are one sign, and never before a stop', () => {
    assert.equal(
      wrap('状态: ', '现货账户就是高频账户。', 8),
      '状态: 现货账户\n\u3000\u3000  就是高频\n\u3000\u3000  账户。',
    );
    assert.equal(wrap('', '没有资金，请重试。', 8), '没有资\n金，请重\n试。');
  });

  it('loses nothing', () => {
    const bare = (text: string): string => text.replace(/\s/g, '');
    fc.assert(
      fc.property(anyText, (text) => {
        assert.equal(bare(wrap('', text, 6)), bare(text));
      }),
    );
  });
});
