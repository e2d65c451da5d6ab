/** Words of the exchange that every entry of the catalogue is written in. Source: KuCoin API, "Rate Limit" and "Authentication". */

/**
 * The two worlds the product knows. `today` is KuCoin as it runs now; `seed` is KuCoin as first documented
 * in 2023, with a separate high-frequency account `trade_hf` that a transfer opens.
 */
export type World = 'seed' | 'today';

export type Method = 'GET' | 'POST' | 'DELETE';

/** Which of the two REST hosts of a brand serves a path. */
export type Host = 'spot' | 'futures';

/** The quota that a call is charged to. Public counts per IP address, the others per uid. */
export const pools = ['Spot', 'Futures', 'Management', 'Earn', 'CopyTrading', 'Public'] as const;
export type Pool = (typeof pools)[number];

/**
 * Permissions as `GET /api/v1/user/api-key` lists them. The trap: `Transfer` is the right to withdraw;
 * the right to move funds between one's own accounts with Flex Transfer is `InnerTransfer`.
 */
export const permissions = [
  'General',
  'Spot',
  'Margin',
  'Futures',
  'InnerTransfer',
  'Transfer',
  'Earn',
] as const;
export type Permission = (typeof permissions)[number];

/** What the website calls a permission, where it differs from the name in the list. */
export const permissionTitles: Readonly<Record<Permission, string>> = {
  General: 'General',
  Spot: 'Spot',
  Margin: 'Margin',
  Futures: 'Futures',
  InnerTransfer: 'FlexTransfers',
  Transfer: 'Withdrawal',
  Earn: 'Earn',
};

/** A value of an open enumeration: the known members for completion, any other text kept as it came. */
export type Open<T extends string> = T | (string & Record<never, never>);

/** Quota per fixed window of 30 s at VIP level 0 to 12. Spot includes margin. */
const vipQuota: Readonly<Record<Pool, readonly number[]>> = {
  Spot: [4000, 6000, 8000, 10000, 13000, 16000, 20000, 23000, 26000, 30000, 33000, 36000, 40000],
  Futures: [2000, 2000, 4000, 5000, 6000, 7000, 8000, 10000, 12000, 14000, 16000, 18000, 20000],
  Management: [2000, 2000, 4000, 5000, 6000, 7000, 8000, 10000, 12000, 14000, 16000, 18000, 20000],
  Earn: [2000],
  CopyTrading: [2000],
  Public: [2000],
};

export const quotaWindowMs = 30_000;

/** Units per window of 30 s in a pool, for a VIP level (0 when not known yet). */
export function quotaOf(pool: Pool, vipLevel = 0): number {
  const levels = vipQuota[pool];
  return levels[Math.min(Math.max(vipLevel, 0), levels.length - 1)] ?? 2000;
}

/** A currency as the spot side spells it: Bitcoin is BTC there, and XBT on the futures side (kucoin-api 6.2). */
export function spotCurrency(currency: string): string {
  return currency === 'XBT' ? 'BTC' : currency;
}

/** A currency as the futures side spells it. */
export function futuresCurrency(currency: string): string {
  return currency === 'BTC' ? 'XBT' : currency;
}
