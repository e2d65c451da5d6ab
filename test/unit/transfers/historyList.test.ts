import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decimal } from '../../../src/kucoin/decimal';
import { history, isOpen, passes, type HistoryFilter } from '../../../src/transfers/history';
import { FacetReader, HistoryList, type HistoryListOptions } from '../../../src/transfers/historyList';
import { Journalled, type Result } from './journalled';

const options = { isAlive: () => false };
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const other = { id: 'p2', name: 'Other', environment: 'DEMO', world: 'seed' } as const;

let written: Journalled;

function listOf(filter: HistoryFilter = {}, more: Partial<HistoryListOptions> = {}): HistoryList {
  return new HistoryList(written.journal, { ...options, filter, pageSize: 3, pause, ...more });
}

const idsOf = (records: readonly { readonly id: string }[]): string[] => records.map(({ id }) => id);

describe('the list of the history', () => {
  beforeEach(async () => {
    written = await Journalled.open();
  });

  it('has nothing where nothing was made', async () => {
    const list = listOf();
    await list.older();
    assert.deepEqual([list.open, list.past, list.hasOlder], [[], [], false]);
  });

  it('grows page by page at its old end, newest first', async () => {
    for (let n = 1; n <= 7; n++) await written.add(`t${n}`);
    const list = listOf();
    assert.deepEqual(list.past, []);
    await list.older();
    assert.deepEqual(idsOf(list.past), ['t7', 't6', 't5']);
    assert.deepEqual(list.progress, { looked: 3, total: 7 });
    await list.older();
    await list.older();
    assert.deepEqual(idsOf(list.past), ['t7', 't6', 't5', 't4', 't3', 't2', 't1']);
    assert.equal(list.hasOlder, false);
  });

  it('reads one page for calls at the same time', async () => {
    for (let n = 1; n <= 7; n++) await written.add(`t${n}`);
    const list = listOf();
    await Promise.all([list.older(), list.older(), list.older()]);
    assert.equal(list.past.length, 3);
  });

  it('looks at no transfer beyond its page', async () => {
    for (let n = 1; n <= 300; n++) await written.add(`t${n}`);
    const looked = new Set<string>();
    const { journal } = written;
    const original = journal.transfer.bind(journal);
    journal.transfer = (id) => {
      looked.add(id);
      return original(id);
    };
    const list = listOf();
    await list.older();
    list.sync();
    assert.deepEqual([...looked].sort(), ['t298', 't299', 't300']);
  });

  it('has those that are open at once, however old they are', async () => {
    await written.add('lost', ['sent', 'unknown']);
    await written.add('waiting', ['sent', 'accepted']);
    for (let n = 1; n <= 9; n++) await written.add(`t${n}`);
    const list = listOf();
    assert.deepEqual(idsOf(list.open), ['waiting', 'lost']);
    await list.older();
    assert.deepEqual(idsOf(list.past), ['t9', 't8', 't7']);
  });

  it('takes in what is written later, at its new end and in its place', async () => {
    await written.add('t1');
    await written.add('lost', ['sent', 'unknown']);
    await written.add('t2');
    const list = listOf();
    await list.older();
    await written.add('t3');
    await written.write('lost', 'settled');
    assert.deepEqual(idsOf(list.past), ['t2', 't1'], 'not before it is told to');
    list.sync();
    assert.deepEqual(idsOf(list.past), ['t3', 't2', 'lost', 't1']);
    assert.deepEqual(list.open, []);
  });

  it('keeps the same record where nothing has changed', async () => {
    await written.add('t1');
    await written.add('t2');
    const list = listOf();
    await list.older();
    const before = list.past;
    await written.add('t3');
    list.sync();
    assert.equal(list.past[1], before[0]);
    assert.equal(list.past[2], before[1]);
  });

  it('fills its pages with what passes the filter', async () => {
    for (let n = 1; n <= 60; n++) {
      await written.add(`t${n}`, n % 3 === 0 ? ['rejected'] : ['sent', 'settled'], {
        currency: n % 2 === 0 ? 'BTC' : 'USDT',
        ...(n % 5 === 0 && { profile: other }),
      });
    }
    const first = async (filter: HistoryFilter): Promise<string[]> => {
      const list = listOf(filter);
      await list.older();
      return idsOf(list.past);
    };
    assert.deepEqual(await first({ currency: 'BTC' }), ['t60', 't58', 't56']);
    assert.deepEqual(await first({ profileId: 'p2' }), ['t60', 't55', 't50']);
    assert.deepEqual(await first({ outcome: 'notExecuted' }), ['t60', 't57', 't54']);
    assert.deepEqual(await first({ currency: 'USDT', profileId: 'p2', outcome: 'done' }), [
      't55',
      't35',
      't25',
    ]);
    assert.deepEqual(await first({ currency: 'BT' }), []);
  });

  it('takes in what passes the filter only once it is over', async () => {
    await written.add('lost', ['sent', 'unknown']);
    const list = listOf({ outcome: 'done' });
    await list.older();
    assert.deepEqual([idsOf(list.open), idsOf(list.past)], [[], []]);
    await written.write('lost', 'settled');
    list.sync();
    assert.deepEqual(idsOf(list.past), ['lost']);
  });

  it('ends a search that nobody waits for any more', async () => {
    for (let n = 1; n <= 300; n++) await written.add(`t${n}`);
    let pauses = 0;
    const list: HistoryList = listOf(
      { currency: 'KCS' },
      {
        pause: () => {
          if (++pauses === 2) list.stop();
          return pause();
        },
      },
    );
    await list.older();
    assert.equal(pauses, 2);
    assert.ok(list.hasOlder);
  });

  it('shows what the whole history shows, whatever happens in between', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('add' as const),
        results: fc.constantFrom<readonly Result[]>(
          [],
          ['sent'],
          ['rejected'],
          ['sent', 'unknown'],
          ['sent', 'accepted'],
          ['sent', 'settled'],
        ),
        currency: fc.constantFrom('BTC', 'USDT'),
      }),
      fc.record({ kind: fc.constant('settle' as const), which: fc.nat(20) }),
      fc.record({ kind: fc.constantFrom('older' as const, 'sync' as const) }),
    );
    const filter = fc.constantFrom<HistoryFilter>(
      {},
      { currency: 'BTC' },
      { outcome: 'done' },
      { outcome: 'unknown' },
      { outcome: 'underway', currency: 'USDT' },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), filter, async (steps, wanted) => {
        written = await Journalled.open();
        for (let n = 0; n < 4; n++) await written.add(`first${n}`);
        const list = listOf(wanted);
        const open: string[] = [];
        let next = 0;
        for (const each of steps) {
          if (each.kind === 'add') {
            const id = `t${next++}`;
            await written.add(id, each.results, { currency: each.currency });
            if (each.results.includes('sent') && !each.results.includes('settled')) open.push(id);
          } else if (each.kind === 'settle') {
            const [id] = open.splice(each.which % (open.length || 1), 1);
            if (id !== undefined) await written.write(id, 'settled');
          } else if (each.kind === 'older') await list.older();
          else list.sync();
        }
        while (list.hasOlder) await list.older();
        list.sync();
        const all = history(written.journal, options).filter((record) => passes(record, wanted));
        assert.deepEqual(idsOf(list.open), idsOf(all.filter(isOpen)));
        assert.deepEqual(idsOf(list.past), idsOf(all.filter((record) => !isOpen(record))));
      }),
      { numRuns: 100 },
    );
  });
});

describe('what the history can be filtered by', () => {
  beforeEach(async () => {
    written = await Journalled.open();
  });

  it('is every currency and every profile, by its last name, and grows with the journal', async () => {
    await written.add('t1', ['rejected'], { currency: 'BTC', profile: other });
    await written.add('t2', undefined, { profile: { ...other, name: 'Renamed' }, amount: decimal('1') });
    const reader = new FacetReader(written.journal, pause);
    const facets = await reader.read();
    assert.deepEqual([...facets.currencies].sort(), ['BTC', 'USDT']);
    assert.deepEqual(
      [...facets.profiles.values()].map(({ name }) => name),
      ['Renamed'],
    );
    await written.add('t3', undefined, { currency: 'KCS' });
    assert.deepEqual([...(await reader.read()).currencies].sort(), ['BTC', 'KCS', 'USDT']);
  });
});
