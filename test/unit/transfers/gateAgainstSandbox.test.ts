import assert from 'node:assert/strict';
import { accountTypeIds, accountTypes, type AccountTypeId } from '../../../src/kucoin/accountTypes';
import { KucoinClient } from '../../../src/kucoin/client';
import { decimal } from '../../../src/kucoin/decimal';
import type { World } from '../../../src/kucoin/vocabulary';
import { send } from '../../../src/kucoin/transport';
import { startSandbox, type FaultSpec, type Sandbox, type SandboxOptions } from '../../../src/sandbox/main';
import { execute } from '../../../src/transfers/gate';
import { history, type TransferRecord } from '../../../src/transfers/history';
import { ofSub, own, type AccountRef, type Intent } from '../../../src/transfers/intent';
import type { TransferJournal } from '../../../src/transfers/journal';
import type { PlanFacts } from '../../../src/transfers/plan';
import { route } from '../../../src/transfers/route';
import { HurriedTime } from '../support/fakeTime';
import { idSource, intent, madePlan, openJournal, planFacts, startOfTime, TempFolder } from './support';

/** The gate with the real client over real sockets; what moved is read from the exchange's own ledger. */

const folder = new TempFolder();
const newId = idSource();
let sandbox: Sandbox;
let time: HurriedTime;
let client: KucoinClient;
let journal: TransferJournal;

async function start(world: World, switches: SandboxOptions['switches'] = {}): Promise<void> {
  time = new HurriedTime(startOfTime);
  sandbox = await startSandbox({ world, clock: () => time.now(), wait: () => Promise.resolve(), switches });
  const { key, secret, passphrase, keyVersion } = sandbox.credentials;
  client = new KucoinClient({
    site: { hosts: { spot: sandbox.spot, futures: sandbox.futures } },
    credentials: () => Promise.resolve({ key, secret, passphrase, version: keyVersion }),
    transport: send,
    time,
    timeoutMs: 400,
  });
  await folder.make();
  journal = await openJournal(folder.path('journal'));
}

async function transfer(
  wanted: Intent = intent(),
  world: World = 'today',
  more: Partial<PlanFacts> = {},
): Promise<TransferRecord> {
  const facts = { newId, transferable: undefined, hasTradeHf: world === 'seed', ...more };
  const plan = madePlan({ ...facts, profile: { ...planFacts().profile, world } }, wanted);
  const result = await execute({
    plan,
    client,
    journal,
    confirm: () => Promise.resolve(true),
    now: () => startOfTime,
    profileNow: () => ({ generation: 1, readOnly: false }),
    isAlive: () => false,
  });
  assert.equal(result.kind, 'done');
  return result.record;
}

function held({ type, tag }: AccountRef, currency = 'USDT'): string {
  return sandbox.row({ type, ...(tag === undefined ? {} : { tag }), currency })?.available ?? '0';
}

/** How often the exchange itself has carried out an inner transfer. */
function executions(): number {
  return sandbox
    .requests()
    .recent.reduce((sum, { executed, endpoint }) => sum + (endpoint === 'innerTransfer' ? executed : 0), 0);
}

/** Hooks of one group of tests; at the root they would run for the tests of other files too. */
function fresh(): void {
  afterEach(async () => {
    client.retire();
    await sandbox.stop();
    await folder.remove();
  });
}

