/** What the whole pipeline of the client costs over a bare axios: 200 accounts, listed from a local server. */
import { fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import { KucoinClient } from '../../src/kucoin/client';
import { getAccountList } from '../../src/kucoin/endpoints/account';
import { systemTime } from '../../src/kucoin/time';
import { send } from '../../src/kucoin/transport';
import { compare } from './bench';

const credentials = {
  key: '65f0c0ffee12340001a1b2c3',
  secret: '0f1e2d3c-4b5a-4697-8877-665544332211',
  passphrase: 'Demo-Pass_42!',
  version: '3',
} as const;

/** Runs in a process of its own, so that only the client's side is measured. */
function serve(): void {
  const data = Array.from({ length: 200 }, (_, i) => ({
    id: (0x65aa00000000 + i).toString(16).padStart(24, '0'),
    currency: `C${i}`,
    type: i % 2 ? 'trade' : 'main',
    balance: `${i * 1.5}0000001`,
    available: `${i}.00000001`,
    holds: '0',
  }));
  const accounts = JSON.stringify({ code: '200000', data });
  const server = createServer((request, response) => {
    request.resume();
    const isClock = request.url === '/api/v1/timestamp';
    const body = isClock ? JSON.stringify({ code: '200000', data: Date.now() }) : accounts;
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'gw-ratelimit-limit': '1000000000',
      'gw-ratelimit-remaining': '999999999',
      'gw-ratelimit-reset': '30000',
    });
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.on('disconnect', () => process.exit());
}

async function measure(): Promise<void> {
  const child = fork(__filename, ['serve']);
  const port = await new Promise<number>((resolve) => child.once('message', resolve));
  const url = `http://127.0.0.1:${port}`;
  const client = new KucoinClient({
    site: { hosts: { spot: url, futures: url } },
    credentials: () => Promise.resolve(credentials),
    transport: send,
    time: systemTime,
  });
  const hmac = (text: string): string =>
    createHmac('sha256', credentials.secret).update(text).digest('base64');
  const passphrase = hmac(credentials.passphrase);

  const pipeline = async (): Promise<void> => {
    const accounts = await client.call(getAccountList, {});
    if (accounts.length !== 200) throw new Error('not the list');
  };
  const bare = async (): Promise<void> => {
    const timestamp = String(Date.now());
    const reply = await axios.get<{ data: unknown[] }>(`${url}/api/v1/accounts`, {
      headers: {
        'KC-API-KEY': credentials.key,
        'KC-API-SIGN': hmac(`${timestamp}GET/api/v1/accounts`),
        'KC-API-TIMESTAMP': timestamp,
        'KC-API-PASSPHRASE': passphrase,
        'KC-API-KEY-VERSION': credentials.version,
      },
    });
    if (reply.data.data.length !== 200) throw new Error('not the list');
  };

  for (const [title, atOnce] of [
    ['one after another', 1],
    ['16 at once', 16],
  ] as const) {
    const run = (call: () => Promise<void>) => async (times: number) => {
      let left = times;
      const work = async (): Promise<void> => {
        while (left-- > 0) await call();
      };
      await Promise.all(Array.from({ length: atOnce }, work));
    };
    await compare({
      title: `Listing 200 accounts, ${title}`,
      contender: { name: 'KucoinClient, whole pipeline', run: run(pipeline) },
      baseline: { name: 'bare axios with a signature made by hand', run: run(bare) },
      goal: 0.9,
      rounds: 25,
      times: 96,
    });
  }
  child.disconnect();
}

if (process.argv[2] === 'serve') serve();
else void measure();
