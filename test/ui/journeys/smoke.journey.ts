import assert from 'node:assert/strict';
import { useWorkbench } from '../harness';
import { openDemo, rowsOf } from './support/steps';

/** What has to work in every editor that is supported: also run with --vscode-version 1.110 (CONTRIBUTING.md). */
describe('the packed extension in a real workbench', () => {
  const ui = useWorkbench();

  it('shows its view', async () => {
    const view = await ui().openView('KuCoin');
    assert.notDeepEqual(await view.welcomeButtons(), []);
    await ui().screenshot('view');
  });

  it('offers its commands in the palette', async () => {
    const commands = await ui().commands('KuCoin');
    assert.ok(
      commands.some((title) => title.startsWith('KuCoin')),
      `only: ${commands.join(', ')}`,
    );
  });

  it('starts the sandbox that it brings, and shows the accounts of the demo family', async () => {
    const rows = await (await openDemo(ui())).rows();
    assert.match(rows[0]?.ariaLabel ?? '', /^Profile Local KuCoin, DEMO, ≈ [\d,.]+ USD/);
    assert.notDeepEqual(rowsOf(rows, 'Funding'), []);
    await ui().screenshot('accounts');
  });
});
