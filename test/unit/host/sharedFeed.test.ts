import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { SharedFeed, type Upstream } from '../../../src/host/sharedFeed';
import type { FeedListener, FeedStatus } from '../../../src/kucoin/feed/connection';
import { nodeLease } from '../../../src/transfers/nodeLease';
import { TempFolder } from '../profiles/support';
import { FakeTime, settled } from '../support/fakeTime';
import { FakeLog } from './support';

/** The exchange's side of one socket that a window has opened. */
class FakeUpstream implements Upstream {
  topics: readonly string[] = [];
  closed = false;

  constructor(
    readonly window: string,
    readonly listener: FeedListener,
  ) {}

  setTopics(topics: readonly string[]): void {
    this.topics = topics;
  }

  close(): void {
    this.closed = true;
  }

  goLive(): void {
    this.listener.status({ state: 'live' });
    this.listener.gap(this.topics);
  }
}

class Ear implements FeedListener {
  readonly frames: string[] = [];
  readonly states: FeedStatus['state'][] = [];
  readonly refusals: string[] = [];
  gaps = 0;

  frame(text: string): void {
    this.frames.push(text);
  }

  gap(): void {
    this.gaps += 1;
  }

  refused(topics: readonly string[], reason: string): void {
    this.refusals.push(`${topics.join()} ${reason}`);
  }

  status({ state }: FeedStatus): void {
    this.states.push(state);
  }
}

interface Window {
  readonly feed: SharedFeed;
  readonly log: FakeLog;
}

