import assert from 'node:assert/strict';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/main';
import { at, call, transfer, type Reply } from './caller';

const start = 1_700_000_000_000;
const hour = 3_600_000;
const day = 24 * hour;

interface Row {
  id: string | number;
  amount: string;
  accountType: string;
  bizType: string;
  direction: string;
  createdAt: number | string;
  context: string;
  currency: string;
  balance: string;
}

describe('sandbox ledgers', () => {
  let sandbox: Sandbox;
  let chance = 0;

  async function begin(options: SandboxOptions = {}): Promise<void> {
    sandbox = await startSandbox({ clock: () => start, random: () => chance, ...options });
  }
  beforeEach(async () => {
    chance = 0;
    await begin();
  });
  afterEach(() => sandbox.stop());

  const get = (target: string, futures = false): Promise<Reply> => call(sandbox, 'GET', target, { futures });
  async function data(target: string, futures = false): Promise<unknown> {
    const { json } = await get(target, futures);
    assert.equal(json?.code, '200000', json?.msg);
    return json.data;
  }
  async function ledger(query = ''): Promise<Row[]> {
    return at(await data(`/api/v1/accounts/ledgers?${query}`), 'items') as Row[];
  }
  async function hf(query = ''): Promise<Row[]> {
    return (await data(`/api/v1/hf/accounts/ledgers?${query}`)) as Row[];
  }
  async function hfMargin(query = ''): Promise<Row[]> {
    return (await data(`/api/v3/hf/margin/account/ledgers?${query}`)) as Row[];
  }
  async function futures(query = ''): Promise<{ hasMore: boolean; dataList: Record<string, unknown>[] }> {
    return (await data(`/api/v1/transaction-history?${query}`, true)) as {
      hasMore: boolean;
      dataList: Record<string, unknown>[];
    };
  }
  const later = (ms: number): number => sandbox.setClock({ advanceMs: ms });
  const codeOf = async (target: string, onFutures = false): Promise<string> => {
    const { http, json } = await get(target, onFutures);
    return `${http} ${json?.code ?? ''} ${json?.msg ?? ''}`.trim();
  };

  describe('of spot and margin', () => {
    it('shows both legs of a transfer, without clientOid, orderId or the other side', async () => {
      const { json } = await transfer(sandbox, { clientOid: 'needle' });
      later(2000);
      const rows = await ledger(`bizType=TRANSFER&startAt=${start}`);
      assert.deepEqual(
        rows.map(({ accountType, direction, amount, bizType, createdAt, context }) => [
          accountType,
          direction,
          amount,
          bizType,
          createdAt,
          context,
        ]),
        [
          ['TRADE', 'in', '12.5', 'TRANSFER', start, ''],
          ['MAIN', 'out', '12.5', 'TRANSFER', start, ''],
        ],
      );
      assert.match(String(rows[0]?.id), /^\d+$/);
      assert.match(String(rows[1]?.id), /^[0-9a-f]{24}$/);
      const text = JSON.stringify(rows);
      assert.ok(!text.includes('needle') && !text.includes(String(at(json?.data, 'orderId'))));
    });

    it('shows a row 0.3 to 2 seconds after the transfer, each in its own time', async () => {
      await transfer(sandbox);
      later(299);
      assert.deepEqual(await ledger(`startAt=${start}`), []);
      later(1);
      assert.equal((await ledger(`startAt=${start}`)).length, 2);

      sandbox.clearQuotas();
      chance = 0.999;
      await transfer(sandbox);
      later(1000);
      assert.equal((await ledger(`startAt=${start + 300}`)).length, 0);
      later(1000);
      assert.equal((await ledger(`startAt=${start + 300}`)).length, 2);
      assert.equal((await hf(`startAt=${start + 300}`)).length, 1);
    });

    it('waits as long as the switches say', async () => {
      sandbox.setSwitches({ ledgerDelayMs: 0, ledgerJitterMs: 0 });
      await transfer(sandbox);
      assert.equal((await ledger(`startAt=${start}`)).length, 2);
      sandbox.setSwitches({ ledgerDelayMs: 60_000 });
      later(1);
      await transfer(sandbox);
      later(59_999);
      assert.equal((await ledger(`startAt=${start + 1}`)).length, 0);
      later(1);
      assert.equal((await ledger(`startAt=${start + 1}`)).length, 2);
    });

    it('calls a transfer between master and sub-account SUB_TRANSFER, and shows the own leg only', async () => {
      await call(sandbox, 'POST', '/api/v2/accounts/sub-transfer', {
        body: {
          clientOid: 'sub',
          currency: 'USDT',
          amount: '5',
          direction: 'OUT',
          subUserId: '65aa0000000000000000b001',
        },
      });
      later(2000);
      const rows = await ledger(`bizType=SUB_TRANSFER&startAt=${start}`);
      assert.deepEqual(
        rows.map(({ accountType, direction, amount }) => [accountType, direction, amount]),
        [['MAIN', 'out', '5']],
      );
    });

    it('filters by currency, direction and kind', async () => {
      const all = await ledger();
      assert.ok(all.length > 5, 'the demo data has a history');
      const wanted = (query: string, fits: (row: Row) => boolean): Promise<void> =>
        ledger(query).then((rows) =>
          assert.deepEqual(
            rows.map(({ id }) => id),
            all.filter(fits).map(({ id }) => id),
          ),
        );
      await wanted('currency=KCS', (row) => row.currency === 'KCS');
      await wanted('currency=KCS,USDT', (row) => ['KCS', 'USDT'].includes(row.currency));
      await wanted('direction=in', (row) => row.direction === 'in');
      await wanted('bizType=TRADE_EXCHANGE', (row) => row.bizType === 'TRADE_EXCHANGE');
      await wanted('bizType=NOPE', () => false);
      await wanted('currency=NOPE', () => false);
    });

    it('is ordered from new to old, and holds no futures rows', async () => {
      const rows = await ledger(`startAt=${start - day}&endAt=${start}`);
      const times = rows.map(({ createdAt }) => Number(createdAt));
      assert.deepEqual(
        times,
        [...times].sort((a, b) => b - a),
      );
      assert.ok(rows.every(({ accountType }) => accountType !== 'CONTRACT'));
    });

    it('completes one bound with 24 hours, and refuses more', async () => {
      const count = async (query: string): Promise<number> => (await ledger(query)).length;
      const window = await count(`startAt=${start - 3 * day}&endAt=${start - 2 * day}`);
      assert.equal(await count(`endAt=${start - 2 * day}`), window);
      assert.equal(await count(`startAt=${start - 3 * day}`), window);
      assert.equal(await count(''), await count(`startAt=${start - day}&endAt=${start}`));
      assert.match(
        await codeOf(`/api/v1/accounts/ledgers?startAt=${start - day - 1}&endAt=${start}`),
        /^200 400100 /,
      );
      assert.match(
        await codeOf(`/api/v1/accounts/ledgers?startAt=${start}&endAt=${start - 1}`),
        /^200 400100 /,
      );
    });

    it('has pages of 10 to 500 rows; a page past the end is empty', async () => {
      for (let n = 0; n < 8; n++) await transfer(sandbox, { amount: '0.01' });
      later(2000);
      const page = async (query: string): Promise<unknown> => {
        const found = await data(`/api/v1/accounts/ledgers?startAt=${start}&${query}`);
        return [
          ...['currentPage', 'pageSize', 'totalNum', 'totalPage'].map((name) => at(found, name)),
          at(found, 'items', 'length'),
        ];
      };
      assert.deepEqual(await page('pageSize=10'), [1, 10, 16, 2, 10]);
      assert.deepEqual(await page('pageSize=10&currentPage=2'), [2, 10, 16, 2, 6]);
      assert.deepEqual(await page('pageSize=10&currentPage=3'), [3, 10, 16, 2, 0]);
      assert.deepEqual(await page(''), [1, 50, 16, 1, 16]);
      assert.equal(
        await codeOf('/api/v1/accounts/ledgers?pageSize=501'),
        '200 400100 pageSize should not greater than 500',
      );
      assert.match(await codeOf('/api/v1/accounts/ledgers?pageSize=9'), /^200 400100 /);
      assert.match(await codeOf('/api/v1/accounts/ledgers?currentPage=0'), /^200 400100 /);
    });

    it('writes bizType in the way that the switch says', async () => {
      const names = async (): Promise<string[]> =>
        [...new Set((await ledger()).map(({ bizType }) => bizType))].sort();
      const codes = await names();
      assert.ok(codes.includes('SUB_TRANSFER'));
      sandbox.setSwitches({ bizTypeNames: 'display' });
      const display = await names();
      assert.ok(display.includes('Sub Account Transfer') && display.includes('Trade_Exchange'));
      assert.ok(display.every((name) => !codes.includes(name)));
      sandbox.setSwitches({ bizTypeNames: 'mixed' });
      const mixed = await names();
      assert.ok(mixed.some((name) => codes.includes(name)) && mixed.some((name) => display.includes(name)));
    });

    it('tells pair, order and trade of a trade as JSON text', async () => {
      const [row] = await ledger('bizType=TRADE_EXCHANGE');
      assert.deepEqual(Object.keys(JSON.parse(row!.context) as object), ['symbol', 'orderId', 'tradeId']);
    });
  });

  describe('of the HF accounts', () => {
    it('shows the trade leg with the balance after, and times as text', async () => {
      await transfer(sandbox);
      later(2000);
      const [row, ...others] = await hf(`startAt=${start}`);
      assert.deepEqual(others, []);
      assert.deepEqual(row, {
        id: row?.id,
        currency: 'USDT',
        amount: '12.50000000',
        fee: '0.00000000',
        tax: '0',
        balance: '133.00000000',
        accountType: 'TRADE_HF',
        bizType: 'TRANSFER',
        direction: 'in',
        createdAt: String(start),
        context: '{}',
      });
      const plain = await ledger(`startAt=${start}&direction=in`);
      assert.equal(plain[0]?.id, row.id);
    });

    it('goes on below the lastId, and ends with an empty list', async () => {
      for (let n = 1; n <= 5; n++) await transfer(sandbox, { amount: String(n) });
      later(2000);
      const amounts = (rows: Row[]): string[] => rows.map(({ amount }) => amount.replace('.00000000', ''));
      const first = await hf(`limit=2&startAt=${start}`);
      assert.deepEqual(amounts(first), ['5', '4']);
      const second = await hf(`limit=2&startAt=${start}&lastId=${String(first[1]?.id)}`);
      assert.deepEqual(amounts(second), ['3', '2']);
      const third = await hf(`limit=2&startAt=${start}&lastId=${String(second[1]?.id)}`);
      assert.deepEqual(amounts(third), ['1']);
      assert.deepEqual(await hf(`limit=2&startAt=${start}&lastId=${String(third[0]?.id)}`), []);
      assert.deepEqual(await hf('lastId=1'), []);
      for (const limit of ['0', '201', 'x']) {
        assert.match(await codeOf(`/api/v1/hf/accounts/ledgers?limit=${limit}`), /^200 400100 /);
      }
    });

    it('reaches back seven days today and three in seed, without a word', async () => {
      const rows = await hf(`startAt=${start - 30 * day}`);
      assert.ok(rows.length > 0);
      assert.ok(rows.every(({ createdAt }) => Number(createdAt) >= start - 7 * day));
      const all = sandbox.ledger().journal.filter(({ uid, type }) => uid === 700100200 && type === 'trade');
      assert.ok(all.some(({ time }) => time < start - 7 * day));
      await sandbox.reset({ world: 'seed' });
      await transfer(sandbox, { to: 'trade_hf' });
      later(2000);
      assert.equal((await hf(`startAt=${start - 30 * day}`)).length, 1);
      later(3 * day - 2000);
      assert.equal((await hf()).length, 1);
      later(1);
      assert.equal((await hf()).length, 0);
    });

    it('keeps the separate HF account of seed apart from the spot ledger', async () => {
      await sandbox.reset({ world: 'seed' });
      await transfer(sandbox, { to: 'trade_hf' });
      await transfer(sandbox, { from: 'margin', to: 'margin_v2', amount: '3' });
      later(2000);
      const plain = await ledger(`startAt=${start}`);
      assert.deepEqual(
        plain.map(({ accountType }) => accountType),
        ['MARGIN', 'MAIN'],
      );
      assert.deepEqual(
        (await hf()).map(({ accountType }) => accountType),
        ['TRADE_HF'],
      );
      assert.deepEqual(
        (await hfMargin()).map(({ accountType, amount }) => [accountType, amount]),
        [['MARGIN_V2', '3.00000000']],
      );
    });

    it('has numbers as ids and times of the margin ledger, or text, or huge numbers', async () => {
      await transfer(sandbox, { to: 'margin' });
      later(2000);
      const text = async (): Promise<string> =>
        (await get(`/api/v3/hf/margin/account/ledgers?startAt=${start}`)).text;
      assert.match(await text(), /"id":77\d{13},.*"accountType":"MARGIN_V2","createdAt":1700000000000/);
      sandbox.setSwitches({ hfMarginLedger: 'text', hfMarginNames: 'plain' });
      assert.match(await text(), /"id":"77\d{13}",.*"accountType":"MARGIN","createdAt":"1700000000000"/);
      sandbox.setSwitches({ hfMarginLedger: 'hugeNumbers' });
      const [, id = ''] = /"id":(\d+),/.exec(await text()) ?? [];
      assert.ok(BigInt(id) > 2n ** 53n);
      assert.notEqual(String(Number(id)), id);
      assert.deepEqual(await hfMargin(`startAt=${start}&lastId=${id}`), []);
      assert.equal((await hfMargin(`startAt=${start}&lastId=${BigInt(id) + 1n}`)).length, 1);
    });

    it('shows isolated margin too', async () => {
      await transfer(sandbox, { to: 'isolated', toTag: 'ETH-USDT' });
      later(2000);
      const rows = await hfMargin(`startAt=${start}`);
      assert.deepEqual(
        rows.map(({ accountType }) => accountType),
        ['ISOLATED_V2'],
      );
    });
  });

  describe('of futures', () => {
    it('shows the futures leg, with amounts as exact numbers', async () => {
      sandbox.credit({ type: 'contract', currency: 'USDT', amount: '0.000000000000000001' });
      await transfer(sandbox, { to: 'contract', amount: '0.00000001' });
      later(2000);
      const { text } = await get(`/api/v1/transaction-history?startAt=${start}&type=Transferin`, true);
      assert.match(text, /"amount":0\.00000001,/);
      assert.match(text, /"accountEquity":500\.000000010000000001,/);
      const { dataList, hasMore } = await futures(`startAt=${start}&type=Transferin`);
      assert.equal(hasMore, false);
      assert.deepEqual(
        ['time', 'type', 'status', 'remark', 'currency'].map((name) => dataList[0]?.[name]),
        [start, 'TransferIn', 'Completed', 'Transferred from Funding Account', 'USDT'],
      );
    });

    it('is the only ledger with that leg', async () => {
      await transfer(sandbox, { to: 'contract' });
      later(2000);
      assert.equal((await ledger(`startAt=${start}`)).length, 1);
      assert.equal((await hf(`startAt=${start}`)).length, 0);
    });

    it('goes on below the smallest offset until there is no more', async () => {
      for (let n = 1; n <= 5; n++) await transfer(sandbox, { to: 'contract', amount: String(n) });
      later(2000);
      const amounts: unknown[] = [];
      let offset = '';
      for (let page = 0; page < 3; page++) {
        const { hasMore, dataList } = await futures(`startAt=${start}&maxCount=2${offset}`);
        amounts.push(dataList.map((row) => row['amount']));
        assert.equal(hasMore, page < 2);
        offset = `&offset=${Math.min(...dataList.map((row) => Number(row['offset'])))}`;
      }
      assert.deepEqual(amounts, [[5, 4], [3, 2], [1]]);
      const newer = await futures(`startAt=${start}&maxCount=2${offset}&forward=false`);
      assert.deepEqual(
        newer.dataList.map((row) => row['amount']),
        [3, 2],
      );
    });

    it('starts with a pending row that has no place, when the switch says so', async () => {
      sandbox.setSwitches({ futuresPendingRow: true });
      const { dataList } = await futures('currency=USDT');
      assert.deepEqual(
        [dataList[0]?.['status'], dataList[0]?.['offset'], dataList[1]?.['status']],
        ['Pending', -1, 'Completed'],
      );
      const next = await futures(`currency=USDT&offset=${String(dataList[1]?.['offset'])}`);
      assert.ok(next.dataList.every((row) => row['status'] === 'Completed'));
      assert.match(await codeOf('/api/v1/transaction-history?offset=-1', true), /^200 400100 /);
    });

    it('filters by kind, whatever the case, unless the switch says otherwise', async () => {
      const kinds = async (type: string): Promise<unknown[]> => [
        ...new Set((await futures(`type=${type}`)).dataList.map((row) => row['type'])),
      ];
      assert.deepEqual(await kinds('RealisedPNL'), ['RealisedPNL']);
      assert.deepEqual(await kinds('TransferIn'), await kinds('Transferin'));
      sandbox.setSwitches({ futuresTypeFilter: 'exact' });
      assert.deepEqual(await kinds('TransferIn'), []);
      assert.deepEqual(await kinds('TransferOut'), ['TransferOut']);
    });

    it('signs profits and losses, and transfers out when the switch says so', async () => {
      const amounts = async (type: string): Promise<unknown[]> =>
        (await futures(`type=${type}`)).dataList.map((row) => row['amount']);
      assert.deepEqual(await amounts('RealisedPNL'), [0.25, -0.25]);
      assert.deepEqual(await amounts('TransferOut'), [15]);
      sandbox.setSwitches({ transferOutSign: 'negative' });
      assert.deepEqual(await amounts('TransferOut'), [-15]);
    });

    it('calls Bitcoin XBT, and asks for a day at most', async () => {
      const body = { currency: 'XBT', amount: 0.01, payAccountType: 'MAIN' };
      await call(sandbox, 'POST', '/api/v1/transfer-in', { body, futures: true });
      later(2000);
      const { dataList } = await futures('currency=XBT');
      assert.deepEqual(
        dataList.map((row) => row['currency']),
        ['XBT'],
      );
      assert.match(await codeOf('/api/v1/transaction-history?currency=BTC', true), /^200 400100 /);
      const wide = `startAt=${start - day - 1}&endAt=${start}`;
      assert.match(await codeOf(`/api/v1/transaction-history?${wide}`, true), /^200 200001 /);
      const empty = `startAt=${start}&endAt=${start}`;
      assert.match(await codeOf(`/api/v1/transaction-history?${empty}`, true), /^200 400100 /);
    });
  });
});
