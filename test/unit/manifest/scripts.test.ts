import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const scripts = path.resolve('scripts');
/** What a fresh clone starts with, before anything is installed. */
const entries = ['test.mjs', 'start.mjs', 'bench.mjs', 'package.mjs'];

describe('scripts that install what is missing', () => {
  for (const entry of entries) {
    it(`${entry} needs nothing but Node until it has`, () => {
      const wrong: string[] = [];
      const seen = new Set<string>();
      const visit = (file: string): void => {
        if (seen.has(file)) return;
        seen.add(file);
        const text = readFileSync(file, 'utf8');
        const found = [
          ...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)'/gm),
          ...text.matchAll(/^import '([^']+)'/gm),
          ...text.matchAll(/^const [^=]+ = (?:require|createRequire\([^)]*\))\('([^']+)'/gm),
        ].map(([, specifier = '']) => specifier);
        for (const specifier of found) {
          if (specifier.startsWith('.')) visit(path.resolve(path.dirname(file), specifier));
          else if (!specifier.startsWith('node:'))
            wrong.push(`${path.relative(scripts, file)}: ${specifier}`);
        }
      };
      visit(path.join(scripts, entry));
      assert.ok(seen.size > 2, 'the files that it imports were not found');
      assert.deepEqual(wrong, []);
    });
  }
});
