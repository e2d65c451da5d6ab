import type * as v from 'valibot';

/** Numbers from a seed, so that every case can be made again. */
export type Random = (below: number) => number;

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export function oneOf<T>(random: Random, values: readonly [T, ...T[]]): T {
  return values[random(values.length)] ?? values[0];
}

interface Schema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly item?: Schema;
  readonly items?: readonly Schema[];
  readonly options?: readonly unknown[];
  readonly wrapped?: Schema;
  readonly value?: Schema;
  readonly literal?: unknown;
  readonly pipe?: readonly Schema[];
}

const texts = [
  '1.5',
  '0',
  'USDT',
  'BTC-USDT',
  '12345',
  'main',
  '6a1b2c3d4e5f6a7b8c9d0e1f',
  'true',
  '',
] as const;

/** Something like what a schema takes: right in its shape, not always in its values. */
export function sampleOf(schema: v.GenericSchema, random: Random): unknown {
  return sample(schema, random, 0);
}

function sample(schema: Schema, random: Random, depth: number): unknown {
  const inner = (part: Schema | undefined): unknown => (part ? sample(part, random, depth + 1) : null);
  switch (schema.type) {
    case 'string':
      return oneOf(random, texts);
    case 'number':
      return oneOf(random, [0, 1, -1, 1.5, 1_700_000_000_000, 1e-9]);
    case 'boolean':
      return random(2) === 0;
    case 'literal':
      return schema.literal;
    case 'picklist':
    case 'enum':
      return schema.options?.[random(schema.options.length)];
    case 'union':
    case 'variant':
    case 'intersect':
      return inner(schema.options?.[random(schema.options.length)] as Schema | undefined);
    case 'array':
      return Array.from({ length: random(4) }, () => inner(schema.item));
    case 'tuple':
    case 'strict_tuple':
    case 'loose_tuple':
    case 'tuple_with_rest':
      return (schema.items ?? []).map(inner);
    case 'record':
      return { BTC: inner(schema.value), USDT: inner(schema.value) };
    case 'null':
      return null;
    case 'optional':
    case 'exact_optional':
    case 'nullable':
    case 'nullish':
    case 'undefinedable':
      return random(4) === 0 ? null : inner(schema.wrapped);
    default:
      if (schema.entries)
        return Object.fromEntries(
          Object.entries(schema.entries).map(([name, entry]) => [name, inner(entry)]),
        );
      return schema.wrapped ? inner(schema.wrapped) : oneOf<unknown>(random, ['1.5', 7, null, {}, []]);
  }
}

const deep = '['.repeat(3_000) + ']'.repeat(3_000);
/** Texts of JSON values that nobody expects. */
const hostileJson = [
  'null',
  'true',
  '-0',
  '1e999',
  '9'.repeat(400),
  '0.1e-400',
  '""',
  '"\\u0000\\u202e"',
  '"\\ud800"',
  '[]',
  '{}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":null,"valueOf":1,"length":-1}',
  '[[[[[]]]]]',
  deep,
  `"${'x'.repeat(5_000)}"`,
  `[${'0,'.repeat(2_000)}0]`,
] as const;
const hostileText = [
  '"',
  '{',
  '}',
  ']',
  '\\',
  '\u0000',
  '\uFFFD',
  '\n',
  ',',
  ':',
  '-',
  '__proto__',
  'e',
  '<',
] as const;

/** A text of JSON with something wrong in it: a value, a name, a part that is gone, doubled or turned. */
export function brokenJson(value: unknown, random: Random): string {
  let text = JSON.stringify(value);
  for (let times = 1 + random(3); times > 0; times--)
    text = random(10) < 6 ? withHostileValue(text, random) : brokenText(text, random);
  return text;
}

/** One value, or one name, is replaced; found by its delimiters, as the text may be broken already. */
function withHostileValue(text: string, random: Random): string {
  const places = [...text.matchAll(/(?<=[:[,])(?:"(?:[^"\\]|\\.)*"|[^[\]{},:"]+)/g)].slice(0, 400);
  const place = places[random(places.length)];
  if (!place) return oneOf(random, hostileJson);
  const rest = text.slice(place.index + place[0].length);
  if (random(6) === 0) return `${text.slice(0, place.index)}{"__proto__":${place[0]},"polluted":1}${rest}`;
  return text.slice(0, place.index) + oneOf(random, hostileJson) + rest;
}

export function brokenText(text: string, random: Random): string {
  const [a, b] = [random(text.length + 1), random(text.length + 1)];
  const [from, to] = [Math.min(a, b), Math.max(a, b)];
  switch (random(6)) {
    case 0:
      return text.slice(0, from);
    case 1:
      return text.slice(0, from) + text.slice(Math.min(to, from + 8));
    case 2:
      return text.slice(0, to) + text.slice(from).slice(0, 500);
    case 3:
      return text.slice(0, from) + oneOf(random, hostileText) + text.slice(from);
    case 4:
      return text.slice(0, from) + String.fromCharCode(random(0x10000)) + text.slice(from + 1);
    default:
      return (
        text.slice(0, from) +
        text
          .slice(from, from + 12)
          .split('')
          .reverse()
          .join('') +
        text.slice(from + 12)
      );
  }
}
