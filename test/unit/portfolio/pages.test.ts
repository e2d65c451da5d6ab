import assert from 'node:assert/strict';
import { KucoinError } from '../../../src/kucoin/errors';
import { readPages, type Page } from '../../../src/portfolio/pages';

const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => `row${at}`);

/** Reads a list of pages of ten; `rows` is asked for each page, as the list may change in between. */
async function read(rows: (page: number) => readonly string[]): Promise<{ got: string[]; asked: number[] }> {
  const got: string[] = [];
  const asked: number[] = [];
  await readPages<string>({
    endpoint: 'the list',
    pageSize: 10,
    idOf: (row) => row,
    onItems: (items) => got.push(...items),
    read: (page, pageSize): Promise<Page<string>> => {
      asked.push(page);
      const all = rows(page);
      return Promise.resolve({
        totalNum: all.length,
        totalPage: Math.ceil(all.length / pageSize),
        items: all.slice((page - 1) * pageSize, page * pageSize),
      });
    },
  });
  return { got, asked };
}

describe('a list of pages', () => {
  for (const count of [0, 1, 10, 11, 95]) {
    it(`gives each of ${count} rows once, and asks for each page once`, async () => {
      const { got, asked } = await read(() => numbers(count));
      assert.deepEqual(got.sort(), numbers(count).sort());
      assert.deepEqual(
        asked,
        Array.from({ length: Math.max(Math.ceil(count / 10), 1) }, (_, at) => at + 1),
      );
    });
  }

  it('reads on as long as the list grows', async () => {
    const { got } = await read((page) => numbers(page === 1 ? 20 : 35));
    assert.equal(got.length, 35);
  });

  it('counts a row once that new ones push onto the next page', async () => {
    let asked = 0;
    const { got } = await read(() => (++asked === 1 ? numbers(20) : ['new', ...numbers(20)]));
    assert.equal(new Set(got).size, got.length);
    assert.deepEqual(got.sort(), ['new', ...numbers(20)].sort(), 'and finds the new one');
  });

  it('finds the row that a deleted one drew onto a page that was read already', async () => {
    let asked = 0;
    const { got } = await read(() => (++asked === 1 ? numbers(20) : numbers(20).slice(1)));
    assert.ok(got.includes('row10'));
  });

  it('reads a list that never rests twice, not for ever', async () => {
    let count = 20;
    const { asked } = await read(() => numbers(++count));
    assert.ok(asked.length <= 8, asked.join());
  });

  it('ends where a page is empty, whatever it says of further ones', async () => {
    const asked: number[] = [];
    await readPages<string>({
      endpoint: 'the list',
      pageSize: 10,
      idOf: (row) => row,
      onItems: () => undefined,
      read: (page) => {
        asked.push(page);
        return Promise.resolve({ totalNum: 900, totalPage: 90, items: page === 1 ? ['row'] : [] });
      },
    });
    assert.ok(asked.length < 15, `asked for ${asked.length} pages`);
  });

  it('refuses a list that says it has no end', async () => {
    const endless = readPages<string>({
      endpoint: 'the list',
      pageSize: 10,
      idOf: (row) => row,
      onItems: () => undefined,
      read: () => Promise.resolve({ totalNum: 1e9, totalPage: 1e8, items: ['row'] }),
    });
    await assert.rejects(endless, (error) => KucoinError.is(error) && error.kind === 'malformedReply');
  });
});
