import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const windows = process.platform === 'win32';
const running = new Set();
let ending = false;

/**
 * Runs a program in a process group of its own, output into a log file, and leaves nothing of that group behind.
 * Resolves with { code, timedOut }; never rejects for what the program does.
 */
export async function run(command, args, { cwd, env, log, timeoutMs, echo = false } = {}) {
  if (log) mkdirSync(dirname(log), { recursive: true });
  const output = log && !echo ? openSync(log, 'w') : 'inherit';
  const child = spawn(command, args, { cwd, env, detached: !windows, stdio: ['ignore', output, output] });
  running.add(child);
  let timedOut = false;
  const timer = timeoutMs && setTimeout(() => ((timedOut = true), void endGroup(child)), timeoutMs);
  const { code, error } = await new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 127, error }));
    child.once('exit', (code, signal) => resolve({ code: code ?? signal }));
  });
  clearTimeout(timer);
  await endGroup(child);
  running.delete(child);
  if (typeof output === 'number') closeSync(output);
  return { code, timedOut, error, ok: code === 0 && !timedOut };
}

/** Ends a process and all that it started: politely first, then not. */
export async function endGroup(child, graceMs = 5000) {
  if (!child.pid) return;
  if (windows) {
    if (child.exitCode === null)
      spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  if (!signalGroup(child.pid, 'SIGTERM')) return;
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline) {
    if (!signalGroup(child.pid, 0)) return;
    await delay(50);
  }
  signalGroup(child.pid, 'SIGKILL');
}

function signalGroup(pid, signal) {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/**
 * On Ctrl-C or SIGTERM: do what `before` says, end what runs, then this process, with the code a shell expects.
 * Returns a function that tells whether that has begun.
 */
export function endChildrenOnSignals(before = () => {}) {
  const end = async (signal) => {
    if (ending) return;
    ending = true;
    await before(signal);
    await Promise.all([...running].map((child) => endGroup(child)));
    process.exit(signals[signal]);
  };
  for (const signal of Object.keys(signals)) process.on(signal, end);
  // npm, when it is told to end, ends the shell between us and not us: so an orphan ends itself.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end('SIGTERM'), 500).unref();
  // Whoever read our output may be gone by then.
  process.stdout.on('error', () => {});
  return isEnding;
}

export const isEnding = () => ending;

export function tail(file, lines = 40) {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
