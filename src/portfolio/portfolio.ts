import type { KucoinClient } from '../kucoin/client';
import type { Endpoint, ParamsOf, ReplyOf } from '../kucoin/endpoint';
import {
  getAccountList,
  getAccountMode,
  getSpotAccountType,
  getUnifiedAccountBalance,
} from '../kucoin/endpoints/account';
import {
  getCrossMarginAccount,
  getFuturesAccount,
  getIsolatedMarginAccount,
} from '../kucoin/endpoints/marginAndFutures';
import {
  getFuturesAccountAll,
  getSubAccountBalance,
  getSubAccountBalances,
  getSubAccountList,
} from '../kucoin/endpoints/subAccount';
import { KucoinError } from '../kucoin/errors';
import type { Priority } from '../kucoin/quota';
import { systemTime, type Time } from '../kucoin/time';
import { spotCurrency, type World } from '../kucoin/vocabulary';
import { groupAccounts, type Account, type Balance, type Place, type SubAccount } from './accounts';
import { Book, type BookFamily, type Moment, type Snapshot } from './book';
import { RecentChanges, type RecentChange } from './changes';
import type { Applied, BalanceEvent, MarginEvent, WalletEvent } from './events';
import {
  crossMargin,
  futuresBalance,
  isolatedMargin,
  settlementCurrencies,
  unifiedAccount,
  unifiedType,
} from './families';
import { readPages } from './pages';
import { readPrices } from './prices';
import { masterName, SubAccounts } from './subAccounts';
import { sumValues, totalValue, type Prices, type Value } from './valuation';

/** Something read from the exchange: where it stands, when it was read, and what is wrong if anything is. */
export interface Reading<T> {
  readonly state: 'empty' | 'loading' | 'ready' | 'failed';
  /** The last good answer, kept while a newer one loads or after it failed. */
  readonly value?: T | undefined;
  /** When the oldest part of `value` was asked for, in the exchange's time: milliseconds since the epoch. */
  readonly readAt?: number | undefined;
  readonly error?: KucoinError | undefined;
}

/**
 * What is read side by side, each with its own fate: the account list, the margin accounts, futures (those of the
 * sub-accounts too), the list of sub-accounts, and their spot and margin balances.
 */
/** What the feed tells of too. */
export const ownFamilyIds = ['list', 'margin', 'isolated', 'futures'] as const;
export const familyIds = [...ownFamilyIds, 'subs', 'subBalances'] as const;
export type FamilyId = (typeof familyIds)[number];

/** What unified mode has made one account, beside the spot account (kucoin-api 7.4). */
const unifiedFamilies = ['margin', 'isolated', 'futures'] as const;

export interface PortfolioOptions {
  readonly client: KucoinClient;
  readonly world: World;
  /** Fiat currency or coin of all values. */
  readonly valuationCurrency: () => string;
  /** Whether the key is of a master, who has sub-accounts; taken for one where left out. */
  readonly isMaster?: boolean | undefined;
  readonly time?: Time;
}

/** Changes by events are told of at most this often, ms. */
const tellEveryMs = 100;
/** Rows of a page of sub-accounts: the most that the exchange gives. */
const subPageSize = 100;
/** A family of many pages is read in the background no more often than this for each page, ms. */
const subPageEveryMs = 10_000;

/**
 * The balances of a whole family, as one client reads them and the feed tells them. It belongs to one client and ends
 * with it, so no other profile's answer can ever reach it.
 */
export class Portfolio {
  private readonly readings: Record<FamilyId, Reading<undefined>>;
  private pricesReading: Reading<Prices> = { state: 'empty' };
  private separateHf: boolean | undefined;
  private modeTold: 'classic' | 'unified' | undefined;
  private unifiedReading: Reading<undefined> = { state: 'empty' };
  private readonly book: Book;
  private readonly subStore: SubAccounts;
  private readonly recent: RecentChanges;
  private readonly time: Time;
  private readonly listeners = new Set<() => void>();
  private readonly running = new Map<string, Promise<void>>();
  private subTotal = 0;
  private lastTold = -Infinity;
  private telling = false;
  private subValues = new WeakMap<
    SubAccount,
    { readonly accounts: unknown; readonly prices: Prices; readonly value: Value | undefined }
  >();
  private allSubs:
    { readonly revision: number; readonly prices: Prices; readonly value: Value | undefined } | undefined;

