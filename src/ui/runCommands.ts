import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { planDebug, type DebuggerProperties, type DebugProblem } from '../host/debugEnvironment';
import type { RunPermissions } from '../host/runPermissions';
import type { Sessions } from '../host/sessions';
import { brands, type Brand } from '../kucoin/brands';
import { environmentOf as variablesOf, environmentVariables, type Environment } from '../kucoin/environment';
import { KucoinError } from '../kucoin/errors';
import { permissionTitles, type Permission } from '../kucoin/vocabulary';
import { environmentOf, siteTitle, type Profile } from '../profiles/profile';
import type { Profiles } from '../profiles/profiles';
import { profileProperty, type CommandHandler, type CommandId } from './commandTable';
import { asMessage, inform, offer, type Actions, type Choose } from './dialogs';
import { userMessage } from './explainError';
import { oneLine } from './format';
import { chooseProfile } from './profileCommands';
import { editorRemotePlace, sandboxIsElsewhere, type RemotePlace } from './remoteWindow';
import type { Prompt } from './wizard';
import { next } from './nextSteps';

export interface RunOptions {
  readonly profiles: Profiles;
  readonly sessions: Sessions;
  readonly prompt: Prompt;
  readonly choose: Choose;
  readonly permissions: RunPermissions;
  /** What the workspace and the window are like. A port, because a test cannot make them so. */
  readonly place: RunPlace;
  readonly log: { error(message: string, error?: unknown): void };
}

export interface RunPlace extends RemotePlace {
  isTrusted(): boolean;
  /** A window without a folder has no workspace that something could be allowed for. */
  hasFolder(): boolean;
  /** Where a terminal starts; `undefined` for where any other does. */
  startFolder(): string | undefined;
  debuggerProperties(type: string, request: string): DebuggerProperties | undefined;
}

/** The editor's own answers. */
export function editorPlace(extension: vscode.Extension<unknown>): RunPlace {
  return {
    ...editorRemotePlace(extension),
    isTrusted: () => vscode.workspace.isTrusted,
    hasFolder: () => (vscode.workspace.workspaceFolders ?? []).length > 0,
    startFolder: () => {
      const [first] = vscode.workspace.workspaceFolders ?? [];
      // A folder that lies on no disk: the editor would start the shell in a path of that name, and fail.
      const isVirtual = first !== undefined && !['file', 'vscode-remote'].includes(first.uri.scheme);
      return isVirtual ? homedir() : undefined;
    },
    debuggerProperties,
  };
}

export interface RunWithProfile {
  readonly commands: Record<RunCommandId, CommandHandler>;
  /**
   * Gives a configuration that names a profile its environment.
   *
   * @returns `undefined` when it shall not start; the user has been told why
   */
  readonly resolveDebug: (
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
    token?: vscode.CancellationToken,
  ) => Promise<vscode.DebugConfiguration | undefined>;
}

type RunCommandId = Extract<CommandId, `kucoin.run.${string}`>;

