import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as vscode from 'vscode';
import { takeStartup } from './startup';

/** The runner of scripts/lib/mocha.mjs, which unit tests and journeys use as well. */
interface MochaModule {
  readonly runMocha: (options: MochaOptions) => Promise<number>;
}
interface MochaOptions {
  readonly files: string[];
  readonly results: string;
  readonly timeoutMs: number;
  readonly grep: string | undefined;
}

const suites = resolve(__dirname, '..', 'suites');
const mochaModule = resolve(__dirname, '..', '..', '..', '..', 'scripts', 'lib', 'mocha.mjs');

/** The editor calls this inside its extension host; it decides the exit code. */
export async function run(): Promise<void> {
  const results = process.env['KUCOIN_RESULTS'];
  if (!results) throw new Error('KUCOIN_RESULTS names no file: start these tests with npm run test:host');
  const { runMocha } = (await import(mochaModule)) as MochaModule;
  await takeStartup();
  // These suites count what is asked of the exchange; live balances have their own.
  await vscode.workspace
    .getConfiguration('kucoin')
    .update('live.updates', 'never', vscode.ConfigurationTarget.Global);
  const failed = await runMocha({
    files: testFiles(),
    results,
    timeoutMs: 60_000,
    grep: process.env['KUCOIN_GREP'],
  });
  if (failed > 0) throw new Error(`${failed} failed`);
}

function testFiles(): string[] {
  return readdirSync(suites, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => join(suites, file));
}
