import assert from 'node:assert/strict';
import type { Plan } from '../../../../src/transfers/plan';
import { planLifeMs, PlanShelf } from '../../../../src/ui/tools/planShelf';

describe('the plans that wait for a tool', () => {
  let now = 1_000_000;
  const planOf = (id: string): Plan => ({ id, createdAt: now }) as Plan;
  beforeEach(() => (now = 1_000_000));

  it('are given away by their id until they are used', () => {
    const shelf = new PlanShelf(() => now);
    const plan = planOf('a');
    assert.equal(shelf.put(plan), now + planLifeMs);
    assert.equal(shelf.look('a'), plan);
    shelf.use('a');
    assert.equal(shelf.look('a'), 'used');
    assert.equal(shelf.look('b'), undefined);
  });

  it('expire, and do not become young again with the clock', () => {
    const shelf = new PlanShelf(() => now);
    shelf.put(planOf('a'));
    now += planLifeMs;
    assert.equal(typeof shelf.look('a'), 'object');
    now += 1;
    assert.equal(shelf.look('a'), 'expired');
    now -= planLifeMs;
    assert.equal(shelf.look('a'), 'expired');
    shelf.put(planOf('b'));
    now -= planLifeMs + 1;
    assert.equal(shelf.look('b'), 'expired');
  });

  it('are few: the oldest gives way, and so does what is remembered of those that are gone', () => {
    const shelf = new PlanShelf(() => now);
    for (let index = 0; index < 1_000; index++) shelf.put(planOf(`plan ${index}`));
    assert.equal(shelf.look('plan 979'), 'dropped');
    assert.equal(typeof shelf.look('plan 980'), 'object');
    assert.equal(shelf.look('plan 0'), undefined);
  });
});
