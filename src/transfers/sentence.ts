import type { Sentence } from '../kucoin/explain';

/** Makes whole English sentences with named placeholders; the template is the key by which one is translated. */

/** The names in braces of a template, as a type: a missing or misspelt value does not compile. */
export type Placeholders<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** The values for a template: left out where it has no placeholder. Values are data, never words of a sentence. */
export type ValuesOf<T extends string> = [Placeholders<T>] extends [never]
  ? []
  : [values: Readonly<Record<Placeholders<T>, string | number>>];

export function say<const T extends string>(template: T, ...[values]: ValuesOf<T>): Sentence {
  const texts = Object.entries<string | number>(values ?? {}).map(([name, value]) => [name, String(value)]);
  return Object.freeze({
    template,
    values: Object.freeze(Object.fromEntries(texts) as Record<string, string>),
  });
}
