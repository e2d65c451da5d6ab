import assert from 'node:assert/strict';
import { KucoinError } from '../../../src/kucoin/errors';
import { english } from '../../../src/kucoin/explain';
import type { TransportReply, TransportRequest } from '../../../src/kucoin/transport';
import { execute, type Confirmation, type GateOptions, type GateResult } from '../../../src/transfers/gate';
import { history, type TransferRecord } from '../../../src/transfers/history';
import type { TransferJournal } from '../../../src/transfers/journal';
import { nodeJournalFile } from '../../../src/transfers/nodeJournalFile';
import type { Plan } from '../../../src/transfers/plan';
import { markHappened } from '../../../src/transfers/settle';
import {
  diskFull,
  failed,
  FakeExchange,
  idSource,
  intent,
  madePlan,
  MoodyFile,
  ok,
  openJournal,
  planFacts,
  reply,
  startOfTime,
  TempFolder,
} from './support';

const folder = new TempFolder();
let exchange: FakeExchange;
let disk: MoodyFile;
let journal: TransferJournal;
let asked: Confirmation[];
let newId: () => string;

const nobodyElse = { isAlive: () => false };

function nextPlan(): Plan {
  return madePlan({ newId });
}

function run(plan: Plan, more: Partial<GateOptions> = {}): Promise<GateResult> {
  return execute({
    plan,
    client: exchange.client,
    journal,
    confirm: (confirmation) => {
      asked.push(confirmation);
      return Promise.resolve(true);
    },
    now: () => startOfTime,
    profileNow: () => ({ generation: 1, readOnly: false }),
    ...nobodyElse,
    ...more,
  });
}

async function done(plan: Plan, more: Partial<GateOptions> = {}): Promise<TransferRecord> {
  const result = await run(plan, more);
  assert.equal(result.kind, 'done');
  return result.record;
}

async function refused(plan: Plan, more: Partial<GateOptions> = {}): Promise<string> {
  const result = await run(plan, more);
  assert.equal(result.kind, 'refused');
  return result.refusal.code;
}

/** What a restarted window finds. */
async function afterRestart(): Promise<TransferRecord[]> {
  return history(await openJournal(folder.path('journal'), 'window-2'), nobodyElse);
}

const gone = (): TransportReply => failed('network', false, 'ECONNRESET');

/** Hooks of one group of tests; at the root they would run for the tests of other files too. */
function fresh(): void {
  beforeEach(async () => {
    await folder.make();
    exchange = new FakeExchange();
    disk = new MoodyFile(nodeJournalFile(folder.path('journal')));
    journal = await openJournal(disk);
    asked = [];
    newId = idSource();
  });
  afterEach(() => folder.remove());
}

describe('gate: a transfer that goes well', () => {
  fresh();
  it('sends the very bytes of the plan, once', async () => {
    const plan = nextPlan();
    await done(plan);
    assert.deepEqual(
      exchange.arrived.map(({ method, url, body }) => ({ method, url, body })),
      [
        {
          method: 'POST',
          url: 'https://exchange.test/api/v2/accounts/inner-transfer',
          body: plan.legs[0]!.body,
        },
      ],
    );
  });

  it('asks once, with the plan itself', async () => {
    const plan = nextPlan();
    await done(plan);
    assert.equal(asked.length, 1);
    assert.equal(asked[0]!.plan, plan);
    assert.deepEqual(asked[0]!.warnings, []);
  });

  it('has planned and sent on the disk before the request leaves', async () => {
    let states: string[] = [];
    exchange.answers = [
      async () => {
        states = (await folder.read('journal')).match(/"state":"\w+"/g) ?? [];
        return ok({ orderId: 'o' });
      },
    ];
    await done(nextPlan());
    assert.deepEqual(states, ['"state":"planned"', '"state":"sent"']);
  });

  it('answers what happened, with the order id', async () => {
    const record = await done(nextPlan());
    assert.equal(record.state, 'settled');
    assert.equal(record.moved, 'moved');
    assert.equal(record.legs[0]!.orderId, 'order-1');
    assert.equal(record.legs[0]!.attempts, 1);
    assert.equal(english(record.report.what), 'Transferred 12.5 USDT from Funding to Spot.');
  });

  it('is found again after a restart, the same in everything', async () => {
    const record = await done(nextPlan());
    assert.deepEqual(await afterRestart(), [record]);
  });

  it('keeps key, passphrase and signature out of the journal', async () => {
    await done(nextPlan());
    const text = await folder.read('journal');
    const headers = Object.values(exchange.arrived[0]!.headers).filter((value) => value.length > 1);
    for (const secret of ['KEY', 'SECRET', 'PHRASE', 'KC-API', ...headers]) {
      if (secret !== 'application/json') assert.ok(!text.includes(`"${secret}`), secret);
    }
  });
});

