import * as v from 'valibot';
import { fromNumberText, isDecimal, type Decimal } from './decimal';
import { oneLine } from './outside';
import type { Open } from './vocabulary';

/** Pieces that the entries of the catalogue are made of. */

/** Text of an amount or price. */
export const decimalText = v.custom<Decimal>(
  (value) => typeof value === 'string' && isDecimal(value),
  'decimal text',
);

/**
 * A JSON number that is an amount. It arrives as its source text (see `json.ts`), so `0.1` stays 0.1 and
 * nothing passes through a float. Plain text is taken too, as several endpoints changed from one to the other.
 */
export const decimalNumber = v.pipe(
  v.union([v.string(), v.number()]),
  v.rawTransform(({ dataset, addIssue, NEVER }): Decimal => {
    const exact = fromNumberText(String(dataset.value));
    if (exact === undefined) {
      addIssue({ message: 'decimal number' });
      return NEVER;
    }
    return exact;
  }),
);

/** Milliseconds since the epoch. */
export const milliseconds = v.pipe(v.number(), v.integer());

/** An enumeration of the exchange to which it may add members: unknown ones are kept as they came. */
export function open<const T extends string>(
  ...known: readonly T[]
): v.GenericSchema<Open<T>> & { readonly known: readonly T[] } {
  return { ...v.string(), known };
}

/** A currency code such as `USDT`, in requests. */
export const currencyCode = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,30}$/, 'currency code'));

/** Characters of a path at most: the names in it may be from outside as well. */
const longestPath = 120;

/** Which field a schema refused, and why. Never the value itself: it may be a key, a balance, or a megabyte. */
export function describeIssue(issue: v.BaseIssue<unknown>, root: string): string {
  const whole = v.getDotPath(issue) ?? '';
  const path = oneLine(whole.length > longestPath ? `${whole.slice(0, longestPath)}…` : whole);
  const field = [root, path].filter(Boolean).join('.');
  if (issue.input === undefined) return `${field}: is missing`;
  const received = issue.input === null ? 'null' : Array.isArray(issue.input) ? 'array' : typeof issue.input;
  // A text of our own says it best; valibot's own texts quote the value.
  const wanted = issue.message.startsWith('Invalid ') ? (issue.expected ?? issue.type) : issue.message;
  return `${field}: expected ${wanted}, received ${received}`;
}

/** Whether a schema holds a `decimalNumber` anywhere: only such replies need the exact parser. */
export function holdsDecimalNumber(schema: unknown): boolean {
  return holds(schema, new Set());
}

function holds(schema: unknown, seen: Set<unknown>): boolean {
  if (schema === decimalNumber) return true;
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return false;
  seen.add(schema);
  const part = schema as Partial<Record<(typeof singleParts)[number] | (typeof manyParts)[number], unknown>>;
  return (
    singleParts.some((name) => holds(part[name], seen)) ||
    manyParts.some((name) => list(part[name]).some((child) => holds(child, seen)))
  );
}

const singleParts = ['item', 'wrapped', 'key', 'value', 'rest'] as const;
const manyParts = ['entries', 'items', 'options', 'pipe'] as const;

function list(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}
