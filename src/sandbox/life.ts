import type { AccountTypeId } from '../kucoin/accountTypes';
import { compare, decimal, type Decimal } from '../kucoin/decimal';
import type { Agenda, Cancel } from './agenda';
import type { Exchange } from './exchange';
import { available, outside, type AccountRef, type BizType } from './ledger';
import { seeded } from './random';

/** Things that happen to a user without a call: now and then, or in a storm. All of it keeps the double entry. */

export interface LifeOptions {
  readonly exchange: () => Exchange;
  readonly agenda: Agenda;
  /** Balances have changed. */
  readonly onChange: () => void;
}

/** A storm of balance events. */
export interface StormSpec {
  readonly uid: number;
  readonly eventsPerSecond: number;
  readonly seconds: number;
  readonly types: readonly AccountTypeId[];
  readonly currencies: readonly string[];
}

export interface StormView {
  /** All events of the last storm. */
  readonly events: number;
  readonly done: number;
  readonly running: boolean;
}

/** Milliseconds between two gusts of a storm. */
const gustMs = 20;

/** The rows in turn; of three events at a row two are deposits, and the third takes the last deposit out again. */
function stormEvent(exchange: Exchange, { uid, types, currencies }: StormSpec, index: number): void {
  const rows = types.length * currencies.length;
  const [row, round] = [index % rows, Math.floor(index / rows)];
  const account: AccountRef = { uid, type: types[row % types.length] ?? 'main', tag: '' };
  const currency = currencies[Math.floor(row / types.length)] ?? 'USDT';
  const takesOut = round % 3 === 2;
  const of = takesOut ? index - rows : index;
  const amount = decimal(`0.${String(1 + ((of * 7919) % 99_999)).padStart(8, '0')}`);
  happen(exchange, account, currency, amount, takesOut ? 'WITHDRAW' : 'DEPOSIT', 'storm');
}

/** Into the account, or out of it with a bizType that takes. */
function happen(
  exchange: Exchange,
  account: AccountRef,
  currency: string,
  amount: Decimal,
  bizType: BizType,
  reference: string,
  out = bizType === 'WITHDRAW',
): void {
  const [from, to] = out ? ([account, outside] as const) : ([outside, account] as const);
  exchange.ledger.move({ from, to, currency, amount, bizType, reference, time: exchange.now() });
}

export class Life {
  private stopLife: Cancel | undefined;
  private stopStorm: Cancel | undefined;
  private storm: StormView = { events: 0, done: 0, running: false };

  constructor(private readonly options: LifeOptions) {}

  /** A deposit, a fill, a profit or a loss of the master every so often; 0 ends it. The same seed lives alike. */
  live(uid: number, everyMs: number): void {
    this.stopLife?.();
    this.stopLife = undefined;
    if (everyMs === 0) return;
    const random = seeded(uid);
    this.stopLife = this.options.agenda.every(everyMs, () => {
      this.happenSomething(uid, random);
      this.options.onChange();
    });
  }

  startStorm(spec: StormSpec): StormView {
    this.stopStorm?.();
    const { exchange, agenda, onChange } = this.options;
    const start = exchange().now();
    const events = spec.eventsPerSecond * spec.seconds;
    this.storm = { events, done: 0, running: true };
    this.stopStorm = agenda.every(gustMs, () => {
      const elapsed = exchange().now() - start;
      const due = Math.min(events, Math.floor((elapsed * spec.eventsPerSecond) / 1000));
      for (let index = this.storm.done; index < due; index++) stormEvent(exchange(), spec, index);
      const running = due < events;
      this.storm = { events, done: Math.max(due, this.storm.done), running };
      if (running) return;
      this.stopStorm?.();
      onChange();
    });
    return this.storm;
  }

  stormView(): StormView {
    return this.storm;
  }

  /** Peace and quiet. */
  clear(): void {
    this.stopLife?.();
    this.stopStorm?.();
    this.storm = { ...this.storm, running: false };
  }

  private happenSomething(uid: number, random: () => number): void {
    const exchange = this.options.exchange();
    const trade: AccountRef = { uid, type: 'trade', tag: '' };
    const digits = (whole: number): Decimal =>
      decimal(`${whole}.${String(100 + Math.floor(random() * 899))}`);
    const what = random();
    if (what < 0.35) happen(exchange, { uid, type: 'main', tag: '' }, 'USDT', digits(5), 'DEPOSIT', 'life');
    else if (what < 0.75) {
      // A fill: one KCS and a bit for USDT, or the other way round where that can be paid.
      exchange.market.at('KCS-USDT', exchange.now());
      const size = digits(1);
      const funds = exchange.inCurrency(size, 'KCS', 'USDT');
      const sells = random() < 0.5;
      const [given, taken] = sells
        ? ([
            ['KCS', size],
            ['USDT', funds],
          ] as const)
        : ([
            ['USDT', funds],
            ['KCS', size],
          ] as const);
      if (!pays(exchange, trade, given[0], given[1])) return;
      happen(exchange, trade, given[0], given[1], 'TRADE_EXCHANGE', 'KCS-USDT', true);
      happen(exchange, trade, taken[0], taken[1], 'TRADE_EXCHANGE', 'KCS-USDT');
    } else {
      const contract: AccountRef = { uid, type: 'contract', tag: '' };
      const loses = random() < 0.5;
      const amount = digits(0);
      if (loses && !pays(exchange, contract, 'USDT', amount)) return;
      happen(exchange, contract, 'USDT', amount, 'REALISED_PNL', 'XBTUSDTM', loses);
    }
  }
}

function pays(exchange: Exchange, account: AccountRef, currency: string, amount: Decimal): boolean {
  const row = exchange.ledger.find(account, currency);
  return row !== undefined && compare(available(row), amount) >= 0;
}
