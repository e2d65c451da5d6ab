import { ThemeIcon, type MarkdownString, type TreeItem } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import { HistoryList } from '../../../src/transfers/historyList';
import type { HistoryFilter } from '../../../src/transfers/history';
import { JournalError } from '../../../src/transfers/journal';
import { own } from '../../../src/transfers/intent';
import { HistoryTree, type HistoryNode } from '../../../src/ui/historyTree';
import { Journalled } from '../transfers/journalled';
import { startOfTime } from '../transfers/support';

const day = 24 * 60 * 60_000;
const pause = (): Promise<void> => Promise.resolve();
const other = { id: 'p2', name: 'Other', environment: 'DEMO', world: 'today' } as const;

let written: Journalled;
let list: HistoryList | undefined;
let error: unknown;
let activeProfile: string | undefined;
let now: number;
let filtered: boolean;
let tree: HistoryTree;

async function read(filter: HistoryFilter = {}): Promise<void> {
  list = new HistoryList(written.journal, { isAlive: () => true, filter, pageSize: 100, pause });
  filtered = Object.keys(filter).length > 0;
  await list.older();
  tree.takeChanges();
}

/** What the editor is told to draw again after something has been written. */
function changes(): (string | undefined)[] {
  list?.sync();
  return tree.takeChanges().map((node) => node?.id);
}

const itemOf = (node: HistoryNode): TreeItem => tree.getTreeItem(node) as unknown as TreeItem;

/** All rows as they are drawn, indented by level. */
function drawn(node?: HistoryNode, level = 0): string[] {
  return tree.getChildren(node).flatMap((child) => {
    const { label, description } = itemOf(child);
    return [`${'  '.repeat(level)}${label} | ${String(description)}`, ...drawn(child, level + 1)];
  });
}

function find(id: string): HistoryNode {
  const all = tree.getChildren().flatMap((root) => [root, ...tree.getChildren(root)]);
  const found = all.find((node) => node.id === id);
  assert.ok(found, `${id} is not among ${all.map((node) => node.id).join(', ')}`);
  return found;
}

