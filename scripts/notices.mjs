// npm run notices: writes THIRD_PARTY_NOTICES.md from what the bundles hold.
//   --check                   only says whether it is current
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notices, shippedPackages } from './lib/notices.mjs';
import { root } from './lib/paths.mjs';

const file = join(root, 'THIRD_PARTY_NOTICES.md');
const text = notices(await shippedPackages());
const current = existsSync(file) && readFileSync(file, 'utf8') === text;
if (process.argv.includes('--check') && !current) {
  console.error('THIRD_PARTY_NOTICES.md is not current: run npm run notices');
  process.exit(1);
}
if (!current) writeFileSync(file, text);
