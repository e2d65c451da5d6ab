import assert from 'node:assert/strict';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Credentials, type Sandbox } from '../../../src/sandbox/main';
import { at, call, total, transfer, type CallOptions, type Reply } from './caller';

const sub: Credentials = { ...demoKeys.subAccount, keyVersion: '3' };
const ids = {
  master: '65aa0000000000000000a001',
  sub: '65aa0000000000000000b001',
  robot: '65aa0000000000000000b002',
  frozen: '65aa0000000000000000b003',
  marginSub: '65aa0000000000000000b004',
  stranger: '65aa0000000000000000c002',
};
const subUid = 700100201;

let count = 0;

function flex(
  sandbox: Sandbox,
  members: Record<string, unknown> = {},
  options: CallOptions = {},
): Promise<Reply> {
  const body = {
    clientOid: `flex-${++count}`,
    currency: 'USDT',
    amount: '12.5',
    type: 'INTERNAL',
    fromAccountType: 'MAIN',
    toAccountType: 'TRADE',
    ...members,
  };
  return call(sandbox, 'POST', '/api/v3/accounts/universal-transfer', { body, ...options });
}

function subTransfer(
  sandbox: Sandbox,
  members: Record<string, unknown> = {},
  options: CallOptions = {},
): Promise<Reply> {
  const body = {
    clientOid: `sub-${++count}`,
    currency: 'USDT',
    amount: '5',
    direction: 'OUT',
    subUserId: ids.sub,
    ...members,
  };
  return call(sandbox, 'POST', '/api/v2/accounts/sub-transfer', { body, ...options });
}

const answerOf = ({ http, json }: Reply): string => `${http} ${json?.code ?? ''} ${json?.msg ?? ''}`.trim();

