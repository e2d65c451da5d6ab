import assert from 'node:assert/strict';
import { ExchangeClock } from '../../../src/kucoin/clock';
import { FakeTime, settled } from '../support/fakeTime';

/** An exchange whose clock is ahead, at the end of a line with delays. */
function exchange(time: FakeTime, ahead = 0, there = 40, back = 40) {
  const state = { calls: 0, failing: false, ahead, there, back };
  const base = time.monotonic();
  const epoch = time.now();
  const read = async (): Promise<number> => {
    state.calls++;
    await time.delay(state.there);
    if (state.failing) throw new Error('offline');
    const server = epoch + time.monotonic() - base + state.ahead;
    await time.delay(state.back);
    return server;
  };
  const now = (): number => epoch + time.monotonic() - base + state.ahead;
  return { state, read, now };
}

async function run<T>(time: FakeTime, work: Promise<T>, ms = 10_000): Promise<T> {
  work.catch(() => undefined); // awaited below, after time has moved
  await time.advance(ms);
  return work;
}

describe('ExchangeClock', () => {
  for (const ahead of [0, 700, -4_000, 3_600_000, -3_600_000]) {
    it(`knows the time of an exchange that is ${ahead} ms ahead`, async () => {
      const time = new FakeTime();
      const { read, now } = exchange(time, ahead);
      const clock = new ExchangeClock(time, read);
      assert.equal(clock.offset, undefined);
      assert.equal(clock.estimate(), time.now());
      await run(time, clock.now());
      assert.equal(clock.estimate(), now());
      assert.equal(clock.offset, ahead);
    });
  }

  it('takes the middle of the round trip, so that half of it bounds the error', async () => {
    const time = new FakeTime();
    const { read, now } = exchange(time, 0, 300, 100);
    const clock = new ExchangeClock(time, read);
    await run(time, clock.measure());
    assert.equal(clock.estimate() - now(), 100);
  });

  it('does not count what passed before the request left', async () => {
    const time = new FakeTime();
    const { read, now } = exchange(time, 50);
    const clock = new ExchangeClock(time, async (leaves) => {
      await time.delay(9_000);
      leaves();
      return read();
    });
    await run(time, clock.measure());
    assert.equal(clock.estimate(), now());
  });

  it('answers whole milliseconds', async () => {
    const time = new FakeTime(1_700_000_000_000.4, 5_000.7);
    const { read } = exchange(time, 0, 40.3, 40.2);
    const clock = new ExchangeClock(time, read);
    assert.ok(Number.isInteger(clock.estimate()));
    await run(time, clock.now());
    assert.ok(Number.isInteger(clock.estimate()));
    assert.ok(Number.isInteger(clock.offset));
  });

  it('shares one measurement among all who ask', async () => {
    const time = new FakeTime();
    const { read, state } = exchange(time);
    const clock = new ExchangeClock(time, read);
    await run(time, Promise.all([clock.now(), clock.now(), clock.measure()]));
    assert.equal(state.calls, 1);
    await run(time, clock.now());
    assert.equal(state.calls, 1);
    await run(time, clock.measure());
    assert.equal(state.calls, 2);
  });

  it('forgets a measurement that failed', async () => {
    const time = new FakeTime();
    const { read, state, now } = exchange(time, 200);
    const clock = new ExchangeClock(time, read);
    state.failing = true;
    const both = Promise.allSettled([clock.now(), clock.now()]);
    assert.deepEqual(
      (await run(time, both)).map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(clock.valid, false);
    state.failing = false;
    await run(time, clock.now());
    assert.equal(state.calls, 2);
    assert.equal(clock.estimate(), now());
  });

  it('keeps the last measurement when a new one fails', async () => {
    const time = new FakeTime();
    const { read, state, now } = exchange(time, 200);
    const clock = new ExchangeClock(time, read);
    await run(time, clock.now());
    state.failing = true;
    await assert.rejects(run(time, clock.measure()));
    assert.equal(clock.estimate(), now());
  });

  it('is not disturbed while both clocks run alike', async () => {
    const time = new FakeTime();
    const { read, state, now } = exchange(time, 200);
    const clock = new ExchangeClock(time, read);
    await run(time, clock.now());
    await time.advance(86_400_000);
    time.shiftWall(999);
    assert.equal(await clock.now(), now());
    assert.equal(state.calls, 1);
  });

  for (const [what, shift] of [
    ['the machine slept', 600_000],
    ['somebody set the clock', -3_600_000],
  ] as const) {
    it(`measures anew when ${what}`, async () => {
      const time = new FakeTime();
      const { read, state, now } = exchange(time, 200);
      const clock = new ExchangeClock(time, read);
      await run(time, clock.now());
      time.shiftWall(shift);
      // The exchange's clock went on during a sleep; only a measurement can tell.
      state.ahead += shift > 0 ? shift : 0;
      assert.equal(clock.valid, false);
      await run(time, clock.now());
      assert.equal(state.calls, 2);
      assert.equal(clock.estimate(), now());
      assert.equal(clock.valid, true);
    });
  }

  it('leaves no rejection unhandled when nobody waits for a failing measurement any more', async () => {
    const time = new FakeTime();
    const clock = new ExchangeClock(time, () => Promise.reject(new Error('offline')));
    const first = clock.measure();
    const second = clock.now();
    await assert.rejects(first);
    await assert.rejects(second);
    await settled();
  });
});
