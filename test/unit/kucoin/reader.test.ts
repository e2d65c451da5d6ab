import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as v from 'valibot';
import { catalogue } from '../../../src/kucoin/catalogue';
import { makeReader, unfit } from '../../../src/kucoin/reader';
import { decimalNumber, decimalText, milliseconds, open } from '../../../src/kucoin/schema';

/** What valibot makes of a value. */
function expected(schema: v.GenericSchema, value: unknown): unknown {
  const result = v.safeParse(schema, value);
  return result.success ? result.output : unfit;
}

/** JSON values that come near a schema: mostly right, with things missing, wrong and added. */
function near(schema: v.GenericSchema): fc.Arbitrary<unknown> {
  const part = schema as unknown as {
    readonly type: string;
    readonly entries: Record<string, v.GenericSchema>;
    readonly item: v.GenericSchema;
    readonly wrapped: v.GenericSchema;
    readonly value: v.GenericSchema;
  };
  const wrong = { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) };
  const mostly = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 60, arbitrary }, wrong);
  switch (part.type) {
    case 'object': {
      const entries = Object.entries(part.entries).map(([name, entry]) => [name, near(entry)] as const);
      const shape = Object.fromEntries([...entries, ['unheardOf', fc.constant(1)] as const]);
      const all = entries.map(([name]) => name);
      return mostly(
        fc.oneof(fc.record(shape, { requiredKeys: all }), fc.record(shape, { requiredKeys: [] })),
      );
    }
    case 'array':
      return mostly(fc.array(near(part.item), { maxLength: 4 }));
    case 'record':
      return mostly(fc.dictionary(fc.string(), near(part.value), { maxKeys: 4 }));
    case 'optional':
    case 'nullish':
      return fc.oneof(near(part.wrapped), fc.constant(null));
    default:
      return mostly(fc.constantFrom<unknown>('12.5', 'text', '0', 5, 0.1, 1_700_000_000_000, true, false));
  }
}

describe('a reader', () => {
  const mixed = v.object({
    text: v.string(),
    number: v.number(),
    flag: v.boolean(),
    amount: decimalText,
    exact: decimalNumber,
    at: milliseconds,
    kind: open('a', 'b'),
    none: v.null(),
    maybe: v.optional(v.string()),
    orNull: v.nullish(decimalText),
    filled: v.optional(v.string(), 'default'),
    filledNull: v.nullish(v.number(), 7),
    deep: v.array(v.object({ list: v.array(v.array(v.number())), map: v.record(v.string(), v.string()) })),
    either: v.union([v.string(), v.object({ id: v.string() })]),
  });
  const schemas: Record<string, v.GenericSchema> = {
    'a mixed schema': mixed,
    ...Object.fromEntries(
      Object.entries(catalogue).map(([name, { reply }]) => [name, reply as v.GenericSchema]),
    ),
  };
  for (const [name, schema] of Object.entries(schemas)) {
    it(`reads answers of ${name} as valibot does`, () => {
      const read = makeReader(schema);
      fc.assert(
        fc.property(near(schema), (made) => {
          const value: unknown = JSON.parse(JSON.stringify(made));
          assert.deepEqual(read(value), expected(schema, value));
        }),
        { numRuns: 200 },
      );
    });
  }

  it('leaves the answer itself as it was', () => {
    const value = Object.freeze([Object.freeze({ a: '1', more: 2 })]);
    const read = makeReader(v.array(v.object({ a: v.string() })));
    assert.deepEqual(read(value), [{ a: '1' }]);
  });
});
