import { firstStringFrom, isWord, type Scan, type StringSpan } from './scan';

/**
 * As much of the syntax of ten languages as the analysers need, by brackets and tokens: the call around a place, its
 * arguments, the pairs of names and values in them, and what was last assigned to a name. No full parser: every
 * answer is a guess that may fail, and whoever asks then says nothing.
 */
export interface Source {
  readonly text: string;
  readonly scan: Scan;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** How far a call, an argument or an assignment is followed. Longer ones are cut, so that hostile text stays cheap. */
const reach = 4_000;

/** How far a statement is followed back. */
const lookBack = 2_000;

const opening = new Set(['(', '[', '{']);
const closing = new Set([')', ']', '}']);

export interface Token {
  readonly kind: 'word' | 'string' | 'number' | 'mark';
  /** Content without quotes for a string. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Tokens of a stretch of code; comments are left out, strings are one token each. */
export function tokensOf({ text, scan }: Source, from: number, to: number): Token[] {
  const tokens: Token[] = [];
  let next = firstStringFrom(scan, from);
  let comment = firstCommentFrom(scan, from);
  let i = from;
  while (i < to) {
    const string = scan.strings[next];
    if (string && string.open < i) {
      next++;
      continue;
    }
    if (string?.open === i) {
      const { start, end, close } = string;
      tokens.push({ kind: 'string', text: text.slice(start, end), start: i, end: close });
      i = Math.max(close, i + 1);
      continue;
    }
    if (scan.comments[comment] === i) {
      i = Math.max(scan.comments[comment + 1] ?? i + 1, i + 1);
      comment += 2;
      continue;
    }
    const c = text.charCodeAt(i);
    if (c <= 32) {
      i++;
      continue;
    }
    if (isWord(c)) {
      const start = i;
      const digit = c >= 48 && c <= 57;
      while (
        i < to &&
        (isWord(text.charCodeAt(i)) || (digit && text.charCodeAt(i) === 46 && isDigit(text, i + 1)))
      )
        i++;
      tokens.push({ kind: digit ? 'number' : 'word', text: text.slice(start, i), start, end: i });
      continue;
    }
    const two = text.slice(i, i + 2);
    const length =
      two === '=>' || two === ':=' || two === '->' || two === '::' || two === '==' || two === '!=' ? 2 : 1;
    tokens.push({ kind: 'mark', text: text.slice(i, i + length), start: i, end: i + length });
    i += length;
  }
  return tokens;
}

function isDigit(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  return c >= 48 && c <= 57;
}

function firstCommentFrom({ comments }: Scan, offset: number): number {
  let low = 0;
  let high = comments.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((comments[middle * 2] ?? Infinity) < offset) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}

/** Index of the string that closes at an offset, looking back. */
function stringClosingAt({ strings }: Scan, close: number): StringSpan | undefined {
  let low = 0;
  let high = strings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((strings[middle]?.open ?? Infinity) < close) low = middle + 1;
    else high = middle;
  }
  for (let at = low - 1; at >= 0 && at > low - 50; at--) if (strings[at]?.close === close) return strings[at];
  return undefined;
}

/** The bracket that is open at an offset, looking back as far as the statement starts; strings are stepped over. */
export function openBracket({ text, scan }: Source, offset: number): number | undefined {
  let depth = 0;
  for (let i = offset - 1; i >= 0 && i > offset - lookBack; i--) {
    switch (text.charCodeAt(i)) {
      case 41: // )
      case 93: // ]
      case 125: // }
        depth++;
        break;
      case 40: // (
      case 91: // [
      case 123: // {
        if (depth-- === 0) return i;
        break;
      case 59: // ;
        if (depth === 0) return undefined;
        break;
      case 34: // "
      case 39: // '
      case 96: {
        // `
        const string = stringClosingAt(scan, i + 1);
        if (string && string.open < i) i = string.open;
      }
    }
  }
  return undefined;
}

/** Where the bracket that opens at an offset closes; strings and comments are stepped over. */
export function closeBracket(source: Source, open: number): number {
  const { text, scan } = source;
  let depth = 0;
  let next = firstStringFrom(scan, open);
  let comment = firstCommentFrom(scan, open);
  const end = Math.min(text.length, open + reach);
  for (let i = open; i < end; i++) {
    while ((scan.strings[next]?.open ?? Infinity) < i) next++;
    if (scan.strings[next]?.open === i) {
      i = Math.max((scan.strings[next]?.close ?? i) - 1, i);
      continue;
    }
    while ((scan.comments[comment] ?? Infinity) < i) comment += 2;
    if (scan.comments[comment] === i) {
      i = (scan.comments[comment + 1] ?? i) - 1;
      continue;
    }
    const c = text.charCodeAt(i);
    if (c === 40 || c === 91 || c === 123) depth++;
    else if ((c === 41 || c === 93 || c === 125) && --depth === 0) return i;
  }
  return end;
}

/** The word that ends at an offset, blanks before it skipped. */
export function wordBefore(text: string, offset: number): Range & { readonly word: string } {
  let end = offset;
  while (end > 0 && text.charCodeAt(end - 1) <= 32) end--;
  let start = end;
  while (start > 0 && end - start < 200 && isWord(text.charCodeAt(start - 1))) start--;
  return { start, end, word: text.slice(start, end) };
}

export interface CallSite {
  /** Of the parenthesis. */
  readonly open: number;
  readonly close: number;
  /** Last word before the parenthesis. */
  readonly callee: string;
  readonly calleeStart: number;
  /** Words of the chain before the callee, nearest first: `client` in `this.client.get(`. */
  readonly receivers: readonly string[];
}

/** The innermost call in whose arguments an offset stands; braces and brackets in between are passed. */
export function callAround(source: Source, offset: number): CallSite | undefined {
  let at: number | undefined = offset;
  for (let steps = 0; steps < 6; steps++) {
    at = openBracket(source, at);
    if (at === undefined) return undefined;
    // The body of a function or a block: no argument.
    if (source.text[at] === '{' && /(?:\)|=>)\s*$/.test(source.text.slice(Math.max(0, at - 6), at)))
      return undefined;
    if (source.text[at] !== '(') continue;
    const site = callAt(source, at);
    if (site) return site;
  }
  return undefined;
}

