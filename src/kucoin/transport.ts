import { ClientRequest } from 'node:http';
import axios, { AxiosError } from 'axios';
import { failureOf as wayFailureOf, isFromProxy, proxyRefusal, type WayFailure } from './wayOut';

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
      readonly failure: WayFailure | 'timeout' | 'cancelled';
      /** Whether it is certain that no byte of the request left this machine. */
      readonly unsent: boolean;
      /** Code of the system, e.g. `ECONNREFUSED`, or what a proxy did. */
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
    // A refusal only: an answer that means success is the exchange's, whatever a socket of the editor looks like.
    if (reply.status >= 300 && isFromProxy(request.url, member(reply.request, 'socket'))) {
      return { ok: false, unsent: true, ...proxyRefusal(reply.status) };
    }
    return { ok: true, status: reply.status, headers: reply.headers, text: reply.data };
  } catch (error) {
    return failureOf(error);
  }
};

function failureOf(error: unknown): TransportReply {
  const code = textOf(error, 'code') ?? 'UNKNOWN';
  if (code === AxiosError.ERR_CANCELED) return { ok: false, failure: 'cancelled', unsent: false, code };
  const late = code === AxiosError.ECONNABORTED || code === AxiosError.ETIMEDOUT;
  const failure = late ? { failure: 'timeout' as const, code } : wayFailureOf(error);
  return { ok: false, unsent: isUnsent(error, code), ...failure };
}

/**
 * Whether a request failed before its first byte left (kucoin-api 10.2). A code alone does not tell: a connection
 * that stands can end with EHOSTUNREACH or a TLS error as well, when the exchange has long done its work.
 */
function isUnsent(error: unknown, code: string): boolean {
  const request = member(error, 'request');
  // `http.request` itself refused: a URL or a header that cannot be sent.
  if (request === undefined) return /^ERR_(INVALID|UNESCAPED)_/.test(code);
  if (!(request instanceof ClientRequest)) return false;
  // No connection yet: a proxy or a DNS server that never answered. Or one whose TLS handshake, with the check
  // of the certificate, did not end well: Node sends nothing before that.
  const socket: unknown = request.socket;
  if (!socket || member(socket, 'secureConnecting') === true) return true;
  const cause = member(error, 'cause');
  const causes: unknown = member(cause, 'errors') ?? [cause];
  return Array.isArray(causes) && causes.length > 0 && causes.every(isConnecting);
}

function isConnecting(error: unknown): boolean {
  const call = textOf(error, 'syscall');
  return call === 'connect' || call === 'getaddrinfo';
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function textOf(value: unknown, name: string): string | undefined {
  const text = member(value, name);
  return typeof text === 'string' ? text : undefined;
}
