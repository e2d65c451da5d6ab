import { oneLine } from './outside';

/**
 * The one error type of everything that talks to the exchange.
 *
 * It never holds a request, a header, a body or the error of a library: those carry the key, the passphrase and
 * the signature. What it holds may be printed whole.
 */
export class KucoinError extends Error {
  override readonly name = 'KucoinError';
  readonly kind: ErrorKind;
  /** Code of the exchange's envelope, e.g. `400004`; absent when no envelope arrived. */
  readonly code: string | undefined;
  readonly httpStatus: number | undefined;
  /** What is known of the work that was asked for. */
  readonly outcome: Outcome;
  /** Title of the endpoint in the catalogue. */
  readonly endpoint: string | undefined;
  /** When the exchange said how long to wait. */
  readonly retryAfterMs: number | undefined;
  /** What the exchange or the network said, shortened; in the exchange's words. */
  readonly detail: string | undefined;

  constructor(facts: ErrorFacts) {
    super(describe(facts));
    this.kind = facts.kind;
    this.outcome = facts.outcome;
    this.code = facts.code;
    this.httpStatus = facts.httpStatus;
    this.endpoint = facts.endpoint;
    this.retryAfterMs = facts.retryAfterMs;
    this.detail = facts.detail;
  }

  static is(error: unknown, kind?: ErrorKind): error is KucoinError {
    return error instanceof KucoinError && (kind === undefined || error.kind === kind);
  }
}

export interface ErrorFacts {
  readonly kind: ErrorKind;
  readonly outcome: Outcome;
  readonly code?: string | undefined;
  readonly httpStatus?: number | undefined;
  readonly endpoint?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly detail?: string | undefined;
}

/**
 * `notExecuted`: the exchange did nothing, the same request may be sent again.
 * `executed`: it did what was asked, only the answer is unusable.
 * `unknown`: nobody can tell from this answer; only evidence can (kucoin-api 10.2).
 */
export type Outcome = 'notExecuted' | 'executed' | 'unknown';

/** Sorted by what the user has to do. */
export type ErrorKind =
  // the key
  | 'keyUnknown'
  | 'passphrase'
  | 'signature'
  | 'keyVersion'
  | 'ip'
  | 'permission'
  | 'secretMissing'
  /** The editor's secret storage took the key and does not have it. */
  | 'secretNotKept'
  /** The key belongs to another site of the exchange than its profile says. */
  | 'otherSite'
  // the user's account
  | 'kyc'
  | 'region'
  | 'frozen'
  | 'notOpened'
  | 'hfNotAllowed'
  | 'unifiedMode'
  // the request
  | 'clock'
  | 'headers'
  | 'parameter'
  | 'insufficientBalance'
  | 'duplicate'
  | 'refused'
  | 'notFound'
  | 'removed'
  /** The site has no host for this call, e.g. no futures in Europe. */
  | 'hostMissing'
  // the exchange and the way to it
  | 'rateLimit'
  | 'unavailable'
  | 'network'
  /** A certificate that this computer does not trust. */
  | 'certificate'
  /** A proxy that cannot be reached or does not let the request through. */
  | 'proxy'
  | 'proxyLogin'
  | 'timeout'
  | 'malformedReply'
  // this side
  | 'invalidArgument'
  | 'readOnly'
  | 'cancelled'
  | 'stale';

/**
 * What the exchange does not tell is not known, which is no failure of who asks. A client that has ended is one.
 *
 * @throws KucoinError of kind `stale`, and whatever else is no KucoinError
 */
export async function unlessRefused<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!KucoinError.is(error) || error.kind === 'stale') throw error;
    return undefined;
  }
}

const detailLimit = 300;

/** Makes a text from outside fit for logs and messages: one line, bounded. */
export function tidy(text: string): string {
  const line = oneLine(text).trim();
  return line.length > detailLimit ? `${line.slice(0, detailLimit)}…` : line;
}

function describe(facts: ErrorFacts): string {
  const about = [
    facts.endpoint,
    facts.code ?? (facts.httpStatus && `HTTP ${facts.httpStatus}`),
    facts.detail,
  ];
  return [facts.kind, ...about.filter(Boolean)].join(': ');
}
