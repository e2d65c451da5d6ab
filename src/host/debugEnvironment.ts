import { environmentVariables, type Environment } from '../kucoin/environment';

/** A debug configuration of `launch.json`, as far as it is looked at. Written by whoever wrote the workspace. */
export interface Configuration {
  readonly type: string;
  readonly request: string;
  readonly [property: string]: unknown;
}

/** How a debugger takes environment variables: an object, or a list of `{ name, value }`. */
type Taker = 'env' | 'environment';

interface Debugger {
  readonly takes: Taker;
  /**
   * Where the output has to go. VS Code types the environment of a program into the terminal it runs in, and keeps
   * what stands in terminals: a secret must not get there.
   */
  readonly output?: readonly [property: string, value: unknown];
  /** With this, the debugger hands the environment to whatever listens there, on any computer. */
  readonly sendsTo?: 'port';
}

const internal = ['console', 'internalConsole'] as const;

/** Debuggers that people use for bots. */
const debuggers: Readonly<Record<string, Debugger | undefined>> = {
  node: { takes: 'env', output: internal },
  'pwa-node': { takes: 'env', output: internal },
  extensionHost: { takes: 'env' },
  'pwa-extensionHost': { takes: 'env' },
  // Python's debugger starts the program itself: only its own launcher runs in the terminal.
  python: { takes: 'env' },
  debugpy: { takes: 'env' },
  // vscode-go: a debugger that runs already, at `host`, which may be any.
  go: { takes: 'env', output: internal, sendsTo: 'port' },
  java: { takes: 'env', output: internal },
  coreclr: { takes: 'env', output: internal },
  clr: { takes: 'env', output: internal },
  php: { takes: 'env', output: ['externalConsole', false] },
  lldb: { takes: 'env', output: ['terminal', 'console'] },
  dart: { takes: 'env', output: ['console', 'debugConsole'] },
  rdbg: { takes: 'env', output: ['useTerminal', false] },
  cppdbg: { takes: 'environment', output: ['externalConsole', false] },
  cppvsdbg: { takes: 'environment', output: internal },
};

/** They take an environment which no bot would see, or which VS Code would keep with the terminal. */
const unfit: ReadonlySet<string> = new Set(['chrome', 'pwa-chrome', 'msedge', 'pwa-msedge', 'node-terminal']);

/** What the manifest of an extension says of the properties of its debugger. */
export type DebuggerProperties = Readonly<
  Record<string, { readonly type?: unknown; readonly enum?: unknown }>
>;

export type DebugProblem =
  /** It joins a program that runs already, which has its environment. */
  | 'attach'
  /** The debugger takes no environment, as far as anybody says. */
  | 'noEnvironment'
  /** `env` or `environment` is not what this debugger takes. */
  | 'malformed'
  /** This property hands everything to whatever listens at a port. */
  | 'debugServer'
  | 'port';

export interface DebugPlan {
  /** Puts the variables into a configuration that shall be started. */
  readonly apply: (environment: Environment) => Configuration;
  /** The configuration asked for a terminal and gets the debug console. */
  readonly moved: boolean;
}

/**
 * How the environment gets into a configuration, or why it cannot.
 *
 * @param properties asked for debuggers that are not in the table
 */
export function planDebug(
  configuration: Configuration,
  properties: (type: string, request: string) => DebuggerProperties | undefined,
): DebugPlan | DebugProblem {
  const { type, request } = configuration;
  if (request !== 'launch') return 'attach';
  if (configuration['debugServer'] !== undefined) return 'debugServer';
  const known = Object.hasOwn(debuggers, type) ? debuggers[type] : undefined;
  const found = known ?? (unfit.has(type) ? undefined : byManifest(properties(type, request)));
  if (!found) return 'noEnvironment';
  if (found.sendsTo && configuration[found.sendsTo] !== undefined) return found.sendsTo;
  const given = configuration[found.takes];
  const before = found.takes === 'env' ? pairsOf(given) : listOf(given);
  if (!before) return 'malformed';
  const [property, value] = found.output ?? [];
  const asked = property === undefined ? undefined : configuration[property];
  const output = property === undefined ? {} : { [property]: value };
  return {
    moved: asked !== undefined && asked !== value,
    apply: (environment) => ({
      ...configuration,
      ...output,
      [found.takes]: merged(found.takes, before, environment),
    }),
  };
}

function byManifest(properties: DebuggerProperties | undefined): Debugger | undefined {
  if (!properties) return undefined;
  const takes = (['env', 'environment'] as const).find((name) => Object.hasOwn(properties, name));
  if (!takes) return undefined;
  const choices = Object.hasOwn(properties, 'console') ? properties['console']?.enum : undefined;
  const hasConsole = Array.isArray(choices) && choices.includes('internalConsole');
  return { takes, ...(hasConsole && { output: internal }) };
}

type Pairs = readonly (readonly [name: string, value: unknown])[];

function pairsOf(env: unknown): Pairs | undefined {
  if (env === undefined || env === null) return [];
  return typeof env === 'object' && !Array.isArray(env) ? Object.entries(env) : undefined;
}

function listOf(environment: unknown): Pairs | undefined {
  if (environment === undefined || environment === null) return [];
  if (!Array.isArray(environment)) return undefined;
  const pairs = environment.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('name' in entry)) return undefined;
    return typeof entry.name === 'string'
      ? ([entry.name, 'value' in entry ? entry.value : ''] as const)
      : undefined;
  });
  return pairs.every((pair) => pair !== undefined) ? pairs : undefined;
}

const own: ReadonlySet<string> = new Set(Object.values(environmentVariables));

/** Ours replace what the workspace set under these names, in any case: Windows knows no difference. */
function merged(takes: Taker, before: Pairs, environment: Environment): unknown {
  const pairs: Pairs = [
    ...before.filter(([name]) => !own.has(name.toUpperCase())),
    ...Object.entries(environment).filter(([, value]) => value !== undefined),
  ];
  return takes === 'env' ? Object.fromEntries(pairs) : pairs.map(([name, value]) => ({ name, value }));
}
