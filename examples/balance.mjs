// Prints a balance, with key and base URL from the environment.
//
// In VS Code: "KuCoin: Open Terminal With Profile…", then `node examples/balance.mjs`. Or name a profile in launch.json:
//   { "type": "node", "request": "launch", "name": "Balance",
//     "program": "${workspaceFolder}/examples/balance.mjs", "kucoin.profile": "Local KuCoin" }
import { createHmac } from 'node:crypto';

const {
  KUCOIN_BASE_URL: base,
  KUCOIN_API_KEY: key,
  KUCOIN_API_SECRET: secret,
  KUCOIN_API_PASSPHRASE: passphrase,
  KUCOIN_API_KEY_VERSION: version = '3',
} = process.env;

const hmac = (text) => createHmac('sha256', secret).update(text).digest('base64');

const path = '/api/v1/accounts?currency=USDT&type=main';
const timestamp = String(Date.now());
const response = await fetch(base + path, {
  headers: {
    'KC-API-KEY': key,
    'KC-API-SIGN': hmac(`${timestamp}GET${path}`),
    'KC-API-TIMESTAMP': timestamp,
    'KC-API-PASSPHRASE': hmac(passphrase),
    'KC-API-KEY-VERSION': version,
  },
});
const { code, msg, data } = await response.json();
if (code !== '200000') throw new Error(`${code}: ${msg}`);
console.log(`${data[0]?.available ?? '0'} USDT in the funding account at ${base}`);
