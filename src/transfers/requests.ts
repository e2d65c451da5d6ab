import { accountType, type AccountType } from '../kucoin/accountTypes';
import { catalogue } from '../kucoin/catalogue';
import type { Decimal } from '../kucoin/decimal';
import { prepare, type PreparedRequest } from '../kucoin/request';
import type { AccountRef } from './intent';
import type { RouteLeg } from './route';

/** What the request of a leg needs beside its accounts. */
export interface Order {
  readonly clientOid: string;
  readonly currency: string;
  /** Canonical decimal text. */
  readonly amount: Decimal;
}

/**
 * How each endpoint wants it said: one entry per endpoint that `routeTable.ts` lets this version execute.
 *
 * @throws KucoinError of kind `invalidArgument` that names the argument; nothing was sent.
 */
const builders = {
  innerTransfer: ({ from, to }, { clientOid, currency, amount }) =>
    prepare(catalogue.innerTransfer, {
      clientOid,
      currency,
      amount,
      from: innerName(from),
      to: innerName(to),
      fromTag: from.tag,
      toTag: to.tag,
    }),
} as const satisfies Partial<
  Record<keyof typeof catalogue, (leg: Pick<RouteLeg, 'from' | 'to'>, order: Order) => PreparedRequest>
>;

export type ExecutableEndpoint = keyof typeof builders;

export function requestOf(leg: RouteLeg, order: Order): PreparedRequest {
  return builders[leg.endpoint](leg, order);
}

function innerName({ type }: AccountRef): string {
  const account: AccountType = accountType(type);
  return account.inner ?? type;
}
