import type { Page } from 'playwright-core';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { lookInText, textOf } from './canary';

/** This file runs from out/test/ui/harness. */
export const root = resolve(__dirname, '..', '..', '..', '..');
export const logs = join(root, 'artifacts', 'logs', 'journeys');
export const screenshots = join(root, 'artifacts', 'screenshots');

interface Window {
  readonly page: Page;
  readonly console: readonly string[];
}

const windows = new Set<Window>();
const shots = new Map<string, number>();
let journey = 'journey';

/** Names the journey that runs, by its file, so that pictures and logs find their place. */
export function enterJourney(file: string | undefined): void {
  if (file !== undefined) journey = basename(file).replace(/\.journey\.js$/, '');
}

export const currentJourney = (): string => journey;

/** Takes note of a window, so that a failure can be documented. */
export function watchWindow(window: Window): void {
  windows.add(window);
  window.page.on('close', () => {
    windows.delete(window);
    lookInText(window.console.join('\n'), `console of ${journey}`);
  });
}

/** Saves artifacts/screenshots/<journey>/<nn>-<name>.png, what it says beside it as text, and returns its path. */
export async function saveScreenshot(page: Page, name: string): Promise<string> {
  const folder = join(screenshots, journey);
  mkdirSync(folder, { recursive: true });
  const count = (shots.get(journey) ?? 0) + 1;
  shots.set(journey, count);
  const path = join(folder, `${String(count).padStart(2, '0')}-${slug(name)}.png`);
  const [text] = await Promise.all([textOf(page), page.screenshot({ path, animations: 'disabled' })]);
  writeFileSync(path.replace(/png$/, 'txt'), `${text}\n`);
  return path;
}

/** After a failure: a picture of every window, and what its page wrote to the console. */
export async function saveEvidence(test: string): Promise<void> {
  mkdirSync(logs, { recursive: true });
  for (const { page, console: lines } of windows) {
    const path = await saveScreenshot(page, `FAILED ${test}`).catch(() => 'no picture');
    writeFileSync(join(logs, `${journey}-${slug(test)}.console.log`), `${path}\n${lines.join('\n')}\n`);
  }
}

const slug = (name: string): string => name.replace(/[^\w-]+/g, '-').slice(0, 80);
