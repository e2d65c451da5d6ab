import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import path from 'node:path';
import { published } from '../../src/coding/secrets';
import { demoKeys } from '../../src/sandbox/demo';
import { canary, CanarySearch } from '../host/suites/support/canary';
import { ownKey } from '../ui/harness/canary';
import { root } from '../unit/manifest/manifest';
import { mentions, platformOf, vsixOf, type Vsix } from './vsix';

/** What the editor reads of the manifest as paths of files. */
interface ShippedManifest {
  readonly main: string;
  readonly icon: string;
  readonly l10n?: string;
  readonly contributes: {
    readonly snippets: readonly { readonly path: string }[];
    readonly viewsContainers: { readonly activitybar: readonly { readonly icon: string }[] };
    readonly walkthroughs?: readonly {
      readonly steps: readonly { readonly media: Readonly<Record<string, unknown>> }[];
    }[];
  };
}

/** Keys and secrets of KuCoin (kucoin-api 2): 24 hexadecimal digits, and the form of a UUID. */
const likeKeys = /\b(?:[0-9a-f]{24}|[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12})\b/g;

const keytarLimit = 2_500_000;
const bareLimit = 700_000;

describe('the packed extension', () => {
  let vsix: Vsix;
  let bare: Vsix;
  let manifest: ShippedManifest;

  before(() => {
    vsix = vsixOf('KUCOIN_VSIX');
    bare = vsixOf('KUCOIN_VSIX_WITHOUT_KEYTAR');
    manifest = JSON.parse(vsix.text('extension/package.json')) as ShippedManifest;
  });

  it('holds just what test/package/contents.txt names: add there what has to run, and nothing else', () => {
    const list = readFileSync(path.join(root, 'test', 'package', 'contents.txt'), 'utf8');
    const named = list.trim().split('\n');
    assert.deepEqual(
      {
        slippedIn: vsix.paths.filter((file) => !named.includes(file)),
        missing: named.filter((file) => !vsix.has(file)),
      },
      { slippedIn: [], missing: [] },
    );
  });

  it('holds the same without the files of the keychain', () => {
    const others = vsix.paths.filter((file) => !file.startsWith('extension/dist/keytar/'));
    assert.deepEqual(bare.paths, others);
    assert.ok(others.length < vsix.paths.length);
  });

  it(`is no larger than ${keytarLimit} bytes with the binaries of the keychain, ${bareLimit} without`, () => {
    assert.ok(vsix.bytes.length <= keytarLimit, `${vsix.bytes.length} bytes`);
    assert.ok(bare.bytes.length <= bareLimit, `${bare.bytes.length} bytes`);
  });

  it('is the same, byte for byte, when it is packed at another path', () => {
    assert.ok(vsix.bytes.equals(vsixOf('KUCOIN_VSIX_ELSEWHERE').bytes));
  });

  it('holds no source map', () => {
    for (const [file, text] of vsix.texts) assert.doesNotMatch(text, /sourceMappingURL/, file);
    assert.deepEqual(
      vsix.paths.filter((file) => file.endsWith('.map')),
      [],
    );
  });

  describe('of the machine that packed it', () => {
    const lock = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
    let registry: string;
    let words: readonly string[];

    before(() => {
      registry = new URL(npmConfig('registry')).hostname;
      const own = [root, process.cwd(), homedir(), hostname(), registry, userInfo().username];
      // The home of root is a word of any text.
      words = own.filter((word) => word.length > '/root'.length);
      assert.ok(words.includes(registry), 'nothing to look for');
    });

    it('names no folder, user or registry, and neither does the lock file', () => {
      assert.deepEqual(mentions(vsix.texts, words), []);
      assert.deepEqual(mentions([['package-lock.json', lock]], [registry]), []);
      assert.doesNotMatch(lock, /"resolved":/);
    });

    it('would be found to name one', () => {
      const [first] = vsix.texts;
      assert.ok(first);
      for (const word of words) {
        const texts = vsix.texts.map(
          ([file, text]) => [file, file === first[0] ? text + word : text] as const,
        );
        assert.ok(mentions(texts, words).includes(`${first[0]} names ${word}`), word);
      }
    });
  });

  it('brings for each system the binary of its keychain that was made for it', () => {
    const folders = vsix.paths.flatMap(
      (file) => /^extension\/dist\/keytar\/(.+)\/keytar\.node$/.exec(file)?.[1] ?? [],
    );
    const made = folders.map((folder) => [
      folder,
      platformOf(vsix.content(`extension/dist/keytar/${folder}/keytar.node`)),
    ]);
    assert.deepEqual(Object.fromEntries(made), {
      'musl/prebuilds/linux-x64': 'linux-x64 libc.musl-x86_64.so.1',
      'prebuilds/darwin-arm64': 'darwin-arm64',
      'prebuilds/darwin-x64': 'darwin-x64',
      'prebuilds/linux-arm': 'linux-arm libc.so.6',
      'prebuilds/linux-arm64': 'linux-arm64 libc.so.6',
      'prebuilds/linux-x64': 'linux-x64 libc.so.6',
      'prebuilds/win32-arm64': 'win32-arm64',
      'prebuilds/win32-x64': 'win32-x64',
    });
  });

  it('names no absolute path of a machine in what runs', () => {
    const absolute =
      /(?<![\w.])(?:\/(?:home|Users|root|tmp|private|var|opt|usr\/src)\/[\w.-]+|[A-Z]:\\\\?\w+)/;
    for (const [file, text] of vsix.texts) {
      if (!/\.(js|css|json)$/.test(file)) continue;
      assert.doesNotMatch(text, absolute, file);
    }
  });

  it('holds no key of a test in any form, and nothing like a key but those of the sandbox', () => {
    const keys = [canary, ownKey('profiles'), ownKey('keychain')];
    for (const secrets of keys) {
      const search = new CanarySearch({ ...secrets });
      for (const sample of search.samples()) assert.notDeepEqual(search.in(sample), []);
      for (const [file, bytes] of vsix.contents) assert.deepEqual(search.in(bytes), [], file);
    }
    const known = Object.values(demoKeys).flatMap(({ key, secret }) => [key, secret]);
    // Ids of the sandbox's accounts have the form of a key.
    const ids = /^65aa0{16}[abc]\d{3}$/;
    const found = vsix.texts.flatMap(([, text]) => text.match(likeKeys) ?? []);
    assert.ok(found.includes(demoKeys.demo.secret));
    const others = found.filter((text) => !known.includes(text) && !published.has(text) && !ids.test(text));
    assert.deepEqual(others, []);
  });

  it('holds every file that its manifest points to', () => {
    const { contributes } = manifest;
    const media = (contributes.walkthroughs ?? [])
      .flatMap(({ steps }) => steps.map((step) => step.media))
      .flatMap(({ image, svg, markdown }) => [image, svg, markdown])
      .flatMap((value): unknown[] => (value && typeof value === 'object' ? Object.values(value) : [value]));
    const wanted = [
      manifest.main,
      manifest.icon,
      ...contributes.snippets.map((snippet) => snippet.path),
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
      ...media.filter((value): value is string => typeof value === 'string'),
    ];
    for (const file of wanted) {
      assert.ok(vsix.has(path.posix.join('extension', file)), file);
    }
  });

  it('brings the texts of its manifest and of its sources, in every language that it has', () => {
    const folder = path.posix.join('extension', manifest.l10n ?? './l10n');
    for (const language of ['zh-cn']) {
      assert.ok(vsix.has(`extension/package.nls.${language}.json`), language);
      assert.ok(vsix.has(`${folder}/bundle.l10n.${language}.json`), language);
    }
    assert.ok(vsix.has('extension/package.nls.json'));
    assert.equal(manifest.l10n, './l10n');
  });

  it('says nothing in its manifest that only its developers need', () => {
    for (const name of ['scripts', 'devDependencies', 'dependencies', 'optionalDependencies', 'private'])
      assert.ok(!(name in manifest), name);
  });

  it('has a page that needs no file beside it: no picture that would be broken, no link that leads nowhere', () => {
    const page = vsix.text('extension/readme.md');
    for (const [, target = ''] of page.matchAll(/\]\(([^)]+)\)|src(?:set)?="([^"]+)"/g))
      assert.match(target, /^(https:|#)/);
    assert.match(page, /npm start/);
  });

  it('brings the notices of what it is made of', () => {
    assert.ok(vsix.has('extension/LICENSE.txt'));
    assert.match(vsix.text('extension/THIRD_PARTY_NOTICES.md'), /axios/);
  });
});

function npmConfig(name: string): string {
  return execFileSync('npm', ['config', 'get', name], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  }).trim();
}
