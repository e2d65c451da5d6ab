import type { KucoinClient } from '../kucoin/client';
import { getAccountList, getSpotAccountType } from '../kucoin/endpoints/account';
import { getFiatPrice } from '../kucoin/endpoints/market';
import type { ParamsOf } from '../kucoin/endpoint';
import { KucoinError } from '../kucoin/errors';
import type { Priority } from '../kucoin/quota';
import type { World } from '../kucoin/vocabulary';
import { groupAccounts, replaceAccount, type Account } from './accounts';
import type { Prices } from './valuation';

/** Something read from the exchange: where it stands, when it was read, and what is wrong if anything is. */
export interface Reading<T> {
  readonly state: 'empty' | 'loading' | 'ready' | 'failed';
  /** The last good answer, kept while a newer one loads or after it failed. */
  readonly value?: T | undefined;
  /** When the oldest part of `value` was read, in the exchange's time: milliseconds since the epoch. */
  readonly readAt?: number | undefined;
  readonly error?: KucoinError | undefined;
}

export interface PortfolioOptions {
  readonly client: KucoinClient;
  readonly world: World;
  /** Fiat currency of all values. */
  readonly valuationCurrency: () => string;
}

/**
 * The balances of one profile, as its client reads them. It belongs to one client and ends with it, so no other
 * profile's answer can ever reach it.
 */
export class Portfolio {
  private accountsReading: Reading<readonly Account[]> = { state: 'empty' };
  private pricesReading: Reading<Prices> = { state: 'empty' };
  private separateHf: boolean | undefined;
  private readonly listeners = new Set<() => void>();
  private running: Promise<void> | undefined;

  constructor(private readonly options: PortfolioOptions) {}

  get accounts(): Reading<readonly Account[]> {
    return this.accountsReading;
  }

  get prices(): Reading<Prices> {
    return this.pricesReading;
  }

  /** Prices in the currency that is wanted now; those of another one are no use. */
  get usablePrices(): Prices | undefined {
    const prices = this.pricesReading.value;
    return prices?.base === this.options.valuationCurrency() ? prices : undefined;
  }

  /**
   * Whether the user has a separate `trade_hf` account: a row of that type shows it, and so does the
   * compatibility call of today's exchange (kucoin-api 7.2). `undefined`: not known yet.
   */
  get hasSeparateHf(): boolean | undefined {
    const accounts = this.accountsReading.value;
    if (accounts?.some(({ type }) => type === 'trade_hf')) return true;
    return this.separateHf ?? (accounts && this.options.world === 'seed' ? false : undefined);
  }

  /** Reads balances and prices side by side; one that fails spoils nothing else. Calls at the same time share one run. */
  refresh(priority: Priority = 'interactive'): Promise<void> {
    this.running ??= this.readAll(priority).finally(() => (this.running = undefined));
    return this.running;
  }

  async refreshPrices(priority: Priority = 'interactive'): Promise<void> {
    const base = this.options.valuationCurrency();
    await this.read<Prices>(
      (reading) => (this.pricesReading = reading),
      () => this.pricesReading,
      async () => {
        const prices = await this.options.client.call(getFiatPrice, { base }, { priority });
        return { base, of: new Map(Object.entries(prices)) };
      },
      () => this.now(),
    );
  }

  /** Reads one account anew and leaves the others, with their age, as they are; all where these are not known. */
  async refreshAccount(type: string): Promise<void> {
    const { state, value } = this.accountsReading;
    if (!value || state === 'failed') return this.refresh();
    await this.read<readonly Account[]>(
      (reading) => (this.accountsReading = reading),
      () => this.accountsReading,
      async () => {
        const read = await this.readAccounts({ type }, 'interactive');
        const fresh = read.find((account) => account.type === type) ?? {
          type,
          readAt: this.now(),
          balances: [],
        };
        return replaceAccount(this.accountsReading.value ?? [], fresh);
      },
      oldest,
    );
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  private async readAll(priority: Priority): Promise<void> {
    await Promise.all([
      this.read<readonly Account[]>(
        (reading) => (this.accountsReading = reading),
        () => this.accountsReading,
        () => this.readAccounts({}, priority),
        oldest,
      ),
      this.refreshPrices(priority),
      // The call does not exist in the seed's world, and its answer changes only by activation or migration.
      this.options.world === 'today' && this.separateHf === undefined ? this.readSeparateHf() : undefined,
    ]);
  }

  private async readAccounts(
    params: ParamsOf<typeof getAccountList>,
    priority: Priority,
  ): Promise<Account[]> {
    return groupAccounts(await this.options.client.call(getAccountList, params, { priority }), this.now());
  }

  private now(): number {
    return this.options.client.clock.estimate();
  }

  private async readSeparateHf(): Promise<void> {
    try {
      this.separateHf = await this.options.client.call(getSpotAccountType, {}, { priority: 'background' });
    } catch (error) {
      // Only a convenience: without the answer the rows of the account list still tell.
      if (!KucoinError.is(error)) throw error;
    }
  }

  private async read<T>(
    put: (reading: Reading<T>) => void,
    get: () => Reading<T>,
    work: () => Promise<T>,
    readAt: (value: T) => number,
  ): Promise<void> {
    const isOver = (): boolean => this.options.client.retired;
    if (isOver()) return;
    const before = get();
    put({ ...before, state: 'loading' });
    this.fire();
    try {
      const value = await work();
      if (!isOver()) put({ state: 'ready', value, readAt: readAt(value) });
    } catch (error) {
      if (!KucoinError.is(error)) {
        put(before);
        throw error;
      }
      if (!isOver()) put({ ...get(), state: 'failed', error });
    } finally {
      if (!isOver()) this.fire();
    }
  }

  private fire(): void {
    for (const listener of this.listeners) listener();
  }
}

function oldest(accounts: readonly Account[]): number {
  return Math.min(...accounts.map(({ readAt }) => readAt));
}
