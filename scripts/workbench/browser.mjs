import { chromium } from 'playwright-core';
import { cleanEnvironment } from '../lib/environment.mjs';
import { findChromium } from '../lib/system.mjs';

const args = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** A headless Chromium of this machine, as quiet as it can be told to be. */
export async function launchBrowser() {
  const executablePath = findChromium();
  if (!executablePath)
    throw new Error('There is no Chromium on this machine; npm test says what to install.');
  // As root, which containers are, Chromium refuses to start with its own sandbox.
  const root = process.getuid?.() === 0;
  return chromium.launch({
    executablePath,
    args: root ? ['--no-sandbox', ...args] : args,
    env: cleanEnvironment(),
  });
}
