import * as vscode from 'vscode';
import type { LiveState, LiveStatus } from '../host/liveFeeds';
import type { Session, Sessions } from '../host/sessions';
import type { Settings } from '../host/settings';
import type { HfStatus } from '../portfolio/hf';
import type { ServiceStatus, Trouble } from '../portfolio/service';
import { environmentOf } from '../profiles/profile';
import { environmentLabel } from './accountsTree';
import { asLabel, oneLine, timeOfDay } from './format';
import { hfLine } from './hfDocument';
import { siteName } from './names';
import type { RemotePlace } from './remoteWindow';

export interface StatusBarOptions {
  readonly sessions: Sessions;
  readonly settings: () => Settings;
  readonly troubles: () => readonly Trouble[];
  readonly services: () => readonly ServiceStatus[];
  readonly live: () => LiveStatus;
  readonly hf: () => HfStatus | undefined;
  readonly place: RemotePlace;
}

/** One item: which profile, whether its money is real, and what is wrong with the exchange or the clock. */
export class StatusBar {
  private readonly item: vscode.StatusBarItem;

  constructor(private readonly options: StatusBarOptions) {
    this.item = vscode.window.createStatusBarItem('kucoin.profile', vscode.StatusBarAlignment.Left, 10);
    this.item.name = vscode.l10n.t('KuCoin Profile');
    this.item.command = 'kucoin.profile.switch';
  }

  update(): void {
    const { profile } = this.options.sessions;
    if (!profile || !this.options.settings().statusBar) {
      this.item.hide();
      return;
    }
    const troubles = this.options.troubles().map(describeTrouble);
    const icon = troubles.length > 0 ? 'warning' : environmentOf(profile) === 'LIVE' ? 'account' : 'beaker';
    const label = `${profile.name} · ${environmentLabel(profile)}`;
    this.item.text = `$(${icon}) ${asLabel(label)}`;
    this.item.backgroundColor =
      troubles.length > 0 ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    const tooltip = new vscode.MarkdownString();
    const hf = this.options.hf();
    for (const sentence of [
      label,
      siteName(profile.site),
      ...troubles,
      describeLive(this.options.live().state),
      ...serviceLine(this.options.services()),
      ...(this.options.sessions.opened ? connectionLines(this.options.sessions.opened) : []),
      ...(hf ? [hfLine(hf)] : []),
      ...(profile.site.kind === 'sandbox' && this.options.place.isElsewhere()
        ? [
            vscode.l10n.t(
              'The programs of this window do not reach the sandbox by themselves: Start Local Sandbox… says how they do.',
            ),
          ]
        : []),
      vscode.l10n.t('Click to switch the profile.'),
    ]) {
      tooltip.appendText(oneLine(sentence)).appendMarkdown('\n\n');
    }
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = {
      label: vscode.l10n.t('KuCoin profile {label}', { label: [label, ...troubles].join('. ') }),
    };
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}

function describeTrouble(trouble: Trouble): string {
  if (trouble.kind === 'unknownTransfers') {
    return vscode.l10n.t('Transfers with an unknown outcome: {count}. See Transfer History.', {
      count: trouble.count,
    });
  }
  if (trouble.kind === 'clock') {
    const seconds = String(Math.abs(Math.round(trouble.offset / 1000)));
    return trouble.offset > 0
      ? vscode.l10n.t('The clock of this computer is {seconds} s slow. Requests are corrected for it.', {
          seconds,
        })
      : vscode.l10n.t('The clock of this computer is {seconds} s fast. Requests are corrected for it.', {
          seconds,
        });
  }
  const said = trouble.message ? ` ${trouble.message}` : '';
  const host = trouble.host;
  return trouble.status === 'cancelonly'
    ? vscode.l10n.t('KuCoin ({host}) accepts only cancellations at the moment.{said}', { host, said })
    : vscode.l10n.t('KuCoin ({host}) has stopped trading at the moment.{said}', { host, said });
}

function describeLive(state: LiveState): string {
  const sentences: Readonly<Record<LiveState, string>> = {
    live: vscode.l10n.t('Balances are live.'),
    connecting: vscode.l10n.t('Balances: connecting to the feed.'),
    reconnecting: vscode.l10n.t(
      'Balances: the feed is down and being connected again; they are read now and then.',
    ),
    polling: vscode.l10n.t('Balances are read now and then: the feed does not answer.'),
    paused: vscode.l10n.t('Balances are not updated while nobody looks at them.'),
    off: vscode.l10n.t('Balances are only read: live updates are switched off.'),
  };
  return sentences[state];
}

function serviceLine(services: readonly ServiceStatus[]): string[] {
  const list = services.map(({ host, status }) => `${host} ${status}`).join(', ');
  return list === '' ? [] : [vscode.l10n.t('Service: {list}.', { list })];
}

/** Clock and quota, as they were when the item was last drawn. */
function connectionLines({ client }: Session): string[] {
  const { offset } = client.clock;
  const used = client.quota.state().filter(({ remaining, limit }) => remaining < limit);
  const pools = used.map(({ pool, remaining, limit }) => `${pool} ${remaining}/${limit}`).join(' · ');
  const time = timeOfDay(client.clock.estimate());
  return [
    ...(offset === undefined
      ? []
      : [vscode.l10n.t('Clock of the exchange: {time}, {offset} ms from this computer.', { time, offset })]),
    ...(pools === '' ? [] : [vscode.l10n.t('Quota left: {pools}.', { pools })]),
  ];
}
