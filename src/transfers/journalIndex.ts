import { crc32 } from 'node:zlib';

/**
 * Where the lines of each transfer stand in a part of a journal that has been checked line by line before.
 *
 * It is a memory of work done and never a source of what is true: it counts only while the journal begins with the
 * very bytes that it was made from, and each state is read from the lines themselves. Where it is missing, torn, of
 * another version or of another journal, all lines are checked again.
 */
export interface JournalIndex {
  /** Bytes from the start of the journal of which it speaks. */
  readonly length: number;
  readonly hasHeader: boolean;
  /** In the order of the file. */
  readonly ids: readonly string[];
  /** The lines of transfer n are those from `firsts[n]` up to, without, `firsts[n + 1]`. */
  readonly firsts: Uint32Array;
  /** Of each line, bytes from the start of the journal. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Positions in `ids` of the transfers of which a leg was planned, sent, accepted or unknown. */
  readonly undecided: readonly number[];
  /** Start and end of the lines that hold batches. */
  readonly batches: readonly (readonly [number, number])[];
}

const format = 'kucoin-accounts transfers index';
/** Another one whenever states are concluded from lines in another way. */
const version = 1;
const lineBreak = 0x0a;
const sumLength = 8;

interface Head {
  readonly format: string;
  readonly version: number;
  readonly journal: { readonly length: number; readonly sum: string };
  readonly hasHeader: boolean;
  readonly transfers: number;
  readonly lines: number;
  /** Of the ids, each with a line break behind it. */
  readonly idBytes: number;
  readonly undecided: readonly number[];
  readonly batches: readonly (readonly [number, number])[];
}

/** @param journal begins with the part of which the index speaks */
export function encodeIndex(index: JournalIndex, journal: Buffer): Buffer {
  const { length, hasHeader, undecided, batches } = index;
  const ids = Buffer.from(index.ids.map((id) => `${id}\n`).join(''), 'latin1');
  const head: Head = {
    format,
    version,
    journal: { length, sum: hex(crc32(journal.subarray(0, length))) },
    hasHeader,
    transfers: index.ids.length,
    lines: index.starts.length,
    idBytes: ids.length,
    undecided,
    batches,
  };
  const columns = [index.firsts, index.starts, index.ends].map(bytesOf);
  const body = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ids, ...columns]);
  return Buffer.concat([Buffer.from(hex(crc32(body))), body]);
}

/** The index, when it is whole and speaks of this very journal. */
export function decodeIndex(bytes: Buffer, journal: Buffer): JournalIndex | undefined {
  const body = bytes.subarray(sumLength);
  if (bytes.toString('latin1', 0, sumLength) !== hex(crc32(body))) return undefined;
  const headEnd = body.indexOf(lineBreak);
  const head = JSON.parse(body.toString('utf8', 0, headEnd)) as Head;
  if (head.format !== format || head.version !== version) return undefined;
  const { length, sum } = head.journal;
  // A last line without a line break may have been glued to something since.
  const endsThere = [journal[length - 1], journal[length] ?? lineBreak].includes(lineBreak);
  if (length > journal.length || !endsThere || hex(crc32(journal.subarray(0, length))) !== sum)
    return undefined;
  const { transfers, lines, idBytes, hasHeader, undecided, batches } = head;
  const ids = body.toString('latin1', headEnd + 1, headEnd + 1 + idBytes).split('\n');
  ids.pop();
  let at = headEnd + 1 + idBytes;
  const column = (count: number): Uint32Array => {
    // A copy: numbers of four bytes may not begin anywhere.
    const found = new Uint32Array(count);
    bytesOf(found).set(body.subarray(at, at + found.byteLength));
    at += found.byteLength;
    return found;
  };
  const [firsts, starts, ends] = [column(transfers + 1), column(lines), column(lines)];
  return { length, hasHeader, ids, firsts, starts, ends, undecided, batches };
}

function bytesOf(numbers: Uint32Array): Buffer {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function hex(sum: number): string {
  return sum.toString(16).padStart(sumLength, '0');
}
