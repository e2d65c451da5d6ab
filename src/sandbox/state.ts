import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { accountTypeIds } from '../kucoin/accountTypes';
import { add, decimal, isZero, zero, type Decimal } from '../kucoin/decimal';
import { decimalText, milliseconds } from '../kucoin/schema';
import { permissions, type World } from '../kucoin/vocabulary';
import { SandboxError } from './errors';
import type { ExchangeSnapshot } from './exchange';
import type { TradeType } from './people';

const format = 'kucoin-accounts-sandbox';
const version = 1;

const uid = v.pipe(v.number(), v.integer());
const accountTypeId = v.picklist([...accountTypeIds, 'outside']);
const bizType = v.picklist([
  'DEPOSIT',
  'WITHDRAW',
  'TRANSFER',
  'SUB_TRANSFER',
  'KUCOIN_BONUS',
  'TRADE_EXCHANGE',
  'MARGIN_EXCHANGE',
  'REALISED_PNL',
]);
const tradeTypes = v.array(v.picklist(['Spot', 'Margin', 'Futures', 'Option'] satisfies TradeType[]));
const place = { uid, type: accountTypeId, tag: v.string(), currency: v.string() };

const snapshotSchema: v.GenericSchema<unknown, ExchangeSnapshot> = v.object({
  world: v.picklist(['seed', 'today'] satisfies World[]),
  users: v.array(
    v.object({
      uid,
      userId: v.string(),
      name: v.string(),
      parentUid: v.exactOptional(uid),
      kind: v.number(),
      status: v.number(),
      remarks: v.string(),
      createdAt: milliseconds,
      tradeTypes,
      openedTradeTypes: tradeTypes,
      openedHf: v.array(v.picklist(accountTypeIds)),
    }),
  ),
  keys: v.array(
    v.object({
      key: v.string(),
      secret: v.string(),
      passphrase: v.string(),
      version: v.picklist([1, 2, 3]),
      uid,
      permissions: v.array(v.picklist(permissions)),
      ips: v.array(v.string()),
      remark: v.string(),
      createdAt: milliseconds,
      expiresAt: v.exactOptional(milliseconds),
    }),
  ),
  ledger: v.object({
    balances: v.array(
      v.object({
        id: v.string(),
        ...place,
        total: decimalText,
        held: decimalText,
        locked: decimalText,
        debt: decimalText,
      }),
    ),
    journal: v.array(
      v.object({
        id: v.string(),
        time: v.number(),
        ...place,
        amount: decimalText,
        direction: v.picklist(['in', 'out']),
        bizType,
        balance: decimalText,
        reference: v.string(),
      }),
    ),
    entries: v.number(),
    rows: v.number(),
    // Files of earlier versions have none.
    delayed: v.optional(v.array(v.tuple([v.string(), v.number()])), []),
  }),
  transfers: v.array(v.tuple([v.string(), v.string()])),
  orders: v.number(),
  withdrawals: v.optional(
    v.array(
      v.object({
        applyId: v.string(),
        number: v.number(),
        uid,
        currency: v.string(),
        amount: decimalText,
        to: v.picklist(['main', 'trade']),
        status: v.picklist(['PROCESSING', 'SUCCESS', 'FAILURE']),
        reason: v.string(),
        createdAt: milliseconds,
        dueAt: v.nullable(milliseconds),
      }),
    ),
    [],
  ),
  // Files of earlier versions have none.
  spotOrders: v.optional(
    v.array(
      v.object({
        orderId: v.string(),
        clientOid: v.string(),
        uid,
        account: v.picklist(['trade', 'trade_hf']),
        symbol: v.string(),
        side: v.picklist(['buy', 'sell']),
        type: v.picklist(['limit', 'market']),
        timeInForce: v.string(),
        price: v.exactOptional(decimalText),
        size: v.exactOptional(decimalText),
        funds: v.exactOptional(decimalText),
        held: decimalText,
        dealSize: decimalText,
        dealFunds: decimalText,
        fee: decimalText,
        active: v.boolean(),
        createdAt: milliseconds,
        endsAt: v.exactOptional(milliseconds),
      }),
    ),
    [],
  ),
});

