import * as v from 'valibot';
import { fromNumberText, isDecimal, type Decimal } from './decimal';
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

/** Whether a schema holds a `decimalNumber` anywhere: only such replies need the exact parser. */
export function holdsDecimalNumber(schema: unknown): boolean {
  if (schema === decimalNumber) return true;
  if (typeof schema !== 'object' || schema === null) return false;
  const part = schema as Partial<
    Record<'entries' | 'item' | 'items' | 'wrapped' | 'options' | 'pipe' | 'value', unknown>
  >;
  const children = [
    part.item,
    part.wrapped,
    part.value,
    ...list(part.entries),
    ...list(part.items),
    ...list(part.options),
  ];
  // The first member of a pipe is the schema that the pipe itself copies; later ones may be schemas again.
  if (Array.isArray(part.pipe)) children.push(...(part.pipe as unknown[]).slice(1));
  return children.some(holdsDecimalNumber);
}

function list(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}
