import { fake, type MarkdownString, type TreeItem } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import type { Settings } from '../../../src/host/settings';
import { KucoinError } from '../../../src/kucoin/errors';
import type { Profile } from '../../../src/profiles/profile';
import { AccountsTree, type TreeNode, type TreeState } from '../../../src/ui/accountsTree';
import {
  accountsPath,
  isolatedPath,
  pricesPath,
  refusal,
  row,
  type Answers,
  type FakeExchange,
} from '../portfolio/support';
import { profile as profileOf } from '../profiles/support';
import { FakeSessions, sessionOf, settings as defaults, tooltipOf as resolvedTooltip } from './support';

const live = profileOf({ id: 'live', name: 'Main' });
const demo = profileOf({ id: 'demo', name: 'Demo', site: { kind: 'sandbox', world: 'today' } });

const answers: Answers = {
  [accountsPath]: [
    row('main', 'USDT', '1234567.123456789012', '0.5', '1234567.623456789012'),
    row('main', 'NEW', '3'),
    row('main', 'ZERO', '0'),
    row('trade', 'BTC', '0.0000000012345'),
    row('quantum', 'BTC', '2'),
  ],
  [pricesPath]: { USDT: '1', BTC: '86000' },
};

interface Drawn {
  readonly node: TreeNode;
  readonly item: TreeItem;
  readonly children: readonly Drawn[];
}

