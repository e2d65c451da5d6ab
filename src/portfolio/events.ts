import type { Decimal } from '../kucoin/decimal';

/** What the private feeds tell of balances (kucoin-api 11.5), as far as the portfolio reads it. */

/** `/account/balance`: the figures after the change, and the signed change. */
export interface BalanceEvent {
  /** `id` of the account list. */
  readonly accountId: string;
  readonly currency: string;
  readonly total: Decimal;
  readonly available: Decimal;
  readonly hold: Decimal;
  readonly availableChange: Decimal;
  readonly holdChange: Decimal;
  /** The account's prefix, a dot, and what happened: `isolated_BTC-USDT.transfer`; plain `other` too. */
  readonly relationEvent: string;
  /** In the exchange's time, ms. */
  readonly time: number;
}

/** `/contractAccount/wallet`, subject `walletBalance.change`. */
export interface WalletEvent {
  /** As the futures side spells it: `XBT`. */
  readonly currency: string;
  readonly availableBalance: Decimal;
  readonly holdBalance: Decimal;
  readonly equity: Decimal;
  readonly crossPosMargin: Decimal;
  readonly crossOrderMargin: Decimal;
  readonly crossUnPnl: Decimal;
  readonly isolatedPosMargin: Decimal;
  readonly isolatedOrderMargin: Decimal;
  readonly isolatedUnPnl: Decimal;
  readonly maxWithdrawAmount?: Decimal | null | undefined;
  /** Digits that grow with each change. */
  readonly version: string | number;
  /** In the exchange's time, ms. */
  readonly timestamp: number;
}

/** `/margin/position` and `/margin/isolatedPosition`: debts and states; the balances come as BalanceEvent too. */
export type MarginEvent =
  | {
      readonly kind: 'debtRatio';
      readonly debtRatio: Decimal;
      /** All debts; a currency that is not among them is not owed. */
      readonly debts: Readonly<Record<string, Decimal>>;
      readonly timestamp: number;
    }
  | { readonly kind: 'status'; readonly status: string; readonly timestamp: number }
  | {
      readonly kind: 'pair';
      readonly symbol: string;
      readonly status: string;
      /** Only what changed. */
      readonly assets: Readonly<
        Record<
          string,
          {
            readonly total: Decimal;
            readonly hold: Decimal;
            readonly liabilityPrincipal: Decimal;
            readonly liabilityInterest: Decimal;
          }
        >
      >;
      readonly timestamp: number;
    };

/**
 * What became of an event. `unplaced`: nobody can tell which account it is of, so a snapshot has to;
 * `ignored`: it is late or a repetition.
 */
export type Applied = 'applied' | 'ignored' | 'unplaced';
