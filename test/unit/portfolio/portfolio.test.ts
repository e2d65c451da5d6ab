import assert from 'node:assert/strict';
import type { World } from '../../../src/kucoin/vocabulary';
import { Currencies } from '../../../src/portfolio/currencies';
import { Portfolio } from '../../../src/portfolio/portfolio';
import { findTrouble, readServices, type Trouble } from '../../../src/portfolio/service';
import { settled } from '../support/fakeTime';
import {
  accountsPath,
  FakeExchange,
  openedPath,
  pricesPath,
  refusal,
  reply,
  row,
  type Answers,
} from './support';

interface Bench {
  readonly exchange: FakeExchange;
  readonly portfolio: Portfolio;
  /** State of the accounts at each event. */
  readonly events: string[];
  base: string;
}

function bench(answers: Answers = {}, world: World = 'today'): Bench {
  const exchange = new FakeExchange({
    [accountsPath]: [row('main', 'USDT', '10'), row('trade', 'BTC', '1')],
    [pricesPath]: { USDT: '1', BTC: '86000' },
    [openedPath]: false,
    ...answers,
  });
  const made: Bench = {
    exchange,
    events: [],
    base: 'USD',
    portfolio: new Portfolio({ client: exchange.client, world, valuationCurrency: () => made.base }),
  };
  made.portfolio.onDidChange(() => made.events.push(made.portfolio.accounts.state));
  return made;
}

