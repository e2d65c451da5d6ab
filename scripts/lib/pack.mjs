import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifacts, root } from './paths.mjs';
import { pack } from './vsix.mjs';

/** The files that these functions make. They stand outside dist/: every build empties that. */
export const packed = {
  extension: join(artifacts, 'kucoin-accounts.vsix'),
  withoutKeytar: join(artifacts, 'kucoin-accounts-without-keytar.vsix'),
  elsewhere: join(artifacts, 'elsewhere.vsix'),
};

/** Builds dist/ for production and packs it; resolves with the file. */
export async function packExtension() {
  await pack({ out: packed.extension });
  return packed.extension;
}

/** Packs the same once more, without the binaries for the system's keychain: right after it, dist/ has to be that build. */
export async function packWithoutKeytar() {
  await pack({ out: packed.withoutKeytar, withoutKeytar: true, built: true });
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
    await pack({ root: elsewhere, out: packed.elsewhere });
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
}
