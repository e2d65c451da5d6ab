import type { AccountTypeId } from '../../../src/kucoin/accountTypes';
import type { Sandbox } from '../../../src/sandbox/main';

/** Tables of kucoin-api 9 as tests write them: a row per source, a column per target. */

export interface Cell {
  readonly from: string;
  readonly to: string;
  readonly sign: string;
}

export function cells(table: string): Cell[] {
  const [head = [], ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return rows.flatMap(([from = '', ...signs]) => signs.map((sign, n) => ({ from, to: head[n] ?? '', sign })));
}

/** The accounts of a table by name: `isolated` is ETH-USDT, `other` BTC-USDT. */
export function tagOf(name: string): string | undefined {
  if (name === 'other') return 'BTC-USDT';
  return name.startsWith('isolated') ? 'ETH-USDT' : undefined;
}

export function typeOf(name: string): string {
  return name === 'other' ? 'isolated' : name;
}

/** Gives a user enough USDT in each account to pay for every cell. */
export function fill(sandbox: Sandbox, uid: number, types: readonly AccountTypeId[]): void {
  for (const type of types) {
    const tag = type.startsWith('isolated') ? { tag: 'ETH-USDT' } : {};
    sandbox.credit({ uid, type, ...tag, currency: 'USDT', amount: '1000' });
  }
}

export const everyType = {
  seed: ['main', 'trade', 'trade_hf', 'margin', 'isolated', 'margin_v2', 'isolated_v2', 'contract'],
  today: ['main', 'trade', 'margin', 'isolated', 'contract', 'option'],
} as const satisfies Record<string, readonly AccountTypeId[]>;
