import assert from 'node:assert/strict';
import { takeStartup, type Startup } from '../runner/startup';

describe('the first activation', () => {
  let startup: Startup;

  before(async () => {
    startup = await takeStartup();
  });

  it('loads the entry file alone: no client, no axios, no sandbox', () => {
    // An editor that opened JSON of its own at its start has activated the extension, and let it look at that.
    const looking = startup.activateMs === undefined ? ['coding.js', 'services.js'] : [];
    const more = startup.loaded.filter((file) => file !== 'extension.js' && !looking.includes(file));
    assert.deepEqual(more, []);
  });

  it('opens no connection', () => {
    assert.deepEqual(startup.requests, []);
  });

  it('has an entry file of at most 60 kB', () => {
    assert.ok(startup.entryBytes <= 60_000, `${startup.entryBytes} bytes`);
  });

  it('takes about as long as small extensions of the editor itself (a report, not a limit)', () => {
    const rows = Object.entries({ 'KuCoin Accounts': startup.activateMs, ...startup.others });
    const text = (ms: number | undefined): string =>
      ms === undefined ? 'by the editor' : `${ms.toFixed(1)} ms`;
    console.log(rows.map(([id, ms]) => `      ${id.padEnd(36)}${text(ms)}`).join('\n'));
    assert.ok(rows.length > 1, 'no built-in extension was there to compare with');
  });
});
