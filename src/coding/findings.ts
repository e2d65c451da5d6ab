import type { Sentence } from '../kucoin/explain';
import { brands } from '../kucoin/brands';
import { permissionTitles, type Permission, type World } from '../kucoin/vocabulary';
import type { FoundCall, File } from './calls';
import { endpointsAt, fateIn, knownById } from './known';
import { findingTexts, fixTexts } from './messages';
import { hosts } from './places';
import { inComment, isWord, lineEnd, lineStart, stringAt, type Family } from './scan';
import { say } from './sentence';
import {
  assignmentBefore,
  callAt,
  commandAt,
  jsonValuesIn,
  namesIn,
  queryValuesIn,
  statementEnd,
  tokensOf,
  valuesIn,
  type CallSite,
  type Range,
  type Value,
  type Values,
} from './syntax';

export type FindingCode = `KC1${string}`;

export interface TextEdit extends Range {
  readonly text: string;
}

export interface Fix {
  readonly title: Sentence;
  readonly edits: readonly TextEdit[];
}

export interface Finding extends Range {
  /** Stable: KC101 to KC114. */
  readonly code: FindingCode;
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: Sentence;
  /** Page of the documentation. */
  readonly docs?: string;
  readonly fixes: readonly Fix[];
}

/** What is known beside the text. What is left out is not known, and no finding comes of it. */
export interface CodingFacts {
  /** `today` where left out. */
  readonly world?: World;
  /** Permissions of the active key, as the key information lists them. */
  readonly permissions?: readonly string[];
  /** State of spot HF of the active profile: of `hfStatus` in the portfolio. */
  readonly spotHf?: string;
  /** States of the margin kinds, in the same words. */
  readonly marginHf?: { readonly cross?: string | undefined; readonly isolated?: string | undefined };
}

const signingPage = 'https://www.kucoin.com/docs-new/authentication';

export function findingsOf(file: File, calls: readonly FoundCall[], facts: CodingFacts): Finding[] {
  const found: Finding[] = [];
  const world = facts.world ?? 'today';
  for (const call of calls) {
    const { known } = call;
    const docs = known.docs;
    const add = (finding: Omit<Finding, 'docs'>): void =>
      void found.push({ ...finding, ...(docs !== undefined && { docs }) });
    fate(call, world, add);
    host(call, add);
    permission(call, world, facts, add);
    if (call.method?.unified) continue;
    hiddenHf(file, call, facts, add);
    const { values, open } = valuesOf(file, call);
    if (values.size === 0) continue;
    accountTypes(call, world, facts, values, add);
    if (!open) tags(call, values, add);
    amounts(call, values, file.family, add);
    pageSizes(call, values, add);
    windows(file, call, values, add);
  }
  goneHosts(file, found);
  openedRead(file, calls, found);
  signing(file, found);
  timestamps(file, found);
  return distinct(found);
}

type Add = (finding: Omit<Finding, 'docs'>) => void;

/** One finding of a code at a place, in order. */
function distinct(found: readonly Finding[]): Finding[] {
  const all = new Map(found.map((finding) => [`${finding.code} ${finding.start} ${finding.end}`, finding]));
  return [...all.values()].sort((a, b) => a.start - b.start || a.code.localeCompare(b.code));
}

// ---------------------------------------------------------------- the endpoint

function fate(call: FoundCall, world: World, add: Add): void {
  const { known, start, end } = call;
  // A unified method of ccxt chooses its call itself.
  if (call.method?.unified) return;
  const state = fateIn(world, known);
  if (state === 'current') return;
  const by = known.replacement === undefined ? undefined : knownById(known.replacement);
  const replacement = by ? `${by.method} ${by.path}` : '';
  const fixes: Fix[] =
    by && known.samePathFix && call.by === 'path' && !by.path.includes('{')
      ? [{ title: say(fixTexts.replacePath, { path: by.path }), edits: [{ start, end, text: by.path }] }]
      : [];
  if (state === 'gone')
    add({
      code: 'KC102',
      severity: 'error',
      start,
      end,
      fixes,
      message: say(findingTexts.KC102, { title: known.title, replacement }),
    });
  else
    add({
      code: 'KC101',
      severity: 'information',
      start,
      end,
      fixes,
      message: by
        ? say(findingTexts.KC101By, { title: known.title, replacement })
        : say(findingTexts.KC101, { title: known.title }),
    });
}

/** Hosts that go together: a brand's futures host for its spot host, and back. */
function otherHost(name: string): string | undefined {
  for (const { hosts: own } of Object.values(brands)) {
    const spot = own.spot.replace('https://', '');
    const futures = own.futures?.replace('https://', '');
    if (futures === undefined) continue;
    if (name === spot) return futures;
    if (name === futures) return spot;
  }
  return undefined;
}

