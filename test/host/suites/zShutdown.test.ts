import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { keptResources } from '../runner/resources';
import { eventually, services } from './support/host';

/** Whether somebody takes a connection at this address. */
function listens(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** The last file by its name: afterwards the extension is over. */
describe('the end of the extension', () => {
  it('leaves no port, timer, socket or server behind, whatever ran', async () => {
    const own = await services();
    const { sandboxes } = own;
    const [today, seed] = await Promise.all([sandboxes.ensure('today'), sandboxes.ensure('seed')]);
    const urls = [today.spot, today.futures, seed.spot, seed.futures];
    assert.deepEqual(await Promise.all(urls.map(listens)), [true, true, true, true]);
    const started = performance.now();
    await own.dispose();
    assert.ok(performance.now() - started < 5_000, 'the editor gives an extension five seconds');
    assert.deepEqual(await Promise.all(urls.map(listens)), [false, false, false, false]);
    // Timers of a moment that comes and connections that are being closed may end; what does not is left behind.
    await eventually(
      () => keptResources().map(({ what, where }) => `${what} begun at\n${where}`),
      (kept) => kept.length === 0,
      'the last timer, socket and server of the extension to end',
    );
  });
});
