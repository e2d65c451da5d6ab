/**
 * JSON whose numbers keep their source text where a float could not give it back: `0.1` and `42` stay numbers
 * (their shortest text is the source), `1e-5`, `0.10` and `12345678901234567890` become text.
 *
 * Needs the source argument of a reviver (Node 22 and later, which every supported editor has). Where it is
 * missing the numbers stay floats; only the stand-alone sandbox can run there.
 */
export function parseExact(text: string): unknown {
  return JSON.parse(text, keepSource);
}

function keepSource(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  return String(value) === context.source ? value : context.source;
}
