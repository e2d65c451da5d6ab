// A KuCoin client by hand, against the sandbox or, with other values, against KuCoin.
//
//   npm run sandbox            (in another terminal; prints base URL and demo key)
//   KUCOIN_BASE_URL=… KUCOIN_API_KEY=… KUCOIN_API_SECRET=… KUCOIN_API_PASSPHRASE=… \
//     node examples/plain-http.mjs
import { createHmac } from 'node:crypto';

const {
  KUCOIN_BASE_URL: base,
  KUCOIN_API_KEY: key,
  KUCOIN_API_SECRET: secret,
  KUCOIN_API_PASSPHRASE: passphrase,
  KUCOIN_API_KEY_VERSION: version = '3',
} = process.env;

const hmac = (text) => createHmac('sha256', secret).update(text).digest('base64');

/** Signs `timestamp + method + path with query + body` and sends exactly these bytes. */
async function call(method, path, payload) {
  const body = payload ? JSON.stringify(payload) : '';
  const timestamp = String(Date.now());
  const response = await fetch(base + path, {
    method,
    headers: {
      'Content-Type': 'application/json',
      'KC-API-KEY': key,
      'KC-API-SIGN': hmac(timestamp + method + path + body),
      'KC-API-TIMESTAMP': timestamp,
      'KC-API-PASSPHRASE': hmac(passphrase),
      'KC-API-KEY-VERSION': version,
    },
    ...(body && { body }),
  });
  const { code, msg, data } = await response.json();
  if (code !== '200000') throw new Error(`${method} ${path}: ${code} ${msg}`);
  return data;
}

const available = async (type) => {
  const [account] = await call('GET', `/api/v1/accounts?currency=USDT&type=${type}`);
  return account?.available ?? '0';
};

console.log('before:', { main: await available('main'), trade: await available('trade') });
const { orderId } = await call('POST', '/api/v2/accounts/inner-transfer', {
  clientOid: crypto.randomUUID(),
  currency: 'USDT',
  from: 'main',
  to: 'trade',
  amount: '12.5',
});
console.log('transferred 12.5 USDT, order', orderId);
console.log('after: ', { main: await available('main'), trade: await available('trade') });
