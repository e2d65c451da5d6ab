import assert from 'node:assert/strict';
import { KucoinClient, type CallOptions } from '../../../src/kucoin/client';
import type { Endpoint } from '../../../src/kucoin/endpoint';
import { KucoinError } from '../../../src/kucoin/errors';
import {
  accountLedgers,
  futuresLedger,
  futuresTransfersOut,
  hfMarginLedgers,
  hfTradeLedgers,
  subAccounts,
  type ListingOptions,
  type PageCall,
} from '../../../src/kucoin/paging';
import { systemTime } from '../../../src/kucoin/time';
import { send } from '../../../src/kucoin/transport';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import { call as signed, transfer } from '../sandbox/caller';

const dayMs = 24 * 3_600_000;

interface Asked {
  readonly params: Record<string, unknown>;
  readonly options: CallOptions | undefined;
}

/** An exchange that answers what the test says, and notes what it was asked. */
function exchange(answer: (params: Record<string, unknown>, page: number) => unknown): {
  call: PageCall;
  asked: Asked[];
} {
  const asked: Asked[] = [];
  const call = (_endpoint: Endpoint, params: Record<string, unknown>, options?: CallOptions): unknown => {
    asked.push({ params: JSON.parse(JSON.stringify(params)) as Record<string, unknown>, options });
    return Promise.resolve(answer(params, asked.length));
  };
  return { call: call as PageCall, asked };
}

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

/** Reads until the listing fails; what came before, and the failure. */
async function broken<T>(rows: AsyncIterable<T>): Promise<{ found: T[]; error: KucoinError }> {
  const found: T[] = [];
  try {
    for await (const row of rows) found.push(row);
  } catch (error) {
    assert.ok(KucoinError.is(error), String(error));
    return { found, error };
  }
  return assert.fail('the listing ended as if it were complete');
}

const ids = (count: number, from = 1): { id: string }[] =>
  Array.from({ length: count }, (_, n) => ({ id: String(from + n) }));

function numbered(list: readonly unknown[], params: Record<string, unknown>): unknown {
  const [page, size] = [Number(params['currentPage']), Number(params['pageSize'])];
  const items = list.slice((page - 1) * size, page * size);
  return {
    currentPage: page,
    pageSize: size,
    totalNum: list.length,
    totalPage: Math.ceil(list.length / size),
    items,
  };
}

