import * as vscode from 'vscode';

/** A question that stops everything else. The safe way out is always Cancel, Esc included. */
export interface ModalQuestion {
  readonly message: string;
  readonly detail: string;
  /** The verb of the one button that goes on. */
  readonly action: string;
}

/** Asks; `true` only when the action was clicked. A port, because an editor under test answers by itself. */
export type Confirm = (question: ModalQuestion) => Promise<boolean>;

export const editorConfirm: Confirm = async ({ message, detail, action }) =>
  (await vscode.window.showWarningMessage(message, { modal: true, detail }, action)) === action;

/** One quiet message; `actions` are commands by the title of their button. */
export async function inform(
  message: string,
  actions: Readonly<Record<string, () => unknown>> = {},
): Promise<void> {
  const chosen = await vscode.window.showInformationMessage(message, ...Object.keys(actions));
  if (chosen !== undefined) await actions[chosen]?.();
}

/** A spinning status bar item while somebody waits. */
export async function withProgress<T>(title: string, work: () => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, work);
}