describe('sandbox Flex Transfer', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox({ clock: () => 1_700_000_000_000 });
  });
  afterEach(() => sandbox.stop());

  async function refusedWith(members: Record<string, unknown>, options: CallOptions = {}): Promise<string> {
    const before = JSON.stringify(sandbox.ledger());
    const reply = await flex(sandbox, members, options);
    assert.equal(JSON.stringify(sandbox.ledger()), before, 'nothing has moved');
    return answerOf(reply);
  }

  it('moves the amount once between own accounts', async () => {
    const { json } = await flex(sandbox);
    assert.match(String(at(json?.data, 'orderId')), /^[0-9a-f]{24}$/);
    assert.deepEqual([total(sandbox, 'main'), total(sandbox, 'trade')], ['2468.25', '133']);
    const moved = sandbox.ledger().journal.slice(-2);
    assert.deepEqual(
      moved.map(({ type, direction, bizType, reference }) => [type, direction, bizType, reference]),
      [
        ['main', 'out', 'TRANSFER', at(json?.data, 'orderId')],
        ['trade', 'in', 'TRANSFER', at(json?.data, 'orderId')],
      ],
    );
  });

  it('moves from the master to a sub-account and back', async () => {
    const out = await flex(sandbox, { type: 'PARENT_TO_SUB', toUserId: ids.sub, toAccountType: 'MAIN' });
    assert.equal(out.json?.code, '200000');
    assert.equal(total(sandbox, 'main', 'USDT', '', subUid), '19.5');
    const back = await flex(sandbox, {
      type: 'SUB_TO_PARENT',
      fromUserId: ids.sub,
      toAccountType: 'MAIN',
      amount: '19.5',
    });
    assert.equal(back.json?.code, '200000');
    assert.equal(total(sandbox, 'main', 'USDT', '', subUid), '0');
    assert.equal(total(sandbox, 'main'), '2487.75');
    assert.equal(sandbox.ledger().journal.at(-1)?.bizType, 'SUB_TRANSFER');
  });

  it('moves out of futures what may leave, profit that is not realised excepted', async () => {
    const from = { fromAccountType: 'CONTRACT', toAccountType: 'MAIN' };
    assert.equal(await refusedWith({ ...from, amount: '390.00000001' }), '200 230003 Balance insufficient!');
    assert.equal((await flex(sandbox, { ...from, amount: '390' })).json?.code, '200000');
    assert.equal(total(sandbox, 'contract'), '110');
  });

  it('asks for InnerTransfer; the permission called Transfer is another one', async () => {
    for (const key of [demoKeys.readOnly, demoKeys.withdrawal, demoKeys.version2]) {
      const credentials: Credentials = { ...key, keyVersion: `${key.version}` };
      assert.match(await refusedWith({}, { credentials }), /^403 400007 /);
    }
  });

  it('refuses keys without an IP list, as documented; the demo key too when the switch says so', async () => {
    const credentials = sandbox.addKey({ permissions: ['General', 'InnerTransfer'] });
    for (const other of [credentials, sub])
      assert.match(await refusedWith({}, { credentials: other }), /^403 400007 .*IP/);
    assert.equal((await flex(sandbox)).json?.code, '200000', 'the demo key');
    sandbox.setSwitches({ flexNeedsIpList: 'everyKey', clientIp: '198.51.100.7' });
    assert.match(await refusedWith({}), /^403 400007 .*IP/);
    const bound: Credentials = { ...demoKeys.ipLimited, keyVersion: '3' };
    assert.equal((await flex(sandbox, {}, { credentials: bound })).json?.code, '200000');
    sandbox.setSwitches({ clientIp: '198.51.100.8' });
    assert.match(await refusedWith({}, { credentials: bound }), /^403 400006 /);
    sandbox.setSwitches({ flexNeedsIpList: 'noKey' });
    assert.equal((await flex(sandbox, {}, { credentials })).json?.code, '200000');
  });

  it("lets a sub-account's key move within the sub-account, and nowhere else", async () => {
    sandbox.setSwitches({ flexNeedsIpList: 'noKey' });
    const inside = await flex(sandbox, { amount: '7' }, { credentials: sub });
    assert.equal(inside.json?.code, '200000');
    assert.equal(total(sandbox, 'trade', 'USDT', '', subUid), '40.333333');
    assert.equal(total(sandbox, 'main'), '2480.75');
    for (const type of ['PARENT_TO_SUB', 'SUB_TO_PARENT']) {
      const members = { type, toUserId: ids.master, fromUserId: ids.master, amount: '1' };
      assert.match(await refusedWith(members, { credentials: sub }), /^403 400007 /);
    }
  });

  const users: [string, Record<string, unknown>, RegExp][] = [
    ['no user id', { type: 'PARENT_TO_SUB' }, /^200 400100 .*toUserId is required/],
    ['no user id', { type: 'SUB_TO_PARENT' }, /^200 400100 .*fromUserId is required/],
    ['an unknown user', { type: 'PARENT_TO_SUB', toUserId: 'ffffffffffffffffffffffff' }, /^200 400100 /],
    ['a uid in place of a userId', { type: 'PARENT_TO_SUB', toUserId: String(subUid) }, /^200 400100 /],
    ["another family's sub-account", { type: 'PARENT_TO_SUB', toUserId: ids.stranger }, /^200 400100 /],
    ["another family's sub-account", { type: 'SUB_TO_PARENT', fromUserId: ids.stranger }, /^200 400100 /],
    ['the master as its own sub-account', { type: 'PARENT_TO_SUB', toUserId: ids.master }, /^200 400100 /],
    ['a frozen sub-account', { type: 'PARENT_TO_SUB', toUserId: ids.frozen }, /^200 411100 /],
    ['a frozen sub-account', { type: 'SUB_TO_PARENT', fromUserId: ids.frozen }, /^200 411100 /],
    ['a user id that is none', { type: 'PARENT_TO_SUB', toUserId: '../../x' }, /^200 400100 .*toUserId/],
    ['a type that is none', { type: 'SUB_TO_SUB' }, /^200 400100 type not in the given range!/],
    ['a type in lower case', { type: 'internal' }, /^200 400100 type not in the given range!/],
  ];
  for (const [what, members, answer] of users) {
    it(`refuses ${what}: ${JSON.stringify(members)}`, async () => {
      assert.match(await refusedWith(members), answer);
    });
  }

  const places: [string, Record<string, unknown>, string][] = [
    ['lower case', { fromAccountType: 'main' }, 'fromAccountType not in the given range!'],
    ['an unknown account', { toAccountType: 'POOL' }, 'toAccountType not in the given range!'],
    ['TRADE_HF today', { toAccountType: 'TRADE_HF' }, 'toAccountType not in the given range!'],
    ['the same account', { toAccountType: 'MAIN' }, 'from and to must not be the same account'],
    [
      'an account and its own V2 name',
      { fromAccountType: 'MARGIN', toAccountType: 'MARGIN_V2' },
      'from and to must not be the same account',
    ],
    ['a missing tag', { toAccountType: 'ISOLATED' }, 'Invalid Parameter. toAccountTag is required'],
    ['a missing tag', { fromAccountType: 'ISOLATED' }, 'Invalid Parameter. fromAccountTag is required'],
    [
      'a foreign tag',
      { toAccountType: 'ISOLATED', toAccountTag: 'PLAY-USDT' },
      'Invalid Parameter. toAccountTag is no isolated margin pair',
    ],
    [
      'a tag that is no pair',
      { toAccountType: 'ISOLATED', toAccountTag: 'ETHUSDT' },
      'Invalid Parameter. toAccountTag',
    ],
    [
      'a currency that is not of the pair',
      { toAccountType: 'ISOLATED', toAccountTag: 'ETH-USDT', currency: 'BTC', amount: '0.001' },
      'The currency does not belong to the isolated margin pair',
    ],
    [
      'a currency that futures cannot hold',
      { toAccountType: 'CONTRACT', currency: 'KCS', amount: '1' },
      'The currency is not supported by the futures account',
    ],
    [
      'a currency that margin cannot hold',
      { toAccountType: 'MARGIN', currency: 'NEO', amount: '1' },
      'The currency is not supported by the margin account',
    ],
    ['XBT', { toAccountType: 'CONTRACT', currency: 'XBT', amount: '0.01' }, 'currency not exist'],
    ['an unknown currency', { currency: 'NOPE' }, 'currency not exist'],
    ['no currency', { currency: undefined }, 'Invalid Parameter. currency'],
    ['zero', { amount: '0.00' }, 'amount not in the given range!'],
    ['too many decimals', { amount: '0.000000001' }, 'The amount increment is invalid.'],
    ['a negative amount', { amount: '-1' }, 'Invalid Parameter. amount'],
    ['an exponent', { amount: '1e1' }, 'Invalid Parameter. amount'],
    ['no clientOid', { clientOid: undefined }, 'Invalid Parameter. clientOid'],
    ['a clientOid that is too long', { clientOid: 'x'.repeat(65) }, 'Invalid Parameter. clientOid'],
  ];
  for (const [what, members, msg] of places) {
    it(`refuses ${what}: ${JSON.stringify(members)}`, async () => {
      assert.equal(await refusedWith(members), `200 400100 ${msg}`);
    });
  }

  it('refuses futures and margin of a sub-account that has not opened them', async () => {
    const to = { type: 'PARENT_TO_SUB', amount: '1' };
    const notOpened = '200 400100 The sub-account has not opened this trade type';
    const refused = [
      { toUserId: ids.marginSub, toAccountType: 'CONTRACT' },
      { toUserId: ids.sub, toAccountType: 'MARGIN' },
      { toUserId: ids.robot, toAccountType: 'CONTRACT' },
      { toUserId: ids.sub, toAccountType: 'ISOLATED', toAccountTag: 'ETH-USDT' },
    ];
    for (const members of refused) assert.equal(await refusedWith({ ...to, ...members }), notOpened);
    const taken = [
      { toUserId: ids.sub, toAccountType: 'CONTRACT' },
      { toUserId: ids.marginSub, toAccountType: 'MARGIN' },
      { toUserId: ids.marginSub, toAccountType: 'ISOLATED', toAccountTag: 'ETH-USDT' },
    ];
    for (const members of taken) {
      assert.equal((await flex(sandbox, { ...to, ...members })).json?.code, '200000');
    }
  });

  it('understands XBT for futures when the switch says so', async () => {
    sandbox.setSwitches({ bitcoinNames: 'either' });
    const members = { toAccountType: 'CONTRACT', currency: 'XBT', amount: '0.01' };
    assert.equal((await flex(sandbox, members)).json?.code, '200000');
    assert.equal(total(sandbox, 'contract', 'BTC'), '0.06');
    assert.equal(await refusedWith({ currency: 'XBT', amount: '0.01' }), '200 400100 currency not exist');
  });

  it('does what the switch says with the user ids of a sub-account in INTERNAL', async () => {
    const inside = { fromUserId: ids.sub, toUserId: ids.sub, amount: '7' };
    assert.match(await refusedWith(inside), /^200 400100 /);
    sandbox.setSwitches({ internalUserIds: 'ignored' });
    await flex(sandbox, inside);
    assert.deepEqual([total(sandbox, 'main'), total(sandbox, 'main', 'USDT', '', subUid)], ['2473.75', '7']);
    sandbox.setSwitches({ internalUserIds: 'applied' });
    await flex(sandbox, inside);
    assert.deepEqual([total(sandbox, 'main'), total(sandbox, 'main', 'USDT', '', subUid)], ['2473.75', '0']);
    assert.match(await refusedWith({ fromUserId: ids.sub, toUserId: ids.robot }), /^200 400100 /);
    assert.match(await refusedWith({ fromUserId: ids.stranger, toUserId: ids.stranger }), /^200 400100 /);
    const own = { fromUserId: ids.master, toUserId: ids.master };
    assert.equal((await flex(sandbox, own)).json?.code, '200000');
  });

  it('shares used clientOids with the other transfers', async () => {
    await flex(sandbox, { clientOid: 'same' });
    assert.equal(await refusedWith({ clientOid: 'same' }), '200 400100 clientOid duplicated');
    assert.equal((await transfer(sandbox, { clientOid: 'same' })).json?.msg, 'clientOid duplicated');
    assert.equal((await subTransfer(sandbox, { clientOid: 'same' })).json?.msg, 'clientOid duplicated');
    sandbox.setSwitches({ duplicateClientOid: 'executeAgain' });
    assert.equal((await flex(sandbox, { clientOid: 'same' })).json?.code, '200000');
  });

  it('opens trade_hf of the receiver in seed', async () => {
    await sandbox.reset({ world: 'seed' });
    const members = { type: 'PARENT_TO_SUB', toUserId: ids.sub, toAccountType: 'TRADE_HF', amount: '1' };
    sandbox.setSwitches({ hfWhitelisted: false });
    assert.match(await refusedWith(members), /^200 126001 /);
    sandbox.setSwitches({ hfWhitelisted: true });
    assert.equal((await flex(sandbox, members)).json?.code, '200000');
    const opened = sandbox.state().users.filter((user) => user.openedHf.includes('trade_hf'));
    assert.deepEqual(
      opened.map(({ uid }) => uid),
      [subUid],
    );
  });

  it("refuses everything to a frozen sub-account's own key", async () => {
    const credentials = sandbox.addKey({ uid: 700100203, permissions: ['General', 'Spot', 'InnerTransfer'] });
    assert.match(await refusedWith({}, { credentials }), /^403 411100 /);
    assert.equal((await call(sandbox, 'GET', '/api/v1/accounts', { credentials })).json?.code, '411100');
  });
});

