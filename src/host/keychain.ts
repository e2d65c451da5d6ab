import type { KeychainItem } from '../profiles/keychainEntry';

/** The keychain of the system: Keychain of macOS, Credential Manager of Windows, a keyring on Linux. */
export interface Keychain {
  get(service: string, account: string): Promise<string | undefined>;
  set(service: string, account: string, password: string): Promise<void>;
  /** Answers whether there was one. */
  delete(service: string, account: string): Promise<boolean>;
  find(service: string): Promise<KeychainItem[]>;
}

export type KeychainProblem =
  /** This package was made without the library. */
  | 'notShipped'
  /** The library is there and cannot be loaded: on Linux it needs libsecret; or it knows no such computer. */
  | 'notLoaded'
  /** Linux: there is no session bus, or nobody on it who keeps secrets. */
  | 'noService'
  /** It is locked, and was not unlocked. */
  | 'locked'
  /** It said nothing for so long. */
  | 'silent'
  | 'failed';

export class KeychainError extends Error {
  override readonly name = 'KeychainError';

  constructor(
    readonly problem: KeychainProblem,
    /** What the system said. */
    readonly said: string,
  ) {
    super(said);
  }
}

/** What keytar offers. */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
  findCredentials(service: string): Promise<KeychainItem[]>;
}

export interface KeychainOptions {
  readonly load?: () => Promise<Keytar>;
  /** How long a person may take to unlock it, in milliseconds. */
  readonly patienceMs?: number;
}

/** Nobody else loads the library: where the editor has never seen such a command, it is not in its memory. */
const loadKeytar = async (): Promise<Keytar> => {
  if (!isMusl()) return import('keytar');
  // keytar has no other binary for it: see esbuild.js.
  if (process.arch !== 'x64') throw new KeychainError('notShipped', `musl on ${process.arch}`);
  return import('keytar/musl');
};

/** Not yet among the types. */
interface ReportOptions {
  excludeNetwork: boolean;
}

interface NodeReport {
  readonly header: { readonly glibcVersionRuntime?: string };
}

/** Alpine Linux and its like have another C library than most: Node's report names the version of the usual one only. */
export function isMusl(platform: string = process.platform, { header }: NodeReport = nodeReport()): boolean {
  return platform === 'linux' && header.glibcVersionRuntime === undefined;
}

function nodeReport(): NodeReport {
  const report = process.report as NodeJS.ProcessReport & ReportOptions;
  const { excludeNetwork } = report;
  // Otherwise it would ask for the names of all that Node is connected to.
  report.excludeNetwork = true;
  try {
    return report.getReport() as unknown as NodeReport;
  } finally {
    report.excludeNetwork = excludeNetwork;
  }
}

/** @throws KeychainError when there is none that can be used */
export async function openKeychain({
  load = loadKeytar,
  patienceMs = 90_000,
}: KeychainOptions = {}): Promise<Keychain> {
  const keytar = await load().catch((error: unknown) => {
    if (error instanceof KeychainError) throw error;
    const said = messageOf(error);
    throw new KeychainError(/cannot find module/i.test(said) ? 'notShipped' : 'notLoaded', said);
  });
  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new KeychainError('silent', '')), patienceMs);
    });
    try {
      return await Promise.race([work(), silence]);
    } catch (error) {
      throw error instanceof KeychainError ? error : new KeychainError(problemOf(error), messageOf(error));
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    get: async (service, account) => (await ask(() => keytar.getPassword(service, account))) ?? undefined,
    set: (service, account, password) => ask(() => keytar.setPassword(service, account, password)),
    delete: (service, account) => ask(() => keytar.deletePassword(service, account)),
    find: (service) => ask(() => keytar.findCredentials(service)),
  };
}

/** By the words of libsecret and GLib; other systems say it by their own boxes. */
function problemOf(error: unknown): KeychainProblem {
  const said = messageOf(error);
  if (/d-?bus|org\.freedesktop\.secrets|could not connect|no such file/i.test(said)) return 'noService';
  return /locked|dismissed|denied|cancel/i.test(said) ? 'locked' : 'failed';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
