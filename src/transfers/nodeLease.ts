import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Lease } from './lease';

export interface NodeLeaseOptions {
  /** Absolute path of a folder that all windows share; made when needed. */
  readonly folder: string;
  /** Names this window among all. */
  readonly owner: string;
  /** Whether the window of this name still runs. */
  readonly isAlive: (owner: string) => boolean;
  readonly now?: () => number;
  /** How long a lease lasts that is not renewed, ms. */
  readonly lifeMs?: number;
}

interface Holder {
  readonly owner: string;
  /** New with every taking: tells a lease from a later one of the same owner. */
  readonly token: string;
  readonly renewedAt: number;
}

const usualLifeMs = 30_000;

/**
 * Leases as files: `NAME.lease`, made with O_EXCL so that one window alone makes it. Renewing replaces the file whole.
 * A lease is taken over when its owner is gone, or when it has not been renewed for its life: the old file is moved
 * aside first, which succeeds for one window only, and put back when it turns out to be a newer one.
 */
export function nodeLease(options: NodeLeaseOptions): Lease {
  const { folder, owner, isAlive, now = Date.now, lifeMs = usualLifeMs } = options;
  const mine = new Map<string, string>();
  const fileOf = (id: string): string => path.join(folder, `${id.replace(/[^\w-]/g, '_')}.lease`);

  const make = async (file: string, id: string): Promise<boolean> => {
    const token = randomUUID();
    const holder: Holder = { owner, token, renewedAt: now() };
    try {
      await mkdir(folder, { recursive: true });
      const handle = await open(file, 'wx', 0o600);
      try {
        await handle.writeFile(JSON.stringify(holder));
      } finally {
        await handle.close();
      }
    } catch {
      return false; // somebody else was faster, or the disk refuses
    }
    mine.set(id, token);
    return true;
  };

  const renew = async (file: string, holder: Holder): Promise<boolean> => {
    const temporary = `${file}.${holder.token}`;
    try {
      const handle = await open(temporary, 'w', 0o600);
      try {
        await handle.writeFile(JSON.stringify({ ...holder, renewedAt: now() }));
      } finally {
        await handle.close();
      }
      await rename(temporary, file);
      return true;
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined); // a leftover of no meaning
      return false;
    }
  };

  const takeOver = async (file: string, id: string, seen: Holder | undefined): Promise<boolean> => {
    const aside = `${file}.${randomUUID()}`;
    try {
      await rename(file, aside);
    } catch {
      return false; // another window was faster
    }
    const moved = await holderIn(aside);
    if (moved?.token !== seen?.token || moved?.renewedAt !== seen?.renewedAt) {
      // It was renewed or taken in between: back with it, unless there is a newer one already.
      await link(aside, file).catch(() => undefined);
      await rm(aside, { force: true });
      return false;
    }
    await rm(aside, { force: true });
    return make(file, id);
  };

  return {
    async tryTake(id) {
      const file = fileOf(id);
      try {
        const holder = await holderIn(file);
        if (holder && holder.token === mine.get(id)) return await renew(file, holder);
        mine.delete(id);
        if (!holder && !(await exists(file))) return await make(file, id);
        const age = holder && now() - holder.renewedAt;
        // A clock that was set back makes no lease eternal.
        const fresh = age !== undefined && age < lifeMs && age > -lifeMs;
        if (holder && fresh && isAlive(holder.owner)) return false;
        // A file without a holder is being written at this moment, or is a leftover of a crash.
        if (!holder && now() - (await stat(file)).mtimeMs < lifeMs) return false;
        return await takeOver(file, id, holder);
      } catch {
        return false;
      }
    },
    async release(id) {
      const file = fileOf(id);
      const holder = await holderIn(file);
      const isOwn = holder !== undefined && holder.token === mine.get(id);
      mine.delete(id);
      if (isOwn) await rm(file, { force: true }).catch(() => undefined); // it ends with its owner, or with its life
    },
  };
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function holderIn(file: string): Promise<Holder | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isHolder(value) ? value : undefined;
  } catch {
    return undefined; // not there, or torn
  }
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false;
  const { owner, token, renewedAt } = value as Record<string, unknown>;
  return typeof owner === 'string' && typeof token === 'string' && typeof renewedAt === 'number';
}
