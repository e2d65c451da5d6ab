import { randomBytes } from 'node:crypto';
import { unwatchFile, watch, watchFile as watchByPolling } from 'node:fs';
import { link, mkdir, open, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import type { ProfileFile } from '../profiles/ports';

/** Files under the extension's global storage, shared by all windows. A Memento is no place for them: each window overwrites the whole of it. */

/** A lock that nobody has touched for so long was left behind: by a process that died, on whatever computer. */
const staleLockMs = 5_000;
const touchLockMs = 1_000;
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
  const lock = await takeLock(lockFile);
  const touch = setInterval(() => {
    const now = new Date();
    lock.utimes(now, now).catch(() => undefined); // at worst the lock looks stale
  }, touchLockMs);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    // After a long sleep of the machine another process may have taken it over: then it is not ours to remove.
    const isOwn = await isAt(lock, lockFile).catch(() => false);
    // Closed first: Windows keeps the name of a file that is removed while it is open, and lets nobody take it.
    await lock.close();
    if (isOwn) await rm(lockFile, { force: true });
  }
}

async function takeLock(lockFile: string): Promise<FileHandle> {
  for (;;) {
    try {
      const lock = await open(lockFile, 'wx');
      await lock.writeFile(ownerOf(process.pid)).catch(() => undefined); // without a name its age tells
      return lock;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    if (!(await isStale(lockFile))) await new Promise((resolve) => setTimeout(resolve, lockRetryMs));
    else await removeStale(lockFile);
  }
}

async function isStale(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return false;
  return Date.now() - found.mtimeMs > staleLockMs || (await isOfTheDead(file));
}

/** The process of this computer that holds the lock is gone: the reload of a window may end it in the middle. */
async function isOfTheDead(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number(/^\d+/.exec(text)?.[0]);
  if (!(pid > 0) || text !== ownerOf(pid)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

function ownerOf(pid: number): string {
  return `${pid} ${hostname()}\n`;
}

/** Several may find the same stale lock: whoever moved away a fresh one of a faster process puts it back. */
async function removeStale(lockFile: string): Promise<void> {
  const aside = `${lockFile}.${randomBytes(4).toString('hex')}`;
  try {
    await rename(lockFile, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (!(await isStale(aside))) await link(aside, lockFile).catch(() => undefined); // there is a third one already
  await rm(aside, { force: true });
}

async function isAt(handle: FileHandle, file: string): Promise<boolean> {
  const [own, found] = await Promise.all([handle.stat(), stat(file).catch(() => undefined)]);
  return found?.ino === own.ino;
}

/** How often a file is looked at where the system has no watcher left, ms. */
const pollMs = 2_000;

/** Calls back when somebody replaces a file of this name. Needs the folder to exist. */
export function watchFile(file: string, listener: () => void): { dispose(): void } {
  try {
    return watchFolder(file, listener);
  } catch {
    // Linux has a limited number of watchers, and large workspaces use them up.
    const look = (): void => listener();
    watchByPolling(file, { persistent: false, interval: pollMs }, look);
    return { dispose: () => unwatchFile(file, look) };
  }
}

function watchFolder(file: string, listener: () => void): { dispose(): void } {
  const name = path.basename(file);
  const watcher = watch(path.dirname(file), { persistent: false }, (_event, changed) => {
    if (changed === null || changed === name) listener();
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
