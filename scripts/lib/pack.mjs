import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifacts, root } from './paths.mjs';
import { pack } from './vsix.mjs';

let packed;

/** Packs the extension once in a run and returns the file, which stands outside dist/: every build empties that. */
export async function packExtension() {
  packed ??= pack({ out: join(artifacts, 'kucoin-accounts.vsix') });
  return (await packed).file;
}

/** Packs the same once more, without the binaries for the system's keychain. */
export async function packWithoutKeytar() {
  await packExtension();
  const out = join(artifacts, 'kucoin-accounts-without-keytar.vsix');
  return (await pack({ out, withoutKeytar: true, built: true })).file;
}

const ofThePackage = [
  ...['package.json', 'package.nls.json', 'package.nls.zh-cn.json', 'l10n', 'media', 'src', 'tsconfig.json'],
  ...['esbuild.js', '.vscodeignore', 'README.md', 'CHANGELOG.md', 'LICENSE', 'THIRD_PARTY_NOTICES.md'],
];

/** Packs what another folder holds, a checkout of the same files at another path, with other permissions. */
export async function packElsewhere() {
  const elsewhere = mkdtempSync(join(tmpdir(), 'another checkout '));
  try {
    for (const name of ofThePackage.filter((name) => existsSync(join(root, name))))
      cpSync(join(root, name), join(elsewhere, name), { recursive: true });
    const entries = readdirSync(elsewhere, { recursive: true, withFileTypes: true });
    for (const file of entries.filter((entry) => entry.isFile()))
      chmodSync(join(file.parentPath, file.name), 0o600);
    symlinkSync(join(root, 'node_modules'), join(elsewhere, 'node_modules'), 'junction');
    return (await pack({ root: elsewhere, out: join(artifacts, 'elsewhere.vsix') })).file;
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
}
