import { fake } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import type { Session } from '../../../src/host/sessions';
import type { TradingPair } from '../../../src/market/pairs';
import { orderBookCommands } from '../../../src/ui/orderBookCommands';
import type { PickBox, PickItem, Prompt } from '../../../src/ui/wizard';
import { FakeMarket } from '../market/support';
import { FakeSessions } from './support';

const entry = (symbol: string, more: object = {}): object => ({
  symbol,
  name: symbol,
  baseCurrency: 'A',
  quoteCurrency: 'B',
  priceIncrement: '0.1',
  baseIncrement: '0.1',
  enableTrading: true,
  ...more,
});

describe('the command for an order book', () => {
  const sessions = new FakeSessions();
  let shown: string[];
  let copied: string[];
  let kept: unknown;
  let offered: readonly PickItem<TradingPair>[];
  let chosen: string | undefined;
  let meanwhile: () => void;
  let lists: number;

  const prompt = {
    pick: async (box: PickBox<TradingPair>) => {
      offered = await box.items;
      meanwhile();
      const item = offered.find(({ label }) => label === chosen);
      return item ? { kind: 'value', value: item.value } : { kind: 'cancelled' };
    },
  } as unknown as Prompt;

  const {
    'kucoin.market.orderBook': openBook,
    'kucoin.market.copyPrice': copyPrice,
    'kucoin.market.copySize': copySize,
  } = orderBookCommands({
    sessions: sessions.asSessions,
    panels: {
      show: (_session, { symbol }) => void shown.push(symbol),
      copy: (what, text) => Promise.resolve(void copied.push(`${what} ${text}`)),
    },
    prompt,
    recent: { get: () => kept, set: (symbols) => Promise.resolve(void (kept = symbols)) },
  });

  beforeEach(() => {
    fake.reset();
    shown = [];
    copied = [];
    kept = undefined;
    lists = 0;
    chosen = 'KCS-USDT';
    meanwhile = () => undefined;
    const call = (): Promise<object[]> => {
      lists++;
      return Promise.resolve([
        entry('KCS-USDT'),
        entry('BTC-USDT', { name: 'XBT-USDT' }),
        entry('<b>-USDT', { enableTrading: false }),
      ]);
    };
    sessions.opened = { client: { ...new FakeMarket().client, call } } as unknown as Session;
  });

  it('offers every pair, sorted, with its other name and whether it trades', async () => {
    await openBook(undefined);
    assert.deepEqual(
      offered.map(({ label, description, group }) => [label, description, group]),
      [
        ['<b>-USDT', 'not trading', undefined],
        ['BTC-USDT', 'XBT-USDT', undefined],
        ['KCS-USDT', undefined, undefined],
      ],
    );
    assert.deepEqual([shown, kept], [['KCS-USDT'], ['KCS-USDT']]);
  });

  it('offers those first that were used last, and reads the list once', async () => {
    await openBook(undefined);
    chosen = 'BTC-USDT';
    await openBook(undefined);
    chosen = undefined;
    await openBook(undefined);
    assert.deepEqual(
      offered.map(({ label, group }) => [label, group]),
      [
        ['BTC-USDT', 'recently used'],
        ['KCS-USDT', 'recently used'],
        ['<b>-USDT', 'all pairs'],
      ],
    );
    assert.deepEqual([lists, shown], [1, ['KCS-USDT', 'BTC-USDT']]);
  });

  for (const damaged of ['KCS-USDT', { 0: 'x' }, [1, null, 'GONE-USDT']]) {
    it(`takes what it kept with care: ${JSON.stringify(damaged)}`, async () => {
      kept = damaged;
      await openBook(undefined);
      assert.equal(offered.length, 3);
      assert.equal((kept as string[])[0], 'KCS-USDT');
    });
  }

  it('opens nothing when another profile became the active one meanwhile', async () => {
    meanwhile = () => sessions.opened && (sessions.opened = undefined);
    await openBook(undefined);
    assert.deepEqual(shown, []);
  });

  it('says that there is no profile', async () => {
    sessions.opened = undefined;
    await openBook(undefined);
    assert.match(fake.messages.join(), /There is no profile yet/);
  });

  it('copies of the row whose menu was opened, and of nothing that is no such row', async () => {
    const row = { webviewSection: 'rung', price: '100.1', size: '0.002', webview: 'kucoin.orderBook' };
    await copyPrice(row);
    await copySize(row);
    for (const other of [undefined, {}, { price: '1' }, { price: '1e3', size: '1' }, { price: 1, size: 1 }]) {
      await copyPrice(other);
      await copySize(other);
    }
    assert.deepEqual(copied, ['price 100.1', 'size 0.002']);
  });
});
