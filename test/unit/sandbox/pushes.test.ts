import assert from 'node:assert/strict';
import { readFrame } from '../../../src/kucoin/feed/topics';
import { demoKeys, marginSubUid } from '../../../src/sandbox/demo';
import { startSandbox, type Credentials, type Sandbox, type SandboxOptions } from '../../../src/sandbox/main';
import { at, call, transfer } from './caller';
import { FeedClient, type Frame } from './feedClient';

const now = 1_700_000_000_000;
const sub: Credentials = { ...demoKeys.subAccount, keyVersion: '3' };

describe('sandbox private pushes', () => {
  let sandbox: Sandbox;

  async function start(options: SandboxOptions = {}): Promise<void> {
    sandbox = await startSandbox({ clock: () => now, ...options });
  }
  beforeEach(() => start());
  afterEach(() => sandbox.stop());

  async function listen(topic: string, credentials?: Credentials): Promise<FeedClient> {
    const futures = topic.startsWith('/contract');
    const client = await FeedClient.open(sandbox, { futures, ...(credentials && { credentials }) });
    await client.subscribe(topic, true);
    return client;
  }

  /** What comes once pushes are due; each must be readable for the product. */
  async function pushed(client: FeedClient, afterMs = 100): Promise<Frame[]> {
    sandbox.setClock({ advanceMs: afterMs });
    const frames = await client.settled();
    for (const frame of frames) {
      const read = readFrame(JSON.stringify(frame));
      assert.equal(read.kind, 'event', JSON.stringify([read, frame]));
    }
    return frames;
  }

  const relations = (frames: readonly Frame[]): unknown[] =>
    frames.map(({ data }) => [at(data, 'relationEvent'), at(data, 'currency'), at(data, 'availableChange')]);

  it('tells of both sides of a transfer, a moment later, with exact figures', async () => {
    const client = await listen('/account/balance');
    await transfer(sandbox);
    assert.deepEqual(await pushed(client, 99), []);
    const [from, to] = await pushed(client, 1);
    const row = sandbox.row({ type: 'trade', currency: 'USDT' })!;
    const entry = sandbox.ledger().journal.at(-1)!;
    assert.deepEqual(to, {
      topic: '/account/balance',
      type: 'message',
      subject: 'account.balance',
      channelType: 'private',
      id: entry.id,
      userId: '65aa0000000000000000a001',
      data: {
        accountId: row.id,
        currency: 'USDT',
        total: '133',
        available: '112.75',
        hold: '20.25',
        availableChange: '12.5',
        holdChange: '0',
        relationContext: {},
        relationEvent: 'trade.transfer',
        relationEventId: entry.id,
        time: String(now),
      },
    });
    assert.deepEqual(relations([from!]), [['main.transfer', 'USDT', '-12.5']]);
    const { json } = await call(sandbox, 'GET', '/api/v1/accounts?currency=USDT&type=trade');
    assert.equal(at(json?.data, 0, 'id'), at(to, 'data', 'accountId'));
  });

  it('names the account of every change', async () => {
    sandbox.setSwitches({ pushDelayMs: 0 });
    const client = await listen('/account/balance');
    sandbox.credit({ currency: 'BTC', amount: '0.000000000001' });
    sandbox.credit({ currency: 'BTC', amount: '-0.000000000001' });
    sandbox.credit({ type: 'trade', currency: 'ETH', amount: '1' });
    sandbox.credit({ type: 'margin', currency: 'BTC', amount: '1' });
    sandbox.credit({ type: 'isolated', tag: 'BTC-USDT', currency: 'BTC', amount: '1' });
    sandbox.credit({ type: 'option', currency: 'USDT', amount: '1' });
    sandbox.mark({ currency: 'USDT', held: '80.75' });
    sandbox.mark({ type: 'trade', currency: 'SOL', held: '0' });
    // Neither is a change of what is available.
    sandbox.mark({ currency: 'USDT', locked: '1' });
    sandbox.mark({ type: 'margin', currency: 'USDT', debt: '1' });
    assert.deepEqual(relations(await pushed(client)), [
      ['main.deposit', 'BTC', '0.000000000001'],
      ['main.withdraw_done', 'BTC', '-0.000000000001'],
      ['trade.other', 'ETH', '1'],
      ['margin.other', 'BTC', '1'],
      ['isolated_BTC-USDT.other', 'BTC', '1'],
      ['option.other', 'USDT', '1'],
      ['main.withdraw_hold', 'USDT', '-80.75'],
      ['trade.hold', 'SOL', '2.5'],
    ]);
    sandbox.setSwitches({ marginPushPrefix: 'v2', optionPushes: false });
    sandbox.credit({ type: 'margin', currency: 'BTC', amount: '1' });
    sandbox.credit({ type: 'isolated', tag: 'BTC-USDT', currency: 'BTC', amount: '1' });
    sandbox.credit({ type: 'option', currency: 'USDT', amount: '1' });
    assert.deepEqual(relations(await pushed(client)), [
      ['marginV2.other', 'BTC', '1'],
      ['isolatedV2_BTC-USDT.other', 'BTC', '1'],
    ]);
  });

  it('knows the HF accounts of seed', async () => {
    await sandbox.stop();
    await start({ world: 'seed', switches: { pushDelayMs: 0 } });
    const client = await listen('/account/balance');
    await transfer(sandbox, { to: 'trade_hf' });
    assert.deepEqual(relations(await pushed(client)), [
      ['main.transfer', 'USDT', '-12.5'],
      ['trade_hf.transfer', 'USDT', '12.5'],
    ]);
  });

  it('tells each user of their own accounts only', async () => {
    const [master, other] = [await listen('/account/balance'), await listen('/account/balance', sub)];
    const { json } = await call(sandbox, 'POST', '/api/v2/accounts/sub-transfer', {
      body: {
        clientOid: 'to-the-sub',
        currency: 'USDT',
        amount: '3',
        direction: 'OUT',
        accountType: 'MAIN',
        subAccountType: 'MAIN',
        subUserId: '65aa0000000000000000b001',
      },
    });
    assert.equal(json?.code, '200000', json?.msg);
    assert.deepEqual(relations(await pushed(master)), [['main.transfer', 'USDT', '-3']]);
    const received = await pushed(other);
    assert.deepEqual(relations(received), [['main.transfer', 'USDT', '3']]);
    assert.equal(received[0]!['userId'], '65aa0000000000000000b001');
  });

  it('tells of futures on their host, with a version that grows, also while a transfer out runs', async () => {
    const client = await listen('/contractAccount/wallet');
    const spot = await listen('/account/balance');
    await call(sandbox, 'POST', '/api/v3/transfer-out', {
      futures: true,
      rawBody: '{"currency":"USDT","amount":25,"recAccountType":"MAIN"}',
    });
    const [running] = await pushed(client);
    assert.deepEqual(running!['data'], {
      currency: 'USDT',
      timestamp: String(now),
      walletBalance: '500',
      availableBalance: '377.5',
      holdBalance: '25',
      equity: '512.5',
      crossPosMargin: '0',
      crossOrderMargin: '0',
      crossUnPnl: '0',
      isolatedPosMargin: '110',
      isolatedOrderMargin: '0',
      isolatedFundingFeeMargin: '0',
      isolatedUnPnl: '12.5',
      totalCrossMargin: '377.5',
      maxWithdrawAmount: '365',
      availableMargin: '377.5',
      version: String(now),
    });
    // Nobody calls: it ends by itself.
    sandbox.setClock({ advanceMs: 900 });
    const ended = await pushed(client);
    assert.deepEqual(
      ended.map(({ data }) => [
        at(data, 'walletBalance'),
        at(data, 'availableBalance'),
        at(data, 'holdBalance'),
      ]),
      [
        ['500', '402.5', '0'],
        ['475', '377.5', '0'],
      ],
    );
    const versions = [running!, ...ended].map(({ data }) => Number(at(data, 'version')));
    assert.ok(
      versions.every((version, index) => version > (versions[index - 1] ?? 0)),
      String(versions),
    );
    assert.deepEqual(relations(await pushed(spot)), [['main.transfer', 'USDT', '25']]);
  });

  it('has the older subjects of the wallet behind a switch, Bitcoin as XBT, and a loss', async () => {
    const client = await listen('/contractAccount/wallet');
    sandbox.setSwitches({ walletSubjects: 'both', pushDelayMs: 0 });
    sandbox.credit({ type: 'contract', currency: 'BTC', amount: '1' });
    const subjects = [
      'walletBalance.change',
      'orderMargin.change',
      'availableBalance.change',
      'withdrawHold.change',
    ];
    const both = await pushed(client);
    assert.deepEqual(
      both.map(({ subject }) => subject),
      subjects,
    );
    assert.ok(both.every(({ data }) => at(data, 'currency') === 'XBT'));
    sandbox.setSwitches({ walletSubjects: 'older' });
    sandbox.credit({ type: 'contract', currency: 'BTC', amount: '1' });
    assert.deepEqual(
      (await pushed(client)).map(({ subject }) => subject),
      subjects.slice(1),
    );
    sandbox.setSwitches({ walletSubjects: 'newer' });
    sandbox.mark({ type: 'contract', currency: 'USDT', locked: '-600' });
    const [{ data } = { data: undefined }] = await pushed(client);
    assert.deepEqual(
      ['equity', 'isolatedUnPnl', 'availableBalance', 'maxWithdrawAmount'].map((name) => at(data, name)),
      ['-100', '-600', '0', '0'],
    );
  });

  it('reports the debt ratio every four seconds while somebody listens, and debts that begin and end', async () => {
    const client = await listen('/margin/position');
    const waiting = sandbox.sockets().jobs;
    assert.deepEqual(await pushed(client, 3999), []);
    const [report] = await pushed(client, 1);
    assert.equal(report!['subject'], 'debt.ratio');
    // 25 of 310.4 USDT and 0.005 BTC.
    assert.ok(Number(at(report!['data'], 'debtRatio')) > 0.03);
    assert.deepEqual(at(report!['data'], 'debtList'), { USDT: '25' });
    assert.deepEqual(at(report!['data'], 'assetList', 'USDT'), {
      total: '310.4',
      available: '290.4',
      hold: '20',
    });
    sandbox.mark({ type: 'margin', currency: 'USDT', debt: '0' });
    const [over] = await pushed(client);
    assert.deepEqual(over!['data'], { type: 'UNLIABILITY', timestamp: now + 4000 });
    client.send({ id: '1', type: 'unsubscribe', topic: '/margin/position', privateChannel: true });
    await client.settled();
    assert.deepEqual(await pushed(client, 8000), []);
    assert.equal(sandbox.sockets().jobs, waiting - 1);
  });

  it('tells of an isolated account that changes', async () => {
    const client = await listen('/margin/isolatedPosition:BTC-USDT');
    sandbox.credit({ type: 'isolated', tag: 'BTC-USDT', currency: 'USDT', amount: '5' });
    sandbox.credit({ type: 'isolated', tag: 'ETH-USDT', currency: 'USDT', amount: '5' });
    sandbox.credit({ uid: marginSubUid, type: 'isolated', tag: 'BTC-USDT', currency: 'USDT', amount: '5' });
    const frames = await pushed(client);
    assert.equal(frames.length, 1);
    const { data, topic } = frames[0]!;
    assert.equal(topic, '/margin/isolatedPosition:BTC-USDT');
    assert.equal(at(data, 'status'), 'DEBT');
    assert.deepEqual(at(data, 'changeAssets'), {
      USDT: { total: '155', hold: '0', liabilityPrincipal: '9.96', liabilityInterest: '0.04' },
    });
  });

  it('sends nothing to those who do not listen, and keeps nothing for them', async () => {
    const client = await FeedClient.open(sandbox);
    const waiting = sandbox.sockets().jobs;
    await transfer(sandbox);
    assert.equal(sandbox.sockets().jobs, waiting);
    await client.subscribe('/account/balance', true);
    assert.deepEqual(await pushed(client), []);
  });
});
