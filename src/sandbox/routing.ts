import { catalogue, type EndpointName } from '../kucoin/catalogue';
import type { Endpoint } from '../kucoin/endpoint';
import type { Host } from '../kucoin/vocabulary';

export interface Route {
  readonly name: EndpointName;
  readonly endpoint: Endpoint;
  /** Parameters that stand in the path, decoded. */
  readonly pathParams: Readonly<Record<string, string>>;
}

interface Line {
  readonly name: EndpointName;
  readonly endpoint: Endpoint;
  readonly segments: readonly string[];
}

// Literal segments come before parameters: /accounts/transferable is not an account's id.
const lines: readonly Line[] = (Object.keys(catalogue) as EndpointName[])
  .map((name) => ({ name, endpoint: catalogue[name], segments: catalogue[name].path.split('/') }))
  .sort((a, b) => parameterCount(a) - parameterCount(b));

/** Entries that serve a path of a host, whatever the method; empty when the path is unknown. */
function linesOf(host: Host, path: string): { line: Line; pathParams: Record<string, string> }[] {
  const segments = path.split('/');
  return lines.flatMap((line) => {
    if (line.endpoint.host !== host || line.segments.length !== segments.length) return [];
    const pathParams: Record<string, string> = {};
    for (const [index, pattern] of line.segments.entries()) {
      const segment = segments[index] ?? '';
      if (isParameter(pattern) && segment !== '') pathParams[pattern.slice(1, -1)] = segment;
      else if (pattern !== segment) return [];
    }
    return [{ line, pathParams }];
  });
}

/** @param path decoded, without query */
export function routeOf(host: Host, method: string, path: string): Route | 'notFound' | 'methodNotAllowed' {
  const candidates = linesOf(host, path);
  const match = candidates.find(({ line }) => line.endpoint.method === method);
  if (match) return { name: match.line.name, endpoint: match.line.endpoint, pathParams: match.pathParams };
  return candidates.length > 0 ? 'methodNotAllowed' : 'notFound';
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{');
}

function parameterCount(line: Line): number {
  return line.segments.filter(isParameter).length;
}
