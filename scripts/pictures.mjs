// npm run pictures: takes the pictures of the README anew, light and dark, from the packed extension.
import { endChildrenOnSignals } from './lib/children.mjs';
import { ensureDependencies } from './lib/npm.mjs';
import { finish, section } from './lib/report.mjs';
import { pictures, step } from './lib/suites.mjs';
import { removeTemporaryFolder } from './lib/temporary.mjs';

endChildrenOnSignals();
process.on('exit', removeTemporaryFolder);
await ensureDependencies();
await section('build of the tests', () => step('build:tests'));
await section('pictures', () => pictures({}));
process.exit(finish());
