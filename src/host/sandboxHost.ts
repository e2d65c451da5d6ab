import { get, type ClientRequest } from 'node:http';
import path from 'node:path';
import type { Credentials } from '../kucoin/sign';
import type { World } from '../kucoin/vocabulary';
import type { Sandbox } from '../sandbox/main';
import { codeOf, exclusively, readText, replaceText } from './files';
import type { Logger } from './log';

/** Where a running sandbox is reached. */
export interface SandboxAddress {
  readonly spot: string;
  readonly futures: string;
  /** Base URL of the control address. */
  readonly control: string;
  readonly credentials: Credentials;
}

export interface SandboxHostOptions {
  /** Folder that all windows share. */
  readonly folder: string;
  readonly log: Logger;
  readonly onNotice: (text: string) => void;
  /** Where the sandbox of each world listens if it can; the usual ports where left out. */
  readonly ports?: Readonly<Record<World, Ports>>;
}

type Ports = readonly [spot: number, futures: number];

/** Ports of a sandbox that has not run on this computer yet. */
const usualPorts: Readonly<Record<World, Ports>> = {
  today: [17801, 17802],
  seed: [17811, 17812],
};

interface Lease {
  readonly pid: number;
  readonly spot: string;
  readonly futures: string;
  readonly control: string;
  /** A person has stopped it: only a person starts it again. */
  readonly stopped?: boolean;
}

/** The sandbox was stopped on request, and nobody has asked for it since. */
export class SandboxStoppedError extends Error {
  override readonly name = 'SandboxStoppedError';
}

const probeTimeoutMs = 1_000;
const probeAttempts = 10;
const leastWatchMs = 1_000;

/**
 * Runs the built-in local KuCoin, one for each world and for all windows: the first window that needs it starts it,
 * the others find it through a lease file, and the next one takes over, at the same address, when its owner is gone.
 */
export class SandboxHost {
  private readonly own = new Map<World, Sandbox>();
  private readonly starting = new Map<string, Promise<SandboxAddress>>();
  private readonly stopping = new Map<World, Promise<void>>();
  /** Worlds whose balances move by themselves, as far as this window has asked for it. */
  private readonly lively = new Set<World>();
  private readonly listeners = new Set<() => void>();
  /** Connections to sandboxes of other windows, which end with them. */
  private readonly watched = new Map<World, ClientRequest>();
  private lastWatch = -Infinity;
  private isOver = false;

  constructor(private readonly options: SandboxHostOptions) {}

  /**
   * Starts the sandbox of a world unless one runs already, here or in another window.
   *
   * @param asked a person wants it, so it is started even after it was stopped on request
   * @throws SandboxStoppedError when it was stopped on request and nobody asked
   */
  ensure(world: World, asked = true): Promise<SandboxAddress> {
    const key = `${world}/${asked}`;
    const running = this.starting.get(key);
    if (running) return running;
    const started = this.findOrStart(world, asked).finally(() => this.starting.delete(key));
    this.starting.set(key, started);
    return started;
  }

  /** Worlds whose sandbox this window runs. */
  get running(): World[] {
    return [...this.own.keys()];
  }

  /** Worlds in which this window has let balances move by themselves. */
  get active(): World[] {
    return [...this.lively];
  }

  /** Ends the sandbox of this window until a person wants it again; answers whether there was one. */
  stop(world: World): Promise<boolean> {
    return this.end(world, true);
  }

  private async end(world: World, onRequest: boolean): Promise<boolean> {
    const sandbox = this.own.get(world);
    if (!sandbox) return false;
    this.own.delete(world);
    this.lively.delete(world);
    // Nobody may start it anew before its ports are free and its state is on the disk.
    const stopped = exclusively(this.lockFile(world), async () => {
      // Its address, while it has one: it shall come back there.
      const lease = leaseOf(sandbox);
      await sandbox.stop();
      if (onRequest) await this.writeLease(world, { ...lease, stopped: true });
    });
    this.stopping.set(world, stopped);
    await stopped.finally(() => this.stopping.delete(world));
    this.fire();
    return true;
  }

  /** Back to the first day: balances, keys and switches, wherever the sandbox runs. */
  async reset(world: World): Promise<void> {
    const { control } = await this.ensure(world);
    const own = this.own.get(world);
    if (own) await own.reset();
    else await post(`${control}/reset`);
    if (this.lively.delete(world)) this.fire();
  }

