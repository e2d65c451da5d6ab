import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import * as v from 'valibot';
import { brands, type Site } from '../../../src/kucoin/brands';
import { KucoinClient, type CallOptions, type RequestNote } from '../../../src/kucoin/client';
import { endpoint } from '../../../src/kucoin/endpoint';
import { getAccountList } from '../../../src/kucoin/endpoints/account';
import { getServerTime } from '../../../src/kucoin/endpoints/service';
import { innerTransfer } from '../../../src/kucoin/endpoints/transfer';
import { KucoinError, type ErrorKind, type Outcome } from '../../../src/kucoin/errors';
import { prepare } from '../../../src/kucoin/request';
import type { Credentials } from '../../../src/kucoin/sign';
import type { Transport, TransportReply, TransportRequest } from '../../../src/kucoin/transport';
import { FakeTime, settled } from '../support/fakeTime';

const credentials: Credentials = {
  key: '65f0c0ffee12340001a1b2c3',
  secret: '0f1e2d3c-4b5a-4697-8877-665544332211',
  passphrase: 'Demo-Pass_42!',
  version: '3',
};
const transfer = {
  clientOid: '7f3c1e0a-9b8d-4c6f-8e2a-5b1d0c9f7e6a',
  currency: 'USDT',
  from: 'main',
  to: 'trade',
  amount: '12.5',
};

function reply(body: unknown, status = 200, headers: Record<string, string> = {}): TransportReply {
  return { ok: true, status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) };
}
const empty = reply({ code: '200000', data: [] });
const moved = reply({ code: '200000', data: { orderId: 'o1' } });
const refusal = (code: string, status = 400, headers = {}): TransportReply =>
  reply({ code, msg: 'no' }, status, headers);
const limits = (remaining: number, reset: number): Record<string, string> => ({
  'gw-ratelimit-limit': '2000',
  'gw-ratelimit-remaining': String(remaining),
  'gw-ratelimit-reset': String(reset),
});
const lost: TransportReply = { ok: false, failure: 'network', unsent: false, code: 'ECONNRESET' };
const late: TransportReply = { ok: false, failure: 'timeout', unsent: false, code: 'ECONNABORTED' };
const refused: TransportReply = { ok: false, failure: 'network', unsent: true, code: 'ECONNREFUSED' };

type Step = TransportReply | ((request: TransportRequest) => TransportReply | Promise<TransportReply>);

interface Bench {
  readonly client: KucoinClient;
  readonly time: FakeTime;
  /** Calls other than for the time. */
  readonly calls: TransportRequest[];
  readonly clockReads: () => number;
  readonly notes: RequestNote[];
  /** Runs a call to its end, moving time on as far as it needs. */
  readonly finish: <T>(work: Promise<T>) => Promise<T>;
  clock: Step;
}

/** A client whose calls are answered by the steps, the last of them again and again. */
function bench(
  steps: readonly Step[],
  options: {
    site?: Site;
    credentials?: () => Promise<Credentials>;
    ahead?: number;
    onRequest?: () => void;
  } = {},
): Bench {
  const time = new FakeTime();
  const calls: TransportRequest[] = [];
  const notes: RequestNote[] = [];
  let clockReads = 0;
  const transport: Transport = async (request) => {
    const isClock = request.url.endsWith('/api/v1/timestamp');
    if (isClock) clockReads++;
    else calls.push(request);
    const step = isClock ? all.clock : steps[Math.min(calls.length, steps.length) - 1];
    assert.ok(step);
    const abort = new Promise<TransportReply>((resolve) => {
      request.signal?.addEventListener('abort', () =>
        resolve({ ok: false, failure: 'cancelled', unsent: false, code: 'ERR_CANCELED' }),
      );
    });
    await settled();
    return typeof step === 'function' ? Promise.race([abort, step(request)]) : step;
  };
  const client = new KucoinClient({
    site: options.site ?? brands.global,
    credentials: options.credentials ?? (() => Promise.resolve(credentials)),
    transport,
    time,
    onRequest: (note) => {
      notes.push(note);
      options.onRequest?.();
    },
  });
  const all: Bench = {
    client,
    time,
    calls,
    clockReads: () => clockReads,
    notes,
    clock: () => reply({ code: '200000', data: time.now() + (options.ahead ?? 0) }),
    finish: async (work) => {
      const progress = { over: false };
      const end = (): void => void (progress.over = true);
      work.then(end, end);
      for (let idle = 0; !progress.over && idle < 20;) idle = (await time.advanceToNext()) ? 0 : idle + 1;
      assert.ok(progress.over, 'hangs');
      return work;
    },
  };
  return all;
}

