import { brandIds, brands, parseBaseUrl, type KeyVersion } from '../kucoin/brands';
import { keyProblem, secretProblem } from './inputs';
import type { ProfileSite } from './profile';

/** A key of KuCoin among named values. Holds secrets. */
export interface NamedKey {
  /** What the names have besides their parts, such as `SUB1`; empty for most. */
  readonly label: string;
  readonly key: string;
  readonly secret: string;
  /** Empty where it is not there. */
  readonly passphrase: string;
  readonly version?: KeyVersion | undefined;
  /** Only a site of KuCoin, or this computer: whatever else a file names as host is left out. */
  readonly site?: ProfileSite | undefined;
  /** The names of the key, the secret and the passphrase. */
  readonly names: readonly string[];
}

type Part = 'key' | 'secret' | 'passphrase' | 'version' | 'spot' | 'futures';

/** How people and clients name the parts. The first that fits counts: `API_SECRET_KEY` is a secret. */
const parts: readonly (readonly [Part, RegExp])[] = [
  ['version', /(?:API_?)?KEY_?VERSION/],
  ['futures', /FUTURES_?(?:BASE_?)?URL/],
  ['spot', /(?:BASE_?URL|API_?URL|ENDPOINT)/],
  ['passphrase', /(?:API_?)?(?:KEY_?)?(?:PASS_?PHRASE|PASSWORD)/],
  ['secret', /(?:API_?)?SECRET(?:_?KEY)?/],
  ['key', /(?:API_?)?(?:ACCESS_?)?KEY/],
];

type Group = Partial<Record<Part, { readonly name: string; readonly value: string }>>;

/**
 * Keys of KuCoin among pairs of a name and a value, such as those of a `.env` file: by their names, and by the form
 * that KuCoin gives to keys and secrets, so that keys of other exchanges are left alone.
 */
export function keysIn(pairs: readonly (readonly [name: string, value: string])[]): NamedKey[] {
  const groups = new Map<string, Group>();
  for (const [name, value] of pairs) {
    const found = partOf(name);
    if (!found) continue;
    const group = groups.get(found.label) ?? {};
    groups.set(found.label, group);
    group[found.part] ??= { name, value: value.trim() };
  }
  return [...groups].flatMap(([label, group]) => {
    const { key, secret, passphrase, version } = group;
    if (!key || !secret) return [];
    if (keyProblem(key.value) !== undefined || secretProblem(secret.value) !== undefined) return [];
    return {
      label,
      key: key.value,
      secret: secret.value,
      passphrase: passphrase?.value ?? '',
      version: (['1', '2', '3'] as const).find((each) => each === version?.value),
      site: siteOf(group.spot?.value, group.futures?.value),
      names: [key, secret, passphrase].flatMap((each) => each?.name ?? []),
    };
  });
}

function partOf(name: string): { readonly part: Part; readonly label: string } | undefined {
  const upper = name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toUpperCase();
  for (const [part, pattern] of parts) {
    const match = pattern.exec(upper);
    if (!match) continue;
    const rest = `${upper.slice(0, match.index)}_${upper.slice(match.index + match[0].length)}`;
    const words = rest.split(/[^A-Z\d]+/).filter((word) => word !== '' && word !== 'KUCOIN' && word !== 'KC');
    return { part, label: words.join(' ') };
  }
  return undefined;
}

function siteOf(spot: string | undefined, futures: string | undefined): ProfileSite | undefined {
  const origin = originOf(spot);
  if (origin === undefined) return undefined;
  const brand = brandIds.find((id) => brands[id].hosts.spot === origin);
  if (brand) return { kind: 'brand', brand };
  if (!origin.startsWith('http://')) return undefined;
  const second = originOf(futures);
  return { kind: 'custom', spot: origin, ...(second?.startsWith('http://') && { futures: second }) };
}

/** `http` is for this computer alone, by the rule of base URLs. */
function originOf(text: string | undefined): string | undefined {
  const parsed = text === undefined ? undefined : parseBaseUrl(text);
  return parsed && 'origin' in parsed ? parsed.origin : undefined;
}
