import type { AccountTypeId } from '../../kucoin/accountTypes';
import { isZero, subtract, sum, zero, type Decimal } from '../../kucoin/decimal';
import { JsonNumber } from '../../kucoin/jsonNumber';
import type { Agenda, Cancel } from '../agenda';
import { currencies } from '../currencies';
import type { Exchange } from '../exchange';
import { available, transferable, type Balance, type BalanceChange, type BizType } from '../ledger';
import { overviewOf } from '../rules/futures';
import { crossMarginOf, interestOf } from '../rules/margin';
import { futuresName } from '../rules/moving';
import type { Hub, Push } from './hub';

export interface PrivatePushesOptions {
  readonly exchange: () => Exchange;
  readonly hub: Hub;
  readonly agenda: Agenda;
}

const balance = '/account/balance';
const wallet = '/contractAccount/wallet';
const position = '/margin/position';

/** Milliseconds between two reports of the debt ratio (kucoin-api 11.5). */
const debtRatioMs = 4000;

/** What users hear of their accounts: every change of the ledger, a moment later (kucoin-api 11.5, 13). */
export class PrivatePushes {
  /** In the order of their time. */
  private waiting: { readonly due: number; readonly push: Push }[] = [];
  private delivery: Cancel | undefined;
  private debtRatio: Cancel | undefined;
  /** By uid and currency. */
  private readonly versions = new Map<string, number>();
  private count = 0;

  constructor(private readonly options: PrivatePushesOptions) {}

  /** A row has changed. */
  onChange(change: BalanceChange): void {
    const { exchange } = this.options;
    if (change.after.type === 'contract') {
      for (const push of this.walletPushes(exchange(), change)) this.later(push);
      return;
    }
    for (const push of [balancePush(exchange(), change), ...marginPushes(exchange(), change)]) {
      if (push) this.later(push);
    }
  }

  /** Starts and ends the reports that come by the clock. */
  onInterest(): void {
    const wanted = this.options.hub.isWanted('spot', position);
    if (wanted) this.debtRatio ??= this.options.agenda.every(debtRatioMs, () => this.reportDebtRatio());
    else {
      this.debtRatio?.();
      this.debtRatio = undefined;
    }
  }

  /** Forgets what was not sent yet. */
  clear(): void {
    this.waiting = [];
    this.delivery?.();
    this.delivery = undefined;
  }

  private later(push: Push): void {
    const { hub, exchange } = this.options;
    if (!hub.isWanted(push.host, push.channel)) return;
    const { switches } = exchange();
    if (switches.pushDelayMs === 0) hub.publish(push);
    else {
      this.waiting.push({ due: exchange().now() + switches.pushDelayMs, push });
      this.delivery ??= this.options.agenda.after(switches.pushDelayMs, () => this.deliver());
    }
  }

  private deliver(): void {
    this.delivery = undefined;
    const now = this.options.exchange().now();
    const still = this.waiting.findIndex(({ due }) => due > now);
    const ready = this.waiting.splice(0, still < 0 ? this.waiting.length : still);
    for (const { push } of ready) this.options.hub.publish(push);
    const [next] = this.waiting;
    if (next) this.delivery ??= this.options.agenda.after(next.due - now, () => this.deliver());
  }

  private walletPushes(exchange: Exchange, { after }: BalanceChange): Push[] {
    const currency = currencies.get(after.currency);
    if (!currency) return [];
    const { uid } = after;
    const now = exchange.now();
    // Grows over restarts of the sandbox too.
    const version = Math.max((this.versions.get(`${uid}/${after.currency}`) ?? 0) + 1, now);
    this.versions.set(`${uid}/${after.currency}`, version);
    const overview = overviewOf(exchange, uid, currency);
    const common = { currency: futuresName(after.currency), timestamp: String(now) };
    const { availableBalance, frozenFunds } = overview;
    const newer = {
      ...common,
      walletBalance: overview.marginBalance,
      availableBalance,
      holdBalance: frozenFunds,
      equity: overview.accountEquity,
      crossPosMargin: zero,
      crossOrderMargin: zero,
      crossUnPnl: zero,
      isolatedPosMargin: overview.positionMargin,
      isolatedOrderMargin: overview.orderMargin,
      isolatedFundingFeeMargin: zero,
      isolatedUnPnl: overview.unrealisedPNL,
      totalCrossMargin: availableBalance,
      ...(exchange.world === 'today' && {
        maxWithdrawAmount: transferable(after),
        availableMargin: availableBalance,
      }),
      version: String(version),
    };
    const older: readonly (readonly [string, object])[] = [
      ['orderMargin.change', { ...common, orderMargin: overview.orderMargin }],
      ['availableBalance.change', { ...common, availableBalance, holdBalance: frozenFunds }],
      ['withdrawHold.change', { ...common, withdrawHold: frozenFunds }],
    ];
    const { walletSubjects } = exchange.switches;
    const subjects = [
      ...(walletSubjects === 'older' ? [] : [['walletBalance.change', newer] as const]),
      ...(walletSubjects === 'newer' ? [] : older),
    ];
    return subjects.map(([subject, data]) => this.privatePush(exchange, uid, wallet, subject, data));
  }

  private privatePush(
    exchange: Exchange,
    uid: number,
    channel: string,
    subject: string,
    data: unknown,
  ): Push {
    const more = { id: (++this.count).toString(16).padStart(24, '6'), userId: exchange.user(uid).userId };
    return { host: channel === wallet ? 'futures' : 'spot', channel, uid, subject, data, more };
  }