const fileSchema = v.object({
  format: v.literal(format),
  version: v.literal(version),
  snapshot: snapshotSchema,
});
const newerSchema = v.object({
  format: v.literal(format),
  version: v.pipe(v.number(), v.minValue(version + 1)),
});

export interface StateFileOptions {
  readonly path: string;
  readonly onNotice: (text: string) => void;
  /** What to write. */
  readonly snapshot: () => ExchangeSnapshot;
}

/** Milliseconds that changes are gathered before they are written. */
const gatherMs = 200;

/** A snapshot of the exchange in a JSON file, replaced whole: a crash leaves the old one or the new one. */
export class StateFile {
  private timer: NodeJS.Timeout | undefined;
  private isDirty = false;
  private writing: Promise<void> | undefined;

  constructor(private readonly options: StateFileOptions) {}

  /** Notes that something has changed; the file follows shortly. */
  touch(): void {
    this.isDirty = true;
    this.timer ??= setTimeout(() => void this.flush(), gatherMs).unref();
  }

  /** Writes what has changed. A failure becomes a notice: play money is no reason to stop. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.writing;
    if (!this.isDirty) return;
    this.isDirty = false;
    this.writing = this.write();
    await this.writing;
  }

  private async write(): Promise<void> {
    const { path: file, snapshot, onNotice } = this.options;
    try {
      await writeAtomically(file, `${JSON.stringify({ format, version, snapshot: snapshot() })}\n`);
    } catch (error) {
      onNotice(`The sandbox could not write its state to ${file}: ${String(error)}`);
    }
  }
}

async function writeAtomically(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(text, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

/**
 * Reads a state file. `undefined` when there is none, and when it is damaged: then it is set aside as
 * `*.damaged-<time>` and a notice tells so. Throws a SandboxError when it belongs to the other world or was written
 * by a newer version, as both are good files that must not be overwritten.
 *
 * @param now milliseconds since the epoch, for the name of a damaged file
 */
export async function loadState(
  file: string,
  world: World,
  now: number,
  onNotice: (text: string) => void,
): Promise<ExchangeSnapshot | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SandboxError('STATE_FILE', `The state file cannot be read: ${file}`, { cause: error });
  }
  const content = parsed(text);
  const result = v.safeParse(fileSchema, content);
  if (result.success && isBalanced(result.output.snapshot)) {
    const { snapshot } = result.output;
    if (snapshot.world === world) return snapshot;
    throw new SandboxError(
      'STATE_WORLD',
      `The state file holds the world "${snapshot.world}", not "${world}". Start that world, or name another file: ${file}`,
    );
  }
  if (v.is(newerSchema, content)) {
    throw new SandboxError(
      'STATE_VERSION',
      `The state file was written by a newer version of the sandbox: ${file}`,
    );
  }
  await setAside(file, now, onNotice);
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the schema will refuse it.
    return undefined;
  }
}

/** Whether each currency sums to zero over all accounts and the outside. */
function isBalanced({ ledger }: ExchangeSnapshot): boolean {
  const sums = new Map<string, Decimal>();
  for (const { currency, total } of ledger.balances)
    sums.set(currency, add(sums.get(currency) ?? zero, decimal(total)));
  return [...sums.values()].every(isZero);
}

async function setAside(file: string, now: number, onNotice: (text: string) => void): Promise<void> {
  const aside = `${file}.damaged-${new Date(now).toISOString().replace(/[:.]/g, '-')}`;
  try {
    await rename(file, aside);
  } catch (error) {
    throw new SandboxError('STATE_FILE', `The state file is damaged and cannot be set aside: ${file}`, {
      cause: error,
    });
  }
  onNotice(`The state file was damaged and has been set aside; the sandbox starts anew: ${aside}`);
}
