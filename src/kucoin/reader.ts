import * as v from 'valibot';

/**
 * Reads a parsed answer as its schema would: checks it, drops unknown members, fills in defaults. Long lists are
 * what an answer mostly is, and for the plain schemas that they are made of this takes a fraction of the time:
 * a part that needs no change is not copied. Whatever else a schema holds is left to valibot.
 */
export type Reader = (value: unknown) => unknown;

/** What a reader answers for a value that does not pass. Valibot then tells why. */
export const unfit = Symbol('unfit');

type Entries = Readonly<Record<string, v.GenericSchema>>;
type PlainSchema =
  | { readonly type: 'string' | 'number' | 'boolean' }
  | { readonly type: 'custom'; readonly check: (value: unknown) => boolean }
  | { readonly type: 'array'; readonly item: v.GenericSchema }
  | { readonly type: 'object'; readonly entries: Entries }
  | { readonly type: 'optional' | 'nullish'; readonly wrapped: v.GenericSchema; readonly default: unknown };

export function makeReader(schema: v.GenericSchema): Reader {
  if ('pipe' in schema || 'fallback' in schema) return byValibot(schema);
  const plain = schema as unknown as PlainSchema;
  switch (plain.type) {
    case 'string':
    case 'number':
    case 'boolean':
      return (value) => (typeof value === plain.type && !Number.isNaN(value) ? value : unfit);
    case 'custom':
      return (value) => (plain.check(value) ? value : unfit);
    case 'optional':
    case 'nullish': {
      if (plain.default !== undefined) return byValibot(schema);
      const read = makeReader(plain.wrapped);
      const passes = plain.type === 'nullish' ? [undefined, null] : [undefined];
      return (value) => (passes.includes(value as undefined) ? value : read(value));
    }
    case 'array':
      return readArray(makeReader(plain.item));
    case 'object':
      return readObject(plain.entries);
    default:
      return byValibot(schema);
  }
}

function byValibot(schema: v.GenericSchema): Reader {
  return (value) => {
    const result = v.safeParse(schema, value);
    return result.success ? result.output : unfit;
  };
}

function readArray(read: Reader): Reader {
  return (value) => {
    if (!Array.isArray(value)) return unfit;
    let items: unknown[] = value;
    for (let i = 0; i < value.length; i++) {
      const output = read(value[i]);
      if (output === unfit) return unfit;
      if (output === value[i]) continue;
      if (items === value) items = [...(value as unknown[])];
      items[i] = output;
    }
    return items;
  };
}

function readObject(entries: Entries): Reader {
  const fields = Object.entries(entries).map(([name, schema]) => ({
    name,
    read: makeReader(schema),
    fills: 'default' in schema && schema.default !== undefined,
    mayLack: schema.type === 'optional' || schema.type === 'nullish',
  }));
  /** Makes a new object; for answers that are not just what the schema says. */
  const rebuild = (input: Readonly<Record<string, unknown>>): unknown => {
    const object: Record<string, unknown> = {};
    for (const { name, read, fills, mayLack } of fields) {
      if (!(name in input) && !fills) {
        if (mayLack) continue;
        return unfit;
      }
      const output = read(input[name]);
      if (output === unfit) return unfit;
      object[name] = output;
    }
    return object;
  };
  return (value) => {
    if (typeof value !== 'object' || value === null) return unfit;
    const input = value as Readonly<Record<string, unknown>>;
    if (Object.keys(input).length !== fields.length) return rebuild(input);
    for (const { name, read } of fields) {
      const given = input[name];
      if (given === undefined || read(given) !== given) return rebuild(input);
    }
    return input;
  };
}
