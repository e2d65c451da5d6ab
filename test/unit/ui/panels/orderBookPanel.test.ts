import { fake, FakeWebviewPanel, Uri } from '../../support/fakeVscode';
import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { Session } from '../../../../src/host/sessions';
import { decimal } from '../../../../src/kucoin/decimal';
import type { TradingPair } from '../../../../src/market/pairs';
import type { Profile } from '../../../../src/profiles/profile';
import { OrderBookPanels } from '../../../../src/ui/panels/orderBookPanel';
import type { FromPage, State, ToPage } from '../../../../src/webview/orderBook/messages';
import { FakeLog } from '../../host/support';
import { FakeMarket, symbol, topic } from '../../market/support';
import { settled } from '../../support/fakeTime';
import { FakeSessions } from '../support';

const pair: TradingPair = {
  symbol,
  name: symbol,
  base: 'BTC',
  quote: 'USDT',
  priceIncrement: decimal('0.1'),
  baseIncrement: decimal('0.001'),
  isTrading: true,
};

const profile = (id: string, facts?: Partial<Profile['facts']>): Profile => ({
  id,
  name: `Profile ${id}`,
  site: { kind: 'brand', brand: 'global' },
  keyVersion: '3',
  keyFingerprint: 'aa',
  generation: 1,
  readOnly: true,
  ...(facts && {
    facts: { uid: 1, isMaster: true, permissions: [], ipRestricted: false, checkedAt: 1, ...facts },
  }),
});

