import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
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
});
