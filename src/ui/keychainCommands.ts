import * as vscode from 'vscode';
import { KeychainError, type Keychain } from '../host/keychain';
import type { Sessions } from '../host/sessions';
import { environmentOf as variablesOf } from '../kucoin/environment';
import { linesOf, keysInEnvFile } from '../profiles/envFile';
import { entryOf, keychainService, keysInEntries } from '../profiles/keychainEntry';
import { keychainSnippets } from '../profiles/keychainSnippets';
import type { NamedKey } from '../profiles/namedKeys';
import { environmentOf, type Profile } from '../profiles/profile';
import type { Profiles } from '../profiles/profiles';
import type { CommandHandler, CommandId } from './commandTable';
import { inform, offer, withProgress, type Actions, type Choose, type Confirm } from './dialogs';
import { emptyEntry, type KeyEntry } from './keyWizard';
import { next } from './nextSteps';
import { chooseProfile } from './profileCommands';
import { plain } from './runCommands';
import { asError, inputStep, runWizard, type PickItem, type Prompt } from './wizard';

export interface KeychainCommandsOptions {
  readonly profiles: Profiles;
  readonly sessions: Sessions;
  readonly prompt: Prompt;
  readonly confirm: Confirm;
  readonly choose: Choose;
  /** @throws KeychainError */
  readonly openKeychain: () => Promise<Keychain>;
  /** Runs the wizard for a new key with what is known already. Answers the profile; nothing when the user left. */
  readonly addProfile: (known: KeyEntry) => Promise<Profile | undefined>;
  /** Files of the workspace that may hold keys, and a box to choose another. */
  readonly files: {
    readonly find: () => PromiseLike<readonly vscode.Uri[]>;
    readonly browse: () => PromiseLike<vscode.Uri | undefined>;
  };
  /** Of the computer that this runs on, as Node names it. */
  readonly platform: string;
}

export type KeychainCommandId = Extract<CommandId, `kucoin.keychain.${string}`>;

/** The editor's own way to files. */
export const editorFiles: KeychainCommandsOptions['files'] = {
  find: () =>
    patiently(
      vscode.workspace.findFiles('**/{.env,.env.*,*.env}', '**/{node_modules,.git,.venv}/**', 30),
      envFilesAtRoots,
    ),
  browse: async () => (await vscode.window.showOpenDialog({ canSelectMany: false }))?.[0],
};

/**
 * In a folder that lies on no disk a search may have nobody who carries it out: the editor then waits for somebody to
 * come, and no answer ever does.
 */
export async function patiently<T>(
  search: Thenable<T>,
  otherwise: () => Promise<T>,
  patienceMs = 5_000,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  try {
    return (await Promise.race([search, silence])) ?? (await otherwise());
  } finally {
    clearTimeout(timer);
  }
}

async function envFilesAtRoots(): Promise<vscode.Uri[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const listed = await Promise.all(
    folders.map(async ({ uri }) =>
      (await vscode.workspace.fs.readDirectory(uri))
        .filter(([name, type]) => type === vscode.FileType.File && /^\.env(\.|$)|\.env$/.test(name))
        .map(([name]) => vscode.Uri.joinPath(uri, name)),
    ),
  );
  return listed.flat();
}

/** Keys come from, and go to, where other programs keep them. */
export function keychainCommands(
  options: KeychainCommandsOptions,
): Record<KeychainCommandId, CommandHandler> {
  const sayProblems =
    (work: CommandHandler): CommandHandler =>
    async (argument) => {
      try {
        await work(argument);
      } catch (error) {
        if (!(error instanceof KeychainError)) throw error;
        const { text, actions } = explained(error, options.platform);
        offer(vscode.window.showErrorMessage, text, actions);
      }
    };
  return {
    'kucoin.keychain.import': sayProblems(() => importKey(options)),
    'kucoin.keychain.save': sayProblems((argument) => save(options, argument)),
    'kucoin.keychain.importEnv': () => importEnv(options),
  };
}

// ---------------------------------------------------------------- keychain

const waiting = (): string => vscode.l10n.t('Waiting for the system keychain…');

