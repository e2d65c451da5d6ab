import { catalogue, type EndpointName } from '../../kucoin/catalogue';
import type { Endpoint } from '../../kucoin/endpoint';
import { permissionTitles, quotaOf, type World } from '../../kucoin/vocabulary';
import type { OutputOf } from './schemas';

type Explained = OutputOf<'kucoin_explain_endpoint'>['endpoints'][number];

const all = Object.entries(catalogue) as unknown as readonly (readonly [EndpointName, Endpoint])[];

/** Entries that are explained at most. */
const most = 5;

/**
 * Entries that a text names: by path, with or without method and host, by name in the catalogue, else by the words of
 * title and summary, best first.
 */
export function findEndpoints(text: string): (readonly [EndpointName, Endpoint])[] {
  const asked = text.trim();
  const [, method, path] =
    /(?:\b(GET|POST|DELETE)\s+)?(?:https?:\/\/[^/\s]*)?(\/api\/[^\s?#"'`]*)/i.exec(asked) ?? [];
  if (path !== undefined) {
    const asMethod = all.filter(([, entry]) => (method ?? entry.method).toUpperCase() === entry.method);
    const exact = asMethod.filter(([, entry]) => entry.path === path);
    const same = exact.length > 0 ? exact : asMethod.filter(([, entry]) => samePath(entry.path, path));
    return same.slice(0, most);
  }
  const named = all.find(([name]) => name.toLowerCase() === asked.toLowerCase());
  if (named) return [named];
  const words = asked.toLowerCase().match(/[a-z0-9]{2,}/g) ?? [];
  const scored = all.map((each) => ({ each, score: scoreOf(each, words) })).filter(({ score }) => score > 0);
  const best = Math.max(...scored.map(({ score }) => score));
  return scored
    .filter(({ score }) => score >= best * 0.75)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ each }) => each);
}

function samePath(known: string, asked: string): boolean {
  const parts = asked.replace(/\/+$/, '').split('/');
  const own = known.split('/');
  return (
    own.length === parts.length && own.every((part, index) => part.startsWith('{') || part === parts[index])
  );
}

function scoreOf(
  [name, { title, summary }]: readonly [EndpointName, Endpoint],
  words: readonly string[],
): number {
  const heading = `${title} ${name}`.toLowerCase();
  const text = summary.toLowerCase();
  const points = words.map((word) => (heading.includes(word) ? 3 : text.includes(word) ? 1 : 0));
  return points.reduce<number>((sum, each) => sum + each, 0) / Math.max(words.length, 1);
}

/** @param permissions what the active key may do, where that was read */
export function explainEndpoint(
  name: EndpointName,
  entry: Endpoint,
  world: World,
  permissions: readonly string[] | undefined,
): Explained {
  const permission = entry.permissionIn?.[world] ?? entry.permission;
  const isRead = entry.repeat === 'safe';
  return {
    name,
    title: entry.title,
    summary: entry.summary,
    call: `${entry.method} ${entry.path}`,
    host: entry.host === 'spot' ? 'https://api.kucoin.com' : 'https://api-futures.kucoin.com',
    documentation: entry.docs,
    permission: permission === 'Public' ? 'none: public, not signed' : permissionTitles[permission],
    mayBeCalled:
      permission === 'Public'
        ? 'yes, without a key'
        : permissions === undefined
          ? 'not known: the permissions of the active key have not been read'
          : permissions.includes(permission)
            ? 'yes, the active key has the permission'
            : 'no, the active key lacks the permission',
    weight: entry.weight,
    pool: entry.pool,
    quota: `${quotaOf(entry.pool)} units of this pool in each window of 30 s at VIP level 0`,
    state: entry.state?.[world] ?? 'current',
    repeat: isRead
      ? 'It may be sent again when its answer is lost.'
      : 'Never send it again when its answer is lost: it moves funds or orders, and may have been carried out.',
    parameters: parametersOf(entry),
  };
}

interface Schema {
  readonly type?: string;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly wrapped?: Schema;
  readonly pipe?: readonly Schema[];
  readonly options?: readonly unknown[];
  /** Of an open enumeration. */
  readonly known?: readonly string[];
  readonly message?: unknown;
}

function parametersOf({ params }: Endpoint): Explained['parameters'] {
  return Object.entries(entriesOf(params as Schema)).map(([name, schema]) => {
    const inner = schema.wrapped ?? schema;
    const values = inner.known ?? (inner.type === 'picklist' ? inner.options?.map(String) : undefined);
    const form = inner.pipe?.map(({ message }) => message).find((message) => typeof message === 'string');
    return {
      name,
      type: typeOf(inner),
      required: !schema.wrapped,
      ...(typeof form === 'string' && { form }),
      ...(values && { values: [...values] }),
    };
  });
}

/** The members of an object, whatever checks stand around it. */
function entriesOf(schema: Schema): Readonly<Record<string, Schema>> {
  return schema.entries ?? schema.pipe?.map(entriesOf).find((found) => Object.keys(found).length > 0) ?? {};
}

function typeOf({ type = 'text', pipe }: Schema): string {
  const outer = pipe?.[0]?.type ?? type;
  return outer === 'picklist' || outer === 'custom' || outer === 'union' ? 'text' : outer;
}
