import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../../../../src/kucoin/vocabulary';
import type {
  Credit,
  LedgerRow,
  LedgerView,
  Marks,
  NewKey,
  NewSub,
  StateView,
} from '../../../../src/sandbox/api';
import type { FaultSpec, FaultView, SocketFaultSpec } from '../../../../src/sandbox/faults';
import type { SocketsView } from '../../../../src/sandbox/sockets/hub';
import type { RequestsView } from '../../../../src/sandbox/requestLog';
import type { Switches } from '../../../../src/sandbox/switches';
import type { ClockChange } from '../../../../src/sandbox/time';
import type { Workbench } from '../../harness';

/** Where the global storage of the extension lies, below the data folder of the server. */
export function globalStorage(ui: Workbench): string {
  return join(ui.dataDir, 'data', 'User', 'globalStorage', 'kucoin-accounts.kucoin-accounts');
}

/**
 * The sandbox that the extension runs, from behind the scenes. Its address is looked up for each call: after a
 * reload it is another one.
 */
export class Control {
  constructor(
    private readonly ui: () => Workbench,
    private readonly world: World = 'today',
  ) {}

  /** Faults that are to meet a transfer match the method POST: which call moves the funds is not the journey's business. */
  async fault(...faults: readonly (FaultSpec | SocketFaultSpec)[]): Promise<void> {
    await this.call('POST', 'faults', faults);
  }

  /**
   * Balances cannot be read until the faults are cleared, as in maintenance; all else can, so that a reading is over
   * when its row says that it failed.
   */
  async closeBalances(): Promise<void> {
    const msg = 'Service is under maintenance, please try again later';
    const match = { endpoint: 'getAccountList' };
    await this.fault({
      kind: 'serverError',
      http: 503,
      code: '503000',
      msg,
      when: 'before',
      times: 0,
      match,
    });
  }

  /** How many calls the faults have met. */
  async faultHits(): Promise<number> {
    const faults = await this.call<readonly FaultView[]>('GET', 'faults');
    return faults.reduce((sum, { hits }) => sum + hits, 0);
  }

  async clearFaults(): Promise<void> {
    await this.call('DELETE', 'faults');
  }

  async switches(patch: Partial<Switches>): Promise<void> {
    await this.call('POST', 'switches', patch);
  }

  async clock(change: ClockChange): Promise<void> {
    await this.call('POST', 'clock', change);
  }

  /** A new sub-account; answers its uid. */
  async addSub(sub: NewSub = {}): Promise<number> {
    const { uid } = await this.call<{ readonly uid: number }>('POST', 'subs', sub);
    return uid;
  }

  /** All rows of all users, and the journal. */
  async books(): Promise<LedgerView> {
    return this.call<LedgerView>('GET', 'ledger');
  }

  async credit(credit: Credit): Promise<void> {
    await this.call('POST', 'credit', credit);
  }

  async mark(marks: Marks): Promise<void> {
    await this.call('POST', 'mark', marks);
  }

  requests(): Promise<RequestsView> {
    return this.call<RequestsView>('GET', 'requests');
  }

  async clearRequests(): Promise<void> {
    await this.call('DELETE', 'requests');
  }

  /** How often the exchange was asked to move funds, and how often it did. */
  async transfers(): Promise<{ readonly asked: number; readonly executed: number }> {
    const { recent } = await this.requests();
    // Tokens of the feeds are asked for by POST too.
    const all = recent.filter(({ method, endpoint }) => method === 'POST' && !endpoint?.endsWith('Token'));
    return { asked: all.length, executed: all.reduce((sum, { executed }) => sum + executed, 0) };
  }

  /** Every row of every user. */
  async ledger(): Promise<readonly LedgerRow[]> {
    return (await this.call<LedgerView>('GET', 'ledger')).rows;
  }

  /** The connections of the feeds, and what went over them. */
  sockets(): Promise<SocketsView> {
    return this.call<SocketsView>('GET', 'sockets');
  }

  /** Cuts all connections of the feeds. */
  async closeSockets(): Promise<void> {
    await this.call('POST', 'close', { code: 1006 });
  }

  async addKey(key: NewKey): Promise<void> {
    await this.call('POST', 'keys', key);
  }

  /** The rows of one of the master's accounts. */
  async rows(type: string): Promise<LedgerRow[]> {
    const rows = await this.ledger();
    const { users } = await this.call<StateView>('GET', 'state');
    const master = users.find(({ parentUid }) => parentUid === undefined)?.uid;
    return rows.filter((row) => row.uid === master && row.type === type);
  }

  /** What the ledger holds, whatever the extension shows. */
  async total(type: string, currency: string): Promise<string> {
    return (await this.rows(type)).find((row) => row.currency === currency)?.total ?? '0';
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const reply = await fetch(`${this.address}/${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json' },
      }),
    });
    const text = await reply.text();
    assert.equal(reply.status, 200, `${method} ${path}: ${text}`);
    return JSON.parse(text) as T;
  }

  private get address(): string {
    const file = join(globalStorage(this.ui()), `sandbox-${this.world}.lease.json`);
    return (JSON.parse(readFileSync(file, 'utf8')) as { control: string }).control;
  }
}
