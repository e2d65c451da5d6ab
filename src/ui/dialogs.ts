import * as vscode from 'vscode';
import { sameLines } from '../kucoin/outside';
import { userMessage } from './explainError';
import { next } from './nextSteps';

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
  (await vscode.window.showWarningMessage(
    asMessage(message),
    { modal: true, detail: asMessage(detail) },
    action,
  )) === action;

/** A modal with several ways on; `undefined` when the user left. A port for the same reason. */
export type Choose = (
  question: Omit<ModalQuestion, 'action'> & { readonly actions: readonly string[] },
) => Promise<string | undefined>;

export const editorChoose: Choose = async ({ message, detail, actions }) =>
  vscode.window.showWarningMessage(
    asMessage(message),
    { modal: true, detail: asMessage(detail) },
    ...actions,
  );

/** What the buttons of a message do, by their titles. */
export type Actions = Readonly<Record<string, () => unknown>>;

/** One quiet message. */
export function inform(message: string, actions: Actions = {}): void {
  offer(vscode.window.showInformationMessage, message, actions);
}

/** Shows a message and does not wait for it: it may stay for hours, and no command may be busy so long. */
export function offer(
  show: (message: string, ...items: string[]) => Thenable<string | undefined>,
  message: string,
  actions: Actions = {},
): void {
  const follow = async (): Promise<void> => {
    let chosen: string | undefined;
    try {
      chosen = await show(asMessage(message), ...Object.keys(actions));
    } catch {
      // A message that cannot be shown belongs to a window that closes: telling of it would fail too, without end.
      return;
    }
    try {
      if (chosen !== undefined) await actions[chosen]?.();
    } catch (error) {
      const { text, todo, action } = userMessage(error);
      offer(vscode.window.showErrorMessage, `${text} ${todo}`, action && next(action));
    }
  };
  void follow();
}

/**
 * A message as the editor may show it. It makes links of `[text](command:…)`, commands included, wherever they come
 * from: a name of a sub-account or a word of the exchange must not become one.
 */
export function asMessage(text: string): string {
  return sameLines(text).replaceAll('](', '] (');
}

/** A spinning status bar item while somebody waits. */
export async function withProgress<T>(title: string, work: () => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, work);
}
