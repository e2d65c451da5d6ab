import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { KucoinError } from '../../../src/kucoin/errors';
import { Quota, type Priority, type RateLimitHeaders, type Ticket } from '../../../src/kucoin/quota';
import { FakeTime, settled } from '../support/fakeTime';

const windowMs = 30_000;

/** The exchange's side of one pool: a fixed window that starts with the first request after the last one. */
class Gateway {
  limit = 2000;
  /** The most that was used in any window. */
  peak = 0;
  refusals = 0;
  private used = 0;
  private endsAt = -1;

  constructor(private readonly time: FakeTime) {}

  arrive(weight: number): { accepted: boolean; headers: RateLimitHeaders } {
    const now = this.time.monotonic();
    if (now >= this.endsAt) {
      this.endsAt = now + windowMs;
      this.used = 0;
    }
    const accepted = this.used + weight <= this.limit;
    if (accepted) this.used += weight;
    else this.refusals++;
    this.peak = Math.max(this.peak, this.used);
    const headers = {
      limit: this.limit,
      remaining: this.limit - this.used,
      reset: Math.floor(this.endsAt - now),
    };
    return { accepted, headers };
  }
}

function state(quota: Quota) {
  const found = quota.state().find(({ pool }) => pool === 'Management');
  assert.ok(found);
  return found;
}

function acquire(
  quota: Quota,
  weight: number,
  priority: Priority = 'interactive',
  signal?: AbortSignal,
): Promise<Ticket> {
  return quota.acquire('Management', weight, priority, signal);
}