async function importKey(options: KeychainCommandsOptions): Promise<void> {
  const keychain = await options.openKeychain();
  const title = vscode.l10n.t('Import Key From System Keychain');
  const step = inputStep<string>({
    prompt: () => vscode.l10n.t('Service under which the key stands in the keychain'),
    value: (service) => service,
    validate: (_service, text) =>
      asError(text.trim() === '' ? vscode.l10n.t('Enter the name of a service.') : undefined),
    apply: (_service, text) => text.trim(),
  });
  const service = await runWizard(options.prompt, title, [step], keychainService);
  if (service === undefined) return;
  const items = await withProgress(waiting(), () => keychain.find(service));
  const keys = keysInEntries(items);
  if (keys.length === 0) {
    inform(
      items.length === 0
        ? vscode.l10n.t('The keychain has no entry of the service {service}.', { service: plain(service) })
        : vscode.l10n.t('No entry of the service {service} holds a key of KuCoin.', {
            service: plain(service),
          }),
      {
        [vscode.l10n.t('Try Another Service…')]: () =>
          vscode.commands.executeCommand('kucoin.keychain.import' satisfies CommandId),
        ...next('kucoin.profile.add'),
      },
    );
    return;
  }
  const key = await chooseKey(
    options.prompt,
    title,
    keys.map((each) => ({ label: plain(each.account), value: each })),
  );
  if (!key) return;
  const profile = await options.addProfile(asEntry(key));
  if (profile)
    inform(
      vscode.l10n.t('The key is now the profile {name}. It stays in the keychain too.', {
        name: plain(profile.name),
      }),
    );
}

async function save(options: KeychainCommandsOptions, argument: unknown): Promise<void> {
  const { sessions, choose } = options;
  const profile = await chooseProfile(options, argument, vscode.l10n.t('Save Profile to System Keychain'));
  if (!profile) return;
  const keychain = await options.openKeychain();
  const before = await withProgress(waiting(), () => keychain.get(keychainService, profile.name));
  const write = before === undefined ? vscode.l10n.t('Save') : vscode.l10n.t('Replace');
  const remove = vscode.l10n.t('Remove From Keychain');
  const values = { name: plain(profile.name), service: keychainService, environment: environmentOf(profile) };
  const answer = await choose({
    message: vscode.l10n.t('{environment}: save the key of {name} to the system keychain?', values),
    detail: [
      vscode.l10n.t(
        'Key, secret, passphrase and base URLs become the entry {name} of the service {service}.',
        values,
      ),
      options.platform === 'darwin'
        ? vscode.l10n.t('macOS asks before a program reads it.')
        : vscode.l10n.t('Every program that you start can read it while you are logged in.'),
      ...(before === undefined ? [] : [vscode.l10n.t('There is such an entry already.')]),
    ].join('\n\n'),
    actions: before === undefined ? [write] : [write, remove],
  });
  if (answer === remove) {
    await withProgress(waiting(), () => keychain.delete(keychainService, profile.name));
    inform(vscode.l10n.t('The entry {name} is no longer in the system keychain.', values));
  }
  if (answer !== write) return;
  const { site, credentials } = await sessions.access(profile);
  const entry = entryOf(variablesOf(site.hosts, credentials));
  const kept = await withProgress(waiting(), async () => {
    await keychain.set(keychainService, profile.name, entry);
    return keychain.get(keychainService, profile.name);
  });
  if (kept !== entry) throw new KeychainError('failed', 'the entry was not kept');
  inform(vscode.l10n.t('The key of {name} is in the system keychain, where your programs find it.', values), {
    [vscode.l10n.t('Show Code That Reads It…')]: () => showSnippet(options, profile),
  });
}