describe('gate: what stops a transfer before anything is sent', () => {
  fresh();
  afterEach(() => assert.equal(exchange.arrived.length, 0));

  const refusals: [string, Partial<GateOptions>, string][] = [
    ['an old plan', { now: () => startOfTime + 5 * 60_000 + 1 }, 'planStale'],
    ['a clock that was set back', { now: () => startOfTime - 5 * 60_000 - 1 }, 'planStale'],
    ['an age limit of its own', { now: () => startOfTime + 61_000, maxAgeMs: 60_000 }, 'planStale'],
    ['another generation', { profileNow: () => ({ generation: 2, readOnly: false }) }, 'profileChanged'],
    ['a removed profile', { profileNow: () => undefined }, 'profileChanged'],
    ['a read-only profile', { profileNow: () => ({ generation: 1, readOnly: true }) }, 'readOnly'],
  ];
  for (const [name, more, code] of refusals) {
    it(`${name}: ${code}, without asking or writing`, async () => {
      assert.equal(await refused(nextPlan(), more), code);
      assert.equal(asked.length, 0);
      assert.deepEqual(await folder.files(), []);
    });
  }

  it('a no leaves no trace', async () => {
    const result = await run(nextPlan(), { confirm: () => Promise.resolve(false) });
    assert.deepEqual(result, { kind: 'cancelled' });
    assert.deepEqual(await folder.files(), []);
  });

  it('a plan that grew old while the question was open', async () => {
    let now = startOfTime;
    const confirm = (): Promise<boolean> => {
      now += 10 * 60_000;
      return Promise.resolve(true);
    };
    assert.equal(await refused(nextPlan(), { now: () => now, confirm }), 'planStale');
  });

  it('a profile that was switched while the question was open', async () => {
    let generation = 1;
    const confirm = (): Promise<boolean> => {
      generation = 2;
      return Promise.resolve(true);
    };
    const profileNow = (): { generation: number; readOnly: boolean } => ({ generation, readOnly: false });
    assert.equal(await refused(nextPlan(), { profileNow, confirm }), 'profileChanged');
  });

  it('a profile that was switched while the call waited for its turn', async () => {
    let calls = 0;
    const profileNow = (): { generation: number; readOnly: boolean } => ({
      generation: ++calls > 2 ? 2 : 1,
      readOnly: false,
    });
    const record = await done(nextPlan(), { profileNow });
    assert.equal(record.state, 'rejected');
    assert.equal(record.legs[0]!.error?.kind, 'stale');
    assert.equal(record.moved, 'notMoved');
  });

  it('a disk that is full when the plan is written', async () => {
    disk.onAppend = () => {
      throw diskFull();
    };
    const result = await run(nextPlan());
    assert.equal(result.kind, 'refused');
    assert.equal(
      english(result.refusal.sentence),
      'The transfer could not be written to the journal on disk, so nothing was sent and no money moved. Free some space or check the folder, then try again: ENOSPC',
    );
  });

  it('a disk that is full when the sending is written', async () => {
    disk.onAppend = (bytes) => {
      if (bytes.includes('"sent"')) throw diskFull();
    };
    const record = await done(nextPlan());
    assert.equal(record.state, 'rejected');
    assert.equal(record.moved, 'notMoved');
    assert.deepEqual(record.legs[0]!.error, { kind: 'journal', detail: 'ENOSPC' });
    assert.equal(english(record.report.money), 'No money moved.');
  });

  it('a key that is gone', async () => {
    const client = {
      send: () => Promise.reject(new KucoinError({ kind: 'secretMissing', outcome: 'notExecuted' })),
    };
    const record = await done(nextPlan(), { client });
    assert.equal(record.state, 'rejected');
    assert.equal(record.legs[0]!.attempts, 0);
  });

  it('credentials that reject with any error', async () => {
    const client = { send: () => Promise.reject(new TypeError('SECRET inside')) };
    const record = await done(nextPlan(), { client });
    assert.equal(record.moved, 'notMoved');
    assert.deepEqual(record.legs[0]!.error, { kind: 'internal', detail: 'TypeError' });
    assert.ok(!(await folder.read('journal')).includes('SECRET'));
  });

  it('a cancel after the yes and before the sending', async () => {
    const controller = new AbortController();
    exchange.timestamp = () => {
      controller.abort();
      return ok(startOfTime);
    };
    const record = await done(nextPlan(), { signal: controller.signal });
    assert.equal(record.state, 'rejected');
    assert.equal(record.legs[0]!.error?.kind, 'cancelled');
    assert.equal(english(record.report.money), 'No money moved.');
  });

  it('a clock that cannot be measured is no unknown transfer', async () => {
    exchange.timestamp = gone;
    const record = await done(nextPlan());
    assert.equal(record.state, 'rejected');
    assert.equal(record.moved, 'notMoved');
  });
});