const notCallees = new Set([
  'if',
  'while',
  'for',
  'switch',
  'return',
  'catch',
  'and',
  'or',
  'not',
  'in',
  'await',
  'match',
  'func',
  'function',
  'elseif',
  'elif',
  'yield',
  'new',
]);

/** The call whose parenthesis opens at an offset. */
export function callAt(source: Source, open: number): CallSite | undefined {
  const { text } = source;
  let { start, word } = wordBefore(text, open);
  // Type arguments: `get<Reply>(`, `Parse::<T>(`; and the mark of a macro: `json!(`.
  if (word === '' && text[start - 1] === '>') {
    const angle = text.lastIndexOf('<', start);
    if (angle > 0 && start - angle < 120) ({ start, word } = wordBefore(text, angle));
  } else if (word === '' && text[start - 1] === '!') ({ start, word } = wordBefore(text, start - 1));
  if (word === '' || notCallees.has(word)) return undefined;
  return {
    open,
    close: closeBracket(source, open),
    callee: word,
    calleeStart: start,
    receivers: receiversBefore(source, start),
  };
}

/** Words of a chain that ends before an offset: `a.b(x)?.c` gives c, b, a. */
export function receiversBefore(source: Source, offset: number): string[] {
  const { text } = source;
  const words: string[] = [];
  let at = offset;
  for (let steps = 0; steps < 12; steps++) {
    while (at > 0 && text.charCodeAt(at - 1) <= 32) at--;
    if (text[at - 1] === '.') at -= text[at - 2] === '?' ? 2 : 1;
    else if (text.startsWith('->', at - 2) || text.startsWith('::', at - 2)) at -= 2;
    else break;
    while (at > 0 && text.charCodeAt(at - 1) <= 32) at--;
    while (text[at - 1] === ')' || text[at - 1] === ']' || text[at - 1] === '!' || text[at - 1] === '?') {
      if (text[at - 1] === '!' || text[at - 1] === '?') {
        at--;
        continue;
      }
      const open = openBracket(source, at - 1);
      if (open === undefined) return words;
      at = open;
    }
    const { start, word } = wordBefore(text, at);
    if (word === '') break;
    words.push(word);
    at = start;
  }
  return words;
}

