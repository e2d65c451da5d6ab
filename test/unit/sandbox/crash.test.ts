import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSigner } from '../../../src/kucoin/sign';
import { canary, CanarySearch } from '../../host/suites/support/canary';

/** What a process leaves behind that ends by an error nobody catches: its last words and Node's own report. */
describe('a sandbox that crashes', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'kucoin-crash-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('leaves no key and no signature of those that it holds in memory', async () => {
    const trap = path.join(folder, 'trap.cjs');
    writeFileSync(trap, "process.on('SIGUSR2', () => { throw new Error('an invented crash'); });\n");
    const main = path.join(__dirname, '..', '..', '..', 'src', 'sandbox', 'main.js');
    const report = ['--report-uncaught-exception', `--report-directory=${folder}`];
    const child = spawn(process.execPath, [...report, '--require', trap, main], { stdio: 'pipe' });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (said += String(text)));
    await once(child.stdout, 'data');
    const { spot, control } = JSON.parse(said) as { readonly spot: string; readonly control: string };

    const added = await fetch(`${control}/keys`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...canary, permissions: ['General'] }),
    });
    assert.equal(added.status, 200, await added.text());
    const target = '/api/v1/accounts?currency=USDT';
    const headers = createSigner({ ...canary, version: '3' }).headers(Date.now(), 'GET', target, '');
    const answer = await fetch(`${spot}${target}`, { headers: { ...headers } });
    assert.match(await answer.text(), /"code":"200000"/);

    child.kill('SIGUSR2');
    const [code] = (await once(child, 'close')) as [number];
    assert.notEqual(code, 0);
    assert.match(said, /an invented crash/);
    const reports = readdirSync(folder).filter((name) => name.endsWith('.json'));
    assert.equal(reports.length, 1);
    const left = [said, ...reports.map((name) => readFileSync(path.join(folder, name), 'utf8'))].join('\n');
    const search = new CanarySearch({ ...canary, signature: headers['KC-API-SIGN'] ?? '' });
    for (const sample of search.samples()) assert.notDeepEqual(search.in(sample), []);
    assert.deepEqual(search.inText(left), []);
  });
});
