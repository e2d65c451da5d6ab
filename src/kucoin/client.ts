import { setMaxListeners } from 'node:events';
import { getServerTime } from './endpoints/service';
import type { Site } from './brands';
import { ExchangeClock } from './clock';
import type { Endpoint, ParamsOf, ReplyOf } from './endpoint';
import { KucoinError } from './errors';
import { Quota, type Priority, type Ticket } from './quota';
import { interpret, rateLimitHeaders } from './reply';
import { prepare, type PreparedRequest } from './request';
import { createSigner, type Credentials, type Signer } from './sign';
import type { Time } from './time';
import type { Transport, TransportReply } from './transport';

export interface CallOptions {
  /** `interactive` where left out. */
  readonly priority?: Priority;
  /** Ends a read at any time, and a call that must not be repeated until it is sent. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Runs when the call has its place in the quota and is about to be signed and sent; it is sent only when this
   * resolves. Given the time of the exchange. It runs again when a refused call is sent again. For journals.
   */
  readonly beforeSend?: (exchangeTime: number) => Promise<void>;
}

/** One line about a finished request, for logs and reports. Never a header, a query or a body. */
export interface RequestNote {
  readonly endpoint: string;
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly result: string;
  readonly ms: number;
}

export interface ClientOptions {
  readonly site: Site;
  /** Asked once, with the first signed call. Rejecting makes that call fail; the next one asks again. */
  readonly credentials: () => Promise<Credentials>;
  readonly transport: Transport;
  readonly time: Time;
  readonly timeoutMs?: number;
  readonly onRequest?: ((note: RequestNote) => void) | undefined;
}

const defaultTimeoutMs = 10_000;
/** Pauses before a read is tried again, ms. */
const readRetryMs = [250, 1_000];
/** Pauses after an overload answer without rate-limit headers, ms (kucoin-api 4.3). */
const overloadMs = [1_000, 2_000, 4_000, 8_000, 10_000];
/** How often one call may run into an exhausted quota before it gives up. */
const quotaRetries = 3;

/**
 * The signed client of one profile, shared by every command, view and tool.
 *
 * arguments -> quota -> clock -> sign -> send -> parse -> classify (design 4)
 */
export class KucoinClient {
  readonly quota: Quota;
  readonly clock: ExchangeClock;
  private readonly life = new AbortController();
  private signer: Signer | undefined;
  private signerToCome: Promise<Signer> | undefined;

  constructor(private readonly options: ClientOptions) {
    this.quota = new Quota(options.time);
    this.clock = new ExchangeClock(options.time, (leaves) =>
      this.call(
        getServerTime,
        {},
        {
          beforeSend: () => {
            leaves();
            return Promise.resolve();
          },
        },
      ),
    );
    setMaxListeners(0, this.life.signal);
  }

  /**
   * Calls an endpoint of the catalogue.
   *
   * @throws KucoinError, or what `beforeSend` or the credentials reject with. After `retire` reads fail with kind `stale`.
   */
  async call<E extends Endpoint>(
    endpoint: E,
    params: ParamsOf<E>,
    options?: CallOptions,
  ): Promise<ReplyOf<E>> {
    return this.send(prepare(endpoint, params), options);
  }

  /** Sends a prepared request: the bytes that a plan was confirmed with. */
  async send<E extends Endpoint>(
    request: PreparedRequest<E>,
    options: CallOptions = {},
  ): Promise<ReplyOf<E>> {
    const { endpoint } = request;
    const { time } = this.options;
    const signal = options.signal ? AbortSignal.any([this.life.signal, options.signal]) : this.life.signal;
    const pause = (ms: number): Promise<void> =>
      time.delay(ms, signal).catch((error: unknown) => this.giveUp(error, endpoint, signal));
    let clockTried = false;
    let reads = 0;
    let overloads = 0;
    let exhausted = 0;
    for (;;) {
      const call = await this.ready(request, options, signal);
      try {
        return await this.exchange(request, call, signal);
      } catch (error) {
        if (!KucoinError.is(error)) throw error;
        const { kind, outcome, retryAfterMs } = error;
        if (outcome !== 'notExecuted' && endpoint.repeat !== 'safe') throw error;
        if (kind === 'clock' && !clockTried && endpoint.permission !== 'Public') {
          clockTried = true;
          await this.unsent(this.clock.measure(), endpoint, signal);
        } else if (kind === 'rateLimit' && retryAfterMs !== undefined) {
          // The quota has learnt the reset from the headers and lets nothing through before it.
          if (++exhausted > quotaRetries) throw error;
        } else if (kind === 'rateLimit') {
          const ms = overloadMs[overloads++];
          if (ms === undefined) throw error;
          await pause(ms * (0.75 + time.random() / 2));
        } else if (endpoint.repeat === 'safe' && isPassing(error)) {
          const ms = readRetryMs[reads++];
          if (ms === undefined) throw error;
          await pause(ms * (0.5 + time.random()));
        } else {
          throw error;
        }
      }
    }
  }

  /**
   * Ends the client: the profile was switched, its key changed, or the editor closes. Reads under way fail with
   * kind `stale`. A transfer that is on its way is not cut off: its outcome still has to reach the journal.
   */
  retire(): void {
    this.life.abort();
  }

  get retired(): boolean {
    return this.life.signal.aborted;
  }

