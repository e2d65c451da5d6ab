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
   * resolves. Given the time of the exchange. For journals.
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
  private signer: Promise<Signer> | undefined;

  constructor(private readonly options: ClientOptions) {
    this.quota = new Quota(options.time);
    this.clock = new ExchangeClock(options.time, () => this.call(getServerTime, {}));
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
    let clockTried = false;
    let reads = 0;
    let overloads = 0;
    let exhausted = 0;
    for (;;) {
      try {
        return await this.attempt(request, options, signal);
      } catch (error) {
        const failure = this.known(error, endpoint, signal);
        if (failure.kind === 'clock' && !clockTried && endpoint.permission !== 'Public') {
          clockTried = true;
          await this.guard(this.clock.measure(), endpoint, signal);
        } else if (failure.kind === 'rateLimit' && failure.retryAfterMs !== undefined) {
          if (++exhausted > quotaRetries) throw failure;
          // The quota has learnt the reset from the headers and lets nothing through before it.
        } else if (failure.kind === 'rateLimit' && failure.outcome === 'notExecuted') {
          const pause = overloadMs[overloads++];
          if (pause === undefined) throw failure;
          await this.guard(time.delay(pause * (0.75 + time.random() / 2), signal), endpoint, signal);
        } else if (endpoint.repeat === 'safe' && isPassing(failure)) {
          const pause = readRetryMs[reads++];
          if (pause === undefined) throw failure;
          await this.guard(time.delay(pause * (0.5 + time.random()), signal), endpoint, signal);
        } else {
          throw failure;
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

  private async attempt<E extends Endpoint>(
    request: PreparedRequest<E>,
    options: CallOptions,
    signal: AbortSignal,
  ): Promise<ReplyOf<E>> {
    const { endpoint, body } = request;
    const base = this.options.site.hosts[endpoint.host];
    if (base === undefined)
      throw new KucoinError({ kind: 'hostMissing', outcome: 'notExecuted', endpoint: endpoint.title });

    const ticket = await this.quota.acquire(
      endpoint.pool,
      endpoint.weight,
      options.priority ?? 'interactive',
      signal,
    );
    let reply: TransportReply;
    const started = this.options.time.monotonic();
    try {
      const signed = endpoint.permission !== 'Public';
      const signer = signed ? await this.getSigner() : undefined;
      let exchangeTime = signed ? await this.clock.now() : 0;
      if (options.beforeSend) {
        await options.beforeSend(exchangeTime);
        exchangeTime = signed ? this.clock.estimate() : 0;
      }
      signal.throwIfAborted();
      const headers: Record<string, string> = {
        ...(body === '' ? undefined : { 'Content-Type': 'application/json' }),
        ...this.options.site.headers,
        ...signer?.headers(exchangeTime, endpoint.method, request.signedPath, body),
      };
      reply = await this.options.transport({
        method: endpoint.method,
        url: base + request.sentPath,
        headers,
        body,
        timeoutMs: this.options.timeoutMs ?? defaultTimeoutMs,
        signal: endpoint.repeat === 'safe' ? signal : undefined,
      });
    } catch (error) {
      ticket.release();
      throw error;
    }
    return this.finish(request, reply, ticket, signal, this.options.time.monotonic() - started);
  }

  private finish<E extends Endpoint>(
    { endpoint }: PreparedRequest<E>,
    reply: TransportReply,
    ticket: Ticket,
    signal: AbortSignal,
    ms: number,
  ): ReplyOf<E> {
    const limits = reply.ok ? rateLimitHeaders(reply.headers) : undefined;
    const status = reply.ok ? reply.status : undefined;
    const note = (result: string): void =>
      this.options.onRequest?.({
        endpoint: endpoint.title,
        method: endpoint.method,
        path: endpoint.path,
        status,
        result,
        ms,
      });
    try {
      const data = interpret(endpoint, reply);
      ticket.settle(limits);
      if (endpoint.repeat === 'safe') signal.throwIfAborted();
      note('ok');
      return data;
    } catch (error) {
      ticket.settle(limits, KucoinError.is(error, 'rateLimit') && limits !== undefined);
      note(KucoinError.is(error) ? error.message : 'dropped');
      throw error;
    }
  }

  private getSigner(): Promise<Signer> {
    this.signer ??= this.options.credentials().then(createSigner);
    this.signer.catch(() => (this.signer = undefined));
    return this.signer;
  }

  private async guard(wait: Promise<void>, endpoint: Endpoint, signal: AbortSignal): Promise<void> {
    try {
      await wait;
    } catch (error) {
      throw this.known(error, endpoint, signal);
    }
  }

  /** Whatever went wrong, as the one error type; an abort becomes `stale` or `cancelled`. */
  private known(error: unknown, endpoint: Endpoint, signal: AbortSignal): KucoinError {
    if (KucoinError.is(error) && error.kind !== 'cancelled') return error;
    if (!signal.aborted) throw error;
    const kind = this.retired ? 'stale' : 'cancelled';
    return new KucoinError({ kind, outcome: 'notExecuted', endpoint: endpoint.title });
  }
}

/** Troubles that a second try may not meet. */
function isPassing(error: KucoinError): boolean {
  return (
    ['network', 'timeout', 'unavailable'].includes(error.kind) ||
    (error.kind === 'malformedReply' && error.outcome === 'unknown')
  );
}
