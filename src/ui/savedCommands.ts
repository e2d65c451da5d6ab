import * as vscode from 'vscode';
import { newId } from '../host/transferDesk';
import { environmentOf } from '../profiles/profile';
import { intentKey, type Intent } from '../transfers/intent';
import {
  addSaved,
  removeSaved,
  renameSaved,
  savedOf,
  type SavedChange,
  type SavedProblem,
  type SavedTransfer,
  type SavedTransfers,
} from '../transfers/saved';
import { inform, offer, type Actions } from './dialogs';
import { exactAmount } from './format';
import { accountName } from './names';
import { next, titleOf, type NextStep } from './nextSteps';
import { sayNoProfile } from './profileCommands';
import { prefilled, type TransferFlowOptions } from './transferFlow';
import { asError, type PickItem } from './wizard';

/** Asks for one of the last transfers of the active profile and for a name to keep it under. */
export async function saveOne(options: TransferFlowOptions): Promise<void> {
  const { sessions, desk, prompt } = options;
  const { profile } = sessions;
  if (!profile) {
    sayNoProfile();
    return;
  }
  const intents = new Map<string, Intent>();
  for (const { intent } of await desk.history()) {
    if (intent.profileId === profile.id && !intents.has(intentKey(intent))) {
      intents.set(intentKey(intent), intent);
    }
  }
  const none: PickItem<Intent | undefined> = {
    label: vscode.l10n.t('This profile has made no transfer yet that could be saved'),
    inert: true,
    value: undefined,
  };
  const answer = await prompt.pick<Intent | NextStep | undefined>({
    title: titleWith(options, vscode.l10n.t('Save Transfer')),
    canGoBack: false,
    placeholder: vscode.l10n.t('Which transfer shall be kept to make it again?'),
    items:
      intents.size > 0
        ? [...intents.values()].map((intent) => ({ label: summary(intent), value: intent }))
        : [none, instead('kucoin.transfer.funds')],
  });
  if (answer.kind !== 'value') return;
  if (typeof answer.value === 'string') void vscode.commands.executeCommand(answer.value);
  else if (answer.value) await saveTransfer(options, answer.value);
}

/** What can be done where there is nothing to choose from. */
function instead(step: NextStep): PickItem<NextStep> {
  return { label: titleOf(step), icon: 'arrow-right', value: step };
}

/** Asks for a name and keeps a transfer under it. It moves nothing. */
export async function saveTransfer(options: TransferFlowOptions, intent: Intent): Promise<void> {
  const suggestion = vscode.l10n.t('{currency} to {account}', {
    currency: intent.currency,
    account: accountName(intent.to),
  });
  const id = newId();
  const title = titleWith(options, vscode.l10n.t('Save Transfer'));
  const name = await askName(options, title, summary(intent), suggestion, (saved, text) =>
    addSaved(saved, { id, name: text, intent, savedAt: Date.now() }),
  );
  if (name === undefined) return;
  inform(vscode.l10n.t('Saved as "{name}". No money moved.', { name }), {
    [vscode.l10n.t('Manage Saved Transfers…')]: () => manageSaved(options),
  });
}

/** Asks for a saved transfer and opens the wizard at its plan. It is asked and confirmed as always. */
export async function runSaved(options: TransferFlowOptions): Promise<void> {
  const title = vscode.l10n.t('Run Saved Transfer');
  const found = await pickSaved(options, title, vscode.l10n.t('Which saved transfer shall be made?'));
  if (!found) return;
  await prefilled(options, found.name, found.intent, { atPlan: true });
}

/** Renames and removes saved transfers. */
export async function manageSaved(options: TransferFlowOptions): Promise<void> {
  const title = vscode.l10n.t('Manage Saved Transfers');
  const found = await pickSaved(options, title, vscode.l10n.t('Which saved transfer?'));
  if (!found) return;
  const answer = await options.prompt.pick<() => Promise<void>>({
    title: titleWith(options, found.name),
    canGoBack: false,
    placeholder: summary(found.intent),
    items: [
      { label: vscode.l10n.t('Rename…'), icon: 'edit', value: () => rename(options, found) },
      { label: vscode.l10n.t('Remove'), icon: 'trash', value: () => remove(options, found) },
    ],
  });
  if (answer.kind === 'value') await answer.value();
}

async function rename(options: TransferFlowOptions, { id, name, intent }: SavedTransfer): Promise<void> {
  const title = titleWith(options, vscode.l10n.t('Rename Saved Transfer'));
  const renamed = await askName(options, title, summary(intent), name, (saved, text) =>
    renameSaved(saved, id, text),
  );
  if (renamed !== undefined && renamed !== name) {
    inform(
      vscode.l10n.t('"{name}" is now called "{renamed}".', { name, renamed }),
      next('kucoin.transfer.runSaved'),
    );
  }
}

