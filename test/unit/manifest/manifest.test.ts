import '../support/fakeVscode';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { environmentVariables } from '../../../src/kucoin/environment';
import { codingLanguageIds } from '../../../src/coding/languages';
import {
  accountsViewId,
  commandIds,
  commandTable,
  contextKeys,
  panelTypes,
  profileProperty,
  transfersViewId,
} from '../../../src/ui/commandTable';
import { manifest, manifestText, root, settings, sources, texts, type MenuEntry } from './manifest';

const { contributes } = manifest;
const contributed = contributes.commands.map(({ command }) => command);
const menuEntries = Object.entries(contributes.menus).flatMap(([menu, entries]) =>
  entries.map((entry) => ({ menu, ...entry })),
);
const clauses = [...menuEntries, ...contributes.viewsWelcome].flatMap(({ when }) => when ?? []);

/** Names of context keys in a `when` clause, without what is compared with them. */
function keysIn(clause: string): string[] {
  const bare = clause.replace(/\/(?:[^/\\]|\\.)+\/\w*/g, '').replace(/(==|!=)\s*('[^']*'|[\w.-]+)/g, '');
  return bare.match(/[a-zA-Z][\w.]*/g) ?? [];
}

describe('the manifest and the commands', () => {
  it('contribute the same ones, once each', () => {
    assert.deepEqual([...contributed].sort(), [...commandIds].sort());
    assert.equal(new Set(contributed).size, contributed.length);
  });

  for (const { command, title, category } of contributes.commands) {
    it(`name ${command} by keys of the texts, in the category of the product`, () => {
      assert.match(command, /^kucoin\.[a-z]+\.[a-zA-Z]+$/);
      assert.equal(title, `%command.${command}%`);
      assert.equal(category, '%command.category%');
    });
  }

  it('write titles as verb phrases in title case, with dots where more is asked', () => {
    const small = new Set(['as', 'and', 'by', 'for', 'of', 'to', 'my', 'the', 'between', '.env']);
    for (const { title } of contributes.commands) {
      const text = texts[title.slice(1, -1)] ?? '';
      for (const word of text.replace(/[()…]/g, '').split(' ')) {
        assert.ok(/^[A-Z]/.test(word) || small.has(word), text);
      }
    }
  });

  it('give each command a class, and money to those that move it', () => {
    assert.deepEqual(
      commandIds.filter((id) => commandTable[id] === 'money'),
      [
        'kucoin.transfer.funds',
        'kucoin.transfer.inner',
        'kucoin.transfer.flex',
        'kucoin.transfer.sub',
        'kucoin.transfer.futuresOut',
        'kucoin.transfer.futuresIn',
        'kucoin.transfer.repeat',
        'kucoin.transfer.collect',
        'kucoin.transfer.distribute',
        'kucoin.transfer.resumeBatch',
        'kucoin.transfer.runSaved',
        'kucoin.history.goOn',
        'kucoin.history.bringBack',
      ],
    );
  });

  it('use only commands that exist in menus', () => {
    for (const { command } of menuEntries) assert.ok(contributed.includes(command), command);
  });

  it('have a menu entry of the palette only to hide a command where it makes no sense', () => {
    const palette = contributes.menus['commandPalette'] ?? [];
    assert.equal(new Set(palette.map(({ command }) => command)).size, palette.length);
    for (const { command, when } of palette) assert.ok(when, command);
    const hidden = new Map(palette.map(({ command, when }) => [command, when]));
    assert.equal(hidden.get('kucoin.balances.clearFilter'), contextKeys.filtered);
    assert.equal(hidden.get('kucoin.sandbox.stop'), contextKeys.sandboxRunning);
    assert.equal(hidden.get('kucoin.sandbox.pauseActivity'), contextKeys.sandboxActive);
    // Without the row whose menu was opened there is nothing to copy; the keys of the ladder do the same.
    const never = palette.filter(({ when }) => when === 'false').map(({ command }) => command);
    assert.deepEqual(never, ['kucoin.market.copyPrice', 'kucoin.market.copySize']);
  });

  it('offer every action of a row in the palette too', () => {
    const palette = new Map(
      (contributes.menus['commandPalette'] ?? []).map((entry) => [entry.command, entry]),
    );
    for (const { command } of contributes.menus['view/item/context'] ?? []) {
      assert.notEqual(palette.get(command)?.when, 'false', command);
    }
  });

  it('show an icon wherever a command stands as one', () => {
    const icons = new Map(contributes.commands.map(({ command, icon }) => [command, icon]));
    for (const { command, group = '' } of menuEntries) {
      if (/^(inline|navigation)/.test(group))
        assert.match(icons.get(command) ?? '', /^\$\([a-z-]+\)$/, command);
    }
  });
});

describe('the context keys of the manifest', () => {
  const used = new Set(clauses.flatMap(keysIn));
  const source = sources();

  it('are the ones that the product declares', () => {
    const own = [...used].filter((key) => key.startsWith('kucoin.'));
    assert.deepEqual(own.sort(), Object.values<string>(contextKeys).sort());
  });

  for (const name of Object.keys(contextKeys)) {
    it(`are set somewhere: ${name}`, () => {
      const sets = new RegExp(`setContext["'],\\s*[\\w.]*contextKeys\\.${name}\\b`);
      assert.ok([...source.values()].some((text) => sets.test(text)));
    });
  }

  it('name settings that exist', () => {
    for (const key of used) {
      if (!key.startsWith('config.')) continue;
      assert.ok(key.slice('config.'.length) in settings, key);
    }
  });

  it('are otherwise those of the editor', () => {
    const others = [...used].filter((key) => !/^(kucoin|config)\./.test(key)).sort();
    assert.deepEqual(others, [
      'false',
      'isWorkspaceTrustEnabled',
      'isWorkspaceTrusted',
      'resourceScheme',
      'view',
      'viewItem',
      'webviewId',
      'webviewSection',
    ]);
  });

  it('state facts, never their opposite', () => {
    for (const key of Object.values<string>(contextKeys)) assert.doesNotMatch(key, /\.(not|isNot|un[a-z])/);
  });
});

describe('the menus of the rows', () => {
  const isOfTransfers = ({ when = '' }: MenuEntry): boolean => when.startsWith(`view == ${transfersViewId} `);
  const all: readonly MenuEntry[] = contributes.menus['view/item/context'] ?? [];
  const entries = all.filter((entry) => !isOfTransfers(entry));
  const tree = [...sources()]
    .filter(([file]) => /^ui[\\/]accountsTree\w*\./.test(file))
    .map(([, text]) => text)
    .join('\n');
  /** Every context value that a row can have. */
  const contexts = [
    'profile readOnly',
    'profile transfers',
    'account',
    'balance',
    'sub account',
    'sub balance',
    'subAccount',
    'subAccount frozen',
    'group subAccounts',
    'group range',
    ...Array.from(tree.matchAll(/context: ["'](\w+)["']/g), ([, word]) => `message ${word}`),
    ...Array.from(tree.matchAll(/\? ["'](\w+)["'] : ["'](\w+)["'][,\s]+\}\)/g), ([, a, b]) => [
      `message ${a}`,
      `message ${b}`,
    ]).flat(),
    'message needsKey',
    'message retry',
  ];
  const patternOf = ({ when = '' }: MenuEntry): RegExp => {
    const [, pattern] = /viewItem =~ \/(.+)\/$/.exec(when) ?? [];
    assert.ok(pattern, when);
    return new RegExp(pattern);
  };
  const menuOf = (context: string): MenuEntry[] => entries.filter((entry) => patternOf(entry).test(context));

  it('are all of this view', () => {
    for (const { when } of entries) assert.match(when ?? '', new RegExp(`^view == ${accountsViewId} && `));
  });

  it('look for words that a row can have', () => {
    for (const entry of entries) {
      const pattern = patternOf(entry);
      assert.ok(
        contexts.some((context) => pattern.test(context)),
        `${entry.command}: ${pattern.source}`,
      );
      for (const [word] of pattern.source.replaceAll('\\b', ' ').matchAll(/[a-zA-Z]{3,}/g)) {
        assert.match(tree, new RegExp(`["'\` ]${word}["'\` ]`), word);
      }
    }
  });

  it('have at most two icons in a row', () => {
    for (const context of contexts) {
      const icons = menuOf(context).filter(({ group }) => group?.startsWith('inline'));
      assert.ok(icons.length <= 2, context);
    }
  });

  it('have every icon as an entry with words too, for the keyboard', () => {
    for (const context of contexts) {
      const menu = menuOf(context);
      const byWord = menu.filter(({ group }) => !group?.startsWith('inline')).map(({ command }) => command);
      for (const { command, group } of menu) {
        if (group?.startsWith('inline')) assert.ok(byWord.includes(command), `${context}: ${command}`);
      }
    }
  });

  it('offer another try in every row that failed, and the key where it is missing', () => {
    const commandsOf = (context: string): string[] => menuOf(context).map(({ command }) => command);
    assert.ok(commandsOf('message retry').includes('kucoin.balances.refresh'));
    assert.ok(commandsOf('message needsKey').includes('kucoin.profile.replaceKey'));
    assert.ok(commandsOf('message small').includes('kucoin.balances.showSmall'));
    assert.ok(commandsOf('message filtered').includes('kucoin.balances.clearFilter'));
    assert.ok(commandsOf('message unknownTransfer').includes('kucoin.transfer.history'));
  });

  it('offer the access that a profile does not have', () => {
    const commandsOf = (context: string): string[] => menuOf(context).map(({ command }) => command);
    assert.ok(commandsOf('profile readOnly').includes('kucoin.profile.allowTransfers'));
    assert.ok(!commandsOf('profile readOnly').includes('kucoin.profile.makeReadOnly'));
    assert.ok(commandsOf('profile transfers').includes('kucoin.profile.makeReadOnly'));
    assert.ok(!commandsOf('profile transfers').includes('kucoin.profile.allowTransfers'));
  });

  it('of the view of transfers look for words that a row of it can have, and have every icon in words', () => {
    const words = [...sources()].find(([file]) => /^ui[\\/]historyTree\./.test(file))?.[1] ?? '';
    for (const entry of all.filter(isOfTransfers)) {
      const pattern = patternOf(entry);
      for (const [word] of pattern.source.replaceAll('\\b', ' ').matchAll(/[a-zA-Z]{3,}/g)) {
        assert.match(words, new RegExp(`["'\` ]${word}["'\` ]`), word);
      }
      if (!entry.group?.startsWith('inline')) continue;
      const same = all.filter(({ command, group }) => command === entry.command && group !== entry.group);
      assert.ok(same.some(isOfTransfers), entry.command);
    }
  });

  it('order their groups by a number', () => {
    for (const { menu, group } of menuEntries) {
      if (menu === 'commandPalette') continue;
      assert.match(group ?? '', /^(inline|navigation|\d_[a-z]+)@\d$/);
    }
  });
});

describe('the texts of the manifest', () => {
  const keys = Array.from(manifestText.matchAll(/"%([\w.]+)%"/g), ([, key = '']) => key);

  it('are all there', () => {
    for (const key of keys) assert.ok(texts[key], key);
  });

  it('are all used', () => {
    for (const key of Object.keys(texts)) assert.ok(keys.includes(key), key);
  });

  it('hold no key that was forgotten', () => {
    for (const text of Object.values(texts)) assert.doesNotMatch(text, /%[\w.]+%/);
  });

  it('run only commands that exist', () => {
    for (const text of Object.values(texts)) {
      for (const [, command = ''] of text.matchAll(/\(command:([\w.]+)\)/g)) {
        assert.ok([...contributed, 'workbench.trust.manage'].includes(command), command);
      }
    }
  });

  it('name only settings that exist', () => {
    for (const text of Object.values(texts)) {
      for (const [, name = ''] of text.matchAll(/`#([\w.]+)#`/g)) {
        assert.ok(name in settings, name);
      }
    }
  });

  it('offer the demo account first where there is no profile', () => {
    const [welcome] = contributes.viewsWelcome;
    const contents = texts[welcome?.contents.slice(1, -1) ?? ''] ?? '';
    const offered = Array.from(contents.matchAll(/\(command:([\w.]+)\)/g), ([, command]) => command);
    assert.deepEqual(offered, [
      'kucoin.demo.openToday',
      'kucoin.demo.openSeed',
      'kucoin.profile.add',
      'kucoin.help.getStarted',
    ]);
  });

  it('leave no empty view without something to do', () => {
    for (const { contents, when } of contributes.viewsWelcome) {
      assert.match(texts[contents.slice(1, -1)] ?? '', /\(command:[\w.]+\)/, `${contents} ${when}`);
    }
  });
});

describe('the walkthrough', () => {
  const [walkthrough, ...others] = contributes.walkthroughs;
  const steps = walkthrough?.steps ?? [];

  it('is one, of at most five steps', () => {
    assert.equal(others.length, 0);
    assert.ok(steps.length > 0 && steps.length <= 5);
  });

  for (const { id, description, media, completionEvents } of steps) {
    it(`has a button that does what the step is about, and is done with that: ${id}`, () => {
      const text = texts[description.slice(1, -1)] ?? '';
      const [button] = /^\[[^\]]+\]\(command:[\w.]+\)$/m.exec(text) ?? [];
      assert.ok(button, text);
      assert.ok(completionEvents.length > 0);
      for (const event of completionEvents) {
        const [, command = ''] = /^onCommand:(.+)$/.exec(event) ?? [];
        assert.ok(contributed.includes(command), event);
        assert.ok(text.includes(`(command:${command})`), event);
      }
      assert.ok(completionEvents.some((event) => button.includes(`(command:${event.slice(10)})`)));
    });

    it(`has a small picture in the colours of the theme, and words for it: ${id}`, () => {
      assert.ok(texts[media.altText.slice(1, -1)]);
      const picture = readFileSync(path.join(root, media.svg), 'utf8');
      assert.ok(picture.length < 3_000, String(picture.length));
      for (const [, colour = ''] of picture.matchAll(/(?:fill|stroke)="([^"]*)"/g)) {
        assert.match(colour, /^(none$|var\(--vscode-)/);
      }
      assert.doesNotMatch(picture, /<(script|image|foreignObject|style)|href|url\(/);
    });
  }
});

describe('the manifest', () => {
  it('starts nothing by itself but with a file of a language whose calls it can read, and to debug', () => {
    assert.deepEqual(manifest.activationEvents, [
      ...codingLanguageIds.map((id) => `onLanguage:${id}`),
      ...Object.values(panelTypes).map((type) => `onWebviewPanel:${type}`),
      'onDebugResolve',
    ]);
  });

  it('lets every debugger have the property that the code looks for, naming all variables', () => {
    const [everything] = contributes.debuggers;
    assert.equal(everything?.type, '*');
    assert.deepEqual(Object.keys(everything.configurationAttributes.launch.properties), [profileProperty]);
    for (const name of Object.values(environmentVariables))
      assert.ok(texts['debug.profile']?.includes(`\`${name}\``), name);
  });

  it('keeps keys and network on the computer of the user, and works in any workspace', () => {
    assert.deepEqual(manifest.extensionKind, ['ui', 'workspace']);
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
    assert.equal(manifest.capabilities.virtualWorkspaces, true);
  });

  it('supports the editor whose types it is compiled with', () => {
    assert.equal(manifest.engines['vscode'], `^${manifest.devDependencies['@types/vscode']}`);
  });

  it('has the view that the code fills, with its pictures', () => {
    const views = Object.values(contributes.views).flat();
    assert.deepEqual(
      views.map(({ id }) => id),
      [accountsViewId, transfersViewId],
    );
    assert.equal(contributes.viewsWelcome[0]?.view, accountsViewId);
    const hasMedia = existsSync(path.join(root, 'media'));
    for (const { icon } of contributes.viewsContainers.activitybar) {
      assert.match(icon, /^media\/.+\.svg$/);
      if (hasMedia) assert.ok(existsSync(path.join(root, icon)), icon);
    }
  });

  it('pins what it is built with, and ships nothing of the tests', () => {
    const exact = /^\d+\.\d+\.\d+$/;
    for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies })) {
      assert.match(version, exact);
    }
    for (const name of Object.keys(manifest.dependencies)) {
      assert.ok(!/mocha|playwright|eslint|types/.test(name), name);
    }
    assert.equal(manifest.scripts['postinstall'], undefined);
  });
});
