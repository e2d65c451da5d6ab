import '../support/fakeVscode';
import assert from 'node:assert/strict';
import { dropOf } from '../../../src/ui/accountsDragAndDrop';
import type { TreeNode } from '../../../src/ui/accountsTree';
import { presetOf } from '../../../src/ui/transferFlow';

const balance = (type: string, more: object = {}): TreeNode => ({
  kind: 'balance',
  id: type,
  profileId: 'p',
  type,
  currency: 'USDT',
  ...more,
});
const account = (type: string, more: object = {}): TreeNode => ({
  kind: 'account',
  id: type,
  profileId: 'p',
  type,
  ...more,
});
const message: TreeNode = {
  kind: 'message',
  id: 'm',
  profileId: 'p',
  parent: 'p',
  icon: 'dash',
  label: 'Empty',
  context: 'empty',
};
const sub = { subUserId: '65aa0000000000000000b001', subName: 'bots' };

describe('a row of the tree that is dropped on another', () => {
  const allowed: readonly (readonly [name: string, row: TreeNode, target: TreeNode])[] = [
    ['a currency on another account', balance('main'), account('trade')],
    ['a currency on a row of another account', balance('main'), balance('trade', { currency: 'BTC' })],
    ['the own account on the same one of a sub-account', balance('main'), account('main', sub)],
    ['a sub-account on another', balance('main', sub), account('main', { subUserId: 'f'.repeat(24) })],
    [
      'one pair on another',
      balance('isolated', { tag: 'BTC-USDT' }),
      account('isolated', { tag: 'ETH-USDT' }),
    ],
  ];
  for (const [name, row, target] of allowed) {
    it(`is a transfer: ${name}`, () => assert.deepEqual(dropOf([row], target, 'p'), { row, onto: target }));
  }

  const refused: readonly (readonly [name: string, rows: TreeNode[], target: TreeNode, why: RegExp])[] = [
    ['several rows', [balance('main'), balance('trade')], account('margin'), /one currency at a time/],
    ['an account', [account('main')], account('trade'), /only the row of a currency/],
    ['a message', [message], account('trade'), /only the row of a currency/],
    ['nothing', [], account('trade'), /only the row of a currency/],
    ['a drop on a message', [balance('main')], message, /drop the currency on an account/],
    [
      'a drop on the profile',
      [balance('main')],
      { kind: 'profile', id: 'p', profileId: 'p' },
      /drop the currency on an account/,
    ],
    ['the same account', [balance('main')], account('main'), /USDT is in this account already/],
    ['a row of the same account', [balance('main')], balance('main', { currency: 'BTC' }), /already/],
    ['the same sub-account', [balance('main', sub)], account('main', sub), /already/],
    [
      'futures on futures',
      [balance('contract', { tag: 'USDT' })],
      account('contract', { tag: 'BTC' }),
      /already/,
    ],
    ['another profile', [balance('main')], account('trade', { profileId: 'q' }), /different profiles/],
    [
      'a profile that is not active any more',
      [balance('main', { profileId: 'q' })],
      account('trade', { profileId: 'q' }),
      /different profiles/,
    ],
    ['an account of no known kind', [balance('main')], account('pool_x'), /no transfer from or to/],
  ];
  for (const [name, rows, target, why] of refused) {
    it(`is refused with a sentence: ${name}`, () => {
      const drop = dropOf(rows, target, 'p');
      assert.ok('refused' in drop);
      assert.match(drop.refused, why);
      assert.match(drop.refused, /^Nothing was moved: .*\.$/);
    });
  }
});

describe('what rows say about a transfer', () => {
  it('is owner, account, pair and currency', () => {
    assert.deepEqual(presetOf(balance('isolated', { tag: 'BTC-USDT' }), 'p'), {
      from: { owner: 'self', type: 'isolated', tag: 'BTC-USDT' },
      currency: 'USDT',
    });
    assert.deepEqual(presetOf(account('trade', sub), 'p'), {
      from: { owner: { subUserId: sub.subUserId, name: 'bots' }, type: 'trade' },
    });
  });

  it('is no pair where the account has none, and Bitcoin as the spot side spells it', () => {
    assert.deepEqual(presetOf(balance('contract', { tag: 'BTC', currency: 'XBT' }), 'p'), {
      from: { owner: 'self', type: 'contract' },
      currency: 'BTC',
    });
  });

  it('is the target too where one was dropped on the other', () => {
    const { from, to } = presetOf({ ...balance('main'), onto: account('margin') }, 'p');
    assert.deepEqual([from?.type, to?.type], ['main', 'margin']);
  });

  for (const argument of [
    undefined,
    null,
    'main',
    {},
    message,
    { kind: 'balance', profileId: 'p', type: 7 },
    { kind: 'balance', profileId: 'p', type: 'pool_x', currency: 'USDT' },
    balance('main', { profileId: 'q' }),
  ]) {
    it(`is nothing for ${JSON.stringify(argument)}`, () => assert.deepEqual(presetOf(argument, 'p'), {}));
  }
});
