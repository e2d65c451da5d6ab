import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseSnapshots, Snapshots, type Snapshot } from '../../../src/host/snapshots';
import { d } from '../portfolio/support';

const hour = 3_600_000;
const start = 1_766_000_000_000;

function snapshot(at: number, value = '100.000000000000000001'): Snapshot {
  return { at, value: d(value), base: 'USD', missing: [] };
}

describe('the snapshots of a portfolio', () => {
  let folder: string;
  let isKept: boolean;
  const store = (limits?: { everyMs: number; mostRows: number; slack: number }): Snapshots =>
    new Snapshots({ folder, isKept: () => isKept, ...(limits && { limits }) });
  const file = (id = 'p1'): string => path.join(folder, 'snapshots', `${id}.jsonl`);

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'snapshots-'));
    isKept = true;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are not kept unless the user wants it', async () => {
    isKept = false;
    assert.equal(await store().keep('p1', snapshot(start)), false);
    await assert.rejects(readFile(file()));
    assert.deepEqual(await store().read('p1'), []);
  });

  it('keep every digit, what is missing, and no more than one an hour', async () => {
    const kept = store();
    const first = { ...snapshot(start), missing: ['margin', 'ODD'] };
    assert.equal(await kept.keep('p1', first), true);
    assert.equal(await kept.keep('p1', snapshot(start + hour - 1)), false);
    assert.equal(await kept.keep('p1', snapshot(start + hour, '-3')), true);
    assert.deepEqual(await kept.read('p1'), [first, snapshot(start + hour, '-3')]);
    assert.deepEqual(await kept.read('p2'), []);
  });

  it('tell the newest one without the others, whatever stands around it', async () => {
    const kept = store();
    assert.equal(await kept.newest('p1'), undefined);
    for (let n = 0; n < 9; n += 1) await kept.keep('p1', snapshot(start + n * hour, String(n)));
    assert.deepEqual(await kept.newest('p1'), snapshot(start + 8 * hour, '8'));
    await appendFile(file(), '{"at":17660');
    assert.deepEqual(await kept.newest('p1'), snapshot(start + 8 * hour, '8'));
    assert.equal(await kept.newest('p2'), undefined);
    // Written by a window whose clock was behind.
    await appendFile(file(), `\n${JSON.stringify(snapshot(start - hour, '3'))}\n`);
    assert.deepEqual(await kept.newest('p1'), snapshot(start + 8 * hour, '8'));
  });

  it('are one an hour among all windows, also when these write at the same time', async () => {
    const windows = Array.from({ length: 5 }, () => store());
    const kept = await Promise.all(
      windows.map((window, index) => window.keep('p1', snapshot(start + index))),
    );
    assert.equal(kept.filter(Boolean).length, 1);
    assert.equal((await store().read('p1')).length, 1);
  });

  it('go on after a clock that was ahead', async () => {
    await store().keep('p1', snapshot(start + 1_000 * hour));
    const later = store();
    assert.equal(await later.keep('p1', snapshot(start)), true);
    assert.deepEqual(
      (await later.read('p1')).map(({ at }) => at),
      [start, start + 1_000 * hour],
    );
  });

  it('bear damage: what cannot be read is passed over, and the next one stands in a line of its own', async () => {
    await store().keep('p1', snapshot(start));
    await appendFile(
      file(),
      '\0\0\0\n{"at":-1,"value":"1","base":"USD"}\n{"at":5,"value":"1e9","base":"USD"}\n{"at":5,"value":7,"base":"USD"}\n' +
        '{"at":5,"value":"1","base":"<b>"}\n[]\nnull\n{"at":1766007200000,"value":"9","ba',
    );
    const kept = store();
    assert.equal((await kept.read('p1')).length, 1);
    assert.equal(await kept.keep('p1', snapshot(start + 2 * hour)), true);
    assert.deepEqual(
      (await kept.read('p1')).map(({ at }) => at),
      [start, start + 2 * hour],
    );
  });

  it('are bounded: the oldest go', async () => {
    const limits = { everyMs: 1, mostRows: 10, slack: 3 };
    const kept = store(limits);
    for (let at = 0; at < 40; at++) {
      await kept.keep('p1', snapshot(start + at));
      const lines = (await readFile(file(), 'utf8')).trimEnd().split('\n');
      assert.ok(lines.length <= 13, String(lines.length));
    }
    const rows = await kept.read('p1');
    assert.equal(rows.at(-1)?.at, start + 39);
    assert.ok(rows.length >= 10);
  });

  it('are deleted for one profile, and can begin anew at once', async () => {
    const kept = store();
    let told = 0;
    kept.onDidChange(() => told++);
    await kept.keep('p1', snapshot(start));
    await kept.keep('p2', snapshot(start));
    await kept.remove('p1');
    await kept.remove('unknown');
    assert.deepEqual(await kept.read('p1'), []);
    assert.equal((await kept.read('p2')).length, 1);
    assert.equal(await kept.keep('p1', snapshot(start + 1)), true);
    assert.equal(told, 5);
  });

  it('leave their folder for no name of a profile', async () => {
    for (const id of ['../profiles', 'a/b', '', 'x'.repeat(65)]) {
      await assert.rejects(store().keep(id, snapshot(start)), TypeError);
      await assert.rejects(store().remove(id), TypeError);
    }
  });

  it('tell of a folder that cannot be written to', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'snapshots'), 'a file in the way');
    await assert.rejects(store().keep('p1', snapshot(start)));
  });

  it('are read in their order, whatever the order of the lines', () => {
    const text = [3, 1, 2].map((at) => JSON.stringify({ at, value: '1', base: 'EUR' })).join('\r\n');
    assert.deepEqual(
      parseSnapshots(text).map(({ at }) => at),
      [1, 2, 3],
    );
  });
});