describe('gate: what the exchange and the network can do', () => {
  fresh();
  const cases: [string, (request: TransportRequest) => TransportReply, string, string, string][] = [
    [
      'balance too small',
      () => reply(200, { code: '230003', msg: 'x' }),
      'rejected',
      'notMoved',
      'insufficientBalance',
    ],
    ['wrong key', () => reply(401, { code: '400003', msg: 'x' }), 'rejected', 'notMoved', 'keyUnknown'],
    ['unknown refusal', () => reply(200, { code: '999999', msg: 'x' }), 'rejected', 'notMoved', 'refused'],
    ['connection refused', () => failed('network', true, 'ECONNREFUSED'), 'rejected', 'notMoved', 'network'],
    ['reset after sending', gone, 'unknown', 'unknown', 'network'],
    ['timeout', () => failed('timeout', false, 'ETIMEDOUT'), 'unknown', 'unknown', 'timeout'],
    ['HTTP 500', () => reply(500, { code: '500000', msg: 'x' }), 'unknown', 'unknown', 'unavailable'],
    ['HTTP 502 as HTML', () => reply(502, '<html>'), 'unknown', 'unknown', 'unavailable'],
    ['truncated JSON', () => reply(200, '{"code":"2000'), 'unknown', 'unknown', 'malformedReply'],
    [
      'system busy in HTTP 200',
      () => reply(200, { code: '230005', msg: 'x' }),
      'unknown',
      'unknown',
      'unavailable',
    ],
    [
      'an id that the exchange has seen already',
      () => reply(200, { code: '400100', msg: 'clientOid duplicated' }),
      'unknown',
      'unknown',
      'duplicate',
    ],
    ['a yes that cannot be read', () => ok({ order: 1 }), 'settled', 'moved', 'malformedReply'],
    [
      'success with a message and no data',
      () => reply(200, { code: '200000', msg: 'The interface is offline' }),
      'rejected',
      'notMoved',
      'removed',
    ],
  ];
  for (const [name, answer, state, moved, kind] of cases) {
    it(`${name}: ${state}, ${moved}, sent once`, async () => {
      exchange.answers = [answer];
      const record = await done(nextPlan());
      assert.equal(record.state, state);
      assert.equal(record.moved, moved);
      assert.equal(record.legs[0]!.error?.kind, kind);
      assert.equal(exchange.arrived.length, 1);
      assert.deepEqual(await afterRestart(), [record]);
    });
  }

  it('sends again after a wrong clock, and the journal has both', async () => {
    exchange.answers = [() => reply(400, { code: '400002', msg: 'Invalid KC-API-TIMESTAMP' })];
    const record = await done(nextPlan());
    assert.equal(record.state, 'settled');
    assert.equal(record.legs[0]!.attempts, 2);
    assert.equal(exchange.arrived.length, 2);
  });

  it('sends again after 429, and the journal has both', async () => {
    const headers = {
      'gw-ratelimit-limit': '4000',
      'gw-ratelimit-remaining': '0',
      'gw-ratelimit-reset': '900',
    };
    exchange.answers = [() => reply(429, { code: '429000', msg: 'Too Many Requests' }, headers)];
    const record = await done(nextPlan());
    assert.equal(record.state, 'settled');
    assert.equal(record.legs[0]!.attempts, 2);
  });

  it('a disk that fills up between two sendings: rejected, as the first was refused', async () => {
    exchange.answers = [
      () => {
        disk.onAppend = (bytes) => {
          if (bytes.includes('"sent"')) throw diskFull();
        };
        return reply(400, { code: '400002', msg: 'Invalid KC-API-TIMESTAMP' });
      },
    ];
    const record = await done(nextPlan());
    assert.equal(record.state, 'rejected');
    assert.equal(exchange.arrived.length, 1);
  });

  it('a clock that cannot be measured after 400002: rejected, as nothing was executed', async () => {
    exchange.answers = [
      () => {
        exchange.timestamp = gone;
        return reply(400, { code: '400002', msg: 'Invalid KC-API-TIMESTAMP' });
      },
    ];
    const record = await done(nextPlan());
    assert.equal(record.state, 'rejected');
    assert.equal(record.moved, 'notMoved');
  });

  it('an error of the program after sending is unknown', async () => {
    const client = {
      send: async (_request: unknown, options?: { beforeSend?: (at: number) => Promise<void> }) => {
        await options?.beforeSend?.(startOfTime);
        throw new RangeError('bug');
      },
    };
    const record = await done(nextPlan(), { client: client as GateOptions['client'] });
    assert.equal(record.state, 'unknown');
    assert.equal(record.legs[0]!.error?.kind, 'internal');
  });
});

