import assert from 'node:assert/strict';
import { keyProblem, nameProblem, passphraseProblem, secretProblem } from '../../../src/profiles/inputs';
import { credentials } from './support';

describe('what is typed for a key', () => {
  const { key, secret } = credentials;
  const cases: [what: string, said: string | undefined, expected: string | undefined][] = [
    ['a key', keyProblem(key), undefined],
    ['a key with blanks around it', keyProblem(`  ${key}\n`), undefined],
    ['a key in capitals', keyProblem(key.toUpperCase()), undefined],
    ['no key', keyProblem(' '), 'Enter the API key.'],
    [
      'the secret for a key',
      keyProblem(secret),
      'This looks like the API secret. The key is 24 characters of 0-9 and a-f.',
    ],
    ['a key that is too short', keyProblem(key.slice(1)), 'An API key is 24 characters of 0-9 and a-f.'],
    ['a key with a letter g', keyProblem(`g${key.slice(1)}`), 'An API key is 24 characters of 0-9 and a-f.'],
    ['a secret', secretProblem(secret), undefined],
    ['no secret', secretProblem(''), 'Enter the API secret.'],
    [
      'the key for a secret',
      secretProblem(key),
      'This looks like the API key. The secret has hyphens, as in 8-4-4-4-12.',
    ],
    [
      'a secret without its hyphens',
      secretProblem(secret.replaceAll('-', '')),
      'An API secret is 36 characters with hyphens, as in 8-4-4-4-12.',
    ],
    ['a passphrase with a blank inside', passphraseProblem('my pass'), undefined],
    [
      'no passphrase',
      passphraseProblem(''),
      'Enter the passphrase that was chosen when the key was created.',
    ],
    [
      'a passphrase with a blank at its end',
      passphraseProblem('pass '),
      'The passphrase begins or ends with a blank; was it copied with it?',
    ],
    ['a name', nameProblem('Main', ['Other']), undefined],
    ['no name', nameProblem('  ', []), 'Enter a name.'],
    ['a name of 60 characters', nameProblem('x'.repeat(60), []), undefined],
    ['a name of 61 characters', nameProblem('x'.repeat(61), []), 'At most 60 characters.'],
    ['a name that is taken', nameProblem(' MAIN ', ['Main']), 'There is a profile of this name already.'],
  ];
  for (const [what, said, expected] of cases) {
    it(`is ${expected === undefined ? 'taken' : 'answered with a sentence'}: ${what}`, () => {
      assert.equal(said, expected);
    });
  }
});
