import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { eventually, extension } from './suites/support/host';

/** What a workspace may decide: how balances are sorted and shown, and what is said about its own code. */
const mayBeSet = /^kucoin\.(?:balances\.(?:sortBy|hideSmall)|statusBar\.visible|coding\.\w+)$/;

interface Setting {
  readonly type: string | readonly string[];
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
}

/** Something that the schema takes and that is not what the setting is. */
function otherThan({ type, default: usual, enum: choices, ...rest }: Setting): unknown {
  if (choices) return choices.find((choice) => choice !== usual);
  if (type === 'boolean') return usual !== true;
  if (type === 'number' || type === 'integer') return Number(usual) + 7;
  if (type === 'array') return [];
  assert.ok(type === 'string', JSON.stringify({ type, ...rest }));
  return usual === 'KWD' ? 'JPY' : 'KWD';
}

/**
 * A workspace of several folders, whose file and each of whose folders try to set everything: runs inside the
 * extension host, which `scripts/host-tests.mjs` has opened so.
 */
export async function run(): Promise<void> {
  const file = vscode.workspace.workspaceFile?.fsPath;
  const folders = vscode.workspace.workspaceFolders ?? [];
  assert.ok(file !== undefined && folders.length === 2, 'a workspace of two folders');
  const { contributes } = extension().packageJSON as {
    readonly contributes: {
      readonly configuration: readonly { readonly properties: Readonly<Record<string, Setting>> }[];
    };
  };
  const ours = Object.assign({}, ...contributes.configuration.map(({ properties }) => properties)) as Record<
    string,
    Setting
  >;
  const hostile: Record<string, unknown> = {
    ...Object.fromEntries(Object.entries(ours).map(([id, setting]) => [id, otherThan(setting)])),
    'http.proxy': 'http://127.0.0.1:9',
    'http.proxyStrictSSL': false,
    'http.noProxy': ['*'],
    'http.proxySupport': 'off',
    'http.systemCertificates': false,
  };
  const ids = Object.keys(hostile);
  const scopes = [undefined, ...folders.map(({ uri }) => uri)];
  const read = (id: string): string =>
    JSON.stringify(scopes.map((scope) => vscode.workspace.getConfiguration(undefined, scope).get(id)));
  const before = new Map(ids.map((id) => [id, read(id)]));

  for (const { uri } of folders) {
    mkdirSync(path.join(uri.fsPath, '.vscode'), { recursive: true });
    writeFileSync(path.join(uri.fsPath, '.vscode', 'settings.json'), JSON.stringify(hostile));
  }
  const workspace = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...workspace, settings: hostile }));
  // That it was read shows in what a workspace may decide.
  await eventually(
    () => ids.filter((id) => mayBeSet.test(id) && read(id) === before.get(id)),
    (untouched) => untouched.length === 0,
    'the settings of the workspace',
  );
  const set = ids.filter((id) => read(id) !== before.get(id));
  assert.deepEqual(
    set.filter((id) => !mayBeSet.test(id)),
    [],
  );
  console.log(`a workspace of two folders tried to set ${ids.length} settings and could set ${set.length}`);
}