describe('gate: the disk refuses the result', () => {
  fresh();
  it('answers the truth with a warning, keeps it, and writes it with the next record', async () => {
    exchange.answers = [
      () => {
        disk.onAppend = () => {
          throw diskFull();
        };
        return ok({ orderId: 'kept' });
      },
    ];
    const plan = nextPlan();
    const result = await run(plan);
    assert.ok(result.kind === 'done');
    assert.equal(result.record.state, 'settled');
    assert.equal(result.record.legs[0]!.orderId, 'kept');
    assert.match(english(result.warnings[0]!), /could not be written .* ENOSPC$/);
    assert.equal(journal.unwritten, 1);
    assert.equal((await afterRestart())[0]!.state, 'unknown', 'the disk alone cannot know');

    disk.onAppend = () => undefined;
    await done(madePlan({ newId }, intent({ currency: 'KCS' })));
    assert.equal(journal.unwritten, 0);
    assert.deepEqual(
      (await afterRestart()).map(({ state }) => state),
      ['settled', 'settled'],
    );
  });

  it('writes it by a retry', async () => {
    exchange.answers = [
      () => {
        disk.onAppend = () => {
          throw diskFull();
        };
        return gone();
      },
    ];
    await done(nextPlan());
    disk.onAppend = () => undefined;
    await journal.retry();
    assert.equal(journal.unwritten, 0);
    assert.equal((await afterRestart())[0]!.legs[0]!.error?.kind, 'network');
  });
});

describe('gate: identical transfers', () => {
  fresh();
  beforeEach(async () => {
    exchange.answers = [gone];
    await done(nextPlan());
    asked = [];
  });

  it('tells the person of the unknown one before they agree', async () => {
    await done(nextPlan());
    assert.deepEqual(
      asked[0]!.warnings.map(({ code }) => code),
      ['identicalUnknown'],
    );
    assert.equal(asked[0]!.identical.length, 1);
    assert.match(
      english(asked[0]!.warnings[0]!.sentence),
      /^An identical transfer of 2025-\S+ has an unknown outcome/,
    );
  });

  it('sends nothing when the person then says no', async () => {
    const before = exchange.arrived.length;
    assert.equal((await run(nextPlan(), { confirm: () => Promise.resolve(false) })).kind, 'cancelled');
    assert.equal(exchange.arrived.length, before);
  });

  for (const [name, other] of [
    ['amount', intent({ amount: '12.6' as never })],
    ['currency', intent({ currency: 'KCS' })],
    ['target', intent({ to: { owner: 'self', type: 'margin' } })],
  ] as const) {
    it(`does not warn when the ${name} differs`, async () => {
      await done(madePlan({ newId }, other));
      assert.deepEqual(asked[0]!.warnings, []);
    });
  }

  it('sees through another writing of the amount', async () => {
    await done(madePlan({ newId }, intent({ amount: '12.500' as never })));
    assert.equal(asked[0]!.warnings.length, 1);
  });

  it('does not warn when a person has said what became of it', async () => {
    const [unknown] = history(journal, nobodyElse);
    await markHappened({ journal, id: unknown!.id, note: '' }, nobodyElse);
    await done(nextPlan());
    assert.deepEqual(asked[0]!.warnings, []);
  });

  it('warns of one that another window wrote', async () => {
    journal = await openJournal(folder.path('journal'), 'window-2');
    await done(nextPlan());
    assert.equal(asked[0]!.warnings.length, 1);
  });

  it('warns of one that waits for its turn in another window', async () => {
    const other = await openJournal(folder.path('journal'), 'window-2');
    const [first, second] = [nextPlan(), nextPlan()];
    let inTurn = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (inTurn = resolve));
    const reading = new Promise<void>((resolve) => {
      const readTotals = async (): Promise<object> => {
        resolve();
        await waiting;
        return {};
      };
      void run(first, { readTotals }).then(inTurn);
    });
    await reading;
    asked.length = 0;
    await run(second, {
      journal: other,
      isAlive: () => true,
      confirm: (asking) => (asked.push(asking), Promise.resolve(false)),
    });
    inTurn();
    assert.ok(
      asked[0]!.warnings.some(({ code }) => code === 'identicalUnderway'),
      'told of the one that is about to be sent',
    );
  });

  it('holds back when one becomes unknown in another window while the question is open', async () => {
    const [unknown] = history(journal, nobodyElse);
    await markHappened({ journal, id: unknown!.id, note: '' }, nobodyElse);
    const other = await openJournal(folder.path('journal'), 'window-2');
    exchange.answers = [gone];
    const inOtherWindow = nextPlan();
    const confirm = async (): Promise<boolean> => {
      await done(inOtherWindow, { journal: other });
      return true;
    };
    const before = exchange.arrived.length;
    assert.equal(await refused(nextPlan(), { confirm }), 'identicalAppeared');
    assert.equal(exchange.arrived.length, before + 1, 'the other window alone has sent');
  });
});

