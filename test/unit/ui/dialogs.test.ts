import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { fake } from '../support/fakeVscode';
import { offer } from '../../../src/ui/dialogs';

describe('a message with actions', () => {
  beforeEach(() => fake.reset());

  it('that cannot be shown, because the window closes, is not followed by others', async () => {
    let asked = 0;
    const show = (): Promise<undefined> => {
      asked += 1;
      return Promise.reject(new Error('Canceled'));
    };
    offer(show, 'No money moved.');
    offer(() => {
      throw new Error('Canceled');
    }, 'No money moved.');
    await turn();
    assert.equal(asked, 1);
    assert.deepEqual(fake.messages, []);
  });

  it('whose action fails is followed by one that says why', async () => {
    offer(() => Promise.resolve('Retry'), 'It failed.', {
      Retry: () => Promise.reject(new Error('invented')),
    });
    await turn();
    assert.equal(fake.messages.length, 1);
  });
});
