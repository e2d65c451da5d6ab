import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SavedTransfersStore } from '../../../src/host/savedTransfers';
import { own, type Intent } from '../../../src/transfers/intent';
import { addSaved, removeSaved, type SavedChange, type SavedTransfers } from '../../../src/transfers/saved';
import { d } from '../portfolio/support';

const intent: Intent = {
  profileId: 'p',
  currency: 'USDT',
  amount: d('12.5'),
  from: own('main'),
  to: own('isolated', 'BTC-USDT'),
};

describe('the file of saved transfers', () => {
  let folder: string;
  let file: string;
  let notices: string[];
  const store = (): SavedTransfersStore =>
    new SavedTransfersStore({ folder, onNotice: (keptAs) => notices.push(keptAs) });
  const add =
    (name: string) =>
    (saved: SavedTransfers): SavedChange =>
      addSaved(saved, { id: name, name, intent, savedAt: 1 });
  const names = (read: SavedChange): string[] =>
    'saved' in read ? read.saved.transfers.map(({ name }) => name).sort() : [read.problem];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'saved-'));
    file = path.join(folder, 'saved-transfers.json');
    notices = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is not made by a look at it', async () => {
    assert.deepEqual(names(await store().read()), []);
    assert.deepEqual(await readdir(folder), []);
  });

  it('keeps what every window adds at the same time', async () => {
    const windows = [store(), store(), store()];
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (windows[index % 3] ?? store()).change(add(`transfer ${index}`)),
      ),
    );
    assert.equal(names(await store().read()).length, 12);
    assert.deepEqual(await readdir(folder), ['saved-transfers.json']);
  });

  it('refuses a name that another window took meanwhile, and changes nothing', async () => {
    const [one, other] = [store(), store()];
    await one.change(add('Weekly'));
    const before = await readFile(file, 'utf8');
    const changed = await other.change((saved) =>
      addSaved(saved, { id: 'another', name: 'weekly', intent, savedAt: 2 }),
    );
    assert.deepEqual(changed, { problem: 'nameTaken' });
    assert.equal(await readFile(file, 'utf8'), before);
  });

  it('says that another window has removed it', async () => {
    await store().change(add('Weekly'));
    await store().change((saved) => removeSaved(saved, 'Weekly'));
    assert.deepEqual(await store().change((saved) => removeSaved(saved, 'Weekly')), { problem: 'notThere' });
  });

  for (const damaged of ['', '{"format": "kucoin-acc', '[]', '{"format":"x","version":1,"transfers":[]}']) {
    it(`is set aside when it is damaged, and begun anew: ${damaged || 'empty'}`, async () => {
      await writeFile(file, damaged);
      assert.deepEqual(names(await store().read()), []);
      assert.equal(notices.length, 1);
      assert.equal(await readFile(notices[0] ?? '', 'utf8'), damaged);
      await store().change(add('Weekly'));
      assert.deepEqual(names(await store().read()), ['Weekly']);
      assert.equal(notices.length, 1);
    });
  }

  it('is left as it is when a newer version wrote it', async () => {
    const newer = '{"format":"kucoin-accounts saved transfers","version":2,"more":[]}';
    await writeFile(file, newer);
    assert.deepEqual(await store().read(), { problem: 'newerVersion' });
    assert.deepEqual(await store().change(add('Weekly')), { problem: 'newerVersion' });
    assert.equal(await readFile(file, 'utf8'), newer);
    assert.deepEqual(notices, []);
  });
});
