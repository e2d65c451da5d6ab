import type { Sentence } from '../kucoin/explain';
import { permissionTitles, quotaOf, type Permission } from '../kucoin/vocabulary';
import type { FoundCall } from './calls';
import type { CodingFacts } from './finding';
import { fateIn, knownById, type Known } from './known';
import { hoverTexts } from './messages';
import { pageRanges } from './parameters';
import { say } from './sentence';

/** What there is to know about a call, line by line; the id names the kind of line. */
export interface HoverLine {
  readonly id: keyof typeof hoverTexts | 'summary';
  readonly sentence: Sentence;
}

export interface Hover {
  readonly lines: readonly HoverLine[];
  /** Page of the documentation. */
  readonly docs?: string;
  /** Whether the active profile may call it; `unknown` while its permissions have not been read. */
  readonly allowed: 'yes' | 'no' | 'unknown';
  /** `read`: may be tried against the profile. `money`: moves funds or orders, sandbox only. */
  readonly kind: 'read' | 'money';
}

const idPages = new Set(['limit']);

export function hoverOf(call: FoundCall, facts: CodingFacts = {}): Hover {
  const { known } = call;
  const { entry } = known;
  const world = facts.world ?? 'today';
  const lines: HoverLine[] = [];
  const line = (id: keyof typeof hoverTexts, values?: Record<string, string>): void =>
    void lines.push({ id, sentence: say(hoverTexts[id], values) });

  line('title', { title: known.title });
  if (entry) lines.push({ id: 'summary', sentence: say(entry.summary) });
  line('call', { method: known.method, path: known.path });
  line('host', { host: call.host?.host === known.host ? call.host.name : defaultHosts[known.host] });

  const needed = entry?.permissionIn?.[world] ?? entry?.permission ?? known.permission;
  const permission =
    needed === undefined
      ? ''
      : ((permissionTitles as Readonly<Record<string, string>>)[needed as Permission] ?? needed);
  if (needed === 'Public') line('public');
  else if (needed !== undefined) line('permission', { permission });
  if (entry)
    line('weight', { weight: String(entry.weight), pool: entry.pool, quota: String(quotaOf(entry.pool)) });

  const pages = pageRanges[known.id];
  if (pages) {
    const values = { low: String(pages.low), high: String(pages.high) };
    line(idPages.has(pages.parameter) ? 'pagesByLastId' : 'pagesByNumber', values);
  }
  if (known.id === 'GET /api/v1/transaction-history') line('pagesByOffset');
  if (windowed.has(known.id)) line('window', { hours: '24' });
  const kind = entry
    ? entry.repeat === 'never'
      ? 'money'
      : 'read'
    : known.method === 'GET'
      ? 'read'
      : 'money';
  if (kind === 'money') line('notRepeatable');

  const fate = fateIn(world, known);
  const by = known.replacement === undefined ? undefined : knownById(known.replacement);
  const replacement = by ? `${by.method} ${by.path}` : '';
  if (fate === 'gone') line('gone', { replacement });
  else if (fate === 'superseded') line(by ? 'supersededBy' : 'superseded', { replacement });

  if (known.path === '/api/v1/hf/accounts/opened') line('opened');
  const hf = hfVerdict(known, facts);
  if (hf) line(...hfLine(hf));

  const allowed = mayCall(needed, facts);
  if (needed !== 'Public') {
    if (allowed === 'yes') line('allowed');
    else if (allowed === 'no') line('notAllowed', { permission });
    else line('notKnown');
  }
  return { lines, ...(known.docs !== undefined && { docs: known.docs }), allowed, kind };
}

/** What HF decides for a call: the accounts that its orders draw on, or that there are none. */
export type HfVerdict =
  | { readonly accounts: readonly string[] }
  | { readonly none: 'spotNotActivated' | 'marginNotActivated' | 'refused' };

/** The accounts of each kind of HF, by its state (kucoin-api 7.2). */
const hfAccounts: Readonly<Record<'spot' | 'cross' | 'isolated', Readonly<Record<string, string>>>> = {
  spot: { merged: 'trade', separate: 'trade_hf' },
  cross: { merged: 'margin', separate: 'margin_v2' },
  isolated: { merged: 'isolated', separate: 'isolated_v2' },
};

/** `undefined` where HF decides nothing, or nobody knows what. An order of margin may be of either kind. */
export function hfVerdict({ path }: Known, { spotHf, marginHf }: CodingFacts): HfVerdict | undefined {
  const isSpot = path.startsWith('/api/v1/hf/orders') || path === '/api/v1/hf/accounts/opened';
  const isMargin = /^\/api\/v3\/hf\/margin\/orders?(\/|$)/.test(path);
  if (!isSpot && !isMargin) return undefined;
  const states: readonly (readonly [keyof typeof hfAccounts, string | undefined])[] = isSpot
    ? [['spot', spotHf]]
    : [
        ['cross', marginHf?.cross],
        ['isolated', marginHf?.isolated],
      ];
  const accounts = states.flatMap(([kind, state]) => hfAccounts[kind][state ?? ''] ?? []);
  if (accounts.length > 0) return { accounts };
  if (states.every(([, state]) => state === 'refused')) return { none: 'refused' };
  if (!states.every(([, state]) => state === 'notActivated')) return undefined;
  return { none: isSpot ? 'spotNotActivated' : 'marginNotActivated' };
}

function hfLine(verdict: HfVerdict): [id: keyof typeof hoverTexts, values?: Record<string, string>] {
  if ('accounts' in verdict) return ['hfOrders', { account: verdict.accounts.join(' / ') }];
  const ids = {
    spotNotActivated: 'hfNotActivated',
    marginNotActivated: 'hfMarginNotActivated',
    refused: 'hfRefused',
  } as const;
  return [ids[verdict.none]];
}

function mayCall(needed: string | undefined, { permissions }: CodingFacts): Hover['allowed'] {
  if (needed === 'Public') return 'yes';
  if (needed === undefined || !permissions) return 'unknown';
  return permissions.includes(needed) ? 'yes' : 'no';
}

const defaultHosts = { spot: 'api.kucoin.com', futures: 'api-futures.kucoin.com' } as const;

/** Listings with a window of at most a day (kucoin-api 5.1, 5.2). */
const windowed = new Set([
  'GET /api/v1/accounts/ledgers',
  'GET /api/v1/transaction-history',
  'GET /api/v1/transfer-list',
]);
