import { createServer } from 'node:net';
import type { Logger } from '../../../src/host/log';
import { SandboxHost, type SandboxHostOptions } from '../../../src/host/sandboxHost';
import { listen } from '../kucoin/localServer';

/** A log that only remembers. */
export class FakeLog implements Logger {
  readonly lines: string[] = [];
  readonly trace = (message: string): void => this.take(message);
  readonly debug = (message: string): void => this.take(message);
  readonly info = (message: string): void => this.take(message);
  readonly warn = (message: string): void => this.take(message);
  readonly error = (message: string): void => this.take(message);

  private take(message: string): void {
    this.lines.push(message);
  }
}

/** Ports that were free a moment ago: the usual ones may belong to another run on this machine. */
export async function freePorts(): Promise<readonly [number, number]> {
  const servers = [createServer(), createServer()];
  const [spot = 0, futures = 0] = await Promise.all(servers.map((server) => listen(server)));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [spot, futures];
}

export interface HostOfTest {
  readonly host: SandboxHost;
  readonly log: FakeLog;
  readonly notices: string[];
}

/** The sandbox host of another window over the same folder. */
export function sandboxHost(folder: string, ports: SandboxHostOptions['ports']): HostOfTest {
  const log = new FakeLog();
  const notices: string[] = [];
  const host = new SandboxHost({
    folder,
    log,
    onNotice: (text) => notices.push(text),
    ...(ports && { ports }),
  });
  return { host, log, notices };
}