/** Programs that run with the key of a profile in their environment, so that no file has to hold it. */
export function runWithProfile(options: RunOptions): RunWithProfile {
  const { profiles, sessions, permissions, place } = options;
  /** Configurations that start together ask one after the other. */
  let asking: Promise<unknown> = Promise.resolve();

  const isAllowed = async (profile: Profile, question: Question): Promise<boolean> => {
    if (permissions.has(profile)) return true;
    const always = vscode.l10n.t('Always in This Workspace');
    const answer = await options.choose({
      message: question.message,
      detail: [...question.detail, ...consequences(profile, place)].join('\n\n'),
      actions: place.hasFolder() ? [question.action, always] : [question.action],
    });
    if (answer === always) await permissions.give(profile);
    return answer !== undefined;
  };
  const ask = (profile: Profile, question: Question): Promise<boolean> => {
    const answer = asking.then(() => isAllowed(profile, question));
    asking = answer.catch(() => undefined);
    return answer;
  };

  const environmentFor = async (profile: Profile): Promise<Environment> => {
    const { site, credentials } = await sessions.access(profile);
    return variablesOf(site.hosts, credentials);
  };

  const openTerminal: CommandHandler = async (argument) => {
    if (!place.isTrusted()) {
      sayNotTrusted();
      return;
    }
    const profile = await chooseProfile(options, argument, vscode.l10n.t('Open Terminal With Profile'));
    if (!profile) return;
    const values = { environment: environmentOf(profile), name: plain(profile.name) };
    const goOn = await ask(profile, {
      message: vscode.l10n.t('{environment}: open a terminal with the profile {name}?', values),
      detail: [
        vscode.l10n.t(
          'Every program that is started in it can read the API key, its secret and its passphrase, and use them.',
        ),
      ],
      action: vscode.l10n.t('Open Terminal'),
    });
    if (!goOn) return;
    const environment = await environmentFor(profile);
    const { spot, futures } = environmentVariables;
    const cwd = place.startFolder();
    vscode.window
      .createTerminal({
        name: `KuCoin ${values.environment} · ${values.name}`,
        message: vscode.l10n.t(
          '{environment} · {name} · {hosts}\r\nIts key is in the environment of this terminal, which ends with the window:\r\n{variables}',
          {
            ...values,
            hosts: [environment[spot], environment[futures]].filter(Boolean).join(' · '),
            variables: Object.keys(environment).join(' '),
          },
        ),
        iconPath: new vscode.ThemeIcon('key'),
        ...(cwd !== undefined && { cwd }),
        ...(values.environment === 'LIVE' && { color: new vscode.ThemeColor('terminal.ansiRed') }),
        // `null` takes away what the editor itself may have been started with.
        env: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value ?? null])),
        // Another terminal would be written down with its environment, and come back with the next start.
        isTransient: true,
      })
      .show();
  };

  const revoke: CommandHandler = async () => {
    const count = await permissions.revoke();
    inform(
      count === 0
        ? vscode.l10n.t('Nothing was allowed in this workspace: you are asked each time.')
        : vscode.l10n.t(
            'From now on you are asked before a program of this workspace gets a key. Terminals that are open keep theirs.',
          ),
    );
  };

  const start = async (
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
    token: vscode.CancellationToken | undefined,
  ): Promise<vscode.DebugConfiguration | undefined> => {
    if (!place.isTrusted()) {
      sayNotTrusted();
      return undefined;
    }
    const { [profileProperty]: wanted, ...rest } = configuration;
    const profile = named(profiles.all, wanted);
    if (!profile) {
      sayUnknown(profiles.all, wanted, folder);
      return undefined;
    }
    const plan = planDebug(rest, (type, request) => place.debuggerProperties(type, request));
    if (typeof plan === 'string') {
      offer(vscode.window.showErrorMessage, problemText(plan, rest.type), openLaunch(folder));
      return undefined;
    }
    const goOn = await ask(profile, {
      message: vscode.l10n.t('{environment}: start {configuration} with the profile {name}?', {
        environment: environmentOf(profile),
        configuration: plain(configuration.name),
        name: plain(profile.name),
      }),
      detail: [
        vscode.l10n.t(
          'The program and all that it starts can read the API key, its secret and its passphrase, and use them.',
        ),
      ],
      action: vscode.l10n.t('Start'),
    });
    if (!goOn) return undefined;
    const started = plan.apply(await environmentFor(profile)) as vscode.DebugConfiguration;
    if (token?.isCancellationRequested) return undefined;
    if (plan.moved)
      inform(
        vscode.l10n.t(
          'The program runs in the debug console: VS Code would type its key into a terminal, where it could be read.',
        ),
      );
    return started;
  };

  return {
    commands: { 'kucoin.run.terminal': openTerminal, 'kucoin.run.revoke': revoke },
    resolveDebug: async (folder, configuration, token) => {
      try {
        return await start(folder, configuration, token);
      } catch (error) {
        if (!KucoinError.is(error, 'cancelled')) report(options, error);
        return undefined;
      }
    },
  };
}

interface Question {
  readonly message: string;
  readonly detail: readonly string[];
  readonly action: string;
}

/** What a person has to know before a program gets this key. */
function consequences(profile: Profile, place: RemotePlace): string[] {
  const { site, facts, readOnly } = profile;
  const isLive = environmentOf(profile) === 'LIVE';
  const lines = [
    isLive
      ? vscode.l10n.t('LIVE: real funds at {site}.', { site: siteTitle(site) })
      : vscode.l10n.t('DEMO: play money in the local sandbox, which is started if need be.'),
  ];
  if (isLive) {
    const rights = facts?.permissions.map((name) => (isPermission(name) ? permissionTitles[name] : name));
    lines.push(
      rights
        ? vscode.l10n.t('The key has the permissions {permissions}.', { permissions: rights.join(', ') })
        : vscode.l10n.t('What the key may do was never checked.'),
    );
    if (facts?.permissions.includes('Transfer'))
      lines.push(vscode.l10n.t('A program with this key can withdraw funds.'));
  }
  if (readOnly)
    lines.push(
      vscode.l10n.t(
        'The profile is read-only in the editor alone: a program can do whatever the key may do at KuCoin.',
      ),
    );
  const brand: Brand | undefined = site.kind === 'brand' ? brands[site.brand] : undefined;
  for (const [name, value] of Object.entries(brand?.headers ?? {}))
    lines.push(
      vscode.l10n.t('Requests to this site need the header {header}.', { header: `${name}: ${value}` }),
    );
  if (!isLive && place.isElsewhere()) lines.push(sandboxIsElsewhere(place));
  lines.push(vscode.l10n.t('Nothing is written to a file.'));
  return lines;
}

