/**
 * Columns of text in an editor that hold in Chinese too. Its signs are wider than Latin ones, in few fonts exactly
 * twice as wide; two texts are of the same width in any font when they have as many signs of each kind. So each kind
 * is padded with its own blank.
 */

const wideSigns =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/gu;
const wideBlank = '\u3000';

/** How many signs of each kind. */
export interface Width {
  readonly wide: number;
  readonly narrow: number;
}

export function widthOf(text: string): Width {
  const wide = text.match(wideSigns)?.length ?? 0;
  return { wide, narrow: text.length - wide };
}

/** The width of a column that holds all of these texts. */
export function widest(texts: readonly string[]): Width {
  const widths = texts.map(widthOf);
  return {
    wide: Math.max(0, ...widths.map(({ wide }) => wide)),
    narrow: Math.max(0, ...widths.map(({ narrow }) => narrow)),
  };
}

function blanks(text: string, width: Width): string {
  const { wide, narrow } = widthOf(text);
  return wideBlank.repeat(Math.max(width.wide - wide, 0)) + ' '.repeat(Math.max(width.narrow - narrow, 0));
}

export function padEnd(text: string, width: Width): string {
  return `${text}${blanks(text, width)}`;
}

export function padStart(text: string, width: Width): string {
  return `${blanks(text, width)}${text}`;
}

/** A name with its colon, before a value: as many columns as said, of which a wide sign takes two. */
export function label(name: string, columns: number): string {
  const text = `${name}:`;
  if (widthOf(text).wide === 0) return padEnd(text, { wide: 0, narrow: columns });
  // Room for the letters of `订单 id:` beside the wide signs.
  return padEnd(text, { wide: Math.floor(columns / 2), narrow: 4 });
}

/** Ends of lines: behind a blank, and behind a wide sign unless a sign follows that begins no line. */
const breaks =
  /(?<= )|(?<=[\u2e80-\u3002\u3041-\ua4cf\uff00-\uff60])(?![\u3001\u3002\u300d\u300f\uff01\uff09\uff0c\uff1a\uff1b\uff1f\u2019\u201d…· ])/u;

/** A text behind its name, in lines of at most so many columns that stand below each other. */
export function wrap(name: string, text: string, columns: number): string {
  const columnsOf = (piece: string): number => piece.length + widthOf(piece).wide;
  const lines = [''];
  for (const piece of text.split(breaks)) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && columnsOf(line) + columnsOf(piece.trimEnd()) > columns) lines.push(piece);
    else lines[lines.length - 1] = `${line}${piece}`;
  }
  const indent = padEnd('', widthOf(name));
  return lines.map((line, index) => `${index === 0 ? name : indent}${line}`.trimEnd()).join('\n');
}