describe('sandbox SubAccount Transfer', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox({ clock: () => 1_700_000_000_000 });
  });
  afterEach(() => sandbox.stop());

  async function refusedWith(members: Record<string, unknown>, options: CallOptions = {}): Promise<string> {
    const before = JSON.stringify(sandbox.ledger());
    const reply = await subTransfer(sandbox, members, options);
    assert.equal(JSON.stringify(sandbox.ledger()), before, 'nothing has moved');
    return answerOf(reply);
  }

  it('moves between the main accounts where no account is named', async () => {
    await subTransfer(sandbox);
    assert.equal(total(sandbox, 'main', 'USDT', '', subUid), '12');
    await subTransfer(sandbox, { direction: 'IN', amount: '12' });
    assert.equal(total(sandbox, 'main', 'USDT', '', subUid), '0');
    assert.equal(total(sandbox, 'main'), '2487.75');
  });

  it('moves into futures and not out of them', async () => {
    const into = { subAccountType: 'CONTRACT', amount: '2' };
    assert.equal((await subTransfer(sandbox, into)).json?.code, '200000');
    assert.equal(total(sandbox, 'contract', 'USDT', '', subUid), '42');
    const out = { direction: 'IN', subAccountType: 'CONTRACT', amount: '2' };
    assert.equal(await refusedWith(out), '200 400100 subAccountType not in the given range!');
    const mine = { accountType: 'CONTRACT', amount: '2' };
    assert.equal(await refusedWith(mine), '200 400100 accountType not in the given range!');
    const into2 = { direction: 'IN', accountType: 'CONTRACT', amount: '2' };
    assert.equal((await subTransfer(sandbox, into2)).json?.code, '200000');
  });

  it('wants tags for isolated margin today, and knows none in seed', async () => {
    const to = { subUserId: ids.marginSub, subAccountType: 'ISOLATED', amount: '1' };
    assert.equal(await refusedWith(to), '200 400100 Invalid Parameter. subTag is required');
    assert.match(await refusedWith({ ...to, subTag: 'PLAY-USDT' }), /^200 400100 /);
    assert.equal((await subTransfer(sandbox, { ...to, subTag: 'ETH-USDT' })).json?.code, '200000');
    const from = { ...to, direction: 'IN', subTag: 'ETH-USDT', accountType: 'ISOLATED', tag: 'BTC-USDT' };
    assert.equal((await subTransfer(sandbox, from)).json?.code, '200000');
    await sandbox.reset({ world: 'seed' });
    assert.equal(
      await refusedWith({ ...to, subTag: 'ETH-USDT' }),
      '200 400100 subAccountType not in the given range!',
    );
  });

  const wrong: [Record<string, unknown>, RegExp][] = [
    [{ direction: 'out' }, /^200 400100 direction not in the given range!/],
    [{ direction: undefined }, /^200 400100 .*direction/],
    [{ subUserId: undefined }, /^200 400100 .*subUserId/],
    [{ subUserId: ids.stranger }, /^200 400100 /],
    [{ subUserId: ids.frozen }, /^200 411100 /],
    [{ accountType: 'main' }, /^200 400100 accountType not in the given range!/],
    [{ subAccountType: 'MARGIN_V2' }, /^200 400100 subAccountType not in the given range!/],
    [{ subAccountType: 'MARGIN' }, /^200 400100 The sub-account has not opened/],
    [{ amount: '2480.75000001' }, /^200 230003 /],
    [{ currency: 'XBT' }, /^200 400100 currency not exist/],
  ];
  for (const [members, answer] of wrong) {
    it(`refuses ${JSON.stringify(members)}`, async () => {
      assert.match(await refusedWith(members), answer);
    });
  }

  it("refuses a sub-account's key", async () => {
    assert.match(await refusedWith({}, { credentials: sub }), /^403 400007 /);
  });

  it('is abandoned today, and gone when the switch says so', async () => {
    sandbox.setSwitches({ supersededAnswer: 'removed' });
    assert.match(await refusedWith({}), /^200 401000 /);
    await sandbox.reset({ world: 'seed' });
    sandbox.setSwitches({ supersededAnswer: 'removed' });
    assert.equal((await subTransfer(sandbox)).json?.code, '200000');
  });
});

