import * as v from 'valibot';
import { accountTypeIds } from '../kucoin/accountTypes';
import { isDecimal, isZero, type Decimal } from '../kucoin/decimal';
import type { Intent } from './intent';

/** Transfers that somebody keeps to make them again: an intent with a name. Nothing in it is ever sent by itself. */
export interface SavedTransfer {
  readonly id: string;
  readonly name: string;
  readonly intent: Intent;
  /** Milliseconds since the epoch. */
  readonly savedAt: number;
}

export interface SavedTransfers {
  readonly format: 'kucoin-accounts saved transfers';
  readonly version: 1;
  readonly transfers: readonly SavedTransfer[];
}

/** Where they are kept. `replace` changes the whole file at once, or not at all. */
export interface SavedTransfersFile {
  /** `undefined` when there is none. */
  read(): Promise<string | undefined>;
  replace(text: string): Promise<void>;
}

export const noSavedTransfers: SavedTransfers = Object.freeze({
  format: 'kucoin-accounts saved transfers',
  version: 1,
  transfers: Object.freeze([]),
});

export type SavedProblem =
  'nameEmpty' | 'nameTooLong' | 'nameTaken' | 'notThere' | 'damaged' | 'newerVersion';
export type SavedChange = { readonly saved: SavedTransfers } | { readonly problem: SavedProblem };

const nameLimit = 80;

export function addSaved(saved: SavedTransfers, added: SavedTransfer): SavedChange {
  const name = tidyName(added.name);
  const problem = problemOfName(saved, name, added.id);
  if (problem) return { problem };
  const others = saved.transfers.filter(({ id }) => id !== added.id);
  return { saved: { ...saved, transfers: [...others, { ...added, name }] } };
}

export function renameSaved(saved: SavedTransfers, id: string, wanted: string): SavedChange {
  const name = tidyName(wanted);
  if (!saved.transfers.some((one) => one.id === id)) return { problem: 'notThere' };
  const problem = problemOfName(saved, name, id);
  if (problem) return { problem };
  return {
    saved: { ...saved, transfers: saved.transfers.map((one) => (one.id === id ? { ...one, name } : one)) },
  };
}

export function removeSaved(saved: SavedTransfers, id: string): SavedChange {
  const transfers = saved.transfers.filter((one) => one.id !== id);
  return transfers.length === saved.transfers.length
    ? { problem: 'notThere' }
    : { saved: { ...saved, transfers } };
}

/** Those of a profile, by name. */
export function savedOf(saved: SavedTransfers, profileId: string): SavedTransfer[] {
  return saved.transfers
    .filter(({ intent }) => intent.profileId === profileId)
    .sort((a, b) => a.name.localeCompare(b.name));
}

function tidyName(name: string): string {
  return name.replace(/\s+/g, ' ').trim();
}

function problemOfName({ transfers }: SavedTransfers, name: string, id: string): SavedProblem | undefined {
  if (name === '') return 'nameEmpty';
  if (name.length > nameLimit) return 'nameTooLong';
  const key = name.toLowerCase();
  return transfers.some((one) => one.id !== id && one.name.toLowerCase() === key) ? 'nameTaken' : undefined;
}

const account = v.object({
  owner: v.union([v.literal('self'), v.object({ subUserId: v.string(), name: v.exactOptional(v.string()) })]),
  type: v.picklist(accountTypeIds),
  tag: v.exactOptional(v.string()),
});
const amount = v.custom<Decimal>(
  (value) => typeof value === 'string' && isDecimal(value) && !value.startsWith('-') && !isZero(value),
);
const schema = v.object({
  format: v.literal(noSavedTransfers.format),
  version: v.literal(noSavedTransfers.version),
  transfers: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      intent: v.object({ profileId: v.string(), currency: v.string(), amount, from: account, to: account }),
      savedAt: v.number(),
    }),
  ),
});

/** Reads what a file holds; a file of a newer version must not be overwritten. */
export function parseSaved(text: string | undefined): SavedChange {
  if (text === undefined) return { saved: noSavedTransfers };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'damaged' };
  }
  const read = v.safeParse(schema, value);
  if (read.success) return { saved: read.output };
  const newer = v.is(
    v.object({ format: v.literal(noSavedTransfers.format), version: v.pipe(v.number(), v.minValue(2)) }),
    value,
  );
  return { problem: newer ? 'newerVersion' : 'damaged' };
}

export function formatSaved(saved: SavedTransfers): string {
  return `${JSON.stringify(saved, null, 2)}\n`;
}

/** Reads, changes, writes. Answers what came of it; nothing is written when there is a problem. */
export async function changeSaved(
  file: SavedTransfersFile,
  change: (saved: SavedTransfers) => SavedChange,
): Promise<SavedChange> {
  const read = parseSaved(await file.read());
  if ('problem' in read) return read;
  const changed = change(read.saved);
  if ('saved' in changed) await file.replace(formatSaved(changed.saved));
  return changed;
}
