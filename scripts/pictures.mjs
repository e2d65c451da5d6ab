// npm run pictures: takes the pictures of the README anew, light and dark, from the packed extension.
//   --grep <expression>       only those whose name matches
import { parseArgs } from 'node:util';
import { endChildrenOnSignals } from './lib/children.mjs';
import { ensureDependencies } from './lib/npm.mjs';
import { packExtension } from './lib/pack.mjs';
import { finish, section } from './lib/report.mjs';
import { pictures, step } from './lib/suites.mjs';
import { removeTemporaryFolder } from './lib/temporary.mjs';

const { values } = parseArgs({ options: { grep: { type: 'string' } } });

endChildrenOnSignals();
process.on('exit', removeTemporaryFolder);
await ensureDependencies();
await section('package', async () => void (await packExtension()));
await section('build of the tests', () => step('build:tests'));
await section('pictures', () => pictures({ grep: values.grep }));
process.exit(finish());
