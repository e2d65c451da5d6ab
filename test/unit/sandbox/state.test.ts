import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, SandboxError, type Sandbox, type SandboxOptions } from '../../../src/sandbox/main';
import { at, call, total, transfer } from './caller';

describe('sandbox state', () => {
  let folder: string;
  let stateFile: string;
  const running: Sandbox[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sandbox-state-'));
    stateFile = path.join(folder, 'deep', 'state.json');
  });
  afterEach(async () => {
    for (const sandbox of running.splice(0)) await sandbox.stop();
    await rm(folder, { recursive: true });
  });

  async function start(options: SandboxOptions = {}): Promise<Sandbox> {
    const sandbox = await startSandbox({ stateFile, clock: () => 1_700_000_000_000, ...options });
    running.push(sandbox);
    return sandbox;
  }

  const files = (): Promise<string[]> => readdir(path.dirname(stateFile));

  it('keeps balances, journal, ids, keys and used clientOids over a restart', async () => {
    const first = await start({ world: 'seed' });
    const credentials = first.addKey({ permissions: ['General', 'Spot'], expiresAt: 1_800_000_000_000 });
    await transfer(first, { clientOid: 'kept', to: 'trade_hf' });
    first.credit({ currency: 'PEPE', amount: '0.000000000000000001' });
    const before = first.ledger();
    await first.stop();

    const second = await start({ world: 'seed' });
    assert.deepEqual(second.ledger(), before);
    assert.equal((await transfer(second, { clientOid: 'kept' })).json?.msg, 'clientOid duplicated');
    assert.equal((await call(second, 'GET', '/api/v1/accounts', { credentials })).json?.code, '200000');
    assert.ok(second.state().users[0]?.openedHf.includes('trade_hf'));
    const ids = [before, second.ledger()].map(({ journal }) => journal.map((entry) => entry.id));
    await transfer(second, { amount: '1' });
    const last = second.ledger().journal.at(-1);
    assert.ok(!ids.flat().includes(last?.id ?? ''));
  });

  it('keeps rows of the ledger back over a restart', async () => {
    const rows = async (sandbox: Sandbox): Promise<unknown> =>
      at(
        (await call(sandbox, 'GET', '/api/v1/accounts/ledgers?startAt=1700000000000')).json?.data,
        'items',
        'length',
      );
    const first = await start();
    await transfer(first);
    await first.stop();
    const second = await start();
    assert.equal(await rows(second), 0);
    second.setClock({ advanceMs: 2000 });
    assert.equal(await rows(second), 2);
  });

  it('takes a file of the time before transfers out of futures', async () => {
    const first = await start();
    await transfer(first);
    await first.stop();
    const written = JSON.parse(await readFile(stateFile, 'utf8')) as {
      snapshot: { withdrawals?: unknown; ledger: { delayed?: unknown } };
    };
    delete written.snapshot.withdrawals;
    delete written.snapshot.ledger.delayed;
    await writeFile(stateFile, JSON.stringify(written));
    const second = await start();
    assert.deepEqual(second.notices, []);
    assert.equal(total(second, 'trade'), '133');
  });

  it('writes on request, whole, and leaves no temporary file', async () => {
    const sandbox = await start();
    await transfer(sandbox);
    await sandbox.save();
    assert.deepEqual(await files(), ['state.json']);
    const written: unknown = JSON.parse(await readFile(stateFile, 'utf8'));
    const facts = [at(written, 'format'), at(written, 'version'), at(written, 'snapshot', 'world')];
    assert.deepEqual(facts, ['kucoin-accounts-sandbox', 1, 'today']);
  });

  it('writes nothing for reads', async () => {
    const sandbox = await start();
    await call(sandbox, 'GET', '/api/v1/accounts');
    await sandbox.stop();
    await assert.rejects(files(), { code: 'ENOENT' });
  });

  it('starts anew after a reset', async () => {
    const first = await start();
    await transfer(first);
    await first.reset();
    await first.stop();
    assert.equal(total(await start(), 'main'), '2480.75');
  });

  for (const [name, spoil] of Object.entries({
    'that is no JSON': (text: string) => text.slice(0, text.length / 2),
    'that is empty': () => '',
    'that holds something else': () => '{"format":"other"}',
    'in which a row is missing a member': (text: string) => text.replace('"held"', '"hold"'),
    'whose currencies do not sum to zero': (text: string) =>
      text.replace('"total":"2480.75"', '"total":"9999999"'),
  })) {
    it(`sets a file aside ${name}, tells so, and starts anew`, async () => {
      const first = await start();
      await first.save();
      await first.stop();
      const damaged = spoil(await readFile(stateFile, 'utf8'));
      await writeFile(stateFile, damaged);

      const told: string[] = [];
      const second = await start({ onNotice: (text) => told.push(text) });
      assert.equal(total(second, 'main'), '2480.75');
      const [aside = '', ...others] = await files();
      assert.deepEqual(others, []);
      assert.equal(aside, 'state.json.damaged-2023-11-14T22-13-20-000Z');
      assert.equal(await readFile(path.join(path.dirname(stateFile), aside), 'utf8'), damaged);
      assert.equal(told.length, 1);
      assert.ok(told[0]?.endsWith(aside));
      assert.deepEqual(second.notices, told);
    });
  }

  it('does not touch a file of the other world', async () => {
    const first = await start({ world: 'seed' });
    await first.save();
    await first.stop();
    const before = await readFile(stateFile, 'utf8');
    await assert.rejects(start({ world: 'today' }), (error) => SandboxError.is(error, 'STATE_WORLD'));
    assert.equal(await readFile(stateFile, 'utf8'), before);
  });

  it('does not touch a file of a newer version', async () => {
    await mkdir(path.dirname(stateFile));
    const newer = '{"format":"kucoin-accounts-sandbox","version":2,"more":"things"}';
    await writeFile(stateFile, newer);
    await assert.rejects(start(), (error) => SandboxError.is(error, 'STATE_VERSION'));
    assert.equal(await readFile(stateFile, 'utf8'), newer);
  });

  it('says so when the file cannot be read', async () => {
    await mkdir(stateFile, { recursive: true });
    await assert.rejects(start(), (error) => SandboxError.is(error, 'STATE_FILE'));
  });

  it('goes on, with a notice, when the file cannot be written', async () => {
    const sandbox = await start();
    await mkdir(stateFile, { recursive: true });
    await transfer(sandbox);
    await sandbox.save();
    assert.match(sandbox.notices[0] ?? '', /^The sandbox could not write its state to /);
    assert.equal((await transfer(sandbox)).json?.code, '200000');
  });
});
