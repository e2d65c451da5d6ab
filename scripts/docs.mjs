// npm run docs: writes the tables of docs/ from the manifest, the catalogue of endpoints and the tables of messages.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documents } from './lib/docs.mjs';
import { root } from './lib/paths.mjs';

for (const [name, text] of Object.entries(await documents())) writeFileSync(join(root, 'docs', name), text);
