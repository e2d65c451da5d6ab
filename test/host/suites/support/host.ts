import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { TestApi } from '../../../../src/extension';
import { demoKeys } from '../../../../src/sandbox/demo';
import type { Services } from '../../../../src/services';
import type { TreeNode } from '../../../../src/ui/accountsTree';
import type { ModalQuestion } from '../../../../src/ui/dialogs';
import type { Answer, InputBox, PickBox, PickManyBox, Prompt } from '../../../../src/ui/wizard';

export const extension = (): vscode.Extension<TestApi> => {
  const found = vscode.extensions.getExtension<TestApi>('kucoin-accounts.kucoin-accounts');
  assert.ok(found, 'the development extension is not there');
  return found;
};

export async function services(): Promise<Services> {
  return (await extension().activate()).services();
}

/** Reads until it is as wanted; tells what it read last when it never is. */
export async function eventually<T>(
  read: () => T | Promise<T>,
  wanted: (value: T) => boolean,
  what: string,
): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const value = await read();
    if (wanted(value)) return value;
    if (Date.now() > deadline) throw new Error(`Waited for ${what}; last: ${JSON.stringify(value)}`);
    await delay(20);
  }
}

/** Leaves the box as Esc does. */
export const escape = Symbol('escape');

/** A person who answers box after box: labels of choices and texts of inputs, in this order. */
export class Script implements Prompt {
  /** What the boxes asked, prompts and placeholders, oldest first. */
  readonly asked: string[] = [];
  /** The labels of each pick, oldest first. */
  readonly offered: string[][] = [];
  private readonly answers: (string | typeof escape)[];

  constructor(...answers: readonly (string | typeof escape)[]) {
    this.answers = [...answers];
  }

  /** Answers that nobody has asked for. */
  get left(): number {
    return this.answers.length;
  }

  async pick<T>(box: PickBox<T>): Promise<Answer<T>> {
    this.asked.push(box.placeholder);
    const items = await box.items;
    this.offered.push(items.map(({ label }) => label));
    const label = this.next();
    if (label === escape) return { kind: 'cancelled' };
    const found = items.find((item) => item.label === label || item.label.startsWith(`${label} `));
    assert.ok(found, `"${label}" is not among: ${items.map((item) => item.label).join(', ')}`);
    assert.equal(found.refused, undefined, `"${label}" is refused`);
    return { kind: 'value', value: found.value };
  }

  /** The answer names the rows to tick, `one, other`; an empty one takes the ticks as they are. */
  async pickMany<T>(box: PickManyBox<T>): Promise<Answer<readonly T[]>> {
    this.asked.push(box.placeholder);
    const items = await box.items;
    this.offered.push(
      items.map(({ label, refused }) => (refused === undefined ? label : `${label}: ${refused}`)),
    );
    const answer = this.next();
    if (answer === escape) return { kind: 'cancelled' };
    const possible = items.filter(({ refused, inert }) => refused === undefined && !inert);
    const labels = answer.split(', ');
    const chosen = possible.filter(({ label, value }) =>
      answer === '' ? box.isPicked(value) : labels.includes(label),
    );
    assert.ok(answer === '' || chosen.length === labels.length, `not all can be ticked: ${answer}`);
    return { kind: 'value', value: chosen.map(({ value }) => value) };
  }

  async input(box: InputBox): Promise<Answer<string>> {
    await box.ready;
    this.asked.push(box.prompt());
    const text = this.next();
    if (text === escape) return { kind: 'cancelled' };
    const problem = box.validate(text);
    assert.notEqual(problem?.severity, 'error', problem?.message);
    return { kind: 'value', value: text };
  }

  private next(): string | typeof escape {
    const answer = this.answers.shift();
    assert.ok(answer !== undefined, `nobody answers: ${this.asked.at(-1)}`);
    return answer;
  }
}

export interface Said {
  readonly severity: 'error' | 'warning' | 'info';
  readonly text: string;
  readonly buttons: readonly string[];
}

/** Stands in for the messages of the editor: hears what is said, and presses the button it is told to. */
export class Messages {
  readonly said: Said[] = [];
  /** Which button to press on the next messages, by title; none is pressed where this fits none. */
  press: string | undefined;
  private readonly restore: (() => void)[] = [];

