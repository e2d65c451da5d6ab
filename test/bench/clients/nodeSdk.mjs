import sdk from 'kucoin-node-sdk';
import signing from 'kucoin-node-sdk/src/lib/utils.js';

/** As its README shows it; it has no calls for futures and for today's margin accounts, so it cannot read a
 * family; its transfer is refused for a question mark that it sends and does not sign. */
export function connect({ spot, key, secret, passphrase }) {
  sdk.init({ baseUrl: spot, apiAuth: { key, secret, passphrase }, authVersion: 2 });
  const { Account } = sdk.rest.User;
  return {
    sign: (body) =>
      signing.auth(
        { key, secret, passphrase },
        'POST',
        '/api/v2/accounts/inner-transfer',
        JSON.stringify(body),
      )['KC-API-SIGN'],
    list: async () => (await Account.getAccountsList()).data.length,
  };
}
