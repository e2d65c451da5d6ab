import type { Host } from '../kucoin/vocabulary';
import {
  constructors,
  methodOf,
  universalCalls,
  universalMarks,
  type ClientId,
  type Method,
} from './clients';
import { endpointsAt, hole, isCommonPath, knownEndpoints, type Known } from './known';
import { baseUrlOf, baseUrls, evidenceOf, otherExchange, type BaseUrl, type Evidence } from './places';
import { inComment, isWord, lineStart, stringAt, type Family, type StringSpan } from './scan';
import {
  assignmentBefore,
  callAround,
  callAt,
  commandAt,
  receiversBefore,
  wordBefore,
  type CallSite,
  type Range,
  type Source,
} from './syntax';

/** A call of KuCoin that stands in a text. */
export interface FoundCall extends Range {
  readonly known: Known;
  /** A path in a string, or the method of a client. The range is the path without its query, or the method's name. */
  readonly by: 'path' | ClientId;
  /** The host that the text names for it; absent where it only follows from the path. */
  readonly host?: { readonly host: Host; readonly at: number; readonly name: string };
  /** The query that follows the path. */
  readonly query?: Range;
  /** The call expression around it. */
  readonly site?: CallSite;
  /** Of a client's method: where its parameters are. */
  readonly method?: Method;
}

/** More calls than anybody looks at: the rest of a generated file is left alone. */
const most = 1_000;

export interface File extends Source {
  readonly family: Family;
  readonly urls: readonly BaseUrl[];
  readonly evidence: Evidence;
}

export function fileOf(source: Source, family: Family): File {
  const urls = baseUrls(source);
  return { ...source, family, urls, evidence: evidenceOf(source, urls) };
}

export function findCalls(file: File): FoundCall[] {
  if (!file.evidence.any) return [];
  const calls = [...byPath(file), ...byClient(file), ...byUniversalSdk(file)];
  calls.sort((a, b) => a.start - b.start);
  return calls.slice(0, most);
}

// ---------------------------------------------------------------- paths