describe('paging by number', () => {
  it('reads page after page until the last', async () => {
    const list = ids(25);
    const { call, asked } = exchange((params) => numbered(list, params));
    assert.deepEqual(await all(accountLedgers(call, { currency: ['USDT'] }, { pageSize: 10 })), list);
    assert.deepEqual(
      asked.map(({ params }) => params),
      [1, 2, 3].map((currentPage) => ({ currency: ['USDT'], currentPage, pageSize: 10 })),
    );
  });

  it('asks for one page where that is all, and for the most that the endpoint gives', async () => {
    for (const [rows, pageSize] of [
      [(call: PageCall) => accountLedgers(call), 500],
      [(call: PageCall) => futuresTransfersOut(call), 500],
      [(call: PageCall) => subAccounts(call), 100],
    ] as const) {
      const { call, asked } = exchange((params) => numbered([], params));
      assert.deepEqual(await all<unknown>(rows(call)), []);
      assert.deepEqual(
        asked.map(({ params }) => params),
        [{ currentPage: 1, pageSize }],
      );
    }
  });

  it('gives a row once, though new rows push it onto the next page', async () => {
    const { call } = exchange((params, page) => {
      // Before each page but the first three rows come in.
      const news = ids(3 * (page - 1), 1000);
      return numbered([...news, ...ids(30)], params);
    });
    const found = await all(accountLedgers(call, {}, { pageSize: 10 }));
    const numbers = found.map(({ id }) => Number(id)).filter((id) => id < 1000);
    assert.deepEqual(
      numbers,
      Array.from({ length: 30 }, (_, n) => n + 1),
    );
    assert.equal(new Set(found.map(({ id }) => id)).size, found.length);
  });

  it('goes on over a page without news, when a whole page of rows came in', async () => {
    const { call } = exchange((params, page) =>
      numbered([...(page > 1 ? ids(10, 500) : []), ...ids(30)], params),
    );
    assert.equal((await all(accountLedgers(call, {}, { pageSize: 10 }))).length, 30);
  });

  it('ends at an empty page, whatever the totals say', async () => {
    const { call, asked } = exchange((_params, page) => ({
      totalPage: 99,
      items: page > 2 ? [] : ids(10, page * 100),
    }));
    assert.equal((await all(accountLedgers(call, {}, { pageSize: 10 }))).length, 20);
    assert.equal(asked.length, 3);
  });

  it('fails on a server that repeats its first page', async () => {
    const { call, asked } = exchange(() => ({ totalPage: 1_000_000, items: ids(10) }));
    const { found, error } = await broken(accountLedgers(call, {}, { pageSize: 10 }));
    assert.equal(found.length, 10);
    assert.deepEqual([error.kind, error.endpoint], ['malformedReply', 'Get Account Ledgers - Spot/Margin']);
    assert.match(error.message, /repeats itself/);
    assert.equal(asked.length, 4);
  });

  it('fails on a list that never ends', async () => {
    const { call, asked } = exchange((_params, page) => ({ totalPage: page + 1, items: ids(10, page * 10) }));
    const { found, error } = await broken(accountLedgers(call, {}, { pageSize: 10, maxPages: 7 }));
    assert.equal(found.length, 70);
    assert.match(error.message, /goes on after 7 pages/);
    assert.equal(asked.length, 7);
  });

  it('reads at most a thousand pages where nothing else is said', async () => {
    const { call, asked } = exchange((_params, page) => ({
      totalPage: page + 1,
      items: [{ userId: String(page) }],
    }));
    await broken(subAccounts(call));
    assert.equal(asked.length, 1000);
  });

  it('steps through a long span a day at a time, newest first, each row once', async () => {
    const end = 1_700_000_000_000;
    const rows = Array.from({ length: 40 }, (_, n) => ({ id: String(n), createdAt: end - n * (dayMs / 12) }));
    const { call, asked } = exchange((params) => {
      const [from, to] = [Number(params['startAt']), Number(params['endAt'])];
      assert.ok(to - from <= dayMs && to > from);
      return numbered(
        rows.filter(({ createdAt }) => createdAt >= from && createdAt <= to),
        params,
      );
    });
    const filter = { startAt: end - 2.5 * dayMs, endAt: end };
    const found = await all(accountLedgers(call, filter, { pageSize: 10 }));
    assert.deepEqual(
      found.map(({ id }) => Number(id)),
      Array.from({ length: 31 }, (_, n) => n),
    );
    assert.deepEqual(
      [...new Set(asked.map(({ params }) => `${String(params['startAt'])}-${String(params['endAt'])}`))],
      [
        `${end - dayMs}-${end}`,
        `${end - 2 * dayMs}-${end - dayMs}`,
        `${end - 2.5 * dayMs}-${end - 2 * dayMs}`,
      ],
    );
  });

  it('leaves one bound, and a span of a day, as they are', async () => {
    for (const filter of [{ startAt: 5 }, { endAt: 5 }, { startAt: 5, endAt: 5 + dayMs }]) {
      const { call, asked } = exchange((params) => numbered([], params));
      await all(futuresTransfersOut(call, filter));
      assert.deepEqual(
        asked.map(({ params }) => params),
        [{ ...filter, currentPage: 1, pageSize: 500 }],
      );
    }
  });

  it('counts the pages of all windows together', async () => {
    const { call, asked } = exchange((params) => numbered([], params));
    const { error } = await broken(
      accountLedgers(call, { startAt: 0, endAt: 400 * dayMs }, { maxPages: 30 }),
    );
    assert.match(error.message, /goes on after 30 pages/);
    assert.equal(asked.length, 30);
  });
});

