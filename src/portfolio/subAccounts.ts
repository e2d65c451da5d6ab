import type { ReplyOf } from '../kucoin/endpoint';
import type { getFuturesAccountAll } from '../kucoin/endpoints/subAccount';
import type { SubAccountBalancesRow, SubAccountRow } from '../kucoin/paging';
import { spotCurrency } from '../kucoin/vocabulary';
import type { Account, Balance, SubAccount } from './accounts';
import { isSame, type OnChange } from './book';
import { futuresBalance, Interned, isEmptyFutures, subAccountAccounts } from './families';

type FuturesRow = ReplyOf<typeof getFuturesAccountAll>['accounts'][number];

/** `accountName` of the master in the overview of all (kucoin-api 8.10). */
export const masterName = 'main';

interface Sub extends SubAccount {
  uid: number | undefined;
  name: string;
  frozen: boolean;
  remarks: string;
  opened: ReadonlySet<string> | undefined;
  spot: readonly Account[];
  futures: Account | undefined;
  accounts: readonly Account[];
}

/** Status 3 is frozen (kucoin-api 7.5). */
const frozenStatus = 3;

/**
 * The sub-accounts, from three lists that come page by page in any order: names and states, spot and margin balances,
 * futures. A sub-account is the same object as long as it exists.
 */
export class SubAccounts {
  private readonly byId = new Map<string, Sub>();
  private readonly interned = new Interned();
  private array: readonly SubAccount[] | undefined;
  private revisionCount = 0;
  /** Futures by name of those that no other list has named yet. */
  private readonly nameless = new Map<string, Account>();

  constructor(private readonly onChange: OnChange = () => undefined) {}

  /** The same array until there are others. */
  get all(): readonly SubAccount[] {
    this.array ??= [...this.byId.values()];
    return this.array;
  }

  /** Grows with each change of any sub-account. */
  get revision(): number {
    return this.revisionCount;
  }

  find(userId: string): SubAccount | undefined {
    return this.byId.get(userId);
  }

  putList(rows: readonly SubAccountRow[]): void {
    for (const { userId, uid, subName, status, remarks, openedTradeTypes } of rows) {
      const sub = this.subOf(userId, subName);
      sub.uid = uid;
      sub.frozen = status === frozenStatus;
      sub.remarks = remarks ?? '';
      sub.opened = openedTradeTypes ? new Set<string>(openedTradeTypes) : undefined;
    }
    this.revisionCount++;
  }

  putBalances(rows: readonly SubAccountBalancesRow[], readAt: number): void {
    for (const row of rows) {
      const sub = this.subOf(row.subUserId, row.subName);
      const fresh = subAccountAccounts(row, readAt, this.interned);
      this.compare(sub, sub.spot, fresh);
      sub.spot = fresh;
      this.join(sub);
    }
    this.revisionCount++;
  }

  /** All of one settlement currency: who is not among them has nothing in it. */
  putFutures(settlement: string, rows: readonly FuturesRow[], readAt: number): void {
    const currency = spotCurrency(settlement);
    const told = new Map<string, Balance>();
    for (const row of rows) {
      if (row.accountName !== masterName && !isEmptyFutures(row))
        told.set(row.accountName, futuresBalance(row));
    }
    for (const sub of this.byId.values()) {
      const balance = told.get(sub.name);
      told.delete(sub.name);
      if (!balance && !sub.futures) continue;
      const fresh = withBalance(sub.futures, currency, balance, readAt);
      this.compare(sub, sub.futures ? [sub.futures] : [], fresh ? [fresh] : []);
      sub.futures = fresh;
      this.join(sub);
    }
    for (const [name, balance] of told) {
      const account = withBalance(this.nameless.get(name), currency, balance, readAt);
      if (account) this.nameless.set(name, account);
    }
    this.revisionCount++;
  }

  /** Only these are left: the list is complete. */
  retain(userIds: ReadonlySet<string>): void {
    for (const id of this.byId.keys()) {
      if (userIds.has(id)) continue;
      this.byId.delete(id);
      this.array = undefined;
      this.revisionCount++;
    }
  }

  private subOf(userId: string, name: string): Sub {
    const known = this.byId.get(userId);
    if (known) {
      known.name = name;
      return known;
    }
    const futures = this.nameless.get(name);
    this.nameless.delete(name);
    const sub: Sub = {
      userId,
      uid: undefined,
      name,
      frozen: false,
      remarks: '',
      opened: undefined,
      spot: [],
      futures,
      accounts: futures ? [futures] : [],
    };
    this.byId.set(userId, sub);
    this.array = undefined;
    return sub;
  }

  private join(sub: Sub): void {
    sub.accounts = sub.futures ? [...sub.spot, sub.futures] : sub.spot;
  }

  /** Tells what has changed, and keeps the objects of what has not. A first reading is no change. */
  private compare({ userId, spot, futures }: Sub, old: readonly Account[], fresh: readonly Account[]): void {
    if (spot.length === 0 && futures === undefined) return;
    for (const account of fresh) {
      const before = old.find(({ type }) => type === account.type)?.balances ?? [];
      const place = { type: account.type, subUserId: userId };
      const balances = account.balances as Balance[];
      balances.forEach((balance, index) => {
        // Lists seldom change their order: the same place is looked at first.
        const at = before[index];
        const was =
          at?.currency === balance.currency
            ? at
            : before.find(({ currency }) => currency === balance.currency);
        if (was && isSame(was, balance)) balances[index] = was;
        else this.onChange(place, was, balance);
      });
    }
  }
}

function withBalance(
  account: Account | undefined,
  currency: string,
  balance: Balance | undefined,
  readAt: number,
): Account | undefined {
  const others = account?.balances.filter((each) => each.currency !== currency) ?? [];
  const balances = balance ? [...others, balance] : others;
  return balances.length === 0 ? undefined : { type: 'contract', readAt, balances };
}
