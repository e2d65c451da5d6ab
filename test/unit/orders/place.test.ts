import assert from 'node:assert/strict';
import { decimal } from '../../../src/kucoin/decimal';
import { KucoinClient } from '../../../src/kucoin/client';
import { systemTime } from '../../../src/kucoin/time';
import { send } from '../../../src/kucoin/transport';
import { OrderJournal, type OrderFile } from '../../../src/orders/journal';
import type { OrderDraft } from '../../../src/orders/order';
import {
  cancelOrder,
  findOrder,
  placeOrder,
  resolveOrder,
  testOrder,
  type PlaceOptions,
  type PlaceResult,
} from '../../../src/orders/place';
import { startSandbox, type Sandbox } from '../../../src/sandbox/main';

class MemoryFile implements OrderFile {
  bytes = Buffer.alloc(0);
  failure: Error | undefined;
  read(offset: number): Promise<Buffer> {
    return Promise.resolve(this.bytes.subarray(offset));
  }
  append(bytes: Buffer): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    this.bytes = Buffer.concat([this.bytes, bytes]);
    return Promise.resolve();
  }
}

const draft: OrderDraft = {
  symbol: 'KCS-USDT',
  side: 'buy',
  type: 'limit',
  price: decimal('5'),
  size: decimal('1'),
};

