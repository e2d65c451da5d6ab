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
import { followers, isLater, type JournalEntry, type JournalRecord, type LegState } from './records';

/** Why the journal could not be read or written. Its message may be shown and logged. */
export class JournalError extends Error {
  override readonly name = 'JournalError';

  constructor(
    readonly code: 'diskFull' | 'io' | 'newerVersion' | 'illegal',
    message: string,
  ) {
    super(message);
  }

  static is(error: unknown, code?: JournalError['code']): error is JournalError {
    return error instanceof JournalError && (code === undefined || error.code === code);
  }
}

export interface JournalOptions {
  /** Names this window among all that ever wrote; the history asks `isAlive` about it. */
  readonly writer: string;
  /** Wall clock, milliseconds since the epoch. */
  readonly now: () => number;
}

/** All that the journal holds of one transfer. */
export interface JournalledTransfer {
  readonly id: string;
  /** State of each leg by its index; `undefined` for a leg that has no record of its own. */
  readonly states: readonly (LegState | undefined)[];
  /** In the order of the file. */
  readonly records: readonly JournalRecord[];
}

const lineBreak = 0x0a;
const undecidedStates: ReadonlySet<LegState> = new Set(['planned', 'sent', 'unknown']);

/**
 * What has been asked for and what became of it: a file that only grows, shared by all windows.
 *
 * Every append is one write, so that lines of several windows never mix, and starts with a line break, so that it
 * never continues the torn line of a process that was killed. Nothing is ever removed from the file: a damaged
 * line is copied to a sibling file, and a line of the journal says so.
 */
export class TransferJournal {
  private readonly transfers = new Map<string, StoredTransfer>();
  private readonly undecided = new Set<string>();
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
    await journal.alone(() => journal.readOn({ closeTail: true }));
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

  /** Ids of the transfers of which a leg is planned, sent or unknown. */
  undecidedIds(): string[] {
    return [...this.undecided];
  }

  transfer(id: string): JournalledTransfer | undefined {
    return this.transfers.get(id);
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
    const known = this.transfers.get(transfer);
    // The record that plans a transfer plans all its legs.
    const before = known && (known.states[leg] ?? 'planned');
    const legal = before === undefined ? state === 'planned' : followers[before].includes(state);
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

  private async readOn({ closeTail = false } = {}): Promise<void> {
    try {
      const size = await this.file.size();
      if (size === this.offset) return;
      if (size < this.offset) {
        // Somebody took the file away: what is in memory stays true, and what is there now is read anew.
        this.offset = 0;
        this.hasHeader = false;
        this.knownDamage.clear();
      }
      const torn = await this.readLines(false);
      if (torn && closeTail) {
        // A last line without a line break may be the write of another window that is still under way. Writes to
        // one file exclude each other, so behind the line break that is written now the line is final.
        await this.file.append(Buffer.of(lineBreak)).catch(() => undefined); // disk full: judged as it stands
        await this.readLines(true);
      }
    } catch (error) {
      throw asJournalError(error);
    }
  }

  /** Takes in what stands behind `offset`. Answers whether a torn last line was left for later. */
  private async readLines(judgeTail: boolean): Promise<boolean> {
    const bytes = await this.file.read(this.offset);
    const base = this.offset;
    const damaged: { readonly offset: number; readonly bytes: Buffer }[] = [];
    let start = 0;
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

  /** Takes in one line; `false` when it is damaged. */
  private take(bytes: Buffer, start: number, end: number): boolean {
    const line = inspectLine(bytes, start, end);
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
    let transfer = this.transfers.get(line.transfer);
    if (!transfer) this.transfers.set(line.transfer, (transfer = new StoredTransfer(line.transfer)));
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

/** The lines of one transfer, parsed when somebody looks. They stay where they were read: most are never looked at. */
class StoredTransfer implements JournalledTransfer {
  readonly states: (LegState | undefined)[] = [];
  private readonly chunks: Buffer[] = [];
  /** Start and end of each line in the chunk of the same number. */
  private readonly spans: number[] = [];
  private parsed: readonly JournalRecord[] | undefined;

  constructor(readonly id: string) {}

  get records(): readonly JournalRecord[] {
    return (this.parsed ??= this.chunks.map((chunk, n) => parseRecord(chunk, this.start(n), this.end(n))));
  }

  /** `false` when it holds the line already: own lines are seen again when the file is read. */
  add({ leg, state }: RecordLine, bytes: Buffer, start: number, end: number): boolean {
    for (const [n, chunk] of this.chunks.entries()) {
      const sameLength = this.end(n) - this.start(n) === end - start;
      if (sameLength && chunk.compare(bytes, start, end, this.start(n), this.end(n)) === 0) return false;
    }
    this.chunks.push(bytes);
    this.spans.push(start, end);
    this.parsed = undefined;
    const before = this.states[leg];
    // Windows may have written at the same moment: what they say together is the further of both states.
    if (before === undefined || followers[before].includes(state) || isLater(state, before)) {
      this.states[leg] = state;
    }
    return true;
  }

  isUndecided(): boolean {
    return this.states.some((state) => state !== undefined && undecidedStates.has(state));
  }

  private start(n: number): number {
    return this.spans[2 * n] ?? 0;
  }

  private end(n: number): number {
    return this.spans[2 * n + 1] ?? 0;
  }
}

const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

function asJournalError(error: unknown): JournalError {
  if (JournalError.is(error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return new JournalError(fullCodes.has(code) ? 'diskFull' : 'io', code);
}
