/**
 * What stands between this computer and the exchange: proxies, and certificates that nobody vouches for. Their
 * failures are the user's to mend, so they are told apart from a network that is merely down.
 */
export type WayFailure = 'network' | 'certificate' | 'proxy' | 'proxyLogin';

/** Node's codes of a certificate that was refused; https://nodejs.org/api/tls.html#x509-certificate-error-codes. */
const certificateCodes =
  /^(UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|CERT_|ERR_TLS_CERT_ALTNAME_|HOSTNAME_MISMATCH$|INVALID_(CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$)/;

/** The one word of the editor for a proxy that it could not get through to; the rest of it names the proxy. */
const noProxyReached = /^Failed to establish a socket connection to proxies\b/;

/** What kept a connection from standing, and a code for logs, without an address or a login in it. */
export function failureOf(error: unknown): { readonly failure: WayFailure; readonly code: string } {
  const code = textOf(error, 'code');
  if (code !== undefined && certificateCodes.test(code)) return { failure: 'certificate', code };
  if (noProxyReached.test(textOf(error, 'message') ?? '')) {
    return { failure: 'proxy', code: 'it could not be reached' };
  }
  return { failure: 'network', code: code ?? 'UNKNOWN' };
}

/**
 * Whether an answer to an `https:` or `wss:` request came from a proxy that did not open the way: it arrived in clear.
 * The request itself was never written then, as it is written to an encrypted connection only.
 */
export function isFromProxy(url: string, socket: unknown): boolean {
  return (
    /^(https|wss):/i.test(url) &&
    typeof socket === 'object' &&
    socket !== null &&
    (socket as { readonly encrypted?: unknown }).encrypted !== true
  );
}

export function proxyRefusal(status: number): { readonly failure: WayFailure; readonly code: string } {
  return { failure: status === 407 ? 'proxyLogin' : 'proxy', code: `it answered HTTP ${status}` };
}

function textOf(value: unknown, name: string): string | undefined {
  const text =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return typeof text === 'string' ? text : undefined;
}
