import * as vscode from 'vscode';
import type { Session } from '../host/sessions';
import type { HfKind, HfState, HfStatus } from '../portfolio/hf';
import { hfKinds, hfOfSub, type HfWatch } from '../portfolio/hfWatch';
import { environmentOf, hasPermission, worldOf } from '../profiles/profile';
import { label, wrap as wrapped } from './columns';
import { translate } from './explainError';
import { joined } from './format';

export function hfKindTitle(kind: HfKind): string {
  switch (kind) {
    case 'spot':
      return vscode.l10n.t('Spot');
    case 'cross':
      return vscode.l10n.t('Cross margin');
    case 'isolated':
      return vscode.l10n.t('Isolated margin');
  }
}

export function hfStateTitle(state: HfState): string {
  switch (state) {
    case 'separate':
      return vscode.l10n.t('separate HF account');
    case 'merged':
      return vscode.l10n.t('merged: the ordinary account is the HF account');
    case 'undecided':
      return vscode.l10n.t('no separate HF account; most likely merged, without a trace of it yet');
    case 'notActivated':
      return vscode.l10n.t('not open');
    case 'refused':
      return vscode.l10n.t('refused');
    case 'unknown':
      return vscode.l10n.t('not known');
  }
}

/** One line for tooltips. */
export function hfLine(status: HfStatus): string {
  return vscode.l10n.t('HF: {state}.', { state: hfStateTitle(status.state) });
}

/**
 * Yes or no, with the reason, before all else.
 *
 * @param mayTrade whether the key has the permission Spot; `undefined` when it was never checked
 */
export function hfAnswer(status: HfStatus, mayTrade: boolean | undefined): string {
  const question = vscode.l10n.t('Do HF spot orders work?');
  const works = ['separate', 'merged', 'undecided'].includes(status.state);
  if (works && mayTrade === false) {
    return joined([
      question,
      vscode.l10n.t('Not with this key: it lacks the permission Spot. The account is ready for them.'),
    ]);
  }
  const unread =
    works && mayTrade === undefined ? vscode.l10n.t('What the key may do has not been read yet.') : '';
  return joined([question, accountAnswer(status), unread].filter(Boolean));
}

function accountAnswer({ state, drawsOn = '-', meaning }: HfStatus): string {
  switch (state) {
    case 'separate':
      return vscode.l10n.t('Yes. They draw on the separate HF account ({account}).', { account: drawsOn });
    case 'merged':
      return vscode.l10n.t('Yes. They draw on the Spot account ({account}); nothing has to be activated.', {
        account: drawsOn,
      });
    case 'undecided':
      return vscode.l10n.t(
        'Most likely yes. The order test proves it and places nothing: run "Activate HF Account".',
      );
    case 'notActivated':
      return vscode.l10n.t(
        'Not yet. The first transfer into the HF account opens it: run "Activate HF Account".',
      );
    case 'refused':
      return vscode.l10n.t('No. {reason}', { reason: translate(meaning) });
    case 'unknown':
      return vscode.l10n.t('Not known. {reason}', { reason: translate(meaning) });
  }
}

/** Sub-accounts that are listed at most. */
const mostSubs = 30;

/** What is known of all kinds, as text: state, evidence, what it means for code, what to do next. */
export function hfReport(session: Session, watch: HfWatch): string {
  const { profile, client, portfolio } = session;
  const world = worldOf(profile);
  const spot = watch.status('spot');
  const lines = [
    ...(spot ? [wrap('', hfAnswer(spot, hasPermission(profile, 'Spot'))), ''] : []),
    vscode.l10n.t('High-frequency (HF) trading of {profile} · {environment}', {
      profile: profile.name,
      environment: environmentOf(profile),
    }),
    vscode.l10n.t('Read: {time}', { time: new Date(client.clock.estimate()).toISOString() }),
    '',
  ];
  for (const kind of hfKinds) {
    const status = watch.status(kind);
    if (status) lines.push(...section(hfKindTitle(kind), status), '');
  }
  const subs = portfolio.isMaster ? portfolio.subs : [];
  if (subs.length > 0) {
    lines.push(
      vscode.l10n.t('Sub-accounts ({count})', { count: subs.length }),
      wrap(
        '  ',
        vscode.l10n.t('The key of the master sees their accounts only; their own keys tell the rest.'),
      ),
      ...subs.slice(0, mostSubs).map((sub) => `  - ${sub.name}: ${hfStateTitle(hfOfSub(world, sub).state)}`),
      ...(subs.length > mostSubs
        ? [`  ${vscode.l10n.t('and {count} more', { count: subs.length - mostSubs })}`]
        : []),
      '',
    );
  }
  return lines.join('\n');
}

function section(title: string, status: HfStatus): string[] {
  const call = transferCall(status.drawsOn);
  return [
    title,
    row(vscode.l10n.t('State'), hfStateTitle(status.state)),
    ...(status.drawsOn === undefined ? [] : [row(vscode.l10n.t('Draws on'), status.drawsOn)]),
    row(vscode.l10n.t('For code'), translate(status.meaning)),
    ...(call === undefined ? [] : [row(vscode.l10n.t('Transfer'), call)]),
    row(vscode.l10n.t('Next'), translate(status.next.sentence)),
    row(vscode.l10n.t('Evidence'), ''),
    ...status.evidence.map((sentence) => wrap('    - ', translate(sentence))),
  ];
}

/** How code moves funds to the account that HF orders draw on (kucoin-api 9.1, 9.2). */
function transferCall(drawsOn: string | undefined): string | undefined {
  switch (drawsOn) {
    case 'trade':
    case 'margin':
      return `POST /api/v3/accounts/universal-transfer {"type":"INTERNAL","fromAccountType":"MAIN", "toAccountType":"${drawsOn.toUpperCase()}",…}`;
    case 'trade_hf':
      return 'POST /api/v2/accounts/inner-transfer {"from":"main","to":"trade_hf",…}';
    case 'margin_v2':
      return 'POST /api/v2/accounts/inner-transfer {"from":"margin","to":"margin_v2",…}';
    default:
      return undefined;
  }
}

/** Width of the text beside the names, in characters: more does not fit between the tree and the minimap. */
const widest = 66;

function row(name: string, value: string): string {
  return wrap(`  ${label(name, 11)}`, value);
}

/** A text behind its name, in lines that stand below each other. */
export function wrap(name: string, text: string): string {
  return wrapped(name, text, widest);
}
