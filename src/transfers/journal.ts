import type { JournalFile } from './journalFile';
import {
  encodeDamage,
  encodeHeader,
  encodeRecord,
  inspectLine,
  journalVersion,
  parseRecord,
  type DamageNote,
  type RecordLine,
} from './journalFormat';
import { decodeIndex, encodeIndex, type JournalIndex } from './journalIndex';
import { JournalError } from './journalError';
import {
  followers,
  type BatchEndRecord,
  type BatchMark,
  type BatchRecord,
  type JournalEntry,
  type JournalRecord,
  type LegState,
} from './records';
import { StoredTransfer, type JournalledTransfer, type Place } from './storedTransfer';

export { JournalError };

export interface JournalOptions {
  /** Names this window among all that ever wrote; the history asks `isAlive` about it. */
  readonly writer: string;
  /** Wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** How much of the journal may have no index yet before a new one is saved, bytes. */
  readonly indexStep?: number;
}

/** Transfers that belong to others, by the ids of those, oldest first. */
interface Relations {
  readonly ofBatch: Map<string, string[]>;
  /** By the id of the batch and the number of the row. */
  readonly ofRow: Map<string, string[]>;
  readonly ofOrigin: Map<string, string[]>;
  /** Transfers of more than one leg. */
  readonly chains: string[];
  /** So many transfers have been looked through. */
  read: number;
}

const lineBreak = 0x0a;
/** Checking so much line by line takes some 20 ms. */
const usualIndexStep = 4_000_000;
/** Places in an index are numbers of four bytes. */
const longestIndexed = 0xffff_ffff;
/** Transfers whose lines stay parsed after a look at them: a person, or a batch, looks at no more at once. */
const mostParsed = 2_000;

/**
 * What has been asked for and what became of it: a file that only grows, shared by all windows.
 *
 * Every append is one write, so that lines of several windows never mix, and starts with a line break, so that it
 * never continues the torn line of a process that was killed. Nothing is ever removed from the file: a damaged
 * line is copied to a sibling file, and a line of the journal says so.
 */
