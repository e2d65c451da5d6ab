import { EventEmitter, fake, type TreeItem } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { LiveFeeds, LiveStatus } from '../../../src/host/liveFeeds';
import type { Snapshot } from '../../../src/host/snapshots';
import type { TransferDesk } from '../../../src/host/transferDesk';
import { Portfolio } from '../../../src/portfolio/portfolio';
import type { Profile } from '../../../src/profiles/profile';
import { AccountsView, type AccountsViewOptions } from '../../../src/ui/accountsView';
import { FakeLog } from '../host/support';
import { accountsPath, d, pricesPath, refusal, row, type FakeExchange } from '../portfolio/support';
import { profile as profileOf } from '../profiles/support';
import { settled } from '../support/fakeTime';
import { FakeSessions, sessionOf, settings as defaults } from './support';

const live = profileOf({ id: 'live', name: 'Main' });
const demo = profileOf({ id: 'demo', name: 'Demo', site: { kind: 'sandbox', world: 'today' } });

class FakeView {
  title?: string;
  visible = false;
  readonly changed = new EventEmitter<unknown>();
  readonly onDidChangeVisibility = this.changed.event;
  readonly expanded = new EventEmitter<unknown>();
  readonly onDidExpandElement = this.expanded.event;

  show(visible: boolean): void {
    this.visible = visible;
    this.changed.fire({ visible });
  }
}

/** Lets everything run that waits for no timer. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await settled();
}

/** The feeds, as far as the view knows them. */
class FakeLive implements Pick<LiveFeeds, 'status' | 'watch' | 'follow' | 'retry' | 'onDidChange'> {
  status: LiveStatus = { state: 'paused', hosts: {}, owns: false };
  watchers = 0;
  retries = 0;
  private readonly listeners = new Set<() => void>();

  watch(): { dispose(): void } {
    this.watchers += 1;
    return { dispose: () => (this.watchers -= 1) };
  }

  follow(): void {
    // the session of a test has no feed
  }