/** Whether a promise has been fulfilled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  await settled();
  return (await Promise.race([promise, Promise.resolve('waiting')])) !== 'waiting';
}

const full = (remaining: number, reset = windowMs, limit = 2000): RateLimitHeaders => ({
  limit,
  remaining,
  reset,
});

describe('Quota', () => {
  it('lets calls through while they fit, and the next one when the window ends', async () => {
    const time = new FakeTime();
    const quota = new Quota(time);
    const first = await acquire(quota, 1995);
    first.settle(full(5, 20_000));
    const small = await acquire(quota, 5);
    small.settle(full(0, 20_000));
    const late = acquire(quota, 5);
    await time.advance(20_000);
    assert.equal(await isDone(late), false);
    await time.advance(1);
    assert.equal(await isDone(late), true);
    assert.equal(time.sleeping, 0);
  });

  it('counts calls on their way', async () => {
    const quota = new Quota(new FakeTime());
    await acquire(quota, 1500);
    assert.equal(state(quota).remaining, 500);
    assert.equal(await isDone(acquire(quota, 501)), false);
    assert.equal(state(quota).waiting, 1);
  });

  it('gives back what was not sent', async () => {
    const time = new FakeTime();
    const quota = new Quota(time);
    const first = await acquire(quota, 2000);
    const second = acquire(quota, 2000);
    first.release();
    assert.equal(await isDone(second), true);
    assert.equal(state(quota).remaining, 0);
    (await second).release();
    assert.equal(state(quota).remaining, 2000);
    assert.equal(state(quota).resetInMs, undefined);
    assert.equal(time.sleeping, 0);
  });

  it('counts a ticket once, however often it is closed', async () => {
    const quota = new Quota(new FakeTime());
    const ticket = await acquire(quota, 100);
    ticket.settle(undefined);
    ticket.settle(undefined);
    ticket.release();
    ticket.settle(full(7));
    assert.equal(state(quota).remaining, 1900);
  });

  it('believes the headers where others spend the same quota', async () => {
    const quota = new Quota(new FakeTime());
    (await acquire(quota, 5)).settle(full(300));
    assert.equal(state(quota).remaining, 300);
    assert.equal(state(quota).resetInMs, windowMs + 1);
  });

  it('does not believe an older answer that comes late and shows more', async () => {
    const time = new FakeTime();
    const quota = new Quota(time);
    const slow = await acquire(quota, 5);
    const quick = await acquire(quota, 500);
    quick.settle(full(400));
    await time.advance(4_000);
    slow.settle(full(1995, windowMs));
    assert.ok(state(quota).remaining <= 400);
    assert.ok(state(quota).resetInMs! <= windowMs - 3_999);
  });

  it('does not let an answer of an ended window shorten the new one', async () => {
    const time = new FakeTime();
    const quota = new Quota(time);
    (await acquire(quota, 5)).settle(full(1995, 1_000));
    const slow = await acquire(quota, 5);
    await time.advance(3_000);
    (await acquire(quota, 5)).settle(full(1995, windowMs));
    slow.settle(full(1990, 900));
    assert.equal(state(quota).remaining, 1995);
    assert.equal(state(quota).resetInMs, windowMs + 1);
  });

  it('waits for the reset after a refusal for quota, without counting the refused call', async () => {
    const time = new FakeTime();
    const quota = new Quota(time);
    (await acquire(quota, 20)).settle(full(3, 8_412), true);
    const next = acquire(quota, 1);
    await time.advance(8_412);
    assert.equal(await isDone(next), false);
    await time.advance(1);
    assert.equal(await isDone(next), true);
    assert.equal(state(quota).remaining, 1999);
  });

  it('holds a call without headers against the quota for 30 s from its answer', async () => {
    const time = new FakeTime();
    const quota = new Quota(time);
    (await acquire(quota, 1500)).settle(undefined);
    await time.advance(10_000);
    (await acquire(quota, 500)).settle(undefined);
    const next = acquire(quota, 600);
    await time.advance(19_999);
    assert.equal(await isDone(next), false);
    await time.advance(1);
    assert.equal(await isDone(next), true);
    assert.equal(state(quota).remaining, 900);
  });

  it('does not trust headers that took longer than 10 s to come', async () => {
    const time = new FakeTime();
    const quota = new Quota(time);
    const slow = await acquire(quota, 100);
    await time.advance(12_000);
    slow.settle(full(1999));
    assert.equal(state(quota).remaining, 1900);
  });

  it('measures the way from when the call left, not from when it got its place', async () => {
    const time = new FakeTime();
    const quota = new Quota(time);
    const ticket = await acquire(quota, 100);
    await time.advance(60_000);
    ticket.leave();
    await time.advance(100);
    ticket.settle(full(300));
    assert.equal(state(quota).remaining, 300);
  });

  it('serves interactive calls before background ones, each in order', async () => {
    const time = new FakeTime();
    const quota = new Quota(time);
    (await acquire(quota, 2000)).settle(full(0, 5_000));
    const order: string[] = [];
    const waits = (['background', 'background', 'interactive', 'interactive'] as const).map(
      async (priority, index) => {
        const ticket = await acquire(quota, 10, priority);
        order.push(`${priority} ${index}`);
        ticket.settle(full(1000));
      },
    );
    await time.advance(5_001);
    await Promise.all(waits);
    assert.deepEqual(order, ['interactive 2', 'interactive 3', 'background 0', 'background 1']);
  });

  it('leaves a tenth of a quota that is in use to interactive calls', async () => {
    const time = new FakeTime();
    const quota = new Quota(time);
    (await acquire(quota, 1790)).settle(full(210));
    (await acquire(quota, 10, 'background')).settle(full(200));
    const background = acquire(quota, 1, 'background');
    assert.equal(await isDone(background), false);
    (await acquire(quota, 200)).settle(full(0));
    await time.advance(windowMs + 1);
    assert.equal(await isDone(background), true);
  });

  it('lets a background call that needs the whole quota through when nothing else does', async () => {
    const quota = new Quota(new FakeTime());
    assert.equal(await isDone(acquire(quota, 2000, 'background')), true);
  });

  it('ends a wait when its signal does, and lets those behind it pass', async () => {
    const time = new FakeTime();
    const quota = new Quota(time);
    (await acquire(quota, 1990)).settle(full(10));
    const stop = new AbortController();
    const large = acquire(quota, 500, 'interactive', stop.signal);
    const small = acquire(quota, 10);
    assert.equal(await isDone(small), false);
    const reason = new Error('enough');
    stop.abort(reason);
    await assert.rejects(large, reason);
    assert.equal(await isDone(small), true);
    assert.equal(time.sleeping, 0);
    assert.equal(getEventListeners(stop.signal, 'abort').length, 0);
  });

  it('rejects at once when the signal has ended before', async () => {
    const reason = new Error('enough');
    await assert.rejects(
      acquire(new Quota(new FakeTime()), 1, 'interactive', AbortSignal.abort(reason)),
      reason,
    );
  });

  it('leaves no listener on a signal', async () => {
    const time = new FakeTime();
    const quota = new Quota(time);
    const { signal } = new AbortController();
    (await acquire(quota, 2000, 'interactive', signal)).settle(full(0));
    const waiting = acquire(quota, 5, 'interactive', signal);
    assert.equal(getEventListeners(signal, 'abort').length, 1);
    await time.advance(windowMs + 1);
    await waiting;
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  it('keeps a timer only while somebody waits', async () => {
    const time = new FakeTime();
    const quota = new Quota(time);
    const stop = new AbortController();
    (await acquire(quota, 2000)).settle(full(0));
    assert.equal(time.sleeping, 0);
    const waits = [1, 2, 3].map((weight) => acquire(quota, weight, 'background', stop.signal));
    await settled();
    assert.equal(time.sleeping, 1);
    stop.abort();
    await Promise.allSettled(waits);
    assert.equal(time.sleeping, 0);
  });

  it('refuses what can never fit, also when the headers show a smaller quota than was thought', async () => {
    const time = new FakeTime();
    const quota = new Quota(time);
    await assert.rejects(acquire(quota, 2001), { kind: 'rateLimit', outcome: 'notExecuted' });
    const first = await acquire(quota, 1000);
    const { signal } = new AbortController();
    const waiting = acquire(quota, 1500, 'interactive', signal);
    first.settle(full(0, windowMs, 1200));
    await assert.rejects(waiting, (error) => KucoinError.is(error, 'rateLimit'));
    assert.equal(getEventListeners(signal, 'abort').length, 0);
    assert.equal(time.sleeping, 0);
  });

  it('keeps the pools apart', async () => {
    const quota = new Quota(new FakeTime());
    (await acquire(quota, 2000)).settle(full(0));
    assert.equal(await isDone(quota.acquire('Spot', 4000, 'background')), true);
  });
});

/** One call of the simulation. */
interface Plan {
  readonly start: number;
  readonly weight: number;
  readonly there: number;
  readonly back: number;
  readonly priority: Priority;
  readonly fate: 'answered' | 'silent' | 'lost' | 'unsent';
}

