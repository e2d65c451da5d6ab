import { KucoinError } from '../kucoin/errors';

/** A list with page numbers, all pages of it (kucoin-api 5.1), read side by side. */
export interface PagedList<T> {
  /** Title of the endpoint, for errors. */
  readonly endpoint: string;
  readonly pageSize: number;
  readonly read: (page: number, pageSize: number) => Promise<Page<T>>;
  readonly idOf: (item: T) => string;
  /** Gets each page as it comes, with rows that were not on another one. */
  readonly onItems: (items: readonly T[], total: number) => void;
}

export interface Page<T> {
  readonly totalNum: number;
  readonly totalPage: number;
  readonly items: readonly T[];
}

/** How many pages are on their way at once, beyond the first. */
const atOnce = 6;
/** More pages than these are no list of accounts. */
const mostPages = 1_000;

/**
 * The first page tells how many there are; the rest follows side by side. New rows push others onto later pages, so
 * pages are read as long as the list grows, and a row that is seen twice counts once. A list that changes meanwhile may
 * have moved rows onto pages that were read already: it is read once more.
 *
 * @throws KucoinError `malformedReply` for a list that never ends
 */
export async function readPages<T>(list: PagedList<T>): Promise<void> {
  const seen = new Set<string>();
  let last = 1;
  let known: number | undefined;
  const rows = { haveMoved: false };
  const take = ({ items, totalNum, totalPage }: Page<T>, page: number): void => {
    const fresh = items.filter((item) => {
      const { size } = seen;
      return seen.add(list.idOf(item)).size > size;
    });
    if (totalPage > mostPages) {
      const detail = `the list has ${totalPage} pages`;
      throw new KucoinError({ kind: 'malformedReply', outcome: 'executed', endpoint: list.endpoint, detail });
    }
    rows.haveMoved ||= fresh.length < items.length || (known !== undefined && totalNum !== known);
    known = totalNum;
    // Behind the last page there is nothing, whatever the page says.
    if (items.length > 0) last = Math.max(last, totalPage);
    else last = Math.min(last, page);
    list.onItems(fresh, totalNum);
  };
  const readAll = async (): Promise<void> => {
    take(await list.read(1, list.pageSize), 1);
    let next = 2;
    const work = async (): Promise<void> => {
      while (next <= last) {
        const page = next++;
        take(await list.read(page, list.pageSize), page);
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, last - 1) }, work));
    await work();
  };
  await readAll();
  if (rows.haveMoved) await readAll();
}