  constructor(private readonly options: PortfolioOptions) {
    this.time = options.time ?? systemTime;
    const empty: Reading<undefined> = { state: 'empty' };
    this.readings = {
      list: empty,
      margin: empty,
      isolated: empty,
      futures: empty,
      subs: empty,
      subBalances: empty,
    };
    this.recent = new RecentChanges(() => this.time.monotonic());
    const note = (place: Place, before: Balance | undefined, now: Balance | undefined): void =>
      this.recent.note(place, before, now);
    this.book = new Book(options.world, note);
    this.subStore = new SubAccounts(note);
  }

  /** The account list, and with it whatever other own accounts are known. */
  get accounts(): Reading<readonly Account[]> {
    const { readAt, state, error } = this.readings.list;
    return {
      state,
      ...(readAt !== undefined && { value: this.own, readAt: this.oldestListed(readAt) }),
      ...(error && { error }),
    };
  }

  /** All own accounts that are known, whatever became of the other families. The same array until there are others. */
  get own(): readonly Account[] {
    return this.book.accounts;
  }

  get prices(): Reading<Prices> {
    return this.pricesReading;
  }

  /** Prices in the currency that is wanted now; those of another one are no use. */
  get usablePrices(): Prices | undefined {
    const prices = this.pricesReading.value;
    return prices?.base === this.options.valuationCurrency() ? prices : undefined;
  }

  get isMaster(): boolean {
    return this.options.isMaster ?? true;
  }

  /** Sub-accounts as far as they are known; the same array until there are others. */
  get subs(): readonly SubAccount[] {
    return this.subStore.all;
  }

  /** How many sub-accounts there are; more than `subs` has while they are being read. */
  get subCount(): number {
    return Math.max(this.subTotal, this.subs.length);
  }

  /** Grows with each change of a sub-account. */
  get subRevision(): number {
    return this.subStore.revision;
  }

  /** Where a family stands. */
  family(id: FamilyId): Reading<undefined> {
    return this.readings[id];
  }

  /** Whether anything could not be read because the exchange was out of reach. */
  get isCutOff(): boolean {
    return [...Object.values(this.readings), this.pricesReading].some(
      ({ state, error }) => state === 'failed' && (error?.kind === 'network' || error?.kind === 'timeout'),
    );
  }

  /** The balances of the unified account, where there is one. */
  get unified(): Reading<undefined> {
    return this.unifiedReading;
  }

  /** `unified`: spot, margin and futures funds are one account that the classic calls do not show (kucoin-api 7.4). */
  get mode(): 'classic' | 'unified' | undefined {
    return this.modeTold;
  }

  /**
   * Whether the user has a separate `trade_hf` account: a row of that type shows it, and so does the
   * compatibility call of today's exchange (kucoin-api 7.2). `undefined`: not known yet.
   */
  get hasSeparateHf(): boolean | undefined {
    const { value } = this.accounts;
    if (value?.some(({ type }) => type === 'trade_hf')) return true;
    return this.separateHf ?? (value && this.options.world === 'seed' ? false : undefined);
  }

  sub(userId: string): SubAccount | undefined {
    return this.subStore.find(userId);
  }

  account(place: Place): Account | undefined {
    if (place.subUserId === undefined) return this.book.find(place);
    return this.sub(place.subUserId)?.accounts.find(
      ({ type, tag }) => type === place.type && tag === place.tag,
    );
  }

  balance(place: Place, currency: string): Balance | undefined {
    if (place.subUserId === undefined) return this.book.find(place) && this.book.balance(place, currency);
    return this.account(place)?.balances.find((balance) => balance.currency === currency);
  }

