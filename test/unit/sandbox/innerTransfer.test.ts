import assert from 'node:assert/strict';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Credentials, type Sandbox } from '../../../src/sandbox/main';
import { at, call, total, transfer } from './caller';

const sub: Credentials = { ...demoKeys.subAccount, keyVersion: '3' };
const subUid = 700100201;

describe('sandbox inner transfer', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox({ clock: () => 1_700_000_000_000 });
  });
  afterEach(() => sandbox.stop());

  async function refusedWith(members: Record<string, unknown>): Promise<string> {
    const before = JSON.stringify(sandbox.ledger());
    const { http, json } = await transfer(sandbox, members);
    assert.equal(http, 200);
    assert.equal(JSON.stringify(sandbox.ledger()), before, 'nothing has moved');
    return `${json?.code ?? ''} ${json?.msg ?? ''}`;
  }

  it('moves the amount once, with two entries in the journal', async () => {
    const { json } = await transfer(sandbox);
    assert.match(String(at(json?.data, 'orderId')), /^[0-9a-f]{24}$/);
    assert.equal(total(sandbox, 'main'), '2468.25');
    assert.equal(total(sandbox, 'trade'), '133');
    const [out, into] = sandbox.ledger().journal.slice(-2);
    const common = { uid: 700100200, tag: '', currency: 'USDT', amount: '12.5', bizType: 'TRANSFER' };
    const shared = { ...common, time: 1_700_000_000_000, reference: at(json?.data, 'orderId') };
    assert.deepEqual(out, { ...shared, id: out?.id, type: 'main', direction: 'out', balance: '2468.25' });
    assert.deepEqual(into, { ...shared, id: into?.id, type: 'trade', direction: 'in', balance: '133' });
  });

  it('keeps every digit', async () => {
    await transfer(sandbox, { currency: 'SHIB', amount: '0.000000000000000001' });
    assert.equal(total(sandbox, 'main', 'SHIB'), '1250000');
    assert.equal(total(sandbox, 'trade', 'SHIB'), '0.000000000000000001');
  });

  it('takes needless zeros, which are no decimals', async () => {
    assert.equal((await transfer(sandbox, { amount: '12.500000000000' })).json?.code, '200000');
    assert.equal((await transfer(sandbox, { currency: 'NEO', amount: '1.0' })).json?.code, '200000');
    assert.equal(total(sandbox, 'main', 'NEO'), '41');
  });

  const precise = [
    { currency: 'USDT', amount: '0.000000001' },
    { currency: 'XRP', from: 'trade', to: 'main', amount: '0.0000001' },
    { currency: 'VET', amount: '1.23456' },
    { currency: 'NEO', amount: '0.5' },
    { currency: 'SHIB', amount: '0.0000000000000000001' },
  ];
  for (const members of precise) {
    it(`refuses ${members.amount} ${members.currency}: too many decimals`, async () => {
      assert.equal(await refusedWith(members), '400100 The amount increment is invalid.');
    });
  }

  const amounts = [
    '0',
    '0.00',
    '-1',
    '+1',
    '1e3',
    '1,5',
    '.5',
    '5.',
    ' 1',
    '1 ',
    '',
    'NaN',
    'Infinity',
    '0x10',
  ];
  for (const amount of amounts) {
    it(`refuses the amount ${JSON.stringify(amount)}`, async () => {
      assert.match(await refusedWith({ amount }), /^400100 /);
    });
  }

  for (const amount of [undefined, null, true, {}, ['1'], -1, 0]) {
    it(`refuses the amount ${JSON.stringify(amount)} that is no text`, async () => {
      assert.match(await refusedWith({ amount }), /^400100 /);
    });
  }

  it('takes a JSON number, unless the switch says otherwise', async () => {
    assert.equal((await transfer(sandbox, { amount: 12.5 })).json?.code, '200000');
    assert.equal(total(sandbox, 'trade'), '133');
    sandbox.setSwitches({ jsonNumbers: 'refused' });
    assert.match(await refusedWith({ amount: 12.5 }), /^400100 /);
  });

  it('refuses an unknown currency, also in wrong case', async () => {
    for (const currency of ['NOPE', 'usdt', 'XBT', '']) {
      assert.match(await refusedWith({ currency }), /^400100 /);
    }
  });

  it('refuses a member that is missing', async () => {
    for (const member of ['clientOid', 'currency', 'from', 'to', 'amount']) {
      assert.equal(await refusedWith({ [member]: undefined }), `400100 Invalid Parameter. ${member}`);
    }
  });

  it('takes a clientOid of 1 to 64 characters', async () => {
    assert.match(await refusedWith({ clientOid: '' }), /^400100 /);
    assert.match(await refusedWith({ clientOid: 'x'.repeat(65) }), /^400100 /);
    assert.equal((await transfer(sandbox, { clientOid: 'x'.repeat(64) })).json?.code, '200000');
  });

  it('refuses more than can leave the account', async () => {
    assert.equal(await refusedWith({ amount: '2480.75000001' }), '230003 Balance insufficient!');
    assert.equal((await transfer(sandbox, { amount: '2480.75' })).json?.code, '200000');
    assert.equal(total(sandbox, 'main'), '0');
  });

  it('does not touch what is held, locked as bonus, or collateral of a debt', async () => {
    const tests = [
      { currency: 'BTC', from: 'main', to: 'trade', most: '0.17342719', more: '0.1734272' },
      { currency: 'KCS', from: 'main', to: 'trade', most: '115.00000001', more: '115.00000002' },
      { currency: 'USDT', from: 'margin', to: 'main', most: '240.4', more: '240.40000001' },
    ];
    for (const { most, more, ...members } of tests) {
      assert.match(await refusedWith({ ...members, amount: more }), /^230003 /);
      assert.equal((await transfer(sandbox, { ...members, amount: most })).json?.code, '200000');
    }
  });

  it('can answer a short balance with another code', async () => {
    sandbox.setSwitches({ refusals: { insufficientBalance: { code: '260100', msg: 'account.noBalance' } } });
    assert.equal(await refusedWith({ amount: '1000000' }), '260100 account.noBalance');
  });

  it('wants a known pair as tag of isolated margin, on both sides', async () => {
    assert.equal(await refusedWith({ to: 'isolated' }), '400100 Invalid Parameter. toTag is required');
    assert.equal(await refusedWith({ from: 'isolated' }), '400100 Invalid Parameter. fromTag is required');
    assert.match(await refusedWith({ to: 'isolated', toTag: 'PLAY-USDT' }), /^400100 /);
    assert.match(await refusedWith({ to: 'isolated', toTag: 'eth-usdt' }), /^400100 /);
  });

  it('moves only the currencies of the pair into isolated margin', async () => {
    const to = { to: 'isolated', toTag: 'ETH-USDT' };
    assert.match(await refusedWith({ ...to, currency: 'BTC', amount: '0.001' }), /^400100 /);
    assert.equal((await transfer(sandbox, { ...to, currency: 'ETH', amount: '1' })).json?.code, '200000');
    assert.equal(total(sandbox, 'isolated', 'ETH', 'ETH-USDT'), '1');
  });

  it('ignores a tag where none belongs', async () => {
    assert.equal((await transfer(sandbox, { fromTag: 'BTC-USDT' })).json?.code, '200000');
    assert.equal(total(sandbox, 'main'), '2468.25');
  });

  it('takes only settlement currencies into futures and margin currencies into margin', async () => {
    assert.match(await refusedWith({ to: 'contract', currency: 'KCS', amount: '1' }), /^400100 /);
    assert.match(await refusedWith({ to: 'margin', currency: 'NEO', amount: '1' }), /^400100 /);
    assert.equal((await transfer(sandbox, { to: 'contract' })).json?.code, '200000');
    assert.equal(total(sandbox, 'contract'), '512.5');
  });

  it("moves a sub-account's own funds with the sub-account's key, and nothing of the master", async () => {
    const reply = await transfer(sandbox, { amount: '7' }, { credentials: sub });
    assert.equal(reply.json?.code, '200000');
    assert.equal(total(sandbox, 'main', 'USDT', '', subUid), '0');
    assert.equal(total(sandbox, 'trade', 'USDT', '', subUid), '40.333333');
    assert.equal(total(sandbox, 'main'), '2480.75');
  });

  it('refuses an account that a sub-account has not opened', async () => {
    const reply = await transfer(sandbox, { to: 'margin', amount: '1' }, { credentials: sub });
    assert.equal(reply.json?.code, '400100');
    assert.equal(
      (await transfer(sandbox, { to: 'contract', amount: '1' }, { credentials: sub })).json?.code,
      '200000',
    );
  });

  describe('with a clientOid used before', () => {
    const again = { clientOid: 'again' };

    it('refuses by default, and moves nothing', async () => {
      await transfer(sandbox, again);
      assert.equal(await refusedWith(again), '400100 clientOid duplicated');
      assert.equal(total(sandbox, 'trade'), '133');
    });

    it('answers with the first orderId when the switch says so, and moves nothing', async () => {
      sandbox.setSwitches({ duplicateClientOid: 'sameOrder' });
      const first = await transfer(sandbox, again);
      const second = await transfer(sandbox, again);
      assert.equal(at(second.json?.data, 'orderId'), at(first.json?.data, 'orderId'));
      assert.equal(total(sandbox, 'trade'), '133');
    });

    it('moves the money twice when the switch says so', async () => {
      sandbox.setSwitches({ duplicateClientOid: 'executeAgain' });
      const first = await transfer(sandbox, again);
      const second = await transfer(sandbox, again);
      assert.notEqual(at(second.json?.data, 'orderId'), at(first.json?.data, 'orderId'));
      assert.equal(total(sandbox, 'trade'), '145.5');
    });

    it('is free again after a refusal, and for another user', async () => {
      await transfer(sandbox, { ...again, amount: '1000000' });
      assert.equal((await transfer(sandbox, again)).json?.code, '200000');
      assert.equal(
        (await transfer(sandbox, { ...again, amount: '1' }, { credentials: sub })).json?.code,
        '200000',
      );
    });
  });

  it('shows the effect in the account list and the transfer quotas at once', async () => {
    await transfer(sandbox);
    const list = await call(sandbox, 'GET', '/api/v1/accounts?currency=USDT&type=trade');
    assert.equal(at(list.json?.data, 0, 'balance'), '133');
    const quotas = await call(sandbox, 'GET', '/api/v1/accounts/transferable?currency=USDT&type=TRADE');
    assert.deepEqual(quotas.json?.data, {
      currency: 'USDT',
      balance: '133',
      available: '112.75',
      holds: '20.25',
      transferable: '112.75',
    });
  });
});