/** A value beside a name, in a body, a query or an argument list. */
export interface Value {
  readonly kind: 'text' | 'number' | 'float' | 'other';
  readonly text: string;
  /** Of the content. */
  readonly start: number;
  readonly end: number;
  /** With its quotes. */
  readonly whole: Range;
  /** Whether quotes can be put around it as it stands: not inside another string. */
  readonly plain: boolean;
}

export type Values = Map<string, Value>;

/** `SetFromAccountType`, `set_from_account_type`, `FromAccountType` and `fromAccountType` are one name. */
export function parameterName(word: string): string {
  const bare = word.replace(/^(?:set_?|with_?|Set|With)(?=[A-Z_a-z]{2})/, (prefix) =>
    /^(?:set|with)$/.test(prefix) ? prefix : '',
  );
  const camel = (/^set[A-Z]/.test(bare) ? bare.slice(3) : bare)
    .replace(/^_+|_+$/g, '')
    .replace(/_+([a-zA-Z0-9])/g, (_, c: string) => c.toUpperCase());
  return camel.charAt(0).toLowerCase() + camel.slice(1);
}

const separators = new Set([':', '=', '=>', ',', ':=']);
const floats =
  /^(?:parseFloat|Number|float|Float64|ParseFloat|floatval|toDouble|parseDouble|double|f64|f32)$/;

