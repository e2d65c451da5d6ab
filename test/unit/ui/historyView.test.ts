import { EventEmitter, fake, type TreeItem } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { JournalError } from '../../../src/transfers/journal';
import type { HistoryNode } from '../../../src/ui/historyTree';
import { HistoryView } from '../../../src/ui/historyView';
import { FakeLog } from '../host/support';
import { profile as profileOf } from '../profiles/support';
import { settled } from '../support/fakeTime';
import { Journalled } from '../transfers/journalled';
import { FakeSessions } from './support';

class FakeView {
  title?: string;
  visible = false;
  readonly changed = new EventEmitter<unknown>();
  readonly onDidChangeVisibility = this.changed.event;

  show(visible: boolean): void {
    this.visible = visible;
    this.changed.fire({ visible });
  }
}

let written: Journalled;
let view: FakeView;
let sessions: FakeSessions;
let history: HistoryView;
let fired: (string | undefined)[];
/** How often the journal was asked for. */
let opened: number;
/** Why it cannot be opened. */
let failure: Error | undefined;
/** The opening waits for this. */
let gate: Promise<void> | undefined;
let told: EventEmitter<void>;

/** Lets everything run that waits for no timer. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await settled();
}

async function rows(): Promise<string[]> {
  const draw = (node: HistoryNode, level: number): string[] => [
    `${'  '.repeat(level)}${(history.tree.getTreeItem(node) as unknown as TreeItem).label}`,
    ...(node.kind === 'open' || node.kind === 'day'
      ? history.tree.getChildren(node).flatMap((child) => draw(child, level + 1))
      : []),
  ];
  return (await history.getChildren()).flatMap((node) => draw(node, 0));
}

/** Something was written; the editor hears of it when changes have been gathered. */
function tell(): void {
  told.fire();
  mock.timers.tick(50);
}

describe('the view of transfers', () => {
  beforeEach(async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    fake.reset();
    written = await Journalled.open();
    view = new FakeView();
    sessions = new FakeSessions();
    sessions.profile = profileOf({ id: 'p1', name: 'Main' });
    fired = [];
    opened = 0;
    failure = gate = undefined;
    told = new EventEmitter();
    history = new HistoryView({
      view: view as never,
      fire: (node) => fired.push(node?.id),
      desk: {
        journal: async () => {
          opened += 1;
          await gate;
          if (failure) throw failure;
          return written.journal;
        },
        historyOptions: { isAlive: () => false },
        onDidChange: (listener) => told.event(listener),
      },
      sessions: sessions.asSessions,
      log: new FakeLog(),
    });
  });
  afterEach(() => {
    history.dispose();
    mock.timers.reset();
  });

  it('reads nothing before the editor asks for rows, whatever happens', async () => {
    await written.add('t1');
    tell();
    sessions.fire();
    mock.timers.tick(60_000);
    await quiet();
    assert.deepEqual([opened, fired], [0, []]);
    assert.equal((await rows()).length, 2);
    assert.equal(opened, 1);
  });

  it('reads a hundred, and a hundred more on request', async () => {
    for (let n = 0; n < 250; n++) await written.add(`t${n}`);
    const shown = async (): Promise<number> => (await rows()).filter((row) => row.startsWith('  ')).length;
    assert.equal(await shown(), 100);
    assert.equal(await history.showOlder(), true);
    assert.equal(await shown(), 200);
    assert.equal(await history.showOlder(), true);
    assert.equal(await shown(), 250);
    assert.equal(fired.at(-1), undefined);
    assert.equal(await history.showOlder(), false);
    assert.equal(await shown(), 250);
  });

  it('tells the editor once of many changes, and of the rows that changed only', async () => {
    await written.add('t1');
    await written.add('t2', []);
    await written.add('t3', []);
    view.show(true);
    await rows();
    await written.write('t2', 'sent');
    told.fire();
    await written.write('t3', 'sent');
    told.fire();
    assert.deepEqual(fired, []);
    mock.timers.tick(50);
    assert.deepEqual(fired.sort(), ['transfer/t2', 'transfer/t3']);
    fired.length = 0;
    tell();
    assert.deepEqual(fired, [], 'nothing has changed since');
  });

  it('keeps quiet while nobody looks, and is up to date with the next look', async () => {
    await written.add('t1');
    view.show(true);
    await rows();
    view.show(false);
    await written.add('t2', undefined, { currency: 'BTC' });
    tell();
    assert.deepEqual(fired, []);
    view.show(true);
    mock.timers.tick(50);
    assert.notDeepEqual(fired, []);
    assert.ok((await rows()).includes('  12.5 BTC'));
  });

  it('draws the rows anew when another profile becomes the active one', async () => {
    await written.add('t1');
    view.show(true);
    const [day] = await history.getChildren();
    const [row] = history.tree.getChildren(day);
    assert.ok(row);
    const words = (): string => String(history.tree.getTreeItem(row).contextValue);
    assert.match(words(), /^transfer moved active\b/);
    sessions.switchTo(profileOf({ id: 'p2', name: 'Other' }));
    mock.timers.tick(50);
    assert.deepEqual(fired, ['transfer/t1']);
    assert.match(words(), /^transfer moved otherProfile\b/);
  });

  it('says in its title what it is filtered by, and shows all again', async () => {
    await written.add('t1');
    await written.add('t2', ['rejected'], { currency: 'BTC' });
    await rows();
    history.setFilter({ currency: 'BTC', outcome: 'notExecuted', profileId: 'p1', profileName: 'Main' });
    assert.equal(view.title, 'Transfers · filter: BTC · Not executed · Main');
    assert.equal(fake.contexts.get('kucoin.transfersFiltered'), true);
    assert.deepEqual(fired, [undefined]);
    assert.deepEqual((await rows()).slice(1), ['  12.5 BTC']);
    history.setFilter({});
    assert.equal(view.title, 'Transfers');
    assert.equal(fake.contexts.get('kucoin.transfersFiltered'), false);
    assert.equal((await rows()).length, 3);
  });

  it('shows what the last filter wants when it changes while the first page is read', async () => {
    await written.add('t1');
    await written.add('t2', undefined, { currency: 'BTC' });
    let open = (): void => undefined;
    gate = new Promise((resolve) => (open = resolve));
    const first = rows();
    await quiet();
    history.setFilter({ currency: 'BTC' });
    const second = rows();
    open();
    assert.deepEqual((await first).slice(1), ['  12.5 BTC']);
    assert.deepEqual((await second).slice(1), ['  12.5 BTC']);
  });

  it('says why the journal cannot be read, and tries again when asked to', async () => {
    await written.add('t1');
    failure = new JournalError('io', 'The disk cannot be read.');
    assert.equal((await rows()).length, 1);
    const [message] = await history.getChildren();
    assert.equal(message?.kind, 'message');
    failure = undefined;
    await history.reveal();
    assert.deepEqual(fake.commands, ['kucoin.transfers.focus']);
    assert.deepEqual((await rows()).slice(1), ['  12.5 USDT']);
  });
});
