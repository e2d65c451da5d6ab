import { fake, type TreeItem } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import { KucoinClient } from '../../../src/kucoin/client';
import { Portfolio } from '../../../src/portfolio/portfolio';
import { AccountsTree, type TreeNode } from '../../../src/ui/accountsTree';
import { page, subRows } from '../portfolio/family';
import {
  accountsPath,
  FakeExchange,
  isolatedPath,
  marginPath,
  pricesPath,
  refusal,
  reply,
  row,
  subBalancesPath,
  subsPath,
  type Answers,
} from '../portfolio/support';
import { profile as profileOf } from '../profiles/support';
import { HurriedTime, settled } from '../support/fakeTime';
import { FakeSessions, settings, tooltipOf } from './support';

const live = profileOf({ id: 'live', name: 'Main' });
const futuresPath = '/api/v1/account-overview-all';
const answers: Answers = {
  [accountsPath]: [row('main', 'USDT', '34950.63'), row('main', 'PLAY', '3')],
  [pricesPath]: { USDT: '1' },
  '/api/v1/hf/accounts/opened': false,
  [futuresPath]: refusal,
};

const noFuturesReply = (query: string): unknown => ({
  summary: {
    accountEquityTotal: 0,
    unrealisedPNLTotal: 0,
    marginBalanceTotal: 0,
    positionMarginTotal: 0,
    orderMarginTotal: 0,
    frozenFundsTotal: 0,
    availableBalanceTotal: 0,
    currency: new URLSearchParams(query).get('currency'),
  },
  accounts: [],
});

