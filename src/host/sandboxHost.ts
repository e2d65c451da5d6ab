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
}

/** Ports that are tried first, so that a bot finds the sandbox where it was yesterday. */
const usualPorts: Readonly<Record<World, readonly [spot: number, futures: number]>> = {
  today: [17801, 17802],
  seed: [17811, 17812],
};

interface Lease {
  readonly pid: number;
  readonly spot: string;
  readonly futures: string;
  readonly control: string;
}

const probeTimeoutMs = 1_000;

/**
 * Runs the built-in local KuCoin, one for each world and for all windows: the first window that needs it starts it,
 * the others find it through a lease file, and the next one takes over, at the same address, when its owner is gone.
 */
export class SandboxHost {
  private readonly own = new Map<World, Sandbox>();
  private readonly starting = new Map<World, Promise<SandboxAddress>>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: SandboxHostOptions) {}

  /** Starts the sandbox of a world unless one runs already, here or in another window. */
  ensure(world: World): Promise<SandboxAddress> {
    const running = this.starting.get(world);
    if (running) return running;
    const started = this.findOrStart(world).finally(() => this.starting.delete(world));
    this.starting.set(world, started);
    return started;
  }

  /** Worlds whose sandbox this window runs. */
  get running(): World[] {
    return [...this.own.keys()];
  }

  /** Ends the sandbox of this window; answers whether there was one. */
  async stop(world: World): Promise<boolean> {
    const sandbox = this.own.get(world);
    if (!sandbox) return false;
    this.own.delete(world);
    await sandbox.stop();
    this.fire();
    return true;
  }

  /** Back to the first day: balances, keys and switches, wherever the sandbox runs. */
  async reset(world: World): Promise<void> {
    const { control } = await this.ensure(world);
    const own = this.own.get(world);
    if (own) {
      await own.reset();
      return;
    }
    const reply = await fetch(`${control}/reset`, {
      method: 'POST',
      signal: AbortSignal.timeout(probeTimeoutMs),
    });
    if (!reply.ok) throw new Error(`the sandbox answered HTTP ${reply.status} to the reset`);
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  async dispose(): Promise<void> {
    this.listeners.clear();
    await Promise.all(this.running.map((world) => this.stop(world)));
  }

  private async findOrStart(world: World): Promise<SandboxAddress> {
    const own = this.own.get(world);
    if (own) return addressOf(own);
    const leaseFile = path.join(this.options.folder, `sandbox-${world}.lease.json`);
    const { startSandbox, demoCredentials } = await import('../sandbox/main');
    return exclusively(`${leaseFile}.lock`, async () => {
      const lease = parseLease(await readText(leaseFile));
      if (lease && (await isAlive(lease))) {
        this.options.log.info(`the ${world} sandbox runs in another window at ${lease.spot}`);
        return { ...lease, credentials: withVersion(demoCredentials) };
      }
      const start = (ports: readonly [number, number]): Promise<Sandbox> =>
        startSandbox({
          world,
          spotPort: ports[0],
          futuresPort: ports[1],
          stateFile: path.join(this.options.folder, `sandbox-${world}.state.json`),
          onNotice: this.options.onNotice,
        });
      const sandbox = await start(usualPorts[world]).catch((error: unknown) => {
        if (codeOf(error) !== 'EADDRINUSE') throw error;
        this.options.log.warn(`the usual ports of the ${world} sandbox are taken: any free ones are used`);
        return start([0, 0]);
      });
      const { spot, futures, control } = sandbox;
      await replaceText(leaseFile, `${JSON.stringify({ pid: process.pid, spot, futures, control })}\n`);
      this.own.set(world, sandbox);
      this.options.log.info(`the ${world} sandbox listens at ${spot} and ${futures}`);
      this.fire();
      return addressOf(sandbox);
    });
  }

  private fire(): void {
    for (const listener of this.listeners) listener();
  }
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
    return pid && spot && futures && control ? { pid, spot, futures, control } : undefined;
  } catch {
    return undefined; // a lease that cannot be read is no lease
  }
}

/** The process lives and something that speaks KuCoin answers at its address. */
async function isAlive({ pid, spot }: Lease): Promise<boolean> {
  try {
    process.kill(pid, 0);
    const reply = await fetch(`${spot}/api/v1/timestamp`, { signal: AbortSignal.timeout(probeTimeoutMs) });
    return ((await reply.json()) as { code?: unknown }).code === '200000';
  } catch {
    return false;
  }
}
