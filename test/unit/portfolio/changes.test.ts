import assert from 'node:assert/strict';
import type { Balance } from '../../../src/portfolio/accounts';
import { RecentChanges, recentMs } from '../../../src/portfolio/changes';
import { d } from './support';

const main = { type: 'main' };
const balance = (currency: string, total: string, available = total): Balance => ({
  currency,
  total: d(total),
  available: d(available),
  held: d('0'),
});

describe('what has just changed of a balance', () => {
  let now: number;
  let changes: RecentChanges;

  beforeEach(() => {
    now = 1_000;
    changes = new RecentChanges(() => now);
  });

  it('is the difference of the totals, with its sign, and exact', () => {
    changes.note(main, balance('USDT', '0.1'), balance('USDT', '0.3'));
    assert.deepEqual(changes.of(main, balance('USDT', '0.3')), { amount: '0.2', of: 'total' });
    changes.note({ type: 'trade' }, balance('BTC', '1'), balance('BTC', '0.999999999999'));
    assert.equal(changes.of({ type: 'trade' }, balance('BTC', '0.999999999999'))?.amount, '-0.000000000001');
  });

  it('is what an order holds where the total stays the same', () => {
    changes.note(main, balance('USDT', '5'), balance('USDT', '5', '2'));
    assert.deepEqual(changes.of(main, balance('USDT', '5', '2')), { amount: '-3', of: 'available' });
  });

  it('is the whole of a balance that was not there before', () => {
    changes.note(main, undefined, balance('KCS', '7'));
    assert.deepEqual(changes.of(main, balance('KCS', '7')), { amount: '7', of: 'total' });
  });

  it('adds up while changes follow one another, and nothing where they cancel out', () => {
    changes.note(main, balance('USDT', '1'), balance('USDT', '2'));
    now += recentMs - 1;
    changes.note(main, balance('USDT', '2'), balance('USDT', '4'));
    assert.equal(changes.of(main, balance('USDT', '4'))?.amount, '3');
    assert.equal(changes.of(main, balance('USDT', '1')), undefined);
  });

  it('belongs to its account, pair, sub-account and currency alone', () => {
    const place = { type: 'isolated', tag: 'BTC-USDT', subUserId: 'a' };
    changes.note(place, undefined, balance('BTC', '1'));
    for (const other of [
      { ...place, tag: 'ETH-BTC' },
      { ...place, subUserId: 'b' },
      { type: 'isolated', tag: 'BTC-USDT' },
      { ...place, type: 'margin' },
    ]) {
      assert.equal(changes.of(other, balance('BTC', '1')), undefined, JSON.stringify(other));
    }
    assert.equal(changes.of(place, balance('USDT', '1')), undefined);
    assert.ok(changes.of(place, balance('BTC', '1')));
  });

  it('is over after its time, and begins anew with the next change', () => {
    changes.note(main, balance('USDT', '1'), balance('USDT', '2'));
    assert.equal(changes.nextEndMs, recentMs);
    now += recentMs;
    assert.equal(changes.of(main, balance('USDT', '2')), undefined);
    assert.equal(changes.nextEndMs, undefined);
    changes.note(main, balance('USDT', '2'), balance('USDT', '2.5'));
    assert.equal(changes.of(main, balance('USDT', '2.5'))?.amount, '0.5');
  });

  it('tells when the first of several ends, also after an older one has changed again', () => {
    changes.note(main, undefined, balance('A', '1'));
    now += 1_000;
    changes.note(main, undefined, balance('B', '1'));
    assert.equal(changes.nextEndMs, recentMs - 1_000);
    now += 1_000;
    changes.note(main, balance('A', '1'), balance('A', '2'));
    // B is the first now.
    assert.equal(changes.nextEndMs, recentMs - 1_000);
  });

  it('is not kept of a balance that is gone, nor of a flood, and comes back when the flood is over', () => {
    changes.note(main, balance('USDT', '1'), undefined);
    assert.equal(changes.nextEndMs, undefined);
    for (let at = 0; at < 2_500; at += 1) changes.note(main, undefined, balance(`C${at}`, '1'));
    assert.ok(changes.of(main, balance('C1999', '1')));
    assert.equal(changes.of(main, balance('C2000', '1')), undefined);
    now += recentMs;
    changes.note(main, undefined, balance('LATE', '1'));
    assert.ok(changes.of(main, balance('LATE', '1')));
  });
});
