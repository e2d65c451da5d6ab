import * as vscode from 'vscode';
import { exportWriter, type ExportFormat } from '../transfers/export';
import { isUndecided, type HistoryFilter, type Outcome, type TransferRecord } from '../transfers/history';
import { filteredHistory } from '../transfers/historyList';
import { catalogue } from '../kucoin/catalogue';
import type { CommandHandler, CommandId } from './commandTable';
import { inform, withProgress } from './dialogs';
import { translate } from './explainError';
import { dateAndTime } from './format';
import { idsOf, lookForEvidence, moveOn, recordVerdict, repeat, type IdKind } from './historyActions';
import { iconOf, namesOf, outcomeTitle } from './historyTree';
import { pause, type HistoryView, type NamedFilter } from './historyView';
import { sayNoProfile } from './profileCommands';
import { openTransferDocument } from './transferDocument';
import type { TransferFlowOptions } from './transferFlow';
import { pickStep, runWizard, type PickItem } from './wizard';
import { saveOne, saveTransfer } from './savedCommands';
import { openFile } from './nextSteps';

export interface HistoryCommandOptions extends TransferFlowOptions {
  readonly history: HistoryView;
}

export type HistoryCommandId =
  | Extract<CommandId, `kucoin.history.${string}`>
  | 'kucoin.transfer.history'
  | 'kucoin.transfer.repeat'
  | 'kucoin.transfer.save'
  | 'kucoin.transfer.export';

/** The commands of the view of transfers. Each works on the row it was called on, and asks for one from the palette. */
export function historyCommands(options: HistoryCommandOptions): Record<HistoryCommandId, CommandHandler> {
  const { history } = options;
  const on =
    (choice: Choice, act: (record: TransferRecord, argument: unknown) => unknown): CommandHandler =>
    async (argument) => {
      const record = await transferOf(options, argument, choice);
      if (record) await act(record, argument);
    };
  return {
    'kucoin.transfer.history': () => history.reveal(),
    'kucoin.transfer.export': () => exportHistory(options),
    'kucoin.transfer.repeat': on(
      { placeholder: vscode.l10n.t('Which transfer shall be made again?'), activeOnly: true },
      (record) => repeat(options, record),
    ),
    'kucoin.transfer.save': async (argument) => {
      const id = transferIdOf(argument);
      const record = id === undefined ? undefined : await options.desk.find(id);
      await (record ? saveTransfer(options, record.intent) : saveOne(options));
    },
    'kucoin.history.filter': () => chooseFilter(options),
    'kucoin.history.clearFilter': () => history.setFilter({}),
    'kucoin.history.showOlder': async () => {
      await history.reveal();
      if (!(await history.showOlder())) inform(vscode.l10n.t('There are no older transfers to show.'));
    },
    'kucoin.history.details': on({ placeholder: vscode.l10n.t('Which transfer shall be shown?') }, ({ id }) =>
      openTransferDocument(id),
    ),
    'kucoin.history.goOn': on(chainChoice(), moveOn(options, 'goOn')),
    'kucoin.history.bringBack': on(chainChoice(), moveOn(options, 'bringBack')),
    'kucoin.history.lookForEvidence': on(unknownChoice(), (record) => lookForEvidence(options, record)),
    'kucoin.history.happened': on(unknownChoice(), (record) => recordVerdict(options, record, true)),
    'kucoin.history.notHappened': on(unknownChoice(), (record) => recordVerdict(options, record, false)),
    'kucoin.history.copyOrderId': on(idChoice('orderId'), (record, row) =>
      copyId(options, record, 'orderId', row),
    ),
    'kucoin.history.copyClientId': on(idChoice('clientOid'), (record, row) =>
      copyId(options, record, 'clientOid', row),
    ),
    'kucoin.history.copyApplyId': on(idChoice('applyId'), (record, row) =>
      copyId(options, record, 'applyId', row),
    ),
  };
}

/** Which transfers a command is for, and how it asks for one. */
interface Choice {
  readonly placeholder: string;
  readonly activeOnly?: boolean;
  readonly outcome?: Outcome;
  readonly undecided?: boolean;
  readonly id?: IdKind;
}

const chainChoice = (): Choice => ({
  placeholder: vscode.l10n.t('Which transfer stopped half-way?'),
  activeOnly: true,
  outcome: 'halfWay',
});