describe('the rows of the history', () => {
  beforeEach(async () => {
    written = await Journalled.open();
    list = error = undefined;
    activeProfile = 'p1';
    now = startOfTime;
    tree = new HistoryTree(() => ({ list, error, filtered, activeProfile, now }));
  });

  it('are none before anything is read, and none where nothing was made', async () => {
    assert.deepEqual(tree.getChildren(), []);
    await read();
    assert.deepEqual(tree.getChildren(), []);
  });

  it('say first what must not be missed: open ones on top, LIVE or DEMO in words, the state where it is not done', async () => {
    await written.add('done');
    written.wait(day);
    await written.add('lost', ['sent', 'unknown']);
    await written.add('waiting', ['sent']);
    await written.add('refused', ['rejected'], { profile: other });
    now = startOfTime + day;
    await read();
    const withoutTimes = drawn().map((line) => line.replace(/ · \d+:\d\d(\s[AP]M)?/, ''));
    assert.deepEqual(
      withoutTimes.filter((line) => !line.startsWith('    ')),
      [
        'Not Over Yet | 2',
        '  12.5 USDT | LIVE · Under way · Funding → Spot',
        '  12.5 USDT | LIVE · Outcome unknown · Funding → Spot',
        'Today | 1',
        '  12.5 USDT | DEMO · Not executed · Funding → Spot · Other',
        'Yesterday | 1',
        '  12.5 USDT | LIVE · Funding → Spot',
      ],
    );
    const icons = ['done', 'lost', 'waiting', 'refused'].map((id) => {
      const icon = itemOf(find(`transfer/${id}`)).iconPath;
      assert.ok(icon instanceof ThemeIcon);
      return icon.id;
    });
    assert.equal(new Set(icons).size, 4, 'no two states have the same shape');
  });

  it('say all of it to a screen reader', async () => {
    await written.add('lost', ['sent', 'unknown']);
    await read();
    assert.match(
      itemOf(find('transfer/lost')).accessibilityInformation?.label ?? '',
      /^Outcome unknown: 12\.5 USDT from Funding to Spot, LIVE profile Main, \w/,
    );
    assert.equal(itemOf(find('open')).accessibilityInformation?.label, 'Not Over Yet, 1 transfer');
  });

  it('have the calls below them, with the ids that can be copied', async () => {
    const legs = (['main', 'trade'] as const).map(
      (from) => ({ endpoint: 'innerTransfer', from: own(from), to: own('margin'), body: '{}' }) as const,
    );
    await written.add('one');
    await written.add('chain', ['sent'], { legs });
    await read();
    const [call] = tree.getChildren(find('transfer/one'));
    assert.ok(call);
    const { label, description, contextValue, accessibilityInformation } = itemOf(call);
    assert.deepEqual([label, description], ['Internal Transfer', 'Done · order-one']);
    assert.equal(contextValue, 'leg orderId clientId');
    assert.match(accessibilityInformation?.label ?? '', /Order id: order-one\. Client id: client-one$/);
    assert.deepEqual(
      tree.getChildren(find('transfer/chain')).map((leg) => itemOf(leg).label),
      ['Step 1: Internal Transfer', 'Step 2: Internal Transfer'],
    );
    assert.equal(tree.getParent(call), find('transfer/one'));
    assert.equal(tree.getParent(find('transfer/chain')), find('open'));
  });

  it('tell the menus which transfers the active profile can do something about', async () => {
    await written.add('own', ['sent', 'unknown']);
    await written.add('others', ['sent', 'unknown'], { profile: other });
    await read();
    assert.equal(itemOf(find('transfer/own')).contextValue, 'transfer unknown active undecided clientId');
    assert.equal(
      itemOf(find('transfer/others')).contextValue,
      'transfer unknown otherProfile undecided clientId',
    );
  });

  it('let a person decide about what the exchange has taken long ago, without a change in the journal', async () => {
    await written.add('stuck', ['sent', 'accepted']);
    await read();
    const words = (): string => itemOf(find('transfer/stuck')).contextValue ?? '';
    assert.doesNotMatch(words(), /undecided/);
    now += 11 * 60_000;
    assert.deepEqual(changes(), ['transfer/stuck']);
    assert.match(words(), /undecided/);
  });

  it('stay the same objects', async () => {
    await written.add('t1');
    await read();
    const before = [tree.getChildren()[0], find('transfer/t1')];
    await written.add('t2');
    changes();
    assert.deepEqual(
      [tree.getChildren()[0], find('transfer/t1')].map((node, at) => node === before[at]),
      [true, true],
    );
  });

  it('are drawn again only where something has changed', async () => {
    await written.add('t1');
    await written.add('t2', ['sent']);
    await written.add('t3', []);
    await read();
    assert.deepEqual(changes(), []);
    await written.write('t3', 'sent');
    assert.deepEqual(changes(), ['transfer/t3']);
    await written.write('t2', 'settled');
    const [dayRow] = tree.getChildren().filter(({ kind }) => kind === 'day');
    assert.deepEqual(changes(), ['open', dayRow?.id]);
    await written.write('t3', 'settled');
    assert.deepEqual(changes(), [undefined], 'a group that goes changes the whole tree');
    activeProfile = 'p2';
    assert.deepEqual(changes(), ['transfer/t3', 'transfer/t2', 'transfer/t1']);
  });

  it('say that older ones can be read, and how far reading has come', async () => {
    for (let n = 0; n < 101; n++) await written.add(`t${n}`);
    await read();
    const older = tree.getChildren().at(-1);
    assert.equal(older?.kind, 'older');
    assert.equal(itemOf(older).description, '100 of 101 read');
    await list?.older();
    assert.deepEqual(tree.takeChanges(), [undefined]);
    assert.notEqual(tree.getChildren().at(-1)?.kind, 'older');
  });

  it('say that nothing matches, where there is something', async () => {
    await written.add('t1');
    await read({ currency: 'KCS' });
    assert.deepEqual(drawn(), ['No transfer matches the filter | undefined']);
    assert.equal(itemOf(find('nomatch')).contextValue, 'message filtered');
  });

  it('say why the journal cannot be read, and offer to try again', () => {
    error = new JournalError('io', 'The journal of transfers cannot be read.');
    const [row] = tree.getChildren();
    assert.ok(row);
    assert.equal(itemOf(row).contextValue, 'message retry');
    assert.match(itemOf(row).accessibilityInformation?.label ?? '', /^\w/);
  });

  it('show names from outside as text', async () => {
    const name = '**[x](command:kucoin.transfer.funds)**';
    await written.add('t1', undefined, { profile: { ...other, name } });
    await read();
    const node = find('transfer/t1');
    const item = tree.resolveTreeItem(tree.getTreeItem(node), node) as unknown as TreeItem;
    const tooltip = item.tooltip as MarkdownString;
    assert.ok(tooltip.plain.includes(name));
    assert.ok(!tooltip.value.includes('[x](command:'));
  });
});
