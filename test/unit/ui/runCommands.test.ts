import { fake, type FakeTerminal } from '../support/fakeVscode';
import assert from 'node:assert/strict';
import type { DebugConfiguration, WorkspaceFolder } from 'vscode';
import { RunPermissions } from '../../../src/host/runPermissions';
import type { Sessions } from '../../../src/host/sessions';
import { KucoinError } from '../../../src/kucoin/errors';
import type { Profile } from '../../../src/profiles/profile';
import type { Profiles } from '../../../src/profiles/profiles';
import { plain, runWithProfile, type RunPlace } from '../../../src/ui/runCommands';
import type { Choose } from '../../../src/ui/dialogs';
import type { Prompt } from '../../../src/ui/wizard';
import { credentials } from '../profiles/support';

const live: Profile = {
  id: 'live',
  name: 'Main',
  site: { kind: 'brand', brand: 'global' },
  keyVersion: '3',
  keyFingerprint: 'abc',
  generation: 1,
  readOnly: true,
  facts: {
    uid: 7,
    isMaster: true,
    permissions: ['General', 'Spot', 'InnerTransfer', 'Transfer'],
    ipRestricted: false,
    checkedAt: 1,
  },
};
const demo: Profile = {
  id: 'demo',
  name: 'Local KuCoin',
  site: { kind: 'sandbox', world: 'today' },
  keyVersion: '3',
  keyFingerprint: 'def',
  generation: 1,
  readOnly: false,
};

const allow = 'Always in This Workspace';

