import type { AccountTypeId } from '../kucoin/accountTypes';
import type { Permission } from '../kucoin/vocabulary';

export type TradeType = 'Spot' | 'Margin' | 'Futures' | 'Option';

/** A master or a sub-account (kucoin-api 7.5). */
export interface User {
  readonly uid: number;
  /** 24 hex digits; transfers between master and sub name it. */
  readonly userId: string;
  /** Name of a sub-account; empty for a master. */
  readonly name: string;
  /** Absent for a master. */
  readonly parentUid?: number;
  /** 0 normal, 1 robot, 2 new financial, 5 asset management. */
  readonly kind: number;
  /** 2 enabled, 3 frozen. */
  readonly status: number;
  readonly remarks: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly tradeTypes: readonly TradeType[];
  /** Opened on the website; margin and futures accounts of others cannot receive. */
  readonly openedTradeTypes: readonly TradeType[];
  /** HF account types that a transfer has opened (kucoin-api 7.2). */
  readonly openedHf: readonly AccountTypeId[];
}

export type KeyVersion = 1 | 2 | 3;

/** An API key. The secrets guard play money only. */
export interface ApiKey {
  /** 24 lower-case hex digits. */
  readonly key: string;
  /** UUID text. */
  readonly secret: string;
  readonly passphrase: string;
  readonly version: KeyVersion;
  readonly uid: number;
  readonly permissions: readonly Permission[];
  /** Addresses that may use it; empty: any. */
  readonly ips: readonly string[];
  readonly remark: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch; from then on the key is unknown. */
  readonly expiresAt?: number;
}
