import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as v from 'valibot';
import { getAccountList, getApiKeyInfo } from '../../../src/kucoin/endpoints/account';
import { parseExact } from '../../../src/kucoin/json';
import {
  decimalNumber,
  decimalText,
  describeIssue,
  holdsDecimalNumber,
  milliseconds,
  open,
} from '../../../src/kucoin/schema';

describe('parseExact', () => {
  it('keeps numbers whose text a float gives back', () => {
    assert.deepEqual(parseExact('[0.1,42,-7,1e-7,0]'), [0.1, 42, -7, 1e-7, 0]);
  });

  it('keeps the source text of all other numbers', () => {
    const texts = ['0.10', '12345678901234567890', '1e-5', '0.1234567890123456789', '-0', '1.0', '1E400'];
    assert.deepEqual(parseExact(`[${texts.join(',')}]`), texts);
  });

  it('changes nothing else', () => {
    const value = { a: [null, true, 'text', { b: '0.10' }], c: {} };
    assert.deepEqual(parseExact(JSON.stringify(value)), value);
    assert.throws(() => parseExact('{"a":'), SyntaxError);
  });

  it('brings every number of the exchange through the schema without losing a digit', () => {
    const schema = v.object({ amount: decimalNumber });
    const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,25})(\.\d{1,25})?$/);
    fc.assert(
      fc.property(digits, (text) => {
        assert.equal(v.parse(schema, parseExact(`{"amount":${text}}`)).amount, text);
      }),
    );
  });
});

describe('decimalNumber', () => {
  it('takes a number, its source text and plain text', () => {
    for (const value of [0.1, '0.1']) assert.equal(v.parse(decimalNumber, value), '0.1');
    assert.equal(v.parse(decimalNumber, 1e-7), '0.0000001');
    assert.equal(v.parse(decimalNumber, '1e-18'), '0.000000000000000001');
  });

  it('refuses what is no decimal', () => {
    for (const value of ['', 'abc', NaN, Infinity, null, undefined, true, '1e999999999', {}]) {
      assert.equal(v.is(decimalNumber, value), false);
    }
  });
});

describe('decimalText', () => {
  it('takes text alone', () => {
    assert.equal(v.is(decimalText, '12.50000000'), true);
    for (const value of [12.5, '1e5', '', null]) assert.equal(v.is(decimalText, value), false);
  });
});

describe('holdsDecimalNumber', () => {
  const plain = { id: v.string(), amount: decimalText };
  const finds: Record<string, unknown> = {
    itself: decimalNumber,
    'an object': v.object({ ...plain, a: decimalNumber }),
    'an object of objects': v.object({ deep: v.object({ deeper: v.object({ a: decimalNumber }) }) }),
    'an array': v.array(v.object({ a: decimalNumber })),
    'a record': v.record(v.string(), decimalNumber),
    'an optional': v.object({ a: v.optional(decimalNumber) }),
    'a nullish': v.object({ a: v.nullish(decimalNumber) }),
    'a pipe that starts with it': v.object({ a: v.pipe(decimalNumber, v.minLength(1)) }),
    'a pipe that ends with it': v.pipe(v.union([v.string(), v.number()]), decimalNumber),
    'a pipe around an object': v.pipe(
      v.object({ a: decimalNumber }),
      v.transform((it) => it.a),
    ),
    'a union': v.union([v.null(), v.object({ a: decimalNumber })]),
    'a variant': v.variant('kind', [v.object({ kind: v.literal('a'), a: decimalNumber })]),
    'a tuple': v.tuple([v.string(), decimalNumber]),
    'the rest of an object': v.objectWithRest({ id: v.string() }, decimalNumber),
  };
  for (const [place, schema] of Object.entries(finds)) {
    it(`finds one in ${place}`, () => assert.equal(holdsDecimalNumber(schema), true));
  }

  it('finds none where there is none', () => {
    for (const schema of [getAccountList.reply, getApiKeyInfo.reply, v.boolean(), v.array(v.object(plain))]) {
      assert.equal(holdsDecimalNumber(schema), false);
    }
  });
});

describe('an open enumeration', () => {
  it('keeps members that it does not know', () => {
    const type = open('main', 'trade');
    assert.equal(v.parse(type, 'trade'), 'trade');
    assert.equal(v.parse(type, 'trade_quantum'), 'trade_quantum');
    assert.deepEqual(type.known, ['main', 'trade']);
    assert.equal(v.is(type, 7), false);
  });
});

describe('describeIssue', () => {
  const schema = v.object({
    rows: v.array(v.object({ id: v.string(), amount: decimalText, at: milliseconds })),
  });
  const about = (value: unknown): string => {
    const result = v.safeParse(schema, value);
    assert.equal(result.success, false);
    return describeIssue(result.issues[0], 'data');
  };
  const row = { id: 'x', amount: '1', at: 1 };

  it('names the field and what it should be', () => {
    assert.equal(about(null), 'data: expected Object, received null');
    assert.equal(about({}), 'data.rows: is missing');
    assert.equal(
      about({ rows: [row, { ...row, id: 5 }] }),
      'data.rows.1.id: expected string, received number',
    );
    assert.equal(about({ rows: [{ ...row, at: 1.5 }] }), 'data.rows.0.at: expected integer, received number');
  });

  it('never repeats the value', () => {
    const text = about({ rows: [{ ...row, amount: 'very-secret' }] });
    assert.equal(text, 'data.rows.0.amount: expected decimal text, received string');
    assert.ok(!about({ rows: 'very-secret' }).includes('very-secret'));
  });

  it('makes names from outside short, and shows what cannot be seen in them', () => {
    const named = v.safeParse(v.record(v.string(), v.number()), { [`a\u202E${'b'.repeat(5_000)}`]: '1' });
    assert.equal(named.success, false);
    const text = describeIssue(named.issues[0], 'data');
    assert.match(text, /^data\.a⟨U\+202E⟩b{118}…: expected number, received string$/);
  });
});
