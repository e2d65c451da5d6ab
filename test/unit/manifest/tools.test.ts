import '../support/fakeVscode';
import assert from 'node:assert/strict';
import * as v from 'valibot';
import { settingNames } from '../../../src/host/settings';
import { inputs } from '../../../src/ui/tools/schemas';
import { toolNames } from '../../../src/ui/tools/toolTable';
import { manifest, settings, texts } from './manifest';

interface Schema {
  readonly type: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly additionalProperties?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface Tool {
  readonly name: (typeof toolNames)[number];
  readonly displayName: string;
  readonly userDescription: string;
  readonly modelDescription: string;
  readonly toolReferenceName: string;
  readonly canBeReferencedInPrompt: boolean;
  readonly icon: string;
  readonly tags: readonly string[];
  readonly when?: string;
  readonly inputSchema: Schema;
}

const tools = (manifest.contributes as unknown as { readonly languageModelTools: readonly Tool[] })
  .languageModelTools;

/** A value that the schema of the manifest takes. */
function sample(schema: Schema): unknown {
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, each]) => [name, sample(each)]),
      );
    case 'integer':
      return schema.minimum;
    default:
      return ['USDT', 'BTC-USDT', '12.5', '0f8fad5b-d9cb-469f-a165-70867728950e', 'BTC'].find((text) =>
        new RegExp(schema.pattern ?? '.').test(text),
      );
  }
}

function strings(schema: Schema): Schema[] {
  const inner = Object.values(schema.properties ?? {}).flatMap(strings);
  return schema.type === 'string' ? [schema] : inner;
}

describe('the language-model tools of the manifest', () => {
  it('are the ones of the code', () => {
    assert.deepEqual(
      tools.map(({ name }) => name),
      [...toolNames],
    );
  });

  for (const tool of tools) {
    const { name, inputSchema } = tool;

    it(`tell people and models what they do: ${name}`, () => {
      assert.equal(tool.displayName, `%tool.${name}%`);
      assert.equal(tool.userDescription, `%tool.${name}.description%`);
      assert.ok(texts[`tool.${name}`] && texts[`tool.${name}.description`]);
      assert.ok(tool.modelDescription.length > 100 && tool.modelDescription.length < 700);
      assert.ok(tool.canBeReferencedInPrompt);
      assert.match(tool.toolReferenceName, /^kucoin[A-Za-z]+$/);
      assert.match(tool.icon, /^\$\([a-z-]+\)$/);
      assert.ok(tool.tags.includes('kucoin'));
    });

    it(`take the same as the code: ${name}`, () => {
      const schema: v.GenericSchema & {
        readonly entries: Readonly<Record<string, { readonly type: string }>>;
      } = inputs[name];
      const { entries } = schema;
      assert.deepEqual(Object.keys(inputSchema.properties ?? {}).sort(), Object.keys(entries).sort());
      const needed = Object.keys(entries).filter((key) => entries[key]?.type !== 'exact_optional');
      assert.deepEqual([...(inputSchema.required ?? [])].sort(), needed.sort());
      const whole: Readonly<Record<string, unknown>> = sample(inputSchema) as never;
      assert.ok(v.is(schema, whole), JSON.stringify(whole));
      for (const key of Object.keys(whole)) {
        const rest = Object.fromEntries(Object.entries(whole).filter(([each]) => each !== key));
        assert.equal(v.is(schema, rest), !needed.includes(key), key);
        const range = inputSchema.properties?.[key];
        for (const one of range?.enum ?? []) assert.ok(v.is(schema, { ...whole, [key]: one }), key);
        if (range?.maximum !== undefined) {
          assert.ok(v.is(schema, { ...whole, [key]: range.maximum }));
          assert.ok(!v.is(schema, { ...whole, [key]: range.maximum + 1 }));
        }
      }
      assert.ok(!v.is(schema, { ...whole, more: 1 }));
    });

    it(`bound every text, and describe every member: ${name}`, () => {
      assert.equal(inputSchema.additionalProperties, false);
      for (const schema of strings(inputSchema)) {
        assert.ok(schema.enum ?? schema.maxLength ?? schema.pattern?.includes('}'), JSON.stringify(schema));
        assert.ok(schema.description, JSON.stringify(schema));
      }
    });
  }

  it('hide the one that moves money while it may not', () => {
    const hidden = tools.filter(({ when }) => when !== undefined);
    assert.deepEqual(
      hidden.map(({ name, when }) => [name, when]),
      [['kucoin_execute_transfer', `config.kucoin.${settingNames.executeTransfers} && isWorkspaceTrusted`]],
    );
  });

  it('have switches that are off at first and that no workspace can turn', () => {
    for (const name of ['executeTransfers', 'executeLiveTransfers'] as const) {
      const setting = settings[`kucoin.${settingNames[name]}`];
      assert.equal(setting?.default, false);
      assert.equal(setting.scope, 'application');
    }
  });
});
