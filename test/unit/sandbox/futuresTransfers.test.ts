import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { demoKeys } from '../../../src/sandbox/demo';
import { startSandbox, type Credentials, type Sandbox, type SandboxOptions } from '../../../src/sandbox/main';
import { at, call, total, transfer, type CallOptions, type Reply } from './caller';

const start = 1_700_000_000_000;

describe('sandbox futures transfers', () => {
  let sandbox: Sandbox;

  async function begin(options: SandboxOptions = {}): Promise<void> {
    sandbox = await startSandbox({ clock: () => start, random: () => 0, ...options });
  }
  beforeEach(() => begin());
  afterEach(() => sandbox.stop());

  function post(target: string, body: Record<string, unknown>, options: CallOptions = {}): Promise<Reply> {
    return call(sandbox, 'POST', target, { body, futures: true, ...options });
  }
  const out = (members: Record<string, unknown> = {}, options: CallOptions = {}): Promise<Reply> =>
    post(
      '/api/v3/transfer-out',
      { currency: 'USDT', amount: 25, recAccountType: 'MAIN', ...members },
      options,
    );
  const into = (members: Record<string, unknown> = {}, options: CallOptions = {}): Promise<Reply> =>
    post(
      '/api/v1/transfer-in',
      { currency: 'USDT', amount: 25, payAccountType: 'MAIN', ...members },
      options,
    );
  const raw = (target: string, rawBody: string): Promise<Reply> =>
    call(sandbox, 'POST', target, { rawBody, futures: true });
  const list = async (query = ''): Promise<Record<string, unknown>[]> => {
    const { json } = await call(sandbox, 'GET', `/api/v1/transfer-list${query}`, { futures: true });
    assert.equal(json?.code, '200000', json?.msg);
    return at(json.data, 'items') as Record<string, unknown>[];
  };
  const overview = async (): Promise<unknown> => {
    const { json } = await call(sandbox, 'GET', '/api/v1/account-overview?currency=USDT', { futures: true });
    return json?.data;
  };
  const answerOf = ({ http, json }: Reply): string => `${http} ${json?.code ?? ''} ${json?.msg ?? ''}`.trim();

  async function refusedWith(reply: () => Promise<Reply>): Promise<string> {
    const before = JSON.stringify(sandbox.ledger());
    const answer = answerOf(await reply());
    assert.equal(JSON.stringify(sandbox.ledger()), before, 'nothing has moved');
    return answer;
  }

  describe('out', () => {
    it('says PROCESSING, freezes the amount, and ends in SUCCESS after a second', async () => {
      const { json } = await out();
      assert.deepEqual(
        ['status', 'currency', 'amount', 'payAccountType', 'recAccountType', 'createdAt'].map((name) =>
          at(json?.data, name),
        ),
        ['PROCESSING', 'USDT', '25', 'CONTRACT', 'MAIN', start],
      );
      const applyId = at(json?.data, 'applyId');
      assert.match(String(applyId), /^[0-9a-f]{24}$/);
      assert.equal(sandbox.row({ type: 'contract', currency: 'USDT' })?.held, '122.5');
      assert.equal(total(sandbox, 'main'), '2480.75');
      const during = await overview();
      assert.deepEqual([at(during, 'frozenFunds'), at(during, 'availableBalance')], [25, 377.5]);

      sandbox.setClock({ advanceMs: 999 });
      assert.equal((await list())[0]?.['status'], 'PROCESSING');
      sandbox.setClock({ advanceMs: 1 });
      const [row] = await list();
      assert.deepEqual(
        [row?.['applyId'], row?.['status'], row?.['amount'], row?.['reason'], row?.['createdAt']],
        [applyId, 'SUCCESS', '25', '', start],
      );
      assert.equal(total(sandbox, 'main'), '2505.75');
      assert.equal(total(sandbox, 'contract'), '475');
      const moved = sandbox.ledger().journal.slice(-2);
      assert.deepEqual(
        moved.map(({ time, reference, bizType }) => [time, reference, bizType]),
        [
          [start + 1000, applyId, 'TRANSFER'],
          [start + 1000, applyId, 'TRANSFER'],
        ],
      );
      assert.deepEqual(
        [at(await overview(), 'frozenFunds'), at(await overview(), 'marginBalance')],
        [0, 475],
      );
    });

    it('can fail, and gives the funds back', async () => {
      sandbox.setSwitches({ transferOutEnd: 'FAILURE' });
      await out();
      sandbox.setClock({ advanceMs: 1000 });
      const [row] = await list();
      assert.equal(row?.['status'], 'FAILURE');
      assert.notEqual(row['reason'], '');
      assert.deepEqual([total(sandbox, 'main'), total(sandbox, 'contract')], ['2480.75', '500']);
      assert.equal(sandbox.row({ type: 'contract', currency: 'USDT' })?.held, '97.5');
    });

    it('can stay in PROCESSING for ever', async () => {
      sandbox.setSwitches({ transferOutEnd: 'never' });
      await out();
      sandbox.setClock({ advanceMs: 86_000_000 });
      assert.equal((await list())[0]?.['status'], 'PROCESSING');
    });

    it('moves the money once per call: nothing tells two of them apart', async () => {
      await out();
      await out();
      sandbox.setClock({ advanceMs: 1000 });
      assert.equal(total(sandbox, 'main'), '2530.75');
      assert.equal(new Set((await list()).map((row) => row['applyId'])).size, 2);
    });

    it('cannot promise the same funds twice', async () => {
      await out({ amount: 300 });
      const answer = await refusedWith(() => out({ amount: 100 }));
      assert.equal(answer, '200 200000 Failed to transfer out. The amount exceeds the upper limit');
    });

    it('hides a refusal behind the success code when the amount is above the limit', async () => {
      const msgs = {
        upperLimit: '200 200000 Failed to transfer out. The amount exceeds the upper limit',
        maxFunds: '200 200000 Unsuccessful! Exceeded the max. funds out-transfer limit',
        insufficientBalance: '200 230003 Balance insufficient!',
      } as const;
      for (const [transferOutRefusal, answer] of Object.entries(msgs)) {
        sandbox.setSwitches({ transferOutRefusal: transferOutRefusal as keyof typeof msgs });
        assert.equal(await refusedWith(() => out({ amount: 390.01 })), answer);
        assert.deepEqual(await list(), []);
      }
      assert.equal((await out({ amount: 390 })).json?.code, '200000');
      assert.equal(sandbox.requests().recent.filter(({ executed }) => executed === 0).length, 3);
    });

    it('has no data beside the message of the trap', async () => {
      const { json } = await out({ amount: 100_000 });
      assert.deepEqual(Object.keys(json ?? {}), ['code', 'msg']);
    });

    it('goes to MAIN and TRADE only', async () => {
      for (const recAccountType of ['MARGIN', 'CONTRACT', 'main', 'TRADE_HF']) {
        const answer = await refusedWith(() => out({ recAccountType }));
        assert.equal(answer, '200 400100 recAccountType not in the given range');
      }
      await out({ recAccountType: 'TRADE' });
      sandbox.setClock({ advanceMs: 1000 });
      assert.equal(total(sandbox, 'trade'), '145.5');
    });

    it('keeps PROCESSING over a reset of the clock, and survives a state without it', async () => {
      await out();
      sandbox.setClock({ skewMs: -5000 });
      assert.equal((await list(`?startAt=${start - 1000}`))[0]?.['status'], 'PROCESSING');
    });
  });

  describe('in', () => {
    it('moves at once, and answers null today', async () => {
      const { json } = await into();
      assert.deepEqual(json, { code: '200000', data: null });
      assert.deepEqual([total(sandbox, 'main'), total(sandbox, 'contract')], ['2455.75', '525']);
    });

    it('answers with code "200" in seed, and as the switch says', async () => {
      const old = { code: '200', msg: '', retry: true, success: true };
      sandbox.setSwitches({ oldEnvelope: 'always' });
      assert.deepEqual((await into()).json, old);
      await sandbox.reset({ world: 'seed' });
      assert.deepEqual((await into()).json, old);
      sandbox.setSwitches({ oldEnvelope: 'never' });
      assert.deepEqual((await into()).json, { code: '200000', data: null });
    });

    it('refuses what the account does not hold', async () => {
      assert.equal(await refusedWith(() => into({ amount: 2480.76 })), '200 230003 Balance insufficient!');
    });

    it('comes from MAIN and TRADE only', async () => {
      for (const payAccountType of ['MARGIN', 'CONTRACT', 'main', 'OPTION']) {
        assert.equal(
          await refusedWith(() => into({ payAccountType })),
          '200 400100 payAccountType not in the given range!',
        );
      }
      assert.equal((await into({ payAccountType: 'TRADE' })).json?.code, '200000');
      assert.equal(total(sandbox, 'trade'), '95.5');
    });

    it('refuses a user who has not opened futures', async () => {
      const credentials = sandbox.addKey({ uid: 700100204, permissions: ['General', 'Futures'] });
      assert.match(await refusedWith(() => into({ amount: 1 }, { credentials })), /^200 400100 .*not opened/);
    });
  });

  it('want Futures, and nothing else will do', async () => {
    const credentials: Credentials = { ...demoKeys.ipLimited, keyVersion: '3' };
    sandbox.setSwitches({ clientIp: '198.51.100.7' });
    assert.match(await refusedWith(() => out({}, { credentials })), /^403 400007 /);
    assert.match(await refusedWith(() => into({}, { credentials })), /^403 400007 /);
  });

  it('take a JSON number, and text only when the switch says so', async () => {
    for (const amount of ['25', '0.00000001']) {
      assert.match(await refusedWith(() => out({ amount })), /^200 400100 .*amount/);
      assert.match(await refusedWith(() => into({ amount })), /^200 400100 .*amount/);
    }
    sandbox.setSwitches({ futuresAmountText: 'accepted' });
    assert.equal((await out({ amount: '25' })).json?.code, '200000');
    assert.equal((await into({ amount: '25' })).json?.code, '200000');
  });

  it('keep every digit of the number as written', async () => {
    sandbox.credit({ type: 'contract', currency: 'USDT', amount: '90071992.54740993' });
    const written = '90071992.54740993';
    const reply = await raw(
      '/api/v3/transfer-out',
      `{"currency":"USDT","amount":${written},"recAccountType":"MAIN"}`,
    );
    assert.equal(at(reply.json?.data, 'amount'), written);
    await raw('/api/v1/transfer-in', '{"currency":"USDT","amount":1e-8,"payAccountType":"MAIN"}');
    assert.equal(sandbox.ledger().journal.at(-1)?.amount, '0.00000001');
    const zeros = await raw(
      '/api/v1/transfer-in',
      '{"currency":"USDT","amount":0.10,"payAccountType":"MAIN"}',
    );
    assert.equal(zeros.json?.code, '200000');
    for (const amount of [
      '0',
      '-1',
      '1e999',
      '0.000000001',
      '12345678901234567890',
      '[1]',
      '{"a":1}',
      'true',
    ]) {
      const body = `{"currency":"USDT","amount":${amount},"payAccountType":"MAIN"}`;
      assert.match(
        await refusedWith(() => raw('/api/v1/transfer-in', body)),
        /^200 (400100|230003) /,
        amount,
      );
    }
  });

  it('take at most a thousand million out', async () => {
    sandbox.credit({ type: 'contract', currency: 'USDT', amount: '5000000000' });
    assert.match(await refusedWith(() => out({ amount: 1_000_000_001 })), /^200 400100 /);
    assert.equal((await out({ amount: 1_000_000_000 })).json?.code, '200000');
  });

  it('call Bitcoin XBT', async () => {
    assert.match(await refusedWith(() => into({ currency: 'BTC', amount: 0.01 })), /^200 400100 currency/);
    assert.equal((await into({ currency: 'XBT', amount: 0.01 })).json?.code, '200000');
    assert.equal(total(sandbox, 'contract', 'BTC'), '0.06');
    const reply = await out({ currency: 'XBT', amount: 0.02 });
    assert.equal(at(reply.json?.data, 'currency'), 'XBT');
    sandbox.setSwitches({ bitcoinNames: 'either' });
    assert.equal((await into({ currency: 'BTC', amount: 0.01 })).json?.code, '200000');
  });

  it('refuse a currency that futures do not settle in', async () => {
    for (const currency of ['KCS', 'NOPE']) {
      assert.match(await refusedWith(() => into({ currency, amount: 1 })), /^200 400100 /);
      assert.match(await refusedWith(() => out({ currency, amount: 1 })), /^200 400100 /);
    }
  });

  it('are abandoned today', async () => {
    sandbox.setSwitches({ supersededAnswer: 'offlineTrap' });
    assert.equal(await refusedWith(() => out()), '200 200000 The interface is offline');
    assert.equal(await refusedWith(() => into()), '200 200000 The interface is offline');
  });

  describe('list', () => {
    it('filters by currency, status and time, newest first', async () => {
      await out({ amount: 1 });
      await out({ amount: 0.01, currency: 'XBT' });
      sandbox.setClock({ advanceMs: 1000 });
      await out({ amount: 2 });
      const amounts = async (query: string): Promise<unknown[]> =>
        (await list(query)).map((row) => row['amount']);
      assert.deepEqual(await amounts(''), ['2', '0.01', '1']);
      assert.deepEqual(await amounts('?currency=XBT'), ['0.01']);
      assert.deepEqual(await amounts('?status=SUCCESS'), ['0.01', '1']);
      assert.deepEqual(await amounts('?queryStatus=SUCCESS&queryStatus=PROCESSING'), ['2', '0.01', '1']);
      assert.deepEqual(await amounts('?queryStatus=FAILURE'), []);
      assert.deepEqual(await amounts(`?startAt=${start + 500}&endAt=${start + 5000}`), ['2']);
    });

    it('shows at most a day, and the pages of 5.1', async () => {
      const refusal = async (query: string): Promise<string | undefined> =>
        (await call(sandbox, 'GET', `/api/v1/transfer-list${query}`, { futures: true })).json?.code;
      assert.equal(await refusal(`?startAt=${start - 86_400_001}&endAt=${start}`), '200001');
      assert.equal(await refusal(`?startAt=${start}&endAt=${start}`), '400100');
      assert.equal(await refusal('?pageSize=501'), '400100');
      assert.equal(await refusal('?pageSize=9'), '400100');
      for (let n = 0; n < 12; n++) await out({ amount: 1 });
      sandbox.clearQuotas();
      const { json } = await call(sandbox, 'GET', '/api/v1/transfer-list?pageSize=10&currentPage=2', {
        futures: true,
      });
      assert.deepEqual(
        ['currentPage', 'pageSize', 'totalNum', 'totalPage'].map((name) => at(json?.data, name)),
        [2, 10, 12, 2],
      );
      assert.equal(at(json?.data, 'items', 'length'), 2);
    });

    it('shows the futures legs of Flex Transfer only when the switch says so', async () => {
      await call(sandbox, 'POST', '/api/v3/accounts/universal-transfer', {
        body: {
          clientOid: 'flex',
          currency: 'USDT',
          amount: '3',
          type: 'INTERNAL',
          fromAccountType: 'CONTRACT',
          toAccountType: 'MAIN',
        },
      });
      const recent = `?startAt=${start}&endAt=${start + 1000}`;
      assert.deepEqual(await list(recent), []);
      sandbox.setSwitches({ transferOutList: 'all' });
      assert.deepEqual(
        (await list(recent)).map((row) => [row['amount'], row['status']]),
        [['3', 'SUCCESS']],
      );
    });

    it('holds serial numbers that a float would not', async () => {
      await out();
      const { text } = await call(sandbox, 'GET', '/api/v1/transfer-list', { futures: true });
      assert.match(text, /"offset":\d{17}[,}]/);
    });
  });

  it('keep running over a restart', async () => {
    await sandbox.stop();
    const folder = await mkdtemp(path.join(tmpdir(), 'sandbox-out-'));
    const stateFile = path.join(folder, 'state.json');
    await begin({ stateFile });
    await out();
    await sandbox.stop();
    await begin({ stateFile });
    assert.equal((await list())[0]?.['status'], 'PROCESSING');
    sandbox.setClock({ advanceMs: 1000 });
    assert.equal(total(sandbox, 'main'), '2505.75');
    assert.equal((await list())[0]?.['status'], 'SUCCESS');
    await rm(folder, { recursive: true });
  });

  it('suffer the same faults as any call', async () => {
    sandbox.addFault({ kind: 'reset', when: 'after', match: { endpoint: 'futuresTransferIn' } });
    await assert.rejects(into());
    assert.equal(total(sandbox, 'contract'), '525');
    sandbox.addFault({ kind: 'duplicate', match: { endpoint: 'futuresTransferOut' } });
    await out();
    sandbox.setClock({ advanceMs: 1000 });
    assert.equal(total(sandbox, 'contract'), '475');
    sandbox.addFault({ kind: 'successTrap', match: { path: '/api/v1/transfer-in' } });
    assert.equal((await into()).json?.data, undefined);
    assert.equal(total(sandbox, 'contract'), '475');
    sandbox.addFault({ kind: 'dropField', field: 'data.availableBalance', match: { host: 'futures' } });
    assert.equal(at(await overview(), 'availableBalance'), undefined);
    assert.equal(at(await overview(), 'availableBalance'), 377.5);
    assert.equal((await transfer(sandbox)).json?.code, '200000');
  });
});