async function showSnippet({ prompt, platform }: KeychainCommandsOptions, profile: Profile): Promise<void> {
  const answer = await prompt.pick({
    title: vscode.l10n.t('Code That Reads the Key From the System Keychain'),
    canGoBack: false,
    placeholder: vscode.l10n.t('Which language?'),
    items: keychainSnippets(platform, keychainService, profile.name).map((snippet) => ({
      label: snippet.title,
      description: snippet.needs,
      value: snippet,
    })),
  });
  if (answer.kind !== 'value') return;
  const { languageId, lines, needs } = answer.value;
  const comment = ['python', 'shellscript'].includes(languageId) ? '#' : '//';
  const document = await vscode.workspace.openTextDocument({
    language: languageId,
    content: `${[`${comment} ${needs}`, ...lines].join('\n')}\n`,
  });
  await vscode.window.showTextDocument(document);
}

interface Explained {
  readonly text: string;
  readonly actions: Readonly<Record<string, () => unknown>>;
}

function explained({ problem, said }: KeychainError, platform: string): Explained {
  const values = { said: plain(said) };
  const openLog = {
    [vscode.l10n.t('Show Log')]: () => vscode.commands.executeCommand('kucoin.log.show' satisfies CommandId),
  };
  switch (problem) {
    case 'notShipped':
      return {
        text: vscode.l10n.t(
          'This package of the extension comes without access to the system keychain. Profiles work as ever; to share a key with a program, open a terminal with the profile.',
        ),
        actions: openTerminal(),
      };
    case 'notLoaded':
      return {
        text:
          platform === 'linux'
            ? vscode.l10n.t(
                'The system keychain cannot be used: libsecret is missing, or made for another system. Install it (Debian and Ubuntu: libsecret-1-0; Fedora, Arch and Alpine: libsecret), then try again.',
              )
            : vscode.l10n.t('The system keychain cannot be used on this computer: {said}', values),
        actions: openTerminal(),
      };
    case 'noService':
      return {
        text: vscode.l10n.t(
          'No keyring answers in this session. Start one (gnome-keyring, KWallet or KeePassXC) in a desktop session with D-Bus, then try again. Nothing was changed.',
        ),
        actions: openTerminal(),
      };
    case 'locked':
      return {
        text: vscode.l10n.t('The system keychain is locked. Unlock it, then try again. Nothing was changed.'),
        actions: {},
      };
    case 'silent':
      return {
        text: vscode.l10n.t(
          'The system keychain does not answer. It may wait for its password in a window of its own: unlock it there, then try again.',
        ),
        actions: openTerminal(),
      };
    case 'failed':
      return { text: vscode.l10n.t('The system keychain failed: {said}', values), actions: openLog };
  }
}

/** The other way to give a key to a program. */
function openTerminal(): Explained['actions'] {
  return {
    [vscode.l10n.t('Open Terminal With Profile…')]: () =>
      vscode.commands.executeCommand('kucoin.run.terminal' satisfies CommandId),
  };
}

// ---------------------------------------------------------------- .env files

const mostBytes = 1_000_000;

async function importEnv(options: KeychainCommandsOptions): Promise<void> {
  const title = vscode.l10n.t('Import Key From .env File');
  const uri = await chooseFile(options, title);
  if (!uri) return;
  const name = plain(vscode.workspace.asRelativePath(uri));
  if ((await vscode.workspace.fs.stat(uri)).size > mostBytes) {
    inform(
      vscode.l10n.t('{file} is too large to be a file of environment variables.', { file: name }),
      anotherFile(),
    );
    return;
  }
  const text = await textOf(uri);
  const keys = keysInEnvFile(text);
  if (keys.length === 0) {
    inform(
      vscode.l10n.t(
        'There is no key of KuCoin in {file}. Looked for: a key of 24 and a secret of 36 characters, under names such as KUCOIN_API_KEY and KUCOIN_API_SECRET.',
        { file: name },
      ),
      { ...anotherFile(), ...next('kucoin.profile.add') },
    );
    return;
  }
  const key = await chooseKey(
    options.prompt,
    title,
    keys.map((each) => ({ label: each.names[0] ?? each.label, value: each })),
  );
  if (!key) return;
  const profile = await options.addProfile(asEntry(key));
  if (profile) await offerToClean(options, { uri, file: name, key, profile });
}

