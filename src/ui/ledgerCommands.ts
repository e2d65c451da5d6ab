import * as vscode from 'vscode';
import type { Sessions } from '../host/sessions';
import { accountTypeIds, existsIn, isAccountTypeId, type AccountTypeId } from '../kucoin/accountTypes';
import { ledgerOf, movementKinds, movementsAsCsv, movementsAsJson } from '../portfolio/movements';
import { worldOf, type Profile } from '../profiles/profile';
import type { CommandHandler, CommandId } from './commandTable';
import { inform } from './dialogs';
import {
  dayLabel,
  directionLabel,
  kindLabel,
  type LedgerAddress,
  type LedgerDocuments,
} from './ledgerDocument';
import { accountTypeName } from './names';
import { sayNoProfile } from './profileCommands';
import type { PickItem, Prompt } from './wizard';
import { next, openFile } from './nextSteps';

export interface LedgerCommandsOptions {
  readonly sessions: Sessions;
  readonly ledgers: LedgerDocuments;
  readonly prompt: Prompt;
}

type LedgerCommandId = Extract<CommandId, `kucoin.ledger.${string}`>;

/** What moved in an account: shown, read on, filtered, exported. */
export function ledgerCommands(options: LedgerCommandsOptions): Record<LedgerCommandId, CommandHandler> {
  const { ledgers } = options;
  /** The document of a lens or of the active editor. */
  const documentOf = (argument: unknown): vscode.Uri | undefined =>
    argument instanceof vscode.Uri ? argument : ledgers.active();
  const withDocument =
    (work: (uri: vscode.Uri) => Promise<void>): CommandHandler =>
    (argument) => {
      const uri = documentOf(argument);
      if (uri) return work(uri);
      inform(vscode.l10n.t('This works on a ledger that is open. None is.'), next('kucoin.ledger.show'));
      return undefined;
    };
  return {
    'kucoin.ledger.show': (argument) => show(options, argument),
    'kucoin.ledger.more': withDocument((uri) => ledgers.loadMore(uri)),
    'kucoin.ledger.filter': withDocument((uri) => filter(options, uri)),
    'kucoin.ledger.export': withDocument((uri) => exportRows(options, uri)),
  };
}

async function show(options: LedgerCommandsOptions, argument: unknown): Promise<void> {
  const { profile } = options.sessions;
  if (!profile) {
    sayNoProfile();
    return;
  }
  const { type, currency, subUserId } = rowOf(argument, profile.id);
  if (subUserId !== undefined) {
    inform(
      vscode.l10n.t(
        'KuCoin shows the ledger of a sub-account to its own API key only. Add a profile with that key to read it.',
      ),
      next('kucoin.profile.add'),
    );
    return;
  }
  const account = type ?? (await askAccount(options, profile));
  if (account) await options.ledgers.open({ profileId: profile.id, account, ...(currency && { currency }) });
}

async function askAccount(
  { prompt }: LedgerCommandsOptions,
  profile: Profile,
): Promise<AccountTypeId | undefined> {
  const items = accountTypeIds
    .filter((id) => existsIn(worldOf(profile), id) && ledgerOf(id) !== undefined)
    .map((id) => ({ label: accountTypeName(id), description: id, value: id }));
  const answer = await prompt.pick({
    title: vscode.l10n.t('Show Ledger'),
    canGoBack: false,
    placeholder: vscode.l10n.t('The movements of which account?'),
    items,
  });
  return answer.kind === 'value' ? answer.value : undefined;
}

type Change = Partial<LedgerAddress> | 'day';

