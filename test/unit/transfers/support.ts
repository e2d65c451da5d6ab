import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { KucoinClient, type RequestNote } from '../../../src/kucoin/client';
import { decimal, type Decimal } from '../../../src/kucoin/decimal';
import type { Transport, TransportReply, TransportRequest } from '../../../src/kucoin/transport';
import { own, type Intent } from '../../../src/transfers/intent';
import { TransferJournal } from '../../../src/transfers/journal';
import type { JournalFile } from '../../../src/transfers/journalFile';
import { nodeJournalFile } from '../../../src/transfers/nodeJournalFile';
import { plan, type Plan, type PlanFacts } from '../../../src/transfers/plan';
import { HurriedTime } from '../support/fakeTime';

/** A folder that is gone after the test. */
export class TempFolder {
  private folder = '';

  async make(): Promise<void> {
    this.folder = await mkdtemp(path.join(os.tmpdir(), 'transfers-'));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  path(name: string): string {
    return path.join(this.folder, name);
  }

  files(): Promise<string[]> {
    return readdir(this.folder);
  }

  read(name: string): Promise<string> {
    return readFile(this.path(name), 'utf8');
  }
}

export const startOfTime = 1_766_000_000_000;

/** Ids that look like UUIDs and come in order. */
export function idSource(): () => string {
  let next = 0;
  return () => `00000000-0000-4000-8000-${String(++next).padStart(12, '0')}`;
}

export function planFacts(more: Partial<PlanFacts> = {}): PlanFacts {
  return {
    profile: {
      id: 'p1',
      name: 'Main',
      environment: 'LIVE',
      world: 'today',
      generation: 1,
      readOnly: false,
    },
    permissions: new Set(['General', 'Spot']),
    hasTradeHf: false,
    precision: 6,
    transferable: decimal('100'),
    balances: { from: decimal('100'), to: decimal('7.5') },
    now: startOfTime,
    newId: idSource(),
    ...more,
  };
}

export function intent(more: Partial<Intent> = {}): Intent {
  return {
    profileId: 'p1',
    currency: 'USDT',
    amount: decimal('12.5'),
    from: own('main'),
    to: own('trade'),
    ...more,
  };
}

export function madePlan(more: Partial<PlanFacts> = {}, wanted: Intent = intent()): Plan {
  const planned = plan(wanted, planFacts(more));
  if ('refused' in planned) throw new Error(planned.refused.code);
  return planned.plan;
}

/** A journal whose disk can be told to refuse. */
export class MoodyFile implements JournalFile {
  /** Called before each append; what it throws is the disk's answer. */
  onAppend: (bytes: Buffer) => void = () => undefined;
  appends = 0;

  constructor(private readonly file: JournalFile) {}

  size(): Promise<number> {
    return this.file.size();
  }

  read(offset: number): Promise<Buffer> {
    return this.file.read(offset);
  }

  setAside(bytes: Buffer): Promise<string> {
    return this.file.setAside(bytes);
  }

  async append(bytes: Buffer): Promise<number> {
    this.appends += 1;
    this.onAppend(bytes);
    return await this.file.append(bytes);
  }
}

/** Journal and index in memory. */
export class MemoryFile implements JournalFile {
  bytes = Buffer.alloc(0);
  saved: Buffer | undefined;
  asides: Buffer[] = [];
  refuses = false;

  constructor(more: { readonly bytes?: Buffer; readonly saved?: Buffer | undefined } = {}) {
    Object.assign(this, more);
  }

  readonly index = {
    read: (): Promise<Buffer | undefined> => Promise.resolve(this.saved),
    write: (bytes: Buffer): Promise<void> => {
      if (this.refuses) return Promise.reject(new Error('no'));
      this.saved = bytes;
      return Promise.resolve();
    },
  };

  size(): Promise<number> {
    return Promise.resolve(this.bytes.length);
  }

  read(offset: number): Promise<Buffer> {
    return Promise.resolve(Buffer.from(this.bytes.subarray(offset)));
  }

  append(bytes: Buffer): Promise<number> {
    this.bytes = Buffer.concat([this.bytes, bytes]);
    return Promise.resolve(this.bytes.length);
  }

  setAside(bytes: Buffer): Promise<string> {
    this.asides.push(Buffer.from(bytes));
    return Promise.resolve(`damaged-${this.asides.length}`);
  }
}

export function diskFull(): Error {
  return Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
}

export function openJournal(file: JournalFile | string, writer = 'window-1'): Promise<TransferJournal> {
  return TransferJournal.open(typeof file === 'string' ? nodeJournalFile(file) : file, {
    writer,
    now: () => startOfTime,
  });
}

/** An exchange of one account that does what it is told, with a real client in front of it. */
export class FakeExchange {
  readonly time = new HurriedTime(startOfTime);
  /** Transfers as they arrived, body for body. */
  readonly arrived: TransportRequest[] = [];
  readonly notes: RequestNote[] = [];
  /** Answers for the next transfers; then all succeed. */
  answers: ((request: TransportRequest) => TransportReply | Promise<TransportReply>)[] = [];
  timestamp: () => TransportReply = () => ok(this.time.now());
  readonly client: KucoinClient;

  constructor() {
    this.client = new KucoinClient({
      site: { hosts: { spot: 'https://exchange.test', futures: undefined } },
      credentials: () =>
        Promise.resolve({ key: 'KEY', secret: 'SECRET', passphrase: 'PHRASE', version: '3' }),
      transport: this.transport,
      time: this.time,
      onRequest: (note) => this.notes.push(note),
    });
  }

  private readonly transport: Transport = async (request) => {
    if (request.url.endsWith('/api/v1/timestamp')) return this.timestamp();
    this.arrived.push(request);
    const answer = this.answers.shift() ?? (() => ok({ orderId: `order-${this.arrived.length}` }));
    return answer(request);
  };
}

export function ok(data: unknown): TransportReply {
  return reply(200, { code: '200000', data });
}

export function reply(status: number, body: unknown, headers: Record<string, unknown> = {}): TransportReply {
  return { ok: true, status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) };
}

export function failed(failure: 'network' | 'timeout', unsent: boolean, code: string): TransportReply {
  return { ok: false, failure, unsent, code };
}

export const amountOf = (text: string): Decimal => decimal(text);
