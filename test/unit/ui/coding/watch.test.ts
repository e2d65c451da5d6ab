import { documents } from '../../support/fakeVscode';
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { watchForKucoin } from '../../../../src/ui/coding/watch';
import { settled } from '../../support/fakeTime';

interface FakeDocument {
  readonly languageId: string;
  readonly uri: { readonly path: string };
  getText(): string;
}

let reads: number;
const document = (languageId: string, text: string, path = '/bot/a'): FakeDocument => ({
  languageId,
  uri: { path },
  getText: () => {
    reads++;
    return text;
  },
});

describe('waiting for a document that speaks of KuCoin', () => {
  let loads: number;
  let failure: Error | undefined;
  let watch: { dispose(): void };
  const load = (): Promise<void> => {
    loads++;
    return failure ? Promise.reject(failure) : Promise.resolve();
  };

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    loads = reads = 0;
    failure = undefined;
    documents.all = [];
  });
  afterEach(() => {
    watch.dispose();
    documents.all = [];
    mock.timers.reset();
  });

  it('loads with the first one, JSON and the history of a shell too, and is gone then', async () => {
    for (const languageId of ['typescript', 'json', 'shellscript', 'dotenv']) {
      loads = 0;
      watch = watchForKucoin(load);
      documents.opened.fire(document(languageId, 'KUCOIN_API_KEY'));
      documents.opened.fire(document(languageId, 'kucoin'));
      await settled();
      documents.opened.fire(document(languageId, 'kucoin'));
      assert.equal(loads, 1, languageId);
    }
  });

  it('sees what was open before, once it has started', () => {
    documents.all = [document('python', 'import kucoin')];
    watch = watchForKucoin(load);
    assert.equal(loads, 0);
    mock.timers.tick(1);
    assert.equal(loads, 1);
  });

  it('leaves other documents and languages alone', () => {
    watch = watchForKucoin(load);
    documents.opened.fire(document('typescript', 'binance'));
    assert.equal(reads, 1);
    documents.opened.fire(document('markdown', 'kucoin'));
    assert.equal(reads, 1, 'a language that is not analysed is not read');
    assert.equal(loads, 0);
  });

  it('knows a file by its name', () => {
    watch = watchForKucoin(load);
    documents.opened.fire(document('dotenv', 'API_SECRET=x', '/bot/.kucoin.env'));
    assert.equal(loads, 1);
  });

  it('reads nothing while somebody types, and looks once the typing rests', () => {
    watch = watchForKucoin(load);
    const typed = document('go', 'kucoin');
    for (let key = 0; key < 20; key++) {
      documents.changed.fire({ document: typed, contentChanges: [{}] });
      mock.timers.tick(100);
    }
    assert.equal(reads, 0);
    mock.timers.tick(250);
    assert.equal(reads, 1);
    assert.equal(loads, 1);
  });

  it('tries again with the next document after a failure', async () => {
    watch = watchForKucoin(load);
    failure = new Error('no');
    documents.opened.fire(document('typescript', 'kucoin'));
    await settled();
    failure = undefined;
    documents.opened.fire(document('typescript', 'kucoin'));
    assert.equal(loads, 2);
  });
});
