import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compare, decimal, fractionDigits, type Decimal } from '../../../src/kucoin/decimal';
import { english } from '../../../src/kucoin/explain';
import { readAmount, type AmountFacts } from '../../../src/transfers/amount';

const usual: AmountFacts = {
  currency: 'KCS',
  precision: 4,
  transferable: decimal('120.5'),
  price: { unit: 'USD', perOne: decimal('12.5') },
};

/** What a reading comes to, in one line: the amount with its notes, or the problem with its suggestions. */
function read(typed: string, facts: Partial<AmountFacts> = {}): string[] {
  const reading = readAmount(typed, { ...usual, ...facts });
  if ('amount' in reading) return [reading.amount, ...reading.notes.map(english)];
  const { problem, suggestions } = reading;
  return [
    `! ${problem.code}`,
    english(problem.sentence),
    ...suggestions.map(({ relation, amount }) => `${relation} ${amount}`),
  ];
}

describe('readAmount: digits', () => {
  const taken: [string, string][] = [
    ['12.5', '12.5'],
    ['0.0001', '0.0001'],
    ['120.5', '120.5'],
    ['  3 ', '3'],
    ['\t7\u00a0', '7'],
    ['1.50000000', '1.5'],
    ['007.5', '7.5'],
    ['5 KCS', '5'],
    ['5kcs', '5'],
  ];
  for (const [typed, amount] of taken) {
    it(`takes ${JSON.stringify(typed)} as ${amount}`, () => assert.deepEqual(read(typed), [amount]));
  }

  const refused: [string, string][] = [
    ['', 'empty'],
    ['   ', 'empty'],
    ['1,5', 'comma'],
    ['1,234.5', 'comma'],
    [',5', 'comma'],
    ['1e3', 'exponent'],
    ['1E-3', 'exponent'],
    ['1.5e+3', 'exponent'],
    ['+1', 'sign'],
    ['-1', 'negative'],
    ['-0.5', 'negative'],
    ['\u22121', 'negative'],
    ['1 000', 'blanksInside'],
    ['1. 5', 'blanksInside'],
    ['1\u00a0000', 'blanksInside'],
    ['0', 'zero'],
    ['0.00', 'zero'],
    ['0.00000000000000000000000000000000', 'zero'],
    ['1234567890123456789012345678901234567890', 'tooLong'],
    ['0.123456789012345678901234567890123456789', 'tooLong'],
    ['abc', 'notANumber'],
    ['1.2.3', 'notANumber'],
    ['0x10', 'unitUnknown'],
    ['\u0661\u0662', 'notANumber'],
    ['\uff11', 'notANumber'],
    ['Infinity', 'notANumber'],
    ['NaN', 'notANumber'],
    ['--1', 'notANumber'],
    ['.', 'notANumber'],
    ['__proto__', 'notANumber'],
  ];
  for (const [typed, code] of refused) {
    it(`refuses ${JSON.stringify(typed)}: ${code}`, () => {
      const [problem, sentence, ...suggestions] = read(typed);
      assert.equal(problem, `! ${code}`);
      assert.doesNotMatch(sentence!, /[{}]/);
      assert.deepEqual(suggestions, []);
    });
  }

  it('offers what a bare point was likely meant to be', () => {
    assert.deepEqual(read('.5').at(-1), 'meant 0.5');
    assert.deepEqual(read('5.').at(-1), 'meant 5');
  });
});

describe('readAmount: against precision and balance', () => {
  it('offers the nearest amounts on both sides of one with too many decimals', () => {
    assert.deepEqual(read('1.23456'), [
      '! precision',
      'KCS has at most 4 decimals; this amount has 5.',
      'below 1.2345',
      'above 1.2346',
    ]);
  });

  it('does not offer zero', () => assert.deepEqual(read('0.00001').slice(2), ['above 0.0001']));

  it('does not offer more than can be transferred', () => {
    assert.deepEqual(read('120.49999', { transferable: decimal('120.4999900') }).slice(2), [
      'below 120.4999',
    ]);
  });

  it('offers both sides when the limit is not known', () => {
    assert.deepEqual(read('9.99999', { transferable: undefined }).slice(2), ['below 9.9999', 'above 10']);
  });

  it('knows currencies without decimals', () => {
    assert.deepEqual(read('1.5', { precision: 0 }).slice(2), ['below 1', 'above 2']);
  });

  it('offers the most that can be had when more was typed', () => {
    assert.deepEqual(read('120.5001'), ['! tooMuch', 'Only 120.5 KCS can be transferred now.', 'most 120.5']);
  });

  it('cuts the offered maximum to the precision', () => {
    assert.deepEqual(read('500', { transferable: decimal('120.123456') }).at(-1), 'most 120.1234');
  });

  it('offers nothing where only dust is left', () => {
    assert.deepEqual(read('1', { transferable: decimal('0.00000001') }).slice(2), []);
  });

  it('says that nothing is there', () => {
    assert.deepEqual(read('1', { transferable: decimal('0') }), [
      '! nothingThere',
      'There is no KCS that can be transferred now.',
    ]);
  });

  it('says what could not be checked', () => {
    assert.deepEqual(read('1.23456', { precision: undefined, transferable: undefined }), [
      '1.23456',
      'The decimals of KCS are not known; KuCoin may refuse this amount without moving anything.',
      'It is not known how much KCS can be transferred; KuCoin may refuse this amount without moving anything.',
    ]);
  });

  it('keeps an amount of 1e-18 and one of 30 digits exact', () => {
    const facts = { precision: 18, transferable: decimal('1000000000000') };
    assert.deepEqual(read('0.000000000000000001', facts), ['0.000000000000000001']);
    assert.deepEqual(read('999999999999.123456789012345678', facts), ['999999999999.123456789012345678']);
  });
});

