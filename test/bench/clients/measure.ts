/** Runs in a process of its own for each client, with the path of its bundle and a task; answers over IPC. */
import { randomUUID } from 'node:crypto';

export interface ClientOptions {
  /** Base URLs. */
  readonly spot: string;
  readonly futures: string;
  readonly key: string;
  readonly secret: string;
  readonly passphrase: string;
  /** Whether a throttle of the client's own stays on, as it is by default. */
  readonly throttled: boolean;
}

/** What the adapter of a client offers, under test/bench/clients. */
export interface Client {
  /** Signs an inner transfer with this body. */
  sign(body: object): unknown;
  /** Reads the account list; how many rows it has. */
  list(): Promise<number>;
  /** Reads all balances of a family; of how many sub-accounts. Left out, as the next, where the client cannot. */
  family?(): Promise<number>;
  transfer?(body: object): Promise<unknown>;
}

export type Task = 'sign' | 'list' | 'family' | 'transfer';

export interface Outcome {
  /** Milliseconds for each call. */
  readonly ms: number;
  /** What the client said: how many rows or sub-accounts, or the message of its error. */
  readonly said: string;
}

const body = (): object => ({
  clientOid: randomUUID(),
  currency: 'USDT',
  from: 'main',
  to: 'trade',
  amount: '1',
});

const tasks: Record<Task, (client: Client) => Promise<Outcome | undefined>> = {
  sign: async (client) => {
    const transfer = body();
    return timed(60_000, () => client.sign(transfer));
  },
  list: (client) => timed(400, () => client.list()),
  family: async (client) => (client.family ? timed(1, () => client.family?.(), 0) : undefined),
  transfer: async (client) =>
    client.transfer &&
    timed(
      1,
      () =>
        client.transfer?.(body()).then(
          () => 'success',
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        ),
      0,
    ),
};

async function timed(times: number, work: () => unknown, warmUp = times / 5): Promise<Outcome> {
  for (let n = 0; n < warmUp; n++) await work();
  let said: unknown;
  const start = performance.now();
  for (let n = 0; n < times; n++) said = await work();
  return { ms: (performance.now() - start) / times, said: String(said) };
}

process.once(
  'message',
  ({ bundle, task, options }: { bundle: string; task: Task; options: ClientOptions }) => {
    void (async () => {
      const { connect } = (await import(bundle)) as { connect: (options: ClientOptions) => Client };
      process.send?.((await tasks[task](connect(options))) ?? { ms: NaN, said: 'cannot' }, () =>
        process.exit(),
      );
    })();
  },
);