function* byPath(file: File): Generator<FoundCall> {
  const { text, scan } = file;
  let left = most;
  for (let at = text.indexOf('api/v'); at >= 0 && left > 0; at = text.indexOf('api/v', at + 5)) {
    if (!isDigit(text.charCodeAt(at + 5)) || inComment(scan, at)) continue;
    const string = stringAt(scan, at);
    const span = string ?? bareWord(file, at);
    if (!span) continue;
    const slash = text[at - 1] === '/';
    if (!slash && at !== span.start) continue;
    const call = pathCall(file, span, slash ? at - 1 : at, string !== undefined);
    if (call) {
      left--;
      yield call;
    }
  }
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

/** In shells and request files a URL needs no quotes. */
function bareWord({ text, family }: File, at: number): StringSpan | undefined {
  if (family !== 'shell' && family !== 'http') return undefined;
  const isEnd = (i: number): boolean => {
    const c = text.charCodeAt(i);
    return (
      Number.isNaN(c) || c <= 32 || c === 34 || c === 39 || c === 59 || c === 124 || c === 41 || c === 96
    );
  };
  let start = at;
  while (start > 0 && at - start < 300 && !isEnd(start - 1)) start--;
  // No host is so long.
  if (at - start >= 300) return undefined;
  let end = at;
  while (end < text.length && end - at < 1_000 && !isEnd(end)) end++;
  const assignment = text.slice(start, at).lastIndexOf('=');
  if (assignment >= 0 && !text.slice(start, at).includes('?')) start += assignment + 1;
  return { open: start, start, end, close: end };
}

function pathCall(file: File, span: StringSpan, at: number, quoted: boolean): FoundCall | undefined {
  const { text } = file;
  const written = pathFrom(file, at, span.end);
  // Without a slash before it only a client adds one: `get('api/v1/accounts')`.
  let path = text[at] === '/' ? written.path : `/${written.path}`;
  if (path.endsWith('/') && written.end === span.end) {
    if (!goesOn(file, span)) path = path.slice(0, -1);
    else path += hole;
  } else
    path =
      path.endsWith(hole) && !path.endsWith(`/${hole}`) && !endpointsAt(path).length
        ? path.slice(0, -1)
        : path;
  let found = endpointsAt(path);
  if (found.length === 0 && path.endsWith(hole)) found = endpointsAt(path.replace(/\/?\0$/, ''));
  if (found.length === 0) return undefined;

  const before = text.slice(span.start, at);
  const site = quoted || file.family === 'http' ? callAround(file, span.open) : undefined;
  const url = whose(file, span, before, site, path);
  if (!url) return undefined;
  const method = methodFor(file, span, at, site, found);
  const known = choose(found, method, url.kucoin?.host ?? impliedHost(file));
  if (!known) return undefined;
  const queryStart = text[written.end] === '?' ? written.end + 1 : undefined;
  return {
    known,
    by: 'path',
    start: at,
    end: written.end,
    ...(url.kucoin && { host: { host: url.kucoin.host, at: url.at, name: url.host } }),
    ...(queryStart !== undefined && {
      query: { start: queryStart, end: endOfQuery(file, queryStart, span.end) },
    }),
    ...(site && { site }),
  };
}

function endOfQuery({ text }: File, start: number, limit: number): number {
  let end = start;
  while (
    end < limit &&
    text.charCodeAt(end) > 32 &&
    text[end] !== '"' &&
    text[end] !== "'" &&
    text[end] !== '\\'
  )
    end++;
  return end;
}

/** Reads a path; what the program fills in becomes a hole. */
function pathFrom(
  { text, family }: File,
  at: number,
  limit: number,
): { readonly path: string; readonly end: number } {
  let path = '';
  let i = at;
  while (i < limit && i - at < 400) {
    const char = text[i] ?? '';
    const code = text.charCodeAt(i);
    if (char === '$' && text[i + 1] === '{') i = skipBraces(text, i + 1, limit);
    else if (char === '{') i = skipBraces(text, i, limit);
    else if (char === '$' && isWord(text.charCodeAt(i + 1)) && (family === 'php' || family === 'shell')) {
      i++;
      while (i < limit && isWord(text.charCodeAt(i)) && text[i] !== '$') i++;
      while (text.startsWith('->', i) && isWord(text.charCodeAt(i + 2)))
        for (i += 2; i < limit && isWord(text.charCodeAt(i)); i++);
    } else if (char === '%' && /[sdv]/.test(text[i + 1] ?? '')) i += 2;
    else if (char === '<' && /^<[\w-]{1,40}>/.test(text.slice(i, i + 44))) i = text.indexOf('>', i) + 1;
    else if (char === ':' && path.endsWith('/')) {
      i++;
      while (i < limit && isWord(text.charCodeAt(i))) i++;
    } else if (isWord(code) || char === '/' || char === '-' || char === '.') {
      path += char;
      i++;
      continue;
    } else break;
    if (!path.endsWith(hole)) path += hole;
  }
  return { path, end: Math.min(i, limit) };
}

function skipBraces(text: string, open: number, limit: number): number {
  let depth = 0;
  for (let i = open; i < limit && i - open < 300; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i + 1;
  }
  return Math.min(limit, open + 300);
}

/** Whether something is added to a string: `'/api/v1/accounts/' + id`. */
function goesOn({ text }: File, { close }: StringSpan): boolean {
  return /^\s*(?:\+|\.(?:\s|\$|=)|%|,)/.test(text.slice(close, close + 12));
}

/**
 * To whom a path is sent: the host in the string, the base URL behind a name, else what the file shows. The answer is
 * nothing when it is not KuCoin, or when that cannot be told.
 */
function whose(
  file: File,
  span: StringSpan,
  before: string,
  site: CallSite | undefined,
  path: string,
): { readonly kucoin?: BaseUrl['kucoin']; readonly at: number; readonly host: string } | undefined {
  const { urls, evidence, text } = file;
  const nothing = { at: span.start, host: '' };
  if (before.includes('://')) {
    const url = urls.find(({ at }) => at >= span.start && at < span.start + before.length);
    return url?.kucoin && before.endsWith(url.host) ? url : undefined;
  }
  if (/^[\w.-]+\.\w{2,}$/.test(before)) {
    const kucoin = urls.length >= 0 && before.endsWith('kucoin.com') ? { host: 'spot' as const } : undefined;
    return kucoin && { kucoin, at: span.start, host: before };
  }
  const names: string[] = [];
  if (before !== '') {
    // One name in braces, nothing else: the base. Everything else is another kind of text.
    const name = /^(?:\$\{|\{\{?|\$)?([\w.$>?!()\s-]{1,80}?)\}?\}?$/.exec(before);
    if (!name && before !== '%s' && before !== '{}') return undefined;
    if (!/^(?:[${%])/.test(before)) return undefined;
    names.push(...lastWords(name?.[1] ?? ''));
  } else {
    if (isRoute(file, span, site)) return undefined;
    const plus = /(?:\+|\.|,|\()\s*$/.exec(text.slice(Math.max(0, span.open - 6), span.open));
    if (plus?.[0].startsWith('+') || plus?.[0].startsWith('.')) {
      const end = span.open - plus[0].length;
      names.push(wordBefore(text, end).word.replace(/^\$/, ''));
      // `$this->base . '/api…'`, `BASE_URL() + "…"`.
      if (names[0] === '' && text[end - 1] === ')')
        names[0] = wordBefore(text, text.lastIndexOf('(', end)).word;
    }
    if (site) {
      // `fetch('/api/…')` goes to the page's own server.
      if (/^fetch$/.test(site.callee) && site.receivers.length === 0 && names.length === 0) return undefined;
      names.push(...site.receivers.map((word) => word.replace(/^\$/, '')));
      // `urljoin(BASE, '/api/…')`, `format!("{}/api", BASE)`, `request(BASE, path)`.
      const argument = /[(,]\s*&?([A-Za-z_][\w.]{0,60})\s*,\s*$/.exec(
        text.slice(Math.max(site.open, span.open - 80), span.open),
      );
      if (argument?.[1]) names.push(...lastWords(argument[1]));
    }
  }
  if (before === '%s' || before === '{}') {
    const argument = /^\s*,\s*&?([A-Za-z_][\w.]{0,60})/.exec(text.slice(span.close, span.close + 70));
    if (argument?.[1]) names.push(...lastWords(argument[1]));
  }
  const url = baseUrlOf(urls, names, span.start);
  if (url)
    return url.kucoin || /^(?:localhost|127\.)/.test(url.host) ? (url.kucoin ? url : undefined) : undefined;
  if (names.some((name) => otherExchange.test(name))) return undefined;
  if (names.some((name) => /kucoin/i.test(name))) return nothing;
  const signs = evidence.signsBefore(span.start);
  const foreign = signs.some(({ kucoin }) => !kucoin);
  if (!isCommonPath(path)) {
    if (!foreign || evidence.strong) return nothing;
  }
  if (!evidence.strong) return undefined;
  if (!foreign) return nothing;
  return signs.findLast(({ at }) => at < span.start)?.kucoin ? nothing : undefined;
}

function lastWords(chain: string): string[] {
  const words = chain.match(/[A-Za-z_]\w*/g) ?? [];
  return words
    .reverse()
    .filter((word) => word !== 'this' && word !== 'self' && word !== 'env' && word !== 'process');
}

const routeReceivers =
  /^(?:app|router|server|fastify|route|routes|mux|r|e|web|blueprint|bp|nock|scope|mockServer|cy|msw|rest|http_server|Route)$/i;

/** Paths that the program serves or fakes itself, instead of calling them. */
function isRoute({ text, family }: File, span: StringSpan, site: CallSite | undefined): boolean {
  const line = text.slice(lineStart(text, span.open), span.open);
  if (
    /^\s*(?:@|\[|#\[)\s*\w*(?:Mapping|route|Route|Http(?:Get|Post|Delete|Put)|Path|get|post|delete)\b/.test(
      line,
    ) &&
    family !== 'shell'
  )
    return true;
  if (!site) return false;
  if (
    /^(?:HandleFunc|Handle|handle_func|MapGet|MapPost|MapDelete|add_url_rule|intercept|route|resource|add_api_route)$/.test(
      site.callee,
    )
  )
    return true;
  const receiver = site.receivers[0] ?? '';
  if (
    routeReceivers.test(receiver) &&
    /^(?:get|post|put|delete|use|all|route|GET|POST|DELETE|Get|Post|Delete|any)$/.test(site.callee)
  ) {
    // A handler follows.
    const after = text.slice(span.close, span.close + 120);
    return (
      /^\s*,\s*(?:async\b|function\b|\(|func\b|\w[\w.]*\s*(?:\)|,)|\[|fn\b|\|)/.test(after) ||
      receiver === 'cy' ||
      receiver === 'nock'
    );
  }
  return false;
}

const verb = /^(?:GET|POST|DELETE|PUT|PATCH)$/i;

/** The HTTP method that a path is called with, from the code around it; only among the methods that the path has. */
function methodFor(
  file: File,
  span: StringSpan,
  at: number,
  site: CallSite | undefined,
  found: readonly Known[],
): string | undefined {
  const { text, family } = file;
  const known = new Set(found.map(({ method }) => method));
  if (known.size === 1) return [...known][0];
  const one = (word: string | undefined): string | undefined => {
    const upper = word?.toUpperCase();
    return upper && known.has(upper) ? upper : undefined;
  };
  const line = lineStart(text, at);
  if (family === 'http') return one(/^\s*([A-Z]{3,7})\s/.exec(text.slice(line, at))?.[1]) ?? 'GET';
  if (family === 'shell') return one(shellMethod(text, at));
  if (site) {
    const inside = text.slice(site.open, Math.min(site.close, site.open + 1_500));
    const offset = span.open - site.open;
    // A method as an argument beside the path, the nearest first.
    const beside =
      /(?:^|[(,\s])["'`]?(GET|POST|DELETE|Get|Post|Delete|get|post|delete)["'`]?\s*,\s*(?:[\w.$]+\s*\+\s*|f|\$|@|&)?$/.exec(
        inside.slice(Math.max(0, offset - 60), offset),
      ) ??
      /^["'`]?\s*,\s*["'`](GET|POST|DELETE|get|post|delete)["'`]/.exec(
        inside.slice(span.close - site.open - 1),
      );
    const option =
      /\b(?:method|Method|type|verb)['"]?\s*(?::|=|=>)\s*(?:\w+\.)*['"`]?(GET|POST|DELETE|Get|Post|Delete|get|post|delete)\b/.exec(
        inside,
      );
    const constant =
      /\b(?:HttpMethod|Method|http\.Method|RequestMethod|RestMethod)(?:\.|::)?(GET|POST|DELETE|Get|Post|Delete)\b/.exec(
        inside,
      );
    const direct =
      one(beside?.[1]) ??
      one(option?.[1]) ??
      one(constant?.[1]) ??
      one(/^(get|post|delete)/i.exec(site.callee)?.[1]);
    if (direct) return direct;
    // `signed_get(`, `HttpGet(`, `.uri(…).POST(body)`.
    const inName = /(?:_|[a-z])(get|post|delete|Get|Post|Delete)(?=[A-Z_]|$)/.exec(site.callee);
    if (inName) return one(inName[1]);
  }
  // The rest of the statement, then the use of the name that the path is given.
  const after = text.slice(span.close, span.close + 400);
  const statement = /^[^;]{0,400}/.exec(after)?.[0] ?? '';
  const later =
    /\.(POST|GET|DELETE)\(|\bmethod\(\s*"(POST|GET|DELETE)"|\bmethod['"]?\s*[:=]>?\s*['"`](POST|GET|DELETE|post|get|delete)['"`]/.exec(
      statement,
    );
  // What stands further away speaks for calls of today only, where there are any.
  const current = found.filter(({ fate }) => fate === 'current');
  const distant = (word: string | undefined): string | undefined => {
    const method = one(word);
    return current.length === 0 || current.some((known) => known.method === method) ? method : undefined;
  };
  const fromLater = distant(later?.[1] ?? later?.[2] ?? later?.[3]);
  if (fromLater) return fromLater;
  const near = text.slice(Math.max(0, span.open - 200), span.open) + after;
  const spoken =
    /["'`](POST|DELETE|GET)["'`]|\b(?:requests|axios|session|http|client|self)\.(post|delete|get)\(|Method(?:\.|::)?(Post|Delete|Get|POST|DELETE|GET)\b/.exec(
      near,
    );
  const word = spoken?.[1] ?? spoken?.[2] ?? spoken?.[3];
  return verb.test(word ?? '') ? distant(word) : undefined;
}

/** curl: `-X POST`, or data without a method. */
function shellMethod(text: string, at: number): string {
  const { start, end } = commandAt(text, at);
  const command = text.slice(start, end).slice(0, 2_000);
  const named =
    /(?:-X|--request)[ =]?["']?(GET|POST|DELETE|PUT)|\b(GET|POST|DELETE)["']?\s+["']?\S*api\/v\d|\bhttps?ie?\s+(GET|POST|DELETE)/i.exec(
      command,
    );
  return (
    named?.[1] ??
    named?.[2] ??
    named?.[3] ??
    (/\s(?:-d|--data(?:-raw|-binary)?|--json)\b/.test(command) ? 'POST' : 'GET')
  );
}

/** The host of all of a file: where it names one kind of host only. */
function impliedHost({ urls }: File): Host | undefined {
  const named = new Set(urls.flatMap(({ kucoin }) => (kucoin ? [kucoin.host] : [])));
  return named.size === 1 ? [...named][0] : undefined;
}

function choose(
  found: readonly Known[],
  method: string | undefined,
  host: Host | undefined,
): Known | undefined {
  const order: readonly (string | undefined)[] = [method, 'GET', 'POST', 'DELETE'];
  for (const wanted of order) {
    const same = found.filter((known) => known.method === wanted);
    const one =
      same.find((known) => known.host === host) ?? same.find((known) => known.host === 'spot') ?? same[0];
    if (one) return one;
  }
  return undefined;
}

// ---------------------------------------------------------------- clients

interface Instance {
  readonly name: string;
  readonly client: Exclude<ClientId, 'universal'>;
  readonly at: number;
}

function* byClient(file: File): Generator<FoundCall> {
  const instances = instancesOf(file);
  if (instances.length === 0) return;
  const { text, scan } = file;
  const names = new Map<string, Instance[]>();
  for (const instance of instances) names.set(instance.name, [...(names.get(instance.name) ?? []), instance]);
  for (const [name, made] of names) {
    let left = most;
    for (let at = text.indexOf(name); at >= 0 && left > 0; at = text.indexOf(name, at + name.length)) {
      if (
        isWord(text.charCodeAt(at + name.length)) ||
        (isWord(text.charCodeAt(at - 1)) && text[at - 1] !== '$')
      )
        continue;
      const member = /^\s*(?:!?\.|\?\.|->|::)\s*([A-Za-z_]\w{1,80})\s*\(/.exec(
        text.slice(at + name.length, at + name.length + 140),
      );
      if (!member?.[1] || inComment(scan, at)) continue;
      const string = stringAt(scan, at);
      if (string && !isInHole(file, string, at)) continue;
      const instance = made.findLast((one) => one.at < at) ?? made[0];
      if (!instance) continue;
      const method = methodOf(instance.client, member[1]);
      const known = method && knownOf(method);
      if (!known) continue;
      left--;
      const open = at + name.length + member[0].length - 1;
      const start = text.lastIndexOf(member[1], open);
      const site = callAt(file, open);
      yield {
        known,
        by: instance.client,
        start,
        end: start + member[1].length,
        method,
        ...(site && { site }),
      };
    }
  }
}

/** Calls stand in the holes of templates too: `${await client.getBalances()}`. */
function isInHole({ text }: File, { start }: StringSpan, at: number): boolean {
  const before = text.slice(start, at);
  return before.lastIndexOf('{') > before.lastIndexOf('}');
}

const byKey = new Map(knownEndpoints.map((known) => [`${known.host} ${known.id}`, known]));

function knownOf({ id, host }: Method): Known | undefined {
  return byKey.get(`${host} ${id}`) ?? byKey.get(`${host === 'spot' ? 'futures' : 'spot'} ${id}`);
}

function instancesOf(file: File): Instance[] {
  const { text, scan, family } = file;
  const found: Instance[] = [];
  const needed = new Map<string, boolean>();
  for (const { client, text: made, needs, families } of constructors) {
    if (!families.includes(family)) continue;
    const hasNeed = needed.get(needs) ?? text.includes(needs);
    needed.set(needs, hasNeed);
    if (!hasNeed) continue;
    for (
      let at = text.indexOf(made);
      at >= 0 && found.length < 200;
      at = text.indexOf(made, at + made.length)
    ) {
      if (isWord(text.charCodeAt(at - 1)) || inComment(scan, at)) continue;
      const name = assignedTo(text, at);
      if (name) found.push({ name, client, at });
    }
    // A parameter or a field that is only typed: `(client: SpotClient)`, `private readonly futures: FuturesClient;`
    const type = /^new (\w+)\($/.exec(made)?.[1];
    if (!type || family !== 'javascript') continue;
    const typed = `: ${type}`;
    for (
      let at = text.indexOf(typed);
      at >= 0 && found.length < 200;
      at = text.indexOf(typed, at + typed.length)
    ) {
      const { word } = wordBefore(text, text[at - 1] === '?' || text[at - 1] === '!' ? at - 1 : at);
      if (word && !isWord(text.charCodeAt(at + typed.length)) && !inComment(scan, at))
        found.push({ name: word, client, at });
    }
  }
  return found.sort((a, b) => a.at - b.at);
}

/** The name that the value at an offset is assigned to. */
function assignedTo(text: string, at: number): string | undefined {
  const before = text.slice(Math.max(0, at - 120), at);
  const match =
    /([A-Za-z_]\w{0,60})\s*(?::\s*[\w.<>]{1,40}\s*)?(?::=|=)\s*(?:await\s+|new\s+|new \\?|\\|async\s+with\s+|\(\s*)?(?:\w+\.)?\\?$/.exec(
      before,
    );
  if (match) return match[1];
  // `exchanges = { kucoin: new ccxt.kucoin() }`; `with ccxt.kucoin() as exchange` names it afterwards.
  const member = /([A-Za-z_]\w{0,60})["']?\s*(?::|=>)\s*(?:new\s+)?\\?$/.exec(before);
  if (member) return member[1];
  const after = /^[^\n]{0,200}\)\s+as\s+(\w{1,60})\s*:/.exec(text.slice(at, at + 300));
  return after?.[1];
}

// ---------------------------------------------------------------- universal SDK

/** Groups of the SDK by the getter of their interface: `getOrderApi`, `get_order_api`, `GetOrderAPI`. */
const getter = /get_?([A-Za-z_]{3,20}?)_?(api|service)\b/gi;

function* byUniversalSdk(file: File): Generator<FoundCall> {
  const { text, scan, family } = file;
  if (!universalMarks.some((mark) => text.includes(mark))) return;
  if (!['javascript', 'python', 'go', 'java', 'php'].includes(family)) return;
  let left = most;
  for (let at = text.indexOf('('); at >= 0 && left > 0; at = text.indexOf('(', at + 1)) {
    const { start, word } = wordBefore(text, at);
    if (word.length < 5) continue;
    const member = text[start - 1] === '.' || text.startsWith('->', start - 2);
    if (!member) continue;
    const found = universalCalls(word);
    if (found.length === 0 || inComment(scan, at)) continue;
    const string = stringAt(scan, at);
    if (string && !isInHole(file, string, at)) continue;
    const known = found.length === 1 ? found[0] : narrowed(file, found, start);
    if (!known) continue;
    left--;
    const site = callAt(file, at);
    yield { known, by: 'universal', start, end: start + word.length, ...(site && { site }) };
  }
}

/** The call among several of the same name, by the interface that it is called on. */
function narrowed(file: File, found: readonly Known[], at: number): Known | undefined {
  const { text } = file;
  let receivers: readonly string[] = receiversBefore(file, at);
  const said: { service?: string; group?: string } = {};
  const hear = (words: string): void => {
    for (const [, name = '', kind = ''] of words.matchAll(getter)) {
      const key = kind.toLowerCase() === 'api' ? 'group' : 'service';
      said[key] ??= name.replaceAll('_', '').toLowerCase();
    }
  };
  for (let steps = 0; steps < 3; steps++) {
    hear(receivers.join(' '));
    const name = receivers.find((word) => !/^(?:this|self|\$this)$/.test(word) && !getterWord.test(word));
    if (said.service !== undefined && said.group !== undefined) break;
    if (name === undefined) break;
    // What the name was assigned, wherever that was: fields are often set below or far above.
    const value =
      assignmentBefore(file, name.replace(/^\$/, ''), at, 20_000) ??
      assignmentBefore(file, name, text.length, text.length);
    if (!value) break;
    const words = text.slice(value.start, Math.min(value.end, value.start + 400));
    hear(words);
    receivers = words.match(/[A-Za-z_]\w*/g) ?? [];
    if (receivers.length === 0) break;
  }
  const fits = found.filter(
    ({ sdk }) =>
      (said.group === undefined || sdk?.group.toLowerCase() === said.group) &&
      (said.service === undefined || sdk?.service.toLowerCase() === said.service),
  );
  return said.group !== undefined || said.service !== undefined
    ? fits.length === 1
      ? fits[0]
      : undefined
    : undefined;
}

const getterWord = /^(?:get_?\w+_?(?:api|service)|rest_?service|get_?rest_?service)$/i;