describe('the panel of an order book', () => {
  let market: FakeMarket;
  let sessions: FakeSessions;
  let panels: OrderBookPanels;
  const known = new Map<string, Profile>();

  const sessionOf = (own: Profile): Session => {
    const client = { call: market.client.call, retire: () => undefined };
    return { profile: own, client, site: { hosts: { spot: 'https://fake' } } } as unknown as Session;
  };

  function activate(own: Profile): Session {
    const session = sessionOf(own);
    sessions.profile = own;
    sessions.opened = session;
    return session;
  }

  function open(session: Session, more: Partial<TradingPair> = {}): FakeWebviewPanel {
    panels.show(session, { ...pair, ...more });
    const page = fake.panels.at(-1);
    assert.ok(page);
    page.send({ type: 'ready' });
    return page;
  }

  async function openLive(more: Partial<TradingPair> = {}): Promise<FakeWebviewPanel> {
    const page = open(activate(profile('a')), more);
    await market.time.advance(50);
    market.goLive();
    await market.time.advance(200);
    return page;
  }

  const statesOf = ({ posted }: FakeWebviewPanel): State[] =>
    (posted as ToPage[]).flatMap((message) => (message.type === 'state' ? [message.state] : []));
  const stateOf = (page: FakeWebviewPanel): State => {
    const state = statesOf(page).at(-1);
    assert.ok(state);
    return state;
  };
  const say = async (page: FakeWebviewPanel, message: FromPage): Promise<State> => {
    page.send(message);
    await settled();
    await market.time.advance(200);
    return stateOf(page);
  };

  beforeEach(() => {
    fake.reset();
    known.clear();
    market = new FakeMarket();
    sessions = new FakeSessions();
    panels = new OrderBookPanels({
      sessions: sessions.asSessions,
      feeds: { of: () => market },
      profile: (id) => known.get(id),
      extensionUri: Uri.file('/extension') as unknown as vscode.Uri,
      log: new FakeLog(),
      time: market.time,
    });
  });

  afterEach(() => panels.dispose());

  it('shows ladder, chart and prices of a live book', async () => {
    const state = stateOf(await openLive());
    assert.deepEqual([state.status, state.isLive, state.notices], ['Live', true, []]);
    assert.equal(state.source, 'Whole order book: 2 bids, 2 asks');
    assert.deepEqual(state.bids[1], {
      price: '98.0',
      size: '2.000',
      total: '3.000',
      exact: ['98', '2'],
      sum: 3,
    });
    assert.deepEqual([state.last, state.change, state.direction], ['100.0', '▼ −1.23 % in 24 hours', 'down']);
    assert.equal(state.spread, 'Spread 2 USDT (2 %)');
    assert.deepEqual(state.figures[2], { label: 'High (24 h)', text: '110 USDT' });
    assert.deepEqual(state.depth.asks[1], { at: 102, sum: 3, text: 'Asks up to 102 USDT: 3 BTC' });
    assert.match(state.summary, /^3 BTC bid down to 98 USDT; as much asked up to 102 USDT\.$/);
  });

  it('posts ten pictures of ten thousand changes a second', async () => {
    const page = await openLive();
    const before = statesOf(page).length;
    for (let ms = 0; ms < 1_000; ms += 10) {
      for (let i = 0; i < 100; i++) market.change(String(50 + (i % 40)), String((i + ms) % 9));
      await market.time.advance(10);
    }
    await market.time.advance(200);
    const posted = statesOf(page).length - before;
    assert.ok(posted >= 9 && posted <= 11, String(posted));
    assert.equal(stateOf(page).source, `Whole order book: ${market.book.bids.length} bids, 2 asks`);
  });

  it('has no call, no topic, no message and no timer while it is hidden', async () => {
    const page = await openLive();
    page.show(false);
    await settled();
    const [calls, posted] = [market.calls.length, page.posted.length];
    await market.time.advance(600_000);
    assert.deepEqual(
      [market.calls.length, page.posted.length, market.listening.length, market.time.sleeping],
      [calls, posted, 0, 0],
    );
    page.show(true);
    page.send({ type: 'ready' });
    await market.time.advance(50);
    market.goLive();
    await market.time.advance(200);
    assert.equal(stateOf(page).status, 'Live');
  });

  it('leaves nothing behind when it is closed', async () => {
    const page = await openLive();
    page.dispose();
    await settled();
    await market.time.advance(60_000);
    assert.deepEqual([market.listening.length, market.time.sleeping], [0, 0]);
    sessions.fire();
  });

  it('stands still while it is paused, and is up to date when it goes on', async () => {
    const page = await openLive();
    const paused = await say(page, { type: 'pause', isPaused: true });
    assert.match(paused.status, /^Paused at /);
    market.change('99.5', '7');
    await market.time.advance(1_000);
    assert.deepEqual(stateOf(page).bids, paused.bids);
    const state = await say(page, { type: 'pause', isPaused: false });
    assert.deepEqual([state.status, state.bids[0]?.price], ['Live', '99.5']);
  });

  it('stays paused, and quiet, when it is shown again', async () => {
    const page = await openLive();
    const { bids } = await say(page, { type: 'pause', isPaused: true });
    page.show(false);
    page.show(true);
    page.send({ type: 'ready' });
    await market.time.advance(1_000);
    assert.equal(market.listening.length, 0);
    assert.deepEqual(stateOf(page).bids, bids);
    await say(page, { type: 'pause', isPaused: false });
    assert.equal(market.listening.length, 1);
  });

  it('puts prices together by a step of the list, and by no other', async () => {
    const page = await openLive();
    const state = await say(page, { type: 'step', step: '5' });
    assert.deepEqual(
      state.bids.map(({ price, size }) => [price, size]),
      [['95', '3.000']],
    );
    assert.equal((await say(page, { type: 'step', step: '7' })).step, '5');
  });

  it('copies what the row says, every digit', async () => {
    const page = await openLive();
    page.send({ type: 'copy', what: 'price', text: '64262.70' });
    await settled();
    assert.equal(fake.clipboard, '64262.70');
    assert.deepEqual(page.posted.at(-1), { type: 'said', text: 'Copied the price 64262.70' });
    page.send({ type: 'copy', what: 'price', text: 'rm -rf /' });
    page.send({ type: 'copy', what: 'price', text: '1'.repeat(100) });
    await settled();
    assert.equal(fake.clipboard, '64262.70');
  });

  it('stops when another profile becomes the active one, and goes on when it is back', async () => {
    const page = await openLive();
    activate(profile('b'));
    sessions.fire();
    await market.time.advance(200);
    const stopped = stateOf(page);
    assert.deepEqual([stopped.status, stopped.canRetry, stopped.canPause], ['Stopped', false, false]);
    assert.match(
      stopped.notices[0] ?? '',
      /Another profile is active now: this order book of Profile a has stopped/,
    );
    assert.deepEqual([market.listening.length, market.time.sleeping], [0, 0]);
    assert.equal((await say(page, { type: 'retry' })).status, 'Stopped');
    activate(profile('a'));
    sessions.fire();
    await market.time.advance(200);
    assert.equal(stateOf(page).canRetry, true);
    page.send({ type: 'retry' });
    await market.time.advance(50);
    market.goLive();
    await market.time.advance(200);
    assert.equal(stateOf(page).status, 'Live');
  });

  it('does not begin behind the back of another profile when it is shown again', async () => {
    const page = await openLive();
    page.show(false);
    activate(profile('b'));
    sessions.fire();
    page.show(true);
    page.send({ type: 'ready' });
    await market.time.advance(1_000);
    assert.equal(market.listening.length, 0);
    assert.equal(stateOf(page).status, 'Stopped');
  });

  it('says why there are fifty levels only', async () => {
    const page = open(activate(profile('a', { permissions: ['Spot'] })));
    await market.time.advance(200);
    assert.match(stateOf(page).notices.join(), /lacks the permission General.*best 50 levels/);
    assert.deepEqual(market.listening[0]?.topics[0], topic.best);
  });

  it('says that there is no live feed, and tries again when it is told to', async () => {
    const page = open(activate(profile('a')));
    market.listener.status({ state: 'closed', reason: 'no token' });
    await market.time.advance(1_000);
    const state = stateOf(page);
    assert.deepEqual([state.status, state.canRetry], ['Read every 5 seconds', true]);
    assert.match(state.notices.join(), /There is no live feed.*no token/);
    await say(page, { type: 'retry' });
    assert.deepEqual([market.listenings.length, market.listening.length], [2, 1]);
  });

  it('says that a pair is not trading, that it is unknown, that its book is empty or crossed', async () => {
    market.book.bids = [['103', '1']];
    assert.match(
      stateOf(await openLive({ isTrading: false })).notices.join(' '),
      /is not trading now.*best bid is not below the best ask/,
    );
    panels.dispose();
    market.book.bids = [];
    market.book.asks = [];
    assert.match(stateOf(await openLive()).notices.join(), /nobody bids or asks/);
    panels.dispose();
    market.troubles.set('level2_100', 'parameter');
    const page = open(activate(profile('a')));
    await market.time.advance(200);
    const failed = stateOf(page);
    assert.match(failed.notices.join(), /has no trading pair BTC-USDT/);
    assert.deepEqual([failed.status, failed.canRetry], ['Stopped', true]);
  });

  it('takes a name with markup as text, and asks nothing about it', async () => {
    const name = '<img src=x onerror=alert(1)>';
    const page = open(activate(profile('a')), { symbol: name, base: '<b>' });
    await market.time.advance(1_000);
    assert.deepEqual([market.calls, market.listenings], [[], []]);
    assert.equal(stateOf(page).title, name);
    assert.doesNotMatch(page.webview.html, /<img/);
  });

  it('is one tab for each pair of each profile', async () => {
    const session = activate(profile('a'));
    const page = open(session);
    panels.show(session, pair);
    assert.deepEqual([fake.panels.length, page.revealed], [1, 1]);
    open(session, { symbol: 'ETH-USDT' });
    assert.equal(fake.panels.length, 2);
    page.dispose();
    open(session);
    assert.equal(fake.panels.length, 3);
    await market.time.advance(50);
  });

  describe('after a reload of the window', () => {
    const keptOf = ({ posted }: FakeWebviewPanel): unknown =>
      (posted as { readonly type: string; readonly kept?: unknown }[]).findLast(({ type }) => type === 'keep')
        ?.kept;
    const kept = { profileId: 'a', pair, step: '1' };

    async function restore(state: unknown): Promise<FakeWebviewPanel> {
      const page = new FakeWebviewPanel('kucoin.orderBook', 'as it was', {});
      await panels.restore(page as unknown as vscode.WebviewPanel, state);
      page.send({ type: 'ready' });
      return page;
    }

    it('goes on with the pair and the step that it had, and needs no list of pairs for it', async () => {
      const before = await openLive();
      await say(before, { type: 'step', step: '1' });
      assert.deepEqual(keptOf(before), kept);
      before.dispose();
      const own = profile('a');
      known.set('a', own);
      sessions.profile = own;
      sessions.opened = undefined;
      sessions.next = sessionOf(own);
      const page = await restore(keptOf(before));
      await market.time.advance(50);
      market.goLive();
      await market.time.advance(200);
      const state = stateOf(page);
      assert.deepEqual([state.title, state.step, state.status], [symbol, '1', 'Live']);
      assert.equal(page.title, 'BTC-USDT Order Book');
      assert.equal(fake.panels.length, 1, 'no other tab is opened');
    });

    it('sends nothing while another profile is active, and says so', async () => {
      known.set('a', profile('a'));
      sessions.profile = profile('b');
      const page = await restore(kept);
      const state = stateOf(page);
      assert.deepEqual([state.status, state.canRetry], ['Stopped', false]);
      assert.match(state.notices[0] ?? '', /Another profile is active now: this order book of Profile a/);
      assert.deepEqual(market.calls, []);
    });

    it('says that it stands still where its session cannot be opened, and goes on when asked to', async () => {
      const own = profile('a');
      known.set('a', own);
      sessions.profile = own;
      sessions.openError = new Error('no sandbox');
      const page = await restore(kept);
      assert.deepEqual([stateOf(page).status, stateOf(page).canRetry], ['Stopped', true]);
      sessions.openError = undefined;
      sessions.next = sessionOf(own);
      const state = await say(page, { type: 'retry' });
      assert.equal(state.status, 'Connecting…');
    });

    it('leaves nothing behind of a removed profile, of a pair that is open, and of what is no such tab', async () => {
      const own = profile('a');
      assert.ok((await restore(kept)).isDisposed, 'removed');
      known.set('a', own);
      await openLive();
      assert.ok((await restore(kept)).isDisposed, 'open already');
      for (const state of [
        undefined,
        'text',
        { ...kept, pair: { ...pair, symbol: '../x' } },
        { ...kept, pair: { ...pair, priceIncrement: '0' } },
        { ...kept, step: '1e9' },
        { ...kept, profileId: 7 },
      ])
        assert.ok((await restore(state)).isDisposed, JSON.stringify(state));
    });

    it('keeps no secret and no figure', async () => {
      const page = await openLive();
      assert.deepEqual(Object.keys(keptOf(page) as object).sort(), ['pair', 'profileId', 'step']);
    });
  });

  it('copies what was chosen from the menu of a row, and says so where it was chosen', async () => {
    const page = await openLive();
    await panels.copy('price', '100.1');
    assert.equal(fake.clipboard, '100.1');
    assert.deepEqual(page.posted.at(-1), { type: 'said', text: 'Copied the price 100.1' });
  });
});