describe('rows of families', () => {
  let sessions: FakeSessions;
  let tree: AccountsTree;
  let filter = '';

  beforeEach(() => {
    fake.reset();
    filter = '';
    sessions = new FakeSessions();
    tree = new AccountsTree(
      sessions.asSessions,
      () => settings,
      () => ({ filter, unknownTransfers: 0 }),
    );
  });

  const open = async (given: Answers): Promise<FakeExchange> => {
    const exchange = new FakeExchange({ ...answers, ...given }, 'https://futures');
    const { client, time } = exchange;
    await show(client, new Portfolio({ client, world: 'today', valuationCurrency: () => 'USD', time }));
    return exchange;
  };
  const show = async (client: KucoinClient, portfolio: Portfolio): Promise<void> => {
    await portfolio.refresh();
    sessions.profile = live;
    sessions.opened = { profile: live, client, portfolio } as never;
  };
  const itemOf = (node: TreeNode): TreeItem => tree.getTreeItem(node) as unknown as TreeItem;
  const profileNode = (): TreeNode => {
    const [node] = tree.getChildren();
    assert.ok(node);
    return node;
  };
  const messages = (): { readonly text: string; readonly tooltip: string; readonly context: string }[] =>
    tree
      .getChildren(profileNode())
      .filter(({ kind }) => kind === 'message')
      .map((node) => {
        const item = itemOf(node);
        return {
          text: [item.label, item.description].filter(Boolean).join(': '),
          tooltip: item.tooltip as unknown as string,
          context: item.contextValue ?? '',
        };
      });

  for (const [what, answer, wanted] of [
    ['a permission that the key lacks', refusal, 'Cross Margin: the key lacks a permission'],
    [
      'margin that was never opened',
      reply({ code: '101030', msg: 'You have not enabled margin trading yet' }),
      'Cross Margin: not opened yet',
    ],
    ['a call that is not there', reply({ code: '404000', msg: 'Url Not Found' }, 404), 'Cross Margin: '],
    [
      'an exchange that is busy',
      reply({ code: '500000', msg: 'busy' }, 503),
      'Cross Margin: not available at the moment',
    ],
    ['an answer that is none', { accounts: 7 }, 'Cross Margin: could not be read'],
  ] as const) {
    it(`say of ${what} which family it concerns, why, and what to do, and keep the others`, async () => {
      await open({ [marginPath]: answer, [futuresPath]: noFuturesReply });
      const rows = messages().filter(({ text }) => text.startsWith('Cross Margin'));
      assert.equal(rows.length, 1);
      assert.ok(rows[0]?.text.startsWith(wanted), rows[0]?.text);
      assert.match(rows[0]?.tooltip ?? '', /^Cross Margin: .+\. .+\.$/);
      assert.equal(rows[0]?.context, 'message retry');
      const labels = tree.getChildren(profileNode()).map((node) => itemOf(node).label);
      assert.ok(labels.includes('Funding'));
    });
  }
  it('are one each where several fail, and the list and the balances of sub-accounts are one trouble', async () => {
    await open({
      [marginPath]: refusal,
      [isolatedPath]: refusal,
      [subsPath]: refusal,
      [subBalancesPath]: refusal,
    });
    assert.deepEqual(
      messages().map(({ text }) => text.split(':')[0]),
      ['Cross Margin', 'Isolated Margin', 'Futures', 'Sub-Accounts'],
    );
  });

  it('make the profile say that its sum is incomplete: in a word, in the icon, to screen readers and in the tooltip', async () => {
    await open({ [marginPath]: refusal, [futuresPath]: noFuturesReply });
    const node = profileNode();
    const item = itemOf(node);
    assert.equal(item.description, 'LIVE · ≈ 34,950+ USD · incomplete');
    assert.equal(item.iconPath?.id, 'warning');
    assert.equal(
      item.accessibilityInformation?.label,
      'Profile Main, LIVE, ≈ 34,950.63 USD + 1 unpriced, incomplete',
    );
    const tooltip = tooltipOf(tree, item, node);
    assert.match(tooltip.plain, /Value: 34,950\.63 USD/);
    assert.match(tooltip.plain, /Not in the value, see their rows: Cross Margin/);
    assert.match(tooltip.plain, /Not counted, because no price is known: PLAY/);
  });

  it('are not there where nothing fails: the profile shows what it is, and its whole sum', async () => {
    await open({ [futuresPath]: noFuturesReply });
    assert.deepEqual(messages(), []);
    const item = itemOf(profileNode());
    assert.equal(item.iconPath?.id, 'account');
    assert.equal(item.description, 'LIVE · ≈ 34,950+ USD');
  });

  for (const [debtRatio, status, mark] of [
    ['0', 'EFFECTIVE', ''],
    ['0.0012345', 'EFFECTIVE', 'debt <1 % · '],
    ['0.079999', 'EFFECTIVE', 'debt 7 % · '],
    ['1.25', 'LIQUIDATION', 'LIQUIDATION · debt 125 % · '],
  ] as const) {
    it(`put the debt of a margin account where no narrow side bar cuts it: ${debtRatio} ${status}`, async () => {
      const owed = debtRatio === '0' ? '0' : '25';
      const held = { currency: 'USDT', total: '310.4', available: '300', hold: '0', liability: owed };
      const more = {
        borrowEnabled: true,
        transferInEnabled: true,
        liabilityPrincipal: owed,
        liabilityInterest: '0',
      };
      await open({
        [marginPath]: {
          totalAssetOfQuoteCurrency: '310.4',
          totalLiabilityOfQuoteCurrency: owed,
          debtRatio,
          status,
          accounts: [{ ...held, ...more, maxBorrowSize: '0' }],
        },
        [futuresPath]: noFuturesReply,
      });
      const account = tree
        .getChildren(profileNode())
        .find((node) => node.kind === 'account' && node.type === 'margin');
      assert.ok(account);
      const item = itemOf(account);
      const worth = owed === '0' ? '310' : '285';
      assert.equal(item.description, `${mark}≈ ${worth} USD`);
      const [balance] = tree.getChildren(account);
      assert.ok(balance);
      if (owed === '0') return;
      // All of it, to the last digit, for those who hear the row.
      assert.match(item.accessibilityInformation?.label ?? '', /debt ratio [\d.]+.*, 25\.00 USD owed$/);
      assert.match(String(itemOf(balance).description), /^310\.4 · 25 owed · ≈ 310\.40 USD/);
    });
  }

  it('say of a profile that never held anything what it lacks, with what can be done', async () => {
    const exchange = await open({ [accountsPath]: [], [futuresPath]: reply({ code: '404', msg: 'x' }, 404) });
    const none = messages().find(({ text }) => text.startsWith('No balances yet'));
    assert.equal(none?.text, 'No balances yet: nothing was ever held here');
    assert.match(none.tooltip, /Deposit some on the KuCoin website, then refresh\.$/);
    assert.equal(none.context, 'message retry');
    exchange.answers[accountsPath] = [row('main', 'USDT', '1')];
    await sessions.opened?.portfolio.refresh();
    assert.ok(!messages().some(({ text }) => text.startsWith('No balances yet')));
  });

  it('do not call a profile empty while it is not known', async () => {
    const exchange = new FakeExchange({ ...answers, [accountsPath]: [] }, 'https://futures');
    const { client, time } = exchange;
    const portfolio = new Portfolio({ client, world: 'today', valuationCurrency: () => 'USD', time });
    exchange.hold(marginPath);
    const reading = portfolio.refresh();
    sessions.profile = live;
    sessions.opened = { profile: live, client, portfolio } as never;
    while (portfolio.accounts.state !== 'ready') await settled();
    assert.ok(!messages().some(({ text }) => text.startsWith('No balances yet')));
    exchange.letGo(marginPath);
    await reading;
    assert.ok(messages().some(({ text }) => text.startsWith('No balances yet')));
  });

  it('of a failed list say what failed, not that there is nothing', async () => {
    await open({ [accountsPath]: refusal });
    assert.ok(!messages().some(({ text }) => text.startsWith('No balances yet')));
  });

  const unified = {
    [accountsPath]: [row('main', 'USDT', '10')],
    [marginPath]: reply({ code: '400100', msg: 'no' }),
    [isolatedPath]: reply({ code: '400100', msg: 'no' }),
    [futuresPath]: reply({ code: '404', msg: 'Not Found' }, 404),
    '/api/ua/v1/account/mode': { selfAccountMode: 'UNIFIED' },
  };
  const unifiedPath = '/api/ua/v1/unified/account/balance';

  it('of unified mode are one account instead of three failures', async () => {
    const currencies = [{ currency: 'USDT', balance: '5', available: '5', hold: '0' }];
    await open({ ...unified, [unifiedPath]: { accountType: 'UNIFIED', accounts: [{ currencies }] } });
    assert.deepEqual(messages(), []);
    const labels = tree.getChildren(profileNode()).map((node) => itemOf(node).label);
    assert.deepEqual(labels, ['Funding', 'Unified']);
    assert.equal(itemOf(profileNode()).description, 'LIVE · ≈ 15.00 USD');
  });

  it('of unified mode say what to do where its one account cannot be read', async () => {
    await open({ ...unified, [unifiedPath]: refusal });
    const [message, ...others] = messages();
    assert.deepEqual(others, []);
    assert.equal(message?.text, 'Unified: the key lacks a permission');
    assert.match(message.tooltip, /unified mode.*could not be read.*permission/s);
    assert.match(String(itemOf(profileNode()).description), /incomplete$/);
  });

  describe('of 10,000 sub-accounts', () => {
    const shape = { subs: 10_000, currencies: 1 };
    const lists = { list: subRows(shape, 'list'), balances: subRows(shape, 'balances') };
    const group = (): TreeNode => {
      const found = tree.getChildren(profileNode()).find(({ kind }) => kind === 'group');
      assert.ok(found);
      return found;
    };

    beforeEach(async () => {
      // As many pages as need more quota than there is: their wait is not what is tested.
      const client = new KucoinClient({
        site: { hosts: { spot: 'https://fake', futures: undefined } },
        time: new HurriedTime(),
        credentials: () =>
          Promise.resolve({ key: 'k'.repeat(24), secret: 's', passphrase: 'p', version: '3' }),
        transport: ({ url }) => {
          const { pathname, searchParams } = new URL(url);
          const known: Answers = {
            '/api/v1/timestamp': 1_700_000_000_000,
            [accountsPath]: [row('main', 'USDT', '1')],
            [pricesPath]: { USDT: '1' },
            [subsPath]: pathname === subsPath && page(lists.list, searchParams),
            [subBalancesPath]: pathname === subBalancesPath && page(lists.balances, searchParams),
          };
          return Promise.resolve(
            pathname in known ? reply({ code: '200000', data: known[pathname] }) : refusal,
          );
        },
      });
      await show(client, new Portfolio({ client, world: 'today', valuationCurrency: () => 'USD' }));
    });

    it('are 40 ranges of 250 that hold each of them once, in order of value', () => {
      assert.equal(itemOf(group()).label, 'Sub-Accounts (10,000)');
      const ranges = tree.getChildren(group());
      assert.deepEqual(
        [ranges.length, itemOf(ranges[0]!).label, itemOf(ranges[39]!).label],
        [40, '1 to 250', '9,751 to 10,000'],
      );
      const names = ranges.flatMap((range) => tree.getChildren(range).map((sub) => itemOf(sub).label));
      assert.equal(names.length, 10_000);
      assert.equal(new Set(names).size, 10_000);
      assert.deepEqual([names[0], names[250], names[9_999]], ['sub9999', 'sub9749', 'sub0']);
      for (const range of ranges) assert.equal(tree.getParent(range), group());
    });

    it('are found by name, without ranges where few match, and in as many as it takes', () => {
      filter = 'sub123';
      const few = tree.getChildren(group());
      assert.equal(itemOf(group()).label, 'Sub-Accounts (11 of 10,000)');
      assert.ok(few.every(({ kind }) => kind === 'subAccount'));
      filter = 'sub1';
      const many = tree.getChildren(group());
      // sub1, 10 of two digits, 100 of three, 1,000 of four.
      assert.deepEqual([many.length, itemOf(many[4]!).label], [5, '1,001 to 1,111']);
      assert.equal(tree.getChildren(many[4]).length, 111);
    });
  });
});
