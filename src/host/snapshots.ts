import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { isDecimal, type Decimal } from '../kucoin/decimal';
import { exclusively, readText, replaceText } from './files';

/** What a profile was worth at some time. */
export interface Snapshot {
  /** Milliseconds since the epoch, in the exchange's time. */
  readonly at: number;
  readonly value: Decimal;
  /** Currency of `value`. */
  readonly base: string;
  /** Currencies that had no price, and families of accounts that could not be read: not in `value`. */
  readonly missing: readonly string[];
}

/** One an hour. */
const everyMs = 3_600_000;
/** More than a year of hours. */
const mostRows = 10_000;
/** The newest is among so many: windows write in any order, and a line may be damaged. */
const lastLines = 5;
/** How many rows too many there may be before the file is written anew. */
const slack = 200;

const row = v.object({
  at: v.pipe(v.number(), v.integer(), v.minValue(0)),
  value: v.custom<Decimal>((value) => typeof value === 'string' && isDecimal(value)),
  base: v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,10}$/)),
  missing: v.optional(v.array(v.string()), []),
});

export interface SnapshotsOptions {
  /** Of the extension. */
  readonly folder: string;
  readonly isKept: () => boolean;
  readonly limits?: { readonly everyMs: number; readonly mostRows: number; readonly slack: number };
}

/**
 * Values of profiles over time, one file a profile, one line a snapshot. A line that cannot be read is passed over:
 * it costs a point of a curve and nothing else.
 */
export class Snapshots {
  /** When the last one of a profile was written, as far as this window knows. */
  private readonly last = new Map<string, number>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: SnapshotsOptions) {}

  /** Oldest first. */
  async read(profileId: string): Promise<Snapshot[]> {
    const text = await readText(this.fileOf(profileId));
    return text === undefined ? [] : parseSnapshots(text);
  }

  /** The newest of a profile. Cheap: the others are not parsed. */
  async newest(profileId: string): Promise<Snapshot | undefined> {
    const text = (await readText(this.fileOf(profileId))) ?? '';
    let start = text.length;
    for (let lines = 0; lines < lastLines && start > 0; lines += 1)
      start = text.lastIndexOf('\n', start - 2) + 1;
    return parseSnapshots(text.slice(start)).at(-1);
  }

  /** Whether one is due: cheap, to be asked after every reading. */
  isDue(profileId: string, at: number): boolean {
    const last = this.last.get(profileId);
    return this.options.isKept() && (last === undefined || Math.abs(at - last) >= this.limits.everyMs);
  }

  /** Keeps it unless some window has kept one in the hour before; answers whether it did. */
  async keep(profileId: string, snapshot: Snapshot): Promise<boolean> {
    if (!this.isDue(profileId, snapshot.at)) return false;
    this.last.set(profileId, snapshot.at);
    const file = this.fileOf(profileId);
    await mkdir(path.dirname(file), { recursive: true });
    const kept = await exclusively(`${file}.lock`, async () => {
      const text = (await readText(file)) ?? '';
      const rows = parseSnapshots(text);
      // Near in either direction: windows come here in any order, and a clock that was far ahead stops nothing.
      const near = rows.find(({ at }) => Math.abs(snapshot.at - at) < this.limits.everyMs);
      if (near) {
        this.last.set(profileId, near.at);
        return false;
      }
      const { mostRows: most, slack: more } = this.limits;
      if (rows.length + 1 > most + more) {
        await replaceText(file, [...rows, snapshot].slice(-most).map(lineOf).join(''));
      } else {
        // Behind a line that was cut off, a new one begins.
        await append(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}${lineOf(snapshot)}`);
      }
      return true;
    });
    if (kept) this.fire();
    return kept;
  }

  /** Deletes those of one profile, or all. */
  async remove(profileId?: string): Promise<void> {
    await rm(profileId === undefined ? this.folder : this.fileOf(profileId), {
      recursive: true,
      force: true,
    });
    if (profileId === undefined) this.last.clear();
    else this.last.delete(profileId);
    this.fire();
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  private get limits(): { readonly everyMs: number; readonly mostRows: number; readonly slack: number } {
    return this.options.limits ?? { everyMs, mostRows, slack };
  }

  private get folder(): string {
    return path.join(this.options.folder, 'snapshots');
  }

  private fileOf(profileId: string): string {
    // Ids come from a file that anybody may edit.
    if (!/^[\w-]{1,64}$/.test(profileId)) throw new TypeError('not the id of a profile');
    return path.join(this.folder, `${profileId}.jsonl`);
  }

  private fire(): void {
    for (const listener of this.listeners) listener();
  }
}

async function append(file: string, text: string): Promise<void> {
  const handle = await open(file, 'a', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const lineOf = ({ at, value, base, missing }: Snapshot): string =>
  `${JSON.stringify({ at, value, base, ...(missing.length > 0 && { missing }) })}\n`;

/** Oldest first; lines that are none are left out. */
export function parseSnapshots(text: string): Snapshot[] {
  const rows = text.split('\n').flatMap((line): Snapshot[] => {
    if (line.trim() === '') return [];
    try {
      const parsed = v.safeParse(row, JSON.parse(line));
      return parsed.success ? [parsed.output] : [];
    } catch {
      return [];
    }
  });
  return rows.sort((a, b) => a.at - b.at);
}