describe('gate: one plan, one transfer', () => {
  fresh();
  it('refuses a plan that was executed', async () => {
    const plan = nextPlan();
    await done(plan);
    assert.equal(await refused(plan), 'planUsed');
    assert.equal(exchange.arrived.length, 1);
  });

  it('sends once when a plan is executed twice at the same time', async () => {
    const plan = nextPlan();
    const kinds = (await Promise.all([run(plan), run(plan)])).map(({ kind }) => kind);
    assert.deepEqual(kinds.sort(), ['done', 'refused']);
    assert.equal(exchange.arrived.length, 1);
  });

  it('never sends two identical ones when two windows are told yes at the same moment', async () => {
    const other = await openJournal(folder.path('journal'), 'window-2');
    let open = (): void => undefined;
    const both = new Promise<void>((resolve) => (open = resolve));
    let asking = 0;
    const confirm = async (): Promise<boolean> => {
      asking += 1;
      if (asking === 2) open();
      await both;
      return true;
    };
    const results = await Promise.all(
      [journal, other].map((own) => run(nextPlan(), { journal: own, confirm, isAlive: () => true })),
    );
    assert.ok(exchange.arrived.length <= 1, `${exchange.arrived.length} were sent`);
    assert.equal(results.filter(({ kind }) => kind === 'done').length, exchange.arrived.length);
    const records = history(journal, { isAlive: () => true });
    assert.ok(records.every(({ state }) => state === 'settled' || state === 'rejected'));
  });

  it('refuses a plan that another window has executed', async () => {
    const plan = nextPlan();
    const other = await openJournal(folder.path('journal'), 'window-2');
    await done(plan);
    const result = await run(plan, { journal: other });
    assert.ok(result.kind === 'refused' && result.refusal.code === 'planUsed');
    assert.equal(exchange.arrived.length, 1);
  });

  it('warns of an identical one that is under way in another window', async () => {
    const other = await openJournal(folder.path('journal'), 'window-2');
    const second = nextPlan();
    exchange.answers = [
      async () => {
        await run(second, {
          journal: other,
          isAlive: () => true,
          confirm: (asking) => (asked.push(asking), Promise.resolve(false)),
        });
        return ok({ orderId: 'first' });
      },
    ];
    await done(nextPlan());
    assert.deepEqual(
      asked.map(({ warnings }) => warnings.map(({ code }) => code)),
      [[], ['identicalUnderway']],
    );
  });
});

describe('gate: identical transfers under two profiles of one user', () => {
  fresh();
  it('names the other profile in its warning', async () => {
    exchange.answers = [gone];
    await done(nextPlan());
    asked = [];
    const wanted = intent({ profileId: 'p2' });
    const plan = madePlan({ newId, profile: { ...planFacts().profile, id: 'p2', name: 'Second' } }, wanted);
    await run(plan, { sameUser: () => ['p2', 'p1'] });
    assert.deepEqual(
      asked[0]!.warnings.map(({ code }) => code),
      ['identicalUnknownElsewhere'],
    );
    assert.match(english(asked[0]!.warnings[0]!.sentence), /under the profile "Main" of the same/);
  });
});

describe('gate: a window that was taken for dead', () => {
  fresh();
  it('replaces the unknown of the other window by what the exchange answered', async () => {
    for (const [answer, state] of [
      [ok({ orderId: 'late' }), 'settled'],
      [reply(200, { code: '230003', msg: 'x' }), 'notExecuted'],
      [gone(), 'leftToUser'],
    ] as const) {
      const plan = nextPlan();
      exchange.answers = [
        async () => {
          const other = await openJournal(folder.path('journal'), `window-${plan.id}`);
          const settled = await markHappened({ journal: other, id: plan.id, note: 'I think so' }, nobodyElse);
          assert.ok('record' in settled);
          return answer;
        },
      ];
      assert.equal((await done(plan)).state, state);
    }
  });
});
