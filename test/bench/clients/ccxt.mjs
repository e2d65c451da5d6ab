import ccxt from 'ccxt';

/** As its manual shows it; calls by their implicit names, at the defaults of ccxt: its own throttle, pages of ten. */
export function connect({ spot, futures, key, secret, passphrase, throttled }) {
  const client = new ccxt.kucoin({
    apiKey: key,
    secret,
    password: passphrase,
    enableRateLimit: throttled,
    timeout: 5_000,
  });
  for (const name of Object.keys(client.urls.api))
    client.urls.api[name] = name.startsWith('futures') ? futures : spot;
  const pages = async (call) => {
    const items = [];
    for (let currentPage = 1; ; currentPage++) {
      const { data } = await call({ currentPage });
      items.push(...data.items);
      if (currentPage >= data.totalPage) return items;
    }
  };
  return {
    sign: (body) => client.sign('accounts/inner-transfer', 'private', 'POST', body).headers['KC-API-SIGN'],
    list: async () => (await client.privateGetAccounts()).data.length,
    family: async () => {
      await client.privateGetAccounts();
      await client.privateGetMarginAccounts();
      await client.privateGetIsolatedAccounts();
      for (const currency of ['XBT', 'USDT', 'USDC'])
        await client.futuresPrivateGetAccountOverviewAll({ currency });
      await pages((page) => client.privateGetSubUser(page));
      return (await pages((page) => client.privateGetSubAccounts(page))).length;
    },
    transfer: (body) => client.privatePostAccountsInnerTransfer(body),
  };
}