  retry(): void {
    this.retries += 1;
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  become(state: LiveStatus['state']): void {
    this.status = { ...this.status, state };
    for (const listener of this.listeners) listener();
  }
}

describe('the view of the accounts', () => {
  let sessions: FakeSessions;
  let view: FakeView;
  let accounts: AccountsView;
  let settings: typeof defaults;
  let fired: unknown[];
  let unknownTransfers: number;
  let feeds: FakeLive;
  let last: Snapshot | undefined;

  beforeEach(() => {
    fake.reset();
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    sessions = new FakeSessions();
    view = new FakeView();
    settings = defaults;
    fired = [];
    unknownTransfers = 0;
    feeds = new FakeLive();
    last = undefined;
    const desk = {
      unknown: () => Array.from({ length: unknownTransfers }, () => ({})),
      journal: () => Promise.resolve({}),
      onDidChange: () => ({ dispose: () => undefined }),
    };
    accounts = new AccountsView({
      view: view as unknown as AccountsViewOptions['view'],
      fire: (nodes) => fired.push(nodes?.map(({ id }) => id)),
      sessions: sessions.asSessions,
      desk: desk as unknown as TransferDesk,
      settings: () => settings,
      live: feeds,
      snapshots: {
        newest: (id) => Promise.resolve(id === live.id ? last : undefined),
        onDidChange: () => ({ dispose: () => undefined }),
      },
      log: new FakeLog(),
    });
  });
  afterEach(() => {
    accounts.dispose();
    sessions.opened?.client.retire();
    mock.timers.reset();
  });

  const prepare = (profile: Profile): FakeExchange => {
    const { session, exchange } = sessionOf(profile, {
      [accountsPath]: [row('main', 'USDT', '5')],
      [pricesPath]: { USDT: '1' },
      '/api/v1/status': { status: 'open', msg: '' },
    });
    sessions.next = session;
    return exchange;
  };
  const rowsOf = (profile: Profile): string[] =>
    accounts.tree
      .getChildren({ kind: 'profile', id: profile.id, profileId: profile.id })
      .map((node) => (accounts.tree.getTreeItem(node) as unknown as TreeItem).label);

  it('tells what is kept of the last time until it has read, and how old that is', async () => {
    let resolve: () => void = () => undefined;
    const promise = new Promise<void>((done) => (resolve = done));
    last = { at: Date.now() - 7 * 60_000, value: d('34950.63'), base: 'USD', missing: [] };
    prepare(live);
    sessions.opening = promise.then(() => {
      sessions.opened = sessions.next;
      sessions.fire();
      return sessions.opened;
    });
    sessions.profile = live;
    view.visible = true;
    accounts.start();
    await quiet();
    const itemsOf = (profile: Profile): [string, unknown][] =>
      accounts.tree
        .getChildren({ kind: 'profile', id: profile.id, profileId: profile.id })
        .map((node) => accounts.tree.getTreeItem(node) as unknown as TreeItem)
        .map(({ label, description }) => [label, description]);
    assert.deepEqual(itemsOf(live), [
      ['Loading balances…', undefined],
      ['Last: ≈ 34,950 USD', '7 min ago'],
    ]);
    resolve();
    await quiet();
    assert.deepEqual(rowsOf(live), ['Funding', 'Spot']);
    sessions.opening = undefined;
    sessions.switchTo(demo);
    await quiet();
    assert.ok(!rowsOf(demo).some((label) => label.startsWith('Last:')));
  });

  it('tells nothing of the last time in another currency', async () => {
    last = { at: Date.now(), value: d('5'), base: 'EUR', missing: [] };
    sessions.openError = new Error('no sandbox');
    sessions.profile = live;
    view.visible = true;
    accounts.start();
    await quiet();
    assert.ok(!rowsOf(live).some((label) => label.startsWith('Last:')));
  });

  it('reads again what could not be reached once the sandbox is back, and nothing otherwise', async () => {
    settings = { ...defaults, refreshInterval: 0 };
    const exchange = prepare(demo);
    sessions.profile = demo;
    view.show(true);
    await quiet();
    const read = exchange.askedFor(accountsPath);
    await accounts.recover();
    assert.equal(exchange.askedFor(accountsPath), read, 'nothing has failed');
    const isCutOff = mock.getter(Portfolio.prototype, 'isCutOff', () => true);
    await accounts.recover();
    assert.equal(exchange.askedFor(accountsPath), read + 1);
    view.show(false);
    await accounts.recover();
    assert.equal(exchange.askedFor(accountsPath), read + 1, 'nobody looks');
    isCutOff.mock.restore();
  });

  it('reads nothing while nobody looks', async () => {
    const exchange = prepare(live);
    sessions.profile = live;
    accounts.start();
    await quiet();
    mock.timers.tick(600_000);
    await quiet();
    assert.deepEqual(exchange.asked, []);
  });

  it('reads again after each interval while somebody looks, and has no timer and no feed once nobody does', async () => {
    const exchange = prepare(live);
    settings = { ...defaults, refreshInterval: 60 };
    view.visible = true;
    sessions.switchTo(live);
    await quiet();
    const read = exchange.askedFor(accountsPath);
    assert.equal(feeds.watchers, 1);
    for (const more of [1, 2]) {
      mock.timers.tick(60_000);
      await quiet();
      assert.equal(exchange.askedFor(accountsPath), read + more);
    }
    view.show(false);
    assert.equal(feeds.watchers, 0);
    const asked = exchange.asked.length;
    mock.timers.tick(600_000);
    await quiet();
    assert.equal(exchange.asked.length, asked);
  });

  it('reads with the first look', async () => {
    const exchange = prepare(live);
    sessions.profile = live;
    accounts.start();
    view.show(true);
    await quiet();
    assert.equal(exchange.askedFor(accountsPath), 1);
    mock.timers.tick(60_000);
    await quiet();
    assert.equal(exchange.askedFor(accountsPath), 2);
    view.show(false);
    mock.timers.tick(600_000);
    await quiet();
    assert.equal(exchange.askedFor(accountsPath), 2);
  });

  it('reads only on request with an interval of zero', async () => {
    settings = { ...defaults, refreshInterval: 0 };
    const exchange = prepare(live);
    sessions.profile = live;
    view.show(true);
    await quiet();
    mock.timers.tick(600_000);
    await quiet();
    assert.equal(exchange.askedFor(accountsPath), 1);
    await accounts.refresh();
    assert.equal(exchange.askedFor(accountsPath), 2);
  });

  it('watches the feed while somebody looks, and reads now and then only while it is not live', async () => {
    const exchange = prepare(live);
    sessions.profile = live;
    accounts.start();
    assert.equal(feeds.watchers, 0);
    view.show(true);
    await quiet();
    assert.deepEqual([feeds.watchers, exchange.askedFor(accountsPath)], [1, 1]);
    feeds.become('live');
    assert.equal(view.title, 'Accounts · LIVE · feed live');
    mock.timers.tick(600_000);
    await quiet();
    assert.equal(exchange.askedFor(accountsPath), 1);
    feeds.become('polling');
    assert.equal(view.title, 'Accounts · LIVE · polling');
    mock.timers.tick(60_000);
    await quiet();
    assert.equal(exchange.askedFor(accountsPath), 2);
    view.show(false);
    assert.equal(feeds.watchers, 0);
  });

  it('lets a feed that has given up try again when somebody refreshes', async () => {
    prepare(live);
    sessions.profile = live;
    await accounts.refresh('background');
    assert.equal(feeds.retries, 0);
    await accounts.refresh();
    assert.equal(feeds.retries, 1);
  });

  it('tells the editor of many changes at once', async () => {
    prepare(live);
    sessions.profile = live;
    view.show(true);
    await quiet();
    assert.deepEqual(fired, []);
    mock.timers.tick(50);
    assert.deepEqual(fired, [undefined]);
  });

  it('says in its title whether the money is real, and what it is filtered by', () => {
    sessions.switchTo(live);
    assert.equal(view.title, 'Accounts · LIVE');
    sessions.switchTo(demo);
    accounts.setFilter('usd');
    assert.equal(view.title, 'Accounts · DEMO · filter: usd');
    assert.equal(fake.contexts.get('kucoin.filtered'), true);
    accounts.setFilter('');
    assert.equal(fake.contexts.get('kucoin.filtered'), false);
  });

  it('tells the welcome page whether there is a profile', () => {
    accounts.start();
    assert.equal(fake.contexts.get('kucoin.noProfile'), true);
    sessions.switchTo(live);
    assert.equal(fake.contexts.get('kucoin.noProfile'), false);
  });

  it('says why a profile could not be opened, and tries again on request', async () => {
    sessions.profile = demo;
    sessions.openError = new Error('no port');
    view.show(true);
    await quiet();
    assert.deepEqual(rowsOf(demo), ['Something went wrong: no port']);
    prepare(demo);
    sessions.openError = undefined;
    await accounts.refresh();
    assert.deepEqual(rowsOf(demo), ['Funding', 'Spot']);
  });

  it('forgets with a switch why the profile before could not be opened', async () => {
    sessions.profile = demo;
    sessions.openError = new Error('no port');
    view.show(true);
    await quiet();
    prepare(live);
    sessions.openError = undefined;
    sessions.switchTo(live);
    assert.deepEqual(rowsOf(live), ['Loading balances…']);
    await quiet();
    assert.deepEqual(rowsOf(live), ['Funding', 'Spot']);
  });

  it('does not lay the late failure of one profile at the door of the next', async () => {
    sessions.profile = demo;
    let fail: (error: Error) => void = () => undefined;
    sessions.opening = new Promise((_resolve, reject) => (fail = reject));
    const late = accounts.refresh();
    prepare(live);
    sessions.opening = undefined;
    view.visible = true;
    sessions.switchTo(live);
    await quiet();
    fail(new Error('no port'));
    await late;
    assert.deepEqual(rowsOf(live), ['Funding', 'Spot']);
  });

  it('forgets the troubles of the profile before', async () => {
    const exchange = prepare(live);
    exchange.answers['/api/v1/status'] = { status: 'close', msg: '' };
    sessions.profile = live;
    await accounts.refresh();
    assert.equal(accounts.troubles.length, 1);
    sessions.switchTo(demo);
    assert.deepEqual(accounts.troubles, []);
  });

  it('counts transfers whose outcome nobody knows as trouble, whatever profile they are of', () => {
    unknownTransfers = 1;
    for (const profile of [live, demo]) {
      sessions.switchTo(profile);
      assert.deepEqual(accounts.troubles, [{ kind: 'unknownTransfers', count: 1 }]);
    }
  });

  it('keeps what it has when a later reading fails', async () => {
    const exchange = prepare(live);
    sessions.profile = live;
    await accounts.refresh();
    exchange.answers[accountsPath] = refusal;
    await accounts.refresh();
    assert.deepEqual(rowsOf(live).slice(-2), ['Funding', 'Spot']);
  });
});
