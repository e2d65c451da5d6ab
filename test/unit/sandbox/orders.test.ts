import assert from 'node:assert/strict';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/main';
import { at, ask, call, total, transfer, type Reply } from './caller';

/** A resting purchase of one KCS, far below the market of 10 USDT. */
const rest = { symbol: 'KCS-USDT', side: 'buy', type: 'limit', price: '5', size: '1' };
let count = 0;

describe('sandbox HF orders', () => {
  let sandbox: Sandbox;
  let now = 1_700_000_000_000;

  async function start(options: SandboxOptions = {}): Promise<void> {
    now = 1_700_000_000_000;
    sandbox = await startSandbox({ clock: () => now, ...options });
  }
  afterEach(() => sandbox.stop());

  function place(members: Record<string, unknown> = {}, path = ''): Promise<Reply> {
    const clientOid = `order-${++count}`;
    return call(sandbox, 'POST', `/api/v1/hf/orders${path}`, { body: { clientOid, ...rest, ...members } });
  }
  async function placed(
    members: Record<string, unknown> = {},
  ): Promise<{ orderId: string; clientOid: string }> {
    const { json } = await place(members);
    assert.equal(json?.code, '200000', json?.msg);
    return json.data as { orderId: string; clientOid: string };
  }
  async function orderOf(clientOid: string, symbol = 'KCS-USDT'): Promise<Record<string, unknown>> {
    const { json } = await call(
      sandbox,
      'GET',
      `/api/v1/hf/orders/client-order/${clientOid}?symbol=${symbol}`,
    );
    return json?.data as Record<string, unknown>;
  }
  const held = (type: string, currency: string): string =>
    sandbox
      .ledger()
      .rows.find((row) => row.uid === 700100200 && row.type === type && row.currency === currency)?.held ??
    'none';

  async function nothingLost(): Promise<void> {
    for (const { users, outside } of Object.values(sandbox.ledger().totals)) {
      assert.equal(Number(users) + Number(outside), 0);
    }
    return Promise.resolve();
  }

  it('freeze what they can cost, fee included, and give it back when they are cancelled', async () => {
    await start();
    const before = held('trade', 'USDT');
    const { orderId, clientOid } = await placed();
    assert.match(orderId, /^[0-9a-f]{24}$/);
    assert.equal((Number(held('trade', 'USDT')) - Number(before)).toFixed(6), '5.005000');
    const order = await orderOf(clientOid);
    assert.deepEqual([order['id'], order['active'], order['dealSize']], [orderId, true, '0']);
    const { json } = await call(sandbox, 'DELETE', `/api/v1/hf/orders/${orderId}?symbol=KCS-USDT`);
    assert.deepEqual(json, { code: '200000', data: { orderId } });
    assert.equal(held('trade', 'USDT'), before);
    assert.equal((await orderOf(clientOid))['active'], false);
    await nothingLost();
  });

  it('are cancelled by their clientOid too, and once only', async () => {
    await start();
    const { clientOid } = await placed();
    const target = `/api/v1/hf/orders/client-order/${clientOid}?symbol=KCS-USDT`;
    assert.deepEqual((await call(sandbox, 'DELETE', target)).json?.data, { clientOid });
    const again = await call(sandbox, 'DELETE', target);
    assert.equal(again.json?.msg, 'order_not_exist_or_not_allow_to_cancel');
  });

  it('execute at the market, and what was frozen is spent or given back', async () => {
    await start();
    const usdt = Number(total(sandbox, 'trade'));
    const kcs = Number(total(sandbox, 'trade', 'KCS'));
    const frozen = held('trade', 'USDT');
    const { clientOid } = await placed({ type: 'market', price: undefined, size: '1' });
    const order = await orderOf(clientOid);
    assert.deepEqual([order['active'], order['dealSize']], [false, '1']);
    const spent = Number(order['dealFunds']) + Number(order['fee']);
    assert.ok(spent > 9 && spent < 12, String(spent));
    assert.equal(total(sandbox, 'trade', 'KCS'), String(kcs + 1));
    assert.ok(Math.abs(usdt - spent - Number(total(sandbox, 'trade'))) < 1e-9);
    assert.equal(held('trade', 'USDT'), frozen);
    await nothingLost();
  });

  it('buy for funds, and sell what was bought', async () => {
    await start();
    const bought = await placed({ type: 'market', price: undefined, size: undefined, funds: '20' });
    const order = await orderOf(bought.clientOid);
    assert.ok(Number(order['dealFunds']) <= 20 && Number(order['dealFunds']) > 19.9);
    const sold = await placed({ type: 'market', side: 'sell', price: undefined, size: order['dealSize'] });
    assert.equal((await orderOf(sold.clientOid))['dealSize'], order['dealSize']);
    await nothingLost();
  });

  it('that rest execute when the market has reached them', async () => {
    await start();
    const ticker = await ask(sandbox, '/api/v1/market/orderbook/level1?symbol=KCS-USDT');
    const bid = String(at(ticker.json?.data, 'bestBid'));
    const { clientOid } = await placed({ price: bid, size: '0.5' });
    assert.equal((await orderOf(clientOid))['active'], true);
    for (let step = 0; step < 600 && (await orderOf(clientOid))['active']; step++) now += 1000;
    const order = await orderOf(clientOid);
    assert.deepEqual([order['active'], order['dealSize']], [false, '0.5']);
    await nothingLost();
  });

  it('of the kinds IOC, FOK and GTT end as they should', async () => {
    await start();
    for (const timeInForce of ['IOC', 'FOK']) {
      const { clientOid } = await placed({ timeInForce });
      const order = await orderOf(clientOid);
      assert.deepEqual([order['active'], order['dealSize'], order['cancelledSize']], [false, '0', '1']);
    }
    const { clientOid } = await placed({ timeInForce: 'GTT', cancelAfter: 60 });
    now += 59_000;
    assert.equal((await orderOf(clientOid))['active'], true);
    now += 2_000;
    assert.equal((await orderOf(clientOid))['active'], false);
  });

  const refused: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ['an unknown symbol', { symbol: 'NO-PAIR' }, '900001'],
    ['a side of its own', { side: 'BUY' }, '400100'],
    ['a type of its own', { type: 'stop' }, '400100'],
    ['a limit order without price', { price: undefined }, '400100'],
    ['a limit order without size', { size: undefined }, '400100'],
    ['a limit order with funds', { funds: '5' }, '400100'],
    ['a market order with a price', { type: 'market' }, '400100'],
    ['a market order with neither', { type: 'market', price: undefined, size: undefined }, '400100'],
    ['a market order with both', { type: 'market', price: undefined, funds: '5' }, '400100'],
    ['a price of nothing', { price: '0.00' }, '400100'],
    ['a negative price', { price: '-5' }, '400100'],
    ['a price as a float text', { price: '5e0' }, '400100'],
    ['a price between two increments', { price: '5.0000001' }, '600100'],
    ['a size between two increments', { size: '1.00000001' }, '600100'],
    ['a size below the minimum', { size: '0.0001' }, '400100'],
    ['a size above the maximum', { size: '100000000000' }, '400100'],
    ['more than there is', { size: '100000' }, '200004'],
    ['a hidden order', { hidden: true }, '400413'],
    ['post-only with IOC', { postOnly: true, timeInForce: 'IOC' }, '400100'],
    ['post-only that would execute', { postOnly: true, price: '20' }, '400100'],
    ['what comes later than its window', { clientTimestamp: 1, allowMaxTimeWindow: 1_000 }, '400100'],
    ['a long clientOid', { clientOid: 'x'.repeat(41) }, '400100'],
    ['a clientOid with blanks', { clientOid: 'a b' }, '400100'],
  ];
  for (const [what, members, code] of refused) {
    it(`refuse ${what} with ${code}, by the test too, and nothing changes`, async () => {
      await start();
      const before = JSON.stringify(sandbox.ledger());
      for (const path of ['', '/test']) {
        const { json } = await place(members, path);
        assert.equal(json?.code, code, `${path} ${String(json?.msg)}`);
      }
      assert.equal(JSON.stringify(sandbox.ledger()), before);
    });
  }

  it('are taken within their time window', async () => {
    await start();
    await placed({ clientTimestamp: now, allowMaxTimeWindow: 1_000 });
    await placed({ clientTimestamp: 1 });
  });

  it('refuse a clientOid that was used, whatever became of its order', async () => {
    await start();
    const { orderId, clientOid } = await placed();
    assert.equal((await place({ clientOid })).json?.msg, 'validation.createOrder.clientOidDuplicated');
    await call(sandbox, 'DELETE', `/api/v1/hf/orders/${orderId}?symbol=KCS-USDT`);
    assert.equal((await place({ clientOid })).json?.code, '400100');
  });

  it('are only tested by the test: its id cannot be asked for', async () => {
    await start();
    const before = JSON.stringify(sandbox.ledger());
    const { json } = await place({ clientOid: 'only-tested' }, '/test');
    assert.match(String(at(json?.data, 'orderId')), /^[0-9a-f]{24}$/);
    assert.equal(JSON.stringify(sandbox.ledger()), before);
    assert.equal(await orderOf('only-tested'), undefined);
    assert.equal((await place({ clientOid: 'only-tested' })).json?.code, '200000');
  });

  it('ask for what is unconfirmed by switches', async () => {
    await start({ switches: { orderTestBalance: false, unknownOrder: 'null', orderClientOids: 'needed' } });
    assert.equal((await place({ size: '100000' }, '/test')).json?.code, '200000');
    assert.equal(await orderOf('nobody'), null);
    assert.equal(
      (await place({ clientOid: undefined })).json?.msg,
      'validation.createOrder.clientOidIsRequired',
    );
  });

  it('in the world of 2023 need the HF account to be open, and then draw on it', async () => {
    await start({ world: 'seed' });
    assert.equal((await place()).json?.code, '400200');
    assert.equal((await transfer(sandbox, { to: 'trade_hf', amount: '50' })).json?.code, '200000');
    await placed();
    assert.equal(held('trade_hf', 'USDT'), '5.005');
  });

  it('in the world of 2023 name the whitelist to those who are not on it', async () => {
    await start({ world: 'seed', switches: { hfWhitelisted: false } });
    assert.equal((await place({}, '/test')).json?.code, '126001');
  });

  it('of old HF users draw on trade_hf today', async () => {
    await start({ switches: { hfOpened: true } });
    const before = held('trade_hf', 'USDT');
    const { json } = await place();
    if (json?.code === '200000') assert.notEqual(held('trade_hf', 'USDT'), before);
    else assert.equal(json?.code, '200004');
    assert.equal(held('trade', 'USDT'), '20.25');
  });

  it('are private to their user', async () => {
    await start();
    const { clientOid, orderId } = await placed();
    const { demoKeys } = await import('../../../src/sandbox/demo');
    const credentials = { ...demoKeys.subAccount, keyVersion: '3' as const };
    const asked = `/api/v1/hf/orders/client-order/${clientOid}?symbol=KCS-USDT`;
    assert.equal((await call(sandbox, 'GET', asked, { credentials })).json?.code, '400100');
    const cancelled = `/api/v1/hf/orders/${orderId}?symbol=KCS-USDT`;
    assert.equal((await call(sandbox, 'DELETE', cancelled, { credentials })).json?.code, '400100');
    assert.equal((await orderOf(clientOid))['active'], true);
  });
});
