import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../lib/paths.mjs';

const longAgoMs = 20 * 60_000;

/**
 * A folder of the cache, filled by `fill(folder)` unless it is there and whole. It is filled under another name and
 * renamed at the end, so that neither an interrupted run nor two at once can leave half of it under its own name.
 */
export async function cached(name, fill) {
  const target = join(cacheFolder(), name);
  if (isWhole(target)) return target;
  mkdirSync(dirname(target), { recursive: true });
  removeLeftovers(target);
  const own = `${target}.tmp-${process.pid}-${randomBytes(4).toString('hex')}`;
  mkdirSync(own);
  const remove = () => rmSync(own, { recursive: true, force: true });
  // A signal ends the process without coming back here.
  process.once('exit', remove);
  try {
    await fill(own);
    writeFileSync(join(own, marker), `${new Date().toISOString()}\n`);
    putInPlace(own, target);
  } finally {
    remove();
    process.off('exit', remove);
  }
  return target;
}

const marker = 'complete';
const isWhole = (folder) => existsSync(join(folder, marker));

function putInPlace(own, target) {
  if (existsSync(target) && !isWhole(target)) moveAway(target);
  try {
    renameSync(own, target);
  } catch (error) {
    // Another run was quicker: its result is as good as ours.
    if (!isWhole(target)) throw error;
  }
}

function moveAway(folder) {
  const away = `${folder}.tmp-broken-${randomBytes(4).toString('hex')}`;
  renameSync(folder, away);
  rmSync(away, { recursive: true, force: true });
}

/** What interrupted runs left, old enough that none of them can still be at work. */
function removeLeftovers(target) {
  const folder = dirname(target);
  const prefix = `${target.slice(folder.length + 1)}.tmp-`;
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(prefix))) {
    const file = join(folder, name);
    if (ageOf(file) > longAgoMs) rmSync(file, { recursive: true, force: true });
  }
}

function ageOf(file) {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
