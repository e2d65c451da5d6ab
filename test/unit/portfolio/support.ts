import { KucoinClient } from '../../../src/kucoin/client';
import { decimal, type Decimal } from '../../../src/kucoin/decimal';
import type { getAccountList } from '../../../src/kucoin/endpoints/account';
import type { ReplyOf } from '../../../src/kucoin/endpoint';
import type { Transport, TransportReply } from '../../../src/kucoin/transport';
import { HurriedTime } from '../support/fakeTime';

type Answer = unknown;

/** What the fake exchange answers by path. An error is an answer of its own, a function is asked each time. */
export type Answers = Record<string, Answer>;

export function reply(body: unknown, status = 200): TransportReply {
  return { ok: true, status, headers: {}, text: typeof body === 'string' ? body : JSON.stringify(body) };
}

export const refusal = reply({ code: '400007', msg: 'no' }, 403);

const noPage = { currentPage: 1, pageSize: 100, totalNum: 0, totalPage: 0, items: [] };
const noTotals = { totalAssetOfQuoteCurrency: '0', totalLiabilityOfQuoteCurrency: '0' };

export const marginPath = '/api/v3/margin/accounts';
export const isolatedPath = '/api/v3/isolated/accounts';
export const subsPath = '/api/v2/sub/user';
export const subBalancesPath = '/api/v2/sub-accounts';

/** A family without margin and sub-accounts. */
const nothingElse: Answers = {
  [marginPath]: { ...noTotals, debtRatio: '0', status: 'EFFECTIVE', accounts: [] },
  [isolatedPath]: { ...noTotals, timestamp: 1, assets: [] },
  [subsPath]: noPage,
  [subBalancesPath]: noPage,
};

/** An exchange whose answers wait until they are let go. */
export class FakeExchange {
  readonly time = new HurriedTime();
  readonly asked: string[] = [];
  readonly client: KucoinClient;
  /** Milliseconds that the exchange's clock is ahead. */
  ahead = 0;
  /** Paths whose answers are held back. */
  readonly held = new Map<string, (() => void)[]>();

  readonly answers: Answers;

  constructor(answers: Answers, futures?: string) {
    this.answers = { ...nothingElse, ...answers };
    const transport: Transport = async ({ url }) => {
      const { pathname, search } = new URL(url);
      if (pathname === '/api/v1/timestamp')
        return reply({ code: '200000', data: this.time.now() + this.ahead });
      this.asked.push(pathname + search);
      const waiting = this.held.get(pathname);
      if (waiting) await new Promise<void>((resolve) => waiting.push(resolve));
      const answer = this.answers[pathname];
      const data: unknown =
        typeof answer === 'function' ? (answer as (query: string) => unknown)(search) : answer;
      if (typeof data === 'object' && data !== null && 'ok' in data) return data as TransportReply;
      return reply({ code: '200000', data });
    };
    this.client = new KucoinClient({
      site: { hosts: { spot: 'https://fake', futures } },
      time: this.time,
      transport,
      credentials: () =>
        Promise.resolve({ key: 'k'.repeat(24), secret: 'secret', passphrase: 'passphrase', version: '3' }),
    });
  }

  hold(path: string): void {
    this.held.set(path, []);
  }

  letGo(path: string): void {
    const waiting = this.held.get(path) ?? [];
    this.held.delete(path);
    for (const go of waiting) go();
  }

  askedFor(path: string): number {
    return this.asked.filter((url) => url.split('?')[0] === path).length;
  }
}

export const accountsPath = '/api/v1/accounts';
export const pricesPath = '/api/v1/prices';
export const openedPath = '/api/v1/hf/accounts/opened';

type Row = ReplyOf<typeof getAccountList>[number];
let nextId = 0;

export function row(type: string, currency: string, available: string, holds = '0', balance?: string): Row {
  const total = balance ?? available;
  return {
    id: String(++nextId),
    type,
    currency,
    balance: decimal(total),
    available: decimal(available),
    holds: decimal(holds),
  };
}

export function d(text: string): Decimal {
  return decimal(text);
}
