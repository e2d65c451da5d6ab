import type { CallOptions } from '../kucoin/client';
import { canonical, isNegative, subtract, zero, type Decimal } from '../kucoin/decimal';
import {
  accountLedgers,
  futuresLedger,
  hfMarginLedgers,
  hfTradeLedgers,
  type PageCall,
} from '../kucoin/paging';
import { futuresCurrency, type World } from '../kucoin/vocabulary';
import type { ReadClient } from './balances';
import type { AccountRef } from './intent';
import type { EvidenceRow } from './records';

/** A row of any ledger, in one form. */
export interface LedgerRow extends EvidenceRow {
  /** `own`: between accounts of one holder, `sub`: between master and sub-account, `any`: the ledger does not say. */
  readonly kind: 'own' | 'sub' | 'any' | 'other';
}

export interface Span {
  /** Milliseconds since the epoch, by the exchange. */
  readonly startAt: number;
  readonly endAt: number;
}

type LedgerReader = (
  call: PageCall,
  asked: Span & { readonly currency: string },
) => Promise<readonly LedgerRow[]>;

type LedgerName = 'account' | 'hfTrade' | 'hfMargin' | 'futures';

/** More rows than this in a minute are no search for one transfer any more. */
const maxPages = 20;

/** The four ledgers (kucoin-api 8.11 to 8.14). */
const ledgers: Readonly<Record<LedgerName, LedgerReader>> = {
  account: async (call, { currency, startAt, endAt }) => {
    const found: LedgerRow[] = [];
    const listing = accountLedgers(call, { currency: [currency], startAt, endAt }, { maxPages });
    for await (const row of listing) if (isDirection(row.direction)) found.push(spotRow('account', row));
    return found;
  },
  hfTrade: async (call, { currency, startAt, endAt }) => {
    const found: LedgerRow[] = [];
    const listing = hfTradeLedgers(call, { currency: [currency], startAt, endAt }, { maxPages });
    for await (const row of listing) if (isDirection(row.direction)) found.push(spotRow('hfTrade', row));
    return found;
  },
  hfMargin: async (call, { currency, startAt, endAt }) => {
    const found: LedgerRow[] = [];
    const listing = hfMarginLedgers(call, { currency: [currency], startAt, endAt }, { maxPages });
    for await (const row of listing) if (isDirection(row.direction)) found.push(spotRow('hfMargin', row));
    return found;
  },
  futures: async (call, { currency, startAt, endAt }) => {
    const found: LedgerRow[] = [];
    const filter = { currency: futuresCurrency(currency), startAt, endAt };
    for await (const row of futuresLedger(call, filter, { maxPages })) {
      // A pending row is the profit and loss of the running hours, no movement (5.2).
      if (row.pending) continue;
      const isTransfer = row.type === 'TransferIn' || row.type === 'TransferOut';
      const isOut = row.type === 'TransferOut' || row.type === 'Withdrawal' || isNegative(row.amount);
      found.push({
        source: 'futures',
        id: `${row.currency}/${row.offset}`,
        direction: isOut ? 'out' : 'in',
        account: 'CONTRACT',
        // The sign of a TransferOut is not documented (8.14).
        amount: canonical(isNegative(row.amount) ? subtract(zero, row.amount) : row.amount),
        time: row.time,
        kind: isTransfer ? 'any' : 'other',
      });
    }
    return found;
  },
};

interface SpotRow {
  readonly id: string;
  readonly direction: string;
  readonly accountType: string;
  readonly amount: Decimal;
  readonly createdAt: number;
  readonly bizType: string;
}

function spotRow(source: LedgerName, row: SpotRow): LedgerRow {
  return {
    source,
    id: row.id,
    direction: row.direction === 'in' ? 'in' : 'out',
    account: row.accountType,
    amount: canonical(row.amount),
    time: row.createdAt,
    kind: kinds[row.bizType.toLowerCase().replace(/[\s_]/g, '')] ?? 'other',
  };
}

