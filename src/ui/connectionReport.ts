import * as vscode from 'vscode';
import type { LiveStatus } from '../host/liveFeeds';
import type { Session, Sessions } from '../host/sessions';
import type { Settings } from '../host/settings';
import type { Endpoint } from '../kucoin/endpoint';
import { getFuturesServiceStatus, getServerTime, getServiceStatus } from '../kucoin/endpoints/service';
import { english, explain } from '../kucoin/explain';
import { KucoinError } from '../kucoin/errors';
import type { KucoinClient } from '../kucoin/client';
import type { PoolState } from '../kucoin/quota';
import { systemTime, type Time } from '../kucoin/time';
import { environmentOf, worldOf, type Profile } from '../profiles/profile';
import { oneLine } from './format';

export interface ConnectionReportOptions {
  readonly sessions: Sessions;
  readonly settings: () => Settings;
  readonly live: () => LiveStatus;
  /** Version of the product, of the editor, of the system: the first line of the log. */
  readonly run: string;
  /** Transfers whose outcome nobody knows. */
  readonly unknownTransfers: () => number;
  readonly time?: Time;
}

/** What one call of a host came to. */
interface Probe {
  readonly text: string;
  readonly ms: number;
}

/**
 * Everything that a report about a connection has to say, in English, as others will read it: how the exchange is
 * reached and answers now, clock, quota, feeds, settings. No key, no uid, no balance, no name that the user gave.
 */
export async function connectionReport(options: ConnectionReportOptions): Promise<string> {
  const { sessions, settings, live, run, unknownTransfers, time = systemTime } = options;
  const session = sessions.profile && (await sessions.open(false).catch(() => undefined));
  const sections: [string, readonly (readonly [string, string])[]][] = [
    ['Program', [['Run', run]]],
    ['Profile', profileRows(sessions.profile)],
  ];
  if (session) {
    sections.push(['Hosts', await hostRows(session, time)]);
    sections.push(['Clock', clockRows(session.client)]);
    sections.push(['Quota left, by pool', quotaRows(session.client.quota.state())]);
  }
  const { state, hosts, owns } = live();
  sections.push([
    'Feeds',
    [
      ['State', state],
      ...Object.entries(hosts).map(
        ([host, status]) => [host, [status.state, status.reason].filter(Boolean).join(', ')] as const,
      ),
      ['Sockets', owns ? 'of this window' : 'of another window, or none'],
    ],
  ]);
  sections.push(['Transfers', [['With an unknown outcome', String(unknownTransfers())]]]);
  sections.push([
    'Settings',
    Object.entries(settings()).map(([name, value]) => [
      name,
      value === undefined ? '(empty)' : String(value),
    ]),
  ]);
  return [
    '# KuCoin Accounts: Connection Report',
    '',
    `Made ${new Date(time.now()).toISOString()}. No key, user id, name or balance is in it.`,
    '',
    ...sections.flatMap(([title, rows]) => [
      `## ${title}`,
      '',
      ...rows.map(([name, value]) => `- ${name}: ${oneLine(value)}`),
      '',
    ]),
  ].join('\n');
}

/** Opens it as a document of its own, to be read before it is pasted anywhere. */
export async function openConnectionReport(options: ConnectionReportOptions): Promise<void> {
  const content = await connectionReport(options);
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document, { preview: true });
}

function profileRows(profile: Profile | undefined): [string, string][] {
  if (!profile) return [['Active', 'none']];
  const { site, facts, readOnly } = profile;
  return [
    ['Environment', environmentOf(profile)],
    ['World', worldOf(profile)],
    ['Site', site.kind === 'brand' ? site.brand : site.kind],
    ['Read-only here', readOnly ? 'yes' : 'no'],
    ['Bound to addresses', facts ? (facts.ipRestricted ? 'yes' : 'no') : 'not known'],
    ['Permissions', facts ? facts.permissions.join(', ') : 'not known'],
    ['Account', facts ? (facts.isMaster ? 'master' : 'sub-account') : 'not known'],
  ];
}

async function hostRows({ client, site }: Session, time: Time): Promise<[string, string][]> {
  const probe = async (endpoint: Endpoint): Promise<Probe> => {
    const started = time.monotonic();
    const text = await client.call(endpoint, {}).then(describeAnswer, describeError);
    return { text, ms: Math.round(time.monotonic() - started) };
  };
  const asked = await Promise.all([
    probe(getServerTime),
    probe(getServiceStatus),
    ...(site.hosts.futures === undefined ? [] : [probe(getFuturesServiceStatus)]),
  ]);
  const [clock, spot, futures] = asked;
  const row = (
    name: string,
    { text, ms }: Probe = { text: 'this site has none', ms: 0 },
  ): [string, string] => [name, ms > 0 ? `${text} (${ms} ms)` : text];
  return [
    ['Spot host', site.hosts.spot ?? 'none'],
    ['Futures host', site.hosts.futures ?? 'none'],
    row('Server time', clock),
    row('Service status, spot', spot),
    row('Service status, futures', futures),
  ];
}

function describeAnswer(answer: unknown): string {
  if (typeof answer === 'number') return new Date(answer).toISOString();
  const { status, msg } = answer as { readonly status: string; readonly msg: string };
  return [status, msg].filter(Boolean).join(', ');
}

function describeError(error: unknown): string {
  if (!KucoinError.is(error)) throw error;
  const { what } = explain(error);
  return [english(what), error.kind, error.code].filter(Boolean).join(' · ');
}

function clockRows({ clock }: KucoinClient): [string, string][] {
  const { offset } = clock;
  return [['Exchange ahead of this computer', offset === undefined ? 'not measured yet' : `${offset} ms`]];
}

function quotaRows(pools: readonly PoolState[]): [string, string][] {
  return pools.map(({ pool, remaining, limit, resetInMs, waiting }) => [
    pool,
    [
      `${remaining} of ${limit}`,
      resetInMs !== undefined && `new in ${Math.ceil(resetInMs / 1000)} s`,
      waiting > 0 && `${waiting} waiting`,
    ]
      .filter(Boolean)
      .join(', '),
  ]);
}
