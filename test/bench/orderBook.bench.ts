/**
 * The local order book under a stream of changes, and against the plain way: an array that is searched and sorted
 * anew with each change. Both read the frames as they come from the feed, so that parsing counts too.
 */
import Big from 'big.js';
import type { Decimal } from '../../src/kucoin/decimal';
import { LocalOrderBook, type Level } from '../../src/kucoin/feed/orderBook';
import { readFrame } from '../../src/kucoin/feed/topics';
import { compare, report } from './bench';

const levelsPerSide = 1_000;
const changesPerFrame = 2;
const frames = 2_000;

let state = 20_261_122;
function below(n: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}

const priceOf = (side: 'asks' | 'bids', n: number): string =>
  (side === 'asks' ? 60_000 + n / 10 : 59_999.9 - n / 10).toFixed(1);

function picture(side: 'asks' | 'bids'): Level[] {
  return Array.from({ length: levelsPerSide }, (_, n) => [priceOf(side, 2 * n) as Decimal, '1.5' as Decimal]);
}

/** Frames that go on from a sequence. */
function stream(start: number): string[] {
  let sequence = start;
  return Array.from({ length: frames }, () => {
    const first = sequence + 1;
    const changes: Record<'asks' | 'bids', unknown[]> = { asks: [], bids: [] };
    for (let n = 0; n < changesPerFrame; n++) {
      const side = below(2) === 0 ? 'asks' : 'bids';
      const size = below(3) === 0 ? '0' : `${below(9)}.${1 + below(99_999_999)}`;
      changes[side].push([priceOf(side, below(2 * levelsPerSide)), size, String(++sequence)]);
    }
    const data = {
      changes,
      sequenceStart: first,
      sequenceEnd: sequence,
      symbol: 'BTC-USDT',
      time: 1_700_000_000_000,
    };
    return JSON.stringify({
      type: 'message',
      topic: '/market/level2:BTC-USDT',
      subject: 'trade.l2update',
      data,
    });
  });
}

const texts = stream(0);
const start = { sequence: '0', asks: picture('asks'), bids: picture('bids') };

function own(): LocalOrderBook {
  const book = new LocalOrderBook();
  book.snapshot(start);
  for (const text of texts) {
    const event = readFrame(text);
    if (event.kind !== 'event' || event.name !== 'orderBook') throw new Error('the frame could not be read');
    if (book.update(event.data) !== 'applied') throw new Error('not applied');
  }
  return book;
}

/** Exact as well: prices are compared as decimals. */
function plain(): Record<'asks' | 'bids', [string, string][]> {
  const book = { asks: start.asks.map(pair), bids: start.bids.map(pair) };
  for (const text of texts) {
    const { data } = JSON.parse(text) as { data: { changes: typeof book } };
    for (const side of ['asks', 'bids'] as const) {
      for (const [price, size] of data.changes[side]) {
        book[side] = book[side].filter(([other]) => !new Big(other).eq(price));
        if (!new Big(size).eq(0)) book[side].push([price, size]);
        book[side].sort(([a], [b]) => (side === 'asks' ? 1 : -1) * new Big(a).cmp(b));
      }
    }
  }
  return book;
}

function pair([price, size]: Level): [string, string] {
  return [price, size];
}

async function main(): Promise<void> {
  const changes = frames * changesPerFrame;
  const begun = process.hrtime.bigint();
  const rounds = 10;
  for (let n = 0; n < rounds; n++) own();
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  const each = (rounds * changes) / seconds;
  report({
    name: `order book of ${levelsPerSide} levels a side, frames parsed`,
    figure: `${Math.round(each).toLocaleString('en')} changes/s`,
    goal: '≥ 10,000/s',
    reached: each >= 10_000,
  });
  const [book, wanted] = [own(), plain()];
  const text = (levels: readonly (readonly [string, string])[]): string =>
    levels.map(([price, size]) => `${new Big(price).toFixed()}:${new Big(size).toFixed()}`).join();
  const same = text(book.asks.top()) === text(wanted.asks) && text(book.bids.top()) === text(wanted.bids);
  report({
    name: `order book after ${changes.toLocaleString('en')} changes`,
    figure: same ? 'zero differences' : 'THE BOOKS DIFFER',
    baseline: 'an array that is searched and sorted anew',
    goal: 'zero differences',
    reached: same,
  });
  // The plain way takes seconds for all frames, so both do only a few.
  texts.length = 50;
  await compare({
    title: 'applying changes',
    baseline: { name: 'search and sort anew', run: (times) => repeat(times, plain) },
    contender: { name: 'local order book', run: (times) => repeat(times, own) },
    goal: 10,
    rounds: 5,
    times: 1,
  });
}

function repeat(times: number, work: () => unknown): void {
  for (let n = 0; n < times; n++) work();
}

void main();