export class TransferJournal {
  /** A number is the position in the index of a transfer that nobody has looked at yet. */
  private readonly transfers = new Map<string, StoredTransfer | number>();
  /** The transfers that were looked at last, in that order. */
  private readonly recent = new Map<string, StoredTransfer>();
  private readonly relations: Relations = {
    ofBatch: new Map(),
    ofRow: new Map(),
    ofOrigin: new Map(),
    chains: [],
    read: 0,
  };
  private indexed: { readonly index: JournalIndex; readonly journal: Buffer } | undefined;
  private readonly undecided = new Set<string>();
  private readonly batches = new Map<string, StoredTransfer>();
  /** Of the line that was taken in last: the next one often belongs to it too. */
  private latest: StoredTransfer | undefined;
  private readonly newDamage: DamageNote[] = [];
  private readonly knownDamage = new Set<number>();
  /** Results that are true and could not be written yet. */
  private readonly pending: Buffer[] = [];
  /** Everything before it has been read. */
  private offset = 0;
  private hasHeader = false;
  private counter = 0;
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly file: JournalFile,
    private readonly options: JournalOptions,
  ) {}

  /**
   * Reads the journal, sets damaged lines aside and lists them in `damage`.
   *
   * @throws JournalError `newerVersion` when a newer version of the extension wrote it; `io`.
   */
  static async open(file: JournalFile, options: JournalOptions): Promise<TransferJournal> {
    const journal = new TransferJournal(file, options);
    await journal.alone(() => journal.readFirst());
    return journal;
  }

  get writer(): string {
    return this.options.writer;
  }

  /** Damaged stretches that this window was the first to find. */
  get damage(): readonly DamageNote[] {
    return this.newDamage;
  }

  /** How many results are known and not yet on the disk. */
  get unwritten(): number {
    return this.pending.length;
  }

  /** Ids of all transfers, oldest first. */
  ids(): string[] {
    return [...this.transfers.keys()];
  }

  /** Ids of the transfers of which a leg is planned, sent, accepted or unknown. */
  undecidedIds(): string[] {
    return [...this.undecided];
  }

  transfer(id: string): JournalledTransfer | undefined {
    return this.find(id);
  }

  /** How many lines the journal has about a transfer: it grows with each change. */
  lineCount(id: string): number {
    return this.linesOf(id).length;
  }

  /** Whether the line that planned a transfer has a text in it, told without parsing it. */
  plannedWith(id: string, text: string): boolean {
    const line = this.linesOf(id)[0];
    return line !== undefined && hasText(line, Buffer.from(text));
  }

  /** Ids of the transfers that were made for rows of a batch, oldest first. */
  idsOfBatch(batch: string): readonly string[] {
    return this.related().ofBatch.get(batch) ?? [];
  }

  /** Ids of the transfers that were made for one row of a batch, oldest first. */
  idsOfRow(mark: BatchMark): readonly string[] {
    return this.related().ofRow.get(rowKey(mark)) ?? [];
  }

  /** Ids of the transfers of more than one leg, oldest first. */
  chainIds(): readonly string[] {
    return this.related().chains;
  }

  /** Ids of the transfers that move a transfer on, back or again, oldest first. */
  idsAfter(origin: string): readonly string[] {
    return this.related().ofOrigin.get(origin) ?? [];
  }

  /** Ids of all batches, oldest first. */
  batchIds(): string[] {
    return [...this.batches.keys()];
  }

  /** The rows of a batch. */
  batch(id: string): BatchRecord | undefined {
    return this.batches.get(id)?.records.find((record) => record.state === 'batch');
  }

  /** That a batch was given up. */
  batchEnd(id: string): BatchEndRecord | undefined {
    return this.batches.get(id)?.records.find((record) => record.state === 'batchEnd');
  }

  /** Reads what other windows have written since. */
  refresh(): Promise<void> {
    return this.alone(() => this.readOn());
  }

  /**
   * Writes a record and flushes it to the disk; it counts only when this resolves.
   *
   * @throws JournalError `illegal` when the leg cannot enter the state; `diskFull` or `io` when it is not written.
   */
  append(entry: JournalEntry): Promise<void> {
    return this.alone(async () => {
      await this.readOn();
      this.assertLegal(entry);
      const line = this.lineOf(entry);
      await this.flushPending();
      await this.write(line);
      this.applyOwn(entry, line);
    });
  }

  /**
   * Writes the result of something that has happened. When the disk refuses it still counts: it is kept in memory and
   * written before the next record, or by `retry`. Answers what went wrong with the disk, if anything did.
   *
   * @throws JournalError `illegal` when the leg cannot enter the state.
   */
  appendResult(entry: JournalEntry): Promise<JournalError | undefined> {
    return this.alone(async () => {
      let trouble: JournalError | undefined;
      try {
        await this.readOn();
      } catch (error) {
        trouble = asJournalError(error);
      }
      this.assertLegal(entry);
      const line = this.lineOf(entry);
      this.applyOwn(entry, line);
      this.pending.push(line);
      if (trouble) return trouble;
      try {
        await this.flushPending();
        return undefined;
      } catch (error) {
        return asJournalError(error);
      }
    });
  }

  /** Writes the results that could not be written before. @throws JournalError */
  retry(): Promise<void> {
    return this.alone(() => this.flushPending());
  }

  private lineOf(entry: JournalEntry): Buffer {
    const { writer, now } = this.options;
    this.counter += 1;
    const record: JournalRecord = { ...entry, id: `${writer}-${this.counter}`, at: now(), writer };
    return Buffer.from(encodeRecord(record), 'utf8');
  }

  private applyOwn({ transfer, leg, state }: JournalEntry, line: Buffer): void {
    this.apply({ kind: 'record', transfer, leg, state }, line, 0, line.length);
  }

  private assertLegal({ transfer, leg, state }: JournalEntry): void {
    const known = this.find(transfer);
    if (state === 'batch') {
      if (!known && !this.batches.has(transfer)) return;
      throw new JournalError('illegal', `the batch ${transfer} is there already`);
    }
    if (state === 'batchEnd') {
      if (this.batches.has(transfer) && !this.batchEnd(transfer)) return;
      throw new JournalError('illegal', `the batch ${transfer} has ended already, or never was`);
    }
    // The record that plans a transfer plans all its legs.
    const before = known && (known.states[leg] ?? 'planned');
    const legal =
      before === undefined
        ? state === 'planned'
        : state === 'evidence'
          ? evidencedStates.has(before)
          : followers[before].includes(state);
    if (!legal)
      throw new JournalError('illegal', `${before ?? 'nothing'} -> ${state} (leg ${leg} of ${transfer})`);
  }

  private async flushPending(): Promise<void> {
    for (let line = this.pending[0]; line; line = this.pending[0]) {
      await this.write(line);
      this.pending.shift();
    }
  }

  private async write(line: Buffer): Promise<void> {
    const header = this.hasHeader ? '' : `\n${encodeHeader()}`;
    const bytes = Buffer.concat([Buffer.from(`${header}\n`), line]);
    let size: number;
    try {
      size = await this.file.append(bytes);
    } catch (error) {
      throw asJournalError(error);
    }
    this.hasHeader = true;
    // Where nobody else has written meanwhile, the own line need not be read again.
    if (size === this.offset + bytes.length) this.offset = size;
  }

  private async readFirst(): Promise<void> {
    try {
      if ((await this.file.size()) === 0) return;
      const bytes = await this.file.read(0);
      const index = await this.savedIndex(bytes);
      if (index) this.adopt(index, bytes);
      const torn = await this.takeLines(bytes, 0, false);
      this.keepIndex(bytes, index?.length ?? 0);
      if (torn) {
        // A last line without a line break may be the write of another window that is still under way. Writes to
        // one file exclude each other, so behind the line break that is written now the line is final.
        await this.file.append(Buffer.of(lineBreak)).catch(() => undefined); // disk full: judged as it stands
        await this.readLines(true);
      }
    } catch (error) {
      throw asJournalError(error);
    }
  }

  private async readOn(): Promise<void> {
    try {
      const size = await this.file.size();
      if (size === this.offset) return;
      if (size < this.offset) {
        // Somebody took the file away: what is in memory stays true, and what is there now is read anew.
        this.offset = 0;
        this.hasHeader = false;
        this.knownDamage.clear();
      }
      await this.readLines(false);
    } catch (error) {
      throw asJournalError(error);
    }
  }

  /** Takes in what stands behind `offset`. Answers whether a torn last line was left for later. */
  private async readLines(judgeTail: boolean): Promise<boolean> {
    return this.takeLines(await this.file.read(this.offset), this.offset, judgeTail);
  }

  /** @param base where in the journal the bytes begin; those before `offset` are skipped */
  private async takeLines(bytes: Buffer, base: number, judgeTail: boolean): Promise<boolean> {
    const damaged: { readonly offset: number; readonly bytes: Buffer }[] = [];
    let start = this.offset - base;
    let torn = false;
    while (start < bytes.length) {
      const stop = bytes.indexOf(lineBreak, start);
      const end = stop < 0 ? bytes.length : stop;
      if (end > start && !this.take(bytes, start, end)) {
        torn = stop < 0 && !judgeTail;
        if (torn) break;
        damaged.push({ offset: base + start, bytes: bytes.subarray(start, end) });
      }
      start = end + 1;
    }
    this.offset = base + Math.min(start, bytes.length);
    for (const found of damaged) await this.setAside(found);
    return torn;
  }

  private async savedIndex(journal: Buffer): Promise<JournalIndex | undefined> {
    try {
      const bytes = await this.file.index?.read();
      return bytes && decodeIndex(bytes, journal);
    } catch {
      return undefined; // unreadable: as if there were none
    }
  }

  private adopt(index: JournalIndex, journal: Buffer): void {
    this.indexed = { index, journal };
    for (const [position, id] of index.ids.entries()) this.transfers.set(id, position);
    for (const position of index.undecided) this.undecided.add(index.ids[position] ?? '');
    for (const [start, end] of index.batches) this.take(journal, start, end);
    this.hasHeader = index.hasHeader;
    this.offset = index.length;
  }

  /** Saves where the lines stand once much had to be checked, for the next opening. */
  private keepIndex(journal: Buffer, before: number): void {
    const { index } = this.file;
    const { indexStep = usualIndexStep } = this.options;
    const length = this.offset;
    // Not while there is damage of which no line of the journal tells yet: it has to be found again until one does.
    if (!index || this.newDamage.length > 0 || length - before < indexStep || length > longestIndexed) return;
    const bytes = encodeIndex(this.makeIndex(length), journal);
    // It saves time only: what goes wrong with it is no trouble of the journal's.
    void this.alone(() => index.write(bytes)).catch(() => undefined);
  }

  /** Of a journal that was read in one piece, so that all lines stand in the same buffer. */
  private makeIndex(length: number): JournalIndex {
    const firsts = new Uint32Array(this.transfers.size + 1);
    const starts: number[] = [];
    const ends: number[] = [];
    const undecided: number[] = [];
    const old = this.indexed?.index;
    let position = 0;
    for (const [id, transfer] of this.transfers) {
      if (this.undecided.has(id)) undecided.push(position);
      if (typeof transfer === 'number') {
        for (const line of linesIn(old, transfer)) {
          starts.push(line.start);
          ends.push(line.end);
        }
      } else {
        for (const line of transfer.lines()) {
          starts.push(line.start);
          ends.push(line.end);
        }
      }
      firsts[++position] = starts.length;
    }
    return {
      length,
      hasHeader: this.hasHeader,
      ids: [...this.transfers.keys()],
      firsts,
      starts: Uint32Array.from(starts),
      ends: Uint32Array.from(ends),
      undecided,
      batches: [...this.batches.values()].flatMap((batch) =>
        batch.lines().map(({ start, end }): [number, number] => [start, end]),
      ),
    };
  }

  /** A transfer that was only looked at is made of its lines again when it has been forgotten. */
  private find(id: string): StoredTransfer | undefined {
    const found = this.transfers.get(id);
    if (found === undefined) return undefined;
    const transfer = typeof found === 'number' ? (this.recent.get(id) ?? this.fromIndex(id)) : found;
    this.recent.delete(id);
    this.recent.set(id, transfer);
    if (this.recent.size > mostParsed) {
      for (const [oldest, forgotten] of this.recent) {
        forgotten.forget();
        this.recent.delete(oldest);
        break;
      }
    }
    return transfer;
  }

  private fromIndex(id: string): StoredTransfer {
    const transfer = new StoredTransfer(id);
    for (const { bytes, start, end } of this.linesOf(id)) {
      const line = inspectLine(bytes, start, end, id);
      if (line?.kind !== 'record' || line.transfer !== id) {
        throw new JournalError('io', `the index of the journal is wrong about ${id}`);
      }
      transfer.add(line, bytes, start, end);
    }
    return transfer;
  }

  /** In the order of the file. */
  private linesOf(id: string): readonly Place[] {
    const found = this.transfers.get(id);
    if (typeof found !== 'number') return found?.lines() ?? [];
    const { index, journal } = this.indexed ?? {};
    return journal ? linesIn(index, found).map((line) => ({ ...line, bytes: journal })) : [];
  }

  /** Few transfers belong to others: only their lines are parsed. */
  private related(): Relations {
    const { relations } = this;
    if (relations.read === this.transfers.size) return relations;
    for (const id of this.ids().slice(relations.read)) {
      const line = this.linesOf(id)[0];
      if (!line) continue;
      if (hasText(line, nextLegMark)) relations.chains.push(id);
      if (!hasText(line, batchMark) && !hasText(line, originMark)) continue;
      const record = parseRecord(line.bytes, line.start, line.end);
      if (record.state !== 'planned') continue;
      if (record.batch) {
        addTo(relations.ofBatch, record.batch.id, id);
        addTo(relations.ofRow, rowKey(record.batch), id);
      }
      if (record.origin) addTo(relations.ofOrigin, record.origin.of, id);
    }
    relations.read = this.transfers.size;
    return relations;
  }

  /** Takes in one line; `false` when it is damaged. */
  private take(bytes: Buffer, start: number, end: number): boolean {
    const line = inspectLine(bytes, start, end, this.latest?.id);
    switch (line?.kind) {
      case 'record':
        this.apply(line, bytes, start, end);
        return true;
      case 'damage':
        this.knownDamage.add(line.note.offset);
        return true;
      case 'header':
        if (line.version > journalVersion) {
          throw new JournalError('newerVersion', `the journal has version ${line.version}`);
        }
        this.hasHeader = true;
        return true;
      case undefined:
        return false;
    }
  }

  private async setAside({
    offset,
    bytes,
  }: {
    readonly offset: number;
    readonly bytes: Buffer;
  }): Promise<void> {
    if (this.knownDamage.has(offset)) return;
    this.knownDamage.add(offset);
    const found = { offset, length: bytes.length };
    try {
      const note = { ...found, file: await this.file.setAside(bytes) };
      this.newDamage.push(note);
      await this.write(Buffer.from(encodeDamage(note), 'utf8'));
    } catch {
      // The line stays in the journal itself; it is found and reported again at the next start.
      if (!this.newDamage.some((note) => note.offset === offset)) this.newDamage.push(found);
    }
  }

  private apply(line: RecordLine, bytes: Buffer, start: number, end: number): void {
    if (line.state === 'batch') {
      const batch = new StoredTransfer(line.transfer);
      batch.add(line, bytes, start, end);
      if (!this.batches.has(line.transfer)) this.batches.set(line.transfer, batch);
      return;
    }
    if (line.state === 'batchEnd') {
      this.batches.get(line.transfer)?.add(line, bytes, start, end);
      return;
    }
    let transfer = this.latest?.id === line.transfer ? this.latest : this.find(line.transfer);
    if (transfer !== this.latest || !transfer) {
      transfer ??= new StoredTransfer(line.transfer);
      this.transfers.set(line.transfer, transfer);
    }
    this.latest = transfer;
    if (!transfer.add(line, bytes, start, end)) return;
    if (transfer.isUndecided()) this.undecided.add(line.transfer);
    else this.undecided.delete(line.transfer);
  }

  /** Work on the file runs one piece after the other. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined); // its caller learns of it
    return result;
  }
}

/** States in which it is worth noting what was looked at. */
const evidencedStates: ReadonlySet<LegState> = new Set(['sent', 'accepted', 'unknown', 'leftToUser']);

/** The lines of the transfer at a position of an index. */
function linesIn(index: JournalIndex | undefined, position: number): { start: number; end: number }[] {
  const found = [];
  const end = index?.firsts[position + 1] ?? 0;
  for (let n = index?.firsts[position] ?? end; n < end; n++) {
    found.push({ start: index?.starts[n] ?? 0, end: index?.ends[n] ?? 0 });
  }
  return found;
}

const batchMark = Buffer.from('"batch":{');
const nextLegMark = Buffer.from('},{"endpoint":');
const originMark = Buffer.from('"origin":{');

/** Quotes within the values of a line are escaped, so that a name with its quotes stands for nothing else. */
function hasText({ bytes, start, end }: Place, text: Buffer): boolean {
  return bytes.subarray(start, end).includes(text);
}

function rowKey({ id, row }: BatchMark): string {
  return `${id}#${row}`;
}

function addTo(ids: Map<string, string[]>, key: string, id: string): void {
  const known = ids.get(key);
  if (known) known.push(id);
  else ids.set(key, [id]);
}

const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

function asJournalError(error: unknown): JournalError {
  if (JournalError.is(error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return new JournalError(fullCodes.has(code) ? 'diskFull' : 'io', code);
}
