import type { File } from './calls';
import { inComment, lineEnd, stringAt } from './scan';
import { assignmentBefore, statementEnd, tokensOf, type Range } from './syntax';

/** The headers of a signed request in code: where they stand, and what they are given. */

export const signingPage = 'https://www.kucoin.com/docs-new/authentication';

export function* headersNamed(file: File, names: readonly string[]): Generator<Range> {
  for (const name of names)
    for (
      let at = file.text.indexOf(name), left = 50;
      at >= 0 && left > 0;
      at = file.text.indexOf(name, at + name.length), left--
    )
      if (!inComment(file.scan, at)) yield { start: at, end: at + name.length };
}

/** The expression that a header gets: in the same string after a colon, or after the string. */
export function headerValue(file: File, header: Range): Range | undefined {
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

/** An expression, and the values of the names in it, and so on: where a header comes from. */
export function* reached(file: File, first: Range, depth: number): Generator<{ readonly range: Range }> {
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
