import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { canonical, decimal, isDecimal, isNegative, isZero, type Decimal } from '../kucoin/decimal';
import type { World } from '../kucoin/vocabulary';
import type {
  Credentials,
  Credit,
  Family,
  LedgerRow,
  LedgerView,
  Marks,
  NewKey,
  NewSub,
  RowRef,
  Sandbox,
  SandboxOptions,
  StateView,
  Storm,
} from './api';
import { Agenda } from './agenda';
import { control, controlPath, isControl } from './control';
import { converse } from './conversation';
import { currencies, isolatedPairs } from './currencies';
import { demoKeys, masterUid } from './demo';
import { SandboxError } from './errors';
import { Exchange, isTagged } from './exchange';
import { Faults, type FaultSpec, type FaultView, type SocketFaultSpec } from './faults';
import { Front } from './front';
import { available, outside, transferable, type AccountRef, type Balance } from './ledger';
import { Life, type StormView } from './life';
import type { ApiKey, TradeType, User } from './people';
import { RequestLog, type RequestsView } from './requestLog';
import { Hub, type SocketsView, type Whose } from './sockets/hub';
import { MarketPushes } from './sockets/marketPushes';
import { PrivatePushes } from './sockets/privatePushes';
import { loadState, StateFile } from './state';
import { initialSwitches, withSwitches, type Switches } from './switches';
import { ExchangeClock, type ClockChange } from './time';