const unknownChoice = (): Choice => ({
  placeholder: vscode.l10n.t('Which of the transfers that are not settled?'),
  undecided: true,
});

const idChoice = (id: IdKind): Choice => ({
  placeholder: vscode.l10n.t('Of which transfer shall the id be copied?'),
  id,
});

/** The last transfers that are offered in a list; the view has all. */
const mostChoices = 100;

/** The transfer of the row, or one that is chosen from a list. */
async function transferOf(
  options: HistoryCommandOptions,
  argument: unknown,
  { placeholder, activeOnly = false, outcome, undecided = false, id }: Choice,
): Promise<TransferRecord | undefined> {
  const { desk, prompt, sessions } = options;
  const row = transferIdOf(argument);
  if (row !== undefined) return desk.find(row);
  if (activeOnly && !sessions.profile) {
    sayNoProfile();
    return undefined;
  }
  const filter = { ...(activeOnly && { profileId: sessions.profile?.id }), outcome };
  const read = async (): Promise<PickItem<TransferRecord | undefined>[]> => {
    const journal = await desk.journal();
    await journal.refresh();
    const found: TransferRecord[] = [];
    for await (const records of filteredHistory(journal, { filter, pause, ...desk.historyOptions })) {
      found.push(
        ...records.filter(
          (record) =>
            (id === undefined || idsOf(record, id).length > 0) &&
            (!undecided || isUndecided(record, Date.now())),
        ),
      );
      if (found.length >= mostChoices) break;
    }
    if (found.length > 0) return found.slice(0, mostChoices).map(itemOf);
    return [{ label: vscode.l10n.t('There is no such transfer'), inert: true, value: undefined }];
  };
  const answer = await prompt.pick<TransferRecord | undefined>({
    title: vscode.l10n.t('Transfers'),
    canGoBack: false,
    placeholder,
    items: read(),
  });
  return answer.kind === 'value' ? answer.value : undefined;
}

function transferIdOf(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null || !('transferId' in argument)) return undefined;
  return typeof argument.transferId === 'string' ? argument.transferId : undefined;
}

function itemOf(record: TransferRecord): PickItem<TransferRecord> {
  const { amount, currency, from, to, profile, environment } = namesOf(record);
  return {
    label: `${amount} ${currency} · ${from} → ${to}`,
    description: translate(record.stateText),
    detail: `${dateAndTime(record.createdAt)} · ${profile} · ${environment}`,
    icon: iconOf(record).id,
    value: record,
  };
}

async function copyId(
  { prompt }: HistoryCommandOptions,
  record: TransferRecord,
  kind: IdKind,
  row: unknown,
): Promise<void> {
  const leg = typeof row === 'object' && row !== null && 'leg' in row ? row.leg : undefined;
  const ids = idsOf(record, kind).filter((each) => leg === undefined || each.leg === leg);
  let [chosen] = ids;
  if (ids.length > 1) {
    const answer = await prompt.pick({
      title: vscode.l10n.t('Copy Id'),
      canGoBack: false,
      placeholder: vscode.l10n.t('The id of which step shall be copied?'),
      items: ids.map((each) => {
        const endpoint = record.legs[each.leg]?.endpoint;
        const names = { step: each.leg + 1, title: endpoint ? catalogue[endpoint].title : '' };
        return {
          label: vscode.l10n.t('Step {step}: {title}', names),
          description: each.id,
          icon: 'copy',
          value: each,
        };
      }),
    });
    chosen = answer.kind === 'value' ? answer.value : undefined;
  }
  if (chosen) await vscode.env.clipboard.writeText(chosen.id);
}

const outcomes: readonly Outcome[] = ['done', 'notExecuted', 'halfWay', 'unknown', 'underway'];

