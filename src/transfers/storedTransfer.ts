import { parseRecord, type RecordLine } from './journalFormat';
import { followers, isLater, type JournalRecord, type LegState, type NoteKind } from './records';

/** All that the journal holds of one transfer. */
export interface JournalledTransfer {
  readonly id: string;
  /** State of each leg by its index; `undefined` for a leg that has no record of its own. */
  readonly states: readonly (LegState | undefined)[];
  /** In the order of the file. */
  readonly records: readonly JournalRecord[];
}

const undecidedStates: ReadonlySet<LegState> = new Set(['planned', 'sent', 'accepted', 'unknown']);

/** The lines of one transfer, parsed when somebody looks. They stay where they were read: most are never looked at. */
export class StoredTransfer implements JournalledTransfer {
  /** Most transfers have one leg; small arrays by the hundred thousand cost more than all the rest. */
  private first: LegState | undefined;
  private more: (LegState | undefined)[] | undefined;
  private last: StoredLine | undefined;
  private parsed: readonly JournalRecord[] | undefined;

  constructor(readonly id: string) {}

  get states(): readonly (LegState | undefined)[] {
    return this.more ? [this.first, ...this.more] : [this.first];
  }

  get records(): readonly JournalRecord[] {
    return (this.parsed ??= this.lines().map(({ bytes, start, end }) => parseRecord(bytes, start, end)));
  }

  /** In the order of the file. */
  lines(): StoredLine[] {
    const found: StoredLine[] = [];
    for (let line = this.last; line; line = line.before) found.push(line);
    return found.reverse();
  }

  /** `false` when it holds the line already: own lines are seen again when the file is read. */
  add({ leg, state }: RecordLine, bytes: Buffer, start: number, end: number): boolean {
    for (let line = this.last; line; line = line.before) {
      const sameLength = line.end - line.start === end - start;
      if (sameLength && line.bytes.compare(bytes, start, end, line.start, line.end) === 0) return false;
    }
    this.last = { bytes, start, end, before: this.last };
    this.parsed = undefined;
    if (isNoteKind(state)) return true;
    const before = leg === 0 ? this.first : this.more?.[leg - 1];
    // Windows may have written at the same moment: what they say together is the further of both states.
    if (before === undefined || followers[before].includes(state) || isLater(state, before)) {
      if (leg === 0) this.first = state;
      else (this.more ??= [])[leg - 1] = state;
    }
    return true;
  }

  /** Its lines stay; they are parsed again with the next look. */
  forget(): void {
    this.parsed = undefined;
  }

  isUndecided(): boolean {
    if (this.first !== undefined && undecidedStates.has(this.first)) return true;
    return this.more?.some((state) => state !== undefined && undecidedStates.has(state)) ?? false;
  }
}

/** Where a line stands. */
export interface Place {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

interface StoredLine extends Place {
  readonly before: StoredLine | undefined;
}

function isNoteKind(state: LegState | NoteKind): state is NoteKind {
  return state === 'evidence' || state === 'batch' || state === 'batchEnd';
}
