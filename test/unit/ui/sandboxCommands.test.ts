import { fake } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import type { SandboxHost } from '../../../src/host/sandboxHost';
import type { Sessions } from '../../../src/host/sessions';
import type { AccountsView } from '../../../src/ui/accountsView';
import { sandboxCommands } from '../../../src/ui/sandboxCommands';
import type { Prompt } from '../../../src/ui/wizard';
import { credentials } from '../profiles/support';

describe('the address of the sandbox', () => {
  let away: boolean;

  beforeEach(() => {
    fake.reset();
    fake.clipboard = '';
    away = false;
  });

  const run = (command: 'kucoin.sandbox.start' | 'kucoin.sandbox.copyAccess'): unknown =>
    sandboxCommands({
      sandboxes: {
        ensure: () =>
          Promise.resolve({
            spot: 'http://127.0.0.1:17801',
            futures: 'http://127.0.0.1:17802',
            control: 'http://127.0.0.1:17803/token',
            credentials,
          }),
      } as unknown as SandboxHost,
      sessions: {} as unknown as Sessions,
      view: {} as unknown as AccountsView,
      prompt: { pick: () => Promise.resolve({ kind: 'value', value: 'today' }) } as unknown as Prompt,
      confirm: () => Promise.resolve(false),
      place: { isElsewhere: () => away, extensionId: 'kucoin.accounts' },
    })[command](undefined);

  it('is copied with the demo key, and a short word of it', async () => {
    await run('kucoin.sandbox.copyAccess');
    assert.match(fake.clipboard, /^KUCOIN_BASE_URL=http:\/\/127\.0\.0\.1:17801\n/);
    assert.match(fake.clipboard, new RegExp(`^KUCOIN_API_KEY=${credentials.key}$`, 'm'));
    assert.deepEqual(fake.statusBar, [
      'Copied: base URLs and demo key of the sandbox as environment variables',
    ]);
    assert.deepEqual(fake.messages, []);
  });

  it('says of itself nothing about other computers in a window that has none', async () => {
    await run('kucoin.sandbox.start');
    assert.deepEqual(fake.messages, ['The local KuCoin listens at http://127.0.0.1:17801']);
  });

  for (const command of ['kucoin.sandbox.start', 'kucoin.sandbox.copyAccess'] as const) {
    it(`comes in a remote window with how its programs get there: ${command}`, async () => {
      away = true;
      let offered: readonly string[] = [];
      fake.click = (buttons) => {
        offered = buttons;
        return 'Copy SSH Command';
      };
      await run(command);
      const [message = '', ...more] = fake.messages;
      assert.deepEqual(more, []);
      assert.match(message, /run on another computer and do not reach the sandbox on this one/);
      assert.match(message, /"remote\.extensionKind": \{ "kucoin\.accounts": \["workspace"\] \}/);
      assert.deepEqual(offered.slice(-2), ['Open the Setting', 'Copy SSH Command']);
      await Promise.resolve();
      assert.equal(fake.clipboard, 'ssh -N -R 17801:127.0.0.1:17801 -R 17802:127.0.0.1:17802 ');
      fake.click = () => 'Open the Setting';
      await run(command);
      await Promise.resolve();
      assert.deepEqual(fake.commands, ['workbench.action.openSettings']);
    });
  }
});