describe('paging by lastId', () => {
  const below = (list: readonly { id: string }[], params: Record<string, unknown>): unknown =>
    list
      .filter(({ id }) => params['lastId'] === undefined || BigInt(id) < BigInt(params['lastId'] as string))
      .slice(0, Number(params['limit']));

  it('goes on below the last id, until a page is not full', async () => {
    const list = ids(25).reverse();
    const { call, asked } = exchange((params) => below(list, params));
    assert.deepEqual(await all(hfTradeLedgers(call, { direction: 'in' }, { pageSize: 10 })), list);
    assert.deepEqual(
      asked.map(({ params }) => params['lastId']),
      [undefined, '16', '6'],
    );
    assert.ok(asked.every(({ params }) => params['direction'] === 'in' && params['limit'] === 10));
  });

  it('ends with an empty page when the last one was full', async () => {
    const { call, asked } = exchange((params) => below(ids(20).reverse(), params));
    assert.equal((await all(hfMarginLedgers(call, {}, { pageSize: 10 }))).length, 20);
    assert.equal(asked.length, 3);
  });

  it('carries ids beyond 2^53 digit for digit', async () => {
    const list = ['9007199254740995', '9007199254740994', '9007199254740993', '9007199254740992'].map(
      (id) => ({ id }),
    );
    const { call, asked } = exchange((params) => below(list, params));
    assert.deepEqual(await all(hfMarginLedgers(call, {}, { pageSize: 2 })), list);
    assert.deepEqual(
      asked.map(({ params }) => params['lastId']),
      [undefined, '9007199254740994', '9007199254740992'],
    );
  });

  for (const [what, id] of [
    ['repeats its page', '1'],
    ['gives rising ids', undefined],
    ['gives ids that are no numbers', 'x'],
  ] as const) {
    it(`fails on a server that ${what}`, async () => {
      const { call, asked } = exchange((_params, page) => [{ id: id ?? String(page) }]);
      const { error } = await broken(hfTradeLedgers(call, {}, { pageSize: 1 }));
      assert.equal(error.kind, 'malformedReply');
      assert.ok(asked.length <= 2);
    });
  }

  it('fails on a list that never ends', async () => {
    const { call, asked } = exchange((_params, page) => [{ id: String(10 ** 9 - page) }]);
    await broken(hfTradeLedgers(call, {}, { pageSize: 1, maxPages: 12 }));
    assert.equal(asked.length, 12);
  });
});

