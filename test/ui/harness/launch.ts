import type { Browser, BrowserContext } from 'playwright-core';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { lookBelow } from './canary';
import { currentJourney, logs, root, saveEvidence } from './journal';
import { Workbench } from './workbench';

export interface WorkbenchOptions {
  /** A folder to open. */
  readonly folder?: string;
  /** Or files, by relative path, of which a temporary folder is made. */
  readonly files?: Readonly<Record<string, string>>;
  /** User settings, over the quiet ones below. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly theme?: keyof typeof themes;
  /** Variables of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  readonly viewport?: { readonly width: number; readonly height: number };
  /**
   * What extensions are told the display language to be. No language pack is installed: the words of the workbench
   * itself stay English, those of the extension do not.
   */
  readonly language?: string;
}

const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high contrast': 'Default High Contrast',
  'high contrast light': 'Default High Contrast Light',
};

/** Over the quiet settings of scripts/workbench, what tests like. */
const forTests = { 'workbench.hover.delay': 100, 'workbench.reduceMotion': 'on', 'git.enabled': false };

/** What scripts/workbench offers; it is plain JavaScript, shared with npm start and the host tests. */
interface ServerModule {
  readonly startServer: (options: object) => Promise<{ url: string; dataDir: string; stop(): Promise<void> }>;
}
interface SettingsModule {
  readonly quietSettings: object;
}
interface BrowserModule {
  readonly launchBrowser: () => Promise<Browser>;
}

/** An editor with the packed extension on a clean profile, and how to be rid of it. */
export interface Session {
  readonly workbench: Workbench;
  close(): Promise<void>;
}

let browser: Promise<Browser> | undefined;

export async function launch(options: WorkbenchOptions): Promise<Session> {
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const folder = options.files ? makeFolder(options.files, closers) : options.folder;
    const server = await startServer(options);
    closers.push(
      () => server.stop(),
      () => lookBelow(server.dataDir, currentJourney()),
    );
    const context = await newContext(options);
    closers.push(() => context.close());
    const query = folder === undefined ? 'ew=true' : `folder=${encodeURIComponent(folder)}`;
    return { workbench: await Workbench.open(context, `${server.url}?${query}`, server.dataDir), close };
  } catch (error) {
    await saveEvidence('start');
    await close();
    throw error;
  }
}

const ownedByTest: Session[] = [];

/** The same, until the test is over that runs. */
export async function launchForTest(options: WorkbenchOptions): Promise<Session> {
  const session = await launch(options);
  ownedByTest.push(session);
  return session;
}

export async function closeAfterTest(): Promise<void> {
  for (const session of ownedByTest.splice(0)) await session.close();
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

async function startServer(options: WorkbenchOptions): ReturnType<ServerModule['startServer']> {
  const { startServer: start } = await load<ServerModule>('server.mjs');
  const { quietSettings } = await load<SettingsModule>('settings.mjs');
  const theme = options.theme && { 'workbench.colorTheme': themes[options.theme] };
  return start({
    server: JSON.parse(required('KUCOIN_SERVER')),
    extensionsDir: required('KUCOIN_EXTENSIONS'),
    settings: { ...quietSettings, ...forTests, ...theme, ...options.settings },
    env: options.env,
    log: join(logs, `${currentJourney()}.server.log`),
  });
}

async function newContext(options: WorkbenchOptions): Promise<BrowserContext> {
  const { launchBrowser } = await load<BrowserModule>('browser.mjs');
  browser ??= launchBrowser();
  const running = await browser;
  const context = await running.newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  // The script of a language pack sets the same variable, beside the messages that it brings.
  if (options.language !== undefined)
    await context.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(options.language)}`);
  return context;
}

async function load<T>(file: string): Promise<T> {
  return (await import(join(root, 'scripts', 'workbench', file))) as T;
}

function makeFolder(files: Readonly<Record<string, string>>, closers: (() => unknown)[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'kucoin-folder-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: start the journeys with npm run test:ui`);
  return value;
}
