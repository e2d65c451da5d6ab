import assert from 'node:assert/strict';
import { KucoinClient } from '../../../src/kucoin/client';
import { systemTime } from '../../../src/kucoin/time';
import { send } from '../../../src/kucoin/transport';
import type { World } from '../../../src/kucoin/vocabulary';
import type { HfKind } from '../../../src/portfolio/hf';
import { HfWatch, hfKinds, hfOfSub } from '../../../src/portfolio/hfWatch';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/main';
import { testOrder } from '../../../src/orders/place';
import type { OrderDraft } from '../../../src/orders/order';
import { decimal } from '../../../src/kucoin/decimal';
import { transfer } from '../sandbox/caller';

const probe: OrderDraft = {
  symbol: 'KCS-USDT',
  side: 'buy',
  type: 'limit',
  price: decimal('5'),
  size: decimal('1'),
};

describe('the HF status read from the sandbox', () => {
  let sandbox: Sandbox;
  let client: KucoinClient;
  let watch: HfWatch;

  async function start(world: World, options: SandboxOptions = {}): Promise<void> {
    sandbox = await startSandbox({ world, ...options });
    client = new KucoinClient({
      site: { hosts: { spot: sandbox.spot, futures: sandbox.futures } },
      credentials: () => Promise.resolve({ ...sandbox.credentials, version: '3' }),
      transport: send,
      time: systemTime,
    });
    watch = new HfWatch({ client, world });
  }
  afterEach(async () => {
    client.retire();
    await sandbox.stop();
  });

  async function state(kind: HfKind): Promise<string> {
    await watch.refresh(kind);
    const status = watch.status(kind);
    return [status?.state, status?.drawsOn ?? '-', status?.next.action].join(' ');
  }

  it('says nothing of spot before it was read, and nothing of margin in the world of 2023', async () => {
    await start('seed');
    for (const kind of hfKinds) assert.equal(watch.status(kind), undefined);
  });

  it('is merged today, though opened is false', async () => {
    await start('today');
    assert.equal(await state('spot'), 'merged trade orderTest');
    assert.equal(await state('cross'), 'merged margin nothing');
    assert.equal(await state('isolated'), 'merged isolated nothing');
    const [first] = watch.status('spot')?.evidence ?? [];
    assert.match(first?.template ?? '', /opened is false/);
  });

  it('is proven by the order test, which leaves nothing to do', async () => {
    await start('today');
    await watch.refresh('spot');
    await testOrder(client, probe, 'a-proof');
    watch.noteOrderTest('accepted');
    assert.equal(watch.status('spot')?.next.action, 'nothing');
  });

  it('is a separate account of old HF users today', async () => {
    await start('today', { switches: { hfOpened: true } });
    assert.equal(await state('spot'), 'separate trade_hf orderTest');
  });

  it('is not open in the world of 2023 until a transfer opens it', async () => {
    await start('seed');
    assert.equal(await state('spot'), 'notActivated - activate');
    await assert.rejects(testOrder(client, probe, 'too-early'), /400200/);
    watch.noteOrderTest({ code: '400200' });
    assert.equal(watch.status('spot')?.state, 'notActivated');
    await transfer(sandbox, { to: 'trade_hf', amount: '20' });
    assert.equal(await state('spot'), 'separate trade_hf orderTest');
    await testOrder(client, probe, 'in-time');
    watch.noteOrderTest('accepted');
    assert.equal(watch.status('spot')?.next.action, 'nothing');
  });

  it('names the whitelist, from a transfer and from an order test, until one is taken', async () => {
    await start('seed', { switches: { hfWhitelisted: false } });
    await watch.refresh('spot');
    const { json } = await transfer(sandbox, { to: 'trade_hf' });
    watch.noteTransfer('spot', json?.code);
    assert.equal(watch.status('spot')?.state, 'refused');
    assert.equal(watch.status('spot')?.meaning.template.includes('on its list'), true);
    watch.noteTransfer('spot', undefined);
    watch.noteOrderTest({ code: '126001' });
    assert.equal(watch.status('spot')?.next.action, 'seeWebsite');
    watch.noteOrderTest('accepted');
    assert.equal(watch.status('spot')?.state, 'separate');
  });

  for (const [code, why] of [
    ['400303', /identity/],
    ['400302', /place/],
    ['400700', /risk/],
  ] as const) {
    it(`gives the reason of a refusal with ${code}`, async () => {
      await start('seed', { switches: { refusals: { orderHfNotOpened: { code } } } });
      await watch.refresh('spot');
      await assert.rejects(testOrder(client, probe, `refused-${code}`), new RegExp(code));
      watch.noteOrderTest({ code });
      assert.equal(watch.status('spot')?.state, 'refused');
      assert.match(watch.status('spot')?.meaning.template ?? '', why);
    });
  }

  it('of margin in the world of 2023 is that of each kind by itself', async () => {
    await start('seed');
    const before = [await state('cross'), await state('isolated')];
    await transfer(sandbox, { from: 'margin', to: 'margin_v2', amount: '1' });
    const after = [await state('cross'), await state('isolated')];
    assert.deepEqual(after, ['separate margin_v2 nothing', before[1]]);
    assert.match(before[0] ?? '', /^(notActivated|separate)/);
  });

  it('is not known where nothing can be read', async () => {
    await start('today');
    const { credentials } = sandbox;
    const other = new KucoinClient({
      site: { hosts: { spot: 'http://127.0.0.1:9', futures: 'http://127.0.0.1:9' } },
      credentials: () => Promise.resolve({ ...credentials, version: '3' }),
      transport: () => Promise.resolve({ ok: false, failure: 'network', unsent: true, code: 'ECONNREFUSED' }),
      time: { ...systemTime, delay: () => Promise.resolve() },
    });
    watch = new HfWatch({ client: other, world: 'today' });
    assert.equal(await state('spot'), 'unknown - readAgain');
    other.retire();
  });

  it('is never taken from a client that has ended', async () => {
    await start('today');
    client.retire();
    await assert.rejects(watch.refresh('spot'), /stale/);
    assert.equal(watch.status('spot'), undefined);
  });

  it('tells who listens, and reads once for two who ask at once', async () => {
    await start('today');
    let told = 0;
    const listening = watch.onDidChange(() => (told += 1));
    await Promise.all([watch.refresh('spot'), watch.refresh('spot')]);
    assert.equal(told, 1);
    listening.dispose();
    watch.noteOrderTest('accepted');
    assert.equal(told, 1);
  });
});

describe('the HF status of a sub-account', () => {
  const account = (type: string): never => ({ type, readAt: 0, balances: [] }) as never;

  it('is what the list shows in the world of 2023', () => {
    assert.equal(hfOfSub('seed', { accounts: [account('main')] }).state, 'notActivated');
    assert.equal(hfOfSub('seed', { accounts: [account('trade_hf')] }).state, 'separate');
  });

  it('is not known today unless the list names a separate account', () => {
    assert.equal(hfOfSub('today', { accounts: [account('trade')] }).state, 'unknown');
    assert.equal(hfOfSub('today', { accounts: [account('trade_hf')] }).state, 'separate');
  });
});
