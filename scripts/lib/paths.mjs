import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const artifacts = join(root, 'artifacts');
export const logs = join(artifacts, 'logs');

/** The user's cache folder, outside the checkout, so that the next clone finds what this one fetched. */
export function cacheFolder() {
  return join(platformCache(), 'kucoin-accounts');
}

function platformCache() {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  return join(homedir(), '.cache');
}

/** The first of these programs that stands on PATH. */
export function findOnPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  const candidates = names.flatMap((name) => folders.flatMap((f) => endings.map((e) => join(f, name + e))));
  return candidates.find((file) => existsSync(file));
}
