import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { findOnPath } from '../lib/paths.mjs';

/**
 * The program of an installed desktop VS Code: KUCOIN_VSCODE, or what stands behind `code` on PATH. The `code` command
 * itself is a script that returns at once, which neither tests nor `npm start` can use.
 */
export function findDesktop() {
  const named = process.env.KUCOIN_VSCODE;
  if (named === 'server') return undefined;
  if (named && !existsSync(named)) throw new Error(`KUCOIN_VSCODE names a file that is not there: ${named}`);
  if (!named && !hasDisplay()) return undefined;
  if (named) return programBehind(realpathSync(named)) ?? named;
  const command = findOnPath('code', 'code-insiders');
  return command && programBehind(realpathSync(command));
}

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Undefined for a `code` of another make, such as that of a remote terminal or of a snap. */
function programBehind(command) {
  const folder = dirname(command);
  if (basename(folder) !== 'bin') return undefined;
  const candidates = [
    join(folder, '..', 'code'),
    join(folder, '..', 'code-insiders'),
    join(folder, '..', 'Code.exe'),
    join(folder, '..', 'Code - Insiders.exe'),
    join(folder, '..', '..', '..', 'MacOS', 'Electron'),
    join(folder, '..', '..', '..', 'MacOS', 'Code'),
  ];
  return candidates.find((file) => existsSync(file));
}
