import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { environmentOf } from '../../../src/kucoin/environment';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';

const examples = path.resolve(__dirname, '..', '..', '..', '..', 'examples');
const run = promisify(execFile);

/** The programs that the README shows are run as they stand: only their base URLs and keys are given. */
describe('the example programs', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox({ world: 'today' });
  });

  afterEach(() => sandbox.stop());

  const available = (type: 'main' | 'trade'): string | undefined =>
    sandbox.row({ type, currency: 'USDT' })?.available;

  for (const name of ['plain-http.mjs', 'ccxt.mjs']) {
    it(`${name} reads balances from the sandbox and moves 12.5 USDT once`, async () => {
      const before = { main: available('main'), trade: available('trade') };
      const { spot, futures, credentials } = sandbox;
      const { stdout } = await run(process.execPath, [path.join(examples, name)], {
        timeout: 30_000,
        env: {
          PATH: process.env['PATH'],
          KUCOIN_BASE_URL: spot,
          KUCOIN_FUTURES_BASE_URL: futures,
          KUCOIN_API_KEY: credentials.key,
          KUCOIN_API_SECRET: credentials.secret,
          KUCOIN_API_PASSPHRASE: credentials.passphrase,
        },
      });
      assert.match(stdout, /transferred 12\.5 USDT, order [0-9a-f]{24}/);
      assert.equal(Number(available('main')), Number(before.main) - 12.5);
      assert.equal(Number(available('trade')), Number(before.trade) + 12.5);
    }).timeout(40_000);
  }

  it('balance.mjs prints a balance', async () => {
    const { spot, futures, credentials } = sandbox;
    const { stdout } = await run(process.execPath, [path.join(examples, 'balance.mjs')], {
      timeout: 30_000,
      env: {
        PATH: process.env['PATH'],
        ...environmentOf({ spot, futures }, { ...credentials, version: credentials.keyVersion }),
      },
    });
    assert.equal(stdout, `${available('main')} USDT in the funding account at ${spot}\n`);
  }).timeout(40_000);

  it('live-balances.mjs hears of a transfer as it happens', async () => {
    const { spot, credentials } = sandbox;
    const program = execFile(process.execPath, [path.join(examples, 'live-balances.mjs')], {
      timeout: 30_000,
      env: {
        PATH: process.env['PATH'],
        KUCOIN_BASE_URL: spot,
        KUCOIN_API_KEY: credentials.key,
        KUCOIN_API_SECRET: credentials.secret,
        KUCOIN_API_PASSPHRASE: credentials.passphrase,
        KUCOIN_EVENTS: '2',
      },
    });
    const lines: string[] = [];
    for await (const line of createInterface({ input: program.stdout! })) {
      lines.push(line);
      if (line !== 'listening') continue;
      sandbox.credit({ currency: 'USDT', amount: '1.5' });
      sandbox.credit({ type: 'trade', currency: 'KCS', amount: '0.00000001' });
    }
    assert.deepEqual(lines, [
      'listening',
      'main.deposit USDT 1.5 available 2482.25',
      'trade.other KCS 0.00000001 available 3.00000002',
    ]);
  }).timeout(40_000);
});
