import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder;

/**
 * One folder for everything temporary of this run, browser profiles and sockets included. Its path is short where it
 * can be: the name of a socket may have only about a hundred characters.
 */
export function temporaryFolder() {
  folder ??= mkdtempSync(
    join(process.platform !== 'win32' && existsSync('/tmp') ? '/tmp' : tmpdir(), 'kucoin-run-'),
  );
  return folder;
}

export const temporaryEnvironment = () => ({
  TMPDIR: temporaryFolder(),
  TMP: temporaryFolder(),
  TEMP: temporaryFolder(),
});

export function removeTemporaryFolder() {
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
