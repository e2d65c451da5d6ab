import type { Session } from '../host/sessions';
import { newId } from '../host/transferDesk';
import { accountType, type AccountTypeId } from '../kucoin/accountTypes';
import { canonical, sum, zero, type Decimal } from '../kucoin/decimal';
import { getTransferQuotas } from '../kucoin/endpoints/transfer';
import { unlessRefused } from '../kucoin/errors';
import type { Holdings } from '../portfolio/holdings';
import { environmentOf, worldOf } from '../profiles/profile';
import type { AmountFacts } from '../transfers/amount';
import { planBatch, type BatchPlan, type BatchWishes } from '../transfers/batch';
import { accountKey, own, type AccountRef, type Intent } from '../transfers/intent';
import type { PlanFacts, PlanProfile } from '../transfers/plan';
import type { RouteFacts } from '../transfers/route';
import { routeFacts } from './transferWizard';

/** What is known of the funds of the family, found quickly for any number of sub-accounts. */
export class BatchFunds {
  private readonly available = new Map<string, Decimal>();
  private readonly precisions = new Map<string, number>();
  /** How much can leave an account of the master, where the exchange was asked. */
  private readonly transferable = new Map<string, Decimal>();
  private readonly routes = new Map<string, RouteFacts>();

  constructor(
    readonly session: Session,
    readonly holdings: Holdings,
  ) {
    for (const { subUserId, type, tag, currency, available } of holdings.rows) {
      if (tag !== undefined) continue;
      const key = keyOf(currency, accountOf(subUserId, type));
      this.available.set(key, sum([this.available.get(key) ?? zero, available]));
    }
  }

  /** Reads what the exchange has to be asked for; what it does not tell stays unknown. */
  async read(
    { currency, from }: { readonly currency?: string | undefined; readonly from?: AccountTypeId | undefined },
    fromOwn: boolean,
  ): Promise<void> {
    if (currency === undefined || from === undefined) return;
    const { currencies, client, profile } = this.session;
    const { upper, quotas } = accountType(from);
    const key = keyOf(currency, own(from));
    const asks = fromOwn && quotas.includes(worldOf(profile)) && !this.transferable.has(key);
    const [precision, quota] = await Promise.all([
      this.precisions.get(currency) ?? unlessRefused(currencies.precision(currency)),
      asks ? unlessRefused(client.call(getTransferQuotas, { currency, type: upper })) : undefined,
    ]);
    if (precision !== undefined) this.precisions.set(currency, precision);
    if (quota) this.transferable.set(key, quota.transferable);
  }

  precision(currency: string): number | undefined {
    return this.precisions.get(currency);
  }

  /** What is available; an account that was read and has no row of the currency holds none of it. */
  balance(currency: string, account: AccountRef): Decimal | undefined {
    return this.available.get(keyOf(currency, account)) ?? (this.isRead(account) ? zero : undefined);
  }

  /**
   * How much can leave an account. Margin may be bound by debts, which only the exchange knows.
   */
  transferableFrom(currency: string, account: AccountRef): Decimal | undefined {
    const { owner, type } = account;
    if (owner === 'self') {
      const asked = this.transferable.get(keyOf(currency, account));
      return asked ?? (type === 'contract' ? this.balance(currency, account) : undefined);
    }
    return type === 'main' || type === 'trade' ? this.balance(currency, account) : undefined;
  }

  routeFacts(currency: string): RouteFacts {
    const known = this.routes.get(currency);
    if (known) return known;
    const facts = routeFacts({ session: this.session, holdings: this.holdings }, currency);
    this.routes.set(currency, facts);
    return facts;
  }

  planFacts({ currency, from, to }: Intent): PlanFacts {
    const { profile } = this.session;
    return {
      ...this.routeFacts(currency),
      profile: { ...planProfileOf(this.session), readOnly: profile.readOnly },
      precision: this.precision(currency),
      transferable: this.transferableFrom(currency, from),
      balances: { from: this.balance(currency, from), to: this.balance(currency, to) },
      balanceOf: (account) => this.balance(currency, account),
      now: Date.now(),
      newId,
    };
  }

  amountFacts(currency: string, transferable: Decimal | undefined, valuationCurrency: string): AmountFacts {
    const prices = this.session.portfolio.usablePrices;
    const price = prices?.of.get(currency);
    return {
      currency,
      precision: this.precision(currency),
      transferable,
      price: { unit: prices?.base ?? valuationCurrency, perOne: price && canonical(price) },
    };
  }

  private isRead({ owner, type }: AccountRef): boolean {
    if (owner === 'self') return this.holdings.read.has(type);
    return type === 'main' || type === 'trade' || type === 'margin';
  }
}

function planProfileOf({ profile }: Session): PlanProfile {
  return {
    id: profile.id,
    name: profile.name,
    environment: environmentOf(profile),
    world: worldOf(profile),
    generation: profile.generation,
  };
}

/** Plans the rows of a batch, new or gone on with. */
export function planRows(funds: BatchFunds, wishes: BatchWishes): BatchPlan {
  return planBatch(wishes, (intent) => funds.planFacts(intent), {
    id: newId(),
    now: Date.now(),
    profile: planProfileOf(funds.session),
  });
}

function keyOf(currency: string, account: AccountRef): string {
  return `${currency} ${accountKey(account)}`;
}

export function accountOf(subUserId: string | undefined, type: AccountTypeId): AccountRef {
  return subUserId === undefined ? own(type) : { owner: { subUserId }, type };
}
