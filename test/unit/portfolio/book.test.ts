import assert from 'node:assert/strict';
import { add, subtract } from '../../../src/kucoin/decimal';
import type { Account, Balance, Place } from '../../../src/portfolio/accounts';
import { Book } from '../../../src/portfolio/book';
import type { BalanceEvent, WalletEvent } from '../../../src/portfolio/events';
import { Chance } from '../../campaign/random';
import { d } from './support';

const start = 1_700_000_000_000;

function balance(currency: string, available: string, held = '0'): Balance {
  return { currency, total: add(d(available), d(held)), available: d(available), held: d(held) };
}

function account(type: string, readAt: number, balances: Balance[], tag?: string): Account {
  return { type, ...(tag !== undefined && { tag }), readAt, balances };
}

function event(
  time: number,
  available: string,
  change: string,
  more: Partial<BalanceEvent> = {},
): BalanceEvent {
  const hold = more.hold ?? d('0');
  return {
    accountId: 'a1',
    currency: 'USDT',
    total: add(d(available), hold),
    available: d(available),
    hold,
    availableChange: d(change),
    holdChange: d('0'),
    relationEvent: 'main.transfer',
    time,
    ...more,
  };
}

function wallet(version: string, timestamp: number, equity: string): WalletEvent {
  const zero = d('0');
  return {
    currency: 'XBT',
    availableBalance: d(equity),
    holdBalance: zero,
    equity: d(equity),
    crossPosMargin: zero,
    crossOrderMargin: zero,
    crossUnPnl: d('0.5'),
    isolatedPosMargin: d('1'),
    isolatedOrderMargin: zero,
    isolatedUnPnl: d('-0.25'),
    version,
    timestamp,
  };
}