function host(call: FoundCall, add: Add): void {
  const { known, host: named } = call;
  if (!named || named.host === known.host || endpointsAt(known.path).some((one) => one.host === named.host))
    return;
  const right = otherHost(named.name);
  add({
    code: 'KC103',
    severity: 'error',
    start: call.start,
    end: call.end,
    message: say(findingTexts.KC103, { path: known.path, right: known.host, host: named.name }),
    fixes:
      right !== undefined && named.at >= call.start - 200 && named.at < call.start
        ? [
            {
              title: say(fixTexts.replaceHost, { host: right }),
              edits: [{ start: named.at + 3, end: named.at + 3 + named.name.length, text: right }],
            },
          ]
        : [],
  });
}

function goneHosts({ urls }: File, found: Finding[]): void {
  for (const { at, host: name, kucoin } of urls) {
    if (!kucoin?.state) continue;
    const [start, end] = [at + 3, at + 3 + name.length];
    const right = Object.entries(hosts).find(([, one]) => one.host === kucoin.host && !one.state)?.[0] ?? '';
    const gone = kucoin.state === 'gone';
    found.push({
      code: 'KC103',
      severity: gone ? 'error' : 'warning',
      start,
      end,
      message: gone
        ? say(findingTexts.KC103Gone, { host: name })
        : say(findingTexts.KC103Earlier, { host: name, right }),
      // From a test network to the real one is a step that nobody should take by a click.
      fixes: gone
        ? []
        : [{ title: say(fixTexts.replaceHost, { host: right }), edits: [{ start, end, text: right }] }],
    });
  }
}

function permission(call: FoundCall, world: World, { permissions }: CodingFacts, add: Add): void {
  const { known } = call;
  const needed = known.entry?.permissionIn?.[world] ?? known.entry?.permission ?? known.permission;
  if (!permissions || needed === undefined || needed === 'Public' || permissions.includes(needed)) return;
  const titles: Readonly<Record<string, string>> = permissionTitles;
  add({
    code: 'KC110',
    severity: 'warning',
    start: call.start,
    end: call.end,
    fixes: [],
    message: say(findingTexts.KC110, {
      title: known.title,
      permission: titles[needed as Permission] ?? needed,
    }),
  });
}

// ---------------------------------------------------------------- parameters

/**
 * Parameters of a call as far as the text shows them: the query, the arguments, what the names among the arguments
 * were given. `open`: something is spread into them, so that what is missing may be there.
 */