/** Pairs of names and values in a stretch of code. The first of a name counts. */
export function valuesIn(source: Source, from: number, to: number, into: Values): void {
  const tokens = tokensOf(source, from, Math.min(to, from + reach));
  for (let i = 0; i < tokens.length; i++) {
    const key = tokens[i];
    if (!key || (key.kind !== 'word' && key.kind !== 'string')) continue;
    if (key.kind === 'string' && holdsPairs(key.text)) {
      jsonValuesIn(source.text, key.start + 1, key.end, into);
      continue;
    }
    if (!/^[A-Za-z_][\w-]{0,40}$/.test(key.text)) continue;
    let at = i + 1;
    // `body["from"] = …`
    if (key.kind === 'string' && tokens[at]?.text === ']') at++;
    const separator = tokens[at];
    if (separator?.kind !== 'mark') continue;
    const builder = key.kind === 'word' && separator.text === '(';
    if (!builder && !separators.has(separator.text)) continue;
    // A comma parts a name from its value only in `put("from", "main")` and its like.
    if (separator.text === ',' && key.kind !== 'string') continue;
    if (separator.text === ',' && !/^[(,]$/.test(tokens[i - 1]?.text ?? '(')) continue;
    const value = valueAt(source.text, tokens, at + 1);
    if (!value || (builder && tokens[i - 1]?.text === 'new')) continue;
    const name = parameterName(key.text);
    if (!into.has(name)) into.set(name, value);
    if (separator.text === ',') i = at + 1;
  }
}

function valueAt(text: string, tokens: readonly Token[], at: number): Value | undefined {
  let i = at;
  // `&str`, `Some("x")`, `String::from("x")`, `types.AccountType("MAIN")` and pointers wrap the value.
  while (tokens[i]?.text === '&' || tokens[i]?.text === '*') i++;
  const first = tokens[i];
  if (!first) return undefined;
  if (first.kind === 'string') {
    // A string that goes on is not the whole value.
    const after = tokens[i + 1]?.text;
    if (after === '+' || (after === '.' && tokens[i + 2]?.kind === 'string')) return other(first);
    const quote = /^["'`]/.test(text[first.start] ?? '')
      ? 1
      : first.end - first.start - first.text.length - 1;
    const start = first.start + quote;
    return {
      kind: 'text',
      text: first.text,
      start,
      end: start + first.text.length,
      whole: first,
      plain: true,
    };
  }
  if (first.kind === 'number') {
    const after = text[first.end];
    const isFloat = first.text.includes('.') && !/[mM]$/.test(first.text);
    return {
      kind: isFloat ? 'float' : 'number',
      text: first.text,
      start: first.start,
      end: first.end,
      whole: first,
      plain: after !== '"' && after !== "'",
    };
  }
  if (first.kind !== 'word') return undefined;
  if (/^(?:Some|String|from|str|new)$/.test(first.text)) {
    const inner = tokens.slice(i + 1, i + 6).find(({ kind }) => kind === 'string');
    if (inner && /^[(:]/.test(tokens[i + 1]?.text ?? '')) return valueAt(text, tokens, tokens.indexOf(inner));
  }
  if (floats.test(first.text) && tokens[i + 1]?.text === '(') return { ...other(first), kind: 'float' };
  return other(first);
}

function other({ text, start, end }: Token): Value {
  return { kind: 'other', text, start, end, whole: { start, end }, plain: true };
}

/** Whether a string is JSON written out, as in `-d '{"from":"main"}'`. */
function holdsPairs(content: string): boolean {
  return content.length > 6 && /^\s*[[{]/.test(content.slice(0, 200)) && content.includes(':');
}

const jsonPair =
  /\\?"([A-Za-z]\w{0,40})\\?"\s{0,5}:\s{0,5}(?:\\?"([^"\\\n]{0,200})\\?"|(-?\d{1,40}(?:\.\d{1,40})?))/g;

/** Pairs of JSON inside a string or the body of a request. */
export function jsonValuesIn(text: string, from: number, to: number, into: Values): void {
  const stretch = text.slice(from, Math.min(to, from + reach));
  for (const match of stretch.matchAll(jsonPair)) {
    const [whole, name = '', string, number] = match;
    const content = string ?? number ?? '';
    const end =
      from + match.index + whole.length - (string === undefined ? 0 : whole.endsWith('\\"') ? 2 : 1);
    const start = end - content.length;
    const value: Value = {
      kind: string !== undefined ? 'text' : content.includes('.') ? 'float' : 'number',
      text: content,
      start,
      end,
      whole: { start: string === undefined ? start : start - 1, end: string === undefined ? end : end + 1 },
      plain: string !== undefined || !whole.includes('\\"'),
    };
    if (!into.has(name)) into.set(name, value);
  }
}

/** Pairs of a query, `?type=TRADE&pageSize=600`. */
export function queryValuesIn(text: string, from: number, to: number, into: Values): void {
  for (let at = from; at < to;) {
    const ampersand = text.indexOf('&', at);
    const end = ampersand < 0 || ampersand > to ? to : ampersand;
    const equals = text.indexOf('=', at);
    if (equals > at && equals < end) {
      const name = text.slice(at, equals);
      const content = text.slice(equals + 1, end);
      if (/^[A-Za-z]\w{0,40}$/.test(name) && /^[\w.:-]{1,80}$/.test(content) && !into.has(name)) {
        const range = { start: equals + 1, end };
        into.set(name, { kind: 'text', text: content, ...range, whole: range, plain: false });
      }
    }
    at = end + 1;
  }
}

/** Where a name was last given a value before an offset: start of the value and the end of its statement. */
export function assignmentBefore(
  source: Source,
  name: string,
  offset: number,
  within = 3_000,
): Range | undefined {
  const { text } = source;
  if (name.length < 1 || name.length > 80) return undefined;
  for (
    let at = text.lastIndexOf(name, offset - 1);
    at >= 0 && at > offset - within;
    at = text.lastIndexOf(name, at - 1)
  ) {
    const sigil = text[at - 1] === '$';
    if ((isWord(text.charCodeAt(at - 1)) && !sigil) || isWord(text.charCodeAt(at + name.length))) {
      if (at === 0) break;
      continue;
    }
    const value = valueStart(text, at + name.length);
    if (value !== undefined) return { start: value, end: statementEnd(source, value) };
    if (at === 0) break;
  }
  return undefined;
}

/** After `name`, an optional type, and `=`, `:=` or `=>`-less assignment: where the value starts. */
function valueStart(text: string, from: number): number | undefined {
  const rest = text.slice(from, from + 120);
  const match =
    /^["']?\]?[ \t]*(?::[ \t]*[A-Za-z_&][\w.<>,[\]|& ?']{0,80}?)?[ \t]*(?::=|[+.]?=(?![=>]))\s*/.exec(rest);
  return match ? from + match[0].length : undefined;
}

/** End of the statement that a value starts: its brackets closed, then a line end, `;` or `,`. */
export function statementEnd(source: Source, start: number): number {
  const { text, scan } = source;
  const end = Math.min(text.length, start + reach);
  let next = firstStringFrom(scan, start);
  for (let i = start; i < end; i++) {
    while ((scan.strings[next]?.open ?? Infinity) < i) next++;
    const string = scan.strings[next];
    if (string?.open === i) {
      i = Math.max(string.close - 1, i);
      continue;
    }
    const char = text[i] ?? '';
    if (opening.has(char)) i = closeBracket(source, i);
    else if (closing.has(char) || char === ';') return i;
    else if (char === '\n') {
      // A here-document starts in the next line, a chain or an operator goes on there.
      if (
        scan.strings[next]?.open === i + 1 &&
        text[i + 1] !== '"' &&
        text[i + 1] !== "'" &&
        text[i + 1] !== '`'
      )
        continue;
      const onward = /^\s*(?:\.|->|\?\.|\+|&&|\|\||\?|:)/.exec(text.slice(i + 1, i + 80));
      const before = /[+=&|?,.\\(]\s*$/.exec(text.slice(Math.max(0, i - 10), i));
      if (!onward && !before) return i;
    }
  }
  return end;
}

/** The arguments of a call that are plain names. */
export function namesIn(source: Source, { open, close }: CallSite): string[] {
  const tokens = tokensOf(source, open + 1, Math.min(close, open + reach));
  const names: string[] = [];
  let depth = 0;
  tokens.forEach((token, i) => {
    if (opening.has(token.text)) depth++;
    else if (closing.has(token.text)) depth--;
    const before = tokens[i - 1]?.text ?? ',';
    const after = tokens[i + 1]?.text ?? ',';
    // Also one level down: `JSON.stringify(body)`, `{ data: body }`, `json=params`.
    if (token.kind !== 'word' || depth > 2 || !/^(?:,|\(|:|=|=>|&|\*|\{|\.\.\.)$/.test(before)) return;
    if (/^(?:,|\)|\}|\]|\?)$/.test(after)) names.push(token.text);
  });
  return names;
}

/** The command of a shell that an offset stands in: its line, those that it goes on to, and a body in single quotes. */
export function commandAt(text: string, offset: number): Range {
  const first = Math.max(0, offset - 2_000);
  const before = text.slice(first, offset);
  let start = before.lastIndexOf('\n');
  while (start > 0 && before[start - 1] === '\\') start = before.lastIndexOf('\n', start - 1);
  const command = text.slice(first + start + 1, offset + 3_000);
  const at = offset - (first + start + 1);
  let end = command.indexOf('\n', at);
  while (end > 0 && (command[end - 1] === '\\' || (command.slice(0, end).match(/'/g)?.length ?? 0) % 2 === 1))
    end = command.indexOf('\n', end + 1);
  return {
    start: first + start + 1,
    end: end < 0 ? first + start + 1 + command.length : first + start + 1 + end,
  };
}
