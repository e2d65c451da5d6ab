import * as v from 'valibot';

/**
 * A number of JSON, kept as its digits: what a float cannot hold goes onto the wire exactly. `jsonText` writes it;
 * everything else sees its text.
 */
export class JsonNumber {
  /** @param text as JSON has it, without exponent. Throws a TypeError otherwise. */
  constructor(readonly text: string) {
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) throw new TypeError('not a JSON number');
    Object.freeze(this);
  }

  toString(): string {
    return this.text;
  }
}

/**
 * An amount that a body wants as a JSON number (kucoin-api 6.2, 8.19): given as decimal text, sent digit for digit.
 * Forty digits on each side are more than any currency has.
 */
export const jsonNumberParam = v.pipe(
  v.string(),
  v.regex(/^(?:0|[1-9]\d{0,39})(?:\.\d{1,40})?$/, 'decimal text without needless zeros in front'),
  v.transform((text) => new JsonNumber(text)),
);

/** Whether a parameter of an entry goes out as an exact JSON number. */
export function isJsonNumberParam(schema: unknown): boolean {
  const { pipe } = schema as { readonly pipe?: readonly unknown[] };
  return schema === jsonNumberParam || (pipe?.some(isJsonNumberParam) ?? false);
}

/** What `JSON.stringify` gives for plain data, and each JsonNumber in it digit for digit. */
export function jsonText(value: unknown): string {
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${jsonText(member)}`).join(',')}}`;
}