describe('the feed that all windows share', () => {
  const folder = new TempFolder();
  let time: FakeTime;
  let dead: Set<string>;
  const windows: Window[] = [];
  const opened: FakeUpstream[] = [];

  const openWindow = (owner: string): Window => {
    const log = new FakeLog();
    const feed = new SharedFeed({
      folder: folder.root,
      name: 'feed-p1-spot',
      lease: nodeLease({
        folder: folder.root,
        owner,
        isAlive: (name) => !dead.has(name),
        now: () => time.now(),
      }),
      time,
      log,
      open: (listener) => {
        const upstream = new FakeUpstream(owner, listener);
        opened.push(upstream);
        return upstream;
      },
    });
    const window = { feed, log };
    windows.push(window);
    return window;
  };

  /**
   * Lets sockets and files do their work, moving the clock on in small steps; bounded. No quicker than they can follow
   * on a busy machine: a lease would end while its renewal is being written.
   */
  const until = async (what: string, condition: () => boolean, stepMs = 50): Promise<void> => {
    const deadline = performance.now() + 30_000;
    for (let moved = -Infinity; performance.now() < deadline;) {
      if (condition()) return;
      if (performance.now() - moved < 10) await settled();
      else {
        await time.advance(stepMs);
        moved = performance.now();
      }
    }
    assert.fail(`never: ${what}`);
  };
  const only = (): FakeUpstream => {
    const open = opened.filter(({ closed }) => !closed);
    assert.equal(open.length, 1, 'sockets that are open');
    return open[0]!;
  };

  beforeEach(async () => {
    await folder.make();
    time = new FakeTime();
    dead = new Set();
  });
  afterEach(async () => {
    await Promise.all(windows.splice(0).map(({ feed }) => feed.dispose()));
    opened.splice(0);
    await folder.remove();
  });

  it('opens nothing before somebody listens, and closes all when nobody does any more', async () => {
    const { feed } = openWindow('a');
    await settled();
    assert.deepEqual([opened.length, await folder.files()], [0, []]);
    const ear = feed.listen(['/account/balance'], new Ear());
    await until('a socket', () => opened.length === 1);
    ear.dispose();
    await until('closed', () => opened[0]?.closed === true);
    await until('no timer', () => time.sleeping === 0);
    assert.equal(feed.status.state, 'closed');
  });

  it('leaves nothing open when it cannot say where it is reached', async () => {
    const { feed, log } = openWindow('a');
    // A file cannot take the place of a folder that is not empty.
    await mkdir(path.join(folder.root, 'feed-p1-spot.feed.json', 'taken'), { recursive: true });
    const pipes = (): number =>
      process.getActiveResourcesInfo().filter((name) => name.startsWith('Pipe')).length;
    const before = pipes();
    const ear = feed.listen(['t'], new Ear());
    await until('three tries', () => log.lines.length >= 3);
    ear.dispose();
    await until('no timer', () => time.sleeping === 0);
    assert.deepEqual([pipes(), opened.length], [before, 0]);
  });

  it('has one socket for two windows and feeds both with the same frames', async () => {
    const [a, b] = [openWindow('a'), openWindow('b')];
    const [first, second] = [new Ear(), new Ear()];
    a.feed.listen(['/account/balance'], first);
    await until('the owner', () => a.feed.owns);
    b.feed.listen(['/contractAccount/wallet'], second);
    await until('topics of both', () => only().topics.length === 2);
    only().goLive();
    only().listener.frame('{"data":{"total":"0.100"}}');
    only().listener.frame('{"topic":"/contractAccount/wallet","data":{}}');
    await until('the frame in the other window', () => second.frames.length === 2);
    assert.deepEqual(
      first.frames,
      ['{"data":{"total":"0.100"}}'],
      'digits as they came, and no other topics',
    );
    assert.equal(second.frames[0], first.frames[0]);
    assert.ok(first.gaps > 0 && second.gaps > 0, 'both read a snapshot');
    assert.equal(b.feed.status.state, 'live');
    assert.deepEqual([a.feed.owns, b.feed.owns], [true, false]);
  });

  it('tells a window that comes later how the feed stands, and that it has to read a snapshot', async () => {
    const [a, b] = [openWindow('a'), openWindow('b')];
    a.feed.listen(['t'], new Ear());
    await until('the owner', () => a.feed.owns);
    only().goLive();
    const ear = new Ear();
    b.feed.listen(['t'], ear);
    await until('a gap', () => ear.gaps === 1);
    assert.equal(ear.states.at(-1), 'live');
  });

  it('tells a second listener of a topic that flows already that a snapshot is due', async () => {
    const { feed } = openWindow('a');
    feed.listen(['t'], new Ear());
    await until('the owner', () => feed.owns);
    only().goLive();
    const [same, other] = [new Ear(), new Ear()];
    feed.listen(['t'], same);
    feed.listen(['u'], other);
    assert.deepEqual([same.gaps, other.gaps], [1, 0]);
  });

  it('says in all windows which topics the exchange refuses', async () => {
    const [a, b] = [openWindow('a'), openWindow('b')];
    a.feed.listen(['t'], new Ear());
    await until('the owner', () => a.feed.owns);
    const ear = new Ear();
    b.feed.listen(['u'], ear);
    await until('both', () => only().topics.length === 2);
    only().listener.refused?.(['u'], 'login required');
    await until('told', () => ear.refusals.length === 1);
    assert.deepEqual(ear.refusals, ['u login required']);
  });

  it('gives up the topics of a window that has gone', async () => {
    const [a, b] = [openWindow('a'), openWindow('b')];
    a.feed.listen(['one'], new Ear());
    await until('the owner', () => a.feed.owns);
    b.feed.listen(['two'], new Ear());
    await until('both', () => only().topics.length === 2);
    await b.feed.dispose();
    await until('one left', () => only().topics.length === 1);
    assert.deepEqual(only().topics, ['one']);
  });

  it('is taken over when its owner closes: one socket again, and a snapshot for whoever listened', async () => {
    const [a, b] = [openWindow('a'), openWindow('b')];
    a.feed.listen(['t'], new Ear());
    await until('the owner', () => a.feed.owns);
    const ear = new Ear();
    b.feed.listen(['t'], ear);
    await until('followed', () => only().topics.length === 1 && ear.states.includes('connecting'));
    only().goLive();
    await until('live', () => b.feed.status.state === 'live');
    const gaps = ear.gaps;
    await a.feed.dispose();
    await until('taken over', () => b.feed.owns);
    assert.equal(only().window, 'b');
    only().goLive();
    assert.ok(ear.gaps > gaps);
    assert.ok(ear.states.includes('reconnecting'));
  });

  it('is taken over when its owner died without a word', async () => {
    const b = openWindow('b');
    const crashed = nodeLease({
      folder: folder.root,
      owner: 'a',
      isAlive: () => true,
      now: () => time.now(),
    });
    assert.ok(await crashed.tryTake('feed-p1-spot'));
    b.feed.listen(['t'], new Ear());
    await until('waiting', () => time.sleeping > 0);
    assert.equal(opened.length, 0);
    dead.add('a');
    await until('taken over', () => b.feed.owns);
  });

  it('says nothing to a program that does not know the token', async () => {
    const { feed } = openWindow('a');
    feed.listen(['t'], new Ear());
    await until('the owner', () => feed.owns);
    const file = path.join(folder.root, 'feed-p1-spot.feed.json');
    const { pipe } = JSON.parse(await readFile(file, 'utf8')) as { pipe: string };
    for (const line of ['{"token":"wrong","topics":["t"]}', '{"topics":["t"]}', 'not json', '']) {
      const heard: string[] = [];
      const socket = connect(pipe);
      let over = false;
      socket.on('data', (data) => heard.push(data.toString()));
      socket.on('close', () => (over = true));
      socket.on('error', () => (over = true));
      socket.write(`${line}\n`);
      await until('cut off', () => over);
      only().listener.frame('{"secret":"balance"}');
      assert.deepEqual(heard, []);
    }
  });

  it('starts again at once when somebody listens right after the last one left', async () => {
    const { feed } = openWindow('a');
    feed.listen(['t'], new Ear()).dispose();
    const ear = new Ear();
    feed.listen(['t'], ear);
    await until('the owner', () => feed.owns);
    only().goLive();
    assert.equal(ear.gaps, 1);
  });

  it('lets go when another window has the lease after a long sleep of the machine', async () => {
    const { feed } = openWindow('a');
    feed.listen(['t'], new Ear());
    await until('the owner', () => feed.owns);
    const other = nodeLease({
      folder: folder.root,
      owner: 'b',
      isAlive: () => false,
      now: () => time.now(),
    });
    assert.ok(await other.tryTake('feed-p1-spot'));
    // Its next renewal finds the lease taken; the clock then stands still, or the other one's would get old.
    await time.advance(10_000);
    await until('let go', () => opened[0]?.closed === true, 0);
    assert.equal(feed.owns, false);
  });
});
