import type { Sentence } from '../kucoin/explain';
import { findCalls, fileOf, type FoundCall } from './calls';
import type { CodingFacts, TextEdit } from './finding';
import { accountTypesFor } from './parameters';
import { endpointsAt, fateIn, hole, knownEndpoints, type Known } from './known';
import { completionTexts } from './messages';
import { mentionsKucoin } from './mention';
import { familyOf, scan, stringAt } from './scan';
import { say } from './sentence';
import { wordBefore } from './syntax';

export interface Completion {
  readonly kind: 'path' | 'parameter' | 'value';
  readonly label: string;
  readonly detail?: Sentence;
  /** What is put in place of what was typed. */
  readonly edit: TextEdit;
  /** Sorts superseded calls behind the others. */
  readonly last: boolean;
}

const none: readonly Completion[] = [];

/** Paths, parameters and values that can stand at an offset of a text. */
export function completionsAt(
  text: string,
  offset: number,
  languageId: string,
  facts: CodingFacts = {},
): readonly Completion[] {
  const family = familyOf(languageId);
  if (!family || !mentionsKucoin(text)) return none;
  const scanned = scan(text, family);
  const string = stringAt(scanned, offset);
  let [start, end] = string ? [string.start, string.end] : [offset, offset];
  if (!string) {
    if (family !== 'shell' && family !== 'http') return none;
    while (start > 0 && text.charCodeAt(start - 1) > 32 && offset - start < 300) start--;
    while (end < text.length && text.charCodeAt(end) > 32 && end - offset < 300) end++;
  }
  const typed = text.slice(start, offset);
  const api = typed.lastIndexOf('/api/') >= 0 ? typed.lastIndexOf('/api/') : partialApi(typed);
  if (api >= 0 && !/\s/.test(typed.slice(api))) {
    const query = typed.indexOf('?', api);
    if (query < 0) return paths(text, start + api, offset, end, facts);
    return inQuery(typed.slice(api, query), typed.slice(query + 1), offset, facts);
  }
  const call = callFor(text, languageId, offset);
  if (!call) return none;
  // The name before a value: `from: '…'`, `"type": "…"`, `.SetFrom("…")`.
  let before = (string?.open ?? start) - 1;
  while (before > 0 && /[\s:=>("'[\]]/.test(text[before] ?? '') && before > start - 12) before--;
  const { word } = wordBefore(text, before + 1);
  if (string && parametersOf(call.known).has(word) && /[:=(]/.test(text.slice(before + 1, string.open)))
    return values(call.known, word, start, end, facts);
  return string && typed === '' ? none : parameters(call.known, start, end, typed);
}

/** `/`, `/a`, `/api`: the beginning of a path that is being typed, alone or after a host or a base. */
function partialApi(typed: string): number {
  const match = /(?:^|kucoin\.\w{2,3}|\})(\/a?p?i?)$/.exec(typed);
  return match ? typed.length - (match[1] ?? '').length : -1;
}

function paths(
  text: string,
  from: number,
  offset: number,
  end: number,
  { world = 'today' }: CodingFacts,
): Completion[] {
  const typed = text.slice(from, offset);
  // The rest of the old path goes; a query stays.
  let to = offset;
  while (to < end && /[\w/.{}$-]/.test(text[to] ?? '')) to++;
  const seen = new Map<string, Known>();
  for (const known of knownEndpoints) {
    const before = seen.get(known.path);
    if (known.path.startsWith(typed) && (!before || (known.fate === 'current' && before.fate !== 'current')))
      seen.set(known.path, known);
  }
  return [...seen.values()].map((known): Completion => {
    const old = fateIn(world, known) !== 'current';
    return {
      kind: 'path',
      label: known.path,
      detail: say(old ? completionTexts.superseded : completionTexts.path, { title: known.title }),
      edit: { start: from, end: to, text: known.path },
      last: old,
    };
  });
}

function inQuery(path: string, query: string, offset: number, facts: CodingFacts): Completion[] {
  const known = endpointsAt(path.replace(/\$?\{[^}]*\}/g, hole)).find(({ method }) => method !== 'POST');
  if (!known) return [];
  const last = query.slice(query.lastIndexOf('&') + 1);
  const equals = last.indexOf('=');
  if (equals < 0) return parameters(known, offset - last.length, offset, last);
  return values(known, last.slice(0, equals), offset - (last.length - equals - 1), offset, facts);
}

function parameters(known: Known, start: number, end: number, typed: string): Completion[] {
  return [...parametersOf(known)]
    .filter(([name]) => name.startsWith(typed) && !known.path.includes(`{${name}}`))
    .map(([name, schema]) => ({
      kind: 'parameter',
      label: name,
      detail: say(isOptional(schema) ? completionTexts.optional : completionTexts.required),
      edit: { start, end, text: name },
      last: isOptional(schema),
    }));
}

function values(
  known: Known,
  parameter: string,
  start: number,
  end: number,
  facts: CodingFacts,
): Completion[] {
  const schema = parametersOf(known).get(parameter);
  const types = accountTypesFor(known.id, parameter, facts.world ?? 'today') ?? knownValues(schema);
  return types.map((value) => ({
    kind: 'value',
    label: value,
    edit: { start, end, text: value },
    last: false,
  }));
}

interface Schema {
  readonly type?: string;
  readonly known?: readonly string[];
  readonly wrapped?: Schema;
  readonly item?: Schema;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly pipe?: readonly Schema[];
}

function parametersOf(known: Known): ReadonlyMap<string, Schema> {
  const params: unknown = known.entry?.params;
  return new Map(Object.entries(entriesOf(params as Schema | undefined)));
}

/** An object may stand inside a pipe of checks. */
function entriesOf(schema: Schema | undefined): Readonly<Record<string, Schema>> {
  return (
    schema?.entries ?? schema?.pipe?.map(entriesOf).find((entries) => Object.keys(entries).length > 0) ?? {}
  );
}

function isOptional(schema: Schema): boolean {
  return schema.type === 'optional' || schema.type === 'nullish';
}

function knownValues(schema: Schema | undefined): readonly string[] {
  return (
    schema?.known ??
    (schema?.wrapped ? knownValues(schema.wrapped) : schema?.item ? knownValues(schema.item) : [])
  );
}

/** The call in whose arguments an offset stands, or else the last one before it, within a few lines. */
function callFor(text: string, languageId: string, offset: number): FoundCall | undefined {
  const family = familyOf(languageId);
  if (!family) return undefined;
  const calls = findCalls(fileOf({ text, scan: scan(text, family) }, family));
  const around = calls.find(({ site }) => site && site.open < offset && offset <= site.close);
  const before = calls.findLast(({ start }) => start < offset && offset - start < 1_000);
  const after = calls.find(({ start }) => start > offset && start - offset < 1_000);
  return around ?? before ?? after;
}
