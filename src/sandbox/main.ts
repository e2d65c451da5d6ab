import { runCli } from './cli';

export { demoCredentials, startSandbox } from './sandbox';
export { SandboxError, type SandboxErrorCode } from './errors';
export type {
  Credentials,
  Credit,
  Family,
  LedgerRow,
  LedgerView,
  Marks,
  NewKey,
  NewSub,
  Sandbox,
  SandboxOptions,
  StateView,
  Storm,
} from './api';
export type { StormView } from './life';
export type { SocketsView, SocketView, Whose } from './sockets/hub';
export type { FaultKind, FaultSpec, FaultView, SocketFaultSpec } from './faults';
export type { RequestRecord, RequestsView } from './requestLog';
export type { Switches } from './switches';

async function main(): Promise<void> {
  const started = await runCli(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  });
  if (typeof started === 'number') {
    process.exitCode = started;
    return;
  }
  const end = (): void => {
    void started.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

if (require.main === module) void main();