describe('paging by HasMore', () => {
  interface Row {
    readonly offset: string;
    readonly status: string;
    readonly currency: string;
  }
  const row = (offset: number | string, status = 'Completed'): Row => ({
    offset: String(offset),
    status,
    currency: 'USDT',
  });
  const forward = (list: readonly Row[], params: Record<string, unknown>): unknown => {
    const left = list.filter(
      ({ offset }) => params['offset'] === undefined || BigInt(offset) < BigInt(params['offset'] as string),
    );
    const page = left.slice(0, Number(params['maxCount']));
    return { hasMore: left.length > page.length, dataList: page };
  };

  it('goes on below the smallest offset, until there is no more', async () => {
    const list = [9, 8, 7, 5, 4].map((offset) => row(offset));
    const { call, asked } = exchange((params) => forward(list, params));
    const found = await all(futuresLedger(call, { currency: 'USDT' }, { pageSize: 2 }));
    assert.deepEqual(
      found,
      list.map((one) => ({ ...one, pending: false })),
    );
    assert.deepEqual(
      asked.map(({ params }) => params['offset']),
      [undefined, '8', '5'],
    );
  });

  it('takes the smallest, not the last, and never the -1 of a pending row', async () => {
    const { call, asked } = exchange((_params, page) =>
      page === 1
        ? { hasMore: true, dataList: [row(-1, 'Pending'), row(70), row(60), row(-1, 'Pending'), row(65)] }
        : { hasMore: false, dataList: [row(50)] },
    );
    const found = await all(futuresLedger(call));
    assert.deepEqual(
      found.map(({ offset, pending }) => [offset, pending]),
      [
        ['-1', true],
        ['70', false],
        ['60', false],
        ['65', false],
        ['50', false],
      ],
    );
    assert.equal(asked[1]?.params['offset'], '60');
  });

  it('asks for fifty rows, the most that is known to work', async () => {
    const { call, asked } = exchange(() => ({ hasMore: false, dataList: [] }));
    await all(futuresLedger(call));
    assert.equal(asked[0]?.params['maxCount'], 50);
  });

  for (const [what, dataList] of [
    ['has nothing to go on with', []],
    ['has only a pending row', [row(-1, 'Pending')]],
    ['repeats its page', [row(7)]],
  ] as const) {
    it(`fails on a list that has more but ${what}`, async () => {
      const { call, asked } = exchange(() => ({ hasMore: true, dataList }));
      const { error } = await broken(futuresLedger(call));
      assert.equal(error.kind, 'malformedReply');
      assert.ok(asked.length <= 2);
    });
  }

  it('fails on a list that has more for ever', async () => {
    const { call, asked } = exchange((_params, page) => ({ hasMore: true, dataList: [row(10 ** 9 - page)] }));
    await broken(futuresLedger(call, {}, { maxPages: 9 }));
    assert.equal(asked.length, 9);
  });

  it('steps through a long span a day at a time', async () => {
    const { call, asked } = exchange(() => ({ hasMore: false, dataList: [] }));
    await all(futuresLedger(call, { startAt: 0, endAt: 3 * dayMs }));
    assert.deepEqual(
      asked.map(({ params }) => [params['startAt'], params['endAt']]),
      [
        [2 * dayMs, 3 * dayMs],
        [dayMs, 2 * dayMs],
        [0, dayMs],
      ],
    );
  });
});

describe('paging', () => {
  const listings: Record<string, (call: PageCall, options: ListingOptions) => AsyncIterable<unknown>> = {
    accountLedgers: (call, options) => accountLedgers(call, {}, options),
    futuresTransfersOut: (call, options) => futuresTransfersOut(call, {}, options),
    subAccounts,
    hfTradeLedgers: (call, options) => hfTradeLedgers(call, {}, options),
    hfMarginLedgers: (call, options) => hfMarginLedgers(call, {}, options),
    futuresLedger: (call, options) => futuresLedger(call, {}, options),
  };
  /** Full pages of any kind, for ever. */
  const endless = (_params: Record<string, unknown>, page: number): unknown => {
    const id = String(1_000_000 - page);
    const row = {
      id,
      applyId: id,
      userId: id,
      subUserId: id,
      offset: id,
      currency: 'USDT',
      status: 'Completed',
    };
    return Object.assign([row], { totalPage: 1_000_000, items: [row], dataList: [row], hasMore: true });
  };

  for (const [name, list] of Object.entries(listings)) {
    it(`of ${name} goes in the background, or as it is told, and passes the signal on`, async () => {
      const { signal } = new AbortController();
      const { call, asked } = exchange(endless);
      await broken(list(call, { pageSize: 1, maxPages: 1 }));
      await broken(list(call, { pageSize: 1, maxPages: 1, priority: 'interactive', signal }));
      assert.deepEqual(
        asked.map(({ options }) => [options?.priority, options?.signal === signal]),
        [
          ['background', false],
          ['interactive', true],
        ],
      );
    });

    it(`of ${name} stops when it is cancelled`, async () => {
      const stop = new AbortController();
      const { call, asked } = exchange(endless);
      const found: unknown[] = [];
      await assert.rejects(
        async () => {
          for await (const row of list(call, { pageSize: 1, signal: stop.signal })) {
            found.push(row);
            if (found.length === 3) stop.abort();
          }
        },
        (error) => KucoinError.is(error, 'cancelled'),
      );
      assert.deepEqual([found.length, asked.length], [3, 3]);
    });

    it(`of ${name} asks nothing more when its reader leaves, and nothing before it reads`, async () => {
      const { call, asked } = exchange(endless);
      const rows = list(call, { pageSize: 1 });
      assert.equal(asked.length, 0);
      for await (const row of rows) {
        assert.ok(row);
        break;
      }
      assert.equal(asked.length, 1);
    });

    it(`of ${name} fails as its calls fail`, async () => {
      const failure = new KucoinError({ kind: 'permission', outcome: 'notExecuted' });
      const call = (() => Promise.reject(failure)) as PageCall;
      await assert.rejects(all(list(call, {})), (error) => error === failure);
    });
  }
});

