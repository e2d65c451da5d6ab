// ccxt against the sandbox: the same program, other base URLs.
//
//   npm install ccxt           (in a folder of your own)
//   npm run sandbox            (in another terminal; prints base URLs and demo key)
//   KUCOIN_BASE_URL=… KUCOIN_FUTURES_BASE_URL=… KUCOIN_API_KEY=… KUCOIN_API_SECRET=… KUCOIN_API_PASSPHRASE=… \
//     node ccxt.mjs
import ccxt from 'ccxt';

const { env } = process;

const kucoin = new ccxt.kucoin({
  apiKey: env.KUCOIN_API_KEY,
  secret: env.KUCOIN_API_SECRET,
  password: env.KUCOIN_API_PASSPHRASE,
});
for (const name of Object.keys(kucoin.urls.api)) {
  kucoin.urls.api[name] = name.startsWith('futures') ? env.KUCOIN_FUTURES_BASE_URL : env.KUCOIN_BASE_URL;
}

const show = async (when) => {
  const main = await kucoin.privateGetAccounts({ currency: 'USDT', type: 'main' });
  const trade = await kucoin.privateGetAccounts({ currency: 'USDT', type: 'trade' });
  console.log(when, { main: main.data[0]?.available, trade: trade.data[0]?.available });
};

await show('before:');
const { data } = await kucoin.privatePostAccountsInnerTransfer({
  clientOid: crypto.randomUUID(),
  currency: 'USDT',
  from: 'main',
  to: 'trade',
  amount: '12.5',
});
console.log('transferred 12.5 USDT, order', data.orderId);
await show('after: ');
