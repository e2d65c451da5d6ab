import assert from 'node:assert/strict';
import { startSandbox, SandboxError, type Credentials, type Sandbox } from '../../../src/sandbox/main';
import { switchNames } from '../../../src/sandbox/switches';
import { ask, at, backstage, call, send, total, transfer } from './caller';

describe('sandbox control address', () => {
  let sandbox: Sandbox;
  const now = 1_700_000_000_000;

  beforeEach(async () => {
    sandbox = await startSandbox({ world: 'today', clock: () => now });
  });
  afterEach(() => sandbox.stop());

  const control = (
    method: string,
    operation: string,
    body?: unknown,
  ): Promise<{ http: number; json: unknown }> => backstage(sandbox, method, operation, body);

  it('explains itself', async () => {
    const { json } = await control('GET', '');
    assert.ok(JSON.stringify(at(json, 'operations')).includes('POST faults'));
    assert.deepEqual(
      (at(json, 'switches') as { name: string }[]).map(({ name }) => name),
      switchNames,
    );
  });

  it('is found with its token only', async () => {
    const guess = await send({
      base: sandbox.spot,
      method: 'GET',
      target: '/__control/0123456789abcdef/state',
    });
    assert.equal(guess.http, 404);
    assert.equal((await control('GET', 'nothing')).http, 404);
    assert.equal((await control('PUT', 'state')).http, 404);
  });

  it('shows the state without secrets', async () => {
    const { json } = await control('GET', 'state');
    assert.equal(at(json, 'world'), 'today');
    assert.equal(at(json, 'now'), now);
    assert.equal(at(json, 'keys', 'length'), 8);
    assert.doesNotMatch(JSON.stringify(json), /passphrase|secret|0000-demo/);
  });

  it('shows the ledger, which sums to zero with the outside', async () => {
    await transfer(sandbox);
    const { json } = await control('GET', 'ledger');
    assert.deepEqual(json, JSON.parse(JSON.stringify(sandbox.ledger())));
    const totals = at(json, 'totals') as Record<string, { users: string; outside: string }>;
    for (const { users, outside } of Object.values(totals)) {
      assert.ok(outside === `-${users}` || (users === '0' && outside === '0'));
    }
  });

  it('counts requests by endpoint, its own left out, and forgets them', async () => {
    await ask(sandbox, '/api/v1/timestamp');
    await transfer(sandbox, { amount: '1' });
    await ask(sandbox, '/api/v9/new?x=1');
    const { json } = await control('GET', 'requests');
    assert.equal(at(json, 'total'), 3);
    assert.deepEqual(at(json, 'counts'), { getServerTime: 1, innerTransfer: 1, 'GET /api/v9/new': 1 });
    const { body, ...rest } = at(json, 'recent', 1) as { body: string };
    assert.match(body, /"amount":"1"/);
    assert.deepEqual(rest, {
      number: 2,
      time: now,
      host: 'spot',
      method: 'POST',
      target: '/api/v2/accounts/inner-transfer',
      endpoint: 'innerTransfer',
      key: sandbox.credentials.key,
      faults: [],
      uid: 700100200,
      executed: 1,
      http: 200,
      done: true,
    });
    assert.deepEqual((await control('DELETE', 'requests')).json, { ok: true });
    assert.equal(sandbox.requests().total, 0);
  });

  it('scripts faults, one or many, and removes them', async () => {
    const one = await control('POST', 'faults', { kind: 'reset', when: 'before' });
    const two = await control('POST', 'faults', [
      { kind: 'delay', ms: 1 },
      { kind: 'truncate', times: 3 },
    ]);
    assert.deepEqual([at(one.json, 'ids'), at(two.json, 'ids')], [['fault-1'], ['fault-2', 'fault-3']]);
    await control('DELETE', 'faults/fault-2');
    const { json } = await control('GET', 'faults');
    assert.deepEqual(
      (json as { id: string; left: number }[]).map(({ id, left }) => [id, left]),
      [
        ['fault-1', 1],
        ['fault-3', 3],
      ],
    );
    await control('DELETE', 'faults');
    assert.deepEqual(sandbox.faults(), []);
  });

  it('sets switches, and none of them when one is wrong', async () => {
    const { json } = await control('POST', 'switches', { duplicateClientOid: 'executeAgain', vipLevel: 3 });
    assert.deepEqual(
      ['duplicateClientOid', 'vipLevel', 'oldKeys'].map((name) => at(json, name)),
      ['executeAgain', 3, 'work'],
    );
    for (const patch of [{ vipLevel: 4, oldKeys: 'maybe' }, { vipLevel: 4, nope: 1 }, [], 'x']) {
      const refused = await control('POST', 'switches', patch);
      assert.equal(refused.http, 400);
      assert.match(String(at(refused.json, 'error')), /switch/i);
    }
    assert.equal(at(await control('GET', 'switches'), 'json', 'vipLevel'), 3);
  });

  it('moves the clock and stops it', async () => {
    const time = async (): Promise<number> => (await ask(sandbox, '/api/v1/timestamp')).json?.data as number;
    assert.deepEqual((await control('POST', 'clock', { skewMs: 7000 })).json, { now: now + 7000 });
    assert.equal(await time(), now + 7000);
    await control('POST', 'clock', { advanceMs: 1000, frozen: true });
    assert.equal(await time(), now + 8000);
    await control('POST', 'clock', { now: 42 });
    assert.equal(await time(), 42);
    assert.equal((await control('POST', 'clock', { now: 'x' })).http, 400);
  });

  it('credits and withdraws with a counter entry outside', async () => {
    const { json } = await control('POST', 'credit', { currency: 'USDT', amount: '0.25' });
    assert.equal(at(json, 'total'), '2481');
    await control('POST', 'credit', { uid: 700100201, type: 'trade', currency: 'DOT', amount: '1' });
    assert.equal(total(sandbox, 'trade', 'DOT', '', 700100201), '1');
    await control('POST', 'credit', { currency: 'USDT', amount: '-2481' });
    assert.equal(total(sandbox, 'main'), '0');
    const journal = sandbox.ledger().journal.slice(-2);
    assert.deepEqual(
      journal.map(({ type, direction, bizType, amount }) => [type, direction, bizType, amount]),
      [
        ['main', 'out', 'WITHDRAW', '2481'],
        ['outside', 'in', 'WITHDRAW', '2481'],
      ],
    );
  });

  it('marks what is held, locked and owed', async () => {
    const { json } = await control('POST', 'mark', {
      currency: 'ETH',
      held: '1',
      locked: '0.5',
      debt: '0.1',
    });
    assert.deepEqual([at(json, 'available'), at(json, 'transferable')], ['1.5', '0.8']);
  });

  it('refuses what makes no sense, with a sentence and no effect', async () => {
    const before = JSON.stringify(sandbox.ledger());
    const wrong: [string, unknown][] = [
      ['credit', { currency: 'USDT', amount: '0' }],
      ['credit', { currency: 'USDT', amount: 'much' }],
      ['credit', { currency: 'NOPE', amount: '1' }],
      ['credit', { currency: 'USDT', amount: '-1000000' }],
      ['credit', { uid: 1, currency: 'USDT', amount: '1' }],
      ['credit', { type: 'isolated', currency: 'USDT', amount: '1' }],
      ['credit', { tag: 'ETH-USDT', currency: 'USDT', amount: '1' }],
      ['mark', { currency: 'USDT', held: '1000000' }],
      ['mark', { currency: 'USDT', locked: '-1' }],
      ['keys', { uid: 1 }],
      ['keys', { permissions: ['Everything'] }],
      ['reset', { world: 'mars' }],
    ];
    for (const [operation, body] of wrong) {
      const { http, json } = await control('POST', operation, body);
      assert.equal(http, 400, JSON.stringify(body));
      assert.match(String(at(json, 'error')), /\w+ \w+/);
    }
    assert.equal(JSON.stringify(sandbox.ledger()), before);
  });

  it('makes keys and deletes them', async () => {
    const { json } = await control('POST', 'keys', { permissions: ['General'], version: 2 });
    const credentials = json as Credentials;
    assert.match(credentials.key, /^[0-9a-f]{24}$/);
    assert.equal(credentials.secret.length, 36);
    assert.equal((await call(sandbox, 'GET', '/api/v1/accounts', { credentials })).json?.code, '200000');
    await control('DELETE', `keys/${credentials.key}`);
    assert.equal((await call(sandbox, 'GET', '/api/v1/accounts', { credentials })).json?.code, '400003');
  });

  it('ends quota windows', async () => {
    await ask(sandbox, '/api/v1/timestamp');
    await control('DELETE', 'quotas');
    const { headers } = await ask(sandbox, '/api/v1/timestamp');
    assert.equal(headers['gw-ratelimit-remaining'], '1997');
  });

  it('starts anew, in the other world when asked', async () => {
    await transfer(sandbox);
    sandbox.setSwitches({ vipLevel: 9 });
    sandbox.setClock({ skewMs: 99_000 });
    sandbox.addFault({ kind: 'reset', when: 'before' });
    const { json } = await control('POST', 'reset');
    assert.deepEqual(json, { ok: true });
    assert.equal(total(sandbox, 'main'), '2480.75');
    assert.deepEqual(
      [sandbox.world, sandbox.switches().vipLevel, sandbox.faults().length, sandbox.requests().total],
      ['today', 0, 0, 0],
    );
    assert.equal(sandbox.state().now, now);
    await control('POST', 'reset', { world: 'seed' });
    assert.equal(sandbox.world, 'seed');
    assert.equal((await call(sandbox, 'GET', '/api/v1/hf/accounts/opened')).json?.code, '404000');
  });

  it('refuses switches that make no sense at the start', async () => {
    await assert.rejects(
      startSandbox({ latencyMs: -1 }),
      (error) => SandboxError.is(error, 'BAD_OPTION') && error.message.includes('latencyMs'),
    );
  });
});
