// npm run package: builds for production and packs dist/kucoin-accounts.vsix, the same bytes wherever it runs.
//   --without-keytar          leaves out the binaries for the system keychain
//   --out FILE                another file
import { parseArgs } from 'node:util';
import { endChildrenOnSignals } from './lib/children.mjs';
import { ensureDependencies } from './lib/npm.mjs';
import { pack } from './lib/vsix.mjs';

const { values } = parseArgs({
  options: { 'without-keytar': { type: 'boolean' }, out: { type: 'string' } },
});

endChildrenOnSignals();
try {
  await ensureDependencies();
  const { file, bytes, files, sha256 } = await pack({
    out: values.out,
    withoutKeytar: values['without-keytar'],
  });
  console.log(`${file}: ${files} files, ${bytes} bytes, sha256 ${sha256}`);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
