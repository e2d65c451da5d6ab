import { fileOf, type FoundCall } from './calls';
import { valuesOf } from './values';
import { familyOf, scan } from './scan';

/** A parameter of a call, and what the text gives it. */
export interface RequestParameter {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'truth' | 'list';
  readonly required: boolean;
  /** As it is written in the text; absent where the program makes it when it runs. */
  readonly value?: string;
}

/** The parameters of a call that the catalogue knows, with the values that stand literally in the text. */
export function requestOf(text: string, languageId: string, call: FoundCall): RequestParameter[] {
  const family = familyOf(languageId);
  const schemas = entriesOf(call.known.entry?.params);
  if (!family) return [];
  const { values } = valuesOf(fileOf({ text, scan: scan(text, family) }, family), call);
  const written = call.by === 'path' ? text.slice(call.start, call.end) : '';
  const inPath = literalSegments(call.known.path, written);
  return Object.entries(schemas).map(([name, schema]): RequestParameter => {
    const found = values.get(name);
    const literal = found && found.kind !== 'other' ? found.text : inPath.get(name);
    return {
      name,
      kind: kindOf(schema),
      required: schema.type !== 'optional' && schema.type !== 'nullish',
      ...(literal !== undefined && literal !== '' && isLiteral(literal) && { value: literal }),
    };
  });
}

/** A value as the schema of its parameter wants it. */
export function typed({ kind }: RequestParameter, value: string): string | number | boolean | string[] {
  switch (kind) {
    case 'number':
      return Number(value);
    case 'truth':
      return value === 'true';
    case 'list':
      return value.split(',').map((one) => one.trim());
    case 'text':
      return value;
  }
}

/** Not a template, a placeholder of a format or a piece of code. */
function isLiteral(value: string): boolean {
  return /^[\w.,:@ +-]{1,200}$/.test(value);
}

function literalSegments(path: string, written: string): Map<string, string> {
  const found = new Map<string, string>();
  const given = written.replace(/^\/?/, '/').split('/');
  for (const [at, segment] of path.split('/').entries()) {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    const value = given[at];
    if (name !== undefined && value !== undefined && value !== '') found.set(name, value);
  }
  return found;
}

interface Schema {
  readonly type?: string;
  readonly wrapped?: Schema;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly pipe?: readonly Schema[];
}

/** An object may stand inside a pipe of checks. */
function entriesOf(schema: Schema | undefined): Readonly<Record<string, Schema>> {
  return schema?.entries ?? schema?.pipe?.map(entriesOf).find((all) => Object.keys(all).length > 0) ?? {};
}

function kindOf(schema: Schema): RequestParameter['kind'] {
  if (schema.wrapped) return kindOf(schema.wrapped);
  if (schema.type === 'number') return 'number';
  if (schema.type === 'boolean') return 'truth';
  return schema.type === 'array' ? 'list' : 'text';
}
