import assert from 'node:assert/strict';
import {
  fits,
  movements,
  movementsAsCsv,
  movementsAsJson,
  runningDifferences,
  type Movement,
  type MovementQuery,
} from '../../../src/portfolio/movements';
import { d, FakeExchange, refusal, type Answers } from './support';

const day = 86_400_000;
const now = 1_700_000_000_000;

const ledgerPath = '/api/v1/accounts/ledgers';
const hfPath = '/api/v1/hf/accounts/ledgers';
const hfMarginPath = '/api/v3/hf/margin/account/ledgers';
const futuresPath = '/api/v1/transaction-history';

interface Row {
  readonly id: string;
  readonly at: number;
  readonly amount?: string;
  readonly direction?: string;
  readonly accountType?: string;
  readonly bizType?: string;
  readonly context?: string | null;
}

function spotRow({ id, at, ...rest }: Row): unknown {
  return {
    id,
    currency: 'USDT',
    amount: '12.5',
    fee: '0',
    balance: '0',
    accountType: 'MAIN',
    bizType: 'TRANSFER',
    direction: 'in',
    createdAt: at,
    context: '',
    ...rest,
  };
}

function page(items: readonly unknown[], currentPage = 1, totalPage = 1): unknown {
  return { currentPage, pageSize: 500, totalNum: items.length, totalPage, items };
}

const within = (rows: readonly Row[], search: string): Row[] => {
  const query = new URLSearchParams(search);
  const [start, end] = [Number(query.get('startAt')), Number(query.get('endAt'))];
  return rows.filter(({ at }) => at >= start && at <= end);
};

async function read(
  exchange: FakeExchange,
  query: Partial<MovementQuery> & Pick<MovementQuery, 'account'>,
  limit = Infinity,
): Promise<{ rows: Movement[]; back: number[] }> {
  const rows: Movement[] = [];
  const back: number[] = [];
  const { client } = exchange;
  const whole: MovementQuery = { startAt: now - 3 * day, endAt: now, ...query };
  for await (const step of movements(client.call.bind(client), whole)) {
    if ('movement' in step) rows.push(step.movement);
    else back.push(step.readBackTo);
    if (rows.length >= limit) break;
  }
  return { rows, back };
}

const exchangeWith = (answers: Answers): FakeExchange => new FakeExchange(answers, 'https://fake-futures');