/** Lets the real timers of nobody run: everything that is ready goes on until nothing more happens. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await settled();
}

describe('the portfolio', () => {
  it('asks for nothing before somebody wants to see it', () => {
    const { exchange, portfolio } = bench();
    assert.deepEqual(portfolio.accounts, { state: 'empty' });
    assert.deepEqual(portfolio.prices, { state: 'empty' });
    assert.deepEqual(exchange.asked, []);
  });

  it('is loading, then ready with the time of the exchange', async () => {
    const { exchange, portfolio, events } = bench();
    const run = portfolio.refresh();
    assert.equal(portfolio.accounts.state, 'loading');
    await run;
    assert.equal(portfolio.accounts.state, 'ready');
    assert.equal(portfolio.accounts.readAt, exchange.client.clock.estimate());
    assert.equal(portfolio.accounts.error, undefined);
    assert.equal(portfolio.usablePrices?.of.get('BTC'), '86000');
    assert.equal(events[0], 'loading');
    assert.equal(events.at(-1), 'ready');
  });

  it('keeps the last figures and their age while it loads and after it failed', async () => {
    const { exchange, portfolio } = bench();
    await portfolio.refresh();
    const { value, readAt } = portfolio.accounts;
    await exchange.time.advance(90_000);
    exchange.answers[accountsPath] = refusal;
    const run = portfolio.refresh();
    assert.deepEqual(portfolio.accounts, { state: 'loading', value, readAt });
    await run;
    assert.equal(portfolio.accounts.state, 'failed');
    assert.equal(portfolio.accounts.error?.kind, 'permission');
    assert.equal(portfolio.accounts.value, value);
    assert.equal(portfolio.accounts.readAt, readAt);
  });

  it('forgets the failure with the next good answer', async () => {
    const { exchange, portfolio } = bench({ [accountsPath]: refusal });
    await portfolio.refresh();
    assert.equal(portfolio.accounts.state, 'failed');
    assert.equal(portfolio.accounts.value, undefined);
    exchange.answers[accountsPath] = [];
    await portfolio.refresh();
    assert.equal(portfolio.accounts.state, 'ready');
    assert.equal(portfolio.accounts.error, undefined);
  });

  it('shows balances when the prices fail, and prices when the balances fail', async () => {
    const first = bench({ [pricesPath]: refusal });
    await first.portfolio.refresh();
    assert.equal(first.portfolio.accounts.state, 'ready');
    assert.equal(first.portfolio.prices.state, 'failed');
    assert.equal(first.portfolio.usablePrices, undefined);
    const second = bench({ [accountsPath]: refusal });
    await second.portfolio.refresh();
    assert.equal(second.portfolio.accounts.state, 'failed');
    assert.equal(second.portfolio.prices.state, 'ready');
  });

  it('is ready when only the question for the HF account fails', async () => {
    const { portfolio } = bench({ [openedPath]: refusal });
    await portfolio.refresh();
    assert.equal(portfolio.accounts.state, 'ready');
    assert.equal(portfolio.hasSeparateHf, undefined);
  });

  it('shows the balances before slow prices are there', async () => {
    const { exchange, portfolio } = bench();
    exchange.hold(pricesPath);
    const run = portfolio.refresh();
    await quiet();
    assert.equal(portfolio.accounts.state, 'ready');
    assert.equal(portfolio.prices.state, 'loading');
    exchange.letGo(pricesPath);
    await run;
    assert.equal(portfolio.prices.state, 'ready');
  });

  it('shares one reading among all who want it at the same time', async () => {
    const { exchange, portfolio } = bench();
    await Promise.all([portfolio.refresh(), portfolio.refresh('background'), portfolio.refresh()]);
    assert.equal(exchange.askedFor(accountsPath), 1);
    await portfolio.refresh();
    assert.equal(exchange.askedFor(accountsPath), 2);
  });

  it('uses no prices of another currency', async () => {
    const made = bench();
    await made.portfolio.refresh();
    made.base = 'EUR';
    const usable = (): unknown => made.portfolio.usablePrices;
    assert.equal(usable(), undefined);
    await made.portfolio.refreshPrices();
    assert.equal(made.portfolio.prices.value?.base, 'EUR');
    assert.deepEqual(usable(), made.portfolio.prices.value);
    assert.ok(made.exchange.asked.includes(`${pricesPath}?base=EUR`));
  });

  describe('of a client that has ended', () => {
    it('neither changes nor tells when a late answer arrives', async () => {
      const { exchange, portfolio, events } = bench();
      exchange.hold(accountsPath);
      exchange.hold(pricesPath);
      const run = portfolio.refresh();
      await quiet();
      const told = events.length;
      exchange.client.retire();
      exchange.letGo(accountsPath);
      exchange.letGo(pricesPath);
      await run;
      assert.equal(portfolio.accounts.value, undefined);
      assert.equal(portfolio.accounts.error, undefined);
      assert.equal(portfolio.prices.value, undefined);
      assert.equal(events.length, told);
    });

    it('asks for nothing and tells nothing any more', async () => {
      const { exchange, portfolio, events } = bench();
      exchange.client.retire();
      await portfolio.refresh();
      await portfolio.refreshAccount('main');
      assert.deepEqual(events, []);
      assert.deepEqual(exchange.asked, []);
    });
  });

  describe('when one account is read anew', () => {
    const only = (query: string): unknown[] =>
      query.includes('type=main')
        ? [row('main', 'USDT', '99')]
        : [row('main', 'USDT', '10'), row('trade', 'BTC', '1')];

    it('leaves the others with their age', async () => {
      const { exchange, portfolio } = bench({ [accountsPath]: only });
      await portfolio.refresh();
      const before = portfolio.accounts.readAt!;
      await exchange.time.advance(60_000);
      await portfolio.refreshAccount('main');
      const [main, trade] = portfolio.accounts.value!;
      assert.equal(main?.balances[0]?.total, '99');
      assert.ok(main.readAt >= before + 60_000);
      assert.equal(trade?.readAt, before);
      assert.equal(trade.balances[0]?.total, '1');
      assert.equal(portfolio.accounts.state, 'ready');
    });

    it('is as old as its oldest account', async () => {
      const { exchange, portfolio } = bench({ [accountsPath]: only });
      await portfolio.refresh();
      const before = portfolio.accounts.readAt;
      await exchange.time.advance(60_000);
      await portfolio.refreshAccount('main');
      assert.equal(portfolio.accounts.readAt, before);
    });

    it('shows none that the exchange has never listed: an HF account that is not open is none', async () => {
      const { exchange, portfolio } = bench();
      await portfolio.refresh();
      exchange.answers[accountsPath] = [];
      await portfolio.refreshPlaces([{ type: 'trade_hf' }]);
      assert.deepEqual(
        portfolio.own.map(({ type }) => type).filter((type) => type === 'trade_hf'),
        [],
      );
    });

    it('shows it empty when the exchange lists no row of it any more', async () => {
      const { exchange, portfolio } = bench();
      await portfolio.refresh();
      exchange.answers[accountsPath] = [];
      await portfolio.refreshAccount('trade');
      const [main, trade] = portfolio.accounts.value!;
      assert.deepEqual(trade?.balances, []);
      assert.equal(main?.balances.length, 1);
    });

    it('reads all of them where nothing is known of the others', async () => {
      const { exchange, portfolio } = bench({ [accountsPath]: only });
      await portfolio.refreshAccount('main');
      assert.deepEqual(
        portfolio.accounts.value?.map(({ type }) => type),
        ['main', 'trade'],
      );
      assert.equal(portfolio.accounts.value[1]?.balances.length, 1);
      assert.ok(exchange.asked.includes(accountsPath));
    });

    it('reads all of them after a failure, so that no old figure passes for a new one', async () => {
      const { exchange, portfolio } = bench({ [accountsPath]: only });
      await portfolio.refresh();
      exchange.answers[accountsPath] = refusal;
      await portfolio.refresh();
      exchange.answers[accountsPath] = only;
      await exchange.time.advance(60_000);
      await portfolio.refreshAccount('main');
      assert.equal(portfolio.accounts.state, 'ready');
      assert.equal(new Set(portfolio.accounts.value?.map(({ readAt }) => readAt)).size, 1);
    });
  });

  describe('and the separate HF account', () => {
    it("asks today's exchange once", async () => {
      const { exchange, portfolio } = bench({ [openedPath]: true });
      assert.equal(portfolio.hasSeparateHf, undefined);
      await portfolio.refresh();
      await portfolio.refresh();
      assert.equal(portfolio.hasSeparateHf, true);
      assert.equal(exchange.askedFor(openedPath), 1);
    });

    it('takes a row of the account list for a yes, whatever the exchange says', async () => {
      const { portfolio } = bench({ [accountsPath]: [row('trade_hf', 'USDT', '0')] });
      await portfolio.refresh();
      assert.equal(portfolio.hasSeparateHf, true);
    });

    it('asks again when the answer failed', async () => {
      const { exchange, portfolio } = bench({ [openedPath]: refusal });
      await portfolio.refresh();
      exchange.answers[openedPath] = false;
      await portfolio.refresh();
      assert.equal(portfolio.hasSeparateHf, false);
    });

    it("never asks the seed's exchange, which has no such call: the rows tell", async () => {
      const { exchange, portfolio } = bench({}, 'seed');
      assert.equal(portfolio.hasSeparateHf, undefined);
      await portfolio.refresh();
      assert.equal(portfolio.hasSeparateHf, false);
      exchange.answers[accountsPath] = [row('trade_hf', 'USDT', '5')];
      await portfolio.refresh();
      assert.equal(portfolio.hasSeparateHf, true);
      assert.equal(exchange.askedFor(openedPath), 0);
    });
  });
});

describe('the precision of a currency', () => {
  const path = '/api/v3/currencies/USDT';
  const usdt = { currency: 'USDT', name: 'USDT', fullName: 'Tether', precision: 8 };

  it('is asked for once', async () => {
    const { client, askedFor } = spied({ [path]: usdt });
    const currencies = new Currencies(client);
    assert.deepEqual(await Promise.all([currencies.precision('USDT'), currencies.precision('USDT')]), [8, 8]);
    assert.equal(await currencies.precision('USDT'), 8);
    assert.equal(askedFor(path), 1);
  });

  it('is asked for again after a failure', async () => {
    const exchange = new FakeExchange({ [path]: refusal });
    const currencies = new Currencies(exchange.client);
    await assert.rejects(currencies.precision('USDT'));
    exchange.answers[path] = usdt;
    assert.equal(await currencies.precision('USDT'), 8);
  });
});

function spied(answers: Answers): {
  readonly client: FakeExchange['client'];
  readonly askedFor: (path: string) => number;
} {
  const exchange = new FakeExchange(answers);
  return { client: exchange.client, askedFor: (path) => exchange.askedFor(path) };
}

describe('trouble of the exchange', () => {
  const status = (value: string, msg = ''): Answers => ({ '/api/v1/status': { status: value, msg } });

  const trouble = async (client: FakeExchange['client']): Promise<Trouble[]> =>
    findTrouble(client, await readServices(client));

  it('is found at both hosts', async () => {
    const { client } = new FakeExchange(status('close'), 'https://fake-futures');
    const found = await trouble(client);
    assert.deepEqual(
      found.map((each) => (each.kind === 'service' ? each.host : each.kind)),
      ['spot', 'futures'],
    );
  });

  it('is none while trading is open and the clocks agree', async () => {
    const { client } = new FakeExchange(status('open'));
    await client.clock.measure();
    assert.deepEqual(await trouble(client), []);
  });

  it('is a service that is not open, with its remark', async () => {
    const { client } = new FakeExchange(status('cancelonly', 'upgrade'));
    assert.deepEqual(await trouble(client), [
      { kind: 'service', host: 'spot', status: 'cancelonly', message: 'upgrade' },
    ]);
  });

  it('is a clock that is more than two seconds off', async () => {
    for (const [ahead, isTrouble] of [
      [-3_600_000, true],
      [5_000, true],
      [1_500, false],
    ] as const) {
      const exchange = new FakeExchange(status('open'));
      exchange.ahead = ahead;
      await exchange.client.clock.measure();
      const troubles = await trouble(exchange.client);
      assert.deepEqual(troubles, isTrouble ? [{ kind: 'clock', offset: ahead }] : []);
    }
  });

  it('is not told when the status cannot be read: the balances say so already', async () => {
    const { client } = new FakeExchange({ '/api/v1/status': reply('<html>', 502) });
    assert.deepEqual(await trouble(client), []);
  });
});
