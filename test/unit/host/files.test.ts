import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { exclusively, readText, replaceText, setAside, watchFile } from '../../../src/host/files';
import { TempFolder } from '../profiles/support';

const run = promisify(execFile);
const compiledFiles = path.resolve(__dirname, '..', '..', '..', 'src', 'host', 'files.js');

describe('files that all windows share', () => {
  const folder = new TempFolder();
  beforeEach(() => folder.make());
  afterEach(() => folder.remove());

  it('are nothing where there is none', async () => {
    assert.equal(await readText(folder.path('none')), undefined);
  });

  it('tell of a file that cannot be read', async () => {
    await assert.rejects(readText(folder.root), { code: 'EISDIR' });
  });

  it('are replaced as a whole, for the owner alone, without remains', async () => {
    const file = folder.path('deep/er/a.json');
    await replaceText(file, 'old');
    await replaceText(file, 'new');
    assert.equal(await readFile(file, 'utf8'), 'new');
    assert.deepEqual(await folder.files(), ['deep']);
    if (process.platform !== 'win32') assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it('keep the old text and leave no remains when the new one cannot be put in place', async () => {
    await replaceText(folder.path('taken/inside'), 'x');
    await assert.rejects(replaceText(folder.path('taken'), 'text'));
    assert.deepEqual(await folder.files(), ['taken']);
  });

  it('are never seen half written', async () => {
    const file = folder.path('a.json');
    const texts = ['a', 'b'].map((letter) => letter.repeat(200_000));
    await replaceText(file, texts[0]!);
    const writing = (async () => {
      for (let n = 0; n < 10; n += 1) await replaceText(file, texts[n % 2]!);
    })();
    for (let n = 0; n < 100; n += 1) assert.ok(texts.includes((await readText(file))!));
    await writing;
  });

  it('are set aside under a new name each time', async () => {
    const file = folder.path('a.json');
    const kept = [await setAside(file, 'one'), await setAside(file, 'two')];
    assert.deepEqual(await Promise.all(kept.map((name) => readFile(name, 'utf8'))), ['one', 'two']);
    for (const name of kept) assert.match(path.basename(name), /^a\.json\.damaged-[\dTZ-]+-[0-9a-f]{4}$/);
  });

  it('call back when somebody replaces them, and no more when nobody listens', async () => {
    const file = folder.path('a.json');
    let disposable = { dispose: (): void => undefined };
    await new Promise<void>((resolve, reject) => {
      disposable = watchFile(file, resolve);
      replaceText(file, 'text').catch(reject);
    });
    disposable.dispose();
    disposable.dispose();
  });
});

describe('work that is done alone', () => {
  const folder = new TempFolder();
  beforeEach(() => folder.make());
  afterEach(() => folder.remove());

  it('is never done by two at once, in one process', async () => {
    const lock = folder.path('sub/lock');
    let inside = 0;
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        exclusively(lock, async () => {
          assert.equal(++inside, 1);
          await new Promise((resolve) => setImmediate(resolve));
          inside -= 1;
          order.push(n);
        }),
      ),
    );
    assert.equal(order.length, 8);
  });

  it('is never done by two at once, among processes', async () => {
    const script = `
      const { exclusively } = require(${JSON.stringify(compiledFiles)});
      const fs = require('node:fs');
      const [, lock, counter] = process.argv;
      (async () => {
        for (let n = 0; n < 15; n++) {
          await exclusively(lock, async () => {
            const before = Number(fs.readFileSync(counter, 'utf8'));
            await new Promise((resolve) => setImmediate(resolve));
            fs.writeFileSync(counter, String(before + 1));
          });
        }
      })();`;
    const [lock, counter] = [folder.path('lock'), folder.path('counter')];
    await writeFile(counter, '0');
    await Promise.all([1, 2, 3].map(() => run(process.execPath, ['-e', script, lock, counter])));
    assert.equal(await readFile(counter, 'utf8'), '45');
    assert.deepEqual(await folder.files(), ['counter']);
  });

  it('gives back what the work gives, and lets the next one in after a failure', async () => {
    const lock = folder.path('lock');
    await assert.rejects(
      exclusively(lock, () => Promise.reject(new Error('no'))),
      /^Error: no$/,
    );
    assert.equal(await exclusively(lock, () => Promise.resolve(7)), 7);
    assert.deepEqual(await folder.files(), []);
  });

  it('takes over a lock that a dead process has left, by one of all who wait', async () => {
    const lock = folder.path('lock');
    await writeFile(lock, '');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
    let inside = 0;
    await Promise.all(
      Array.from({ length: 6 }, () =>
        exclusively(lock, async () => {
          assert.equal(++inside, 1);
          await new Promise((resolve) => setImmediate(resolve));
          inside -= 1;
        }),
      ),
    );
    assert.deepEqual(await folder.files(), []);
  });

  it('takes over the lock of a process that has died in the middle, at once', async () => {
    const lock = folder.path('lock');
    const script = `
      const { exclusively } = require(${JSON.stringify(compiledFiles)});
      exclusively(process.argv[1], async () => process.exit(0));`;
    await run(process.execPath, ['-e', script, lock]);
    assert.deepEqual(await folder.files(), ['lock'], 'left behind');
    // It was touched a moment ago: only its owner tells that nobody will come back to it.
    assert.equal(await Promise.race([exclusively(lock, () => Promise.resolve('in')), soon()]), 'in');
    assert.deepEqual(await folder.files(), []);
  });

  it('waits for the lock of another computer, whose processes nobody here knows', async () => {
    const lock = folder.path('lock');
    await writeFile(lock, '999999999 another-computer\n');
    const entered = exclusively(lock, () => Promise.resolve('in'));
    assert.equal(await Promise.race([entered, soon(300)]), 'waits');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
    assert.equal(await entered, 'in');
  });

  it('waits for a lock that is in use', async () => {
    const lock = folder.path('lock');
    const order: string[] = [];
    let finish = (): void => undefined;
    const first = exclusively(lock, async () => {
      order.push('first in');
      await new Promise<void>((resolve) => (finish = resolve));
      order.push('first out');
    });
    while (order.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const second = exclusively(lock, () => Promise.resolve(order.push('second')));
    assert.equal(await Promise.race([second, soon(100)]), 'waits');
    finish();
    await Promise.all([first, second]);
    assert.deepEqual(order, ['first in', 'first out', 'second']);
  });

  it('leaves the lock alone that another process has taken over meanwhile', async () => {
    const lock = folder.path('lock');
    await exclusively(lock, () => replaceText(lock, 'of another process'));
    assert.equal(await readFile(lock, 'utf8'), 'of another process');
  });
});

/** Sooner than a lock that nobody touches becomes stale. */
async function soon(ms = 3_000): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, ms).unref());
  return 'waits';
}
