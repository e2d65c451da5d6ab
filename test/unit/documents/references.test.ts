import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commandIds } from '../../../src/ui/commandTable';
import { manifest, root, texts } from '../manifest/manifest';

const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];
const titles = manifest.contributes.commands.map(({ title }) =>
  (texts[title.slice(1, -1)] ?? '').replace('…', ''),
);

describe('the documents for people', () => {
  for (const name of documents) {
    const text = readFileSync(path.join(root, name), 'utf8');

    it(`name only files that exist (${name})`, () => {
      const links = Array.from(text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g), ([, file = '']) => file);
      const pictures = Array.from(text.matchAll(/(?:src|srcset)="([^":]+)"/g), ([, file = '']) => file);
      const quoted = Array.from(
        text.matchAll(/`((?:src|test|scripts|docs|examples|media)\/[\w./-]+)`/g),
        ([, file = '']) => file,
      );
      for (const file of [...links, ...pictures, ...quoted])
        assert.ok(existsSync(path.join(root, file)), file);
    });

    it(`name only scripts that exist (${name})`, () => {
      for (const [, script = ''] of text.matchAll(/npm run (?:-s )?([\w:-]+)/g))
        assert.ok(script in manifest.scripts, script);
    });

    it(`name only settings and commands that exist (${name})`, () => {
      const { configuration } = manifest.contributes;
      const settings = [configuration].flat().flatMap(({ properties }) => Object.keys(properties));
      for (const [, id = ''] of text.matchAll(/`(kucoin\.[a-zA-Z.]+[a-zA-Z])`/g))
        assert.ok(settings.includes(id) || (commandIds as readonly string[]).includes(id), id);
      for (const [, title = ''] of text.matchAll(/_KuCoin: ([^_]+)_/g))
        assert.ok(titles.includes(title.replace('…', '')), title);
    });
  }
});
