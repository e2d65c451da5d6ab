/**
 * Texts from outside: from the exchange, from files, from other extensions. What cannot be seen can make a text show
 * something false: turn its direction, hide a letter, begin a line that looks like one of this product.
 */

/** What cannot be seen, for a class of a regular expression: control, format, line and fill characters, and halves. */
export const unseenCharacters = String.raw`\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}`;

/** A joiner between two pictures is a part of them, and so is what makes a sign a picture. */
const joiner = String.raw`(?<=\p{Extended_Pictographic}\uFE0F?|\p{Emoji_Modifier})\u200D(?=\p{Extended_Pictographic})`;
const pictureSign = String.raw`(?<=\p{Emoji})\uFE0F`;
const unseen = new RegExp(`(?!${joiner})(?!${pictureSign})[${unseenCharacters}]`, 'gu');

/** On one line, with everything unseen made visible: a right-to-left override becomes `⟨U+202E⟩`. */
export function oneLine(text: string): string {
  return isPlain(text) ? text : text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, ' ').replace(unseen, named);
}

/** The same for a text whose lines and tabs are its own. */
export function sameLines(text: string): string {
  return isPlain(text)
    ? text
    : text.replace(unseen, (found) => (/[\n\r\t]/.test(found) ? found : named(found)));
}

/** Nearly all texts: nothing to look for. */
function isPlain(text: string): boolean {
  return /^[ -~\u00A1-\u00AC\u00AE-\u02FF…–—’≈→·]*$/.test(text);
}

function named(found: string): string {
  const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `⟨U+${code}⟩`;
}
