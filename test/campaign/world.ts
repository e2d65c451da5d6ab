import { decimal, sum, type Decimal } from '../../src/kucoin/decimal';
import type { AccountTypeId } from '../../src/kucoin/accountTypes';
import type { TransportReply, TransportRequest } from '../../src/kucoin/transport';
import type { World } from '../../src/kucoin/vocabulary';
import { converse, type Outcome } from '../../src/sandbox/conversation';
import { demoKeys, demoUsers, masterUid } from '../../src/sandbox/demo';
import { Exchange, type Withdrawal } from '../../src/sandbox/exchange';
import { Faults } from '../../src/sandbox/faults';
import { outside } from '../../src/sandbox/ledger';
import { RequestLog } from '../../src/sandbox/requestLog';
import { initialSwitches, withSwitches } from '../../src/sandbox/switches';
import { ExchangeClock } from '../../src/sandbox/time';
import type { FakeTime } from '../unit/support/fakeTime';
import type { Chance } from './random';

/** What one request to move money has really done. */
export interface Deed {
  executed: number;
  /** Of a transfer-out. */
  applyId?: string;
}

const subAccounts = demoUsers.filter(({ parentUid, status }) => parentUid !== undefined && status === 2);
export const subUserId = subAccounts[0]?.userId ?? '';
export const otherSubUserId = subAccounts[1]?.userId ?? '';

const funded = 100_000;

/** An exchange without sockets, on a clock of its own that no window can set. */
export class CampaignExchange {
  readonly faults = new Faults();
  readonly exchange: Exchange;
  private readonly opening: Decimal;

  constructor(
    readonly world: World,
    readonly time: FakeTime,
    chance: Chance,
    switches: object,
  ) {
    const start = time.now() - time.monotonic();
    const clock = new ExchangeClock(() => start + time.monotonic());
    const options = { hfOpened: world === 'today', ...switches };
    this.exchange = Exchange.demo(world, withSwitches(initialSwitches, options), clock, () => chance.next());
    for (const { uid, openedTradeTypes } of demoUsers) {
      const all: AccountTypeId[] = ['main', 'trade'];
      if (openedTradeTypes.includes('Futures')) all.push('contract');
      if (uid === masterUid) all.push('margin', 'trade_hf', world === 'seed' ? 'margin_v2' : 'option');
      for (const type of all) this.fund(uid, type, '');
      if (uid === masterUid) this.fund(uid, 'isolated', 'BTC-USDT');
    }
    this.opening = this.total();
  }

  /** What all users hold of the currency; it must never change. */
  total(): Decimal {
    return sum(
      this.exchange.ledger
        .balances()
        .filter(({ currency }) => currency === 'USDT')
        .map(({ total }) => total),
    );
  }

  get isConserved(): boolean {
    const outer = this.exchange.ledger.totals()['USDT'];
    return this.total() === this.opening && outer !== undefined && sum([outer.users, outer.outside]) === '0';
  }

  withdrawal(applyId: string): Withdrawal | undefined {
    return this.exchange.withdrawalsOf(masterUid).find((one) => one.applyId === applyId);
  }

  /** Answers as the wire would; `deed` notes what the request did. */
  async handle(request: TransportRequest, deed: Deed | undefined): Promise<TransportReply> {
    const url = new URL(request.url);
    const host = url.hostname.startsWith('futures') ? 'futures' : 'spot';
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const log = new RequestLog();
    const outcome = converse(
      {
        exchange: () => {
          this.exchange.catchUp();
          return this.exchange;
        },
        faults: this.faults,
        requests: log,
        wait: (ms) => (ms > 0 ? this.time.delay(ms) : Promise.resolve()),
        onChange: () => {
          // Called in one go with the execution: the newest withdrawal is the one of this request.
          const newest = this.exchange.withdrawalsOf(masterUid)[0];
          if (deed && request.url.endsWith('/transfer-out') && newest) deed.applyId = newest.applyId;
        },
      },
      {
        host,
        method: request.method,
        target: request.url.slice(url.origin.length),
        headers,
        body: Buffer.from(request.body, 'utf8'),
      },
    ).then((done) => {
      if (deed) deed.executed += log.view().recent[0]?.executed ?? 0;
      return done;
    });
    const off = new AbortController();
    const timeout = this.time.delay(request.timeoutMs, off.signal).then(
      (): TransportReply => ({ ok: false, failure: 'timeout', unsent: false, code: 'ETIMEDOUT' }),
      () => new Promise<TransportReply>(() => undefined),
    );
    const reply = await Promise.race([outcome.then(onWire), timeout]);
    off.abort();
    return reply;
  }

  private fund(uid: number, type: AccountTypeId, tag: string): void {
    const currency = 'USDT';
    const amount = decimal(String(funded));
    const movement = { currency, amount, bizType: 'DEPOSIT', reference: 'campaign' } as const;
    const time = this.exchange.now() - 3_600_000;
    this.exchange.ledger.move({ ...movement, from: outside, to: { uid, type, tag }, time });
  }
}

function onWire(outcome: Outcome): TransportReply | Promise<TransportReply> {
  const lost: TransportReply = { ok: false, failure: 'network', unsent: false, code: 'ECONNRESET' };
  switch (outcome.kind) {
    case 'hang':
      return new Promise(() => undefined);
    case 'reset':
      return lost;
    case 'answer': {
      if (outcome.cut) return lost;
      const headers = Object.fromEntries(
        Object.entries(outcome.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      return { ok: true, status: outcome.http, headers, text: outcome.text };
    }
  }
}

export const demoCredentials = {
  key: demoKeys.demo.key,
  secret: demoKeys.demo.secret,
  passphrase: demoKeys.demo.passphrase,
  version: '3',
} as const;

export const site = { hosts: { spot: 'http://spot.test', futures: 'http://futures.test' } };