describe('an HF order', () => {
  let sandbox: Sandbox;
  let client: KucoinClient;
  let file: MemoryFile;
  let journal: OrderJournal;
  let profileNow: { generation: number; readOnly: boolean } | undefined;

  beforeEach(async () => {
    sandbox = await startSandbox({});
    client = new KucoinClient({
      site: { hosts: { spot: sandbox.spot, futures: sandbox.futures } },
      credentials: () => Promise.resolve({ ...sandbox.credentials, version: '3' }),
      transport: send,
      time: systemTime,
    });
    file = new MemoryFile();
    journal = new OrderJournal(file);
    profileNow = { generation: 1, readOnly: false };
  });
  afterEach(async () => {
    client.retire();
    await sandbox.stop();
  });

  function place(members: Partial<PlaceOptions> = {}): Promise<PlaceResult> {
    return placeOrder({
      client,
      journal,
      profile: { id: 'demo', generation: 1 },
      draft,
      clientOid: 'one',
      now: () => 1_000,
      delay: () => Promise.resolve(),
      profileNow: () => profileNow,
      ...members,
    });
  }
  const placedNow = async (): Promise<number> => {
    const found = await findOrder(client, 'KCS-USDT', 'one');
    return found ? 1 : 0;
  };
  const stateOf = async (id = 'one'): Promise<string | undefined> => (await journal.read()).get(id)?.state;

  it('is written down before it leaves, and with what became of it', async () => {
    const result = await place();
    assert.equal(result.state, 'placed');
    const record = (await journal.read()).get('one');
    assert.deepEqual(
      [record?.state, record?.profileId, record?.draft, record?.orderId],
      ['placed', 'demo', draft, result.orderId],
    );
    assert.deepEqual(await journal.open('demo'), []);
  });

  it('does not leave when it cannot be written down', async () => {
    file.failure = new Error('disk full');
    const result = await place();
    assert.equal(result.state, 'rejected');
    assert.equal(await placedNow(), 0);
  });

  for (const [what, now] of [
    ['was made read-only', { generation: 1, readOnly: true }],
    ['has another key now', { generation: 2, readOnly: false }],
    ['was removed', undefined],
  ] as const) {
    it(`does not leave when the profile ${what}`, async () => {
      profileNow = now;
      assert.equal((await place()).state, 'rejected');
      assert.equal(await placedNow(), 0);
      assert.equal(file.bytes.length, 0);
    });
  }

  it('that KuCoin refuses is rejected, and written as such', async () => {
    const result = await place({ draft: { ...draft, size: decimal('100000') } });
    assert.equal(result.state, 'rejected');
    assert.equal(await stateOf(), 'rejected');
  });

  it('whose answer is lost after it was taken is found by its clientOid', async () => {
    sandbox.addFault({ kind: 'reset', when: 'after', match: { endpoint: 'addHfOrder' } });
    const result = await place();
    assert.equal(result.state, 'placed');
    assert.equal(await stateOf(), 'placed');
  });

  it('whose request is lost stays unknown, until it is certain that it did not arrive', async () => {
    sandbox.addFault({ kind: 'reset', when: 'before', match: { endpoint: 'addHfOrder' } });
    assert.equal((await place()).state, 'unknown');
    const [open] = await journal.open('demo');
    assert.equal(open?.clientOid, 'one');
    assert.equal(await resolveOrder(client, journal, open, 30_000), 'unknown');
    assert.equal(await resolveOrder(client, journal, open, 61_001), 'rejected');
    assert.deepEqual(await journal.open('demo'), []);
  });

  it('that a crash left open is found by the next start', async () => {
    await journal.append({ order: 'one', state: 'sent', at: 1_000, profileId: 'demo', draft });
    await client.call((await import('../../../src/kucoin/endpoints/order')).addHfOrder, {
      ...draft,
      clientOid: 'one',
    });
    const [open] = await new OrderJournal(file).open('demo');
    assert.ok(open);
    assert.equal(await resolveOrder(client, journal, open, 2_000), 'placed');
    assert.deepEqual(await journal.open('demo'), []);
    assert.deepEqual(await journal.open('another'), []);
  });

  it('sent twice under one clientOid is placed once', async () => {
    await place();
    const again = await place();
    assert.equal(again.state, 'placed');
    assert.equal(sandbox.row({ type: 'trade', currency: 'USDT' })?.held, '25.255');
  });

  it('is cancelled, and a cancellation whose answer is lost is looked for', async () => {
    await place();
    sandbox.addFault({ kind: 'reset', when: 'after', match: { endpoint: 'cancelHfOrderByClientOid' } });
    const found = await cancelOrder(client, journal, { clientOid: 'one', symbol: 'KCS-USDT' }, () => 2_000);
    assert.equal(found?.active, false);
    assert.equal(await stateOf(), 'cancelled');
    await assert.rejects(
      cancelOrder(client, journal, { clientOid: 'nobody', symbol: 'KCS-USDT' }, () => 2_000),
      /not_exist/,
    );
  });

  it('is only asked about by the test', async () => {
    await testOrder(client, draft, 'one');
    assert.equal(await placedNow(), 0);
    assert.equal(file.bytes.length, 0);
  });
});

describe('the journal of orders', () => {
  it('loses no order to a torn line, to foreign text or to a line that does not fit', async () => {
    const file = new MemoryFile();
    const journal = new OrderJournal(file);
    const sent = { state: 'sent', at: 1, profileId: 'demo', draft } as const;
    await journal.append({ order: 'one', ...sent });
    file.bytes = Buffer.concat([file.bytes.subarray(0, file.bytes.length - 9)]);
    await journal.append({ order: 'two', ...sent });
    await file.append(Buffer.from('00000000 {"order":"three"}\n\u0000\u0000garbage'));
    await journal.append({ order: 'four', ...sent });
    await journal.append({ order: 'five', state: 'placed', at: 2 });
    assert.deepEqual([...(await journal.read()).keys()], ['two', 'four']);
  });

  it('lets no window make unknown what another has settled', async () => {
    const journal = new OrderJournal(new MemoryFile());
    await journal.append({ order: 'one', state: 'sent', at: 1, profileId: 'demo', draft });
    await journal.append({ order: 'one', state: 'placed', at: 2, orderId: 'x' });
    await journal.append({ order: 'one', state: 'unknown', at: 3 });
    assert.equal((await journal.read()).get('one')?.state, 'placed');
  });
});