function list(it: Bench, options?: CallOptions): Promise<unknown> {
  return it.client.call(getAccountList, {}, options);
}

function move(it: Bench, options?: CallOptions): Promise<unknown> {
  return it.client.call(innerTransfer, transfer, options);
}

async function fails(work: Promise<unknown>, kind: ErrorKind, outcome: Outcome): Promise<KucoinError> {
  try {
    await work;
  } catch (error) {
    assert.ok(KucoinError.is(error), String(error));
    assert.deepEqual([error.kind, error.outcome], [kind, outcome], error.message);
    return error;
  }
  return assert.fail('did not fail');
}

/** A step that answers when the test says so. */
function held(): { step: Step; arrived: Promise<void>; answer: (reply: TransportReply) => void } {
  const arrival = new AbortController();
  const arrived = new Promise<void>((resolve) => arrival.signal.addEventListener('abort', () => resolve()));
  let answer: (reply: TransportReply) => void = () => assert.fail('nothing arrived');
  const step: Step = () =>
    new Promise((resolve) => {
      answer = resolve;
      arrival.abort();
    });
  return { step, arrived, answer: (it) => answer(it) };
}

/** Everything that a test leaves behind must be gone. */
function assertIdle({ client, time }: Bench): void {
  assert.equal(time.sleeping, 0, 'a timer runs');
  for (const pool of client.quota.state()) assert.equal(pool.waiting, 0, 'somebody waits');
}

