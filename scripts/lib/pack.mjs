import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tail } from './children.mjs';
import { npmScript } from './npm.mjs';
import { artifacts, logs, root } from './paths.mjs';

/** Packs the extension and returns the file: a copy, because every build empties dist/. */
export async function packExtension() {
  const log = join(logs, 'package.log');
  const result = await npmScript('package', { log, timeoutMs: 3 * 60_000 });
  if (!result.ok) throw new Error(`npm run package failed (${result.code}):\n${tail(log)}`);
  const name = readdirSync(join(root, 'dist')).find((file) => file.endsWith('.vsix'));
  const copy = join(artifacts, name);
  mkdirSync(artifacts, { recursive: true });
  copyFileSync(join(root, 'dist', name), copy);
  return copy;
}