describe('the gate against the sandbox: faults', () => {
  fresh();
  beforeEach(() => start('today'));

  const cases: [string, FaultSpec | undefined, string, number][] = [
    ['no fault', undefined, 'settled', 1],
    ['a reset before the execution', { kind: 'reset', when: 'before' }, 'unknown', 0],
    ['a reset after the execution', { kind: 'reset', when: 'after' }, 'unknown', 1],
    ['HTTP 500 before the execution', { kind: 'serverError', when: 'before' }, 'unknown', 0],
    [
      'HTTP 503 after the execution',
      { kind: 'serverError', http: 503, code: '503000', when: 'after' },
      'unknown',
      1,
    ],
    [
      'a gateway page after the execution',
      { kind: 'envelope', http: 502, body: '<html>Bad Gateway</html>' },
      'unknown',
      1,
    ],
    ['a truncated JSON', { kind: 'truncate', how: 'json' }, 'unknown', 1],
    ['a connection cut within the answer', { kind: 'truncate', how: 'connection' }, 'unknown', 1],
    ['an answer without the order id', { kind: 'dropField', field: 'data.orderId' }, 'settled', 1],
    ['no answer, not executed', { kind: 'hang', when: 'before' }, 'unknown', 0],
    ['no answer, executed', { kind: 'hang', when: 'after' }, 'unknown', 1],
    ['429 with headers', { kind: 'rateLimit' }, 'settled', 1],
    ['429 without headers', { kind: 'rateLimit', headers: false }, 'settled', 1],
    ['429 inside HTTP 200', { kind: 'rateLimit', http: 200 }, 'settled', 1],
    ['a request that the network repeats, the first answer', { kind: 'duplicate' }, 'settled', 1],
    [
      'a request that the network repeats, the second answer',
      { kind: 'duplicate', answer: 'second' },
      'unknown',
      1,
    ],
    ['a clock that is off once', { kind: 'skew', ms: 3_600_000 }, 'settled', 1],
    ['a clock that is off twice', { kind: 'skew', ms: 3_600_000, times: 2 }, 'rejected', 0],
    ['a success that is none', { kind: 'successTrap' }, 'rejected', 0],
    ['a page of the CDN', { kind: 'html', http: 429, times: 0 }, 'rejected', 0],
  ];
  for (const [name, fault, state, executed] of cases) {
    it(`${name}: ${state}, executed ${executed} times`, async () => {
      const before = [held(own('main')), held(own('trade'))];
      if (fault) sandbox.addFault({ match: { endpoint: 'innerTransfer' }, ...fault });
      const record = await transfer();
      assert.equal(record.state, state);
      assert.equal(executions(), executed);
      const after = [held(own('main')), held(own('trade'))];
      if (executed === 0) assert.deepEqual(after, before);
      else assert.notDeepEqual(after, before);
      // What is said of the money is true, or honestly open.
      if (record.moved !== 'unknown') assert.equal(record.moved === 'moved', executed === 1);
      const reopened = await openJournal(folder.path('journal'), 'window-2');
      assert.deepEqual(history(reopened, { isAlive: () => false }), [record]);
    });
  }

  it('a balance that is too small is refused by the exchange and nothing moves', async () => {
    const record = await transfer(intent({ amount: decimal('1000000000') }));
    assert.equal(record.state, 'rejected');
    assert.equal(record.legs[0]!.error?.kind, 'insufficientBalance');
  });

  it('moves exactly what was planned', async () => {
    const before = Number(held(own('trade')));
    await transfer();
    assert.equal(Number(held(own('trade'))), before + 12.5);
  });
});

const subUserId = '65aa0000000000000000b001';

/** How often the exchange has carried out a request that moves money. */
function moves(): number {
  return sandbox
    .requests()
    .recent.reduce((sum, { executed, method }) => sum + (method === 'POST' ? executed : 0), 0);
}

for (const world of ['seed', 'today'] as const) {
  for (const [keyName, granted] of [
    ['every permission', ['General', 'Spot', 'Futures', 'InnerTransfer']],
    ['Spot and Futures', ['General', 'Spot', 'Futures']],
  ] as const) {
    describe(`the gate against the sandbox: every pair that the route allows, ${world}, ${keyName}`, () => {
      fresh();
      const account = (type: AccountTypeId, tag: string, sub: boolean): AccountRef => {
        const pair = 'tagged' in accountTypes[type] ? tag : undefined;
        return sub ? ofSub(subUserId, type, pair) : own(type, pair);
      };
      const more = { permissions: new Set<string>(granted), hasTradeHf: true, isMaster: true };

      for (const [relation, fromSub, toSub] of [
        ['own accounts', false, false],
        ['master to sub', false, true],
        ['sub to master', true, false],
      ] as const) {
        for (const from of accountTypeIds) {
          it(`${relation}: ${from}`, async () => {
            await start(world, { hfOpened: true });
            const source = account(from, 'BTC-USDT', fromSub);
            for (const to of accountTypeIds) {
              const target = account(to, from === to ? 'ETH-USDT' : 'BTC-USDT', toSub);
              // The sub-account of the demo has not opened margin.
              if (toSub && (to === 'margin' || to === 'isolated')) continue;
              const found = route(source, target, { world, ...more });
              if ('refused' in found || !found.legs.every(({ documented }) => documented)) continue;
              sandbox.clearRequests();
              sandbox.clearQuotas();
              sandbox.credit({
                ...(fromSub && { uid: 700100201 }),
                type: from,
                currency: 'USDT',
                amount: '50',
                ...(source.tag ? { tag: source.tag } : {}),
              });
              const record = await transfer(intent({ from: source, to: target }), world, more);
              const where = `${from} -> ${to}: ${record.legs.map(({ endpoint }) => endpoint).join()}`;
              // Nobody waits here for a transfer-out, so what would come after it is not begun.
              const errors = record.legs.flatMap(({ error }) =>
                error && error.kind !== 'notBegun' ? [error] : [],
              );
              const isOut = record.legs[0]?.endpoint === 'futuresTransferOut';
              assert.deepEqual([record.state, ...errors], [isOut ? 'accepted' : 'settled'], where);
              assert.equal(moves(), isOut ? 1 : found.legs.length, where);
            }
          });
        }
      }
    });
  }
}
