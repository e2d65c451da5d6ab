import type { AccountTypeId } from '../kucoin/accountTypes';
import type { Decimal } from '../kucoin/decimal';
import type { Permission, World } from '../kucoin/vocabulary';
import type { FaultSpec, FaultView, SocketFaultSpec } from './faults';
import type { Entry } from './ledger';
import type { StormView } from './life';
import type { ApiKey, KeyVersion, TradeType, User } from './people';
import type { RequestsView } from './requestLog';
import type { SocketsView, Whose } from './sockets/hub';
import type { Switches } from './switches';
import type { ClockChange } from './time';

export interface SandboxOptions {
  /** `today` where left out. */
  readonly world?: World;
  /** 0, the default: any free port. */
  readonly spotPort?: number;
  readonly futuresPort?: number;
  /** File that the state is kept in over restarts; none where left out. */
  readonly stateFile?: string;
  /** Milliseconds that every answer takes: the switch `latencyMs`. */
  readonly latencyMs?: number;
  /** The machine's time in milliseconds since the epoch. */
  readonly clock?: () => number;
  /** At least 0, below 1. */
  readonly random?: () => number;
  /** How delays wait. */
  readonly wait?: (ms: number) => Promise<void>;
  readonly switches?: Partial<Switches>;
  /** Something the user should know: a damaged state file, a full disk. Kept in `notices` too. */
  readonly onNotice?: (text: string) => void;
}

export interface Credentials {
  readonly key: string;
  readonly secret: string;
  readonly passphrase: string;
  readonly keyVersion: '1' | '2' | '3';
}

/** An account row, as tests and the control address see it. */
export interface LedgerRow {
  readonly uid: number;
  readonly type: AccountTypeId;
  /** Trading pair of isolated margin, empty elsewhere. */
  readonly tag: string;
  readonly currency: string;
  readonly id: string;
  /** available + held */
  readonly total: Decimal;
  readonly available: Decimal;
  readonly held: Decimal;
  readonly locked: Decimal;
  readonly debt: Decimal;
  readonly transferable: Decimal;
}

export interface LedgerView {
  readonly rows: readonly LedgerRow[];
  /** By currency: what all users hold, and the outside's side of it; the two always sum to zero. */
  readonly totals: Readonly<Record<string, { readonly users: Decimal; readonly outside: Decimal }>>;
  /** Oldest first. */
  readonly journal: readonly Entry[];
}

export interface StateView {
  readonly world: World;
  /** Exchange time in milliseconds. */
  readonly now: number;
  readonly spot: string;
  readonly futures: string;
  readonly users: readonly User[];
  /** Without secrets. */
  readonly keys: readonly Omit<ApiKey, 'secret' | 'passphrase'>[];
  readonly switches: Switches;
  readonly faults: readonly FaultView[];
  readonly notices: readonly string[];
}

/** Names an account row. */
export interface RowRef {
  /** The master where left out. */
  readonly uid?: number;
  /** `main` where left out. */
  readonly type?: AccountTypeId;
  readonly tag?: string;
  readonly currency: string;
}

/** A deposit from outside the exchange, or with a negative amount a withdrawal. */
export interface Credit extends RowRef {
  /** Decimal text, not zero; may have more decimals than a transfer. */
  readonly amount: string;
}

/** What is frozen, locked against transfers, or owed in a row; members left out stay as they are. */
export interface Marks extends RowRef {
  readonly held?: string;
  readonly locked?: string;
  readonly debt?: string;
}

export interface NewKey {
  /** Made up where left out, as the secret. */
  readonly key?: string;
  readonly secret?: string;
  /** `demo-passphrase` where left out. */
  readonly passphrase?: string;
  /** 3 where left out. */
  readonly version?: KeyVersion;
  /** The master where left out. */
  readonly uid?: number;
  /** `['General']` where left out. */
  readonly permissions?: readonly Permission[];
  readonly ips?: readonly string[];
  readonly remark?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
}

