import assert from 'node:assert/strict';
import { KucoinError, type ErrorKind } from '../../../src/kucoin/errors';
import { english, explain } from '../../../src/kucoin/explain';

/** Every kind, once; the compiler complains when one is missing. */
const kinds: Readonly<Record<ErrorKind, true>> = {
  keyUnknown: true,
  passphrase: true,
  signature: true,
  keyVersion: true,
  ip: true,
  permission: true,
  secretMissing: true,
  secretNotKept: true,
  otherSite: true,
  kyc: true,
  region: true,
  frozen: true,
  notOpened: true,
  hfNotAllowed: true,
  unifiedMode: true,
  clock: true,
  headers: true,
  parameter: true,
  insufficientBalance: true,
  duplicate: true,
  refused: true,
  notFound: true,
  removed: true,
  hostMissing: true,
  rateLimit: true,
  unavailable: true,
  network: true,
  certificate: true,
  proxy: true,
  proxyLogin: true,
  timeout: true,
  malformedReply: true,
  invalidArgument: true,
  readOnly: true,
  cancelled: true,
  stale: true,
};

const full = {
  outcome: 'notExecuted',
  code: '400100',
  endpoint: 'Get Apikey Info',
  detail: 'what was said',
} as const;

describe('the sentences about failures', () => {
  for (const kind of Object.keys(kinds) as ErrorKind[]) {
    it(`say what happened and what to do: ${kind}`, () => {
      const { what, todo } = explain(new KucoinError({ ...full, kind }), 'Spot');
      for (const sentence of [what, todo]) {
        assert.match(sentence.template, /^[A-Z{]/);
        // The variable part comes last, after a colon; everything else ends as a sentence.
        assert.match(sentence.template, /(\.|: \{\w+\})$/);
        assert.doesNotMatch(english(sentence), /[{}]|undefined|\bnull\b|^-$/);
      }
      assert.notEqual(english(what), english(todo));
    });

    it(`have no hole where nothing is known: ${kind}`, () => {
      const { what, todo } = explain(new KucoinError({ kind, outcome: 'unknown' }));
      for (const sentence of [what, todo]) assert.doesNotMatch(english(sentence), /[{}]|undefined/);
    });
  }

  it('name the code of the exchange beside what it said', () => {
    const { what } = explain(new KucoinError({ ...full, kind: 'parameter' }));
    assert.equal(english(what), 'The exchange refused a value: what was said (400100)');
  });

  it('say how long to wait when the exchange did', () => {
    const error = new KucoinError({ kind: 'rateLimit', outcome: 'notExecuted', retryAfterMs: 8_412 });
    assert.equal(english(explain(error).todo), 'Try again in 9 s.');
  });

  it('call a permission by its name on the website', () => {
    const error = new KucoinError({ ...full, kind: 'permission' });
    assert.match(english(explain(error, 'InnerTransfer').todo), /FlexTransfers/);
  });
});
