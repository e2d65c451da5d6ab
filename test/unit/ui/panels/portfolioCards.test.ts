import '../../support/fakeVscode';
import assert from 'node:assert/strict';
import type { Account, SubAccount } from '../../../../src/portfolio/accounts';
import { amountsOf } from '../../../../src/portfolio/allocation';
import { totalValue, type Prices } from '../../../../src/portfolio/valuation';
import { own } from '../../../../src/transfers/intent';
import { portfolioCards, type CardsInput } from '../../../../src/ui/panels/portfolioCards';
import { chartIds } from '../../../../src/webview/portfolio/messages';
import { d } from '../../portfolio/support';

const prices: Prices = {
  base: 'USD',
  of: new Map([
    ['BTC', d('60000')],
    ['USDT', d('1')],
    ['ETH', d('3000')],
  ]),
};

function account(type: string, rows: Record<string, string>): Account {
  const balances = Object.entries(rows).map(([currency, total]) => ({
    currency,
    total: d(total),
    available: d(total),
    held: d('0'),
  }));
  return { type, readAt: 1, balances };
}

function sub(index: number, rows: Record<string, string>, name = `sub${index}`): SubAccount {
  return {
    userId: String(index).padStart(24, '0'),
    name,
    frozen: false,
    remarks: '',
    accounts: [account('trade', rows)],
  };
}

function input(more: Partial<CardsInput> = {}): CardsInput {
  const subs = more.subs ?? [];
  const used = 'prices' in more ? more.prices : prices;
  return {
    own: [account('main', { BTC: '1.000000000000000001', ODD: '5' }), account('contract', { USDT: '-20.5' })],
    subs,
    subAmounts: amountsOf(subs.flatMap(({ accounts }) => accounts)),
    prices: used,
    valueOfSub: ({ accounts }) => totalValue(used, accounts),
    keepsSnapshots: true,
    snapshots: [],
    flows: { flows: [], open: 0 },
    period: 'week',
    ...more,
  };
}

