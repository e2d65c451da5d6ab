import type { Endpoint } from './endpoint';
import * as account from './endpoints/account';
import * as ledger from './endpoints/ledger';
import * as marginAndFutures from './endpoints/marginAndFutures';
import * as market from './endpoints/market';
import * as order from './endpoints/order';
import * as service from './endpoints/service';
import * as subAccount from './endpoints/subAccount';
import * as token from './endpoints/token';
import * as transfer from './endpoints/transfer';

/** Every endpoint the product knows, by name. A new subject is a new file under `endpoints/` and a line here. */
export const catalogue = {
  ...service,
  ...account,
  ...marginAndFutures,
  ...subAccount,
  ...ledger,
  ...market,
  ...transfer,
  ...order,
  ...token,
} as const;

export type EndpointName = keyof typeof catalogue;

const names = new Map<Endpoint, EndpointName>(
  (Object.keys(catalogue) as EndpointName[]).map((name) => [catalogue[name], name]),
);

/** Name of an entry, for logs, journals and rules. Throws when the entry is not part of the catalogue. */
export function nameOf(endpoint: Endpoint): EndpointName {
  const name = names.get(endpoint);
  if (!name) throw new Error(`not in the catalogue: ${endpoint.path}`);
  return name;
}