describe('sandbox amounts', () => {
  const thirty = '123456789012.345678901234567891';
  it('keep thirty digits and 1e-18, on the wire and in the ledger', async () => {
    const sandbox = await startSandbox();
    try {
      sandbox.credit({ currency: 'SHIB', amount: thirty });
      const amounts = [thirty, '0.000000000000000001'];
      for (const amount of amounts) {
        const { json } = await flex(sandbox, { currency: 'SHIB', amount });
        assert.equal(json?.code, '200000');
        const [, into] = sandbox.ledger().journal.slice(-2);
        assert.equal(into?.amount, amount);
      }
      assert.equal(total(sandbox, 'trade', 'SHIB'), '123456789012.345678901234567892');
      // As a JSON number too, where a spot transfer takes one.
      const rawBody =
        '{"clientOid":"raw","currency":"SHIB","amount":0.000000000000000001,"type":"INTERNAL",' +
        '"fromAccountType":"TRADE","toAccountType":"MAIN"}';
      const raw = await flex(sandbox, {}, { rawBody });
      assert.equal(raw.json?.code, '200000');
      assert.equal(total(sandbox, 'trade', 'SHIB'), thirty);
      sandbox.setSwitches({ jsonNumbers: 'refused' });
      assert.equal((await flex(sandbox, {}, { rawBody })).json?.code, '400100');
    } finally {
      await sandbox.stop();
    }
  });
});
