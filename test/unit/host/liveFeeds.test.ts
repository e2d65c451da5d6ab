import assert from 'node:assert/strict';
import { LiveFeeds, type LiveSession, type LiveState } from '../../../src/host/liveFeeds';
import type { LiveMode } from '../../../src/host/liveMode';
import { KucoinClient } from '../../../src/kucoin/client';
import { innerTransfer } from '../../../src/kucoin/endpoints/transfer';
import { systemTime } from '../../../src/kucoin/time';
import { send } from '../../../src/kucoin/transport';
import { openSocket } from '../../../src/kucoin/feed/socket';
import { Portfolio } from '../../../src/portfolio/portfolio';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import { nodeLease } from '../../../src/transfers/nodeLease';
import type { BalancePush } from '../../../src/transfers/pushes';
import { TempFolder } from '../profiles/support';
import { FakeLog } from './support';

/** The feeds of windows over one folder, against the exchange that runs here. */
describe('live balances', () => {
  const folder = new TempFolder();
  let sandbox: Sandbox;
  const windows: Window[] = [];
  const time = { ...systemTime, random: () => 0.01 };

  class Window {
    mode: LiveMode = 'whileVisible';
    readonly client = new KucoinClient({
      site: { hosts: { spot: sandbox.spot, futures: sandbox.futures } },
      credentials: () => Promise.resolve({ ...sandbox.credentials, version: '3' }),
      transport: send,
      time,
    });
    readonly portfolio = new Portfolio({
      client: this.client,
      world: 'today',
      valuationCurrency: () => 'USD',
    });
    readonly feeds: LiveFeeds;
    session: LiveSession | undefined;

    constructor(readonly owner: string) {
      const { portfolio, client } = this;
      this.session = {
        profileId: 'p1',
        generation: 1,
        client,
        hosts: ['spot', 'futures'],
        portfolio: {
          isolatedPairs: [],
          applyBalanceEvent: (event) => portfolio.applyBalanceEvent(event),
          applyWalletEvent: (event) => portfolio.applyWalletEvent(event),
          applyMarginEvent: (event) => portfolio.applyMarginEvent(event),
          markGap: () => portfolio.markGap(),
          resnapshot: () => portfolio.resnapshot(),
          onDidChange: (listener) => portfolio.onDidChange(listener),
        },
      };
      this.feeds = new LiveFeeds({
        folder: folder.root,
        lease: nodeLease({ folder: folder.root, owner, isAlive: () => true }),
        time,
        log: new FakeLog(),
        session: () => this.session,
        mode: () => this.mode,
        connect: openSocket,
      });
      windows.push(this);
    }

    usdt(type: string): string | undefined {
      const account = this.portfolio.own.find((one) => one.type === type);
      return account?.balances.find(({ currency }) => currency === 'USDT')?.total;
    }

    async state(wanted: LiveState): Promise<void> {
      await until(
        () => this.feeds.status.state === wanted,
        (listener) => this.feeds.onDidChange(listener),
      );
    }

    async figure(type: string, total: string): Promise<void> {
      await until(
        () => this.usdt(type) === total,
        (listener) => this.portfolio.onDidChange(listener),
      );
    }
  }

  const until = async (
    condition: () => boolean,
    follow: (listener: () => void) => { dispose(): void },
  ): Promise<void> => {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        following.dispose();
        resolve();
      };
      const following = follow(look);
      look();
    });
  };

  const move = (client: KucoinClient, amount: string): Promise<unknown> =>
    client.call(innerTransfer, {
      clientOid: `oid-${amount.replace('.', '-')}`,
      currency: 'USDT',
      from: 'main',
      to: 'trade',
      amount,
    });

  beforeEach(async () => {
    await folder.make();
    sandbox = await startSandbox();
  });
  afterEach(async () => {
    await Promise.all(
      windows.splice(0).map(async ({ feeds, client }) => {
        await feeds.dispose();
        client.retire();
      }),
    );
    await sandbox.stop();
    await folder.remove();
  });

  it('show a transfer that somebody else made, without asking for it', async () => {
    const window = new Window('1-a');
    await window.portfolio.refresh();
    window.feeds.watch();
    await window.state('live');
    const other = new Window('2-b');
    await move(other.client, '12.5');
    await window.figure('trade', '133');
    await window.figure('main', '2468.25');
  });

  it('run while somebody looks, and leave nothing open when nobody does', async () => {
    const window = new Window('1-a');
    assert.equal(window.feeds.status.state, 'paused');
    const [first, second] = [window.feeds.watch(), window.feeds.watch()];
    await window.state('live');
    first.dispose();
    assert.equal(window.feeds.status.state, 'live');
    second.dispose();
    assert.equal(window.feeds.status.state, 'paused');
    await window.feeds.dispose();
    assert.equal(sandbox.sockets().open, 0);
    assert.equal(sandbox.sockets().jobs, 0);
  });

  it('run without anybody looking where the user has pinned them, and never where they are off', async () => {
    const window = new Window('1-a');
    window.mode = 'always';
    window.feeds.follow();
    await window.state('live');
    window.mode = 'never';
    window.feeds.watch();
    window.feeds.follow();
    assert.equal(window.feeds.status.state, 'off');
  });

  it('have one socket for each host and all windows, and feed both', async () => {
    const [a, b] = [new Window('1-a'), new Window('2-b')];
    await Promise.all([a.portfolio.refresh(), b.portfolio.refresh()]);
    a.feeds.watch();
    await a.state('live');
    b.feeds.watch();
    await b.state('live');
    assert.deepEqual([a.feeds.status.owns, b.feeds.status.owns], [true, false]);
    assert.equal(sandbox.sockets().open, 2);
    await move(a.client, '12.5');
    await Promise.all([a.figure('trade', '133'), b.figure('trade', '133')]);
  });

  it('go on in the other window when the one with the sockets is gone, with a snapshot of what was missed', async () => {
    const [a, b] = [new Window('1-a'), new Window('2-b')];
    await Promise.all([a.portfolio.refresh(), b.portfolio.refresh()]);
    a.feeds.watch();
    await a.state('live');
    b.feeds.watch();
    await b.state('live');
    const gone = a.feeds.dispose();
    await move(a.client, '1.5');
    await gone;
    await b.figure('trade', '122');
    await b.state('live');
    assert.equal(b.feeds.status.owns, true);
    assert.equal(sandbox.sockets().open, 2);
  });

  it('come back after the exchange has closed the sockets, with a snapshot of what was missed', async () => {
    const window = new Window('1-a');
    await window.portfolio.refresh();
    window.feeds.watch();
    await window.state('live');
    sandbox.closeSockets(1001);
    await window.state('reconnecting');
    await move(window.client, '12.5');
    await window.state('live');
    await window.figure('trade', '133');
  });

  it('keep what was pushed as evidence of transfers', async () => {
    const window = new Window('1-a');
    await window.portfolio.refresh();
    window.feeds.watch();
    await window.state('live');
    const heard: BalancePush[] = [];
    window.feeds.onPush((push) => heard.push(push));
    await move(window.client, '12.5');
    // The figures may come by a snapshot; evidence is what was pushed.
    await until(
      () => heard.length === 2,
      (listener) => window.feeds.onPush(listener),
    );
    assert.deepEqual(
      heard.map(({ relationEvent, availableChange }) => `${relationEvent} ${availableChange}`).sort(),
      ['main.transfer -12.5', 'trade.transfer 12.5'],
    );
    // By their own times: the clock of the exchange is known here to half a round trip only.
    const times = heard.map(({ time: at }) => at);
    assert.deepEqual(window.feeds.since(Math.min(...times)), heard);
    assert.deepEqual(window.feeds.since(Math.max(...times) + 1), []);
  });

  it('end with the session they are of', async () => {
    const window = new Window('1-a');
    window.feeds.watch();
    await window.state('live');
    window.client.retire();
    window.session = undefined;
    window.feeds.follow();
    assert.equal(window.feeds.status.state, 'paused');
  });
});