/**
 * Starts a local KuCoin on 127.0.0.1. Throws a SandboxError: EADDRINUSE when a port is taken, LISTEN, BAD_OPTION,
 * or one of the STATE codes.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { latencyMs } = options;
  const switches = withSwitches(initialSwitches, {
    ...options.switches,
    ...(latencyMs !== undefined && { latencyMs }),
  });
  const sandbox = new LocalSandbox(options, switches);
  await sandbox.start();
  return sandbox;
}

class LocalSandbox implements Sandbox {
  readonly notices: string[] = [];
  readonly credentials = demoCredentials;
  private readonly token = randomBytes(16).toString('hex');
  private readonly stopped = new AbortController();
  private readonly script = new Faults();
  private readonly log = new RequestLog();
  private readonly time: ExchangeClock;
  private readonly fronts: { readonly spot: Front; readonly futures: Front };
  private readonly file: StateFile | undefined;
  private readonly agenda: Agenda;
  private readonly hub: Hub;
  private readonly privatePushes: PrivatePushes;
  private readonly marketPushes: MarketPushes;
  private readonly life: Life;
  private exchange: Exchange;

  constructor(
    private readonly options: SandboxOptions,
    private readonly firstSwitches: Switches,
  ) {
    this.time = new ExchangeClock(options.clock ?? Date.now);
    const exchange = (): Exchange => this.exchange;
    const agenda = new Agenda(() => this.time.now());
    const onInterest = (): void => {
      this.privatePushes.onInterest();
      this.marketPushes.onInterest();
    };
    const hub = new Hub({ exchange, faults: this.script, agenda, onInterest });
    this.agenda = agenda;
    this.hub = hub;
    this.privatePushes = new PrivatePushes({ exchange, hub, agenda });
    this.marketPushes = new MarketPushes({ exchange, hub, agenda });
    this.life = new Life({ exchange, agenda, onChange: () => this.file?.touch() });
    this.exchange = this.newExchange(options.world ?? 'today');
    const onNotice = (text: string): void => this.notice(text);
    const around = {
      exchange,
      faults: this.script,
      requests: this.log,
      wait: (ms: number) => this.wait(ms),
      onChange: () => {
        this.file?.touch();
        this.endLater();
      },
    };
    this.fronts = {
      spot: new Front(
        'spot',
        (arrival) => (isControl(arrival) ? control(this, this.token, arrival) : converse(around, arrival)),
        onNotice,
        (...request) => hub.accept('spot', ...request),
      ),
      futures: new Front(
        'futures',
        (arrival) => converse(around, arrival),
        onNotice,
        (...request) => hub.accept('futures', ...request),
      ),
    };
    const { stateFile } = options;
    this.file =
      stateFile === undefined
        ? undefined
        : new StateFile({ path: stateFile, onNotice, snapshot: () => this.exchange.snapshot() });
  }

  async start(): Promise<void> {
    const { stateFile, spotPort = 0, futuresPort = 0 } = this.options;
    if (stateFile !== undefined) {
      const found = await loadState(stateFile, this.world, this.time.now(), (text) => this.notice(text));
      if (found) this.exchange.restore(found);
    }
    try {
      await this.fronts.spot.listen(spotPort);
      await this.fronts.futures.listen(futuresPort);
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.attach();
  }

  get world(): World {
    return this.exchange.world;
  }

  get spot(): string {
    return this.fronts.spot.url;
  }

  get futures(): string {
    return this.fronts.futures.url;
  }

  get control(): string {
    return this.spot + controlPath(this.token);
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    this.life.clear();
    this.hub.end();
    this.agenda.clear();
    await Promise.all([this.fronts.spot.close(), this.fronts.futures.close()]);
    await this.file?.flush();
  }

  state(): StateView {
    return {
      world: this.world,
      now: this.exchange.now(),
      spot: this.spot,
      futures: this.futures,
      users: [...this.exchange.users.values()],
      keys: [...this.exchange.keys.values()].map(withoutSecrets),
      switches: this.switches(),
      faults: this.faults(),
      notices: this.notices,
    };
  }

  ledger(): LedgerView {
    this.exchange.catchUp();
    const { ledger } = this.exchange;
    return {
      rows: ledger.balances().flatMap((balance) => rowView(balance) ?? []),
      totals: ledger.totals(),
      journal: [...ledger.entries()],
    };
  }

  row(ref: RowRef): LedgerRow | undefined {
    this.exchange.catchUp();
    const balance = this.exchange.ledger.find(this.account(ref), ref.currency);
    return balance && rowView(balance);
  }

  requests(): RequestsView {
    return this.log.view();
  }

  clearRequests(): void {
    this.log.clear();
  }

  faults(): FaultView[] {
    return this.script.list();
  }

  addFault(fault: FaultSpec | SocketFaultSpec): string {
    return this.script.add(fault);
  }

  clearFaults(id?: string): void {
    this.script.clear(id);
  }

  switches(): Switches {
    return this.exchange.switches;
  }

  setSwitches(patch: Partial<Switches>): Switches {
    this.exchange.switches = withSwitches(this.exchange.switches, patch);
    return this.exchange.switches;
  }

  setClock(change: ClockChange): number {
    this.time.change(change);
    this.agenda.run();
    return this.time.now();
  }

  credit({ amount, ...ref }: Credit): LedgerRow {
    const account = this.account(ref);
    const { currency } = ref;
    const value = decimalOption(amount);
    if (isZero(value)) throw new SandboxError('BAD_OPTION', 'The amount must not be zero.');
    const movement = { currency, reference: 'control', time: this.exchange.now() };
    return this.change(account, currency, () => {
      const { ledger } = this.exchange;
      if (isNegative(value)) {
        const positive = canonical(value.slice(1) as Decimal);
        ledger.move({ ...movement, from: account, to: outside, amount: positive, bizType: 'WITHDRAW' });
      } else ledger.move({ ...movement, from: outside, to: account, amount: value, bizType: 'DEPOSIT' });
    });
  }

  mark({ held, locked, debt, ...ref }: Marks): LedgerRow {
    const account = this.account(ref);
    const marks = {
      ...(held !== undefined && { held: decimalOption(held) }),
      ...(locked !== undefined && { locked: decimalOption(locked) }),
      ...(debt !== undefined && { debt: decimalOption(debt) }),
    };
    return this.change(account, ref.currency, () => this.exchange.ledger.mark(account, ref.currency, marks));
  }

  addKey({
    key = randomBytes(12).toString('hex'),
    secret = randomUUID(),
    passphrase = demoCredentials.passphrase,
    version = 3,
    uid = masterUid,
    permissions = ['General'],
    ips = [],
    remark = 'control',
    expiresAt,
  }: NewKey): Credentials {
    if (!this.exchange.users.has(uid)) throw new SandboxError('BAD_OPTION', `There is no user ${uid}.`);
    const createdAt = this.exchange.now();
    const expiry = expiresAt === undefined ? {} : { expiresAt };
    const made = { key, secret, passphrase, version, uid, permissions, ips, remark, createdAt, ...expiry };
    this.exchange.keys.set(key, made);
    this.file?.touch();
    return credentialsOf(made);
  }

  removeKey(key: string): void {
    this.exchange.keys.delete(key);
    this.file?.touch();
  }

  addSub({
    name,
    kind = 0,
    status = 2,
    remarks = '',
    openedTradeTypes = ['Spot', 'Margin', 'Futures'],
  }: NewSub = {}): User {
    const { users } = this.exchange;
    const sub: User = {
      ...this.newSub(),
      kind,
      status,
      remarks,
      tradeTypes: openedTradeTypes,
      openedTradeTypes,
    };
    if (name !== undefined) Object.assign(sub, { name });
    if ([...users.values()].some((user) => user.name === sub.name)) {
      throw new SandboxError('BAD_OPTION', `There is a sub-account of this name: ${sub.name}`);
    }
    users.set(sub.uid, sub);
    this.file?.touch();
    return sub;
  }

  addFamily({ subs, currencies: held }: Family): number {
    if (!(subs >= 0 && subs <= 20_000 && held >= 0 && held <= 2 * currencies.size)) {
      throw new SandboxError(
        'BAD_OPTION',
        `A family has at most 20000 sub-accounts and ${2 * currencies.size} currencies.`,
      );
    }
    const codes = [...currencies.keys()];
    const made = Array.from({ length: subs }, () => {
      const sub = this.newSub();
      this.exchange.users.set(sub.uid, sub);
      return sub;
    });
    this.exchange.ledger.fill(
      made.flatMap(({ uid }, number) =>
        Array.from({ length: held }, (_, index) => {
          const round = Math.floor(index / codes.length);
          const type = ((index % codes.length) + round) % 2 === 0 ? ('main' as const) : ('trade' as const);
          const total = decimal(`${1 + (number % 97)}.${1 + (index % 9)}`);
          return { account: { uid, type, tag: '' }, currency: codes[index % codes.length] ?? 'USDT', total };
        }),
      ),
    );
    this.file?.touch();
    return this.exchange.subsOf(masterUid).length;
  }

  sockets(): SocketsView {
    return this.hub.view();
  }

  clearSocketCounts(): void {
    this.hub.clearCounts();
  }

  sendFrame(frame: unknown, whose: Whose = {}): number {
    return this.hub.sendFrame(frame, whose);
  }

  closeSockets(code: number, reason = '', whose: Whose = {}): number {
    return this.hub.close(code, reason, whose);
  }

  startStorm({
    uid = masterUid,
    types = ['main', 'trade'],
    currencies: codes = ['USDT', 'BTC', 'KCS'],
    ...pace
  }: Storm): StormView {
    for (const type of types) for (const currency of codes) this.account({ uid, type, currency });
    return this.life.startStorm({ uid, types, currencies: codes, ...pace });
  }

  storm(): StormView {
    return this.life.stormView();
  }

  live(everyMs: number): void {
    this.life.live(masterUid, everyMs);
  }

  clearQuotas(): void {
    this.exchange.quota.clear();
  }

  async reset({ world = this.world }: { readonly world?: World } = {}): Promise<void> {
    this.time.reset();
    this.life.clear();
    this.hub.clear();
    this.privatePushes.clear();
    this.exchange = this.newExchange(world);
    this.attach();
    this.script.clear();
    this.log.clear();
    await this.save();
  }

  async save(): Promise<void> {
    this.file?.touch();
    await this.file?.flush();
  }

  private newExchange(world: World): Exchange {
    return Exchange.demo(world, this.firstSwitches, this.time, this.options.random ?? Math.random);
  }

  /** A sub-account that is not part of the exchange yet. */
  private newSub(): User {
    // The demo data ends below; whoever was added is never taken away.
    const number = this.exchange.users.size;
    const opened: readonly TradeType[] = ['Spot', 'Margin', 'Futures'];
    return {
      uid: 700_110_000 + number,
      userId: `65ab${number.toString(16).padStart(20, '0')}`,
      name: `sub${number}`,
      parentUid: masterUid,
      kind: 0,
      status: 2,
      remarks: '',
      createdAt: this.exchange.now(),
      tradeTypes: opened,
      openedTradeTypes: opened,
      openedHf: [],
    };
  }

  /** Lets the feeds hear of the exchange, and it of them. */
  private attach(): void {
    const { exchange, hub, privatePushes, marketPushes } = this;
    exchange.ledger.onChange = (change) => privatePushes.onChange(change);
    exchange.onStep = (step) => marketPushes.onStep(step);
    for (const host of ['spot', 'futures'] as const) {
      const endpoint = `${this.fronts[host].url.replace(/^http/, 'ws')}/`;
      exchange.feeds[host] = { endpoint, issue: (token) => hub.tokens.issue(token) };
    }
  }

  /** What runs in the background ends in time although nobody calls, so that the feeds can tell of it. */
  private endLater(): void {
    const end = this.exchange.nextEnd();
    if (end === undefined) return;
    this.agenda.after(Math.max(0, end - this.exchange.now()), () => {
      this.exchange.catchUp();
      this.file?.touch();
    });
  }

  private notice(text: string): void {
    this.notices.push(text);
    this.options.onNotice?.(text);
  }

  private async wait(ms: number): Promise<void> {
    if (ms <= 0) return;
    await (this.options.wait?.(ms) ?? sleep(ms, undefined, { signal: this.stopped.signal, ref: false }));
    // What waited when the sandbox stopped is not executed any more.
    this.stopped.signal.throwIfAborted();
  }

  private account({ uid = masterUid, type = 'main', tag = '', currency }: RowRef): AccountRef {
    if (!this.exchange.users.has(uid)) throw new SandboxError('BAD_OPTION', `There is no user ${uid}.`);
    if (!currencies.has(currency)) throw new SandboxError('BAD_OPTION', `There is no currency ${currency}.`);
    if (isTagged(type) !== (tag !== '') || (tag !== '' && !isolatedPairs.has(tag))) {
      throw new SandboxError('BAD_OPTION', `This tag does not fit the account type ${type}: ${tag}`);
    }
    return { uid, type, tag };
  }

  private change(account: AccountRef, currency: string, work: () => void): LedgerRow {
    this.exchange.catchUp();
    try {
      work();
    } catch (error) {
      if (error instanceof RangeError)
        throw new SandboxError('BAD_OPTION', `Not possible: ${error.message}.`);
      throw error;
    }
    this.file?.touch();
    const row = this.row({ ...account, currency });
    if (!row) throw new Error('the row has just been changed');
    return row;
  }
}

/** Of the demo key: the same for every sandbox. */
export const demoCredentials: Credentials = credentialsOf(demoKeys.demo);

function credentialsOf({ key, secret, passphrase, version }: ApiKey): Credentials {
  return { key, secret, passphrase, keyVersion: `${version}` };
}

function withoutSecrets(key: ApiKey): StateView['keys'][number] {
  const { key: id, version, uid, permissions, ips, remark, createdAt, expiresAt } = key;
  const expiry = expiresAt === undefined ? {} : { expiresAt };
  return { key: id, version, uid, permissions, ips, remark, createdAt, ...expiry };
}

function rowView(balance: Balance): LedgerRow | undefined {
  const { type, ...row } = balance;
  if (type === 'outside') return undefined;
  return { ...row, type, available: available(balance), transferable: transferable(balance) };
}

function decimalOption(text: string): Decimal {
  if (!isDecimal(text)) throw new SandboxError('BAD_OPTION', `Not an amount: ${text}`);
  return text;
}
