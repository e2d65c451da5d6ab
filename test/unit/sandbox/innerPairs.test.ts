import assert from 'node:assert/strict';
import type { AccountTypeId } from '../../../src/kucoin/accountTypes';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import { total, transfer } from './caller';
import { cells } from './matrix';

/**
 * The inner-transfer cells of kucoin-api 9.1 and 9.2, typed in once more: I = yes, ? = "I?", . = refused. `from` and
 * `to` name accounts as inner transfer spells them; the isolated ones stand for ETH-USDT, `other` for BTC-USDT.
 */
const seed = `
              main trade trade_hf margin isolated other margin_v2 isolated_v2 contract
  main         .    I     I        I      I        I     .         .           I
  trade        I    .     I        I      I        I     .         .           I
  trade_hf     I    I     .        I      I        I     .         .           I
  margin       I    I     I        .      I        I     I         .           I
  isolated     I    I     I        I      .        ?     .         I           I
  margin_v2    .    .     .        I      .        .     .         .           .
  isolated_v2  .    .     .        .      I        .     .         .           .
  contract     .    .     .        .      .        .     .         .           .
`;

const today = `
              main trade margin isolated other margin_v2 isolated_v2 contract option
  main         .    I     I      I        I     I         I           I        I
  trade        I    .     I      I        I     I         I           I        I
  margin       I    I     .      I        I     .         I           I        ?
  isolated     I    I     I      .        .     I         .           I        ?
  margin_v2    I    I     .      I        I     .         I           I        ?
  isolated_v2  I    I     I      .        .     I         .           I        ?
  option       I    I     ?      ?        ?     ?         ?           ?        .
  contract     .    .     .      .        .     .         .           .        .
`;

const oldHf = `
              main trade trade_hf margin isolated contract option
  main         .    I     I        I      I        I        I
  trade        I    .     I        I      I        I        I
  trade_hf     I    I     .        I      I        ?        .
  margin       I    I     I        .      I        I        ?
  isolated     I    I     I        I      .        I        ?
  option       I    I     .        ?      ?        ?        .
`;

function side(name: string, field: 'from' | 'to'): Record<string, string> {
  if (name === 'other') return { [field]: 'isolated', [`${field}Tag`]: 'BTC-USDT' };
  return { [field]: name, ...(name.startsWith('isolated') && { [`${field}Tag`]: 'ETH-USDT' }) };
}

async function check(sandbox: Sandbox, table: string, unconfirmedWork: boolean): Promise<void> {
  sandbox.setSwitches({ unconfirmedPairs: unconfirmedWork ? 'work' : 'refused' });
  const wrong: string[] = [];
  for (const { from, to, sign } of cells(table)) {
    sandbox.clearQuotas();
    const before = sandbox.ledger().journal.length;
    const { json } = await transfer(sandbox, { ...side(from, 'from'), ...side(to, 'to'), amount: '1' });
    const expected = sign === 'I' || (sign === '?' && unconfirmedWork) ? '200000' : '400100';
    const moved = sandbox.ledger().journal.length - before;
    if (json?.code !== expected || moved !== (expected === '200000' ? 2 : 0)) {
      wrong.push(`${from} -> ${to}: ${json?.code ?? ''} ${json?.msg ?? ''}, ${moved} entries`);
    }
  }
  assert.deepEqual(wrong, []);
}

/** Gives every account that can be a source enough to pay for each cell. */
function fill(sandbox: Sandbox, types: readonly AccountTypeId[]): void {
  for (const type of types) {
    const tag = type.startsWith('isolated') ? { tag: 'ETH-USDT' } : {};
    sandbox.credit({ type, ...tag, currency: 'USDT', amount: '1000' });
  }
}

describe('sandbox inner-transfer pairs', () => {
  for (const unconfirmedWork of [true, false]) {
    const words = unconfirmedWork ? 'with unconfirmed pairs' : 'without unconfirmed pairs';

    it(`allows the cells of seed, ${words}`, async () => {
      const sandbox = await startSandbox({ world: 'seed' });
      fill(sandbox, ['trade_hf', 'margin', 'isolated', 'margin_v2', 'isolated_v2']);
      await check(sandbox, seed, unconfirmedWork).finally(() => sandbox.stop());
    });

    it(`allows the cells of today, ${words}`, async () => {
      const sandbox = await startSandbox({ world: 'today' });
      fill(sandbox, ['margin', 'isolated', 'option']);
      await check(sandbox, today, unconfirmedWork).finally(() => sandbox.stop());
    });

    it(`allows the cells of today for an old HF user, ${words}`, async () => {
      const sandbox = await startSandbox({ world: 'today', switches: { hfOpened: true } });
      fill(sandbox, ['margin', 'isolated', 'option']);
      await check(sandbox, oldHf, unconfirmedWork).finally(() => sandbox.stop());
    });
  }

  const noteA = [
    { partner: 'isolated', withIsolated: '200000', withMargin: '400100' },
    { partner: 'margin', withIsolated: '400100', withMargin: '200000' },
    { partner: 'both', withIsolated: '200000', withMargin: '200000' },
  ] as const;
  for (const { partner, withIsolated, withMargin } of noteA) {
    it(`pairs isolated_v2 of seed with ${partner} (note a), for the same tag`, async () => {
      const sandbox = await startSandbox({ world: 'seed', switches: { isolatedV2Partner: partner } });
      const to = { to: 'isolated_v2', toTag: 'ETH-USDT', amount: '1' };
      const isolated = await transfer(sandbox, { from: 'isolated', fromTag: 'ETH-USDT', ...to });
      const other = await transfer(sandbox, { from: 'isolated', fromTag: 'BTC-USDT', ...to });
      const margin = await transfer(sandbox, { from: 'margin', ...to });
      await sandbox.stop();
      assert.deepEqual(
        [isolated.json?.code, other.json?.code, margin.json?.code],
        [withIsolated, '400100', withMargin],
      );
    });
  }
});

