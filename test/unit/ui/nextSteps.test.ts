import { fake } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import { KucoinError, type ErrorKind } from '../../../src/kucoin/errors';
import { SandboxStoppedError } from '../../../src/host/sandboxHost';
import { userMessage } from '../../../src/ui/explainError';
import { next, nextSteps, titleOf } from '../../../src/ui/nextSteps';
import { texts } from '../manifest/manifest';

describe('the way on that a message offers', () => {
  beforeEach(() => fake.reset());

  for (const id of nextSteps) {
    it(`is called as in the palette, and runs that command: ${id}`, async () => {
      assert.equal(titleOf(id), texts[`command.${id}`]);
      const [[title, run] = []] = Object.entries(next(id));
      assert.equal(title, titleOf(id));
      await run?.();
      assert.deepEqual(fake.commands, [id]);
    });
  }

  it('is there for every failure but those that the user meant', () => {
    const kinds: readonly ErrorKind[] = ['network', 'permission', 'otherSite', 'rateLimit', 'malformedReply'];
    for (const kind of kinds) {
      assert.ok(userMessage(new KucoinError({ kind, outcome: 'notExecuted' })).action, kind);
    }
    assert.equal(userMessage(new Error('bug')).action, 'kucoin.log.show');
    assert.equal(userMessage(new SandboxStoppedError()).action, 'kucoin.balances.refresh');
    assert.equal(userMessage(new KucoinError({ kind: 'stale', outcome: 'notExecuted' })).action, undefined);
  });
});