describe('readAmount: max and half', () => {
  it('takes all, in any case of letters', () => assert.deepEqual(read(' MAX '), ['120.5']));

  it('takes half', () => assert.deepEqual(read('Half'), ['60.25']));

  it('says that half was rounded down', () => {
    assert.deepEqual(read('half', { transferable: decimal('0.0003') }), [
      '0.0001',
      'Half of 0.0003 KCS, rounded down to 4 decimals.',
    ]);
  });

  it('says that a rest stays', () => {
    assert.deepEqual(read('max', { transferable: decimal('5.00009') }), [
      '5',
      'All that can be transferred, rounded down to 4 decimals: a rest of 0.00009 KCS stays.',
    ]);
  });

  it('refuses half of the smallest unit', () => {
    assert.equal(read('half', { transferable: decimal('0.0001') })[0], '! tooSmall');
  });

  it('needs to know how much there is', () => {
    assert.equal(read('max', { transferable: undefined })[0], '! transferableUnknown');
    assert.equal(read('half', { transferable: decimal('0') })[0], '! nothingThere');
  });

  it('uses no more decimals than the balance when the precision is not known', () => {
    assert.equal(read('half', { precision: undefined, transferable: decimal('0.25') })[0], '0.12');
  });
});

describe('readAmount: a value in the valuation currency', () => {
  for (const typed of ['25 USD', '25usd', '$25', '$ 25', '25$', '25 $']) {
    it(`understands ${typed}`, () => {
      assert.deepEqual(read(typed), ['2', '25 USD at 12.5 USD for one KCS is 2 KCS, rounded down.']);
    });
  }

  it('shows the amount that a value was rounded down to', () => {
    assert.deepEqual(read('10 USD', { price: { unit: 'USD', perOne: decimal('3') } }), [
      '3.3333',
      '10 USD at 3 USD for one KCS is 3.3333 KCS, rounded down.',
    ]);
  });

  const refused: [string, Partial<AmountFacts>, string][] = [
    ['25 EUR', {}, 'unitUnknown'],
    ['€25', {}, 'unitUnknown'],
    ['$25', { price: { unit: 'AUD', perOne: decimal('2') } }, 'unitUnknown'],
    ['$25', { price: undefined }, 'unitUnknown'],
    ['25 USD', { price: { unit: 'USD', perOne: undefined } }, 'priceUnknown'],
    ['25 USD', { price: { unit: 'USD', perOne: decimal('0') } }, 'priceUnknown'],
    ['25 USD', { precision: undefined }, 'precisionUnknown'],
    ['0 USD', {}, 'zero'],
    ['0.0001 USD', {}, 'tooSmall'],
    ['1,5 USD', {}, 'comma'],
    ['-5 USD', {}, 'negative'],
    ['1 000 USD', {}, 'blanksInside'],
    ['5000 USD', {}, 'tooMuch'],
    ['$', {}, 'notANumber'],
    ['$5 USD', {}, 'notANumber'],
    ['$5$', {}, 'notANumber'],
  ];
  for (const [typed, facts, code] of refused) {
    it(`refuses ${typed} ${JSON.stringify(facts)}: ${code}`, () =>
      assert.equal(read(typed, facts)[0], `! ${code}`));
  }

  it('takes the unit as the currency itself where both have one name', () => {
    assert.deepEqual(read('5 USD', { currency: 'USD' }), ['5']);
  });
});

describe('readAmount: a currency that begins with a digit', () => {
  const facts = { currency: '1INCH' };

  it('is a unit behind a blank', () => assert.deepEqual(read('5 1inch', facts), ['5']));

  it('is not guessed without one', () => assert.equal(read('51INCH', facts)[0], '! unitUnknown'));
});

describe('readAmount: any text', () => {
  const amounts = fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 0, max: 18 }))
    .map(([units, digits]): Decimal => {
      const text = units.toString().padStart(digits + 1, '0');
      return decimal(digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`);
    });
  const typed = fc.oneof(
    amounts,
    fc.string(),
    fc.constantFrom('max', 'half'),
    amounts.map((value) => `${value} USD`),
    fc.stringMatching(/^[-+0-9., eE$a-z]{0,12}$/),
  );
  const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.option(value, { nil: undefined });

  it('is taken only where it is allowed, and every offer would be taken', () => {
    fc.assert(
      fc.property(
        typed,
        optional(fc.integer({ min: 0, max: 18 })),
        optional(amounts),
        amounts,
        (text, precision, transferable, perOne) => {
          const facts: AmountFacts = {
            currency: 'KCS',
            precision,
            transferable,
            price: { unit: 'USD', perOne },
          };
          const reading = readAmount(text, facts);
          const offered =
            'amount' in reading ? [] : reading.suggestions.filter(({ relation }) => relation !== 'meant');
          const allowed = 'amount' in reading ? [reading.amount] : offered.map(({ amount }) => amount);
          for (const amount of allowed) {
            assert.match(amount, /^\d+(\.\d*[1-9])?$/);
            assert.ok(compare(amount, decimal('0')) > 0);
            if (precision !== undefined) assert.ok(fractionDigits(amount) <= precision);
            if (transferable !== undefined) assert.ok(compare(amount, transferable) <= 0);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('keeps plain digits exactly as typed', () => {
    fc.assert(
      fc.property(amounts, (value) => {
        const reading = readAmount(value, { currency: 'KCS', precision: undefined, transferable: undefined });
        if ('amount' in reading) assert.equal(compare(reading.amount, value), 0);
        else assert.ok(['zero', 'tooLong'].includes(reading.problem.code));
      }),
    );
  });
});