describe('the cards of the portfolio panel', () => {
  it('name what has no price or is worth less than nothing, and count neither in the picture', () => {
    const { card } = portfolioCards(input()).currencies;
    assert.deepEqual(card.picture, {
      kind: 'shares',
      bars: [{ label: 'BTC', value: 60000, text: '60,000.00 USD · 100 %' }],
    });
    assert.match(
      card.notes.join(' '),
      /Without a price, and not counted: ODD\. .*less than nothing.*: USDT\./,
    );
    assert.deepEqual(card.table.rows, [
      ['BTC', '1.000000000000000001', '60,000.00 USD', '100 %'],
      ['USDT', '-20.5', '-20.50 USD', '–'],
      ['ODD', '5', 'no price', '–'],
    ]);
  });

  it('write every digit into the files', () => {
    const cards = portfolioCards(input());
    assert.equal(
      cards.currencies.csv(),
      '"currency","amount","value_USD"\r\n"BTC","1.000000000000000001","60000.00000000000006"\r\n"USDT","-20.5","-20.5"\r\n"ODD","5",""\r\n',
    );
    assert.match(
      cards.accounts.csv(),
      /"main","60000\.00000000000006","0","ODD"\r\n"contract","-20\.5","0",""/,
    );
  });

  it('say so where there are no prices, and show amounts all the same', () => {
    const { currencies, accounts } = portfolioCards(input({ prices: undefined }));
    assert.equal(currencies.card.picture, undefined);
    assert.match(currencies.card.empty ?? '', /no prices/);
    assert.equal(currencies.card.table.rows.length, 3);
    assert.match(accounts.card.empty ?? '', /no prices/);
  });

  it('show nothing of an empty portfolio but a sentence in each card', () => {
    const cards = portfolioCards(
      input({ own: [], keepsSnapshots: false, snapshots: undefined, flows: undefined }),
    );
    for (const id of chartIds) {
      const { card, csv } = cards[id];
      assert.equal(card.picture, undefined, id);
      assert.ok((card.empty ?? '').length > 20, id);
      assert.deepEqual(card.table.rows, [], id);
      assert.equal(csv().split('\r\n').length, 2, id);
    }
    assert.deepEqual(cards.history.card.remedy, { title: 'Open the Setting', action: 'openSettings' });
    assert.match(cards.flows.card.empty ?? '', /Reading the journal/);
  });

  it('put ten thousand sub-accounts into a picture of a few and a table of some, and all into the file', () => {
    const subs = Array.from({ length: 10_000 }, (_, index) => sub(index, { USDT: String(index) }));
    const { card, csv } = portfolioCards(input({ subs })).owners;
    assert.equal(card.picture?.kind, 'stacked');
    assert.equal(card.picture.labels.length, 12);
    assert.equal(card.picture.labels[1], 'sub9999');
    assert.ok(card.table.rows.length <= 501);
    assert.match(card.notes.join(' '), /9989 more are not in it/);
    assert.match(card.notes.join(' '), /Not in the table, but in the CSV file: 9500 sub-accounts/);
    assert.equal(csv().split('\r\n').length, 10_003);
  });

  it('keep a name with markup or a formula as text, and cut a long one in the picture only', () => {
    const name = '=HYPERLINK("x")<img src=x onerror=alert(1)>';
    const { card, csv } = portfolioCards(input({ subs: [sub(1, { USDT: '4' }, name)] })).owners;
    assert.equal(card.table.rows[1]?.[0], name);
    assert.ok(card.picture?.kind === 'stacked' && (card.picture.labels[1] ?? '').length <= 28);
    assert.match(csv(), /"'=HYPERLINK/);
  });

  it('draw a curve of snapshots of one currency, and count the others', () => {
    const snapshots = [
      { at: 1, value: d('1'), base: 'EUR', missing: [] },
      { at: 2, value: d('10.5'), base: 'USD', missing: ['margin', 'ODD'] },
      { at: 3, value: d('11'), base: 'USD', missing: [] },
    ];
    const { card, csv } = portfolioCards(input({ snapshots })).history;
    assert.ok(card.picture?.kind === 'line');
    assert.deepEqual(
      card.picture.points.map(({ at, value, text }) => [at, value, text]),
      [
        [2, 10.5, '10.50 USD'],
        [3, 11, '11.00 USD'],
      ],
    );
    assert.match(card.notes.join(' '), /another currency than USD, which are not shown: 1\./);
    assert.deepEqual(card.table.rows[1]?.slice(1), ['10.50 USD', 'cross margin, ODD']);
    assert.match(csv(), /"1970-01-01T00:00:00\.003Z","11","USD",""/);
  });

  it('thin out a curve of very many snapshots, with the last one in it', () => {
    const snapshots = Array.from({ length: 10_000 }, (_, at) => ({
      at,
      value: d(String(at)),
      base: 'USD',
      missing: [],
    }));
    const { card, csv } = portfolioCards(input({ snapshots })).history;
    assert.ok(card.picture?.kind === 'line');
    assert.equal(card.picture.points.length, 400);
    assert.equal(card.picture.points.at(-1)?.at, 9_999);
    assert.equal(csv().split('\r\n').length, 10_002);
  });

  it('join what went the same way, and name what has no price', () => {
    const flow = (currency: string, amount: string, from = own('main'), to = own('trade')): object => ({
      from,
      to,
      currency,
      amount: d(amount),
      count: 2,
    });
    const flows = {
      flows: [
        flow('USDT', '5'),
        flow('ETH', '1'),
        flow('ODD', '9'),
        flow('USDT', '2', own('trade'), own('main')),
      ],
      open: 3,
    } as CardsInput['flows'];
    const { card } = portfolioCards(input({ flows })).flows;
    assert.ok(card.picture?.kind === 'flows');
    assert.deepEqual(
      card.picture.flows.map(({ from, to, value, text }) => [from, to, value, text]),
      [
        ['Funding', 'Spot', 3005, '3,005.00 USD (1 ETH, 5 USDT)'],
        ['Spot', 'Funding', 2, '2.00 USD (2 USDT)'],
      ],
    );
    const notes = card.notes.join(' ');
    assert.match(notes, /local journal/);
    assert.match(notes, /not settled, and not counted: 3\./);
    assert.match(notes, /Without a price, and not counted: ODD\./);
    assert.equal(card.table.rows.length, 4);
  });
});
