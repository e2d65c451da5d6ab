import { statSync } from 'node:fs';
import * as net from 'node:net';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { watchResources } from './resources';

/** What the first activation of the extension in this host did, taken before any test could touch it. */
export interface Startup {
  /** Undefined when the editor had activated it already, as it does when it opens JSON of its own at its start. */
  readonly activateMs: number | undefined;
  /** Files of `dist` that were loaded when `activate` had returned. */
  readonly loaded: readonly string[];
  /** Size of `dist/extension.js` in bytes, as built for this run. */
  readonly entryBytes: number;
  /** Hosts that were asked for while it activated. */
  readonly requests: readonly string[];
  /** The same measurement of extensions that come with the editor, by id. */
  readonly others: Readonly<Record<string, number>>;
}

const extensionId = 'kucoin-accounts.kucoin-accounts';
/** Built-in extensions that nothing in an empty window has started yet. */
const builtIns = [
  'vscode.merge-conflict',
  'vscode.json-language-features',
  'vscode.npm',
  'vscode.emmet',
  'vscode.markdown-language-features',
];

let taken: Promise<Startup> | undefined;

export function takeStartup(): Promise<Startup> {
  taken ??= measure();
  return taken;
}

async function measure(): Promise<Startup> {
  const extension = vscode.extensions.getExtension(extensionId);
  if (!extension) throw new Error('the development extension is not there');
  watchResources(join(extension.extensionPath, 'dist'));
  const requests: string[] = [];
  const unwatch = watchNetwork((host) => requests.push(host));
  const dist = join(extension.extensionPath, 'dist');
  const activateMs = extension.isActive ? undefined : await timed(extension);
  unwatch();
  const loaded = Object.keys(require.cache).filter((file) => file.startsWith(dist));
  const others: Record<string, number> = {};
  for (const id of builtIns) {
    const other = vscode.extensions.getExtension(id);
    if (other && !other.isActive) others[id] = await timed(other);
  }
  return {
    activateMs,
    loaded: loaded.map((file) => file.slice(dist.length + 1)),
    entryBytes: statSync(join(dist, 'extension.js')).size,
    requests,
    others,
  };
}

/** Loading the entry file and running `activate`, as the host does both in one. */
async function timed(extension: vscode.Extension<unknown>): Promise<number> {
  const start = performance.now();
  await extension.activate();
  return performance.now() - start;
}

/** Sees every socket that this process opens through `net`, on which HTTP and WebSocket stand. */
function watchNetwork(see: (target: string) => void): () => void {
  const prototype = net.Socket.prototype as { connect: (...args: unknown[]) => unknown };
  const { connect } = prototype;
  prototype.connect = function (this: unknown, ...args: unknown[]): unknown {
    see(JSON.stringify(args[0]));
    return Reflect.apply(connect, this, args);
  };
  return () => {
    prototype.connect = connect;
  };
}