describe('the movements of an account', () => {
  it('come newest first over several days, each once, although neighbouring days share a moment', async () => {
    const rows: Row[] = [
      { id: 'c', at: now - 1 },
      { id: 'b', at: now - day },
      { id: 'a', at: now - 2 * day - 5 },
    ];
    const exchange = exchangeWith({
      [ledgerPath]: (search: string) => page(within(rows, search).map(spotRow)),
    });
    const { rows: found, back } = await read(exchange, { account: 'main' });
    assert.deepEqual(
      found.map(({ id }) => id),
      ['c', 'b', 'a'],
    );
    assert.deepEqual(back, [now - day, now - 2 * day, now - 3 * day]);
  });

  it('of other accounts in the same ledger are left out', async () => {
    const exchange = exchangeWith({
      [ledgerPath]: () =>
        page([spotRow({ id: 'a', at: now }), spotRow({ id: 'b', at: now, accountType: 'TRADE' })]),
    });
    const { rows } = await read(exchange, { account: 'trade', startAt: now - day });
    assert.deepEqual(
      rows.map(({ id }) => id),
      ['b'],
    );
  });

  it('are read page by page as they are wanted, not before', async () => {
    const exchange = exchangeWith({
      [ledgerPath]: (search: string) => {
        const number = Number(new URLSearchParams(search).get('currentPage'));
        return page([spotRow({ id: `p${number}`, at: now - number })], number, 5);
      },
    });
    const { rows } = await read(exchange, { account: 'main', startAt: now - day }, 2);
    assert.deepEqual([rows.length, exchange.askedFor(ledgerPath)], [2, 2]);
  });

  it('ask for one currency where one is wanted', async () => {
    const exchange = exchangeWith({ [ledgerPath]: () => page([]) });
    await read(exchange, { account: 'main', currency: 'KCS', startAt: now - day });
    assert.match(exchange.asked.at(-1) ?? '', /currency=KCS/);
  });

  it('of the HF ledger come by lastId, with text times, and tell the balance after', async () => {
    const rows = Array.from({ length: 201 }, (_, index) => ({
      ...(spotRow({ id: '', at: 0 }) as object),
      id: String(1000 - index),
      createdAt: String(now - index),
      accountType: 'TRADE_HF',
      balance: '132.50000000',
      context: "{'symbol':'KCS-USDT','orderId':'o1'}",
      bizType: 'TRADE_EXCHANGE',
      direction: 'out',
    }));
    const exchange = exchangeWith({
      [hfPath]: (search: string) => {
        const lastId = Number(new URLSearchParams(search).get('lastId') ?? Infinity);
        return rows.filter(({ id }) => Number(id) < lastId).slice(0, 200);
      },
    });
    const { rows: found } = await read(exchange, { account: 'trade_hf' });
    assert.deepEqual([found.length, exchange.askedFor(hfPath)], [201, 2]);
    const { after, kind, about, direction, time } = found[0]!;
    assert.deepEqual([after, kind, about, direction, time], ['132.5', 'trade', 'KCS-USDT · o1', 'out', now]);
  });

  it('of the margin HF ledger keep ids beyond 2^53, and both spellings of the account', async () => {
    const row = (id: string, accountType: string): string =>
      `{"id":${id},"currency":"USDT","amount":"30","fee":"0","balance":"30","accountType":"${accountType}",` +
      `"bizType":"ASSERT_RETURN","direction":"in","createdAt":${now},"context":"{}"}`;
    const exchange = exchangeWith({
      [hfMarginPath]: {
        ok: true,
        status: 200,
        headers: {},
        text: `{"code":"200000","data":[${row('9007199254740993', 'MARGIN_V2')},${row('9007199254740992', 'MARGIN')},${row('5', 'ISOLATED_V2')}]}`,
      },
    });
    const { rows } = await read(exchange, { account: 'margin_v2' });
    assert.deepEqual(
      rows.map(({ id, kind }) => [id, kind]),
      [
        ['9007199254740993', 'loan'],
        ['9007199254740992', 'loan'],
      ],
    );
  });

  it('of futures come by offset: XBT is BTC, the sign of a TransferOut means nothing, a pending row says so', async () => {
    const rows = [
      { offset: -1, type: 'RealisedPNL', amount: -0.25, status: 'Pending', currency: 'XBT' },
      { offset: 9, type: 'TransferOut', amount: 1e-7, status: 'Completed', currency: 'XBT' },
      { offset: 8, type: 'TransferIn', amount: 50, status: 'Completed', currency: 'XBT' },
    ].map((row) => ({ time: now, fee: null, accountEquity: 512.5, remark: 'XBTUSDTM', ...row }));
    const exchange = exchangeWith({
      [futuresPath]: (search: string) =>
        search.includes('offset=9')
          ? { hasMore: false, dataList: rows.slice(2) }
          : { hasMore: true, dataList: rows.slice(0, 2) },
    });
    const { rows: found } = await read(exchange, {
      account: 'contract',
      currency: 'BTC',
      startAt: now - day,
    });
    assert.match(exchange.asked[0] ?? '', /currency=XBT/);
    assert.deepEqual(
      found.map(({ currency, direction, amount, kind, pending }) => [
        currency,
        direction,
        amount,
        kind,
        pending,
      ]),
      [
        ['BTC', 'out', '0.25', 'profit', true],
        ['BTC', 'out', '0.0000001', 'transfer', false],
        ['BTC', 'in', '50', 'transfer', false],
      ],
    );
  });

  it('with words and contexts that nobody knows are still shown', async () => {
    const exchange = exchangeWith({
      [ledgerPath]: () =>
        page([
          spotRow({ id: '1', at: now, bizType: 'Sub Account Transfer', context: 'not json' }),
          spotRow({ id: '2', at: now, bizType: 'Moon Dust', context: '[1]' }),
          spotRow({ id: '3', at: now, bizType: 'KCS Pay Fees', context: null }),
        ]),
    });
    const { rows } = await read(exchange, { account: 'main', startAt: now - day });
    assert.deepEqual(
      rows.map(({ kind, word, about }) => [kind, word, about]),
      [
        ['transfer', 'Sub Account Transfer', ''],
        ['other', 'Moon Dust', ''],
        ['fee', 'KCS Pay Fees', ''],
      ],
    );
  });

  it('fail with the error of the exchange', async () => {
    const exchange = exchangeWith({ [ledgerPath]: refusal });
    await assert.rejects(read(exchange, { account: 'main' }), /KucoinError|400007/);
  });
});

describe('rows of a ledger', () => {
  const row = (direction: 'in' | 'out', amount: string, rest: Partial<Movement> = {}): Movement => ({
    id: 'x',
    time: now,
    currency: 'USDT',
    direction,
    amount: d(amount),
    kind: 'transfer',
    word: 'TRANSFER',
    about: '',
    pending: false,
    ...rest,
  });

  it('sum up from the newest, by currency, exactly; what is not settled does not count', () => {
    const rows = [
      row('in', '0.1'),
      row('out', '5', { pending: true }),
      row('in', '7', { currency: 'KCS' }),
      row('in', '0.2'),
      row('out', '1'),
    ];
    assert.deepEqual(runningDifferences(rows), ['0.1', '0.1', '7', '0.3', '-0.7']);
  });

  it('fit a filter by kind and direction', () => {
    assert.ok(fits(row('in', '1'), {}));
    assert.ok(fits(row('in', '1'), { kind: 'transfer', direction: 'in' }));
    assert.ok(!fits(row('in', '1'), { direction: 'out' }));
    assert.ok(!fits(row('in', '1'), { kind: 'fee' }));
  });

  it('are exported with their sign, and with no formula for a spreadsheet', () => {
    const text = movementsAsCsv([row('out', '1.50', { about: '=HYPERLINK("x")', fee: d('0.1') })]);
    assert.match(text, /"-1.5","0.1","","transfer","TRANSFER","'=HYPERLINK\(""x""\)"/);
    const json = JSON.parse(movementsAsJson('main', [row('in', '0.000000000000000001')])) as {
      movements: unknown[];
    };
    assert.equal(json.movements.length, 1);
  });
});
