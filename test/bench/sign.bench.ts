/** What the five headers of a signed request cost over the one HMAC that they need. */
import { createHmac } from 'node:crypto';
import { createSigner } from '../../src/kucoin/sign';
import { compare } from './bench';

const secret = '0f1e2d3c-4b5a-4697-8877-665544332211';
const signer = createSigner({
  key: '65f0c0ffee12340001a1b2c3',
  secret,
  passphrase: 'Demo-Pass_42!',
  version: '3',
});
const path = '/api/v3/accounts/universal-transfer';
const body =
  '{"clientOid":"7f3c1e0a9b8d4c6f8e2a5b1d0c9f7e6a","currency":"USDT","amount":"12.5","type":"INTERNAL","fromAccountType":"MAIN","toAccountType":"TRADE"}';
const began = 1_700_000_000_000;

let sink = 0;

void compare({
  title: 'Signing a transfer',
  contender: {
    name: 'createSigner(...).headers(...)',
    run: (times) => {
      for (let i = 0; i < times; i++) {
        sink += signer.headers(began + i, 'POST', path, body)['KC-API-SIGN']?.length ?? 0;
      }
    },
  },
  baseline: {
    name: 'one bare createHmac over the same bytes',
    run: (times) => {
      for (let i = 0; i < times; i++) {
        const prehash = `${began + i}POST${path}${body}`;
        sink += createHmac('sha256', secret).update(prehash).digest('base64').length;
      }
    },
  },
  goal: 0.85,
  rounds: 31,
  times: 5_000,
}).then(() => {
  if (sink === 0) throw new Error('nothing was signed');
});