export function valuesOf(file: File, call: FoundCall): { readonly values: Values; readonly open: boolean } {
  const { text } = file;
  const values: Values = new Map<string, Value>();
  let open = false;
  if (call.query) queryValuesIn(text, call.query.start, call.query.end, values);
  if (file.family === 'http') {
    const next = text.indexOf('\n###', call.end);
    const end = next < 0 ? Math.min(text.length, call.end + 4_000) : next;
    const blank = /\n[ \t]*\r?\n/.exec(text.slice(call.end, end));
    if (blank) jsonValuesIn(text, call.end + blank.index, end, values);
    return { values, open };
  }
  if (file.family === 'shell') {
    const { start: from, end: to } = commandAt(text, call.start);
    jsonValuesIn(text, from, to, values);
    // A body in a variable: `-d "$BODY"`.
    for (const [, name = ''] of text
      .slice(from, to)
      .matchAll(/(?:-d|--data\S{0,8}|--json)[ =]+"?\$\{?(\w{1,40})/g)) {
      const body = assignmentBefore(file, name, from);
      if (body) jsonValuesIn(text, body.start, body.end, values);
    }
    return { values, open };
  }
  const { site } = call;
  if (!site) {
    if (call.by !== 'path') return { values, open };
    open = neighbourhood(file, call, values);
    for (const next of chainedAfter(file, call.query?.end ?? call.end))
      open = argumentsOf(file, next, values) || open;
    return { values, open };
  }
  places(file, call, values);
  open = argumentsOf(file, site, values);
  for (const next of chainedAfter(file, site.close + 1)) open = argumentsOf(file, next, values) || open;
  givenLater(file, site, values);
  return { values, open };
}

/** What a request is given after it was made: `request.AddQueryParameter("pageSize", 20)`, up to the next path. */
function givenLater(file: File, site: CallSite, values: Values): void {
  const { text } = file;
  const name = /([A-Za-z_]\w{0,60})\s*:?=\s*(?:await\s+)?(?:new\s+)?[\w.:]{1,80}\($/.exec(
    text.slice(Math.max(0, site.open - 160), site.open + 1),
  )?.[1];
  if (name === undefined) return;
  const next = text.indexOf('api/v', site.close);
  const to = Math.min(next < 0 ? text.length : next, site.close + 1_500);
  const given = new RegExp(`\\b${name}\\.\\w{0,20}(?:param|query|field|header|body)\\w{0,20}(?=\\()`, 'gi');
  const stretch = text.slice(site.close, to);
  for (const { index, 0: before } of stretch.matchAll(given)) {
    const call = callAt(file, site.close + index + before.length);
    if (call) argumentsOf(file, call, values);
  }
}

/** What stands in the arguments of a call, and what the names among them were given. Answers whether more may be there. */
function argumentsOf(file: File, site: CallSite, values: Values): boolean {
  const { text } = file;
  const spread = (from: number, to: number): boolean =>
    /\.\.\.|\*\*/.test(text.slice(from, Math.min(to, from + 4_000)));
  valuesIn(file, site.open + 1, site.close, values);
  let open = spread(site.open, site.close);
  for (const name of namesIn(file, site)) {
    if (name.length < 2 || /^(?:true|false|null|None|nil|self|this|ctx|err)$/.test(name)) continue;
    const value = assignmentBefore(file, name, site.open);
    if (!value) continue;
    open ||= spread(value.start, value.end);
    valuesIn(file, value.start, value.end, values);
    later(file, name, value.end, site.open, values);
    // `body = JSON.stringify(order)`, `req = builder.build()`: one step further.
    const inner = /\(\s*&?(\w{2,40})\s*[,)]/.exec(
      text.slice(value.start, Math.min(value.end, value.start + 200)),
    )?.[1];
    const source = inner === undefined ? undefined : assignmentBefore(file, inner, value.start);
    if (inner === undefined || !source) continue;
    valuesIn(file, source.start, source.end, values);
    later(file, inner, source.end, site.open, values);
  }
  return open;
}

/** Calls that follow in a chain: `.json(&body).send()`; the brackets around the path are passed first. */
function* chainedAfter(file: File, from: number): Generator<CallSite> {
  let at = from;
  for (let steps = 0; steps < 8; steps++) {
    const next = /^["'`)\]}\s]{0,40}(?:\?|!)?(?:\.|->)\w{1,60}(?:<[\w, ]{1,40}>)?\(/.exec(
      file.text.slice(at, at + 160),
    );
    const site = next && callAt(file, at + next[0].length - 1);
    if (!site) return;
    yield site;
    at = site.close + 1;
  }
}

/** What a name is given after it was made: `body["from"] = …`, `body.put("from", …)`. */
function later(file: File, name: string, from: number, to: number, values: Values): void {
  const { text } = file;
  let left = 30;
  for (
    let at = text.indexOf(name, from);
    at >= 0 && at < to && left-- > 0;
    at = text.indexOf(name, at + name.length)
  ) {
    if (isWord(text.charCodeAt(at - 1)) && text[at - 1] !== '$') continue;
    const after = text[at + name.length];
    if (after !== '[' && after !== '.' && after !== '-') continue;
    valuesIn(file, at + name.length, Math.min(to, statementEnd(file, at)), values);
  }
}

/** Parameters by place: `inner_transfer('USDT', 'main', 'trade', '1')`. */
function places(file: File, { method, site }: FoundCall, values: Values): void {
  if (!method?.places || !site) return;
  let place = 0;
  let depth = 0;
  const tokens = tokensOf(file, site.open + 1, site.close);
  tokens.forEach((token, i) => {
    if (/^[([{]$/.test(token.text) && token.kind === 'mark') depth++;
    else if (/^[)\]}]$/.test(token.text) && token.kind === 'mark') depth--;
    else if (token.text === ',' && depth === 0) place++;
    const name = method.places?.[place];
    const first = i === 0 || (tokens[i - 1]?.text === ',' && depth === 0);
    const alone = /^[,)]$/.test(tokens[i + 1]?.text ?? ',');
    if (name === undefined || !first || values.has(name)) return;
    if (token.kind === 'string' && alone) {
      const start = file.text.indexOf(token.text, token.start);
      values.set(name, {
        kind: 'text',
        text: token.text,
        start,
        end: start + token.text.length,
        whole: token,
        plain: true,
      });
    } else if ((token.kind === 'number' && alone) || token.text === 'float')
      values.set(name, {
        kind: token.text === 'float' || token.text.includes('.') ? 'float' : 'number',
        text: token.text,
        start: token.start,
        end: token.end,
        whole: token,
        plain: true,
      });
  });
}

/**
 * A path that is only assigned: the function around it tells what goes with it, as far as the next path. Answers
 * whether more may be there.
 */
function neighbourhood(file: File, { start, end }: FoundCall, values: Values): boolean {
  const { text } = file;
  const line = lineStart(text, start);
  const depthOf = (row: string): number => /^[ \t]*/.exec(row)?.[0].length ?? 0;
  const depth = depthOf(text.slice(line, start));
  // Lines of the same depth or deeper, up and down.
  let from = line;
  for (const row of text
    .slice(Math.max(0, line - 1_000), Math.max(0, line - 1))
    .split('\n')
    .reverse()) {
    const blank = row.trim() === '';
    if (row.includes('api/v') || (blank ? depth === 0 : depthOf(row) < depth)) break;
    from = Math.max(0, from - row.length - 1);
  }
  let to = end;
  const [rest = '', ...rows] = text.slice(end, end + 1_500).split('\n');
  to += rest.length;
  for (const row of rows) {
    if (row.includes('api/v') || (row.trim() !== '' && depthOf(row) < depth)) break;
    if (depth === 0 && /^(?:def|func|function|class|async|export|public|fn)\b/.test(row)) break;
    to += row.length + 1;
  }
  valuesIn(file, from, to, values);
  return /\.\.\.|\*\*/.test(text.slice(from, to));
}

const flex = ['MAIN', 'TRADE', 'CONTRACT', 'MARGIN', 'ISOLATED', 'MARGIN_V2', 'ISOLATED_V2'];
const inner = ['main', 'trade', 'trade_hf', 'margin', 'isolated', 'margin_v2', 'isolated_v2'];
const either = ['MAIN', 'TRADE'];
const both = <T>(types: T): Readonly<Record<World, T>> => ({ seed: types, today: types });

interface AccountParameter {
  readonly allowed: Readonly<Record<World, readonly string[]>>;
  /** Parameter that names the pair of an isolated account. */
  readonly tag?: string;
}

/** Account types by endpoint and parameter, in each world. Source: kucoin-api 8.5, 8.15 to 8.20. */
const accountParameters: Readonly<Record<string, Readonly<Record<string, AccountParameter>>>> = {
  'GET /api/v1/accounts': {
    type: {
      allowed: {
        seed: ['main', 'trade', 'margin', 'trade_hf'],
        today: ['main', 'trade', 'option', 'trade_hf'],
      },
    },
  },
  'GET /api/v1/accounts/transferable': {
    type: {
      allowed: {
        seed: ['MAIN', 'TRADE', 'TRADE_HF', 'MARGIN', 'ISOLATED'],
        today: ['MAIN', 'TRADE', 'MARGIN', 'ISOLATED', 'OPTION', 'MARGIN_V2', 'ISOLATED_V2'],
      },
      tag: 'tag',
    },
  },
  'POST /api/v3/accounts/universal-transfer': {
    fromAccountType: {
      allowed: { seed: [...flex, 'TRADE_HF'], today: [...flex, 'OPTION'] },
      tag: 'fromAccountTag',
    },
    toAccountType: {
      allowed: { seed: [...flex, 'TRADE_HF'], today: [...flex, 'OPTION'] },
      tag: 'toAccountTag',
    },
  },
  'POST /api/v2/accounts/inner-transfer': {
    from: { allowed: { seed: inner, today: [...inner, 'option'] }, tag: 'fromTag' },
    to: { allowed: { seed: [...inner, 'contract'], today: [...inner, 'contract', 'option'] }, tag: 'toTag' },
  },
  'POST /api/v2/accounts/sub-transfer': {
    accountType: {
      allowed: {
        seed: ['MAIN', 'TRADE', 'TRADE_HF', 'MARGIN', 'CONTRACT'],
        today: ['MAIN', 'TRADE', 'MARGIN', 'CONTRACT', 'OPTION', 'ISOLATED'],
      },
      tag: 'tag',
    },
    subAccountType: {
      allowed: {
        seed: ['MAIN', 'TRADE', 'TRADE_HF', 'MARGIN', 'CONTRACT'],
        today: ['MAIN', 'TRADE', 'MARGIN', 'CONTRACT', 'ISOLATED'],
      },
      tag: 'subTag',
    },
  },
  'POST /api/v3/transfer-out': { recAccountType: { allowed: both(either) } },
  'POST /api/v1/transfer-in': { payAccountType: { allowed: both(either) } },
};

/** Account types that an endpoint takes for a parameter; nothing for other parameters. */
export function accountTypesFor(id: string, parameter: string, world: World): readonly string[] | undefined {
  return accountParameters[id]?.[parameter]?.allowed[world];
}

const allTypes = new Set([
  'MAIN',
  'TRADE',
  'TRADE_HF',
  'MARGIN',
  'ISOLATED',
  'MARGIN_V2',
  'ISOLATED_V2',
  'CONTRACT',
  'OPTION',
  'POOL',
  'FUNDING',
  'SPOT',
  'FUTURES',
  'CROSS',
  'UNIFIED',
  'TRADING',
]);

function accountTypes(call: FoundCall, world: World, facts: CodingFacts, values: Values, add: Add): void {
  const parameters = accountParameters[call.known.id];
  if (!parameters) return;
  for (const [parameter, { allowed }] of Object.entries(parameters)) {
    const value = values.get(parameter);
    if (value?.kind !== 'text' || !allTypes.has(value.text.toUpperCase())) continue;
    const { start, end } = value;
    const fixTo = (text: string): Fix[] => [
      { title: say(fixTexts.replaceValue, { value: text }), edits: [{ start, end, text }] },
    ];
    const lower = allowed[world][0] === 'main';
    const cased = lower ? value.text.toLowerCase() : value.text.toUpperCase();
    if (call.known.id.endsWith('inner-transfer') && parameter === 'from' && cased === 'contract') {
      add({ code: 'KC106', severity: 'error', start, end, fixes: [], message: say(findingTexts.KC106) });
      continue;
    }
    if (cased === (lower ? 'trade_hf' : 'TRADE_HF') && facts.spotHf === 'merged') {
      const right = lower ? 'trade' : 'TRADE';
      add({
        code: 'KC109',
        severity: 'warning',
        start,
        end,
        fixes: fixTo(right),
        message: say(findingTexts.KC109, { value: value.text, right }),
      });
      continue;
    }
    if (!allowed[world].includes(cased))
      add({
        code: 'KC105',
        severity: 'error',
        start,
        end,
        fixes: [],
        message: say(findingTexts.KC105, {
          endpoint: call.known.title,
          value: value.text,
          parameter,
          allowed: allowed[world].join(', '),
        }),
      });
    else if (cased !== value.text)
      add({
        code: 'KC104',
        severity: 'error',
        start,
        end,
        fixes: fixTo(cased),
        message: say(findingTexts.KC104, { endpoint: call.known.title, right: cased, value: value.text }),
      });
  }
}

/** A method of kucoin-python that sends to trade_hf without naming it. */
function hiddenHf({ text }: File, { by, start, end }: FoundCall, { spotHf }: CodingFacts, add: Add): void {
  if (by !== 'kucoinPython' || spotHf !== 'merged') return;
  if (text.slice(start, end) !== 'transfer_to_hf_account') return;
  const message = say(findingTexts.KC109, { value: 'trade_hf', right: 'trade' });
  add({ code: 'KC109', severity: 'warning', start, end, fixes: [], message });
}

function tags(call: FoundCall, values: Values, add: Add): void {
  for (const [parameter, { tag }] of Object.entries(accountParameters[call.known.id] ?? {})) {
    const value = values.get(parameter);
    if (
      tag === undefined ||
      value?.kind !== 'text' ||
      !/^isolated(?:_v2)?$/i.test(value.text) ||
      values.has(tag)
    )
      continue;
    add({
      code: 'KC107',
      severity: 'error',
      start: value.start,
      end: value.end,
      fixes: [],
      message: say(findingTexts.KC107, { value: value.text, parameter: tag }),
    });
  }
}

const transfers = ['amount'];
const orders = ['price', 'size', 'funds'];

/** Amounts that are text in JSON. The futures transfers take JSON numbers and are left out (kucoin-api 8.19, 8.20). */
const amountParameters: Readonly<Record<string, readonly string[]>> = {
  'POST /api/v3/accounts/universal-transfer': transfers,
  'POST /api/v2/accounts/inner-transfer': transfers,
  'POST /api/v2/accounts/sub-transfer': transfers,
  'POST /api/v1/hf/orders': orders,
  'POST /api/v1/hf/orders/test': orders,
  'POST /api/v1/hf/orders/sync': orders,
};

const singleQuoted: ReadonlySet<Family> = new Set(['javascript', 'python', 'php']);

function amounts(call: FoundCall, values: Values, family: Family, add: Add): void {
  if (call.by === 'universal') return;
  for (const parameter of amountParameters[call.known.id] ?? []) {
    const value = values.get(parameter);
    if (value?.kind !== 'float') continue;
    const { start, end } = value;
    const quote = singleQuoted.has(family) ? "'" : '"';
    const literal = /^\d+\.\d+$/.test(value.text) && value.plain && call.by !== 'kucoinPython';
    add({
      code: 'KC108',
      severity: 'warning',
      start,
      end,
      message: say(findingTexts.KC108, { parameter }),
      fixes: literal
        ? [{ title: say(fixTexts.quote), edits: [{ start, end, text: `${quote}${value.text}${quote}` }] }]
        : [],
    });
  }
}

/** Ranges of page sizes. Source: kucoin-api 5.1, 5.3. */
export const pageRanges: Readonly<
  Record<string, { readonly parameter: string; readonly low: number; readonly high: number }>
> = {
  'GET /api/v1/accounts/ledgers': { parameter: 'pageSize', low: 10, high: 500 },
  'GET /api/v2/sub/user': { parameter: 'pageSize', low: 1, high: 100 },
  'GET /api/v2/sub-accounts': { parameter: 'pageSize', low: 10, high: 100 },
  'GET /api/v1/hf/accounts/ledgers': { parameter: 'limit', low: 1, high: 200 },
  'GET /api/v3/hf/margin/account/ledgers': { parameter: 'limit', low: 1, high: 200 },
};

function pageSizes(call: FoundCall, values: Values, add: Add): void {
  const range = pageRanges[call.known.id];
  const value = range && values.get(range.parameter);
  if (!value || !/^\d{1,9}$/.test(value.text)) return;
  const size = Number(value.text);
  if (size >= range.low && size <= range.high) return;
  const right = String(size < range.low ? range.low : range.high);
  const { start, end } = value;
  add({
    code: 'KC113',
    severity: 'error',
    start,
    end,
    fixes: [{ title: say(fixTexts.replaceValue, { value: right }), edits: [{ start, end, text: right }] }],
    message: say(findingTexts.KC113, {
      parameter: range.parameter,
      low: String(range.low),
      high: String(range.high),
    }),
  });
}

// ---------------------------------------------------------------- time

/** Seconds since the epoch, by family, and the same in milliseconds. */
const seconds: Readonly<Partial<Record<Family, readonly (readonly [RegExp, string?])[]>>> = {
  javascript: [
    [
      /Math\.(?:floor|round|trunc)\(\s*(?:Date\.now\(\)|new Date\(\)\.getTime\(\)|\+new Date\(\))\s*\/\s*1000\s*\)/,
      'Date.now()',
    ],
    [/\(?Date\.now\(\)\s*\/\s*1000\)?\.toFixed\(0?\)/, 'Date.now()'],
    [/Date\.now\(\)\s*\/\s*(?:1000|1e3)/, 'Date.now()'],
  ],
  python: [
    [/(?:int|round)\(\s*time\.time\(\)\s*\)(?!\s*\*)/, 'int(time.time() * 1000)'],
    [
      /int\(\s*datetime\.(?:now|utcnow)\([^)]{0,20}\)\.timestamp\(\)\s*\)(?!\s*\*)/,
      'int(time.time() * 1000)',
    ],
  ],
  go: [[/time\.Now\(\)(?:\.UTC\(\))?\.Unix\(\)(?!\s*\*)/, 'time.Now().UnixMilli()']],
  java: [
    [/System\.currentTimeMillis\(\)\s*\/\s*1000L?/, 'System.currentTimeMillis()'],
    [/Instant\.now\(\)\.getEpochSecond\(\)/, 'Instant.now().toEpochMilli()'],
  ],
  csharp: [
    [
      /DateTimeOffset\.(?:UtcNow|Now)\.ToUnixTimeSeconds\(\)/,
      'DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()',
    ],
  ],
  php: [[/(?<![\w>:$])time\(\)(?!\s*\*)/, '(int) (microtime(true) * 1000)']],
  rust: [[/\.as_secs\(\)(?!\s*\*)/, '.as_millis()']],
  shell: [[/\$\(date (?:-u )?\+["']?%s["']?\)(?!0{3}|\d)/, '$(date +%s%3N)']],
  http: [[/\{\{\$timestamp\}\}/]],
};

function secondsIn(
  file: File,
  from: number,
  to: number,
): { readonly range: Range; readonly better?: string } | undefined {
  const stretch = file.text.slice(from, Math.min(to, from + 400));
  for (const [pattern, better] of seconds[file.family] ?? []) {
    const match = pattern.exec(stretch);
    if (!match) continue;
    // Multiplied afterwards: `int(time.time()) * 1000`.
    if (/\*\s*(?:1000|1_000|1e3)|\+\s*["']000["']/.test(stretch.slice(match.index))) return undefined;
    const start = from + match.index;
    return { range: { start, end: start + match[0].length }, ...(better !== undefined && { better }) };
  }
  return undefined;
}

function timeFinding({ range, better }: NonNullable<ReturnType<typeof secondsIn>>): Omit<Finding, 'docs'> {
  return {
    code: 'KC114',
    severity: 'error',
    ...range,
    message: say(findingTexts.KC114),
    fixes:
      better === undefined
        ? []
        : [{ title: say(fixTexts.milliseconds), edits: [{ ...range, text: better }] }],
  };
}

/** Bounds of listings. Candles alone are in seconds (kucoin-api 6.1). */
function windows(file: File, call: FoundCall, values: Values, add: Add): void {
  if (/candles|kline/.test(call.known.path)) return;
  for (const name of ['startAt', 'endAt']) {
    const value = values.get(name);
    if (!value) continue;
    if (/^1[5-9]\d{8}$/.test(value.text)) {
      const { start, end } = value;
      const range = { start, end };
      add(timeFinding({ range, better: `${value.text}000` }));
    } else if (value.kind === 'other') {
      const found = secondsIn(file, value.start, statementEnd(file, value.start));
      if (found) add(timeFinding(found));
    }
  }
}

function* headersNamed(file: File, names: readonly string[]): Generator<Range> {
  for (const name of names)
    for (
      let at = file.text.indexOf(name), left = 50;
      at >= 0 && left > 0;
      at = file.text.indexOf(name, at + name.length), left--
    )
      if (!inComment(file.scan, at)) yield { start: at, end: at + name.length };
}

/** The expression that a header gets: in the same string after a colon, or after the string. */
function headerValue(file: File, header: Range): Range | undefined {
  const { text, scan } = file;
  const string = stringAt(scan, header.start);
  const inside = /^\s*:\s*/.exec(text.slice(header.end, header.end + 10));
  if (inside && string && string.end > header.end + inside[0].length)
    return { start: header.end + inside[0].length, end: string.end };
  if (!string && inside) {
    const start = header.end + inside[0].length;
    return file.family === 'http'
      ? { start, end: lineEnd(text, header.end) }
      : { start, end: statementEnd(file, start) };
  }
  const from = string ? string.close : header.end;
  const separator = /^['"]?\]?\s*(?:=>|:|,|=)\s*/.exec(text.slice(from, from + 12));
  if (!separator) return undefined;
  const start = from + separator[0].length;
  return { start, end: argumentEnd(file, start) };
}

/** End of an argument or a member: the next comma or closing bracket. */
function argumentEnd(file: File, start: number): number {
  const end = statementEnd(file, start);
  for (const token of tokensOf(file, start, Math.min(end, start + 400)))
    if (token.text === ',' && token.kind === 'mark') {
      const before = file.text.slice(start, token.start);
      if ((before.match(/\(/g)?.length ?? 0) <= (before.match(/\)/g)?.length ?? 0)) return token.start;
    }
  return end;
}

function timestamps(file: File, found: Finding[]): void {
  if (!file.text.includes('TIMESTAMP') && !file.text.includes('-timestamp')) return;
  for (const header of headersNamed(file, ['KC-API-TIMESTAMP', 'kc-api-timestamp'])) {
    const value = headerValue(file, header);
    if (!value) continue;
    for (const { range } of reached(file, value, 2)) {
      const stretch = file.text.slice(value.start, value.end);
      if (/\*\s*(?:1000|1_000|1e3)|000["'`]?$/.test(stretch) && range.start !== value.start) continue;
      const seconds = secondsIn(file, range.start, range.end);
      if (seconds) found.push({ ...timeFinding(seconds), docs: signingPage });
    }
  }
}

/** An expression, and the values of the names in it, and so on: where a header comes from. */
function* reached(file: File, first: Range, depth: number): Generator<{ readonly range: Range }> {
  const seen = new Set<number>();
  let wave: Range[] = [first];
  for (let step = 0; step <= depth && wave.length > 0; step++) {
    const next: Range[] = [];
    for (const range of wave) {
      if (seen.has(range.start) || seen.size > 60) continue;
      seen.add(range.start);
      yield { range };
      const words = new Set(
        file.text.slice(range.start, Math.min(range.end, range.start + 300)).match(/[A-Za-z_]\w{0,60}/g),
      );
      for (const word of words) {
        if (
          word.length < 2 ||
          /^(?:String|str|int|this|self|new|await|format|toString|Date|Math|KC|API|GET|POST)$/.test(word)
        )
          continue;
        const value = assignmentBefore(file, word, range.start);
        if (value && !seen.has(value.start)) next.push(value);
      }
    }
    wave = next;
  }
}

// ---------------------------------------------------------------- signing

/** Makers of encoded queries, by family. */
const encoders: Readonly<Partial<Record<Family, RegExp>>> = {
  javascript:
    /new URLSearchParams\(|encodeURIComponent\(|querystring\.stringify\(|\bqs\.stringify\(|encodeURI\(/,
  python: /\burlencode\(|\bquote(?:_plus)?\(/,
  go: /\.Encode\(\)|url\.QueryEscape\(/,
  java: /URLEncoder\.encode\(/,
  csharp: /Uri\.EscapeDataString\(|HttpUtility\.UrlEncode\(|WebUtility\.UrlEncode\(/,
  php: /http_build_query\(|(?<!raw)urlencode\(|rawurlencode\(/,
  rust: /urlencoding::encode\(|form_urlencoded|serde_urlencoded::to_string\(|serde_qs::to_string\(/,
};

const decoders =
  /decodeURIComponent|unquote|Unescape|urldecode|UnescapeDataString|URLDecoder|UrlDecode|encode:\s*false|safe\s*=|urlencoding::decode/;

function signing(file: File, found: Finding[]): void {
  const encoder = encoders[file.family];
  if (!encoder) return;
  for (const header of headersNamed(file, ['KC-API-SIGN', 'kc-api-sign'])) {
    // KC-API-SIGN-TYPE and its like are other headers.
    if (isWord(file.text.charCodeAt(header.end)) || file.text[header.end] === '-') continue;
    const value = headerValue(file, header);
    if (!value) continue;
    const all = [...reached(file, value, 4)];
    if (all.some(({ range }) => decoders.test(file.text.slice(range.start, range.end)))) continue;
    for (const { range } of all) {
      const match = encoder.exec(file.text.slice(range.start, Math.min(range.end, range.start + 600)));
      if (!match) continue;
      const start = range.start + match.index;
      found.push({
        code: 'KC112',
        severity: 'warning',
        start,
        end: start + match[0].length,
        message: say(findingTexts.KC112),
        docs: signingPage,
        fixes: [],
      });
    }
  }
}

// ---------------------------------------------------------------- opened

const misread =
  /activat|not[ _]+(?:yet[ _]+)?(?:been[ _]+)?(?:open|enabl|available)|isn'?t[ _]+(?:open|enabl|available)|unavailable|must be enabled|enable h|enable it|not_?(?:activated|enabled|opened)|apply for/i;

/** `opened === false` read as "not activated": a test for false, and words that say so in what follows. */
function openedRead(file: File, calls: readonly FoundCall[], found: Finding[]): void {
  const { text } = file;
  for (const call of calls) {
    if (call.known.path !== '/api/v1/hf/accounts/opened') continue;
    const before = text.slice(Math.max(0, call.start - 300), call.start);
    const result =
      /\{\s*data\s*:\s*(\w{1,40})\s*\}\s*=|\{\s*(data)\s*\}\s*=\s*[^=\n]{0,150}$|(\w{1,40})(?:\s*,\s*\w{1,40})?\s*(?::\s*[\w<>]{1,40}\s*)?(?::=|=)\s*(?![=>])[^=\n]{0,150}$/.exec(
        before,
      );
    const names = new Set([
      result?.[1] ?? result?.[2] ?? result?.[3] ?? 'opened',
      'opened',
      'isOpened',
      'is_opened',
      'hfOpened',
      'hf_opened',
      'isHf',
      'is_hf',
      'hfEnabled',
      'hf_enabled',
      'isOpen',
      'is_open',
    ]);
    const after = text.slice(call.end, call.end + 1_500);
    const further =
      /(\w{1,40})\s*(?::=|=)\s*\w{0,40}(?:\.data|\.Data|\[["']data["']\]|\.get\(["']data["']\))/.exec(
        after,
      )?.[1];
    if (further) names.add(further);
    const any = [...names].join('|');
    const member = `(?:\\.(?:data|Data)|\\[["']data["']\\]|\\.get\\(["']data["']\\))*`;
    const tests = new RegExp(
      `(?:!\\s*|\\bnot\\s+)\\$?(?:\\w+\\.)?(?:${any})${member}\\b|["']?\\$?\\{?\\b(?:${any})\\}?["']?${member}\\s*(?:===|==|=|is)\\s*["']?(?:false|False|FALSE)\\b["']?`,
      'g',
    );
    for (const match of after.matchAll(tests)) {
      const rest = after.slice(match.index, match.index + match[0].length + 220);
      // What the test leads to ends where the other branch starts.
      const branch = rest.split(/\belse\b|\n\s*\n/, 1)[0] ?? rest;
      if (!misread.test(branch.slice(match[0].length))) continue;
      const start = call.end + match.index;
      found.push({
        code: 'KC111',
        severity: 'warning',
        start,
        end: start + match[0].length,
        message: say(findingTexts.KC111),
        ...(call.known.docs !== undefined && { docs: call.known.docs }),
        fixes: [],
      });
    }
  }
}
