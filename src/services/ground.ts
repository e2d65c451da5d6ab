import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { profileFileIn } from '../host/files';
import { createLogger, Redactor } from '../host/log';
import { SandboxHost } from '../host/sandboxHost';
import { editorSecrets } from '../host/secrets';
import { Sessions } from '../host/sessions';
import { readSettings } from '../host/settings';
import { Profiles } from '../profiles/profiles';
import { editorChoose, editorConfirm, offer, type Choose, type Confirm } from '../ui/dialogs';
import { editorPrompt } from '../ui/editorPrompt';
import { next } from '../ui/nextSteps';
import type { Prompt } from '../ui/wizard';

type Log = ReturnType<typeof createLogger>;

/** What a person answers with; tests put themselves in their place. */
export interface People {
  readonly prompt: Prompt;
  readonly confirm: Confirm;
  readonly choose: Choose;
}

/** What everything else stands on: the log, the person, profiles, the sandbox, the signed client of the active profile. */
export interface Ground extends People {
  readonly context: vscode.ExtensionContext;
  /** Of the extension's own files. */
  readonly folder: string;
  readonly redactor: Redactor;
  /** The log, under the name of a part. */
  readonly logFor: (name: string) => Log;
  /** Tells the user of something that was repaired or is wrong. */
  readonly notice: (text: string) => void;
  readonly answerWith: (replacement: Partial<People>) => void;
  readonly profiles: Profiles;
  readonly sandboxes: SandboxHost;
  readonly sessions: Sessions;
}

export function createGround(
  context: vscode.ExtensionContext,
  channel: vscode.LogOutputChannel,
  folder: string,
): Ground {
  const redactor = new Redactor();
  const logFor = (name: string): Log => createLogger(channel, redactor, name);
  const log = logFor('host');
  log.info(describeRun(context));
  const notice = (text: string): void => {
    log.warn(text);
    offer(vscode.window.showWarningMessage, text, next('kucoin.log.show'));
  };

  const persons: { prompt: Prompt; confirm: Confirm; choose: Choose } = {
    prompt: editorPrompt,
    confirm: editorConfirm,
    choose: editorChoose,
  };
  const prompt: Prompt = {
    pick: (box) => persons.prompt.pick(box),
    pickMany: (box) => persons.prompt.pickMany(box),
    input: (box) => persons.prompt.input(box),
  };
  const confirm: Confirm = (question) => persons.confirm(question);
  const choose: Choose = (question) => persons.choose(question);

  const profiles = new Profiles({
    file: profileFileIn(folder),
    secrets: editorSecrets(context.secrets),
    newId: () => randomUUID(),
    onNotice: ({ keptAs }) =>
      notice(
        vscode.l10n.t(
          'The list of profiles was damaged. What could be read is used; the damaged file is kept as {file}. Keys in the secret storage are untouched.',
          { file: keptAs },
        ),
      ),
  });
  const sandboxes = new SandboxHost({
    folder,
    log: logFor('sandbox'),
    onNotice: notice,
  });
  const sessions = new Sessions({
    profiles,
    sandboxes,
    redactor,
    log: logFor('client'),
    valuationCurrency: () => readSettings().valuationCurrency,
    remembered: {
      get: () => context.workspaceState.get<string>('profile'),
      set: async (id) => context.workspaceState.update('profile', id),
    },
  });
  return {
    context,
    folder,
    redactor,
    logFor,
    notice,
    prompt,
    confirm,
    choose,
    answerWith: (replacement) => void Object.assign(persons, replacement),
    profiles,
    sandboxes,
    sessions,
  };
}

/** The first line of a run: what every report about proxies and remotes has to say. Nothing about keys or users. */
export function describeRun({ extension }: vscode.ExtensionContext): string {
  const { version } = extension.packageJSON as { readonly version: string };
  const ui = vscode.env.uiKind === vscode.UIKind.Web ? 'web' : 'desktop';
  const side = extension.extensionKind === vscode.ExtensionKind.UI ? 'ui' : 'workspace';
  const remote = vscode.env.remoteName ?? 'none';
  const proxy = vscode.workspace.getConfiguration('http').get<string>('proxySupport') ?? '-';
  return `KuCoin Accounts ${version}, VS Code ${vscode.version}, Node ${process.versions.node}, ${process.platform}, host ${vscode.env.appHost}, ui ${ui}, remote ${remote}, on the ${side} side, proxySupport ${proxy}`;
}
