import { randomBytes } from 'node:crypto';
import { watch } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ProfileFile } from '../profiles/ports';

/** Files under the extension's global storage, shared by all windows. A Memento is no place for them: each window overwrites the whole of it. */

/** A lock older than this was left behind by a process that died. */
const staleLockMs = 5_000;
const lockRetryMs = 25;

/** Text, or `undefined` when the file does not exist. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Readers see the old text or the new one, never a part; it is on the disk when this resolves. */
export async function replaceText(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const handle = await open(fresh, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** Keeps a text under `NAME.damaged-TIME`; answers the path. */
export async function setAside(file: string, text: string): Promise<string> {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const kept = `${file}.damaged-${stamp}-${randomBytes(2).toString('hex')}`;
  await writeFile(kept, text, { mode: 0o600, flag: 'wx' });
  return kept;
}

/** Runs alone among all processes that use the same lock file. */
export async function exclusively<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(lockFile), { recursive: true });
  await takeLock(lockFile);
  try {
    return await work();
  } finally {
    await rm(lockFile, { force: true });
  }
}

async function takeLock(lockFile: string): Promise<void> {
  for (;;) {
    try {
      await (await open(lockFile, 'wx')).close();
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const taken = await stat(lockFile).catch(() => undefined);
    if (taken && Date.now() - taken.mtimeMs > staleLockMs) await rm(lockFile, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, lockRetryMs));
  }
}

/** Calls back when somebody replaces a file of this name. Needs the folder to exist. */
export function watchFile(file: string, listener: () => void): { dispose(): void } {
  const name = path.basename(file);
  const watcher = watch(path.dirname(file), { persistent: false }, (_event, changed) => {
    if (changed === name) listener();
  });
  watcher.on('error', () => watcher.close()); // the folder is gone: nothing is left to watch
  return { dispose: () => watcher.close() };
}

/** The profile file of `folder`, which has to exist. */
export function profileFileIn(folder: string): ProfileFile {
  const file = path.join(folder, 'profiles.json');
  return {
    read: () => readText(file),
    write: (text) => replaceText(file, text),
    setAside: (text) => setAside(file, text),
    exclusively: (work) => exclusively(`${file}.lock`, work),
    onDidChange: (listener) => watchFile(file, listener),
  };
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
