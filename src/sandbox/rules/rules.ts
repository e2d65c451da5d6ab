import type { catalogue, EndpointName } from '../../kucoin/catalogue';
import * as account from './account';
import * as futures from './futures';
import * as ledger from './ledger';
import * as margin from './margin';
import * as market from './market';
import * as order from './order';
import type { Rule } from './rule';
import * as service from './service';
import * as subAccount from './subAccount';
import * as token from './token';
import * as transfer from './transfer';

type Rules = { readonly [N in EndpointName]: Rule<(typeof catalogue)[N]> };

/** One rule per entry of the catalogue; the compiler names the entry that has none. */
const rules: Rules = {
  ...service,
  ...account,
  ...margin,
  ...futures,
  ...subAccount,
  ...ledger,
  ...market,
  ...transfer,
  ...order,
  ...token,
};

export function ruleOf(name: EndpointName): Rule {
  return rules[name];
}
