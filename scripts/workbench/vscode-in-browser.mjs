#!/usr/bin/env node
// Takes the arguments of the desktop program for an extension test and does the same with VS Code's server and a
// browser, so that @vscode/test-electron can drive either. KUCOIN_SERVER holds { node, main } of the server.
import { parseArgs } from 'node:util';
import { launchBrowser } from './browser.mjs';
import { startServer, stopServers } from './server.mjs';
import { quietSettings } from './settings.mjs';

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: 'string' },
    extensionTestsPath: { type: 'string' },
    'extensions-dir': { type: 'string' },
  },
});

let browser;
let server;
let ending = false;

async function end(code) {
  if (ending) return;
  ending = true;
  await browser?.close().catch(() => {});
  await stopServers();
  process.exit(code);
}

process.on('SIGINT', () => end(130));
process.on('SIGTERM', () => end(143));

function pageAddress() {
  const remote = (path) => `vscode-remote://${server.authority}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(values.extensionDevelopmentPath)],
    ['extensionTestsPath', remote(values.extensionTestsPath)],
  ];
  const address = new URL(server.url);
  address.searchParams.set('payload', JSON.stringify(payload));
  const [opened] = positionals;
  if (opened) address.searchParams.set(opened.endsWith('.code-workspace') ? 'workspace' : 'folder', opened);
  else address.searchParams.set('ew', 'true');
  return address.href;
}

async function main() {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('KUCOIN_')));
  server = await startServer({
    server: JSON.parse(process.env.KUCOIN_SERVER),
    extensionsDir: values['extensions-dir'],
    settings: quietSettings,
    smokeTest: true,
    log: process.env.KUCOIN_SERVER_LOG,
    env,
  });
  server.exited.then(() => fail('The VS Code server ended.'));
  browser = await launchBrowser();
  browser.on('disconnected', () => fail('The browser ended.'));
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.exposeFunction('codeAutomationLog', (type, args) =>
    console.log(...(type === 'log' ? [] : [`[${type}]`]), ...args),
  );
  await page.exposeFunction('codeAutomationExit', (code) => end(code));
  page.on('crash', () => fail('The page of the workbench crashed.'));
  await page.goto(pageAddress());
}

function fail(why) {
  if (!ending) console.error(why);
  return end(1);
}

main().catch((error) => fail(error.stack));
