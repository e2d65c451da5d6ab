import assert from 'node:assert/strict';
import { fuzz } from '../../fuzz/fuzz';
import { parsers } from '../../fuzz/parsers';

/** A small share of `npm run fuzz`, with a seed of the day that a failure prints. */
describe('what others have written, malformed', () => {
  const seed = Math.floor(Date.now() / 86_400_000);
  for (const name of Object.keys(parsers)) {
    it(`makes typed errors only: ${name}`, async () => {
      const { finds } = await fuzz(name, 15, seed);
      assert.deepEqual(finds, []);
    });
  }
});