  /** Everything before the first byte: whatever fails here, nothing was sent. */
  private async ready(
    request: PreparedRequest,
    options: CallOptions,
    signal: AbortSignal,
  ): Promise<ReadyCall> {
    const { endpoint, body } = request;
    const { hosts, headers } = this.options.site;
    const base = hosts[endpoint.host];
    if (base === undefined) {
      throw new KucoinError({ kind: 'hostMissing', outcome: 'notExecuted', endpoint: endpoint.title });
    }
    const { pool, weight } = endpoint;
    const ticket = await this.quota
      .acquire(pool, weight, options.priority ?? 'interactive', signal)
      .catch((error: unknown) => this.giveUp(error, endpoint, signal));
    try {
      const signed = endpoint.permission !== 'Public';
      const signer = signed
        ? (this.signer ?? (await this.unsent(this.getSigner(), endpoint, signal)))
        : undefined;
      if (signed && !this.clock.valid) await this.unsent(this.clock.now(), endpoint, signal);
      if (options.beforeSend) await options.beforeSend(this.clock.estimate());
      if (signal.aborted) throw this.abandoned(endpoint);
      return {
        ticket,
        url: base + request.sentPath,
        headers: {
          ...(endpoint.method === 'POST' ? { 'Content-Type': 'application/json' } : undefined),
          ...headers,
          ...signer?.headers(this.clock.estimate(), endpoint.method, request.signedPath, body),
        },
      };
    } catch (error) {
      ticket.release();
      throw error;
    }
  }

  /** Sends, and makes the answer into data. Throws nothing but KucoinError. */
  private async exchange<E extends Endpoint>(
    { endpoint, body }: PreparedRequest<E>,
    { ticket, url, headers }: ReadyCall,
    signal: AbortSignal,
  ): Promise<ReplyOf<E>> {
    const safe = endpoint.repeat === 'safe';
    const { transport, time, timeoutMs = defaultTimeoutMs } = this.options;
    const started = time.monotonic();
    ticket.leave();
    let reply: TransportReply;
    try {
      reply = await transport({
        method: endpoint.method,
        url,
        headers,
        body,
        timeoutMs,
        signal: safe ? signal : undefined,
      });
    } catch {
      // A transport answers its failures. One that throws all the same leaves open what it has sent.
      reply = { ok: false, failure: 'network', unsent: false, code: 'TRANSPORT' };
    }
    const limits = reply.ok ? rateLimitHeaders(reply.headers) : undefined;
    let result = 'ok';
    try {
      const data = interpret(endpoint, reply, headers);
      ticket.settle(limits);
      if (safe && signal.aborted) throw this.abandoned(endpoint);
      return data;
    } catch (error) {
      const exhausted = KucoinError.is(error, 'rateLimit') && error.retryAfterMs !== undefined;
      const refusedUncounted = KucoinError.is(error, 'rateLimit') && limits === undefined;
      if (refusedUncounted || (!reply.ok && reply.unsent)) ticket.release();
      else ticket.settle(limits, exhausted);
      const failure = this.failureOf(error, endpoint, signal);
      result = failure.message;
      throw failure;
    } finally {
      this.note({
        endpoint: endpoint.title,
        method: endpoint.method,
        path: endpoint.path,
        status: reply.ok ? reply.status : undefined,
        result,
        ms: time.monotonic() - started,
      });
    }
  }

  /** The error of a call that was sent. A read that nobody waits for any more ends as such, whatever it met. */
  private failureOf(error: unknown, endpoint: Endpoint, signal: AbortSignal): KucoinError {
    if (endpoint.repeat === 'safe' && signal.aborted) return this.abandoned(endpoint);
    if (KucoinError.is(error)) return error;
    const detail = 'the answer could not be read';
    return new KucoinError({ kind: 'malformedReply', outcome: 'unknown', endpoint: endpoint.title, detail });
  }

  private note(note: RequestNote): void {
    try {
      this.options.onRequest?.(note);
    } catch {
      // A log that fails must not turn a transfer that was done into an error.
    }
  }

  private getSigner(): Promise<Signer> {
    this.signerToCome ??= this.options
      .credentials()
      .then((credentials) => (this.signer = createSigner(credentials)))
      .finally(() => (this.signerToCome = undefined));
    return this.signerToCome;
  }

  /**
   * Waits for something that a call needs before it is sent, no longer than its signal; what is waited for goes on,
   * as others may need it too.
   */
  private unsent<T>(work: Promise<T>, endpoint: Endpoint, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(this.abandoned(endpoint));
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
      work
        .catch((error: unknown) => this.giveUp(error, endpoint, signal))
        .finally(() => signal.removeEventListener('abort', stop))
        .then(resolve, reject);
    });
  }

  /** Fails a call that was not sent: as abandoned, or with what kept it from being sent. */
  private giveUp(error: unknown, endpoint: Endpoint, signal: AbortSignal): never {
    if (signal.aborted) throw this.abandoned(endpoint);
    if (!KucoinError.is(error) || error.outcome === 'notExecuted') throw error;
    // The clock could not be read, say: nobody knows what became of that call, but this one never left.
    const detail = `before sending: ${error.message}`;
    throw new KucoinError({ kind: error.kind, outcome: 'notExecuted', endpoint: endpoint.title, detail });
  }

  private abandoned(endpoint: Endpoint): KucoinError {
    const kind = this.retired ? 'stale' : 'cancelled';
    return new KucoinError({ kind, outcome: 'notExecuted', endpoint: endpoint.title });
  }
}

interface ReadyCall {
  readonly ticket: Ticket;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Troubles that a second try may not meet. */
function isPassing(error: KucoinError): boolean {
  return (
    ['network', 'proxy', 'timeout', 'unavailable'].includes(error.kind) ||
    (error.kind === 'malformedReply' && error.outcome === 'unknown')
  );
}