describe('the tree of accounts', () => {
  let sessions: FakeSessions;
  let exchange: FakeExchange;
  let state: TreeState;
  let settings: Settings;
  let tree: AccountsTree;
  let now = 0;

  beforeEach(() => {
    fake.reset();
    sessions = new FakeSessions();
    state = { filter: '', unknownTransfers: 0 };
    settings = defaults;
    tree = new AccountsTree(
      sessions.asSessions,
      () => settings,
      () => state,
      () => now,
    );
  });

  const open = async (profile: Profile, given: Answers = answers): Promise<void> => {
    const made = sessionOf(profile, given);
    ({ exchange } = made);
    sessions.profile = profile;
    sessions.opened = made.session;
    await made.session.portfolio.refresh();
  };
  const itemOf = (node: TreeNode): TreeItem => tree.getTreeItem(node) as unknown as TreeItem;
  const draw = (node?: TreeNode): Drawn[] =>
    tree.getChildren(node).map((child) => ({ node: child, item: itemOf(child), children: draw(child) }));
  const top = (): readonly Drawn[] => draw()[0]?.children ?? [];
  const labels = (rows: readonly Drawn[]): string[] => rows.map(({ item }) => item.label);
  const find = (id: string): Drawn => {
    const all = (rows: readonly Drawn[]): Drawn[] => rows.flatMap((each) => [each, ...all(each.children)]);
    const found = all(draw()).find(({ node }) => node.id === id);
    assert.ok(found, `no row ${id}`);
    return found;
  };
  const tooltipOf = ({ node, item }: Drawn): string => resolvedTooltip(tree, item, node).plain;
  const flat = (): Drawn[] => {
    const all = (rows: readonly Drawn[]): Drawn[] => rows.flatMap((each) => [each, ...all(each.children)]);
    return all(draw());
  };

  it('has no rows without a profile', () => {
    assert.deepEqual(draw(), []);
  });

  it('says that it loads before the session is open, and while the first answer is on its way', () => {
    sessions.profile = live;
    assert.deepEqual(labels(top()), ['Loading balances…']);
    const made = sessionOf(live, answers);
    sessions.opened = made.session;
    made.exchange.hold(accountsPath);
    void made.session.portfolio.refresh();
    assert.deepEqual(labels(top()), ['Loading balances…']);
    assert.equal(top()[0]?.item.contextValue, 'message loading');
    made.session.client.retire();
  });

  it('shows profile, accounts and currencies, known accounts first', async () => {
    await open(live);
    const [profile] = draw();
    assert.equal(profile?.item.label, 'Main');
    assert.deepEqual(labels(top()), ['Funding', 'Spot', 'quantum']);
    assert.deepEqual(labels(top()[0]!.children), ['USDT', 'NEW', 'ZERO']);
  });

  it('marks real money and play money in words', async () => {
    await open(live);
    assert.match(String(draw()[0]?.item.description), /^LIVE · ≈ /);
    assert.match(tooltipOf(draw()[0]!), /Real funds\./);
    await open(demo);
    assert.match(String(draw()[0]?.item.description), /^DEMO · ≈ /);
    assert.match(tooltipOf(draw()[0]!), /Play money/);
  });

  it('says of a key that was never checked that its permissions are not read yet, and what reads them', async () => {
    await open(live);
    assert.match(tooltipOf(draw()[0]!), /Permissions: not read yet\. .*"Check API Key"\./);
    assert.ok(!labels(top()).includes('Permissions of the key not read yet'));
    state = { ...state, keyCheckFailed: true };
    const row = top().find(({ item }) => item.label === 'Permissions of the key not read yet');
    assert.equal(row?.item.contextValue, 'message unchecked');
    const facts = { uid: 7, isMaster: true, permissions: ['General'], ipRestricted: false, checkedAt: 1 };
    await open({ ...live, facts });
    assert.match(tooltipOf(draw()[0]!), /Permissions: General/);
  });

  it('adds up what it can, and says what it cannot', async () => {
    await open(live);
    const main = find('live/main');
    assert.match(String(main.item.description), /^≈ 1,234,567\+ USD$/);
    assert.match(tooltipOf(main), /no price is known: NEW/);
  });

  it('shows no value where there is no price, and never zero', async () => {
    await open(live);
    const { item } = find('live/main/NEW');
    assert.doesNotMatch(String(item.description), /≈|0\.00/);
    assert.match(tooltipOf(find('live/main/NEW')), /no price known/);
  });

  it('shows balances without values while the prices are missing, and says why', async () => {
    await open(live, { ...answers, [pricesPath]: refusal });
    assert.equal(labels(top())[0], 'Prices could not be read');
    assert.equal(top()[0]?.item.contextValue, 'message retry');
    assert.equal(find('live/main').item.description, '');
    assert.match(String(find('live/main/USDT').item.description), /^1,234,567\.62345678…/);
  });

  it('is exact to the last digit in the tooltip', async () => {
    await open(live);
    const text = tooltipOf(find('live/main/USDT'));
    assert.match(text, /1,234,567\.623456789012/);
    assert.match(text, /1,234,567\.123456789012/);
    assert.match(text, /\|Held\|0\.5\|/);
    assert.match(text, /Read from the account list at .+\./);
    assert.match(tooltipOf(find('live/trade/BTC')), /0\.0000000012345/);
  });

  it('never calls a tiny amount zero', async () => {
    await open(live);
    assert.doesNotMatch(String(find('live/trade/BTC').item.description), /^0…|^0 /);
  });

  it('reads a row as a sentence', async () => {
    await open(live);
    assert.equal(
      find('live/main/USDT').item.accessibilityInformation?.label,
      'USDT: 1,234,567.623456789012 in the Funding account, 1,234,567.123456789012 available, 0.5 held, worth about 1,234,567.62 USD',
    );
    for (const { item } of flat()) assert.ok(item.accessibilityInformation?.label);
  });

  it('shows an account type that nobody has documented', async () => {
    await open(live);
    const { item } = find('live/quantum');
    assert.equal(item.label, 'quantum');
    assert.equal(item.iconPath?.id, 'question');
    assert.equal(item.contextValue, 'account');
    assert.match(tooltipOf(find('live/quantum')), /Named quantum in the API/);
  });

  it('shows any name from outside as text', async () => {
    await open(profileOf({ id: 'x', name: '[click](command:x) **b**' }));
    const tooltip = resolvedTooltip(tree, draw()[0]!.item, draw()[0]!.node);
    assert.match(tooltip.value, /\\\[click\\\]\\\(command:x\\\)/);
  });

  it('says that an account is empty', async () => {
    await open(live, { [accountsPath]: [], [pricesPath]: {} });
    assert.deepEqual(labels(top()), ['No balances yet', 'Funding', 'Spot']);
    assert.deepEqual(labels(find('live/trade').children), ['No balances in this account']);
  });

  it('offers another try in place of balances that cannot be read', async () => {
    await open(live, { ...answers, [accountsPath]: refusal });
    assert.equal(top().length, 1);
    const [{ item } = { item: undefined }] = top();
    assert.match(item?.label ?? '', /lacks a permission/);
    assert.ok(typeof item?.tooltip === 'string');
    assert.match(item.tooltip, /General/);
    assert.equal(item.contextValue, 'message retry');
  });

  it('shows the last balances as what they are: with their time and age', async () => {
    await open(live);
    exchange.answers[accountsPath] = refusal;
    await exchange.time.advance(300_000);
    await sessions.opened!.portfolio.refresh();
    const [failed, stale, ...accounts] = top();
    assert.equal(failed?.item.contextValue, 'message retry');
    assert.match(stale?.item.label ?? '', /^Balances as of /);
    assert.equal(stale?.item.description, '5 min ago');
    assert.deepEqual(labels(accounts), ['Funding', 'Spot', 'quantum']);
    assert.match(tooltipOf(find('live/main/USDT')), /Read from the account list at .+\./);
  });

  it('asks for the key again when the secret is gone', async () => {
    const made = sessionOf(live, answers);
    sessions.profile = live;
    sessions.opened = { ...made.session, portfolio: failing('secretMissing') };
    const [{ item } = { item: undefined }] = top();
    assert.equal(item?.label, 'This profile needs its key again');
    assert.equal(item.contextValue, 'message needsKey');
    assert.equal(item.iconPath?.id, 'key');
    await Promise.resolve();
  });

  it('says why the profile could not be opened', () => {
    sessions.profile = demo;
    state = { ...state, openError: new Error('no room') };
    assert.deepEqual(labels(top()), ['Something went wrong: no room']);
    assert.equal(top()[0]?.item.contextValue, 'message retry');
  });

  it('shows transfers whose outcome nobody knows above all else', async () => {
    await open(live);
    state = { ...state, unknownTransfers: 2 };
    const [first] = top();
    assert.equal(first?.item.label, '2 transfers with an unknown outcome');
    assert.equal(first.item.contextValue, 'message unknownTransfer');
    state = { ...state, unknownTransfers: 1 };
    assert.equal(labels(top())[0], '1 transfer with an unknown outcome');
  });

  it('counts what it hides', async () => {
    await open(live);
    settings = { ...defaults, hideSmall: true };
    assert.deepEqual(labels(find('live/main').children), ['USDT', 'NEW', '1 small or zero balance hidden']);
    assert.deepEqual(labels(find('live/trade').children), ['1 small or zero balance hidden']);
    assert.equal(find('live/trade#small').item.contextValue, 'message small');
  });

  it('shows only accounts with a match while it is filtered', async () => {
    await open(live);
    state = { ...state, filter: 'btc' };
    assert.deepEqual(labels(top()), ['Spot', 'quantum']);
    assert.deepEqual(labels(top()[0]!.children), ['BTC']);
  });

  it('says that nothing matches the filter', async () => {
    await open(live);
    state = { ...state, filter: 'xyz' };
    assert.deepEqual(labels(top()), ['No currency matches "xyz"']);
    assert.equal(top()[0]?.item.contextValue, 'message filtered');
  });

  it('gives each row an id of its own that stays when figures, order and filter change', async () => {
    await open(live);
    state = { ...state, unknownTransfers: 1 };
    const idsOf = (): string[] => flat().map(({ item }) => item.id!);
    const before = idsOf();
    assert.equal(new Set(before).size, before.length);
    exchange.answers[accountsPath] = [row('main', 'NEW', '9'), row('main', 'USDT', '1')];
    await sessions.opened!.portfolio.refresh();
    settings = { ...defaults, sortBy: 'name' };
    for (const id of ['live', 'live/main', 'live/main/USDT', 'live/main/NEW', 'live#unknown']) {
      assert.ok(before.includes(id) && idsOf().includes(id), id);
    }
    state = { ...state, filter: 'n' };
    const filtered = idsOf();
    assert.equal(new Set(filtered).size, filtered.length);
  });

  it('gives each row an id of its own although the exchange lists a currency twice', async () => {
    await open(live, {
      [accountsPath]: [row('isolated', 'USDT', '1'), row('isolated', 'USDT', '2')],
      // Its own family would tell the pairs.
      [isolatedPath]: refusal,
      [pricesPath]: {},
    });
    assert.deepEqual(labels(find('live/isolated').children), ['USDT']);
    assert.match(String(find('live/isolated/USDT').item.description), /^3( |$)/);
  });

  it('knows the parent of each row', async () => {
    await open(live);
    settings = { ...defaults, hideSmall: true };
    const check = (parent: Drawn | undefined, rows: readonly Drawn[]): void => {
      for (const child of rows) {
        assert.equal(tree.getParent(child.node)?.id, parent?.node.id);
        check(child, child.children);
      }
    };
    check(undefined, draw());
  });

  it('shows none of the old figures after a switch, neither below old rows nor in new ones', async () => {
    await open(live);
    const [old] = draw();
    assert.ok(old);
    sessions.switchTo(demo);
    assert.deepEqual(labels(top()), ['Loading balances…']);
    assert.equal(draw()[0]?.item.description, 'DEMO');
    assert.deepEqual(tree.getChildren(old.node), []);
    for (const { node } of old.children) assert.deepEqual(tree.getChildren(node), []);
  });

  it('never draws the figures of the new profile in the rows of the old one', async () => {
    await open(live);
    const old = flat();
    await open(demo, {
      ...answers,
      [accountsPath]: [row('main', 'USDT', '777'), row('trade', 'BTC', '777')],
    });
    for (const { node } of old) {
      const item = itemOf(node);
      const said = [item.label, item.description, item.accessibilityInformation?.label].join(' ');
      assert.doesNotMatch(said, /777|Demo/);
      const tooltip = resolvedTooltip(tree, item, node) as MarkdownString | string | undefined;
      assert.doesNotMatch(typeof tooltip === 'object' ? tooltip.plain : (tooltip ?? ''), /777|Demo/);
    }
  });

  describe('tells the editor', () => {
    const changes = (): (string | undefined)[] => tree.takeChanges().map((node) => node?.id);

    it('nothing where there is nothing', () => {
      assert.deepEqual(changes(), []);
    });

    it('that all is new with a profile, and nothing while nothing changes', async () => {
      await open(live);
      assert.deepEqual(changes(), [undefined]);
      assert.deepEqual(changes(), []);
      await open(demo);
      assert.deepEqual(changes(), [undefined]);
      sessions.switchTo(undefined);
      assert.deepEqual(changes(), [undefined]);
    });

    const btc = (amount: string): void => {
      const rows = answers[accountsPath] as ReturnType<typeof row>[];
      exchange.answers[accountsPath] = rows.map((each) =>
        each.type === 'trade' ? row('trade', 'BTC', amount) : each,
      );
    };
    const read = (): Promise<void> => sessions.opened!.portfolio.refresh();
    /** The editor has all rows, and had time enough to draw them. */
    const drawn = async (given = answers): Promise<void> => {
      await open(live, given);
      changes();
      draw();
      now += 2_000;
    };

    /** The editor draws a row that it was told of, with what is below it. */
    const redraw = (): void => void draw({ kind: 'profile', id: 'live', profileId: 'live' });

    it('which balances have other figures, when only these have changed', async () => {
      // Without prices the sum of the profile stays the same.
      await drawn({ ...answers, [pricesPath]: {} });
      btc('5');
      await read();
      assert.deepEqual(changes(), ['live/trade/BTC']);
    });

    it('that the profile has changed, with all below it, when its value has', async () => {
      await drawn();
      exchange.answers[accountsPath] = [row('main', 'USDT', '1')];
      await read();
      assert.deepEqual(changes(), ['live']);
    });

    it('a row again that has changed while the editor fetched what is below it', async () => {
      const made = sessionOf(live, answers);
      ({ exchange } = made);
      sessions.profile = live;
      sessions.opened = made.session;
      changes();
      const [profile] = draw();
      assert.equal(profile?.item.description, 'LIVE');
      await read();
      tree.getChildren(profile.node);
      assert.deepEqual(changes(), [undefined]);
    });

    it('each figure with the sums above it, however soon the next one comes', async () => {
      await drawn();
      for (const [figure, shown] of [
        ['5', '430,000'],
        ['6', '516,000'],
        ['7', '602,000'],
      ] as const) {
        btc(figure);
        await read();
        assert.deepEqual(changes(), ['live']);
        redraw();
        // What the editor draws now fits together: the row, its account and the profile.
        const [, spot] = tree.getChildren({ kind: 'profile', id: 'live', profileId: 'live' });
        assert.ok(spot);
        assert.equal(String(itemOf(spot).description), `≈ ${shown} USD`);
        assert.deepEqual(changes(), []);
        now += 250;
      }
    });

    it('new rows at once', async () => {
      await drawn();
      btc('5');
      await read();
      changes();
      redraw();
      const rows = exchange.answers[accountsPath] as ReturnType<typeof row>[];
      exchange.answers[accountsPath] = [...rows, row('trade', 'ETH', '0')];
      now += 250;
      await read();
      assert.deepEqual(changes(), ['live/trade']);
    });

    for (const [what, fetch] of [
      ['opens the tree', () => tree.getChildren()],
      ['opens a row for the first time', () => tree.getChildren(find('live/trade').node)],
      ['opens a row again', () => tree.noteFetch()],
    ] as const) {
      it(`to draw the whole tree while somebody ${what}, never a row that it is just fetching`, async () => {
        await open(live);
        changes();
        tree.getChildren(tree.getChildren()[0]);
        now += 2_000;
        btc('5');
        fetch();
        await read();
        assert.deepEqual(changes(), [undefined]);
        draw();
        now += 100;
        btc('6');
        await read();
        assert.deepEqual(changes(), [undefined], 'still fetching');
        draw();
        now += 2_000;
        btc('7');
        await read();
        assert.deepEqual(changes(), ['live'], 'to draw the whole tree is no fetch of its own');
      });
    }
  });
});

/** A portfolio that failed before it read anything. */
function failing(kind: 'secretMissing'): never {
  return {
    own: [],
    subs: [],
    subCount: 0,
    family: () => ({ state: 'empty' }),
    accounts: { state: 'failed', error: new KucoinError({ kind, outcome: 'notExecuted' }) },
    prices: { state: 'empty' },
    usablePrices: undefined,
  } as never;
}
