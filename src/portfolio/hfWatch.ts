import type { KucoinClient } from '../kucoin/client';
import type { Endpoint, ParamsOf, ReplyOf } from '../kucoin/endpoint';
import { getAccountList, getSpotAccountType } from '../kucoin/endpoints/account';
import { getHfMarginLedgers, getHfTradeLedgers } from '../kucoin/endpoints/ledger';
import { getCrossMarginAccount, getIsolatedMarginAccount } from '../kucoin/endpoints/marginAndFutures';
import { isZero } from '../kucoin/decimal';
import { KucoinError } from '../kucoin/errors';
import type { Priority } from '../kucoin/quota';
import type { World } from '../kucoin/vocabulary';
import type { SubAccount } from './accounts';
import { hfStatus, type HfFacts, type HfKind, type HfStatus, type NotRead } from './hf';

export const hfKinds = ['spot', 'cross', 'isolated'] as const satisfies readonly HfKind[];

export interface HfWatchOptions {
  readonly client: Pick<KucoinClient, 'call'>;
  readonly world: World;
}

/** What is read of a kind; what was tried stays until it is tried again. */
type Read = Omit<HfFacts, 'kind' | 'world' | 'orderTest' | 'transferRefused'>;

/**
 * What is known about HF trading of the user of one key: gathered with a handful of calls, kept, and read again when
 * somebody asks or something has happened that can change it. The verdict is that of the table in `hf.ts`.
 */
export class HfWatch {
  private readonly read = new Map<HfKind, Read>();
  private readonly running = new Map<HfKind, Promise<void>>();
  private orderTest: HfFacts['orderTest'];
  private readonly refusedTransfers = new Map<HfKind, string>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: HfWatchOptions) {}

  /** `undefined` while nothing was read; margin of today needs no reading. */
  status(kind: HfKind): HfStatus | undefined {
    const facts = this.facts(kind);
    return facts && hfStatus(facts);
  }

  /** What the verdict stands on. */
  facts(kind: HfKind): HfFacts | undefined {
    const { world } = this.options;
    const read = this.read.get(kind);
    if (!read && (kind === 'spot' || world === 'seed')) return undefined;
    const refused = this.refusedTransfers.get(kind);
    return {
      kind,
      world,
      ...read,
      ...(kind === 'spot' && this.orderTest !== undefined && { orderTest: this.orderTest }),
      ...(refused !== undefined && { transferRefused: refused }),
    };
  }

  /** Reads one kind now. Never rejects for what the exchange or the network does: that is part of the verdict. */
  refresh(kind: HfKind, priority: Priority = 'interactive'): Promise<void> {
    let running = this.running.get(kind);
    if (!running) {
      running = this.gather(kind, priority).finally(() => this.running.delete(kind));
      this.running.set(kind, running);
    }
    return running;
  }

  /** The last order test: accepted, or the code with which it was refused. */
  noteOrderTest(result: 'accepted' | NotRead): void {
    this.orderTest = result;
    // An order that would be taken proves more than a transfer that was refused earlier.
    if (result === 'accepted') this.refusedTransfers.delete('spot');
    this.fire();
  }

  /** The code with which a transfer into the HF account was refused; `undefined` after one that was not. */
  noteTransfer(kind: HfKind, refused: string | undefined): void {
    if (refused === undefined) this.refusedTransfers.delete(kind);
    else this.refusedTransfers.set(kind, refused);
    this.fire();
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  private async gather(kind: HfKind, priority: Priority): Promise<void> {
    const read = kind === 'spot' ? await this.gatherSpot(priority) : await this.gatherMargin(kind, priority);
    this.read.set(kind, read);
    this.fire();
  }

  private async gatherSpot(priority: Priority): Promise<Read> {
    const [opened, accounts, ledger] = await Promise.all([
      this.ask(getSpotAccountType, {}, priority),
      this.ask(getAccountList, {}, priority),
      this.ask(getHfTradeLedgers, { limit: 1 }, priority),
    ]);
    return {
      opened,
      accounts: Array.isArray(accounts) ? accounts.map(({ type, id }) => ({ type, id })) : notRead(accounts),
      ...(Array.isArray(ledger) && { ledgerRows: ledger.length }),
    };
  }

  private async gatherMargin(kind: 'cross' | 'isolated', priority: Priority): Promise<Read> {
    const [rows, ledger] = await Promise.all([
      kind === 'cross' ? this.crossRows(priority) : this.isolatedRows(priority),
      this.ask(getHfMarginLedgers, { limit: 100 }, priority),
    ]);
    const prefix = kind === 'cross' ? 'MARGIN' : 'ISOLATED';
    return {
      marginRows: rows,
      ...(Array.isArray(ledger) && {
        marginLedgerRows: ledger.filter(({ accountType }) => accountType.startsWith(prefix)).length,
      }),
    };
  }

  private async crossRows(priority: Priority): Promise<number | NotRead> {
    const found = await this.ask(getCrossMarginAccount, { queryType: 'MARGIN_V2' }, priority);
    return 'accounts' in found ? found.accounts.filter(({ total }) => !isZero(total)).length : found;
  }

  private async isolatedRows(priority: Priority): Promise<number | NotRead> {
    const found = await this.ask(getIsolatedMarginAccount, { queryType: 'ISOLATED_V2' }, priority);
    if (!('assets' in found)) return found;
    const rows = found.assets.flatMap(({ baseAsset, quoteAsset }) => [baseAsset, quoteAsset]);
    return rows.filter(({ total }) => !isZero(total)).length;
  }

  /** @throws KucoinError of kind `stale`: a client that has ended says nothing about anybody */
  private async ask<E extends Endpoint>(
    endpoint: E,
    params: ParamsOf<E>,
    priority: Priority,
  ): Promise<ReplyOf<E> | NotRead> {
    try {
      return await this.options.client.call(endpoint, params, { priority });
    } catch (error) {
      if (!KucoinError.is(error) || error.kind === 'stale' || error.kind === 'cancelled') throw error;
      return { code: error.code ?? error.kind };
    }
  }

  private fire(): void {
    for (const listener of this.listeners) listener();
  }
}

function notRead(value: NotRead | readonly unknown[]): NotRead {
  return 'code' in value ? value : { code: '-' };
}

/**
 * What the master's key can know of a sub-account: which of its accounts are listed. Whether its Spot account serves HF
 * orders only its own key can tell.
 */
export function hfOfSub(world: World, { accounts }: Pick<SubAccount, 'accounts'>): HfStatus {
  const listed = accounts.filter(({ type }) => type !== 'contract');
  const tradeHfRows = listed.filter(({ type }) => type === 'trade_hf').length;
  return hfStatus({
    kind: 'spot',
    world,
    tradeHfRows,
    // In the world of 2023 the list is the answer; today it hides an account that is merged.
    ...(world === 'seed' && { accounts: listed.map(({ type }) => ({ type, id: '' })) }),
  });
}