describe('KucoinClient', () => {
  describe('asks the clock', () => {
    it('once for many calls', async () => {
      const it = bench([empty]);
      await it.finish(Promise.all([list(it), list(it), list(it)]));
      await it.finish(list(it));
      assert.equal(it.clockReads(), 1);
      assert.equal(it.calls.length, 4);
    });

    it('and signs with the time of the exchange', async () => {
      const it = bench([empty], { ahead: 3_600_000 });
      await it.finish(list(it));
      assert.equal(it.calls[0]?.headers['KC-API-TIMESTAMP'], String(it.time.now() + 3_600_000));
    });

    it('not for public calls', async () => {
      const it = bench([reply({ code: '200000', data: 1 })]);
      it.clock = reply({ code: '200000', data: 1_700_000_000_000 });
      assert.equal(await it.finish(it.client.call(getServerTime, {})), 1_700_000_000_000);
      assert.equal(it.clockReads(), 1);
      assert.equal(it.calls.length, 0);
    });

    it('without counting waits and earlier tries as time on the way', async () => {
      const it = bench([empty]);
      let tries = 0;
      it.clock = async () => {
        if (++tries > 1) return reply({ code: '200000', data: it.time.now() });
        await it.time.delay(9_000);
        return lost;
      };
      await it.finish(list(it));
      assert.equal(it.client.clock.offset, 0);
    });

    for (const [what, call] of [
      ['a read', list],
      ['a transfer', move],
    ] as const) {
      it(`again after 400002, and repeats ${what} exactly once`, async () => {
        const good = bench([refusal('400002'), what === 'a read' ? empty : moved]);
        await good.finish(call(good));
        assert.deepEqual([good.clockReads(), good.calls.length], [2, 2]);
        const bad = bench([refusal('400002')]);
        await fails(bad.finish(call(bad)), 'clock', 'notExecuted');
        assert.deepEqual([bad.clockReads(), bad.calls.length], [2, 2]);
        assertIdle(bad);
      });
    }

    it('in vain: a transfer that never left is not executed, whatever became of the question', async () => {
      const it = bench([moved]);
      it.clock = late;
      const error = await fails(it.finish(move(it)), 'timeout', 'notExecuted');
      assert.equal(error.endpoint, innerTransfer.title);
      assert.equal(it.calls.length, 0);
      assert.equal(it.clockReads(), 3);
      assertIdle(it);
    });

    it('in vain after 400002: the refused transfer stays not executed', async () => {
      const it = bench([
        () => {
          it.clock = late;
          return refusal('400002');
        },
      ]);
      await fails(it.finish(move(it)), 'timeout', 'notExecuted');
      assert.equal(it.calls.length, 1);
    });

    it('in vain for a read: bounded, without repeating the read', async () => {
      const it = bench([empty]);
      it.clock = lost;
      await fails(it.finish(list(it)), 'network', 'notExecuted');
      assert.deepEqual([it.clockReads(), it.calls.length], [3, 0]);
    });
  });

  describe('refused for quota', () => {
    it('waits for the reset and sends the same transfer', async () => {
      const it = bench([refusal('429000', 429, limits(0, 8_412)), moved]);
      const began = it.time.monotonic();
      await it.finish(move(it));
      assert.equal(it.calls.length, 2);
      assert.equal(it.calls[0]?.body, it.calls[1]?.body);
      assert.ok(it.time.monotonic() - began >= 8_412);
      assert.notEqual(it.calls[0]?.headers['KC-API-TIMESTAMP'], it.calls[1]?.headers['KC-API-TIMESTAMP']);
      assertIdle(it);
    });

    it('holds back other calls of the pool until the reset', async () => {
      const it = bench([refusal('429000', 429, limits(0, 8_412)), empty]);
      const first = list(it);
      await it.time.advance(0);
      await settled();
      await it.time.advance(1_000);
      const second = list(it);
      await it.time.advance(1_000);
      assert.equal(it.calls.length, 1);
      await it.finish(Promise.all([first, second]));
      assert.equal(it.calls.length, 3);
    });

    it('gives up when it happens again and again', async () => {
      const it = bench([refusal('429000', 429, limits(0, 5_000))]);
      const error = await fails(it.finish(list(it)), 'rateLimit', 'notExecuted');
      assert.equal(error.retryAfterMs, 5_000);
      assert.equal(it.calls.length, 4);
      assertIdle(it);
    });

    it('without headers backs off ever longer, for transfers too, and charges nothing', async () => {
      const it = bench([refusal('429000', 429), refusal('429000', 200), refusal('1015'), moved]);
      await it.finish(move(it));
      assert.equal(it.calls.length, 4);
      assert.deepEqual(it.time.delays, [1_000, 2_000, 4_000]);
      assert.equal(it.client.quota.state().find(({ pool }) => pool === 'Management')?.remaining, 1_990);
    });

    it('without headers gives up in the end', async () => {
      const it = bench([refusal('429000', 429)]);
      await fails(it.finish(list(it)), 'rateLimit', 'notExecuted');
      assert.deepEqual(it.time.delays, [1_000, 2_000, 4_000, 8_000, 10_000]);
    });

    it('by a gateway that fails itself, does not repeat a transfer', async () => {
      const it = bench([refusal('429000', 503, limits(0, 5_000))]);
      await fails(it.finish(move(it)), 'rateLimit', 'unknown');
      assert.equal(it.calls.length, 1);
    });

    it('by what a weight can never fit into, fails at once', async () => {
      const heavy = endpoint({ ...getAccountList, weight: 5_000 });
      const it = bench([empty]);
      await fails(it.finish(it.client.call(heavy, {})), 'rateLimit', 'notExecuted');
      assert.deepEqual(it.time.delays, []);
    });
  });

  describe('never repeats a transfer', () => {
    for (const [what, step, kind] of [
      ['lost on the way', lost, 'network'],
      ['that timed out', late, 'timeout'],
      ['answered with 500', refusal('500000', 500), 'unavailable'],
      ['answered with 503000 in HTTP 200', refusal('503000', 200), 'unavailable'],
      ['answered with HTML', reply('<html></html>', 502), 'unavailable'],
      ['answered with truncated JSON', reply('{"code":"2000'), 'malformedReply'],
      ['answered with nothing', reply(''), 'malformedReply'],
      ['answered with a bare success', reply({ code: '200000' }), 'malformedReply'],
      ['answered with 400002 by a failing gateway', refusal('400002', 500), 'clock'],
    ] as const) {
      it(what, async () => {
        const it = bench([step, moved]);
        await fails(it.finish(move(it)), kind, 'unknown');
        assert.equal(it.calls.length, 1);
        assertIdle(it);
      });
    }

    it('whose answer lacks a field: it is executed', async () => {
      const it = bench([reply({ code: '200000', data: {} }), moved]);
      const error = await fails(it.finish(move(it)), 'malformedReply', 'executed');
      assert.equal(error.detail, 'data.orderId: is missing');
      assert.equal(it.calls.length, 1);
    });

    it('when its transport throws, and says that the outcome is unknown', async () => {
      const it = bench([
        () => {
          throw new Error('a library gone wrong');
        },
      ]);
      await fails(it.finish(move(it)), 'network', 'unknown');
      assert.equal(it.calls.length, 1);
    });

    it('when its own reply schema throws', async () => {
      const entry = endpoint({
        ...innerTransfer,
        reply: v.pipe(
          v.unknown(),
          v.transform(() => {
            throw new TypeError('a mistake of ours');
          }),
        ),
      });
      const it = bench([moved]);
      await fails(it.finish(it.client.call(entry, transfer)), 'malformedReply', 'unknown');
      assert.equal(it.calls.length, 1);
    });

    it('whose connection was refused: nothing was sent, and nothing is charged', async () => {
      const it = bench([refused]);
      await fails(it.finish(move(it)), 'network', 'notExecuted');
      assert.equal(it.calls.length, 1);
      assert.equal(it.client.quota.state().find(({ pool }) => pool === 'Management')?.remaining, 2_000);
    });

    it('because the log failed', async () => {
      const it = bench([moved], {
        onRequest: () => {
          throw new Error('disk full');
        },
      });
      assert.deepEqual(await it.finish(move(it)), { orderId: 'o1' });
    });
  });

  describe('repeats a read', () => {
    for (const [what, step, kind, outcome] of [
      ['lost on the way', lost, 'network', 'unknown'],
      ['whose connection was refused', refused, 'network', 'notExecuted'],
      ['that timed out', late, 'timeout', 'unknown'],
      ['answered with 500', refusal('500000', 500), 'unavailable', 'unknown'],
      ['answered with HTML', reply('<html></html>', 502), 'unavailable', 'unknown'],
      ['answered with truncated JSON', reply('{"code":"2000'), 'malformedReply', 'unknown'],
    ] as const) {
      it(`${what}, twice at most`, async () => {
        const good = bench([step, step, empty]);
        assert.deepEqual(await good.finish(list(good)), []);
        const bad = bench([step]);
        await fails(bad.finish(list(bad)), kind, outcome);
        assert.equal(bad.calls.length, 3);
        assert.deepEqual(bad.time.delays, [250, 1_000]);
        assertIdle(bad);
      });
    }

    it('but not when the answer is definite', async () => {
      for (const step of [
        refusal('400005', 401),
        refusal('400100', 200),
        reply({ code: '200000', data: {} }),
      ]) {
        const it = bench([step]);
        await assert.rejects(it.finish(list(it)));
        assert.equal(it.calls.length, 1);
      }
    });
  });

  describe('cancelled', () => {
    it('before it starts, sends nothing', async () => {
      const it = bench([empty]);
      await fails(list(it, { signal: AbortSignal.abort() }), 'cancelled', 'notExecuted');
      assert.deepEqual([it.calls.length, it.clockReads()], [0, 0]);
    });

    it('while it waits for its place in the quota', async () => {
      const it = bench([empty]);
      (await it.client.quota.acquire('Management', 2_000, 'interactive')).settle(undefined);
      const stop = new AbortController();
      const call = list(it, { signal: stop.signal });
      await settled();
      assert.equal(it.time.sleeping, 1);
      stop.abort();
      await fails(call, 'cancelled', 'notExecuted');
      assertIdle(it);
    });

    it('while the credentials are asked for, without waiting for them', async () => {
      const it = bench([empty], { credentials: () => new Promise(() => undefined) });
      const stop = new AbortController();
      const call = move(it, { signal: stop.signal });
      await settled();
      stop.abort();
      await fails(call, 'cancelled', 'notExecuted');
      assert.equal(it.client.quota.state().find(({ pool }) => pool === 'Management')?.remaining, 2_000);
      assertIdle(it);
    });

    it('while the clock is read: at once, and others still get its answer', async () => {
      const clock = held();
      const it = bench([empty]);
      it.clock = clock.step;
      const stop = new AbortController();
      const first = list(it, { signal: stop.signal });
      const second = list(it);
      await clock.arrived;
      stop.abort();
      await fails(first, 'cancelled', 'notExecuted');
      clock.answer(reply({ code: '200000', data: it.time.now() }));
      assert.deepEqual(await it.finish(second), []);
      assert.equal(it.clockReads(), 1);
    });

    it('while its journal writes: a transfer is not sent', async () => {
      const it = bench([moved]);
      const stop = new AbortController();
      const beforeSend = async (): Promise<void> => {
        stop.abort();
        await settled();
      };
      await fails(it.finish(move(it, { signal: stop.signal, beforeSend })), 'cancelled', 'notExecuted');
      assert.equal(it.calls.length, 0);
      assert.equal(it.client.quota.state().find(({ pool }) => pool === 'Management')?.remaining, 2_000);
    });

    it('on its way: a read ends, a transfer does not', async () => {
      const line = held();
      const stop = new AbortController();
      const it = bench([line.step]);
      const read = list(it, { signal: stop.signal });
      await line.arrived;
      stop.abort();
      await fails(read, 'cancelled', 'notExecuted');

      const way = held();
      const money = bench([way.step]);
      const halt = new AbortController();
      const call = move(money, { signal: halt.signal });
      await way.arrived;
      halt.abort();
      await settled();
      way.answer(moved);
      assert.deepEqual(await money.finish(call), { orderId: 'o1' });
    });

    it('on its way: a transfer that is lost keeps its unknown outcome', async () => {
      const way = held();
      const it = bench([way.step]);
      const stop = new AbortController();
      const call = move(it, { signal: stop.signal });
      await way.arrived;
      stop.abort();
      way.answer(late);
      await fails(it.finish(call), 'timeout', 'unknown');
      assert.equal(it.calls.length, 1);
    });

    it('between two tries', async () => {
      for (const [step, call] of [
        [lost, list],
        [refusal('429000', 429), move],
        [refusal('429000', 429, limits(0, 9_000)), move],
      ] as const) {
        const it = bench([step]);
        const stop = new AbortController();
        const work = call(it, { signal: stop.signal });
        for (let i = 0; i < 10; i++) await settled();
        assert.equal(it.time.sleeping, 1);
        stop.abort();
        await fails(work, 'cancelled', 'notExecuted');
        assert.equal(it.calls.length, 1);
        assertIdle(it);
      }
    });

    it('leaves no listener on the signal', async () => {
      const it = bench([lost, refusal('429000', 429), refusal('429000', 429, limits(0, 5_000)), empty]);
      const { signal } = new AbortController();
      await it.finish(list(it, { signal }));
      assert.equal(getEventListeners(signal, 'abort').length, 0);
    });
  });

  describe('retired', () => {
    it('fails reads that wait or are on their way, and new calls, as stale', async () => {
      const line = held();
      const it = bench([line.step]);
      const read = list(it);
      await line.arrived;
      (await it.client.quota.acquire('Management', 1_990, 'interactive')).settle(undefined);
      const waiting = list(it, { priority: 'background' });
      await settled();
      it.client.retire();
      await fails(read, 'stale', 'notExecuted');
      await fails(waiting, 'stale', 'notExecuted');
      await fails(list(it), 'stale', 'notExecuted');
      await fails(move(it), 'stale', 'notExecuted');
      assert.equal(it.client.retired, true);
      assertIdle(it);
    });

    it('drops an answer that came all the same, good or bad', async () => {
      for (const step of [empty, refusal('400003', 401), lost]) {
        const it = bench([
          () => {
            it.client.retire();
            return step;
          },
        ]);
        await fails(it.finish(list(it)), 'stale', 'notExecuted');
        assert.equal(it.calls.length, 1);
      }
    });

    it('lets a transfer on its way come to its end', async () => {
      const way = held();
      const it = bench([way.step]);
      const call = move(it);
      await way.arrived;
      it.client.retire();
      way.answer(moved);
      assert.deepEqual(await it.finish(call), { orderId: 'o1' });
    });

    it('does not send a transfer that still waits, or was refused and would be sent again', async () => {
      const it = bench([
        () => {
          it.client.retire();
          return refusal('429000', 429);
        },
      ]);
      await fails(it.finish(move(it)), 'stale', 'notExecuted');
      assert.equal(it.calls.length, 1);
    });
  });

  describe('and its credentials', () => {
    it('are asked for once by many calls', async () => {
      let asked = 0;
      const it = bench([empty], {
        credentials: () => {
          asked++;
          return Promise.resolve(credentials);
        },
      });
      await it.finish(Promise.all([list(it), list(it)]));
      await it.finish(list(it));
      assert.equal(asked, 1);
    });

    it('are asked for again after a refusal, which every waiting call sees', async () => {
      let asked = 0;
      const it = bench([empty], {
        credentials: async () => {
          await settled();
          if (++asked === 1) throw new KucoinError({ kind: 'secretMissing', outcome: 'notExecuted' });
          return credentials;
        },
      });
      const both = await it.finish(Promise.allSettled([list(it), list(it)]));
      assert.deepEqual(
        both.map(({ status }) => status),
        ['rejected', 'rejected'],
      );
      assert.equal(asked, 1);
      await it.finish(list(it));
      assert.equal(asked, 2);
    });

    it('surface the error of whoever keeps them', async () => {
      const locked = new Error('keyring locked');
      const it = bench([empty], { credentials: () => Promise.reject(locked) });
      await assert.rejects(it.finish(list(it)), locked);
      assert.equal(it.client.quota.state().find(({ pool }) => pool === 'Management')?.remaining, 2_000);
    });

    it('are not asked for by public calls', async () => {
      const it = bench([empty], { credentials: () => assert.fail('asked') });
      await it.finish(it.client.call(getServerTime, {}));
    });
  });

  describe('and a journal', () => {
    it('is told the time of the exchange before anything is sent', async () => {
      const it = bench([moved], { ahead: 5_000 });
      const told: number[] = [];
      await it.finish(
        move(it, {
          beforeSend: (at) => {
            assert.equal(it.calls.length, 0);
            told.push(at);
            return Promise.resolve();
          },
        }),
      );
      assert.deepEqual(told, [it.time.now() + 5_000]);
    });

    it('that fails keeps the transfer from being sent, and its error surfaces', async () => {
      const it = bench([moved]);
      const full = new Error('disk full');
      await assert.rejects(it.finish(move(it, { beforeSend: () => Promise.reject(full) })), full);
      assert.equal(it.calls.length, 0);
      assert.equal(it.client.quota.state().find(({ pool }) => pool === 'Management')?.remaining, 2_000);
    });

    it('that takes long does not age the signature', async () => {
      const it = bench([moved]);
      await it.finish(move(it, { beforeSend: () => it.time.delay(20_000) }));
      assert.equal(it.calls[0]?.headers['KC-API-TIMESTAMP'], String(it.time.now()));
    });
  });

  describe('and its site', () => {
    const futures = endpoint({ ...getAccountList, host: 'futures', path: '/api/v1/account-overview' });

    it('decides the host', async () => {
      for (const [site, spot] of [
        [brands.global, 'https://api.kucoin.com'],
        [brands.europe, 'https://api.kucoin.eu'],
        [brands.turkey, 'https://api.kucoin.tr'],
      ] as const) {
        const it = bench([empty], { site });
        await it.finish(list(it));
        assert.equal(it.calls[0]?.url, `${spot}/api/v1/accounts`);
        assert.equal(it.calls[0].headers['X-SITE-TYPE'], undefined);
      }
      const it = bench([empty]);
      await it.finish(it.client.call(futures, {}));
      assert.equal(it.calls[0]?.url, 'https://api-futures.kucoin.com/api/v1/account-overview');
    });

    it('brings its own header with every request', async () => {
      const it = bench([empty], { site: brands.australia });
      await it.finish(list(it));
      assert.equal(it.calls[0]?.url, 'https://api.kucoin.com/api/v1/accounts');
      assert.equal(it.calls[0].headers['X-SITE-TYPE'], 'australia');
    });

    it('may lack a host', async () => {
      const it = bench([empty], { site: brands.europe });
      await fails(it.finish(it.client.call(futures, {})), 'hostMissing', 'notExecuted');
      assert.equal(it.calls.length, 0);
    });
  });

  it('announces JSON on every POST, with or without a body, and on nothing else', async () => {
    const bullet = endpoint({ ...innerTransfer, path: '/api/v1/bullet-private', params: v.object({}) });
    const it = bench([moved]);
    await it.finish(it.client.call(bullet, {}));
    assert.equal(it.calls[0]?.headers['Content-Type'], 'application/json');
    assert.equal(it.calls[0].body, '');
    const read = bench([empty]);
    await read.finish(list(read));
    assert.equal(read.calls[0]?.headers['Content-Type'], undefined);
  });

  it('sends the bytes of a plan that was made before', async () => {
    const plan = prepare(innerTransfer, transfer);
    const it = bench([moved]);
    await it.finish(it.client.send(plan));
    assert.equal(it.calls[0]?.body, plan.body);
    assert.equal(it.calls[0].body, JSON.stringify(transfer));
  });

  it('notes each request without its query, body or headers', async () => {
    const it = bench([lost, empty]);
    await it.finish(it.client.call(getAccountList, { currency: 'USDT' }));
    const about = it.notes.filter(({ path }) => path === getAccountList.path);
    assert.deepEqual(
      about.map(({ result, status }) => [result, status]),
      [
        [`network: ${getAccountList.title}: ECONNRESET`, undefined],
        ['ok', 200],
      ],
    );
    assert.ok(!JSON.stringify(it.notes).includes('USDT'));
  });

  it('refuses wrong arguments before anything else', async () => {
    const it = bench([moved]);
    await fails(
      it.client.call(innerTransfer, { ...transfer, amount: '1e5' }),
      'invalidArgument',
      'notExecuted',
    );
    assert.deepEqual([it.calls.length, it.clockReads()], [0, 0]);
  });
});
