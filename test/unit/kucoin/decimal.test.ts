import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  add,
  canonical,
  compare,
  decimal,
  divideDown,
  fractionDigits,
  fromNumberText,
  isDecimal,
  isNegative,
  isZero,
  multiply,
  neighbours,
  smallestUnit,
  subtract,
  sum,
  truncate,
  type Decimal,
} from '../../../src/kucoin/decimal';

/** Digits after the point that the oracle calculates with. */
const scale = 40;
const one = 10n ** BigInt(scale);

/** The value of a plain decimal text, times 10^40. */
function units(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole + fraction.padEnd(scale, '0'));
  return text.startsWith('-') ? -value : value;
}

/** The canonical text of a value. */
function textOf(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return (value < 0n ? '-' : '') + digits.slice(0, -scale) + (fraction && `.${fraction}`);
}

/** A generator of decimals that is quick enough for a hundred thousand of them. */
function* randomDecimals(seed: number): Generator<Decimal, never> {
  let state = seed >>> 0;
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const digits = (count: number): string => Array.from({ length: count }, () => next(10)).join('');
  for (;;) {
    const whole = next(4) === 0 ? '0' : digits(1 + next(15));
    const fraction = next(4) === 0 ? '' : `.${digits(1 + next(18))}`;
    yield decimal((next(3) === 0 ? '-' : '') + whole + fraction);
  }
}

const decimals = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: 0, max: 18 }))
  .map(([minus, value, digits]) => {
    const text = value.toString().padStart(digits + 1, '0');
    const plain = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
    return decimal((minus ? '-' : '') + plain);
  });
const amounts = decimals.map((text) => decimal(text.replace('-', '')));

describe('decimal', () => {
  it('adds, subtracts, multiplies and compares as whole numbers do (100,000 random pairs)', () => {
    const seed = Date.now() % 2 ** 32;
    const source = randomDecimals(seed);
    for (let i = 0; i < 100_000; i++) {
      const a = source.next().value;
      const b = source.next().value;
      const about = `seed ${seed}, pair ${i}: ${a} and ${b}`;
      const [x, y] = [units(a), units(b)];
      switch (i % 4) {
        case 0:
          assert.equal(add(a, b), textOf(x + y), about);
          break;
        case 1:
          assert.equal(subtract(a, b), textOf(x - y), about);
          break;
        case 2:
          assert.equal(multiply(a, b), textOf((x * y) / one), about);
          break;
        default:
          assert.equal(Math.sign(compare(a, b)), x < y ? -1 : x > y ? 1 : 0, about);
      }
    }
  });

  it('sums without losing a digit', () => {
    fc.assert(
      fc.property(fc.array(decimals, { maxLength: 30 }), (list) => {
        assert.equal(sum(list), textOf(list.reduce((total, text) => total + units(text), 0n)));
      }),
    );
  });

  it('has one canonical text per value', () => {
    fc.assert(
      fc.property(decimals, fc.integer({ min: 0, max: 5 }), (text, zeros) => {
        const padded = decimal((text.includes('.') ? text : `${text}.0`) + '0'.repeat(zeros));
        assert.equal(canonical(text), textOf(units(text)));
        assert.equal(canonical(padded), canonical(text));
        assert.equal(canonical(canonical(text)), canonical(text));
      }),
    );
  });

  it('knows no minus zero', () => {
    for (const zero of ['-0', '-0.00', '0.0', '000', '-000']) assert.equal(canonical(decimal(zero)), '0');
    assert.equal(multiply(decimal('-1'), decimal('0')), '0');
    assert.equal(truncate(decimal('-0.001'), 2), '0');
    assert.equal(subtract(decimal('-0'), decimal('0')), '0');
    assert.equal(isNegative(decimal('-0.00')), false);
    assert.equal(isZero(decimal('-0.00')), true);
  });

  it('gives the nearest amounts that a precision allows', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 20 }), (text, precision) => {
        const { below, above } = neighbours(text, precision);
        const step = units(smallestUnit(precision));
        const value = units(text);
        assert.equal(below, textOf(value - (value % step)));
        assert.equal(above, textOf(value % step === 0n ? value : value - (value % step) + step));
        assert.ok(fractionDigits(below) <= precision && fractionDigits(above) <= precision);
      }),
    );
  });

  it('divides cutting, never rounding up', () => {
    fc.assert(
      fc.property(decimals, decimals, fc.integer({ min: 0, max: 20 }), (a, b, digits) => {
        fc.pre(!isZero(b));
        const step = 10n ** BigInt(scale - digits);
        const exact = (units(a) * one) / units(b);
        assert.equal(divideDown(a, b, digits), textOf(exact - (exact % step)));
      }),
    );
  });

  it('does not round a quotient of many nines up', () => {
    assert.equal(divideDown(decimal('0.99999999999999999999'), decimal('1'), 8), '0.99999999');
    assert.equal(divideDown(decimal('2'), decimal('3'), 8), '0.66666666');
    assert.equal(divideDown(decimal('1'), decimal('1'), 8), '1');
    assert.equal(divideDown(decimal('1'), decimal('3000000000000'), 20), '0.00000000000033333333');
    assert.throws(() => divideDown(decimal('1'), decimal('0.00'), 8), RangeError);
  });

  it('does not disturb other calculations by dividing', () => {
    divideDown(decimal('1'), decimal('3'), 2);
    assert.equal(multiply(decimal('0.000000000000000001'), decimal('0.5')), '0.0000000000000000005');
  });

  it('writes exponents out exactly', () => {
    for (const [text, plain] of [
      ['1e-18', '0.000000000000000001'],
      ['1E-7', '0.0000001'],
      ['-2.50e-3', '-0.0025'],
      ['1.5e+3', '1500'],
      ['1e21', '1000000000000000000000'],
      ['0e0', '0'],
      ['-0e5', '0'],
    ] as const) {
      assert.equal(fromNumberText(text), plain);
    }
  });

  it('takes no exponent that would fill the memory', () => {
    assert.equal(fromNumberText('1e999999999'), undefined);
    assert.equal(fromNumberText('1e-999999999'), undefined);
  });

  for (const text of [
    '',
    ' ',
    '1.',
    '.5',
    '+1',
    '1e5',
    '0x10',
    'NaN',
    'Infinity',
    '1,5',
    '1_0',
    '--1',
    '1\n',
  ]) {
    it(`takes ${JSON.stringify(text)} for no decimal`, () => {
      assert.equal(isDecimal(text), false);
      assert.throws(() => decimal(text), TypeError);
    });
  }

  it('carries thirty digits', () => {
    const big = decimal('123456789012345678901234567890.123456789012345678');
    assert.equal(
      add(big, decimal('0.000000000000000001')),
      '123456789012345678901234567890.123456789012345679',
    );
    assert.equal(canonical(big), big);
    assert.equal(compare(big, subtract(big, decimal('0.000000000000000001'))), 1);
  });

  it('counts the decimals that are really used', () => {
    assert.deepEqual(
      ['1', '1.0', '1.500', '0.00000001'].map((text) => fractionDigits(decimal(text))),
      [0, 0, 1, 8],
    );
  });

  it('knows the smallest unit of a precision', () => {
    assert.deepEqual([0, 1, 8].map(smallestUnit), ['1', '0.1', '0.00000001']);
  });

  it('cuts for display', () => {
    assert.equal(truncate(decimal('1.999'), 2), '1.99');
    assert.equal(truncate(decimal('-1.999'), 2), '-1.99');
  });
});