  /** What has changed of a balance in the last seconds. */
  recentChange(place: Place, currency: string): RecentChange | undefined {
    const now = this.balance(place, currency);
    return now && this.recent.of(place, now);
  }

  /** Milliseconds until a row stops to say what has changed. */
  get nextRecentEndMs(): number | undefined {
    return this.recent.nextEndMs;
  }

  /** What a sub-account is worth. Kept until its figures or the prices change. */
  valueOfSub(sub: SubAccount): Value | undefined {
    const prices = this.usablePrices;
    if (!prices) return undefined;
    const known = this.subValues.get(sub);
    if (known?.accounts === sub.accounts && known.prices === prices) return known.value;
    const value = totalValue(prices, sub.accounts);
    this.subValues.set(sub, { accounts: sub.accounts, prices, value });
    return value;
  }

  valueOfSubs(): Value | undefined {
    const prices = this.usablePrices;
    if (!prices) return undefined;
    const { revision } = this.subStore;
    if (this.allSubs?.revision !== revision || this.allSubs.prices !== prices) {
      this.allSubs = { revision, prices, value: sumValues(this.subs.map((sub) => this.valueOfSub(sub))) };
    }
    return this.allSubs.value;
  }

  /** The whole family. */
  totalValue(): Value | undefined {
    const own = totalValue(this.usablePrices, this.own);
    return this.subs.length === 0 ? own : sumValues([own, this.valueOfSubs()]);
  }

  /** Reads all families and prices side by side; one that fails spoils nothing else. Calls at the same time share one run. */
  refresh(priority: Priority = 'interactive'): Promise<void> {
    return this.once('all', () => this.readAll(priority));
  }

  async refreshPrices(priority: Priority = 'interactive'): Promise<void> {
    if (this.isOver) return;
    const base = this.options.valuationCurrency();
    const before = this.pricesReading;
    const put = (reading: Reading<Prices>): void => {
      this.pricesReading = reading;
    };
    put({ ...before, state: 'loading' });
    this.fire();
    await this.settle(
      async () => {
        const value = await readPrices(this.options.client, base, priority);
        return () => put({ state: 'ready', value, readAt: this.now() });
      },
      (error) => put({ ...this.pricesReading, state: 'failed', error }),
      () => put(before),
    );
  }

  /** Reads one family, unless a reading that was asked for less than `maxAgeMs` ago is there. */
  async refreshFamily(id: FamilyId, priority: Priority = 'interactive', maxAgeMs = 0): Promise<void> {
    const { state, readAt } = this.readings[id];
    if (state === 'ready' && readAt !== undefined && this.now() - readAt < maxAgeMs) return;
    await this.once(id, () => this.readers[id](priority));
  }

  /** Reads one account anew and leaves the others, with their age, as they are; all where these are not known. */
  async refreshAccount(type: string, subUserId?: string): Promise<void> {
    if (subUserId !== undefined) return this.refreshSub(subUserId, type);
    if (type === 'contract') return this.refreshFamily('futures');
    if (type === unifiedType) return this.readUnified('interactive').then(() => this.fire());
    if (type.startsWith('margin') && this.readings.margin.readAt !== undefined)
      return this.refreshFamily('margin');
    if (type.startsWith('isolated') && this.readings.isolated.readAt !== undefined)
      return this.refreshFamily('isolated');
    const { readAt, state } = this.readings.list;
    if (readAt === undefined || state === 'failed') return this.refresh();
    await this.read('list', async () => {
      const { accounts, ...rest } = await this.readList({ type }, 'interactive');
      const isKnown = this.own.some((each) => each.type === type);
      const empty = isKnown ? { type, readAt: rest.askedAt, balances: [] } : undefined;
      // One that nobody has listed is not there, as the HF account before it is opened.
      const account = accounts.find((each) => each.type === type) ?? empty;
      // The age of the list stays: only this account is newer.
      return { put: () => account && this.book.replaceOne(account, rest), readAt };
    });
  }

