import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './paths.mjs';

const require = createRequire(import.meta.url);

/** Licences under which a part may stand inside a work under MIT when its notice comes along, which it does here. */
export const allowed = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/** keytar comes as files; its binaries are compiled with the headers of node-addon-api. */
const keychain = ['node_modules/keytar', 'node_modules/node-addon-api'];

/** The packages of which something is shipped: what esbuild took into a bundle, and the keychain's. */
export async function shippedPackages() {
  const esbuild = require('esbuild');
  const { bundle, pages, entries } = require(join(root, 'esbuild.js'));
  const builds = [bundle(Object.keys(entries)), pages()].map((options) => ({
    ...options,
    absWorkingDir: root,
    minify: true,
    sourcemap: false,
    write: false,
  }));
  const results = await Promise.all(builds.map((options) => esbuild.build(options)));
  // What was read but left out in the end is not shipped.
  const inputs = results
    .flatMap(({ metafile }) => Object.values(metafile.outputs))
    .flatMap((output) => Object.entries(output.inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([file]) => file);
  const folders = inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set([...folders, ...keychain])].map(readPackage).sort(byName);
}

const byName = (one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0);

function readPackage(folder) {
  const path = join(root, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  if (!allowed.includes(license))
    throw new Error(`${name} ${version} is under ${license}: look whether it may be shipped.`);
  const text = textsOf(path).join('\n\n');
  if (!text) throw new Error(`${name} ${version} brings no text of its licence.`);
  return { name, version, license, text };
}

/** The licence and the notices that a package brings; a few have the licence only at the end of their README. */
function textsOf(path) {
  const files = readdirSync(path).sort();
  const read = (file) => readFileSync(join(path, file), 'utf8').replaceAll('\r\n', '\n');
  const own = files.filter((file) => /^(licen[cs]e|copying|notice)(-\w+)?(\.\w+)?$/i.test(file)).map(read);
  if (own.length > 0) return own;
  const readme = files.find((file) => /^readme(\.\w+)?$/i.test(file));
  const section =
    readme && /^(?:#+ *licen[cs]e\b.*|licen[cs]e\n-+)$([^]*?)(?=^#|(?![^]))/im.exec(read(readme))?.[1];
  // There it is written in HTML, with the targets of links after it.
  const plain = section
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replace(/^\[[^\]]+\]: .*$/gm, '');
  return plain ? [plain] : [];
}

/** THIRD_PARTY_NOTICES.md as it has to be. */
export function notices(packages) {
  const table = packages.map(({ name, version, license }) => `| ${name} | ${version} | ${license} |`);
  const texts = packages.map(({ name, version, text }) => {
    const plain = text
      .replaceAll('\r\n', '\n')
      .trim()
      .replace(/[ \t]+$/gm, '');
    return `## ${name} ${version}\n\n\`\`\`text\n${plain}\n\`\`\``;
  });
  return `${[head, ['| Package | Version | Licence |', '| --- | --- | --- |', ...table].join('\n'), ...texts].join('\n\n')}\n`;
}

const head = `# Third-party notices

KuCoin Accounts is under the MIT licence (\`LICENSE\`). The packed extension also holds code of the packages below, each
under its own licence. \`npm run notices\` writes this file from what the bundles really hold.`;
