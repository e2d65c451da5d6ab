import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoKeys } from '../../../src/sandbox/demo';
import { eventually, useWorkbench } from '../harness';
import { root } from '../harness/journal';
import { openDemo } from './support/steps';

describe('a bot that runs with a profile', () => {
  const ui = useWorkbench({
    theme: 'dark',
    viewport: { width: 1280, height: 760 },
    files: {
      'balance.mjs': readFileSync(join(root, 'examples', 'balance.mjs'), 'utf8'),
      '.vscode/launch.json': JSON.stringify(
        {
          version: '0.2.0',
          configurations: [
            {
              type: 'node',
              request: 'launch',
              name: 'Balance',
              program: '${workspaceFolder}/balance.mjs',
              'kucoin.profile': 'Local KuCoin',
            },
          ],
        },
        undefined,
        2,
      ),
    },
    settings: { 'terminal.integrated.gpuAcceleration': 'off', 'terminal.integrated.cwd': '' },
  });

  before('open the demo account', () => openDemo(ui()));

  it('prints a balance in a terminal, and no file holds a secret', async () => {
    const { dialog, page } = ui();
    await ui().runCommand('KuCoin: Open Terminal With Profile…');
    assert.equal(await dialog.message(), 'DEMO: open a terminal with the profile Local KuCoin?');
    assert.deepEqual((await dialog.buttons()).sort(), [
      'Always in This Workspace',
      'Cancel',
      'Open Terminal',
    ]);
    assert.match(await dialog.detail(), /can read the API key, its secret and its passphrase/);
    await ui().screenshot('question');
    await dialog.click('Open Terminal');
    const rows = page.locator('.part.panel .terminal-wrapper.active .xterm-rows');
    const text = async (): Promise<string> => (await rows.innerText()).replaceAll('\u00a0', ' ');
    await eventually(text, (shown) => /[$#] *$/m.test(shown.trimEnd()), 'the prompt of the shell');
    await page.keyboard.type('node balance.mjs');
    await page.keyboard.press('Enter');
    const shown = await eventually(
      text,
      (now) => /\d USDT in the funding account at http:\/\/127\.0\.0\.1:\d+/.test(now),
      'the balance that the bot prints',
    );
    await ui().screenshot('terminal');
    for (const secret of [demoKeys.demo.secret, demoKeys.demo.passphrase]) assert.ok(!shown.includes(secret));
  });

  it('names the profile in launch.json without a complaint of the editor', async () => {
    await ui().openFile('launch.json');
    const hover = await ui().editor.hover('kucoin.profile');
    assert.match(hover, /Name of a profile of KuCoin Accounts/);
    assert.doesNotMatch(hover, /not allowed/);
    await ui().screenshot('launch-json');
  });
});