/** A sub-account of the master. */
export interface NewSub {
  /** `sub` and a number where left out. */
  readonly name?: string;
  /** 0, the default: normal, 1 robot, 2 new financial, 5 asset management. */
  readonly kind?: number;
  /** 2, the default: enabled, 3 frozen. */
  readonly status?: number;
  readonly remarks?: string;
  /** What it has opened; Spot, Margin and Futures where left out. */
  readonly openedTradeTypes?: readonly TradeType[];
}

/** Many sub-accounts at once. */
export interface Family {
  /** At most 20,000. */
  readonly subs: number;
  /** Currencies that each of them holds, at most 38: in turn in main and trade, of each currency one amount or two. */
  readonly currencies: number;
}

/** Balance events one after the other, by the exchange's time. What it leaves in the ledger is always the same. */
export interface Storm {
  readonly eventsPerSecond: number;
  readonly seconds: number;
  /** The master where left out. */
  readonly uid?: number;
  /** Accounts that it meets in turn; main and trade where left out. */
  readonly types?: readonly AccountTypeId[];
  /** USDT, BTC and KCS where left out. */
  readonly currencies?: readonly string[];
}

/** What can be done to a sandbox from behind the scenes, in process or through its control address. */
export interface Backstage {
  state(): StateView;
  ledger(): LedgerView;
  /** One row; `undefined` when it does not exist. */
  row(ref: RowRef): LedgerRow | undefined;
  requests(): RequestsView;
  clearRequests(): void;
  faults(): FaultView[];
  /** Returns the fault's id. Throws a SandboxError BAD_OPTION. */
  addFault(fault: FaultSpec | SocketFaultSpec): string;
  /** Removes one fault, or all. */
  clearFaults(id?: string): void;
  switches(): Switches;
  /** Throws a SandboxError BAD_OPTION, and changes nothing then. */
  setSwitches(patch: Partial<Switches>): Switches;
  /** Returns the exchange's time after the change. */
  setClock(change: ClockChange): number;
  /** Throws a SandboxError BAD_OPTION. */
  credit(credit: Credit): LedgerRow;
  mark(marks: Marks): LedgerRow;
  /** Throws a SandboxError BAD_OPTION. A key that exists is replaced. */
  addKey(key: NewKey): Credentials;
  removeKey(key: string): void;
  /** Throws a SandboxError BAD_OPTION when the name is taken. */
  addSub(sub?: NewSub): User;
  /** Throws a SandboxError BAD_OPTION when it is too large. Returns how many sub-accounts the master has now. */
  addFamily(family: Family): number;
  /** Connections, frames and jobs. */
  sockets(): SocketsView;
  clearSocketCounts(): void;
  /** Sends any frame to open connections: text as it is, all else as JSON. Returns to how many. */
  sendFrame(frame: unknown, whose?: Whose): number;
  /** Closes connections; the code 1006 cuts them without a close frame. Returns how many. */
  closeSockets(code: number, reason?: string, whose?: Whose): number;
  /** Starts a storm in place of any other. Throws a SandboxError BAD_OPTION. */
  startStorm(storm: Storm): StormView;
  storm(): StormView;
  /** A deposit, a fill, a profit or a loss of the master every so many milliseconds; 0, as at the start: nothing. */
  live(everyMs: number): void;
  /** Ends every running quota window. */
  clearQuotas(): void;
  /** Demo data, switches and clock as at the start, no faults, an empty request list; another world on request. */
  reset(options?: { readonly world?: World }): Promise<void>;
  /** Writes the state file now, if there is one. */
  save(): Promise<void>;
}

/** A local KuCoin that is running. */
export interface Sandbox extends Backstage {
  readonly world: World;
  /** Base URLs, `http://127.0.0.1:port`. */
  readonly spot: string;
  readonly futures: string;
  /** Base URL of the control address; holds a token of its own. */
  readonly control: string;
  /** Of the demo key. */
  readonly credentials: Credentials;
  readonly notices: readonly string[];
  /** Cuts all connections, writes the state file, frees the ports. */
  stop(): Promise<void>;
}
