import assert from 'node:assert/strict';
import {
  addSaved,
  changeSaved,
  formatSaved,
  noSavedTransfers,
  parseSaved,
  removeSaved,
  renameSaved,
  savedOf,
  type SavedChange,
  type SavedTransfer,
  type SavedTransfers,
} from '../../../src/transfers/saved';
import { intent, startOfTime } from './support';

function one(id: string, name: string): SavedTransfer {
  return { id, name, intent: intent(), savedAt: startOfTime };
}

function saved(change: SavedChange): SavedTransfers {
  assert.ok('saved' in change);
  return change.saved;
}

const two = saved(addSaved(saved(addSaved(noSavedTransfers, one('a', 'Weekly'))), one('b', 'Daily')));

describe('saved transfers', () => {
  it('are added, renamed, removed and listed by name', () => {
    assert.deepEqual(
      savedOf(two, 'p1').map(({ name }) => name),
      ['Daily', 'Weekly'],
    );
    assert.deepEqual(savedOf(two, 'p2'), []);
    assert.equal(saved(renameSaved(two, 'a', '  Top  up ')).transfers[0]!.name, 'Top up');
    assert.equal(saved(removeSaved(two, 'a')).transfers.length, 1);
  });

  for (const [name, change, problem] of [
    ['an empty name', addSaved(two, one('c', '  ')), 'nameEmpty'],
    ['a name that is taken', addSaved(two, one('c', 'weekly')), 'nameTaken'],
    ['a long name', renameSaved(two, 'a', 'x'.repeat(81)), 'nameTooLong'],
    ['renaming nothing', renameSaved(two, 'z', 'x'), 'notThere'],
    ['removing nothing', removeSaved(two, 'z'), 'notThere'],
  ] as const) {
    it(`refuse ${name}: ${problem}`, () => assert.deepEqual(change, { problem }));
  }

  it('come back from their file as they were', () => {
    assert.deepEqual(parseSaved(formatSaved(two)), { saved: two });
    assert.deepEqual(parseSaved(undefined), { saved: noSavedTransfers });
  });

  it('are never overwritten when damaged, or written by a newer version', async () => {
    for (const [text, problem] of [
      ['{', 'damaged'],
      [formatSaved(two).replace('"amount": "12.5"', '"amount": "-1"'), 'damaged'],
      [formatSaved(two).replace('"version": 1', '"version": 2'), 'newerVersion'],
    ] as const) {
      let written = 0;
      const file = { read: () => Promise.resolve(text), replace: () => Promise.resolve(void (written += 1)) };
      assert.deepEqual(await changeSaved(file, (now) => removeSaved(now, 'a')), { problem });
      assert.equal(written, 0);
    }
  });
});
