import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run, tail } from '../lib/children.mjs';
import { cleanEnvironment } from '../lib/environment.mjs';
import { endProcess } from '../lib/processes.mjs';

const host = '127.0.0.1';
const startLimitMs = 60_000;
// The market place of extensions: nothing here needs it, and a test should not call out.
const withoutGallery = { EXTENSIONS_GALLERY: '{}' };
const stops = new Set();

/** Stops every server of this process, those that are starting included. */
export async function stopServers() {
  await Promise.all([...stops].map((stop) => stop()));
}

/**
 * Starts the server on loopback with a profile of its own and waits until it answers.
 * `settings` become the user's settings, `prepare(folder)` may put more into the user's folder; `extensionsDir` may be shared by several servers.
 * Resolves with { url, authority, dataDir, exited, stop }.
 */
export async function startServer({
  server,
  port = 0,
  extensionsDir,
  settings,
  prepare,
  smokeTest = false,
  log,
  env,
}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'kucoin-vscode-'));
  const extensions = extensionsDir ?? join(dataDir, 'extensions');
  mkdirSync(extensions, { recursive: true });
  if (settings) writeSettings(dataDir, settings);
  prepare?.(userFolder(dataDir));
  const child = spawn(server.node, serverArguments({ server, port, dataDir, extensions, smokeTest }), {
    env: cleanEnvironment({ ...withoutGallery, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  const stop = async () => {
    stops.delete(stop);
    await endProcess(child);
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  stops.add(stop);
  try {
    const authority = `${host}:${await listening(child, log)}`;
    return { url: `http://${authority}/`, authority, dataDir, exited, stop, pid: child.pid };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serverArguments({ server, port, dataDir, extensions, smokeTest }) {
  return [
    ...[server.main, '--host', host, '--port', String(port)],
    ...['--server-data-dir', dataDir, '--extensions-dir', extensions],
    ...['--without-connection-token', '--accept-server-license-terms', '--disable-workspace-trust'],
    ...['--disable-telemetry', '--telemetry-level', 'off', '--disable-experiments'],
    ...(smokeTest ? ['--enable-smoke-test-driver'] : []),
  ];
}

const userFolder = (dataDir) => join(dataDir, 'data', 'User');

function writeSettings(dataDir, settings) {
  const file = join(userFolder(dataDir), 'settings.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(settings, undefined, 2));
}

/** The port the server says it listens on; its output goes to the log. */
function listening(child, log) {
  if (log) mkdirSync(dirname(log), { recursive: true });
  const file = log && createWriteStream(log, { flags: 'a' });
  let said = '';
  return new Promise((resolve, reject) => {
    const fail = (why) => {
      clearTimeout(timer);
      reject(new Error(`The VS Code server ${why}${log ? ` (see ${log})` : ''}.`));
    };
    const timer = setTimeout(() => fail(`did not answer within ${startLimitMs / 1000} s`), startLimitMs);
    const listen = (chunk) => {
      file?.write(chunk);
      if (said === undefined) return;
      said += chunk;
      // It says so, but neither ends nor listens.
      if (said.includes('EADDRINUSE')) return fail('cannot listen: the port is taken by another program');
      const port = /Extension host agent listening on (\d+)/.exec(said)?.[1];
      if (!port) return;
      said = undefined;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    child.once('close', (code) => {
      file?.end();
      fail(`ended at once (${code})`);
    });
  });
}

/** Installs a packed extension into an extensions folder that servers may share. */
export async function installExtension({ server, vsix, extensionsDir, log }) {
  const dataDir = mkdtempSync(join(tmpdir(), 'kucoin-vscode-'));
  const args = [server.main, '--accept-server-license-terms', '--server-data-dir', dataDir];
  const install = ['--extensions-dir', extensionsDir, '--install-extension', vsix, '--force'];
  try {
    const { ok } = await run(server.node, [...args, ...install], {
      env: cleanEnvironment(),
      log,
      timeoutMs: 120_000,
    });
    if (!ok) throw new Error(`The extension could not be installed:\n${tail(log)}`);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
