// node scripts/mocha.mjs <pattern> --results <file> [--timeout <ms>] [--grep <expression>]
// Runs under Node 24 (glob, require of modules); test.mjs starts it so.
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runMocha } from './lib/mocha.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    results: { type: 'string' },
    timeout: { type: 'string' },
    grep: { type: 'string' },
  },
});

const files = positionals.flatMap((pattern) => globSync(pattern)).map((file) => resolve(file));
const failed = await runMocha({
  files,
  timeoutMs: Number(values.timeout ?? 10_000),
  results: values.results,
  grep: values.grep,
});
// A socket that a test forgot must not keep the run alive.
process.exit(failed > 0 ? 1 : 0);
