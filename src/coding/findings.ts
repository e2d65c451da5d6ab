import { brands } from '../kucoin/brands';
import { permissionTitles, type Permission, type World } from '../kucoin/vocabulary';
import type { FoundCall, File } from './calls';
import type { Add, CodingFacts, Finding, Fix } from './finding';
import { endpointsAt, fateIn, knownById } from './known';
import { findingTexts, fixTexts } from './messages';
import { openedRead } from './opened';
import { accountTypes, amounts, hiddenHf, pageSizes, tags } from './parameters';
import { hosts } from './places';
import { timestamps, windows } from './seconds';
import { say } from './sentence';
import { signing } from './signing';
import { valuesOf } from './values';

export function findingsOf(file: File, calls: readonly FoundCall[], facts: CodingFacts): Finding[] {
  const found: Finding[] = [];
  const world = facts.world ?? 'today';
  for (const call of calls) {
    const { known } = call;
    const docs = known.docs;
    const add = (finding: Omit<Finding, 'docs'>): void =>
      void found.push({ ...finding, ...(docs !== undefined && { docs }) });
    fate(call, world, add);
    host(call, add);
    permission(call, world, facts, add);
    if (call.method?.unified) continue;
    hiddenHf(file, call, facts, add);
    const { values, open } = valuesOf(file, call);
    if (values.size === 0) continue;
    accountTypes(call, world, facts, values, add);
    if (!open) tags(call, values, add);
    amounts(call, values, file.family, add);
    pageSizes(call, values, add);
    windows(file, call, values, add);
  }
  goneHosts(file, found);
  openedRead(file, calls, found);
  signing(file, found);
  timestamps(file, found);
  return distinct(found);
}

/** One finding of a code at a place, in order. */
function distinct(found: readonly Finding[]): Finding[] {
  const all = new Map(found.map((finding) => [`${finding.code} ${finding.start} ${finding.end}`, finding]));
  return [...all.values()].sort((a, b) => a.start - b.start || a.code.localeCompare(b.code));
}

function fate(call: FoundCall, world: World, add: Add): void {
  const { known, start, end } = call;
  // A unified method of ccxt chooses its call itself.
  if (call.method?.unified) return;
  const state = fateIn(world, known);
  if (state === 'current') return;
  const by = known.replacement === undefined ? undefined : knownById(known.replacement);
  const replacement = by ? `${by.method} ${by.path}` : '';
  const fixes: Fix[] =
    by && known.samePathFix && call.by === 'path' && !by.path.includes('{')
      ? [{ title: say(fixTexts.replacePath, { path: by.path }), edits: [{ start, end, text: by.path }] }]
      : [];
  if (state === 'gone')
    add({
      code: 'KC102',
      severity: 'error',
      start,
      end,
      fixes,
      message: say(findingTexts.KC102, { title: known.title, replacement }),
    });
  else
    add({
      code: 'KC101',
      severity: 'information',
      start,
      end,
      fixes,
      message: by
        ? say(findingTexts.KC101By, { title: known.title, replacement })
        : say(findingTexts.KC101, { title: known.title }),
    });
}

/** Hosts that go together: a brand's futures host for its spot host, and back. */
function otherHost(name: string): string | undefined {
  for (const { hosts: own } of Object.values(brands)) {
    const spot = own.spot.replace('https://', '');
    const futures = own.futures?.replace('https://', '');
    if (futures === undefined) continue;
    if (name === spot) return futures;
    if (name === futures) return spot;
  }
  return undefined;
}

function host(call: FoundCall, add: Add): void {
  const { known, host: named } = call;
  if (!named || named.host === known.host || endpointsAt(known.path).some((one) => one.host === named.host))
    return;
  const right = otherHost(named.name);
  add({
    code: 'KC103',
    severity: 'error',
    start: call.start,
    end: call.end,
    message: say(findingTexts.KC103, { path: known.path, right: known.host, host: named.name }),
    fixes:
      right !== undefined && named.at >= call.start - 200 && named.at < call.start
        ? [
            {
              title: say(fixTexts.replaceHost, { host: right }),
              edits: [{ start: named.at + 3, end: named.at + 3 + named.name.length, text: right }],
            },
          ]
        : [],
  });
}

function goneHosts({ urls }: File, found: Finding[]): void {
  for (const { at, host: name, kucoin } of urls) {
    if (!kucoin?.state) continue;
    const [start, end] = [at + 3, at + 3 + name.length];
    const right = Object.entries(hosts).find(([, one]) => one.host === kucoin.host && !one.state)?.[0] ?? '';
    const gone = kucoin.state === 'gone';
    found.push({
      code: 'KC103',
      severity: gone ? 'error' : 'warning',
      start,
      end,
      message: gone
        ? say(findingTexts.KC103Gone, { host: name })
        : say(findingTexts.KC103Earlier, { host: name, right }),
      // From a test network to the real one is a step that nobody should take by a click.
      fixes: gone
        ? []
        : [{ title: say(fixTexts.replaceHost, { host: right }), edits: [{ start, end, text: right }] }],
    });
  }
}

function permission(call: FoundCall, world: World, { permissions }: CodingFacts, add: Add): void {
  const { known } = call;
  const needed = known.entry?.permissionIn?.[world] ?? known.entry?.permission ?? known.permission;
  if (!permissions || needed === undefined || needed === 'Public' || permissions.includes(needed)) return;
  const titles: Readonly<Record<string, string>> = permissionTitles;
  add({
    code: 'KC110',
    severity: 'warning',
    start: call.start,
    end: call.end,
    fixes: [],
    message: say(findingTexts.KC110, {
      title: known.title,
      permission: titles[needed as Permission] ?? needed,
    }),
  });
}