async function remove({ saved }: TransferFlowOptions, found: SavedTransfer): Promise<void> {
  const { name } = found;
  if (!told(await saved.change((all) => removeSaved(all, found.id)))) return;
  inform(vscode.l10n.t('Removed the saved transfer "{name}".', { name }), {
    [vscode.l10n.t('Undo')]: async () => {
      if (told(await saved.change((all) => addSaved(all, found)))) {
        inform(
          vscode.l10n.t('The saved transfer "{name}" is back.', { name }),
          next('kucoin.transfer.runSaved'),
        );
      }
    },
  });
}

async function pickSaved(
  options: TransferFlowOptions,
  title: string,
  placeholder: string,
): Promise<SavedTransfer | undefined> {
  const { sessions, saved, prompt } = options;
  const { profile } = sessions;
  if (!profile) {
    sayNoProfile();
    return undefined;
  }
  const read = await saved.read();
  if ('problem' in read) {
    sayProblem(read.problem);
    return undefined;
  }
  const transfers = savedOf(read.saved, profile.id);
  const none: PickItem<SavedTransfer | undefined> = {
    label: vscode.l10n.t('This profile has no saved transfer yet'),
    detail: vscode.l10n.t('Save one with "Save Transfer…", or with the button after a transfer.'),
    inert: true,
    value: undefined,
  };
  const answer = await prompt.pick<SavedTransfer | NextStep | undefined>({
    title: titleWith(options, title),
    canGoBack: false,
    placeholder,
    items:
      transfers.length > 0
        ? transfers.map((one) => ({ label: one.name, detail: summary(one.intent), value: one }))
        : [none, instead('kucoin.transfer.save')],
  });
  if (answer.kind !== 'value') return undefined;
  if (typeof answer.value !== 'string') return answer.value;
  void vscode.commands.executeCommand(answer.value);
  return undefined;
}

/** A name that will do, written down; `undefined` when the user left or it could not be. */
async function askName(
  { saved, prompt }: TransferFlowOptions,
  title: string,
  what: string,
  value: string,
  change: (all: SavedTransfers, name: string) => SavedChange,
): Promise<string | undefined> {
  const read = await saved.read();
  if ('problem' in read) {
    sayProblem(read.problem);
    return undefined;
  }
  const answer = await prompt.input({
    title,
    canGoBack: false,
    prompt: () => vscode.l10n.t('Name for: {transfer}', { transfer: what }),
    value,
    password: false,
    validate: (text) => {
      const tried = change(read.saved, text);
      return asError('problem' in tried ? problemText(tried.problem) : undefined);
    },
  });
  if (answer.kind !== 'value') return undefined;
  // Another window may have taken the name while this one was asking.
  return told(await saved.change((all) => change(all, answer.value)))
    ? answer.value.replace(/\s+/g, ' ').trim()
    : undefined;
}

/** Whether it was written; says why not. */
function told(changed: SavedChange): boolean {
  if ('saved' in changed) return true;
  sayProblem(changed.problem);
  return false;
}

function sayProblem(problem: SavedProblem): void {
  const text = vscode.l10n.t('{problem} Nothing was changed, and no money moved.', {
    problem: problemText(problem),
  });
  offer(vscode.window.showErrorMessage, text, wayOn(problem));
}

function wayOn(problem: SavedProblem): Actions {
  switch (problem) {
    case 'damaged':
      return next('kucoin.log.show');
    case 'newerVersion':
      return {
        [vscode.l10n.t('Check for Updates')]: () =>
          vscode.commands.executeCommand('workbench.extensions.action.checkForUpdates'),
      };
    default:
      return next('kucoin.transfer.manageSaved');
  }
}

function problemText(problem: SavedProblem): string {
  const texts: Readonly<Record<SavedProblem, string>> = {
    nameEmpty: vscode.l10n.t('Type a name.'),
    nameTooLong: vscode.l10n.t('A name has at most 80 characters.'),
    nameTaken: vscode.l10n.t('Another saved transfer has this name, perhaps one of another profile.'),
    notThere: vscode.l10n.t('This saved transfer is not there any more: another window has removed it.'),
    damaged: vscode.l10n.t('The file of the saved transfers is damaged.'),
    newerVersion: vscode.l10n.t(
      'The saved transfers were written by a newer version of this extension. Update it to use them.',
    ),
  };
  return texts[problem];
}

function summary({ amount, currency, from, to }: Intent): string {
  return `${exactAmount(amount)} ${currency} · ${accountName(from)} → ${accountName(to)}`;
}

/** Titles say whose money it is, and whether it is real. */
function titleWith({ sessions }: TransferFlowOptions, title: string): string {
  const { profile } = sessions;
  return profile ? `${title} · ${profile.name} · ${environmentOf(profile)}` : title;
}