function isPermission(name: string): name is Permission {
  return Object.hasOwn(permissionTitles, name);
}

function named(all: readonly Profile[], wanted: unknown): Profile | undefined {
  if (typeof wanted !== 'string') return undefined;
  const name = wanted.trim().toLowerCase();
  return all.find((profile) => profile.name.toLowerCase() === name);
}

function sayUnknown(
  all: readonly Profile[],
  wanted: unknown,
  folder: vscode.WorkspaceFolder | undefined,
): void {
  const names = all.map(({ name }) => plain(name)).join(', ');
  const what =
    typeof wanted === 'string' && wanted.trim() !== ''
      ? vscode.l10n.t('There is no profile named {name}. Nothing was started.', { name: plain(wanted) })
      : vscode.l10n.t('{property} has to be the name of a profile. Nothing was started.', {
          property: profileProperty,
        });
  const which =
    all.length > 0
      ? vscode.l10n.t('There are: {names}.', { names })
      : vscode.l10n.t('There is no profile yet.');
  offer(vscode.window.showErrorMessage, `${what} ${which}`, {
    ...openLaunch(folder),
    [vscode.l10n.t('Add API Key…')]: () =>
      vscode.commands.executeCommand('kucoin.profile.add' satisfies CommandId),
  });
}

function openLaunch(folder: vscode.WorkspaceFolder | undefined): Actions {
  if (!folder) return {};
  const file = vscode.Uri.joinPath(folder.uri, '.vscode', 'launch.json');
  return { [vscode.l10n.t('Open launch.json')]: () => vscode.window.showTextDocument(file) };
}

function sayNotTrusted(): void {
  offer(
    vscode.window.showErrorMessage,
    vscode.l10n.t('This workspace is not trusted: its programs get no key. Nothing was started.'),
    {
      [vscode.l10n.t('Manage Workspace Trust')]: () =>
        vscode.commands.executeCommand('workbench.trust.manage'),
    },
  );
}

function problemText(problem: DebugProblem, type: unknown): string {
  switch (problem) {
    case 'attach':
      return vscode.l10n.t(
        'Only a configuration that launches a program can have a profile: one that runs already keeps its environment. Nothing was started.',
      );
    case 'noEnvironment':
      return vscode.l10n.t(
        'The debug type {type} takes no environment variables for a program, so it cannot have a profile. Use a terminal with the profile instead. Nothing was started.',
        { type: plain(type) },
      );
    case 'malformed':
      return vscode.l10n.t(
        'The environment of the configuration is not in the form that the debug type {type} takes. Nothing was started.',
        { type: plain(type) },
      );
    case 'debugServer':
    case 'port':
      return vscode.l10n.t(
        'A configuration with {property} cannot have a profile: the key would go to whatever listens there. Nothing was started.',
        { property: problem },
      );
  }
}

function report({ log }: RunOptions, error: unknown): void {
  log.error('a program could not be started with a profile', error);
  const { text, todo, action } = userMessage(error);
  offer(vscode.window.showErrorMessage, `${text} ${todo}`, action && next(action));
}

const longest = 60;

/**
 * A text of the workspace as a message may quote it: short, in one line, no link that the message would make of
 * it, no character that turns the text around.
 */
export function plain(text: unknown): string {
  const shown = typeof text === 'string' ? text : ((JSON.stringify(text) as string | undefined) ?? 'nothing');
  const clean = asMessage(oneLine(shown));
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean;
}

/** What the extensions of this host say of a debugger. */
function debuggerProperties(type: string, request: string): DebuggerProperties | undefined {
  for (const { packageJSON } of vscode.extensions.all) {
    const { contributes } = packageJSON as { readonly contributes?: { readonly debuggers?: unknown } };
    if (!Array.isArray(contributes?.debuggers)) continue;
    for (const each of contributes.debuggers as readonly Contributed[]) {
      const properties = each.type === type ? each.configurationAttributes?.[request]?.properties : undefined;
      if (properties) return properties;
    }
  }
  return undefined;
}

interface Contributed {
  readonly type?: string;
  readonly configurationAttributes?: Readonly<
    Record<string, { readonly properties?: DebuggerProperties } | undefined>
  >;
}
