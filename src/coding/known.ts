import { catalogue, type EndpointName } from '../kucoin/catalogue';
import type { Endpoint } from '../kucoin/endpoint';
import type { Host, World } from '../kucoin/vocabulary';
import { documented, earlier, replacements } from './documented';

/** An endpoint as the analysers know it: from the catalogue where it is there, else from the documentation. */
export interface Known {
  /** Method and path, e.g. `GET /api/v1/accounts`. */
  readonly id: string;
  readonly method: string;
  readonly host: Host;
  readonly path: string;
  readonly title: string;
  /** Page of KuCoin's documentation; absent for calls of earlier generations. */
  readonly docs?: string;
  /** As in the documentation; `Public` calls are not signed. Absent where the documentation is gone. */
  readonly permission?: string;
  /** Entry of the catalogue and its name, with pool, weight and parameters. */
  readonly entry?: Endpoint;
  readonly name?: EndpointName;
  /** `superseded`: marked as abandoned, may still answer. `gone`: does not answer any more. State of today. */
  readonly fate: 'current' | 'superseded' | 'gone';
  /** Method and path of what replaced it. */
  readonly replacement?: string;
  /** Whether the request can stay as it is when the path is replaced. */
  readonly samePathFix: boolean;
  /** Where KuCoin's universal SDK has it: service, group and camel-case name. */
  readonly sdk?: { readonly service: string; readonly group: string; readonly name: string };
}

interface Line {
  readonly method: string;
  readonly host: Host;
  readonly path: string;
  readonly title: string;
  readonly permission?: string;
  readonly docs?: string;
  readonly old?: boolean;
  readonly sdk?: Known['sdk'];
}

function* linesOf(table: string): Generator<readonly [words: readonly string[], title: string]> {
  for (const line of table.split('\n')) {
    const [words, title] = line.trim().split(' | ');
    if (words && title) yield [words.split(' '), title];
  }
}

function documentedLines(): Line[] {
  const lines: Line[] = [];
  for (const [words, title] of linesOf(documented)) {
    const [service = '', group = '', name = '', method = '', host, path = '', permission = '', page, old] =
      words;
    lines.push({
      method,
      host: host as Host,
      path,
      title,
      permission,
      docs: `https://www.kucoin.com/docs-new/api-${page ?? ''}`,
      old: old === 'old',
      sdk: { service, group, name },
    });
  }
  for (const [[method = '', host, path = ''], title] of linesOf(earlier))
    lines.push({ method, host: host as Host, path, title, old: true });
  return lines;
}

function join(): readonly Known[] {
  const all = new Map<string, Known>();
  const keyOf = (host: string, method: string, path: string): string => `${host} ${method} ${path}`;
  const add = (line: Line, name?: EndpointName, entry?: Endpoint): void => {
    const id = `${line.method} ${line.path}`;
    const key = keyOf(line.host, line.method, line.path);
    const before = all.get(key);
    // The futures host has orders and fills of its own under the paths that spot has left behind.
    const after = line.host === 'futures' && !line.path.includes('transfer') ? undefined : replacements[id];
    const old = line.old === true || entry?.state?.today === 'superseded';
    const sdk = before?.sdk ?? line.sdk;
    const docs = line.docs ?? before?.docs;
    const permission = line.permission ?? before?.permission;
    all.set(key, {
      id,
      method: line.method,
      host: line.host,
      path: line.path,
      title: line.title,
      ...(docs !== undefined && { docs }),
      ...(permission !== undefined && { permission }),
      ...(entry && { entry }),
      ...(name && { name }),
      fate: after?.gone ? 'gone' : after || old ? 'superseded' : 'current',
      ...(after?.by !== undefined && { replacement: after.by }),
      samePathFix: after?.same === true,
      ...(sdk && { sdk }),
    });
  };
  for (const line of documentedLines()) add(line);
  for (const [name, entry] of Object.entries(catalogue) as [EndpointName, Endpoint][])
    add(entry, name, entry);
  return [...all.values()];
}

export const knownEndpoints: readonly Known[] = join();

/** The state of an endpoint in a world: in the documentation of 2023 most of today's abandoned calls were current. */
export function fateIn(world: World, known: Known): Known['fate'] {
  if (world === 'today') return known.fate;
  if (known.entry) return known.entry.state?.seed === 'superseded' ? 'superseded' : 'current';
  return known.fate === 'gone' && known.path.endsWith('/v1/accounts/inner-transfer') ? 'gone' : 'current';
}

interface Node {
  readonly next: Map<string, Node>;
  /** Children whose segment ends in a parameter: the text before it, e.g. `level2_`, empty for a whole parameter. */
  readonly open: { readonly before: string; readonly node: Node }[];
  readonly here: Known[];
}

const newNode = (): Node => ({ next: new Map(), open: [], here: [] });

function tree(): Node {
  const root = newNode();
  for (const known of knownEndpoints) {
    let node = root;
    for (const segment of known.path.slice(1).split('/')) {
      const brace = segment.indexOf('{');
      let child: Node | undefined;
      if (brace < 0) child = node.next.get(segment);
      else child = node.open.find(({ before }) => before === segment.slice(0, brace))?.node;
      if (!child) {
        child = newNode();
        if (brace < 0) node.next.set(segment, child);
        else node.open.push({ before: segment.slice(0, brace), node: child });
      }
      node = child;
    }
    node.here.push(known);
  }
  return root;
}

const root = tree();

/** Stands for a value that is put into a path when the program runs. */
export const hole = '\u0000';

/** All endpoints with this path; parts that the program fills in are `hole`. A written part goes before a parameter. */
export function endpointsAt(path: string): readonly Known[] {
  const trimmed = path.endsWith('/') ? path.slice(0, -1) : path;
  return walk(root, trimmed.slice(1).split('/'), 0);
}

function walk(node: Node, segments: readonly string[], at: number): readonly Known[] {
  const segment = segments[at];
  if (segment === undefined) return node.here;
  if (segment === '') return [];
  const written = node.next.get(segment);
  const found = written ? walk(written, segments, at + 1) : [];
  if (found.length > 0) return found;
  for (const { before, node: child } of node.open)
    if (segment.startsWith(before) && segment.length > before.length) {
      const through = walk(child, segments, at + 1);
      if (through.length > 0) return through;
    }
  return [];
}

const byId = new Map(knownEndpoints.map((known) => [known.id, known]));

/** An endpoint by method and path, as replacements name it. */
export function knownById(id: string): Known | undefined {
  return byId.get(id);
}

/** Whether a path is so common that other services have it too: then the file must show that it speaks to KuCoin. */
export function isCommonPath(path: string): boolean {
  return (
    /^\/api\/v\d\/(?:accounts|orders|order|fills|status|timestamp|symbols|currencies|prices|deposits|withdrawals|ticker|allTickers|position|positions|markets|purchase|redeem|trade-fees|deposit-addresses|announcements|margin)(?:\/[^/]*)?$/.test(
      path,
    ) && !/\/(?:universal-transfer|inner-transfer|sub-transfer|transferable|ledgers)$/.test(path)
  );
}
