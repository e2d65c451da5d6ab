import type { TextEdit } from './finding';
import { lineStart, type Family } from './scan';
import type { Range } from './syntax';

/** A literal of a text that is to come from an environment variable. */
export interface Literal {
  /** The value alone. */
  readonly value: Range;
  /** With its quotes; the same where there are none. */
  readonly whole: Range;
  readonly family: Family;
  readonly languageId: string;
}

/**
 * The edits by which a text reads an environment variable in place of a literal, with the import that this needs, so
 * that what compiled still compiles. Nothing where that cannot be had by an edit of the place: in a file that only
 * holds values, for a constant of the language, inside a longer literal.
 */
export function fromEnvironment(
  text: string,
  literal: Literal,
  variable: string,
): readonly TextEdit[] | undefined {
  const { family, value, whole } = literal;
  const isBare = value.start === whole.start;
  if (isBare && family !== 'shell' && family !== 'http' && family !== 'yaml') return undefined;
  return writers[family]?.(text, literal, variable);
}

type Writer = (text: string, literal: Literal, variable: string) => readonly TextEdit[] | undefined;

const writers: Readonly<Partial<Record<Family, Writer>>> = {
  javascript: (text, { whole, languageId }, variable) => {
    // `<Client apiKey="…">` takes an expression in braces only.
    if (/<[A-Za-z][^<>]*\s[\w-]+=$/.test(text.slice(Math.max(0, whole.start - 300), whole.start)))
      return undefined;
    const isTyped = languageId.startsWith('typescript');
    return [edit(whole, `process.env.${variable}${isTyped ? '!' : ''}`)];
  },
  python: (text, { whole }, variable) => {
    const prefix = prefixBefore(text, whole.start, /[rbuf]/i);
    const bytes = /b/i.test(prefix) ? '.encode()' : '';
    return [
      ...pythonImport(text),
      edit({ ...whole, start: whole.start - prefix.length }, `os.environ["${variable}"]${bytes}`),
    ];
  },
  go: (text, { whole }, variable) => {
    const keyword = goConstant(text, whole.start);
    if (keyword === 'block') return undefined;
    return [
      ...goImport(text),
      ...(keyword ? [edit(keyword, 'var')] : []),
      edit(whole, `os.Getenv("${variable}")`),
    ];
  },
  java: (text, { whole }, variable) => {
    const { start, line } = before(text, whole.start);
    // Kotlin: a constant is known when the program is compiled.
    const constant = /\bconst[ \t]+(?=val\b)/.exec(line);
    return [
      ...(constant ? [edit(rangeOf(start, constant), '')] : []),
      edit(whole, `System.getenv("${variable}")`),
    ];
  },
  csharp: (text, { whole }, variable) => {
    const { start, line } = before(text, whole.start);
    const constant = /\bconst\b/.exec(line);
    // Within a method nothing takes the place of a constant.
    if (constant && !/\b(?:private|public|internal|protected)\b/.test(line)) return undefined;
    const prefix = prefixBefore(text, whole.start, /[$@]/);
    const owner = /^[ \t]*(?:global[ \t]+)?using[ \t]+System[ \t]*;/m.test(text) ? '' : 'System.';
    return [
      ...(constant ? [edit(rangeOf(start, constant), 'static readonly')] : []),
      edit(
        { ...whole, start: whole.start - prefix.length },
        `${owner}Environment.GetEnvironmentVariable("${variable}")`,
      ),
    ];
  },
  php: (text, { whole }, variable) =>
    // Constants and the first values of properties take no calls.
    /^\s*(?:(?:final|public|private|protected|static|readonly|var)\s+)*(?:const\b|(?:public|private|protected|static|var)\b[^=(]*\$\w+\s*=)/.test(
      before(text, whole.start).line,
    )
      ? undefined
      : [edit(whole, `getenv('${variable}')`)],
  rust: (text, { whole }, variable) => {
    const { line } = before(text, whole.start);
    if (/\b(?:const|static)\s+(?:mut\s+)?\w+\s*:/.test(line)) return undefined;
    if (prefixBefore(text, whole.start, /[bc]/) !== '') return undefined;
    const read = `std::env::var("${variable}").expect("${variable}")`;
    const isOwned =
      /^\s*\.(?:to_string|to_owned|into)\(/.test(text.slice(whole.end, whole.end + 20)) ||
      /String::from\(\s*$/.test(line);
    return [edit(whole, isOwned ? read : `&${read}`)];
  },
  shell: (text, { value, whole }, variable) => {
    if (value.start !== whole.start) return [edit(whole, `"$${variable}"`)];
    // In a string in double quotes, such as a header; in single quotes nothing is put in.
    const { line } = before(text, value.start);
    const quotes = line.replace(/\\./g, '');
    if (count(quotes, "'") % 2 === 1 && count(quotes, '"') % 2 === 0) return undefined;
    return [edit(whole, count(quotes, '"') % 2 === 1 ? `$${variable}` : `"$${variable}"`)];
  },
  http: (_text, { whole }, variable) => [edit(whole, `{{$processEnv ${variable}}}`)],
  yaml: (_text, { whole }, variable) => [edit(whole, `\${${variable}}`)],
};

function edit({ start, end }: Range, text: string): TextEdit {
  return { start, end, text };
}

function rangeOf(offset: number, match: RegExpExecArray): Range {
  const start = offset + match.index;
  return { start, end: start + match[0].length };
}

/** What stands before a place in its line. */
function before(text: string, at: number): { readonly start: number; readonly line: string } {
  const start = lineStart(text, at);
  return { start, line: text.slice(start, at) };
}

/** Letters that belong to a literal and stand before its quote. */
function prefixBefore(text: string, at: number, letters: RegExp): string {
  let start = at;
  while (start > 0 && at - start < 2 && letters.test(text[start - 1] ?? '')) start--;
  return /\w/.test(text[start - 1] ?? '') && /\w/.test(text[start] ?? '') ? '' : text.slice(start, at);
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}

// ---------------------------------------------------------------- imports

function pythonImport(text: string): readonly TextEdit[] {
  if (/^import[ \t]+(?:[\w.]+[ \t]*,[ \t]*)*os(?:\.\w+)*[ \t]*(?:$|[,;#\r])/m.test(text)) return [];
  const at = /^(?:import|from(?![ \t]+__future__))[ \t]+\w/m.exec(text)?.index ?? afterHead(text);
  return [{ start: at, end: at, text: `import os${lineEndOf(text)}` }];
}

/** After comments, the text that describes the module, and `from __future__`, which have to come first. */
function afterHead(text: string): number {
  const head =
    /^(?:[ \t]*(?:#[^\n]*)?\n)*(?:[rRuU]?(?:"""[\s\S]*?"""|'''[\s\S]*?''')[^\n]*\n)?(?:[ \t]*(?:#[^\n]*|from[ \t]+__future__[^\n]*)?\n)*/.exec(
      text,
    );
  return head?.[0].length ?? 0;
}

function goImport(text: string): readonly TextEdit[] {
  if (/^[ \t]*(?:import[ \t]+)?"os"[ \t]*(?:\/\/[^\n]*)?\r?$/m.test(text)) return [];
  const end = lineEndOf(text);
  const block = /^import[ \t]*\([ \t]*\r?\n/m.exec(text);
  if (block) return [insertAfter(block, `\t"os"${end}`)];
  const single = /^import[ \t]+[\w.]*[ \t]*"/m.exec(text);
  if (single) return [{ start: single.index, end: single.index, text: `import "os"${end}` }];
  const owner = /^package[ \t]+\w+[^\n]*\n/m.exec(text);
  return owner ? [insertAfter(owner, `${end}import "os"${end}`)] : [];
}

function insertAfter(match: RegExpExecArray, text: string): TextEdit {
  const at = match.index + match[0].length;
  return { start: at, end: at, text };
}

function lineEndOf(text: string): string {
  return text[text.indexOf('\n') - 1] === '\r' ? '\r\n' : '\n';
}

/** The keyword of a constant that stands alone, which becomes a variable; `block` inside `const ( … )`. */
function goConstant(text: string, at: number): Range | 'block' | undefined {
  const { start, line } = before(text, at);
  const alone = /^[ \t]*(const)[ \t]/.exec(line);
  if (alone) {
    const from = start + alone[0].indexOf('const');
    return { start: from, end: from + 'const'.length };
  }
  const open = text.lastIndexOf('const (', at);
  return open >= 0 && !/^\)/m.test(text.slice(open, at)) ? 'block' : undefined;
}
