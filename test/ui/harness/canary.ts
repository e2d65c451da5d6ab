import type { Page } from 'playwright-core';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CanarySearch } from '../../host/suites/support/canary';
import { demoKeys } from '../../../src/sandbox/demo';

/**
 * No journey may leave a secret where somebody could find it. What was typed into a password box, and the keys that
 * journeys make for themselves, are looked for in the text of every picture, in what pages write to the console, in
 * the folder of every server (settings, state, logs, history of files), and in the logs of the run.
 *
 * Not looked for: the keys of the sandbox, which are published in its source, stand in the environment of a program that
 * runs with the demo profile, and are what _Copy Base URL and Demo Key_ copies. Not looked into: the keyring of a journey
 * and the secret storage of the browser, which are where keys belong.
 */
const secrets = new Map<string, string>();
const found = new Set<string>();
const looked = { texts: 0, files: 0, bytes: 0 };

const published: ReadonlySet<string> = new Set(
  Object.values(demoKeys).flatMap(({ key, secret, passphrase }) => [key, secret, passphrase]),
);
/** Shorter ones would be found in any text. */
const shortest = 8;

/** From now on nobody may see this. */
export function guard(value: string, name = 'a typed secret'): void {
  if (value.length >= shortest && !published.has(value)) secrets.set(value, name);
}

export interface OwnKey {
  readonly key: string;
  readonly secret: string;
  readonly passphrase: string;
}

/** A key that no other journey has, and that nobody may see. A sandbox knows it after `addKey`. */
export function ownKey(owner: string): OwnKey {
  const hex = createHash('sha256').update(`journey ${owner}`).digest('hex');
  const part = (from: number, length: number): string => hex.slice(from, from + length);
  const made = {
    key: part(0, 24),
    secret: [part(24, 8), part(32, 4), part(36, 4), part(40, 4), part(44, 12)].join('-'),
    passphrase: `Wort+${part(56, 8)}/=%Ü`,
  };
  for (const [name, value] of Object.entries(made)) guard(value, `${name} of ${owner}`);
  return made;
}

/** What a page says to somebody who sees it, or hears it read out: of every frame, without what password boxes hold. */
export async function textOf(page: Page): Promise<string> {
  const texts = await Promise.all(
    page.frames().map((frame) =>
      Promise.race([
        frame.evaluate<string>(readPage).catch(() => ''),
        // A frame that is still to be loaded would let everybody wait.
        new Promise<string>((resolve) => setTimeout(resolve, 1_000, '').unref()),
      ]),
    ),
  );
  return texts
    .filter((text) => text !== '')
    .join('\n\n----- frame -----\n')
    .replaceAll('\u00a0', ' ');
}

const readPage = `(() => {
  const seen = [document.title];
  const read = (root) => {
    seen.push((root.body ?? root.firstElementChild)?.innerText ?? '');
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) read(element.shadowRoot);
      for (const name of ['aria-label', 'aria-description', 'aria-roledescription', 'title', 'placeholder', 'alt', 'href'])
        if (element.getAttribute(name)) seen.push(element.getAttribute(name));
      if (/^(input|textarea)$/i.test(element.tagName) && element.type !== 'password' && element.value) seen.push(element.value);
    }
  };
  read(document);
  return [...new Set(seen)].join('\\n');
})()`;

const search = (): CanarySearch =>
  new CanarySearch(
    Object.fromEntries([...secrets].map(([value, name]) => [`${name} (${value.slice(0, 4)}…)`, value])),
  );

/** A header that signs a request, with its value: as logs and errors of libraries print it. */
const signed = /KC-API-(?:SIGN|PASSPHRASE)["'\\]*\s*(?:=>|[:=,])\s*["'\\]*[\w+/-]{43}=?/i;

export function lookInText(text: string, where: string): void {
  looked.texts += 1;
  for (const form of search().inText(text)) found.add(`${where}: ${form}`);
  if (signed.test(text)) found.add(`${where}: a signature`);
}

export function lookBelow(folder: string, where: string): void {
  const { found: files, files: count, bytes } = search().below(folder, signed);
  looked.files += count;
  looked.bytes += bytes;
  for (const line of files) found.add(`${where} ${line}`);
}

/** What one of several processes looked for, and found; it goes to the one that reports, by message. */
export interface Canary {
  readonly secrets: readonly (readonly [value: string, name: string])[];
  readonly found: readonly string[];
  readonly looked: Readonly<typeof looked>;
}

export const takeCanary = (): Canary => ({ secrets: [...secrets], found: [...found], looked });

/**
 * After all journeys: what each process knows, and what lies in these folders.
 *
 * @throws Error that names every place where a secret was found
 */
export function reportCanary(canaries: readonly Canary[], folders: readonly string[]): void {
  for (const each of canaries) {
    for (const [value, name] of each.secrets) secrets.set(value, name);
    for (const place of each.found) found.add(place);
    for (const name of ['texts', 'files', 'bytes'] as const) looked[name] += each.looked[name];
  }
  // The pictures of the README are taken without screenshots.
  for (const folder of folders.filter((each) => existsSync(each))) lookBelow(folder, folder);
  proveThatItFinds();
  console.log(
    `canary: ${secrets.size} secrets, ${looked.texts} texts, ${looked.files} files of ${Math.round(looked.bytes / 1024)} kB`,
  );
  if (found.size > 0) throw new Error(`Secrets were found:\n${[...found].join('\n')}`);
}

/** A search that finds nothing proves nothing, unless it would find what is there. */
function proveThatItFinds(): void {
  const folder = mkdtempSync(join(tmpdir(), 'kucoin-canary-'));
  try {
    const each = search();
    each.samples().forEach((bytes, index) => writeFileSync(join(folder, String(index)), bytes));
    const seen = each.below(folder).found;
    const missed = each.formNames.filter((name) => !seen.some((line) => line.endsWith(name)));
    if (missed.length > 0) throw new Error(`The search would not find: ${missed.join(', ')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
