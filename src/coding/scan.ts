/**
 * Finds the strings and comments of a text, in one pass without regular expressions, so that half-typed or hostile
 * text costs no more than its length. One grammar per family of languages, as a table.
 */
export interface StringSpan {
  /** Of the opening quote. */
  readonly open: number;
  /** Content without quotes. */
  readonly start: number;
  end: number;
  /** After the closing quote; the end of the content where it is missing. */
  close: number;
}

export interface Scan {
  /** In order of `open`; strings inside the holes of a template follow it. */
  readonly strings: readonly StringSpan[];
  /** Starts and ends in turn. */
  readonly comments: readonly number[];
}

interface Quote {
  readonly open: string;
  readonly close: string;
  /** May go over the end of a line. */
  readonly lines?: true;
  /** `\` escapes unless told otherwise; `double`: the quote itself is written twice. */
  readonly escape?: 'double' | 'none';
  /** Code inside the string: opening, and the brackets that nest in it. */
  readonly code?: { readonly open: string; readonly up: string; readonly down: string };
  /** A character such as `'a'`, otherwise no quote at all. */
  readonly character?: true;
}

interface Grammar {
  /** `#` counts only at the start of a word where marked so. */
  readonly line: readonly string[];
  readonly wordStart?: true;
  readonly lineStart?: true;
  readonly block?: readonly [string, string];
  /** Longer openings first. */
  readonly quotes: readonly Quote[];
  readonly regex?: true;
  readonly heredoc?: '<<' | '<<<';
}

const single: Quote = { open: "'", close: "'" };
const double: Quote = { open: '"', close: '"' };
const character: Quote = { open: "'", close: "'", character: true };
const rawDouble = (open: string, close: string): Quote => ({ open, close, lines: true, escape: 'none' });

const cLike = { line: ['//'], block: ['/*', '*/'] } as const;

const grammars = {
  javascript: {
    ...cLike,
    quotes: [
      double,
      single,
      { open: '`', close: '`', lines: true, code: { open: '${', up: '{', down: '}' } },
    ],
    regex: true,
  },
  python: {
    line: ['#'],
    quotes: [
      { open: '"""', close: '"""', lines: true },
      { open: "'''", close: "'''", lines: true },
      double,
      single,
    ],
  },
  go: { ...cLike, quotes: [double, rawDouble('`', '`'), character] },
  java: { ...cLike, quotes: [{ open: '"""', close: '"""', lines: true }, double, character] },
  csharp: {
    ...cLike,
    quotes: [
      rawDouble('"""', '"""'),
      { open: '@"', close: '"', lines: true, escape: 'double' },
      { open: '@$"', close: '"', lines: true, escape: 'double' },
      double,
      character,
    ],
  },
  php: {
    line: ['//', '#'],
    block: ['/*', '*/'],
    quotes: [
      { ...single, lines: true },
      { ...double, lines: true },
    ],
    heredoc: '<<<',
  },
  rust: {
    ...cLike,
    quotes: [
      rawDouble('r##"', '"##'),
      rawDouble('r#"', '"#'),
      rawDouble('r"', '"'),
      { ...double, lines: true },
      character,
    ],
  },
  shell: {
    line: ['#'],
    wordStart: true,
    quotes: [
      { open: "'", close: "'", lines: true, escape: 'none' },
      { open: '"', close: '"', lines: true, code: { open: '$(', up: '(', down: ')' } },
    ],
    heredoc: '<<',
  },
  http: { line: ['#', '//'], lineStart: true, quotes: [double] },
  json: { ...cLike, quotes: [double] },
  yaml: { line: ['#'], wordStart: true, quotes: [double, { ...single, escape: 'double' }] },
  dotenv: { line: ['#'], lineStart: true, quotes: [double, single] },
} as const satisfies Record<string, Grammar>;

export type Family = keyof typeof grammars;

/** Language ids of the editor, by family. */
const families: Readonly<Record<string, Family>> = {
  typescript: 'javascript',
  typescriptreact: 'javascript',
  javascript: 'javascript',
  javascriptreact: 'javascript',
  vue: 'javascript',
  svelte: 'javascript',
  python: 'python',
  go: 'go',
  java: 'java',
  kotlin: 'java',
  csharp: 'csharp',
  php: 'php',
  rust: 'rust',
  shellscript: 'shell',
  http: 'http',
  rest: 'http',
  json: 'json',
  jsonc: 'json',
  yaml: 'yaml',
  dockercompose: 'yaml',
  dotenv: 'dotenv',
  env: 'dotenv',
  properties: 'dotenv',
  ini: 'dotenv',
};

/** The family of a language; absent for languages that are not analysed. */
export function familyOf(languageId: string): Family | undefined {
  return Object.hasOwn(families, languageId) ? families[languageId] : undefined;
}

interface Marks {
  readonly grammar: Grammar;
  readonly interesting: Uint8Array;
  /** The same inside the hole of a template, where brackets count too. */
  readonly inHole: Uint8Array;
}

const marksOf = new Map<Family, Marks>();

