// npm run l10n: writes the Chinese texts in order, drops those that nothing shows any more, and names those that lack.
// A text that lacks stands there empty until somebody translates it; the test of the translations refuses it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from './lib/paths.mjs';
import { manifestTexts, readTexts, translationFiles } from './lib/texts.mjs';

let lacking = 0;
const wanted = { bundle: [...readTexts().texts.keys()].sort(), manifest: Object.keys(manifestTexts()) };
for (const [kind, file] of Object.entries(translationFiles)) {
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const entries = wanted[kind].map((key) => [key, known[key] ?? '']);
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
  for (const [key, text] of entries) {
    if (text !== '') continue;
    console.log(`${relative(root, file)}: ${JSON.stringify(key)}`);
    lacking += 1;
  }
}
console.log(lacking === 0 ? 'Every text has its translation.' : `Texts to translate: ${lacking}`);
