import assert from 'node:assert/strict';
import { KucoinClient } from '../../../src/kucoin/client';
import { systemTime } from '../../../src/kucoin/time';
import { send } from '../../../src/kucoin/transport';
import { familyHoldings, listedHoldings, type Holdings } from '../../../src/portfolio/holdings';
import { Portfolio } from '../../../src/portfolio/portfolio';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';
import { decimal } from '../../../src/kucoin/decimal';

const listed = [
  {
    type: 'main',
    readAt: 1,
    balances: [{ currency: 'USDT', total: decimal('12'), available: decimal('10'), held: decimal('2') }],
  },
  { type: 'quantum', readAt: 1, balances: [] },
];

describe('the holdings of a family', () => {
  let sandbox: Sandbox;
  let client: KucoinClient;

  beforeEach(async () => {
    sandbox = await startSandbox({ world: 'today' });
    const { spot, futures, credentials } = sandbox;
    client = new KucoinClient({
      site: { hosts: { spot, futures } },
      credentials: () => Promise.resolve({ ...credentials, version: credentials.keyVersion }),
      transport: send,
      time: systemTime,
    });
  });

  afterEach(async () => {
    client.retire();
    await sandbox.stop();
  });

  const portfolio = async (isMaster: boolean): Promise<Portfolio> => {
    const made = new Portfolio({ client, world: 'today', valuationCurrency: () => 'USD', isMaster });
    await made.refresh();
    return made;
  };
  const available = ({ rows }: Holdings, type: string, currency: string, sub?: string): string[] =>
    rows
      .filter((row) => row.type === type && row.currency === currency && row.subUserId === sub)
      .map((row) => row.available);

  it('are, without any call, what the account list shows; unknown types cannot be moved', () => {
    const holdings = listedHoldings(listed);
    assert.deepEqual(available(holdings, 'main', 'USDT'), ['10']);
    assert.deepEqual([...holdings.read], ['main']);
  });

  it('have margin, futures and sub-accounts beside the list', async () => {
    const holdings = await familyHoldings(await portfolio(true));
    assert.deepEqual(available(holdings, 'main', 'USDT'), ['2480.75']);
    assert.deepEqual(available(holdings, 'margin', 'USDT'), ['290.4']);
    // What can leave the account, not all that is in it.
    assert.deepEqual(available(holdings, 'contract', 'USDT'), ['390']);
    assert.ok(holdings.rows.some(({ type, tag }) => type === 'isolated' && tag === 'ETH-USDT'));
    assert.ok(holdings.read.has('contract') && holdings.read.has('isolated'));
    const sub = holdings.subs.find(({ name }) => name === 'demoSub01');
    assert.ok(sub);
    assert.deepEqual(available(holdings, 'main', 'USDT', sub.userId), ['7']);
    assert.equal(holdings.subs.find(({ name }) => name === 'frozenSub03')?.frozen, true);
  });

  it('leave out, and never make zero, what the exchange does not tell this key', async () => {
    const match = { path: '/api/v1/account-overview' };
    const body = { code: '404', msg: 'Not Found', retry: false, success: false };
    sandbox.addFault({ kind: 'envelope', http: 200, body, when: 'before', match, times: 0 });
    const holdings = await familyHoldings(await portfolio(false));
    assert.equal(holdings.read.has('contract'), false);
    assert.deepEqual(available(holdings, 'contract', 'USDT'), []);
    assert.deepEqual(available(holdings, 'margin', 'USDT'), ['290.4']);
    assert.deepEqual(holdings.subs, []);
  });
});
