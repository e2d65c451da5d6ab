import { innerTransfer } from '../../../src/kucoin/endpoints/transfer';
import { getAccountList } from '../../../src/kucoin/endpoints/account';
import { KucoinClient } from '../../../src/kucoin/client';
import type { ParamsOf } from '../../../src/kucoin/endpoint';
import { createSigner } from '../../../src/kucoin/sign';
import { systemTime } from '../../../src/kucoin/time';
import { send } from '../../../src/kucoin/transport';
import { Portfolio } from '../../../src/portfolio/portfolio';
import type { ClientOptions } from './measure';

type Transfer = ParamsOf<typeof innerTransfer>;

/** What the commands and views of this extension use. */
export function connect({ spot, futures, key, secret, passphrase }: ClientOptions): unknown {
  const credentials = { key, secret, passphrase, version: '3' } as const;
  const client = new KucoinClient({
    site: { hosts: { spot, futures } },
    credentials: () => Promise.resolve(credentials),
    transport: send,
    time: systemTime,
  });
  const signer = createSigner(credentials);
  return {
    sign: (body: unknown) =>
      signer.headers(Date.now(), 'POST', '/api/v2/accounts/inner-transfer', JSON.stringify(body))[
        'KC-API-SIGN'
      ],
    list: async () => (await client.call(getAccountList, {})).length,
    family: async () => {
      const portfolio = new Portfolio({ client, world: 'today', valuationCurrency: () => 'USD' });
      await portfolio.refresh();
      return portfolio.subs.length;
    },
    transfer: (body: Transfer) => client.call(innerTransfer, body),
  };
}