describe('the book of own accounts', () => {
  let book: Book;
  let changes: [Place, Balance | undefined, Balance | undefined][];
  beforeEach(() => {
    changes = [];
    book = new Book('today', (...change) => changes.push(change));
  });

  const list = (askedAt: number, balances: Balance[]): void =>
    book.replace('list', {
      askedAt,
      gaps: book.gaps,
      accounts: [account('main', askedAt, balances)],
      ids: new Map([['a1', { type: 'main' }]]),
    });
  const usdt = (): string | undefined => book.balance({ type: 'main' }, 'USDT')?.total;

  it('shows nothing of events before the first reading, and has them in it', () => {
    assert.equal(book.applyBalance(event(start + 10, '12', '2')), 'applied');
    assert.deepEqual(book.accounts, []);
    list(start, [balance('USDT', '10')]);
    assert.equal(usdt(), '12');
    assert.deepEqual(changes, []);
  });

  it('takes a reading over an event that is older, and an event over a reading that is', () => {
    list(start, [balance('USDT', '10')]);
    book.applyBalance(event(start + 5_000, '12', '2'));
    list(start + 60_000, [balance('USDT', '99')]);
    assert.equal(usdt(), '99');
    assert.equal(book.balance({ type: 'main' }, 'USDT')?.pushedAt, undefined);
    book.applyBalance(event(start + 61_000, '100', '1'));
    list(start + 60_500, [balance('USDT', '99')]);
    assert.equal(usdt(), '100');
  });

  it('is not harmed by late and repeated events', () => {
    list(start, [balance('USDT', '10')]);
    const first = event(start + 2_000, '11', '1');
    const second = event(start + 3_000, '12', '1');
    book.applyBalance(second);
    assert.equal(book.applyBalance(first), 'ignored');
    book.applyBalance(second);
    assert.equal(book.applyBalance(event(start - 60_000, '5', '-1')), 'ignored');
    assert.equal(usdt(), '12');
    assert.equal(changes.length, 1);
  });

  it('sorts the events of one millisecond by their changes', () => {
    const time = start + 2_000;
    const events = [event(time, '11', '1'), event(time, '9', '-2'), event(time, '14', '5')];
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    for (const order of orders) {
      book = new Book('today');
      list(start, [balance('USDT', '10')]);
      for (const index of order) book.applyBalance(events[index]!);
      for (const index of order) book.applyBalance(events[index]!);
      assert.equal(usdt(), '14', order.join());
    }
  });

  it('makes an account that nobody has seen from the words of the event', () => {
    list(start, []);
    book.applyBalance(event(start + 1, '5', '5', { accountId: 'x', relationEvent: 'trade_hf.transfer' }));
    book.applyBalance(
      event(start + 1, '7', '7', { accountId: 'y', relationEvent: 'isolatedV2_BTC-USDT.setted' }),
    );
    assert.equal(book.balance({ type: 'trade_hf' }, 'USDT')?.total, '5');
    assert.ok(book.accounts.some(({ type }) => type === 'trade_hf'));
    // Read it first: of a family that was never read only a part would be known.
    assert.equal(book.find({ type: 'isolated', tag: 'BTC-USDT' }), undefined);
    book.replace('isolated', { askedAt: start, gaps: 0, accounts: [] });
    assert.equal(book.balance({ type: 'isolated', tag: 'BTC-USDT' }, 'USDT')?.total, '7');
    assert.equal(book.find({ type: 'isolated', tag: 'BTC-USDT' })?.tag, 'BTC-USDT');
    // From now on the id says it, whatever the event is called.
    book.applyBalance(event(start + 2, '6', '1', { accountId: 'x', relationEvent: 'other' }));
    assert.equal(book.balance({ type: 'trade_hf' }, 'USDT')?.total, '6');
  });

  it('asks for a reading where nobody can tell the account', () => {
    list(start, []);
    assert.equal(
      book.applyBalance(event(start + 1, '5', '5', { accountId: 'x', relationEvent: 'other' })),
      'unplaced',
    );
  });

  it('keeps the HF accounts of margin apart only in the world that has them', () => {
    const seed = new Book('seed');
    seed.replace('margin', { askedAt: start, gaps: 0, accounts: [] });
    seed.applyBalance(event(start + 1, '5', '5', { accountId: 'x', relationEvent: 'marginV2.transfer' }));
    assert.deepEqual(
      seed.accounts.map(({ type }) => type),
      ['margin_v2'],
    );
    book.replace('margin', { askedAt: start, gaps: 0, accounts: [] });
    book.applyBalance(event(start + 1, '5', '5', { accountId: 'x', relationEvent: 'marginV2.transfer' }));
    assert.deepEqual(
      book.accounts.map(({ type }) => type),
      ['margin'],
    );
  });

  it('takes no word of before a gap over a reading after it', () => {
    list(start, [balance('USDT', '10')]);
    book.applyBalance(event(start + 5_000, '12', '2'));
    book.markGap();
    list(start + 5_200, [balance('USDT', '50')]);
    assert.equal(usdt(), '50');
  });

  it('forgets an account that is not listed any more, unless an event has just told of it', () => {
    const both = (askedAt: number, types: string[]): void =>
      book.replace('list', {
        askedAt,
        gaps: 0,
        accounts: types.map((type) => account(type, askedAt, [balance('USDT', '1')])),
      });
    both(start, ['main', 'option', 'trade_hf']);
    book.applyBalance(event(start + 60_000, '3', '2', { accountId: 'o', relationEvent: 'option.transfer' }));
    both(start + 60_000, ['main']);
    assert.deepEqual(
      book.accounts.map(({ type }) => type),
      ['main', 'option'],
    );
    assert.equal(book.balance({ type: 'option' }, 'USDT')?.total, '3');
  });

  it('shows the margin accounts of the list only until their own family was read', () => {
    const accounts = [account('margin', start, [balance('USDT', '1')]), account('main', start, [])];
    book.replace('list', { askedAt: start, gaps: 0, accounts });
    assert.equal(book.accounts.length, 2);
    const own = {
      ...account('margin', start, [balance('USDT', '2')]),
      margin: { debtRatio: d('0.1'), status: 'EFFECTIVE' },
    };
    book.replace('margin', { askedAt: start, gaps: 0, accounts: [own] });
    book.replace('list', { askedAt: start, gaps: 0, accounts });
    assert.equal(book.balance({ type: 'margin' }, 'USDT')?.total, '2');
    assert.equal(book.find({ type: 'margin' })?.margin?.debtRatio, '0.1');
  });

  it('keeps what is owed when an event tells the balance', () => {
    const own = account('margin', start, [{ ...balance('USDT', '10'), liability: d('4') }]);
    book.replace('margin', { askedAt: start, gaps: 0, accounts: [own] });
    book.applyBalance(event(start + 1, '11', '1', { accountId: 'm', relationEvent: 'margin.setted' }));
    assert.deepEqual(book.balance({ type: 'margin' }, 'USDT')?.liability, '4');
  });

  it('reads debts and states of margin from its own events', () => {
    const margin = { debtRatio: d('0.1'), status: 'EFFECTIVE' };
    const balances = [{ ...balance('USDT', '10'), liability: d('4') }];
    const cross = { ...account('margin', start, balances), margin };
    book.replace('margin', { askedAt: start, gaps: 0, accounts: [cross] });
    book.applyMargin({
      kind: 'debtRatio',
      debtRatio: d('0.9'),
      debts: { USDT: d('9') },
      timestamp: start + 9_000,
    });
    book.applyMargin({ kind: 'status', status: 'FROZEN_FL', timestamp: start + 9_001 });
    const late = { kind: 'debtRatio', debtRatio: d('0.2'), debts: {}, timestamp: start + 5_000 } as const;
    assert.equal(book.applyMargin(late), 'ignored');
    assert.equal(book.balance({ type: 'margin' }, 'USDT')?.liability, '9');
    assert.deepEqual(book.find({ type: 'margin' })?.margin, { debtRatio: '0.9', status: 'FROZEN_FL' });
    const pair = { ...account('isolated', start, [balance('BTC', '1')], 'BTC-USDT'), margin };
    book.replace('isolated', { askedAt: start, gaps: 0, accounts: [pair] });
    const asset = {
      total: d('2'),
      hold: d('0.5'),
      liabilityPrincipal: d('0.1'),
      liabilityInterest: d('0.01'),
    };
    book.applyMargin({
      kind: 'pair',
      symbol: 'BTC-USDT',
      status: 'DEBT',
      assets: { BTC: asset },
      timestamp: start + 2_000,
    });
    const { total, available, liability } = book.balance({ type: 'isolated', tag: 'BTC-USDT' }, 'BTC')!;
    assert.deepEqual([total, available, liability], ['2', '1.5', '0.11']);
  });

  describe('of futures', () => {
    beforeEach(() => {
      const own = account('contract', start, [balance('BTC', '1')]);
      book.replace('futures', { askedAt: start, gaps: 0, accounts: [own] });
    });
    const btc = (): Balance | undefined => book.balance({ type: 'contract' }, 'BTC');

    it('respects the version, however long its number', () => {
      book.applyWallet(wallet('90071992547409931', start + 2_000, '3'));
      assert.equal(book.applyWallet(wallet('90071992547409930', start + 3_000, '2')), 'ignored');
      assert.equal(book.applyWallet(wallet('90071992547409931', start + 3_000, '2')), 'ignored');
      assert.equal(btc()?.total, '3');
      book.applyWallet(wallet('90071992547409932', start + 3_000, '4'));
      assert.equal(btc()?.total, '4');
    });

    it('begins with any version after a gap', () => {
      book.applyWallet(wallet('100', start + 2_000, '3'));
      book.markGap();
      book.applyWallet(wallet('1', start + 4_000, '5'));
      assert.equal(btc()?.total, '5');
    });

    it('counts equity once and knows nothing that it is not told', () => {
      book.applyWallet(wallet('1', start + 2_000, '3'));
      assert.deepEqual(btc()?.futures, {
        unrealisedPnl: '0.25',
        marginBalance: '2.75',
        positionMargin: '1',
        orderMargin: '0',
      });
    });

    it('is as read when the reading is newer', () => {
      book.applyWallet(wallet('1', start + 2_000, '3'));
      const own = account('contract', start + 60_000, [balance('BTC', '8')]);
      book.replace('futures', { askedAt: start + 60_000, gaps: 0, accounts: [own] });
      assert.equal(btc()?.total, '8');
    });
  });

  it('ends exact whatever the order, the delay and the repetition of what it is told', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const chance = new Chance(seed);
      const random = (): number => chance.next();
      const truth = new Map<string, { available: string; held: string }>();
      const deliveries: { at: number; give: (to: Book) => void }[] = [];
      const currencies = ['A', 'B', 'C'];
      for (const currency of currencies) truth.set(currency, { available: '1000', held: '0' });
      const snapshot = (askedAt: number, at: number): void => {
        const balances = [...truth].map(([currency, { available, held }]) =>
          balance(currency, available, held),
        );
        const accounts = [account('main', askedAt, balances)];
        deliveries.push({ at, give: (to) => to.replace('list', { askedAt, gaps: 0, accounts }) });
      };
      let now = start;
      snapshot(now - 50, now + 50);
      for (let step = 0; step < 120; step++) {
        now += Math.floor(random() * 40) * Math.floor(random() * 2);
        const currency = currencies[Math.floor(random() * 3)]!;
        const before = truth.get(currency)!;
        const change = String(Math.floor(random() * 200) - 100);
        const holdChange = String(Math.floor(random() * 20) - 10);
        const available = String(add(d(before.available), d(change)));
        const held = String(add(d(before.held), d(holdChange)));
        truth.set(currency, { available, held });
        const told = event(now, available, change, { currency, hold: d(held), holdChange: d(holdChange) });
        const copies = random() < 0.2 ? 2 : 1;
        for (let copy = 0; copy < copies; copy++) {
          deliveries.push({ at: now + random() * 400, give: (to) => void to.applyBalance(told) });
        }
        // The clocks differ a little, and the exchange reads its books some time between question and answer.
        if (random() < 0.1) snapshot(now - random() * 60 + (random() - 0.5) * 40, now + random() * 300);
      }
      deliveries.sort((a, b) => a.at - b.at);
      const tested = new Book('today');
      for (const { give } of deliveries) give(tested);
      for (const [currency, { available, held }] of truth) {
        const found = tested.balance({ type: 'main' }, currency);
        assert.equal(subtract(found!.available, d(available)), '0', `seed ${seed}, ${currency}`);
        assert.equal(found?.held, held, `seed ${seed}, ${currency}`);
      }
    }
  });
});
