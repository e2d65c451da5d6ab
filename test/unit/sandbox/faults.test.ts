import assert from 'node:assert/strict';
import { startSandbox, SandboxError, type FaultSpec, type Sandbox } from '../../../src/sandbox/main';
import { ask, at, call, total, transfer, type Reply } from './caller';

const now = 1_700_000_000_000;

describe('sandbox faults', () => {
  let sandbox: Sandbox;
  let waits: number[];

  beforeEach(async () => {
    waits = [];
    sandbox = await startSandbox({
      clock: () => now,
      wait: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
    });
  });
  afterEach(() => sandbox.stop());

  const moved = (): boolean => total(sandbox, 'trade') === '133' && total(sandbox, 'main') === '2468.25';
  const untouched = (): boolean =>
    total(sandbox, 'trade') === '120.5' && total(sandbox, 'main') === '2480.75';

  function onTransfer(fault: FaultSpec): void {
    sandbox.addFault({ match: { endpoint: 'innerTransfer' }, ...fault });
  }

  function form({ http, json, headers }: Reply): unknown[] {
    return [http, json?.code, headers['gw-ratelimit-remaining']];
  }

  it('waits before the execution', async () => {
    onTransfer({ kind: 'delay', ms: 3000 });
    assert.equal((await transfer(sandbox)).json?.code, '200000');
    assert.deepEqual(waits, [3000]);
  });

  it('waits after the execution: the money has moved before the answer comes', async () => {
    await sandbox.stop();
    let atWait = false;
    sandbox = await startSandbox({
      clock: () => now,
      wait: () => {
        atWait = moved();
        return Promise.resolve();
      },
    });
    onTransfer({ kind: 'delay', ms: 3000, when: 'after' });
    await transfer(sandbox);
    assert.ok(atWait);
  });

  it('takes latency for every answer from its switch', async () => {
    sandbox.setSwitches({ latencyMs: 40 });
    await ask(sandbox, '/api/v1/timestamp');
    assert.deepEqual(waits, [40]);
  });

  it('resets the connection before the execution', async () => {
    onTransfer({ kind: 'reset', when: 'before' });
    await assert.rejects(transfer(sandbox), { code: 'ECONNRESET' });
    assert.ok(untouched());
    assert.equal(sandbox.requests().recent.at(-1)?.executed, 0);
  });

  it('resets the connection after the execution', async () => {
    onTransfer({ kind: 'reset', when: 'after' });
    await assert.rejects(transfer(sandbox), { code: 'ECONNRESET' });
    assert.ok(moved());
    assert.equal(sandbox.requests().recent.at(-1)?.executed, 1);
  });

  for (const when of ['before', 'after'] as const) {
    it(`never answers when it hangs ${when} the execution, and stops all the same`, async () => {
      onTransfer({ kind: 'hang', when });
      const call = transfer(sandbox);
      while (sandbox.requests().recent.at(-1)?.done !== true) await ask(sandbox, '/api/v1/status');
      assert.equal(when === 'after' ? moved() : untouched(), true);
      const ended = assert.rejects(call);
      await sandbox.stop();
      await ended;
    });
  }

  it('answers 429 with headers', async () => {
    onTransfer({ kind: 'rateLimit' });
    const reply = await transfer(sandbox);
    assert.deepEqual(form(reply), [429, '429000', '0']);
    assert.equal(reply.headers['gw-ratelimit-reset'], '8412');
    assert.ok(untouched());
  });

  it('answers 429 without headers, as an overloaded server does', async () => {
    onTransfer({ kind: 'rateLimit', headers: false });
    assert.deepEqual(form(await transfer(sandbox)), [429, '429000', undefined]);
    assert.ok(untouched());
  });

  it('answers 200 with 429000 inside', async () => {
    onTransfer({ kind: 'rateLimit', headers: false, http: 200 });
    assert.deepEqual(form(await transfer(sandbox)), [200, '429000', undefined]);
    assert.ok(untouched());
  });

  it('answers 5xx before the execution', async () => {
    onTransfer({ kind: 'serverError' });
    assert.deepEqual(form(await transfer(sandbox)), [500, '500000', undefined]);
    assert.ok(untouched());
  });

  it('answers 5xx after the execution', async () => {
    onTransfer({ kind: 'serverError', http: 504, code: '504000', msg: 'gateway timeout', when: 'after' });
    assert.deepEqual(form(await transfer(sandbox)), [504, '504000', undefined]);
    assert.ok(moved());
  });

  for (const when of ['before', 'after'] as const) {
    it(`answers with a page of the CDN ${when} the execution`, async () => {
      onTransfer({ kind: 'html', when });
      const reply = await transfer(sandbox);
      assert.equal(reply.http, 429);
      assert.match(reply.headers['content-type'] ?? '', /text\/html/);
      assert.match(reply.text, /Error 1015/);
      assert.ok(when === 'after' ? moved() : untouched());
    });
  }

  it('breaks the JSON of an answer off', async () => {
    onTransfer({ kind: 'truncate' });
    const reply = await transfer(sandbox);
    assert.equal(reply.http, 200);
    assert.ok(reply.text.startsWith('{"code":"200000"'));
    assert.equal(reply.json, undefined);
    assert.ok(moved());
  });

  it('cuts the connection within an answer', async () => {
    onTransfer({ kind: 'truncate', how: 'connection' });
    await assert.rejects(transfer(sandbox), { code: 'ECONNRESET' });
    assert.ok(moved());
  });

  it('leaves a member out of an answer, deep inside too', async () => {
    onTransfer({ kind: 'dropField', field: 'data.orderId' });
    assert.deepEqual((await transfer(sandbox)).json, { code: '200000', data: {} });
    assert.ok(moved());
    sandbox.addFault({ kind: 'dropField', field: 'data.0.balance', match: { endpoint: 'getAccountList' } });
    const { json } = await call(sandbox, 'GET', '/api/v1/accounts');
    assert.equal(at(json?.data, 0, 'balance'), undefined);
    assert.equal(typeof at(json?.data, 1, 'balance'), 'string');
  });

  it('delivers a request twice: refused the second time by its clientOid', async () => {
    onTransfer({ kind: 'duplicate' });
    assert.equal((await transfer(sandbox)).json?.code, '200000');
    assert.ok(moved());
    onTransfer({ kind: 'duplicate', answer: 'second' });
    assert.equal((await transfer(sandbox)).json?.code, '400100');
  });

  it('delivers a request twice: executed twice when the switch allows it', async () => {
    sandbox.setSwitches({ duplicateClientOid: 'executeAgain' });
    onTransfer({ kind: 'duplicate' });
    await transfer(sandbox);
    assert.equal(total(sandbox, 'trade'), '145.5');
    assert.equal(sandbox.requests().recent.at(-1)?.executed, 2);
  });

  it('has another time for one call', async () => {
    onTransfer({ kind: 'skew', ms: 5000 });
    assert.equal((await transfer(sandbox)).json?.code, '400002');
    assert.equal((await transfer(sandbox)).json?.code, '200000');
    sandbox.addFault({ kind: 'skew', ms: -7000, match: { endpoint: 'getServerTime' } });
    assert.equal((await ask(sandbox, '/api/v1/timestamp')).json?.data, now - 7000);
  });

  it('says success with a message and no data, and has done nothing', async () => {
    onTransfer({ kind: 'successTrap' });
    assert.deepEqual((await transfer(sandbox)).json, {
      code: '200000',
      msg: 'Unsuccessful! Exceeded the max. funds out-transfer limit',
    });
    assert.ok(untouched());
  });

  it('sends any answer', async () => {
    onTransfer({
      kind: 'envelope',
      http: 202,
      body: { code: '200', success: true },
      headers: { 'x-note': 'a' },
    });
    const reply = await transfer(sandbox);
    assert.deepEqual(
      [reply.http, reply.json, reply.headers['x-note']],
      [202, { code: '200', success: true }, 'a'],
    );
    assert.ok(moved());
    sandbox.addFault({ kind: 'envelope', body: 'plain text', when: 'before' });
    assert.equal((await transfer(sandbox)).text, 'plain text');
    assert.ok(moved());
  });

  it('meets the calls that match, as many as it is told, after those it lets pass', async () => {
    sandbox.addFault({
      kind: 'serverError',
      match: { method: 'GET', path: '/api/v1/status' },
      skip: 1,
      times: 2,
    });
    const seen: number[] = [];
    for (let n = 0; n < 4; n++) {
      await ask(sandbox, '/api/v1/timestamp');
      seen.push((await ask(sandbox, '/api/v1/status')).http);
    }
    assert.deepEqual(seen, [200, 500, 500, 200]);
    assert.deepEqual(
      sandbox.faults().map(({ hits, left }) => [hits, left]),
      [[2, 0]],
    );
  });

  it('meets calls by host and key, for ever, until it is cleared', async () => {
    const id = sandbox.addFault({ kind: 'serverError', match: { host: 'futures' }, times: 0 });
    sandbox.addFault({ kind: 'serverError', match: { key: 'someone' }, times: 0 });
    assert.equal((await ask(sandbox, '/api/v1/status')).http, 200);
    for (let n = 0; n < 3; n++) assert.equal((await ask(sandbox, '/api/v1/status', true)).http, 500);
    sandbox.clearFaults(id);
    assert.equal((await ask(sandbox, '/api/v1/status', true)).http, 200);
    assert.equal(sandbox.faults().length, 1);
    sandbox.clearFaults();
    assert.deepEqual(sandbox.faults(), []);
  });

  it('adds up when several meet one call', async () => {
    onTransfer({ kind: 'delay', ms: 100 });
    onTransfer({ kind: 'delay', ms: 20 });
    onTransfer({ kind: 'reset', when: 'after' });
    await assert.rejects(transfer(sandbox));
    assert.deepEqual(waits, [120]);
    assert.ok(moved());
    assert.deepEqual(sandbox.requests().recent.at(-1)?.faults, ['delay', 'delay', 'reset']);
  });

  it('refuses what is no fault, with a sentence', () => {
    const wrong = [
      { kind: 'nope' },
      { kind: 'reset' },
      { kind: 'delay', ms: -1 },
      { kind: 'delay', ms: 1, so: 1 },
      3,
    ];
    for (const fault of wrong) {
      assert.throws(
        () => sandbox.addFault(fault as FaultSpec),
        (error) => SandboxError.is(error, 'BAD_OPTION') && error.message.startsWith('Not a fault: '),
      );
    }
  });

  it('drops what still waits when the sandbox stops', async () => {
    await sandbox.stop();
    sandbox = await startSandbox({ clock: () => now });
    onTransfer({ kind: 'delay', ms: 600_000 });
    const call = assert.rejects(transfer(sandbox));
    while (sandbox.requests().counts['innerTransfer'] !== 1) await ask(sandbox, '/api/v1/status');
    await sandbox.stop();
    await call;
    assert.ok(untouched());
    assert.deepEqual(sandbox.notices, []);
  });
});
