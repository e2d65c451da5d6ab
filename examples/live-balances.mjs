// Listens to balance changes of an account, against the sandbox or, with other values, against KuCoin.
//
//   npm run sandbox            (in another terminal; prints base URL and demo key)
//   KUCOIN_BASE_URL=… KUCOIN_API_KEY=… KUCOIN_API_SECRET=… KUCOIN_API_PASSPHRASE=… \
//     node examples/live-balances.mjs
//
// Needs `ws`. KUCOIN_EVENTS=2 ends it after two events; without it runs until Ctrl+C.
import { createHmac, randomUUID } from 'node:crypto';
import WebSocket from 'ws';

const {
  KUCOIN_BASE_URL: base,
  KUCOIN_API_KEY: key,
  KUCOIN_API_SECRET: secret,
  KUCOIN_API_PASSPHRASE: passphrase,
  KUCOIN_API_KEY_VERSION: version = '3',
  KUCOIN_EVENTS: most = 'Infinity',
} = process.env;

const hmac = (text) => createHmac('sha256', secret).update(text).digest('base64');

// A new token for every connection: it names the server, and how often to ping.
const path = '/api/v1/bullet-private';
const timestamp = String(Date.now());
const response = await fetch(base + path, {
  method: 'POST',
  headers: {
    'KC-API-KEY': key,
    'KC-API-SIGN': hmac(`${timestamp}POST${path}`),
    'KC-API-TIMESTAMP': timestamp,
    'KC-API-PASSPHRASE': hmac(passphrase),
    'KC-API-KEY-VERSION': version,
  },
});
const { code, msg, data: access } = await response.json();
if (code !== '200000') throw new Error(`${path}: ${code} ${msg}`);
const [{ endpoint, pingInterval }] = access.instanceServers;

const socket = new WebSocket(
  `${endpoint}?token=${encodeURIComponent(access.token)}&connectId=${randomUUID()}`,
);
const send = (message) => socket.send(JSON.stringify({ id: randomUUID(), ...message }));
let pings;
let events = 0;

socket.on('message', (frame) => {
  const { type, subject, data } = JSON.parse(frame);
  // Only after the welcome may one subscribe.
  if (type === 'welcome') {
    pings = setInterval(() => send({ type: 'ping' }), pingInterval);
    send({ type: 'subscribe', topic: '/account/balance', privateChannel: true, response: true });
  } else if (type === 'ack') console.log('listening');
  else if (type === 'error') throw new Error(String(data));
  else if (subject === 'account.balance') {
    console.log(data.relationEvent, data.currency, data.availableChange, 'available', data.available);
    if (++events >= Number(most)) socket.close();
  }
});
socket.on('close', () => clearInterval(pings));