describe('sandbox inner-transfer names', () => {
  const cases = [
    { world: 'seed', members: { from: 'contract', to: 'main' }, msg: 'from not in the given range!' },
    { world: 'today', members: { from: 'contract', to: 'main' }, msg: 'from not in the given range!' },
    { world: 'today', members: { from: 'MAIN' }, msg: 'from not in the given range!' },
    { world: 'today', members: { from: 'Main' }, msg: 'from not in the given range!' },
    { world: 'today', members: { from: 'pool' }, msg: 'from not in the given range!' },
    { world: 'today', members: { to: 'TRADE' }, msg: 'to not in the given range!' },
    { world: 'today', members: { to: 'trade_hf' }, msg: 'to not in the given range!' },
    { world: 'today', members: { from: 'trade_hf' }, msg: 'from not in the given range!' },
    { world: 'seed', members: { to: 'option' }, msg: 'to not in the given range!' },
    { world: 'seed', members: { from: 'option' }, msg: 'from not in the given range!' },
    { world: 'today', members: { to: 'constructor' }, msg: 'to not in the given range!' },
    { world: 'today', members: { to: 'main' }, msg: 'from and to must not be the same account' },
  ] as const;
  for (const { world, members, msg } of cases) {
    it(`refuses ${JSON.stringify(members)} in ${world}`, async () => {
      const sandbox = await startSandbox({ world });
      const { http, json } = await transfer(sandbox, members);
      await sandbox.stop();
      assert.deepEqual([http, json?.code, json?.msg], [200, '400100', msg]);
    });
  }
});

describe('sandbox HF activation in seed', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox({ world: 'seed' });
  });
  afterEach(() => sandbox.stop());

  const opened = (): boolean =>
    sandbox.state().users.some((user) => user.uid === 700100200 && user.openedHf.includes('trade_hf'));

  it('opens trade_hf by a transfer of the smallest unit', async () => {
    assert.equal(opened(), false);
    assert.equal(total(sandbox, 'trade_hf'), 'none');
    const { json } = await transfer(sandbox, { to: 'trade_hf', amount: '0.00000001' });
    assert.equal(json?.code, '200000');
    assert.equal(opened(), true);
    assert.equal(total(sandbox, 'trade_hf'), '0.00000001');
  });

  it('refuses users who are not on the whitelist with 126001, and opens nothing', async () => {
    sandbox.setSwitches({ hfWhitelisted: false });
    const { http, json } = await transfer(sandbox, { to: 'trade_hf' });
    assert.deepEqual([http, json?.code], [200, '126001']);
    const margin = await transfer(sandbox, { from: 'margin', to: 'margin_v2' });
    assert.equal(margin.json?.code, '126001');
    assert.equal(opened(), false);
  });

  it('asks for the whitelist only until the account is open', async () => {
    await transfer(sandbox, { to: 'trade_hf' });
    sandbox.setSwitches({ hfWhitelisted: false });
    assert.equal((await transfer(sandbox, { to: 'trade_hf' })).json?.code, '200000');
  });

  it('opens nothing when the transfer is refused', async () => {
    const { json } = await transfer(sandbox, { to: 'trade_hf', amount: '1000000' });
    assert.equal(json?.code, '230003');
    assert.equal(opened(), false);
  });

  it('has nothing to take out of an HF account that is not open', async () => {
    assert.equal((await transfer(sandbox, { from: 'trade_hf', to: 'main' })).json?.code, '230003');
  });

  it('keeps the account open for good, though it is empty again', async () => {
    await transfer(sandbox, { to: 'trade_hf', amount: '1' });
    await transfer(sandbox, { from: 'trade_hf', to: 'main', amount: '1' });
    assert.equal(opened(), true);
    assert.equal(total(sandbox, 'trade_hf'), '0');
  });
});