function marks(family: Family): Marks {
  let made = marksOf.get(family);
  if (!made) {
    const grammar: Grammar = grammars[family];
    const interesting = new Uint8Array(128);
    const starts = [
      ...grammar.line,
      ...(grammar.block ? [grammar.block[0]] : []),
      ...grammar.quotes.map(({ open }) => open),
      ...(grammar.heredoc ? [grammar.heredoc] : []),
      ...(grammar.regex ? ['/'] : []),
    ];
    for (const start of starts) interesting[start.charCodeAt(0)] = 1;
    const inHole = interesting.slice();
    for (const { code } of grammar.quotes)
      if (code) for (const bracket of [code.up, code.down]) inHole[bracket.charCodeAt(0)] = 1;
    made = { grammar, interesting, inHole };
    marksOf.set(family, made);
  }
  return made;
}

const newline = 10;
const backslash = 92;
/** So many templates without an end are closed at the end of their line; then the rest is taken as it comes. */
const mostRepairs = 20;

interface Open {
  readonly quote: Quote;
  readonly span: StringSpan;
  /** Brackets open inside the hole. */
  depth: number;
}

export function scan(text: string, family: Family): Scan {
  const { grammar, interesting, inHole } = marks(family);
  const strings: StringSpan[] = [];
  const comments: number[] = [];
  const stack: Open[] = [];
  const length = text.length;
  const endless = new Set<string>();
  let repairs = 0;
  let i = 0;

  /** Reads a string from its content on; answers where code goes on. */
  const readString = (quote: Quote, span: StringSpan, from: number): number => {
    const closing = quote.close.charCodeAt(0);
    const code = quote.code;
    const hole = code ? code.open.charCodeAt(0) : -1;
    let j = from;
    for (; j < length; j++) {
      const c = text.charCodeAt(j);
      if (c === closing && text.startsWith(quote.close, j)) {
        if (quote.escape === 'double' && text.startsWith(quote.close, j + 1)) {
          j++;
          continue;
        }
        span.end = j;
        span.close = j + quote.close.length;
        return span.close;
      }
      if (c === backslash && quote.escape === undefined) j++;
      else if (c === newline && !quote.lines) break;
      else if (c === hole && code && text.startsWith(code.open, j)) {
        stack.push({ quote, span, depth: 0 });
        return j + code.open.length;
      }
    }
    span.end = span.close = Math.min(j, length);
    return span.close;
  };

  const start = (quote: Quote, at: number): number => {
    const content = at + quote.open.length;
    const span: StringSpan = { open: at, start: content, end: length, close: length };
    // A string of Python that stands alone is a comment by another name.
    const isDocumentation = quote.open.length === 3 && family === 'python' && standsAlone(text, at);
    if (!isDocumentation) strings.push(span);
    const after = readString(quote, span, content);
    if (isDocumentation) comments.push(at, span.close);
    return after;
  };

  while (i < length || stack.length > 0) {
    if (i >= length) {
      // A template whose hole never ends: it is being typed. It ends with its line.
      const { span } = stack[0] ?? { span: undefined };
      stack.length = 0;
      if (!span || ++repairs > mostRepairs) break;
      const line = text.indexOf('\n', span.start);
      span.end = span.close = line < 0 ? length : line;
      while ((strings.at(-1)?.open ?? -1) > span.close) strings.pop();
      while ((comments.at(-1) ?? -1) > span.close) comments.length -= 2;
      i = span.close;
      continue;
    }
    // Nearly all of a text is passed here.
    const marked = stack.length === 0 ? interesting : inHole;
    let c = 0;
    while (i < length && ((c = text.charCodeAt(i)) > 127 || marked[c] === 0)) i++;
    if (i >= length) continue;
    const top = stack.at(-1);
    if (top?.quote.code) {
      const { up, down } = top.quote.code;
      if (c === up.charCodeAt(0)) {
        top.depth++;
        i++;
        continue;
      }
      if (c === down.charCodeAt(0)) {
        if (top.depth-- === 0) {
          stack.pop();
          i = readString(top.quote, top.span, i + 1);
        } else i++;
        continue;
      }
    }
    i = step(c);
  }
  return { strings, comments };

  function step(c: number): number {
    for (const opening of grammar.line)
      if (c === opening.charCodeAt(0) && text.startsWith(opening, i) && startsComment(opening)) {
        const line = text.indexOf('\n', i);
        const end = line < 0 ? length : line;
        comments.push(i, end);
        return end;
      }
    if (grammar.block && text.startsWith(grammar.block[0], i)) {
      const found = text.indexOf(grammar.block[1], i + 2);
      const end = found < 0 ? length : found + 2;
      comments.push(i, end);
      return end;
    }
    if (grammar.heredoc && text.startsWith(grammar.heredoc, i)) return heredoc();
    for (const quote of grammar.quotes)
      if (c === quote.open.charCodeAt(0) && text.startsWith(quote.open, i)) {
        if (quote.open.length > 1 && /\w/.test(quote.open[0] ?? '') && isWord(text.charCodeAt(i - 1)))
          continue;
        if (quote.character) return skipCharacter();
        return start(quote, i);
      }
    if (grammar.regex && c === 47) return skipRegex();
    return i + 1;
  }

  function startsComment(opening: string): boolean {
    const before = i === 0 ? newline : text.charCodeAt(i - 1);
    if (grammar.lineStart) return before === newline;
    if (grammar.wordStart) return before <= 32 || before === 59;
    // An attribute of PHP.
    return !(opening === '#' && text.charCodeAt(i + 1) === 91);
  }

  /** `'a'`, `'\n'`, `'\u{1F600}'`; a lifetime or an apostrophe is no string. */
  function skipCharacter(): number {
    if (text.charCodeAt(i + 1) !== backslash) return text.charCodeAt(i + 2) === 39 ? i + 3 : i + 1;
    for (let j = i + 3; j < i + 12; j++) if (text.charCodeAt(j) === 39) return j + 1;
    return i + 1;
  }

  function skipRegex(): number {
    let before = i - 1;
    while (before >= 0 && (text.charCodeAt(before) === 32 || text.charCodeAt(before) === 9)) before--;
    const c = before < 0 ? newline : text.charCodeAt(before);
    if (isWord(c) || c === 41 || c === 93 || c === 125) {
      const word = text.slice(Math.max(0, before - 7), before + 1);
      if (!/(?:^|[^\w$.])(?:return|typeof|case|await|of|in)$/.test(word)) return i + 1;
    }
    let inClass = false;
    for (let j = i + 1; j < length; j++) {
      const d = text.charCodeAt(j);
      if (d === newline) return i + 1;
      if (d === backslash) j++;
      else if (d === 91) inClass = true;
      else if (d === 93) inClass = false;
      else if (d === 47 && !inClass) return j + 1;
    }
    return i + 1;
  }

  /** The body of a here-document is a string. */
  function heredoc(): number {
    const opening = /^<<<?[-~]?[ \t]*(["']?)([A-Za-z_]\w{0,40})\1/.exec(text.slice(i, i + 60));
    if (!opening?.[2]) return i + (grammar.heredoc ?? '').length;
    const line = text.indexOf('\n', i);
    if (line < 0) return length;
    if (endless.has(opening[2])) return line;
    for (let from = line; from >= 0 && from < length;) {
      const found = text.indexOf(opening[2], from + 1);
      if (found < 0) break;
      const lineStart = text.lastIndexOf('\n', found) + 1;
      const after = text.charCodeAt(found + opening[2].length);
      if (text.slice(lineStart, found).trim() === '' && !isWord(after)) {
        strings.push({ open: line + 1, start: line + 1, end: lineStart, close: lineStart });
        return found + opening[2].length;
      }
      from = found;
    }
    // No further one of this name ends either.
    endless.add(opening[2]);
    return line;
  }
}

/** Nothing before it in its line, and the line before does not go on. */
function standsAlone(text: string, at: number): boolean {
  let i = at - 1;
  while (i >= 0 && (text[i] === ' ' || text[i] === '\t')) i--;
  if (i >= 0 && text[i] !== '\n') return false;
  while (i >= 0 && text.charCodeAt(i) <= 32) i--;
  return i < 0 || !/[(,=+[{\\%]/.test(text[i] ?? '');
}

/** Start of the line of an offset, looked for not far: a line of a megabyte starts where the looking ends. */
export function lineStart(text: string, offset: number): number {
  const stop = Math.max(0, offset - 500);
  for (let i = offset - 1; i >= stop; i--) if (text.charCodeAt(i) === newline) return i + 1;
  return stop;
}

/** End of the line of an offset, in the same way. */
export function lineEnd(text: string, offset: number): number {
  const stop = Math.min(text.length, offset + 2_000);
  for (let i = offset; i < stop; i++) if (text.charCodeAt(i) === newline) return i;
  return stop;
}

/** Letters, digits, `_` and `$`. NaN, before the start of a text, is none. */
export function isWord(c: number): boolean {
  return (
    (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 95 || c === 36 || c > 127
  );
}

/** The innermost string that holds an offset (its end counts). */
export function stringAt({ strings }: Scan, offset: number): StringSpan | undefined {
  let low = 0;
  let high = strings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((strings[middle]?.open ?? Infinity) < offset) low = middle + 1;
    else high = middle;
  }
  for (let at = low - 1; at >= 0 && at > low - 50; at--) {
    const span = strings[at];
    if (span && span.start <= offset && offset <= span.end) return span;
  }
  return undefined;
}

export function inComment({ comments }: Scan, offset: number): boolean {
  let low = 0;
  let high = comments.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((comments[middle * 2 + 1] ?? Infinity) <= offset) low = middle + 1;
    else high = middle;
  }
  return (comments[low * 2] ?? Infinity) <= offset;
}

/** Index of the first string that opens at or after an offset. */
export function firstStringFrom({ strings }: Scan, offset: number): number {
  let low = 0;
  let high = strings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((strings[middle]?.open ?? Infinity) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
