import * as vscode from 'vscode';
import type { Actions } from './dialogs';

/** Where this extension runs, and where the programs of its window do. A port, because a test opens no remote window. */
export interface RemotePlace {
  /** Programs run on another computer than this extension, and the sandbox with it. */
  isElsewhere(): boolean;
  readonly extensionId: string;
}

/** The editor's own answers. An extension that was installed on the other side runs there, beside the programs. */
export function editorRemotePlace({ id, extensionKind }: vscode.Extension<unknown>): RemotePlace {
  return {
    isElsewhere: () => vscode.env.remoteName !== undefined && extensionKind === vscode.ExtensionKind.UI,
    extensionId: id,
  };
}

/**
 * What a person has to know before a program of a remote window looks for the sandbox. The editor forwards ports from
 * the other computer to this one, never back (microsoft/vscode#100222).
 */
export function sandboxIsElsewhere({ extensionId }: RemotePlace): string {
  return vscode.l10n.t(
    'The terminals and programs of this window run on another computer and do not reach the sandbox on this one: VS Code forwards ports only from there to here. Either run this extension there: put {setting} into your settings, reload the window, and install the extension in it. Or, over SSH, bring the ports of the sandbox there with ssh -R.',
    { setting: `"remote.extensionKind": { "${extensionId}": ["workspace"] }` },
  );
}

/** The ways out, for a sandbox that listens at these addresses. */
export function waysToSandbox(...addresses: readonly string[]): Actions {
  const forwards = addresses
    .map((address) => new URL(address).port)
    .map((port) => `-R ${port}:127.0.0.1:${port}`);
  return {
    [vscode.l10n.t('Open the Setting')]: () =>
      vscode.commands.executeCommand('workbench.action.openSettings', 'remote.extensionKind'),
    // To be completed by the name of the computer, which no extension is told.
    [vscode.l10n.t('Copy SSH Command')]: () =>
      vscode.env.clipboard.writeText(`ssh -N ${forwards.join(' ')} `),
  };
}