function anotherFile(): Actions {
  return {
    [vscode.l10n.t('Choose Another File…')]: () =>
      vscode.commands.executeCommand('kucoin.keychain.importEnv' satisfies CommandId),
  };
}

async function chooseFile(
  { files, prompt }: KeychainCommandsOptions,
  title: string,
): Promise<vscode.Uri | undefined> {
  const found = await files.find();
  const answer = await prompt.pick<vscode.Uri | undefined>({
    title,
    canGoBack: false,
    placeholder: vscode.l10n.t('Which file?'),
    items: [
      ...found.map((uri) => ({
        label: plain(vscode.workspace.asRelativePath(uri)),
        icon: 'file',
        value: uri,
      })),
      { label: vscode.l10n.t('Browse…'), icon: 'folder-opened', value: undefined },
    ],
  });
  if (answer.kind !== 'value') return undefined;
  return answer.value ?? files.browse();
}

/** As an editor shows it, with what is not saved yet; otherwise as it lies on the disk. */
async function textOf(uri: vscode.Uri): Promise<string> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  return open?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

interface Imported {
  readonly uri: vscode.Uri;
  readonly file: string;
  readonly key: NamedKey;
  readonly profile: Profile;
}

async function offerToClean(
  { confirm }: KeychainCommandsOptions,
  { uri, file, key, profile }: Imported,
): Promise<void> {
  const values = { name: plain(profile.name), file, variables: key.names.join(', ') };
  const goOn = await confirm({
    message: vscode.l10n.t('The key is now the profile {name}. Remove it from {file}?', values),
    detail: [
      vscode.l10n.t('The lines of {variables} are removed and the file is saved. You can undo it.', values),
      vscode.l10n.t(
        'The history of version control, and backups, still have them: if others can read those, make a new key at KuCoin and delete this one.',
      ),
    ].join('\n\n'),
    action: vscode.l10n.t('Remove From File'),
  });
  if (!goOn) return;
  const document = await vscode.workspace.openTextDocument(uri);
  const text = document.getText();
  const lines = linesOf(text, key.names);
  const editor = await vscode.window.showTextDocument(document);
  if (!lines || lines.length === 0) {
    inform(vscode.l10n.t('The lines cannot be told from the rest of {file}. Remove them by hand.', values));
    return;
  }
  const isEdited = await editor.edit((edit) => {
    for (const { first, count } of lines) edit.delete(new vscode.Range(first, 0, first + count, 0));
  });
  const isSaved = isEdited && (await document.save());
  const left = document.getText();
  const remains = [key.secret, key.passphrase].some((secret) => secret !== '' && left.includes(secret));
  if (!isSaved)
    offer(vscode.window.showWarningMessage, vscode.l10n.t('{file} could not be changed and saved.', values));
  else if (remains)
    offer(
      vscode.window.showWarningMessage,
      vscode.l10n.t('{file} still has a part of the key in another place. Remove it by hand.', values),
    );
  else
    inform(
      vscode.l10n.t(
        'The key is no longer in {file}. Start the program in a terminal with the profile {name}, and it finds its variables there.',
        values,
      ),
      {
        [vscode.l10n.t('Open Terminal With Profile…')]: () =>
          vscode.commands.executeCommand('kucoin.run.terminal' satisfies CommandId, {
            profileId: profile.id,
          }),
      },
    );
}

// ---------------------------------------------------------------- both

/** The only one, or the one that the user picks. */
async function chooseKey<T extends NamedKey>(
  prompt: Prompt,
  title: string,
  items: readonly PickItem<T>[],
): Promise<T | undefined> {
  if (items.length === 1) return items[0]?.value;
  const answer = await prompt.pick({
    title,
    canGoBack: false,
    placeholder: vscode.l10n.t('Which key?'),
    items,
  });
  return answer.kind === 'value' ? answer.value : undefined;
}

function asEntry({ key, secret, passphrase, version, site }: NamedKey): KeyEntry {
  const hosts =
    site?.kind === 'custom' ? { spot: site.spot, futures: site.futures ?? '' } : { spot: '', futures: '' };
  return { ...emptyEntry, ...hosts, key, secret, passphrase, version, site };
}
