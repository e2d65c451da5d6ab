import '../support/fakeVscode';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonical, compare } from '../../../src/kucoin/decimal';
import { dateAndTime, exactAmount, joined, moneyValue, shortAmount } from '../../../src/ui/format';
import { d } from '../portfolio/support';
import { env } from '../support/fakeVscode';

const anyDecimal = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: 0, max: 20 }))
  .map(([negative, digits, point]) => {
    const text = digits.toString().padStart(point + 1, '0');
    const whole = text.slice(0, text.length - point);
    return d(`${negative ? '-' : ''}${whole}${point > 0 ? `.${text.slice(-point)}` : ''}`);
  });

describe('an exact amount', () => {
  const cases: [amount: string, shown: string][] = [
    ['0', '0'],
    ['0.000', '0'],
    ['12', '12'],
    ['123', '123'],
    ['1234', '1,234'],
    ['1234567.25', '1,234,567.25'],
    ['-123456', '-123,456'],
    ['-123', '-123'],
    ['1000000000000000000000', '1,000,000,000,000,000,000,000'],
    ['0.000000000000000001', '0.000000000000000001'],
    ['1234.5678901234', '1,234.5678901234'],
    ['12.500', '12.5'],
  ];
  for (const [amount, shown] of cases) {
    it(`shows ${amount} as ${shown}`, () => assert.equal(exactAmount(d(amount)), shown));
  }

  it('loses no digit', () => {
    fc.assert(
      fc.property(anyDecimal, (amount) => {
        assert.equal(exactAmount(amount).replaceAll(',', ''), canonical(amount));
      }),
    );
  });
});

describe('a short amount', () => {
  const cases: [amount: string, shown: string][] = [
    ['0', '0'],
    ['1234.5', '1,234.5'],
    ['0.12345678', '0.12345678'],
    ['0.123456789', '0.12345678…'],
    ['-0.123456789', '-0.12345678…'],
    ['9999.999999999', '9,999.99999999…'],
    ['0.120000000', '0.12'],
  ];
  for (const [amount, shown] of cases) {
    it(`shows ${amount} as ${shown}`, () => assert.equal(shortAmount(d(amount)), shown));
  }

  it('says when it leaves something out, never shows more than there is, and never zero for something', () => {
    fc.assert(
      fc.property(anyDecimal, (amount) => {
        const shown = shortAmount(amount);
        const cut = d(shown.replaceAll(',', '').replace('…', ''));
        assert.equal(shown.endsWith('…'), compare(cut, amount) !== 0);
        if (!amount.startsWith('-')) assert.ok(compare(cut, amount) <= 0);
        if (compare(amount, d('0')) !== 0) assert.notEqual(compare(cut, d('0')), 0);
      }),
    );
  });
});

describe('a value in money', () => {
  const cases: [value: string, shown: string][] = [
    ['0', '0.00 USD'],
    ['0.000', '0.00 USD'],
    ['0.01', '0.01 USD'],
    ['0.009999', '<0.01 USD'],
    ['-0.001', '>-0.01 USD'],
    ['1', '1.00 USD'],
    ['1234.5', '1,234.50 USD'],
    ['1.999', '1.99 USD'],
    ['-1234.567', '-1,234.56 USD'],
    ['98765432109876543210.123456', '98,765,432,109,876,543,210.12 USD'],
  ];
  for (const [value, shown] of cases) {
    it(`shows ${value} as ${shown}`, () => assert.equal(moneyValue(d(value), 'USD'), shown));
  }
});

describe('a time', () => {
  const noon = Date.UTC(2026, 10, 22, 12);
  afterEach(() => (env.language = 'en'));

  it('is said in the language of the editor', () => {
    env.language = 'zh-cn';
    assert.match(dateAndTime(noon), /^2026年11月/);
    env.language = 'en';
    assert.match(dateAndTime(noon), /2026/);
    assert.doesNotMatch(dateAndTime(noon), /年/);
  });
});

describe('sentences in a row', () => {
  it('stand apart in English, and close in Chinese', () => {
    assert.equal(joined(['No money moved.', undefined, '', 'Try again.']), 'No money moved. Try again.');
    assert.equal(joined(['没有资金被划转。', '请重试。']), '没有资金被划转。请重试。');
  });
});
