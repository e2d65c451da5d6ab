import { accountType, type AccountType } from '../kucoin/accountTypes';
import { catalogue } from '../kucoin/catalogue';
import type { Decimal } from '../kucoin/decimal';
import { prepare, type PreparedRequest } from '../kucoin/request';
import { futuresCurrency, spotCurrency } from '../kucoin/vocabulary';
import type { AccountRef } from './intent';
import type { RouteLeg } from './route';

/** What the request of a leg needs beside its accounts. */
export interface Order {
  readonly clientOid: string;
  readonly currency: string;
  /** Canonical decimal text. */
  readonly amount: Decimal;
}

type Builder = (leg: Pick<RouteLeg, 'from' | 'to'>, order: Order) => PreparedRequest;

/**
 * How each endpoint wants it said: one entry per endpoint that `routeTable.ts` names. The order of the members is
 * the one of KuCoin's examples.
 *
 * @throws KucoinError of kind `invalidArgument` that names the argument; nothing was sent.
 */
const builders = {
  flexTransfer: ({ from, to }, { clientOid, currency, amount }) =>
    prepare(catalogue.flexTransfer, {
      clientOid,
      type: typeOf(from, to),
      currency: spotCurrency(currency),
      amount,
      fromAccountType: upperName(from),
      fromAccountTag: from.tag,
      fromUserId: subOf(from),
      toAccountType: upperName(to),
      toAccountTag: to.tag,
      toUserId: subOf(to),
    }),
  subTransfer: ({ from, to }, { clientOid, currency, amount }) => {
    const isOut = from.owner === 'self';
    const [master, sub] = isOut ? [from, to] : [to, from];
    return prepare(catalogue.subTransfer, {
      clientOid,
      currency: spotCurrency(currency),
      amount,
      direction: isOut ? 'OUT' : 'IN',
      accountType: upperName(master),
      subAccountType: upperName(sub),
      subUserId: subOf(sub) ?? '',
      tag: master.tag,
      subTag: sub.tag,
    });
  },
  innerTransfer: ({ from, to }, { clientOid, currency, amount }) =>
    prepare(catalogue.innerTransfer, {
      clientOid,
      currency: spotCurrency(currency),
      amount,
      from: innerName(from),
      to: innerName(to),
      fromTag: from.tag,
      toTag: to.tag,
    }),
  futuresTransferOut: ({ to }, { currency, amount }) =>
    prepare(catalogue.futuresTransferOut, {
      currency: futuresCurrency(currency),
      amount,
      recAccountType: upperName(to),
    }),
  futuresTransferIn: ({ from }, { currency, amount }) =>
    prepare(catalogue.futuresTransferIn, {
      currency: futuresCurrency(currency),
      amount,
      payAccountType: upperName(from),
    }),
} as const satisfies Partial<Record<keyof typeof catalogue, Builder>>;

export type ExecutableEndpoint = keyof typeof builders;

export const executableEndpoints = Object.keys(builders) as ExecutableEndpoint[];

export function requestOf(leg: Pick<RouteLeg, 'endpoint' | 'from' | 'to'>, order: Order): PreparedRequest {
  return builders[leg.endpoint](leg, order);
}

/** Whether a call carries an id of this side, by which support of KuCoin may find it. */
export function carriesClientOid(endpoint: ExecutableEndpoint): boolean {
  return 'clientOid' in (catalogue[endpoint].params as unknown as { entries: object }).entries;
}

function typeOf(from: AccountRef, to: AccountRef): 'INTERNAL' | 'PARENT_TO_SUB' | 'SUB_TO_PARENT' {
  if (from.owner === to.owner) return 'INTERNAL';
  return from.owner === 'self' ? 'PARENT_TO_SUB' : 'SUB_TO_PARENT';
}

function subOf({ owner }: AccountRef): string | undefined {
  return owner === 'self' ? undefined : owner.subUserId;
}

function innerName({ type }: AccountRef): string {
  const account: AccountType = accountType(type);
  return account.inner ?? type;
}

function upperName({ type }: AccountRef): string {
  return accountType(type).upper;
}
