import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { manifest, root } from '../manifest/manifest';

interface ShippedPackage {
  readonly name: string;
  readonly license: string;
  readonly text: string;
}

interface Notices {
  readonly allowed: readonly string[];
  readonly notices: (packages: readonly ShippedPackage[]) => string;
  readonly shippedPackages: () => Promise<readonly ShippedPackage[]>;
}

describe('the notices of third parties', () => {
  let script: Notices;
  let packages: readonly ShippedPackage[];

  before(async () => {
    script = (await import(path.join(root, 'scripts', 'lib', 'notices.mjs'))) as Notices;
    packages = await script.shippedPackages();
  });

  it('are current: run npm run notices', () => {
    const text = readFileSync(path.join(root, 'THIRD_PARTY_NOTICES.md'), 'utf8');
    assert.equal(text, script.notices(packages));
  });

  it('name every dependency that is bundled, with a licence that allows it and its text', () => {
    const names = packages.map(({ name }) => name);
    for (const name of Object.keys(manifest.dependencies)) assert.ok(names.includes(name), name);
    for (const { name, license, text } of packages) {
      assert.ok(script.allowed.includes(license), `${name}: ${license}`);
      assert.match(text, /permission|redistribution|licensed under/i, name);
    }
  });

  it('name nothing that only builds or tests', () => {
    const names = packages.map(({ name }) => name);
    for (const name of Object.keys(manifest.devDependencies)) assert.ok(!names.includes(name), name);
  });
});