  constructor() {
    this.replace('showErrorMessage', 'error');
    this.replace('showWarningMessage', 'warning');
    this.replace('showInformationMessage', 'info');
  }

  async waitFor(words: RegExp): Promise<Said> {
    const found = await eventually(
      () => this.said.find(({ text }) => words.test(text)),
      (message) => message !== undefined,
      `the message ${String(words)}`,
    );
    assert.ok(found);
    return found;
  }

  dispose(): void {
    for (const undo of this.restore) undo();
  }

  private replace(
    name: 'showErrorMessage' | 'showWarningMessage' | 'showInformationMessage',
    severity: Said['severity'],
  ): void {
    const original = vscode.window[name];
    const heard = (
      message: string,
      ...rest: readonly (string | vscode.MessageOptions)[]
    ): Promise<string | undefined> => {
      const buttons = rest.filter((each) => typeof each === 'string');
      const details = rest.flatMap((each) => (typeof each === 'string' ? [] : (each.detail ?? [])));
      this.said.push({ severity, text: [message, ...details].join(' '), buttons });
      return Promise.resolve(buttons.find((button) => button === this.press));
    };
    Object.assign(vscode.window, { [name]: heard });
    this.restore.push(() => void Object.assign(vscode.window, { [name]: original }));
  }
}

/** Runs a command with these answers; every modal is answered alike and kept. */
export async function run(
  command: string,
  script: Script,
  { argument, agree = true }: { readonly argument?: unknown; readonly agree?: boolean } = {},
): Promise<ModalQuestion[]> {
  const questions: ModalQuestion[] = [];
  (await services()).answerWith({
    prompt: script,
    confirm: (question) => {
      questions.push(question);
      return Promise.resolve(agree);
    },
  });
  await vscode.commands.executeCommand(command, argument);
  return questions;
}

/** All rows as the editor would draw them, indented by level. */
export async function drawTree(): Promise<string[]> {
  const { tree } = (await services()).accounts;
  const draw = (node: TreeNode, level: number): string[] => {
    const { label, description } = tree.getTreeItem(node);
    const name = typeof label === 'string' ? label : (label?.label ?? '');
    const text = typeof description === 'string' ? description : '';
    return [
      `${'  '.repeat(level)}${name} ${text}`.trimEnd(),
      ...tree.getChildren(node).flatMap((child) => draw(child, level + 1)),
    ];
  };
  return tree.getChildren().flatMap((node) => draw(node, 0));
}

export interface Keys {
  readonly key: string;
  readonly secret: string;
  readonly passphrase: string;
}

/** Makes a key of an exchange that runs here the active profile; answers the id of the profile. */
export async function useKey(
  { spot, futures }: { readonly spot: string; readonly futures?: string | undefined },
  {
    keys: { key, secret, passphrase } = demoKeys.demo,
    name = 'Main',
    readOnly = false,
  }: { readonly keys?: Keys; readonly name?: string; readonly readOnly?: boolean } = {},
): Promise<string> {
  const { profiles, sessions } = await services();
  const site = { kind: 'custom', spot, ...(futures !== undefined && { futures }) } as const;
  const { id } = await profiles.add({ name, site, readOnly }, { key, secret, passphrase, version: '3' });
  await sessions.switchTo(id);
  return id;
}

/** No profile is left, no setting is changed. */
export async function cleanUp(): Promise<void> {
  const { profiles } = await services();
  for (const { id } of profiles.all) await profiles.remove(id);
  for (const name of [
    'valuation.currency',
    'balances.sortBy',
    'balances.hideSmall',
    'balances.refreshInterval',
  ]) {
    await setUserSetting('kucoin', name, undefined);
  }
}

/**
 * Writes a setting of the user, or removes it with undefined; nothing where it already is so: each write is a file that
 * the whole editor reads again, a tenth of a second and more.
 */
export async function setUserSetting(section: string, name: string, value: unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(section);
  if (isDeepStrictEqual(configuration.inspect(name)?.globalValue, value)) return;
  await configuration.update(name, value, vscode.ConfigurationTarget.Global);
}

/** The folder that the extension keeps its files in. */
export async function storageFolder(): Promise<string> {
  const { sandboxes } = await services();
  return (sandboxes as unknown as { readonly options: { readonly folder: string } }).options.folder;
}
