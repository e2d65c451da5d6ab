import type { Sentence } from '../kucoin/explain';

/** A sentence of the tables in `messages.ts`, with its values. */
export function say(template: string, values: Readonly<Record<string, string>> = {}): Sentence {
  return Object.freeze({ template, values: Object.freeze({ ...values }) });
}
