import {
  isOpen,
  passes,
  transferRecord,
  type HistoryFilter,
  type HistoryOptions,
  type TransferRecord,
} from './history';
import type { TransferJournal } from './journal';

export interface HistoryListOptions extends HistoryOptions {
  readonly filter: HistoryFilter;
  /** Transfers of a page. */
  readonly pageSize: number;
  /** Lets others work: a long search through the journal stops here again and again. */
  readonly pause: () => Promise<void>;
}

/** Transfers that are looked at in one go; a thousandth of a second or two. */
const chunkSize = 50;

interface Entry {
  /** Position in the journal; it never changes. */
  readonly index: number;
  readonly record: TransferRecord;
  /** How many lines the journal had about it. */
  readonly lines: number;
}

/**
 * The newest part of the history, which grows at its old end on request and at its new end with the journal. Only
 * what was asked for is read, whatever the length of the journal.
 */
export class HistoryList {
  /** Newest first. */
  private entries: Entry[] = [];
  private openNow: TransferRecord[] = [];
  /** Everything in the journal from here to `high` has been looked at. */
  private low: number;
  private high: number;
  private readonly watched = new Set<string>();
  private reading: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly journal: TransferJournal,
    private readonly options: HistoryListOptions,
  ) {
    this.low = this.high = journal.ids().length;
    this.readOpen();
  }

  /** Transfers under way and those whose outcome is unknown, however old, newest first. */
  get open(): readonly TransferRecord[] {
    return this.openNow;
  }

  /** All others that have been read, newest first. */
  get past(): TransferRecord[] {
    return this.entries.map(({ record }) => record).filter((record) => !isOpen(record));
  }

  /** Whether older ones have not been looked at yet. */
  get hasOlder(): boolean {
    return this.low > 0;
  }

  /** How many transfers of the journal have been looked at, and how many there are, whatever the filter. */
  get progress(): { readonly looked: number; readonly total: number } {
    return { looked: this.high - this.low, total: this.high };
  }

  /** Reads one page more. Calls at the same time share one page. */
  older(): Promise<void> {
    this.reading ??= this.readPage().finally(() => (this.reading = undefined));
    return this.reading;
  }

  /** Takes in what has been written to the journal since. */
  sync(): void {
    const ids = this.journal.ids();
    for (; this.high < ids.length; this.high += 1) this.take(ids, this.high);
    this.entries = this.entries.flatMap((entry) => {
      const now = this.again(entry);
      return now ? [now] : [];
    });
    const shown = new Set(this.entries.map(({ record }) => record.id));
    for (const id of this.watched) {
      // What did not pass the filter while it was open may pass now.
      const index = shown.has(id) ? -1 : ids.indexOf(id);
      if (index >= this.low) this.take(ids, index);
    }
    this.entries.sort((a, b) => b.index - a.index);
    this.readOpen();
  }

  /** Ends a search that is under way: nobody waits for it any more. */
  stop(): void {
    this.stopped = true;
  }

  private async readPage(): Promise<void> {
    const ids = this.journal.ids();
    let found = 0;
    while (this.low > 0 && found < this.options.pageSize && !this.stopped) {
      const end = Math.max(this.low - chunkSize, 0);
      while (this.low > end && found < this.options.pageSize) {
        this.low -= 1;
        if (this.take(ids, this.low)) found += 1;
      }
      await this.options.pause();
    }
  }

  private take(ids: readonly string[], index: number): boolean {
    const id = ids[index];
    const entry = id === undefined ? undefined : this.read(id, index);
    if (entry) this.entries.push(entry);
    return entry !== undefined;
  }

  private read(id: string, index: number): Entry | undefined {
    const { journal, options } = this;
    const record = matching(journal, id, options.filter, options);
    return record && { index, record, lines: journal.lineCount(id) };
  }

  /** Finished transfers change with the journal only; others also with the window that made them. */
  private again(entry: Entry): Entry | undefined {
    const { id } = entry.record;
    const same = !isOpen(entry.record) && entry.lines === this.journal.lineCount(id);
    return same ? entry : this.read(id, entry.index);
  }

  private readOpen(): void {
    const { journal, options } = this;
    const ids = journal.undecidedIds();
    for (const id of ids) this.watched.add(id);
    this.openNow = ids
      .flatMap((id) => transferRecord(journal, id, options) ?? [])
      .filter((record) => isOpen(record) && passes(record, options.filter))
      .sort((a, b) => b.createdAt - a.createdAt);
  }
}

/** A transfer that passes the filter. Most do not, in a search: they are told by their bytes, without parsing them. */
function matching(
  journal: TransferJournal,
  id: string,
  filter: HistoryFilter,
  options: HistoryOptions,
): TransferRecord | undefined {
  const { currency, profileId } = filter;
  if (currency !== undefined && !journal.plannedWith(id, `"currency":${JSON.stringify(currency)}`))
    return undefined;
  if (profileId !== undefined && !journal.plannedWith(id, `"profile":{"id":${JSON.stringify(profileId)}`))
    return undefined;
  const record = transferRecord(journal, id, options);
  return record && passes(record, filter) ? record : undefined;
}

/** What the history can be filtered by. */
export interface Facets {
  readonly profiles: ReadonlyMap<string, TransferRecord['profile']>;
  readonly currencies: ReadonlySet<string>;
}

/** Profiles, removed ones included, by their last names, and currencies of all transfers; remembers what it has read. */
export class FacetReader {
  private readonly profiles = new Map<string, TransferRecord['profile']>();
  private readonly currencies = new Set<string>();
  private looked = 0;

  constructor(
    private readonly journal: TransferJournal,
    private readonly pause: () => Promise<void>,
  ) {}

  async read(): Promise<Facets> {
    const ids = this.journal.ids();
    while (this.looked < ids.length) {
      const id = ids[this.looked] ?? '';
      this.looked += 1;
      const planned = this.journal.transfer(id)?.records.find((record) => record.state === 'planned');
      if (planned) {
        this.profiles.set(planned.profile.id, planned.profile);
        this.currencies.add(planned.currency);
      }
      if (this.looked % chunkSize === 0) await this.pause();
    }
    return { profiles: this.profiles, currencies: this.currencies };
  }
}

/** All transfers that pass a filter, newest first, in pieces with pauses between. */
export async function* filteredHistory(
  journal: TransferJournal,
  { filter, pause, ...options }: Omit<HistoryListOptions, 'pageSize'>,
): AsyncGenerator<TransferRecord[]> {
  const ids = journal.ids().reverse();
  for (let start = 0; start < ids.length; start += chunkSize) {
    yield ids.slice(start, start + chunkSize).flatMap((id) => matching(journal, id, filter, options) ?? []);
    await pause();
  }
}