  /**
   * Lets balances of the master move by themselves, wherever the sandbox runs: until it stops or is reset.
   *
   * @param everyMs how long between two movements; 0 ends them
   */
  async setActivity(world: World, everyMs: number): Promise<void> {
    const { control } = await this.ensure(world);
    const own = this.own.get(world);
    if (own) own.live(everyMs);
    else await post(`${control}/life`, { everyMs });
    if (everyMs > 0) this.lively.add(world);
    else this.lively.delete(world);
    this.fire();
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  async dispose(): Promise<void> {
    this.isOver = true;
    this.listeners.clear();
    for (const request of this.watched.values()) request.destroy();
    await Promise.allSettled(this.starting.values());
    await Promise.all(this.running.map((world) => this.end(world, false)));
  }

  private async findOrStart(world: World, start: boolean): Promise<SandboxAddress> {
    await this.stopping.get(world);
    const own = this.own.get(world);
    if (own) return addressOf(own);
    const { demoCredentials } = await import('../sandbox/main');
    return exclusively(this.lockFile(world), async () => {
      const lease = parseLease(await readText(this.leaseFile(world)));
      if (lease?.stopped) {
        if (!start) throw new SandboxStoppedError(`the ${world} sandbox is stopped`);
      } else if (lease && (await isAlive(lease, world))) {
        this.options.log.info(`the ${world} sandbox runs in another window at ${lease.spot}`);
        const { spot, futures, control } = lease;
        this.watch(world, control);
        return { spot, futures, control, credentials: withVersion(demoCredentials) };
      }
      const sandbox = await this.start(world, lease);
      await this.writeLease(world, leaseOf(sandbox));
      const { spot, futures } = sandbox;
      this.own.set(world, sandbox);
      this.lively.delete(world);
      this.options.log.info(`the ${world} sandbox listens at ${spot} and ${futures}`);
      this.fire();
      return addressOf(sandbox);
    });
  }

  /** Takes the sandbox of another window over as soon as it ends: whoever uses it hardly notices. */
  private watch(world: World, control: string): void {
    const now = performance.now();
    // What cuts each connection at once is no sandbox that ends.
    if (this.isOver || this.watched.has(world) || now - this.lastWatch < leastWatchMs) return;
    this.lastWatch = now;
    const request = get(`${control}/end`);
    this.watched.set(world, request);
    let isOlder = false;
    request.on('error', () => undefined); // cut: it has ended
    request.on('response', (response) => {
      isOlder = true; // a version that does not know the question
      response.resume();
    });
    request.once('close', () => {
      this.watched.delete(world);
      if (this.isOver || isOlder) return;
      this.ensure(world, false).then(
        () => this.fire(),
        (error: unknown) => this.options.log.warn(`the ${world} sandbox was not taken over`, error),
      );
    });
  }

  /** Where it ran last, so that a bot finds it where it was; else at the usual ports; else at any. */
  private async start(world: World, lease: Lease | undefined): Promise<Sandbox> {
    const { startSandbox } = await import('../sandbox/main');
    const { folder, onNotice, log, ports = usualPorts } = this.options;
    const stateFile = path.join(folder, `sandbox-${world}.state.json`);
    for (const [spotPort, futuresPort] of [...(lease ? [portsOf(lease)] : []), ports[world]]) {
      try {
        return await startSandbox({ world, spotPort, futuresPort, stateFile, onNotice });
      } catch (error) {
        if (!['EADDRINUSE', 'LISTEN'].includes(codeOf(error) ?? '')) throw error;
        log.warn(`the ${world} sandbox cannot have the ports ${spotPort} and ${futuresPort}`);
      }
    }
    return startSandbox({ world, spotPort: 0, futuresPort: 0, stateFile, onNotice });
  }

  private async writeLease(world: World, lease: Lease): Promise<void> {
    await replaceText(this.leaseFile(world), `${JSON.stringify(lease)}\n`);
  }

  private leaseFile(world: World): string {
    return path.join(this.options.folder, `sandbox-${world}.lease.json`);
  }

  private lockFile(world: World): string {
    return `${this.leaseFile(world)}.lock`;
  }

  private fire(): void {
    for (const listener of this.listeners) listener();
  }
}

async function post(url: string, body?: unknown): Promise<void> {
  const reply = await fetch(url, {
    method: 'POST',
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(probeTimeoutMs),
  });
  if (!reply.ok)
    throw new Error(
      `the sandbox answered HTTP ${reply.status} to ${new URL(url).pathname.split('/').at(-1)}`,
    );
}

function leaseOf({ spot, futures, control }: Sandbox): Lease {
  return { pid: process.pid, spot, futures, control };
}

function portsOf({ spot, futures }: Lease): Ports {
  return [Number(new URL(spot).port), Number(new URL(futures).port)];
}

function addressOf({ spot, futures, control, credentials }: Sandbox): SandboxAddress {
  return { spot, futures, control, credentials: withVersion(credentials) };
}

function withVersion({ key, secret, passphrase, keyVersion }: Sandbox['credentials']): Credentials {
  return { key, secret, passphrase, version: keyVersion };
}

function parseLease(text: string | undefined): Lease | undefined {
  if (text === undefined) return undefined;
  try {
    const lease = JSON.parse(text) as Partial<Lease>;
    const { pid, spot, futures, control } = lease;
    const isLocal = (url: unknown): boolean => typeof url === 'string' && localUrl.test(url);
    if (!Number.isInteger(pid) || ![spot, futures, control].every(isLocal)) return undefined;
    return lease as Lease;
  } catch {
    return undefined; // a lease that cannot be read is no lease
  }
}

const localUrl = /^http:\/\/127\.0\.0\.1:\d{1,5}(\/|$)/;

/**
 * The process lives, and the very sandbox of the lease answers: its control address holds a token that no other has.
 * An owner that is only busy is asked again: a second sandbox over the same state would show other figures.
 */
async function isAlive({ pid, control }: Lease, world: World): Promise<boolean> {
  try {
    process.kill(pid, 0);
    for (let attempt = 0; attempt < probeAttempts; attempt += 1) {
      try {
        const reply = await fetch(`${control}/state`, { signal: AbortSignal.timeout(probeTimeoutMs) });
        return ((await reply.json()) as { world?: unknown }).world === world;
      } catch (error) {
        if (!(error instanceof Error && error.name === 'TimeoutError')) throw error;
      }
    }
    return true;
  } catch {
    return false; // no such process, nobody listens, or something else does
  }
}
