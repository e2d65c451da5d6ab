import * as v from 'valibot';

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

/** What stands at the ends of answers and requests; each schema gets those of them that it takes. */
const leaves: readonly unknown[] = [
  ...[
    '1.5',
    '0',
    '-0.00000001',
    '12345',
    'USDT',
    'BTC',
    'BTC-USDT',
    'main',
    'trade',
    'contract',
    'MAIN',
    'USD',
  ],
  ...[
    '6a1b2c3d4e5f6a7b8c9d0e1f',
    '0f8fad5b-d9cb-469f-a165-70867728950e',
    'General,Spot',
    'safe⟨x⟩ \u202e',
    '',
  ],
  ...['wss://ws.example.invalid/endpoint', '127.0.0.1', 'INTERNAL', 'buy', 'limit', 'open', 'true', '50'],
  ...[0, 1, -1, 1.5, 20, 100, 50_000, 1_700_000_000_000, 1e-9],
  ...[true, false, null],
];
const fitting = new WeakMap<object, readonly unknown[]>();

/** Something that a schema takes, or nearly so: what is malformed about it shall be what is done to it later. */
export function sampleOf(schema: v.GenericSchema, random: Random): unknown {
  return sample(schema, random);
}

const isOptional = new Set(['optional', 'exact_optional', 'nullish', 'undefinedable']);

function sample(schema: Schema, random: Random): unknown {
  const inner = (part: Schema | undefined): unknown => (part ? sample(part, random) : null);
  const { entries } = schema;
  if (entries) {
    const present = Object.entries(entries).filter(
      ([, entry]) => !isOptional.has(entry.type) || random(3) > 0,
    );
    return Object.fromEntries(present.map(([name, entry]) => [name, inner(entry)]));
  }
  // What is checked or transformed as a whole cannot be put together from its parts.
  if (schema.pipe && !schema.item && !schema.items) return leaf(schema, random);
  switch (schema.type) {
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
    case 'nullable':
    case 'nullish':
      return random(4) === 0 ? null : inner(schema.wrapped);
    default:
      return schema.wrapped ? inner(schema.wrapped) : leaf(schema, random);
  }
}

function leaf(schema: Schema, random: Random): unknown {
  let fit = fitting.get(schema);
  if (!fit) {
    const taken = leaves.filter((value) => v.safeParse(schema as unknown as v.GenericSchema, value).success);
    fit = taken.length > 0 ? taken : leaves;
    fitting.set(schema, fit);
  }
  return fit[random(fit.length)];
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
  const times = oneOf(random, [1, 1, 1, 2, 3]);
  // Half of them stay JSON and nearly right, so that what lies behind the first check is met as well.
  if (random(2) === 0) {
    const changed = structuredClone(value);
    for (let n = 0; n < times; n++) changeIn(changed, random);
    return JSON.stringify(changed);
  }
  let text = JSON.stringify(value);
  for (let n = 0; n < times; n++)
    text = random(10) < 6 ? withHostileValue(text, random) : brokenText(text, random);
  return text;
}

/** One member somewhere below becomes another, goes, comes twice, or gets a neighbour that nobody knows. */
function changeIn(value: unknown, random: Random): void {
  let place = Object(value) as Record<string, unknown>;
  for (;;) {
    const names = Object.keys(place);
    const name = names[random(names.length)];
    if (name === undefined) return;
    const member = place[name];
    if (typeof member === 'object' && member !== null && Object.keys(member).length > 0 && random(8) > 0) {
      place = member as Record<string, unknown>;
      continue;
    }
    switch (random(6)) {
      case 0:
        if (Array.isArray(place)) place.splice(Number(name), 1);
        else Reflect.deleteProperty(place, name);
        return;
      case 1:
        if (Array.isArray(place)) place.push(member);
        else place[oneOf(random, ['newMember', 'id', 'success', 'then', 'toJSON', 'constructor'])] = member;
        return;
      case 2:
        place[name] = typeof member === 'string' ? Number(member) : String(member);
        return;
      case 3:
        place[name] = typeof member === 'string' ? brokenText(member, random) : [member];
        return;
      default:
        place[name] = leaves[random(leaves.length)];
        return;
    }
  }
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