/** Codes and display names occur side by side (8.11). */
const kinds: Readonly<Record<string, LedgerRow['kind']>> = {
  transfer: 'own',
  subtransfer: 'sub',
  subaccounttransfer: 'sub',
};

function isDirection(text: string): boolean {
  return text === 'in' || text === 'out';
}

interface Place {
  readonly ledger: LedgerName;
  /** How the rows of the account name it. */
  readonly accounts: readonly string[];
  /** Other accounts have rows of the same name there. */
  readonly shared?: boolean;
}

/**
 * Where the movements of an own account stand, most telling first. Since the merges today's spot and margin accounts
 * stand in two ledgers at once, under ids that may differ: never add the rows of one to those of the other.
 */
const places: Readonly<Record<World, Partial<Record<AccountRef['type'], readonly Place[]>>>> = {
  seed: {
    main: [{ ledger: 'account', accounts: ['MAIN'] }],
    trade: [{ ledger: 'account', accounts: ['TRADE'] }],
    trade_hf: [{ ledger: 'hfTrade', accounts: ['TRADE_HF'] }],
    margin: [{ ledger: 'account', accounts: ['MARGIN'] }],
    isolated: [{ ledger: 'account', accounts: ['ISOLATED'], shared: true }],
    margin_v2: [{ ledger: 'hfMargin', accounts: ['MARGIN_V2'] }],
    isolated_v2: [{ ledger: 'hfMargin', accounts: ['ISOLATED_V2'], shared: true }],
    contract: [{ ledger: 'futures', accounts: ['CONTRACT'] }],
  },
  today: {
    main: [{ ledger: 'account', accounts: ['MAIN'] }],
    trade: [
      { ledger: 'account', accounts: ['TRADE'] },
      { ledger: 'hfTrade', accounts: ['TRADE_HF'], shared: true },
    ],
    trade_hf: [{ ledger: 'hfTrade', accounts: ['TRADE_HF'], shared: true }],
    margin: [
      { ledger: 'account', accounts: ['MARGIN'] },
      { ledger: 'hfMargin', accounts: ['MARGIN', 'MARGIN_V2'] },
    ],
    isolated: [
      { ledger: 'account', accounts: ['ISOLATED'], shared: true },
      { ledger: 'hfMargin', accounts: ['ISOLATED', 'ISOLATED_V2'], shared: true },
    ],
    contract: [{ ledger: 'futures', accounts: ['CONTRACT'] }],
    option: [{ ledger: 'account', accounts: ['OPTION'] }],
  },
};

/** Rows of an account in one of the ledgers that may hold them. */
export interface AccountRows {
  readonly rows: readonly LedgerRow[];
  /** Rows of other accounts may be among them. */
  readonly shared: boolean;
}

/** Reads each ledger once for many questions about one span and currency. */
export class LedgerLook {
  private readonly read = new Map<LedgerName, Promise<readonly LedgerRow[]>>();
  private readonly call: PageCall;

  constructor(
    client: ReadClient,
    private readonly asked: Span & { readonly world: World; readonly currency: string },
    options: CallOptions,
  ) {
    this.call = (endpoint, params) => client.call(endpoint, params, options);
  }

  /**
   * All movements of the currency in an own account within the span; `undefined` where no ledger of this key shows
   * the account. @throws KucoinError
   */
  async rowsOf({ owner, type }: AccountRef): Promise<readonly AccountRows[] | undefined> {
    const found = owner === 'self' ? places[this.asked.world][type] : undefined;
    if (!found) return undefined;
    return Promise.all(
      found.map(async ({ ledger, accounts, shared = false }) => ({
        rows: (await this.rows(ledger)).filter(({ account }) => accounts.includes(account)),
        shared,
      })),
    );
  }

  private rows(ledger: LedgerName): Promise<readonly LedgerRow[]> {
    let rows = this.read.get(ledger);
    if (!rows) this.read.set(ledger, (rows = ledgers[ledger](this.call, this.asked)));
    return rows;
  }
}
