import assert from 'node:assert/strict';
import { KucoinClient } from '../../../src/kucoin/client';
import { systemTime } from '../../../src/kucoin/time';
import { send, type TransportReply } from '../../../src/kucoin/transport';
import type { World } from '../../../src/kucoin/vocabulary';
import { familyIds, Portfolio } from '../../../src/portfolio/portfolio';
import { startSandbox } from '../../../src/sandbox/main';
import { FakeTime, settled } from '../support/fakeTime';
import { reply } from './support';
import { Rounds } from './rounds';
import { accountList, crossMargin, isolated, overviewAll, page, subRows, type FamilyShape } from './family';

/** An exchange that takes 50 ms for each call, whatever it is, and counts. */
class SlowExchange {
  readonly time = new FakeTime();
  readonly asked: string[] = [];
  /** Most calls on their way at once. */
  most = 0;
  private onTheWay = 0;
  readonly client: KucoinClient;

  constructor(shape: FamilyShape) {
    this.client = new KucoinClient({
      site: { hosts: { spot: 'https://fake', futures: 'https://futures' } },
      time: this.time,
      credentials: () =>
        Promise.resolve({ key: 'k'.repeat(24), secret: 'secret', passphrase: 'passphrase', version: '3' }),
      transport: async ({ url }) => {
        const { pathname, searchParams } = new URL(url);
        this.asked.push(pathname);
        this.onTheWay++;
        this.most = Math.max(this.most, this.onTheWay);
        await this.time.delay(50);
        this.onTheWay--;
        return this.answer(pathname, searchParams, shape);
      },
    });
  }

  private answer(path: string, query: URLSearchParams, shape: FamilyShape): TransportReply {
    const data = (): unknown => {
      switch (path) {
        case '/api/v1/timestamp':
          return this.time.now();
        case '/api/v1/prices':
          return { USDT: '1', BTC: '86000', C1: '2' };
        case '/api/v1/accounts':
          return accountList();
        case '/api/v3/margin/accounts':
          return crossMargin();
        case '/api/v3/isolated/accounts':
          return isolated();
        case '/api/v1/account-overview-all':
          return overviewAll(shape, query.get('currency') ?? '');
        case '/api/v1/account-overview':
          return { ...overviewAll(shape, query.get('currency') ?? '').accounts[0], maxWithdrawAmount: 90 };
        case '/api/v2/sub/user':
          return page(subRows(shape, 'list'), query);
        case '/api/v2/sub-accounts':
          return page(subRows(shape, 'balances'), query);
        case '/api/v1/hf/accounts/opened':
          return false;
        default:
          throw new Error(`not asked for: ${path}`);
      }
    };
    return reply({ code: '200000', data: data() });
  }
}

interface Picture {
  readonly exchange: SlowExchange;
  readonly portfolio: Portfolio;
  /** Until every family was ready. */
  readonly ms: number;
  readonly requests: number;
}

async function firstPicture(shape: FamilyShape, world: World, isMaster = true): Promise<Picture> {
  const exchange = new SlowExchange(shape);
  const { time, client } = exchange;
  const portfolio = new Portfolio({ client, world, valuationCurrency: () => 'USD', isMaster, time });
  const started = time.monotonic();
  let done: { readonly ms: number; readonly requests: number } | undefined;
  const families = [
    'list',
    'margin',
    'isolated',
    'futures',
    ...(isMaster ? ['subs', 'subBalances'] : []),
  ] as const;
  portfolio.onDidChange(() => {
    const isComplete =
      portfolio.prices.state === 'ready' &&
      families.every((id) => portfolio.family(id as 'list').state === 'ready');
    if (isComplete) done ??= { ms: time.monotonic() - started, requests: exchange.asked.length };
  });
  const run = portfolio.refresh();
  const state = { isOver: false };
  void run.finally(() => (state.isOver = true));
  while (!state.isOver) {
    await settled();
    await time.advance(10);
  }
  await run;
  assert.ok(done);
  return { exchange, portfolio, ...done };
}