describe('running with a profile', () => {
  let all: Profile[];
  let questions: { message: string; detail: string; actions: readonly string[] }[];
  let answer: string | undefined;
  let accessed: string[];
  let refuses: Error | undefined;
  let place: { -readonly [name in keyof RunPlace]: RunPlace[name] };
  let kept: unknown;
  let logged: string[];
  let permissions: RunPermissions;

  beforeEach(() => {
    fake.reset();
    all = [live, demo];
    questions = [];
    answer = undefined;
    accessed = [];
    refuses = undefined;
    kept = undefined;
    logged = [];
    place = {
      isTrusted: () => true,
      hasFolder: () => true,
      startFolder: () => undefined,
      isElsewhere: () => false,
      extensionId: 'kucoin.accounts',
      debuggerProperties: () => undefined,
    };
  });

  const make = (): ReturnType<typeof runWithProfile> => {
    const profiles = {
      get all() {
        return all;
      },
      find: (id: string | undefined) => all.find((profile) => profile.id === id),
    };
    const sessions = {
      profile: live,
      access: (profile: Profile) => {
        accessed.push(profile.id);
        if (refuses) return Promise.reject(refuses);
        const hosts =
          profile.id === 'demo'
            ? { spot: 'http://127.0.0.1:17801', futures: 'http://127.0.0.1:17802' }
            : { spot: 'https://api.kucoin.com', futures: undefined };
        return Promise.resolve({ site: { hosts }, credentials });
      },
    };
    permissions = new RunPermissions({
      get: () => kept,
      set: (value) => {
        kept = value;
        return Promise.resolve();
      },
    });
    const choose: Choose = (question) => {
      questions.push(question);
      return Promise.resolve(answer);
    };
    return runWithProfile({
      profiles: profiles as unknown as Profiles,
      sessions: sessions as unknown as Sessions,
      prompt: undefined as unknown as Prompt,
      choose,
      permissions,
      place,
      log: { error: (message) => void logged.push(message) },
    });
  };
  const open = async (profileId: string): Promise<FakeTerminal | undefined> => {
    await make().commands['kucoin.run.terminal']({ profileId });
    return fake.terminals.at(-1);
  };
  const debug = (more: Record<string, unknown>): Promise<DebugConfiguration | undefined> =>
    make().resolveDebug(folder, { type: 'node', request: 'launch', name: 'Bot', ...more });
  const folder = { uri: { path: '/bot' }, name: 'bot', index: 0 } as unknown as WorkspaceFolder;

  describe('in a terminal', () => {
    it('gives the key as variables to a terminal that the editor does not keep', async () => {
      answer = 'Open Terminal';
      const terminal = await open('demo');
      assert.deepEqual(terminal?.options.env, {
        KUCOIN_BASE_URL: 'http://127.0.0.1:17801',
        KUCOIN_FUTURES_BASE_URL: 'http://127.0.0.1:17802',
        KUCOIN_API_KEY: credentials.key,
        KUCOIN_API_SECRET: credentials.secret,
        KUCOIN_API_PASSPHRASE: credentials.passphrase,
        KUCOIN_API_KEY_VERSION: '3',
      });
      assert.equal(terminal.options.isTransient, true);
      assert.equal(terminal.options.name, 'KuCoin DEMO · Local KuCoin');
      assert.equal(terminal.shown, 1);
      for (const secret of [credentials.key, credentials.secret, credentials.passphrase])
        assert.ok(!`${terminal.options.message} ${terminal.options.name}`.includes(secret));
    });

    it('starts where others do, and at home in a folder that lies on no disk', async () => {
      answer = 'Open Terminal';
      assert.ok(!('cwd' in ((await open('demo'))?.options ?? { cwd: 1 })));
      place.startFolder = () => '/home/someone';
      assert.equal((await open('demo'))?.options.cwd, '/home/someone');
    });

    it('takes away a host that the site does not have', async () => {
      answer = 'Open Terminal';
      const env = (await open('live'))?.options.env;
      assert.equal(env?.['KUCOIN_FUTURES_BASE_URL'], null);
    });

    it('asks each time, in words, and does nothing when the user leaves', async () => {
      assert.equal(await open('live'), undefined);
      assert.equal(await open('live'), undefined);
      assert.equal(questions.length, 2);
      assert.deepEqual(accessed, []);
      const [{ message, detail, actions } = { message: '', detail: '', actions: [] }] = questions;
      assert.equal(message, 'LIVE: open a terminal with the profile Main?');
      assert.deepEqual(actions, ['Open Terminal', allow]);
      assert.match(detail, /LIVE: real funds at KuCoin \(global\)\./);
      assert.match(detail, /permissions General, Spot, FlexTransfers, Withdrawal\./);
      assert.match(detail, /can withdraw funds/);
      assert.match(detail, /read-only in the editor alone: a program can do whatever the key may do/);
    });

    it('says what it is of the demo, and how it is reached from elsewhere', async () => {
      place.isElsewhere = () => true;
      await open('demo');
      assert.match(questions[0]?.message ?? '', /^DEMO: /);
      assert.match(questions[0]?.detail ?? '', /play money/);
      assert.match(
        questions[0]?.detail ?? '',
        /another computer and do not reach the sandbox .* "kucoin\.accounts": \["workspace"\].* ssh -R/,
      );
      assert.doesNotMatch(questions[0]?.detail ?? '', /LIVE|withdraw/);
    });

    it('says so where the key was never checked, and what requests to its site need', async () => {
      all = [{ ...live, facts: undefined, site: { kind: 'brand', brand: 'australia' } }];
      await open('live');
      assert.match(questions[0]?.detail ?? '', /never checked/);
      assert.match(questions[0]?.detail ?? '', /need the header X-SITE-TYPE: australia\./);
    });

    it('is remembered for the workspace until it is taken back', async () => {
      answer = allow;
      await open('live');
      answer = undefined;
      await open('live');
      assert.equal(fake.terminals.length, 2);
      assert.equal(questions.length, 1);
      await make().commands['kucoin.run.revoke'](undefined);
      await open('live');
      assert.equal(fake.terminals.length, 2);
      assert.equal(questions.length, 2);
      assert.match(fake.messages.at(-1) ?? '', /From now on you are asked/);
      await make().commands['kucoin.run.revoke'](undefined);
      assert.match(fake.messages.at(-1) ?? '', /Nothing was allowed/);
    });

    it('cannot be allowed for a window without a folder', async () => {
      place.hasFolder = () => false;
      await open('live');
      assert.deepEqual(questions[0]?.actions, ['Open Terminal']);
    });

    it('is refused in a workspace that is not trusted, whatever was allowed before', async () => {
      kept = ['live/1'];
      place.isTrusted = () => false;
      fake.click = ([manage]) => manage;
      assert.equal(await open('live'), undefined);
      assert.deepEqual([questions.length, accessed.length], [0, 0]);
      assert.match(fake.messages.at(-1) ?? '', /not trusted/);
      assert.deepEqual(fake.commands, ['workbench.trust.manage']);
    });

    it('opens nothing when the secret is gone', async () => {
      answer = 'Open Terminal';
      refuses = new KucoinError({ kind: 'secretMissing', outcome: 'notExecuted' });
      await assert.rejects(open('live'), refuses);
      assert.equal(fake.terminals.length, 0);
    });
  });

  describe('under the debugger', () => {
    it('puts the variables into the configuration alone, and asks first', async () => {
      answer = 'Start';
      const started = await debug({
        'kucoin.profile': 'local kucoin',
        env: { MODE: 'test' },
        program: 'bot.js',
      });
      assert.deepEqual(started, {
        type: 'node',
        request: 'launch',
        name: 'Bot',
        program: 'bot.js',
        console: 'internalConsole',
        env: {
          MODE: 'test',
          KUCOIN_BASE_URL: 'http://127.0.0.1:17801',
          KUCOIN_FUTURES_BASE_URL: 'http://127.0.0.1:17802',
          KUCOIN_API_KEY: credentials.key,
          KUCOIN_API_SECRET: credentials.secret,
          KUCOIN_API_PASSPHRASE: credentials.passphrase,
          KUCOIN_API_KEY_VERSION: '3',
        },
      });
      assert.equal(questions[0]?.message, 'DEMO: start Bot with the profile Local KuCoin?');
      assert.deepEqual(fake.messages, []);
    });

    it('does not start when the user leaves', async () => {
      assert.equal(await debug({ 'kucoin.profile': 'Main' }), undefined);
      assert.deepEqual(accessed, []);
    });

    it('asks once for configurations that start together, when the first answer is for all', async () => {
      answer = allow;
      const { resolveDebug } = make();
      const configuration = { type: 'node', request: 'launch', name: 'Bot', 'kucoin.profile': 'Main' };
      const started = await Promise.all([
        resolveDebug(folder, configuration),
        resolveDebug(folder, configuration),
      ]);
      assert.equal(questions.length, 1);
      for (const each of started) assert.ok(JSON.stringify(each).includes(credentials.key));
    });

    it('says so when the output has to go elsewhere', async () => {
      answer = 'Start';
      await debug({ 'kucoin.profile': 'Main', console: 'integratedTerminal' });
      assert.match(fake.messages[0] ?? '', /runs in the debug console/);
    });

    it('does not start what was cancelled meanwhile', async () => {
      answer = 'Start';
      const token = {
        isCancellationRequested: true,
        onCancellationRequested: () => ({ dispose: () => undefined }),
      };
      const configuration = { type: 'node', request: 'launch', name: 'Bot', 'kucoin.profile': 'Main' };
      assert.equal(await make().resolveDebug(folder, configuration, token), undefined);
    });

    for (const wanted of ['Man', '', '  ', 7, null, ['Main'], { name: 'Main' }, '__proto__', 'live']) {
      it(`names the profiles that there are when none is meant: ${JSON.stringify(wanted)}`, async () => {
        assert.equal(await debug({ 'kucoin.profile': wanted }), undefined);
        assert.match(fake.messages[0] ?? '', /Nothing was started\. There are: Main, Local KuCoin\.$/);
        assert.deepEqual([questions.length, accessed.length], [0, 0]);
      });
    }

    it('offers to add a key where there is no profile', async () => {
      all = [];
      fake.click = (buttons) => buttons.find((button) => button.startsWith('Add'));
      assert.equal(await debug({ 'kucoin.profile': 'Main' }), undefined);
      assert.match(fake.messages[0] ?? '', /There is no profile yet\.$/);
      assert.deepEqual(fake.commands, ['kucoin.profile.add']);
    });

    it('makes no link and no riddle of what the workspace says', async () => {
      const name = '[Fix it](command:workbench.action.terminal.new)\u202Eevil\u0007\nnext';
      assert.equal(await debug({ 'kucoin.profile': name }), undefined);
      assert.doesNotMatch(fake.messages[0] ?? '', /\]\(/);
      assert.doesNotMatch(fake.messages[0] ?? '', /[\p{Cc}\p{Cf}]/u);
      answer = 'Start';
      await debug({ 'kucoin.profile': 'Main', name: `Bot\u202E${'x'.repeat(500)}` });
      assert.ok((questions[0]?.message.length ?? 999) < 150);
      assert.doesNotMatch(questions[0]?.message ?? '', /\u202E/);
    });

    for (const [more, sentence] of [
      [{ type: 'chrome' }, /The debug type chrome takes no environment variables/],
      [{ type: '[x](command:y)' }, /The debug type \[x\] \(command:y\) takes no/],
      [{ request: 'attach' }, /Only a configuration that launches/],
      [{ env: 'A=b' }, /not in the form that the debug type node takes/],
      [{ debugServer: 4711 }, /configuration with debugServer .* would go to whatever listens/],
      [{ type: 'go', port: 1, host: 'evil.invalid' }, /with port .* would go to whatever listens/],
    ] as const) {
      it(`says why it cannot: ${JSON.stringify(more)}`, async () => {
        assert.equal(await debug({ 'kucoin.profile': 'Main', ...more }), undefined);
        assert.match(fake.messages[0] ?? '', sentence);
        assert.match(fake.messages[0] ?? '', /Nothing was started\.$/);
        assert.deepEqual([questions.length, accessed.length], [0, 0]);
      });
    }

    it('is refused in a workspace that is not trusted', async () => {
      kept = ['live/1'];
      place.isTrusted = () => false;
      assert.equal(await debug({ 'kucoin.profile': 'Main' }), undefined);
      assert.deepEqual(accessed, []);
      assert.match(fake.messages[0] ?? '', /not trusted/);
    });

    it('says what to do when the secret is gone, and starts nothing', async () => {
      answer = 'Start';
      refuses = new KucoinError({ kind: 'secretMissing', outcome: 'notExecuted' });
      assert.equal(await debug({ 'kucoin.profile': 'Main' }), undefined);
      assert.equal(fake.messages.length, 1);
      assert.equal(logged.length, 1);
    });
  });

  it('quotes in one short line', () => {
    assert.equal(plain('a\r\nb\u2028c\u200Fd'), 'a b c⟨U+200F⟩d');
    assert.equal(plain({ a: 1 }), '{"a":1}');
    assert.equal(plain(undefined), 'nothing');
    assert.equal(plain('x'.repeat(100)), `${'x'.repeat(60)}…`);
  });
});