describe('paging against the sandbox', () => {
  let sandbox: Sandbox;
  let client: KucoinClient;
  let call: PageCall;

  beforeEach(async () => {
    sandbox = await startSandbox({ switches: { ledgerDelayMs: 0, ledgerJitterMs: 0, transferOutMs: 0 } });
    const { key, secret, passphrase, keyVersion } = sandbox.credentials;
    client = new KucoinClient({
      site: { hosts: { spot: sandbox.spot, futures: sandbox.futures } },
      credentials: () => Promise.resolve({ key, secret, passphrase, version: keyVersion }),
      transport: send,
      time: systemTime,
    });
    call = (endpoint, params, options) => client.call(endpoint, params, options);
  });
  afterEach(async () => {
    client.retire();
    await sandbox.stop();
  });

  it('finds every row of the last nine days, in each ledger, on pages of any size', async () => {
    for (let n = 0; n < 12; n++) {
      await transfer(sandbox, { amount: '0.01', to: ['trade', 'margin', 'contract'][n % 3] });
    }
    const endAt = sandbox.state().now + 1000;
    const startAt = endAt - 8.5 * dayMs;
    const { journal } = sandbox.ledger();
    const mine = journal.filter(({ uid, time }) => uid === 700100200 && time >= startAt);
    const count = (...types: string[]): number => mine.filter(({ type }) => types.includes(type)).length;
    const spot = await all(accountLedgers(call, { startAt, endAt }, { pageSize: 10 }));
    assert.equal(spot.length, count('main', 'trade', 'margin', 'isolated', 'option'));
    const futures = await all(futuresLedger(call, { startAt, endAt }, { pageSize: 2 }));
    assert.equal(futures.length, count('contract'));
    assert.ok(futures.every(({ pending }) => !pending));
    for (const pageSize of [1, 3, 200]) {
      const trade = await all(hfTradeLedgers(call, {}, { pageSize }));
      const recent = mine.filter(({ type, time }) => type === 'trade' && time >= endAt - 7 * dayMs);
      assert.equal(trade.length, recent.length);
    }
    sandbox.setSwitches({ hfMarginLedger: 'hugeNumbers', futuresPendingRow: true });
    const margin = await all(hfMarginLedgers(call, {}, { pageSize: 2 }));
    assert.equal(margin.length, count('margin', 'isolated'));
    assert.ok(margin.every(({ id }) => BigInt(id) > 2n ** 53n));
    const withPending = await all(futuresLedger(call, { currency: 'USDT' }, { pageSize: 2 }));
    assert.equal(withPending.filter(({ pending }) => pending).length, 1);
  });

  it('lists sub-accounts and transfers out', async () => {
    const subs = await all(subAccounts(call, { pageSize: 1 }));
    assert.deepEqual(
      subs.map(({ subName }) => subName),
      ['demoSub01', 'gridRobot7', 'frozenSub03', 'marginSub04'],
    );
    for (let n = 1; n <= 11; n++) {
      await signed(sandbox, 'POST', '/api/v3/transfer-out', {
        body: { currency: 'USDT', amount: n, recAccountType: 'MAIN' },
        futures: true,
      });
    }
    const out = await all(
      futuresTransfersOut(call, { queryStatus: ['SUCCESS', 'FAILURE'] }, { pageSize: 10 }),
    );
    assert.deepEqual(
      out.map(({ amount }) => Number(amount)).sort((a, b) => a - b),
      ids(11).map(({ id }) => Number(id)),
    );
  });
});
