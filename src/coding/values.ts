import type { FoundCall, File } from './calls';
import { isWord, lineStart } from './scan';
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
  type Value,
  type Values,
} from './syntax';

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