  private reportDebtRatio(): void {
    const { hub, exchange } = this.options;
    const current = exchange();
    for (const uid of hub.listeners('spot', position)) {
      const { rows, asset, liability, debtRatio } = crossMarginOf(
        current,
        uid,
        ['margin', 'margin_v2'],
        'BTC',
      );
      const held = rows.filter(({ total }) => !isZero(total));
      const owed = rows.filter((row) => !isZero(row.liability));
      const data = {
        debtRatio: new JsonNumber(debtRatio),
        totalAsset: asset,
        marginCoefficientTotalAsset: asset,
        totalDebt: liability,
        assetList: Object.fromEntries(
          held.map(({ currency, total, available: free, hold }) => [
            currency,
            { total, available: free, hold },
          ]),
        ),
        debtList: Object.fromEntries(owed.map((row) => [row.currency, row.liability])),
        timestamp: current.now(),
      };
      hub.publish(this.privatePush(current, uid, position, 'debt.ratio', data));
    }
  }
}

/** The part of `relationEvent` before the dot (kucoin-api 7.1); `undefined` for accounts that are not told of. */
function prefixOf({ switches }: Exchange, type: AccountTypeId, tag: string): string | undefined {
  const version2 = switches.marginPushPrefix === 'v2';
  switch (type) {
    case 'main':
    case 'trade':
    case 'trade_hf':
      return type;
    case 'margin':
      return version2 ? 'marginV2' : 'margin';
    case 'margin_v2':
      return 'marginV2';
    case 'isolated':
      return `${version2 ? 'isolatedV2' : 'isolated'}_${tag}`;
    case 'isolated_v2':
      return `isolatedV2_${tag}`;
    case 'option':
      return switches.optionPushes ? 'option' : undefined;
    case 'contract':
      return undefined;
  }
}

const mainEvents: Readonly<Partial<Record<BizType, string>>> = {
  DEPOSIT: 'deposit',
  WITHDRAW: 'withdraw_done',
  TRANSFER: 'transfer',
  SUB_TRANSFER: 'transfer',
};
const tradeEvents: Readonly<Partial<Record<BizType, string>>> = {
  TRANSFER: 'transfer',
  SUB_TRANSFER: 'transfer',
  // Spelled so by KuCoin.
  TRADE_EXCHANGE: 'setted',
  MARGIN_EXCHANGE: 'setted',
};

function balancePush(exchange: Exchange, { before, after, entry }: BalanceChange): Push | undefined {
  if (after.type === 'outside') return undefined;
  const availableChange = subtract(available(after), available(before));
  const holdChange = subtract(after.held, before.held);
  if (isZero(availableChange) && isZero(holdChange)) return undefined;
  const prefix = prefixOf(exchange, after.type, after.tag);
  if (prefix === undefined) return undefined;
  const isMain = after.type === 'main';
  const marked = isMain ? 'withdraw_hold' : 'hold';
  const event = entry ? ((isMain ? mainEvents : tradeEvents)[entry.bizType] ?? 'other') : marked;
  const time = exchange.now();
  // Equals the id of the row in the ledger (kucoin-api 13).
  const id = entry?.id ?? exchange.nextOrderId();
  const isTrade = entry?.bizType === 'TRADE_EXCHANGE' || entry?.bizType === 'MARGIN_EXCHANGE';
  return {
    host: 'spot',
    channel: balance,
    uid: after.uid,
    subject: 'account.balance',
    data: {
      accountId: after.id,
      currency: after.currency,
      total: after.total,
      available: available(after),
      hold: after.held,
      availableChange,
      holdChange,
      relationContext: isTrade
        ? { symbol: entry.reference, orderId: `65aa${id.padStart(20, '0')}`, tradeId: id }
        : {},
      relationEvent: `${prefix}.${event}`,
      relationEventId: id,
      time: String(time),
    },
    more: { id, userId: exchange.user(after.uid).userId },
  };
}

/** Debts that begin or end, and what changes in an isolated account. */
function marginPushes(exchange: Exchange, { before, after }: BalanceChange): Push[] {
  const { uid, type, tag } = after;
  const more = { userId: exchange.user(uid).userId };
  const timestamp = exchange.now();
  if ((type === 'margin' || type === 'margin_v2') && isZero(before.debt) !== isZero(after.debt)) {
    const status = { type: isZero(after.debt) ? 'UNLIABILITY' : 'LIABILITY', timestamp };
    return [{ host: 'spot', channel: position, uid, subject: 'position.status', data: status, more }];
  }
  if (type !== 'isolated' && type !== 'isolated_v2') return [];
  const rows = tag.split('-').flatMap((currency) => exchange.ledger.find({ uid, type, tag }, currency) ?? []);
  const data = {
    tag,
    status: rows.some(({ debt }) => !isZero(debt)) ? 'DEBT' : 'CLEAR',
    statusBizType: 'DEFAULT_DEBT',
    accumulatedPrincipal: principalIn(exchange, rows, tag),
    changeAssets: { [after.currency]: isolatedAsset(after) },
    timestamp,
  };
  const channel = `/margin/isolatedPosition:${tag}`;
  return [{ host: 'spot', channel, uid, subject: 'positionChange', data, more }];
}

function isolatedAsset({ total, held, debt }: Balance): Record<string, Decimal> {
  const interest = interestOf(debt);
  return { total, hold: held, liabilityPrincipal: subtract(debt, interest), liabilityInterest: interest };
}

/** What was put in, in the quote currency of the pair. */
function principalIn(exchange: Exchange, rows: readonly Balance[], tag: string): Decimal {
  const [, quote = ''] = tag.split('-');
  return sum(rows.map((row) => exchange.inCurrency(subtract(row.total, row.debt), row.currency, quote)));
}