describe('the first complete picture', () => {
  for (const world of ['today', 'seed'] as const) {
    it(`of 100 sub-accounts takes at most 3 round trips and 12 requests (${world})`, async () => {
      const { portfolio, ms, requests, exchange } = await firstPicture({ subs: 100, currencies: 3 }, world);
      assert.ok(ms <= 3 * 50, `${ms} ms`);
      assert.ok(requests <= 12, `${requests} requests: ${exchange.asked.join(' ')}`);
      assert.equal(portfolio.subs.length, 100);
      assert.deepEqual(
        portfolio.own.map(({ type }) => type).filter((type) => !type.endsWith('_v2')),
        ['main', 'trade', 'margin', 'isolated', 'contract'],
      );
      const sub = portfolio.subs.find(({ name }) => name === 'sub7');
      assert.deepEqual(
        sub?.accounts.map(({ type, balances }) => `${type} ${balances.length}`),
        ['main 3', 'contract 1'],
      );
    });
  }

  it('knows what can leave the futures account soon after', async () => {
    const { portfolio } = await firstPicture({ subs: 1, currencies: 1 }, 'today');
    assert.equal(portfolio.balance({ type: 'contract' }, 'USDT')?.futures?.maxWithdraw, '90');
  });

  it('of a sub-account asks for no sub-accounts', async () => {
    const { exchange, portfolio, requests } = await firstPicture(
      { subs: 100, currencies: 1 },
      'today',
      false,
    );
    assert.ok(requests <= 12);
    assert.ok(!exchange.asked.some((path) => path.includes('sub') || path.includes('overview-all')));
    assert.deepEqual(portfolio.subs, []);
    assert.equal(portfolio.balance({ type: 'contract' }, 'USDT')?.futures?.maxWithdraw, '90');
  });

  it('of 1,000 sub-accounts reads the pages side by side, and few at once', async () => {
    const { exchange, portfolio } = await firstPicture({ subs: 1000, currencies: 2 }, 'today');
    assert.equal(portfolio.subs.length, 1000);
    assert.equal(exchange.asked.filter((path) => path === '/api/v2/sub/user').length, 10);
    assert.ok(exchange.most <= 20, `${exchange.most} at once`);
    assert.equal(portfolio.valueOfSubs()?.unpriced.length, 0);
  });

  for (const world of ['today', 'seed'] as const) {
    it(`of 100 sub-accounts, from the local KuCoin, by its own count (${world})`, async () => {
      const sandbox = await startSandbox({ world, latencyMs: 50 });
      try {
        sandbox.addFamily({ subs: 96, currencies: 3 });
        const { key, secret, passphrase, keyVersion: version } = sandbox.credentials;
        const rounds = new Rounds(send);
        const client = new KucoinClient({
          site: { hosts: sandbox },
          time: systemTime,
          credentials: () => Promise.resolve({ key, secret, passphrase, version }),
          transport: rounds.send,
        });
        const portfolio = new Portfolio({ client, world, valuationCurrency: () => 'USD' });
        let done: { readonly rounds: number; readonly requests: number } | undefined;
        portfolio.onDidChange(() => {
          const readings = [portfolio.prices, ...familyIds.map((id) => portfolio.family(id))];
          if (!readings.every(({ state }) => state === 'ready')) return;
          done ??= { rounds: rounds.count, requests: sandbox.requests().total };
        });
        await portfolio.refresh();
        assert.ok(done);
        assert.ok(done.rounds <= 3, `${done.rounds} round trips`);
        assert.ok(done.requests <= 12, JSON.stringify(sandbox.requests().counts));
        assert.equal(portfolio.subs.length, 100);
        assert.ok(portfolio.subs.every(({ name }) => name !== ''));
        assert.ok(portfolio.subs.filter(({ accounts }) => accounts.length > 0).length >= 96);
        const types = new Set(portfolio.own.map(({ type }) => type));
        for (const type of ['main', 'trade', 'margin', 'isolated', 'contract'])
          assert.ok(types.has(type), type);
      } finally {
        await sandbox.stop();
      }
    });
  }
});
