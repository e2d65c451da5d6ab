import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { manifestText, root } from './manifest';

/** What the marketplace and the editor's own page of the extension show. */
interface Listing {
  readonly icon: string;
  readonly categories: readonly string[];
  readonly keywords: readonly string[];
  readonly galleryBanner: { readonly color: string; readonly theme: string };
  readonly license: string;
  readonly preview: boolean;
  readonly badges?: unknown;
  readonly sponsor?: unknown;
  readonly repository?: unknown;
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: boolean | string; readonly description?: string };
  };
}

const listing = JSON.parse(manifestText) as Listing;

/** Those of the reference of the manifest that fit a tool for developers. */
const categories = ['AI', 'Chat', 'Debuggers', 'Linters', 'Other', 'Snippets', 'Testing', 'Visualization'];

describe('what the marketplace shows', () => {
  it('is in categories that exist, under words that are looked for, at most thirty', () => {
    for (const category of listing.categories) assert.ok(categories.includes(category), category);
    assert.ok(listing.keywords.length <= 30);
    assert.equal(new Set(listing.keywords).size, listing.keywords.length);
    for (const word of listing.keywords) assert.match(word, /^[a-z][a-z0-9 -]+$/);
  });

  it('has an icon of at least 128 pixels a side, square', () => {
    const png = readFileSync(path.join(root, listing.icon));
    assert.equal(png.subarray(1, 4).toString('latin1'), 'PNG');
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    assert.equal(width, height);
    assert.ok(width >= 128, String(width));
  });

  it('has a banner on which the name can be read', () => {
    const { color, theme } = listing.galleryBanner;
    const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
    const bright = channels.reduce((sum, channel) => sum + channel, 0) / 3;
    assert.match(color, /^#[0-9a-f]{6}$/);
    assert.equal(theme, bright < 128 ? 'dark' : 'light');
  });

  it('calls itself a preview, and asks for nothing', () => {
    assert.equal(listing.preview, true);
    assert.equal(listing.badges, undefined);
    assert.equal(listing.sponsor, undefined);
    assert.equal(listing.license, 'MIT');
  });

  it('says why a workspace that is not trusted matters', () => {
    const { supported, description } = listing.capabilities.untrustedWorkspaces;
    assert.ok(supported === true || description !== undefined);
  });
});
