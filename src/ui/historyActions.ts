import * as vscode from 'vscode';
import type { ChainOffer, ChainOffers } from '../transfers/chain';
import { isUndecided, type TransferRecord } from '../transfers/history';
import { markHappened, markNotExecuted } from '../transfers/settle';
import { inform, withProgress } from './dialogs';
import { translate } from './explainError';
import { namesOf } from './historyTree';
import { joined } from './format';
import { accountName } from './names';
import { openTransferDocument } from './transferDocument';
import { saveTransfer } from './savedCommands';
import { prefilled, type TransferFlowOptions } from './transferFlow';
import type { PickItem } from './wizard';
import { next } from './nextSteps';

/** What can be done with one transfer of the history: each action once, for menus, palette and messages alike. */

export type IdKind = 'orderId' | 'clientOid' | 'applyId';

/** The choice of actions behind a message about one transfer. */
export async function actOn(options: TransferFlowOptions, id: string): Promise<void> {
  const record = await options.desk.find(id);
  if (!record) return;
  const { report, stateText } = record;
  const names = namesOf(record);
  const answer = await options.prompt.pick({
    title: `${names.amount} ${names.currency} · ${translate(stateText)}`,
    canGoBack: false,
    placeholder: joined([report.what, report.money].map(translate)),
    items: actionsOf(options, record, await options.desk.chainOffers(id)),
  });
  if (answer.kind === 'value') await answer.value();
}

type Action = PickItem<() => unknown>;

function actionsOf(
  options: TransferFlowOptions,
  record: TransferRecord,
  chain: ChainOffers | undefined,
): Action[] {
  const isActive = options.sessions.profile?.id === record.profile.id;
  const details: Action = {
    label: vscode.l10n.t('Show Details'),
    icon: 'info',
    value: () => openTransferDocument(record.id),
  };
  const again: Action[] = isActive
    ? [
        { label: vscode.l10n.t('Repeat…'), icon: 'debug-restart', value: () => repeat(options, record) },
        { label: vscode.l10n.t('Save…'), icon: 'save', value: () => saveTransfer(options, record.intent) },
      ]
    : [];
  return [
    details,
    ...(isActive ? chainActions(options, chain) : []),
    ...verdictActions(options, record, isActive),
    ...again,
    ...copyActions(record),
  ];
}

/** @param canAsk the profile is active, so its ledgers can be read */
function verdictActions(options: TransferFlowOptions, record: TransferRecord, canAsk: boolean): Action[] {
  if (!isUndecided(record, Date.now())) return [];
  const look: Action = {
    label: vscode.l10n.t('Look for Evidence Now'),
    icon: 'search',
    value: () => lookForEvidence(options, record),
  };
  return [
    ...(canAsk ? [look] : []),
    {
      label: vscode.l10n.t('It Happened…'),
      icon: 'pass',
      value: () => recordVerdict(options, record, true),
    },
    {
      label: vscode.l10n.t('It Did Not Happen…'),
      icon: 'error',
      value: () => recordVerdict(options, record, false),
    },
  ];
}

/** A chain that stopped half-way can be moved on, or back. */
function chainActions(options: TransferFlowOptions, chain: ChainOffers | undefined): Action[] {
  if (!chain) return [];
  const account = accountName(chain.at);
  return [
    {
      label: vscode.l10n.t('Go On From {account}…', { account }),
      icon: 'arrow-right',
      value: () => follow(options, chain.goOn),
    },
    {
      label: vscode.l10n.t('Bring It Back From {account}…', { account }),
      icon: 'discard',
      value: () => follow(options, chain.bringBack),
    },
  ];
}

function copyActions(record: TransferRecord): Action[] {
  const titles: Readonly<Record<IdKind, string>> = {
    orderId: vscode.l10n.t('Copy Order Id'),
    applyId: vscode.l10n.t('Copy Apply Id'),
    clientOid: vscode.l10n.t('Copy Client Id'),
  };
  return (Object.keys(titles) as IdKind[]).flatMap((kind) =>
    idsOf(record, kind).map(({ id }) => ({
      label: titles[kind],
      description: id,
      icon: 'copy',
      value: () => vscode.env.clipboard.writeText(id),
    })),
  );
}

/** The ids of one kind, with the number of the call that has it, from 0. */
export function idsOf(record: TransferRecord, kind: IdKind): { readonly id: string; readonly leg: number }[] {
  return record.legs.flatMap((each, leg) => {
    const id = each[kind];
    return id === undefined ? [] : [{ id, leg }];
  });
}

/** Fills the wizard in with a transfer of the history, up to the amount. */
export function repeat(options: TransferFlowOptions, { id, intent }: TransferRecord): Promise<void> {
  return prefilled(options, vscode.l10n.t('Repeat Transfer'), intent, { origin: { kind: 'repeat', of: id } });
}

/** Moves on, or back, what a chain has left half-way. */
export function moveOn(options: TransferFlowOptions, way: 'goOn' | 'bringBack') {
  return async ({ id }: TransferRecord): Promise<void> => {
    const chain = await options.desk.chainOffers(id);
    if (chain) await follow(options, chain[way]);
    else {
      inform(
        vscode.l10n.t(
          'These funds have been moved on or back already, or that is under way. Nothing was sent.',
        ),
        next('kucoin.transfer.history'),
      );
    }
  };
}

function follow(options: TransferFlowOptions, { intent, origin }: ChainOffer): Promise<void> {
  return prefilled(options, vscode.l10n.t('Transfer Funds'), intent, { origin });
}

/** Reads ledgers and balances now, and shows what they say. */
export async function lookForEvidence(
  { desk, sessions }: TransferFlowOptions,
  { id, profile }: TransferRecord,
): Promise<void> {
  if (sessions.profile?.id !== profile.id) {
    inform(
      vscode.l10n.t('Only the key of the profile {profile} can read this. Switch to it first.', {
        profile: profile.name,
      }),
      next('kucoin.profile.switch'),
    );
    return;
  }
  await withProgress(vscode.l10n.t('Reading ledgers and balances…'), () => desk.check(id));
  await openTransferDocument(id);
}

/** Writes down what a person has found out about a transfer that is undecided. */
export async function recordVerdict(
  { desk, confirm }: TransferFlowOptions,
  record: TransferRecord,
  happened: boolean,
): Promise<void> {
  const names = namesOf(record);
  const goOn = await confirm({
    message: happened
      ? vscode.l10n.t('Record that this transfer happened?')
      : vscode.l10n.t('Record that this transfer did not happen?'),
    detail: [
      vscode.l10n.t('{amount} {currency} from {from} to {to}, profile {profile}.', names),
      vscode.l10n.t(
        'Compare the balances of both accounts and the account history on the KuCoin website first. This only changes the history here; it moves nothing.',
      ),
    ].join('\n\n'),
    action: vscode.l10n.t('Record'),
  });
  if (!goOn) return;
  const verdict = { journal: await desk.journal(), id: record.id, note: '' };
  const settled = await (happened ? markHappened : markNotExecuted)(verdict, desk.historyOptions);
  if ('refused' in settled) inform(translate(settled.refused.sentence), next('kucoin.transfer.history'));
}
