import { fake } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import { hfStatus, type HfFacts } from '../../../src/portfolio/hf';
import { hfAnswer } from '../../../src/ui/hfDocument';

describe('the answer that an HF report begins with', () => {
  beforeEach(() => fake.reset());

  const cases: readonly [what: string, facts: HfFacts, mayTrade: boolean | undefined, answer: RegExp][] = [
    [
      'a merged account',
      { kind: 'spot', world: 'today', opened: false, accounts: [{ type: 'trade', id: '5' }], ledgerRows: 1 },
      true,
      /^Do HF spot orders work\? Yes\. They draw on the Spot account \(trade\); nothing has to be activated\.$/,
    ],
    [
      'a separate account',
      { kind: 'spot', world: 'today', opened: true },
      true,
      /\? Yes\. They draw on the separate HF account \(trade_hf\)\.$/,
    ],
    [
      'an account without a trace',
      { kind: 'spot', world: 'today', opened: false, accounts: [] },
      true,
      /\? Most likely yes\. The order test proves it/,
    ],
    [
      'an account that is not open',
      { kind: 'spot', world: 'seed', accounts: [{ type: 'main', id: 'a' }] },
      true,
      /\? Not yet\. The first transfer into the HF account opens it/,
    ],
    [
      'a refusal',
      { kind: 'spot', world: 'today', opened: false, transferRefused: '126001' },
      true,
      /\? No\. KuCoin opens HF only for users on its list, and you are not on it yet\.$/,
    ],
    [
      'readings that failed',
      { kind: 'spot', world: 'today', opened: { code: 'network' }, accounts: { code: 'network' } },
      true,
      /\? Not known\. Nothing could be read, so nothing can be said about HF\.$/,
    ],
    [
      'a key that may not trade',
      { kind: 'spot', world: 'today', opened: true },
      false,
      /\? Not with this key: it lacks the permission Spot\. The account is ready for them\.$/,
    ],
    [
      'a key that may not trade, where the account is not open either',
      { kind: 'spot', world: 'seed', accounts: [] },
      false,
      /\? Not yet\./,
    ],
    [
      'a key that was never checked',
      { kind: 'spot', world: 'today', opened: true },
      undefined,
      /\? Yes\. .+ What the key may do has not been read yet\.$/,
    ],
  ];
  for (const [what, facts, mayTrade, answer] of cases) {
    it(`says of ${what} whether HF orders work, and why`, () => {
      assert.match(hfAnswer(hfStatus(facts), mayTrade), answer);
    });
  }
});
