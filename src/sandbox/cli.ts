import { parseArgs } from 'node:util';
import { startSandbox } from './sandbox';
import type { Sandbox, SandboxOptions } from './api';
import { SandboxError } from './errors';

const help = `A local KuCoin with play money, on 127.0.0.1 only.

  node dist/sandbox.js [options]

  --spot-port N      port of the spot host; 0, the default, takes any free one
  --futures-port N   port of the futures host; likewise
  --world W          today (default): KuCoin as it runs now
                     seed: KuCoin of 2023, with a separate trade_hf account
  --state FILE       keep the state in this file over restarts
  --latency MS       milliseconds that every answer takes
  --help             this text

When it is ready it prints one line of JSON: base URLs of spot, futures and control address, and the demo key.
It ends on Ctrl+C or SIGTERM. GET the control address for what can be done there.
`;

export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The command line. Returns the exit code, or the running sandbox. */
export async function runCli(args: readonly string[], streams: Streams): Promise<Sandbox | number> {
  let options: SandboxOptions | 'help';
  try {
    options = optionsOf(args);
  } catch (error) {
    streams.err(`${(error as Error).message.replaceAll('\n', ' ')}\nTry --help.\n`);
    return 2;
  }
  if (options === 'help') {
    streams.out(help);
    return 0;
  }
  try {
    const sandbox = await startSandbox({ ...options, onNotice: (text) => streams.err(`${text}\n`) });
    const { spot, futures, control, credentials } = sandbox;
    streams.out(`${JSON.stringify({ spot, futures, control, ...credentials })}\n`);
    return sandbox;
  } catch (error) {
    if (!SandboxError.is(error)) throw error;
    streams.err(`${error.message}\n`);
    return 1;
  }
}

function optionsOf(args: readonly string[]): SandboxOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'spot-port': { type: 'string' },
      'futures-port': { type: 'string' },
      world: { type: 'string' },
      state: { type: 'string' },
      latency: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return 'help';
  const { world = 'today' } = values;
  if (world !== 'seed' && world !== 'today')
    throw new Error(`--world takes seed or today, not this: ${world}`);
  return {
    world,
    spotPort: wholeNumber('--spot-port', values['spot-port'], 65_535),
    futuresPort: wholeNumber('--futures-port', values['futures-port'], 65_535),
    latencyMs: wholeNumber('--latency', values.latency, 600_000),
    ...(values.state !== undefined && { stateFile: values.state }),
  };
}

function wholeNumber(name: string, text = '0', most: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (!(value <= most)) throw new Error(`${name} takes a whole number from 0 to ${most}, not this: ${text}`);
  return value;
}
