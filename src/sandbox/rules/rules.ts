import type { catalogue, EndpointName } from '../../kucoin/catalogue';
import * as account from './account';
import * as futures from './futures';
import * as ledger from './ledger';
import * as margin from './margin';
import * as market from './market';
import type { Rule } from './rule';
import * as service from './service';
import * as subAccount from './subAccount';
import * as transfer from './transfer';
import * as unserved from './unserved';

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
  ...unserved,
};

export function ruleOf(name: EndpointName): Rule {
  return rules[name];
}
