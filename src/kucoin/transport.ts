import axios, { AxiosError } from 'axios';

/** Sends bytes and answers bytes; knows nothing of the exchange. Loaded with the first request, not before. */

export interface TransportRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export type TransportReply =
  | {
      readonly ok: true;
      readonly status: number;
      readonly headers: Readonly<Record<string, unknown>>;
      readonly text: string;
    }
  | {
      readonly ok: false;
      readonly failure: 'network' | 'timeout' | 'cancelled';
      /** Whether it is certain that no byte of the request left this machine. */
      readonly unsent: boolean;
      /** Code of the system, e.g. `ECONNREFUSED`. */
      readonly code: string;
    };

export type Transport = (request: TransportRequest) => Promise<TransportReply>;

const maxReplyBytes = 64 * 1024 * 1024;

/**
 * One instance for all requests. The adapter is Node's, so that the editor's patched `http` and `https` bring
 * its proxy and certificates; the proxy logic of axios itself is off, redirects are never followed (a signed
 * request must not travel to another host), and every status is an answer.
 */
const http = axios.create({
  adapter: 'http',
  proxy: false,
  maxRedirects: 0,
  responseType: 'text',
  transformRequest: [(body: unknown): unknown => body],
  transformResponse: [(text: unknown): unknown => text],
  validateStatus: () => true,
  maxContentLength: maxReplyBytes,
  maxBodyLength: 1024 * 1024,
  decompress: true,
});

/** Never throws. The error of axios holds the whole request with its secrets: only its code leaves this function. */
export const send: Transport = async (request) => {
  try {
    const reply = await http.request<string>({
      method: request.method,
      url: request.url,
      headers: request.headers,
      data: request.body === '' ? undefined : request.body,
      timeout: request.timeoutMs,
      ...(request.signal ? { signal: request.signal } : {}),
    });
    return { ok: true, status: reply.status, headers: reply.headers, text: reply.data };
  } catch (error) {
    return failureOf(error);
  }
};

/** Failures that happen before the first byte of a request can have been written (kucoin-api 10.2). */
const beforeWriting = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'ERR_INVALID_URL',
]);
const certificate = /^(CERT_|DEPTH_ZERO_|UNABLE_TO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH)/;

function failureOf(error: unknown): TransportReply {
  const code = codeOf(error);
  if (code === AxiosError.ERR_CANCELED) return { ok: false, failure: 'cancelled', unsent: false, code };
  if (code === AxiosError.ECONNABORTED || code === AxiosError.ETIMEDOUT) {
    return { ok: false, failure: 'timeout', unsent: false, code };
  }
  return { ok: false, failure: 'network', unsent: beforeWriting.has(code) || certificate.test(code), code };
}

function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return 'UNKNOWN';
}