const plans = (fates: readonly Plan['fate'][]): fc.Arbitrary<Plan[]> =>
  fc.array(
    fc.record({
      start: fc.integer({ min: 0, max: 60_000 }),
      weight: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 600 })),
      there: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 4_900 })),
      back: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 4_900 })),
      priority: fc.constantFrom<Priority>('interactive', 'background'),
      fate: fc.constantFrom(...fates),
    }),
    { minLength: 1, maxLength: 60 },
  );

/** Runs calls against a gateway on fake time; answers how many were done. */
async function simulate(
  time: FakeTime,
  quota: Quota,
  gateway: Gateway,
  calls: readonly Plan[],
): Promise<number> {
  let done = 0;
  const run = async (plan: Plan): Promise<void> => {
    await time.delay(plan.start);
    for (;;) {
      const ticket = await acquire(quota, plan.weight, plan.priority);
      if (plan.fate === 'unsent') {
        await time.delay(plan.there);
        ticket.release();
        break;
      }
      ticket.leave();
      await time.delay(plan.there);
      if (plan.fate === 'lost') {
        await time.delay(plan.back);
        ticket.settle(undefined);
        break;
      }
      const { accepted, headers } = gateway.arrive(plan.weight);
      await time.delay(plan.back);
      ticket.settle(plan.fate === 'answered' ? headers : undefined, !accepted);
      if (accepted) break;
    }
    done++;
  };
  const all = Promise.all(calls.map(run));
  while (await time.advanceToNext());
  await all;
  return done;
}

describe('Quota against a simulated gateway', () => {
  const settings = { numRuns: 300 };

  const neverExceeds = async (calls: readonly Plan[]): Promise<void> => {
    const time = new FakeTime();
    const quota = new Quota(time);
    const gateway = new Gateway(time);
    assert.equal(await simulate(time, quota, gateway, calls), calls.length);
    assert.equal(gateway.refusals, 0, `peak ${gateway.peak}`);
    assert.equal(time.sleeping, 0);
    assert.equal(state(quota).waiting, 0);
  };

  it('never runs into the limit by its own calls, and starves none', async () => {
    await fc.assert(fc.asyncProperty(plans(['answered']), neverExceeds), settings);
  });

  it('never runs into the limit without any headers', async () => {
    await fc.assert(fc.asyncProperty(plans(['silent']), neverExceeds), settings);
  });

  it('never runs into the limit when headers, silence, lost and unsent calls are mixed', async () => {
    const mixed = plans(['answered', 'answered', 'silent', 'lost', 'unsent']);
    await fc.assert(fc.asyncProperty(mixed, neverExceeds), settings);
  });

  it('gets every call through while others spend the same quota', async () => {
    const others = fc.array(
      fc.record({
        start: fc.integer({ min: 0, max: 120_000 }),
        weight: fc.integer({ min: 1, max: 2000 }),
      }),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(plans(['answered']), others, async (calls, spending) => {
        const time = new FakeTime();
        const quota = new Quota(time);
        const gateway = new Gateway(time);
        for (const { start, weight } of spending) void time.delay(start).then(() => gateway.arrive(weight));
        assert.equal(await simulate(time, quota, gateway, calls), calls.length);
        assert.ok(gateway.peak <= gateway.limit);
        assert.equal(time.sleeping, 0);
      }),
      settings,
    );
  });

  it('uses nearly all of the quota when it is needed', async () => {
    const time = new FakeTime();
    const quota = new Quota(time);
    const gateway = new Gateway(time);
    const calls = Array.from({ length: 1000 }, (_, i) => ({
      start: 0,
      weight: 20,
      there: 20 + ((i * 7) % 30),
      back: 20 + ((i * 13) % 30),
      priority: 'interactive' as const,
      fate: 'answered' as const,
    }));
    const began = time.monotonic();
    await simulate(time, quota, gateway, calls);
    const windows = (time.monotonic() - began) / windowMs;
    assert.equal(gateway.refusals, 0);
    // 20,000 units are ten full windows, the last of which need not end.
    assert.ok(windows < 11, `took ${windows} windows`);
  });
});
