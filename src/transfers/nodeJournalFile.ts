import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  mkdirSync,
  openSync,
  statSync,
  writeSync,
} from 'node:fs';
import { open, readFile, rename, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { JournalFile } from './journalFile';

/**
 * A journal on a local disk. The file is opened anew for each append: somebody may have moved it away meanwhile,
 * and an append to a file that no name leads to would be lost.
 *
 * @param file absolute path; its folder is made when needed
 * @param now wall clock, for the names of files that are set aside
 */
export function nodeJournalFile(file: string, now: () => number = Date.now): JournalFile {
  const folder = path.dirname(file);
  const index = `${file}.index`;
  return {
    size: async () => Promise.resolve(sizeOf(file)),
    async read(offset) {
      const handle = await openIfThere(file);
      if (!handle) return Buffer.alloc(0);
      try {
        return await readFrom(handle, offset);
      } finally {
        await handle.close();
      }
    },
    async append(bytes) {
      // A transfer makes a handful of lines, and nothing else may happen before one is on the disk: waiting in place
      // costs less than a turn through the thread pool.
      const { handle, isNew } = openToAppend(file);
      try {
        if (writeSync(handle, bytes) < bytes.length) throw shortWrite();
        const { size } = fstatSync(handle);
        // The bytes and the length of the file, without which they could not be read; its times may wait.
        fdatasyncSync(handle);
        if (isNew || size === bytes.length) await syncFolder(folder);
        return size;
      } finally {
        closeSync(handle);
      }
    },
    index: {
      read: async () => readFile(index).catch(() => undefined), // none yet, or as good as none
      async write(bytes) {
        // Neither flushed nor kept from another window that writes one now: its checksum shows what is not whole.
        await writeFile(`${index}.new`, bytes, { mode: 0o600 });
        await rename(`${index}.new`, index);
      },
    },
    async setAside(bytes) {
      const stamp = new Date(now()).toISOString().replace(/[:.]/g, '-');
      for (let n = 1; ; n++) {
        const kept = `${file}.damaged-${stamp}${n === 1 ? '' : `-${n}`}`;
        try {
          await writeFile(kept, bytes, { mode: 0o600, flag: 'wx', flush: true });
          return path.basename(kept);
        } catch (error) {
          if (codeOf(error) !== 'EEXIST') throw error;
        }
      }
    },
  };
}

function openToAppend(file: string): { readonly handle: number; readonly isNew: boolean } {
  const flags = constants.O_APPEND | constants.O_WRONLY;
  try {
    return { handle: openSync(file, flags), isNew: false };
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    mkdirSync(path.dirname(file), { recursive: true });
    return { handle: openSync(file, flags | constants.O_CREAT, 0o600), isNew: true };
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function readFrom(handle: FileHandle, offset: number): Promise<Buffer> {
  const { size } = await handle.stat();
  const buffer = Buffer.allocUnsafe(Math.max(size - offset, 0));
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** The name of a new file is on the disk only when its folder is flushed too. Windows cannot, and need not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The system took a part only: the disk is full. What was written is a torn line, which readers set aside. */
function shortWrite(): Error {
  return Object.assign(new Error('only a part was written'), { code: 'ENOSPC' });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
