import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { catalogue } from '../../../src/kucoin/catalogue';
import { commandIds } from '../../../src/ui/commandTable';
import { manifest, root } from '../manifest/manifest';

interface DocsScript {
  readonly documents: () => Promise<Readonly<Record<string, string>>>;
}

const names = ['commands.md', 'settings.md', 'endpoints.md', 'errors.md'];
const onDisk = (name: string): string => readFileSync(path.join(root, 'docs', name), 'utf8');

describe('the generated tables of docs/', () => {
  let written: Readonly<Record<string, string>>;

  before(async () => {
    const { documents } = (await import(path.join(root, 'scripts', 'lib', 'docs.mjs'))) as DocsScript;
    written = await documents();
  });

  for (const name of names) {
    it(`are current: run npm run docs (${name})`, () => {
      assert.equal(onDisk(name), written[name]);
    });
  }

  it('leave nothing out', () => {
    assert.deepEqual(Object.keys(written).sort(), [...names].sort());
    for (const id of commandIds) assert.ok(written['commands.md']?.includes(`\`${id}\``), id);
    for (const { method, path: address } of Object.values(catalogue))
      assert.ok(written['endpoints.md']?.includes(`\`${method} ${address}\``), address);
    const [...sections] = [manifest.contributes.configuration].flat();
    for (const name of sections.flatMap(({ properties }) => Object.keys(properties)))
      assert.ok(written['settings.md']?.includes(`\`${name}\``), name);
  });

  it('have the sentences of commands too', () => {
    for (const sentence of [
      'No money moved. `{reason}`',
      'This profile is read-only: nothing was moved.',
      'The system keychain is locked. Unlock it, then try again. Nothing was changed.',
      'A part of the journal of transfers was damaged. It is kept as `{file}`.',
    ])
      assert.ok(written['errors.md']?.includes(`| ${sentence} | `), sentence);
    assert.doesNotMatch(written['errors.md'] ?? '', /\| Save Without Check \|/, 'no buttons');
  });

  it('hold no text that was not found', () => {
    for (const [name, text] of Object.entries(written)) {
      assert.doesNotMatch(text, /undefined|\[object|%[\w.]+%/, name);
    }
  });
});