  /** Reads what a settled transfer has moved: the families of both sides, each once. */
  async refreshPlaces(places: readonly Place[]): Promise<void> {
    const keys = new Map(places.map((place) => [`${place.subUserId ?? ''}/${place.type}`, place]));
    await Promise.all([...keys.values()].map(({ type, subUserId }) => this.refreshAccount(type, subUserId)));
  }

  /** An event of `/account/balance`. Late and repeated ones change nothing. */
  applyBalanceEvent(event: BalanceEvent): Applied {
    return this.applied(() => this.book.applyBalance(event));
  }

  /** An event of `/contractAccount/wallet`. */
  applyWalletEvent(event: WalletEvent): Applied {
    return this.applied(() => this.book.applyWallet(event));
  }

  /** An event of `/margin/position` or `/margin/isolatedPosition`. */
  applyMarginEvent(event: MarginEvent): Applied {
    return this.applied(() => this.book.applyMargin(event));
  }

  /** The feed has missed events: what it told before no longer beats a reading that is asked for from now on. */
  markGap(): void {
    this.book.markGap();
  }

  /** After a gap: reads what the feed tells of, which the sub-accounts are not. */
  async resnapshot(priority: Priority = 'background'): Promise<void> {
    await Promise.all(ownFamilyIds.map((id) => this.refreshFamily(id, priority)));
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  private get isOver(): boolean {
    return this.options.client.retired;
  }

  private oldestListed(readAt: number): number {
    const listed = this.own.filter(({ type }) => !/^(margin|isolated|contract|unified)/.test(type));
    // One that only an event has told of was never read.
    return Math.min(readAt, ...listed.map((account) => account.readAt || readAt));
  }

  private once(key: string, work: () => Promise<void>): Promise<void> {
    const running = this.running.get(key);
    if (running) return running;
    const run = work().finally(() => this.running.delete(key));
    this.running.set(key, run);
    return run;
  }

  private async readAll(priority: Priority): Promise<void> {
    const ids = familyIds.filter((id) => this.isWanted(id, priority));
    await Promise.all([
      ...ids.map((id) => this.once(id, () => this.readers[id](priority))),
      this.refreshPrices(priority),
      // The call does not exist in the seed's world, and its answer changes only by activation or migration.
      this.options.world === 'today' && this.separateHf === undefined ? this.readSeparateHf() : undefined,
    ]);
    await Promise.all([this.readMode(priority), this.isMaster ? this.readFuturesDetails() : undefined]);
  }

  /** Only masters have sub-accounts. Very many of them cost much quota: in the background they are read seldom. */
  private isWanted(id: FamilyId, priority: Priority): boolean {
    if (id !== 'subs' && id !== 'subBalances') return true;
    if (!this.isMaster) return false;
    const { state, readAt } = this.readings[id];
    if (priority === 'interactive' || state !== 'ready' || readAt === undefined) return true;
    const pages = Math.ceil(this.subCount / subPageSize);
    return pages <= 1 || this.now() - readAt >= pages * subPageEveryMs;
  }

  private readonly readers: Readonly<Record<FamilyId, (priority: Priority) => Promise<void>>> = {
    list: (priority) =>
      this.read('list', async () => {
        const snapshot = await this.readList({}, priority);
        return { put: () => this.book.replace('list', snapshot), readAt: snapshot.askedAt };
      }),
    margin: (priority) =>
      this.read('margin', async () => {
        const [plain, hf] = await Promise.all([
          this.ask(getCrossMarginAccount, {}, priority),
          // Before the merge the HF account was another one (kucoin-api 8.7).
          this.options.world === 'seed'
            ? this.ask(getCrossMarginAccount, { queryType: 'MARGIN_V2' }, priority)
            : undefined,
        ]);
        return this.taking('margin', plain, [
          ...crossMargin(plain.data, 'margin', plain.askedAt),
          ...(hf ? crossMargin(hf.data, 'margin_v2', hf.askedAt) : []),
        ]);
      }),
    isolated: (priority) =>
      this.read('isolated', async () => {
        const [plain, hf] = await Promise.all([
          this.ask(getIsolatedMarginAccount, {}, priority),
          this.options.world === 'seed'
            ? this.ask(getIsolatedMarginAccount, { queryType: 'ISOLATED_V2' }, priority)
            : undefined,
        ]);
        return this.taking('isolated', plain, [
          ...isolatedMargin(plain.data, 'isolated', plain.askedAt),
          ...(hf ? isolatedMargin(hf.data, 'isolated_v2', hf.askedAt) : []),
        ]);
      }),
    futures: (priority) =>
      this.read('futures', () => (this.isMaster ? this.allFutures(priority) : this.ownFutures(priority))),
    subs: (priority) =>
      this.read('subs', async () => {
        const askedAt = this.now();
        const ids = new Set<string>();
        await readPages({
          endpoint: getSubAccountList.title,
          pageSize: subPageSize,
          read: (currentPage, pageSize) => this.page(getSubAccountList, currentPage, pageSize, priority),
          idOf: ({ userId }) => userId,
          onItems: (rows, total) => {
            for (const { userId } of rows) ids.add(userId);
            this.subTotal = total;
            this.whileAlive(() => this.subStore.putList(rows));
          },
        });
        return {
          put: () => {
            this.subStore.retain(ids);
            this.subTotal = ids.size;
          },
          readAt: askedAt,
        };
      }),
    subBalances: (priority) =>
      this.read('subBalances', async () => {
        const askedAt = this.now();
        await readPages({
          endpoint: getSubAccountBalances.title,
          pageSize: subPageSize,
          read: (currentPage, pageSize) => this.page(getSubAccountBalances, currentPage, pageSize, priority),
          idOf: ({ subUserId }) => subUserId,
          onItems: (rows) => this.whileAlive(() => this.subStore.putBalances(rows, this.now())),
        });
        return { put: () => undefined, readAt: askedAt };
      }),
  };

  /** Pages behind the first are many: they leave room for what somebody waits for. */
  private page<E extends typeof getSubAccountList | typeof getSubAccountBalances>(
    endpoint: E,
    currentPage: number,
    pageSize: number,
    priority: Priority,
  ): Promise<ReplyOf<E>> {
    const params = { currentPage, pageSize } as ParamsOf<E>;
    return this.options.client.call(endpoint, params, {
      priority: currentPage === 1 ? priority : 'background',
    });
  }

  private whileAlive(put: () => void): void {
    if (this.isOver) return;
    put();
    this.tell();
  }

  /** One call a settlement currency tells of the master and all sub-accounts. */
  private async allFutures(priority: Priority): Promise<FamilyAnswer> {
    const answers = await Promise.all(
      settlementCurrencies.map((currency) => this.ask(getFuturesAccountAll, { currency }, priority)),
    );
    const [first] = answers;
    const moment = { askedAt: Math.min(...answers.map(({ askedAt }) => askedAt)), gaps: first?.gaps ?? 0 };
    const balances = answers.flatMap(({ data }) =>
      data.accounts
        .filter(({ accountName }) => accountName === masterName)
        .map((row) => futuresBalance(row, this.detailsOf(row))),
    );
    const own = { type: 'contract', readAt: moment.askedAt, balances };
    return {
      put: () => {
        this.book.replace('futures', { ...moment, accounts: [own] });
        answers.forEach(({ data, askedAt }, index) =>
          this.subStore.putFutures(settlementCurrencies[index] ?? '', data.accounts, askedAt),
        );
      },
      readAt: moment.askedAt,
    };
  }

  /** What only the overview of one account tells, as long as nothing else has changed. */
  private detailsOf(row: Parameters<typeof futuresBalance>[0]): Balance | undefined {
    const known = this.balance({ type: 'contract' }, spotCurrency(row.currency));
    const isUnchanged = known?.total === row.accountEquity && known.available === row.availableBalance;
    return isUnchanged ? known : undefined;
  }

  private async ownFutures(priority: Priority): Promise<FamilyAnswer> {
    const answers = await Promise.all(
      settlementCurrencies.map((currency) => this.ask(getFuturesAccount, { currency }, priority)),
    );
    const askedAt = Math.min(...answers.map((answer) => answer.askedAt));
    const balances = answers.map(({ data }) => futuresBalance(data));
    return this.taking('futures', { askedAt, gaps: answers[0]?.gaps ?? 0 }, [
      { type: 'contract', readAt: askedAt, balances },
    ]);
  }

  /**
   * What can leave the futures account stands only in the overview of one account: asked for where something is in
   * it, after the picture is complete. Best effort: without it the available balance holds.
   */
  async readFuturesDetails(priority: Priority = 'background'): Promise<void> {
    const known = this.book.find({ type: 'contract' });
    if (!known || this.readings.futures.state !== 'ready') return;
    const missing = known.balances.filter(
      ({ futures, available }) => futures?.maxWithdraw === undefined && /[1-9]/.test(available),
    );
    const details = await Promise.all(
      missing.map(async ({ currency }) => {
        const asked = settlementCurrencies.find((each) => spotCurrency(each) === currency);
        return asked && this.unlessFailed(this.ask(getFuturesAccount, { currency: asked }, priority));
      }),
    );
    const answers = details.filter((answer) => answer !== undefined);
    if (this.isOver || answers.length === 0) return;
    const fresh = new Map(answers.map(({ data }) => [spotCurrency(data.currency), futuresBalance(data)]));
    const askedAt = Math.min(...answers.map((answer) => answer.askedAt));
    const balances = known.balances.map((balance) => fresh.get(balance.currency) ?? balance);
    const account = { type: 'contract', readAt: known.readAt, balances };
    this.book.replaceOne(account, { askedAt, gaps: answers[0]?.gaps ?? 0 });
    this.fire();
  }

  private async refreshSub(subUserId: string, type: string): Promise<void> {
    if (type === 'contract') return this.refreshFamily('futures');
    await this.read('subBalances', async () => {
      const { data, askedAt } = await this.ask(
        getSubAccountBalance,
        { subUserId, includeBaseAmount: true },
        'interactive',
      );
      const { readAt = askedAt } = this.readings.subBalances;
      return { put: () => this.subStore.putBalances([data], askedAt), readAt };
    });
  }

  private async readList(params: ParamsOf<typeof getAccountList>, priority: Priority): Promise<Snapshot> {
    const { data, askedAt, gaps } = await this.ask(getAccountList, params, priority);
    // Without the pair nobody knows which account an isolated row is: events name it.
    const ids = new Map(
      data.filter(({ type }) => !type.startsWith('isolated')).map(({ id, type }) => [id, { type }]),
    );
    return { accounts: groupAccounts(data, askedAt), ids, askedAt, gaps };
  }

  private taking(
    family: 'margin' | 'isolated' | 'futures',
    { askedAt, gaps }: Moment,
    accounts: readonly Account[],
  ): FamilyAnswer {
    return { put: () => this.book.replace(family, { askedAt, gaps, accounts }), readAt: askedAt };
  }

  /** A call and the moment when it was sent, which is what its answer is as old as. */
  private async ask<E extends Endpoint>(
    endpoint: E,
    params: ParamsOf<E>,
    priority: Priority,
  ): Promise<{ readonly data: ReplyOf<E> } & Moment> {
    let moment: Moment = { askedAt: this.now(), gaps: this.book.gaps };
    const data = await this.options.client.call(endpoint, params, {
      priority,
      beforeSend: (askedAt) => {
        moment = { askedAt, gaps: this.book.gaps };
        return Promise.resolve();
      },
    });
    return { data, ...moment };
  }

  private now(): number {
    return this.options.client.clock.estimate();
  }

  /** A failure of margin or futures may only mean that the account is in unified mode (kucoin-api 7.4). */
  private async readMode(priority: Priority): Promise<void> {
    const isSuspect = unifiedFamilies.some((id) => {
      const kind = this.readings[id].error?.kind;
      return this.readings[id].state === 'failed' && (kind === 'notFound' || kind === 'unifiedMode');
    });
    if (!isSuspect || this.options.world === 'seed') {
      this.putMode(undefined);
      return;
    }
    const answer = await this.unlessFailed(
      this.options.client.call(getAccountMode, {}, { priority: 'background' }),
    );
    if (!answer || this.isOver) return;
    this.putMode(answer.selfAccountMode === 'UNIFIED' ? 'unified' : 'classic');
    if (this.modeTold === 'unified') await this.readUnified(priority);
    this.fire();
  }

  private putMode(mode: 'classic' | 'unified' | undefined): void {
    if (mode === this.modeTold) return;
    // The same money must not be counted in both forms.
    const gone: readonly BookFamily[] =
      mode === 'unified' ? unifiedFamilies : this.modeTold === 'unified' ? ['unified'] : [];
    for (const family of gone) {
      this.book.replace(family, { accounts: [], askedAt: this.now(), gaps: this.book.gaps });
    }
    this.unifiedReading = { state: 'empty' };
    this.modeTold = mode;
  }

  /** The one account that spot, margin and futures are in unified mode. Without it the row of the mode says so. */
  private async readUnified(priority: Priority): Promise<void> {
    try {
      const { data, ...moment } = await this.ask(getUnifiedAccountBalance, {}, priority);
      if (this.isOver) return;
      this.book.replace('unified', { ...moment, accounts: [unifiedAccount(data, moment.askedAt)] });
      this.unifiedReading = { state: 'ready', readAt: moment.askedAt };
    } catch (error) {
      if (!KucoinError.is(error)) throw error;
      this.unifiedReading = { ...this.unifiedReading, state: 'failed', error };
    }
  }

  private async readSeparateHf(): Promise<void> {
    // Only a convenience: without the answer the rows of the account list still tell.
    this.separateHf = await this.unlessFailed(
      this.options.client.call(getSpotAccountType, {}, { priority: 'background' }),
    );
  }

  private async unlessFailed<T>(asked: Promise<T>): Promise<T | undefined> {
    try {
      return await asked;
    } catch (error) {
      if (!KucoinError.is(error)) throw error;
      return undefined;
    }
  }

  private async read(id: FamilyId, work: () => Promise<FamilyAnswer>): Promise<void> {
    if (this.isOver) return;
    const before = this.readings[id];
    const put = (reading: Reading<undefined>): void => {
      this.readings[id] = reading;
    };
    put({ ...before, state: 'loading' });
    this.fire();
    await this.settle(
      async () => {
        const answer = await work();
        return () => {
          answer.put();
          put({ state: 'ready', readAt: answer.readAt });
        };
      },
      (error) => put({ ...this.readings[id], state: 'failed', error }),
      () => put(before),
    );
  }

  /** Nothing is put after the client has ended. */
  private async settle(
    work: () => Promise<() => void>,
    fail: (error: KucoinError) => void,
    undo: () => void,
  ): Promise<void> {
    try {
      const put = await work();
      if (!this.isOver) put();
    } catch (error) {
      if (!KucoinError.is(error)) {
        undo();
        throw error;
      }
      if (!this.isOver) fail(error);
    } finally {
      if (!this.isOver) this.fire();
    }
  }

  private applied(apply: () => Applied): Applied {
    if (this.isOver) return 'ignored';
    const result = apply();
    if (result === 'applied') this.tell();
    return result;
  }

  /** At once after a quiet time, else as soon as it may be; many changes become one. */
  private tell(): void {
    if (this.telling) return;
    const wait = this.lastTold + tellEveryMs - this.time.monotonic();
    if (wait <= 0) {
      this.fire();
      return;
    }
    this.telling = true;
    void this.time.delay(wait).then(() => {
      this.telling = false;
      if (!this.isOver) this.fire();
    });
  }

  private fire(): void {
    this.lastTold = this.time.monotonic();
    for (const listener of this.listeners) listener();
  }
}

interface FamilyAnswer {
  readonly put: () => void;
  readonly readAt: number;
}
