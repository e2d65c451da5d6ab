import assert from 'node:assert/strict';
import { useWorkbench } from '../harness';

describe('the packed extension in a real workbench', () => {
  const ui = useWorkbench();

  it('offers its commands in the palette', async () => {
    const commands = await ui().commands('KuCoin');
    assert.ok(
      commands.some((title) => title.startsWith('KuCoin')),
      `only: ${commands.join(', ')}`,
    );
  });

  it('shows its view', async () => {
    const view = await ui().openView('KuCoin');
    assert.notDeepEqual(await view.welcomeButtons(), []);
    await ui().screenshot('view');
  });
});
