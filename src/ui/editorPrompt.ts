import * as vscode from 'vscode';
import { asMessage } from './dialogs';
import { asLabel, oneLine } from './format';
import type { Answer, Box, InputBox, InputProblem, PickBox, PickItem, PickManyBox, Prompt } from './wizard';

/** The boxes of the wizards in the editor's quick input. They stay open when the focus goes elsewhere. */
export const editorPrompt: Prompt = { pick, pickMany, input };

interface Choice<T> extends vscode.QuickPickItem {
  readonly item?: PickItem<T>;
}

function pick<T>(box: PickBox<T>): Promise<Answer<T>> {
  const quick = vscode.window.createQuickPick<Choice<T>>();
  quick.placeholder = box.placeholder;
  quick.matchOnDescription = true;
  quick.matchOnDetail = true;
  const answer = show<T>(quick, box);
  quick.onDidAccept(() => {
    const chosen = quick.selectedItems[0]?.item;
    if (!chosen || chosen.inert) return;
    if (chosen.refused === undefined) answer.settle({ kind: 'value', value: chosen.value });
    // The whole reason: the row may have cut it, and a placeholder is hidden while something is typed.
    else quick.prompt = asMessage(chosen.refused);
  });
  quick.busy = true;
  Promise.resolve(box.items).then(
    (items) => {
      quick.items = withGroups(items);
      const current = quick.items.filter(({ item }) => item && box.isCurrent?.(item.value) === true);
      if (current.length > 0) quick.activeItems = current;
      quick.busy = false;
    },
    (error: unknown) => answer.fail(error),
  );
  return answer.promise;
}

function pickMany<T>(box: PickManyBox<T>): Promise<Answer<readonly T[]>> {
  const quick = vscode.window.createQuickPick<Choice<T>>();
  quick.canSelectMany = true;
  quick.placeholder = box.placeholder;
  quick.matchOnDescription = true;
  quick.matchOnDetail = true;
  const answer = show<readonly T[]>(quick, box);
  let refused: string | undefined;
  /** The next change is the answer to what this side has changed. */
  let takenBack = false;
  const tell = (): void => {
    quick.prompt = asMessage(refused ?? box.summary(valuesOf(quick.selectedItems)));
  };
  quick.onDidChangeSelection((chosen) => {
    const possible = chosen.filter(({ item }) => item && item.refused === undefined && !item.inert);
    // The editor has no rows that cannot be ticked: the tick is taken back, and the reason said.
    if (possible.length < chosen.length) {
      const inVain = chosen.filter((each) => !possible.includes(each));
      // All were ticked at once: no reason of a single row.
      refused = inVain.length === 1 ? inVain[0]?.item?.refused : undefined;
      quick.selectedItems = possible;
    } else if (!takenBack) {
      refused = undefined;
    }
    takenBack = possible.length < chosen.length;
    tell();
  });
  quick.onDidAccept(() => {
    if (quick.busy) return;
    const values = valuesOf(quick.selectedItems);
    if (values.length > 0) answer.settle({ kind: 'value', value: values });
    else quick.prompt = vscode.l10n.t('Tick at least one row.');
  });
  quick.busy = true;
  Promise.resolve(box.items).then(
    (items) => {
      quick.items = withGroups(items);
      quick.selectedItems = quick.items.filter(
        ({ item }) => item && item.refused === undefined && !item.inert && box.isPicked(item.value),
      );
      quick.busy = false;
      tell();
    },
    (error: unknown) => answer.fail(error),
  );
  return answer.promise;
}

function valuesOf<T>(chosen: readonly Choice<T>[]): T[] {
  return chosen.flatMap(({ item }) => (item ? [item.value] : []));
}

function input(box: InputBox): Promise<Answer<string>> {
  const quick = vscode.window.createInputBox();
  quick.prompt = asMessage(box.prompt());
  quick.placeholder = box.placeholder;
  quick.value = box.value;
  quick.password = box.password;
  /** Shows what is wrong; an empty box that nobody has confirmed is not a mistake yet. */
  const judge = (confirmed: boolean): boolean => {
    if (quick.busy) return false;
    const problem = box.validate(quick.value);
    const isError = problem?.severity === 'error';
    quick.validationMessage =
      problem && (confirmed || !isError || quick.value !== '') ? asValidation(problem) : undefined;
    return !isError;
  };
  const answer = show<string>(quick, box);
  quick.onDidChangeValue(() => judge(false));
  quick.onDidAccept(() => {
    if (judge(true)) answer.settle({ kind: 'value', value: quick.value });
  });
  quick.busy = box.ready !== undefined;
  Promise.resolve(box.ready).then(
    () => {
      quick.busy = false;
      quick.prompt = asMessage(box.prompt());
      judge(false);
    },
    (error: unknown) => answer.fail(error),
  );
  return answer.promise;
}

interface Pending<T> {
  readonly promise: Promise<Answer<T>>;
  settle(answer: Answer<T>): void;
  fail(error: unknown): void;
}

/** What all boxes share: title, Back, and a promise that settles however the box goes away. */
function show<T>(quick: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox, box: Box): Pending<T> {
  quick.title = oneLine(box.title);
  quick.step = box.step;
  quick.totalSteps = box.totalSteps;
  quick.ignoreFocusOut = true;
  if (box.canGoBack) quick.buttons = [vscode.QuickInputButtons.Back];
  let settle: (answer: Answer<T>) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const promise = new Promise<Answer<T>>((resolve, reject) => {
    settle = (answer) => {
      resolve(answer);
      quick.dispose();
    };
    fail = (error) => {
      reject(error instanceof Error ? error : new Error(String(error)));
      quick.dispose();
    };
  });
  quick.onDidTriggerButton(() => settle({ kind: 'back' }));
  quick.onDidHide(() => settle({ kind: 'cancelled' }));
  quick.show();
  return { promise, settle, fail };
}

function withGroups<T>(items: readonly PickItem<T>[]): Choice<T>[] {
  const choices: Choice<T>[] = [];
  let group: string | undefined;
  for (const item of items) {
    if (item.group !== group && item.group !== undefined) {
      choices.push({ label: oneLine(item.group), kind: vscode.QuickPickItemKind.Separator });
    }
    group = item.group;
    const icon = item.refused === undefined ? item.icon : 'circle-slash';
    choices.push({
      label: asLabel(item.label),
      // Beside the label: an icon within it would be read aloud by its name.
      ...(icon !== undefined && { iconPath: new vscode.ThemeIcon(icon) }),
      ...(item.description !== undefined && { description: asLabel(item.description) }),
      ...((item.refused ?? item.detail) !== undefined && {
        detail: asLabel(item.refused ?? item.detail ?? ''),
      }),
      item,
    });
  }
  return choices;
}

function asValidation({ message, severity }: InputProblem): vscode.InputBoxValidationMessage {
  const { Error: error, Info: info } = vscode.InputBoxValidationSeverity;
  return { message: asMessage(message), severity: severity === 'error' ? error : info };
}
