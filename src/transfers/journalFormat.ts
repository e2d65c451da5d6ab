import { crc32 } from 'node:zlib';
import { JournalError } from './journalError';
import { followers, type JournalRecord, type LegState, type NoteKind } from './records';

/**
 * The lines of the journal. Each is JSON with a checksum over all that follows it:
 *
 *     {"sum":"1c291ca3","transfer":"…","leg":0,"state":"sent",…}
 *
 * The first members stand in a fixed order, so that a journal can be opened by looking at the start of each line:
 * what a line says beyond its transfer, leg and state is parsed when somebody asks for it.
 */

export const journalVersion = 1;
const format = 'kucoin-accounts transfers';

/** Everything from here to the end of the line is summed. */
const bodyStart = prefix(0).length;

/** A stretch of the file that is no valid line, kept in a file beside it. */
export interface DamageNote {
  /** Bytes from the start of the journal. */
  readonly offset: number;
  readonly length: number;
  /** Name of the sibling file that holds a copy; absent when it could not be written. */
  readonly file?: string;
}

export type Line =
  | { readonly kind: 'header'; readonly version: number }
  | { readonly kind: 'damage'; readonly note: DamageNote }
  | RecordLine;

export interface RecordLine {
  readonly kind: 'record';
  readonly transfer: string;
  readonly leg: number;
  readonly state: LegState | NoteKind;
}

function encode(body: string): string {
  const rest = `,${body.slice(1)}`;
  return prefix(crc32(rest)) + rest;
}

export function encodeHeader(): string {
  return encode(JSON.stringify({ format, version: journalVersion }));
}

export function encodeDamage(damaged: DamageNote): string {
  return encode(JSON.stringify({ damaged }));
}

export function encodeRecord({ transfer, leg, state, ...more }: JournalRecord): string {
  return encode(JSON.stringify({ transfer, leg, state, ...more }));
}

const opening = Buffer.from('{"sum":"');
const sumEnd = bodyStart - 1;
const transferMark = Buffer.from(',"transfer":"');
const transferStart = bodyStart + transferMark.length;
const longestId = 64;
const quote = 0x22;

/**
 * What kind of line stands between two places, or `undefined` when it is damaged. Reads no more than it must: a
 * journal of 100,000 transfers has some 300,000 lines.
 *
 * @param previous the id that the line before had: the same text is not made twice
 */
export function inspectLine(bytes: Buffer, start: number, end: number, previous?: string): Line | undefined {
  const body = start + bodyStart;
  if (end <= body || !standsAt(bytes, opening, start) || bytes[start + sumEnd] !== quote) return undefined;
  if (crc32(bytes.subarray(body, end)) !== sumAt(bytes, start + opening.length)) return undefined;
  if (!standsAt(bytes, transferMark, body)) return other(bytes.toString('utf8', start, end));
  const idStart = start + transferStart;
  const idEnd = bytes.indexOf(quote, idStart);
  if (idEnd < 0 || idEnd > end || idEnd - idStart > longestId) return undefined;
  // `","leg":0,"state":"settled"` follows the id; no transfer has more than ten legs.
  if (!standsAt(bytes, legMark, idEnd)) return undefined;
  const legAt = idEnd + legMark.length;
  const leg = (bytes[legAt] ?? 0) - 0x30;
  if (leg < 0 || leg > 9 || !standsAt(bytes, stateMark, legAt + 1)) return undefined;
  const state = stateAt(bytes, legAt + 1 + stateMark.length);
  if (state === undefined) return undefined;
  const isKnown = previous?.length === idEnd - idStart && isTextAt(bytes, previous, idStart);
  const transfer = isKnown ? previous : bytes.toString('latin1', idStart, idEnd);
  return { kind: 'record', transfer, leg, state };
}

const legMark = Buffer.from('","leg":');
const stateMark = Buffer.from(',"state":"');

const stateNames: readonly (LegState | NoteKind)[] = [
  ...(Object.keys(followers) as LegState[]),
  'evidence',
  'batch',
  'batchEnd',
];
const statesByText = stateNames.map((name) => ({ name, text: Buffer.from(`${name}"`) }));

function stateAt(bytes: Buffer, start: number): LegState | NoteKind | undefined {
  for (const { name, text } of statesByText) if (standsAt(bytes, text, start)) return name;
  return undefined;
}

/** The lines of a transfer often follow each other; ids differ at their end. */
function isTextAt(bytes: Buffer, text: string, start: number): boolean {
  for (let i = text.length - 1; i >= 0; i--) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}

function standsAt(bytes: Buffer, text: Buffer, start: number): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text[i]) return false;
  return true;
}

/** Eight lower-case hex digits as a number; -1 when there is anything else. */
function sumAt(bytes: Buffer, start: number): number {
  let sum = 0;
  for (let i = start; i < start + 8; i++) {
    const byte = bytes[i] ?? 0;
    const digit =
      byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1;
    if (digit < 0) return -1;
    sum = sum * 16 + digit;
  }
  return sum;
}

/**
 * The whole record of a line that `inspectLine` has found to be one.
 *
 * @throws JournalError when it is none all the same: its checksum fits, so somebody has written it
 */
export function parseRecord(bytes: Buffer, start: number, end: number): JournalRecord {
  try {
    return JSON.parse(`{${bytes.toString('utf8', start + bodyStart + 1, end)}`) as JournalRecord;
  } catch {
    throw new JournalError('illegal', 'a line of it is no record although its checksum fits');
  }
}

function other(text: string): Line | undefined {
  let value: { readonly format?: string; readonly version?: number; readonly damaged?: DamageNote };
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined; // a checksum is no signature: anybody can write one
  }
  if (value.format === format && typeof value.version === 'number') {
    return { kind: 'header', version: value.version };
  }
  return value.damaged ? { kind: 'damage', note: value.damaged } : undefined;
}

function prefix(sum: number): string {
  return `{"sum":"${sum.toString(16).padStart(8, '0')}"`;
}