async function chooseFilter({ history, prompt }: HistoryCommandOptions): Promise<void> {
  const facets = history.facets();
  facets.catch(() => undefined); // the box that waits for it says so
  const steps = [
    pickStep<NamedFilter, string | undefined>({
      placeholder: () => vscode.l10n.t('Transfers of which profile?'),
      items: async () => [
        { label: vscode.l10n.t('All Profiles'), icon: 'organization', value: undefined },
        ...[...(await facets).profiles.values()].map(({ id, name, environment }) => ({
          label: name,
          description: environment,
          icon: environment === 'LIVE' ? 'account' : 'beaker',
          value: id,
        })),
      ],
      current: ({ profileId }) => profileId,
      apply: (filter, profileId) => ({ ...filter, profileId }),
    }),
    pickStep<NamedFilter, Outcome | undefined>({
      placeholder: () => vscode.l10n.t('Transfers in which state?'),
      items: () => [
        { label: vscode.l10n.t('All States'), icon: 'list-unordered', value: undefined },
        ...outcomes.map((outcome) => ({ label: outcomeTitle(outcome), value: outcome })),
      ],
      current: ({ outcome }) => outcome,
      apply: (filter, outcome) => ({ ...filter, outcome }),
    }),
    pickStep<NamedFilter, string | undefined>({
      placeholder: () => vscode.l10n.t('Transfers of which currency?'),
      items: async () => [
        { label: vscode.l10n.t('All Currencies'), icon: 'list-unordered', value: undefined },
        ...[...(await facets).currencies].sort().map((currency) => ({ label: currency, value: currency })),
      ],
      current: ({ currency }) => currency,
      apply: (filter, currency) => ({ ...filter, currency }),
    }),
  ];
  const filter = await runWizard(prompt, vscode.l10n.t('Filter Transfers'), steps, history.filter);
  if (!filter) return;
  const { profileId } = filter;
  const profile = profileId === undefined ? undefined : (await facets).profiles.get(profileId);
  history.setFilter({ ...filter, profileName: profile?.name });
  await history.reveal();
}

async function exportHistory({ desk, prompt, history }: HistoryCommandOptions): Promise<void> {
  const title = vscode.l10n.t('Export Transfers');
  interface Entry {
    readonly filter: HistoryFilter;
    readonly format?: ExportFormat;
  }
  const steps = [
    pickStep<Entry, HistoryFilter>({
      skip: () => !history.isFiltered,
      placeholder: () => vscode.l10n.t('Which transfers shall be exported?'),
      items: () => [
        {
          label: vscode.l10n.t('Transfers That the View Shows'),
          description: history.filterWords(),
          icon: 'filter',
          value: history.filter,
        },
        { label: vscode.l10n.t('All Transfers'), icon: 'list-unordered', value: {} },
      ],
      apply: (entry, filter) => ({ ...entry, filter }),
    }),
    pickStep<Entry, ExportFormat>({
      placeholder: () => vscode.l10n.t('Export as'),
      items: () => [
        { label: 'CSV', description: vscode.l10n.t('a row for each call, for spreadsheets'), value: 'csv' },
        {
          label: 'JSON',
          description: vscode.l10n.t('everything that is known, for programs'),
          value: 'json',
        },
      ],
      apply: (entry, format) => ({ ...entry, format }),
    }),
  ];
  const entry = await runWizard<Entry>(prompt, title, steps, { filter: {} });
  if (!entry?.format) return;
  const { filter, format } = entry;
  const target = await vscode.window.showSaveDialog({
    title,
    filters: format === 'csv' ? { CSV: ['csv'] } : { JSON: ['json'] },
    saveLabel: vscode.l10n.t('Export'),
    ...defaultTarget(format),
  });
  if (!target) return;
  const count = await withProgress(vscode.l10n.t('Exporting transfers…'), async () => {
    const journal = await desk.journal();
    await journal.refresh();
    const writer = exportWriter(format);
    const parts = [Buffer.from(writer.head)];
    let written = 0;
    for await (const records of filteredHistory(journal, { filter, pause, ...desk.historyOptions })) {
      parts.push(Buffer.from(writer.piece(records)));
      written += records.length;
    }
    await vscode.workspace.fs.writeFile(target, Buffer.concat([...parts, Buffer.from(writer.tail)]));
    return written;
  });
  inform(
    count === 1
      ? vscode.l10n.t('Exported 1 transfer.')
      : vscode.l10n.t('Exported {count} transfers.', { count }),
    openFile(target),
  );
}

/** In the folder that is open, if there is one. */
function defaultTarget(format: ExportFormat): { readonly defaultUri?: vscode.Uri } {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder ? { defaultUri: vscode.Uri.joinPath(folder, `kucoin-transfers.${format}`) } : {};
}