async function filter(options: LedgerCommandsOptions, uri: vscode.Uri): Promise<void> {
  const { prompt, ledgers } = options;
  const address = ledgers.addressOf(uri);
  if (!address) return;
  const { kind, direction, startAt, endAt } = address;
  const item = (label: string, value: Change, group: string, isNow: boolean): PickItem<Change> => ({
    label,
    value,
    group,
    icon: isNow ? 'check' : undefined,
  });
  const [byKind, byDirection, byDay] = [
    vscode.l10n.t('Kind'),
    vscode.l10n.t('Direction'),
    vscode.l10n.t('Day'),
  ];
  const isOneDay = startAt !== undefined && endAt !== undefined;
  const answer = await prompt.pick<Change>({
    title: vscode.l10n.t('Filter Ledger'),
    canGoBack: false,
    placeholder: vscode.l10n.t('What shall be shown?'),
    items: [
      item(vscode.l10n.t('All kinds'), { kind: undefined }, byKind, kind === undefined),
      ...movementKinds.map((one) => item(kindLabel(one), { kind: one }, byKind, kind === one)),
      item(vscode.l10n.t('Both directions'), { direction: undefined }, byDirection, direction === undefined),
      ...(['in', 'out'] as const).map((one) =>
        item(directionLabel(one), { direction: one }, byDirection, direction === one),
      ),
      item(vscode.l10n.t('All days'), { startAt: undefined, endAt: undefined }, byDay, !isOneDay),
      item(
        isOneDay
          ? vscode.l10n.t('Another day than {day}…', { day: dayLabel(startAt, endAt) })
          : vscode.l10n.t('One day…'),
        'day',
        byDay,
        false,
      ),
    ],
  });
  if (answer.kind !== 'value') return;
  const change = answer.value === 'day' ? await askDay(prompt) : answer.value;
  if (change) await ledgers.open(withoutGaps({ ...address, ...change }));
}

const dayForm = /^(\d{4})-(\d{2})-(\d{2})$/;

async function askDay(prompt: Prompt): Promise<Partial<LedgerAddress> | undefined> {
  const answer = await prompt.input({
    title: vscode.l10n.t('Filter Ledger'),
    canGoBack: false,
    prompt: () => vscode.l10n.t('The movements of which day, in the time of this computer?'),
    placeholder: 'YYYY-MM-DD',
    value: '',
    password: false,
    validate: (text) =>
      dayIn(text) ? undefined : { message: vscode.l10n.t('Type a day like 2026-01-31.'), severity: 'error' },
  });
  return answer.kind === 'value' ? dayIn(answer.value) : undefined;
}

function dayIn(text: string): { readonly startAt: number; readonly endAt: number } | undefined {
  const [, year, month, day] = (dayForm.exec(text.trim()) ?? []).map(Number) as (number | undefined)[];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const start = new Date(year, month - 1, day);
  if (start.getMonth() !== month - 1 || start.getDate() !== day) return undefined;
  return { startAt: start.getTime(), endAt: new Date(year, month - 1, day + 1).getTime() };
}

/** `undefined` members would make the same address look like another one. */
function withoutGaps(address: LedgerAddress): LedgerAddress {
  return JSON.parse(JSON.stringify(address)) as LedgerAddress;
}

async function exportRows({ ledgers }: LedgerCommandsOptions, uri: vscode.Uri): Promise<void> {
  const address = ledgers.addressOf(uri);
  const rows = ledgers.rowsOf(uri);
  if (!address) return;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Ledger'),
    filters: { CSV: ['csv'], JSON: ['json'] },
    saveLabel: vscode.l10n.t('Export'),
  });
  if (!target) return;
  const text = target.path.endsWith('.json') ? movementsAsJson(address.account, rows) : movementsAsCsv(rows);
  await vscode.workspace.fs.writeFile(target, Buffer.from(text, 'utf8'));
  inform(
    vscode.l10n.t('Exported {count} movements: those that the ledger shows.', { count: rows.length }),
    openFile(target),
  );
}

/** What a row of the tree says; nothing where it is a row of another profile. */
function rowOf(
  argument: unknown,
  profileId: string,
): {
  readonly type?: AccountTypeId | undefined;
  readonly currency?: string | undefined;
  readonly subUserId?: string | undefined;
} {
  if (typeof argument !== 'object' || argument === null || argument instanceof vscode.Uri) return {};
  const row = argument as Record<string, unknown>;
  if (row['profileId'] !== profileId) return {};
  const text = (name: string): string | undefined => (typeof row[name] === 'string' ? row[name] : undefined);
  const type = text('type');
  return {
    type: type !== undefined && isAccountTypeId(type) ? type : undefined,
    currency: text('currency'),
    subUserId: text('subUserId'),
  };
}
