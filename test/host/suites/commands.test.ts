import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandTable } from '../../../src/ui/commandTable';
import { extension } from './support/host';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

describe('the commands', () => {
  it('are all registered once the extension is active, and no others', async () => {
    await extension().activate();
    const registered = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith('kucoin.'));
    // Every view brings commands of the editor for it.
    const { views } = (extension().packageJSON as Manifest).contributes;
    const ofViews = Object.values(views).flatMap((some) => some.map(({ id }) => `${id}.`));
    const own = registered.filter((id) => !ofViews.some((prefix) => id.startsWith(prefix)));
    assert.deepEqual(own.sort(), Object.keys(commandTable).sort());
  });

  it('are all in the manifest', () => {
    const { contributes } = extension().packageJSON as Manifest;
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).sort(),
      Object.keys(commandTable).sort(),
    );
  });
});
