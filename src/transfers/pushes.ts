import { canonical, isNegative, subtract, zero, type Decimal } from '../kucoin/decimal';
import type { World } from '../kucoin/vocabulary';
import type { AccountRef } from './intent';
import type { LedgerRow } from './ledgers';

/** One change of a balance as the feed tells it: `/account/balance`, kucoin-api 11.5. */
export interface BalancePush {
  readonly accountId: string;
  readonly currency: string;
  /** The type of the account and what happened to it: `main.transfer`, `isolated_BTC-USDT.transfer`. */
  readonly relationEvent: string;
  readonly relationEventId: string;
  /** Signed. */
  readonly availableChange: Decimal;
  /** Milliseconds since the epoch, by the exchange. */
  readonly time: number;
}

/** What a running feed has told of balances. It may have missed any of it, and may tell it late or again. */
export interface BalancePushes {
  /** What is kept from this moment on, milliseconds since the epoch by the exchange; in no order. */
  since(ms: number): readonly BalancePush[];
  onPush(listener: (push: BalancePush) => void): { dispose(): void };
}

/** In evidence that rests on pushes. */
export const pushSource = 'push';

/** How pushes name an account; those not named here are on no such feed. */
const prefixes: Readonly<
  Record<World, Partial<Record<AccountRef['type'], (tag: string) => readonly string[]>>>
> = {
  seed: {
    main: () => ['main'],
    trade: () => ['trade'],
    trade_hf: () => ['trade_hf'],
    margin: () => ['margin'],
    margin_v2: () => ['marginV2'],
    isolated: (tag) => [`isolated_${tag}`],
    isolated_v2: (tag) => [`isolatedV2_${tag}`],
  },
  today: {
    main: () => ['main'],
    trade: () => ['trade', 'trade_hf'],
    trade_hf: () => ['trade_hf'],
    margin: () => ['margin', 'marginV2'],
    isolated: (tag) => [`isolated_${tag}`, `isolatedV2_${tag}`],
  },
};

/**
 * Transfers of a currency into or out of an own account, each once, in the form of the rows of a ledger; `undefined`
 * where no push tells of the account.
 */
export function pushedRows(
  pushes: readonly BalancePush[],
  world: World,
  { owner, type, tag = '' }: AccountRef,
  currency: string,
): LedgerRow[] | undefined {
  const names = owner === 'self' ? prefixes[world][type]?.(tag) : undefined;
  if (!names) return undefined;
  const events = new Set(names.map((name) => `${name}.transfer`));
  const rows = new Map<string, LedgerRow>();
  for (const push of pushes) {
    const { availableChange: change } = push;
    if (push.currency !== currency || !events.has(push.relationEvent)) continue;
    const isOut = isNegative(change);
    const row: LedgerRow = {
      source: pushSource,
      id: `${push.relationEventId}/${push.accountId}`,
      direction: isOut ? 'out' : 'in',
      account: push.relationEvent.slice(0, push.relationEvent.lastIndexOf('.')),
      amount: pushedAmount(push),
      time: push.time,
      kind: 'any',
    };
    rows.set(row.id, row);
  }
  return [...rows.values()];
}

export function pushedAmount({ availableChange }: BalancePush): Decimal {
  return canonical(isNegative(availableChange) ? subtract(zero, availableChange) : availableChange);
}
