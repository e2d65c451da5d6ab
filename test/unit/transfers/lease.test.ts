import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import type { Lease } from '../../../src/transfers/lease';
import { nodeLease } from '../../../src/transfers/nodeLease';
import { startOfTime, TempFolder } from './support';

const folder = new TempFolder();
let now = startOfTime;
let living: Set<string>;

function window(owner: string): Lease {
  living.add(owner);
  return nodeLease({
    folder: folder.path('leases'),
    owner,
    isAlive: (name) => living.has(name),
    now: () => now,
    lifeMs: 30_000,
  });
}

describe('lease', () => {
  beforeEach(async () => {
    await folder.make();
    living = new Set();
    now = startOfTime;
  });
  afterEach(() => folder.remove());

  it('is held by one window, which may take it again', async () => {
    const [a, b] = [window('a'), window('b')];
    assert.equal(await a.tryTake('reconcile'), true);
    assert.equal(await b.tryTake('reconcile'), false);
    assert.equal(await a.tryTake('reconcile'), true);
    assert.equal(await b.tryTake('another'), true);
  });

  it('goes to another window when it is given back', async () => {
    const [a, b] = [window('a'), window('b')];
    await a.tryTake('reconcile');
    await b.release('reconcile');
    assert.equal(await b.tryTake('reconcile'), false, 'only its holder gives it back');
    await a.release('reconcile');
    assert.equal(await b.tryTake('reconcile'), true);
  });

  it('goes to another window when its holder is gone, or does not renew it', async () => {
    const [a, b, c] = [window('a'), window('b'), window('c')];
    await a.tryTake('reconcile');
    living.delete('a');
    assert.equal(await b.tryTake('reconcile'), true);
    now += 29_000;
    assert.equal(await c.tryTake('reconcile'), false);
    assert.equal(await b.tryTake('reconcile'), true, 'renewed');
    now += 29_000;
    assert.equal(await c.tryTake('reconcile'), false);
    now += 2_000;
    assert.equal(await c.tryTake('reconcile'), true);
    assert.equal(await b.tryTake('reconcile'), false, 'the old holder learns of it');
  });

  it('is not eternal when the clock is set back', async () => {
    const [a, b] = [window('a'), window('b')];
    await a.tryTake('reconcile');
    now -= 3_600_000;
    assert.equal(await b.tryTake('reconcile'), true);
  });

  it('goes to exactly one of many windows that ask at once', async () => {
    await window('gone').tryTake('reconcile');
    living.delete('gone');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => window(`w${n}`).tryTake('reconcile')),
    );
    assert.ok(answers.filter(Boolean).length <= 1);
    const later = await Promise.all(
      Array.from({ length: 20 }, (_, n) => window(`v${n}`).tryTake('reconcile')),
    );
    assert.equal([...answers, ...later].filter(Boolean).length, 1);
  });

  it('outlives a torn file once that is old', async () => {
    const a = window('a');
    await a.tryTake('reconcile');
    await writeFile(folder.path('leases/reconcile.lease'), '{"owner":"a"');
    now = Date.now();
    assert.equal(await window('b').tryTake('reconcile'), false);
    now += 31_000;
    assert.equal(await window('c').tryTake('reconcile'), true);
  });
});
